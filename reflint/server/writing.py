"""Runs that write to Zotero: in threads of the backend itself, so that nothing can kill one between two batches."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from reflint.app import libraries, patches
from reflint.app.libraries import Connection
from reflint.errors import SourceError
from reflint.server.tasks.libraries import changes_of, skipped
from reflint.server.work import Work
from reflint.zotero.apply import Stopped
from reflint.zotero.outcome import Outcome
from reflint.zotero.plan import Plan
from reflint.zotero.state import OPEN

_AT_ONCE = 4
Writing = Callable[[Work, "Brake"], None]


class Brake:
    """How a run is asked to stop: it does so behind its next batch, which is journalled, or when it would wait."""

    def __init__(self) -> None:
        self._pulled = threading.Event()

    def pull(self) -> None:
        """Asks for a stop."""
        self._pulled.set()

    def check(self) -> None:
        """Raises Stopped once it was pulled."""
        if self._pulled.is_set():
            raise Stopped("it was asked to stop; `reflint resume` goes on with it")

    def sleep(self, seconds: float) -> None:
        """Waits so long, or until it is pulled; then raises Stopped."""
        self._pulled.wait(seconds)
        self.check()


def executor() -> ThreadPoolExecutor:
    """The threads for runs; those of one library wait for each other's lock in vain and say so."""
    return ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="zotero")


def apply(work: Work, brake: Brake) -> None:
    """Writes the patches of a request."""
    body = work.body()
    work.progress(0, len(body["patches"]), "comparing")
    connection = _connection(brake)
    found = patches.plan_of(body["library"], changes_of(body), work.settings, connection)
    if not len(found.plan):
        work.answer({"applied": [], "skipped": skipped(found.skipped), "undo": None})
        return
    result = _carried_out(work, found.plan, brake, connection)
    applied, left = patches.told(result)
    undo = result.run if applied else None
    work.answer({"applied": applied, "skipped": skipped(found.skipped | left), "undo": undo} | _note(result))


def undo(work: Work, brake: Brake) -> None:
    """Takes a run back."""
    connection = _connection(brake)
    result = _carried_out(work, libraries.plan_undo(work.body()["run"], connection), brake, connection)
    reverted, left = patches.told(result)
    work.answer({"reverted": reverted, "skipped": skipped(left)} | _note(result))


def _note(result: Outcome) -> dict[str, str]:
    return {"note": result.stopped} if result.stopped else {}


def _connection(brake: Brake) -> Connection:
    return Connection(sleep=brake.sleep)


def _carried_out(work: Work, plan: Plan, brake: Brake, connection: Connection) -> Outcome:
    """Applies a plan as a run; progress counts items that are written."""
    done = 0

    def progress(more: int) -> None:
        nonlocal done
        done += more
        work.progress(done, len(plan), "writing")
        brake.check()

    try:
        brake.check()
        return libraries.apply(plan, work.settings, connection, progress=progress, desktop=plan.address.local)
    except Stopped as stop:  # before the first batch, or while what was written is verified
        raise SourceError(str(stop)) from None


def listed() -> list[dict[str, Any]]:
    """All runs, as `reflint runs -f json` lists them."""
    return [
        {
            "run": run.id,
            "library": plan.header.library,
            "planned": len(plan),
            "applied": len(state.those("applied")),
            "left": sum(standing.status in OPEN for standing in state.items.values()),
        }
        | ({"undoes": plan.header.undoes} if plan.header.undoes else {})
        for run, plan, state in libraries.listed()
    ]
