"""The steps of a merge plan: what each may say, when its turn is, and what a person reads of it."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from reflint.zotero.steps import Step
from tests.zotero.doubles import COLLECTIONS, uri

KEPT, LEFT, CHILD = "AAAA2222", "BBBB2222", "NNNN2222"
BASE = {"type": "merge", "group": KEPT, "version": 4}
GIVEN = {"language": "en", "relations": {"dc:replaces": uri(LEFT)}}
SURVIVOR: dict[str, Any] = {
    **BASE, "key": KEPT, "itemType": "journalArticle", "losers": [LEFT],
    "set": GIVEN, "expect": {"language": "", "relations": {}},
}  # fmt: skip
MOVED: dict[str, Any] = {
    **BASE, "key": CHILD, "itemType": "note", "set": {"parentItem": KEPT}, "expect": {"parentItem": LEFT},
}  # fmt: skip
LOSER: dict[str, Any] = {
    **BASE, "key": LEFT, "itemType": "journalArticle", "set": {"deleted": 1}, "expect": {"deleted": 0},
}  # fmt: skip
PLACES = [SURVIVOR, MOVED, LOSER]
DIFFERS = {"issue": {"kept": "2", "left": "3"}}
STANDS = "the item that is kept stands for others, and is neither moved nor trashed"
BELONGS = "`losers` belongs to the item that is kept, `differs` and `why` to one that goes to the trash"
ONLY = "only `deleted` is set here"
MOVES = "a note or attachment moves to the item that is kept"


def step(given: dict[str, Any], **more: Any) -> Step:
    return Step.model_validate({**given, **more})


def undone(given: dict[str, Any]) -> dict[str, Any]:
    return {**given, "type": "unmerge", "set": given["expect"], "expect": given["set"]}


def test_a_merge_gives_then_moves_then_trashes_and_its_undoing_the_reverse() -> None:
    there = [step(given) for given in PLACES]
    assert [one.role for one in there] == ["survivor", "child", "loser"]
    assert [one.rank for one in there] == [0, 1, 2]
    assert [one.is_last for one in there] == [False, False, True]
    back = [step(undone(given)) for given in PLACES]
    assert [one.role for one in back] == ["survivor", "child", "loser"]
    assert [one.rank for one in back] == [2, 1, 0]
    assert [one.is_last for one in back] == [True, False, False]


def test_only_what_is_merged_must_be_as_it_was_read() -> None:
    assert [step(given).strict for given in PLACES] == [True, False, True]
    assert not any(step(undone(given)).strict for given in PLACES)


@pytest.mark.parametrize(
    "good",
    [
        SURVIVOR,
        {**SURVIVOR, "set": {}, "expect": {}},
        {**SURVIVOR, "losers": [LEFT, CHILD]},
        {**SURVIVOR, "set": {"collections": [COLLECTIONS[0]]}, "expect": {"collections": []}},
        {**MOVED, "itemType": "attachment"},
        LOSER,
        {**LOSER, "differs": DIFFERS, "why": ["the same DOI"]},
    ],
)
def test_a_step_is_read_back_as_it_was_written_with_nothing_besides(good: dict[str, Any]) -> None:
    for given in (good, undone(good)):
        found = step(given)
        assert found.model_dump() == given
        assert Step.model_validate_json(found.model_dump_json()) == found


BAD: dict[str, tuple[dict[str, Any], str]] = {
    "kept for nobody": ({**SURVIVOR, "losers": []}, STANDS),
    "kept for itself": ({**SURVIVOR, "losers": [LEFT, KEPT]}, STANDS),
    "a note that is kept": ({**SURVIVOR, "itemType": "note", "set": {}, "expect": {}}, STANDS),
    "kept and trashed": ({**SURVIVOR, "set": {"deleted": 1}, "expect": {"deleted": 0}}, STANDS),
    "kept and moved": ({**SURVIVOR, "set": {"parentItem": LEFT}, "expect": {"parentItem": CHILD}}, STANDS),
    "a child for others": ({**MOVED, "losers": [LEFT]}, BELONGS),
    "a child that differs": ({**MOVED, "differs": DIFFERS}, BELONGS),
    "a child with a reason": ({**MOVED, "why": ["the same DOI"]}, BELONGS),
    "one for the trash for others": ({**LOSER, "losers": [CHILD]}, BELONGS),
    "trashed and filled": (
        {**LOSER, "set": {"deleted": 1, "language": "en"}, "expect": {"deleted": 0, "language": ""}}, ONLY,
    ),
    "filled only": ({**LOSER, "set": {"language": "en"}, "expect": {"language": ""}}, ONLY),
    "nothing": ({**LOSER, "set": {}, "expect": {}}, ONLY),
    "a note for the trash": ({**LOSER, "itemType": "note"}, ONLY),
    "an attachment for the trash": ({**LOSER, "itemType": "attachment"}, ONLY),
    "moved elsewhere": ({**MOVED, "set": {"parentItem": LEFT}, "expect": {"parentItem": KEPT}}, MOVES),
    "moved back from elsewhere": ({**MOVED, "type": "unmerge"}, MOVES),
    "an article that moves": ({**MOVED, "itemType": "journalArticle"}, MOVES),
    "a value that stays": (
        {**SURVIVOR, "set": {"language": "en", "tags": [{"tag": "a"}], "relations": {}},
         "expect": {"language": "", "tags": [{"tag": "a", "type": 0}], "relations": {}}},
        "tags, relations: the new value is the old one",
    ),
    "no old value": (
        {**SURVIVOR, "expect": {"volume": ""}},
        "`set` and `expect` must name the same fields (language, relations, volume)",
    ),
    "a field of another type": (
        {**SURVIVOR, "itemType": "book", "set": {"issue": "2"}, "expect": {"issue": ""}}, "issue",
    ),
    "a value that is there": (
        {**SURVIVOR, "set": {"language": "en"}, "expect": {"language": "de"}}, "a merge only fills what is empty",
    ),
    "version 0": ({**LOSER, "version": 0}, "greater than or equal to 1"),
    "a version in words": ({**LOSER, "version": "4"}, "valid integer"),
    "something besides": ({**LOSER, "rules": []}, "Extra inputs"),
    "something besides in a difference": (
        {**LOSER, "differs": {"issue": {**DIFFERS["issue"], "x": "1"}}}, "Extra inputs",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", BAD)
def test_what_is_no_step_of_a_merge_is_refused(what: str) -> None:
    given, said = BAD[what]
    with pytest.raises(ValidationError) as error:
        Step.model_validate(given)
    assert said in str(error.value)


def test_a_person_reads_why_an_item_goes_to_the_trash_and_what_it_says_otherwise() -> None:
    authors = [
        {"creatorType": "author", "lastName": "Field", "firstName": "Ada"}, {"creatorType": "author", "name": "Tides"},
    ]  # fmt: skip
    differs = {"issue": {"kept": "2", "left": "3"}, "creators": {"kept": authors, "left": authors[:1]}}
    found = step(LOSER, why=["the same DOI"], differs=differs)
    told = ["the same DOI", "issue: 3 (kept: 2)", "creators: Field, Ada (kept: Field, Ada; Tides)"]
    assert found.evidence == {"deleted": told}
    assert step(SURVIVOR).evidence == step(MOVED).evidence == {}
    assert (found.rules, found.confidence) == ([], "high")
