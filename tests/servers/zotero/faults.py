"""Faults on the way between a client and the server, as bricks: when one strikes, and what it does.

    on_request(3, refuse)                    the third request of any kind
    on_write(2, die_after(7))                the second POST, PUT, PATCH or DELETE
    where(lambda request: ..., drop_after, times=2)

Kinds that lose the connection raise what httpx2 raises; `crash` raises Crash, as if the client were killed there.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import httpx2

from tests.servers.zotero.library import Library
from tests.servers.zotero.messages import HTML, Died, Request, Response
from tests.servers.zotero.state import Server
from tests.servers.zotero.writing import Watch

GATEWAY_PAGE = "<!DOCTYPE html><html><head><title>Sign in</title></head><body><h1>Guest network</h1></body></html>"


class Crash(BaseException):
    """The client is killed here, as by kill -9: nothing catches it."""


Kind = Callable[["Call"], Response]
When = Callable[[Request, int, int], bool]
"""Whether a fault meets a request, given the request's number and its number among the writes (0: it is none)."""


class Fault(NamedTuple):
    """A kind of fault and when it strikes, at most `times` times."""

    when: When
    kind: Kind
    times: int = 1


class Call:
    """One request on its way to the server through the faults that meet it."""

    def __init__(self, server: Server, request: Request, faults: list[Fault]) -> None:
        self.server = server
        self.request = request
        self._faults = faults
        self._watches: list[Watch] = []

    def proceed(self) -> Response:
        """The answer of the rest of the way."""
        if self._faults:
            fault, *rest = self._faults
            onward = Call(self.server, self.request, rest)
            onward._watches = self._watches
            return fault.kind(onward)
        return self.server.handle(self.request, self._watch)

    def watch(self, watch: Watch) -> None:
        """Has a function called between the objects of the batch."""
        self._watches.append(watch)

    def _watch(self, committed: int) -> None:
        for watch in self._watches:
            watch(committed)


def on_request(number: int, kind: Kind) -> Fault:
    """A fault for the n-th request, counted from 1."""
    return Fault(lambda request, nth, write: nth == number, kind)


def on_write(number: int, kind: Kind) -> Fault:
    """A fault for the n-th write, counted from 1."""
    return Fault(lambda request, nth, write: write == number, kind)


def where(meets: Callable[[Request], bool], kind: Kind, *, times: int = 1) -> Fault:
    """A fault for the first requests of some sort."""
    return Fault(lambda request, nth, write: meets(request), kind, times)


# The connection


def refuse(call: Call) -> Response:
    """Nobody listens: the server sees nothing."""
    raise httpx2.ConnectError("Connection refused")


def drop_before(call: Call) -> Response:
    """The request is lost on its way: the server sees nothing."""
    raise httpx2.WriteError("Connection reset by peer")


def drop_after(call: Call) -> Response:
    """The server did everything; its answer is lost."""
    call.proceed()
    raise httpx2.RemoteProtocolError("Server disconnected without sending a response.")


def timeout(*, processed: bool) -> Kind:
    """The client's patience ends, before or after the server was done."""

    def strike(call: Call) -> Response:
        if processed:
            call.proceed()
        raise httpx2.ReadTimeout("The read operation timed out")

    return strike


def die_after(committed: int) -> Kind:
    """The server dies when so many objects of the batch are committed, and the connection with it."""

    def strike(call: Call) -> Response:
        _die(call, committed)
        call.proceed()
        raise httpx2.RemoteProtocolError("Server disconnected without sending a response.")

    return strike


def die_500(committed: int) -> Kind:
    """The server stumbles when so many objects of the batch are committed, and answers 500."""

    def strike(call: Call) -> Response:
        _die(call, committed)
        return call.proceed()

    return strike


def _die(call: Call, committed: int) -> None:
    def watch(done: int) -> None:
        if done >= committed:
            raise Died

    call.watch(watch)


def crash(*, processed: bool) -> Kind:
    """The client is killed, before or after the server did its work."""

    def strike(call: Call) -> Response:
        if processed:
            call.proceed()
        raise Crash

    return strike


def crash_after(committed: int) -> Kind:
    """The client and the server's process are killed when so many objects of the batch are committed."""

    def strike(call: Call) -> Response:
        _die(call, committed)
        call.proceed()
        raise Crash

    return strike


# The answer


def status(code: int, headers: dict[str, str] | None = None, text: str = "") -> Kind:
    """Something before the server (a limiter, a gateway) answers with a status; the server sees nothing."""

    def strike(call: Call) -> Response:
        return Response(code, {"Content-Type": HTML, **(headers or {})}, text.encode())

    return strike


def html_page(*, processed: bool = False) -> Kind:
    """200 with a web page, as captive portals and proxies send it."""

    def strike(call: Call) -> Response:
        if processed:
            call.proceed()
        return Response(200, {"Content-Type": HTML}, GATEWAY_PAGE.encode())

    return strike


def truncated(call: Call) -> Response:
    """The server did everything; half of the answer arrives."""
    response = call.proceed()
    return response._replace(body=response.body[: len(response.body) // 2])


def backoff(seconds: int) -> Kind:
    """The real answer, with a Backoff header."""

    def strike(call: Call) -> Response:
        response = call.proceed()
        return response._replace(headers={**response.headers, "Backoff": str(seconds)})

    return strike


# Other people


def foreign_edit(edit: Callable[[Server], object], *, after: int | None = None) -> Kind:
    """Somebody else's change: before the request, or when `after` objects of the batch are committed."""

    def strike(call: Call) -> Response:
        if after is None:
            edit(call.server)
            return call.proceed()
        pending = [edit]

        def watch(committed: int) -> None:
            if pending and committed >= after:
                pending.pop()(call.server)

        call.watch(watch)
        return call.proceed()

    return strike


def double(call: Call) -> Response:
    """A proxy delivers the request twice; the first answer is lost."""
    call.proceed()
    return call.proceed()


def stale_restart(backup: dict[str, Library]) -> Kind:
    """Before the request, the server's libraries are brought back from a backup (`server.backup()`)."""

    def strike(call: Call) -> Response:
        call.server.restore(backup)
        return call.proceed()

    return strike
