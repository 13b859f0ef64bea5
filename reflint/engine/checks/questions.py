"""What surveys ask of the records of a run: what is counted, what puts it together, and what it means."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache, lru_cache
from typing import Any, NamedTuple

from reflint.engine.checks.base import Scope, names_of
from reflint.model.dates import year_of
from reflint.model.identifiers import doi_key, is_doi, normalize_doi
from reflint.model.names import name_key, person_key
from reflint.model.pages import parse_pages
from reflint.model.record import Record
from reflint.model.standard_numbers import is_issn, parse_standard_numbers
from reflint.model.text import fold

Saying = str | tuple[Any, ...]
"""What is counted: a value as it is written, or several texts of a record, that of the surveyed field first."""
Said = Iterable[tuple[int | None, Saying]]
"""What a record says: each saying with the position of its field (None: the record itself)."""


class Entry(NamedTuple):
    """What a saying means: in which group it stands, in which form; `rewrite` gives the value another form.

    `fine`: a form that is never odd, however few have it.
    """

    group: str
    form: str
    rewrite: Callable[[str], str | None] | None = None
    fine: bool = False


class Question(NamedTuple):
    """What a survey asks. What a saying means depends on nothing but the saying.

    `keys`: under which keys a saying is put by: those that share none share no group; quick, for few sayings meet.
    `entry`: what it means under one of them, if anything. `said`: what records in a scope say; without it, every value
    of the rule's fields is a saying. `is_broad`: its groups are few and most records stand in them: then the values
    that may be odd, by which such a record is known else, are not kept.
    """

    keys: Callable[[Any], Iterable[str]]
    entry: Callable[[Any, str], Entry | None]
    said: Callable[[Scope], Callable[[Record], Said]] | None = None
    is_broad: bool = False


def every_value(scope: Scope) -> Callable[[Record], Said]:
    """What records say where each value of the rule's fields is a saying."""
    return lambda record: [(position, record.values[position]) for position in record.positions(*scope.names)]


def _titles(scope: Scope) -> Callable[[Record], str]:
    """What tells the title of a record; of Zotero's items of one type it stands in several fields."""
    if scope.format == "zotero":
        return lambda record: record.format.title(record)
    names = names_of(scope.format, scope.type, "title")
    return lambda record: record.first(*names)


def _as_usual(usual: str) -> str:
    return usual


# The spelling of the journal or book, among records of one ISSN or one folded title.


def _containers(scope: Scope) -> Callable[[Record], Said]:
    issns = names_of(scope.format, scope.type, "ISSN")

    def said(record: Record) -> Said:
        position = record.position(*scope.names)
        if position is None:
            return ()
        numbers = [record.values[place] for place in record.positions(*issns)]
        return [(position, (record.values[position], *numbers))]

    return said


def _container_keys(saying: tuple[str, ...]) -> Iterable[str]:
    keys: dict[str, None] = {}
    for value in saying[1:]:
        if value[4:5] == "-" and len(value) == 9:
            keys[value.upper()] = None  # if it is an ISSN, then this one
        else:
            keys.update((one.canonical, None) for one in parse_standard_numbers(value) if one.kind == "issn")
    if folded := fold(saying[0]):
        keys[folded] = None
    return keys


def _container(saying: tuple[str, ...], key: str) -> Entry | None:
    return Entry(key, saying[0].strip(), _as_usual) if "-" not in key or _is_issn(key) else None


_is_issn = lru_cache(maxsize=64)(is_issn)  # what shares a key is asked about one after another


# The work that a DOI or an ISBN is given for; ISBN-10 and ISBN-13 of one number are one.


def _first_with_title(scope: Scope) -> Callable[[Record], Said]:
    title = _titles(scope)

    def said(record: Record) -> Said:
        position = record.position(*scope.names)
        return () if position is None else [(position, (record.values[position], title(record)))]

    return said


def _isbns_with_title(scope: Scope) -> Callable[[Record], Said]:
    title = _titles(scope)

    def said(record: Record) -> Said:
        told: list[str] = []
        for position in record.positions(*scope.names):
            saying = (record.values[position], title(record), *told)
            yield position, saying
            told += _isbn_keys(saying)

    return said


def _doi_keys(saying: tuple[str, str]) -> Iterable[str]:
    key = doi_key(saying[0])
    return (key,) if key else ()


def _isbn_keys(saying: tuple[str, ...]) -> Iterable[str]:
    isbns = (one.canonical[-10:-1] for one in parse_standard_numbers(saying[0]) if one.kind == "isbn")
    return dict.fromkeys(isbn for isbn in isbns if isbn not in saying[2:])  # a number counts once a record


def _title(saying: tuple[str, ...], key: str) -> Entry:
    return Entry(key, saying[1].strip())


# Works, known by folded title and first author (and the year): their places, types and stages.


class _Work(NamedTuple):
    """What a record says of its work, as it is written; `value` stands in the surveyed field."""

    value: str
    title: str
    author: str
    issued: str
    volume: str
    doi: str
    type: str

    @property
    def year(self) -> int | None:
        """The year of issue."""
        return year_of(self.issued)

    def known_by(self, title: str) -> str:
        """Its folded title, and its first author."""
        return f"{title} | {name_key(self.author)}"


def _works(scope: Scope) -> Callable[[Record], Said]:
    authors, issued, volumes, dois = (
        names_of(scope.format, scope.type, variable) for variable in ("author", "issued", "volume", "DOI")
    )
    title = _titles(scope)

    def said(record: Record) -> Said:
        position, author = record.position(*scope.names), record.first(*authors)
        if position is None or not author:
            return ()
        told = (record.first(*names) for names in (issued, volumes, dois))
        return [(position, (record.values[position], title(record), author, *told, record.type))]

    return said


def _work_keys(saying: tuple[str, ...]) -> Iterable[str]:
    folded = fold(saying[1])
    return () if len(folded) < 20 or folded in _RUNNING_TITLES else (folded,)


_RUNNING_TITLES = frozenset(["letters to the editor", "introduction to the minitrack", "notes on contributors"])


def _place(saying: tuple[str, ...], key: str) -> Entry | None:
    work = _Work(*saying)
    if not work.year:
        return None
    return Entry(f"{work.known_by(key)} | {work.year} | {work.volume.strip()}", doi_key(work.doi))


def _type(saying: tuple[str, ...], key: str) -> Entry | None:
    work = _Work(*saying)
    if not work.year or work.type == "article":
        return None
    return Entry(f"{work.known_by(key)} | {work.year}", work.type)


def _stage(saying: tuple[str, ...], key: str) -> Entry:
    work = _Work(*saying)
    return Entry(work.known_by(key), "preprint" if work.type == "article" else "published")


# Which fields the records of one type have; to have one is never odd.

_TRACKED = ("DOI", "volume", "issue", "page", "ISSN", "ISBN", "publisher", "publisher-place", "language", "abstract")


@cache
def _tracked(format: str, type: str) -> Mapping[str, frozenset[str]]:
    """Variable -> the fields that can hold it."""
    return {variable: frozenset(names) for variable in _TRACKED if (names := names_of(format, type, variable))}


def _presence(scope: Scope) -> Callable[[Record], Said]:
    format, type = scope.format, scope.type
    of_interest = frozenset().union(*_tracked(format, type).values())

    def said(record: Record) -> Said:
        present, values = of_interest.intersection(record.names), record.values
        if "" in values or any(map(str.isspace, values)):
            present = frozenset(name for name in present if record.first(name))
        return [(None, (format, type, present))]

    return said


def _presence_keys(saying: tuple[str, str, frozenset[str]]) -> Iterable[str]:
    return _tracked(saying[0], saying[1])


def _is_present(saying: tuple[str, str, frozenset[str]], variable: str) -> Entry:
    format, type, present = saying
    group = f"{type} {variable}"
    if present.isdisjoint(_tracked(format, type)[variable]):
        return Entry(group, f"without {variable}")
    return Entry(group, f"with {variable}", fine=True)


# How DOIs and pages are written: bare or as URL; with a hyphen or a dash; the last page in full or not.


def _dois_and_pages(scope: Scope) -> Callable[[Record], Said]:
    dois = names_of(scope.format, scope.type, "DOI")

    def said(record: Record) -> Said:
        return [
            (position, (value, record.names[position] in dois))
            for position in record.positions(*scope.names)
            if "-" in (value := record.values[position]) or "–" in value or record.names[position] in dois
        ]

    return said


def _form_keys(saying: tuple[str, bool]) -> Iterable[str]:
    return ("DOI",) if saying[1] else ("pages", "last pages")


def _form(saying: tuple[str, bool], key: str) -> Entry | None:
    return _of_doi(saying[0]) if key == "DOI" else _of_pages(saying[0], key)


def _of_doi(value: str) -> Entry | None:
    doi = normalize_doi(value)
    if doi is None:
        return None
    if value == doi or is_doi(value):
        return Entry("DOI", "bare", lambda usual: f"https://doi.org/{doi}" if usual == "URL" else None)
    if re.match(r"https?://(?:dx\.)?doi\.org/", value):
        return Entry("DOI", "URL", lambda usual: doi if usual == "bare" else None)
    return None


def _of_pages(value: str, key: str) -> Entry | None:
    pages = parse_pages(value)
    if pages.kind not in ("range", "abbreviated") or pages.separator not in ("-", "–", "--"):
        return None
    if key == "pages":
        named = next(name for name, separator in _SEPARATORS.items() if separator == pages.separator)
        return Entry(key, named, lambda usual: f"{pages.start}{_SEPARATORS[usual]}{pages.end}")
    if len(pages.start) < 2 or not pages.start.isdigit():
        return None
    in_full = f"{pages.start}{pages.separator}{pages.expanded_end or pages.end}"
    form = "last page abbreviated" if pages.kind == "abbreviated" else "last page in full"
    return Entry(key, form, lambda usual: in_full if usual == "last page in full" else None)


_SEPARATORS = {"hyphen": "-", "dash": "–", "two hyphens": "--"}


# How a person's name is written, among names of one family name and initials.


def _name_keys(value: str) -> Iterable[str]:
    key = person_key(value.strip())
    return (key,) if key else ()


# How a keyword is written, among those that differ in capitals, hyphens and blanks only.


def _tag_keys(value: str) -> Iterable[str]:
    tag = value.strip()
    return (" ".join(tag.casefold().replace("-", " ").split()),) if tag and "\n" not in tag else ()


def _spelling(value: str, key: str) -> Entry:
    return Entry(key, value.strip(), _as_usual)


# The work that a citation key stands for (`okafor2019`; mere numbers are counted anew by every export).

_CITATION_KEY = re.compile(r"[^\W\d_][\w:.+/-]*\d{2,4}[a-z]?")


def _citation_keys(saying: tuple[str, str]) -> Iterable[str]:
    key = saying[0].strip()
    return (key,) if _CITATION_KEY.fullmatch(key) else ()


def _cited(saying: tuple[str, str], key: str) -> Entry | None:
    title = fold(saying[1])
    return Entry(key, title) if title else None


SURVEYS = {
    "container": Question(_container_keys, _container, _containers),
    "doi": Question(_doi_keys, _title, _first_with_title),
    "isbn": Question(_isbn_keys, _title, _isbns_with_title),
    "title-author-year": Question(_work_keys, _place, _works),
    "type-of-work": Question(_work_keys, _type, _works),
    "stage-of-work": Question(_work_keys, _stage, _works),
    "fields-of-type": Question(_presence_keys, _is_present, _presence, is_broad=True),
    "forms": Question(_form_keys, _form, _dois_and_pages, is_broad=True),
    "name": Question(_name_keys, _spelling),
    "tag": Question(_tag_keys, _spelling),
    "citation-key": Question(_citation_keys, _cited, _first_with_title),
}
"""What rules can ask, by the name that they use."""
