"""Plan files: read back as written, and refused with the line when a hand has made nonsense of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from reflint.errors import SourceError
from reflint.zotero import plan
from reflint.zotero.plan import Header, Line, Plan
from reflint.zotero.values import same

HEADER = Header(
    library="groups/70", lmv=9, userID=7, tool="reflint", rules=["PAG003"], schema_version=41, snapshot_sha256="0" * 64
)


def line(**more: Any) -> dict[str, Any]:
    return {
        "type": "fix", "key": "ABCD2345", "itemType": "journalArticle", "version": 4,
        "set": {"pages": "420-434"}, "expect": {"pages": "420-34"}, "rules": ["PAG003"], "confidence": "high",
    } | more  # fmt: skip


def saved(path: Path, *lines: dict[str, Any] | str) -> Path:
    rows = [HEADER.model_dump_json(by_alias=True), *(one if isinstance(one, str) else json.dumps(one) for one in lines)]
    path.write_text("\n".join(rows) + "\n", "utf-8")
    return path


def test_a_plan_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    made = Plan(HEADER, [Line.model_validate(line(key="ZZZZ2345")), Line.model_validate(line())])
    (tmp_path / "p").write_text("".join(made.texts()), "utf-8")
    found = plan.read(tmp_path / "p")
    assert list(found.lines) == ["ABCD2345", "ZZZZ2345"]
    assert (found.header, found.lines, found.sha256) == (made.header, made.lines, made.sha256)


def test_the_hash_changes_with_every_value(tmp_path: Path) -> None:
    one = plan.read(saved(tmp_path / "a", line())).sha256
    assert one != plan.read(saved(tmp_path / "b", line(set={"pages": "420-435"}))).sha256
    assert one == plan.read(saved(tmp_path / "c", "", line())).sha256


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("{", "line 2: .*JSON"),
        (line(key="abc"), "line 2: key"),
        (line(version=0), "line 2: version"),
        (line(version="4"), "line 2: version"),
        (line(set={}), "line 2: set"),
        (line(colour="red"), "line 2: colour"),
        (line(expect={}), "must name the same fields"),
        (line(set={"pages": "420-34"}), "the new value is the old one"),
        (line(set={"itemType": "book"}, expect={"itemType": "x"}), "never changed"),
        (line(set={"deleted": "1"}, expect={"deleted": ""}), "never changed"),
        (line(set={"bookTitle": "x"}, expect={"bookTitle": ""}), "not a valid field"),
        (line(set={"nonsense": "x"}, expect={"nonsense": ""}), "nonsense"),
        (line(set={"pages": "x" * 70_000}), "65,535"),
        (line(set={"pages": {"a": 1}}), "line 2: set"),
        (line(set={"tags": [{"tag": "x" * 256}]}, expect={"tags": []}), "255"),
    ],
)
def test_nonsense_is_named_with_its_line(tmp_path: Path, wrong: Any, said: str) -> None:
    with pytest.raises(SourceError, match=said):
        plan.read(saved(tmp_path / "p", wrong))


def test_an_item_may_stand_once(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="line 3: ABCD2345 stands twice"):
        plan.read(saved(tmp_path / "p", line(), line()))


def test_what_is_no_plan_is_refused(tmp_path: Path) -> None:
    (tmp_path / "empty").write_text("")
    (tmp_path / "bytes").write_bytes(b"\xff\xfe\x00")
    (tmp_path / "ris").write_text("TY  - JOUR\n")
    for name, said in (("empty", "no plan"), ("bytes", "not UTF-8"), ("ris", "line 1"), ("absent", "No such file")):
        with pytest.raises(SourceError, match=said):
            plan.read(tmp_path / name)


def test_the_published_schema_takes_every_line_of_a_plan() -> None:
    schema = plan.schema()
    made = Plan(HEADER, [Line.model_validate(line())])
    for text in made.texts():
        jsonschema.validate(json.loads(text), schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(line(version=0), schema)


@pytest.mark.parametrize(
    ("field", "one", "other", "alike"),
    [
        ("title", " Sand \r\n", "Sand", True),
        ("title", "Sand", "sand", False),
        ("title", "", None, True),
        ("tags", [{"tag": "b"}, {"tag": "a", "type": 1}], [{"tag": "a", "type": 1}, {"tag": "b", "type": 0}], True),
        ("tags", [{"tag": "a", "type": 1}], [{"tag": "a"}], False),
        ("tags", [], "", True),
        ("creators", [{"name": "A"}, {"name": "B"}], [{"name": "B"}, {"name": "A"}], False),
        ("creators", [{"lastName": "A ", "firstName": ""}], [{"firstName": "", "lastName": "A"}], True),
    ],
)
def test_values_are_compared_as_zotero_stores_them(field: str, one: Any, other: Any, alike: bool) -> None:
    assert same(field, one, other) is alike


def test_tags_are_the_same_in_any_order_whatever_a_file_says_of_their_type():
    assert same("tags", [{"tag": "a"}, {"tag": "b", "type": 1}], [{"tag": "b", "type": 1}, {"tag": "a", "type": 0}])
    assert not same("tags", [{"tag": "a"}], [{"tag": "a", "type": 1}])
    assert not same("tags", [{"tag": "a"}], [{"tag": "a", "type": "manual"}])
