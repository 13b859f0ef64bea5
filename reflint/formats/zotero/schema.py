"""Zotero's schema: item types with their fields and creators, and what each means in CSL; a compact table of it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from reflint.errors import SourceError
from reflint.formats.csl.values import OLD_SPELLINGS

TABLE = Path(__file__).with_name("table.json")
CHILDREN = frozenset(["note", "attachment", "annotation"])
"""Item types that are no bibliographic records."""
_KEYWORDS = "tags"


class Schema:
    """Item types, their fields in Zotero's order, their creator types (the primary one first), and CSL's names.

    A base field (`publicationTitle`) has a name of its own in some types (`proceedingsTitle`); only that one is valid
    there.
    """

    def __init__(self, table: Mapping[str, Any]) -> None:
        self.version: int = table["version"]
        self._item_types: dict[str, tuple[str, ...]] = {csl: tuple(own.split()) for csl, own in table["types"].items()}
        self._types = {name: csl for csl, own in self._item_types.items() for name in own}
        self._bases: dict[str, dict[str, str]] = {
            name: {field: base or field for field, _, base in (f.partition("<") for f in one["fields"].split())}
            for name, one in table["itemTypes"].items()
        }
        self._creators = {name: tuple(one["creators"].split()) for name, one in table["itemTypes"].items()}
        self._variables: dict[str, tuple[str, ...]] = {v: tuple(f.split()) for v, f in table["variables"].items()}
        self._variable_of = {field: variable for variable, fields in self._variables.items() for field in fields}
        self._roles: dict[str, str] = dict(table["names"])
        self._names_of: dict[tuple[str, str], tuple[str, ...]] = {}
        self.fields = frozenset(field for fields in self._bases.values() for pair in fields.items() for field in pair)
        """All names of fields, base fields among them."""
        self.roles = frozenset(role for roles in self._creators.values() for role in roles) | {"author"}
        """All creator types."""

    @property
    def item_types(self) -> tuple[str, ...]:
        """All item types."""
        return tuple(self._bases)

    def knows(self, item_type: str) -> bool:
        """Whether there is such an item type."""
        return item_type in self._bases

    def fields_of(self, item_type: str) -> tuple[str, ...]:
        """The fields of an item type, in Zotero's order; () for an unknown type."""
        return tuple(self._bases.get(item_type, ()))

    def is_valid(self, item_type: str, field: str) -> bool:
        """Whether the item type has the field under this very name."""
        return field in self._bases.get(item_type, ())

    def own_name(self, item_type: str, field: str) -> str | None:
        """What the item type calls a field: its own name for a base field; None when it has no such field."""
        fields = self._bases.get(item_type, {})
        if field in fields:
            return field
        return next((own for own, base in fields.items() if base == field), None)

    def creators_of(self, item_type: str) -> tuple[str, ...]:
        """The creator types of an item type, the primary one first; () for an unknown type."""
        return self._creators.get(item_type, ())

    def csl_type(self, item_type: str) -> str:
        """The CSL type of an item type; children of items keep their own name, an unknown type is a `document`."""
        return item_type if item_type in CHILDREN else self._types.get(item_type, "document")

    def item_types_of(self, csl_type: str) -> tuple[str, ...]:
        """The item types that become a CSL type."""
        return self._item_types.get(csl_type, ())

    def item_type_of(self, csl_type: str) -> str:
        """The item type that a CSL type becomes (of several the first); `document` for what Zotero has no type for."""
        return self._item_types.get(csl_type, ("document",))[0]

    def variable_of(self, item_type: str, name: str) -> str | None:
        """The CSL variable that a field or creator type of an item type means; None if it means none."""
        if name in self.roles:
            primary = self.creators_of(item_type)[:1]
            return "author" if (name,) == primary else self._roles.get(name)
        if name == _KEYWORDS:
            return "keyword"
        found = self._variable_of.get(name)
        return found or self._variable_of.get(self._bases.get(item_type, {}).get(name, ""))

    def names_in(self, item_type: str, variable: str) -> tuple[str, ...]:
        """The fields or creator types of an item type that can give a CSL variable, the preferred first.

        Base fields come last: translators and Better BibTeX use them in place of the type's own names.
        """
        if variable == "keyword":
            return () if item_type in CHILDREN else (_KEYWORDS,)
        known = [field for field in self._variables.get(variable, ()) if self.own_name(item_type, field)]
        own = [self.own_name(item_type, field) for field in known]
        roles = self.creators_of(item_type)
        primary = roles[:1] if variable == "author" else ()
        named = [role for role in roles if self._roles.get(role) == variable]
        return tuple(dict.fromkeys([*(name for name in own if name), *primary, *named, *known]))

    def names_of(self, csl_type: str, variable: str) -> tuple[str, ...]:
        """The same for a CSL type: of all item types that become it."""
        found = self._names_of.get((csl_type, variable))
        if found is None:
            found = tuple(
                dict.fromkeys(name for one in self.item_types_of(csl_type) for name in self.names_in(one, variable))
            )
            self._names_of[csl_type, variable] = found
        return found


def compact(schema: Mapping[str, Any]) -> dict[str, Any]:
    """The facts of a schema as Zotero publishes it, as Schema takes them. SourceError when it has another shape."""
    try:
        texts = schema["csl"]["fields"]["text"].items()
        dates = dict(schema["csl"]["fields"]["date"])
        types = {
            csl: " ".join(name for name in own if name not in CHILDREN) for csl, own in schema["csl"]["types"].items()
        }
        variables = {OLD_SPELLINGS.get(variable, variable): " ".join(fields) for variable, fields in texts}
        return {
            "version": int(schema["version"]),
            "types": types,
            "variables": {**variables, **dates},
            "names": schema["csl"]["names"],
            "itemTypes": {
                one["itemType"]: {
                    "fields": _joined(one["fields"], "field", "baseField"),
                    "creators": _joined(
                        sorted(one["creatorTypes"], key=lambda role: not role.get("primary")), "creatorType"
                    ),
                }
                for one in schema["itemTypes"]
            },
        }
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise SourceError(f"is no Zotero schema: {type(error).__name__}: {error}") from None


def _joined(rows: Iterable[Mapping[str, Any]], name: str, base: str = "") -> str:
    return " ".join(row[name] + (f"<{row[base]}" if base in row else "") for row in rows)


@cache
def schema() -> Schema:
    """Zotero's schema as reflint knows it."""
    return Schema(json.loads(TABLE.read_bytes()))


def compare(server: Mapping[str, Any]) -> list[str]:
    """What a server's schema (`GET /schema`) has that ours lacks, one line each; [] when there is nothing."""
    ours, theirs = schema(), Schema(compact(server))
    lines = []
    for item_type in theirs.item_types:
        if not ours.knows(item_type):
            lines.append(f"item type {item_type}")
            continue
        lines += [
            f"{item_type}: field {field}"
            for field in theirs.fields_of(item_type)
            if not ours.is_valid(item_type, field)
        ]
        lines += [
            f"{item_type}: creator type {role}"
            for role in theirs.creators_of(item_type)
            if role not in ours.creators_of(item_type)
        ]
    return lines


def extended(server: Mapping[str, Any]) -> Schema:
    """Our schema with what a server's has besides: item types, fields, creator types and their meanings."""
    table, theirs = json.loads(TABLE.read_bytes()), compact(server)
    for name, one in theirs["itemTypes"].items():
        ours = table["itemTypes"].setdefault(name, one)
        for part in ("fields", "creators"):
            ours[part] = _union(ours[part], one[part])
    table["types"] = {csl: _union(table["types"].get(csl, ""), own) for csl, own in theirs["types"].items()}
    for part in ("variables", "names"):
        table[part] = {**theirs[part], **table[part]}
    table["version"] = max(table["version"], theirs["version"])
    return Schema(table)


def _union(ours: str, theirs: str) -> str:
    return " ".join(dict.fromkeys([*ours.split(), *theirs.split()]))
