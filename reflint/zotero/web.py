"""One Zotero library over HTTP: every question reflint asks of the API, through pyzotero and our own transport."""

from __future__ import annotations

import html
import json
import os
import re
import time
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple, TypeVar
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import httpx2
from pyzotero.errors import LocalAPIDeniedError, PyZoteroError
from pyzotero.zotero import Zotero

from reflint.errors import SourceError
from reflint.zotero.address import KEY, Address
from reflint.zotero.keys import without
from reflint.zotero.moving import Moving
from reflint.zotero.transport import Busy, NotPermitted, Paced

ENDPOINT = "https://api.zotero.org"
LOCAL_ENDPOINT = "http://127.0.0.1:23119/api"
CHUNK = 100
_WRITE_SECONDS = 120.0
_READ_SECONDS = 60.0
_READ_ATTEMPTS = 4
_STATUS = re.compile(r"Code: (\d{3})")

T = TypeVar("T")
Item = dict[str, Any]
"""An item as the API gives it: `{key, version, library, links, meta, data}`."""


class Refused(SourceError):  # noqa: N818  (as the API: a request is refused)
    """The server said no to a whole request; nothing was written by it. `status` is its HTTP status."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


class Unreachable(SourceError):  # noqa: N818
    """No answer, or none that can be understood, to a question that was asked several times."""


class Unknown(Exception):  # noqa: N818  (it is what it says)
    """What became of a write is not known: the connection broke, the server failed, or its answer is no report.

    `token_used`: the server says that a request with this token was carried out to its end, or that it has begun none:
    there is nothing to wait for.
    """

    def __init__(self, why: str, token_used: bool = False) -> None:
        super().__init__(why)
        self.token_used = token_used


class Report(NamedTuple):
    """What the server says became of a batch, by the item's place in it; `library_version` after it."""

    successful: dict[int, Item]
    unchanged: dict[int, str]
    failed: dict[int, tuple[int, str]]
    library_version: int


class Rights(NamedTuple):
    """Whose key it is, and what it may do in the library: read it, write it, see its notes, store files."""

    user: int
    read: bool
    write: bool
    notes: bool = True
    files: bool = True


class Web:
    """The API of one library. `key` is sent as a header and stands in no message.

    `requests` counts what was sent. Raises SourceError (Refused, Unreachable) with the library's name; only `send`
    raises Unknown.
    """

    def __init__(
        self,
        address: Address,
        key: str | None,
        *,
        transport: httpx2.BaseTransport | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        waiting: Callable[[float, str], None] | None = None,
    ) -> None:
        self.address = address
        self.endpoint = _endpoint(address)
        self.sleep = sleep
        self._key = None if address.local else key
        self._paced = Paced(transport or _network(self.endpoint), clock=clock, sleep=sleep, waiting=waiting)
        self._client = httpx2.Client(transport=self._paced, timeout=_READ_SECONDS, trust_env=False)
        self._zotero = Zotero(address.number, address.kind, self._key, local=address.local, client=self._client)
        self._zotero.endpoint = self.endpoint

    @property
    def requests(self) -> int:
        """How many requests were sent."""
        return self._paced.requests

    def close(self) -> None:
        """Closes the connection."""
        self._client.close()

    def rights(self) -> Rights:
        """Whose key it is and what it may do here, from `/keys/current`. Raises SourceError without a valid key."""
        if not self._key:
            raise SourceError(f"{self.address}: no API key; set ZOTERO_API_KEY or run `reflint login`")
        found = self._document("/keys/current")
        access = found.get("access", {})
        if self.address.kind == "user":
            mine = access.get("user", {}) if str(found.get("userID")) == self.address.number else {}
            notes, files = bool(mine.get("notes")), bool(mine.get("files"))
        else:
            notes = files = True  # a group's own settings decide
            groups = access.get("groups", {})
            mine = {**groups.get("all", {}), **groups.get(self.address.number, {})}
        return Rights(int(found["userID"]), bool(mine.get("library")), bool(mine.get("write")), notes, files)

    def group(self) -> dict[str, Any]:
        """The group's own data: name, owner, type, libraryEditing."""
        data = self._document(f"/{self.address.library}").get("data", {})
        return data if isinstance(data, dict) else {}

    def schema(self) -> dict[str, Any]:
        """The server's schema: item types, fields, creator types."""
        return self._document("/schema")

    @property
    def schema_version(self) -> int:
        """The version of the schema that the server's last answer was given by; 0 before the first."""
        response = self._zotero.request
        version = response.headers.get("Zotero-Schema-Version", "") if response is not None else ""
        return int(version) if version.isdigit() else 0

    @property
    def server_id(self) -> str | None:
        """The identity of a desktop's Zotero, as its last answer gave it; None on the web, and before Zotero 10."""
        return self._zotero.server_id

    def ask_permission(self) -> None:
        """Has the desktop's Zotero ask its user whether reflint may write. Raises SourceError when they say no."""
        try:
            self._zotero.authorize_local("reflint")
        except LocalAPIDeniedError:
            raise SourceError(f"{self.address}: permission to write was denied in Zotero") from None
        except (PyZoteroError, httpx2.TransportError) as error:
            why = type(error).__name__
            raise SourceError(f"{self.address}: Zotero could not be asked for permission to write ({why})") from None

    def probe_writing(self) -> None:
        """Asks, without writing anything, whether this key may write here. Raises Refused if not."""
        self._ask(lambda: self._zotero.create_items([], timeout=_READ_SECONDS), dict)

    def versions(self, since: int | None = None) -> tuple[dict[str, int], int]:
        """key -> version of all items, trashed ones too, or of those changed since a version; the library's version."""
        options: dict[str, Any] = {"includeTrashed": 1} | ({} if since is None else {"since": since})

        def ask() -> tuple[dict[str, int], int]:
            return _versions(self._zotero.item_versions(**options)), self._library_version()

        found: tuple[dict[str, int], int] = self._ask(ask, tuple)
        return found

    def collection(self, key: str) -> set[str]:
        """The keys of the items in a collection (not in its subcollections)."""
        return set(
            self._ask(lambda: _versions(self._zotero.collection_items(key, format="versions", limit=None)), dict)
        )

    def deleted(self, since: int) -> set[str]:
        """The keys of the items deleted since a version."""
        found = self._ask(lambda: self._zotero.deleted(since=since), dict)
        return {str(key) for key in found.get("items", ())}

    def items(self, keys: Iterable[str]) -> dict[str, Item]:
        """The items of at most 100 keys, trashed ones too; those that are gone are missing.

        Raises SourceError when the answer holds an item nobody asked for.
        """
        wanted = list(keys)
        if not wanted:
            return {}
        if len(wanted) > CHUNK or not all(KEY.fullmatch(key) for key in wanted):
            # A malformed key is dropped by the server, and none left means the whole library (zotero.md 2.3).
            raise ValueError(f"not at most {CHUNK} item keys: {wanted[:3]}")
        asked = {"itemKey": ",".join(wanted), "includeTrashed": 1, "limit": CHUNK}
        found = self._ask(lambda: self._zotero.items(**asked), list)
        items = {str(item["key"]): item for item in found}
        if not items.keys() <= set(wanted):
            raise SourceError(f"{self.address}: the server sent items that were not asked for")
        return items

    def send(self, batch: list[dict[str, Any]], token: str, moving: Moving | None = None) -> Report:
        """Writes a batch of at most 50 patches `{key, version, field: value...}` under a write token.

        `moving`: what a merge may do to them besides; without it nothing is moved or trashed.
        Raises Refused when the whole request was turned down (nothing is written), Unknown when nobody can say.
        """
        self._paced.write_token, self._paced.moving = token, moving
        try:
            answer = self._zotero.create_items(
                batch, last_modified=moving.at if moving else None, timeout=_WRITE_SECONDS
            )
            return _report(answer, len(batch), self._library_version())
        except Busy as error:
            raise Refused(f"{self.address}: {error}", 503) from None
        except NotPermitted:
            raise
        except PyZoteroError as error:
            raise self._of_write(error) from None
        except httpx2.TransportError as error:
            raise Unknown(type(error).__name__) from None
        except ValueError:  # JSON that is none, or no report
            raise Unknown("the answer is no report") from None
        finally:
            self._paced.write_token = self._paced.moving = None

    def _of_write(self, error: PyZoteroError) -> Exception:
        status, text = self._said(error)
        if status == 412:  # the token was used, or the library changed: perhaps by this very request, delivered twice
            return Unknown(text or "refused for what was done before it", token_used=True)
        if status >= 500 or status == 0:
            return Unknown(f"status {status}")
        return Refused(f"{self.address}: the server refused the batch ({status}: {text})", status)

    def _document(self, path: str) -> dict[str, Any]:
        """A JSON document that pyzotero has no safe call for."""

        def get() -> Any:
            response = self._client.get(self.endpoint + path, headers=self._zotero.default_headers())
            if response.status_code != 200:
                raise PyZoteroError(f"Code: {response.status_code}\nResponse: {response.text}")
            return response.json()

        found: dict[str, Any] = self._ask(get, dict)
        return found

    def _ask(self, question: Callable[[], Any], kind: type[T]) -> T:
        """An answer of the right kind; a failing server or connection is asked again, a refusal is not."""
        why = ""
        for attempt in range(_READ_ATTEMPTS):
            if attempt:
                self.sleep(2.0**attempt)
            self._zotero.url_params = None  # what a failed call has left behind
            try:
                answer = question()
            except Busy as error:
                raise Unreachable(f"{self.address}: {error}") from None
            except PyZoteroError as error:
                status, text = self._said(error)
                if 400 <= status < 500:
                    raise self._refusal(status, text) from None
                why = f"the server failed ({status})"
            except httpx2.TransportError as error:
                why = self._no_connection(error)
                if self.address.local:
                    break
            except ValueError:
                why = "the answer is not JSON, or was cut off"
            else:
                if isinstance(answer, kind):
                    return answer
                why = "the answer is not what the Zotero API sends"
        raise Unreachable(f"{self.address}: {why}")

    def _no_connection(self, error: httpx2.TransportError) -> str:
        if self.address.local:
            return (
                "Zotero does not answer on this machine; start it, and allow other applications to communicate with it "
                "(Settings, Advanced)"
            )
        return f"no connection to {self.endpoint} ({type(error).__name__})"

    def _refusal(self, status: int, text: str) -> Refused:
        advice = {
            403: "; does the key have this right? see zotero.org/settings/keys",
            404: "; is the number right, and may this key see it?",
        }
        if status == 403 and self.address.local:
            return Refused(
                f"{self.address}: Zotero's local API is turned off (Settings, Advanced, Allow other applications)",
                status,
            )
        return Refused(f"{self.address}: {text or 'refused'} ({status}){advice.get(status, '')}", status)

    def _said(self, error: PyZoteroError) -> tuple[int, str]:
        """Status and the server's own sentence, out of pyzotero's message; never the key."""
        text = str(error)
        status = _STATUS.search(text)
        sentence = html.unescape(re.sub(r"<[^>]*>", " ", text.partition("Response: ")[2]))
        return int(status[1]) if status else 0, without(self._key, " ".join(sentence.split())[:200])

    @property
    def library_version(self) -> int:
        """The library's version, as the last answer that was a list or a report gave it. Raises SourceError."""
        try:
            return self._library_version()
        except ValueError as error:
            raise Unreachable(f"{self.address}: {error}") from None

    def _library_version(self) -> int:
        response = self._zotero.request
        version = response.headers.get("Last-Modified-Version", "") if response is not None else ""
        if not version.isdigit():
            raise ValueError("an answer without Last-Modified-Version")
        return int(version)


def _network(endpoint: str) -> httpx2.BaseTransport:
    """The network, through the proxy of the environment where there is one."""
    parts = urlsplit(endpoint)
    proxy = getproxies().get(parts.scheme)
    return httpx2.HTTPTransport(proxy=proxy if proxy and not proxy_bypass(parts.hostname or "") else None)


def _endpoint(address: Address) -> str:
    if address.local:
        return os.environ.get("REFLINT_ZOTERO_LOCAL_ENDPOINT", LOCAL_ENDPOINT).rstrip("/")
    return os.environ.get("REFLINT_ZOTERO_ENDPOINT", ENDPOINT).rstrip("/")


def _versions(found: object) -> dict[str, int]:
    """key -> version. Raises ValueError when that is not what the answer holds."""
    if not isinstance(found, dict) or not all(KEY.fullmatch(k) and type(v) is int for k, v in found.items()):
        raise ValueError("no list of versions")
    return found


def _report(answer: object, size: int, library_version: int) -> Report:
    """The server's report. Raises ValueError when it is none, or does not speak of each item of the batch once."""
    if not isinstance(answer, dict):
        raise ValueError("no report")  # noqa: TRY004  (an answer, not an argument)
    parts = [answer.get(name) or {} for name in ("successful", "unchanged", "failed")]
    if not all(isinstance(part, dict) for part in parts):
        raise ValueError("no report")
    successful, unchanged, failed = parts
    if sorted(int(index) for part in parts for index in part) != list(range(size)):
        raise ValueError("a report that leaves items out")
    return Report(
        {int(index): item for index, item in successful.items()},
        {int(index): str(key) for index, key in unchanged.items()},
        {int(i): (int(one.get("code", 0)), html.unescape(str(one.get("message", "")))) for i, one in failed.items()},
        library_version,
    )


def canonical(value: object) -> str:
    """JSON in one spelling, to be hashed and compared."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
