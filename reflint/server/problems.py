"""Errors as clients get them: RFC 9457 problem documents, one clear line each, never a traceback or a secret."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from itertools import islice
from typing import Any, NamedTuple

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from reflint.errors import ReflintError
from reflint.server.redaction import redacted

MEDIA_TYPE = "application/problem+json"
MOST_ERRORS = 20
"""How many errors a problem lists."""
RETRY = {"Retry-After": "2"}
"""What a full line answers with: seconds."""
CHALLENGE = {"WWW-Authenticate": "Bearer"}


class Refusal(NamedTuple):
    """A status that a request is refused with: when, and the headers (name -> meaning) that only this answer has."""

    about: str
    headers: Mapping[str, str] = {}


REFUSALS = {
    400: Refusal("The header X-Reflint-Client is missing, or the body is no JSON, nested too deep, or broke off."),
    401: Refusal("No token, no session, or those of an earlier start.", {"WWW-Authenticate": "always `Bearer`"}),
    403: Refusal("Another site asks, X-Reflint-CSRF of a session is missing, or this is not for sessions."),
    404: Refusal("There is no such rule or job (the last 50 that are over are kept, for an hour)."),
    408: Refusal("The body did not come in time."),
    409: Refusal("It cannot be done with this job or document: not checked yet, or of another kind."),
    413: Refusal("The body is too large, or has too many records."),
    415: Refusal("The Content-Type is not one of those listed, or the body is compressed."),
    421: Refusal("The Host header is not 127.0.0.1, localhost or [::1] with the port of this server."),
    422: Refusal(
        "The body is not as described here (`errors` says where), or cannot be worked on (`detail` says why)."
    ),
    500: Refusal("reflint failed; please report it."),
    503: Refusal("The line is full; ask again.", {"Retry-After": "seconds to wait before that"}),
}
"""Every status that this API refuses with."""


def phrase(status: int) -> str:
    """The name of a status in one word, as `NotFound`."""
    return HTTPStatus(status).phrase.replace(" ", "")


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


def demand_none(wrong: Iterable[tuple[Iterable[str | int], str]]) -> None:
    """Raises Problem (422) where there is any: places of a request that name what there is not, and why that is so."""
    errors = [{"at": "/".join(map(str, at)), "message": why} for at, why in islice(wrong, MOST_ERRORS)]
    if errors:
        raise Problem(422, "the request names rules or options that there are not", errors)


def response(problem: Problem) -> Response:
    """A problem as an answer."""
    body = json.dumps(document(problem.status, problem.detail, problem.errors)).encode()
    return Response(body, problem.status, problem.headers, MEDIA_TYPE)


def listed(errors: Any, body: object = None) -> list[dict[str, str]]:
    """What a validation found, without the values that were sent; places are those of `body`, where it is given."""
    return [_told(one, body) for one in errors[:MOST_ERRORS]]


def _told(error: Mapping[str, Any], body: object) -> dict[str, str]:
    """Where and what, in the words of whoever sent it."""
    place = error["loc"] if body is None else _within(body, error)
    message = error["msg"].removeprefix("Value error, ")
    if error["type"].startswith("union_tag_"):
        expected = error["ctx"].get("expected_tags")
        place = (*place, error["ctx"]["discriminator"].strip("'"))
        message = f"Input should be one of {expected}" if expected else "Field required"
    return {"at": "/".join(map(str, place)), "message": message}


def _within(body: object, error: Mapping[str, Any]) -> list[str | int]:
    """The place of an error in a body: less the names of alternatives, which only the model has."""
    found: list[str | int] = []
    for number, part in enumerate(error["loc"], 1):
        wanted = error["type"] == "missing" and number == len(error["loc"])
        if isinstance(body, dict) and (part in body or wanted):
            body = body.get(part)
        elif isinstance(body, list) and isinstance(part, int):
            body = body[part]
        else:
            continue
        found.append(part)
    return found


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
        headers = error.headers or {}
        details = {
            404: f"there is no {request.url.path}",
            405: f"{request.url.path} takes {headers.get('Allow', 'another method')}, not {request.method}",
        }
        return response(Problem(error.status_code, details.get(error.status_code, str(error.detail)), headers=headers))
