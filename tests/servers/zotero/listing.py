"""Lists: the parameters of a request, filters, order, pages with their Link header, and the formats."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple
from urllib.parse import urlencode

from tests.servers.zotero.dates import parsed
from tests.servers.zotero.library import Collection, Item, Library
from tests.servers.zotero.messages import Refusal, Request, Response, encoded
from tests.servers.zotero.shapes import JSON, View
from tests.servers.zotero.values import is_key
from tests.servers.zotero.world import WWW

DEFAULT_LIMIT, MOST = 25, 100
_FORMATS = ("json", "keys", "versions", "csljson")
_NEWEST_FIRST = ("dateAdded", "dateModified", "date")
_SORTS = (
    *_NEWEST_FIRST,
    *"title creator itemType publisher publicationTitle journalAbbreviation language accessDate".split(),
    *"libraryCatalog callNumber rights addedBy numItems".split(),
)
_KEPT = ("collectionKey", "includeTrashed", "itemType", "q", "qmode", "since")
"""Parameters that a Link header repeats as they were sent."""


class Query(NamedTuple):
    """The parameters of a request that this server knows, checked."""

    sent: tuple[tuple[str, str], ...]
    format: str
    include: tuple[str, ...]
    sort: str
    descending: bool
    limit: int | None
    start: int
    since: int | None
    keys: frozenset[str]
    trashed: bool
    types: str
    tags: tuple[str, ...]
    search: str


def query_of(request: Request, *, single: bool = False) -> Query:
    """The parameters of a request; Refusal 400 for values the server does not take."""
    sent = tuple(request.parameters())
    last = dict(sent)
    format = last.get("format", "json")
    if format not in _FORMATS or (single and format in ("keys", "versions")):
        raise Refusal(400, f"Invalid 'format' value '{format}'", early=True)
    since = last.get("since")
    if since is not None and not since.isdigit():
        raise Refusal(400, "Invalid value for 'since' parameter", early=True)
    sort = last.get("sort", "dateModified")
    if sort not in _SORTS:
        raise Refusal(400, f"Invalid 'sort' value '{sort}'", early=True)
    direction = last.get("direction", "desc" if sort in _NEWEST_FIRST else "asc")
    return Query(
        sent=sent,
        format=format,
        include=tuple(part for part in last.get("include", "data").split(",") if part in ("data", "csljson")),
        sort=sort,
        descending=direction == "desc",
        limit=_limit(last, format),
        start=int(start) if (start := last.get("start", "")).isdigit() else 0,
        since=None if since is None else int(since),
        keys=frozenset(filter(is_key, last.get("itemKey", "").split(","))),
        trashed=last.get("includeTrashed") == "1",
        types=last.get("itemType", ""),
        tags=tuple(value for name, value in sent if name == "tag"),
        search=last.get("q", ""),
    )


def _limit(last: dict[str, str], format: str) -> int | None:
    """Objects on a page, None for all: itemKey asks for 100 unless it is empty, also when none of its keys is one."""
    unlimited = format in ("keys", "versions")
    sent = last.get("limit", "")
    if sent.isdigit() and int(sent) > 0:
        return int(sent) if unlimited else min(int(sent), MOST)
    if last.get("itemKey"):
        return MOST
    return None if unlimited else DEFAULT_LIMIT


def selected(items: Iterable[Item], query: Query, view: View) -> list[Item]:
    """The items that a query is about, in its order."""
    fits = [item for item in items if _fits(item, query, view)]
    fits.sort(key=_order(query.sort), reverse=query.descending)
    return fits


def _fits(item: Item, query: Query, view: View) -> bool:
    return (
        (view.notes or item.type != "note")
        and (query.trashed or not item.deleted)
        and (query.since is None or item.version > query.since)
        and (not query.keys or item.key in query.keys)
        and (not query.types or _matches(query.types, lambda name: item.type == name))
        and all(_matches(tag, lambda name: any(name == own for own, _ in item.tags)) for tag in query.tags)
        and (not query.search or _found(query.search, item))
    )


def _matches(expression: str, is_one: Callable[[str], bool]) -> bool:
    """Whether `a || b` holds; a leading `-` negates the whole."""
    wanted = not expression.startswith("-")
    return any(is_one(part.strip()) for part in expression.removeprefix("-").split("||")) is wanted


def _found(search: str, item: Item) -> bool:
    """The quick search: title, creators and year."""
    names = (value for creator in item.creators for part, value in creator.items() if part != "creatorType")
    return search.casefold() in " ".join((_title(item), *names, parsed(item.base("date"))[:4])).casefold()


def _title(item: Item) -> str:
    return item.note.removeprefix("<p>") if item.type == "note" else item.base("title")


def _order(sort: str) -> Callable[[Item], tuple[str, int]]:
    """The key of a sort; equal ones stand in the order of their versions."""
    if sort == "dateModified":
        return lambda item: (item.modified, item.version)
    if sort == "dateAdded":
        return lambda item: (item.added, item.version)
    if sort == "title":
        return lambda item: (_title(item).casefold(), item.version)
    if sort == "date":
        return lambda item: (parsed(item.base("date")), item.version)
    if sort == "creator":
        return lambda item: (next(iter([*item.creators[0].values()][::-1]), "") if item.creators else "", item.version)
    if sort == "itemType":
        return lambda item: (item.type, item.version)
    return lambda item: (item.base(sort).casefold(), item.version)


def item_page(found: list[Item], query: Query, view: View, path: str) -> Response:
    """One page of items in the format that was asked for."""
    page = _page(found, query)
    headers = {"Total-Results": str(len(found)), "Link": _link(len(found), query, path, view.base)}
    headers["Last-Modified-Version"] = str(view.library.version)
    if query.format == "keys":
        headers["Content-Type"] = "text/plain;charset=UTF-8"
        return Response(200, headers, ("\n".join(item.key for item in page) + "\n").encode())
    if query.format == "versions":
        return answer({item.key: item.version for item in page}, headers)
    if query.format == "csljson":
        headers["Content-Type"] = "application/vnd.citationstyles.csl+json"
        return Response(200, headers, encoded({"items": [view.csl(item) for item in page]}))
    return answer([view.envelope(item, query.include) for item in page], headers)


def collection_page(found: list[Collection], query: Query, view: View, path: str) -> Response:
    """One page of collections."""
    found = [c for c in found if query.since is None or c.version > query.since]
    by_name = query.sort == "title"
    found.sort(key=lambda c: (c.name.casefold() if by_name else "", c.version), reverse=query.descending)
    headers = {"Total-Results": str(len(found)), "Link": _link(len(found), query, path, view.base)}
    headers["Last-Modified-Version"] = str(view.library.version)
    page = _page(found, query)
    if query.format == "keys":
        headers["Content-Type"] = "text/plain;charset=UTF-8"
        return Response(200, headers, ("\n".join(c.key for c in page) + "\n").encode())
    if query.format == "versions":
        return answer({c.key: c.version for c in page}, headers)
    return answer([view.collection(collection) for collection in page], headers)


def value_page(values: object, total: int, query: Query, base: str, path: str) -> Response:
    """A list that is short enough to be sent whole (groups, tags)."""
    headers = {"Total-Results": str(total), "Link": _link(total, query, path, base)}
    return answer(values, headers)


def answer(value: object, headers: dict[str, str] | None = None) -> Response:
    """JSON with its content type."""
    return Response(200, {**(headers or {}), "Content-Type": JSON}, encoded(value))


def _page(found: list[Any], query: Query) -> list[Any]:
    """The objects of a page; without a limit all of them, whatever `start` says."""
    return found if query.limit is None else found[query.start : query.start + query.limit]


def _link(total: int, query: Query, path: str, base: str) -> str:
    parameters = dict(_repeated(query))
    limit = query.limit or 0

    def to(rel: str, start: int) -> str:
        pairs = {**parameters, "start": str(start)} if start else parameters
        text = urlencode(sorted((name, value) for name, values in pairs.items() for value in _each(values)))
        return f'<{base}{path}{"?" if text else ""}{text}>; rel="{rel}"'

    links = []
    if query.start:
        links += [to("first", 0), to("prev", max(0, query.start - limit))]
    if limit and query.start + limit < total:
        links += [to("next", query.start + limit), to("last", (total - 1) // limit * limit)]
    elif query.start >= total > limit > 0:
        links.append(to("last", total - limit))
    return ", ".join([*links, f'<{WWW}{path}>; rel="alternate"'])


def _each(values: str | list[str]) -> list[str]:
    return values if isinstance(values, list) else [values]


def _repeated(query: Query) -> Iterator[tuple[str, str | list[str]]]:
    """The parameters of a Link header: those that are not at their default, malformed keys left out."""
    last = dict(query.sent)
    for name in _KEPT:
        if name in last:
            yield name, last[name]
    if query.format != "json":
        yield "format", query.format
    if query.sort != "dateModified":
        yield "sort", query.sort
    if query.descending is not (query.sort in _NEWEST_FIRST):
        yield "direction", "desc" if query.descending else "asc"
    if query.keys:
        yield "itemKey", ",".join(key for key in last["itemKey"].split(",") if key in query.keys)
    if query.tags:
        yield "tag", list(query.tags)
    unlimited = query.format in ("keys", "versions")
    if query.limit is not None and (unlimited or query.limit != DEFAULT_LIMIT):
        yield "limit", str(query.limit)


def tag_list(library: Library, query: Query, view: View, path: str) -> Response:
    """The tags of a library's items."""
    counts: dict[tuple[str, int], int] = {}
    for item in library.items.values():
        for tag in item.tags if not item.deleted else ():
            counts[tag] = counts.get(tag, 0) + 1
    since = query.since or 0
    found = [view.tag(*tag, counts[tag]) for tag in sorted(counts) if library.tag_versions[tag] > since]
    response = value_page(_page(found, query), len(found), query, view.base, path)
    response.headers["Last-Modified-Version"] = str(library.version)
    return response
