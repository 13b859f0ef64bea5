"""The registries behind a socket on loopback."""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.servers.crossref.server import Server
from tests.servers.loopback import running


class SocketServer(ThreadingHTTPServer):
    """Listens on loopback for a server; port 0 picks a free port."""

    daemon_threads = True

    def __init__(self, server: Server, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.registries = server
        self.url = f"http://127.0.0.1:{self.server_address[1]}"

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that has gone is no error of ours."""


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

    def do_GET(self) -> None:
        path, _, query = self.path.partition("?")
        answer = self.server.registries.handle(path, query, {k.lower(): v for k, v in self.headers.items()})
        if answer.dropped or answer.slow:  # nobody waits here: to a client it is the same
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.close_connection = True
            self.connection.close()
            return
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        if answer.cut is not None:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(answer.body if answer.cut is None else answer.body[: answer.cut])
        self.wfile.flush()

    def log_message(self, format: str, *args: object) -> None:
        """Nothing is logged here: the server keeps the requests."""
