"""What the server understands of a date as people write it: `meta.parsedDate` (Zotero's strToDate, in English)."""

from __future__ import annotations

import re

_SORTABLE = re.compile(r"(\d{4})-(\d{2})-(\d{2}) .")
_PARTS = re.compile(r"(.*?)\b(\d{1,4})(?:([-/.年])(\d{1,2}))?(?:([-/.月])(\d{1,4}))?((?:\b|[^0-9]).*?)", re.DOTALL)
_YEAR = re.compile(
    r"(.*?)\b((?:circa |around |about |c\.? ?)?\d{1,4}(?: ?B\.? ?C\.?(?: ?E\.?)?| ?C\.? ?E\.?| ?A\.? ?D\.?)"
    r"|\d{3,4})\b(.*)",
    re.IGNORECASE | re.DOTALL,
)
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_MONTH = re.compile(rf"(.*)\b({'|'.join(_MONTHS)})[^ ]*(?: (.*))?", re.IGNORECASE | re.DOTALL)
_DAY = re.compile(r"\b(\d{1,2})(?:st|nd|rd|th)?\b", re.IGNORECASE)


def parsed(date: str) -> str:
    """ISO year, month or day of a date as typed; empty when no year of four digits was understood."""
    if found := _SORTABLE.match(date):
        year, month, day = found.groups()
        return _iso(year, int(month), int(day))
    year, month, day, rest = _from_parts(date) or ("", 0, 0, date)
    if not year and (found := _YEAR.fullmatch(rest)):
        year, rest = found[2], found[1] + found[3]
    if not month and (found := _MONTH.fullmatch(rest)):
        month, rest = _MONTHS.index(found[2].lower()) + 1, found[1] + (found[3] or "")
    if not day and (found := _DAY.search(rest)) and int(found[1]) <= 31:
        day = int(found[1])
    return _iso(year, month, day)


def _from_parts(date: str) -> tuple[str, int, int, str] | None:
    """Year, month, day and what is left over of a date in figures; None when it is not one."""
    found = _PARTS.fullmatch(date)
    if not found:
        return None
    before, first, mark, second, other_mark, third, after = found.groups()
    if mark and other_mark and mark != other_mark and (mark, other_mark) != ("年", "月"):
        return None
    if not (second and third) and (before or after):
        return None
    if len(first) >= 3 or mark == "年":
        year, month, day = first, int(second or 0), int(third or 0)
    elif not second and third:
        year, month, day = third, int(first), 0
    else:
        year, month, day = third or "", int(first), int(second or 0)
    if month > 12:
        month, day = day, month
    return (year, month, day, before + after) if month <= 12 and day <= 31 else None


def _iso(year: str, month: int, day: int) -> str:
    if not re.fullmatch(r"\d{3,4}", year):
        return ""
    parts = [year.zfill(4)]
    if month:
        parts.append(f"{month:02}")
        if day:
            parts.append(f"{day:02}")
    return "-".join(parts)
