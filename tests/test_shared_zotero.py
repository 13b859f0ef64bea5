"""Measured on the shared collection of real Zotero items, where that stands beside the repository."""

from __future__ import annotations

import json
from typing import Any

import pytest

from reflint.engine.fixing import settle
from reflint.engine.pack import load
from reflint.engine.run import Engine
from reflint.formats import zotero
from tests.inputs import ROOT, RULES

DATA = ROOT.parent / "shared" / "data" / "zotero"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason=f"the shared collection is not at {DATA}")

COLLECTIONS = {"api-items": 186, "bbt-items": 3396, "translator-items": 1450}
ENGINE = Engine(load(RULES).rules)


def items_of(name: str) -> list[dict[str, Any]]:
    return [one["item"] for one in json.loads((DATA / f"{name}.json").read_bytes())]


@pytest.mark.parametrize(("name", "count"), COLLECTIONS.items())
@pytest.mark.parametrize("indent", [None, 2])
def test_every_item_is_read_and_written_back_to_the_byte(name: str, count: int, indent: int | None):
    items = items_of(name)
    for whole in (items, {"config": {}, "items": items}):
        data = json.dumps(whole, indent=indent, ensure_ascii=indent is None).encode()
        library = zotero.read(data)
        assert len(library) == count
        assert zotero.write(library) == zotero.stitched(library, list(library)) == data


@pytest.mark.parametrize("name", COLLECTIONS)
def test_every_field_has_its_place_and_its_value_stands_there(name: str):
    data = json.dumps(items_of(name), indent=1, ensure_ascii=False)
    lines = data.split("\n")
    for item in list(zotero.read(data.encode()))[::7]:
        for position, value in enumerate(item.values):
            span = item.format.span(item, position)
            assert span is not None
            if span.start_line == span.end_line:
                written = json.loads(lines[span.start_line - 1][span.start_column - 1 : span.end_column - 1])
                assert str(written) == value


@pytest.mark.parametrize("name", COLLECTIONS)
def test_repairs_settle_and_a_second_one_changes_nothing(name: str):
    data = json.dumps(items_of(name)).encode()
    for safeties in (("safe",), ("safe", "unsafe")):
        library = zotero.read(data)
        settled = [settle(item, ENGINE, zotero.apply_to_item, safeties) for item in library]
        assert [f.message for one in settled for f in one.left if f.rule.startswith("REF")] == []
        once = zotero.stitched(library, [one.record for one in settled if one.applied])
        again = zotero.read(once)
        more = [settle(item, ENGINE, zotero.apply_to_item, safeties) for item in again]
        assert [f.rule for one in more for f in one.applied] == []
        for before, after in zip(library, again, strict=True):
            assert zotero.item_type(before) == zotero.item_type(after)


def test_what_is_repaired_in_items_of_a_server_is_what_it_takes():
    for item in map(zotero.record, items_of("api-items")):
        after = settle(item, ENGINE, zotero.apply_to_item, ("safe", "unsafe")).record
        assert zotero.fault(zotero.item_type(item), zotero.patch(item, after)) == ""


def test_the_table_agrees_with_the_schema():
    server = json.loads((DATA / "schema.json").read_bytes())
    assert zotero.compare(server) == []
    assert zotero.extended(server).version == zotero.schema().version == server["version"]


@pytest.mark.parametrize("name", COLLECTIONS)
def test_the_neutral_view_and_back_again_give_an_item_that_a_server_takes(name: str):
    for item in map(zotero.record, items_of(name)):
        made = zotero.item_of(item.format.csl(item))
        fault = zotero.fault(made.pop("itemType"), made)
        assert fault == "" or "more than 255" in fault or "accessDate" in fault
