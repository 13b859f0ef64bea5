"""Checks of a record against all others of its run: what they say together is counted by a survey beforehand."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from reflint.engine.checks.base import (
    Hit,
    Parameters,
    RecordTest,
    Scope,
    Test,
    Trigger,
    ValueTest,
    check,
    names_of,
    number,
    text,
)
from reflint.model.dates import year_of
from reflint.model.identifiers import doi_key, is_doi, normalize_doi
from reflint.model.names import name_key, person_key
from reflint.model.pages import parse_pages
from reflint.model.record import Record
from reflint.model.standard_numbers import parse_standard_numbers
from reflint.model.text import fold


class Entry(NamedTuple):
    """What a record says: in which group, in which form, at which field; `rewrite` gives the value another form.

    `fine`: a form that is never odd, however few have it.
    """

    group: str
    form: str
    position: int | None = None
    rewrite: Callable[[str], str | None] | None = None
    fine: bool = False


class Tally(NamedTuple):
    """The forms of a group and how many records have each, the most frequent first (of equals the longest)."""

    forms: dict[str, int]
    total: int

    @property
    def usual(self) -> str:
        """The form of most records."""
        return next(iter(self.forms))


class Counted(NamedTuple):
    """What a survey counted for one rule: the groups in which something is odd, and the values it was read from.

    `values`: of the surveyed field, in records that may be odd; None where nobody asked for them.
    """

    groups: dict[str, Tally]
    values: tuple[str, ...] | None


Surveyor = Callable[[Record], Iterable[Entry]]


class Question(NamedTuple):
    """What a survey asks: how its surveyor is made, and whether the values that are odd are to be kept.

    They are where few are odd: such a record is known by one of them, at the place an entry names.
    """

    make: Callable[[Scope], Surveyor]
    keeps_values: bool


SURVEYS: dict[str, Question] = {}


def survey(
    name: str, *, keeps_values: bool = True
) -> Callable[[Callable[[Scope], Surveyor]], Callable[[Scope], Surveyor]]:
    """Registers what a survey asks under the name that rules use."""

    def register(make: Callable[[Scope], Surveyor]) -> Callable[[Scope], Surveyor]:
        SURVEYS[name] = Question(make, keeps_values)
        return make

    return register


def is_repeated(odd: object) -> bool:
    """Whether of a group with something odd all are (`repeated`, `differing`), and not just those unlike the most."""
    return odd in ("repeated", "differing")


@check("library")
def _library(params: Parameters, scope: Scope) -> Test:
    """A record that is odd among all others of the run.

    `survey`: what is asked. `odd`: `minority` (default: its form is not the usual one), `repeated` (its group has
    several records) or `differing` (its group has several forms, whichever its own). `share`: the usual form must have
    so many per cent of a group; `least`: a group must have so many records. Without a census, as for a record alone,
    nothing is odd.
    """
    counted = params.get("census")
    if not isinstance(counted, Counted):
        return ValueTest(frozenset(), lambda _: None)
    surveyor = SURVEYS[text(params, "survey")].make(scope)
    repeated = is_repeated(params.get("odd"))
    share, least = number(params, "share", 0), number(params, "least", 2)
    groups = {
        group: tally
        for group, tally in counted.groups.items()
        if tally.total >= least and 100 * tally.forms[tally.usual] >= share * tally.total
    }

    def run(record: Record) -> Iterator[Hit]:
        told: set[int | None] = set()
        for entry in surveyor(record):
            tally = groups.get(entry.group)
            if tally is None or entry.fine or entry.position in told:
                continue
            usual = tally.usual
            if entry.form == usual and not repeated:
                continue
            told.add(entry.position)
            new = entry.rewrite(usual) if entry.rewrite else None
            yield Hit(entry.position, new=new, note=_note(tally, entry, repeated))

    if counted.values is None:
        return RecordTest(run)
    return RecordTest(run, trigger=Trigger(frozenset(scope.names), frozenset(counted.values).__contains__))


def _note(tally: Tally, entry: Entry, repeated: bool) -> str:
    if repeated:
        others = [form for form in tally.forms if form != entry.form]
        return f"{tally.total} records" + (f", also “{others[0]}”" if others else "")
    return f"“{tally.usual}” in {tally.forms[tally.usual]} of {tally.total} records"


def _first(record: Record, names: Iterable[str]) -> int | None:
    """The position of the first of the names that has a value."""
    for name in names:
        for position, own in enumerate(record.names):
            if own == name and record.values[position].strip():
                return position
    return None


@survey("container")
def _container(scope: Scope) -> Surveyor:
    """The spelling of the journal or book, among records of one ISSN or one folded title."""
    issns = names_of(scope.format, scope.type, "ISSN")

    def entries(record: Record) -> Iterator[Entry]:
        position = _first(record, scope.names)
        if position is None:
            return
        title = record.values[position].strip()
        numbers = (
            one.canonical for value in record.all(*issns) for one in parse_standard_numbers(value) if one.kind == "issn"
        )
        for group in (*dict.fromkeys(numbers), fold(title)):
            if group:
                yield Entry(group, title, position, _as_usual)

    return entries


@survey("doi")
def _doi(scope: Scope) -> Surveyor:
    """The work that a DOI is given for."""

    def entries(record: Record) -> Iterator[Entry]:
        position = _first(record, scope.names)
        if position is not None and (key := doi_key(record.values[position])):
            yield Entry(key, record.format.title(record).strip(), position)

    return entries


@survey("isbn")
def _isbn(scope: Scope) -> Surveyor:
    """The work that an ISBN is given for; ISBN-10 and ISBN-13 of one number are one."""

    def entries(record: Record) -> Iterator[Entry]:
        for position, name in enumerate(record.names):
            if name in scope.names:
                for one in parse_standard_numbers(record.values[position]):
                    if one.kind == "isbn":
                        yield Entry(one.canonical[-10:-1], record.format.title(record).strip(), position)

    return entries


class _Work(NamedTuple):
    """What a work is known by: folded title and first author (`""` where either is missing), and its year."""

    known_by: str
    year: int | None


@lru_cache(maxsize=1)  # several rules ask it of one record
def _work(record: Record) -> _Work:
    format, type = record.format.name, record.type
    author = record.first(*names_of(format, type, "author"))
    folded = fold(record.format.title(record)) if author else ""
    if len(folded) < 20 or folded in _RUNNING_TITLES:
        return _Work("", None)
    return _Work(f"{folded} | {_name_key(author)}", _year_of(record.first(*names_of(format, type, "issued"))))


# What recurs from record to record is looked at once.
_name_key, _person_key = lru_cache(maxsize=8192)(name_key), lru_cache(maxsize=8192)(person_key)
_year_of = lru_cache(maxsize=1024)(year_of)


_RUNNING_TITLES = frozenset(["letters to the editor", "introduction to the minitrack", "notes on contributors"])


@survey("title-author-year")
def _title_author_year(scope: Scope) -> Surveyor:
    """The place of a work of one title, first author and year, by its volume and DOI."""

    dois, volumes = (names_of(scope.format, scope.type, variable) for variable in ("DOI", "volume"))

    def entries(record: Record) -> Iterator[Entry]:
        work, year = _work(record)
        position = _first(record, scope.names)
        if work and year and position is not None:
            volume = record.first(*volumes).strip()
            yield Entry(f"{work} | {year} | {volume}", doi_key(record.first(*dois)), position)

    return entries


@survey("type-of-work")
def _type_of_work(scope: Scope) -> Surveyor:
    """The type that a work of one title and first author is filed under."""

    def entries(record: Record) -> Iterator[Entry]:
        work, year = _work(record)
        position = _first(record, scope.names)
        if work and year and position is not None and record.type != "article":
            yield Entry(f"{work} | {year}", record.type, position)

    return entries


@survey("stage-of-work")
def _stage_of_work(scope: Scope) -> Surveyor:
    """Whether a work of one title and first author is a preprint or published."""

    def entries(record: Record) -> Iterator[Entry]:
        work, _ = _work(record)
        position = _first(record, scope.names)
        if work and position is not None:
            yield Entry(work, "preprint" if record.type == "article" else "published", position)

    return entries


@survey("fields-of-type", keeps_values=False)
def _fields_of_type(scope: Scope) -> Surveyor:
    """Which fields the records of one type have; to have one is never odd."""
    tracked = [
        (frozenset(names), Entry(group, f"with {variable}", fine=True), Entry(group, f"without {variable}"))
        for variable in _TRACKED
        if (names := names_of(scope.format, scope.type, variable))
        for group in (f"{scope.type} {variable}",)
    ]

    def entries(record: Record) -> Iterable[Entry]:
        values = record.values
        present = set(record.names)
        if "" in values or any(map(str.isspace, values)):
            present = {name for name, value in zip(record.names, values, strict=True) if value and not value.isspace()}
        return [without if present.isdisjoint(names) else having for names, having, without in tracked]

    return entries


_TRACKED = ("DOI", "volume", "issue", "page", "ISSN", "ISBN", "publisher", "publisher-place", "language", "abstract")


@survey("forms", keeps_values=False)
def _forms(scope: Scope) -> Surveyor:
    """How DOIs and pages are written: bare or as URL; with a hyphen or a dash; the last page in full or not."""
    dois = frozenset(names_of(scope.format, scope.type, "DOI"))

    def entries(record: Record) -> Iterator[Entry]:
        for position, name in enumerate(record.names):
            if name in scope.names:
                value = record.values[position]
                yield from _of_doi(value, position) if name in dois else _of_pages(value, position)

    return entries


def _of_doi(value: str, position: int) -> Iterator[Entry]:
    doi = normalize_doi(value)
    if doi is None:
        return
    if is_doi(value):
        yield Entry("DOI", "bare", position, lambda usual: f"https://doi.org/{doi}" if usual == "URL" else None)
    elif re.match(r"https?://(?:dx\.)?doi\.org/", value):
        yield Entry("DOI", "URL", position, lambda usual: doi if usual == "bare" else None)


def _of_pages(value: str, position: int) -> Iterator[Entry]:
    pages = parse_pages(value)
    if pages.kind not in ("range", "abbreviated") or pages.separator not in ("-", "–", "--"):
        return

    def with_separator(usual: str) -> str:
        return f"{pages.start}{_SEPARATORS[usual]}{pages.end}"

    named = next(name for name, separator in _SEPARATORS.items() if separator == pages.separator)
    yield Entry("pages", named, position, with_separator)
    if len(pages.start) > 1 and pages.start.isdigit():
        in_full = f"{pages.start}{pages.separator}{pages.expanded_end or pages.end}"
        form = "last page abbreviated" if pages.kind == "abbreviated" else "last page in full"
        yield Entry("last pages", form, position, lambda usual: in_full if usual == "last page in full" else None)


_SEPARATORS = {"hyphen": "-", "dash": "–", "two hyphens": "--"}


def _as_usual(usual: str) -> str:
    return usual


@survey("name")
def _name(scope: Scope) -> Surveyor:
    """How a person's name is written, among names of one family name and initials."""

    def entries(record: Record) -> Iterator[Entry]:
        for position, own in enumerate(record.names):
            if own in scope.names and (value := record.values[position].strip()) and (key := _person_key(value)):
                yield Entry(key, value, position, _as_usual)

    return entries


@survey("tag")
def _tag(scope: Scope) -> Surveyor:
    """How a keyword is written, among those that differ in capitals, hyphens and blanks only."""

    def entries(record: Record) -> Iterator[Entry]:
        for position, own in enumerate(record.names):
            if own in scope.names and (value := record.values[position].strip()) and "\n" not in value:
                yield Entry(" ".join(value.casefold().replace("-", " ").split()), value, position, _as_usual)

    return entries


_CITATION_KEY = re.compile(r"[^\W\d_][\w:.+/-]*\d{2,4}[a-z]?")


@survey("citation-key")
def _citation_key(scope: Scope) -> Surveyor:
    """The work that a citation key stands for (`okafor2019`; mere numbers are counted anew by every export)."""

    def entries(record: Record) -> Iterator[Entry]:
        position = _first(record, scope.names)
        if position is not None and _CITATION_KEY.fullmatch(record.values[position].strip()):
            title = fold(record.format.title(record))
            if title:
                yield Entry(record.values[position].strip(), title, position)

    return entries
