"""Runs of merge plans: in each group the kept item first, then what moves to it, and the trash only after all that."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from typing import Any

from reflint.zotero.apply import Runner
from reflint.zotero.merging import missing
from reflint.zotero.moving import Moving
from reflint.zotero.snapshot import chunks
from reflint.zotero.state import OPEN, TRUE
from reflint.zotero.steps import Step
from reflint.zotero.web import Item

Items = dict[str, Item]


class MergeRunner(Runner):
    """A run of a merge plan, or of one that takes it back. No step is sent before those of its group with a lower rank
    are settled, and none while what it rests on is not as planned: the group is left alone then, and others go on."""

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self._seen: dict[str, int] = {}
        """The library's version when the items were read that a step was judged by."""
        self._reached: dict[int, int] = {}
        """Such a version -> the library's version now, where only this run wrote since."""
        self._at: int | None = None

    @cached_property
    def _steps(self) -> dict[str, Step]:
        return {key: line for key, line in self.plan.lines.items() if isinstance(line, Step)}

    @cached_property
    def _groups(self) -> dict[str, list[Step]]:
        found: dict[str, list[Step]] = defaultdict(list)
        for step in self._steps.values():
            found[step.group].append(step)
        return found

    def _before(self, step: Step) -> list[str]:
        """The steps of a group that come before one of it."""
        return [one.key for one in self._groups[step.group] if one.rank < step.rank]

    def _is_due(self, key: str) -> bool:
        return all(self.state.items[one].status not in OPEN for one in self._before(self._steps[key]))

    def _holds(self, key: str) -> bool:
        """Whether all that a step says is true."""
        standing = self.state.items[key]
        return standing.status in TRUE and len(standing.fields) == len(self._steps[key].set)

    def _send(self, items: list[Item]) -> None:
        """Sends what comes first in groups as a batch; the last steps one by one, as long as nobody else writes.

        What is not sent stays planned, and is judged anew.
        """
        first = [item for item in items if not self._steps[item["key"]].is_last]
        if first:
            self._reached.clear()
            super()._send(first)
            return
        for item in items:
            self._at = before = self._reached.get(self._seen[item["key"]])
            if before is not None:
                super()._send([item])
                alone = self.state.lmv == before + 1  # by this write: what was seen of other items is true still
                still = [seen for seen, now in self._reached.items() if alone and now == before]
                self._reached = dict.fromkeys(still, before + 1)
        self._at = None

    def _moving(self, items: list[Item]) -> Moving | None:
        kind = self.plan.header.kind
        return Moving(kind, {item["key"]: item["data"] for item in items}, self._at) if kind else None

    def _hindered(self, keys: list[str]) -> dict[str, str]:
        others: Items = {}
        seen: int | None = None
        for chunk in chunks(sorted({other for key in keys for other in _others(self._steps[key])})):
            others |= self.web.items(chunk)
            seen = self.web.library_version if seen is None else seen
        if seen is not None:
            self._seen.update(dict.fromkeys(keys, seen))
            self._reached[seen] = seen
        judge = self._against_merging if self.plan.header.kind == "merge" else _against_undoing
        return {key: why for key in keys if (why := judge(self._steps[key], others))}

    def _against_merging(self, step: Step, others: Items) -> str:
        """Why a step of a merge is not taken; `""` when it may be."""
        undone = [key for key in self._before(step) if not self._holds(key)]
        if undone:
            return f"left alone, because {', '.join(undone)} could not be made ready for it"
        for key in _others(step):
            other, planned = others.get(key), self._steps.get(key)
            if other is None:
                return f"left alone: {key} of its group is gone"
            if planned is not None and key != step.key and other["version"] != self.state.items[key].version:
                return f"left alone: {key} of its group was changed by somebody meanwhile"
        return self._against_trash(step, others) if step.role == "loser" else ""

    def _against_trash(self, step: Step, others: Items) -> str:
        """Why an item may not go to the trash; `""` when the kept one has all of it."""
        kept, left = others[step.group], others[step.key]
        if kept["data"].get("deleted"):
            return f"left alone: {step.group}, which was to be kept, is in the trash"
        lacking = missing(kept["data"], left["data"], step.differs, self.plan.header.library)
        if lacking:
            return f"left alone: {step.group} has not its {lacking}"
        if left["meta"].get("numChildren", 1):
            return "left alone: a note or attachment is still with it"
        return ""


def _others(step: Step) -> list[str]:
    """The items that a step is judged by."""
    if step.role == "child":
        parents = (str(step.set["parentItem"]), str(step.expect["parentItem"]))
        return list(parents if step.type == "merge" else parents[:1])
    if step.role == "survivor":
        return step.losers
    return [step.group, step.key] if step.type == "merge" else []


def _against_undoing(step: Step, others: Items) -> str:
    """Why a step is not taken back; `""` when it may be: what it goes back to is there again."""
    for key in _others(step):
        if key not in others:
            return f"stays as it is: {key} is gone"
        if others[key]["data"].get("deleted"):
            return f"stays as it is: {key} is still in the trash"
    return ""
