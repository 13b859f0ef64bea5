"""EndNote: citations as XML, in the instruction or in the field's data."""

from __future__ import annotations

import base64

from lxml import etree

from reflint.errors import SourceError
from reflint.word.managers.base import BadPayloadError, Cited, Context, Item, Payload, date, item, person
from reflint.word.xml import child, children, parse, text_of

_TYPES = {
    "journal article": "article-journal", "electronic article": "article-journal", "book": "book",
    "edited book": "book", "electronic book": "book", "classical work": "book", "ancient text": "classic",
    "serial": "book", "book section": "chapter", "electronic book section": "chapter",
    "conference proceedings": "paper-conference", "conference paper": "paper-conference", "thesis": "thesis",
    "report": "report", "government document": "report", "standard": "standard", "web page": "webpage",
    "blog": "post-weblog", "newspaper article": "article-newspaper", "magazine article": "article-magazine",
    "computer program": "software", "dataset": "dataset", "patent": "patent", "map": "map", "bill": "bill",
    "statute": "legislation", "legal rule or regulation": "legislation", "case": "legal_case", "hearing": "hearing",
    "film or broadcast": "motion_picture", "audiovisual material": "motion_picture", "music": "song",
    "artwork": "graphic", "figure": "figure", "personal communication": "personal_communication",
    "unpublished work": "manuscript", "manuscript": "manuscript", "encyclopedia": "entry-encyclopedia",
    "dictionary": "entry-dictionary", "pamphlet": "pamphlet",
}  # fmt: skip
_NUMBERS = {"17": "article-journal", "6": "book", "28": "book", "5": "chapter", "10": "paper-conference",
            "47": "paper-conference", "32": "thesis", "27": "report", "12": "webpage"}  # fmt: skip
_ROLES = {"authors": "author", "secondary-authors": "editor", "tertiary-authors": "collection-editor"}
_IN_A_CONTAINER = ("article-journal", "article-newspaper", "article-magazine", "chapter", "paper-conference",
                   "entry-encyclopedia", "entry-dictionary")  # fmt: skip


def endnote(instruction: str, context: Context) -> Payload:
    """The payload of `EN.CITE`; an instruction without XML has it in the field's data (base64, NUL-padded)."""
    start, end = instruction.find("<EndNote"), instruction.rfind("</EndNote>")
    source = instruction[start : end + len("</EndNote>")] if 0 <= start < end else _decoded(context.data)
    try:
        root = parse(source.encode(), "the citation")
    except SourceError as error:
        raise BadPayloadError(f"the XML cannot be read: it {error}") from None
    cites = children(root, "Cite")
    shown = text_of(child(cites[0], "DisplayText")) if cites else ""
    return Payload(works=tuple(map(_cited, cites)), stored=shown or None, data=source)


def _decoded(data: str) -> str:
    try:
        return base64.b64decode("".join(data.split())).decode("utf-8").strip("\0 \r\n\t")
    except ValueError as error:
        raise BadPayloadError(f"the field's data is not base64 of UTF-8 ({error})") from None


def _cited(cite: etree._Element) -> Cited:
    record = child(cite, "record")
    number = text_of(child(cite, "RecNum"))
    key = child(record, "foreign-keys", "key") if record is not None else None
    library = key.get("db-id", "") if key is not None else ""
    return Cited(
        item=item("document", _little(cite)) if record is None else _item(record),
        keys=(f"endnote:{library}:{number}",) if library or number else (),
        id=f"RN{number}" if number else "",
        linked=bool(library),
        locator=text_of(child(cite, "Pages")),
        prefix=_raw(cite, "Prefix"),
        suffix=_raw(cite, "Suffix"),
        suppress_author=cite.get("ExcludeAuth") == "1",
        author_only=cite.get("ExcludeYear") == "1" and cite.get("ExcludeAuth") != "1",
    )


def _raw(cite: etree._Element, name: str) -> str:
    found = child(cite, name)
    return "" if found is None else "".join(str(piece) for piece in found.itertext())


def _little(cite: etree._Element) -> list[tuple[str, object]]:
    """What a cite tells without its record."""
    author, year = text_of(child(cite, "Author")), text_of(child(cite, "Year"))
    return [("author", [person(author)] if author else None), ("issued", date(year))]


def _item(record: etree._Element) -> Item:
    kind = child(record, "ref-type")
    name = kind.get("name", "").lower() if kind is not None else ""
    type = _TYPES.get(name) or _NUMBERS.get(text_of(kind), "document")
    container = _first(record, "titles/secondary-title", "periodical/full-title", "alt-periodical/full-title")
    names = [(role, _people(record, group)) for group, role in _ROLES.items()]
    return item(type, [
        ("title", _first(record, "titles/title")),
        *names,
        ("container-title" if type in _IN_A_CONTAINER else "collection-title", container),
        ("container-title-short", _first(record, "periodical/abbr-1", "titles/alt-title")),
        ("title-short", _first(record, "titles/short-title")),
        ("issued", _issued(record)),
        ("volume", _first(record, "volume")),
        ("issue", _first(record, "number")),
        ("page", _first(record, "pages")),
        ("edition", "" if type.startswith("article") else _first(record, "edition")),
        ("publisher", _first(record, "publisher")),
        ("publisher-place", _first(record, "pub-location")),
        ("ISSN" if type.startswith("article") else "ISBN", " ".join(_first(record, "isbn").split())),
        ("DOI", _first(record, "electronic-resource-num")),
        ("URL", _first(record, "urls/related-urls/url", "urls/web-urls/url")),
        ("PMCID", _first(record, "custom2") if _first(record, "custom2").startswith("PMC") else ""),
        ("abstract", _first(record, "abstract")),
        ("language", _first(record, "language")),
        ("keyword", "; ".join(text_of(word) for word in _all(record, "keywords/keyword"))),
    ])  # fmt: skip


def _all(record: etree._Element, path: str) -> list[etree._Element]:
    *parents, name = path.split("/")
    parent = child(record, *parents) if parents else record
    return children(parent, name) if parent is not None else []


def _first(record: etree._Element, *paths: str) -> str:
    return next((found for path in paths for element in _all(record, path) if (found := text_of(element))), "")


def _people(record: etree._Element, group: str) -> list[dict[str, str]]:
    names = (text_of(name).rstrip(",") for name in _all(record, f"contributors/{group}/author"))
    return [person(name) for name in names if name]


def _issued(record: etree._Element) -> Item | None:
    year, day = _first(record, "dates/year"), _first(record, "dates/pub-dates/date")
    issued = date(f"{day} {year}") if day and year else None
    return issued if issued and "date-parts" in issued else date(year or day)
