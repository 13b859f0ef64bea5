"""Errors as clients get them: RFC 9457 problem documents, one clear line each, never a traceback or a secret."""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from reflint.errors import ReflintError
from reflint.server.redaction import redacted

MEDIA_TYPE = "application/problem+json"
_MOST_ERRORS = 20


class Problem(Exception):  # noqa: N818  (it is what RFC 9457 calls it)
    """Something a client is told instead of an answer: status, one line of detail, perhaps the single errors."""

    def __init__(
        self, status: int, detail: str, errors: list[dict[str, str]] | None = None, headers: Mapping[str, str] = {}
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.errors = errors
        self.headers = dict(headers)


def document(status: int, detail: str, errors: list[dict[str, str]] | None = None) -> dict[str, Any]:
    """The body of a problem: {type, title, status, detail, errors?}."""
    found: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": redacted(detail),
    }
    told = [{name: redacted(text) for name, text in error.items()} for error in errors or ()]
    return found | ({"errors": told} if told else {})


def response(problem: Problem) -> Response:
    """A problem as an answer."""
    body = json.dumps(document(problem.status, problem.detail, problem.errors)).encode()
    return Response(body, problem.status, problem.headers, MEDIA_TYPE)


def listed(errors: Any) -> list[dict[str, str]]:
    """What a validation found, without the values that were sent."""
    return [
        {"at": "/".join(map(str, one["loc"])), "message": one["msg"].removeprefix("Value error, ")}
        for one in errors[:_MOST_ERRORS]
    ]


def install(app: FastAPI) -> None:
    """Every error of the app becomes a problem document."""

    @app.exception_handler(Problem)
    async def of_problem(request: Request, error: Problem) -> Response:
        return response(error)

    @app.exception_handler(ReflintError)
    async def of_ours(request: Request, error: ReflintError) -> Response:
        return response(Problem(422, str(error)))

    @app.exception_handler(RequestValidationError)
    async def of_validation(request: Request, error: RequestValidationError) -> Response:
        return response(Problem(422, "the request is not as the API has it", listed(error.errors())))

    @app.exception_handler(HTTPException)
    async def of_framework(request: Request, error: HTTPException) -> Response:
        detail = {404: f"there is no {request.url.path}"}.get(error.status_code, str(error.detail))
        return response(Problem(error.status_code, detail, headers=error.headers or {}))
