"""Checks of typed citations: against the reference list, and against the fields around them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from reflint.model.finding import Passage
from reflint.word.checks.base import LIKELY, UNSURE, Hit, Options, Reading, by_key, check
from reflint.word.manuscript import Citation, Reference
from reflint.word.typed.matching import ANOTHER_YEAR, MISSING
from reflint.word.typed.mentions import Mention
from reflint.word.typed.words import name_key

_CAPTION = re.compile(
    r"\s*(?:\(?(?:source|sources|quelle|quellen|fuente|sumber)\b\s*:?|(?:fig(?:ure)?|table|abbildung|abb|tabelle|tab|box|"
    r"gambar|tabel)\.?\s*[\dIVX]+)",
    re.I,
)
_NOT_PUBLISHED = re.compile(
    r"pers(?:\.|onal)\s?(?:comm|obs)|unpubl|in prep|under review|submitted|manuscript|data\s?set|r package|software|"
    r"version \d|court|v\.\s",
    re.I,
)
_LIST_STYLES = ("caption", "table of figures", "toc")
COAUTHOR = "another co-author in the list"
_AROUND = 40
_LONGEST_NAME = 3
_SHORTEST_ENTRY = 20
"""Characters below which a paragraph of the list is a remnant, and no entry."""
_MISREAD = 0.5
"""The share of citations without entry from which the list is not understood, rather than incomplete."""


def _mentioned(reading: Reading, wanted: Callable[[Reference], bool]) -> Iterator[tuple[int, Mention, Reference]]:
    """The references of typed citations, in a text that is typed."""
    if reading.managed:
        return
    for n, citation in reading.typed:
        for mention, reference in zip(citation.mentions, reading.manuscript.references[n], strict=True):
            if wanted(reference):
                yield n, mention, reference


def _surroundings(reading: Reading, n: int) -> str:
    """A citation with the words around it."""
    citation = reading.manuscript.citations[n]
    paragraph = reading.paragraph(citation)
    if paragraph is None:
        return citation.text
    start, end = citation.span
    return paragraph.text[max(0, start - _AROUND) : end + _AROUND]


@check("cited-not-listed")
def cited_not_listed(reading: Reading, options: Options) -> Iterator[Hit]:
    """Author-year citations that the list has no entry for."""
    found = list(_mentioned(reading, lambda one: one.reason == MISSING or _is_of_another_work(reading, one)))
    dated = sum(bool(mention.year) for _, one in reading.typed for mention in one.mentions)
    misread = len(found) > _MISREAD * max(dated, 1)
    rows = []
    for n, mention, reference in found:
        paragraph = reading.paragraph(reading.manuscript.citations[n])
        led_in = mention.et_al and len(mention.authors) > 1  # the first of them may be the end of another sentence
        doubtful = (paragraph is not None and paragraph.in_table) or misread or led_in
        if not _NOT_PUBLISHED.search(_surroundings(reading, n)):
            sure = LIKELY if reference.entries else reference.confidence
            rows.append((mention.label, n, UNSURE if doubtful else sure))
    for label, citations, confidence in by_key(rows):
        # One sure place is enough: the same words elsewhere mean the same work.
        severity = None if confidence >= 0.9 else "warning"
        yield Hit(reading.at(*citations), label, severity=severity, confidence=confidence)


def _is_of_another_work(reading: Reading, reference: Reference) -> bool:
    """Whether the entry of a nearby year is cited itself, so that it is not what is meant here."""
    return reference.reason == ANOTHER_YEAR and reference.entries[0] in reading.surely_cited


@check("listed-not-cited")
def listed_not_cited(reading: Reading, options: Options) -> Iterator[Hit]:
    """Entries that no citation means, of lists without numbers."""
    manuscript = reading.manuscript
    if reading.managed or reading.numbered or not reading.typed:
        return
    ambiguous = {n for several in manuscript.references for one in several if len(one.entries) > 1 for n in one.entries}
    texts = {manuscript.entries[n].text for n in reading.cited_entries}
    cited = {_author_key(one.authors[0]) for _, citation in reading.typed for one in citation.mentions if one.authors}
    left = [n for n, entry in enumerate(manuscript.entries) if entry.text not in texts and n not in ambiguous]
    misread = len(left) > _MISREAD * len(manuscript.entries)
    for n in left:
        entry = manuscript.entries[n]
        if (
            _author_key(entry.author) not in cited
            and entry.text[0].isalpha()
            and entry.years
            and len(entry.text) >= _SHORTEST_ENTRY
            and not reading.names(entry)
        ):
            yield Hit(reading.at_entry(entry), confidence=UNSURE if misread else LIKELY)


def _author_key(name: str) -> str:
    """A name whose particles may be written together with it or apart."""
    return name_key(name).replace(" ", "")


def _against(reading: Reading, reason: str, confidence: float) -> Iterator[Hit]:
    """Citations that fit an entry but for one thing: a row for each pair of label and entry."""
    rows: dict[tuple[str, int], list[int]] = {}
    for n, mention, reference in _mentioned(reading, lambda one: one.reason == reason):
        if _is_of_another_work(reading, reference):
            continue
        words = f" {name_key(reading.manuscript.entries[reference.entries[0]].text)} "
        if reason == COAUTHOR and all(f" {name_key(name)} " in words for name in mention.authors):
            continue  # the authors that were read from the entry were not all it has
        rows.setdefault((mention.label, reference.entries[0]), []).append(n)
    for (label, position), citations in rows.items():
        entry = reading.manuscript.entries[position]
        passages: tuple[Passage, ...] = reading.at(*dict.fromkeys(citations))
        yield Hit(passages, f"{label}; the list has: {entry.text[:80]}", confidence=confidence)


@check("year-differs")
def year_differs(reading: Reading, options: Options) -> Iterator[Hit]:
    """Citations whose entry has another year."""
    yield from _against(reading, ANOTHER_YEAR, UNSURE)


@check("name-differs")
def name_differs(reading: Reading, options: Options) -> Iterator[Hit]:
    """Citations whose entry spells the name otherwise."""
    yield from _against(reading, "the name is spelt otherwise in the list", LIKELY)


@check("coauthor-differs")
def coauthor_differs(reading: Reading, options: Options) -> Iterator[Hit]:
    """Citations whose entry names other authors, or in another order."""
    yield from _against(reading, COAUTHOR, LIKELY)
    yield from _against(reading, "not the first author of the entry", UNSURE)


@check("ambiguous")
def ambiguous(reading: Reading, options: Options) -> Iterator[Hit]:
    """Citations that fit several entries, and letters of years that the list does not have."""
    rows = []
    for n, mention, reference in _mentioned(reading, lambda one: one.reason == "several entries fit"):
        shown = " | ".join(reading.manuscript.entries[e].text[:40] for e in reference.entries[:3])
        rows.append((f"{mention.label} can be {len(reference.entries)} entries: {shown}", n, LIKELY))
    for n, mention, _ in _mentioned(reading, lambda one: one.reason == "the letter of the year is missing in the list"):
        rows.append((f"{mention.label}: the list has no {mention.year}", n, LIKELY))
    for note, citations, confidence in by_key(rows):
        yield Hit(reading.at(*citations), note, confidence=confidence)
    yield from _second_letters(reading)


def _second_letters(reading: Reading) -> Iterator[Hit]:
    """Entries of a year with b whose author has none with a."""
    if reading.managed:
        return
    years = {(entry.author, year) for entry in reading.manuscript.entries for year in entry.years[:1]}
    for entry in reading.manuscript.entries:
        year = entry.years[0] if entry.years else ""
        if entry.author and year[4:] == "b" and not {(entry.author, f"{year[:4]}a"), (entry.author, year[:4])} & years:
            yield Hit(reading.at_entry(entry), f"{year} without {year[:4]}a", confidence=LIKELY)


@check("typed-among-fields")
def typed_among_fields(reading: Reading, options: Options) -> Iterator[Hit]:
    """Citations typed by hand in a text whose citations a reference manager keeps."""
    if not reading.managed:
        return
    rows = [(f"“{' '.join(one.text.split())}”", n, _sureness(reading, n, one)) for n, one in reading.typed]
    for note, citations, confidence in by_key(rows):
        if confidence:
            yield Hit(reading.at(*citations), note, confidence=confidence)


def _sureness(reading: Reading, n: int, citation: Citation) -> float:
    """How sure it is that a typed citation among fields is one; 0 where it is meant to be text."""
    paragraph = reading.paragraph(citation)
    if paragraph is None or paragraph.style.name.startswith(_LIST_STYLES) or _CAPTION.match(paragraph.text):
        return 0
    if _NOT_PUBLISHED.search(_surroundings(reading, n)) or _stands_by_field(reading, citation):
        return 0
    if any(mention.number is not None for mention in citation.mentions):
        return LIKELY if _fields_look_like(reading, citation) and not paragraph.in_table else 0
    listed = any(reference.entries for reference in reading.manuscript.references[n])
    names = [name for mention in citation.mentions for name in mention.authors]
    many = any(len(mention.authors) > 1 or mention.et_al for mention in citation.mentions)
    many = many and all(len(name.split()) <= _LONGEST_NAME for name in names)
    return LIKELY if listed or many else UNSURE


def _stands_by_field(reading: Reading, citation: Citation) -> bool:
    """Whether a field begins right behind it: `Doe (` and a field that shows only the year."""
    return any(
        one.story is citation.story
        and one.paragraph == citation.paragraph
        and -1 <= one.begin.offset - citation.end.offset <= 2
        for _, one in reading.fields
    )


def _fields_look_like(reading: Reading, citation: Citation) -> bool:
    """Whether fields of this text show numbers between the same signs."""
    sign = citation.text.strip()[:1]
    alike = [one for _, one in reading.fields if one.text.strip()[:1] == sign and any(c.isdigit() for c in one.text)]
    return sign in "[(" and len(alike) > 0.5 * len(reading.fields)
