"""JSON as text: decoded bytes, where each value stands, and containers rewritten with all that did not change kept."""

from __future__ import annotations

import codecs
import json
import re
from bisect import bisect_right
from typing import Any, NamedTuple, TypeAlias

from reflint.errors import SourceError

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_BLANKS = re.compile(r"[ \t\n\r]*")
MAX_DEPTH = 100
"""Far beyond any item; a value that is deeper would exhaust the interpreter's stack sooner or later."""
_LINE_END = re.compile(r"\r\n|\n|\r")
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_CODE_POINT = re.compile(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.|.", re.DOTALL
)


class Number(str):
    """A JSON number (or NaN, Infinity) as it is written: no digit is lost, however many there are."""

    __slots__ = ()


class Pairs(tuple[tuple[str, "Json"], ...]):
    """A JSON object as it is written: members in order, repeated keys kept."""

    __slots__ = ()

    def last(self, key: str) -> Json:
        """The value a JSON reader takes for `key`: the last one; None if there is none."""
        found: Json = None
        for name, value in self:
            if name == key:
                found = value
        return found


Json: TypeAlias = str | Number | bool | list["Json"] | Pairs | None

# Control characters inside strings are let in: a bad value is a finding, not an exception.
_DECODER = json.JSONDecoder(
    object_pairs_hook=Pairs, parse_int=Number, parse_float=Number, parse_constant=Number, strict=False
)
_LOADER = json.JSONDecoder(strict=False)
_SCANNER = json.JSONDecoder(parse_int=str, parse_float=str, strict=False)
"""For keys and the ends of values: what a number is does not matter."""


class Part(NamedTuple):
    """A member of an object or an element of an array: its stretch of the text, and that of its value alone."""

    start: int
    value_start: int
    end: int


def decode(data: bytes) -> tuple[str, bytes, str]:
    """Text, byte order mark and codec of JSON bytes. UTF-16 and UTF-32 need no mark: JSON begins with ASCII."""
    bom, codec = next(((bom, codec) for bom, codec in _BOMS if data.startswith(bom)), (b"", ""))
    if not codec:
        codec = json.detect_encoding(data)
    try:
        return data[len(bom) :].decode(codec), bom, codec
    except UnicodeDecodeError as error:
        at = error.start + len(bom)
        raise SourceError(f"is not valid {codec.upper()}: {error.reason} at byte {at}; save it as UTF-8") from None


def skip_blanks(text: str, at: int) -> int:
    """The offset of the first character from `at` that is not JSON white space."""
    match = _BLANKS.match(text, at)
    return match.end() if match else at


def parse(text: str, at: int) -> tuple[Json, int]:
    """The JSON value that begins at `at`, and the offset of its end. SourceError (line, column) if none does."""
    value: Json
    end: int
    try:
        value, end = _DECODER.raw_decode(text, at)
    except json.JSONDecodeError as error:
        raise fault(text, error.pos, error.msg) from None
    except RecursionError:
        raise fault(text, at, "nested too deep") from None
    if _deeper_than(value, MAX_DEPTH):
        raise fault(text, at, "nested too deep")
    return value, end


def _deeper_than(value: Json, depth: int) -> bool:
    """Whether containers stand within containers more than `depth` times; without recursion."""
    level: list[list[Json] | Pairs] = [value] if isinstance(value, list | Pairs) else []
    for _ in range(depth):
        inner: list[list[Json] | Pairs] = []
        for container in level:
            children = container if isinstance(container, list) else [child for _, child in container]
            inner += [child for child in children if isinstance(child, list | Pairs)]
        if not inner:
            return False
        level = inner
    return bool(level)


def fault(text: str, at: int, what: str) -> SourceError:
    """The error for invalid JSON at an offset."""
    line, column = Lines(text).place(at)
    return SourceError(f"is not valid JSON: line {line}, column {column}: {what}")


def members(text: str, start: int) -> list[Part]:
    """The members of the object that begins at `start` (valid JSON)."""
    parts = []
    at = skip_blanks(text, start + 1)
    while text[at] != "}":
        _, key_end = _SCANNER.raw_decode(text, at)
        value_start = skip_blanks(text, skip_blanks(text, key_end) + 1)
        _, end = _SCANNER.raw_decode(text, value_start)
        parts.append(Part(at, value_start, end))
        at = _next(text, end)
    return parts


def elements(text: str, start: int) -> list[Part]:
    """The elements of the array that begins at `start` (valid JSON)."""
    parts = []
    at = skip_blanks(text, start + 1)
    while text[at] != "]":
        _, end = _SCANNER.raw_decode(text, at)
        parts.append(Part(at, at, end))
        at = _next(text, end)
    return parts


def _next(text: str, end: int) -> int:
    at = skip_blanks(text, end)
    return skip_blanks(text, at + 1) if text[at] == "," else at


def stitch(text: str, start: int, end: int, parts: list[Part], final: list[tuple[int | None, str]]) -> str:
    """A container (`start` to `end`) with other contents: `final` lists them as (index of the old part, text).

    What stood between two parts that still follow each other stays; elsewhere the container's own way to separate
    parts is used.
    """
    if not parts:
        inner = ", ".join(part for _, part in final) if final else text[start + 1 : end - 1]
        return text[start] + inner + text[end - 1]
    lead, tail = text[start + 1 : parts[0].start], text[parts[-1].end : end - 1]
    usual = text[parts[0].end : parts[1].start] if len(parts) > 1 else "," + (lead or " ")
    out = [text[start], lead]
    before: int | None = None
    for position, (index, part) in enumerate(final):
        if position:
            together = before is not None and index == before + 1
            out.append(text[parts[before].end : parts[before + 1].start] if together and before is not None else usual)
        out.append(part)
        before = index
    return "".join([*out, tail, text[end - 1]])


def dump(value: str, text: str) -> str:
    """A JSON string, escaped as `text` does it: to ASCII if `text` is ASCII by means of escapes."""
    ascii_only = (text.isascii() and "\\u" in text) or _LONE_SURROGATE.search(value) is not None
    return json.dumps(value, ensure_ascii=ascii_only)


def showable(value: str) -> str:
    """The text with lone surrogates (half a character, from a cut escape) as U+FFFD: they can't be written anywhere."""
    return value if value.isascii() else _LONE_SURROGATE.sub("\ufffd", value)


def within_string(text: str, start: int, first: int, last: int) -> tuple[int, int]:
    """Offsets in `text` of the code points `first` to `last` of the string literal that begins at `start`."""
    at, stop = start + 1, 0
    begin = end = at
    while text[at] != '"':
        if stop == first:
            begin = at
        if stop == last:
            end = at
        match = _CODE_POINT.match(text, at)
        at = match.end() if match else at + 1
        stop += 1
    begin = at if first >= stop else begin
    return begin, at if last >= stop else end


class Lines:
    """Line and column (1-based, in code points) of each offset of a text."""

    __slots__ = ("_starts",)

    def __init__(self, text: str) -> None:
        self._starts = [0, *(match.end() for match in _LINE_END.finditer(text))]

    def place(self, offset: int) -> tuple[int, int]:
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1


def load(text: str) -> Any:
    """The whole text as ordinary Python values. SourceError, with line and column, when it is not JSON."""
    try:
        return _LOADER.decode(text)
    except json.JSONDecodeError as error:
        raise fault(text, error.pos, error.msg) from None
    except RecursionError:
        raise fault(text, 0, "nested too deep") from None
    except ValueError:  # an integer of more digits than Python reads
        raise fault(text, 0, "a number has too many digits") from None


def rewritten(text: str, start: int, old: Any, new: Any) -> str:
    """The value that begins at `start` (`old`, as `load` reads it) with what differs in `new` written anew.

    All that is the same in both keeps its very characters, blanks and escapes among them; members and elements that
    `new` lacks go, those it has besides come where they stand in it (members: last).
    """
    _, end = _SCANNER.raw_decode(text, start)
    if type(old) is type(new) and old == new:
        return text[start:end]
    if isinstance(old, dict) and isinstance(new, dict):
        return _rewritten_object(text, start, end, old, new)
    if isinstance(old, list) and isinstance(new, list):
        return _rewritten_array(text, start, end, old, new)
    return _dumped(new, text)


def _rewritten_object(text: str, start: int, end: int, old: dict[str, Any], new: dict[str, Any]) -> str:
    parts = members(text, start)
    keys = [_SCANNER.raw_decode(text, part.start)[0] for part in parts]
    last = {key: index for index, key in enumerate(keys)}
    final: list[tuple[int | None, str]] = []
    for index, (key, part) in enumerate(zip(keys, parts, strict=True)):
        if key in new:
            known = last[key] == index  # of repeated members the last one counts
            value = (
                rewritten(text, part.value_start, old[key], new[key]) if known else text[part.value_start : part.end]
            )
            final.append((index, text[part.start : part.value_start] + value))
    head = text[parts[0].start : parts[0].value_start] if parts else ": "
    colon = ": " if head[-1:].isspace() else ":"
    final += [(None, dump(key, text) + colon + _dumped(new[key], text)) for key in new if key not in last]
    return stitch(text, start, end, parts, final)


def _rewritten_array(text: str, start: int, end: int, old: list[Any], new: list[Any]) -> str:
    parts = elements(text, start)
    final: list[tuple[int | None, str]] = []
    for index, value in _matched(old, new):
        written = _dumped(value, text) if index is None else rewritten(text, parts[index].start, old[index], value)
        final.append((index, written))
    return stitch(text, start, end, parts, final)


def _matched(old: list[Any], new: list[Any]) -> list[tuple[int | None, Any]]:
    """Each element of `new` with the index of the one of `old` that it is, or was before it changed; None: it is new.

    Equal elements belong together; between them, elements that changed are matched one by one from the left, as long
    as there are old ones to match.
    """
    from difflib import SequenceMatcher

    keys_old, keys_new = ([json.dumps(value, sort_keys=True) for value in side] for side in (old, new))
    matched: list[tuple[int | None, Any]] = []
    for kind, a, b, c, d in SequenceMatcher(None, keys_old, keys_new, autojunk=False).get_opcodes():
        known = range(a, b) if kind in ("equal", "replace") else range(0)
        matched += [(known[n] if n < len(known) else None, value) for n, value in enumerate(new[c:d])]
    return matched


def _dumped(value: Any, text: str) -> str:
    """A value as JSON, with the escapes of `text`."""
    if isinstance(value, str):
        return dump(value, text)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{dump(key, text)}: {_dumped(one, text)}" for key, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_dumped(one, text) for one in value) + "]"
    return json.dumps(value)
