"""From duplicates in a Zotero library to one item and back again, by the real commands against a real server."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import jsonschema
import pytest

from reflint.app.schemas import schemas
from tests.command import Ran, Shell
from tests.servers.zotero.serve import listening
from tests.servers.zotero.state import Server
from tests.word.builder import cite, docx, field, item, p, zotero
from tests.zotero.doubles import ARTICLE, OTHER, note, plain

LIBRARY = "groups/70"
GROUP = f"zotero:{LIBRARY}"
FULL = {**ARTICLE, "issue": "4", "ISSN": "0018-9340", "language": "en-GB"}
SPARE = {**ARTICLE, "DOI": "10.5555/marsh.31", "language": "en", "tags": [{"tag": "marsh"}]}


class Room(NamedTuple):
    """A group with an article twice, and the commands on it."""

    server: Server
    shell: Shell
    environment: dict[str, str]
    kept: str
    left: str
    note: str

    def __call__(self, *arguments: str, **more: str) -> Ran:
        return self.shell(*arguments, **self.environment | more)

    @property
    def items(self) -> dict[str, dict[str, Any]]:
        return self.server.items(LIBRARY)

    @property
    def written(self) -> int:
        """How many requests wrote something."""
        return sum(one.objects for one in self.server.requests if one.method == "POST")


@pytest.fixture
def room(reflint: Shell) -> Iterator[Room]:
    server = Server(limits=False)
    left, kept, _ = server.put(LIBRARY, [SPARE, FULL, OTHER])
    (child,) = server.put(LIBRARY, [note(left, "read twice")])
    with listening(server) as url:
        environment = {
            "REFLINT_ZOTERO_ENDPOINT": url,
            "REFLINT_STATE_DIR": str(reflint.folder / "state"),
            "REFLINT_CACHE_DIR": str(reflint.folder / "cache"),
            "ZOTERO_API_KEY": server.keys["full"],
            "NO_PROXY": "*",
        }
        yield Room(server, reflint, environment, kept, left, child)


def planned(room: Room) -> Ran:
    done = room("dedupe", "--plan", "merge.jsonl", "--html", "merge.html", GROUP)
    assert done.status == 1, done.err
    return done


def test_a_plan_says_what_is_kept_taken_and_different(room: Room) -> None:
    done = planned(room)
    assert "a merge plan (kept: 1, to the trash: 1, notes and attachments moved: 1)" in done.err
    assert "kept: b" in done.out or "kept: a" in done.out
    assert "DOI 10.5555/marsh.31" in done.out
    assert "language en (kept: en-GB)" in done.out
    lines = (room.shell.folder / "merge.jsonl").read_text().splitlines()
    assert [json.loads(line)["key"] for line in lines[1:]] == [room.kept, room.note, room.left]
    for line in lines:
        jsonschema.validate(json.loads(line), schemas()["plan"])
    page = (room.shell.folder / "merge.html").read_text()
    assert "in the trash" in page
    assert "language: en (kept: en-GB)" in page
    assert room.written == 0


def test_it_is_applied_only_when_asked_for_twice(room: Room) -> None:
    planned(room)
    refused = room("apply", "--yes", "merge.jsonl")
    assert refused.status == 2
    assert "to the trash: 1" in refused.err
    assert "--merge" in refused.err
    unasked = room("apply", "--merge", "merge.jsonl")
    assert unasked.status == 2
    assert "--yes" in unasked.err
    shown = room("apply", "--dry-run", "merge.jsonl")
    assert (shown.status, room.written) == (0, 0)
    assert "in the trash" in shown.out


def test_merged_and_taken_back(room: Room) -> None:
    planned(room)
    before = plain(room.items)
    done = room("apply", "--merge", "--yes", "-f", "json", "merge.jsonl")
    assert done.status == 0, done.err
    assert (done.json["applied"], done.json["conflicts"]) == (3, 0)
    items = room.items
    assert items[room.left]["deleted"] == 1
    assert items[room.note]["parentItem"] == room.kept
    assert items[room.kept]["DOI"] == "10.5555/marsh.31"
    assert items[room.kept]["language"] == "en-GB"
    assert room("dedupe", GROUP).status == 0
    undone = room("undo", "--yes", done.json["run"])
    assert undone.status == 0, undone.err
    assert plain(room.items) == before
    listed = room("runs", "-f", "json").json["runs"]
    assert listed[1]["undoes"] == listed[0]["run"]
    refused = room("undo", "--yes", listed[1]["run"])
    assert refused.status == 2
    assert "--merge" in refused.err


def test_a_manuscript_that_cites_the_other_finds_the_kept_one(room: Room) -> None:
    cited = cite(item(title="The marsh paper"), uris=[f"http://zotero.org/{LIBRARY}/items/{room.left}"])
    room.shell.write("thesis.docx", docx(p("As seen ", field(zotero(cited, plain="(Okafor 2014)"), "(Okafor 2014)"))))

    def said() -> dict[str, str]:
        ran = room("check", "thesis.docx", "--library", GROUP, "--select", "MSZ", "-f", "json")
        return {one["rule"]: one["message"] for one in ran.json["findings"]}

    assert said().keys() == {"MSZ003"}, "it is in the library, under another title"
    planned(room)
    assert room("apply", "--merge", "--yes", "merge.jsonl").status == 0
    assert said().keys() == {"MSZ003"}, "and is neither missing nor in the trash now"
    room.server.edit(LIBRARY, room.kept, relations={})
    assert "MSZ002" in said(), "without dc:replaces it would be"


def test_decisions_are_respected(room: Room) -> None:
    pair = re.findall(r"\[([0-9a-f]{16})\]", room("dedupe", GROUP).out)[:2]
    assert room("dedupe", "--apart", *pair, "--plan", "merge.jsonl", GROUP).status == 0
    assert (room.shell.folder / "merge.jsonl").read_text().count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("zotero:local",), "merged by Zotero itself"),
        ((f"{GROUP}/collections/ABCD2345",), "whole library"),
        ((GROUP, "zotero:groups/80"), "one Zotero library alone"),
        (("a.ris",), "one Zotero library alone"),
    ],
)
def test_what_no_plan_is_made_of(room: Room, arguments: tuple[str, ...], said: str) -> None:
    done = room("dedupe", "--plan", "merge.jsonl", *arguments)
    assert done.status == 2
    assert said in done.err
    assert not (room.shell.folder / "merge.jsonl").exists()


def test_a_key_that_may_only_read_makes_no_plan(room: Room) -> None:
    done = room("dedupe", "--plan", "merge.jsonl", GROUP, ZOTERO_API_KEY=room.server.keys["read"])
    assert done.status == 2
    assert "read-only" in done.err


def test_groups_that_cannot_be_merged_are_named_with_the_reason(room: Room) -> None:
    stored = {
        "itemType": "attachment", "linkMode": "imported_file", "parentItem": room.left, "title": "PDF",
        "filename": "a.pdf", "contentType": "application/pdf",
    }  # fmt: skip
    (file,) = room.server.put(LIBRARY, [stored])
    done = room("dedupe", "--plan", "merge.jsonl", GROUP)
    assert done.status == 1
    assert f"{file}, which would move, is a stored file, and you may not change those here" in done.err
    room.server.edit(LIBRARY, room.left, tags=[{"tag": "keep as it is"}])
    room.shell.write("reflint.toml", '[zotero]\nprotected-tags = ["keep as it is"]\n')
    assert "protected by the tag" in room("dedupe", "--plan", "merge.jsonl", GROUP).err
