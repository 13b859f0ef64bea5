"""Stored objects as the API writes them: envelopes with links and meta, `data`, and CSL-JSON."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from tests.servers.zotero.dates import parsed
from tests.servers.zotero.library import Collection, Item, Library
from tests.servers.zotero.schema import CSL, TYPES, newer_fields
from tests.servers.zotero.world import World

JSON = "application/json"
_CSL_TYPES = {own: csl for csl, types in CSL["types"].items() for own in types.split()}


class View(NamedTuple):
    """A library as one request sees it: whether notes are shown, and to a client of which schema version."""

    world: World
    library: Library
    base: str
    notes: bool = True
    schema: int | None = None

    @property
    def api(self) -> str:
        return f"{self.base}/{self.library.name}"

    def envelope(self, item: Item, include: Iterable[str] = ("data",)) -> dict[str, Any]:
        """An item as lists and reports hold it; `include` names the bodies wanted (`data`, `csljson`)."""
        bodies = {"data": self.data, "csljson": self.csl}
        return {
            "key": item.key,
            "version": item.version,
            "library": self.world.library_json(self.library),
            "links": self._links("items", item.key, item.parent),
            "meta": self._meta(item),
            **{name: bodies[name](item) for name in include},
        }

    def collection(self, collection: Collection) -> dict[str, Any]:
        """A collection as lists and reports hold it."""
        inside = [c for c in self.library.collections.values() if c.parent == collection.key]
        items = [i for i in self.library.items.values() if collection.key in i.collections and not i.deleted]
        return {
            "key": collection.key,
            "version": collection.version,
            "library": self.world.library_json(self.library),
            "links": self._links("collections", collection.key, collection.parent),
            "meta": {"numCollections": len(inside), "numItems": len(items)},
            "data": {
                "key": collection.key,
                "version": collection.version,
                "name": collection.name,
                "parentCollection": collection.parent or False,
                "relations": {},
            },
        }

    def tag(self, name: str, kind: int, items: int) -> dict[str, Any]:
        """A tag as /tags lists it."""
        return {"tag": name, "links": self._links("tags", name, None), "meta": {"type": kind, "numItems": items}}

    def _links(self, kind: str, key: str, parent: str | None) -> dict[str, Any]:
        page = self.world.page(self.library)
        links = {
            "self": {"href": f"{self.api}/{kind}/{key}", "type": JSON},
            "alternate": {"href": f"{page}/{kind}/{key}", "type": "text/html"},
        }
        if parent:
            links["up"] = {"href": f"{self.api}/{kind}/{parent}", "type": JSON}
        return links

    def _meta(self, item: Item) -> dict[str, Any]:
        meta: dict[str, Any] = {}
        if self.library.is_group:
            meta["createdByUser"] = self.world.user_json(item.created_by)
            if item.modified_by != item.created_by:
                meta["lastModifiedByUser"] = self.world.user_json(item.modified_by)
        if summary := _creator_summary(item):
            meta["creatorSummary"] = summary
        if date := parsed(item.base("date")):
            meta["parsedDate"] = date
        if item.type not in ("attachment", "annotation"):
            children = (child for child in self.library.children(item.key) if self.notes or child.type != "note")
            meta["numChildren"] = sum(1 for _ in children)
        return meta

    def data(self, item: Item) -> dict[str, Any]:
        """An item's editable JSON, in the order of the API."""
        data: dict[str, Any] = {"key": item.key, "version": item.version}
        if item.parent:
            data["parentItem"] = item.parent
        data["itemType"] = item.type
        data |= _body(item, self.schema)
        if item.deleted:
            data["deleted"] = 1
        if item.published:
            data["inPublications"] = True
        data["tags"] = [{"tag": name, "type": 1} if kind else {"tag": name} for name, kind in item.tags]
        if not item.parent:
            data["collections"] = list(item.collections)
        data["relations"] = _relations(item)
        return {**data, "dateAdded": item.added, "dateModified": item.modified}

    def csl(self, item: Item) -> dict[str, Any]:
        """The item as the server's own CSL-JSON."""
        csl: dict[str, Any] = {"id": f"{self.library.number}/{item.key}", "type": _CSL_TYPES.get(item.type, "document")}
        for variable, bases in CSL["text"].items():
            value = next((value for base in bases.split() if (value := item.base(base))), "")
            if value:
                csl[variable] = value
        for creator in item.creators:
            role = "author" if creator["creatorType"] == item.kind.creators[0] else creator["creatorType"]
            name = {"family": creator.get("lastName", creator.get("name", "")), "given": creator.get("firstName", "")}
            csl.setdefault(CSL["names"].get(role, role), []).append(name)
        for variable, base in CSL["date"].items():
            if date := parsed(item.base(base)[:10] if base == "accessDate" else item.base(base)):
                csl[variable] = {"date-parts": [[int(part) for part in date.split("-")]]}
        return csl


def template(item_type: str, link_mode: str | None) -> dict[str, Any]:
    """What /items/new answers: an item of a type with nothing in it."""
    kind = TYPES[item_type]
    creators = [{"creatorType": kind.creators[0], "firstName": "", "lastName": ""}] if kind.creators else []
    fields = _with_creators(dict.fromkeys(kind.base, ""), creators) if creators else dict.fromkeys(kind.base, "")
    start: dict[str, Any] = {"itemType": item_type}
    end: dict[str, Any] = {"tags": [], "collections": [], "relations": {}}
    if item_type == "attachment":
        return {**start, "linkMode": link_mode, **fields, "note": "", **end, "contentType": "", "charset": ""}
    return {**start, **fields, **({"note": ""} if item_type == "note" else {}), **end}


def _with_creators(fields: dict[str, str], creators: list[Any]) -> dict[str, Any]:
    """Fields with the creators behind the first one, the title."""
    (title, value), *others = fields.items()
    return {title: value, "creators": creators, **dict(others)}


def _body(item: Item, schema: int | None) -> dict[str, Any]:
    hidden = newer_fields(item.type) if schema is not None else ()
    fields = {name: item.fields.get(name, "") for name in item.kind.base if name in item.fields or name not in hidden}
    if item.type == "note":
        return {"note": item.note}
    if item.type == "annotation":
        return dict(item.extra)
    if item.type == "attachment":
        stored = str(item.extra["linkMode"]).startswith("imported_")
        file = {"filename": "", "md5": None, "mtime": None} if stored else {}
        defaults = {"contentType": "", "charset": "", **file}
        return {"linkMode": item.extra["linkMode"], **fields, "note": item.note, **defaults, **item.extra}
    return _with_creators(fields, [dict(creator) for creator in item.creators])


def _relations(item: Item) -> dict[str, Any]:
    relations: dict[str, Any] = {}
    for predicate in sorted({predicate for predicate, _ in item.relations}):
        uris = sorted(uri for other, uri in item.relations if other == predicate)
        relations[predicate] = uris if len(uris) > 1 else uris[0]
    return relations


def _creator_summary(item: Item) -> str:
    """The names that lists show: of the primary creators, else the editors, else the contributors."""
    for role in (*item.kind.creators[:1], "editor", "contributor"):
        names = [
            c.get("lastName") or c.get("name") or c["firstName"] for c in item.creators if c["creatorType"] == role
        ]
        if names:
            return f"{names[0]} et al." if len(names) > 2 else " and ".join(names)
    return ""
