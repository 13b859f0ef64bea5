"""Jobs: asked about, listened to, cancelled."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Header
from fastapi.responses import JSONResponse, Response, StreamingResponse

from reflint.server import models
from reflint.server.backend import JSON, Here
from reflint.server.openapi import refusals

router = APIRouter(tags=["jobs"], responses=refusals(404))
_CHUNK = 1 << 18


@router.get("/v1/jobs/{id}", response_model=models.JobOut)
async def job(id: str, here: Here) -> Response:
    """A job's state and progress; once it is done, its result."""
    found = here.jobs.get(id)
    if found.state != "done":
        return JSONResponse(found.facts())
    return StreamingResponse(_with_result(json.dumps(found.facts()), found.result), media_type=JSON)


def _with_result(facts: str, result: Path) -> Iterator[bytes]:
    """The facts of a job with its result, which is never held as a whole."""
    yield f'{facts[:-1]}, "result": '.encode()
    with result.open("rb") as file:
        while chunk := file.read(_CHUNK):
            yield chunk
    yield b"}"


@router.get(
    "/v1/jobs/{id}/events",
    response_class=StreamingResponse,
    responses={200: {"content": {"text/event-stream": {"schema": {"type": "string"}}}}},
)
async def events(
    id: str, here: Here, last: Annotated[str, Header(alias="Last-Event-ID", description="an event's id")] = ""
) -> StreamingResponse:
    """What happens in a job, as server-sent events: `progress`, `diagnostic`, then `done` or `error`.

    The data of `progress` is a ProgressOut, of `diagnostic` (jobs about documents and zotero-check) a FindingOut, of
    `done` {"id", "state"}, of `error` a ProblemOut. Ids count up from 1; with `Last-Event-ID` the stream goes on behind
    that one. A comment comes every 15 seconds in which nothing else does.
    """
    found = here.jobs.get(id)
    after = int(last) if last.isascii() and last.isdecimal() and len(last) < 10 else 0
    return StreamingResponse(found.events(after, here.limits.still_here_seconds), media_type="text/event-stream")


@router.delete("/v1/jobs/{id}", response_model=models.JobOut)
async def cancel(id: str, here: Here) -> Response:
    """Cancels a job, or forgets one that is over; its files are gone either way."""
    found = await here.jobs.remove(here.jobs.get(id))
    return JSONResponse(found.facts())
