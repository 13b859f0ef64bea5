"""Checks of where an entry of the list begins and ends: two in one paragraph, one in several."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reflint.model.identifiers import doi_key, find_dois
from reflint.word.checks.base import LIKELY, Hit, Options, Reading, check
from reflint.word.typed.entries import ListEntry, author_count

_LONG_DOI = 300
_ENOUGH_OF_AN_ENTRY = 600
_ENDED = re.compile(r"(?:(?<=[^\W\d_]{3}\.)|(?<=\d\.)|(?<=\d\))|(?<=\d))\s+(?=[^\W\d_a-z])")
"""Behind what an entry ends with; not behind an initial."""
_SHORTEST = 20
_WRAPPED = 0.3
"""The share of entries in several paragraphs from which the whole list is so, and one finding says it."""


@check("entries-joined")
def entries_joined(reading: Reading, options: Options) -> Iterator[Hit]:
    """Entries with the beginning, or the DOI, of a second one; entries that run over several paragraphs."""
    for entry in reading.manuscript.entries:
        if sign := _second_doi(entry) or _second_beginning(entry):
            yield Hit(reading.at_entry(entry), sign, confidence=LIKELY)
    if reading.list_is_typed:
        yield from _divided(reading)


def _second_doi(entry: ListEntry) -> str:
    """Two DOIs of an entry; none of them a part of the other."""
    words = [word for word in entry.text.split() if "10." in word and len(word) < _LONG_DOI]
    dois = {doi_key(doi) for word in words for doi in find_dois(word)}
    apart = [one for one in dois if not any(one != other and other.startswith(one) for other in dois)]
    return f"two DOIs in one entry: {' and '.join(sorted(apart)[:2])}" if len(apart) > 1 else ""


def _second_beginning(entry: ListEntry) -> str:
    """Authors and year that follow the end of a sentence, in an entry that begins with authors and year itself."""
    if entry.number is not None and (label := f"[{entry.number + 1}] ") in entry.text:
        return f"{label.strip()} stands in the entry before it"
    for match in _ENDED.finditer(entry.text) if author_count(entry.text) is not None else ():
        rest = entry.text[match.end() : match.end() + _ENOUGH_OF_AN_ENTRY]
        if author_count(rest) is not None:
            return f"two entries in one paragraph, the second from: {rest[:60]}"
    return ""


def _divided(reading: Reading) -> Iterator[Hit]:
    """Entries in several paragraphs; a label may have one of its own."""
    entries = reading.manuscript.entries
    found = [entry for entry in entries if len(entry.paragraphs) > 1 and _begins_in_first(reading, entry)]
    if len(found) > max(1, _WRAPPED * len(entries)):
        yield Hit(reading.at_entry(found[0]), f"one entry in several paragraphs, {len(found)} times", confidence=LIKELY)
        return
    for entry in found:
        yield Hit(reading.at_entry(entry), f"one entry in {len(entry.paragraphs)} paragraphs", confidence=LIKELY)


def _begins_in_first(reading: Reading, entry: ListEntry) -> bool:
    """Whether the first paragraph has the authors already; labels, and what was taken for one, have not."""
    first = reading.list_paragraphs[entry.part, entry.paragraphs[0]].text.strip()
    return len(first) >= _SHORTEST and bool(entry.years)
