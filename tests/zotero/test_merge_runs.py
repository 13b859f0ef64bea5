"""Runs of merge plans: what they do, what they leave alone, and that they can be taken back after every step."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reflint.zotero.plan import Plan
from reflint.zotero.plan import read as read_plan
from reflint.zotero.runs import Run
from reflint.zotero.selection import Protection
from reflint.zotero.state import State
from tests.servers.zotero import faults as f
from tests.servers.zotero.state import Server
from tests.zotero.desk import COLLEAGUE, LIBRARY, article
from tests.zotero.doubles import COLLECTIONS, Doubles, note, plain, steps, uri

FULL = {"volume": "7", "issue": "2", "ISSN": "0018-9340", "collections": [COLLECTIONS[0]]}
BARE = {"tags": [{"tag": "dunes", "type": 1}], "collections": [COLLECTIONS[1]], "language": "en", "issue": "3"}


def pair(folder: Path) -> tuple[Doubles, str, str]:
    """A desk with one group: the key of the item that is kept, and of the one that is not."""
    desk = Doubles(folder, [[BARE, FULL]], notes=[2, 1])
    left, kept = desk.groups[0]
    return desk, kept, left


def children(desk: Doubles, key: str) -> set[str]:
    return {one for one, data in desk.server.items(LIBRARY).items() if data.get("parentItem") == key}


def test_the_fullest_is_kept_and_gets_everything(tmp_path: Path) -> None:
    desk, kept, left = pair(tmp_path)
    moving = children(desk, left)
    state = desk.go(desk.start(desk.plan()))
    assert state.whole
    items = desk.server.items(LIBRARY)
    assert (items[kept]["language"], items[kept]["issue"]) == ("en", "2")
    assert items[kept]["tags"] == [{"tag": "dunes", "type": 1}, {"tag": "sand"}]
    assert items[kept]["collections"] == sorted(COLLECTIONS)
    assert items[kept]["relations"] == {"dc:replaces": uri(left)}
    assert len(moving) == 3
    assert moving < children(desk, kept)
    assert not children(desk, left)
    assert items[left] == {**desk.before[left], "deleted": 1} | {
        name: items[left][name] for name in ("version", "dateModified")
    }


def test_what_differs_is_told_and_why_they_are_one_work(tmp_path: Path) -> None:
    desk, kept, left = pair(tmp_path)
    wanted = desk.plan()
    step = steps(wanted)[left]
    assert {name: (one.kept, one.left) for name, one in step.differs.items()} == {"issue": ("2", "3")}
    assert step.evidence["deleted"] == ["issue: 3 (kept: 2)"]
    assert next(iter(wanted.lines)) == kept
    assert list(wanted.lines)[-1] == left


def test_what_the_others_stood_for_already_is_taken_over(tmp_path: Path) -> None:
    desk, kept, left = pair(tmp_path)
    older = {"dc:replaces": [uri("ABCD2345"), uri(kept)], "owl:sameAs": "http://zotero.org/groups/9/items/ABCD2345"}
    desk.server.edit(LIBRARY, left, user=COLLEAGUE, relations=older)
    desk.remember()
    assert desk.go(desk.start(desk.plan())).whole
    relations = desk.server.items(LIBRARY)[kept]["relations"]
    assert relations == {"dc:replaces": sorted([uri("ABCD2345"), uri(left)]), "owl:sameAs": older["owl:sameAs"]}


def test_the_order_is_kept_item_children_trash_in_each_group(tmp_path: Path) -> None:
    desk = Doubles(tmp_path, [[BARE, FULL], [FULL, BARE, BARE]], notes=[1, 1, 0, 2, 1])
    wanted = desk.plan()
    since = len(desk.server.history)
    assert desk.go(desk.start(wanted)).whole
    ranks: dict[str, list[int]] = {}
    for change in desk.server.history[since:]:
        step = steps(wanted)[change.key]
        ranks.setdefault(step.group, []).append(step.rank)
    assert len(ranks) == 2
    assert all(found == sorted(found) for found in ranks.values()), ranks


@pytest.mark.parametrize("most", range(1, 8))
def test_it_can_be_taken_back_after_every_step(tmp_path: Path, most: int) -> None:
    desk = Doubles(tmp_path, [[BARE, FULL], [FULL, {}]], notes=[1, 0, 0, 1])
    wanted = desk.plan()
    assert len(wanted) == 6
    run = desk.start(wanted)
    state = desk.go(run, most=most)
    assert len(state.those("applied")) == min(most, 6)
    assert desk.go(desk.start(desk.undo(run))).whole
    assert plain(desk.server.items(LIBRARY)) == plain(desk.before)


def test_taking_back_what_was_taken_back_merges_again(tmp_path: Path) -> None:
    desk, _, _ = pair(tmp_path)
    run = desk.start(desk.plan())
    assert desk.go(run).whole
    merged = plain(desk.server.items(LIBRARY))
    back = desk.start(desk.undo(run))
    assert desk.go(back).whole
    again = desk.undo(back)
    assert again.header.kind == "merge"
    assert desk.go(desk.start(again)).whole
    assert plain(desk.server.items(LIBRARY)) == merged


def test_a_half_done_merge_can_be_planned_anew(tmp_path: Path) -> None:
    desk, kept, left = pair(tmp_path)
    desk.go(desk.start(desk.plan()), most=2)
    desk.keys = sorted(desk.server.items(LIBRARY))
    wanted = desk.plan()
    assert steps(wanted)[kept].set == {}
    assert desk.go(desk.start(wanted)).whole
    assert desk.server.items(LIBRARY)[left]["deleted"] == 1
    assert not children(desk, left)


Meddle = Callable[[Server, str, str], object]
MEDDLING: dict[str, Meddle] = {
    "the kept one is edited": lambda server, kept, left: server.edit(LIBRARY, kept, title="Other"),
    "the kept one is trashed": lambda server, kept, left: server.edit(LIBRARY, kept, deleted=1),
    "the kept one is deleted": lambda server, kept, left: server.delete(LIBRARY, kept),
    "the other is edited": lambda server, kept, left: server.edit(LIBRARY, left, volume="8"),
    "the other gets a note": lambda server, kept, left: server.put(LIBRARY, [note(left)]),
}


@pytest.mark.parametrize("what", MEDDLING)
@pytest.mark.parametrize("done", [0, 1, 4])
def test_a_group_that_was_changed_meanwhile_is_left_and_others_go_on(tmp_path: Path, what: str, done: int) -> None:
    desk = Doubles(tmp_path, [[BARE, FULL], [FULL, {}]], notes=[2])
    left, kept = desk.groups[0]
    wanted = desk.plan()
    if done:  # this group alone, so that it is known what is done of it
        wanted = Plan(wanted.header, (step for step in steps(wanted).values() if step.group == kept))
    run = desk.start(wanted)
    if done:
        assert len(desk.go(run, most=done).those("applied")) == done
    MEDDLING[what](desk.server, kept, left)
    state = desk.go(run)
    assert not state.whole
    assert state.items[left].status in ("conflict", "gone")
    assert state.items[left].why
    assert "deleted" not in desk.server.items(LIBRARY)[left]
    if not done:
        other = desk.groups[1]
        assert [key for key in other if desk.server.items(LIBRARY)[key].get("deleted")] == [other[1]]


@pytest.mark.parametrize("what", MEDDLING)
def test_a_change_between_the_last_look_and_the_trash_is_noticed(tmp_path: Path, what: str) -> None:
    desk, kept, left = pair(tmp_path)
    run = desk.start(desk.plan())
    desk.go(run, most=4)  # all but the trash
    desk.faults([f.on_write(2, f.foreign_edit(lambda server: MEDDLING[what](server, kept, left)))])
    state = desk.go(run)
    assert state.items[left].status == "conflict"
    assert "deleted" not in desk.server.items(LIBRARY)[left]


def test_a_change_elsewhere_delays_the_trash_and_no_more(tmp_path: Path) -> None:
    desk = Doubles(tmp_path, [[BARE, FULL], [FULL, {}]])
    bystander = desk.server.put(LIBRARY, [article(9)], user=COLLEAGUE)[0]
    wanted = desk.plan()
    desk.faults([f.on_write(4, f.foreign_edit(lambda server: server.edit(LIBRARY, bystander, title="Other")))])
    assert desk.go(desk.start(wanted)).whole


def test_an_undo_that_meets_a_new_trashing_keeps_what_it_had_given(tmp_path: Path) -> None:
    desk, kept, left = pair(tmp_path)
    run = desk.start(desk.plan())
    assert desk.go(run).whole
    back = desk.start(desk.undo(run))
    desk.go(back, most=4)  # all but the kept item
    desk.faults([f.on_write(2, f.foreign_edit(lambda server: server.edit(LIBRARY, left, deleted=1)))])
    state = desk.go(back)
    assert state.items[kept].why == f"stays as it is: {left} is still in the trash"
    assert desk.server.items(LIBRARY)[kept]["language"] == "en"


def test_an_undo_keeps_what_only_the_kept_one_still_has(tmp_path: Path) -> None:
    desk, kept, left = pair(tmp_path)
    run = desk.start(desk.plan())
    assert desk.go(run).whole
    desk.server.delete(LIBRARY, left, user=COLLEAGUE)
    state = desk.go(desk.start(desk.undo(run)))
    assert state.items[left].status == "gone"
    assert state.items[kept].why == f"stays as it is: {left} is gone"
    items = desk.server.items(LIBRARY)
    assert items[kept]["language"] == "en"
    assert len(children(desk, kept)) == 4


def test_an_undo_leaves_what_was_changed_since_and_says_so(tmp_path: Path) -> None:
    desk, kept, left = pair(tmp_path)
    run = desk.start(desk.plan())
    assert desk.go(run).whole
    desk.server.edit(LIBRARY, kept, user=COLLEAGUE, language="de")
    state = desk.go(desk.start(desk.undo(run)))
    assert "language was changed" in state.items[kept].why
    items = desk.server.items(LIBRARY)
    assert items[kept]["language"] == "de"
    assert (items[kept]["relations"], items[kept]["collections"]) == ({}, [COLLECTIONS[0]])
    assert "deleted" not in items[left]


def test_what_is_protected_since_the_plan_is_left(tmp_path: Path) -> None:
    desk, _, left = pair(tmp_path)
    state = desk.go(desk.start(desk.plan()), protection=Protection(collections=(COLLECTIONS[1],)))
    assert "deleted" not in desk.server.items(LIBRARY)[left]
    assert state.items[left].why


def test_a_run_that_dies_between_any_two_requests_ends_the_same(tmp_path: Path) -> None:
    whole: dict[str, Any] = {}
    for number in range(1, 40):
        folder = tmp_path / str(number)
        desk = Doubles(folder, [[BARE, FULL], [FULL, {}, BARE]], notes=[2, 1, 0, 1, 1])
        run = desk.start(desk.plan())
        desk.faults([f.on_request(number, f.crash(processed=number % 2 == 0))])
        state = _persist(desk, run)
        assert state.whole
        found = plain(desk.server.items(LIBRARY))
        whole = whole or found
        assert found == whole
        if len(desk.transport.sent) < number:
            return
    raise AssertionError("the run has more requests than were tried")


def _persist(desk: Doubles, run: Run) -> State:
    for _ in range(5):
        try:
            return desk.go(run)
        except f.Crash:
            continue
    raise AssertionError


def test_a_plan_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    desk, _, _ = pair(tmp_path / "desk")
    wanted = desk.plan()
    (tmp_path / "merge.jsonl").write_text("".join(wanted.texts()), "utf-8")
    found = read_plan(tmp_path / "merge.jsonl")
    assert (found.header, found.lines, found.sha256) == (wanted.header, wanted.lines, wanted.sha256)
