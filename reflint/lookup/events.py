"""What registries can find wrong with a record, one function for each event that a rule may name."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from rapidfuzz.fuzz import token_set_ratio

from reflint.engine.checks.base import Hit, field_for, names_of
from reflint.engine.fixes.generic import insert_field, set_value
from reflint.lookup.answer import Answer, instant
from reflint.lookup.creators import authors_differ, names_swapped
from reflint.lookup.filling import fill, value_of
from reflint.lookup.matching import SUGGESTED, compare, is_automatic, same_first_author
from reflint.lookup.nowhere import known_nowhere
from reflint.lookup.reference import Reference
from reflint.lookup.registries import Registries
from reflint.lookup.subject import Subject, evidence_of
from reflint.lookup.titles import folded, is_other_work
from reflint.lookup.work import Journal, Update, Work
from reflint.model.abbreviations import abbreviates
from reflint.model.edit import Edit
from reflint.model.evidence import Evidence
from reflint.model.identifiers import doi_key
from reflint.model.record import Record

Event = Callable[[Subject, Registries], Iterable[Hit]]

_RETRACTED = frozenset(["retraction", "withdrawal", "removal", "partial_retraction"])
_CORRECTED = frozenset("correction corrigendum erratum addendum clarification expression_of_concern".split())
_TAG = "retracted"
_ARTICLES = frozenset(["article-journal", "article-magazine", "article-newspaper"])
_EXAMPLES = "10.5555/"
_LONGEST_ARTICLE = 200
"""Pages: what is longer is an issue."""
_LONGEST_DOI = 300
_TAIL = re.compile(
    r"(?:/(?:full|abstract|pdf|epdf|meta|summary|html|full-?text|references)|\.(?:pdf|full|abstract|short)|(?<=\d)v\d+"
    r")*(?:[?#]\w\S*)?$"
)
"""What stands behind the DOI in addresses of landing pages."""


def _position(record: Record, variable: str) -> int | None:
    """Where a record gives a CSL variable."""
    names = names_of(record.format.name, record.type, variable)
    return next((n for n in record.positions(*names) if record.values[n].strip()), None)


def _plain(answer: Answer[Any], note: str = "", doi: str = "") -> Evidence:
    return Evidence(answer.source, answer.state, instant(answer.asked), doi, note=note)


def unregistered(subject: Subject, registries: Registries) -> Iterator[Hit]:
    """The record's DOI is registered nowhere: Crossref does not know it, and neither does doi.org itself."""
    if not subject.reference.doi or not registries.crossref.work(subject.doi).absent:
        return
    handle = registries.doi_org.handle(subject.doi)
    agency = registries.doi_org.agency(subject.doi)
    if not handle.absent or agency.found:
        return
    example = subject.doi.startswith(_EXAMPLES)
    note = " (10.5555 is for examples, and for works that have no DOI)" if example else ""
    evidence = (_plain(registries.crossref.work(subject.doi)), _plain(handle))
    yield Hit(_position(subject.record, "DOI"), note=note, evidence=evidence, severity="warning" if example else None)


def other_work(subject: Subject, registries: Registries) -> Iterator[Hit]:
    """The record's DOI is that of another work, by the word of two registries."""
    if not subject.reference.doi or subject.work.value is None or not _is_other(subject.reference, subject.work.value):
        return
    second = subject.second_opinion
    if second.value is None or not _is_other(subject.reference, second.value):
        return
    compared = [
        (answer, compare(subject.reference, work)) for answer in (subject.work, second) if (work := answer.value)
    ]
    evidence = [evidence_of(answer, one) for answer, one in compared]
    position = _position(subject.record, "DOI")
    edits: tuple[Edit, ...] = ()
    best = subject.match.best if subject.match.kind == "automatic" else None
    if best is not None and position is not None and doi_key(best.work.doi) != subject.doi:
        evidence.append(evidence_of(subject.search, best))
        edits = (set_value(subject.record, position, best.work.doi),)
    yield Hit(position, note=f"{subject.work.value.title}", evidence=tuple(evidence), edits=edits, safety="unsafe")


def _is_other(reference: Reference, work: Work) -> bool:
    """Whether hardly a word of the titles is the same, and the first author or the year differ too."""
    if not is_other_work(reference.title, work.titles, work.subtitle):
        return False
    other_author = bool(reference.authors and work.authors) and not same_first_author(reference, work)
    other_year = bool(reference.year and work.years) and all(abs(reference.year - year) > 1 for year in work.years)
    return other_author or other_year


def published(subject: Subject, registries: Registries) -> Iterator[Hit]:
    """The record is of a preprint, and the article it became is known."""
    work = subject.work.value if subject.doi else None
    if work is not None and work.published:
        new = work.published[0]
        yield Hit(
            _position(subject.record, "DOI"),
            note=new,
            evidence=(_plain(subject.work, f"published as {new}", work.doi),),
        )


def _notices(subject: Subject, registries: Registries) -> Iterator[tuple[Update, Evidence]]:
    """What was said of the work after it appeared, by Crossref and by the Retraction Watch file."""
    found = subject.identified if subject.doi else None
    work = found.work if found else None
    if work is not None and not _is_notice(subject, work):
        for update in work.updated_by:
            by = f" by {update.source}" if update.source else ""
            note = f"{_kind(update)}{by} {update.date}".strip()
            yield update, Evidence(work.registry, "found", instant(subject.work.asked), update.doi, note=note)
    listed = registries.retractions.of(subject.doi, subject.reference.pmid)
    if listed is not None:
        for update in listed.updates:
            note = f"{_kind(update)} {update.date}".strip()
            yield update, Evidence(update.source, "found", instant(listed.asked), update.doi, note=note)


def _is_notice(subject: Subject, work: Work) -> bool:
    return any(doi_key(update.doi) != subject.doi for update in work.updates)


def _kind(update: Update) -> str:
    return update.kind.replace("_", " ")


def retracted(subject: Subject, registries: Registries) -> Iterator[Hit]:
    """The work was retracted, withdrawn or removed, and not reinstated since."""
    notices = list(_notices(subject, registries))
    against = [(update, evidence) for update, evidence in notices if update.kind in _RETRACTED]
    reinstated = max((update.date for update, _ in notices if update.kind == "reinstatement"), default="")
    if not against or (reinstated and reinstated >= max(update.date for update, _ in against)):
        return
    found = subject.identified
    sure = found is not None and found.automatic
    evidence = tuple(one for _, one in against)
    notice = next((update.doi for update, _ in against if update.doi), "")
    note = f"{_kind(against[0][0])}" + (f", see {notice}" if notice else "")
    edits = _tag(subject.record)
    yield Hit(
        _position(subject.record, "DOI"), note=note, evidence=evidence, edits=edits, safety="safe" if sure else "unsafe"
    )


def _tag(record: Record) -> tuple[Edit, ...]:
    """The edit that tags a record as retracted; none where it is, or where its type has no tags."""
    field = field_for(record, "keyword")
    held = record.all(*names_of(record.format.name, record.type, "keyword"))
    if field is None or any(_TAG in value.casefold() for value in held):
        return ()
    there = record.positions(field)
    if record.format.name == "csl" and there:
        return (set_value(record, there[0], ", ".join(filter(None, [record.values[there[0]], _TAG]))),)
    return (insert_field(field, _TAG, there[-1] if there else len(record.names) - 1),)


def corrected(subject: Subject, registries: Registries) -> Iterator[Hit]:
    """A correction or an expression of concern was published about the work."""
    seen = set()
    for update, evidence in _notices(subject, registries):
        if update.kind in _CORRECTED and (update.kind, doi_key(update.doi)) not in seen:
            seen.add((update.kind, doi_key(update.doi)))
            about = f": {update.doi}" if update.doi else ""
            yield Hit(_position(subject.record, "DOI"), note=f"{_kind(update)}{about}", evidence=(evidence,))


def issn_of_another(subject: Subject, registries: Registries) -> Iterator[Hit]:
    """An ISSN of the record is that of another journal (by two registries), or neither of them knows it."""
    reference = subject.reference
    work = subject.work.value if reference.doi else None
    if reference.type not in _ARTICLES or not reference.containers:
        return
    for issn in sorted(reference.issns - (work.issns if work else frozenset())):
        first = registries.crossref.journal(issn)
        if first.state == "unknown" or (first.value and _names_journal(reference, first.value)):
            continue
        second = registries.openalex.journal(issn)
        if second.state != first.state or (second.value and _names_journal(reference, second.value)):
            continue
        position = _position(subject.record, "ISSN")
        if first.value is None:
            yield Hit(
                position,
                note=f"{issn} is known to neither Crossref nor OpenAlex",
                evidence=(_plain(first), _plain(second)),
                severity="info",
                confidence="low",
            )
        else:
            titles = (first.value.title, second.value.title if second.value else "")
            evidence = tuple(_plain(one, f"{issn} is {t}") for one, t in zip((first, second), titles, strict=True))
            yield Hit(position, note=f"{issn} is the ISSN of {first.value.title}", evidence=evidence)


def _names_journal(reference: Reference, journal: Journal) -> bool:
    """Whether the record's journal may be this one; titles change, so little likeness is enough."""
    return any(
        token_set_ratio(folded(mine), folded(title)) >= 50 or abbreviates(mine, title) or abbreviates(title, mine)
        for mine in reference.containers
        for title in (journal.title, *journal.others)
    )


def drift(subject: Subject, registries: Registries) -> Iterator[Hit]:
    """Volume, issue, pages or year are missing though the registry has them, or differ from what it has."""
    found = subject.identified if subject.doi else None
    if found is None or found.comparison.score < SUGGESTED or found.comparison.relation != "same":
        return
    if subject.reference.type not in _ARTICLES | {"paper-conference", "chapter"}:
        return
    record, work = subject.record, found.work
    missing = [name for name in ("volume", "issue", "page") if _position(record, name) is None]
    filled = fill(record, missing, work)
    safety = "safe" if found.automatic else "unsafe"
    if filled.edits:
        told = ", ".join(f"{name} {value}" for name, value in filled.values)
        evidence = (found.evidence[0]._replace(values=filled.values),)
        yield Hit(None, note=f"not given: {told}", edits=filled.edits, safety=safety, evidence=evidence)
    for name in found.comparison.fields("unequal"):
        position = _position(record, "issued" if name == "year" else name)
        value = str(min(work.years)) if name == "year" else value_of(work, name)
        if name not in ("volume", "issue", "page", "year") or position is None or not value:
            continue
        changed = fill(record, ["issued" if name == "year" else name], work, position)
        evidence = (found.evidence[0]._replace(values=((name, value),)),)
        note = f"{record.values[position]} against {value}"
        yield Hit(position, note=note, edits=changed.edits, safety="unsafe", evidence=evidence)


def single_page(subject: Subject, registries: Registries) -> Iterator[Hit]:
    """The record gives one page, and the registry a range that begins there."""
    found = subject.identified if subject.reference.doi else None
    position = _position(subject.record, "page")
    if found is None or position is None or "page" not in found.comparison.fields("equal"):
        return
    work, page = found.work, subject.reference.page
    first, _, last = value_of(work, "page").partition("-")
    if page != first or not (first.isdecimal() and last.isdecimal() and work.volume):
        return
    if not 1 < int(first) < int(last) < int(first) + _LONGEST_ARTICLE:
        return  # pages from 1 are often those of a PDF
    filled = fill(subject.record, ["page"], work, position)
    says_end = any(
        edit.op == "set" and edit.position != position for edit in filled.edits
    )  # EP is there, and equals SP
    safety = "safe" if found.automatic and filled.keeps and not says_end else "unsafe"
    evidence = (found.evidence[0]._replace(values=filled.values),)
    yield Hit(position, note=f"{first}-{last}", edits=filled.edits, safety=safety, evidence=evidence)


def landing_tail(subject: Subject, registries: Registries) -> Iterator[Hit]:
    """The DOI has the end of a web address behind it: it is registered nowhere, and without that end it is."""
    position = _position(subject.record, "DOI")
    if position is None or len(subject.reference.doi) > _LONGEST_DOI:
        return
    bare = _TAIL.sub("", subject.reference.doi)
    if not bare or bare == subject.reference.doi:
        return
    whole, handle = registries.crossref.work(subject.doi), registries.doi_org.handle(subject.doi)
    if not whole.absent or not handle.absent:
        return
    found = registries.crossref.work(bare)
    if found.value is None:
        return
    compared = compare(subject.reference, found.value)
    if compared.score < SUGGESTED or compared.relation == "other":
        return
    safety = "safe" if is_automatic(compared) else "unsafe"
    written = subject.record.values[position].strip()
    tail = len(subject.reference.doi) - len(bare)
    edit = set_value(subject.record, position, written[:-tail] if doi_key(written[:-tail]) == bare else bare)
    evidence = (_plain(whole), _plain(handle), evidence_of(found, compared))
    yield Hit(position, note=bare, edits=(edit,), safety=safety, evidence=evidence)


def abstract_missing(subject: Subject, registries: Registries) -> Iterator[Hit]:
    """The record has no abstract; the registry may."""
    if _position(subject.record, "abstract") is not None:
        return
    found = subject.identified if subject.doi else None
    filled = fill(subject.record, ["abstract"], found.work) if found else None
    if found is None or filled is None or not filled.edits:
        return
    safety = "safe" if found.automatic else "unsafe"
    evidence = (found.evidence[0]._replace(values=filled.values),)
    yield Hit(None, edits=filled.edits, safety=safety, evidence=evidence)


EVENTS: dict[str, Event] = {
    "unregistered": unregistered,
    "other-work": other_work,
    "published": published,
    "retracted": retracted,
    "corrected": corrected,
    "issn-of-another": issn_of_another,
    "drift": drift,
    "abstract-missing": abstract_missing,
    "single-page": single_page,
    "landing-tail": landing_tail,
    "names-swapped": names_swapped,
    "authors-differ": authors_differ,
    "known-nowhere": known_nowhere,
}
