"""Records that come with the request: checked, repaired, compared with each other."""

from __future__ import annotations

import re

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from pydantic import TypeAdapter

from reflint.server import examples, models
from reflint.server.backend import JSON, Backend, Here
from reflint.server.openapi import refusals, takes
from reflint.server.problems import Problem

router = APIRouter(tags=["records"])
_LINT: TypeAdapter[models.TextIn | models.RecordsIn] = TypeAdapter(models.LintIn)
_DEDUPE: TypeAdapter[models.TextRecords | models.JsonRecords] = TypeAdapter(models.DedupeIn)
_FIX: TypeAdapter[models.FixTextIn | models.FixRecordIn | models.FixPatchesIn] = TypeAdapter(models.FixIn)
_BEGINS = re.compile(r"^[^\w\n]*TY\b", re.M | re.I)
_OR_JOB = {202: {"model": models.JobRef}} | refusals(503)


@router.post(
    "/v1/lint", openapi_extra=takes(models.LintIn, examples.LINT), response_model=models.LintOut, responses=_OR_JOB
)
async def lint(request: Request, here: Here) -> Response:
    """What is wrong with records: at once for up to 500, a job for more."""
    async with here.folder_kept_by_job() as folder:
        given = await here.read(request, _LINT, folder)
        config = await here.config_of(given.config)
        if _count(given, here) > here.limits.at_once:
            return JSONResponse({"job": here.as_job("lint", "lint", folder, config=config).id}, 202)
        return Response(await here.at_once("lint", folder, config=config), media_type=JSON)


@router.post(
    "/v1/dedupe",
    openapi_extra=takes(models.DedupeIn, examples.DEDUPE),
    response_model=models.DedupeOut,
    responses=_OR_JOB,
)
async def dedupe(request: Request, here: Here) -> Response:
    """Which records belong together: at once for up to 500, a job for more."""
    async with here.folder_kept_by_job() as folder:
        given = await here.read(request, _DEDUPE, folder)
        if _count(given, here) > here.limits.at_once:
            return JSONResponse({"job": here.as_job("dedupe", "dedupe", folder).id}, 202)
        return Response(await here.at_once("dedupe", folder), media_type=JSON)


@router.post(
    "/v1/fix",
    openapi_extra=takes(models.FixIn, examples.FIX),
    response_model=models.RepairOut,
    responses=refusals(503),
)
async def fix(request: Request, here: Here) -> Response:
    """One record with the accepted findings repaired, or with patches carried out; nothing is written anywhere."""
    async with here.folder() as folder:
        given = await here.read(request, _FIX, folder)
        if isinstance(given, models.FixPatchesIn):
            return Response(await here.at_once("patch", folder), media_type=JSON)
        config = await here.config_of(given.config)
        return Response(await here.at_once("fix", folder, config=config), media_type=JSON)


def _count(given: models.TextRecords | models.JsonRecords, here: Backend) -> int:
    """How many records a request has. Raises Problem (413) for too many."""
    if isinstance(given, models.TextRecords):
        count = sum(1 for _ in _BEGINS.finditer(given.text))
    else:
        count = len(given.records)
    if count > here.limits.records:
        raise Problem(413, f"more than {here.limits.records:,} records; send them in several requests")
    return count
