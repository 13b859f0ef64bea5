"""Patches: what of an item changed, in the form the web API takes, and what its server would refuse."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from reflint.formats.zotero.items import place_of, tag_text
from reflint.formats.zotero.schema import CHILDREN, Schema, schema
from reflint.model.record import Record

MAX_FIELD_BYTES = 65_535
MAX_NAME_LENGTH = 255
MAX_NOTE_LENGTH = 500_000
UNTOUCHABLE = frozenset(
    "itemType collections relations deleted parentItem inPublications key version dateAdded dateModified".split()
)
"""Properties that no patch of ours may hold: what they change cannot be undone or is no repair."""
_BOOKKEEPING = frozenset("key version dateAdded dateModified".split())
"""What the server itself says of an item: no change of ours."""
_ARRAYS = frozenset(["creators", "tags"])
_PARTS = ("firstName", "lastName", "name")
_BLANKS = " \t\n\r\0\x0b"
_CONTROLS = re.compile("[\x01-\x08\x0b-\x1f\x7f]")
_ACCESS_DATE = re.compile(r"\d{4}-\d\d-\d\d(?:[ T]\d\d:\d\d:\d\dZ?)?|CURRENT_TIMESTAMP", re.ASCII)


def normalised(text: str) -> str:
    """A text as Zotero's server stores it: trimmed, line ends LF, without control characters but tabs and line ends."""
    return _CONTROLS.sub("", text.strip(_BLANKS).replace("\r\n", "\n")).strip(_BLANKS)


def patch(before: Record, after: Record) -> dict[str, Any]:
    """The properties of an item that changed, and nothing else: what a write to the server has to say.

    Values are as the server stores them, so that what it would make equal is no change. Creators and tags go whole
    when one of them changed; tags keep their type, creators whatever they hold besides names. A property that `after`
    lacks is cleared.
    """
    old, new = place_of(before).data, place_of(after).data
    changed: dict[str, Any] = {}
    for name in dict.fromkeys([*old, *new]):
        if name in _BOOKKEEPING:
            continue
        was, value = _stored(name, old.get(name)), _stored(name, new.get(name))
        if value != was:
            changed[name] = value
    return changed


def _stored(name: str, value: Any) -> Any:
    """A property as the server would have it; nothing is the same as empty."""
    if value is None:
        return [] if name in _ARRAYS else ""
    if isinstance(value, str):
        return normalised(value)
    if not isinstance(value, list) or name not in _ARRAYS:
        return value
    if name == "creators":
        return [_stored_creator(creator) for creator in value]
    tags: dict[str, dict[str, Any]] = {}
    for tag in value:
        text = normalised(tag_text(tag))
        if text:
            tags.setdefault(text, {**(tag if isinstance(tag, Mapping) else {}), "tag": text})
    return list(tags.values())


def _stored_creator(creator: Any) -> Any:
    if not isinstance(creator, Mapping):
        return creator
    return {key: normalised(value) if isinstance(value, str) else value for key, value in creator.items()}


def fault(item_type: str, patch: Mapping[str, Any], known: Schema | None = None) -> str:
    """Why Zotero's server (or our own caution) would refuse a patch of an item of this type; `""` when nothing does.

    `known`: the schema to go by, where a server knows more than ours (see `extended`).
    """
    table = known or schema()
    if not table.knows(item_type):
        return f"unknown item type {item_type!r}"
    for name, value in patch.items():
        found = _fault_of(table, item_type, name, value)
        if found:
            return found
    return ""


def _fault_of(table: Schema, item_type: str, name: str, value: object) -> str:
    if name in UNTOUCHABLE:
        return f"{name!r} is never changed by a patch"
    if name == "creators":
        return _fault_of_creators(table, item_type, value)
    if name == "tags":
        return _fault_of_tags(value)
    if name == "note" and item_type in CHILDREN - {"annotation"}:
        return _fault_of_note(value)
    if name not in table.fields:
        return f"invalid property {name!r}"
    if not isinstance(value, str):
        return f"{name}: text is wanted, not {type(value).__name__}"
    if value and not table.is_valid(item_type, name):
        return f"{name!r} is not a valid field for type {item_type!r}"
    size = len(value.encode("utf-8", "surrogatepass"))
    if size > MAX_FIELD_BYTES:
        return f"{name}: {size:,} bytes of UTF-8, {MAX_FIELD_BYTES:,} are the limit"
    if name == "accessDate" and value and not _ACCESS_DATE.fullmatch(value):
        return f"accessDate: {value!r} is no ISO date"
    return ""


def _fault_of_note(value: object) -> str:
    if not isinstance(value, str):
        return f"note: text is wanted, not {type(value).__name__}"
    return f"note: more than {MAX_NOTE_LENGTH:,} characters" if len(value) > MAX_NOTE_LENGTH else ""


def _fault_of_creators(table: Schema, item_type: str, creators: object) -> str:
    if not isinstance(creators, list):
        return "creators: a list is wanted"
    roles = table.creators_of(item_type)
    if creators and not roles:
        return f"{item_type} has no creators"
    for number, creator in enumerate(creators):
        found = _fault_of_creator(creator, roles)
        if found:
            return f"creator {number}: {found}"
    return ""


def _fault_of_creator(creator: object, roles: tuple[str, ...]) -> str:
    if not isinstance(creator, Mapping):
        return "an object is wanted"
    odd = [key for key in creator if key not in ("creatorType", *_PARTS)]
    if odd:
        return f"invalid creator property {odd[0]!r}"
    role = creator.get("creatorType")
    if role not in (*roles, "author"):
        return f"{role!r} is not a valid creator type here"
    parts = {part: creator[part] for part in _PARTS if part in creator}
    if not all(isinstance(value, str) for value in parts.values()):
        return "names are text"
    if set(parts) not in ({"name"}, {"firstName", "lastName"}):
        return "either name, or firstName and lastName"
    if not any(parts.values()):
        return "it has no name"
    if any(len(value) > MAX_NAME_LENGTH for value in parts.values()):
        return f"a name of more than {MAX_NAME_LENGTH} characters"
    return ""


def _fault_of_tags(tags: object) -> str:
    if not isinstance(tags, list):
        return "tags: a list is wanted"
    for number, tag in enumerate(tags):
        if not isinstance(tag, Mapping) or not isinstance(tag.get("tag"), str) or set(tag) - {"tag", "type"}:
            return f"tag {number}: an object of tag and type is wanted"
        if tag.get("type", 0) not in (0, 1):
            return f"tag {number}: type is 0 or 1"
        if len(tag["tag"]) > MAX_NAME_LENGTH:
            return f"tag {number}: more than {MAX_NAME_LENGTH} characters"
    return ""
