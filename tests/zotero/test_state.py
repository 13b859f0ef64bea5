"""What a journal says of a run: each event's part in it, and what an undo refuses to build on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from reflint.errors import SourceError
from reflint.zotero.journal import Journal, read
from reflint.zotero.runs import JOURNAL
from reflint.zotero.state import Standing, State
from tests.zotero.desk import Desk, article


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path, map(article, range(2)))


def intent(batch: int, *keys: str) -> dict[str, Any]:
    return {"event": "intent", "batch": batch, "items": [[key, 1, "x"] for key in keys]}


def result(lmv: int, **outcomes: dict[str, Any]) -> dict[str, Any]:
    return {"event": "result", "lmv": lmv, "items": outcomes}


def test_a_run_that_has_not_begun_stands_as_it_was_planned(desk: Desk) -> None:
    plan = desk.plan()
    state = State(plan)
    assert state.items == {key: Standing("planned", one.version, tuple(one.set)) for key, one in plan.lines.items()}
    assert (state.batches, state.canary_done, state.stopped, state.ended) == (0, False, "", False)
    assert state.lmv == plan.header.lmv
    assert not state.whole


def test_what_was_sent_is_in_doubt_until_it_is_answered(desk: Desk) -> None:
    plan = desk.plan()
    one, other = plan.lines
    state = State(plan, [intent(1, one, other)])
    assert state.those("in doubt") == [one, other]
    state.take(result(50, **{one: {"outcome": "applied", "version": 50}}))
    assert (state.items[one].status, state.items[one].version) == ("applied", 50)
    assert state.those("in doubt") == [other]
    assert (state.lmv, state.batches) == (50, 1)
    state.take({"event": "refused", "items": [other]})
    assert state.those("planned") == [other]
    state.take(intent(2, other))
    state.take(result(40, **{other: {"outcome": "failed", "why": "too long"}}))
    assert (state.items[other].status, state.items[other].why) == ("failed", "too long")
    assert (state.lmv, state.batches) == (50, 2)  # the library's version never falls
    assert not state.whole


def test_an_item_that_others_changed_is_planned_anew_and_counted(desk: Desk) -> None:
    plan = desk.plan()
    key = next(iter(plan.lines))
    state = State(plan)
    for version in (60, 61):
        state.take({"event": "settled", "key": key, "outcome": "rebased", "version": version, "fields": ["DOI"]})
    assert state.items[key] == Standing("planned", 61, ("DOI",), 2)
    state.take({"event": "settled", "key": key, "outcome": "again"})
    assert state.items[key] == Standing("planned", 61, ("DOI",), 2)


def test_a_run_is_whole_when_all_that_was_planned_is_true(desk: Desk) -> None:
    plan = desk.plan()
    one, other = plan.lines
    done = result(50, **{one: {"outcome": "applied", "version": 50}, other: {"outcome": "already", "version": 49}})
    assert State(plan, [done]).whole
    part = {"event": "settled", "key": one, "outcome": "applied", "version": 50, "fields": []}
    assert not State(plan, [done, part]).whole


def test_a_stop_holds_until_the_run_goes_on(desk: Desk) -> None:
    state = State(desk.plan(), [{"event": "start"}, {"event": "canary"}, {"event": "stop", "why": "the quota is used"}])
    assert (state.canary_done, state.stopped, state.ended) == (True, "the quota is used", False)
    state.take({"event": "resume"})
    assert state.stopped == ""
    state.take({"event": "end"})
    assert state.ended
    state.take({"event": "resume"})
    assert not state.ended


def test_what_was_sent_without_an_answer_is_not_undone_but_resumed_first(desk: Desk) -> None:
    plan = desk.plan()
    run = desk.start(plan)
    with Journal(run.folder / JOURNAL) as journal:
        journal.write({"event": "start", "plan": plan.sha256})
        journal.write(intent(1, next(iter(plan.lines))))
    with pytest.raises(SourceError, match=f"{run.id}: some items were sent without an answer; `reflint resume"):
        desk.undo(run)
    desk.go(run)
    assert set(desk.undo(run).lines) == set(plan.lines)


def test_a_run_that_wrote_nothing_has_no_undo(desk: Desk) -> None:
    run = desk.start(desk.plan())
    with pytest.raises(SourceError, match=f"{run.id}: this run wrote nothing that could be undone"):
        desk.undo(run)


def test_an_undo_keeps_how_sure_a_repair_was(desk: Desk) -> None:
    plan = desk.plan()
    key, line = next(iter(plan.lines.items()))
    plan.lines[key] = line.model_copy(update={"confidence": "medium"})
    run = desk.start(plan)
    desk.go(run)
    assert desk.undo(run).lines[key].confidence == "medium"


def test_a_journal_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"nowhere: No such file"):
        read(tmp_path / "nowhere")
