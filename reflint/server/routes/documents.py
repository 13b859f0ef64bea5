"""Documents: uploaded as bytes, checked as a job; previews, repaired and annotated copies of them."""

from __future__ import annotations

import unicodedata
from typing import Annotated, Any, Literal
from urllib.parse import quote

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from pydantic import TypeAdapter, ValidationError

from reflint.app.sources import ENDINGS
from reflint.server import bodies, models
from reflint.server.backend import JSON, Backend, Here, config_of
from reflint.server.jobs import OPEN, Job
from reflint.server.openapi import takes
from reflint.server.problems import Problem, listed
from reflint.server.work import RESULT, SOURCE

router = APIRouter()
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
_PREVIEW = TypeAdapter(models.PreviewIn)
_REPAIRED = TypeAdapter(models.RepairedIn)
Codes = Annotated[list[str], Query(max_length=100, description="codes; several with commas or repeated")]


@router.post(
    "/v1/documents",
    status_code=202,
    response_model=models.JobRef,
    openapi_extra={"requestBody": {"required": True, "content": _BODY}},
)
async def upload(
    request: Request,
    here: Here,
    name: Annotated[str, Query(max_length=255)] = "document",
    profile: Literal["minimal", "recommended", "strict"] | None = None,
    select: Codes = [],  # noqa: B006  (FastAPI's way to say it; never changed)
    ignore: Codes = [],  # noqa: B006
) -> dict[str, str]:
    """Takes a document and checks it, as a job whose result is the JSON model."""
    type = bodies.demand_type(request, *_TYPES)
    try:
        asked = models.ConfigIn(profile=profile, select=_split(select), ignore=_split(ignore))
    except ValidationError as error:
        raise Problem(422, "a rule code is wrong", listed(error.errors(include_input=False))) from None
    here.heavy.demand_room()
    async with here.folder_kept_by_job() as folder:
        await bodies.spool(request, folder / SOURCE, here.limits.document, here.limits.body_seconds)
        return {"job": here.as_job("document", "document", folder, _named(name, type), config=config_of(asked)).id}


@router.post("/v1/documents/{job}/preview", openapi_extra=takes(models.PreviewIn), response_model=models.PreviewOut)
async def preview(job: str, request: Request, here: Here) -> Response:
    """One record as it is and with the accepted findings repaired."""
    found = _document(here, job)
    async with here.folder() as folder:
        await here.read(request, _PREVIEW, folder)
        return Response(await here.at_once("preview", folder, **_about(found)), media_type=JSON)


@router.post(
    "/v1/documents/{job}/repaired",
    openapi_extra=takes(models.RepairedIn),
    response_class=Response,
    responses={200: {"content": _FILE, "headers": {"X-Reflint-Repaired": {"schema": {"type": "integer"}}}}},
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
    responses={200: {"content": {_DOCX: {"schema": {"type": "string", "format": "binary"}}}}},
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


def _split(codes: list[str]) -> list[str]:
    return [code.strip() for one in codes for code in one.split(",") if code.strip()]


def _named(name: str, type: str) -> str:
    """A file's name without folders and control characters, and with an ending where its type says which."""
    plain = "".join(char for char in name if unicodedata.category(char)[0] != "C")
    plain = plain.replace("\\", "/").rpartition("/")[2].strip() or "document"
    return plain if plain.lower().endswith(tuple(ENDINGS)) else plain + _TYPES[type]


def _attached(name: str) -> dict[str, str]:
    return {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}"}
