"""What the routes share: sessions, worker processes, jobs, and the private folder of this start."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from itertools import islice
from pathlib import Path
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Request
from pydantic import TypeAdapter

from reflint.app import rules
from reflint.app.rules import Misnamed
from reflint.app.settings import Settings
from reflint.errors import ReflintError
from reflint.server import bodies, writing
from reflint.server.basics import ConfigIn
from reflint.server.config import Config
from reflint.server.jobs import Job, Jobs
from reflint.server.pool import Pool
from reflint.server.problems import MOST_ERRORS, Problem, demand_none
from reflint.server.sessions import Sessions
from reflint.server.work import BODY, RESULT, Work
from reflint.server.writing import Brake, Writing

JSON = "application/json"
_LARGE = 1 << 20
T = TypeVar("T")


class Backend:
    """One start of the backend."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.limits = config.limits
        self.sessions = Sessions()
        self.quick: Pool
        self.heavy: Pool
        self.jobs: Jobs

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Worker processes, jobs and their files, from start to shutdown."""
        limits, cores = self.limits, self.config.cores
        folder = Path(tempfile.mkdtemp(prefix="reflint-serve-"))
        self.quick = Pool(cores, limits.waiting_quick, limits.memory)
        self.heavy = Pool(cores, limits.waiting, limits.memory)
        self.jobs = Jobs(folder, limits, time.monotonic)
        self._large = asyncio.Semaphore(2)
        self._threads = writing.executor()
        warming = asyncio.create_task(self.quick.warm(folder))
        try:
            yield
        finally:
            warming.cancel()
            await asyncio.wait([warming])
            await self.jobs.close()
            await asyncio.to_thread(self._threads.shutdown)
            await self.quick.close()
            await self.heavy.close()
            shutil.rmtree(folder, ignore_errors=True)

    async def read(self, request: Request, kind: TypeAdapter[T], folder: Path) -> T:
        """The JSON body of a request, checked; its bytes stay in the folder for a worker. Raises Problem."""
        bodies.demand_type(request, JSON)
        path = folder / BODY
        size = await bodies.spool(request, path, self.limits.json, self.limits.body_seconds)
        if size < _LARGE:
            return bodies.parsed(path.read_bytes(), kind, self.limits.depth)
        async with self._large:  # many large ones at once would be much memory
            return await asyncio.to_thread(lambda: bodies.parsed(path.read_bytes(), kind, self.limits.depth))

    async def config_of(self, given: ConfigIn | None, place: str = "config") -> dict[str, Any]:
        """The settings that a request has at a place. Raises Problem (422) for rules or options that there are not."""
        config = given.model_dump(by_alias=True, exclude_unset=True) if given else {}
        demand_none(((place, *one.at), one.why) for one in await self.misnamed(config))
        return config

    async def misnamed(self, config: Mapping[str, Any]) -> list[Misnamed]:
        """What settings of a request say of rules that cannot be so; the first of it, where it is much."""
        known = rules.rules_of(Settings().over(self.config.settings, "the backend's settings"))
        return await asyncio.to_thread(lambda: list(islice(rules.misnamed(config, known), MOST_ERRORS)))

    async def at_once(self, task: str, folder: Path, *, slow: bool = False, **arguments: Any) -> bytes:
        """What a task on a folder results in; `slow`: it waits for a server of others. Raises Problem."""
        await self.done_at_once(task, folder, slow=slow, **arguments)
        return await asyncio.to_thread((folder / RESULT).read_bytes)

    async def done_at_once(self, task: str, folder: Path, *, slow: bool = False, **arguments: Any) -> dict[str, Any]:
        """What a task on a folder says besides its result. Raises Problem."""
        seconds = self.limits.job_seconds if slow else self.limits.quick_seconds
        return await self.quick.run(task, folder, self._with_settings(arguments), seconds)

    def as_job(
        self, kind: str, task: str, folder: Path, name: str = "", config: Mapping[str, Any] | None = None
    ) -> Job:
        """A job that carries out a task. Raises Problem (503) when too many wait already."""
        self.heavy.demand_room()
        arguments = self._with_settings({"config": dict(config or {}), "name": name})
        if kind == "document":
            arguments["records"] = self.limits.records

        async def work(job: Job) -> None:
            done = await self.heavy.run(task, folder, arguments, self.limits.job_seconds, job.told)
            job.format = done.get("format", "")

        return self.jobs.begin(Job(kind, folder, name, config), work)

    def as_writing(self, kind: str, folder: Path, task: Writing) -> Job:
        """A job that writes to a library, in a thread: asked to stop it ends behind its batch, and is waited for."""
        self.jobs.demand_room(kind)
        brake = Brake()
        loop = asyncio.get_running_loop()

        async def work(job: Job) -> None:
            def told(message: dict[str, Any]) -> None:
                loop.call_soon_threadsafe(job.told, message)

            job.told({})
            one = Work(folder, self._with_settings({}), told, time.monotonic)
            done = loop.run_in_executor(self._threads, _in_thread, task, one, brake)
            cancelled = False
            while not done.done():
                try:
                    await asyncio.wait([done])
                except asyncio.CancelledError:
                    cancelled = True
                    brake.pull()
            if cancelled:
                raise asyncio.CancelledError
            done.result()

        return self.jobs.begin(Job(kind, folder), work)

    def _with_settings(self, arguments: dict[str, Any]) -> dict[str, Any]:
        return {"settings": dict(self.config.settings), **arguments}

    @asynccontextmanager
    async def folder(self) -> AsyncIterator[Path]:
        """A private folder for one request, which goes with it."""
        folder = self.jobs.new_folder()
        try:
            yield folder
        finally:
            await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)

    @asynccontextmanager
    async def folder_kept_by_job(self) -> AsyncIterator[Path]:
        """A private folder which a job takes over; it goes when no job was begun with it."""
        folder = self.jobs.new_folder()
        try:
            yield folder
        finally:
            if not self.jobs.holds(folder):
                await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)


def _in_thread(task: Writing, work: Work, brake: Brake) -> None:
    """A run, with what fails of it as a Problem."""
    try:
        with work:
            task(work, brake)
    except ReflintError as error:
        raise Problem(422, str(error)) from None


def _backend(request: Request) -> Backend:
    backend: Backend = request.app.state.backend
    return backend


Here = Annotated[Backend, Depends(_backend)]
"""The backend, as a route asks for it."""
