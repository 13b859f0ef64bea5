"""Values of items as Zotero compares them, and the kinds of values that a plan may hold."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Annotated, Any

from pydantic import Field

from reflint.formats import zotero

Key = Annotated[str, Field(pattern="^[23456789A-NP-Z]{8}$", description="the item's key")]
Value = str | list[dict[str, str | int]]
"""A field's text; the whole list for `creators` and `tags`."""
Pair = tuple[str, str]
"""A relation: its predicate (`dc:replaces`) and the URI of the other item."""


def same(field: str, one: object, other: object) -> bool:
    """Whether two values of a field are the same to Zotero: trimmed as it trims, tags in any order."""
    return _settled(field, one) == _settled(field, other)


def _settled(field: str, value: object) -> object:
    if isinstance(value, str):
        return zotero.normalised(value)
    if field == "tags" and isinstance(value, list):
        return json.dumps(sorted(tags_of(value))) if value else ""
    if field == "relations" and isinstance(value, dict):
        return json.dumps(sorted(pairs(value))) if value else ""
    if field == "collections" and isinstance(value, list):
        return json.dumps(sorted(set(value))) if value else ""
    if field == "deleted":
        return "1" if value else ""
    if isinstance(value, list):
        parts = [{k: _settled(k, v) for k, v in one.items()} if isinstance(one, dict) else one for one in value]
        return json.dumps(parts, sort_keys=True) if parts else ""
    return json.dumps(value, sort_keys=True) if value else ""


def tags_of(tags: object) -> set[Pair]:
    """Tags as pairs of name and type (`1`: automatic; a file may say anything)."""
    if not isinstance(tags, list):
        return set()
    return {(zotero.normalised(str(tag.get("tag", ""))), str(tag.get("type") or 0)) for tag in tags}


def pairs(relations: object) -> set[Pair]:
    """Relations as the API writes them (a URI, or a list of them, for each predicate) as pairs."""
    if not isinstance(relations, dict):
        return set()
    return {
        (str(predicate), str(uri))
        for predicate, uris in relations.items()
        for uri in (uris if isinstance(uris, list) else [uris])
    }


def relations_of(found: Iterable[Pair]) -> dict[str, Any]:
    """Pairs as the API writes relations."""
    written: dict[str, Any] = {}
    for predicate, uri in sorted(found):
        written.setdefault(predicate, []).append(uri)
    return {predicate: uris if len(uris) > 1 else uris[0] for predicate, uris in written.items()}
