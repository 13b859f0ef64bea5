"""Paperpile: full records as deflated JSON in base64."""

from __future__ import annotations

import base64
import json
import re
import zlib
from typing import Any

from reflint.word.managers.base import BadPayloadError, Cited, Context, Payload, date, family_given, item, text

_MAX_JSON = 20 << 20
_TYPES = {
    "PP_ARTICLE": "article-journal", "ARTICLE": "article-journal", "BOOK": "book", "INBOOK": "chapter",
    "INCOLLECTION": "chapter", "INPROCEEDINGS": "paper-conference", "PROCEEDINGS": "book", "PHDTHESIS": "thesis",
    "MASTERSTHESIS": "thesis", "TECHREPORT": "report", "WEBSITE": "webpage", "PREPRINT": "article",
    "NEWS": "article-newspaper", "MAGAZINE": "article-magazine", "PATENT": "patent", "SOFTWARE": "software",
    "DATASET": "dataset", "REPORT": "report",
}  # fmt: skip


def paperpile(instruction: str, context: Context) -> Payload:
    """The payload of `ADDIN paperpile_citation ... <data>base64(zlib(json))</data>`: full records."""
    match = re.search(r"<data>(.*?)</data>", instruction, re.S)
    if match is None:
        raise BadPayloadError("the instruction has no data")
    try:
        inflater = zlib.decompressobj()
        source = inflater.decompress(base64.b64decode("".join(match[1].split())), _MAX_JSON)
        records = json.loads(source)
    except (zlib.error, ValueError, RecursionError) as error:
        raise BadPayloadError(f"the data is not deflated JSON in base64 ({error})") from None
    if not isinstance(records, list) or not all(isinstance(record, dict) for record in records):
        raise BadPayloadError("the JSON is no list of records")
    return Payload(tuple(map(_cited, records)), data=records)


def _cited(record: dict[str, Any]) -> Cited:
    published = record.get("published")
    parts = [text(published.get(name)) for name in ("year", "month", "day")] if isinstance(published, dict) else []
    written = "-".join(part.zfill(2) for part in parts if part)
    urls = record.get("url")
    known = item(_TYPES.get(text(record.get("pubtype")).upper(), "document"), [
        ("title", text(record.get("title"))),
        ("author", _people(record.get("author"))),
        ("editor", _people(record.get("editor"))),
        ("container-title", text(record.get("journalfull")) or text(record.get("journal"))
                            or text(record.get("booktitle"))),
        ("container-title-short", text(record.get("journal")) if record.get("journalfull") else ""),
        ("issued", date(written)),
        ("volume", text(record.get("volume"))),
        ("issue", text(record.get("issue"))),
        ("page", text(record.get("pages"))),
        ("edition", text(record.get("edition"))),
        ("publisher", text(record.get("publisher"))),
        ("publisher-place", text(record.get("address"))),
        ("ISSN", text(record.get("issn"))),
        ("ISBN", text(record.get("isbn"))),
        ("DOI", text(record.get("doi"))),
        ("PMID", text(record.get("pmid"))),
        ("URL", text(urls[0]) if isinstance(urls, list) and urls else text(urls)),
        ("abstract", text(record.get("abstract"))),
        ("language", text(record.get("language"))),
    ])  # fmt: skip
    key = text(record.get("_id"))
    return Cited(known, (f"paperpile:{key}",) if key else (), key)


def _people(people: object) -> list[dict[str, str]]:
    names = []
    for one in people if isinstance(people, list) else []:
        if isinstance(one, dict):
            family = text(one.get("last"))
            given = text(one.get("first")) or text(one.get("initials"))
            if family or given or text(one.get("formatted")):
                names.append(family_given(family or text(one.get("formatted")), given))
    return names
