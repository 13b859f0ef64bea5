"""The promise of bulk writing, under generated faults: applied exactly once or reported, nothing else touched, undone.

2,000 schedules are tried, the same ones in every run; `REFLINT_SCHEDULES=N` tries N others.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from reflint.errors import SourceError
from reflint.zotero import apply
from reflint.zotero.plan import Plan
from reflint.zotero.runs import Run
from reflint.zotero.state import OPEN, State
from reflint.zotero.values import same
from tests.servers.zotero import faults as f
from tests.servers.zotero.state import Server
from tests.zotero.desk import COLLEAGUE, LIBRARY, US, Desk, article

SCHEDULES = int(os.environ.get("REFLINT_SCHEDULES", "2000"))
GOES = 40


@pytest.fixture(autouse=True, scope="module")
def _quick() -> Any:
    """Small batches, so that few items make many; and a disk that waits for nothing, but can lose its power."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(apply, "MAX_OBJECTS", 4)
        patch.setattr(apply, "CANARY", 2)
        patch.setattr(os, "fsync", DISK.fsync)
        yield


class Disk:
    """What stands for fsync: at chosen calls the power fails, and of what was not yet synced the end is lost."""

    def __init__(self) -> None:
        self.cuts: dict[int, int] = {}
        self.calls = 0
        self.synced: dict[int, int] = {}

    @contextmanager
    def failing(self, cuts: dict[int, int]) -> Iterator[None]:
        """While this lasts: call -> how many bytes of the file's end are lost at it."""
        self.cuts, self.calls, self.synced = dict(cuts), 0, {}
        try:
            yield
        finally:
            self.cuts = {}

    def fsync(self, descriptor: int) -> None:
        """The file is safe up to its end, or the process ends here."""
        self.calls += 1
        found = os.fstat(descriptor)
        safe = min(self.synced.get(found.st_ino, 0), found.st_size)
        lost = self.cuts.pop(self.calls, None)
        self.synced[found.st_ino] = found.st_size if lost is None else max(safe, found.st_size - lost)
        if lost is not None:
            os.ftruncate(descriptor, self.synced[found.st_ino])
            raise f.Crash


DISK = Disk()
CUTS = st.dictionaries(st.integers(2, 40), st.integers(0, 60), max_size=3)  # the first keeps the plan


def meddling(number: int, what: str) -> Any:
    """Another member's change to the item with this number."""

    def meddle(server: Server) -> None:
        keys = sorted(server.items(LIBRARY))
        if not keys:
            return
        key = keys[number % len(keys)]
        if what == "delete":
            server.delete(LIBRARY, key, user=COLLEAGUE)
        elif what == "trash":
            server.edit(LIBRARY, key, user=COLLEAGUE, deleted=1)
        elif what == "tags":
            server.edit(LIBRARY, key, user=COLLEAGUE, tags=[{"tag": "read"}])
        else:
            server.edit(LIBRARY, key, user=COLLEAGUE, **{what: f"somebody's {number}"})

    return meddle


MEDDLING = st.builds(
    meddling, st.integers(0, 30), st.sampled_from(["title", "pages", "DOI", "tags", "delete", "trash"])
)
FAULTS = st.one_of(
    st.sampled_from([f.refuse, f.drop_before, f.drop_after, f.truncated, f.double]),
    st.builds(lambda done: f.timeout(processed=done), st.booleans()),
    st.builds(f.die_after, st.integers(0, 3)),
    st.builds(f.die_500, st.integers(0, 3)),
    st.builds(lambda done: f.crash(processed=done), st.booleans()),
    st.builds(f.crash_after, st.integers(0, 3)),
    st.builds(f.status, st.sampled_from([500, 502, 503, 504])),
    st.builds(lambda s: f.status(429, {"Retry-After": s} if s else {}), st.sampled_from(["", "10"])),
    st.builds(lambda done: f.html_page(processed=done), st.booleans()),
    st.builds(f.backoff, st.integers(1, 30)),
)
KINDS = st.one_of(
    FAULTS,
    st.builds(f.foreign_edit, MEDDLING),
    st.builds(lambda edit, after: f.foreign_edit(edit, after=after), MEDDLING, st.integers(0, 3)),
)
SCHEDULE = st.lists(
    st.one_of(
        st.builds(f.on_write, st.integers(2, 9), KINDS),  # the first write is the probe
        st.builds(f.on_request, st.integers(1, 20), KINDS),
    ),
    max_size=6,
)


def persist(desk: Desk, run: Run) -> State:
    """A person who runs `reflint resume` until nothing is open."""
    for _ in range(GOES):
        try:
            state = desk.go(run)
        except (f.Crash, SourceError):
            continue
        if all(standing.status not in OPEN for standing in state.items.values()):
            return state
    raise AssertionError("the run never came to an end")


def ours(desk: Desk, since: int, key: str) -> list[Any]:
    return [c for c in desk.server.history[since:] if c.key == key and c.user == US]


def check_run(desk: Desk, wanted: Plan, state: State, since: int) -> None:
    """Each planned change was made once or is reported; nothing else was done."""
    for change in desk.server.history[since:]:
        if change.user == US:
            assert change.key in wanted.lines
            assert set(change.fields) <= {*wanted.lines[change.key].set}, change
    for key, standing in state.items.items():
        writes = ours(desk, since, key)
        assert len(writes) <= 1, (key, writes)
        for write in writes:  # what others had changed since the plan was made was left to them
            meanwhile = range(wanted.lines[key].version + 1, write.version)
            foreign = [c for c in desk.server.history if c.key == key and c.user != US and c.version in meanwhile]
            assert not {name for change in foreign for name in change.fields} & {*write.fields}, (write, foreign)
        if standing.status == "applied":  # its version may be of a later change by others, found when reading in doubt
            assert len(writes) == 1, (key, standing)
            assert writes[0].version <= standing.version
        else:  # what was sent without an answer, and changed by others before we could look, cannot be told
            later = [c for c in desk.server.history if c.key == key and c.user != US]
            assert not writes or (standing.why and later[-1].version > writes[0].version), (key, standing)
            assert standing.why or standing.status in ("unchanged", "already"), standing


def check_undone(desk: Desk, wanted: Plan, state: State, since: int) -> None:
    """Every field we changed that nobody touched after us holds its old value again."""
    now = desk.server.items(LIBRARY)
    for key in state.those("applied"):
        version = ours(desk, since, key)[0].version
        later = [c for c in desk.server.history if c.key == key and c.user != US and c.version > version]
        touched = {name for change in later for name in change.fields}
        if key not in now or "deleted" in touched:
            continue
        for name, old in wanted.lines[key].expect.items():
            if name not in touched:
                assert same(name, now[key][name], old), (key, name)


@settings(
    max_examples=SCHEDULES,
    derandomize="REFLINT_SCHEDULES" not in os.environ,
    phases=[Phase.explicit, Phase.generate, Phase.shrink],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(count=st.integers(1, 16), forward=SCHEDULE, back=SCHEDULE, cuts=CUTS, cuts_back=CUTS)
def test_whatever_happens_each_change_is_made_once_or_reported_and_can_be_undone(
    count: int, forward: list[f.Fault], back: list[f.Fault], cuts: dict[int, int], cuts_back: dict[int, int]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        desk = Desk(Path(folder), map(article, range(count)))
        wanted = desk.plan()
        desk.faults(forward)
        with DISK.failing(cuts):
            run, since = desk.start(wanted), len(desk.server.history)
            state = persist(desk, run)
        check_run(desk, wanted, state, since)
        if not state.those("applied"):
            return
        desk.faults([])
        reverse = desk.undo(run)
        desk.faults(back)
        with DISK.failing(cuts_back):
            second, middle = desk.start(reverse), len(desk.server.history)
            undone = persist(desk, second)
        check_run(desk, reverse, undone, middle)
        check_undone(desk, wanted, state, since)
