"""Why a step of a merge is not taken: what is read just before it, whatever the plan and the journal say."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx2
import pytest

from reflint.zotero import apply, snapshot
from tests.servers.zotero import faults as f
from tests.servers.zotero.messages import Response
from tests.servers.zotero.state import Server
from tests.zotero.batches import always, refusing, sizes
from tests.zotero.desk import COLLEAGUE, LIBRARY
from tests.zotero.doubles import Doubles, note, plain
from tests.zotero.test_merge_runs import BARE, FULL, children, pair
from tests.zotero.test_merge_schedules import Watched

Edit = Callable[[Server, str, str], object]


def edit(**fields: Any) -> Edit:
    """Somebody's edit of the item that is kept."""
    return lambda server, kept, left: server.edit(LIBRARY, kept, user=COLLEAGUE, **fields)


def edit_left(**fields: Any) -> Edit:
    """Somebody's edit of the other item."""
    return lambda server, kept, left: server.edit(LIBRARY, left, user=COLLEAGUE, **fields)


def lost_and(change: Callable[[Server], object]) -> f.Kind:
    """The server's answer is lost, and somebody changes something before we can look."""

    def strike(call: f.Call) -> Response:
        call.proceed()
        change(call.server)
        raise httpx2.ReadTimeout("The read operation timed out")

    return strike


def untrashed(desk: Doubles, left: str) -> bool:
    return "deleted" not in desk.server.items(LIBRARY)[left]


SINCE: dict[str, tuple[Edit, str]] = {
    "kept edited": (edit(date="1999"), "left alone: {kept} of its group was changed by somebody meanwhile"),
    "kept trashed": (edit(deleted=1), "left alone: {kept} of its group was changed by somebody meanwhile"),
    "kept deleted": (
        lambda server, kept, left: server.delete(LIBRARY, kept, user=COLLEAGUE),
        "left alone: {kept} of its group is gone",
    ),
    "other edited": (edit_left(volume="8"), "left alone: {kept} has not its volume"),
    "other edited, no content": (edit_left(issue="4"), "changed by somebody meanwhile; it is not merged"),
    "other trashed": (edit_left(deleted=1), "in the trash"),
    "late note": (
        lambda server, kept, left: server.put(LIBRARY, [note(left)], user=COLLEAGUE),
        "left alone: a note or attachment is still with it",
    ),
}


@pytest.mark.parametrize("what", SINCE)
def test_the_trash_waits_for_what_is_seen_just_before(tmp_path: Path, what: str) -> None:
    change, said = SINCE[what]
    desk, kept, left = pair(tmp_path)
    run = desk.start(desk.plan())
    desk.go(run, most=4)  # all but the trash
    change(desk.server, kept, left)
    state = desk.go(run)
    assert state.items[left].status == "conflict"
    assert state.items[left].why == said.format(kept=kept, left=left)


LOST: dict[str, tuple[Edit, str]] = {
    "a value taken away": (edit(language="de"), "left alone, because {kept} could not be made ready for it"),
    "another title": (edit(title="Mud"), "left alone: {kept} has not its title"),
    "to the trash": (edit(deleted=1), "left alone: {kept}, which was to be kept, is in the trash"),
}


@pytest.mark.parametrize("what", LOST)
def test_what_happened_while_an_answer_was_lost_is_seen_before_the_trash(tmp_path: Path, what: str) -> None:
    change, said = LOST[what]
    desk = Doubles(tmp_path, [[BARE, FULL], [FULL, {}]])
    left, kept = desk.groups[0]
    desk.faults([f.on_write(2, lost_and(lambda server: change(server, kept, left)))])
    state = desk.go(desk.start(desk.plan()))
    assert untrashed(desk, left)
    assert state.items[left].why == said.format(kept=kept)
    assert not untrashed(desk, desk.groups[1][1])  # others go on


def test_what_the_server_refuses_to_the_kept_one_keeps_the_other_out_of_the_trash(tmp_path: Path) -> None:
    desk = Doubles(tmp_path, [[BARE, FULL], [FULL, {}]])
    left, kept = desk.groups[0]
    desk.faults([always(refusing(422, [kept], "too long"))])
    state = desk.go(desk.start(desk.plan()))
    assert (state.items[kept].status, state.items[kept].why) == ("failed", "too long (422)")
    assert state.items[left].why == f"left alone, because {kept} could not be made ready for it"
    assert untrashed(desk, left)
    assert not untrashed(desk, desk.groups[1][1])


def test_notes_stay_with_an_item_that_was_changed_before_they_moved(tmp_path: Path) -> None:
    desk, kept, left = pair(tmp_path)
    run = desk.start(desk.plan())
    desk.go(run, most=1)  # the kept one alone
    theirs = children(desk, left)
    edit_left(volume="8")(desk.server, kept, left)
    state = desk.go(run)
    assert children(desk, left) == theirs != set()
    told = f"left alone: {left} of its group was changed by somebody meanwhile"
    assert {state.items[key].why for key in theirs} == {told}
    assert untrashed(desk, left)


def test_notes_go_back_though_the_kept_one_is_in_the_trash_since(tmp_path: Path) -> None:
    desk, kept, left = pair(tmp_path)
    theirs = children(desk, left)
    run = desk.start(desk.plan())
    assert desk.go(run).whole
    edit(deleted=1)(desk.server, kept, left)
    state = desk.go(desk.start(desk.undo(run)))
    assert children(desk, left) == theirs != set()
    assert untrashed(desk, left)
    assert (state.items[kept].status, state.items[kept].why) == ("conflict", "in the trash")


def test_a_part_that_was_taken_back_can_be_done_again(tmp_path: Path) -> None:
    desk, _, left = pair(tmp_path)
    run = desk.start(desk.plan())
    assert desk.go(run).whole
    merged = plain(desk.server.items(LIBRARY))
    back = desk.start(desk.undo(run))
    desk.go(back, most=1)  # out of the trash, and no more
    assert untrashed(desk, left)
    again = desk.undo(back)
    assert list(again.lines) == [left]
    assert desk.go(desk.start(again)).whole
    assert plain(desk.server.items(LIBRARY)) == merged


@pytest.mark.parametrize("size", [3, 4, 7])
def test_a_run_that_nobody_disturbs_is_never_turned_down(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    monkeypatch.setattr(apply, "MAX_OBJECTS", size)
    monkeypatch.setattr(apply, "CANARY", 2)
    desk = Doubles(tmp_path, [[{}, FULL], [FULL, {}, BARE]] * 4, notes=[1, 0, 0, 2, 0] * 4)
    run = desk.start(desk.plan())
    desk.faults([])
    assert desk.go(run).whole
    reads = sum("itemKey" in sent.query for sent in desk.transport.sent)
    assert reads <= len(sizes(desk))  # what was seen holds for more than one step
    back = desk.start(desk.undo(run))
    assert desk.go(back).whole
    for events in (run.events(), back.events()):
        assert not [event for event in events if event["event"] in ("unknown", "refused", "settled")]
    assert plain(desk.server.items(LIBRARY)) == plain(desk.before)


@pytest.mark.parametrize("what", ["kept edited", "kept trashed", "other edited", "late note"])
def test_a_change_at_any_moment_loses_nothing(tmp_path: Path, what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshot, "CHUNK", 1)  # what belongs together is read in several requests
    for number in range(8, 60):
        if not is_met_by(tmp_path / str(number), number, SINCE[what][0]):
            return
    raise AssertionError("the run has more requests than were tried")


def is_met_by(folder: Path, number: int, change: Edit) -> bool:
    """A run in which somebody makes a change before the n-th request: nothing is lost. Whether it has so many."""
    desk, kept, left = pair(folder)
    wanted = desk.plan()
    desk.server.history = watched = Watched(desk, wanted)
    desk.faults([f.on_request(number, f.foreign_edit(lambda server: change(server, kept, left)))])
    state = desk.go(desk.start(wanted))
    assert not watched.lost
    assert state.whole or state.items[left].why
    return len(desk.transport.sent) >= number
