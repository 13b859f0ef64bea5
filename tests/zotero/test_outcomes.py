"""What a person is told of a run: its counts, every field of its plan, what was left and why, and alarms."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reflint.errors import SourceError
from reflint.zotero import outcome
from reflint.zotero.outcome import Outcome
from reflint.zotero.plan import Line, Plan
from reflint.zotero.runs import REPORT, Run
from reflint.zotero.state import State
from reflint.zotero.web import Item
from tests.servers.zotero import faults as f
from tests.zotero.batches import desk_of
from tests.zotero.desk import COLLEAGUE, LIBRARY, Desk, relint
from tests.zotero.doubles import Doubles


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return desk_of(tmp_path, 6)


def of(run: Run, state: State, *alarms: str) -> Outcome:
    return outcome.of(run, run.plan(), state, 9, alarms)


def settled(key: str, what: str, **more: Any) -> dict[str, Any]:
    return {"event": "settled", "key": key, "outcome": what, **more}


def test_every_item_is_counted_for_what_became_of_it(desk: Desk) -> None:
    run = desk.start(desk.plan())
    keys = list(run.plan().lines)
    told = ("applied", "unchanged", "already", "conflict", "gone", "failed")
    state = State(run.plan(), [settled(key, what) for key, what in zip(keys, told, strict=True)])
    done = of(run, state)
    assert (done.run, done.undoes, done.requests) == (run.id, None, 9)
    assert (done.applied, done.unchanged, done.conflicts, done.failed, done.left) == (1, 2, 2, 1, 0)
    assert (done.whole, done.stopped) == (False, "")


def test_what_is_open_is_left(desk: Desk) -> None:
    run = desk.start(desk.plan())
    first = next(iter(run.plan().lines))
    state = State(run.plan(), [{"event": "intent", "batch": 1, "items": [[first, 1, "x"]]}])
    assert of(run, state).left == 6
    assert not of(run, state).whole


def test_an_alarm_is_told_and_nothing_is_whole_then(desk: Desk) -> None:
    run = desk.start(desk.plan())
    state = desk.go(run)
    assert (of(run, state).whole, of(run, state).stopped) == (True, "")
    assert (of(run, state, "a", "b").whole, of(run, state, "a", "b").stopped) == (False, "a; b")
    state.take({"event": "stop", "why": "full"})
    assert of(run, state, "a").stopped == "full; a"


def test_an_undo_tells_of_what_it_had_to_leave(desk: Desk) -> None:
    first = desk.start(desk.plan())
    desk.go(first)
    key, line = next((key, line) for key, line in first.plan().lines.items() if len(line.set) == 2)
    desk.server.edit(LIBRARY, key, user=COLLEAGUE, pages="1-2")
    run = desk.start(desk.undo(first))
    done = of(run, desk.go(run))
    assert done.undoes == first.id
    assert (done.applied, done.conflicts, done.whole) == (6, 1, False)
    became = {
        change.field: (change.status, change.before, change.after) for change in done.changes if change.key == key
    }
    assert became == {
        "pages": ("conflict", line.set["pages"], line.expect["pages"]),
        "DOI": ("applied", line.set["DOI"], line.expect["DOI"]),
    }
    assert {change.why for change in done.changes if change.key == key} == {"pages was changed again and stays"}
    assert f"Takes back run {first.id}.\n" in reported(run, done)


def test_each_field_is_told_with_its_rules_and_what_registries_say(desk: Desk) -> None:
    plan = desk.plan()
    key, line = next((key, line) for key, line in plan.lines.items() if len(line.set) == 2)
    given = {"confidence": "medium", "evidence": {"pages": ["400-424: a registry"]}}
    plan.lines[key] = line.model_copy(update=given)
    changes = {change.field: change for change in outcome.changes(plan) if change.key == key}
    assert list(changes) == list(line.set)
    pages = changes["pages"]
    assert (pages.before, pages.after) == (line.expect["pages"], line.set["pages"])
    assert (pages.status, pages.why, pages.confidence) == ("planned", "", "medium")
    assert (pages.rules, pages.evidence) == (tuple(line.rules), ("400-424: a registry",))
    assert changes["DOI"].evidence == ()
    assert len(list(outcome.changes(plan))) == sum(len(line.set) for line in plan.lines.values())


def test_an_outcome_is_json(desk: Desk) -> None:
    run = desk.start(desk.plan())
    done = of(run, desk.go(run))
    told = json.loads(json.dumps(done.as_json()))
    assert set(told) == set(Outcome._fields)
    assert told["applied"] == 6
    first = told["changes"][0]
    assert (first["key"], first["status"], first["rules"]) == (done.changes[0].key, "applied", [*done.changes[0].rules])


# What is read once more


def checked(desk: Desk, plan: Plan, state: State, relinting: Any = relint) -> tuple[str, ...]:
    return outcome.verify(plan, state, desk.web(), relinting)


def reading(change: Callable[[Item], object], key: str) -> f.Kind:
    """The server answers with an item that is not as it was written."""

    def strike(call: f.Call) -> Any:
        response = call.proceed()
        items = response.json()
        for item in items:
            if item["key"] == key:
                change(item["data"])
        return response._replace(body=json.dumps(items).encode())

    return strike


def test_a_value_that_is_not_as_it_was_written_is_an_alarm(desk: Desk) -> None:
    plan = desk.plan()
    state = desk.go(desk.start(plan))
    assert checked(desk, plan, state) == ()
    key = next(key for key, line in plan.lines.items() if "pages" in line.set)
    for change in (lambda data: data.update(pages="7"), lambda data: data.pop("pages")):
        desk.faults([f.on_request(1, reading(change, key))])
        assert checked(desk, plan, state) == (f"{key}: pages is not what was written",)


def test_a_repair_that_does_not_last_is_an_alarm(desk: Desk) -> None:
    plan = desk.plan()
    state = desk.go(desk.start(plan))
    asked: list[tuple[str, ...]] = []

    def again(rules: tuple[str, ...], item: Item) -> Line | None:
        asked.append(rules)
        line = plan.lines[item["key"]]
        assert isinstance(line, Line)
        return line if line is first else None

    first = next(line for line in plan.lines.values() if len(line.set) == 2)
    assert checked(desk, plan, state, again) == (
        f"{first.key}: DOI would be repaired again",
        f"{first.key}: pages would be repaired again",
    )
    assert asked == [tuple(line.rules) for line in plan.lines.values()]
    assert checked(desk, plan, state, None) == ()


def test_what_others_wrote_or_deleted_since_is_not_ours_to_judge(desk: Desk) -> None:
    plan = desk.plan()
    state = desk.go(desk.start(plan))
    one, other, third, *_ = plan.lines
    desk.server.edit(LIBRARY, one, user=COLLEAGUE, pages="7")
    desk.server.delete(LIBRARY, other, user=COLLEAGUE)
    desk.faults([f.on_request(1, reading(lambda data: data.update(pages="7"), third))])
    assert checked(desk, plan, state) == (f"{third}: pages is not what was written",)


def test_only_what_an_undo_wrote_is_read_again(desk: Desk) -> None:
    first = desk.start(desk.plan())
    desk.go(first)
    key = next(key for key, line in first.plan().lines.items() if len(line.set) == 2)
    desk.server.edit(LIBRARY, key, user=COLLEAGUE, pages="1-2")
    back = desk.undo(first)
    assert checked(desk, back, desk.go(desk.start(back)), None) == ()


# The report


def reported(run: Run, done: Outcome) -> str:
    outcome.write_report(run, done)
    return (run.folder / REPORT).read_text("utf-8")


def test_the_report_says_what_became_of_every_field(desk: Desk) -> None:
    plan = desk.plan()
    keys = list(plan.lines)
    run = desk.start(plan)
    desk.server.edit(LIBRARY, keys[0], user=COLLEAGUE, pages="7|8")
    text = reported(run, of(run, desk.go(run)))
    head, _, table = text.partition("\n\n| item ")
    assert head == (
        f"# Run {run.id}\n\n5 items written, 0 so already, 1 left because others changed or deleted them, "
        "0 refused by the server, 0 still to do; 9 requests."
    )
    header, rule, *rows = table.splitlines()
    assert header == "| field | before | after | became | rules |"
    assert rule == "|---|---|---|---|---|---|"
    line = plan.lines[keys[0]]
    why = "pages was changed by somebody meanwhile"
    assert rows[0] == f"| {keys[0]} | pages | {line.expect['pages']} | {line.set['pages']} | conflict: {why} | PAG003 |"
    assert len(rows) == sum(len(line.set) for line in plan.lines.values())
    assert all("| applied |" in row for row in rows if keys[0] not in row)


def test_no_value_breaks_the_reports_table(desk: Desk) -> None:
    run = desk.start(desk.plan())
    done = of(run, run.state(run.plan(), []), "the server is on fire")
    change = done.changes[0]._replace(before="a|b\nc", after="\\d", why="x|y", rules=("AAA001", "AAA002"))
    text = reported(run, done._replace(changes=(change,)))
    assert text.splitlines()[-1] == (
        f"| {change.key} | {change.field} | a\\|b c | \\d | planned: x\\|y | AAA001 AAA002 |"
    )
    assert "\n\nStopped: the server is on fire\n\n| item |" in text


def test_a_report_that_cannot_be_written_is_told(desk: Desk) -> None:
    run = desk.start(desk.plan())
    (run.folder / REPORT).mkdir()
    with pytest.raises(SourceError, match=r"report\.md: Is a directory"):
        outcome.write_report(run, of(run, run.state(run.plan(), [])))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("400-424", "400-424"),
        (1, "in the trash"),
        (0, ""),
        ([{"tag": "sand"}, {"tag": "dunes", "type": 1}], "sand; dunes"),
        ([{"creatorType": "author", "lastName": "Field", "firstName": "Ada"}], "Field, Ada"),
        ([{"creatorType": "author", "name": "Tides"}, {"creatorType": "author", "lastName": "Field"}], "Tides; Field"),
        (["CCCC2222", "CCCC3333"], "CCCC2222; CCCC3333"),
        (
            {
                "owl:sameAs": "http://zotero.org/groups/9/items/B",
                "dc:replaces": ["http://zotero.org/groups/70/items/A"],
            },
            "dc:replaces A; owl:sameAs B",
        ),
        ([7, ["ä"]], '7; ["ä"]'),
        ([], ""),
    ],
)
def test_values_are_told_in_a_line(value: Any, text: str) -> None:
    assert outcome.shown(value) == text


def test_a_merge_is_told_in_numbers(tmp_path: Path) -> None:
    desk = Doubles(tmp_path, [[{}, {"volume": "7"}, {}], [{}, {"volume": "8"}]], notes=[3])
    wanted = desk.plan()
    assert outcome.counted(wanted) == "a merge plan (kept: 2, to the trash: 3, notes and attachments moved: 4)"
    run = desk.start(wanted)
    desk.go(run)
    back = "takes a merge back (out of the trash: 3, notes and attachments moved back: 4)"
    assert outcome.counted(desk.undo(run)) == back
