"""Checks of RIS syntax: what the reader had to forgive. Only records whose syntax is not plain are looked at."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from reflint.engine.checks.base import Hit, Parameters, RecordTest, Scope, check, text
from reflint.errors import PackError
from reflint.formats.ris import Place
from reflint.formats.ris.lines import CANONICAL, Line
from reflint.model.edit import Edit
from reflint.model.patterns import lazy
from reflint.model.record import Record, Span
from reflint.model.text import number_of


@check("syntax")
def syntax(params: Parameters, scope: Scope) -> RecordTest:
    """The reader met `event`: separator, end-missing, text-after-end, type-missing, lower-case, not-utf8."""
    event = text(params, "event")
    of_place = _EVENTS.get(event)
    if of_place is None:
        raise PackError(f"unknown syntax event {event!r}")

    def run(record: Record) -> Iterable[Hit]:
        place = record.place
        return of_place(record, place) if isinstance(place, Place) else ()

    return RecordTest(run, regular=False)


_LIKE_A_TAG = lazy(r"\n[ \t]*[A-Z][A-Za-z0-9]{1,3} *-(?: |$)", re.MULTILINE)


@check("wrapped")
def wrapped(params: Parameters, scope: Scope) -> RecordTest:
    """A value goes on over several lines; where one of these looks like a tag line, they are not to be joined."""
    names = frozenset(scope.names)

    def run(record: Record) -> Iterable[Hit]:
        if isinstance(record.place, Place) and record.place.one_line_fields:
            return
        for position, name in enumerate(record.names):
            value = record.values[position]
            if name in names and "\n" in value and "\n" in value.strip():
                swallowed = _LIKE_A_TAG.search(value)
                note = ", one of which looks like a tag line" if swallowed else ""
                yield Hit(position, new=None if swallowed else " ".join(value.split()), note=note)

    return RecordTest(run, present=(names,))


@check("file")
def file(params: Parameters, scope: Scope) -> RecordTest:
    """A check of what is no record (`event`: stray-content, line-ends); never holds for one. See engine/files.py."""

    def never(record: Record) -> Iterable[Hit]:
        return ()

    return RecordTest(never, known=frozenset(["*"]), regular=False, blank=True)


def _separator(record: Record, place: Place) -> Iterable[Hit]:
    odd = [(n, line) for n, line in enumerate(place.lines) if line.tag and _deviates(line)]
    if not odd:
        return
    edits = tuple(_separator_edit(place, number, line) for number, line in odd)
    note = f"{len(odd)} of {sum(bool(line.tag) for line in place.lines)} tag lines, first `{odd[0][1].head}`"
    yield Hit(_position(place, odd[0][0]), edits=edits, note=note, place=_line_span(place, odd[0][0]))


def _deviates(line: Line) -> bool:
    head = line.head
    if not line.value and head.rstrip(" \t") == f"{line.tag}  -":
        return False
    if head[:2].upper() == line.tag and head[:2] != line.tag:
        head = line.tag + head[2:]  # the case of the tag is RIS006's business
    return CANONICAL.line.fullmatch(head) is None or (len(head) > len("XX  - ") and bool(line.value))


def _separator_edit(place: Place, number: int, line: Line) -> Edit:
    position = _position(place, number)
    return Edit("set", line.tag, -1 if position is None else position, line.head, f"{line.tag}  - ", part="separator")


def _lower_case(record: Record, place: Place) -> Iterable[Hit]:
    tagged = [(n, line) for n, line in enumerate(place.lines) if line.tag]
    odd = [(n, line) for n, line in tagged if line.head.strip()[:2] != line.tag]
    if odd:
        edits = tuple(_separator_edit(place, number, line) for number, line in odd)
        alone = len(odd) * 2 < len(tagged)  # among capitals it may be a word that was broken (`Ti  - me series`)
        first = odd[0][0]
        yield Hit(
            _position(place, first),
            edits=edits,
            note=number_of(len(odd), "line"),
            place=_line_span(place, first),
            safety="unsafe" if alone else None,
        )


def _end_missing(record: Record, place: Place) -> Iterable[Hit]:
    if not any(line.tag == "ER" for line in place.lines):
        last = max((n for n, line in enumerate(place.lines) if line.tag or line.value.strip()), default=0)
        yield Hit(edits=(Edit("insert", "ER", -1, None, "", part="end"),), place=_line_span(place, last))


def _text_after_end(record: Record, place: Place) -> Iterable[Hit]:
    for number, line in enumerate(place.lines):
        if line.tag == "ER" and line.value.strip():
            edit = Edit("set", "ER", -1, line.value, "", part="end")
            yield Hit(edits=(edit,), note=line.value.strip(), place=_line_span(place, number))


def _type_missing(record: Record, place: Place) -> Iterable[Hit]:
    if "TY" not in record.names:
        yield Hit(note="has no TY")
    elif record.names[0] != "TY":
        position = record.names.index("TY")
        value = record.values[position]
        edits = (Edit("delete", "TY", position, value, None), Edit("insert", "TY", -1, None, value))
        yield Hit(position, edits=edits, note="does not begin with TY")


def _not_utf8(record: Record, place: Place) -> Iterable[Hit]:
    if place.codec != "utf-8":
        number, line = next((n, line) for n, line in enumerate(place.lines) if not (line.head + line.value).isascii())
        edit = Edit("set", line.tag or record.names[0], -1, place.codec, "utf-8", part="encoding")
        shown = (line.head + line.value).strip()[:60]
        yield Hit(
            _position(place, number), edits=(edit,), note=f"{place.codec}: `{shown}`", place=_line_span(place, number)
        )


def _position(place: Place, number: int) -> int | None:
    """The index of the field that the line belongs to; None for an ER line."""
    return next((i for i, (first, stop) in enumerate(place.ranges) if first <= number < stop), None)


def _line_span(place: Place, number: int) -> Span:
    line = place.lines[number]
    return Span(*place.at(number), *place.at(number, len(line.head + line.value)))


_EVENTS: dict[str, Callable[[Record, Place], Iterable[Hit]]] = {
    "separator": _separator,
    "lower-case": _lower_case,
    "end-missing": _end_missing,
    "text-after-end": _text_after_end,
    "type-missing": _type_missing,
    "not-utf8": _not_utf8,
}
