"""The library that the works of a manuscript are looked up in: a file of references, or a Zotero library."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from reflint.app.reading import records_of
from reflint.app.sources import MANUSCRIPTS, Source, expand, format_of, head_of
from reflint.errors import SourceError
from reflint.formats import zotero
from reflint.model.record import Record
from reflint.word.shelf import Held, Shelf

if TYPE_CHECKING:
    from reflint.app.libraries import Connection

_NO_WORKS = frozenset(["note", "attachment", "annotation"])


def shelf(argument: str, connection: Connection | None = None) -> Shelf:
    """The library that `--library` names, whole. Raises SourceError when it cannot be read or is no library."""
    sources = list(expand([argument]))
    if len(sources) != 1:
        raise SourceError(f"{argument}: a library is one file, or one Zotero library")
    source = sources[0]
    if isinstance(source, SourceError):
        raise source
    if source.is_library:
        from reflint.app import libraries
        from reflint.zotero.address import Address

        address = Address.parse(argument)
        held = _held(libraries.records(argument, connection, trash=True))
        return Shelf(argument, "" if address.local else address.library, held)
    _demand_references(source)
    return Shelf(argument, "", _held(records_of(source)))


def _demand_references(source: Source) -> None:
    with source.open() as file:
        if format_of(source.name, head_of(file)) in MANUSCRIPTS:
            raise SourceError(f"{source.name}: is a manuscript, not a library of references")


def _held(records: Iterable[Record]) -> list[Held]:
    return [_one(record) for record in records if record.type not in _NO_WORKS]


def _one(record: Record) -> Held:
    item = record.format.csl(record)
    if record.format.name != "zotero":
        return Held(item, record.key or "")
    data = zotero.data_of(record)
    relations = data.get("relations")
    replaced = relations.get("dc:replaces", []) if isinstance(relations, dict) else []
    collections, tags = data.get("collections"), data.get("tags")
    return Held(
        item,
        key=record.key or "",
        replaces=tuple([replaced] if isinstance(replaced, str) else map(str, replaced)),
        trashed=bool(data.get("deleted")),
        collections=tuple(map(str, collections)) if isinstance(collections, list) else (),
        tags=tuple(str(one.get("tag")) for one in tags if isinstance(one, dict)) if isinstance(tags, list) else (),
    )
