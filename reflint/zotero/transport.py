"""The transport below pyzotero: waits when the server says so, and lets nothing through that could do harm."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable

import httpx2

from reflint import __version__
from reflint.model.waits import seconds_asked_for
from reflint.zotero.moving import MOVES, Moving

MAX_OBJECTS = 50
_WAITS = (30.0, 60.0, 300.0)
"""Seconds to wait for a server that is busy and does not say how long (as Zotero's own client)."""
_LONGEST = 3600.0
_ITEMS = re.compile(r"(?:/api)?/(?:users|groups)/\d+/items")
_ASKING = re.compile(r"(?:/api)?/local/authorize")
"""Asks the person at a desktop Zotero for permission; changes nothing."""
_NEVER = frozenset(["itemType", "inPublications", "dateModified"])


class NotPermitted(RuntimeError):  # noqa: N818  (it is what it says)
    """A request that reflint never sends; a fault of reflint, stopped before it left."""


class Busy(httpx2.TransportError):
    """The server stayed busy (429, 503) through all attempts: the request was not carried out."""


class Paced(httpx2.BaseTransport):
    """Sends requests on, one after another, by the server's own pace.

    429 and 503 are answers of a server that did nothing: the same request goes again after `Retry-After`, or 30, 60 and
    300 seconds. `Backoff` on any answer holds the next request back. Both headers are taken off, so that nobody above
    waits a second time. `write_token` replaces the token that pyzotero makes up, `moving` says what a merge may move.
    `waiting` is told of each wait.
    """

    def __init__(
        self,
        inner: httpx2.BaseTransport,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        waiting: Callable[[float, str], None] | None = None,
    ) -> None:
        self.inner = inner
        self.requests = 0
        self.write_token: str | None = None
        self.moving: Moving | None = None
        self.sleep = sleep
        self._clock = clock
        self._waiting = waiting
        self._not_before = 0.0

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Sends a request. Raises Busy, NotPermitted, and what the connection raises."""
        _permit(request, self.moving)
        if request.method == "POST" and self.write_token:
            request.headers["Zotero-Write-Token"] = self.write_token
        request.headers["User-Agent"] = f"reflint/{__version__}"
        for attempt in range(len(_WAITS) + 1):
            self._pause(self._not_before - self._clock(), "the server asked for a pause")
            self.requests += 1
            response = self.inner.handle_request(request)
            backoff = _asked_for(response, "Backoff")
            after = _asked_for(response, "Retry-After")
            if backoff:
                self._not_before = self._clock() + backoff
            if response.status_code not in (429, 503):
                return response
            response.read()
            response.close()
            if attempt < len(_WAITS):
                self._pause(max(after, backoff) or _WAITS[attempt], f"the server is busy ({response.status_code})")
        raise Busy(f"the server stayed busy ({response.status_code}) through {len(_WAITS) + 1} attempts")

    def _pause(self, seconds: float, why: str) -> None:
        if seconds > 0:
            if self._waiting is not None:
                self._waiting(seconds, why)
            self.sleep(seconds)

    def close(self) -> None:
        """Closes the connection."""
        self.inner.close()


def _asked_for(response: httpx2.Response, header: str) -> float:
    """The seconds that a header asks for, which is taken off."""
    return min(seconds_asked_for(response.headers.pop(header, None), time.time()), _LONGEST)


def _permit(request: httpx2.Request, moving: Moving | None) -> None:
    """Raises NotPermitted for whatever could harm: PUT, DELETE, PATCH, versions of 0, whole items.

    Moves and the trash are for merges only, and only as `moving` says of each item.
    """
    if request.method in ("GET", "HEAD") or _ASKING.fullmatch(request.url.path):
        return
    if request.method != "POST" or not _ITEMS.fullmatch(request.url.path):
        raise NotPermitted(f"{request.method} {request.url.path}")
    batch = json.loads(request.read())
    if "If-Unmodified-Since-Version" in request.headers and (moving is None or moving.at is None or len(batch) != 1):
        raise NotPermitted("a batch guarded by the library's version instead of each item's")
    if not isinstance(batch, list) or len(batch) > MAX_OBJECTS:
        raise NotPermitted(f"a body that is not a list of at most {MAX_OBJECTS} items")
    keys = [item.get("key") for item in batch if isinstance(item, dict)]
    if len(keys) != len(batch) or None in keys or len(set(keys)) != len(keys):
        raise NotPermitted("an item without a key, or twice the same key")
    for item in batch:
        if type(item.get("version")) is not int or item["version"] < 1:
            raise NotPermitted(f"{item['key']} without a version above 0")
        never = (_NEVER if moving else _NEVER | MOVES) & item.keys()
        if never:
            raise NotPermitted(f"{', '.join(sorted(never))} of {item['key']}")
        why = moving.fault(item) if moving else ""
        if why:
            raise NotPermitted(f"{item['key']}: {why}")
