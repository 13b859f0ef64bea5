"""The plan that takes a run back: just what the run wrote, from ours to what was before, and of which library."""

from __future__ import annotations

from pathlib import Path

import httpx2
import pytest

from reflint.errors import SourceError
from reflint.zotero import undo
from reflint.zotero.plan import Header, Line, snapshot_hash
from reflint.zotero.steps import Step
from tests.servers.zotero import faults as f
from tests.servers.zotero.messages import Response
from tests.zotero.batches import desk_of
from tests.zotero.desk import COLLEAGUE, LIBRARY
from tests.zotero.doubles import Doubles, note, plain


def test_every_field_goes_back_from_the_version_that_was_written(tmp_path: Path) -> None:
    desk = desk_of(tmp_path, 7)
    wanted = desk.plan()
    run = desk.start(wanted)
    desk.go(run, most=6)
    back = undo.plan_of(run, desk.web(), 12, "reflint 9")
    now = desk.server.items(LIBRARY)
    done = list(wanted.lines)[:6]
    assert list(back.lines) == done
    for key, line in back.lines.items():
        was = wanted.lines[key]
        assert isinstance(line, Line)
        assert (line.set, line.expect, line.version) == (was.expect, was.set, now[key]["version"])
        assert (line.itemType, line.rules, line.confidence) == (was.itemType, was.rules, "high")
    assert back.header == Header(
        library=LIBRARY, lmv=desk.server.version(LIBRARY), userID=12, tool="reflint 9", rules=["DOI002", "PAG003"],
        schema_version=41, snapshot_sha256=snapshot_hash({key: item["version"] for key, item in now.items()}),
        undoes=run.id,
    )  # fmt: skip


def test_a_field_that_others_had_changed_before_we_could_look_is_theirs(tmp_path: Path) -> None:
    desk = desk_of(tmp_path, 1)
    wanted = desk.plan()
    (key, line), = wanted.lines.items()  # fmt: skip
    assert line.set.keys() == {"pages", "DOI"}

    def lose(call: f.Call) -> Response:
        call.proceed()
        call.server.edit(LIBRARY, key, user=COLLEAGUE, pages="1-2")
        raise httpx2.ReadTimeout("The read operation timed out")

    desk.faults([f.on_write(2, lose)])
    run = desk.start(wanted)
    state = desk.go(run)
    assert (state.whole, state.items[key].fields) == (False, ("DOI",))
    desk.faults([])
    back = desk.undo(run)
    assert (back.lines[key].set, back.lines[key].expect) == ({"DOI": line.expect["DOI"]}, {"DOI": line.set["DOI"]})
    assert desk.go(desk.start(back)).whole
    item = desk.server.items(LIBRARY)[key]
    assert (item["DOI"], item["pages"]) == (line.expect["DOI"], "1-2")


def test_what_somebody_else_had_done_already_is_not_taken_back(tmp_path: Path) -> None:
    desk = desk_of(tmp_path, 3)
    wanted = desk.plan()
    key, line = next(iter(wanted.lines.items()))
    desk.server.edit(LIBRARY, key, user=COLLEAGUE, **line.set)
    run = desk.start(wanted)
    state = desk.go(run)
    assert (state.whole, state.items[key].status) == (True, "already")
    assert key not in desk.undo(run).lines
    assert len(desk.undo(run)) == 2


def test_each_step_of_a_merge_is_turned_round(tmp_path: Path) -> None:
    desk = Doubles(tmp_path, [[{"language": "en"}, {"volume": "7"}]], notes=[1])
    wanted = desk.plan()
    run = desk.start(wanted)
    desk.go(run)
    back = desk.undo(run)
    assert (wanted.header.kind, back.header.kind) == ("merge", "unmerge")
    assert [line.key for line in back.lines.values()] == list(reversed(wanted.lines))
    for key, line in back.lines.items():
        was = wanted.lines[key]
        assert isinstance(line, Step)
        assert isinstance(was, Step)
        turned = {"type": "unmerge", "set": was.expect, "expect": was.set}
        assert line == was.model_copy(update={**turned, "version": desk.server.items(LIBRARY)[key]["version"]})
    again = desk.start(back)
    assert desk.go(again).whole
    assert plain(desk.server.items(LIBRARY)) == plain(desk.before)
    assert desk.undo(again).header.kind == "merge"
    assert {line.type for line in desk.undo(again).lines.values()} == {"merge"}


def test_a_merge_of_which_a_step_is_in_doubt_is_resumed_first(tmp_path: Path) -> None:
    desk = Doubles(tmp_path, [[{}, {"volume": "7"}]])
    desk.server.put(LIBRARY, [note(desk.groups[0][0])], user=COLLEAGUE)
    desk.remember()
    run = desk.start(desk.plan())
    desk.faults([f.on_write(3, f.crash(processed=True))])
    with pytest.raises(f.Crash):
        desk.go(run)
    with pytest.raises(SourceError, match=f"{run.id}: some items were sent without an answer"):
        desk.undo(run)
    desk.faults([])
    assert desk.go(run).whole
    assert desk.go(desk.start(desk.undo(run))).whole
    assert plain(desk.server.items(LIBRARY)) == plain(desk.before)
