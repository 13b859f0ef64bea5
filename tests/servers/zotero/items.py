"""What one uploaded object makes of an item: every property checked, then the item as it will be stored."""

from __future__ import annotations

from typing import Any, NamedTuple

from tests.servers.zotero import values
from tests.servers.zotero.library import Item, Library
from tests.servers.zotero.messages import Refusal
from tests.servers.zotero.schema import CHILD_TYPES, FIELDS, LABELS, TYPES, ItemType

ATTACHMENT_PROPERTIES = ("linkMode", "contentType", "charset", "filename", "md5", "mtime")
ANNOTATION_PROPERTIES = tuple(
    f"annotation{part}" for part in "Type Text Comment Color PageLabel SortIndex Position".split()
)
_ARRAYS = ("creators", "tags", "collections")
_FREE = "key version itemType relations deleted inPublications parentItem dateAdded dateModified".split()
_MEMBERSHIP = ("collections", "relations", "inPublications")
"""What can change without touching dateModified and lastModifiedByUser."""

_STORED = {
    "itemType": "type",
    "creators": "creators",
    "collections": "collections",
    "relations": "relations",
    "parentItem": "parent",
    "note": "note",
    "linkMode": "extra",
    "deleted": "deleted",
    "inPublications": "published",
    "dateAdded": "added",
}
"""The properties that are compared as they are stored, and where."""


class Writer(NamedTuple):
    """Who writes, when, and whether their program may keep dateModified (its User-Agent names Zotero or Firefox)."""

    user: int
    now: str
    keeps_modified: bool = False
    files: bool = True


class Written(NamedTuple):
    """An item as it will be stored, and the properties that differ from its older self."""

    item: Item
    changed: tuple[str, ...]


def item_from(json: dict[str, Any], old: Item | None, key: str, library: Library, writer: Writer) -> Written:
    """The item that an object makes of `old`, or a new one; its version is still the old one's.

    Raises Refusal when a property is not allowed, Died where the real server's process dies.
    """
    kind = _kind(json, old)
    _check(json, kind, library)
    _check_file(json, old, writer)
    item = old or _empty(key, kind, writer)
    if kind.name != item.type:
        item = _retyped(item, kind)
    item = item._replace(fields=_fields(json, item, library, writer.now), **_properties(json, item, kind, writer))
    if "parentItem" in json:
        item = item._replace(parent=_parent(json["parentItem"], kind, library, new=old is None))
    if "collections" in json:
        item = _collected(item, json["collections"], library, new=old is None)
    return _dated(json, item, old, writer)


def _kind(json: dict[str, Any], old: Item | None) -> ItemType:
    if "itemType" not in json:
        if old is None:
            raise Refusal(400, "'itemType' property not provided")
        return old.kind
    name = json["itemType"]
    if not isinstance(name, str) or name not in TYPES:
        raise Refusal(400, f"'{name}' is not a valid itemType")
    if old is None and name == "attachment" and "linkMode" not in json:
        raise Refusal(400, "'linkMode' property not provided")
    return TYPES[name]


def _check(json: dict[str, Any], kind: ItemType, library: Library) -> None:
    for name, value in json.items():
        if name in _ARRAYS:
            values.array(name, value)
        elif name == "note":
            if kind.name not in ("note", "attachment"):
                raise Refusal(400, "'note' property is valid only for note and attachment items")
        elif name in ATTACHMENT_PROPERTIES:
            if kind.name != "attachment":
                raise Refusal(400, f"'{name}' is valid only for attachment items")
        elif name in ANNOTATION_PROPERTIES:
            if kind.name != "annotation":
                raise Refusal(400, f"'{name}' is valid only for annotation items")
        elif name not in _FREE:
            _check_field(name, value, kind)
    if json.get("inPublications") and library.is_group:
        raise Refusal(400, "Group items cannot be added to My Publications")


def _check_file(json: dict[str, Any], old: Item | None, writer: Writer) -> None:
    """Attachments with stored files are closed to those who may not store files."""
    link_mode = json.get("linkMode", old.extra.get("linkMode") if old else None)
    if not writer.files and str(link_mode).startswith("imported_"):
        raise Refusal(403, "Access denied")


def _check_field(name: str, value: Any, kind: ItemType) -> None:
    if name not in FIELDS:
        raise Refusal(400, f"Invalid property '{name}'")
    if isinstance(value, list):
        raise Refusal(400, f"Unexpected array for property '{name}'")
    if name not in kind.base and value not in ("", None, False):
        raise Refusal(400, f"'{name}' is not a valid field for type '{kind.name}'")


def _empty(key: str, kind: ItemType, writer: Writer) -> Item:
    return Item(
        key=key,
        version=0,
        type=kind.name,
        fields={},
        creators=(),
        tags=(),
        collections=(),
        relations=frozenset(),
        parent=None,
        note="",
        extra={},
        deleted=False,
        published=False,
        added=writer.now,
        modified=writer.now,
        created_by=writer.user,
        modified_by=writer.user,
    )


def _retyped(item: Item, kind: ItemType) -> Item:
    """The item as another type: base fields move to that type's own, what finds no place is lost."""
    fields = {}
    for name, value in item.fields.items():
        base = item.kind.base[name]
        own = name if kind.base.get(name) == base else kind.own(base)
        if own is not None:
            fields[own] = value
    creators = tuple(
        creator if creator["creatorType"] in ("author", *kind.creators) else {**creator, "creatorType": "contributor"}
        for creator in item.creators
    )
    return item._replace(type=kind.name, fields=fields, creators=creators)


def _fields(json: dict[str, Any], item: Item, library: Library, now: str) -> dict[str, str]:
    fields = dict(item.fields)
    for name in item.kind.base:
        if name not in json:
            continue
        value = values.text(json[name])
        if name == "accessDate":
            value = values.access_date(value, now)
        elif item.kind.base[name] == "date":
            value = values.without_prefix(value)
        if len(value.encode()) > values.FIELD_BYTES:
            short, label = f"{value[:50]}...", LABELS["fields"][name]
            message = f"{label} field value '{short}' too long for item '{library.number}/{item.key}'"
            raise Refusal(413, message, data={"field": label, "value": short})
        if value:
            fields[name] = value
        else:
            fields.pop(name, None)
    return fields


def _properties(json: dict[str, Any], item: Item, kind: ItemType, writer: Writer) -> dict[str, Any]:
    """The properties that are sent and are not fields, as the item stores them."""
    found: dict[str, Any] = {}
    if "creators" in json:
        found["creators"] = values.creators(json["creators"], kind)
    if "tags" in json:
        found["tags"] = values.tags(json["tags"])
    if "relations" in json:
        found["relations"] = values.relations(json["relations"])
    if "note" in json:
        found["note"] = values.note(json["note"])
    if "deleted" in json:
        if json["deleted"] not in (0, 1):
            raise Refusal(500, "An error occurred")
        found["deleted"] = bool(json["deleted"])
    if "inPublications" in json:
        found["published"] = bool(json["inPublications"])
    extra = {name: json[name] for name in (*ATTACHMENT_PROPERTIES, *ANNOTATION_PROPERTIES) if name in json}
    if extra:
        found["extra"] = {**item.extra, **extra}
    return found


def _parent(parent: Any, kind: ItemType, library: Library, *, new: bool) -> str | None:
    if not parent:
        return None
    if kind.name not in CHILD_TYPES:
        if new:
            raise Refusal(400, "Child item must be note, attachment, or annotation")
        raise Refusal(500, "An error occurred")
    if not values.is_key(parent):
        raise Refusal(400, f"'{parent}' is not a valid item key")
    if parent not in library.items:
        raise Refusal(409, f"Parent item {parent} not found", data={"parentItem": parent})
    allowed = "attachment" if kind.name == "annotation" else None
    if library.items[parent].type in CHILD_TYPES and library.items[parent].type != allowed:
        raise Refusal(409, "Parent item cannot be a note or attachment", data={"parentItem": parent})
    return str(parent)


def _collected(item: Item, keys: list[Any], library: Library, *, new: bool) -> Item:
    for key in keys:
        if not values.is_key(key):
            raise Refusal(400, f"'{key}' is not a valid collection key")
        if key not in library.collections:
            raise Refusal(409, f"Collection {key} not found", data={"collection": key})
    if keys and item.parent and new:
        raise Refusal(400, "Child items cannot be assigned to collections")
    return item._replace(collections=tuple(sorted(set(keys))), parent=None if keys else item.parent)


def _dated(json: dict[str, Any], item: Item, old: Item | None, writer: Writer) -> Written:
    """The item with its dates and users, once it is known what changed."""
    sent = {name: values.moment(name, json[name]) for name in ("dateAdded", "dateModified") if json.get(name)}
    item = item._replace(added=sent.get("dateAdded", item.added))
    modified = sent.get("dateModified")
    if old is None:
        created = tuple(sorted(json.keys() - {"key", "version"}))
        return Written(item._replace(modified=modified or item.modified), created)
    changed = _differences(json, item, old)
    if any(name not in _MEMBERSHIP for name in changed):
        item = item._replace(modified_by=writer.user)
        if not (modified == old.modified and writer.keeps_modified):
            item = item._replace(modified=writer.now)
    if modified is not None and modified != old.modified:
        item = item._replace(modified=modified)
        changed = (*changed, "dateModified")
    return Written(item, changed)


def _differences(json: dict[str, Any], item: Item, old: Item) -> tuple[str, ...]:
    changed = [name for name in item.fields.keys() | old.fields.keys() if item.fields.get(name) != old.fields.get(name)]
    changed += [name for name, stored in _STORED.items() if getattr(item, stored) != getattr(old, stored)]
    if "tags" in json and (item.tags or old.tags):
        changed.append("tags")
    return tuple(sorted(changed))
