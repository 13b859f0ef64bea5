"""RIS bytes to records, in chunks: cuts a file at its TY lines and reads each piece, regular ones by one split.

Memory stays flat whatever the size of the file. A piece that is not plain (no ER, fields behind ER, lower-case tags,
no TY ...) goes to the reader line by line, which defines what is right.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from sys import intern
from typing import NamedTuple

from reflint.formats.ris.encoding import guess
from reflint.formats.ris.lines import (
    CANONICAL,
    Dialect,
    Line,
    dialect_of,
    fields_of,
    physical_lines,
    read_line,
    read_lines,
)
from reflint.formats.ris.places import Place
from reflint.formats.ris.tags import csl_type
from reflint.model.record import Format, Record

CHUNK = 1 << 18
_CR_DECISION = 1 << 22
# Exporters lose line ends: `ER  -TY  - JOUR` stands in real files.
_START = re.compile(rb"\n(?=[TtE\r ][YyRTtE\r ])\r*(?:ER {0,2}- ?(?=TY))?( {0,3}[Tt][Yy][ \t]*[-\xe2])")
LF_CR = re.compile(rb"\n\r+(?![\r\n])")
"""A line end with the CR behind the LF, as IEEE Xplore has between records; that CR is no part of the next line."""
_END = re.compile(rb"\nER[ \t]*-[ \t]*\r*\n(?:[ \t]*\r*\n)*")
_LIKE_A_TAG = re.compile(rb"^\s{0,4}[A-Za-z][A-Za-z0-9]{1,4}[ \t]*[-\xe2]", re.M)
"""More than any dialect takes for a tag line."""
_FIRST_LINE = re.compile(r"[^\n]*?(?=\r*(?:\n|\Z))")
_TITLE_TAGS = ("TI", "T1", "CT", "BT", "ST")
_AUTHOR_TAGS = ("AU", "A1")
_BLANKS = frozenset([" ", "\t"])
_TYPE_MEMO_CAP = 4096
_SHAPE_MEMO_CAP = 4_000


class Segment(NamedTuple):
    """A stretch of a RIS file: a record, or (record None) what stands between records.

    The `raw` of all segments in order is the file; `line` is the number of the segment's first line.
    """

    raw: bytes
    line: int
    record: Record | None


_types: dict[str, tuple[Dialect, str, str] | None] = {}
"""A text up to its second tag -> dialect, TY value and CSL type. Few are ever seen."""
_shapes: dict[str, tuple[str, ...]] = {}
"""The tags of a plain record run together -> the names of its fields; () for tags that are not plain."""


class Reader:
    """Reads segments from a byte stream. `format` is what the records it makes will name as theirs.

    `behind`: how many code points stand on the stream's first line before it.
    """

    def __init__(self, format: Format, *, plain: bool = False, cr_only: bool | None = None, behind: int = 0) -> None:
        self.format = format
        self.plain = plain
        self._behind = behind
        self.cr_only = bool(cr_only)
        self._undecided = cr_only is None
        self.index = 0
        self.line = 1
        self.line_ends = {"\n": 0, "\r\n": 0, "\r\r\n": 0, "\n\r": 0}

    def segments(self, read: Callable[[int], bytes]) -> Iterator[Segment]:
        """All segments of the stream that `read(size)` gives chunk by chunk; UTF-8 or a superset of ASCII, no BOM."""
        held = b""  # what may still belong to the record that follows: stray fields, or a TY line alone
        for piece, typed in self._pieces(read):
            if held:
                if typed and self._belongs_to(held, piece):
                    piece, held = held + piece, b""
                else:
                    yield from self._emit(self._loose(held))
                    held = b""
            if not (self.plain or self._behind):
                record, stray = piece, b""
                if not piece[-32:].rstrip().endswith(b"-"):  # as `ER  - ` does: nothing stands behind it
                    record, stray = self._without_stray(piece)
                segment = self._regular(record)
                if segment:
                    yield segment
                    held = stray
                    continue
            parts, held = self._taken_apart(piece)
            yield from self._emit(parts)
        if held:
            yield from self._emit(self._loose(held))

    def _pieces(self, read: Callable[[int], bytes]) -> Iterator[tuple[bytes, bool]]:
        """The stream cut before each TY line: (bytes, whether they begin with a TY line)."""
        chunk = _with_a_line_feed(read)
        if self._undecided:
            self.cr_only = b"\n" not in chunk and b"\r" in chunk
            self._undecided = False
        buffer, searched = b"", 0
        typed: bool | None = None
        while chunk:
            buffer += chunk
            chunk = read(CHUNK)
            text = buffer.replace(b"\r", b"\n") if self.cr_only else buffer
            if typed is None:
                typed = self._announces(text, 0)
            begin = 0
            for match in _START.finditer(text, searched):
                start = match.start(1)
                if chunk and text.find(b"\n", start) < 0:
                    break  # the line is not all here yet
                if text.startswith(b"TY  - ", start) or self._announces(text, start):
                    yield buffer[begin:start], typed
                    begin, typed = start, True
            last = text.rfind(b"\n")
            searched = max(0, (last if last >= 0 else len(text)) - begin)
            buffer = buffer[begin:]
        if buffer:
            yield buffer, bool(typed)

    def _announces(self, text: bytes, start: int) -> bool:
        """Whether the line that begins at `start` is a TY line."""
        end = text.find(b"\n", start)
        line = text[start : end if end >= 0 else None].rstrip(b"\r")
        return dialect_of(line.decode("utf-8", "replace")) is not None

    def _type(self, first_lines: str) -> tuple[Dialect, str, str] | None:
        """Dialect, TY value and CSL type of a text up to its second tag; memoised, for they are few."""
        dialect = dialect_of(_FIRST_LINE.match(first_lines)[0])  # type: ignore[index]
        found = None
        if dialect:
            names, values, _ = fields_of(read_lines(first_lines, dialect))
            found = (dialect, values[0], csl_type(values[0])) if names[:1] == ("TY",) else None
        if len(_types) < _TYPE_MEMO_CAP:
            _types[first_lines] = found
        return found

    def _regular(self, raw: bytes) -> Segment | None:  # noqa: C901 (hot path: in one piece, for calls cost)
        """The piece as one record, if it is plain: TY first, ER last and once, upper-case tags, UTF-8. Else None."""
        try:
            text = raw.decode()
        except UnicodeDecodeError:
            return None
        returns, newlines = raw.count(b"\r") if b"\r" in raw else 0, raw.count(b"\n")
        if returns and self.cr_only:
            text, returns, newlines = text.replace("\r", "\n"), 0, returns
        dialect = CANONICAL
        if text[:6] != "TY  - " or text[6:7] in _BLANKS:
            dialect = dialect_of(_FIRST_LINE.match(text)[0]) or CANONICAL  # type: ignore[index]
        if dialect.split is None or dialect.split_crlf is None:
            return None
        exact = False
        if returns == newlines and returns:
            parts = dialect.split_crlf.split(text)
            end = parts[-1]
            exact = newlines - end.count("\n") == len(parts) // 2 and not end.replace("\r\n", "")
            if not exact:
                parts = dialect.split.split(_unix(text))  # values over several lines, or a lone CR
        else:
            parts = dialect.split.split(_unix(text) if returns else text)
        tags = parts[1::2]
        shape = "".join(tags)
        names = _shapes.get(shape)
        if names is None:
            names = self._names(shape, tags)
        head = _types.get(parts[0]) or self._type(parts[0])
        if not names or head is None:
            return None
        values = parts[2::2]
        end = values.pop()
        if end and not end.isspace():
            return None
        values.insert(0, head[1])
        one_line_fields = newlines - end.count("\n") == len(names)
        if not one_line_fields or dialect is not CANONICAL or (returns and not exact):
            values = [_without_blank_end(value) if value[-1:].isspace() else value for value in values]
        if exact:
            self.line_ends["\r\n"] += newlines
        else:
            self._line_ends(raw, returns, newlines)
        regular = dialect is CANONICAL
        place = Place(raw, self.line, "utf-8", dialect, self.cr_only, regular, regular and one_line_fields)
        record = Record(self.format, head[2], names, tuple(values), self.index, None, place)
        segment = Segment(raw, self.line, record)
        self.index += 1
        self.line += newlines
        if not end:
            self._goes_on(raw)
        return segment

    def _without_stray(self, raw: bytes) -> tuple[bytes, bytes]:
        """A piece and, apart from it, the mere text behind its first ER (`2.`, `Link to ...`); `b""` without any."""
        end = _END.search(raw)
        stray = raw[end.end() :] if end else b""
        apart = b" " < stray[:1] < b"\x7f" and self._is_mere_text(stray)
        return (raw[: -len(stray)], stray) if apart else (raw, b"")

    def _is_mere_text(self, raw: bytes) -> bool:
        """Whether no line is like a tag line of any dialect."""
        return not self.cr_only and not _LIKE_A_TAG.search(raw)

    def _names(self, shape: str, tags: list[str]) -> tuple[str, ...]:
        """A record's names from its tags, TY added, ER dropped; () if they are not plain. `shape`: all run together."""
        plain = tags[-1:] == ["ER"] and tags.count("ER") == 1 and shape.isupper()
        names = ("TY", *map(intern, tags[:-1])) if plain else ()  # one text for each tag, not for each record
        if len(_shapes) < _SHAPE_MEMO_CAP:
            _shapes[shape] = names
        return names

    def _line_ends(self, raw: bytes, returns: int, newlines: int) -> None:
        """Notes which line ends a stretch has, unless they are CRs; `returns` and `newlines` are its CRs and LFs."""
        if self.cr_only:
            return
        if not returns:
            self.line_ends["\n"] += newlines
            return
        with_return = raw.count(b"\r\n")
        doubled = raw.count(b"\r\r\n")
        if returns > with_return + doubled and LF_CR.search(raw):
            rest, turned = LF_CR.subn(b"", raw)
            self.line_ends["\n\r"] += turned
            self._line_ends(rest, rest.count(b"\r"), newlines - turned)
        else:
            self.line_ends["\r\n"] += with_return - doubled
            self.line_ends["\r\r\n"] += doubled
            self.line_ends["\n"] += newlines - with_return

    def _emit(self, parts: list[tuple[bytes, bool]]) -> Iterator[Segment]:
        """Segments of (bytes, is a record), numbered."""
        for raw, is_record in parts:
            if raw:
                self._line_ends(raw, raw.count(b"\r"), raw.count(b"\n"))
            if is_record:
                yield self._read(raw)
            elif raw:
                yield Segment(raw, self.line, None)
                self.line += raw.count(b"\r" if self.cr_only else b"\n")
            if raw:
                self._goes_on(raw)

    def _goes_on(self, raw: bytes) -> None:
        """Notes whether more may stand behind a stretch on its last line; that is an ER line then."""
        self._behind = 0 if raw.endswith((b"\n", b"\r")) else len(raw) - raw.rfind(b"ER")

    def _read(self, raw: bytes) -> Segment:
        """A record read line by line."""
        codec, lines, dialect = self._lines_of(raw)
        names, values, _ = fields_of(lines)
        type_value = values[names.index("TY")] if "TY" in names else ""
        place = Place(raw, self.line, codec, dialect, self.cr_only, behind=self._behind)
        segment = Segment(
            raw, self.line, Record(self.format, csl_type(type_value), names, values, self.index, None, place)
        )
        self.index += 1
        self.line += raw.count(b"\r" if self.cr_only else b"\n")
        return segment

    def _lines_of(self, raw: bytes) -> tuple[str, list[Line], Dialect]:
        codec = codec_of(raw)
        contents = physical_lines(raw.decode(codec), self.cr_only)
        dialect = next((d for d in map(dialect_of, (c for c, _ in contents)) if d), CANONICAL)
        lines = [read_line(content, end, dialect) for content, end in contents]
        if not any(line.tag == "ER" for line in lines):
            dialect = dialect._replace(odd_end=True)
            lines = [read_line(content, end, dialect) for content, end in contents]
        return codec, lines, dialect

    def _belongs_to(self, held: bytes, piece: bytes) -> bool:
        """Whether held lines are the beginning of the record in `piece`: it has no title of its own, or no authors and
        they have some, or it is preceded by nothing but another TY line."""
        if self._is_mere_text(held):
            return False
        if self._is_type_alone(held):
            return True
        names, _, _ = fields_of(self._up_to_end(piece))
        if not any(tag in names for tag in _TITLE_TAGS):
            return True
        before, _, _ = fields_of(self._lines_of(held)[1])
        return any(tag in before for tag in _AUTHOR_TAGS) and not any(tag in names for tag in _AUTHOR_TAGS)

    def _is_type_alone(self, raw: bytes) -> bool:
        said = [line for line in self._lines_of(raw)[1] if line.tag or line.value.strip()]
        return len(said) == 1 and said[0].tag == "TY"

    def _up_to_end(self, raw: bytes) -> list[Line]:
        lines = self._lines_of(raw)[1]
        stop = next((n for n, line in enumerate(lines) if line.tag == "ER"), len(lines))
        return lines[:stop]

    def _taken_apart(self, raw: bytes) -> tuple[list[tuple[bytes, bool]], bytes]:
        """A piece as (bytes, is a record) ..., and bytes that may belong to the next record."""
        codec, lines, _ = self._lines_of(raw)
        blocks = _blocks(lines)
        parts: list[tuple[bytes, bool]] = []
        for number, block in enumerate(blocks):
            data = "".join(line.head + line.value + line.end for line in block).encode(codec)
            typed = any(line.tag == "TY" for line in block)
            ended = any(line.tag == "ER" for line in block)
            if typed and ended:
                parts += self._typed_block(block, codec)
            elif ended:
                parts += self._loose(data)
            elif typed and number == len(blocks) - 1 and self._is_type_alone(data):
                return parts, data
            elif typed:
                parts += self._typed_block(block, codec)
            elif number == len(blocks) - 1:
                return parts, data
            else:
                parts += self._loose(data)
        return parts, b""

    def _typed_block(self, block: list[Line], codec: str) -> list[tuple[bytes, bool]]:
        """A block that holds a TY line; stray text before its first tag line is cut off."""
        first = next(n for n, line in enumerate(block) if line.tag)
        stray, record = (
            "".join(line.head + line.value + line.end for line in part).encode(codec)
            for part in (block[:first], block[first:])
        )
        return [(stray, False), (record, True)]

    def _loose(self, raw: bytes) -> list[tuple[bytes, bool]]:
        """Lines without a TY: a record if they end with ER, or hold a title among records; else stray content."""
        if self._is_mere_text(raw):
            return [(raw, False)]
        codec, lines, _ = self._lines_of(raw)
        tagged = [n for n, line in enumerate(lines) if line.tag and line.tag != "ER"]
        ended = any(line.tag == "ER" for line in lines)
        if tagged and (ended or (self.index and any(lines[n].tag in _TITLE_TAGS for n in tagged))):
            return self._typed_block(lines, codec)
        return [(raw, False)]


def _with_a_line_feed(read: Callable[[int], bytes]) -> bytes:
    """The beginning of a stream up to the chunk with its first LF (or 4 MB), which tells whether CR ends its lines."""
    head = chunk = read(CHUNK)
    while chunk and b"\n" not in chunk and len(head) < _CR_DECISION:
        chunk = read(CHUNK)
        head += chunk
    return head


def _blocks(lines: list[Line]) -> list[list[Line]]:
    """Lines cut behind each ER line and the blank lines that follow it."""
    blocks: list[list[Line]] = [[]]
    ended = False
    for line in lines:
        if ended and (line.tag or line.value.strip()):
            blocks.append([])
            ended = False
        blocks[-1].append(line)
        if line.tag == "ER":
            ended = True
    return [block for block in blocks if block]


def codec_of(raw: bytes) -> str:
    """UTF-8 where the bytes are valid UTF-8, else the likeliest single guess that gives the bytes back."""
    try:
        raw.decode()
    except UnicodeDecodeError:
        codec = guess(raw)
        return codec if raw.decode(codec).encode(codec) == raw else "latin-1"
    return "utf-8"


def _unix(text: str) -> str:
    """The text with LF for each line end, as physical_lines sees them; lone CRs inside lines stay."""
    while "\r\n" in text:
        text = text.replace("\r\n", "\n")
    while "\n\r" in text:
        text = text.replace("\n\r", "\n")
    return text


def _without_blank_end(value: str) -> str:
    value = value.rstrip("\n")
    return "" if value.isspace() else value
