"""The registries as a transport of httpx2, in process, by a clock that sleeping moves."""

from __future__ import annotations

import httpx2

from tests.servers.crossref.server import REGISTRIES, Server


class Clock:
    """A clock that stands still but for sleeping."""

    def __init__(self, now: float = 0.0) -> None:
        self.now = now
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


class Transport(httpx2.BaseTransport):
    """Hands requests to a server; what a broken connection does, it raises."""

    def __init__(self, server: Server) -> None:
        self.server = server

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        path = request.url.raw_path.decode().partition("?")[0]
        answer = self.server.handle(path, request.url.query.decode(), dict(request.headers.items()))
        if answer.dropped:
            raise httpx2.RemoteProtocolError("Server disconnected without sending a response.")
        if answer.slow:
            raise httpx2.ReadTimeout("The read operation timed out")
        headers = {**answer.headers, "content-length": str(len(answer.body))}
        body = answer.body if answer.cut is None else answer.body[: answer.cut]
        return httpx2.Response(answer.status, headers=headers, stream=httpx2.ByteStream(body), request=request)


def addresses(base: str = "http://registries.test") -> dict[str, str | None]:
    """Where each registry is, as `Registries` and (with the right names) the environment take it."""
    return {name.upper(): f"{base}/{name}" for name in REGISTRIES}


def environment(base: str) -> dict[str, str]:
    """The environment that leads a command to a server on a socket."""
    return {f"REFLINT_{name}_ENDPOINT": str(address) for name, address in addresses(base).items()}
