"""Zotero items: the web API's JSON, Better BibTeX's and a translator's, read without loss and edited in place."""

from __future__ import annotations

from collections.abc import Iterable

from reflint.formats.json_text import decode, rewritten
from reflint.formats.library import Kept
from reflint.formats.zotero.compose import item_of
from reflint.formats.zotero.edit import apply_to_item
from reflint.formats.zotero.items import (
    ZOTERO,
    Place,
    automatic_tags,
    data_of,
    is_of_server,
    item_type,
    place_of,
    record,
    version_of,
)
from reflint.formats.zotero.patch import fault, normalised, patch
from reflint.formats.zotero.schema import Schema, compare, extended, schema
from reflint.formats.zotero.text import Text
from reflint.model.record import Record

__all__ = [
    "ZOTERO",
    "Library",
    "Place",
    "Schema",
    "apply_to_item",
    "automatic_tags",
    "compare",
    "data_of",
    "extended",
    "fault",
    "is_of_server",
    "item_of",
    "item_type",
    "normalised",
    "patch",
    "read",
    "record",
    "schema",
    "stitched",
    "version_of",
    "write",
]


class Library(Kept):
    """The items of one JSON text, lossless: the bytes are kept as they were."""

    format = "zotero"

    def __init__(self, data: bytes, name: str | None = None) -> None:
        decoded, self.bom, self.codec = decode(data)
        self.text = Text(decoded)
        super().__init__(data, name, [record(item, index, self.text) for index, item in enumerate(self.text.load())])


def read(data: bytes, *, name: str | None = None) -> Library:
    """Reads a list of items, `{"items": [...]}` (Better BibTeX), or a single item, in UTF-8, UTF-16 or UTF-32.

    Raises SourceError, with line and column, when the bytes are not JSON or the JSON is not made of Zotero items.
    """
    return Library(data, name)


def write(library: Library) -> bytes:
    """The bytes the library was read from; `write(read(data)) == data`."""
    return bytes(library)


def stitched(library: Library, records: Iterable[Record]) -> bytes:
    """The library's bytes with the given items in the place of those they were made from.

    Of an item only the values that changed are written anew; all else stays as it is, to the byte.
    """
    text = library.text.text
    for new in sorted(records, key=lambda one: one.index, reverse=True):
        start, end = library.text.items()[new.index]
        old = place_of(library[new.index]).item
        text = text[:start] + rewritten(text, start, old, place_of(new).item) + text[end:]
    return library.bom + text.encode(library.codec)
