"""The application: routes behind the gate, static pages, OpenAPI."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles

from reflint import __version__
from reflint.server import problems
from reflint.server.backend import Backend
from reflint.server.config import Config
from reflint.server.openapi import describe
from reflint.server.routes import documents, findings, general, jobs, pages, zotero
from reflint.server.security import Gate

STATIC = Path(__file__).parent / "static"


def create(config: Config) -> FastAPI:
    """A backend as an application; `app.state.backend.sessions` has its token and its codes."""
    backend = Backend(config)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with backend.running():
            yield

    app = FastAPI(
        title="reflint",
        version=__version__,
        summary="Find and repair the defects of bibliographic records.",
        lifespan=lifespan,
        openapi_url="/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        generate_unique_id_function=lambda route: route.name,
    )
    app.state.backend = backend
    app.add_middleware(Gate, config=config, sessions=backend.sessions)
    problems.install(app)
    for room in (general, findings, documents, jobs, zotero, pages):
        app.include_router(room.router)
    app.mount("/static", StaticFiles(directory=STATIC))
    if config.word:
        app.mount("/word", StaticFiles(directory=STATIC / "word", html=True))
    app.openapi = lambda: described(app)  # type: ignore[method-assign]
    return app


def described(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI 3.1 document."""
    if app.openapi_schema is None:
        app.openapi_schema = describe(app, app.state.backend.config.url)
    return app.openapi_schema
