"""What a line of RIS is: the grammar, line by line. The fast reader in chunks.py must agree with it."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from reflint.formats.ris.tags import CSL_TYPES, NATIVE_TAGS, TAGS, TYPE_ALIASES
from reflint.model.patterns import lazy


class Line(NamedTuple):
    """One physical line: `head + value + end` is the text as it stands.

    `tag` is upper case, `""` on a continuation line; `head` is all that stands before the value (tag and separator).
    """

    tag: str
    head: str
    value: str
    end: str


class Dialect(NamedTuple):
    """How the tag lines of one record are spelt, read off its TY line.

    `line` matches the head of a tag line; `split` cuts a record's text into tags and values where lines end with LF,
    `split_crlf` where they end with CRLF (None where only the plain reader serves). `odd_end`: the record has no proper
    ER line, so an ER in any spelling ends it.
    """

    canonical: bool
    line: re.Pattern[str]
    split: re.Pattern[str] | None
    split_crlf: re.Pattern[str] | None
    odd_end: bool = False


TYPE_LINE = lazy(
    r"(?P<indent> {0,3})(?P<tag>[Tt][Yy])(?P<before>[ \t]{0,4})(?P<dash>[-–])(?P<after>[ \t]*)(?P<value>.*)", re.S
)
_ODD_END = lazy(r"(ER[ \t]{0,4}[-–])[ \t]*\Z")
_LINES = lazy(r"([^\n]*?)(\r*\n(?:\r+(?![\r\n]))?|\r*\Z)")
_CR_LINES = lazy(r"([^\r]*)(\r|\Z)")
_SEPARATOR = r"  -(?: (?:[^\S\r\n]+(?=\r?\n|\Z))?|(?=\r?\n|\Z))"
_CANONICAL = "[A-Za-z][A-Za-z0-9]" + _SEPARATOR
_PLAIN_TYPE = lazy(r"[A-Z]{3,8}\Z")


def _dialect(indent: bool, before: str, dash: str, tight: bool, lower: bool) -> Dialect:
    known = "|".join(sorted(TAGS | NATIVE_TAGS))
    if lower:
        known = f"(?i:{known})"
    gap = r"" if tight else r"(?:[ \t]|(?=\r?\n|\Z))"
    separator = f"(?:  |{re.escape(before)})[-{dash}]{gap}"
    line = re.compile(f"(?:{_CANONICAL}|{' {0,3}' if indent else ''}(?:{known}){separator})[ \t]*")
    # An indented dialect has no split patterns: it is rare, and its reader is the plain one.
    tag = rf"(?:{known})(?={separator})|[A-Za-z][A-Za-z0-9](?=  -(?: |\r?\n|\Z))"
    rest = rf"({tag})[ \t]{{0,4}}[-–][ \t]*"
    return Dialect(False, line, *_split_patterns(None if indent else rest))


def _split_patterns(tag_line: str | None) -> tuple[re.Pattern[str] | None, re.Pattern[str] | None]:
    # A pattern that begins with one literal character is searched several times faster than any other.
    return (re.compile("\n" + tag_line), re.compile("\r\n" + tag_line)) if tag_line else (None, None)


CANONICAL = Dialect(True, re.compile(_CANONICAL), *_split_patterns("([A-Za-z][A-Za-z0-9])" + _SEPARATOR))
_deviating = cache(_dialect)


_WRITTEN_TAGS = TAGS | NATIVE_TAGS


@cache
def dialect_of(type_line: str) -> Dialect | None:
    """The dialect that a record's first line announces, or None when the line is no TY line.

    A canonical TY line may hold anything. In any other spelling the value must be a type or a single upper-case word,
    so that `TY-3 cells` inside an abstract stays text.
    """
    match = TYPE_LINE.match(type_line)
    if not match:
        return None
    indent, tag, before, dash, after, value = match.groups()
    value = value.strip()
    spaced = bool(after) or not value
    if not indent and before == "  " and dash == "-" and spaced:
        if tag == "TY":
            plain = CANONICAL.line.match(type_line) and not (after[1:] and value)
            return CANONICAL if plain else _deviating(False, "  ", "-", False, False)
        return _deviating(False, "  ", "-", False, True) if _is_type(value.upper()) else None
    if tag != tag.upper() and tag != tag.lower():
        return None
    if not _is_type(value if tag == "TY" else value.upper()):
        return None
    return _deviating(bool(indent), before, dash, not spaced, tag != "TY")


def _is_type(value: str) -> bool:
    return not value or value in CSL_TYPES or value.upper() in TYPE_ALIASES or bool(_PLAIN_TYPE.match(value))


def physical_lines(text: str, cr_only: bool = False) -> list[tuple[str, str]]:
    """The lines of a text as (content, line end). Only LF ends a line, with the CRs around it; CR in a CR-only file."""
    returns = text.count("\r")
    if not returns or (not cr_only and returns == text.count("\r\n") == text.count("\n")):
        end = "\r\n" if returns else "\n"
        *ended, last = text.split(end)
        return [(content, end) for content in ended] + ([(last, "")] if last else [])
    pattern = _CR_LINES if cr_only else _LINES
    found = [(m[1], m[2]) for m in pattern.finditer(text)]
    while found and found[-1] == ("", ""):
        found.pop()
    return found


def read_line(content: str, end: str, dialect: Dialect) -> Line:
    """One physical line, taken apart by the dialect of its record."""
    if content[2:6] == "  - " and content[:2] in _WRITTEN_TAGS and content[6:7] > " " and dialect.canonical:
        return Line(content[:2], content[:6], content[6:], end)  # what nearly all lines are
    match = dialect.line.match(content)
    if match:
        head = match[0]
        written = head.strip().rstrip("-–\t ")
        tag = written.upper()
        if written == tag or tag in TAGS:
            return Line(tag, head, content[len(head) :], end)
    if dialect.odd_end and _ODD_END.match(content):
        return Line("ER", content, "", end)
    return Line("", "", content, end)


def read_lines(text: str, dialect: Dialect, cr_only: bool = False) -> list[Line]:
    """All lines of a record's text, taken apart. Joining head, value and end of each gives the text back."""
    return [read_line(content, end, dialect) for content, end in physical_lines(text, cr_only)]


def fields_of(lines: list[Line]) -> tuple[tuple[str, ...], tuple[str, ...], list[tuple[int, int]]]:
    """Names, values and line ranges (first, last + 1) of the fields of a record; ER is no field.

    A value's continuation lines are joined with LF; blank lines at its end belong to no field; a blank value is `""`.
    """
    names: list[str] = []
    values: list[str] = []
    ranges: list[tuple[int, int]] = []
    parts: list[str] = []
    first = 0

    def close(tag: str, stop: int) -> None:
        while len(parts) > 1 and not parts[-1]:
            parts.pop()
            stop -= 1
        value = "\n".join(parts)
        names.append(tag)
        values.append("" if value.isspace() else value)
        ranges.append((first, stop))

    tag = ""
    for number, line in enumerate(lines):
        if line.tag:
            if tag and tag != "ER":
                close(tag, number)
            tag, parts, first = line.tag, [line.value], number
        elif tag:
            parts.append(line.value)
    if tag and tag != "ER":
        close(tag, len(lines))
    return tuple(names), tuple(values), ranges
