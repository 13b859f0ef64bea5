"""The server as a state machine: a request in, an answer out, and doors for tests to look and to reach inside."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from contextlib import nullcontext
from copy import deepcopy
from random import Random
from threading import RLock
from typing import Any, NamedTuple

from tests.servers.zotero import access, routes
from tests.servers.zotero.items import Writer
from tests.servers.zotero.library import Change, Library
from tests.servers.zotero.limits import Limits
from tests.servers.zotero.messages import HTML, Died, Refusal, Request, Response, html
from tests.servers.zotero.schema import VERSION
from tests.servers.zotero.shapes import View
from tests.servers.zotero.values import timestamp
from tests.servers.zotero.world import DEFAULT, Key, World
from tests.servers.zotero.writing import Context, ItemDesk, Watch, editable

API = "https://api.zotero.org"
TOKEN_SECONDS = 12 * 3600
_KEY_LETTERS = "23456789ABCDEFGHIJKLMNPQRSTUVWXYZ"
_KEEPERS = ("Zotero", "Firefox")


class Logged(NamedTuple):
    """One request as the server's log keeps it: never with the API key. `objects` counts those of a JSON array."""

    method: str
    path: str
    query: str
    objects: int


def _unwatched(_: int) -> None:
    pass


class Server:
    """A Zotero data server with the libraries of a world (the shape of a world file: users, groups, keys).

    `limits=None` sets rate limits as the real server does where the real clock runs, and none with a test's own clock.
    `backoff` (seconds) is sent with every answer; `maintenance` is None, "down" or "read-only".
    """

    def __init__(
        self,
        world: dict[str, Any] | None = None,
        *,
        clock: Callable[[], float] = time.time,
        limits: bool | None = None,
        base: str = API,
    ) -> None:
        self.clock = clock
        self.base = base
        self.backoff: int | None = None
        self.maintenance: str | None = None
        self.world = World(deepcopy(world or DEFAULT), timestamp(clock()))
        self.limits = Limits(clock, on=clock is time.time if limits is None else limits)
        self.requests: list[Logged] = []
        self.history: list[Change] = []
        self.tokens: dict[tuple[str, str], float] = {}
        self.lock = RLock()
        libraries = [Library("users", number) for number in self.world.users]
        libraries += [Library("groups", number) for number in self.world.groups]
        self.libraries = {library.name: library for library in libraries}
        self._random = Random(0)

    # Requests

    def handle(self, request: Request, watch: Watch = _unwatched) -> Response:
        """Answers one request. `watch` is called between the objects of a batch; it may raise Died."""
        self.requests.append(logged(request))
        try:
            response = self._admitted(request, watch)
        except Refusal as refusal:
            response = self._refused(refusal)
        except Died:
            response = self._refused(Refusal(500, "An error occurred"))
        if self.backoff is not None:
            response.headers["Backoff"] = str(self.backoff)
        return response._replace(body=b"") if request.method == "HEAD" else response

    def _admitted(self, request: Request, watch: Watch) -> Response:
        if request.method == "OPTIONS":
            return access.options()
        access.check_protocol(request)
        self.limits.check_failures(request.address)
        key = self._key(request)
        with self.limits.slot(key["user"] if key else None, request.address):
            token = access.check_write(request, key)
            if token and self._is_used(token):
                raise Refusal(412, "Write token already used", early=True)
            with nullcontext() if request.method in access.WRITES else self.lock:
                response, done = routes.answer(self, request, key, watch)
            if token and done:
                self.tokens[token] = self.clock()
        if response.status != 304:
            response.headers.update(_versions())
        return response

    def _key(self, request: Request) -> Key | None:
        sent = access.sent_key(request)
        if sent is None:
            return None
        if sent not in self.world.keys:
            self.limits.fail(request.address)
            raise Refusal(403, "Invalid key", early=True)
        return self.world.keys[sent]

    def _is_used(self, token: tuple[str, str]) -> bool:
        return token in self.tokens and self.clock() - self.tokens[token] < TOKEN_SECONDS

    def _refused(self, refusal: Refusal) -> Response:
        versions = {} if refusal.early else _versions()
        is_page = refusal.message.startswith("<")
        body = refusal.message if is_page else html(refusal.message)
        return Response(refusal.code, {**versions, **refusal.headers, "Content-Type": HTML}, body.encode())

    def view(self, library: Library, key: Key | None, request: Request) -> View:
        """A library as one request sees it."""
        schema = request.header("Zotero-Schema-Version")
        older = int(schema) if schema and schema.isdigit() and int(schema) < VERSION else None
        return View(self.world, library, self.base, self.world.sees_notes(key, library), older)

    def context(self, view: View, key: Key, request: Request) -> Context:
        """What a write of one request needs to know."""
        keeps = any(word in (request.header("User-Agent") or "") for word in _KEEPERS)
        writer = Writer(key["user"], timestamp(self.clock()), keeps, self.world.may_store_files(key, view.library))
        unmodified = request.header("If-Unmodified-Since-Version")
        return Context(view, writer, unmodified, self.lock, self.history, self.new_key)

    def new_key(self) -> str:
        """A key for a new object; the same server makes the same keys in every run."""
        return "".join(self._random.choices(_KEY_LETTERS, k=8))

    # Doors for tests. Libraries are named as in paths: "users/7", "groups/70".

    @property
    def keys(self) -> dict[str, str]:
        """API keys: `full` may write everywhere its user may, `read` may only read."""
        return self.world.named_keys()

    def version(self, library: str) -> int:
        """The library's version."""
        return self.libraries[library].version

    def items(self, library: str) -> dict[str, dict[str, Any]]:
        """The `data` of every item, also of those in the trash, by key."""
        with self.lock:
            view = View(self.world, self.libraries[library], self.base)
            return {key: view.data(item) for key, item in self.libraries[library].items.items()}

    def put(self, library: str, items: Iterable[dict[str, Any]], *, user: int | None = None) -> list[str]:
        """Writes items (`data` or envelopes; their versions do not matter) as another client does; their keys.

        `user` is by default somebody else than the user of the full key where the library has another.
        Raises Refusal for an item that the API would refuse.
        """
        keys = []
        for value in map(editable, items):
            key = value.get("key") or self.new_key()
            with self.lock:
                self._desk(library, user).write({**value, "key": key}, key)
            keys.append(key)
        return keys

    def edit(self, library: str, key: str, *, user: int | None = None, **fields: Any) -> int:
        """Another client's change of one item; its new version."""
        if key not in self.libraries[library].items:
            raise KeyError(f"{library} has no item {key}")
        self.put(library, [{"key": key, **fields}], user=user)
        return self.libraries[library].items[key].version

    def delete(self, library: str, key: str, *, user: int | None = None) -> None:
        """Another client deletes an item for good."""
        with self.lock:
            self._desk(library, user).delete_now([key])

    def _desk(self, library: str, user: int | None) -> ItemDesk:
        home = self.libraries[library]
        writer = Writer(self._somebody(home) if user is None else user, timestamp(self.clock()))
        view = View(self.world, home, self.base)
        return ItemDesk(Context(view, writer, None, self.lock, self.history, self.new_key))

    def _somebody(self, library: Library) -> int:
        if not library.is_group:
            return library.number
        owner: int = self.world.groups[library.number]["owner"]
        members = [member["user"] for member in self.world.groups[library.number]["members"]]
        us = self.world.keys[self.keys["full"]]["user"] if "full" in self.keys else None
        return next((user for user in (*members, owner) if user != us), owner)

    def backup(self) -> dict[str, Library]:
        """All libraries as they are now, for `restore`."""
        with self.lock:
            return {name: library.copy() for name, library in self.libraries.items()}

    def restore(self, backup: dict[str, Library]) -> None:
        """Brings libraries back to a backup, versions and all; write tokens are forgotten, as caches are."""
        with self.lock:
            self.libraries = {name: library.copy() for name, library in backup.items()}
            self.tokens.clear()


def _versions() -> dict[str, str]:
    return {"Zotero-API-Version": "3", "Zotero-Schema-Version": str(VERSION)}


def logged(request: Request) -> Logged:
    """A request as logs keep it."""
    objects = access.count_objects(request)
    return Logged(request.method, access.without_key(request.path), access.query_without_key(request.query), objects)
