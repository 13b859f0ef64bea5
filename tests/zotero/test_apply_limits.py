"""How many items a run writes, what stops it, and what it leaves alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from reflint.zotero.plan import Line
from reflint.zotero.selection import Protection
from tests.servers.zotero import faults as f
from tests.servers.zotero.messages import Request
from tests.zotero.batches import always, answering, desk_of, refusing, sizes, written
from tests.zotero.desk import COLLEAGUE, LIBRARY

Answer = dict[str, Any]


# How many in one go


LOSING: dict[str, Callable[[Iterable[str]], f.Kind]] = {
    "no answer": lambda keys: f.drop_after,
    "delivered twice": lambda keys: f.double,
    "the server fails at one": lambda keys: refusing(500, list(keys)[:1]),
    "stale to the server": lambda keys: refusing(412, list(keys)[:1]),
    "nothing": lambda keys: f.backoff(1),
}


@pytest.mark.parametrize("what", LOSING)
@pytest.mark.parametrize("most", [-1, 0, 1, 5, 6, 11])
def test_no_more_are_written_in_a_go_than_were_asked_for(tmp_path: Path, what: str, most: int) -> None:
    desk = desk_of(tmp_path, 12)
    wanted = desk.plan()
    told: list[int] = []
    desk.faults([f.on_write(2, LOSING[what](wanted.lines))])
    state = desk.go(desk.start(wanted), most=most, progress=told.append)
    assert len(written(desk)) == sum(told) == max(most, 0)
    left = 12 - len(written(desk))
    assert (state.stopped, state.ended) == (f"{left} item{'s' if left > 1 else ''} left for the next go", False)


@pytest.mark.parametrize("what", LOSING)
def test_just_as_many_as_there_are_is_all_of_them(tmp_path: Path, what: str) -> None:
    desk = desk_of(tmp_path, 12)
    wanted = desk.plan()
    desk.faults([f.on_write(2, LOSING[what](wanted.lines))])
    state = desk.go(desk.start(wanted), most=12)
    assert (state.whole, state.ended) == (True, True)
    assert sorted(written(desk)) == sorted(wanted.lines)


def test_what_an_earlier_go_wrote_does_not_count_in_the_next(tmp_path: Path) -> None:
    desk = desk_of(tmp_path, 12)
    run = desk.start(desk.plan())
    desk.faults([f.on_write(2, f.crash(processed=True))])
    with pytest.raises(f.Crash):
        desk.go(run, most=5)
    desk.faults([])
    state = desk.go(run, most=6)
    assert (len(written(desk)), len(state.those("applied"))) == (11, 11)
    assert desk.go(run).ended
    assert sorted(written(desk)) == sorted(state.items)


def test_the_first_few_go_ahead_and_the_others_by_fifties(tmp_path: Path) -> None:
    desk = desk_of(tmp_path, 112)
    wanted = desk.plan()
    desk.faults([])
    run = desk.start(wanted)
    told: list[int] = []
    state = desk.go(run, most=6, progress=told.append)
    assert not state.ended
    state = desk.go(run, progress=told.append)
    assert state.whole
    assert state.ended
    assert sizes(desk) == told == [5, 1, 50, 50, 6]
    assert written(desk) == list(wanted.lines)


# What stops a run


@pytest.mark.parametrize("code", [400, 409, 413, 428])
def test_three_items_that_the_server_calls_malformed_stop_the_run(tmp_path: Path, code: int) -> None:
    desk = desk_of(tmp_path, 12)
    wanted = desk.plan()
    bad = list(wanted.lines)[1:4]
    desk.faults([always(refusing(code, bad, "too long"))])
    state = desk.go(desk.start(wanted))
    assert state.stopped == "the server refused 3 items as malformed; please report this"
    assert state.those("failed") == bad
    assert {state.items[key].why for key in bad} == {f"too long ({code})"}
    assert len(written(desk)) == 2


@pytest.mark.parametrize(("code", "count"), [(400, 2), (422, 3)])
def test_more_failures_than_one_in_fifty_stop_the_run(tmp_path: Path, code: int, count: int) -> None:
    desk = desk_of(tmp_path, 12)
    wanted = desk.plan()
    desk.faults([always(refusing(code, list(wanted.lines)[:count]))])
    assert desk.go(desk.start(wanted)).stopped == f"{count} of 5 items failed"
    assert len(written(desk)) == 5 - count


@pytest.mark.parametrize(("failing", "stopped"), [(3, ""), (4, "4 of 150 items failed")])
def test_one_in_fifty_may_fail(tmp_path: Path, failing: int, stopped: str) -> None:
    desk = desk_of(tmp_path, 150)
    wanted = desk.plan()
    desk.faults([always(refusing(422, list(wanted.lines)[-failing:]))])
    state = desk.go(desk.start(wanted))
    assert (state.stopped, len(state.those("failed"))) == (stopped, failing)
    assert len(written(desk)) == 150 - failing


def test_one_failure_stops_nothing_and_is_told(tmp_path: Path) -> None:
    desk = desk_of(tmp_path, 12)
    wanted = desk.plan()
    bad = next(iter(wanted.lines))
    desk.faults([always(refusing(400, [bad], "too long"))])
    state = desk.go(desk.start(wanted))
    assert (state.stopped, state.ended, state.whole) == ("", True, False)
    assert (state.items[bad].status, state.items[bad].why) == ("failed", "too long (400)")
    assert sorted([bad, *written(desk)]) == sorted(wanted.lines)


def test_a_denial_of_one_item_stops_the_run(tmp_path: Path) -> None:
    desk = desk_of(tmp_path, 12)
    wanted = desk.plan()
    desk.faults([always(refusing(403, list(wanted.lines)[:1]))])
    assert desk.go(desk.start(wanted)).stopped == "the server denies writing to an item"
    assert len(written(desk)) == 4


def test_an_item_that_the_server_does_not_know_is_gone(tmp_path: Path) -> None:
    desk = desk_of(tmp_path, 7)
    wanted = desk.plan()
    gone = next(iter(wanted.lines))
    desk.faults([always(refusing(404, [gone]))])
    state = desk.go(desk.start(wanted))
    assert (state.items[gone].status, state.items[gone].why, state.stopped) == ("gone", "deleted", "")
    assert len(written(desk)) == 6


@pytest.mark.parametrize("number", [2, 3])
def test_a_batch_that_is_refused_is_still_to_do(tmp_path: Path, number: int) -> None:
    desk = desk_of(tmp_path, 12)
    run = desk.start(desk.plan())
    desk.faults([f.on_write(number, f.status(400, text="out of order"))])
    state = desk.go(run)
    assert state.stopped == "zotero:groups/70: the server refused the batch (400: out of order)"
    assert not state.those("in doubt")
    assert len(state.those("planned")) == 12 - len(written(desk)) == (12, 7)[number - 2]
    refused = next(event for event in run.events() if event["event"] == "refused")
    assert (refused["status"], refused["batch"]) == (400, number - 1)
    again = desk.go(run)
    assert (again.whole, again.stopped, again.ended) == (True, "", True)
    assert len(written(desk)) == 12


def test_who_may_not_read_any_more_is_told(tmp_path: Path) -> None:
    desk = desk_of(tmp_path, 12)
    run = desk.start(desk.plan())
    reading = f.where(lambda request: "itemKey" in request.query, f.status(403, text="Forbidden"))
    desk.faults([reading])
    state = desk.go(run)
    assert "Forbidden (403)" in state.stopped
    assert (written(desk), len(state.those("planned"))) == ([], 12)
    assert run.events()[-1] == {"event": "stop", "why": state.stopped}


# What the server says it has written


def data(answer: Answer) -> Answer:
    """The first item that a report says was written."""
    found: Answer = answer["successful"]["0"]["data"]
    return found


ALARMS: dict[str, tuple[Callable[[Answer], None], str]] = {
    "another value": (lambda said: data(said).update(pages="1"), "pages is not what was sent"),
    "no value": (lambda said: data(said).pop("pages") and None, "pages is not what was sent"),
    "another field": (lambda said: data(said).update(title="Mud"), "title, which was not sent, changed"),
    "a field too many": (lambda said: data(said).update(volume="3"), "volume, which was not sent, changed"),
    "a field too few": (lambda said: data(said).pop("date") and None, "date, which was not sent, changed"),
    "another item": (lambda said: said["successful"]["0"].update(key="ABCD2345"), "answered for ABCD2345 where"),
}


@pytest.mark.parametrize("what", ALARMS)
def test_an_answer_that_is_not_as_planned_stops_the_run(tmp_path: Path, what: str) -> None:
    change, said = ALARMS[what]
    desk = desk_of(tmp_path, 12)
    wanted = desk.plan()
    desk.faults([f.on_write(2, answering(change))])
    state = desk.go(desk.start(wanted))
    assert said in state.stopped
    assert next(iter(wanted.lines)) in state.stopped
    assert (len(written(desk)), len(state.those("planned"))) == (5, 7)


def test_nothing_but_a_version_and_a_date_may_change_besides(tmp_path: Path) -> None:
    desk = desk_of(tmp_path, 7)
    later = answering(lambda said: data(said).update(version=999, dateModified="2031-01-01T00:00:00Z"))
    desk.faults([f.on_write(2, later)])
    assert desk.go(desk.start(desk.plan())).whole


def test_the_first_few_are_read_again_before_the_others_follow(tmp_path: Path) -> None:
    desk = desk_of(tmp_path, 12)
    run = desk.start(desk.plan())
    since = len(desk.server.history)

    def other(items: list[Answer]) -> None:
        items[-1]["data"]["pages"] = "1"

    def is_second_look(request: Request) -> bool:
        return "itemKey" in request.query and len(desk.server.history) > since

    desk.faults([f.where(is_second_look, answering(other))])
    state = desk.go(run)
    assert "pages is not what was sent" in state.stopped
    assert len(written(desk)) == 5
    assert not state.canary_done


def test_what_others_changed_since_is_no_alarm(tmp_path: Path) -> None:
    desk = desk_of(tmp_path, 12)
    wanted = desk.plan()
    key = next(iter(wanted.lines))
    edit = f.foreign_edit(lambda server: server.edit(LIBRARY, key, user=COLLEAGUE, pages="1"), after=5)
    desk.faults([f.on_write(2, edit)])
    state = desk.go(desk.start(wanted))
    assert state.whole
    assert desk.server.items(LIBRARY)[key]["pages"] == "1"


def test_what_the_server_found_unchanged_is_done(tmp_path: Path) -> None:
    desk = desk_of(tmp_path, 7)
    wanted = desk.plan()
    key = next(iter(wanted.lines))

    def unchanged(said: Answer) -> None:
        said["unchanged"]["0"] = said["successful"].pop("0")["key"]

    told: list[int] = []
    desk.faults([f.on_write(2, answering(unchanged))])
    state = desk.go(desk.start(wanted), progress=told.append)
    assert (state.items[key].status, state.whole, told) == ("unchanged", True, [5, 2])


# What is left alone


def test_what_was_deleted_trashed_or_protected_since_is_left(tmp_path: Path) -> None:
    desk = desk_of(tmp_path, 12)
    wanted = desk.plan()
    gone, trashed, kept, *others = wanted.lines
    desk.server.delete(LIBRARY, gone, user=COLLEAGUE)
    desk.server.edit(LIBRARY, trashed, user=COLLEAGUE, deleted=1)
    desk.server.edit(LIBRARY, kept, user=COLLEAGUE, tags=[{"tag": "hands off"}])
    state = desk.go(desk.start(wanted), protection=Protection(tags=("hands off",)))
    assert [(state.items[key].status, state.items[key].why) for key in (gone, trashed, kept)] == [
        ("gone", "deleted"),
        ("conflict", "in the trash"),
        ("conflict", "protected by the tag 'hands off'"),
    ]
    assert (written(desk), state.those("applied"), state.whole) == (others, others, False)


def test_an_item_that_was_changed_elsewhere_is_written_on_top_of_that(tmp_path: Path) -> None:
    desk = desk_of(tmp_path, 12)
    wanted = desk.plan()
    first, same, other, *_ = wanted.lines
    desk.server.edit(LIBRARY, first, user=COLLEAGUE, title="Mud")
    desk.server.edit(LIBRARY, same, user=COLLEAGUE, **wanted.lines[same].set)
    desk.server.edit(LIBRARY, other, user=COLLEAGUE, pages="1-2")
    state = desk.go(desk.start(wanted))
    now = desk.server.items(LIBRARY)
    assert (now[first]["title"], now[first]["pages"]) == ("Mud", wanted.lines[first].set["pages"])
    assert (state.items[first].status, state.items[first].rebased) == ("applied", 1)
    assert state.items[same].status == "already"
    assert (now[other]["pages"], state.items[other].status) == ("1-2", "conflict")
    assert sorted(written(desk)) == sorted(wanted.lines.keys() - {same, other})


def test_a_value_that_is_not_the_plans_is_left_though_the_version_is(tmp_path: Path) -> None:
    desk = desk_of(tmp_path, 7)
    wanted = desk.plan()
    key, line = next(iter(wanted.lines.items()))
    assert isinstance(line, Line)
    wanted.lines[key] = line.model_copy(update={"expect": {**line.expect, "pages": "1-2"}})
    state = desk.go(desk.start(wanted))
    assert (state.items[key].status, state.items[key].why) == ("conflict", "pages was changed by somebody meanwhile")
    assert key not in written(desk)
