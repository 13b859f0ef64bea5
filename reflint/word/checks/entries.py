"""Checks of the reference list by itself: entries twice, unsorted, numbered wrongly."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from rapidfuzz import fuzz

from reflint.word.checks.base import LIKELY, SURE, UNSURE, Hit, Options, Reading, check
from reflint.word.typed.entries import ListEntry
from reflint.word.typed.words import PARTICLES, name_key

_ALIKE = 94
_VERSIONS = re.compile(
    r"\b(?:erratum|corrigend|correction|retract|preprint|biorxiv|medrxiv|arxiv|ssrn|part|teil|abstract|translat|"
    r"übersetz|edition|aufl|comment|reply|chapter|kapitel|in:)",
    re.I,
)
_LABEL = re.compile(r"\s*[\[(]?(\d{1,4})[\])]?[.)]?\s")
_DIGITS = re.compile(r"\d+")
_SORTED = 0.85
_MOST_REPEATED = 4
"""Entries repeated to the letter beyond which a whole list is printed again, as for a chapter."""


@check("entry-twice")
def entry_twice(reading: Reading, options: Options) -> Iterator[Hit]:
    """Entries that are one work. Lists printed twice as a whole, parts of a book and other versions are none."""
    entries = reading.manuscript.entries
    texts = Counter(entry.text for entry in entries)
    again = sum(count - 1 for count in texts.values()) > _MOST_REPEATED
    by_author: dict[str, list[ListEntry]] = {}
    by_doi: dict[str, ListEntry] = {}
    for entry in entries:
        twin = by_doi.get(entry.doi) if entry.doi else None
        twin = twin if twin and _same_kind(entry, twin) else None
        twin = twin or next((one for one in by_author.get(entry.author, ()) if _is_same(one, entry)), None)
        if twin is not None and not (again and twin.text == entry.text):
            sure = bool(entry.doi) and entry.doi == twin.doi
            yield Hit(
                reading.at_entry(entry) + reading.at_entry(twin), twin.text[:80], confidence=SURE if sure else LIKELY
            )
        by_author.setdefault(entry.author, []).append(entry)
        by_doi.setdefault(entry.doi, entry)


def _same_kind(one: ListEntry, other: ListEntry) -> bool:
    return not _VERSIONS.search(one.text) and not _VERSIONS.search(other.text)


def _is_same(one: ListEntry, other: ListEntry) -> bool:
    """Whether two entries of one author differ in hardly anything but punctuation, and in no number but a year's."""
    if not one.author or not _same_kind(one, other) or (one.doi and other.doi and one.doi != other.doi):
        return False
    years = [entry.years[0][:4] if entry.years else "" for entry in (one, other)]
    if not all(year.isdecimal() for year in years) or abs(int(years[0]) - int(years[1])) > 1:
        return False
    numbers = [sorted(set(_DIGITS.findall(_bare(entry))) - set(years)) for entry in (one, other)]
    return numbers[0] == numbers[1] and fuzz.ratio(name_key(_bare(one)), name_key(_bare(other))) >= _ALIKE


def _bare(entry: ListEntry) -> str:
    """An entry without its addresses."""
    return re.sub(r"(?:https?://|doi:)\s?\S+|10\.\d{4,9}/\S+", "", entry.text)


def _is_numbered(reading: Reading) -> bool:
    entries = reading.manuscript.entries
    return bool(entries) and sum(entry.number is not None for entry in entries) > 0.8 * len(entries)


@check("numbering-gap")
def numbering_gap(reading: Reading, options: Options) -> Iterator[Hit]:
    """A number of the list that is left out, or stands twice."""
    if not _is_numbered(reading) or not reading.list_is_typed:
        return
    entries = [entry for entry in reading.manuscript.entries if entry.number is not None]
    for before, entry in pairwise(entries):
        last, number = before.number or 0, entry.number or 0
        if number == 1 or number == last + 1:  # a list may begin anew
            continue
        what = f"{number} stands again" if number <= last else f"{last} is followed by {number}"
        yield Hit(reading.at_entry(entry), what, confidence=LIKELY)


@check("number-not-position")
def number_not_position(reading: Reading, options: Options) -> Iterator[Hit]:
    """Entries that Word numbers and that carry another number in their text."""
    if not reading.list_is_typed:
        return
    paragraphs = reading.list_paragraphs
    counts: dict[tuple[str, str], int] = {}
    for entry in reading.manuscript.entries:
        paragraph = paragraphs.get((entry.part, entry.paragraphs[0]))
        if paragraph is None or paragraph.numbering is None:
            continue
        counts[paragraph.numbering] = position = counts.get(paragraph.numbering, 0) + 1
        label = _LABEL.match(paragraph.text)
        if label and int(label[1]) != position and int(label[1]) <= len(reading.manuscript.entries):
            yield Hit(reading.at_entry(entry), f"{position}, but it says {label[1]}", confidence=LIKELY)


@check("list-unsorted")
def list_unsorted(reading: Reading, options: Options) -> Iterator[Hit]:
    """Entries out of the alphabet, in a typed list that is otherwise in order."""
    if not reading.list_is_typed or _is_numbered(reading) or reading.numbered:
        return
    entries = [entry for entry in reading.manuscript.entries if entry.author]
    pairs = list(pairwise(entries))
    wrong = [
        (one, other) for one, other in pairs if not any(a <= b for a, b in zip(_keys(one), _keys(other), strict=True))
    ]
    if pairs and len(wrong) <= (1 - _SORTED) * len(pairs):
        for one, other in wrong:
            yield Hit(reading.at_entry(other), one.text[:60], confidence=UNSURE)


def _keys(entry: ListEntry) -> tuple[str, ...]:
    """How an entry may be sorted: as it is, without particles, with Mc as Mac, letter by letter."""
    words = entry.author.split()
    bare = [word for word in words if word not in PARTICLES] or words
    plain = " ".join(words)
    mac = re.sub(r"^mc(?=\w)", "mac", plain)
    return plain, " ".join(bare), mac, plain.replace(" ", "")
