"""Where runs are kept: a folder for each, and one lock for each library."""

from __future__ import annotations

import fcntl
import gzip
import json
import os
import secrets
import socket
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from reflint.errors import SourceError
from reflint.zotero import journal, plan
from reflint.zotero.address import Address
from reflint.zotero.plan import Plan
from reflint.zotero.state import State
from reflint.zotero.web import Item

PLAN, JOURNAL, SNAPSHOT, REPORT = "plan.jsonl", "journal.jsonl", "snapshot.jsonl.gz", "report.md"


class Run:
    """The folder of one run: its plan, its journal, the items as they were, its report."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def id(self) -> str:
        """What the run is called: its folder's name."""
        return self.folder.name

    def plan(self) -> Plan:
        """The plan the run was given."""
        return plan.read(self.folder / PLAN)

    def events(self) -> list[journal.Event]:
        """What the journal holds."""
        path = self.folder / JOURNAL
        return journal.read(path) if path.exists() else []

    def state(self, wanted: Plan, events: list[journal.Event]) -> State:
        """Where each item of the run's plan stands. Raises SourceError when the events are those of another plan."""
        if events and events[0].get("plan") != wanted.sha256:
            raise SourceError(f"{self.folder}: the plan was changed after the run began; its journal is of another")
        return State(wanted, events)

    def keep(self, items: Iterable[Item]) -> None:
        """Adds items, as they were before they were written to, to the run's snapshot; durable on return."""
        path = self.folder / SNAPSHOT
        rows = "".join(json.dumps(item, ensure_ascii=False) + "\n" for item in items)
        try:
            with path.open("ab") as file:
                file.write(gzip.compress(rows.encode(), 6, mtime=0))
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise SourceError(f"{path}: {error.strerror or error}") from None


def start(state_folder: Path, wanted: Plan, folder: Path | None = None) -> Run:
    """A new run of a plan, in `folder` or in one of its own. Raises SourceError when the folder holds a run already."""
    try:
        if folder is None:
            folder = _own_folder(state_folder / "runs", wanted.header.library.replace("/", "-"))
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if (folder / JOURNAL).exists() or (folder / PLAN).exists():
            raise SourceError(f"{folder}: holds a run already; `reflint resume {folder}` goes on with it")
        with (folder / PLAN).open("x", encoding="utf-8") as file:
            file.writelines(wanted.texts())
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise SourceError(f"{folder or state_folder}: {error.strerror or error}") from None
    return Run(folder)


def _own_folder(runs: Path, library: str) -> Path:
    """A new folder among those of runs: named by when it was made, by the library, and by letters of its own."""
    runs.mkdir(parents=True, exist_ok=True, mode=0o700)
    while True:
        stamp = time.strftime("%Y%m%dT%H%M%S", time.gmtime())
        folder = runs / f"{stamp}-{library}-{secrets.token_hex(2)}"
        with suppress(FileExistsError):
            folder.mkdir(mode=0o700)
            return folder


def find(state_folder: Path, name: str) -> Run:
    """The run of an id or a folder. Raises SourceError when there is none."""
    for folder in (Path(name), state_folder / "runs" / name):
        if (folder / PLAN).is_file():
            return Run(folder)
    raise SourceError(f"{name}: no such run; `reflint runs` lists them")


def listed(state_folder: Path) -> Iterator[Run]:
    """All runs kept in the usual place, oldest first."""
    folder = state_folder / "runs"
    plans = [path / PLAN for path in folder.iterdir() if (path / PLAN).is_file()] if folder.is_dir() else []
    for path in sorted(plans, key=lambda path: (path.parent.name.partition("-")[0], path.stat().st_mtime_ns)):
        yield Run(path.parent)


@contextmanager
def locked(state_folder: Path, address: Address) -> Iterator[None]:
    """Holds the lock of a library, so that one run at a time writes to it. Raises SourceError when it is held."""
    folder = state_folder / "locks"
    path = folder / f"{'desktop-' * address.local}{address.library.replace('/', '-')}.lock"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        file = path.open("a+")
    except OSError as error:
        raise SourceError(f"{path}: {error.strerror or error}") from None
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.seek(0)
            holder = file.read().strip() or "another process"
            raise SourceError(f"{address}: another run is writing to this library ({holder})") from None
        file.truncate(0)
        file.write(f"process {os.getpid()} on {socket.gethostname()}")
        file.flush()
        try:
            yield
        finally:
            file.truncate(0)
