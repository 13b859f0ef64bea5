"""RIS records made of CSL-JSON items: read again, they give the item back."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reflint.formats import ris
from reflint.formats.ris.compose import ris_of, ris_type
from reflint.formats.ris.tags import CSL_TYPES, tags_of

TYPES = sorted(set(CSL_TYPES.values()))
_WORDS = st.text("bcdfghjkmnpqrtvwxz", min_size=4, max_size=9).map(str.capitalize)
_TITLES = st.lists(_WORDS, min_size=3, max_size=6).map(" ".join)
_NUMBERS = st.integers(1, 999).map(str)
_PEOPLE = st.lists(
    st.one_of(
        st.builds(lambda family, given: {"family": family, "given": given}, _WORDS, _WORDS),
        st.builds(lambda word: {"literal": f"{word} University"}, _WORDS),
    ),
    min_size=1,
    max_size=3,
)
_DATES = st.one_of(
    st.builds(lambda y: {"date-parts": [[y]]}, st.integers(1500, 2030)),
    st.builds(
        lambda y, m, d: {"date-parts": [[y, m, d]]}, st.integers(1500, 2030), st.integers(1, 12), st.integers(1, 28)
    ),
    st.builds(lambda y, s: {"date-parts": [[y]], "season": s}, st.integers(1500, 2030), st.integers(1, 4)),
)
_VALUES = {
    **dict.fromkeys("title collection-title event-title publisher publisher-place".split(), _TITLES),
    **dict.fromkeys(["event-place", "genre", "abstract"], _TITLES),
    **dict.fromkeys("volume issue collection-number number-of-volumes chapter-number number".split(), _NUMBERS),
    **dict.fromkeys(["section", "edition", "call-number", "archive_location", "source"], _WORDS),
    **dict.fromkeys("editor translator contributor container-author performer collection-editor".split(), _PEOPLE),
    "container-title": _TITLES,
    "author": _PEOPLE,
    "issued": _DATES,
    "DOI": st.just("10.5555/salt.1"),
    "URL": st.just("https://example.org/salt"),
    "ISSN": st.just("0317-8471"),
    "ISBN": st.just("9780306406157"),
    "language": st.sampled_from(["en", "de", "pt-BR"]),
    "keyword": st.lists(_WORDS, min_size=1, max_size=3, unique=True).map("; ".join),
    "note": st.lists(_TITLES.map("Read: {}".format), min_size=1, max_size=2).map("\n".join),
    "page": st.builds(lambda start, more: f"{start}-{start + more}", st.integers(1, 900), st.integers(1, 90)),
    "number-of-pages": _NUMBERS,
}  # fmt: skip


def read(text: str) -> dict[str, Any]:
    (record,) = ris.read(text.encode())
    item = dict(record.format.csl(record))
    del item["id"]
    return item


def holds(variable: str, type: str) -> bool:
    """Whether RIS has a place for a variable in records of this type, and no other variable takes it."""
    if not tags_of(variable, type):
        return False
    if variable == "author" and type in ("motion_picture", "song"):
        return False
    return not (variable == "page" and tags_of("number-of-pages", type))


@st.composite
def items(draw: st.DrawFn) -> dict[str, Any]:
    """Items with variables that their type has a tag for."""
    type = draw(st.sampled_from(TYPES))
    item: dict[str, Any] = {"type": type, "title": draw(_TITLES)}
    for variable in draw(st.lists(st.sampled_from(sorted(_VALUES)), unique=True)):
        if holds(variable, type):
            item[variable] = draw(_VALUES[variable])
    return item


def settled(item: dict[str, Any]) -> dict[str, Any]:
    """What a reader knows more, or cannot tell apart: the article number is a page where no page is, A2 of a book
    without a series its editor."""
    if item["type"].startswith("article-") and "number" in item:
        item.setdefault("page", item["number"])
    if item["type"] == "book" and item.keys().isdisjoint(("editor", "collection-title", "collection-number")):
        item |= {"editor": item.pop("collection-editor")} if "collection-editor" in item else {}
    return item


@given(items())
def test_what_is_composed_reads_as_the_item(item: dict[str, Any]):
    assert read(ris_of(item)) == settled(dict(item))


@given(items())
def test_the_shape_of_a_record(item: dict[str, Any]):
    lines = ris_of(item).split("\n")
    assert (lines[0], lines[-2:]) == (f"TY  - {ris_type(item)}", ["ER  - ", ""])
    assert all(len(line) > 5 and line[2:6] == "  - " for line in lines[:-1])


SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9)
ODD = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3)
)


@given(st.dictionaries(st.sampled_from([*_VALUES, "type", "accessed", "PMID", "event", "title-short"]), ODD))
def test_whatever_is_in_an_item_it_is_one_record(item: dict[str, Any]):
    text = ris_of(item)
    (record,) = ris.read(text.encode("utf-8", "replace"))
    assert record.names[0] == "TY"
    assert text.count("\nER  - ") == 1


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        ({"type": "article-journal"}, "JOUR"),
        ({"type": "book"}, "BOOK"),
        ({"type": "document"}, "GEN"),
        ({"type": "article"}, "GEN"),
        ({"type": "article", "container-title": "Shore Geology"}, "JOUR"),
        ({"type": "figure"}, "FIGURE"),
        ({"type": "review-book"}, "JOUR"),
        ({"type": "no such type"}, "GEN"),
        ({}, "GEN"),
    ],
)
def test_types(item: dict[str, Any], expected: str):
    assert ris_type(item) == expected


def test_names_pages_and_ids():
    item = {
        "type": "article-journal",
        "author": [
            {"family": "Berg", "given": "A.", "non-dropping-particle": "van den", "suffix": "Jr."},
            {"family": "Osei"},
        ],
        "journalAbbreviation": "Shore Geol.",
        "container-title": "Shore Geology",
        "page": "12–19",
        "PMID": 123,
        "issued": {"raw": "May 2019"},
        "accessed": {"date-parts": [["2020", "2", "3"]]},
        "volume": 7,
        "title": "Salt\r\n  and sand",
    }
    assert ris_of(item) == (
        "TY  - JOUR\nAU  - van den Berg, A., Jr.\nAU  - Osei\nTI  - Salt and sand\nJF  - Shore Geology\n"
        "JA  - Shore Geol.\nVL  - 7\nPY  - 2019\nDA  - 2019/05//\nY2  - 2020/02/03/\n"
        "SP  - 12\nEP  - 19\nAN  - 123\nDB  - PubMed\nER  - \n"
    )
    assert read(ris_of(item))["PMID"] == "123"


def test_the_result_is_json_again():
    assert json.loads(json.dumps(read(ris_of({"type": "book", "title": "Salt"})))) == {"type": "book", "title": "Salt"}
