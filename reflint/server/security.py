"""The gate that every request passes before anything else looks at it, and the headers of every answer."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from http.cookies import CookieError, SimpleCookie

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from reflint.server import problems
from reflint.server.config import Config
from reflint.server.problems import Problem
from reflint.server.sessions import Session, Sessions

COOKIE = "reflint_session"
CLIENT, CSRF = "X-Reflint-Client", "X-Reflint-CSRF"
_OFFICE = "https://appsforoffice.microsoft.com"
_STRICT = "default-src 'self'; base-uri 'none'; form-action 'none'; object-src 'none'; frame-ancestors 'none'"
_PANE = (
    f"default-src 'self'; script-src 'self' {_OFFICE}; connect-src 'self' {_OFFICE}; img-src 'self' data:; "
    "base-uri 'none'; form-action 'none'; object-src 'none'; "
    "frame-ancestors 'self' https://*.officeapps.live.com https://*.office.com https://*.microsoft.com"
)
"""Office shows the pane in a frame of its own in some versions, and its library comes from Microsoft only."""
_MOST_DISCARDED = 256 << 20
_PAUSE = 1.0
"""Seconds without a byte after which nothing more is waited for."""
_FOREIGN = "requests of other sites are refused: Origin must be that of this server, or absent"
_NO_TOKEN = "a token or a session is needed: `Authorization: Bearer TOKEN`, with the text of the token file"
_OLD_TOKEN = "the token is wrong or of an earlier start; its file (`token_file` of `reflint serve`) has the present one"
_SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
_log = logging.getLogger("reflint.server")


class Gate:
    """Host, Origin, client header, token or session, CSRF: in this order, each before a byte of the body is read."""

    def __init__(self, app: ASGIApp, config: Config, sessions: Sessions) -> None:
        self._app = app
        self._config = config
        self._sessions = sessions
        self._hosts = {f"{name}:{config.port}" for name in ("127.0.0.1", "localhost", "[::1]")}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers what is refused; hands everything else on, and takes in what fails."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        answer = self._answered(scope)
        begun = False
        whole = not _has_body(Headers(scope=scope))

        async def read() -> Message:
            nonlocal whole
            message = await receive()
            whole = whole or not message.get("more_body", False)
            return message

        async def guarded(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                headers = MutableHeaders(scope=message)
                self._add_headers(scope["path"], headers)
                if not whole and answer is None:
                    await _discard(read)
                if not whole:
                    headers["Connection"] = "close"
            await send(message)

        if answer is not None:
            await answer(scope, receive, guarded)
            return
        try:
            await self._app(scope, read, guarded)
        except Exception as error:
            _log.error("internal: %s %s failed (%s: %s)", scope["method"], scope["path"], type(error).__name__, error)
            if begun:
                raise  # half an answer is sent: only closing the connection can say so
            failure = Problem(500, "internal: this request made reflint fail; please report it")
            await problems.response(failure)(scope, receive, guarded)

    def _answered(self, scope: Scope) -> Response | None:
        """The answer to what is refused, or asked ahead of a request; None for what may go on."""
        try:
            answer = self._preflight(scope)
            if answer is None:
                self._admit(scope)
        except Problem as problem:
            return problems.response(problem)
        return answer

    def _preflight(self, scope: Scope) -> Response | None:
        """Whose host and origin it is; what a browser asks ahead of a request is answered here.

        Raises Problem.
        """
        headers = Headers(scope=scope)
        host = headers.get("host", "").lower()
        if host not in self._hosts or len(headers.getlist("host")) != 1:
            raise Problem(421, f"the header Host must be 127.0.0.1, localhost or [::1] with port {self._config.port}")
        origin = headers.get("origin")
        if origin is not None and origin != f"{self._config.scheme}://{host}":
            raise Problem(403, _FOREIGN)
        if headers.get("sec-fetch-site") in ("cross-site", "same-site") and scope["path"].startswith("/v1/"):
            raise Problem(403, _FOREIGN)
        if scope["method"] != "OPTIONS" or "access-control-request-method" not in headers:
            return None
        allowed = {
            "Access-Control-Allow-Methods": "GET, POST, DELETE",
            "Access-Control-Allow-Headers": f"Authorization, Content-Type, Last-Event-ID, {CLIENT}, {CSRF}",
        }
        return Response(None, 204, {"Access-Control-Allow-Origin": origin, **allowed} if origin else {})

    def _admit(self, scope: Scope) -> None:
        """Raises Problem unless the request may go on to its route; the session, if it has one, goes into the scope."""
        path = scope["path"]
        if path != "/v1" and not path.startswith("/v1/"):
            return
        headers = Headers(scope=scope)
        if not headers.get(CLIENT, "").strip():
            raise Problem(400, f"the header {CLIENT} is missing: it names the program that asks")
        if path == "/v1/login":
            return
        session = self._authorised(headers)
        scope["reflint.session"] = session
        if session is None or scope["method"] in _SAFE_METHODS:
            return
        if not self._sessions.may_change(session, headers.get(CSRF, "")):
            raise Problem(403, f"the header {CSRF} is missing or wrong")

    def _authorised(self, headers: Headers) -> Session | None:
        """The session of a page; None for the bearer of the token. Raises Problem for anybody else."""
        given = headers.get("authorization")
        if given is not None:
            scheme, _, token = given.partition(" ")
            if scheme.lower() == "bearer" and self._sessions.is_token(token.strip()):
                return None
            raise Problem(401, _OLD_TOKEN if scheme.lower() == "bearer" else _NO_TOKEN, headers=problems.CHALLENGE)
        session = self._sessions.of_cookie(_cookie(headers))
        if session is None:
            raise Problem(401, _NO_TOKEN, headers=problems.CHALLENGE)
        return session

    def _add_headers(self, path: str, headers: MutableHeaders) -> None:
        pane = self._config.word and path.startswith("/word/")
        headers["Content-Security-Policy"] = _PANE if pane else _STRICT
        headers["X-Content-Type-Options"] = "nosniff"
        headers["Referrer-Policy"] = "no-referrer"
        headers["Cache-Control"] = "no-store"
        headers["Cross-Origin-Resource-Policy"] = "same-origin"
        headers.add_vary_header("Origin")


async def _discard(read: Receive) -> None:
    """Takes in what a friend still sends, for a while: an answer that overtakes a body is lost with the connection."""
    size = 0
    with suppress(TimeoutError):
        async with asyncio.timeout(_PAUSE) as pause:
            while size < _MOST_DISCARDED:
                message = await read()
                if message["type"] != "http.request" or not message.get("more_body", False):
                    return
                size += len(message["body"])
                pause.reschedule(asyncio.get_running_loop().time() + _PAUSE)


def _has_body(headers: Headers) -> bool:
    return "transfer-encoding" in headers or headers.get("content-length", "0") != "0"


def _cookie(headers: Headers) -> str:
    try:
        found = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
    except CookieError:
        return ""
    return found.value if found else ""
