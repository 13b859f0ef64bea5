"""What a run tries again, how it finds out what has arrived, and what it keeps on the disk."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from reflint.errors import SourceError
from reflint.zotero.runs import JOURNAL, PLAN, SNAPSHOT, Run
from tests.servers.zotero import faults as f
from tests.servers.zotero.messages import Response
from tests.zotero.batches import always, desk_of, refusing, sizes, written
from tests.zotero.desk import COLLEAGUE, LIBRARY, Desk, article
from tests.zotero.doubles import Doubles, plain

# What is tried again


def test_what_made_the_server_fail_is_tried_once_more_by_itself_after_the_others(tmp_path: Path) -> None:
    desk = desk_of(tmp_path, 12)
    wanted = desk.plan()
    key = next(iter(wanted.lines))
    desk.faults([f.on_write(2, refusing(500, [key]))])
    state = desk.go(desk.start(wanted))
    assert state.whole
    assert sizes(desk) == [5, 7, 1]
    assert written(desk)[-1] == key


def test_what_makes_the_server_fail_twice_has_failed(tmp_path: Path) -> None:
    desk = desk_of(tmp_path, 12)
    wanted = desk.plan()
    key = next(iter(wanted.lines))
    desk.faults([always(refusing(500, [key], "An error occurred"))])
    state = desk.go(desk.start(wanted))
    assert (state.items[key].status, state.items[key].why) == ("failed", "An error occurred (500)")
    assert sizes(desk) == [5, 7, 1]
    assert len(written(desk)) == 11


def test_what_waits_for_an_item_that_made_the_server_fail_follows_it(tmp_path: Path) -> None:
    desk = Doubles(tmp_path, [[{}, {"volume": "7"}]], notes=[1])
    wanted = desk.plan()
    desk.faults([f.on_write(2, refusing(500, [desk.groups[0][1]]))])
    run = desk.start(wanted)
    assert desk.go(run).whole
    assert written(desk) == list(wanted.lines)
    desk.faults([])
    assert desk.go(desk.start(desk.undo(run))).whole
    assert plain(desk.server.items(LIBRARY)) == plain(desk.before)


def test_an_item_that_is_stale_to_the_server_alone_is_given_up_at_last(tmp_path: Path) -> None:
    desk = desk_of(tmp_path, 7)
    wanted = desk.plan()
    key = next(iter(wanted.lines))
    desk.faults([always(refusing(412, [key]))])
    state = desk.go(desk.start(wanted))
    assert (state.items[key].status, state.items[key].why) == ("failed", "not written in 6 attempts")
    assert sum(sizes(desk)) == 6 + 6
    assert len(written(desk)) == 6


# What was sent without an answer


class Patient(Desk):
    """A desk that knows how long it slept, and what happens while it sleeps."""

    def __init__(self, folder: Path, count: int) -> None:
        super().__init__(folder, (article(3 * number) for number in range(count)))
        self.slept: list[float] = []
        self.meanwhile: Callable[[], object] = lambda: None

    def sleep(self, seconds: float) -> None:
        super().sleep(seconds)
        self.slept.append(seconds)
        self.meanwhile()


def test_a_server_that_is_slow_is_given_the_time_it_needs(tmp_path: Path) -> None:
    desk = Patient(tmp_path, 12)
    run = desk.start(desk.plan())
    late: list[f.Call] = []

    def slow(call: f.Call) -> Response:
        late.append(call)
        return f.timeout(processed=False)(call)

    desk.meanwhile = lambda: late and late.pop().proceed()
    desk.faults([f.on_write(2, slow)])
    state = desk.go(run)
    assert state.whole
    assert sizes(desk) == [5, 7]  # nothing is sent twice
    assert desk.slept == [60.0, 60.0]  # one minute in which the library changed, and one in which it did not


def test_a_library_that_is_never_quiet_is_not_waited_for_without_end(tmp_path: Path) -> None:
    desk = Patient(tmp_path, 12)
    run = desk.start(desk.plan())
    busy = desk.server.put(LIBRARY, [article(2)], user=COLLEAGUE)[0]
    desk.meanwhile = lambda: desk.server.edit(LIBRARY, busy, user=COLLEAGUE, title=f"Sand {len(desk.slept)}")
    desk.faults([f.on_write(2, f.drop_before)])
    assert desk.go(run).whole
    assert desk.slept == [60.0] * 10
    assert len(written(desk)) == 12


@pytest.mark.parametrize("kind", [f.double, f.drop_after, f.truncated])
def test_what_has_arrived_is_not_waited_for(tmp_path: Path, kind: f.Kind) -> None:
    desk = Patient(tmp_path, 12)
    desk.faults([f.on_write(2, kind)])
    assert desk.go(desk.start(desk.plan())).whole
    assert desk.slept == []
    assert len(written(desk)) == 12


def test_a_server_that_begins_nothing_is_not_waited_for(tmp_path: Path) -> None:
    desk = Patient(tmp_path, 12)
    desk.faults([f.on_write(2, f.status(412, text="Write token already used"))])
    assert desk.go(desk.start(desk.plan())).whole
    assert desk.slept == []


def test_four_batches_in_a_row_without_an_answer_stop_the_run(tmp_path: Path) -> None:
    desk = desk_of(tmp_path, 12)
    run = desk.start(desk.plan())
    desk.faults([always(f.timeout(processed=False))])
    state = desk.go(run)
    assert state.stopped == "4 batches in a row without an answer (ReadTimeout)"
    assert (sizes(desk), state.those("in doubt")) == ([5] * 4, [])
    desk.faults([])
    assert desk.go(run).whole


def test_an_answer_between_ends_the_row(tmp_path: Path) -> None:
    desk = desk_of(tmp_path, 12)
    desk.faults([f.on_write(number, f.drop_before) for number in (2, 3, 4, 6, 7, 8)])
    state = desk.go(desk.start(desk.plan()))
    assert state.whole
    assert sizes(desk) == [5] * 4 + [7] * 4


# What is kept of a run


def test_the_journal_says_of_what_and_where_the_run_is(tmp_path: Path) -> None:
    desk = desk_of(tmp_path, 7)
    run = desk.start(desk.plan())
    desk.go(run, most=5)
    desk.go(run)
    about = {"plan": run.plan().sha256, "library": LIBRARY, "endpoint": desk.web().endpoint}
    events = run.events()
    assert [event["event"] for event in events] == [
        "start", "intent", "result", "canary", "stop", "resume", "intent", "result", "end",
    ]  # fmt: skip
    assert (events[0], events[5]) == ({"event": "start", **about}, {"event": "resume", **about})
    intents = [event for event in events if event["event"] == "intent"]
    assert [event["batch"] for event in intents] == [1, 2]
    assert len({event["token"] for event in intents}) == 2
    assert [key for event in intents for key, _, _ in event["items"]] == list(run.plan().lines)


def test_items_are_kept_as_they_were_before_they_are_written(tmp_path: Path) -> None:
    desk = desk_of(tmp_path, 7)
    run = desk.start(desk.plan())
    desk.faults([f.on_write(2, f.crash(processed=True))])
    with pytest.raises(f.Crash):
        desk.go(run)
    kept = [json.loads(row) for row in gzip.decompress((run.folder / SNAPSHOT).read_bytes()).splitlines()]
    assert {item["key"]: item["data"] for item in kept} == {key: desk.before[key] for key in written(desk)}
    assert len(kept) == 5


def edited(run: Run, change: Callable[[list[str]], list[str]]) -> None:
    """Somebody edits the plan in a run's folder."""
    path = run.folder / PLAN
    path.write_text("".join(change(path.read_text("utf-8").splitlines(keepends=True))), "utf-8")


EDITS: dict[str, Callable[[list[str]], list[str]]] = {
    "lines taken out": lambda rows: rows[:3],
    "an old value changed": lambda rows: [row.replace('"expect":{"pages":"4', '"expect":{"pages":"5') for row in rows],
}


@pytest.mark.parametrize("what", EDITS)
def test_a_plan_that_was_changed_after_the_run_began_is_neither_resumed_nor_undone(tmp_path: Path, what: str) -> None:
    desk = desk_of(tmp_path, 12)
    run = desk.start(desk.plan())
    desk.go(run, most=6)
    before, journal = desk.server.items(LIBRARY), (run.folder / JOURNAL).read_bytes()
    whole = (run.folder / PLAN).read_bytes()
    edited(run, EDITS[what])
    assert (run.folder / PLAN).read_bytes() != whole
    for again in (desk.go, desk.undo):
        with pytest.raises(SourceError, match="the plan was changed after the run began"):
            again(run)
    assert desk.server.items(LIBRARY) == before
    assert (run.folder / JOURNAL).read_bytes() == journal
