"""The door: methods, versions of the API, keys, write tokens, and what of a request may be written down."""

from __future__ import annotations

import json
import re
from urllib.parse import parse_qsl, urlencode

from tests.servers.zotero.messages import HTML, Refusal, Request, Response
from tests.servers.zotero.world import Key

READS = ("GET", "HEAD")
WRITES = ("POST", "PUT", "PATCH", "DELETE")
_BEARER = re.compile(r"Bearer ([A-Za-z0-9]+)")
_TOKEN_LENGTHS = range(5, 33)


def options() -> Response:
    """The answer to a browser that asks before it sends a request from another site."""
    headers = "Authorization Content-Type If-Match If-None-Match If-Modified-Since-Version If-Unmodified-Since-Version"
    headers += " Zotero-API-Key Zotero-API-Version Zotero-Schema-Version Zotero-Write-Token"
    exposed = "Backoff ETag Last-Modified-Version Link Retry-After Total-Results Zotero-API-Version"
    exposed += " Zotero-Full-Text-Reindexing Zotero-TTS-Standard-Credits-Remaining Zotero-TTS-Premium-Credits-Remaining"
    return Response(
        200,
        {
            "Access-Control-Allow-Origin": "*",
            "Access-Control-Allow-Methods": ", ".join(("HEAD", "GET", *WRITES)),
            "Access-Control-Allow-Headers": ", ".join(headers.split()),
            "Access-Control-Expose-Headers": ", ".join([*exposed.split(), "Zotero-TTS-Dev"]),
            "Content-Type": HTML,
        },
    )


def check_protocol(request: Request) -> None:
    """Refuses what the server does not speak."""
    if request.method not in READS + WRITES:
        raise Refusal(501, "Method is not implemented", early=True)
    if request.header("Expect") is not None:
        raise Refusal(417, "Expect header is not supported", early=True)
    version = request.header("Zotero-API-Version")
    if version is not None and version != "3":
        raise Refusal(400, f"Invalid API version '{version}'", early=True)


def sent_key(request: Request) -> str | None:
    """The API key of a request: header, Bearer or parameter; other Authorization schemes are nobody's."""
    header = request.header("Zotero-API-Key")
    authorization = request.header("Authorization")
    if header is None and authorization is not None and authorization.startswith("Bearer "):
        found = _BEARER.fullmatch(authorization)
        if found is None:
            raise Refusal(400, "Invalid Authorization header format", early=True)
        header = found[1]
    parameter = dict(request.parameters()).get("key")
    if header is not None and parameter is not None and header != parameter:
        raise Refusal(400, "Zotero-API-Key header and 'key' parameter differ", early=True)
    return parameter if header is None else header


def check_write(request: Request, key: Key | None) -> tuple[str, str] | None:
    """Refuses writes without a key, a body, or with a token of the wrong length; the key and token of others."""
    if request.method not in WRITES:
        return None
    if key is None:
        raise Refusal(403, "An API key is required for write requests.", early=True)
    if request.method != "DELETE" and not request.body:
        raise Refusal(400, f"{request.method} data not provided", early=True)
    token = request.header("Zotero-Write-Token")
    if token is None or request.method != "POST":
        return None
    if len(token) not in _TOKEN_LENGTHS:
        raise Refusal(400, "Write token must be 5-32 characters in length", early=True)
    return key["key"], token


def count_objects(request: Request) -> int:
    """How many objects a request's body carries: 0 when it is no array."""
    try:
        body = json.loads(request.content())
    except (ValueError, RecursionError, Refusal):
        return 0
    return len(body) if isinstance(body, list) else 0


def without_key(path: str) -> str:
    """A path that does not show an API key."""
    return re.sub(r"^/keys/(?!current$).*", "/keys/...", path)


def query_without_key(query: str) -> str:
    """A query that does not show an API key."""
    pairs = parse_qsl(query, keep_blank_values=True)
    return urlencode([pair for pair in pairs if pair[0] != "key"]) if any(name == "key" for name, _ in pairs) else query
