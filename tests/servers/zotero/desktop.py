"""The local API of a Zotero on the desktop, in front of the server: what differs when it is read and written there.

As Zotero 10 documents it in its source (zotero.md 5.1); never compared with a running Zotero.
"""

from __future__ import annotations

import html
import json
import re
from typing import Any

from tests.servers.zotero.messages import Request, Response, encoded
from tests.servers.zotero.state import Server

PREFIX = "/api"
_PARKED = re.compile(r"(?m)^(DOI|PMID|PMCID): *(\S.*)\n?")
_TEXT = {"Content-Type": "text/plain"}


class Desktop:
    """A desktop Zotero in which the user with the server's full key is at home; `users/0` is their library.

    `server_id`: its identity; None: a Zotero that cannot be written to (before 10). `answers`: what its user says to
    each request for permission: "allow" (one write), "always" or "deny". `enabled`: whether others may talk to it.
    """

    def __init__(
        self, server: Server, server_id: str | None = "desk-1", answers: tuple[str, ...] = ("always",)
    ) -> None:
        self.server = server
        self.server_id = server_id
        self.enabled = True
        self.asked: list[str] = []
        self._answers = list(answers)
        self._keys: dict[str, bool] = {}
        self._home = str(server.world.keys[server.keys["full"]]["user"])
        self.requests = server.requests

    def handle(self, request: Request, watch: Any = None) -> Response:
        """Answers one request."""
        response = self._answer(request)
        headers = {**response.headers, **({"Zotero-Server-ID": self.server_id} if self.server_id else {})}
        return response._replace(headers=headers)

    def _answer(self, request: Request) -> Response:
        if not self.enabled:
            return Response(403, _TEXT, b"Local API is not enabled")
        path = request.path.removeprefix(PREFIX)
        if path == "/":
            return Response(200, _TEXT, b"Nothing to see here.")
        known = request.header("Zotero-Server-ID")
        if self.server_id and known and known != self.server_id:
            return Response(412, _TEXT, b"Zotero-Server-ID does not match")
        if path == "/local/authorize":
            return self._authorized(request)
        if request.method != "GET":
            return self._written(request, path)
        return self._passed_on(request, path)

    def _passed_on(self, request: Request, path: str, body: bytes | None = None) -> Response:
        path = re.sub(r"\A/users/0\b", f"/users/{self._home}", path)
        kept = {n: v for n, v in request.headers.items() if n.lower() not in ("authorization", "zotero-api-key")}
        kept["Authorization"] = f"Bearer {self.server.keys['full']}"
        return self.server.handle(
            request._replace(path=path, headers=kept, body=body if body is not None else request.body)
        )

    def _authorized(self, request: Request) -> Response:
        if not self.server_id or not request.header("Zotero-Server-ID"):
            return Response(428, _TEXT, b"Zotero-Server-ID not provided")
        self.asked.append(json.loads(request.content())["appName"])
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        if answer == "deny":
            return Response(403, _TEXT, b"Denied")
        key = f"local{len(self._keys)}"
        self._keys[key] = answer == "always"
        return Response(
            200, {"Content-Type": "application/json"}, encoded({"key": key, "remember": answer == "always"})
        )

    def _written(self, request: Request, path: str) -> Response:
        if not self.server_id:
            return Response(501, _TEXT, b"Method not implemented")
        if not request.header("Zotero-Server-ID"):
            return Response(428, _TEXT, b"Zotero-Server-ID not provided")
        key = request.header("Zotero-API-Key") or ""
        if key not in self._keys:
            return Response(401, _TEXT, b"Invalid or expired API key" if key else b"API key required")
        batch = json.loads(request.content())
        if not batch:
            return Response(400, _TEXT, b"No objects")
        library = re.sub(r"\Ausers/0\Z", f"users/{self._home}", "/".join(path.strip("/").split("/")[:2]))
        held = self.server.items(library)
        stale = {i: one for i, one in enumerate(batch) if held.get(one["key"], one).get("version") != one["version"]}
        # The web takes a version that is too high; the desktop wants the very one. 1 is lower than any used here.
        sent = [{**one, "version": 1} if i in stale else one for i, one in enumerate(batch)]
        response = self._passed_on(request, path, json.dumps(sent).encode())
        if response.status != 200:
            return response
        if not self._keys[key]:
            del self._keys[key]
        report = response.json()
        for index, entry in report["failed"].items():
            entry |= {"key": batch[int(index)]["key"], "message": html.unescape(entry["message"])}
        for index, item in report["successful"].items():
            self._migrate(library, item, report, index)
        return response._replace(body=encoded(report))

    def _migrate(self, library: str, item: dict[str, Any], report: dict[str, Any], index: str) -> None:
        """Every write moves identifiers that stand in Extra to their fields."""
        data = item["data"]
        extra = data.get("extra", "")
        moved = {name: value.strip() for name, value in _PARKED.findall(extra) if not data.get(name)}
        if moved:
            self.server.put(library, [{"key": data["key"], "extra": _PARKED.sub("", extra), **moved}])
            report["successful"][index]["data"] = self.server.items(library)[data["key"]]
            report["successful"][index]["version"] = report["successful"][index]["data"]["version"]
