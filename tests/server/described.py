"""A client that knows the API from its OpenAPI document only, and holds every answer against it."""

from __future__ import annotations

import json
from typing import Any

import httpx2
from jsonschema import Draft202012Validator

from reflint.server.app import create
from reflint.server.config import Config

DOCUMENT: dict[str, Any] = create(Config()).openapi()
OPERATIONS = {
    operation["operationId"]: (method.upper(), path, operation)
    for path, operations in DOCUMENT["paths"].items()
    for method, operation in operations.items()
}
_OF_EVERY_ANSWER = {
    "cache-control",
    "connection",
    "content-length",
    "content-security-policy",
    "content-type",
    "cross-origin-resource-policy",
    "date",
    "referrer-policy",
    "transfer-encoding",
    "vary",
    "x-content-type-options",
}


def resolved(part: dict[str, Any]) -> dict[str, Any]:
    """A part of the document, or what it refers to."""
    found: Any = part
    if "$ref" in part:
        found = DOCUMENT
        for name in part["$ref"].removeprefix("#/").split("/"):
            found = found[name]
    return dict(found)


def faults(schema: dict[str, Any], value: object) -> list[str]:
    """What of a value is not as a schema says."""
    whole = Draft202012Validator({**schema, "components": DOCUMENT["components"]})
    return [f"{'/'.join(map(str, error.absolute_path))}: {error.message}" for error in whole.iter_errors(value)]


def ask(client: httpx2.Client, operation: str, json: object = None, **request: Any) -> httpx2.Response:
    """An answer, which is as the document has it. `request`: names in the path, or what httpx takes."""
    method, template, _ = OPERATIONS[operation]
    names = {name: request.pop(name) for name in ("code", "id", "job") if name in request}
    answer = client.request(method, template.format(**names), json=json, **request)
    hold(operation, answer)
    return answer


def hold(operation: str, answer: httpx2.Response) -> None:
    """Holds an answer against the document: its status, its headers, its type, its body."""
    where = f"{operation} {answer.status_code}"
    responses = OPERATIONS[operation][2]["responses"]
    assert str(answer.status_code) in responses, f"{where}: {answer.text}"
    described = resolved(responses[str(answer.status_code)])
    listed = {name.lower() for name in described.get("headers", {})}
    assert set(answer.headers) - _OF_EVERY_ANSWER == listed, where
    content = described.get("content", {})
    type = answer.headers.get("content-type", "").partition(";")[0]
    assert (type in content) if answer.content else not content, f"{where}: {type}"
    if type.endswith("json"):
        assert not faults(content[type]["schema"], json.loads(answer.content)), where


def refused(client: httpx2.Client, operation: str, status: int, json: object = None, **request: Any) -> dict[str, Any]:
    """The problem document of a request that is refused with a status."""
    answer = ask(client, operation, json, **request)
    assert answer.status_code == status, answer.text
    found: dict[str, Any] = answer.json()
    return found
