"""A work: what of a record is compared with others, normalised once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import NamedTuple

from reflint.duplicates.authors import family_names
from reflint.duplicates.journals import journal_words
from reflint.duplicates.numbering import Pages, read_number, read_pages, unglue
from reflint.duplicates.titles import letters, read_title
from reflint.formats.ris.tags import tags_of
from reflint.model.dates import year_of
from reflint.model.extra import extra_value
from reflint.model.identifiers import doi_key, find_dois, normalize_pmid
from reflint.model.record import Record
from reflint.model.standard_numbers import parse_standard_numbers

ABSTRACT = 160
"""Letters kept of an abstract."""
SHORT = 12
"""Letters from which on a title tells something."""
_VARIABLES = (
    "title author editor issued container-title container-title-short volume issue page number DOI PMID ISSN ISBN "
    "abstract event-title"
).split()
_WANTED = frozenset(_VARIABLES)


class Work(NamedTuple):
    """What is compared: plain values, `""`, `()` or 0 for what is not known."""

    title: str
    head: int
    title_words: tuple[str, ...]
    kind: str
    numbers: tuple[str, ...]
    authors: tuple[str, ...]
    year: int
    volume: str
    issue: str
    first: str
    last: str
    journal: str
    doi: str
    pmid: str
    isbns: tuple[str, ...]
    issns: tuple[str, ...]
    type: str
    abstract: str


def work_of(record: Record) -> Work:
    """A record of any format as a Work. Never raises; what cannot be read is not known."""
    values = _values(record)

    def first(*variables: str) -> str:
        return next((values[name][0] for name in variables if name in values), "")

    title = read_title(first("title"))
    year = _year(values)
    glued = unglue(first("container-title", "container-title-short", "event-title"))
    volume, issue = read_number(first("volume") or glued.volume), read_number(first("issue") or glued.issue)
    pages = read_pages("-".join(values.get("page", ())[:2]), year)
    if not pages.first:
        pages = read_pages(glued.pages, year) if glued.pages else _article_number(first("number") or first("issue"))
    issns, isbns = _standard_numbers([*values.get("ISSN", ()), *values.get("ISBN", ())])
    return Work(
        *title,
        _authors(values),
        year,
        volume,
        issue,
        pages.first,
        pages.last,
        journal_words(glued.journal),
        _doi(values.get("DOI") or _of_extra(record)),
        normalize_pmid(first("PMID")) or "",
        isbns,
        issns,
        record.type,
        letters(first("abstract")[: 2 * ABSTRACT])[:ABSTRACT],
    )


def exact_keys(record: Record) -> Iterator[tuple[str, str]]:
    """The keys of which one is mostly enough to know a work by, each with its name; never raises.

    `doi`, `pmid`, and `title`: the first author's family name, the year and all letters of a title that is not short,
    as `work_of` has them, which takes twice the time. Works that share one share a key of `blocking.keys_of`, too.
    """
    values = _values(record)
    if doi := _doi(values.get("DOI") or _of_extra(record)):
        yield "doi", doi
    if pmid := normalize_pmid(next(iter(values.get("PMID", ())), "")):
        yield "pmid", pmid
    authors, year = _authors(values), _year(values)
    if authors and year and "title" in values:
        title = read_title(values["title"][0]).letters
        if len(title) >= SHORT:
            yield "title", f"{authors[0]} {year} {title}"


def _authors(values: dict[str, list[str]]) -> tuple[str, ...]:
    return family_names(values.get("author") or values.get("editor") or [])


def _year(values: dict[str, list[str]]) -> int:
    return next((found for found in map(year_of, values.get("issued", ())) if found), 0)


def _values(record: Record) -> dict[str, list[str]]:
    """The values of a record by the CSL variable they mean, those of the preferred field first."""
    found: dict[str, list[str]] = {}
    ranked: dict[str, list[int]] = {}
    table = _meanings(record.format.name, record.type)
    for position, (name, value) in enumerate(zip(record.names, record.values, strict=True)):
        meaning = table.get(name)
        if meaning is None:
            if table:
                continue
            variable = record.format.variable(record, position)
            if variable not in _WANTED:
                continue
            meaning = (variable, 0)
        if not value or value.isspace():
            continue
        variable, rank = meaning
        if variable not in found:
            found[variable], ranked[variable] = [value], [rank]
            continue
        ranks = ranked[variable]
        place = len(ranks)
        while place and ranks[place - 1] > rank:
            place -= 1
        ranks.insert(place, rank)
        found[variable].insert(place, value)
    return found


@cache
def _meanings(format: str, type: str) -> dict[str, tuple[str, int]]:
    """For each RIS tag what it means in records of a type, and how much it is preferred (0: most)."""
    if format != "ris":
        return {}
    table: dict[str, tuple[str, int]] = {"SN": ("ISSN", 0), "DO": ("DOI", 0)}
    for variable in _VARIABLES:
        for rank, tag in enumerate(tags_of(variable, type)):
            table.setdefault(tag, (variable, rank))
    for rank, tag in enumerate(("U2", "M3", "L3"), 1):  # where Pure, Mendeley and old EndNote keep it
        table.setdefault(tag, ("DOI", rank))
    return table


def _of_extra(record: Record) -> list[str]:
    """The DOI that a Zotero item without the field tells in Extra."""
    return [extra_value(record.first("extra"), "DOI")] if record.format.name == "zotero" else []


def _article_number(text: str) -> Pages:
    match = re.fullmatch(r"\s*(?:art(?:icle)?\.?(?: no\.?)?:?\s*)?([a-z]{1,8}\d{3,}|\d{5,})\s*", text, re.I)
    return Pages(match[1].lower()) if match else Pages()


def _doi(values: Iterable[str]) -> str:
    """The DOI of the first value that holds one, also between other identifiers (`mp1 [pii];10.1038/mp.1 [doi]`)."""
    for value in values:
        if doi := doi_key(value):
            return doi
        if found := find_dois(value):
            return doi_key(found[0])
    return ""


def _standard_numbers(values: list[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """ISSNs and ISBNs that check; ISBNs without check digit, so that both lengths of one are equal."""
    issns: dict[str, None] = {}
    isbns: dict[str, None] = {}
    for value in values:
        for number in parse_standard_numbers(value):
            if number.kind == "issn":
                issns[number.canonical] = None
            elif number.kind == "isbn":
                isbns[number.canonical[-10:-1]] = None
    return tuple(issns), tuple(isbns)
