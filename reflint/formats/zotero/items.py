"""Zotero items as records: every field, creator and tag of an item under the name Zotero gives it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from reflint.formats.json_text import elements, members, showable, within_string
from reflint.formats.zotero.neutral import csl_item
from reflint.formats.zotero.schema import schema
from reflint.formats.zotero.text import Text
from reflint.model.dates import year_of
from reflint.model.extra import extra_value
from reflint.model.finding import identity
from reflint.model.record import Record, Span

_STRUCTURE = frozenset(
    "itemType key itemKey itemID version parentItem dateAdded dateModified uri select libraryID".split()
)
"""Members that hold text and are no fields."""

Item = Mapping[str, Any]


class Path(NamedTuple):
    """Where a field's value stands in the item's data: a member, and the index in it of a creator or tag (else -1)."""

    member: str
    number: int = -1


class Place:
    """An item as it was given, its data, where its fields stand in it, and the text it was read from, if any."""

    __slots__ = ("data", "item", "number", "paths", "text")

    regular = True
    """JSON has no syntax to forgive."""

    def __init__(
        self, item: Item, data: Item, paths: tuple[Path, ...], text: Text | None = None, number: int = 0
    ) -> None:
        self.item = item
        self.data = data
        self.paths = paths
        self.text = text
        self.number = number

    @property
    def collections(self) -> tuple[str, ...]:
        """The keys of the collections that the item is in."""
        keys = self.data.get("collections")
        return tuple(key for key in keys if isinstance(key, str)) if isinstance(keys, list) else ()


class _Zotero:
    """Zotero's items as a Format: what the engine and the reporters ask of a record."""

    name = "zotero"

    def variable(self, record: Record, position: int) -> str | None:
        """The CSL variable that the field means in an item of this type."""
        return schema().variable_of(item_type(record), record.names[position])

    def span(self, record: Record, position: int | None, within: tuple[int, int] | None = None) -> Span | None:
        """The value as it stands in the text (strings without `within`: quotes included); the item's `{` for None.

        None for an item that was not read from a text.
        """
        place = record.place
        if not isinstance(place, Place) or place.text is None:
            return None
        text = place.text
        start, _ = text.items()[place.number]
        if position is None:
            return text.span(start, start + 1)
        start, end = _stretch(text.text, start, place, place.paths[position])
        if within is not None and text.text[start] == '"':
            start, end = within_string(text.text, start, *within)
        return text.span(start, end)

    def csl(self, record: Record) -> dict[str, object]:
        """The record as a CSL-JSON item, with what its Extra says in lines like `DOI: 10...`."""
        return csl_item(record, item_type(record), place_of(record).data.get("creators"))

    def title(self, record: Record) -> str:
        """The title, whatever the item type calls it."""
        return record.first(*schema().names_in(item_type(record), "title")) or record.first("title")

    def identity(self, record: Record) -> str:
        """DOI, else the item's key, else folded title and year."""
        doi = record.first("DOI") or extra_value(record.first("extra"), "DOI")
        year = year_of(record.first(*schema().names_in(item_type(record), "issued")))
        return identity(doi, record.key, self.title(record), year)


ZOTERO = _Zotero()


def _stretch(text: str, start: int, place: Place, path: Path) -> tuple[int, int]:
    """Offsets of the value at a path of the item that begins at `start`."""
    steps: list[str | int] = ["data"] if place.data is not place.item else []
    steps += [path.member] if path.number < 0 else [path.member, path.number]
    end = start
    for step in steps:
        if isinstance(step, int):
            part = elements(text, start)[step]
        else:
            part = next(one for one in reversed(members(text, start)) if _key(text, one.start) == step)
        start, end = part.value_start, part.end
    return start, end


def _key(text: str, start: int) -> str:
    return text[start + 1 : text.index('"', start + 1)]


def record(item: Item, index: int = 0, text: Text | None = None) -> Record:
    """The record of an item: the web API's envelope or its `data`, Better BibTeX's flat item, or a translator's.

    Fields are what has a value: text and numbers under Zotero's names, each creator under its creator type as
    `Last, First` (or the name in one field), each tag as `tags`, Extra as one text (Better BibTeX has a list of its
    lines). `index`: the item's place among others.
    """
    data = item.get("data")
    if not isinstance(data, Mapping):
        data = item
    names: list[str] = []
    values: list[str] = []
    paths: list[Path] = []
    for name, value in data.items():
        if type(value) is str:
            if value and name not in _STRUCTURE:
                names.append(name)
                values.append(value if value.isascii() else showable(value))
                paths.append(Path(name))
        elif name == "creators":
            _add_creators(value, names, values, paths)
        elif name == "tags":
            _add_tags(value, names, values, paths)
        elif name == "extra" and isinstance(value, list):
            if value and all(isinstance(line, str) for line in value):
                names.append(name)
                values.append(showable("\n".join(value)))
                paths.append(Path(name))
        elif type(value) is int and name in schema().fields:
            names.append(name)
            values.append(str(value))
            paths.append(Path(name))
    kind = data.get("itemType")
    type_ = schema().csl_type(kind) if isinstance(kind, str) else "document"
    place = Place(item, data, tuple(paths), text, index)
    return Record(ZOTERO, type_, tuple(names), tuple(values), index, _key_of(item, data), place)


def _add_creators(creators: object, names: list[str], values: list[str], paths: list[Path]) -> None:
    if not isinstance(creators, list):
        return
    for index, creator in enumerate(creators):
        if isinstance(creator, Mapping):
            text = creator_text(creator)
            if text:
                role = creator.get("creatorType")
                names.append(role if isinstance(role, str) else "author")
                values.append(text)
                paths.append(Path("creators", index))


def _add_tags(tags: object, names: list[str], values: list[str], paths: list[Path]) -> None:
    if not isinstance(tags, list):
        return
    for index, tag in enumerate(tags):
        text = tag_text(tag)
        if text:
            names.append("tags")
            values.append(text)
            paths.append(Path("tags", index))


def creator_text(creator: Item) -> str:
    """A creator as `Last, First`, or the name it has in one field."""
    last, first = creator.get("lastName"), creator.get("firstName")
    if isinstance(last, str) and last:
        return showable(f"{last}, {first}" if isinstance(first, str) and first else last)
    name = creator.get("name")
    text = name if isinstance(name, str) and name else first
    return showable(text) if isinstance(text, str) else ""


def tag_text(tag: object) -> str:
    """A tag's text: of an object, or of plain text."""
    text = tag.get("tag") if isinstance(tag, Mapping) else tag
    return showable(text) if isinstance(text, str) else ""


def _key_of(item: Item, data: Item) -> str | None:
    for key in (data.get("key"), item.get("key"), data.get("itemKey")):
        if isinstance(key, str) and key:
            return key
    return None


def place_of(record: Record) -> Place:
    """The Place of a Zotero record."""
    place = record.place
    if not isinstance(place, Place):
        raise TypeError("not a Zotero record")
    return place


def item_type(record: Record) -> str:
    """The item type of a Zotero record; `""` when the item names none."""
    kind = place_of(record).data.get("itemType")
    return kind if isinstance(kind, str) else ""


def data_of(record: Record) -> dict[str, Any]:
    """The item's bare data, as it was given: a copy."""
    return dict(place_of(record).data)


def is_of_server(record: Record) -> bool:
    """Whether the item has the form the web API gives and takes: it names its fields as its type does."""
    place = place_of(record)
    return place.item is not place.data or ("version" in place.data and "itemID" not in place.data)


def version_of(record: Record) -> int | None:
    """The item's version; None for an item that has none (it came from no server)."""
    place = place_of(record)
    for version in (place.data.get("version"), place.item.get("version")):
        if isinstance(version, int) and not isinstance(version, bool):
            return version
    return None


def automatic_tags(record: Record) -> list[int]:
    """The positions of the tags that an import made (type 1), not a person."""
    place = place_of(record)
    tags = place.data.get("tags")
    return (
        [
            position
            for position, (member, number) in enumerate(place.paths)
            if member == "tags" and isinstance(tag := tags[number], Mapping) and tag.get("type") == 1
        ]
        if isinstance(tags, list)
        else []
    )
