"""What became of a run: counts, every changed field, and everything that was not written, with its reason."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from reflint.errors import SourceError
from reflint.model.text import number_of
from reflint.zotero.plan import Plan
from reflint.zotero.propose import Relint
from reflint.zotero.runs import REPORT, Run
from reflint.zotero.snapshot import chunks
from reflint.zotero.state import OPEN, State, Status
from reflint.zotero.steps import Step
from reflint.zotero.values import pairs, same
from reflint.zotero.web import Web


class Change(NamedTuple):
    """One field of one item: its value as planned on and as planned, what became of it, and why."""

    key: str
    field: str
    before: Any
    after: Any
    status: Status
    rules: tuple[str, ...] = ()
    confidence: str = "high"
    why: str = ""
    evidence: tuple[str, ...] = ()


class Outcome(NamedTuple):
    """A run as it stands. `whole`: all that was planned is true. `stopped`: why it ended early, or `""`."""

    run: str
    applied: int
    unchanged: int
    conflicts: int
    failed: int
    left: int
    requests: int
    whole: bool
    stopped: str
    changes: tuple[Change, ...]
    undoes: str | None = None

    def as_json(self) -> dict[str, Any]:
        """The outcome as `apply -f json` prints it."""
        return {**self._asdict(), "changes": [change._asdict() for change in self.changes]}


def changes(plan: Plan, state: State | None = None) -> Iterator[Change]:
    """Every field of a plan, with what became of it."""
    for key, line in plan.lines.items():
        standing = state.items[key] if state else None
        for name, after in line.set.items():
            status: Status = standing.status if standing else "planned"
            if standing and name not in standing.fields:
                status = "conflict"
            why = standing.why if standing else ""
            seen = tuple(line.evidence.get(name, ()))
            yield Change(key, name, line.expect[name], after, status, tuple(line.rules), line.confidence, why, seen)


def of(run: Run, plan: Plan, state: State, requests: int, alarms: tuple[str, ...] = ()) -> Outcome:
    """What became of a run. `alarms`: what its verification found."""
    statuses = [standing.status for standing in state.items.values()]
    partly = sum(len(standing.fields) < len(plan.lines[key].set) for key, standing in state.items.items())
    return Outcome(
        run.id,
        statuses.count("applied"),
        statuses.count("unchanged") + statuses.count("already"),
        statuses.count("conflict") + statuses.count("gone") + partly,
        statuses.count("failed"),
        sum(status in OPEN for status in statuses),
        requests,
        state.whole and not alarms,
        "; ".join(filter(None, (state.stopped, *alarms))),
        tuple(changes(plan, state)),
        plan.header.undoes,
    )


def counted(plan: Plan) -> str:
    """What a merge plan does, in numbers."""
    roles = [line.role for line in plan.lines.values() if isinstance(line, Step)]
    groups, moved, trashed = (roles.count(role) for role in ("survivor", "child", "loser"))
    if plan.header.kind == "unmerge":
        return f"takes a merge back (out of the trash: {trashed:,}, notes and attachments moved back: {moved:,})"
    return f"a merge plan (kept: {groups:,}, to the trash: {trashed:,}, notes and attachments moved: {moved:,})"


def verify(plan: Plan, state: State, web: Web, relint: Relint | None) -> tuple[str, ...]:
    """Reads everything that was written once more: what is not as written, and what the rules would change again."""
    alarms = []
    for chunk in chunks(state.those("applied")):
        found = web.items(chunk)
        for key in chunk:
            line, item, standing = plan.lines[key], found.get(key), state.items[key]
            if item is None or item["version"] != standing.version:
                continue  # written to, or deleted, since: not ours to judge
            odd = [n for n in standing.fields if not same(n, line.set[n], item["data"].get(n, ""))]
            again = relint(tuple(line.rules), item) if relint else None
            unsettled = sorted(again.set.keys() & line.set.keys()) if again else []
            alarms += [f"{key}: {name} is not what was written" for name in odd]
            alarms += [f"{key}: {name} would be repaired again" for name in unsettled]
    return tuple(alarms)


def write_report(run: Run, outcome: Outcome) -> None:
    """Writes the report of a run, in Markdown, into its folder. Raises SourceError."""
    path = run.folder / REPORT
    try:
        path.write_text("".join(_report(outcome)), "utf-8")
    except OSError as error:
        raise SourceError(f"{path}: {error.strerror or error}") from None


def _report(outcome: Outcome) -> Iterator[str]:
    yield f"# Run {outcome.run}\n\n"
    if outcome.undoes:
        yield f"Takes back run {outcome.undoes}.\n\n"
    yield (
        f"{number_of(outcome.applied, 'item')} written, {outcome.unchanged} so already, {outcome.conflicts} left "
        f"because others changed or deleted them, {outcome.failed} refused by the server, {outcome.left} still to do; "
        f"{number_of(outcome.requests, 'request')}.\n\n"
    )
    if outcome.stopped:
        yield f"Stopped: {outcome.stopped}\n\n"
    yield "| item | field | before | after | became | rules |\n|---|---|---|---|---|---|\n"
    for change in outcome.changes:
        became = change.status + (f": {change.why}" if change.why else "")
        cells = (change.key, change.field, shown(change.before), shown(change.after), became, " ".join(change.rules))
        yield "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |\n"


def shown(value: Any) -> str:
    """A field's value in one line: tags and creators by their names, relations by their items."""
    if isinstance(value, str):
        return value
    if isinstance(value, int):
        return "in the trash" if value else ""
    if isinstance(value, dict):
        return "; ".join(f"{predicate} {uri.rpartition('/')[2]}" for predicate, uri in sorted(pairs(value)))
    return "; ".join(_part(one) for one in value)


def _part(one: Any) -> str:
    if isinstance(one, str):
        return one
    if not isinstance(one, dict):
        return json.dumps(one, ensure_ascii=False)
    if "tag" in one:
        return str(one["tag"])
    return ", ".join(str(one[name]) for name in ("lastName", "firstName", "name") if one.get(name))
