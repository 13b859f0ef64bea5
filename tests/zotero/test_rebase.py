"""What becomes of an item that is not as the plan says: each answer, and the words a person reads."""

from __future__ import annotations

from typing import Any

import pytest

from reflint.zotero.plan import Line
from reflint.zotero.rebase import MOST, of_conflict, of_doubt
from reflint.zotero.selection import Protection
from reflint.zotero.state import Standing
from reflint.zotero.web import Item
from tests.zotero.desk import article, relint

KEY = "ABCD2345"
OPEN = Protection()


def item(version: int = 3, **more: Any) -> Item:
    return {"key": KEY, "version": version, "data": {"key": KEY, "version": version, **article(0), **more}}


found = relint(("DOI002", "PAG003"), item())
assert found is not None
LINE: Line = found
OURS = {"pages": "400-424", "DOI": "10.5555/sand.0"}


def test_the_line_repairs_two_fields() -> None:
    assert LINE.set == OURS
    assert LINE.version == 3


@pytest.mark.parametrize(
    ("changes", "rebased", "expected"),
    [
        ({"title": "Sand at rest"}, 0, {"outcome": "rebased", "version": 5}),
        ({"title": "Sand at rest"}, MOST - 1, {"outcome": "rebased", "version": 5}),
        (OURS, 0, {"outcome": "already", "version": 5}),
        (OURS, MOST, {"outcome": "already", "version": 5}),
        ({"pages": "7"}, 0, {"outcome": "conflict", "why": "pages was changed by somebody meanwhile"}),
        (
            {"pages": "7", "DOI": ""},
            0,
            {"outcome": "conflict", "why": f"{', '.join(LINE.set)} was changed by somebody meanwhile"},
        ),
        ({"deleted": 1}, 0, {"outcome": "conflict", "why": "in the trash"}),
        (
            {"title": "Sand at rest"},
            MOST,
            {"outcome": "conflict", "why": f"changed by others {MOST + 1} times while it was to be written"},
        ),
    ],
)
def test_an_item_of_another_version(changes: dict[str, Any], rebased: int, expected: dict[str, Any]) -> None:
    assert of_conflict(LINE, item(5, **changes), rebased, relint, OPEN) == expected


@pytest.mark.parametrize(
    "proposed",
    [
        None,
        LINE.model_copy(update={"set": {**LINE.set, "pages": "400-425"}}),
        LINE.model_copy(update={"set": {"pages": LINE.set["pages"]}}),
    ],
    ids=["nothing", "another value", "fewer fields"],
)
def test_a_repair_that_the_rules_no_longer_propose_is_not_made(proposed: Line | None) -> None:
    answer = of_conflict(LINE, item(5, title="Sand at rest"), 0, lambda rules, item: proposed, OPEN)
    assert answer == {
        "outcome": "conflict",
        "why": "the item was changed; the rules no longer propose this repair",
    }


def test_an_undo_takes_back_what_is_still_ours() -> None:
    back = LINE.model_copy(update={"set": LINE.expect, "expect": LINE.set})
    changed = item(5, **OURS | {"pages": "7"})
    assert of_conflict(back, changed, 0, None, OPEN) == {
        "outcome": "rebased",
        "version": 5,
        "fields": ["DOI"],
        "why": "pages was changed again and stays",
    }
    assert of_conflict(back, item(5, **OURS, title="x"), 0, None, OPEN) == {
        "outcome": "rebased",
        "version": 5,
        "fields": list(LINE.set),
    }
    lost = of_conflict(back, item(5, pages="7", DOI="8"), 0, None, OPEN)
    assert lost["outcome"] == "conflict"


def standing(rebased: int = 0) -> Standing:
    return Standing("in doubt", 3, tuple(LINE.set), rebased)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (None, {"outcome": "gone", "why": "deleted"}),
        (item(3), {"outcome": "again"}),
        (item(4, **OURS), {"outcome": "applied", "version": 4, "fields": list(LINE.set)}),
        (
            item(6, **OURS | {"pages": "7"}),
            {"outcome": "applied", "version": 6, "fields": ["DOI"], "why": "pages was changed by somebody since"},
        ),
        (item(5, title="Sand at rest"), {"outcome": "rebased", "version": 5}),
    ],
    ids=["deleted", "as before", "written", "written, then changed", "changed by another only"],
)
def test_an_item_that_was_sent_without_an_answer(now: Item | None, expected: dict[str, Any]) -> None:
    assert of_doubt(LINE, now, standing(), relint, OPEN) == expected


def test_how_often_an_item_was_rebased_counts_in_doubt_too() -> None:
    assert of_doubt(LINE, item(5, title="x"), standing(MOST), relint, OPEN)["outcome"] == "conflict"
