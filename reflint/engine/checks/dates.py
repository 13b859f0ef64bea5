"""Checks of dates."""

from __future__ import annotations

import re
from collections.abc import Iterable

from reflint.engine.checks.base import (
    Hit,
    Parameters,
    RecordTest,
    Scope,
    Trigger,
    ValueTest,
    check,
    number,
)
from reflint.engine.fixes.generic import delete_field, insert_field, rename_field, set_value
from reflint.model.dates import Date, iso_form, parse_date, to_ris, written_otherwise, year_of
from reflint.model.edit import Edit
from reflint.model.patterns import lazy
from reflint.model.record import Record

_EMPTY_PARTS = lazy(r"(\d{4})/+\Z")
_ONLINE = lazy(r"[A-Z]{3} \d{4}")
_IN_PRESS = lazy(r"\b(in press|forthcoming|online first|ahead of print|accepted|to appear)\b", re.IGNORECASE)
_OFTEN_UNDATED = frozenset(
    "webpage post post-weblog manuscript software dataset personal_communication graphic map document pamphlet "
    "entry-dictionary entry-encyclopedia legislation bill legal_case hearing standard".split()
)
_OF_ALL_AGES = frozenset(
    "book chapter classic manuscript graphic map document song pamphlet legislation legal_case".split()
)


@check("date_missing")
def date_missing(params: Parameters, scope: Scope) -> RecordTest:
    """No field of the record's date has a year. What is often undated (a page, a manuscript) is told as an info.

    Web of Science tells of an article before print only when it came online (`NOV 2022` in C6): that year is proposed.
    """
    severity = "info" if scope.is_one_of(_OFTEN_UNDATED) else None
    names = scope.resolve("csl.issued")

    def run(record: Record) -> Iterable[Hit]:
        written = record.first(*names)
        if written[:4].isdecimal() and (len(written) == 4 or parse_date(written).year):
            return ()
        if written and any(parse_date(value).year for value in record.all(*names)):
            return ()
        online = next((i for i in record.positions("C6") if _ONLINE.fullmatch(record.values[i])), None)
        if online is not None and not written and scope.format == "ris":
            said = record.values[online]
            year = insert_field("PY", said[-4:], online)
            return [Hit(edits=(year,), note=f", but it came online in {said} (C6)", safety="unsafe")]
        return [Hit(note=f" in {written!r}" if written else "", severity=severity)]

    return RecordTest(run)


@check("year_implausible")
def year_implausible(params: Parameters, scope: Scope) -> ValueTest:
    """A year after `latest`, 0000, or for journals before 1450; a year of two or three digits alone.

    What may be a year of the Persian or Islamic calendar is only an info; three digits of what may be ancient pass.
    """
    latest = number(params, "latest", 2100)
    journal = scope.is_one_of(("article-journal", "article-magazine", "article-newspaper"))
    ancient = scope.is_one_of(_OF_ALL_AGES)

    def run(value: str) -> Hit | None:
        # `2019` and `2019/...` say their year, whatever follows.
        if value[4:5] in ("", "/") and value[:4].isdecimal() and value.isascii() and 1450 <= int(value[:4]) <= latest:
            return None
        note, severity = _implausible(value, latest, journal, ancient)
        return Hit(note=note, severity=severity) if note else None

    return ValueTest(frozenset(scope.resolve("csl.issued")), run)


def _implausible(value: str, latest: int, journal: bool, ancient: bool) -> tuple[str, str | None]:
    """What is wrong with a year (`""`: nothing) and a severity of its own."""
    bare = value.strip(" /")
    if bare and not bare.strip("0"):
        return "no year", None
    if bare.isdecimal() and len(bare) in (2, 3):
        return ("", None) if ancient and len(bare) == 3 else ("a year of less than four digits", None)
    date = parse_date(value)
    if date.literal or not date.year:
        return "", None
    if date.year > latest:
        return "in the future", None
    if not journal or date.year >= 1450:
        return "", None
    if date.year >= 1300:
        return "before printing, or of another calendar", "info"
    return "before printing", None


@check("date_form")
def date_form(params: Parameters, scope: Scope) -> RecordTest:
    """One unambiguous date in another form than the format's own (RIS: YYYY/MM/DD/, elsewhere ISO 8601).

    A month and day without a year (Web of Science: `AUG 11`) take theirs from PY.
    """
    names = frozenset(scope.names)
    ris = scope.format == "ris"

    def run(record: Record) -> Iterable[Hit]:
        for position in record.positions(*names):
            value = record.values[position]
            if not value or (value.isdigit() and len(value) == 4):
                continue
            new = _ris_form(value, record) if ris else iso_form(value)
            if new and new != value:
                yield Hit(position, new=new, edits=(set_value(record, position, new),))

    return RecordTest(run, trigger=Trigger(names, _may_be_no_ris_date if ris else _may_be_no_iso_date))


def _may_be_no_ris_date(value: str) -> bool:
    return not (value[:4].isdigit() and value[4:5] in ("", "/"))


def _may_be_no_iso_date(value: str) -> bool:
    return not (len(value) == 4 and value.isdigit())


def _ris_form(value: str, record: Record) -> str | None:
    if value[:4].isdigit() and value[4:5] == "/":
        return None
    date = written_otherwise(value)
    if date:
        return to_ris(date)
    date = parse_date(value)
    if date.month and not date.year and not date.literal:
        year = next((parse_date(py).year for py in record.all("PY") if parse_date(py).year), None)
        return to_ris(date._replace(year=year)) if year else None
    if _is_iso(value):
        return to_ris(date)
    return None


def _is_iso(value: str) -> bool:
    return bool(re.fullmatch(r"\d{4}-\d\d(-\d\d)?", value))


@check("redundant_dates")
def redundant_dates(params: Parameters, scope: Scope) -> RecordTest:
    """RIS: PY, Y1 and DA say the same in more than one place, PY holds empty parts (`2014///`), or the years differ."""

    def run(record: Record) -> Iterable[Hit]:
        py, y1, da = record.first("PY"), record.first("Y1"), record.first("DA")
        if py.isdigit() and not y1 and da[:4] in ("", py):
            return ()
        names = record.names
        if not py or names.count("PY") > 1 or names.count("Y1") > 1 or names.count("DA") > 1:
            return ()
        place = names.index("PY")
        empty = _EMPTY_PARTS.match(py)
        if empty and (not y1 or y1 == py):
            edits = [set_value(record, place, empty[1])]
            if y1:
                edits.append(delete_field(record, names.index("Y1")))
            return [Hit(place, edits=tuple(edits), new=empty[1], note="PY holds empty parts")]
        if y1:
            return _two_dates(record, place, names.index("Y1"), da)
        if not da:
            return ()
        return (_years_differ if py.isdigit() else _py_beside_da)(record, place, names.index("DA"))

    return RecordTest(run, present=(frozenset(["PY"]),))


def _two_dates(record: Record, py: int, y1: int, da: str) -> Iterable[Hit]:
    """PY and Y1: PY keeps the year, DA the fuller date."""
    first, second = parse_date(record.values[py]), parse_date(record.values[y1])
    if first.literal or second.literal or not first.year or not second.year:
        return ()
    if first.year != second.year:
        severity = "info" if abs(first.year - second.year) == 1 else "warning"  # online and print
        return [Hit(y1, note=f"PY says {first.year}, Y1 {second.year}", severity=severity, safety="unsafe")]
    full = max(first, second, key=_known_parts)
    if not _agree(first, second) or (da and not _says_as_much(parse_date(da), full)):
        return ()
    edits: list[Edit] = []
    if record.values[py] != f"{full.year:04d}":
        edits.append(set_value(record, py, f"{full.year:04d}"))
    if da or _known_parts(full) == 1:
        edits.append(delete_field(record, y1))
    else:
        edits.append(rename_field(record, y1, "DA", to_ris(full)))
    return [Hit(y1, edits=tuple(edits), note="PY and Y1 give the same date")]


def _says_as_much(date: Date, full: Date) -> bool:
    return not date.literal and _agree(date, full) and _known_parts(date) >= _known_parts(full)


def _py_beside_da(record: Record, py: int, da: int) -> Iterable[Hit]:
    first, second = parse_date(record.values[py]), parse_date(record.values[da])
    if not first.year or first.literal or not _says_as_much(second, first):
        return ()
    return [Hit(py, edits=(set_value(record, py, f"{first.year:04d}"),), note="PY repeats DA")]


def _years_differ(record: Record, py: int, da: int) -> Iterable[Hit]:
    first, second = year_of(record.values[py]), parse_date(record.values[da])
    if first and second.year and not second.literal and abs(first - second.year) > 1:
        return [Hit(da, note=f"PY says {first}, DA {second.year}", severity="warning", safety="unsafe")]
    return ()


def _agree(a: Date, b: Date) -> bool:
    return all(x == y or not x or not y for x, y in zip(a[:3], b[:3], strict=True)) and (a.other or "") == (
        b.other or ""
    )


def _known_parts(date: Date) -> int:
    return sum(bool(part) for part in date[:3])


@check("in_press_stale")
def in_press_stale(params: Parameters, scope: Scope) -> RecordTest:
    """A date, volume or issue says `in press` and the like, though the record has volume and pages, or is older than
    `latest` less two years."""
    latest = number(params, "latest", 0)
    names = frozenset(scope.names)
    dates, volumes, pages = (scope.resolve(f"csl.{variable}") for variable in ("issued", "volume", "page"))

    def run(record: Record) -> Iterable[Hit]:
        for position, name in enumerate(record.names):
            value = record.values[position]
            if name in names and value and _says_in_press(value):
                note = _stale(record.all(*dates), latest, (record.first(*volumes), record.first(*pages)))
                if note:
                    yield Hit(position, note=note)

    return RecordTest(run, trigger=Trigger(names, _says_in_press, frozenset(["number"])))


def _says_in_press(value: str) -> bool:
    return not value.isdigit() and len(value) < 60 and bool(_IN_PRESS.search(value))


def _stale(dates: list[str], latest: int, numbers: tuple[str, str]) -> str:
    """Why a work with these dates, volume and pages should have appeared by now; `""` when nothing says so."""
    years = [year for year in map(year_of, dates) if year]
    if years and max(years) <= latest - 2:
        return f"it dates from {max(years)}"
    return "it has volume and pages" if all(any(c.isdigit() for c in number) for number in numbers) else ""
