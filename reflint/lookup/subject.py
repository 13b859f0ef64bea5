"""The subject of a look-up: one record, and the work of a registry that it stands for, found out as far as needed."""

from __future__ import annotations

from functools import cached_property
from typing import NamedTuple

from reflint.lookup.answer import Answer, instant
from reflint.lookup.filling import value_of
from reflint.lookup.matching import Comparison, Match, choose, compare, is_automatic
from reflint.lookup.reference import query_of, reference_of
from reflint.lookup.registries import Registries
from reflint.lookup.work import Work
from reflint.model.evidence import Evidence
from reflint.model.record import Record

_AGENCY_OF_DATACITE = "datacite"
_SHOWN = ("title", "volume", "issue", "page")


class Identified(NamedTuple):
    """The work that a record stands for, how that is known, and whether it is certain enough to write by."""

    work: Work
    comparison: Comparison
    automatic: bool
    evidence: tuple[Evidence, ...]


class Subject:
    """One record and what registries know of it. Each question is asked when its answer is first needed."""

    def __init__(self, record: Record, registries: Registries) -> None:
        self.record = record
        self.reference = reference_of(record)
        self._registries = registries

    @cached_property
    def doi(self) -> str:
        """The record's DOI, or the one that PubMed has for its PMID or PMCID; `""` if there is none."""
        if self.reference.doi:
            return self.reference.doi
        number = self.reference.pmid or self.reference.pmcid
        answer = self._registries.pubmed.doi(number) if number else None
        return answer.value or "" if answer is not None else ""

    @cached_property
    def work(self) -> Answer[Work]:
        """The work that the DOI is registered for, from the agency that registered it; unknown without a DOI."""
        if not self.doi:
            return Answer("unknown", None, "", 0.0, "no DOI")
        found = self._registries.crossref.work(self.doi)
        if not found.absent or not self._registries.doi_org.handle(self.doi).found:
            return found
        agency = self._registries.doi_org.agency(self.doi)
        if not agency.found or str(agency.value).lower() != _AGENCY_OF_DATACITE:
            return found
        elsewhere = self._registries.datacite.work(self.doi)
        return elsewhere if elsewhere.found else found

    @cached_property
    def second_opinion(self) -> Answer[Work]:
        """What OpenAlex has under the DOI."""
        return self._registries.openalex.work(self.doi)

    @cached_property
    def search(self) -> Answer[list[Work]]:
        """The works that a query by what the record says brings."""
        query = query_of(self.reference)
        if len(query) < 8:
            return Answer("unknown", None, "", 0.0, "the record says too little to ask by")
        return self._registries.crossref.search(query)

    @cached_property
    def match(self) -> Match:
        """The choice among them."""
        return choose(self.reference, self.search.value or ())

    @cached_property
    def identified(self) -> Identified | None:
        """The work the record stands for: that of its DOI, or else the best match of a search."""
        if self.doi:
            if self.work.value is None:
                return None
            compared = compare(self.reference, self.work.value)
            sure = is_automatic(compared)
            return Identified(self.work.value, compared, sure, (evidence_of(self.work, compared),))
        if self.match.best is None:
            return None
        best = self.match.best
        others = [one for one in self.match.candidates if one is not best]
        shown = tuple(evidence_of(self.search, one) for one in (best, *others[:2]))
        return Identified(best.work, best, self.match.kind == "automatic", shown)

    @property
    def nothing(self) -> tuple[Evidence, ...]:
        """The evidence that no work was found, or that nobody could say."""
        answer: Answer[Work] | Answer[list[Work]] = self.work if self.doi else self.search
        if not answer.source:
            return ()
        note = "" if self.doi or not answer.found else f"none of {len(answer.value or ())} works is this one"
        return (evidence_of(answer)._replace(state="absent" if note else answer.state, note=note or answer.why),)


def evidence_of(answer: Answer[Work] | Answer[list[Work]], compared: Comparison | None = None) -> Evidence:
    """What an answer says, as evidence; with a comparison, of the work that was compared."""
    if compared is None:
        return Evidence(answer.source, answer.state, instant(answer.asked), note=answer.why)
    work = compared.work
    values = [(name, value_of(work, name)) for name in _SHOWN]
    return Evidence(
        answer.source,
        "found",
        instant(answer.asked),
        work.doi,
        compared.score,
        tuple(compared.fields("equal")),
        tuple(compared.fields("unequal")),
        tuple((name, value) for name, value in values if value),
        f"another work ({compared.trap})" if compared.trap else "",
    )
