"""A RIS record made of a CSL-JSON item: the tables of tags decide, so that reading it gives the item back."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Final

from reflint.formats.csl.values import OLD_SPELLINGS
from reflint.formats.ris.tags import CSL_TYPES, JOURNAL_TYPES, csl_type, tags_of
from reflint.model.dates import Date, parse_date, to_ris

_PREFERRED: Final = {"document": "GEN", "thesis": "THES"}
_RELATED: Final = {
    "figure": "FIGURE",
    "review": "JOUR",
    "review-book": "JOUR",
    "periodical": "JFULL",
    "collection": "BOOK",
    "entry": "ENCYC",
    "broadcast": "VIDEO",
    "regulation": "STAT",
    "musical_score": "MUSIC",
}
"""RIS types of CSL types that no RIS type means exactly; what is not here becomes GEN."""

_OLD_SPELLINGS: Final = {**OLD_SPELLINGS, "event": "event-title"}
_CREATORS: Final = {"motion_picture": "director", "song": "composer"}
_NAMES: Final = ("editor", "collection-editor", "translator", "contributor", "container-author", "performer")
_ONE_LINE: Final = (
    "title title-short container-title container-title-short collection-title collection-number event-title volume "
    "issue number chapter-number section edition number-of-volumes publisher publisher-place event-place genre "
    "archive_location call-number source language DOI URL ISSN ISBN"
).split()
_RANGE: Final = re.compile(r"(\w+)\s*[-\u2010-\u2015\u2212]+\s*(\w+)")


def ris_of(item: Mapping[str, object]) -> str:
    """A CSL-JSON item as one RIS record: lines end in LF, `TY  - ` comes first and `ER  - ` last.

    Variables that RIS has no tag for in this type are left out. Never raises; what is no text or number is no value.
    """
    item = {**{_OLD_SPELLINGS.get(name, name): value for name, value in item.items()}, **item}
    kind = ris_type(item)
    type = csl_type(kind)
    lines = [("TY", kind), *_names(item, type), *_one_line_fields(item, type), *_dates(item, type)]
    lines += [*_pages(item, type), *_texts(item), *_pubmed_ids(item, type)]
    return "".join(f"{tag}  - {value}\n" for tag, value in [*lines, ("ER", "")])


def ris_type(item: Mapping[str, object]) -> str:
    """The RIS type of an item; an article that stands in a journal is JOUR whatever its type."""
    type = str(item.get("type", ""))
    if type == "article" and _line(item.get("container-title")):
        return "JOUR"
    return _RELATED.get(type) or _types().get(type, "GEN")


@cache
def _types() -> dict[str, str]:
    """CSL type -> RIS type: the first that the table lists."""
    types: dict[str, str] = {}
    for kind, type in CSL_TYPES.items():
        types.setdefault(type, kind)
    return types | _PREFERRED


def _line(value: object) -> str:
    """A value as one line; `""` for what is neither text nor number."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return " ".join(re.split(r"\s*[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]\s*", str(value).replace("\0", ""))).strip()


def _one_line_fields(item: Mapping[str, object], type: str) -> Iterator[tuple[str, str]]:
    """Each variable under the first tag that means it; the number of a report stands where its ISBN would."""
    for variable in _ONE_LINE:
        tags = tags_of(variable, type)
        if variable == "ISSN" and not tags and type in ("chapter", "paper-conference"):
            tags = ("SN",)
        if tags and (value := _line(item.get(variable))):
            yield tags[0], value


def _names(item: Mapping[str, object], type: str) -> Iterator[tuple[str, str]]:
    creators = _people(item.get(_CREATORS.get(type, "author"))) or _people(item.get("author"))
    yield from (("AU", name) for name in creators)
    for role in _NAMES:
        tags = tags_of(role, type)
        if tags:
            yield from ((tags[0], name) for name in _people(item.get(role)))


def _people(value: object) -> list[str]:
    people = value if isinstance(value, list) else []
    return [name for person in people if isinstance(person, Mapping) and (name := _person(person))]


def _person(person: Mapping[str, object]) -> str:
    """`Family, Given, Suffix`; particles where they are read again."""
    parts = {key: _line(value) for key, value in person.items()}
    if literal := parts.get("literal"):
        return literal
    family = " ".join(filter(None, (parts.get("non-dropping-particle"), parts.get("family"))))
    given = " ".join(filter(None, (parts.get("given"), parts.get("dropping-particle"))))
    suffix = parts.get("suffix", "")
    if not family or not given:
        return family or given
    return ", ".join(filter(None, (family, given, suffix)))


def _dates(item: Mapping[str, object], type: str) -> Iterator[tuple[str, str]]:
    issued = _date(item.get("issued"))
    if issued.year is not None:
        yield "PY", f"{issued.year:04}"
    if issued.month or issued.season:
        yield "DA", to_ris(issued)
    elif issued.year is None and issued.literal:
        yield "PY", _line(issued.literal)
    for variable in ("accessed", "available-date"):
        tags = tags_of(variable, type)
        if tags and (written := to_ris(_date(item.get(variable)))):
            yield tags[0], written


def _date(value: object) -> Date:
    """A CSL date, of a range the beginning; what only its text tells is read from there."""
    if not isinstance(value, Mapping):
        return Date()
    parts = value.get("date-parts")
    if isinstance(parts, list) and parts and isinstance(parts[0], list):
        numbers = [int(text) for part in parts[0] if (text := _line(part)).isdecimal() and len(text) <= 4]
        if numbers:
            year, month, day = (*numbers[:3], None, None)[:3]
            season = _line(value.get("season"))
            known = int(season) if season in ("1", "2", "3", "4") and not month else None
            return Date(year, month if month and month < 13 else None, day if day and day < 32 else None, known)
    return parse_date(_line(value.get("raw")) or _line(value.get("literal")))


def _pages(item: Mapping[str, object], type: str) -> Iterator[tuple[str, str]]:
    if tags_of("number-of-pages", type):
        if count := _line(item.get("number-of-pages")):
            yield "SP", count
    elif page := _line(item.get("page")):
        match = _RANGE.fullmatch(page)
        yield from zip(("SP", "EP"), match.groups() if match else (page,), strict=False)


def _texts(item: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    if abstract := _line(item.get("abstract")):
        yield "AB", abstract
    keywords = item.get("keyword")
    for word in re.split(r"[;\r\n]", keywords) if isinstance(keywords, str) else []:
        if bare := _line(word):
            yield "KW", bare
    notes = item.get("note")
    for note in notes.splitlines() if isinstance(notes, str) else []:
        if bare := _line(note):
            yield "N1", bare


def _pubmed_ids(item: Mapping[str, object], type: str) -> Iterator[tuple[str, str]]:
    """As PubMed's own exports say them: the number is an accession number of that database."""
    if (pmid := _line(item.get("PMID"))) and not tags_of("archive_location", type):
        yield from (("AN", pmid), ("DB", "PubMed"))
    if (pmcid := _line(item.get("PMCID"))) and type in JOURNAL_TYPES:
        yield "C2", pmcid
