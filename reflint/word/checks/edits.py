"""Checks of entries that somebody edited by hand in a list that a reference manager keeps."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from reflint.word.checks.base import LIKELY, Hit, Options, Reading, check, text_passage
from reflint.word.checks.lists import custom_entries
from reflint.word.managers.base import Item, text
from reflint.word.typed.entries import ListEntry
from reflint.word.typed.words import name_key

_SURELY_LINKED = ("DOI", "title")
_ENOUGH = 10
_SHARE = 0.9
"""The share of at least ten entries that must show a variable before one that lacks it was changed by hand."""
_FIRST_PAGE = re.compile(r"[^\W\d_]*\d+")


class _Shown(NamedTuple):
    """A work's entry and what the style prints of the work in it: words by the names of the variables."""

    work: int
    entry: ListEntry
    values: dict[str, str]


@check("entry-edited")
def entry_edited(reading: Reading, options: Options) -> Iterator[Hit]:
    """Entries edited within Zotero; entries that lack what the work has and all others show."""
    for bibliography, custom in custom_entries(reading.manuscript.bibliographies):
        if bibliography.paragraphs:
            yield Hit((text_passage(bibliography.story, bibliography.paragraphs[0]),), f"{custom} within Zotero")
    if reading.list_is_typed:
        return
    shown = list(_shown(reading))
    for name in ("first author", "volume", "first page"):
        rows = [(one, one.values[name]) for one in shown if one.values.get(name)]
        lacking = [(one, value) for one, value in rows if not _stands_in(value, one.entry)]
        if len(rows) >= _ENOUGH and len(lacking) <= (1 - _SHARE) * len(rows):
            for one, value in lacking:
                note = f"the {name} of the work is {value}, but not in its entry"
                yield Hit(reading.at_entry(one.entry) + reading.at_work(one.work), note, confidence=LIKELY)


def _shown(reading: Reading) -> Iterator[_Shown]:
    """The works whose entries are sure, each with what a list may print of it."""
    seen = set()
    for n, citation in reading.fields:
        for work, reference in zip(citation.works, reading.manuscript.references[n], strict=True):
            if work not in seen and reference.reason in _SURELY_LINKED:
                seen.add(work)
                entry = reading.manuscript.entries[reference.entries[0]]
                yield _Shown(work, entry, _values(reading.manuscript.works[work].item))


def _values(item: Item) -> dict[str, str]:
    """What of a work every style prints alike; of an article also its volume and first page."""
    people = item.get("author")
    first = people[0] if isinstance(people, list) and people and isinstance(people[0], dict) else {}
    values = {"first author": text(first.get("family"))}
    if item.get("type") == "article-journal":
        page = _FIRST_PAGE.match(text(item.get("page")))
        values |= {"volume": text(item.get("volume")), "first page": page[0] if page else ""}
    return values


def _stands_in(value: str, entry: ListEntry) -> bool:
    """Whether an entry shows a value: letters behind a number (588S) and the dash of a repeated author included."""
    if not entry.text[0].isalnum():
        return True
    words = (value, entry.text) if value[-1].isdecimal() else (name_key(value), name_key(entry.text))
    return re.search(rf"(?<!\w){re.escape(words[0])}(?!\d)", words[1]) is not None
