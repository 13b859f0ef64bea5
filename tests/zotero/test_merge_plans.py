"""Merge plans: which groups are left alone, what a plan may say, and what the transport lets through."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from reflint.errors import SourceError
from reflint.zotero import plan, preflight
from reflint.zotero.address import Address
from reflint.zotero.merging import Unmergeable
from reflint.zotero.moving import Kind, Moving, fault
from reflint.zotero.plan import Header
from reflint.zotero.selection import Protection
from reflint.zotero.transport import NotPermitted
from reflint.zotero.web import Web
from tests.servers.zotero.state import Server
from tests.servers.zotero.transport import Transport
from tests.zotero.desk import LIBRARY
from tests.zotero.doubles import COLLECTIONS, Doubles, note, uri
from tests.zotero.test_transport import Answers, answer, client

KEPT, LEFT, CHILD = "AAAA2222", "BBBB2222", "NNNN2222"
HEADER = Header(
    library="groups/70", lmv=9, userID=7, tool="reflint", rules=[], schema_version=41, snapshot_sha256="0" * 64,
    kind="merge",
)  # fmt: skip


def kept(**more: Any) -> dict[str, Any]:
    return {
        "type": "merge", "group": KEPT, "key": KEPT, "itemType": "journalArticle", "version": 4, "losers": [LEFT],
        "set": {"language": "en", "relations": {"dc:replaces": uri(LEFT)}}, "expect": {"language": "", "relations": {}},
    } | more  # fmt: skip


def child(**more: Any) -> dict[str, Any]:
    return {
        "type": "merge", "group": KEPT, "key": CHILD, "itemType": "note", "version": 5,
        "set": {"parentItem": KEPT}, "expect": {"parentItem": LEFT},
    } | more  # fmt: skip


def left(**more: Any) -> dict[str, Any]:
    return {
        "type": "merge", "group": KEPT, "key": LEFT, "itemType": "journalArticle", "version": 6,
        "set": {"deleted": 1}, "expect": {"deleted": 0},
    } | more  # fmt: skip


def saved(path: Path, *lines: dict[str, Any], header: Header = HEADER) -> Path:
    rows = [header.model_dump_json(by_alias=True, exclude_none=True), *map(json.dumps, lines)]
    path.write_text("\n".join(rows) + "\n", "utf-8")
    return path


def test_a_whole_group_is_a_plan_and_fits_the_published_schema(tmp_path: Path) -> None:
    found = plan.read(saved(tmp_path / "p", left(), child(), kept()))
    assert list(found.lines) == [KEPT, CHILD, LEFT]
    for text in found.texts():
        jsonschema.validate(json.loads(text), plan.schema())


FIX = {
    "type": "fix", "key": KEPT, "itemType": "journalArticle", "version": 4, "set": {"pages": "1"},
    "expect": {"pages": "2"}, "rules": [], "confidence": "high",
}  # fmt: skip


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ([FIX], "type"),
        (
            [kept(), left(type="unmerge", set={"deleted": 0}, expect={"deleted": 1})],
            "of type unmerge in a plan of kind",
        ),
        ([kept()], r"group AAAA2222: not whole \(BBBB2222\)"),
        ([left()], r"group AAAA2222: not whole \(BBBB2222\)"),
        ([kept(losers=[]), left()], "stands for others"),
        ([kept(set={"deleted": 1}, expect={"deleted": 0})], "neither moved nor trashed"),
        ([kept(set={"language": "en"}, expect={"language": "de"})], "only fills what is empty"),
        ([kept(set={"itemType": "book"}, expect={"itemType": ""})], "never changed"),
        ([kept(set={"relations": {}}, expect={"relations": {"dc:replaces": uri(LEFT)}})], "are added"),
        ([kept(set={"relations": {"dc:relation": uri(LEFT)}}, expect={"relations": {}})], "are added"),
        ([kept(set={"relations": {"dc:replaces": "x"}}, expect={"relations": {}})], "items of Zotero"),
        ([kept(set={"collections": []}, expect={"collections": [COLLECTIONS[0]]})], "only get more"),
        ([kept(set={"collections": ["x"]}, expect={"collections": []})], "are keys"),
        ([kept(set={"tags": []}, expect={"tags": [{"tag": "sand"}]})], "only get more"),
        ([left(set={"deleted": 2})], "is to be 1"),
        ([left(set={"deleted": 1, "pages": ""}, expect={"deleted": 0, "pages": "1"})], "only `deleted`"),
        ([left(itemType="note")], "only `deleted`"),
        ([left(losers=[CHILD])], "belongs to the item that is kept"),
        ([child(set={"parentItem": CHILD})], "moves to the item that is kept"),
        (
            [child(set={"parentItem": KEPT, "collections": [KEPT]}, expect={"parentItem": LEFT, "collections": []})],
            "tog",
        ),
        ([child(itemType="book")], "moves to the item that is kept"),
    ],
)
def test_what_is_no_merge_is_refused_with_its_place(tmp_path: Path, lines: list[dict[str, Any]], said: str) -> None:
    with pytest.raises(SourceError, match=said):
        plan.read(saved(tmp_path / "p", *lines))


def test_an_ordinary_plan_holds_no_steps_of_a_merge(tmp_path: Path) -> None:
    ordinary = HEADER.model_copy(update={"kind": None})
    for line in (kept(), child(), left()):
        with pytest.raises(SourceError, match="line 2"):
            plan.read(saved(tmp_path / "p", line, header=ordinary))


STORED: dict[str, Any] = {"tags": [], "collections": [KEPT], "relations": {"dc:relation": uri(CHILD)}, "language": ""}


@pytest.mark.parametrize(
    ("kind", "patch", "before"),
    [
        ("merge", {"deleted": 0}, {"deleted": 1}),
        ("merge", {"deleted": 1}, {"deleted": 1}),
        ("merge", {"deleted": True}, {}),
        ("merge", {"deleted": 1}, {"parentItem": LEFT}),
        ("merge", {"deleted": 1, "language": "en"}, {}),
        ("merge", {"parentItem": KEPT}, {}),
        ("merge", {"parentItem": False}, {"parentItem": LEFT}),
        ("merge", {"collections": [KEPT, LEFT]}, {"parentItem": LEFT}),
        ("merge", {"collections": [LEFT]}, {}),
        ("merge", {"relations": {"dc:replaces": uri(LEFT)}}, {}),
        ("merge", {"language": "en"}, {"language": "de"}),
        ("merge", {"dateModified": "2020-01-01T00:00:00Z"}, {}),
        ("merge", {"inPublications": True}, {}),
        ("unmerge", {"deleted": 1}, {}),
        ("unmerge", {"collections": [KEPT, LEFT]}, {}),
        ("unmerge", {"relations": {}}, {}),
        ("unmerge", {"language": "de"}, {"language": "en"}),
    ],
)
def test_the_transport_stops_what_no_merge_does(kind: Kind, patch: dict[str, Any], before: dict[str, Any]) -> None:
    inner = Answers(answer())
    web, _, paced = client(inner)
    paced.moving = Moving(kind, {KEPT: {**STORED, **before}})
    with pytest.raises(NotPermitted):
        web.post("/groups/70/items", json=[{"key": KEPT, "version": 3, **patch}])
    assert inner.asked == []


MAY = [
    ("merge", {"deleted": 1}, {}),
    ("merge", {"parentItem": KEPT}, {"parentItem": LEFT}),
    ("merge", {"collections": [KEPT, LEFT], "language": "en", "tags": [{"tag": "a"}]}, {}),
    ("merge", {"relations": {"dc:relation": uri(CHILD), "dc:replaces": [uri(LEFT)]}}, {}),
    ("unmerge", {"deleted": 0}, {"deleted": 1}),
    ("unmerge", {"collections": [], "language": ""}, {"language": "en"}),
]


@pytest.mark.parametrize(("kind", "patch", "before"), MAY)
def test_what_a_merge_does_passes_for_merges_only(kind: Kind, patch: dict[str, Any], before: dict[str, Any]) -> None:
    inner = Answers(answer(), answer())
    web, _, paced = client(inner)
    batch = [{"key": KEPT, "version": 3, **patch}]
    with pytest.raises(NotPermitted):
        web.post("/groups/70/items", json=batch)
    paced.moving = Moving(kind, {KEPT: {**STORED, **before}})
    assert web.post("/groups/70/items", json=batch).status_code == 200
    with pytest.raises(NotPermitted, match="nobody looked at"):
        web.post("/groups/70/items", json=[{**batch[0], "key": LEFT}])


def test_only_a_lone_step_is_guarded_by_the_librarys_version() -> None:
    web, _, paced = client(Answers(answer()))
    paced.moving = Moving("merge", {KEPT: STORED, LEFT: STORED}, at=9)
    batch = [{"key": key, "version": 3, "deleted": 1} for key in (KEPT, LEFT)]
    header = {"If-Unmodified-Since-Version": "9"}
    with pytest.raises(NotPermitted, match="library's version"):
        web.post("/groups/70/items", json=batch, headers=header)
    assert web.post("/groups/70/items", json=batch[:1], headers=header).status_code == 200


def test_the_law_of_a_plan_is_that_of_the_transport() -> None:
    for kind, patch, before in MAY:
        assert fault(kind, patch, {**STORED, **before}) == ""  # type: ignore[arg-type]


def _relate(server: Server, key: str) -> None:
    server.edit(LIBRARY, key, relations={"dc:relation": uri("ABCD2345")})


def _linked(server: Server, key: str) -> None:
    server.put(LIBRARY, [{"itemType": "attachment", "linkMode": "linked_file", "parentItem": key, "title": "PDF"}])


def _stored(server: Server, key: str) -> None:
    server.put(LIBRARY, [{"itemType": "attachment", "linkMode": "imported_url", "parentItem": key, "title": "PDF"}])


def _kept_note(server: Server, key: str) -> None:
    server.put(LIBRARY, [{**note(key), "tags": [{"tag": "mine"}]}])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (_relate, "relations that are not united: dc:relation"),
        (_linked, "on somebody's own disk"),
        (_stored, "a stored file"),
        (_kept_note, "protected by the tag 'mine'"),
        (lambda server, key: server.edit(LIBRARY, key, deleted=1), "in the trash"),
        (lambda server, key: server.edit(LIBRARY, key, tags=[{"tag": "mine"}]), "protected by the tag"),
        (lambda server, key: server.edit(LIBRARY, key, collections=[COLLECTIONS[0]]), "protected by the collection"),
        (lambda server, key: server.edit(LIBRARY, key, itemType="magazineArticle"), "of different types"),
    ],
)
def test_groups_that_are_left_alone(tmp_path: Path, change: Any, said: str) -> None:
    desk = Doubles(tmp_path, [[{"volume": "7"}, {}]])
    change(desk.server, desk.groups[0][1])
    desk.remember()
    protection = Protection(tags=("mine",), collections=(COLLECTIONS[0],))
    with pytest.raises(Unmergeable, match=said):
        desk.plan_with(protection, files=False)


def test_of_equally_full_ones_that_is_kept_which_stands_for_others_then_the_oldest(tmp_path: Path) -> None:
    desk = Doubles(tmp_path, [[{}, {}]])
    older, newer = desk.groups[0]
    desk.server.edit(LIBRARY, newer, dateAdded="2001-01-01T00:00:00Z")
    assert next(iter(desk.plan().lines)) == newer
    desk.server.edit(LIBRARY, older, relations={"dc:replaces": uri("ABCD2345")})
    assert next(iter(desk.plan().lines)) == older


def web_of(library: str, key: str) -> Web:
    return Web(Address(library), key, transport=Transport(Server(limits=False)))


def test_a_key_that_sees_no_notes_merges_nothing() -> None:
    web = web_of("users/7", "NONOTESNONOTESNONOTES777")
    rights = preflight.writer(web)
    with pytest.raises(SourceError, match="may not see notes"):
        preflight.merging(web, rights)


@pytest.mark.parametrize(
    ("library", "editing", "may"),
    [
        ("users/7", "", True),
        ("groups/70", "none", False),
        ("groups/70", "admins", True),
        ("groups/80", "admins", False),
        ("groups/80", "members", True),
    ],
)
def test_stored_files_move_by_the_groups_settings(library: str, editing: str, may: bool) -> None:
    web = web_of(library, "FULLKEYFULLKEYFULLKEY777")
    server = web._paced.inner.server  # type: ignore[attr-defined]
    if editing:
        server.world.groups[int(library[7:])]["fileEditing"] = editing
    assert preflight.merging(web, web.rights()) is may


def test_a_desktops_library_is_not_merged() -> None:
    with pytest.raises(SourceError, match="Duplicate Items"):
        preflight.demand_web(Address.parse("zotero:local"))


def test_files_move_where_they_may(tmp_path: Path) -> None:
    desk = Doubles(tmp_path, [[{"volume": "7"}, {}]])
    _stored(desk.server, desk.groups[0][1])
    desk.remember()
    roles = [step.role for step in desk.plan().lines.values()]  # type: ignore[union-attr]
    assert roles == ["survivor", "child", "loser"]
