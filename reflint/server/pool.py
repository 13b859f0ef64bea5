"""Worker processes: one order at a time each, killed when they take too long or nobody wants the answer any more."""

from __future__ import annotations

import asyncio
import json
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from reflint.server.problems import RETRY, Problem

Told = Callable[[dict[str, Any]], None]
"""Is given each message of a worker that is not its last."""


class Worker:
    """A process of `reflint.server.worker`, which takes orders as lines of JSON and answers in the same way."""

    def __init__(self, process: Process) -> None:
        self._process = process

    @classmethod
    async def start(cls, memory: int) -> Worker:
        """A new process, with so much address space."""
        command = (sys.executable, "-m", "reflint.server.worker", str(memory))
        return cls(await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE))

    async def carry_out(self, order: dict[str, Any], told: Told) -> dict[str, Any]:
        """The last message for an order. Raises Problem when the process dies of it."""
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None
        assert stdout is not None
        with suppress(ConnectionError):
            stdin.write(json.dumps(order).encode() + b"\n")
            await stdin.drain()
        while line := await stdout.readline():
            message: dict[str, Any] = json.loads(line)
            if "done" in message or "failed" in message:
                return message
            told(message)
        raise Problem(422, "a worker process ended over this; it may need more memory than there is for it")

    @property
    def alive(self) -> bool:
        """Whether the process still runs."""
        return self._process.returncode is None

    async def end(self) -> None:
        """Kills the process and waits until it is gone."""
        with suppress(ProcessLookupError):
            self._process.kill()
        await self._process.wait()


class Pool:
    """So many workers, and a line of so many orders before them."""

    def __init__(self, size: int, waiting: int, memory: int) -> None:
        self._most = size + waiting
        self._memory = memory
        self._slots = asyncio.Semaphore(size)
        self._idle: list[Worker] = []
        self._open = 0
        self._closed = False

    def demand_room(self) -> None:
        """Raises Problem (503, with Retry-After) when the line is full."""
        if self._open >= self._most:
            raise Problem(503, "every worker is busy and the line is full; try again soon", headers=RETRY)

    async def warm(self, folder: Path) -> None:
        """Starts a first worker, so that the first request need not wait for it."""
        with suppress(Problem):
            await self.run("warm", folder, {}, 60)

    async def run(
        self, task: str, folder: Path, arguments: dict[str, Any], seconds: float, told: Told = lambda message: None
    ) -> dict[str, Any]:
        """Carries a task out on a folder; what it answers. `told` hears first that it runs, then how it goes on.

        Raises Problem when the line is full, when it takes too long, or when the task failed.
        """
        self.demand_room()
        self._open += 1
        try:
            async with self._slots:
                told({"running": True})
                order = {"task": task, "folder": str(folder), "arguments": arguments}
                return await self._on_a_worker(order, seconds, told)
        finally:
            self._open -= 1

    async def _on_a_worker(self, order: dict[str, Any], seconds: float, told: Told) -> dict[str, Any]:
        self._idle = [worker for worker in self._idle if worker.alive]
        worker = self._idle.pop() if self._idle else await Worker.start(self._memory)
        stays = False
        try:
            async with asyncio.timeout(seconds):
                answer = await worker.carry_out(order, told)
            stays = not answer.get("leaving") and not self._closed
        except TimeoutError:
            raise Problem(422, f"this takes longer than {seconds:.0f} seconds; it was stopped") from None
        finally:
            if stays:
                self._idle.append(worker)
            else:
                await asyncio.shield(worker.end())
        if "failed" in answer:
            raise Problem(**answer["failed"])
        found: dict[str, Any] = answer["done"]
        return found

    async def close(self) -> None:
        """Ends the workers that are idle; the others end with the tasks that wait for them."""
        self._closed = True
        while self._idle:
            await self._idle.pop().end()
