"""The neutral view of a RIS record: a CSL-JSON item."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from reflint.formats.ris.container import (
    is_of_web_of_science,
    is_publication,
    journal_of,
    proceedings_of,
    subtitle_in_t2,
)
from reflint.formats.ris.tags import JOURNAL_TYPES, PAGE_COUNT_TYPES, tags_of
from reflint.model.dates import Date, parse_date, to_date_parts
from reflint.model.identifiers import normalize_pmcid, normalize_pmid, whole_doi
from reflint.model.names import invert, is_et_al, looks_personal, parse_name
from reflint.model.pages import Pages, extent, is_placeholder, parse_sp_ep
from reflint.model.record import Record
from reflint.model.standard_numbers import parse_standard_numbers
from reflint.model.text import fold
from reflint.model.urls import split_urls, strip_tracking, url_problem

__all__ = ["csl_item", "subtitle_in_t2"]

Tags = dict[str, list[str]]
"""The values of a record by tag, in source order, blank ones left out."""

_PLAIN: Final = (
    "publisher publisher-place event-place edition volume issue number-of-volumes call-number source collection-title "
    "collection-number chapter-number section number archive_location"
).split()
_NAMES: Final = (
    "author editor collection-editor translator contributor container-author performer director composer".split()
)
_FEW_NUMBERS: Final = frozenset(["report", "standard"])
_DIRECTED: Final = frozenset(["MPCT", "VIDEO"])
_COMPOSED: Final = frozenset(["SOUND", "MUSIC"])
_OTHER_DOI_TAGS: Final = ("U2", "M3", "L3", "N1", "UR")
_LANGUAGES: Final = (
    "af:afrikaans,afr ar:arabic,ara,arabe,العربية bg:bulgarian,bul ca:catalan,cat,català,catalán "
    "cs:czech,cze,ces,čeština da:danish,dan,dansk de:german,ger,deu,deutsch,allemand,alemán el:greek,gre,ell "
    "en:english,eng,anglais,englisch,inglés,inglês,inglese es:spanish,spa,español,espagnol,spanisch,castellano "
    "et:estonian,est fa:persian,per,fas,farsi fi:finnish,fin,suomi fr:french,fre,fra,français,französisch,francés "
    "he:hebrew,heb hi:hindi,hin hr:croatian,hrv hu:hungarian,hun,magyar id:indonesian,ind it:italian,ita,italiano "
    "ja:japanese,jpn,日本語 ko:korean,kor,한국어 lt:lithuanian,lit lv:latvian,lav ms:malay,may,msa "
    "nl:dutch,dut,nld,nederlands no:norwegian,nor,norsk pl:polish,pol,polski pt:portuguese,por,português,portugués "
    "ro:romanian,rum,ron ru:russian,rus,русский sk:slovak,slo,slk sl:slovenian,slovene,slv sr:serbian,srp "
    "sv:swedish,swe,svenska th:thai,tha tr:turkish,tur,türkçe uk:ukrainian,ukr ur:urdu,urd vi:vietnamese,vie "
    "zh:chinese,chi,zho,中文"
).split()


def csl_item(record: Record) -> dict[str, object]:
    """The record as a CSL-JSON item, after section 4 of the RIS reference; a variable that is not known is absent.

    Lossy: what has no CSL variable is left out, and so is what says nothing (boilerplate, numbers that do not check).
    """
    tags = _by_tag(record)
    kind = tags["TY"][0].strip().upper() if "TY" in tags else ""
    item: dict[str, object] = {"id": record.key or str(record.index), "type": record.type}
    _add_titles(item, tags, record)
    _add_names(item, tags, record, kind)
    _add_dates(item, tags, record.type)
    for variable, names in _plan(record.type):
        if value := _first(tags, names):
            item[variable] = _one_line(value)
    _add_pages(item, tags, record.type, kind)
    _add_standard_numbers(item, tags, record.type)
    _add_identifiers(item, tags)
    _add_texts(item, tags, record.type)
    return {variable: value for variable, value in item.items() if value}


def _by_tag(record: Record) -> Tags:
    tags: Tags = {}
    for name, value in zip(record.names, record.values, strict=True):
        if value and not value.isspace():
            tags.setdefault(name, []).append(value)
    return tags


@cache
def _plan(type: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The variables of one line each, and the tags they come from."""
    plain = _PLAIN if type in JOURNAL_TYPES or type == "paper-conference" else [*_PLAIN, "container-title"]
    plain = plain if type in JOURNAL_TYPES else [*plain, "container-title-short"]
    return tuple((variable, names) for variable in plain if (names := tags_of(variable, type)))


def _first(tags: Tags, names: tuple[str, ...]) -> str:
    for name in names:
        if name in tags:
            return tags[name][0]
    return ""


def _one_line(value: str) -> str:
    """`value` trimmed, its line ends one space; other spaces are the business of a rule."""
    if "\n" in value or "\r" in value:
        return re.sub(r"[ \t]*[\r\n]\s*", " ", value.strip())
    return value.strip()


def _add_titles(item: dict[str, object], tags: Tags, record: Record) -> None:
    """The title, its short form, and what the work stands in."""
    title = item["title"] = _one_line(_first(tags, tags_of("title", record.type)))
    short = _one_line(tags["ST"][0]) if "ST" in tags else ""
    if short and short != title and len(short) < len(title) and fold(title).startswith(fold(short)):
        item["title-short"] = short
    second = _first(tags, ("T2",))
    if record.type in JOURNAL_TYPES:
        journal = journal_of(record, "" if subtitle_in_t2(record) else second)
        item["container-title"] = _one_line(journal.title)
        item["container-title-short"] = _one_line(journal.short)
    elif record.type == "paper-conference":
        container = item["container-title"] = _one_line(proceedings_of(record))
        if second and not is_publication(second) and not is_of_web_of_science(record):
            item["event-title"] = _one_line(second)
        elif second and container != _one_line(second):
            item["collection-title"] = _one_line(second)  # Scopus: the proceedings in C3, their series in T2
    elif names := tags_of("event-title", record.type):
        item["event-title"] = _one_line(_first(tags, names))


def _add_names(item: dict[str, object], tags: Tags, record: Record, kind: str) -> None:
    """The contributors, each under the role that its tag has for this type."""
    # Without a series (T2, M1) A2 of a book can only be its editor: Mendeley and JabRef write it so.
    edited_book = record.type == "book" and tags.keys().isdisjoint(("A3", "T2", "M1"))
    for role, names in _name_plan(record.type):
        if role == "editor" and edited_book:
            names = ("A2", "ED")
        elif role == "collection-editor" and edited_book:
            continue
        if tags.keys().isdisjoint(names):
            continue
        people = [_person(value) for value in record.all(*names) if not is_et_al(value)]
        if role == "container-author":
            people = [person for person in people if not person.get("literal", "").isdecimal()]  # Scopus: a PubMed id
        elif role == "author":
            role = _role_of_authors(kind)
        before = item.get(role)
        item[role] = [*before, *people] if isinstance(before, list) else people


@cache
def _name_plan(type: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple((role, names) for role in _NAMES if (names := tags_of(role, type)))


def _role_of_authors(kind: str) -> str:
    if kind == "EDBOOK":
        return "editor"
    return "director" if kind in _DIRECTED else "composer" if kind in _COMPOSED else "author"


def _all(tags: Tags, names: tuple[str, ...]) -> list[str]:
    """All values under these names, those of the preferred name first."""
    return [value for name in names if name in tags for value in tags[name]]


def _person(text: str) -> dict[str, str]:
    """A CSL name. `Given Family` without a comma is turned round when it is surely one (CRE003)."""
    text = _one_line(text)
    name = parse_name(text)
    if name.literal and looks_personal(name.literal):
        name = parse_name(invert(name.literal))
    return {part: value for part, value in zip(name._fields, name, strict=True) if value}


def _add_dates(item: dict[str, object], tags: Tags, type: str) -> None:
    item["issued"] = _csl_date(_issued(tags))
    if "Y2" in tags:
        item["accessed"] = _csl_date(parse_date(tags["Y2"][0])._replace(literal=""))
    if names := tags_of("available-date", type):
        item["available-date"] = _csl_date(parse_date(_first(tags, names))._replace(literal=""))


def _issued(tags: Tags) -> Date:
    """The date of DA, else PY, else Y1; Web of Science writes month and day in DA, the year in PY (`AUG 11`)."""
    partial = literal = Date()
    for name in ("DA", "PY", "Y1"):
        if name not in tags:
            continue
        date = parse_date(tags[name][0])
        if date.year:
            if partial.month and not date.month:
                return date._replace(month=partial.month, day=partial.day)
            return date
        if name == "DA":
            partial = date
        if not literal.literal and not is_placeholder(date.literal):
            literal = date
    return Date(literal=literal.literal)


def _csl_date(date: Date) -> dict[str, object]:
    if not date.year:
        return {"literal": date.literal} if date.literal else {}
    parts: dict[str, object] = {"date-parts": to_date_parts(date)}
    if date.season and not date.month:
        parts["season"] = date.season
    return parts


def _add_pages(item: dict[str, object], tags: Tags, type: str, kind: str) -> None:
    """The pages, or how many there are where SP counts them."""
    sp, ep = _first(tags, ("SP",)).strip(), _first(tags, ("EP",)).strip()
    if sp[:1] in "pPuUaA":  # `pp.` alone; Web of Science: `UNSP 133936`, `ARTN 20`
        sp = re.sub(r"^(?:pp?\.?$|(?:UNSP|ARTN)\s+(?=\w))", "", sp, flags=re.I)
    if not sp and not ep:
        if type in JOURNAL_TYPES and "number" in item:
            item["page"] = item["number"]
        return
    pages = parse_sp_ep(sp, ep)
    counted = kind in PAGE_COUNT_TYPES or type in ("book", "thesis") or (type in _FEW_NUMBERS and sp.isdecimal())
    if counted:
        if not ep and pages.kind not in ("range", "abbreviated", "placeholder", "dangling"):
            item["number-of-pages"] = sp
    elif pages.kind == "extent":
        count = extent(sp)
        item["number-of-pages"] = str(count) if count is not None else sp
    if not counted or (ep and type in _FEW_NUMBERS):
        item["page"] = _page(pages, sp, ep)


def _page(pages: Pages, sp: str, ep: str) -> str:
    """`page` as CSL wants it: the start alone, or both ends in full with a hyphen between."""
    start, end = pages.start, pages.expanded_end or pages.end
    if pages.kind in ("placeholder", "extent"):
        return ""
    if not sp and re.fullmatch(r"\+|U\d+", ep):  # Web of Science: unnumbered
        return ""
    if pages.kind == "open":
        return f"{start}+" if "+" in end else start if end[:1] == "U" else f"{start}{end}"
    if pages.kind == "unknown" and sp and ep:
        # A range in SP and another end in EP: SP says more.
        return sp if re.search(r"\d\s*[-\u2010-\u2015]\s*\d", sp) else f"{sp}-{ep}"
    if not start or not end or start == end:
        return start or end
    return f"{start}-{end}"


def _add_standard_numbers(item: dict[str, object], tags: Tags, type: str) -> None:
    """ISSN and ISBN by their check digit; a report's or patent's SN is its number."""
    if "SN" not in tags or type in ("report", "standard", "patent"):
        return
    numbers = [number for value in tags["SN"] for number in parse_standard_numbers(value)]
    if type in JOURNAL_TYPES or type in ("chapter", "paper-conference"):
        item["ISSN"] = ", ".join(dict.fromkeys(number.canonical for number in numbers if number.kind == "issn"))
    if type not in JOURNAL_TYPES:
        item["ISBN"] = " ".join(dict.fromkeys(number.canonical for number in numbers if number.kind == "isbn"))


def _add_identifiers(item: dict[str, object], tags: Tags) -> None:
    for value in _all(tags, ("DO", *_OTHER_DOI_TAGS)):
        if doi := whole_doi(value):
            item["DOI"] = doi
            break
    for value in _all(tags, ("UR", "LK")):
        urls = [url for url in split_urls(value) if url_problem(url) is None]
        if url := next((url for url in urls if url.lower().startswith(("http", "ftp"))), None):
            item["URL"] = strip_tracking(url)
            break
    _add_pubmed_ids(item, tags)


def _add_pubmed_ids(item: dict[str, object], tags: Tags) -> None:
    """PMID and PMCID: AN of a PubMed record, a UR like `PM:123`, C2 by its shape (PMCID by the specification)."""
    urls = tags.get("UR", [])
    for url in urls:
        if url[:1] in "Pp" and (pmid := normalize_pmid(url)):
            item["PMID"] = pmid
    if "AN" in tags and "PMID" not in item and tags["AN"][0].strip().isdecimal():
        sources = " ".join([*_all(tags, ("DB", "DP")), *urls]).lower()
        if "pubmed" in sources and (pmid := normalize_pmid(tags["AN"][0])):
            item["PMID"] = pmid
    if "C2" in tags and any(character.isdigit() for character in tags["C2"][0]):
        value = tags["C2"][0].strip()
        if pmcid := normalize_pmcid(value):
            item["PMCID"] = pmcid
        elif len(value) > 4 and value.isdecimal() and _is_of_scopus(tags) and (pmid := normalize_pmid(value)):
            item.setdefault("PMID", pmid)


def _is_of_scopus(tags: Tags) -> bool:
    return any("scopus" in value.lower() for value in _all(tags, ("DB", "AN", "UR")))


def _add_texts(item: dict[str, object], tags: Tags, type: str) -> None:
    """Abstract, keywords, notes, language and genre."""
    item["abstract"] = _first(tags, tags_of("abstract", type)).strip()
    if "KW" in tags:
        item["keyword"] = "; ".join(dict.fromkeys(_keywords(tags["KW"])))
    if "LA" in tags:
        item["language"] = _language(_one_line(tags["LA"][0]))
    genre = _one_line(_first(tags, tags_of("genre", type)))
    if (
        genre
        and not whole_doi(genre)
        and (type not in JOURNAL_TYPES or fold(genre) not in ("article", "journal article"))
    ):
        item["genre"] = genre
    if notes := _notes(_all(tags, tags_of("note", type)), item):
        item["note"] = "\n".join(notes)


def _keywords(values: list[str]) -> list[str]:
    """Single keywords; one value may hold a list (EndNote: a line each, Mendeley: `;`), `*` marks a major topic."""
    return [bare for value in values for word in re.split(r"[;\r\n]", value) if (bare := word.strip(" \t*"))]


def _language(text: str) -> str:
    """The BCP 47 tag of a language's name or code; anything else as it is."""
    known = _language_tags()
    name = text.rstrip(".").lower()
    if name in known:
        return known[name]
    if match := re.fullmatch(r"([A-Za-z]{2})[-_]([A-Za-z]{2})", text):
        return f"{match[1].lower()}-{match[2].upper()}"
    return name if len(name) == 2 and name.isascii() and name.isalpha() else text


@cache
def _language_tags() -> dict[str, str]:
    pairs = (line.split(":") for line in _LANGUAGES)
    return {name: tag for tag, names in pairs for name in names.split(",")}


def _notes(values: list[str], item: dict[str, object]) -> list[str]:
    """What a person may have written: no boilerplate, no title, no DOI again."""
    notes = []
    for value in values:
        if value.strip() == item.get("title") or whole_doi(value):
            continue
        lines = [line for line in re.split(r"\r\n?|\n", value) if not _boilerplate().match(line)]
        if note := "\n".join(lines).strip():
            notes.append(note)
    return notes


@cache
def _boilerplate() -> re.Pattern[str]:
    """How lines begin that exporters write of themselves (section 5.3 of the RIS reference)."""
    return re.compile(
        r"\s*(?:Export Date:|Cited By\b|Correspondence Address:|CODEN:|Source: Scopus|References: |Publisher Copyright:"
        r"|© |(?:Total )?Times Cited(?: in [^:]*)?:|Cited References? Count:|Accession Number: |Copyright - "
        r"|Date (?:revised|created|completed)|Last updated|Dernière mise à jour|Query date|RAYYAN-|Covidence"
        r"|<p>ASReview_)",
        re.I,
    )
