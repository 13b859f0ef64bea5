"""Which path is answered how, by whom it may be asked, and with which methods."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

from tests.servers.zotero import listing, schema
from tests.servers.zotero.access import READS, WRITES
from tests.servers.zotero.library import Item, Library
from tests.servers.zotero.listing import answer as json_answer
from tests.servers.zotero.messages import Refusal, Request, Response
from tests.servers.zotero.shapes import View, template
from tests.servers.zotero.values import is_key
from tests.servers.zotero.world import Key
from tests.servers.zotero.writing import CollectionDesk, Context, ItemDesk, Watch, parse

if TYPE_CHECKING:
    from tests.servers.zotero.state import Server

_LIBRARY = re.compile(r"/(users|groups)/([^/]+)(?:/(.*))?")
_NO_PAGE = "<h1>Not Found</h1>\n<p>The page you requested could not be found.</p>\n"
_UPDATES = "Server updates in progress. Please try again in a few minutes."

Done = tuple[Response, bool]
"""An answer, and whether a write token is remembered."""


class Visit(NamedTuple):
    """One request to one library."""

    server: Server
    request: Request
    key: Key | None
    library: Library
    view: View
    query: listing.Query
    object: str
    watch: Watch


def answer(server: Server, request: Request, key: Key | None, watch: Watch) -> Done:
    """The answer to an admitted request."""
    found = _LIBRARY.fullmatch(request.path)
    if found is None:
        return _general(server, request, key), False
    kind, number, rest = found[1], found[2], found[3] or ""
    if not number.isdigit():
        raise Refusal(400, f"Invalid {kind.removesuffix('s')} ID", early=True)
    library = server.libraries.get(f"{kind}/{number}")
    if library is None:
        message = f"User {number} not found" if kind == "users" else "Not found"
        raise Refusal(404, message, early=True)
    if rest == "groups" and kind == "users":
        return _groups(server, request, key, library.number), False
    for route in _ROUTES:
        if place := route.path.fullmatch(rest):
            identity = place["key"] if "key" in route.path.groupindex else ""
            view, query = server.view(library, key, request), listing.query_of(request, single=route.single)
            return _library(route, Visit(server, request, key, library, view, query, identity, watch))
    raise Refusal(404, _NO_PAGE, early=True)


def _library(route: Route, visit: Visit) -> Done:
    method, server = visit.request.method, visit.server
    is_write = method in WRITES
    if method not in route.methods:
        raise Refusal(405, "Method not allowed", headers={"Allow": ", ".join(route.methods)})
    if server.maintenance == "down" or (server.maintenance == "read-only" and is_write):
        raise Refusal(503, _UPDATES)
    if is_write and not server.world.may_write(visit.key, visit.library):
        raise Refusal(403, "Write access denied")
    if not is_write and not route.public and not server.world.may_read(visit.key, visit.library):
        raise Refusal(404, "Not found") if route.single else Refusal(403, "Forbidden")
    if visit.object and not is_key(visit.object):
        raise Refusal(404, "Not found")
    if not is_write and not route.single and _not_modified(visit):
        return Response(304, {}), False
    if is_write and route.write is not None:
        return route.write(visit)
    return route.read(visit), False


def _not_modified(visit: Visit) -> bool:
    """Whether the client has the library's present version; what is no number counts as one that is high enough."""
    since = visit.request.header("If-Modified-Since-Version")
    return since is not None and (not since.isdigit() or visit.library.version <= int(since))


# Without a library


def _general(server: Server, request: Request, key: Key | None) -> Response:
    if request.method != "GET":
        raise Refusal(405, "Method not allowed", headers={"Allow": "GET"})
    parameters = dict(request.parameters())
    if request.path.startswith("/keys/"):
        return _key(server, request.path.removeprefix("/keys/"), key)
    if request.path in _LISTS:
        return json_answer(_LISTS[request.path]())
    if request.path in _BY_TYPE:
        item_type = parameters.get("itemType", "")
        if item_type not in schema.TYPES:
            raise Refusal(400, f"Invalid item type '{item_type}'")
        return json_answer(_BY_TYPE[request.path](item_type, parameters.get("linkMode")))
    raise Refusal(404, _NO_PAGE, early=True)


def _key(server: Server, name: str, key: Key | None) -> Response:
    asked = key if name == "current" else server.world.keys.get(name)
    if asked is None:
        raise Refusal(403, "Forbidden") if name == "current" else Refusal(404, "Key not found")
    return json_answer(server.world.key_json(asked))


def _localized(kind: str, property: str, names: Iterable[str]) -> list[dict[str, str]]:
    return [{property: name, "localized": schema.LABELS[kind][name]} for name in names]


def _by_label(kind: str, names: Iterable[str]) -> list[str]:
    return sorted(names, key=schema.LABELS[kind].__getitem__)


def _creator_types(item_type: str, _: str | None) -> list[dict[str, str]]:
    primary, others = schema.TYPES[item_type].creators[:1], schema.TYPES[item_type].creators[1:]
    return _localized("creatorTypes", "creatorType", (*primary, *_by_label("creatorTypes", others)))


_LISTS: dict[str, Callable[[], Any]] = {
    "/schema": schema.published,
    "/itemTypes": lambda: _localized("itemTypes", "itemType", _by_label("itemTypes", schema.TYPES)),
    "/itemFields": lambda: _localized(
        "fields", "field", _by_label("fields", {own for kind in schema.TYPES.values() for own in kind.base})
    ),
    "/creatorFields": lambda: [
        {"field": name, "localized": label}
        for name, label in (("firstName", "First"), ("lastName", "Last"), ("name", "Name"))
    ],
}
_BY_TYPE: dict[str, Callable[[str, str | None], Any]] = {
    "/items/new": template,
    "/itemTypeFields": lambda name, _: _localized("fields", "field", schema.TYPES[name].base),
    "/itemTypeCreatorTypes": _creator_types,
}


def _groups(server: Server, request: Request, key: Key | None, user: int) -> Response:
    if request.method not in READS:
        raise Refusal(405, "Method not allowed", headers={"Allow": "HEAD, GET"})
    query = listing.query_of(request)
    numbers = server.world.groups_of(user, key)
    found = [server.world.group_json(server.libraries[f"groups/{n}"], key, server.base) for n in numbers]
    if query.format == "versions":
        return listing.value_page(
            {str(g["id"]): g["version"] for g in found}, len(found), query, server.base, request.path
        )
    return listing.value_page(found, len(found), query, server.base, request.path)


# Reading a library


def _items(choose: Callable[[Visit], Iterable[Item]]) -> Callable[[Visit], Response]:
    """A list of the items that `choose` finds."""

    def read(visit: Visit) -> Response:
        found = listing.selected(choose(visit), visit.query, visit.view)
        return listing.item_page(found, visit.query, visit.view, visit.request.path)

    return read


def _all(visit: Visit) -> Iterable[Item]:
    """All items; only those asked for, where the request names keys."""
    items, keys = visit.library.items, visit.query.keys
    return (items[key] for key in keys if key in items) if keys else items.values()


def _trash(visit: Visit) -> Response:
    query = visit.query._replace(trashed=True)
    found = listing.selected((item for item in _all(visit) if item.deleted), query, visit.view)
    return listing.item_page(found, query, visit.view, visit.request.path)


def _collection_items(visit: Visit) -> Iterable[Item]:
    if visit.object not in visit.library.collections:
        raise Refusal(404, "Collection not found")
    return (item for item in _all(visit) if visit.object in item.collections)


def _children(visit: Visit) -> Iterable[Item]:
    _item_of(visit)
    return visit.library.children(visit.object)


def _item_of(visit: Visit) -> Item:
    """The item of the path; not there for keys that may not see notes."""
    item = visit.library.items.get(visit.object)
    if item is None:
        raise Refusal(404, "Item does not exist")
    if item.type == "note" and not visit.view.notes:
        raise Refusal(404, "Not found")
    return item


def _item(visit: Visit) -> Response:
    item, query = _item_of(visit), visit.query
    headers = {"Last-Modified-Version": str(item.version)}
    if query.format == "csljson":
        return json_answer({"items": [visit.view.csl(item)]}, headers)
    return json_answer(visit.view.envelope(item, query.include), headers)


def _collections(inside: Callable[[Visit, str | None], bool]) -> Callable[[Visit], Response]:
    """A list of the collections whose parent `inside` accepts."""

    def read(visit: Visit) -> Response:
        found = [c for c in visit.library.collections.values() if inside(visit, c.parent)]
        return listing.collection_page(found, visit.query, visit.view, visit.request.path)

    return read


def _collection(visit: Visit) -> Response:
    found = visit.library.collections.get(visit.object)
    if found is None:
        raise Refusal(404, "Collection not found")
    return json_answer(visit.view.collection(found), {"Last-Modified-Version": str(found.version)})


def _tags(visit: Visit) -> Response:
    return listing.tag_list(visit.library, visit.query, visit.view, visit.request.path)


def _searches(visit: Visit) -> Response:
    """No library here has saved searches."""
    return listing.collection_page([], visit.query, visit.view, visit.request.path)


def _deleted(visit: Visit) -> Response:
    since = visit.query.since
    if since is None:
        raise Refusal(400, "'since' parameter must be provided")
    gone: dict[str, list[str]] = {kind: [] for kind in ("collections", "items", "searches", "tags", "settings")}
    for deletion in sorted(visit.library.deletions, key=lambda deletion: deletion.key):
        if deletion.version > since:
            gone[deletion.kind].append(deletion.key)
    return json_answer(gone, {"Last-Modified-Version": str(visit.library.version)})


def _group(visit: Visit) -> Response:
    if not visit.library.is_group:
        raise Refusal(404, _NO_PAGE, early=True)
    group = visit.server.world.group_json(visit.library, visit.key, visit.server.base)
    return json_answer(group, {"Last-Modified-Version": str(group["version"])})


# Writing


def _write_many(desk_of: type[ItemDesk | CollectionDesk], keys: str) -> Callable[[Visit], Done]:
    """POST and DELETE of several objects, whose keys stand in the parameter `keys`."""

    def write(visit: Visit) -> Done:
        desk = desk_of(_context(visit))
        if visit.request.method == "POST":
            return desk.post(parse(visit.request.content()), visit.watch)
        asked = dict(visit.request.parameters()).get(keys, "").split(",")
        return desk.delete_many([key for key in asked if is_key(key)]), False

    return write


def _write_one(desk_of: type[ItemDesk | CollectionDesk]) -> Callable[[Visit], Done]:
    """PUT, PATCH and DELETE of one object."""

    def write(visit: Visit) -> Done:
        method, desk = visit.request.method, desk_of(_context(visit))
        if desk_of is ItemDesk and visit.object in visit.library.items:
            _item_of(visit)
        if method == "DELETE":
            return desk.delete_one(visit.object), False
        return desk.patch(visit.object, parse(visit.request.content()), whole=method == "PUT"), False

    return write


def _context(visit: Visit) -> Context:
    assert visit.key is not None
    return visit.server.context(visit.view, visit.key, visit.request)


class Route(NamedTuple):
    """A path inside a library, its methods, and who answers."""

    path: re.Pattern[str]
    methods: tuple[str, ...]
    read: Callable[[Visit], Response]
    write: Callable[[Visit], Done] | None = None
    single: bool = False
    public: bool = False


def _route(path: str, methods: str, read: Callable[[Visit], Response], write: Any = None, **more: bool) -> Route:
    return Route(re.compile(path.replace("KEY", "(?P<key>[^/]+)")), tuple(methods.split()), read, write, **more)


_MANY, _ONE = "HEAD GET POST DELETE", "HEAD GET PUT PATCH DELETE"
_ROUTES = (
    _route("", "HEAD GET", _group, single=True),
    _route("items", _MANY, _items(_all), _write_many(ItemDesk, "itemKey")),
    _route("items/top", "GET", _items(lambda visit: (item for item in _all(visit) if not item.parent))),
    _route("items/trash", "GET", _trash),
    _route(
        "publications/items",
        "GET",
        _items(lambda visit: (item for item in _all(visit) if item.published)),
        public=True,
    ),
    _route("items/KEY", _ONE, _item, _write_one(ItemDesk), single=True),
    _route("items/KEY/children", "GET", _items(_children)),
    _route(
        "collections", _MANY, _collections(lambda visit, parent: True), _write_many(CollectionDesk, "collectionKey")
    ),
    _route("collections/top", "GET", _collections(lambda visit, parent: parent is None)),
    _route("collections/KEY", _ONE, _collection, _write_one(CollectionDesk), single=True),
    _route("collections/KEY/collections", "GET", _collections(lambda visit, parent: parent == visit.object)),
    _route("collections/KEY/items", "GET", _items(_collection_items)),
    _route(
        "collections/KEY/items/top",
        "GET",
        _items(lambda visit: (item for item in _collection_items(visit) if not item.parent)),
    ),
    _route("tags", "GET", _tags),
    _route("searches", "GET", _searches),
    _route("deleted", "GET", _deleted),
)
