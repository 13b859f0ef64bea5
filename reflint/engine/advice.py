"""Advice: what only somebody outside the record can say; the engine that asks for it, where it may."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from operator import length_hint
from typing import Any, NamedTuple, Protocol, TypeVar

from reflint.engine.binding import Bound
from reflint.engine.checks.base import Hit
from reflint.engine.pack import Rule
from reflint.engine.run import Engine
from reflint.model.edit import Edit, Fix
from reflint.model.evidence import Evidence
from reflint.model.finding import Finding
from reflint.model.record import Record

AHEAD = 64
"""Records whose questions are on their way while an earlier one is dealt with."""

T = TypeVar("T")


class Gap(NamedTuple):
    """A finding that only a look-up can repair, and the CSL variables that its rule wants filled."""

    finding: Finding
    variables: tuple[str, ...]


class Filling(NamedTuple):
    """What an adviser can do about a gap. Without edits it is only the evidence that there is nothing to be had."""

    finding: Finding
    edits: tuple[Edit, ...] = ()
    safe: bool = False
    evidence: tuple[Evidence, ...] = ()
    title: str = ""


class Advice(NamedTuple):
    """Hits of rules by their event, and fillings of gaps."""

    hits: tuple[tuple[str, Hit], ...] = ()
    fillings: tuple[Filling, ...] = ()


class Advisor(Protocol):
    """Somebody who knows more of a work than its record says: registries, behind their look-up."""

    def advise(self, record: Record, events: frozenset[str], gaps: Sequence[Gap]) -> Advice:
        """What is known of a record: for the events that rules ask about, and to fill gaps."""

    def expect(self, record: Record, events: frozenset[str], gaps: Sequence[Gap]) -> None:
        """The same will be asked soon: a good time to begin finding out."""

    def progress(self, done: int, total: int) -> None:
        """So many records are dealt with, of so many (0: nobody knows)."""


class Advised(Engine):
    """An engine whose findings an adviser completes: rules with `check: {use: lookup}` get their hits, findings whose
    repair needs a look-up get their edits. Everything else is the engine as it is without."""

    def __init__(self, rules: Iterable[Rule], *, advisor: Advisor, **given: Any) -> None:
        super().__init__(rules, **given)
        self._advisor = advisor
        self._fills = {
            rule.id: tuple(rule.fix["variables"]) for rule in self.rules if rule.fix and "variables" in rule.fix
        }
        self._done = 0

    def all_findings(self, records: Sequence[Record]) -> list[list[Finding]]:
        """What is wrong with each of some records, offline and by the adviser's word, suppressed or not."""
        return [self._advised(*one) for one in zip(records, super().all_findings(records), strict=True)]

    def _advised(self, record: Record, found: list[Finding]) -> list[Finding]:
        events, gaps = self._questions(record, found)
        if not events and not gaps:
            return found
        try:
            advice = self._advisor.advise(record, frozenset(events), gaps)
        except Exception as error:
            return [*found, _failure(record, error)]
        for filling in advice.fillings:
            _fill(filling)
        hits = [(events[event], hit, hit.position) for event, hit in advice.hits if event in events]
        return self.in_order([*found, *self._findings(record, hits)]) if hits else found

    def _questions(self, record: Record, found: list[Finding]) -> tuple[dict[str, Bound], list[Gap]]:
        """The look-up rules for a record by their event, and the gaps among its findings."""
        bound = self._plan(record).bound
        events = {str(one.rule.check["event"]): one for one in bound if one.rule.check.get("use") == "lookup"}
        gaps = [Gap(f, self._fills[f.rule]) for f in found if f.rule in self._fills and f.fix and not f.fix.edits]
        return events, gaps

    def ahead(
        self, items: Iterable[T], record_of: Callable[[T], Record | None], size: Callable[[T], int] = lambda item: 0
    ) -> Iterator[list[T]]:
        """Each item alone; the adviser hears of their records some time before they come."""
        waiting: deque[T] = deque()
        total = length_hint(items, 0)
        for item in items:
            record = record_of(item)
            if record is not None:
                events, gaps = self._questions(record, *super().all_findings([record]))
                if events or gaps:
                    self._advisor.expect(record, frozenset(events), gaps)
            waiting.append(item)
            if len(waiting) > AHEAD:
                yield [self._passed(waiting.popleft(), total)]
        while waiting:
            yield [self._passed(waiting.popleft(), total)]

    def _passed(self, item: T, total: int) -> T:
        self._advisor.progress(self._done, total)
        self._done += 1
        return item


def _failure(record: Record, error: Exception) -> Finding:
    message = f"internal: the look-up failed on this record ({type(error).__name__}: {error}); please report it"
    return Finding("REF001", "rule-failed", "warning", message, record)


def _fill(filling: Filling) -> None:
    finding = filling.finding
    finding.evidence = filling.evidence
    if filling.edits:
        finding.fix = Fix(filling.title, "safe" if filling.safe else "unsafe", filling.edits)
