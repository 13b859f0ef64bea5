"""What a record says of the work it stands for, in the terms in which it is compared with works of a registry."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from reflint.lookup.work import Person
from reflint.model.dates import year_of
from reflint.model.identifiers import doi_key, normalize_pmcid, normalize_pmid
from reflint.model.names import is_et_al
from reflint.model.pages import is_page_placeholder, is_placeholder
from reflint.model.record import Record
from reflint.model.standard_numbers import parse_standard_numbers
from reflint.model.text import collapse_whitespace, strip_markup, unescape_entities

_LONGEST_QUERY = 400
_AUTHORS_ASKED_FOR = 3


class Reference(NamedTuple):
    """A record's own account of its work; `""`, 0 and () are what it does not say. `type` is a CSL type."""

    type: str
    title: str = ""
    authors: tuple[Person, ...] = ()
    year: int = 0
    volume: str = ""
    issue: str = ""
    page: str = ""
    number: str = ""
    containers: tuple[str, ...] = ()
    issns: frozenset[str] = frozenset()
    doi: str = ""
    pmid: str = ""
    pmcid: str = ""


def reference_of(record: Record) -> Reference:
    """The reference that a record is, from its neutral view."""
    return reference_of_item(record.format.csl(record))


def reference_of_item(item: Mapping[str, object]) -> Reference:
    """The reference that a CSL-JSON item is."""
    numbers = {name: _text(item.get(name)) for name in ("volume", "issue", "page", "number")}
    page = "" if is_page_placeholder(numbers["page"]) else numbers["page"]
    titles = (_text(item.get("container-title")), _text(item.get("container-title-short")))
    return Reference(
        type=_text(item.get("type")),
        title=collapse_whitespace(strip_markup(unescape_entities(_text(item.get("title"))))),
        authors=tuple(_people(item.get("author")) or _people(item.get("editor"))),
        year=_year(item.get("issued")),
        volume="" if is_placeholder(numbers["volume"]) else numbers["volume"],
        issue="" if is_placeholder(numbers["issue"]) else numbers["issue"],
        page=page,
        number=numbers["number"],
        containers=tuple(dict.fromkeys(filter(None, titles))),
        issns=frozenset(one.canonical for one in parse_standard_numbers(_text(item.get("ISSN"))) if one.kind == "issn"),
        doi=doi_key(_text(item.get("DOI"))),
        pmid=normalize_pmid(_text(item.get("PMID"))) or "",
        pmcid=normalize_pmcid(_text(item.get("PMCID"))) or "",
    )


def query_of(reference: Reference) -> str:
    """What Crossref is asked by: authors, year, title, container, volume, pages. No notes, no abstract."""
    parts = [
        " ".join(person.family for person in reference.authors[:_AUTHORS_ASKED_FOR]),
        str(reference.year or ""),
        reference.title,
        next(iter(reference.containers), ""),
        reference.volume,
        reference.page or reference.number,
    ]
    return " ".join(" ".join(parts).split())[:_LONGEST_QUERY]


def _text(value: object) -> str:
    if isinstance(value, list):
        value = value[0] if value else ""
    return str(value).strip() if isinstance(value, str | int) and not isinstance(value, bool) else ""


def _people(value: object) -> Iterable[Person]:
    found = []
    for one in value if isinstance(value, list) else ():
        if isinstance(one, Mapping):
            particle, family, given, literal = (
                _text(one.get(part)) for part in ("non-dropping-particle", "family", "given", "literal")
            )
            name = Person(f"{particle} {family}".strip() or literal or given, given if family else "")
            if name.family and not is_et_al(name.family):
                found.append(name)
    return found


def _year(value: object) -> int:
    if not isinstance(value, Mapping):
        return year_of(_text(value)) or 0
    parts = value.get("date-parts")
    first = parts[0] if isinstance(parts, list) and parts else None
    if isinstance(first, list) and first and re.fullmatch(r"\d{4}", str(first[0])):
        return int(str(first[0]))
    return year_of(_text(value.get("raw")) or _text(value.get("literal"))) or 0
