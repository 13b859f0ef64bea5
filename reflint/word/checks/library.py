"""Checks of the cited works against libraries: the one that is given, and those their URIs name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from reflint.model.identifiers import doi_key
from reflint.model.text import fold
from reflint.word.checks.base import LIKELY, SURE, Hit, Options, Reading, check
from reflint.word.linking import year_of
from reflint.word.managers.base import Item, text
from reflint.word.manuscript import Work
from reflint.word.shelf import Held, address_of
from reflint.word.typed.words import name_key

_RENDERED: Final = ("title", "container-title", "volume", "issue", "page", "publisher", "edition", "number", "URL")
"""The variables of text that styles print, and that every format has."""
_ROLES: Final = ("author", "editor", "translator")


def _title(work: Work) -> str:
    return (text(work.item.get("title")) or work.id)[:80]


def _held(reading: Reading) -> Iterator[tuple[int, Work, Held]]:
    """The works that the given library has, with their items."""
    for n, work in enumerate(reading.manuscript.works):
        if reading.library is not None and (found := reading.library.find(work)) is not None:
            yield n, work, found[0]


@check("not-in-library")
def not_in_library(reading: Reading, options: Options) -> Iterator[Hit]:
    """Works that the library does not have, and those it knows only under another item than the citation's."""
    library = reading.library
    for n, work in enumerate(reading.manuscript.works if library is not None else ()):
        if library is None or not set(work.item) - {"id", "type"}:
            continue
        found = library.find(work)
        if found is None and library.is_elsewhere(work):
            note = f"{_title(work)} (it comes from another library, which was not looked at)"
            yield Hit(reading.at_work(n), note, severity="info")
        elif found is None:
            yield Hit(reading.at_work(n), _title(work))
        elif found[1] in ("doi", "title") and library.library and "zotero" in work.managers:
            note = f"{_title(work)} (the library has it as {found[0].key}, by its {found[1].replace('doi', 'DOI')})"
            yield Hit(reading.at_work(n), note, severity="info", confidence=LIKELY)


@check("in-trash")
def in_trash(reading: Reading, options: Options) -> Iterator[Hit]:
    """Works whose item was thrown away."""
    for n, work, held in _held(reading):
        if held.trashed:
            yield Hit(reading.at_work(n), f"{_title(work)} ({held.key})")


@check("changed-in-library")
def changed_in_library(reading: Reading, options: Options) -> Iterator[Hit]:
    """Works of which the library says something else than the manuscript, in what a style prints."""
    for n, work, held in _held(reading):
        changes = list(_changes(work.item, held.item))
        if changes:
            yield Hit(reading.at_work(n), f"{_title(work)}: {'; '.join(changes)}", confidence=LIKELY)


def _changes(old: Item, new: Item) -> Iterator[str]:
    """What differs of two descriptions, where both say something."""
    for name in _RENDERED:
        before, after = text(old.get(name)), text(new.get(name))
        if before and after and _plain(before) != _plain(after):
            yield f"{name} was “{before[:60]}”, is “{after[:60]}”"
    before, after = doi_key(text(old.get("DOI"))), doi_key(text(new.get("DOI")))
    if before != after and after:
        yield f"DOI was “{before}”, is “{after}”" if before else f"DOI is now “{after}”"
    years = year_of(old), year_of(new)
    if years[0] != years[1] and all(year.isdecimal() for year in years):
        yield f"year was {years[0]}, is {years[1]}"
    for role in _ROLES:
        names = _families(old.get(role)), _families(new.get(role))
        if names[0] and names[1] and names[0] != names[1]:
            yield f"{role} was “{', '.join(names[0])[:60]}”, is “{', '.join(names[1])[:60]}”"


def _plain(value: str) -> str:
    """A value for comparison: letters and digits alone, marks and markup left out."""
    return fold(value).replace(" ", "")


def _families(people: object) -> list[str]:
    """Family names, folded; particles and institutions included."""
    found = []
    for one in people if isinstance(people, list) else ():
        if isinstance(one, dict):
            family = text(one.get("family")) or text(one.get("literal"))
            found.append(name_key(f"{text(one.get('non-dropping-particle'))} {family}"))
    return [name for name in found if name]


@check("several-libraries")
def several_libraries(reading: Reading, options: Options) -> Iterator[Hit]:
    """Works of more than one Zotero library, or of a person's own in a group's paper."""
    by_library: dict[str, list[int]] = {}
    for n, work in enumerate(reading.manuscript.works):
        libraries = {address.library for key in work.keys if (address := address_of(key))}
        if len(libraries) == 1:  # a work with several is in all of them
            by_library.setdefault(libraries.pop(), []).append(n)
    if len(by_library) < 2:
        return
    ranked = sorted(by_library.items(), key=lambda pair: -len(pair[1]))
    note = ", ".join(f"{library} {len(works)}" for library, works in ranked)
    places = dict.fromkeys(n for _, works in ranked[1:] for work in works for n in reading.places[work])
    yield Hit(reading.at(*places), note)


@check("local-library")
def local_library(reading: Reading, options: Options) -> Iterator[Hit]:
    """Works of a library that was never synced."""
    works = [
        n for n, work in enumerate(reading.manuscript.works)
        if any((address := address_of(key)) and address.is_local for key in work.keys)
    ]  # fmt: skip
    if works:
        places = dict.fromkeys(n for work in works for n in reading.places[work])
        yield Hit(reading.at(*places), f"{len(works)} of {len(reading.manuscript.works)} works")


@check("two-items-one-work")
def two_items_one_work(reading: Reading, options: Options) -> Iterator[Hit]:
    """Works that are cited under two items of the library."""
    groups: dict[int, list[frozenset[str]]] = {}
    for _, citation in reading.fields:
        for cited in citation.payload.works:
            keys = frozenset(key for key in cited.keys if address_of(key) or "uuid=" in key)
            cites = (n for n in citation.works if keys & set(reading.manuscript.works[n].keys))
            if (position := next(cites, None)) is not None:
                groups[position] = _joined(groups.get(position, []), keys)
    for n, sets in groups.items():
        if len(sets) > 1:
            yield Hit(reading.at_work(n), _title(reading.manuscript.works[n]))
    seen: dict[tuple[str, str, tuple[str, ...]], int] = {}
    for n, work in enumerate(reading.manuscript.works):
        key = fold(text(work.item.get("title"))), year_of(work.item), tuple(_families(work.item.get("author"))[:1])
        first = seen.setdefault(key, n)
        if first != n and all(key) and not _told_apart(work, reading.manuscript.works[first]):
            passages = reading.at(*dict.fromkeys((*reading.places[first], *reading.places[n])))
            yield Hit(passages, _title(work), confidence=LIKELY)


def _told_apart(one: Work, other: Work) -> bool:
    """Whether two works of one title are different ones by their DOI, type, volume or pages, or by their managers."""
    dois = [doi_key(text(work.item.get("DOI"))) for work in (one, other)]
    differ = any(
        one.item.get(name) and other.item.get(name) and one.item[name] != other.item[name]
        for name in ("type", "volume", "page")
    )
    return differ or (all(dois) and dois[0] != dois[1]) or set(one.managers).isdisjoint(other.managers)


def _joined(sets: list[frozenset[str]], new: frozenset[str]) -> list[frozenset[str]]:
    """Sets of keys with a new one, those that share a key with it made one."""
    apart = [one for one in sets if one.isdisjoint(new)]
    return [*apart, frozenset().union(new, *(one for one in sets if one not in apart))]


@check("not-in-collection")
def not_in_collection(reading: Reading, options: Options) -> Iterator[Hit]:
    """Works without the collection or tag that the project gives to what it cites."""
    collection, tag = str(options["collection"]), str(options["tag"])
    for n, work, held in _held(reading) if collection or tag else ():
        missing = [collection] * (bool(collection) and collection not in held.collections)
        missing += [tag] * (bool(tag) and tag not in held.tags)
        if missing:
            yield Hit(reading.at_work(n), f"{_title(work)}: {', '.join(missing)}", confidence=SURE)
