"""The server behind a socket on loopback: HTTP/1.1 with keep-alive, a thread for each connection."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.servers.loopback import running
from tests.servers.zotero.messages import Request
from tests.servers.zotero.state import Server


class SocketServer(ThreadingHTTPServer):
    """Listens on loopback for a server, whose links then lead here; port 0 picks a free port."""

    daemon_threads = True

    def __init__(self, server: Server, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.zotero = server
        self.url = server.base = f"http://127.0.0.1:{self.server_address[1]}"


@contextmanager
def listening(server: Server) -> Iterator[str]:
    """The server on a socket, as long as the context lasts; gives its address."""
    bound = SocketServer(server)
    with running(bound):
        yield bound.url


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 60
    disable_nagle_algorithm = True
    server: SocketServer

    def __getattr__(self, name: str) -> Any:
        """Every method goes the same way; the server itself refuses those it does not know."""
        if name.startswith("do_"):
            return self._answer
        raise AttributeError(name)

    def handle_expect_100(self) -> bool:
        """Expect is refused by the server; nothing is sent before."""
        return True

    def _answer(self) -> None:
        path, _, query = self.path.partition("?")
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length) if length else None
        response = self.server.zotero.handle(
            Request(self.command, path, query, dict(self.headers.items()), body, str(self.client_address[0]))
        )
        self.send_response(response.status)
        for name, value in response.headers.items():
            self.send_header(name, value)
        if response.status not in (204, 304):
            self.send_header("Content-Length", str(len(response.body)))
        self.end_headers()
        self.wfile.write(response.body)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing is logged here: the state machine keeps the log, and it leaves keys out."""
