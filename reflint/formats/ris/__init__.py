"""RIS: read any file that calls itself so, without loss, and write it back byte for byte."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Protocol

from reflint.errors import SourceError
from reflint.formats.ris.chunks import Reader, Segment
from reflint.formats.ris.encoding import BOM_LENGTH, split_bom
from reflint.formats.ris.places import Place
from reflint.formats.ris.tags import tags_of, variable_of
from reflint.model.dates import year_of
from reflint.model.finding import identity
from reflint.model.identifiers import doi_key
from reflint.model.patterns import lazy
from reflint.model.record import Record, Span

__all__ = ["RIS", "Library", "Place", "Segment", "Stream", "read", "recognise", "stream", "write"]


class _Ris:
    """RIS as a Format: what the engine and the reporters ask of a record."""

    name = "ris"

    def variable(self, record: Record, position: int) -> str | None:
        """The CSL variable that the tag at `position` means for the record's type."""
        return variable_of(record.names[position], record.type)

    def span(self, record: Record, position: int | None, within: tuple[int, int] | None = None) -> Span | None:
        """The lines of the field, or the record's first line; `within` narrows to code points of the value."""
        place = record.place
        if not isinstance(place, Place):
            return None
        at = position or 0  # the record's first line is that of its first field
        if place.one_line_fields and record.values[at]:
            offsets = within or (-len(CANONICAL_HEAD), len(record.values[at]))
            line, column = place.line + at, 1 + len(CANONICAL_HEAD)
            return Span(line, column + offsets[0], line, column + offsets[1])
        if position is None:
            first = place.lines[0]
            return Span(*place.at(0), *place.at(0, len(first.head + first.value)))
        start, stop = place.ranges[position]
        while stop > start + 1 and not place.lines[stop - 1].value:
            stop -= 1
        if within is not None and record.values[position]:
            begin = _locate(place, start, stop, within[0])
            end = _locate(place, start, stop, within[1])
            return Span(*begin, *end)
        last = place.lines[stop - 1]
        return Span(*place.at(start), *place.at(stop - 1, len(last.head + last.value)))

    def csl(self, record: Record) -> dict[str, object]:
        """The record as a CSL-JSON item."""
        from reflint.formats.ris.neutral import csl_item

        return csl_item(record)

    def title(self, record: Record) -> str:
        """The title under whichever tag has it."""
        return record.first(*tags_of("title", record.type))

    def identity(self, record: Record) -> str:
        """DOI, else folded title and year; never ID, which every export numbers anew."""
        return _identity(record)


@lru_cache(maxsize=1)  # each of a record's findings asks
def _identity(record: Record) -> str:
    doi = doi_key(record.first("DO"))
    if doi:
        return doi
    year = next((found for found in map(year_of, record.all("DA", "PY", "Y1")) if found), None)
    return identity("", None, RIS.title(record), year)


def _locate(place: Place, start: int, stop: int, offset: int) -> tuple[int, int]:
    """Line and column of a code point offset in a value that spans several lines."""
    for number in range(start, stop):
        line = place.lines[number]
        if offset <= len(line.value) or number == stop - 1:
            return place.at(number, len(line.head) + min(offset, len(line.value)))
        offset -= len(line.value) + 1
    return place.at(start)


RIS = _Ris()


class Readable(Protocol):
    """A file opened in binary mode, as far as it is needed here."""

    def read(self, size: int = -1, /) -> bytes:
        """Up to `size` bytes, all that is left without it; `b""` at the end."""


class Stream:
    """The segments of one RIS source, with what is true of the whole: byte order mark, codec, line ends seen so far.

    Iterate once (or `read` the bytes behind the mark, as UTF-8). The bytes of `bom` and of all segments (encoded again
    where `codec` is UTF-16 or UTF-32) are the source.
    """

    def __init__(self, file: Readable, *, plain: bool = False) -> None:
        head = file.read(BOM_LENGTH)
        self.bom, self.codec = split_bom(head)
        self.reader = Reader(RIS, plain=plain)
        rest = head[len(self.bom) :]
        if self.codec != "utf-8":
            data = rest + file.read()
            try:
                text = data.decode(self.codec)
            except UnicodeDecodeError as error:
                raise SourceError(
                    f"begins with the byte order mark of {self.codec.upper()} but is not written in it: {error.reason} "
                    f"at byte {error.start + len(self.bom)}"
                ) from None
            self.read: Callable[[int], bytes] = io.BytesIO(text.encode("utf-8")).read
        else:
            self.read = _after(rest, file)

    def __iter__(self) -> Iterator[Segment]:
        return self.reader.segments(self.read)

    def encoded(self, raw: bytes) -> bytes:
        """Bytes of a segment as they stand in the source's own encoding."""
        return raw if self.codec == "utf-8" else raw.decode("utf-8").encode(self.codec)


def _after(head: bytes, file: Readable) -> Callable[[int], bytes]:
    def read(size: int) -> bytes:
        nonlocal head
        if head:
            first, head = head, b""
            return first + file.read(size)
        return file.read(size)

    return read


class Library:
    """The records of one RIS text, lossless: the bytes are kept as they were.

    Iterable over Records; `len` counts them. `segments` are the records and what stands between them.
    """

    format = "ris"

    def __init__(self, data: bytes, name: str | None = None, *, plain: bool = False) -> None:
        self.data = data
        self.name = name
        try:
            self._stream = Stream(io.BytesIO(data), plain=plain)
            self.segments = list(self._stream)
        except SourceError:
            self._stream = Stream(io.BytesIO(b""))
            self.segments = [Segment(data, 1, None)] if data else []
        self._records = [segment.record for segment in self.segments if segment.record is not None]

    def __iter__(self) -> Iterator[Record]:
        return iter(self._records)

    def __len__(self) -> int:
        return len(self._records)

    def __bytes__(self) -> bytes:
        return self._stream.bom + b"".join(self._stream.encoded(segment.raw) for segment in self.segments)


def read(data: bytes, *, name: str | None = None) -> Library:
    """Reads RIS text. Never fails: what is no record stays as a segment without one.

    Use `recognise` to learn whether the bytes are RIS at all.
    """
    return Library(data, name)


def write(library: Library) -> bytes:
    """The bytes the library was read from; `write(read(data)) == data` for any data."""
    return bytes(library)


def stream(file: Readable) -> Stream:
    """Reads RIS from a file opened in binary mode, segment by segment; memory stays flat.

    Raises SourceError when the file's byte order mark lies about its encoding.
    """
    return Stream(file)


CANONICAL_HEAD = "XX  - "
"""As long as every tag and separator of a record whose syntax is plain."""

_OTHERS = (
    (lazy(r"\s*PMID ?- ", re.A), "PubMed's own format (nbib); reflint reads it under the name .nbib"),
    (lazy(r"\s*(?:FN |VR )", re.A), "Web of Science plain text (ciw)"),
    (lazy(r"\s*PT [JBSP]\s*\n(?:AU|BA|BE|TI) ", re.A), "Web of Science plain text (ciw)"),
    (lazy(r"\s*%[0-9A-Z] ", re.A), "EndNote tagged text (enw)"),
    (lazy(r"\s*<(?![\d. ]+>)", re.A), "XML or HTML"),  # `<1. >` numbers the records of Ovid
    (lazy(r"\s*@\w+\s*[{(]", re.A), "BibTeX"),
    (lazy(r"\s*[\[{]\s*[\"{\]}\[]", re.A), "JSON"),
    (lazy(r"\s*(?:<\d+>\s*)?\n?\s*(?:VN  - |DB  - |Unique Identifier\s*\n)", re.A), "Ovid tagged text"),
)


def recognise(head: bytes, has_records: bool) -> str | None:
    """None when the source is RIS (or empty of anything but blanks), else what it is instead, in words.

    `head` is the source's beginning; `has_records` whether reading found any.
    """
    if has_records:
        return None
    if not head.strip():
        return None
    bom, codec = split_bom(head)
    if b"\0" in head and codec == "utf-8":
        return "binary data"
    text = head[len(bom) :].decode(codec, "replace")
    for pattern, name in _OTHERS:
        if pattern.match(text):
            return name
    if "\ufffd" in text and text.count("\ufffd") > len(text) / 10:
        return "binary data"
    return "no RIS: no line begins with TY or ends a record with ER"
