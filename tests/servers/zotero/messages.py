"""A request and its answer, as plain values, and the refusals that the server raises on its way."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Mapping
from html import escape
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

HTML = "text/html; charset=UTF-8"


class Request(NamedTuple):
    """One HTTP request; names of headers are matched without case, `query` is percent-encoded and has no `?`."""

    method: str
    path: str
    query: str = ""
    headers: Mapping[str, str] = {}
    body: bytes | None = None
    address: str = "127.0.0.1"

    def header(self, name: str) -> str | None:
        """The value of a header, None when it was not sent."""
        name = name.lower()
        return next((value for key, value in self.headers.items() if key.lower() == name), None)

    def parameters(self) -> list[tuple[str, str]]:
        """Name and value of each query parameter, in the order they were sent."""
        return parse_qsl(self.query, keep_blank_values=True)

    def content(self) -> bytes:
        """The body, unpacked if it was sent compressed; empty when there is none."""
        body = self.body or b""
        if self.header("Content-Encoding") != "gzip":
            return body
        try:
            return gzip.decompress(body)
        except (OSError, EOFError, zlib.error):
            raise Refusal(400, "The body is not gzip") from None


class Response(NamedTuple):
    """The answer: status, headers as they are spelled on the wire, and the body's bytes."""

    status: int
    headers: dict[str, str]
    body: bytes = b""

    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)

    @property
    def text(self) -> str:
        return self.body.decode()


def encoded(value: object) -> bytes:
    """JSON as the server writes it: indented by four blanks, UTF-8, JavaScript's two line ends escaped."""
    text = json.dumps(value, indent=4, ensure_ascii=False)
    return text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029").encode()


def html(text: str) -> str:
    """Text with the characters escaped that PHP's htmlspecialchars escapes without its flag for apostrophes."""
    return escape(text, quote=False).replace('"', "&quot;")


class Refusal(Exception):  # noqa: N818 - most of them are answers the protocol foresees, not errors
    """The request, or one object of a batch, is refused with a status and a sentence.

    `early` ones come before the server has settled which version of the API is spoken: their answers lack its headers.
    """

    def __init__(
        self,
        code: int,
        message: str,
        *,
        data: dict[str, object] | None = None,
        headers: dict[str, str] | None = None,
        early: bool = False,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.data = data
        self.headers = headers or {}
        self.early = early

    def entry(self) -> dict[str, object]:
        """The object's entry in `failed` of a write report."""
        entry: dict[str, object] = {"code": self.code, "message": html(self.message)}
        return entry if self.data is None else {**entry, "data": self.data}


class Died(Exception):  # noqa: N818 - a process died; nobody made a mistake in calling
    """The server's process died here: what was committed stays, the rest of the request is not tried."""
