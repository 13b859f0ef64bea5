"""The review page's address; everything else of it is under /static."""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter
from fastapi.responses import FileResponse

from reflint.server.problems import Problem

router = APIRouter()
_PAGE = Path(__file__).parent.parent / "static" / "index.html"


@router.get("/", include_in_schema=False)
def page() -> FileResponse:
    """The review page."""
    if not _PAGE.exists():
        raise Problem(404, "this installation has no review page")
    return FileResponse(_PAGE)
