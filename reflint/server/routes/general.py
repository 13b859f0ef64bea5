"""Who answers here, who may ask, which rules there are."""

from __future__ import annotations

import inspect
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from pydantic import TypeAdapter

from reflint import __version__
from reflint.app import rules
from reflint.errors import ConfigError
from reflint.server import examples, models
from reflint.server.backend import Here
from reflint.server.basics import ConfigIn
from reflint.server.openapi import FOR_EVERYBODY, FOR_THE_TOKEN, header, refusals, takes
from reflint.server.problems import CHALLENGE, Problem
from reflint.server.security import COOKIE, CSRF

router = APIRouter(tags=["general"])
_CODE = TypeAdapter(models.CodeIn)


@router.get("/healthz", response_model=models.HealthOut, openapi_extra=FOR_EVERYBODY)
def health() -> dict[str, str]:
    """That this is reflint, and which; nothing secret."""
    return {"name": "reflint", "version": __version__, "api": "1"}


@router.post(
    "/v1/login",
    status_code=204,
    openapi_extra=FOR_EVERYBODY | takes(models.CodeIn, examples.LOGIN),
    response_class=Response,
    responses={204: {"headers": {CSRF: header("comes with every change"), "Set-Cookie": header("the session")}}},
)
async def login(request: Request, here: Here) -> Response:
    """A session for a one-time code: a cookie, and the value for the header X-Reflint-CSRF."""
    async with here.folder() as folder:
        given = await here.read(request, _CODE, folder)
    session = here.sessions.log_in(given.code)
    if session is None:
        raise Problem(401, "the code is wrong, used or of an earlier start", headers=CHALLENGE)
    answer = Response(None, 204, {CSRF: session.csrf})
    answer.set_cookie(COOKIE, session.cookie, path="/v1", httponly=True, samesite="strict", secure=here.config.https)
    return answer


@router.post(
    "/v1/logout",
    status_code=204,
    response_class=Response,
    responses={204: {"headers": {"Set-Cookie": header("the session is void")}}},
)
def logout(request: Request, here: Here) -> Response:
    """Ends the session that asks; a token stays valid until the backend ends."""
    session = request.scope["reflint.session"]
    if session is not None:
        here.sessions.log_out(session)
    answer = Response(None, 204)
    answer.delete_cookie(COOKIE, path="/v1", httponly=True, samesite="strict", secure=here.config.https)
    return answer


@router.post("/v1/codes", response_model=models.CodeOut, openapi_extra=FOR_THE_TOKEN)
def new_code(request: Request, here: Here) -> dict[str, str]:
    """A new one-time code, for whoever has the token."""
    if request.scope["reflint.session"] is not None:
        raise Problem(403, "only the bearer of the token is given codes")
    return {"code": here.sessions.new_code()}


@router.get("/v1/rules", response_model=models.RulesOut)
def all_rules() -> dict[str, Any]:
    """All rules, as `reflint rules -f json` lists them."""
    return {"rules": rules.catalogue()}


@router.get("/v1/rules/{code}", response_model=models.RuleDetail, responses=refusals(404))
def one_rule(code: str) -> dict[str, Any]:
    """One rule, by its code or slug, with its reasons and options."""
    try:
        whole = rules.documentation(code)
    except ConfigError as error:
        raise Problem(404, str(error)) from None
    found = next(rule for rule in rules.core_pack().rules if rule.id == whole["id"])
    return {**rules.describe(found), "explanation": inspect.cleandoc(_explanation(whole)), "options": found.options}


def _explanation(whole: dict[str, Any]) -> str:
    return str(whole.get("rationale") or whole["summary"])


@router.get("/v1/config/schema", response_class=JSONResponse)
def config_schema() -> dict[str, Any]:
    """The JSON Schema of `config` in requests."""
    return ConfigIn.model_json_schema(by_alias=True)
