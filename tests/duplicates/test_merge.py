"""Merging: one record of several, and no value lost unsaid."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from reflint.duplicates.merge import merge, united
from reflint.duplicates.titles import letters
from tests.duplicates.works import item

_texts = st.sampled_from(["Tidal Letters", "tidal letters", "Annals", "31", "salt; silt", "salt\nsilt", "0317-8471"])
_items = st.dictionaries(
    st.sampled_from("title container-title volume page keyword note ISSN DOI abstract publisher".split()),
    _texts,
    max_size=8,
)


def kept(items: list[dict[str, Any]]) -> dict[str, Any]:
    """The survivor after the merge."""
    done = merge(items)
    survivor = items[done.survivor]
    return survivor | {name: united(name, survivor.get(name), value) for name, value in done.given.items()}


@given(st.lists(_items, min_size=1, max_size=5))
def test_every_value_is_kept_or_told(items: list[dict[str, Any]]):
    after, done = kept(items), merge(items)
    told = {(one.variable, one.item) for one in done.differing}
    for position, one in enumerate(items):
        for name, value in one.items():
            parts = (
                value.replace("\n", ";").replace(",", ";").split(";")
                if name in ("keyword", "note", "ISSN")
                else [value]
            )
            have = letters(str(after[name]))
            assert (name, position) in told or all(letters(part) in have for part in parts)


@given(st.lists(_items, min_size=1, max_size=5))
def test_a_second_merge_takes_nothing_more(items: list[dict[str, Any]]):
    assert merge([kept(items)]).given == {}
    again = merge([kept(items), *items])
    assert again.survivor == 0 or not again.given


def test_the_fullest_is_kept_and_gets_what_it_lacks():
    poor, rich = item(page=None, issue=None, DOI="10.5555/x.1"), item(keyword="salt", publisher="Harbour Press")
    done = merge([poor, rich])
    assert (done.survivor, done.given) == (1, {"DOI": "10.5555/x.1"})
    assert [(one.variable, one.item) for one in done.filled] == [("DOI", 0)]
    assert done.differing == ()


def test_keywords_are_united_and_other_differences_told():
    done = merge([item(keyword="salt; silt", DOI="10.5555/x.1"), item(keyword="Silt; mud", volume="32")])
    assert done.given == {"keyword": "mud"}
    assert [(one.variable, one.value, one.instead) for one in done.differing] == [("volume", "32", "31")]
