"""Works that no registry knows: only where every one of them was asked by title, and answered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rapidfuzz.fuzz import ratio, token_set_ratio

from reflint.engine.checks.base import Hit
from reflint.lookup.answer import Answer, instant
from reflint.lookup.reference import Reference
from reflint.lookup.registries import Registries
from reflint.lookup.subject import Subject
from reflint.lookup.titles import folded, is_generic, is_short
from reflint.lookup.work import Work
from reflint.model.evidence import Evidence

_TYPES = frozenset(["article-journal", "paper-conference"])
_SINCE = 2000
"""The year from which journals and proceedings have DOIs as a rule."""
_LIKE = 75
"""Percent of likeness from which a title may be this one, misspelt or shortened."""


def known_nowhere(subject: Subject, registries: Registries) -> Iterator[Hit]:
    """Neither Crossref nor DataCite nor OpenAlex has a work of a title like the record's."""
    if not _could_be_found(subject.reference):
        return
    evidence = {}
    for answer in _answers(subject, registries):
        if answer.state == "unknown" or _any_like(subject.reference.title, answer.value or ()):
            return
        evidence[answer.source] = _nothing_like(answer)
    yield Hit(None, evidence=tuple(evidence.values()))


def _answers(subject: Subject, registries: Registries) -> Iterator[Answer[list[Work]]]:
    """What each registry has, asked one after another as long as nobody has the work; OpenAlex, which grants only so
    many searches a day, comes last."""
    title = subject.reference.title
    yield subject.search
    yield registries.crossref.search(title)
    yield registries.datacite.titled(title)
    yield registries.openalex.titled(title)


def _could_be_found(reference: Reference) -> bool:
    """Whether a record says enough of a work that a registry should know."""
    return (
        reference.type in _TYPES
        and reference.year >= _SINCE
        and not (reference.doi or reference.pmid or reference.pmcid)
        and bool(reference.authors and reference.containers and (reference.volume or reference.page))
        and reference.title.isascii()
        and not (is_generic(reference.title) or is_short(reference.title))
    )


def _any_like(title: str, works: Iterable[Work]) -> bool:
    """Whether a work may have this title: be it the beginning, a part, or in other words' order."""
    mine = folded(title)
    forms = (folded(form) for work in works for form in (*work.titles, work.title))
    return any(ratio(mine, one) >= _LIKE or token_set_ratio(mine, one) >= _LIKE + 10 for one in forms)


def _nothing_like(answer: Answer[list[Work]]) -> Evidence:
    return Evidence(answer.source, "absent", instant(answer.asked), note="no work of a title like this one")
