"""The promise of merging, under generated faults and other people's edits: nothing is lost, each step is taken once or
is reported, nothing goes to the trash that the kept item has not, and what nobody touched since comes back.

400 schedules are tried, the same ones in every run; `REFLINT_SCHEDULES=N` tries N others.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from reflint.zotero.plan import Plan
from reflint.zotero.state import OPEN, TRUE, State
from reflint.zotero.steps import Step
from reflint.zotero.values import same
from tests.servers.zotero import faults as f
from tests.servers.zotero.library import Change
from tests.servers.zotero.state import Server
from tests.zotero.desk import COLLEAGUE, LIBRARY, US
from tests.zotero.doubles import COLLECTIONS, Doubles, note, steps, uri
from tests.zotero.test_schedules import CUTS, DISK, FAULTS, _quick, ours, persist  # noqa: F401  (_quick: small batches)

SCHEDULES = int(os.environ.get("REFLINT_SCHEDULES", "400"))
NO_CONTENT = frozenset(
    "key version itemType tags collections relations parentItem deleted inPublications dateAdded dateModified".split()
)


class Watched(list[Change]):
    """The server's history, which looks at the library at each write of ours."""

    def __init__(self, desk: Doubles, wanted: Plan) -> None:
        super().__init__(desk.server.history)
        self.desk = desk
        self.steps = steps(wanted)
        self.lost: list[str] = []

    def append(self, change: Change) -> None:
        super().append(change)
        step = self.steps.get(change.key)
        if change.user == US and step is not None:
            look = {"merge": _look_at_merge, "unmerge": _look_at_undo}[step.type]
            self.lost += look(step, change, self.desk.server.items(LIBRARY))


def _look_at_merge(step: Step, change: Change, items: dict[str, Any]) -> list[str]:
    """What would be lost by an item's going to the trash now."""
    if "deleted" not in change.fields:
        return []
    left, kept = items[step.key], items.get(step.group, {})
    lost = [
        f"{step.key}: {name}"
        for name, value in left.items()
        if value and name not in NO_CONTENT and not same(name, value, kept.get(name, "")) and name not in step.differs
    ]
    if "deleted" in kept or uri(step.key) not in str(kept["relations"].get("dc:replaces")):
        lost.append(f"{step.key}: nobody can find it again")
    if not {one["tag"] for one in left["tags"]} <= {one["tag"] for one in kept["tags"]}:
        lost.append(f"{step.key}: tags")
    if not set(left["collections"]) <= set(kept["collections"]):
        lost.append(f"{step.key}: collections")
    lost += [f"{step.key}: child {key}" for key, data in items.items() if data.get("parentItem") == step.key]
    return lost


def _look_at_undo(step: Step, change: Change, items: dict[str, Any]) -> list[str]:
    """What would be lost by taking a step back now: what it came from is not there."""
    if step.role == "survivor":
        return [f"{step.key}: {one}" for one in step.losers if "deleted" in items.get(one, {"deleted": 1})]
    return []


def meddling(number: int, what: str) -> Any:
    """Another member's change to the item with this number."""

    def meddle(server: Server) -> None:
        items = server.items(LIBRARY)
        keys = sorted(key for key, data in items.items() if what in ANY or data["itemType"] == "journalArticle")
        if not keys:
            return
        key = keys[number % len(keys)]
        match what:
            case "delete":
                server.delete(LIBRARY, key, user=COLLEAGUE)
            case "trash" | "restore":
                server.edit(LIBRARY, key, user=COLLEAGUE, deleted=int(what == "trash"))
            case "tags":
                server.edit(LIBRARY, key, user=COLLEAGUE, tags=[{"tag": "read"}])
            case "note":
                server.put(LIBRARY, [note(key, f"late {number}")], user=COLLEAGUE)
            case "free":
                if items[key].get("parentItem"):
                    server.edit(LIBRARY, key, user=COLLEAGUE, parentItem=False)
            case _:
                server.edit(LIBRARY, key, user=COLLEAGUE, **{what: f"somebody's {number}"})

    return meddle


ANY = ("delete", "trash", "tags", "free")
MEDDLING = st.builds(
    meddling,
    st.integers(0, 40),
    st.sampled_from(["title", "volume", "tags", "delete", "trash", "restore", "note", "free"]),
)
KINDS = st.one_of(
    FAULTS.map(lambda kind: kind),  # one of three: other people are the greater danger here
    st.builds(f.foreign_edit, MEDDLING),
    # Not between the server's check of the library's version and its write: that is the server's own.
    st.builds(lambda edit, after: f.foreign_edit(edit, after=after), MEDDLING, st.integers(1, 3)),
)
SCHEDULE = st.lists(
    st.one_of(
        st.builds(f.on_write, st.integers(2, 9), KINDS),
        st.builds(f.on_request, st.integers(1, 25), KINDS),
    ),
    max_size=6,
)
RECORD = st.fixed_dictionaries(
    {},
    optional={
        "volume": st.sampled_from(["7", "8"]),
        "language": st.just("en"),
        "date": st.sampled_from(["", "2001-02"]),
        "tags": st.sampled_from([[], [{"tag": "dunes", "type": 1}], [{"tag": "sand"}, {"tag": "tides"}]]),
        "collections": st.lists(st.sampled_from(COLLECTIONS), unique=True),
        "relations": st.just({"dc:replaces": uri("ABCD2345")}),
        "creators": st.just([]),
    },
)
GROUPS = st.lists(st.lists(RECORD, min_size=2, max_size=3), min_size=1, max_size=3)


def check_run(desk: Doubles, wanted: Plan, state: State, since: int) -> None:
    """Each step was taken once or is reported with a reason; nothing else was done."""
    for change in desk.server.history[since:]:
        if change.user == US:
            assert set(change.fields) <= {*wanted.lines[change.key].set}, change
    for key, standing in state.items.items():
        step, writes = steps(wanted)[key], ours(desk, since, key)
        assert len(writes) <= 1, (key, writes)
        foreign = [c for c in desk.server.history if c.key == key and c.user != US]
        for write in writes:  # not once a stranger had changed it
            between = [c for c in foreign if step.version < c.version < write.version]
            touched = {name for change in between for name in change.fields}
            assert not (between if step.strict else touched & {*write.fields}), (step, between)
        if standing.status == "applied":  # or somebody made the very change while nobody knew whether we had
            alike = [c for c in foreign if c.version > step.version and {*c.fields} & {*step.set}]
            assert len(writes) == 1 or alike, (key, standing)
        else:
            assert not writes or (standing.why and foreign[-1].version > writes[0].version), (key, standing)
            assert standing.why or standing.status in ("unchanged", "already"), standing


def check_groups(wanted: Plan, state: State, desk: Doubles) -> None:
    """A group is one item now, or a reason is given why it is not."""
    for step in steps(wanted).values():
        if step.role == "loser" and state.items[step.key].status in TRUE:
            for other in steps(wanted).values():
                if other.group == step.group and other.role != "loser":
                    standing = state.items[other.key]
                    assert standing.status in TRUE, (step, standing)
                    assert len(standing.fields) == len(other.set)


def check_undone(desk: Doubles, wanted: Plan, reverse: Plan, undone: State, since: int) -> None:
    """Everything that we changed and nobody touched after us is as it was, or stays for a reason that is given."""
    now = desk.server.items(LIBRARY)
    for key, standing in undone.items.items():
        if standing.status not in TRUE:
            assert standing.why, (key, standing)
            continue
        written = ours(desk, since, key)
        later = [c for c in desk.server.history if written and c.key == key and c.version > written[0].version]
        touched = {name for change in later if change.user != US for name in change.fields}
        for name in standing.fields:
            if key in now and name not in touched:
                assert same(name, now[key].get(name, ""), steps(wanted)[key].expect[name]), (key, name)


@settings(
    max_examples=SCHEDULES,
    derandomize="REFLINT_SCHEDULES" not in os.environ,
    phases=[Phase.explicit, Phase.generate, Phase.shrink],
    report_multiple_bugs=False,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(
    groups=GROUPS,
    notes=st.lists(st.integers(0, 2), max_size=9),
    forward=SCHEDULE,
    back=SCHEDULE,
    cuts=CUTS,
    cuts_back=CUTS,
)
def test_whatever_happens_nothing_is_lost_and_all_can_be_undone(
    groups: list[list[dict[str, Any]]],
    notes: list[int],
    forward: list[f.Fault],
    back: list[f.Fault],
    cuts: dict[int, int],
    cuts_back: dict[int, int],
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        desk = Doubles(Path(folder), groups, notes)
        wanted = desk.plan()
        desk.server.history = watched = Watched(desk, wanted)
        desk.faults(forward)
        with DISK.failing(cuts):
            run, since = desk.start(wanted), len(desk.server.history)
            state = persist(desk, run)
        assert not watched.lost
        assert all(standing.status not in OPEN for standing in state.items.values())
        check_run(desk, wanted, state, since)
        check_groups(wanted, state, desk)
        if not forward and not cuts:
            assert state.whole
        if not state.those("applied"):
            return
        desk.faults([])
        reverse = desk.undo(run)
        desk.server.history = watched = Watched(desk, reverse)
        desk.faults(back)
        with DISK.failing(cuts_back):
            second, middle = desk.start(reverse), len(desk.server.history)
            undone = persist(desk, second)
        assert not watched.lost
        check_run(desk, reverse, undone, middle)
        check_undone(desk, wanted, reverse, undone, middle)
