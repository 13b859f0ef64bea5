"""What the tests of the server speak with: a clock they hold, and requests without ceremony."""

from __future__ import annotations

import json
from typing import Any

from tests.servers.zotero.messages import Request, Response
from tests.servers.zotero.state import Server
from tests.servers.zotero.writing import Watch

HOME, GROUP, OPEN = "users/7", "groups/70", "groups/80"
LIBRARIAN, COLLEAGUE = 7, 8
FULL, READ, NO_NOTES = "FULLKEYFULLKEYFULLKEY777", "READKEYREADKEYREADKEY777", "NONOTESNONOTESNONOTES777"
OTHER, ONE_GROUP = "FULLKEYFULLKEYFULLKEY888", "GROUPKEYGROUPKEYGROUP777"


class Clock:
    """A clock that stands still until a test moves it."""

    def __init__(self, now: float = 1_700_000_000.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


class Client:
    """Requests to one library (paths that begin with / leave it) with one API key, or none."""

    def __init__(self, server: Server, key: str | None = FULL, library: str = HOME) -> None:
        self.server = server
        self.key = key
        self.library = library

    def send(self, method: str, path: str, query: str = "", body: bytes | None = None, **headers: Any) -> Response:
        """One request; headers as keywords, with _ for -."""
        named = {name.replace("_", "-"): str(value) for name, value in headers.items()}
        if self.key is not None:
            named.setdefault("Zotero-API-Key", self.key)
        full = path if path.startswith("/") else f"/{self.library}/{path}"
        return self.server.handle(Request(method, full, query, named, body))

    def get(self, path: str, query: str = "", **headers: Any) -> Response:
        return self.send("GET", path, query, **headers)

    def post(self, values: Any, path: str = "items", **headers: Any) -> Response:
        return self.send("POST", path, body=json.dumps(values).encode(), **headers)

    def patch(self, key: str, value: Any, **headers: Any) -> Response:
        return self.send("PATCH", f"items/{key}", body=json.dumps(value).encode(), **headers)

    def put(self, key: str, value: Any, **headers: Any) -> Response:
        return self.send("PUT", f"items/{key}", body=json.dumps(value).encode(), **headers)

    def delete(self, path: str, query: str = "", **headers: Any) -> Response:
        return self.send("DELETE", path, query, **headers)

    def watched(self, values: Any, watch: Watch, **headers: str) -> Response:
        """A batch with somebody looking on between its objects."""
        body = json.dumps(values).encode()
        named = {"Zotero-API-Key": str(self.key), **headers}
        return self.server.handle(Request("POST", f"/{self.library}/items", "", named, body), watch)

    def data(self, key: str) -> dict[str, Any]:
        """The `data` of an item as it is now."""
        return self.server.items(self.library)[key]

    def versions(self, query: str = "") -> dict[str, int]:
        found: dict[str, int] = self.get("items", f"format=versions&{query}").json()
        return found


def article(number: int, **fields: Any) -> dict[str, Any]:
    """A journal article to put, under the key AAAA2222 + number."""
    title = f"On the filing of cards, part {number}"
    return {"key": key_of(number), "itemType": "journalArticle", "title": title, "issue": "1", **fields}


def key_of(number: int) -> str:
    """A well-formed key for a number below 1,024."""
    letters = "23456789ABCDEFGHIJKLMNPQRSTUVWXYZ"
    return f"AAAA22{letters[number // 32]}{letters[number % 32]}"


def failures(response: Response) -> dict[str, tuple[int, str]]:
    """Code and message of each failed object of a report."""
    return {index: (entry["code"], entry["message"]) for index, entry in response.json()["failed"].items()}
