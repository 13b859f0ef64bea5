"""Item types, fields and creator types as the server knows them (schema.json, made by compact.py)."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from tests.servers.zotero.compact import TABLE

_table: dict[str, Any] = json.loads(TABLE.read_text(encoding="utf-8"))

VERSION: int = _table["version"]
LABELS: dict[str, dict[str, str]] = _table["labels"]
CSL: dict[str, Any] = _table["csl"]


class ItemType(NamedTuple):
    """One item type: its fields in order, each with the base field it stands for, and its creator types."""

    name: str
    base: dict[str, str]
    creators: tuple[str, ...]

    @property
    def fields(self) -> tuple[str, ...]:
        return tuple(self.base)

    def own(self, base: str) -> str | None:
        """The type's own field for a base field (or for a field of the same name)."""
        return next((field for field, stands_for in self.base.items() if stands_for == base), None)


def _item_type(name: str, row: dict[str, str]) -> ItemType:
    pairs = (word.partition(":") for word in row["fields"].split())
    return ItemType(name, {own: base or own for own, _, base in pairs}, tuple(row["creators"].split()))


TYPES = {name: _item_type(name, row) for name, row in _table["types"].items()}
FIELDS = frozenset(field for kind in TYPES.values() for pair in kind.base.items() for field in pair)
CREATOR_TYPES = frozenset(creator for kind in TYPES.values() for creator in kind.creators)

CHILD_TYPES = frozenset(("note", "attachment", "annotation"))

_NEWER = frozenset("citationKey PMID PMCID partNumber partTitle originalDate originalPublisher originalPlace".split())
_NEWER_IN = {"journalArticle": _NEWER | {"publisher", "place", "section"}}


def newer_fields(item_type: str) -> frozenset[str]:
    """Fields that a client which names an older schema is not shown while they are empty (measured with version 25)."""
    return _NEWER_IN.get(item_type, _NEWER)


def published() -> dict[str, Any]:
    """The schema in the shape of /schema."""
    return {
        "version": VERSION,
        "itemTypes": [
            {
                "itemType": kind.name,
                "fields": [
                    {"field": own} if own == base else {"field": own, "baseField": base}
                    for own, base in kind.base.items()
                ],
                "creatorTypes": [
                    {"creatorType": name, "primary": True} if position == 0 else {"creatorType": name}
                    for position, name in enumerate(kind.creators)
                ],
            }
            for kind in TYPES.values()
        ],
        "meta": {"fields": {"date": {"type": "date"}, "filingDate": {"type": "date"}}},
        "csl": {
            "types": {csl: types.split() for csl, types in CSL["types"].items()},
            "fields": {
                "text": {csl: fields.split() for csl, fields in CSL["text"].items()},
                "date": CSL["date"],
            },
            "names": CSL["names"],
        },
        "locales": {"en-US": LABELS},
    }
