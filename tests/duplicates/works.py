"""Invented works for tests, as CSL-JSON items and as what is compared of them."""

from __future__ import annotations

import json
from typing import Any

from reflint.duplicates import Index, Work, work_of
from reflint.formats import csl
from reflint.model.record import Record

ARTICLE: dict[str, Any] = {
    "type": "article-journal",
    "title": "Sediment supply and the accretion of salt marshes on open coasts",
    "author": ["Okafor, Ngozi", "Lindqvist, Per", "Tanaka, Mei"],
    "container-title": "Journal of Coastal Research Letters",
    "issued": 2014,
    "volume": "31",
    "issue": "4",
    "page": "211-228",
}
UNKNOWN = Work("", 0, (), "", (), (), 0, "", "", "", "", "", "", "", (), (), "", "")
"""A work of which nothing is known."""


def item(base: dict[str, Any] | None = None, /, **changes: Any) -> dict[str, Any]:
    """A CSL-JSON item: the article with changes (None: left out); names as `Family, Given`, a year as a number."""
    found = {
        **(ARTICLE if base is None else base),
        **{name.replace("_", "-"): value for name, value in changes.items()},
    }
    found = {name: value for name, value in found.items() if value is not None}
    found["author"] = [_name(one) for one in found.get("author", [])]
    if isinstance(found.get("issued"), int):
        found["issued"] = {"date-parts": [[found["issued"]]]}
    return found


def _name(text: str) -> dict[str, str]:
    family, _, given = text.partition(", ")
    return {"family": family, "given": given} if given else {"literal": text}


def record(base: dict[str, Any] | None = None, /, **changes: Any) -> Record:
    """The item as a record."""
    return csl.read(json.dumps([item(base, **changes)]).encode())[0]


def work(base: dict[str, Any] | None = None, /, **changes: Any) -> Work:
    """What is compared of the item."""
    return work_of(record(base, **changes))


def index_of(works: list[Work]) -> Index:
    """An index that holds works."""
    index = Index()
    for one in works:
        index.add(one)
    return index
