"""What a RIS record stands in: the journal or the proceedings, and whether T2 names them or is a subtitle."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import NamedTuple

from reflint.formats.ris.tags import JOURNAL_TYPES
from reflint.model.abbreviations import abbreviates
from reflint.model.record import Record
from reflint.model.text import fold

JOURNAL_TAGS = ("JF", "JO", "JA", "J2", "J1")
"""The tags that hold nothing but names of the journal."""


class Journal(NamedTuple):
    """The names of the journal: in full and abbreviated, `""` for what the record does not tell."""

    title: str = ""
    short: str = ""


def subtitle_in_t2(record: Record) -> bool:
    """Whether T2 of a journal record is no name of the journal, but the subtitle of the article (Pure, EBSCO; RIS014).

    So it is when a J* tag names the journal and T2 is neither equal to one nor its abbreviation or expansion. Where T2
    names a special issue, a supplement or proceedings, it is neither; nor are several T2.
    """
    if "T2" not in record.names or record.type not in JOURNAL_TYPES:
        return False
    seconds, journals = record.all("T2"), record.all(*JOURNAL_TAGS)
    if len(seconds) != 1 or not journals or seconds[0] in journals or _names_an_issue().match(seconds[0]):
        return False
    return not any(name_the_same(seconds[0], journal) for journal in journals)


@lru_cache(maxsize=4096)
def name_the_same(one: str, other: str) -> bool:
    """Whether two titles are one, or one the short form of the other; a library names few journals many times."""
    first, second = fold(one), fold(other)
    return (
        first == second
        or not first
        or _are_akin(first.split(), second.split())  # the quickest, and nearly always enough
        or abbreviates(one, other)
        or abbreviates(other, one)
    )


def _are_akin(one: list[str], other: list[str]) -> bool:
    """Whether most words of the title of fewer words begin in order as words of the other do, the first ones both.

    Real short forms break the rules of abbreviation (`User Modell User Adapt Interact`, `J. Water Resour. Plan.-ASCE`);
    a subtitle has nothing of the journal's name.
    """
    shorts, longs = sorted((one, other), key=len)
    if not shorts or not _begin_alike(shorts[0], longs[0]):
        return False
    met, rest = 0, longs
    for word in shorts:
        place = next((n for n, long in enumerate(rest) if _begin_alike(word, long)), None)
        if place is not None:
            met, rest = met + 1, rest[place + 1 :]
    return len(longs) < 3 if len(shorts) == 1 else met > 1 and 3 * met >= 2 * len(shorts)


def _begin_alike(one: str, other: str) -> bool:
    length = min(3, len(one), len(other))
    return one[:length] == other[:length]


@cache
def _names_an_issue() -> re.Pattern[str]:
    """A special issue, a supplement, proceedings, or a conference by its letters and year (`ACE '05`)."""
    return re.compile(
        r"\W*(?:(?:\w+ ){0,2}(?:special|theme(?:d|atic)?) (?:issue|section|collection|feature)\b"
        r"|(?:suppl|proc)(?:\b|[ei]))|(?-i:[A-Z]{3,})\s*['’]?\d{2}(?:\d\d)?$",
        re.I,
    )


_abbreviates = lru_cache(maxsize=4096)(abbreviates)


def journal_of(record: Record, second: str) -> Journal:
    """The names of the journal of a record; `second` is T2, or `""` where that is the subtitle."""
    full_name, own, books = record.first("JF"), record.first("JO"), record.first("BT")
    shorts = [short for tag in ("JA", "J2", "J1") if (short := record.first(tag))]
    title = full_name or second
    if not title and own and not any(len(short) > len(own) and _abbreviates(own, short) for short in shorts):
        title = own
    title = title or max(shorts, key=len, default="") or books
    if own and own != title and _abbreviates(own, title):
        shorts.append(own)
    return Journal(title, _abbreviation(title, shorts))


def _abbreviation(title: str, shorts: list[str]) -> str:
    """The first that is not the full name again; a name of one word is its own abbreviation."""
    folded = fold(title)
    for short in shorts:
        if short != title and fold(short) != folded:
            return short
    return shorts[0] if shorts and len(title.split()) == 1 else ""


def proceedings_of(record: Record) -> str:
    """The title of what a conference paper is printed in: C3, BT, the journal, or T2 when it names no mere event.

    Web of Science keeps affiliations in C3, the proceedings in T2 and the event in CP.
    """
    own = is_of_web_of_science(record)
    title = "" if own else record.first("C3")
    if title := title or record.first("BT") or record.first("JF") or record.first("JO"):
        return title
    second = record.first("T2")
    return second if own or is_publication(second) else ""


def is_of_web_of_science(record: Record) -> bool:
    """Whether the record's accession number is one of Web of Science."""
    return record.first("AN", "UT").startswith(("WOS:", "ISI:"))


def is_publication(title: str) -> bool:
    """Whether `title` names proceedings or a series of books, not only the conference."""
    return _publication().search(title) is not None


@cache
def _publication() -> re.Pattern[str]:
    return re.compile(
        r"\b(?:proceedings?|procedia|proc|lecture notes|book of abstracts|transactions|advances in|communications in"
        r"|studies in|series|technical report|papersonline|web of conferences|vols?\.?\s+[\dA-Z]|pts?\.?\s+\d)\b",
        re.I,
    )
