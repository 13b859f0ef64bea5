"""Volumes, issues and pages for comparison, with what spreadsheets and databases have made of them."""

from __future__ import annotations

import re
from typing import NamedTuple

_MONTHS = {name: str(n) for n, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)}
_AS_DATE = re.compile(r"(?:(\d\d?)-([a-z]{3})|([a-z]{3})-(\d\d?))(?:-\d+)?$")
_PAGE = re.compile(r"([a-z]{0,3})\.?\s*0*(\d+)([a-z]?)\b(?:\s*[-–—−‐‑,]+\s*[a-z]{0,3}\.?0*(\d+))?")
_NUMBER = re.compile(r"0*(\d+)")
_ABSENT = frozenset("unknown na nan none null 0 nopagination nopag inpress".split())
_GLUED = re.compile(
    r"(?P<journal>.*?)[.,]?\s*(?P<volume>\d+)\s*(?:\((?P<issue>[^()]*)\)\s*)?(?:\([^()]*\)\s*)*"
    r"\(pp? (?P<pages>[^()]*)\)",
    re.I,
)
_DATE_OF = re.compile(r"\.?\s*(?:Conference:|Date of Publication:|\d{4}\.Date of)", re.I)


class Pages(NamedTuple):
    """The first page or article number, and the last page where there is one; `""` for what is not known."""

    first: str = ""
    last: str = ""


class Glued(NamedTuple):
    """A journal's title with what was glued to it."""

    journal: str
    volume: str = ""
    issue: str = ""
    pages: str = ""


def unglue(journal: str) -> Glued:
    """`Name.110 (42) ()(pp 1872) 2013.Date of …` taken apart; any other title as it is."""
    if len(journal) < 8 or ("(" not in journal and "Date of" not in journal and not journal[-1].isdigit()):
        return Glued(journal)
    if match := _GLUED.match(journal):
        return Glued(match["journal"], match["volume"], match["issue"] or "", match["pages"])
    match = _DATE_OF.search(journal)
    return Glued(journal[: match.start()]) if match else Glued(journal)


def read_number(text: str) -> str:
    """The first number of a volume or issue; `""` when it has none or only says that it is not known."""
    if text.isdecimal():
        return text.lstrip("0")
    text = text.strip().lower()
    if text in _ABSENT:
        return ""
    if match := _AS_DATE.match(text):
        return (match[1] or _MONTHS.get(match[3], "")).lstrip("0")
    match = _NUMBER.search(text)
    return match[1] if match and match[1] != "0" else ""


def read_pages(text: str, year: int) -> Pages:
    """First and last page; a spreadsheet's date (`06-Oct`) is the range it was, a year or a month is none."""
    text = text.strip().lower()
    if not text or text.replace(" ", "") in _ABSENT:
        return Pages()
    if match := _AS_DATE.match(text):
        day, month, month_first, after = match.groups()
        name = month or month_first
        if name not in _MONTHS:
            return Pages()
        ends = (day, _MONTHS[name]) if month else (_MONTHS[name], after)
        return Pages(*[end.lstrip("0") for end in ends])
    match = _PAGE.search(text.replace("pp.", "").replace("pp ", "").replace("p.", ""))
    if not match:
        return Pages()
    prefix, number, suffix, last = match.groups()
    if prefix in ("p", "pp", "pg", "no", "vol"):
        prefix = ""
    if not prefix and not last and number == str(year):
        return Pages()
    if last and len(last) < len(number):
        last = number[: -len(last)] + last
    return Pages(f"{prefix}{number}{suffix}", last or "")
