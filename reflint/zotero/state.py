"""What a journal says of each planned item: a fold over its events, the same in a run and at its resumption."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, NamedTuple

from reflint.zotero.journal import Event
from reflint.zotero.plan import Plan

Status = Literal["planned", "in doubt", "applied", "unchanged", "already", "conflict", "failed", "gone"]
"""planned: to be sent. in doubt: sent, no answer. applied: written by us. unchanged: the server saw no difference.
already: somebody else had made the change. conflict: changed by somebody meanwhile, left alone. failed: refused by the
server. gone: deleted."""
OPEN: frozenset[Status] = frozenset(["planned", "in doubt"])
TRUE: frozenset[Status] = frozenset(["applied", "unchanged", "already"])
"""What the plan says holds."""


class Standing(NamedTuple):
    """An item of a plan: where it stands, the version to send (open) or that resulted, and why.

    `fields`: those of the plan's that are still to be sent (all, but for an undo where some were changed again).
    """

    status: Status
    version: int
    fields: tuple[str, ...]
    rebased: int = 0
    why: str = ""


class State:
    """A run as its journal tells it."""

    def __init__(self, plan: Plan, events: Iterable[Event] = ()) -> None:
        self.items = {key: Standing("planned", line.version, tuple(line.set)) for key, line in plan.lines.items()}
        self._planned_fields = {key: len(line.set) for key, line in plan.lines.items()}
        self.batches = 0
        self.canary_done = False
        self.stopped = ""
        self.ended = False
        self.lmv = plan.header.lmv
        for event in events:
            self.take(event)

    def take(self, event: Event) -> None:
        """Takes in one event."""
        kind = event["event"]
        if kind == "intent":
            self.batches = max(self.batches, event["batch"])
            for key, _, _ in event["items"]:
                self.items[key] = self.items[key]._replace(status="in doubt")
        elif kind == "result":
            self.lmv = max(self.lmv, event["lmv"])
            for key, outcome in event["items"].items():
                self._settle(key, outcome)
        elif kind == "refused":
            for key in event["items"]:
                self.items[key] = self.items[key]._replace(status="planned")
        elif kind == "settled":
            self._settle(event["key"], event)
        elif kind == "canary":
            self.canary_done = True
        elif kind == "stop":
            self.stopped = event["why"]
        elif kind in ("start", "resume"):
            self.stopped = ""
        self.ended = kind == "end"

    def _settle(self, key: str, outcome: Event) -> None:
        old = self.items[key]
        rebased = old.rebased + (outcome["outcome"] == "rebased")
        status: Status = "planned" if outcome["outcome"] in ("rebased", "again") else outcome["outcome"]
        self.items[key] = Standing(
            status,
            outcome.get("version", old.version),
            tuple(outcome.get("fields", old.fields)),
            rebased,
            outcome.get("why", old.why),
        )

    def those(self, status: Status) -> list[str]:
        """The keys of the items that stand so, in the plan's order."""
        return [key for key, standing in self.items.items() if standing.status == status]

    @property
    def whole(self) -> bool:
        """Whether all that was planned is true now."""
        return all(
            standing.status in TRUE and len(standing.fields) == self._planned_fields[key]
            for key, standing in self.items.items()
        )
