"""The OpenAPI document: what FastAPI knows of the routes, with the bodies they read, the headers and every refusal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import TypeAdapter

from reflint.server import problems
from reflint.server.basics import ProblemOut
from reflint.server.security import CLIENT, COOKIE, CSRF

_REF = "#/components/schemas/{model}"
_CHANGING = ("post", "delete")
_TOKEN: dict[str, list[str]] = {"token": []}
_SESSION: dict[str, list[str]] = {"session": []}
_CHANGING_SESSION: dict[str, list[str]] = {"session": [], "csrf": []}
FOR_EVERYBODY: dict[str, Any] = {"security": []}
FOR_THE_TOKEN: dict[str, Any] = {"security": [_TOKEN]}
"""Who may ask, where it is not whoever has the token or a session (`openapi_extra`)."""


def takes(kind: Any, examples: Mapping[str, Any]) -> dict[str, Any]:
    """What a route says of the JSON body that it reads (`openapi_extra`); `examples`: what it shows -> body."""
    shown = {name: {"value": body} for name, body in examples.items()}
    content = {"application/json": {"schema": schema_of(kind), "examples": shown}}
    return {"requestBody": {"required": True, "content": content}}


def schema_of(kind: Any) -> dict[str, Any]:
    """The schema of a body, with references into the components; a model is a component itself, by its name."""
    schema = TypeAdapter(kind).json_schema(ref_template=_REF, by_alias=True)
    _known.update(schema.pop("$defs", {}))
    name = schema.get("title")
    if name is None:
        return schema
    _known[name] = schema
    return {"$ref": _REF.format(model=name)}


_known: dict[str, Any] = {}
_PROBLEM = schema_of(ProblemOut)


def refusals(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """What a route refuses besides what every route does (`responses`)."""
    return {status: {} for status in statuses}


def header(about: str, kind: str = "string") -> dict[str, Any]:
    """A header of an answer."""
    return {"description": about, "schema": {"type": kind}}


def describe(app: FastAPI, url: str) -> dict[str, Any]:
    """OpenAPI 3.1 of the whole API, as it is served at an address."""
    found = get_openapi(
        title=app.title,
        version=app.version,
        summary=app.summary,
        description=_ABOUT,
        routes=app.routes,
        servers=[{"url": url, "description": "this computer; the port is the one that `reflint serve` prints"}],
        tags=_TAGS,
    )
    schemas = found["components"]["schemas"] | _known
    found["components"] = {
        "schemas": {name: one for name, one in sorted(schemas.items()) if "ValidationError" not in name},
        "responses": {problems.phrase(status): _refusal(status) for status in problems.REFUSALS},
        "parameters": {"Client": _CLIENT},
        "securitySchemes": _SCHEMES,
    }
    for path, operations in found["paths"].items():
        for method, operation in operations.items():
            _complete(path, method, operation)
    return found


def _complete(path: str, method: str, operation: dict[str, Any]) -> None:
    """Adds to an operation what holds for every request, and what its first sentence says of it as its summary."""
    operation["summary"] = operation["description"].partition(". ")[0].partition("\n")[0].removesuffix(".")
    answers = operation["responses"]
    refused = {int(status) for status, one in answers.items() if status >= "400" and "content" not in one}
    refused |= {403, 421, 500}
    if "requestBody" in operation:
        refused |= {400, 408, 413, 415, 422}
    operation.setdefault("security", [_TOKEN, _CHANGING_SESSION if method in _CHANGING else _SESSION])
    if path.startswith("/v1/"):
        refused |= {400, 401}
        operation["parameters"] = [*operation.get("parameters", []), {"$ref": "#/components/parameters/Client"}]
    operation["responses"] = {status: one for status, one in answers.items() if status < "400"} | {
        str(status): {"$ref": f"#/components/responses/{problems.phrase(status)}"} for status in sorted(refused)
    }


def _refusal(status: int) -> dict[str, Any]:
    """The answer with a status of refusal."""
    told = problems.REFUSALS[status]
    found: dict[str, Any] = {
        "description": told.about,
        "content": {problems.MEDIA_TYPE: {"schema": _PROBLEM}},
    }
    return found | ({"headers": {name: header(about) for name, about in told.headers.items()}} if told.headers else {})


_CLIENT = {
    "name": CLIENT,
    "in": "header",
    "required": True,
    "description": "The name of your program, whatever it is: a page of another site cannot send this header.",
    "schema": {"type": "string", "pattern": r"\S"},
    "example": "my-plugin",
}
_SCHEMES = {
    "token": {
        "type": "http",
        "scheme": "bearer",
        "description": "The text of the file that `reflint serve` prints as `token_file`; new at each start.",
    },
    "session": {"type": "apiKey", "in": "cookie", "name": COOKIE, "description": "A page that is logged in."},
    "csrf": {"type": "apiKey", "in": "header", "name": CSRF, "description": "What `POST /v1/login` answered with it."},
}
_TAGS = [
    {"name": "general", "description": "Who answers, which rules there are, sessions of pages."},
    {"name": "records", "description": "Records that come with the request."},
    {"name": "documents", "description": "Files: uploaded, checked as a job, repaired in a copy."},
    {"name": "jobs", "description": "What takes longer: ask until `state` is done, failed or cancelled."},
    {"name": "zotero", "description": "Zotero libraries: checked, planned for, written to, taken back."},
]
_ABOUT = """Every request under /v1 needs the header `X-Reflint-Client`, and a token or a session; a session's requests
that change something also `X-Reflint-CSRF`. Columns and positions in texts are code points, not UTF-16 units.
Refusals are problem documents (RFC 9457). Requests that a browser sends for another site are refused."""
