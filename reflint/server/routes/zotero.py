"""Zotero libraries: checked, planned for, written to and taken back; two steps, the first of which writes nothing."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from pydantic import TypeAdapter

from reflint.server import examples, models, writing
from reflint.server.backend import JSON, Backend, Here
from reflint.server.openapi import refusals, takes
from reflint.server.problems import demand_none
from reflint.zotero.address import Address

router = APIRouter(
    prefix="/v1/zotero", tags=["zotero"], generate_unique_id_function=lambda route: f"zotero_{route.name}"
)
_CHECK = TypeAdapter(models.CheckLibraryIn)
_PLAN = TypeAdapter(models.PlanLibraryIn)
_APPLY = TypeAdapter(models.ApplyIn)
_UNDO = TypeAdapter(models.UndoIn)
_OR_JOB = {202: {"model": models.JobRef}} | refusals(503)


@router.post(
    "/check",
    status_code=202,
    openapi_extra=takes(models.CheckLibraryIn, examples.CHECK),
    response_model=models.JobRef,
    responses=refusals(503),
)
async def check(request: Request, here: Here) -> dict[str, str]:
    """Checks a library, as a job whose result is the JSON model."""
    async with here.folder_kept_by_job() as folder:
        given = await here.read(request, _CHECK, folder)
        Address.parse(given.library)
        config = await here.config_of(given.config)
        return {"job": here.as_job("zotero-check", "zotero-check", folder, config=config).id}


@router.post(
    "/plan",
    status_code=202,
    openapi_extra=takes(models.PlanLibraryIn, examples.PLAN),
    response_model=models.JobRef,
    responses=refusals(503),
)
async def plan(request: Request, here: Here) -> dict[str, str]:
    """What the rules would change in a library, as a job; nothing is written."""
    async with here.folder_kept_by_job() as folder:
        given = await here.read(request, _PLAN, folder)
        Address.parse(given.library)
        config = await here.config_of(given.config)
        return {"job": here.as_job("zotero-plan", "zotero-plan", folder, config=config).id}


@router.post(
    "/apply", openapi_extra=takes(models.ApplyIn, examples.APPLY), response_model=models.AppliedOut, responses=_OR_JOB
)
async def apply(request: Request, here: Here) -> Response:
    """Writes patches that were reviewed. A dry run says what would become of them; the real one is a job."""
    async with here.folder_kept_by_job() as folder:
        given = await here.read(request, _APPLY, folder)
        Address.parse(given.library)
        await _demand_known(given.patches, here)
        if given.dry_run:
            return Response(await here.at_once("zotero-apply-dry", folder, slow=True), media_type=JSON)
        return JSONResponse({"job": here.as_writing("zotero-apply", folder, writing.apply).id}, 202)


@router.post(
    "/undo", openapi_extra=takes(models.UndoIn, examples.UNDO), response_model=models.RevertedOut, responses=_OR_JOB
)
async def undo(request: Request, here: Here) -> Response:
    """Takes a run back. A dry run says what would become of it; the real one is a job."""
    async with here.folder_kept_by_job() as folder:
        given = await here.read(request, _UNDO, folder)
        if given.dry_run:
            return Response(await here.at_once("zotero-undo-dry", folder, slow=True), media_type=JSON)
        return JSONResponse({"job": here.as_writing("zotero-undo", folder, writing.undo).id}, 202)


async def _demand_known(patches: list[models.LibraryPatch], here: Backend) -> None:
    """Raises Problem (422) when a patch names a rule that there is not."""
    codes = list({code for patch in patches for code in patch.rules})
    unknown = {codes[int(one.at[-1])]: one.why for one in await here.misnamed({"select": codes})}
    demand_none(
        (("patches", number, "rules", at), unknown[code])
        for number, patch in enumerate(patches)
        for at, code in enumerate(patch.rules)
        if code in unknown
    )


@router.get("/runs", response_model=models.RunsOut, response_model_exclude_unset=True, responses=refusals(422))
def runs() -> dict[str, Any]:
    """All runs of this machine, oldest first."""
    return {"runs": writing.listed()}
