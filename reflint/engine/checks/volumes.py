"""Checks of volume and issue: labels, issues in the volume, placeholders, months."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache

from reflint.engine.checks.base import Hit, Parameters, RecordTest, Scope, Trigger, check, field_for, texts
from reflint.engine.checks.extra import with_extra_lines
from reflint.engine.checks.pages import diagnose, diagnose_one
from reflint.engine.fixes.generic import delete_field, insert_field, rename_field, set_value
from reflint.model.dates import Date, month_of, parse_date, season_of, to_iso, to_ris
from reflint.model.edit import Edit
from reflint.model.pages import is_page_placeholder, is_placeholder
from reflint.model.patterns import lazy
from reflint.model.record import Record

_NUMBER_SCREEN = frozenset(["number"])
VOLUME = frozenset(["VL", "volume", "codeVolume", "reporterVolume"])
ISSUE = frozenset(["IS", "issue"])
_NUMBER = r"(?P<number>\d[\w./–-]*|[IVXLC]+)"
_OF_VOLUME = lazy(
    rf"\A(?:(?:volume|volumen|vol|band|bd|tome|tomo|jahrgang|jg)\b\.?|[vt]\.(?:\s*v\.)?)\s*{_NUMBER}\Z", re.IGNORECASE
)
_OF_ISSUE = lazy(rf"\A(?:(?:number|num|no|nr|issue|iss|heft|numéro|número)\b\.?|n[°º]|№)\s*{_NUMBER}\Z", re.IGNORECASE)
_GLUED = lazy(r"\A(?:vol|bd|no|nr|jg)\.?(?P<number>\d[\w./–-]*)\Z", re.IGNORECASE)
_WITH_ISSUE = lazy(r"\A(\w+)\s*\((\d[\w/–-]*|S\d+|Suppl\.?(?: ?\d+)?)\)\Z")
_YEAR = lazy(r"\A(?:1[5-9]|20)\d\d\Z")
_AHEAD = ("ahead of print", "online first", "in press")


@check("number_label")
def number_label(params: Parameters, scope: Scope) -> RecordTest:
    """A volume or issue begins with its own label (`Vol. 12`); with the label of the other one, it is only reported."""
    names = frozenset(scope.names)

    def run(record: Record) -> Iterable[Hit]:
        for position, name in enumerate(record.names):
            value = record.values[position]
            if name in names and value and not value[0].isdigit():
                volume, issue = _labelled(value)
                own, other = (volume, issue) if name in VOLUME else (issue, volume)
                if own:
                    yield Hit(position, new=own, note="")
                elif other:
                    yield Hit(position, note=" of the other kind")

    return RecordTest(
        run, trigger=Trigger(names, lambda value: not value[0].isdigit() and any(_labelled(value)), _NUMBER_SCREEN)
    )


@lru_cache(maxsize=4000)
def _labelled(value: str) -> tuple[str, str]:
    """(number of a labelled volume, number of a labelled issue), `""` where it is no such."""
    value = value.strip()
    if glued := _GLUED.search(value):
        return (glued["number"], "") if value[0] in "vVbBjJ" else ("", glued["number"])
    volume, issue = _OF_VOLUME.search(value), _OF_ISSUE.search(value)
    return volume["number"] if volume else "", issue["number"] if issue else ""


@check("volume_holds_issue")
def volume_holds_issue(params: Parameters, scope: Scope) -> RecordTest:
    """The volume holds the issue as well (`12(3)`), and the issue is empty or says the same."""

    def run(record: Record) -> Iterable[Hit]:
        for position, name in enumerate(record.names):
            value = record.values[position]
            if name not in VOLUME or not value.endswith(")"):
                continue
            match = _WITH_ISSUE.search(value)
            if match is None or _YEAR.search(match[2]):
                continue
            volume, issue = match.groups()
            there = record.first(*ISSUE)
            if there not in ("", issue):
                continue
            edits: tuple[Edit, ...] = (set_value(record, position, volume),)
            target = field_for(record, "issue")
            if target is None:
                continue
            if not there:
                blank = record.positions(*ISSUE)
                edits += (set_value(record, blank[0], issue) if blank else insert_field(target, issue, position),)
            yield Hit(position, edits=edits, note=issue)

    return RecordTest(run, trigger=Trigger(VOLUME, lambda value: value.endswith(")"), _NUMBER_SCREEN))


@check("placeholder_number")
def placeholder_number(params: Parameters, scope: Scope) -> RecordTest:
    """Volume, issue or pages only say that there is no number. `0` may be one: that is told, not deleted unattended.

    What says `ahead of print` moves to the notes (RIS), to `status` (CSL) or to a line of Extra (Zotero), for it is
    news of another kind. `besides`: values that another rule tells of.
    """
    besides = frozenset(texts(params, "besides"))
    page_fields = scope.resolve("csl.page")
    page_names = frozenset(page_fields)
    names = frozenset(scope.names) - page_names - {"SP", "EP"}
    pages = not page_names.isdisjoint(scope.names)

    def run(record: Record) -> Iterable[Hit]:
        told = False
        for position, name in enumerate(record.names):
            value = record.values[position]
            if name in names and may_be_one(value) and is_placeholder(value):
                edits, told = _cleared(record, position, told)
                if value.strip() == "0":
                    yield Hit(position, edits=edits, severity="info", safety="unsafe")
                else:
                    yield Hit(position, edits=edits)
        if pages:
            yield from _pages(record, page_fields, told, may_be_one)

    def may_be_one(value: str) -> bool:
        if not value or (value.isdigit() and value != "0") or value.strip() in besides:
            return False
        return is_placeholder(value) or is_page_placeholder(value) or value.strip().lower() in ("no", "specified")

    return RecordTest(run, trigger=Trigger(frozenset(scope.names), may_be_one, _NUMBER_SCREEN))


def _pages(record: Record, names: tuple[str, ...], told: bool, may_be_one: Callable[[str], bool]) -> Iterable[Hit]:
    if record.format.name == "ris":
        sp = record.first("SP")
        diagnosis = diagnose(sp, record.first("EP"))
        wanted = [name for name, new in (("SP", diagnosis.sp), ("EP", diagnosis.ep)) if new == ""]
    else:
        diagnosis = diagnose_one(record.first(*names))
        wanted = [*names]
    if diagnosis.kind != "placeholder":
        return
    edits: list[Edit] = []
    for position in record.positions(*wanted):
        if may_be_one(record.values[position]):
            more, told = _cleared(record, position, told)
            edits += more
    if edits:
        yield Hit(edits[0].position, edits=tuple(edits))


def _cleared(record: Record, position: int, told: bool) -> tuple[tuple[Edit, ...], bool]:
    """The edits that clear a placeholder, and whether the notes now tell that the work is ahead of print."""
    value = record.values[position]
    gone = delete_field(record, position)
    if told or not value.strip().casefold().endswith(_AHEAD):
        return (gone,), told
    if record.format.name == "ris":
        return (rename_field(record, position, "N1"),), True
    if record.format.name == "zotero":
        return (*with_extra_lines(record, [("Status", value)]), gone), True
    if "status" in record.names:
        return (gone,), told
    return (rename_field(record, position, "status"),), True


@check("month_in_issue")
def month_in_issue(params: Parameters, scope: Scope) -> RecordTest:
    """Volume or issue is a month or a season (`Fall 1984`, `July/Aug 2021`), in any of ten languages."""
    names = frozenset(scope.names)

    def run(record: Record) -> Iterable[Hit]:
        for position, name in enumerate(record.names):
            value = record.values[position]
            if name in names and value and not value.isdigit() and _is_month(value):
                yield Hit(position, edits=_into_date(record, position, value))

    return RecordTest(
        run, trigger=Trigger(names, lambda value: not value.isdigit() and _is_month(value), _NUMBER_SCREEN)
    )


@lru_cache(maxsize=4000)
def _is_month(value: str) -> bool:
    """Whether months and seasons, with numbers besides, are all that `value` says."""
    if len(value) > 40:
        return False
    words = [word for word in re.split(r"[\s,/()–—.-]+", value) if word and not word.isdigit()]
    return bool(words) and all(len(word) > 2 and (month_of(word) or season_of(word)) for word in words)


def _into_date(record: Record, position: int, value: str) -> tuple[Edit, ...]:
    """The month moves to a date that is a year so far; nothing where that is not plain."""
    said = parse_date(value)
    if said.literal or said.day or not (said.month or said.season):
        return ()
    ris = record.format.name == "ris"
    own = field_for(record, "issued")
    if own is None:
        return ()
    dates = record.positions(own)
    year_of = record.positions("PY", "Y1", "DA") if ris else dates
    known = [parse_date(record.values[i]) for i in year_of if record.values[i]]
    years = {date.year for date in known} | ({said.year} if said.year else set())
    if len(years) != 1 or any(date.month or date.season or date.literal for date in known) or len(dates) > 1:
        return ()
    new = Date(years.pop(), said.month, None, said.season)
    if new.year is None or (not ris and not new.month):
        return ()
    text = to_ris(new) if ris else to_iso(new)
    dated = set_value(record, dates[0], text) if dates else insert_field(own, text, position)
    return dated, delete_field(record, position)
