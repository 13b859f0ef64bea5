"""The server as a transport of httpx2, in process, with faults by script.

server = Server(clock=...)
transport = Transport(server, [on_write(2, drop_after)])
zot = Zotero(7, "user", server.keys["full"], client=httpx2.Client(transport=transport))
"""

from __future__ import annotations

from collections.abc import Iterable

import httpx2

from tests.servers.zotero.access import WRITES
from tests.servers.zotero.faults import Call, Fault
from tests.servers.zotero.messages import Request
from tests.servers.zotero.state import Logged, Server, logged


class Transport(httpx2.BaseTransport):
    """Hands requests to a server and meets faults on the way.

    `sent` logs every request the client sent, whether it reached the server or not; `server.requests` those that did.
    Several faults may meet one request: the first stands nearest to the client.
    """

    def __init__(self, server: Server, faults: Iterable[Fault] = ()) -> None:
        self.server = server
        self.sent: list[Logged] = []
        self._faults = list(faults)
        self._left = [fault.times for fault in self._faults]
        self._requests = self._writes = 0

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        asked = Request(
            request.method,
            request.url.path,
            request.url.query.decode("ascii"),
            dict(request.headers.items()),
            request.read() or None,
        )
        self.sent.append(logged(asked))
        self._requests += 1
        self._writes += asked.method in WRITES
        response = Call(self.server, asked, self._met(asked)).proceed()
        return httpx2.Response(response.status, headers=response.headers, content=response.body, request=request)

    def _met(self, request: Request) -> list[Fault]:
        """The faults that meet this request, each of them now spent by one."""
        write = self._writes if request.method in WRITES else 0
        met = []
        for position, fault in enumerate(self._faults):
            if self._left[position] and fault.when(request, self._requests, write):
                self._left[position] -= 1
                met.append(fault)
        return met
