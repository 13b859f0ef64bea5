"""What PubMed's tags mean in CSL."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from reflint.formats.csl.values import name_from_text
from reflint.model.record import Record

VARIABLES: Final = {
    "PMID": "PMID",
    "PMC": "PMCID",
    "TI": "title",
    "TT": "original-title",
    "AB": "abstract",
    "FAU": "author",
    "AU": "author",
    "CN": "author",
    "FED": "editor",
    "ED": "editor",
    "JT": "container-title",
    "TA": "container-title-short",
    "BTI": "container-title",
    "CTI": "collection-title",
    "VTI": "volume-title",
    "DP": "issued",
    "DEP": "available-date",
    "VI": "volume",
    "IP": "issue",
    "PG": "page",
    "IS": "ISSN",
    "ISSN": "ISSN",
    "ISBN": "ISBN",
    "PT": "genre",
    "LA": "language",
    "OT": "keyword",
    "MH": "keyword",
    "PB": "publisher",
    "PL": "publisher-place",
    "EN": "edition",
    "GN": "note",
}
"""Tag -> CSL variable. LID and AID depend on their value; AU and ED count only where the full names are missing."""

_FULL_NAMES: Final = {"AU": "FAU", "ED": "FED"}
# Publication types of MeSH (and of ERIC) that say more than "it is in a journal".
_TYPES: Final = {
    "preprint": "article",
    "book chapter": "chapter",
    "book": "book",
    "books": "book",
    "dataset": "dataset",
    "academic dissertation": "thesis",
    "dissertations/theses": "thesis",
    "technical report": "report",
    "reports": "report",
    "newspaper article": "article-newspaper",
    "patent": "patent",
    "webcast": "webpage",
}
_TYPES_DESPITE_JOURNAL: Final = frozenset(["article", "dataset", "article-newspaper"])
_LANGUAGES: Final = dict(
    pair.split(":")
    for pair in (
        "ara:ar bul:bg cat:ca chi:zh cze:cs dan:da dut:nl eng:en est:et fin:fi fre:fr ger:de gre:el heb:he "
        "hrv:hr hun:hu ind:id ita:it jpn:ja kor:ko lav:lv lit:lt nor:no per:fa pol:pl por:pt rum:ro rus:ru "
        "slo:sk slv:sl spa:es srp:sr swe:sv tha:th tur:tr ukr:uk vie:vi"
    ).split()
)
_MONTHS: Final = {name: n for n, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)}
_SEASONS: Final = {"spring": 1, "summer": 2, "autumn": 3, "fall": 3, "winter": 4}
_DATE = re.compile(r"(\d{4})(?: ([A-Za-z]{3})[a-z]*(?: (\d{1,2}))?)?\Z", re.A)
_COMPACT_DATE = re.compile(r"(\d{4})(\d\d)(\d\d)\Z", re.A)
_LIST_VARIABLES: Final = {"keyword": "; ", "ISSN": ", ", "ISBN": ", ", "genre": "; ", "note": "\n"}


def variable_of(record: Record, position: int, kind: str) -> str | None:
    """The CSL variable of a field; `kind` is `doi` where the source marks an id as one."""
    tag = record.names[position]
    if tag in ("LID", "AID"):
        if kind != "doi":
            return None
        # PubMed gives the DOI twice; the first stands for both.
        same = [i for i in record.positions("LID", "AID") if record.values[i] == record.values[position]]
        return "DOI" if same[0] == position else None
    if tag in _FULL_NAMES and _FULL_NAMES[tag] in record.names:
        return None
    if tag == "BTI" and "TI" not in record.names:
        return "title"
    return VARIABLES.get(tag)


def type_of(names: Sequence[str], values: Sequence[str]) -> str:
    """The CSL type, from the publication types and from where the work appeared."""
    found = [_TYPES[v.lower()] for n, v in zip(names, values, strict=True) if n == "PT" and v.lower() in _TYPES]
    journal = "JT" in names or "TA" in names
    for type in found:
        if not journal or type in _TYPES_DESPITE_JOURNAL:
            return type
    if journal:
        return "article-journal"
    if "BTI" in names:
        return "chapter" if "TI" in names else "book"
    return "article-journal" if "PMID" in names else "document"


def csl_item(record: Record, variables: Sequence[str | None]) -> dict[str, object]:
    """The record as a CSL-JSON item; PubMed's marks (`[Title].`, `*Term`) are left out."""
    item: dict[str, object] = {"id": record.key or str(record.index), "type": record.type}
    lists: dict[str, list[str]] = {}
    for tag, variable, value in zip(record.names, variables, record.values, strict=True):
        if variable is None or not value:
            continue
        if variable in ("author", "editor"):
            people = item.setdefault(variable, [])
            if isinstance(people, list):
                people.append(_name(tag, value))
        elif variable in _LIST_VARIABLES:
            values = lists.setdefault(variable, [])
            value = value.lstrip("*") if variable == "keyword" else value
            if value not in values:
                values.append(value)
        else:
            item.setdefault(variable, _value(variable, value))
    item |= {variable: _LIST_VARIABLES[variable].join(values) for variable, values in lists.items()}
    return item


def _name(tag: str, value: str) -> dict[str, str]:
    if tag in _FULL_NAMES and " " in value and "," not in value:
        family, _, initials = value.rpartition(" ")
        return {"family": family, "given": initials}
    return {"literal": value} if tag == "CN" else name_from_text(value)


def _value(variable: str, value: str) -> object:
    if variable in ("issued", "available-date"):
        return date_of(value)
    if variable == "title":
        return _title(value)
    if variable == "language":
        return _LANGUAGES.get(value.lower(), value)
    return value


def _title(value: str) -> str:
    """The title without PubMed's full stop, and without the brackets of a translated one."""
    title = value[:-1] if value.endswith(".") and not value.endswith("..") else value
    return title[1:-1] if title.startswith("[") and title.endswith("]") else title


def date_of(text: str) -> dict[str, object]:
    """A CSL date from PubMed's: `2021 Jun 14`, `2017 Jul-Aug`, `2018 Dec-2019 Jan`, `2019 Spring`, `20210601`."""
    compact = _COMPACT_DATE.match(text)
    if compact:
        return {"date-parts": [[int(part) for part in compact.groups()]]}
    year, _, rest = text.partition(" ")
    if rest.lower() in _SEASONS and len(year) == 4 and year.isdecimal():
        return {"date-parts": [[int(year)]], "season": _SEASONS[rest.lower()]}
    first, dash, last = text.partition("-")
    ends = [_parts(first)]
    if dash:
        # `Jul-Aug` and `14-16` leave out what both ends share.
        shared = first.split(" ")[: max(0, len(first.split(" ")) - len(last.split(" ")))]
        ends.append(_parts(" ".join([*shared, last])))
    return {"date-parts": ends} if all(ends) else {"raw": text}


def _parts(text: str) -> list[int]:
    match = _DATE.match(text)
    if match is None:
        return []
    year, month, day = match.groups()
    if month is None:
        return [int(year)]
    number = _MONTHS.get(month.lower())
    if number is None:
        return []
    return [int(year), number, *([int(day)] if day else [])]
