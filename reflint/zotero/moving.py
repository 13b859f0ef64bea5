"""What a merge may do to an item, and what taking it back may: the one law that plans and the transport go by."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

from reflint.zotero.address import KEY
from reflint.zotero.values import pairs, tags_of

Kind = Literal["merge", "unmerge"]
MOVES = frozenset(["collections", "relations", "deleted", "parentItem"])
"""Properties that only merges touch."""
GAINED = frozenset(["dc:replaces", "owl:sameAs"])
"""The relations that a kept item takes over. Not `dc:relation`: the server would write to the other item, too."""
_ALONE = ("deleted", "parentItem")
_URI = re.compile(r"https?://zotero\.org/(?:users|groups)/[\w/]+/items/[23456789A-NP-Z]{8}")


class Moving(NamedTuple):
    """Of which kind the run is, and the `data` of a batch's items as they were read just before.

    `at`: the library's version when it was seen that a lone item may be written, because of what other items hold: not
    if anything of the library was changed since.
    """

    kind: Kind
    before: Mapping[str, Mapping[str, Any]]
    at: int | None = None

    def fault(self, patch: Mapping[str, Any]) -> str:
        """Why a patch `{key, version, field: value...}` is not sent; `""` when it may be."""
        before = self.before.get(str(patch["key"]))
        if before is None:
            return "an item that nobody looked at"
        return fault(self.kind, {name: patch[name] for name in patch.keys() - {"key", "version"}}, before)


def fault(kind: Kind, after: Mapping[str, Any], before: Mapping[str, Any]) -> str:
    """Why an item may not be changed so, from the values before to those after; `""` when it may.

    A merge fills what is empty, adds tags, collections and relations, gives a child another parent, and moves to the
    trash; its undoing does the reverse of these and nothing else.
    """
    for name in _ALONE:
        if name in after and len(after) > 1:
            return f"{name} is changed together with {', '.join(sorted(after.keys() - {name}))}"
    for name, value in after.items():
        why = _FAULTS.get(name, _fault_of_field)(name, kind, value, before)
        if why:
            return why
    return ""


def _fault_of_trash(_: str, kind: Kind, value: object, before: Mapping[str, Any]) -> str:
    wanted = 1 if kind == "merge" else 0
    if type(value) is not int or value != wanted:
        return f"deleted is to be {wanted} in such a plan"
    if before.get("parentItem"):
        return "deleted of a child"
    return "deleted has that value" if bool(before.get("deleted")) == bool(wanted) else ""


def _fault_of_parent(_: str, kind: Kind, value: object, before: Mapping[str, Any]) -> str:
    old = before.get("parentItem")
    if not (isinstance(old, str) and KEY.fullmatch(old) and isinstance(value, str) and KEY.fullmatch(value)):
        return "parentItem goes from one item to another"
    return "parentItem has that value" if value == old else ""


def _fault_of_collections(_: str, kind: Kind, value: object, before: Mapping[str, Any]) -> str:
    if before.get("parentItem"):
        return "collections of a child"  # it would stop being one
    if not isinstance(value, list) or not all(isinstance(key, str) and KEY.fullmatch(key) for key in value):
        return "collections are keys"
    less, more = _ordered(kind, set(before.get("collections") or ()), set(value))
    return "" if less <= more else "collections only get more in a merge, and only fewer when it is taken back"


def _fault_of_relations(_: str, kind: Kind, value: object, before: Mapping[str, Any]) -> str:
    if not isinstance(value, dict):
        return "relations are an object"
    less, more = _ordered(kind, pairs(before.get("relations")), pairs(value))
    if not less <= more or any(predicate not in GAINED for predicate, _ in more - less):
        return f"of relations only {' and '.join(sorted(GAINED))} are added, or taken back"
    return "" if all(_URI.fullmatch(uri) for _, uri in more - less) else "relations are to items of Zotero"


def _fault_of_tags(_: str, kind: Kind, value: object, before: Mapping[str, Any]) -> str:
    less, more = _ordered(kind, tags_of(before.get("tags")), tags_of(value))
    return "" if less <= more else "tags only get more in a merge, and only fewer when it is taken back"


def _fault_of_field(name: str, kind: Kind, value: object, before: Mapping[str, Any]) -> str:
    empty, _ = _ordered(kind, before.get(name), value)
    return f"{name} is filled; a merge only fills what is empty, and empties it when it is taken back" if empty else ""


def _ordered(kind: Kind, before: Any, after: Any) -> tuple[Any, Any]:
    """The state without the merge, then that with it."""
    return (before, after) if kind == "merge" else (after, before)


_FAULTS = {
    "deleted": _fault_of_trash,
    "parentItem": _fault_of_parent,
    "collections": _fault_of_collections,
    "relations": _fault_of_relations,
    "tags": _fault_of_tags,
}
