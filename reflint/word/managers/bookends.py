"""Bookends: citations that hold a name, a year and a number only."""

from __future__ import annotations

import re

from reflint.word.managers.base import BadPayloadError, Cited, Context, Payload, date, item, person

_BOOKENDS = re.compile(r"([^;{}]*?)#\s*(\d+)([^;{}]*)")
_NAME_AND_YEAR = re.compile(r"(.*?)[,\s]+(\d{4})[a-z]?\s*$")


def bookends(instruction: str, context: Context) -> Payload:
    """The payload of `ADDIN BEC{Author, Year #id; ...}`."""
    works = []
    for group in re.findall(r"\{([^{}]*)\}", instruction):
        for label, number, after in _BOOKENDS.findall(group):
            match = _NAME_AND_YEAR.match(label.strip())
            name, year = match.groups() if match else (label.strip(" ,"), "")
            name = re.sub(r"\s+et al\.?$", "", name.strip(" ,"))
            known = [("author", [person(name)] if name else None), ("issued", date(year))]
            cited = Cited(item("document", known), (f"bookends:{number}",), number, suffix=after.strip(" ,"))
            works.append(cited)
    if not works:
        raise BadPayloadError("the instruction names no reference")
    return Payload(tuple(works))
