"""The adviser: what registries say of a record, as hits for the rules that ask and as repairs of what is missing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from reflint.engine.advice import Advice, Filling, Gap
from reflint.engine.fixes.generic import set_value
from reflint.lookup.answer import instant
from reflint.lookup.client import Client
from reflint.lookup.events import EVENTS
from reflint.lookup.filling import fill
from reflint.lookup.registries import Registries
from reflint.lookup.subject import Subject
from reflint.lookup.workers import Workers
from reflint.model.evidence import Evidence
from reflint.model.identifiers import is_short_doi, strip_doi_prefix
from reflint.model.record import Record

Progress = Callable[[int, int], None]
"""Told how many records are dealt with, of how many (0: nobody knows)."""


class Adviser:
    """Registries as the engine's adviser. Questions of records to come are asked by workers meanwhile."""

    def __init__(self, registries: Registries, progress: Progress | None = None) -> None:
        self._registries = registries
        self._workers = Workers()
        self._progress = progress

    def advise(self, record: Record, events: frozenset[str], gaps: Sequence[Gap]) -> Advice:
        """What is known of a record: for the events that rules ask about, and to fill gaps."""
        subject = Subject(record, self._registries)
        fillings = tuple(filling for gap in gaps if (filling := self._filling(subject, gap)) is not None)
        hits = tuple((event, hit) for event in sorted(events) for hit in EVENTS[event](subject, self._registries))
        return Advice(hits, fillings)

    def expect(self, record: Record, events: frozenset[str], gaps: Sequence[Gap]) -> None:
        """Begins to ask what `advise` will need."""
        self._workers.begin(lambda: self.advise(record, events, gaps))

    def progress(self, done: int, total: int) -> None:
        """Passes on how far the run is."""
        if self._progress is not None:
            self._progress(done, total)

    @property
    def clients(self) -> tuple[Client, ...]:
        """The client of each registry, which counts requests and open questions."""
        return self._registries.clients

    def close(self) -> None:
        """Ends all work that is on its way."""
        self._workers.stop()
        self._registries.close()

    def _filling(self, subject: Subject, gap: Gap) -> Filling | None:
        """What can be done about a gap; None where nobody was asked."""
        finding, record = gap.finding, subject.record
        if "DOI" in gap.variables and finding.position is not None:
            return self._better_doi(subject, gap)
        found = subject.identified
        if found is None:
            nothing = subject.nothing
            return Filling(finding, evidence=nothing) if nothing else None
        filled = fill(record, gap.variables, found.work, finding.position)
        sure = found.automatic and filled.keeps
        evidence = (found.evidence[0]._replace(values=filled.values or found.evidence[0].values), *found.evidence[1:])
        source = found.evidence[0].source
        title = f"Take {_listed(name for name, _ in filled.values)} from {source} ({found.work.doi})"
        return Filling(finding, filled.edits, sure, evidence, title)

    def _better_doi(self, subject: Subject, gap: Gap) -> Filling | None:
        """A DOI that stands for another one: a shortDOI for its long form, a preprint's for that of the article."""
        finding, record = gap.finding, subject.record
        assert finding.position is not None
        value = record.values[finding.position]
        if is_short_doi(value):
            return self._long_doi(value, gap)
        work = subject.work.value
        if work is None or not work.published:
            return None
        new = work.published[0]
        evidence = Evidence(work.registry, "found", instant(subject.work.asked), work.doi, note=f"published as {new}")
        edit = set_value(record, finding.position, new)
        return Filling(finding, (edit,), False, (evidence,), f"Take the DOI of the published version ({new})")

    def _long_doi(self, value: str, gap: Gap) -> Filling:
        finding = gap.finding
        short = strip_doi_prefix(value.strip()).rstrip("/").rpartition("/")[2]
        answer = self._registries.doi_org.handle(f"10/{short}")
        evidence = Evidence(answer.source, answer.state, instant(answer.asked), note=answer.why)
        if answer.value is None or not answer.value.alias or finding.record is None or finding.position is None:
            return Filling(finding, evidence=(evidence,))
        new = answer.value.alias
        evidence = evidence._replace(doi=new, note=f"10/{short} stands for it")
        edit = set_value(finding.record, finding.position, new)
        return Filling(finding, (edit,), True, (evidence,), f"Write the whole DOI ({new})")


def _listed(words: Iterable[str]) -> str:
    *first, last = list(words) or [""]
    return f"{', '.join(first)} and {last}" if first else last
