"""CSL-JSON: arrays of items as citeproc, Zotero and pandoc exchange them, read without loss and edited in place."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping

from reflint.errors import SourceError
from reflint.formats.csl.edit import edited
from reflint.formats.csl.values import (
    DATES,
    NAMES,
    OLD_SPELLINGS,
    TYPES,
    VARIABLES,
    date_parts,
    is_list,
    name_from_text,
    plain,
    texts_of,
)
from reflint.formats.json_text import (
    Json,
    Lines,
    Number,
    Pairs,
    decode,
    elements,
    fault,
    members,
    parse,
    showable,
    skip_blanks,
    within_string,
)
from reflint.formats.library import Kept
from reflint.model.dates import year_of
from reflint.model.edit import Edit
from reflint.model.finding import identity
from reflint.model.record import Record, Span

__all__ = ["CSL", "Library", "Place", "apply", "apply_to_item", "embedded", "read", "stitched", "write"]


class Place:
    """Where an item stands in its text, and its members as they are written."""

    __slots__ = ("_paths", "end", "item", "lines", "start", "text")

    def __init__(self, text: str, lines: _LazyLines, start: int, end: int, item: Pairs) -> None:
        self.text = text
        self.lines = lines
        self.start = start
        self.end = end
        self.item = item
        self._paths: list[tuple[int, int]] | None = None

    def stretch(self, position: int) -> tuple[int, int]:
        """Offsets of the value of the field at `position`."""
        if self._paths is None:
            self._paths = self._stretches()
        return self._paths[position]

    def _stretches(self) -> list[tuple[int, int]]:
        found = []
        for (name, value), member in zip(self.item, members(self.text, self.start), strict=True):
            if is_list(name, value):
                found += [(part.start, part.end) for part in elements(self.text, member.value_start)]
            else:
                found.append((member.value_start, member.end))
        return found


class _LazyLines:
    """The line index of a text, made when the first span is asked for."""

    __slots__ = ("_lines", "_text")

    def __init__(self, text: str) -> None:
        self._text = text
        self._lines: Lines | None = None

    def span(self, start: int, end: int) -> Span:
        if self._lines is None:
            self._lines = Lines(self._text)
        return Span(*self._lines.place(start), *self._lines.place(end))


class _Csl:
    """CSL-JSON as a Format: what the engine and the reporters ask of a record."""

    name = "csl"

    def variable(self, record: Record, position: int) -> str | None:
        """The field's own name, if CSL has such a variable (`id`, `type` and unknown members mean none)."""
        name = record.names[position]
        return name if name in VARIABLES else OLD_SPELLINGS.get(name)

    def span(self, record: Record, position: int | None, within: tuple[int, int] | None = None) -> Span | None:
        """The value as it stands in the text (strings without `within`: quotes included); the item's `{` for None."""
        place = record.place
        if not isinstance(place, Place):
            return None
        if position is None:
            return place.lines.span(place.start, place.start + 1)
        start, end = place.stretch(position)
        if within is not None and place.text[start] == '"':
            start, end = within_string(place.text, start, *within)
        return place.lines.span(start, end)

    def csl(self, record: Record) -> dict[str, object]:
        """The record as a CSL-JSON item: members that were not changed exactly as they were."""
        place = record.place
        item = place.item if isinstance(place, Place) else Pairs()
        known = _known(item)
        lists = {showable(name): is_list(name, value) for name, value in item}
        result: dict[str, object] = {showable(name): [] for name, value in item if value == []}
        for name, text in zip(record.names, record.values, strict=True):
            value = known[name, text] if (name, text) in known else _neutral(name, text)
            if lists.get(name, name in NAMES):
                values = result.setdefault(name, [])
                if isinstance(values, list):
                    values.append(value)
            else:
                result[name] = value
        return result

    def title(self, record: Record) -> str:
        """The title."""
        return record.first("title")

    def identity(self, record: Record) -> str:
        """DOI, else the item's id, else folded title and year."""
        return identity(record.first("DOI"), record.key, record.first("title"), year_of(record.first("issued")))


def _known(item: Pairs) -> dict[tuple[str, str], object]:
    """The plain value of each (name, text) of an item as it was read."""
    known: dict[tuple[str, str], object] = {}
    for name, value in item:
        parts: list[Json] = value if isinstance(value, list) and is_list(name, value) else [value]
        for text, part in zip(texts_of(name, value), parts, strict=True):
            known[showable(name), text] = plain(part)
    return known


def _neutral(name: str, text: str) -> object:
    """The CSL-JSON value of a text that did not come from the source."""
    if name in NAMES:
        return name_from_text(text)
    if name in DATES:
        parts = date_parts(text)
        return {"raw": text} if parts is None else {"date-parts": parts}
    return text


class _Embedded(_Csl):
    """CSL-JSON that stands within something else, where nobody sees its lines."""

    def span(self, record: Record, position: int | None, within: tuple[int, int] | None = None) -> Span | None:
        """None."""
        return None


CSL, _EMBEDDED = _Csl(), _Embedded()


class Library(Kept):
    """The items of one CSL-JSON text, lossless: the bytes are kept as they were."""

    format = "csl"

    def __init__(self, data: bytes, name: str | None = None) -> None:
        self.text, self.bom, self.codec = decode(data)
        lines = _LazyLines(self.text)
        items = enumerate(_items(self.text))
        places = ((Place(self.text, lines, start, end, item), index) for index, (start, end, item) in items)
        super().__init__(data, name, [_record(place, index) for place, index in places])


def read(data: bytes, *, name: str | None = None) -> Library:
    """Reads an array of CSL-JSON items, `{"items": [...]}`, or a single item, in UTF-8, UTF-16 or UTF-32.

    Raises SourceError, with line and column, when the bytes are not JSON or the JSON is not made of items.
    """
    return Library(data, name)


def embedded(items: Iterable[Mapping[str, object]]) -> list[Record]:
    """Items that come from no text of their own, such as a citation's data, as records without lines."""
    library = Library(json.dumps(list(items)).encode())
    return [Record(_EMBEDDED, one.type, one.names, one.values, one.index, one.key, one.place) for one in library]


def write(library: Library) -> bytes:
    """The bytes the library was read from; `write(read(data)) == data`."""
    return bytes(library)


def apply(source: Library | bytes | str, index: int, edits: Iterable[Edit]) -> bytes:
    """The bytes of the whole source after edits to the fields of its item `index`; all others stay as they are.

    Raises SourceError when an edit was computed on another value than the one that stands there.
    """
    library = _library(source)
    if not 0 <= index < len(library):
        raise SourceError(f"has no item {index}: it has {len(library)}, counted from 0")
    place = library[index].place
    if not isinstance(place, Place):  # pragma: no cover - read() makes no other
        raise TypeError("not a record of this format")
    item = edited(library.text, place.start, place.end, place.item, edits)
    text = library.text[: place.start] + item + library.text[place.end :]
    return library.bom + text.encode(library.codec)


def apply_to_item(record: Record, edits: Iterable[Edit]) -> Record:
    """The item with the edits carried out, as the only item of a text of its own; `stitched` puts it back.

    Raises SourceError when an edit was computed on another value than the one that stands there.
    """
    place = record.place
    if not isinstance(place, Place):
        raise SourceError(f"item {record.index} was not read from CSL-JSON")
    new = Library(edited(place.text, place.start, place.end, place.item, edits).encode())[0]
    new.index = record.index
    return new


def stitched(library: Library, items: Iterable[Record]) -> bytes:
    """The library's bytes with the given items in the place of those they were made from; all else stays."""
    text = library.text
    for record in sorted(items, key=lambda item: item.index, reverse=True):
        new, old = record.place, library[record.index].place
        if isinstance(new, Place) and isinstance(old, Place):
            text = text[: old.start] + new.text[new.start : new.end] + text[old.end :]
    return library.bom + text.encode(library.codec)


def _library(source: Library | bytes | str) -> Library:
    if isinstance(source, Library):
        return source
    return Library(source.encode() if isinstance(source, str) else source)


def _items(text: str) -> Iterator[tuple[int, int, Pairs]]:
    """Offsets and members of each item of a text."""
    start = skip_blanks(text, 0)
    if text[start : start + 1] == "[":
        yield from _array(text, start)
        return
    value, end = parse(text, start)
    _expect_end(text, end)
    if not isinstance(value, Pairs):
        raise SourceError("is not CSL-JSON: it holds neither a list of items nor an item")
    if isinstance(value.last("items"), list):
        for (key, _), member in zip(reversed(value), reversed(members(text, start)), strict=True):
            if key == "items":
                yield from _array(text, member.value_start, last=False)
                return
    if not {"id", "type", "title"} & {key for key, _ in value}:
        raise SourceError('is not CSL-JSON: the object has none of "items", "id", "type" and "title"')
    yield start, end, _item(text, start, value)


def _array(text: str, start: int, *, last: bool = True) -> Iterator[tuple[int, int, Pairs]]:
    at = skip_blanks(text, start + 1)
    if text[at : at + 1] == "]":
        at += 1
    else:
        while True:
            value, end = parse(text, at)
            yield at, end, _item(text, at, value)
            at = skip_blanks(text, end)
            mark = text[at : at + 1]
            if mark not in (",", "]") or not mark:
                raise fault(text, at, "Expecting ',' delimiter")
            at += 1
            if mark == "]":
                break
            at = skip_blanks(text, at)
    if last:
        _expect_end(text, at)


def _expect_end(text: str, at: int) -> None:
    at = skip_blanks(text, at)
    if at < len(text):
        raise fault(text, at, "Extra data")


def _item(text: str, start: int, value: Json) -> Pairs:
    if not isinstance(value, Pairs):
        line, column = Lines(text).place(start)
        raise SourceError(f"is not CSL-JSON: line {line}, column {column}: an item must be an object")
    data = value.last("data")
    if value.last("itemType") is not None or (isinstance(data, Pairs) and data.last("itemType") is not None):
        raise SourceError("is Zotero's own JSON, not CSL-JSON")
    return value


def _record(place: Place, index: int) -> Record:
    names: list[str] = []
    values: list[str] = []
    for name, value in place.item:
        texts = texts_of(name, value)
        names += [showable(name)] * len(texts)
        values += texts
    type_, key = place.item.last("type"), place.item.last("id")
    known = str(type_) if isinstance(type_, str) and type_ in TYPES else "document"
    identity = showable(str(key)) if isinstance(key, str | Number) else None
    return Record(CSL, known, tuple(names), tuple(values), index, identity, place)
