"""Dates: RIS, ISO and written forms read into year, month, day and season, and written again."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import NamedTuple

from reflint.model.patterns import lazy


class Date(NamedTuple):
    """A date as far as it is known: year 0-9999, month 1-12, day 1-31, season 1-4 (spring to winter, as CSL counts).

    `other` is the free fourth part of a RIS date; `literal` the whole text when it says more than the numbers do (a
    range, `c. 1946`, another calendar), else `""`.
    """

    year: int | None = None
    month: int | None = None
    day: int | None = None
    season: int | None = None
    other: str = ""
    literal: str = ""


_MONTHS = """
january jan janvier janv januar jänner januari enero ene gennaio gen genn janeiro styczeń stycznia sty leden ledna
february feb février fevrier févr fevr fév fev februar febr februari febrero febbraio fevereiro luty lutego únor února
march mar mars märz maerz mrz marzo março marco maart mrt marzec marca březen března
april apr avril avr abril abr aprile april kwiecień kwietnia kwi duben dubna
may mai mayo maggio mag maio mei maj maja květen května
june jun juin juni junio giugno giu junho czerwiec czerwca cze červen června
july jul juillet juil juli julio luglio lug julho lipiec lipca červenec července
august aug août aout agosto ago ag augustus augusti sierpień sierpnia sie srpen srpna
september sep sept septembre septiembre set settembre sett setembro wrzesień września wrz září
october oct octobre oktober okt octubre ottobre ott outubro out oktober październik października paź říjen října
november nov novembre noviembre novembro listopad listopada lis listopadu
december dec décembre decembre déc dezember dez diciembre dic dicembre dezembro grudzień grudnia gru prosinec prosince
""".strip().splitlines()
_SEASONS = """
spring spr printemps frühling frühjahr fruehling primavera lente voorjaar wiosna vår våren jaro
summer sum été ete sommer verano estate verão verao zomer lato sommar sommaren léto
autumn fall fal automne herbst otoño otono autunno outono herfst najaar jesień höst hösten podzim
winter win hiver invierno inverno zima vinter vintern
""".strip().splitlines()
_LITTLE_WORDS = frozenset("of de den der le la el il o del the em v w a".split())
_ISO = lazy(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?", re.ASCII)
_RIS = lazy(r"(\d{4})/([^/]*)(?:/([^/]*)(?:/(.*))?)?", re.ASCII | re.S)
_WEEKDAY = lazy(r"^(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s+", re.I)
_TIME = lazy(r"(?:[T ]\d{1,2}:\d\d(?::\d\d)?(?:\.\d+)?\s*(?:Z|UTC|[+-]\d\d:?\d\d)?|T\d{6}Z?)$", re.ASCII)
_SHORT_RIS = lazy(r"\d{4}/(?:\d\d/){0,2}", re.ASCII)
_LETTER = lazy("[A-Za-z]")
_JAPANESE = lazy(r"(\d{4})\s*年\s*(?:(\d{1,2})\s*月\s*(?:(\d{1,2})\s*日?)?)?", re.ASCII)
_EIGHT_DIGITS = lazy(r"(\d{4})(\d\d)(\d\d)", re.ASCII)
_YEAR_FIRST = lazy(r"(\d{4})(?:([./-])\s?(\d{1,2}))(?:\2\s?(\d{1,2})\.?)?", re.ASCII)
_MONTH_AND_YEAR = lazy(r"(\d{1,2})([./-])\s?(\d{4})", re.ASCII)
_YEAR_LAST = lazy(r"(\d{1,2})([./-])\s?(\d{1,2})\2\s?(\d{4})", re.ASCII)
_GAP = lazy(r"[\s,]+")
_NUMBER = lazy(r"(\d{1,4})(?:st|nd|rd|th|er|º|ª|\.)?", re.ASCII)


def _numbered(lines: list[str]) -> dict[str, int]:
    return {word: number for number, line in enumerate(lines, 1) for word in line.split()}


@cache
def _months() -> dict[str, int]:
    return _numbered(_MONTHS)


@cache
def _seasons() -> dict[str, int]:
    return _numbered(_SEASONS)


def month_of(word: str) -> int | None:
    """The month (1-12) that `word` names, in full or abbreviated, in any of ten languages."""
    return _months().get(word.strip(" .,").lower())


def season_of(word: str) -> int | None:
    """The season (1-4, spring to winter) that `word` names in any of ten languages."""
    return _seasons().get(word.strip(" .,").lower())


@lru_cache(maxsize=4_000)  # dates recur from record to record, and several rules ask what one says
def parse_date(text: str) -> Date:
    """What `text` says of a date; never raises. Ambiguous `03/04/2011` gives the year and `literal`."""
    text = text.strip()
    if not text:
        return Date()
    if match := _ISO.fullmatch(text):
        return _checked(text, *match.groups())
    if (match := _RIS.fullmatch(text)) and (found := _parse_ris(text, match)):
        return found
    bare = _TIME.sub("", text) if ":" in text or "T" in text else text
    bare = bare.rstrip("/").strip()
    found = None if _LETTER.search(bare) else _parse_numbers(bare)
    return found or _parse_words(bare) or Date(year=_first_year(text), literal=text)


def year_of(text: str) -> int | None:
    """The year of `text` (of a range the first one), or None when no year of four digits stands in it."""
    if text[:4].isdigit() and text.isascii() and not text[4:5].isalnum():
        return int(text[:4]) if len(text) >= 4 else None
    return parse_date(text).year


def to_ris(date: Date) -> str:
    """`YYYY/MM/DD/other` as RIS DA wants it, unknown parts empty; `""` when nothing is known."""
    if date.year is None and date.month is None:
        return ""
    year = f"{date.year:04}" if date.year is not None else ""
    month = f"{date.month:02}" if date.month else ""
    day = f"{date.day:02}" if date.month and date.day else ""
    other = date.other or ("", "Spring", "Summer", "Autumn", "Winter")[date.season or 0]
    return f"{year}/{month}/{day}/{other}"


def to_iso(date: Date) -> str:
    """`YYYY`, `YYYY-MM` or `YYYY-MM-DD`; `""` without a year."""
    if date.year is None:
        return ""
    if not date.month:
        return f"{date.year:04}"
    return f"{date.year:04}-{date.month:02}" + (f"-{date.day:02}" if date.day else "")


def to_date_parts(date: Date) -> list[list[int]]:
    """CSL `date-parts`: `[[2019, 12, 1]]`, shorter when less is known, `[]` without a year."""
    if date.year is None:
        return []
    parts = [date.year]
    if date.month:
        parts += [date.month, date.day] if date.day else [date.month]
    return [parts]


def iso_form(text: str) -> str | None:
    """`text` as ISO 8601 when it is one unambiguous date in another form; else None."""
    date = written_otherwise(text)
    return to_iso(date) if date else None


def written_otherwise(text: str) -> Date | None:
    """The date that `text` says when it is one unambiguous date in another form than ISO 8601 or RIS; else None.

    None also for what is ISO or RIS (`2014///`) already, for ranges, seasons, circa, eras, EDTF and two-digit years.
    """
    stripped = text.strip()
    if len(stripped) < 6 or len(stripped) > 40 or _ISO.fullmatch(stripped):
        return None
    slashes = stripped.count("/")
    if slashes >= 3 or (slashes and (stripped.endswith("//") or _SHORT_RIS.fullmatch(stripped))):
        return None
    date = parse_date(stripped)
    if date.year is None or date.literal or date.season or date.other:
        return None
    return date


def _checked(text: str, year: str, month: str | None = None, day: str | None = None, other: str = "") -> Date:
    """The date of these digits; year and literal only when month or day cannot be."""
    m, d = int(month or 0), int(day or 0)
    if m > 12 or (d and not m) or d > (30 if m in (4, 6, 9, 11) else 29 if m == 2 else 31):
        return Date(year=int(year), other=other, literal=text)
    return Date(int(year), m or None, d or None, None, other)


def _parse_ris(text: str, match: re.Match[str]) -> Date | None:
    """`YYYY/MM/DD/other`, parts empty or without their zero; a month may be a word."""
    year, month, day, other = (part.strip() if part else "" for part in match.groups())
    if text.count("/") == 1 and _may_be_two_years(year, month):
        return Date(year=int(year), literal=text)
    if month and not month.isdigit():
        if named := month_of(month):
            month = str(named)
        elif season := season_of(month):
            return Date(int(year), None, None, season, other)
        else:
            return Date(year=int(year), other=other, literal=text)
    if (
        len(month) > 2
        or len(day) > 2
        or not (day or "0").isdecimal()
        or not (month or "0").isascii()
        or not day.isascii()
    ):
        return Date(year=int(year), other=other, literal=text)
    if other and not month:
        words = other.split()
        if named := month_of(words[0]):
            if len(words) == 1:
                return Date(int(year), named)
            if len(words) == 2 and words[1].isdecimal() and words[1].isascii():
                return _checked(text, year, str(named), words[1])
    date = _checked(text, year, month, day, other)
    return date._replace(season=season_of(other)) if other and season_of(other) else date


def _may_be_two_years(year: str, second: str) -> bool:
    """Whether `2011/12` may be the years 2011 and 2012."""
    return second.isdecimal() and len(second) == 2 and (int(year) + 1) % 100 == int(second)


def _parse_numbers(text: str) -> Date | None:
    """Dates of digits only (`2019.5.1`, `25/12/2019`, `12/2019`, `20190501`, `2019年5月1日`); None when not so."""
    if match := _JAPANESE.fullmatch(text):
        return _checked(text, *match.groups())
    if match := _EIGHT_DIGITS.fullmatch(text):
        return _checked(text, *match.groups())
    if match := _YEAR_FIRST.fullmatch(text):
        year, _, month, day = match.groups()
        if day is None and _may_be_two_years(year, month):
            return Date(year=int(year), literal=text)
        return _checked(text, year, month, day)
    if match := _MONTH_AND_YEAR.fullmatch(text):
        return _checked(text, match[3], match[1])
    if match := _YEAR_LAST.fullmatch(text):
        first, _, second, year = match.groups()
        if int(first) > 12 or first.zfill(2) == second.zfill(2):
            return _checked(text, year, second, first)
        if int(second) > 12:
            return _checked(text, year, first, second)
        return Date(year=int(year), literal=text)
    return None


def _parse_words(text: str) -> Date | None:
    """Dates with a month or season in words (`2007 Oct`, `AUG 11`, `1er mai 2019`, `Spring 2010`); None when not so."""
    if len(text) > 60:
        return None
    words = [word for word in _GAP.split(_WEEKDAY.sub("", text)) if word and word.lower() not in _LITTLE_WORDS]
    if not 1 <= len(words) <= 3:
        words = re.split(r"[-./]", text) if re.fullmatch(r"\d{1,2}[-./]\w+[-./]\d{4}", text) else words
    if len(words) == 1 and text.count("-") == 2:
        words = text.split("-")
    year = month = day = season = None
    for word in words:
        number = _NUMBER.fullmatch(word.lower()) if word[:1].isdigit() else None
        if number and len(number[1]) == 4 and year is None:
            year = int(number[1])
        elif number and len(number[1]) <= 2 and day is None:
            day = number[1]
        elif month is None and season is None and (named := month_of(word)):
            month = named
        elif month is None and season is None and (named := season_of(word)):
            season = named
        else:
            return None
    if month is None and (season is None or day is not None):
        return None
    checked = _checked(text, f"{year or 2000:04}", str(month or 0), day)
    return checked._replace(year=year, season=season)


def _first_year(text: str) -> int | None:
    match = re.search(r"(?<!\d)\d{4}(?!\d)", text, re.ASCII)
    return int(match[0]) if match else None
