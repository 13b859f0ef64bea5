"""Checks of the reference list that a manager keeps, against the works that its citations cite."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from reflint.word.checks.base import LIKELY, UNSURE, Hit, Options, Reading, check, text_passage
from reflint.word.linking import WorkLinks, mention_of, year_of
from reflint.word.managers import Cited, Item
from reflint.word.managers.base import text
from reflint.word.manuscript import Bibliography, Manuscript, Work
from reflint.word.typed.matching import ReferenceList
from reflint.word.typed.words import name_key

_ENOUGH_TO_BE_A_TEXT = 5
_MOST_MISSED = 0.4
"""The share of works without entry from which the list is not understood, rather than wrong."""
_SURELY_LINKED = ("DOI", "title")
_ENOUGH_OF_A_TITLE = 60


def entries_for(manuscript: Manuscript, cited: Cited) -> tuple[int, ...]:
    """The entries of a work that no live citation cites."""
    work = Work(cited.id, cited.item, cited.keys, (), cited.linked)
    return WorkLinks(manuscript.entries).reference(work).entries


def _payload(bibliography: Bibliography) -> dict[str, Any]:
    """What Zotero keeps with its list: uncited, omitted and custom entries."""
    start, end = bibliography.instruction.find("{"), bibliography.instruction.rfind("}")
    if bibliography.manager != "zotero" or start < 0 or end < start:
        return {}
    try:
        found = json.loads(bibliography.instruction[start : end + 1])
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _members(bibliographies: tuple[Bibliography, ...], name: str) -> list[Any]:
    found = [_payload(one).get(name) for one in bibliographies]
    return [one for several in found if isinstance(several, list) for one in several]


def custom_entries(bibliographies: Iterable[Bibliography]) -> Iterator[tuple[Bibliography, int]]:
    """The lists of Zotero with entries that were edited in it, and how many they are."""
    for bibliography in bibliographies:
        custom = _payload(bibliography).get("custom")
        if isinstance(custom, list) and custom:
            yield bibliography, len(custom)


@check("list-missing")
def list_missing(reading: Reading, options: Options) -> Iterator[Hit]:
    """Citations of a manager that keeps no list. Note styles may do without."""
    manuscript = reading.manuscript
    if manuscript.bibliographies or not reading.fields or not reading.managed:
        return
    in_notes = sum(citation.story.kind in ("footnote", "endnote") for _, citation in reading.fields)
    without = any('hasBibliography="0"' in one.raw for one in manuscript.preferences)
    if without or in_notes > 0.5 * len(reading.fields):
        return
    first = reading.at(reading.fields[0][0])
    if manuscript.entries:
        yield Hit(first, "the list at the end is typed, and follows no change", confidence=LIKELY)
    else:
        few = len(reading.fields) < _ENOUGH_TO_BE_A_TEXT
        yield Hit(first, "there is no list at all", confidence=UNSURE if few else LIKELY)


@check("lists-several")
def lists_several(reading: Reading, options: Options) -> Iterator[Hit]:
    """More than one list of the same manager: all have the same entries."""
    by_manager: dict[str, list[Bibliography]] = {}
    for one in reading.manuscript.bibliographies:
        by_manager.setdefault(one.manager, []).append(one)
    for several in by_manager.values():
        places = [text_passage(one.story, one.paragraphs[0]) for one in several if one.paragraphs]
        if len(places) > 1:
            yield Hit(tuple(places), str(len(places)))


@check("list-differs")
def list_differs(reading: Reading, options: Options) -> Iterator[Hit]:
    """Works without entry, and entries without work, in a list that a manager keeps."""
    manuscript = reading.manuscript
    if not manuscript.bibliographies or not manuscript.entries or not reading.managed:
        return
    told = (uris for uris in _members(manuscript.bibliographies, "omitted") if isinstance(uris, list))
    omitted = {str(uri) for uris in told for uri in uris}
    known = {n: entries for n, entries in reading.entries_of_works.items() if _tells(manuscript.works[n])}
    missing = [n for n, entries in known.items() if not entries and omitted.isdisjoint(manuscript.works[n].keys)]
    texts = [name_key(entry.text) for entry in manuscript.entries]
    listed = ReferenceList(manuscript.entries)
    missing = [n for n in missing if not _may_stand(manuscript.works[n], texts, listed)]
    if not known or len(missing) > _MOST_MISSED * len(known):
        return
    for n in missing:
        title = str(manuscript.works[n].item.get("title") or manuscript.works[n].id)
        yield Hit(reading.at_work(n), f"cited, but not in the list: {title[:80]}", confidence=LIKELY)
    if _members(manuscript.bibliographies, "uncited") or len(known) < len(manuscript.works):
        return
    gone = (cited.item for one in manuscript.deleted for cited in one.payload.works)
    titles = [_title(item) for item in (*(work.item for work in manuscript.works), *gone)]
    cited_texts = {texts[n] for n in reading.cited_entries}
    for entry, words in zip(manuscript.entries, texts, strict=True):
        is_known = words in cited_texts or any(title and title in words for title in titles)
        if not is_known and not reading.names(entry):
            yield Hit(reading.at_entry(entry), "in the list, but not cited", confidence=LIKELY)


def _title(item: Item) -> str:
    """Enough of a folded title to know an entry by."""
    return name_key(text(item.get("title")))[:_ENOUGH_OF_A_TITLE].strip()


def _may_stand(work: Work, texts: list[str], listed: ReferenceList) -> bool:
    """Whether some entry may be the work after all: by its title, or by its author and nearly its year."""
    title = _title(work.item)
    return any(title in words for words in texts) or bool(listed.match(mention_of(work.item)).entries)


def _tells(work: Work) -> bool:
    """Whether enough is known of a work to find its entry."""
    return bool(work.item.get("title")) and year_of(work.item) != "n.d."


@check("list-outdated")
def list_outdated(reading: Reading, options: Options) -> Iterator[Hit]:
    """Entries that show another year than the work has."""
    manuscript = reading.manuscript
    if not manuscript.bibliographies:
        return
    shared = Counter(entry for entries in reading.entries_of_works.values() for entry in entries)
    for n, citation in reading.fields:
        for work, reference in zip(citation.works, manuscript.references[n], strict=True):
            year = year_of(manuscript.works[work].item)
            if (
                reference.reason not in _SURELY_LINKED
                or len(year) != 4
                or not year.isdecimal()
                or reading.places[work][0] != n
            ):
                continue
            entry = manuscript.entries[reference.entries[0]]
            years = [one[:4] for one in entry.years if one[:4].isdecimal()]
            if years and year not in years and shared[reference.entries[0]] == 1:
                note = f"{years[0]} in the list, {year} in the citation's data"
                yield Hit(reading.at_work(work) + reading.at_entry(entry), note, confidence=LIKELY)


@check("no-list")
def no_list(reading: Reading, options: Options) -> Iterator[Hit]:
    """Typed citations and no reference list."""
    if reading.manuscript.entries or reading.manuscript.bibliographies or reading.managed:
        return
    if len(reading.typed) >= _ENOUGH_TO_BE_A_TEXT:
        yield Hit(reading.at(reading.typed[0][0]), f"{len(reading.typed)} citations", confidence=LIKELY)
