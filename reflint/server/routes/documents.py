"""Documents: uploaded as bytes, checked as a job; previews, repaired and annotated copies of them."""

from __future__ import annotations

import unicodedata
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from pydantic import TypeAdapter

from reflint.app.sources import ENDINGS
from reflint.server import bodies, examples, models
from reflint.server.backend import JSON, Backend, Here
from reflint.server.basics import UploadIn
from reflint.server.jobs import OPEN, Job
from reflint.server.openapi import header, refusals, takes
from reflint.server.problems import Problem
from reflint.server.work import RESULT, SOURCE

router = APIRouter(tags=["documents"])
_BYTES = "application/octet-stream"
_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_TYPES = {
    _DOCX: ".docx",
    "application/vnd.oasis.opendocument.text": ".odt",
    "application/x-research-info-systems": ".ris",
    "application/nbib": ".nbib",
    JSON: "",
    _BYTES: "",
}
"""What a document may be sent as, and the ending that its name gets when it has none of ours."""
_BODY = {type: {"schema": {"type": "string", "format": "binary"}} for type in _TYPES}
_FILE: dict[str, Any] = {_BYTES: {"schema": {"type": "string", "format": "binary"}}}
_NAMED = {"Content-Disposition": header("the file's name, as `filename*=UTF-8''refs.ris`")}
_OF_A_JOB = refusals(404, 409, 503)
_PREVIEW = TypeAdapter(models.PreviewIn)
_REPAIRED = TypeAdapter(models.RepairedIn)


@router.post(
    "/v1/documents",
    status_code=202,
    response_model=models.JobRef,
    openapi_extra={"requestBody": {"required": True, "content": _BODY}},
    responses=refusals(503),
)
async def upload(request: Request, here: Here, given: Annotated[UploadIn, Query()]) -> dict[str, str]:
    """Takes a document and checks it, as a job whose result is the JSON model."""
    type = bodies.demand_type(request, *_TYPES)
    config = await here.config_of(given.config(), "query")
    here.heavy.demand_room()
    async with here.folder_kept_by_job() as folder:
        await bodies.spool(request, folder / SOURCE, here.limits.document, here.limits.body_seconds)
        return {"job": here.as_job("document", "document", folder, _named(given.name, type), config=config).id}


@router.post(
    "/v1/documents/{job}/preview",
    openapi_extra=takes(models.PreviewIn, examples.PREVIEW),
    response_model=models.PreviewOut,
    responses=_OF_A_JOB,
)
async def preview(job: str, request: Request, here: Here) -> Response:
    """One record as it is and with the accepted findings repaired."""
    found = _document(here, job)
    async with here.folder() as folder:
        await here.read(request, _PREVIEW, folder)
        return Response(await here.at_once("preview", folder, **_about(found)), media_type=JSON)


@router.post(
    "/v1/documents/{job}/repaired",
    openapi_extra=takes(models.RepairedIn, examples.REPAIRED),
    response_class=Response,
    responses={
        200: {"content": _FILE, "headers": _NAMED | {"X-Reflint-Repaired": header("how many", "integer")}},
        **_OF_A_JOB,
    },
)
async def repaired(job: str, request: Request, here: Here) -> Response:
    """The document with the accepted findings repaired, and every other byte as it was."""
    found = _document(here, job)
    async with here.folder() as folder:
        await here.read(request, _REPAIRED, folder)
        done = await here.done_at_once("repaired", folder, **_about(found))
        headers = {"X-Reflint-Repaired": str(done["repaired"]), **_attached(found.name)}
        return Response((folder / RESULT).read_bytes(), 200, headers, _BYTES)


@router.get(
    "/v1/documents/{job}/annotated",
    response_class=Response,
    responses={
        200: {"content": {_DOCX: {"schema": {"type": "string", "format": "binary"}}}, "headers": _NAMED},
        **refusals(404, 409, 422, 503),
    },
)
async def annotated(job: str, here: Here) -> Response:
    """A copy of a Word manuscript with its findings as comments."""
    found = _document(here, job)
    if found.format != "docx":
        raise Problem(409, f"{found.name}: comments are written into Word manuscripts (.docx) only")
    async with here.folder() as folder:
        await here.done_at_once("annotated", folder, **_about(found))
        copy = next(folder.glob(f"{RESULT}.doc*"))
        return Response(copy.read_bytes(), 200, _attached(found.name), _DOCX)


def _document(here: Backend, id: str) -> Job:
    """The job of a document that is checked. Raises Problem: 404, or 409 where there is no such document (yet)."""
    found = here.jobs.get(id)
    if found.kind != "document":
        raise Problem(409, "this job is about no document")
    if found.state != "done":
        why = "is not checked yet" if found.state in OPEN else "could not be checked"
        raise Problem(409, f"{found.name} {why}")
    return found


def _about(job: Job) -> dict[str, Any]:
    return {"document": str(job.folder), "name": job.name, "config": job.config}


def _named(name: str, type: str) -> str:
    """A file's name without folders and control characters, and with an ending where its type says which."""
    plain = "".join(char for char in name if unicodedata.category(char)[0] != "C")
    plain = plain.replace("\\", "/").rpartition("/")[2].strip() or "document"
    return plain if plain.lower().endswith(tuple(ENDINGS)) else plain + _TYPES[type]


def _attached(name: str) -> dict[str, str]:
    return {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}"}
