"""The library that a manuscript is held against: which of its items a cited work is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

from reflint.model.identifiers import doi_key
from reflint.model.text import fold
from reflint.word.linking import year_of
from reflint.word.managers.base import Item, text
from reflint.word.manuscript import Work

_ITEM_URI = re.compile(r"https?://(?:www\.)?zotero\.org/((?:users|groups)/(?:local/)?[\w-]+)/items/(\w+)/?$", re.I)
_SHORTEST_TITLE = 13

How = Literal["uri", "key", "doi", "title"]


class Address(NamedTuple):
    """What a URI of a Zotero item says: its library (`users/1`, `users/local/aB`, `groups/9`) and its key."""

    library: str
    key: str

    @property
    def is_local(self) -> bool:
        """Whether the library was never synced: nobody else can reach it."""
        return self.library.startswith("users/local")


class Held(NamedTuple):
    """An item of a library: as CSL-JSON, its key, the URIs of items that were merged into it, and where it is kept."""

    item: Item
    key: str = ""
    replaces: tuple[str, ...] = ()
    trashed: bool = False
    collections: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()


def address_of(uri: str) -> Address | None:
    """The library and key of an item's URI; None for what is no URI of Zotero."""
    match = _ITEM_URI.match(uri)
    return Address(match[1].lower() if "local" not in match[1] else match[1], match[2].upper()) if match else None


class Shelf:
    """A library's items, found again by URI, merged URI, key, DOI, or title and year.

    `library` is the Zotero library that it is (`groups/9`), `""` for a file.
    """

    def __init__(self, name: str, library: str, held: Iterable[Held]) -> None:
        self.name = name
        self.library = library
        self.held: Sequence[Held] = tuple(held)
        self._by_key: dict[str, Held] = {}
        self._merged: dict[Address, Held] = {}
        self._by_doi: dict[str, Held] = {}
        self._by_title: dict[tuple[str, str], Held] = {}
        for one in sorted(self.held, key=lambda one: one.trashed):
            self._by_key.setdefault(one.key.upper(), one)
            for uri in one.replaces:
                if address := address_of(uri):
                    self._merged.setdefault(address, one)
            if doi := doi_key(text(one.item.get("DOI"))):
                self._by_doi.setdefault(doi, one)
            self._by_title.setdefault(_title_key(one.item), one)

    def find(self, work: Work) -> tuple[Held, How] | None:
        """The item that a cited work is, and by what it was found; None when it is not here."""
        addresses = [address for key in work.keys if (address := address_of(key))]
        for address in addresses:
            if address in self._merged:
                return self._merged[address], "uri"
            if address.key in self._by_key:
                return self._by_key[address.key], "uri" if address.library == self.library else "key"
        doi, title = doi_key(text(work.item.get("DOI"))), _title_key(work.item)
        if doi and doi in self._by_doi:
            return self._by_doi[doi], "doi"
        if len(title[0]) >= _SHORTEST_TITLE and title in self._by_title:
            return self._by_title[title], "title"
        return None

    def is_elsewhere(self, work: Work) -> bool:
        """Whether a work belongs to other libraries only, which nobody looked into."""
        libraries = {address.library for key in work.keys if (address := address_of(key)) and not address.is_local}
        return bool(self.library and libraries) and self.library not in libraries


def _title_key(item: Item) -> tuple[str, str]:
    return fold(text(item.get("title"))), year_of(item)
