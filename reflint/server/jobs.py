"""Jobs: what takes longer than an answer should. Their facts, their events, their files, their end."""

from __future__ import annotations

import asyncio
import json
import logging
import mmap
import os
import secrets
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any, Literal

from reflint.server import problems
from reflint.server.config import Limits
from reflint.server.problems import Problem
from reflint.server.work import EVENTS, RESULT

State = Literal["queued", "running", "done", "failed", "cancelled"]
_CHUNK = 1 << 20
_log = logging.getLogger("reflint.server")
OPEN: tuple[State, ...] = ("queued", "running")


class Job:
    """One job. Its events stand in a file of its folder, one a line; the number of the line is the event's id."""

    def __init__(self, kind: str, folder: Path, name: str = "", config: Mapping[str, Any] | None = None) -> None:
        self.id = secrets.token_urlsafe(16)
        self.kind = kind
        self.folder = folder
        self.name = name
        self.format = ""
        self.config = dict(config or {})
        self.state: State = "queued"
        self.progress = {"done": 0, "total": 0, "phase": "waiting"}
        self.error: dict[str, Any] | None = None
        self.used = 0.0
        self._news = asyncio.Event()

    def told(self, message: dict[str, Any]) -> None:
        """Takes in what a worker says."""
        if self.state not in OPEN:
            return
        self.state = "running"
        self.progress = message.get("progress", self.progress)
        self.wake()

    def wake(self) -> None:
        """Tells whoever waits that there is something new."""
        self._news.set()
        self._news = asyncio.Event()

    def close(self, state: State, now: float, error: dict[str, Any] | None = None) -> None:
        """The job is over; its last event says how."""
        self.state, self.error, self.used = state, error, now
        if state == "done":
            self.progress = {**self.progress, "done": self.progress["total"], "phase": "done"}
        if self.folder.exists():
            _end_log(self.folder / EVENTS, self.last_event())
        self.wake()

    def last_event(self) -> dict[str, Any]:
        """What ends the stream of events."""
        if self.state == "done":
            return {"event": "done", "data": {"id": self.id, "state": "done"}}
        return {"event": "error", "data": self.error or {}}

    def facts(self) -> dict[str, Any]:
        """The job as it is told, less its result."""
        found: dict[str, Any] = {"id": self.id, "kind": self.kind, "state": self.state, "progress": self.progress}
        return found | ({"error": self.error} if self.error else {})

    @property
    def result(self) -> Path:
        """Where the result stands, once the job is done."""
        return self.folder / RESULT

    async def events(self, after: int, quiet: float) -> AsyncIterator[bytes]:
        """The events with ids above `after` as lines of a stream, to the last; a comment after `quiet` seconds."""
        number = 0
        path = self.folder / EVENTS
        position = 0
        while True:
            news, over = self._news, self.state not in OPEN
            while (read := await asyncio.to_thread(_lines, path, position))[0]:
                lines, position = read
                for line in lines:
                    number += 1
                    if number > after:
                        yield _as_sent(number, json.loads(line))
            if over:
                if not path.exists():  # cancelled: the files are gone
                    yield _as_sent(max(number, after) + 1, self.last_event())
                return
            try:
                async with asyncio.timeout(quiet):
                    await news.wait()
            except TimeoutError:
                yield b": still here\n\n"


class Jobs:
    """All jobs of a backend, and the folder that their files are in."""

    def __init__(self, folder: Path, limits: Limits, now: Callable[[], float]) -> None:
        self._folder = folder
        self._limits = limits
        self._now = now
        self._jobs: dict[str, Job] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._numbers = 0

    def new_folder(self) -> Path:
        """A private folder for one request or job."""
        self._numbers += 1
        folder = self._folder / str(self._numbers)
        folder.mkdir(mode=0o700)
        return folder

    def holds(self, folder: Path) -> bool:
        """Whether a folder is that of a job."""
        return any(job.folder == folder for job in self._jobs.values())

    def demand_room(self, kind: str) -> None:
        """Raises Problem (503) when as many jobs of a kind are open as may wait."""
        if sum(job.kind == kind and job.state in OPEN for job in self._jobs.values()) >= self._limits.waiting:
            raise Problem(503, "too many of these jobs wait already; try again soon", headers=problems.RETRY)

    def get(self, id: str) -> Job:
        """A job by its id. Raises Problem (404)."""
        self._forget_old()
        job = self._jobs.get(id)
        if job is None:
            raise Problem(404, "there is no such job; finished ones are kept for a while only")
        job.used = self._now()
        return job

    def begin(self, job: Job, work: Callable[[Job], Awaitable[None]]) -> Job:
        """Starts a job."""
        self._forget_old()
        self._jobs[job.id] = job
        task = asyncio.create_task(self._carry_out(job, work))
        self._tasks[job.id] = task
        task.add_done_callback(lambda task: self._tasks.pop(job.id, None))
        return job

    async def _carry_out(self, job: Job, work: Callable[[Job], Awaitable[None]]) -> None:
        try:
            await work(job)
            job.close("done", self._now())
        except Problem as problem:
            job.close("failed", self._now(), problems.document(problem.status, problem.detail))
        except asyncio.CancelledError:
            job.close("cancelled", self._now(), problems.document(409, "the job was cancelled"))
        except Exception as error:
            _log.error("internal: a job (%s) failed (%s: %s)", job.kind, type(error).__name__, error)
            job.close(
                "failed", self._now(), problems.document(500, "internal: this made reflint fail; please report it")
            )

    async def remove(self, job: Job) -> Job:
        """Cancels a job that is not over, forgets one that is; its files are gone either way."""
        task = self._tasks.get(job.id)
        if task is None:
            self._jobs.pop(job.id, None)
        else:
            task.cancel()
            await asyncio.wait([task])
        await asyncio.to_thread(shutil.rmtree, job.folder, ignore_errors=True)
        return job

    def _forget_old(self) -> None:
        """Removes finished jobs that are too old or too many."""
        over = [job for job in self._jobs.values() if job.state not in OPEN]
        old = [job for job in over if self._now() - job.used > self._limits.keep_seconds]
        for job in {*old, *over[: max(0, len(over) - self._limits.kept)]}:
            del self._jobs[job.id]
            shutil.rmtree(job.folder, ignore_errors=True)

    async def close(self) -> None:
        """Stops every job; those that write are waited for until they have come to a safe place."""
        for task in self._tasks.values():
            task.cancel()
        if self._tasks:
            await asyncio.wait(list(self._tasks.values()))


def _as_sent(number: int, event: dict[str, Any]) -> bytes:
    return f"id: {number}\nevent: {event['event']}\ndata: {json.dumps(event['data'])}\n\n".encode()


def _lines(path: Path, position: int) -> tuple[list[bytes], int]:
    """Some whole lines of a file from a position on (none: there are no more now), and the position behind them."""
    try:
        with path.open("rb") as file:
            file.seek(position)
            lines = [line for line in file.readlines(_CHUNK) if line.endswith(b"\n")]
    except FileNotFoundError:
        return [], position
    return lines, position + sum(map(len, lines))


def _end_log(path: Path, event: dict[str, Any]) -> None:
    """Adds the last event; what a killed worker left half written goes."""
    with path.open("a+b") as file:
        if file.seek(0, os.SEEK_END):
            with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
                end = data.rfind(b"\n") + 1
            file.truncate(end)
        file.write(json.dumps(event).encode() + b"\n")
