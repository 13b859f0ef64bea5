"""RefWorks: citations that hold an id and a label only."""

from __future__ import annotations

import re

from reflint.word.managers.base import BadPayloadError, Cited, Context, Payload, date, item

_REFWORKS = re.compile(r"doc:\s*(\w+)((?:(?!doc:)[^{};])*)")


def refworks(instruction: str, context: Context) -> Payload:
    """The payload of `ADDIN RW.CITE{{doc:<id> Key 2010}}`: an id, an author's key and a year for each work."""
    works = []
    for key, rest in _REFWORKS.findall(instruction):
        words = rest.split("[", 1)[0].split()
        year = words.pop() if words and re.fullmatch(r"\d{4}[a-z]?", words[-1]) else ""
        known = [("author", [{"literal": " ".join(words)}] if words else None), ("issued", date(year))]
        works.append(Cited(item("document", known), (f"refworks:{key}",), key))
    if not works:
        raise BadPayloadError("the instruction names no document")
    return Payload(tuple(works))
