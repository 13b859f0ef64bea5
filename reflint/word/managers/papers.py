"""Papers 2 and 3: citations as XML."""

from __future__ import annotations

import re

from lxml import etree

from reflint.errors import SourceError
from reflint.word.managers.base import BadPayloadError, Cited, Context, Payload, date, family_given, item, pages
from reflint.word.xml import child, children, parse, text_of


def papers(instruction: str, context: Context) -> Payload:
    """The payload of `ADDIN PAPERS2_CITATIONS <citation>...`."""
    start = instruction.find("<citation")
    try:
        root = parse(instruction[start:].strip().encode(), "the citation") if start >= 0 else None
    except SourceError as error:
        raise BadPayloadError(f"the XML cannot be read: it {error}") from None
    holder = child(root, "publications") if root is not None else None
    if holder is None:
        raise BadPayloadError("the instruction has no publications")
    return Payload(tuple(map(_cited, children(holder, "publication"))))


def _cited(publication: etree._Element) -> Cited:
    def value(name: str) -> str:
        return text_of(child(publication, name))

    container = text_of(child(publication, "bundle", "publication", "title"))
    authors = child(publication, "authors")
    names = []
    for author in children(authors, "author") if authors is not None else []:
        given = " ".join(filter(None, (text_of(child(author, part)) for part in ("firstName", "middleNames"))))
        names.append(family_given(text_of(child(author, "lastName")), given))
    year = re.search(r"(?<!\d)(?:1[5-9]|20)\d\d", value("publication_date"))
    known = item("article-journal" if container else "document", [
        ("title", value("title")),
        ("author", names),
        ("container-title", container),
        ("issued", date(year[0]) if year else None),
        ("volume", value("volume")),
        ("issue", value("number")),
        ("page", pages(value("startpage"), value("endpage"))),
        ("DOI", value("doi")),
        ("URL", value("url")),
    ])  # fmt: skip
    key = value("uuid")
    return Cited(known, (f"papers:{key}",) if key else (), key)
