"""The OpenAPI document: what FastAPI knows of the routes, with the bodies that they read by themselves."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import TypeAdapter

_REF = "#/components/schemas/{model}"


def takes(kind: Any) -> dict[str, Any]:
    """What a route says of the JSON body that it reads (`openapi_extra`)."""
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema_of(kind)}}}}


def schema_of(kind: Any) -> dict[str, Any]:
    """The schema of a body, with references into the components."""
    schema = TypeAdapter(kind).json_schema(ref_template=_REF, by_alias=True)
    definitions = schema.pop("$defs", {})
    _known.update(definitions)
    return schema


_known: dict[str, Any] = {}


def describe(app: FastAPI) -> dict[str, Any]:
    """OpenAPI 3.1 of the whole API."""
    found = get_openapi(
        title=app.title, version=app.version, summary=app.summary, description=_ABOUT, routes=app.routes
    )
    components = found.setdefault("components", {})
    schemas = {name: one for name, one in components.get("schemas", {}).items() if "ValidationError" not in name}
    components["schemas"] = dict(sorted((_known | schemas).items()))
    for path in found["paths"].values():
        for operation in path.values():
            operation["responses"].pop("422", None)  # the framework's own errors: ours are problems (4XX)
    components["securitySchemes"] = {
        "token": {"type": "http", "scheme": "bearer"},
        "session": {"type": "apiKey", "in": "cookie", "name": "reflint_session"},
    }
    found["security"] = [{"token": []}, {"session": []}]
    return found


_ABOUT = """Every request under /v1 needs the header `X-Reflint-Client`, and a token or a session; a session's requests
that change something also `X-Reflint-CSRF`. Columns and positions in texts are code points, not UTF-16 units."""
