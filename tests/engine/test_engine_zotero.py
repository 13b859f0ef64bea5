"""Zotero items in the engine: both engines agree on them, repairs settle, and no repair leaves the item type."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reflint.engine.binding import bind, field_names
from reflint.engine.fixing import settle
from reflint.engine.pack import Rule, load
from reflint.engine.run import Engine
from reflint.formats import zotero
from reflint.model.finding import Finding
from tests.inputs import FIXTURES, RULES

RULES_ALL = load(RULES).rules
FAST, PLAIN = Engine(RULES_ALL), Engine(RULES_ALL, plain=True)

_VALUES = st.sampled_from(
    [
        "",
        "Salt  marshes",
        "SALT MARSHES OF THE NORTHERN COAST",
        "<b>Salt</b> &amp; sand",
        "12(3)",
        "Vol. 12",
        "12–20",
        "420-34",
        "xii, 345 p.",
        "in press",
        "n/a",
        "null",
        "1.12.2019",
        "5 May 2019",
        "https://doi.org/10.1234/abc.",
        "10.1234/abc%2Fd",
        "0317-8471",
        "03178471",
        "978-3-16-148410-0",
        "SCOPUS:85012345678",
        "DOI: 10.1234/x\nPMID: 31234567\nread",
        "{:original-date: 1872}",
        "15 citations (Crossref) [2021-03-04]",
        "http://www.scopus.com/inward/record.url?scp=1&partnerID=8YFLogxK",
        "Journal of Coastal Notes",
        "J. Coast. Notes",
        "2nd ed.",
        "English",
        "Caf\u00c3\u00a9",
        "e\u0301tude",
        "a\u200bb\x01",
        "lost \ufffd",
        "July/Aug",
    ]
)
_NAMES = st.sampled_from(
    [
        {"firstName": "Ngozi", "lastName": "Okafor"},
        {"firstName": "NGOZI", "lastName": "OKAFOR"},
        {"firstName": "Ana, PhD", "lastName": "Diaz"},
        {"name": "John Smith"},
        {"name": "et al."},
        {"name": "Harbour Office"},
        {"lastName": "  Plato "},
    ]
)
_TAGS = st.sampled_from(
    [{"tag": "sand"}, {"tag": "Sand", "type": 1}, {"tag": "*dunes"}, {"tag": "a; b"}, "tides", {"tag": "_invalid DOI"}]
)


@st.composite
def items(draw: st.DrawFn) -> dict[str, Any]:
    """Items of every type with defects of every kind, in the forms of the server and of translators."""
    table = zotero.schema()
    kind = draw(st.sampled_from(table.item_types))
    fields = draw(
        st.lists(st.sampled_from([*table.fields_of(kind), "extra", "publicationTitle", "numPages"]), max_size=8)
    )
    roles = [*table.creators_of(kind), "author", "editor"]
    creators = [{"creatorType": draw(st.sampled_from(roles)), **draw(_NAMES)} for _ in range(draw(st.integers(0, 3)))]
    return {
        **({"key": "ABCD2345", "version": 3} if draw(st.booleans()) else {}),
        "itemType": kind,
        **{name: draw(_VALUES) for name in fields},
        "creators": creators,
        "tags": draw(st.lists(_TAGS, max_size=5)),
    }


def told(findings: list[Finding]) -> list[tuple[Any, ...]]:
    return sorted(((f.rule, f.severity, f.message, f.position, f.within, f.fix) for f in findings), key=repr)


@given(items())
def test_the_fast_engine_agrees_with_the_plain_one(item: dict[str, Any]):
    found = zotero.record(item)
    assert told(FAST.check(found)) == told(PLAIN.check(found))
    assert [f.message for f in PLAIN.check(found) if f.rule == "REF001"] == []


@given(items())
def test_a_repair_settles_and_a_second_one_changes_nothing(item: dict[str, Any]):
    before = zotero.record(item)
    for safeties in (("safe",), ("safe", "unsafe"), ("safe", "unsafe", "lookup")):
        once = settle(before, FAST, zotero.apply_to_item, safeties)
        assert [f.message for f in once.left if f.rule.startswith("REF")] == []
        assert zotero.data_of(settle(once.record, FAST, zotero.apply_to_item, safeties).record) == zotero.data_of(
            once.record
        )


@given(items())
def test_no_repair_sets_what_the_item_type_has_not(item: dict[str, Any]):
    before = zotero.record(item)
    after = settle(before, FAST, zotero.apply_to_item, ("safe", "unsafe")).record
    kind, table = zotero.item_type(before), zotero.schema()
    for name, value in zotero.data_of(after).items():
        if name in table.fields and value not in ("", zotero.data_of(before).get(name)):
            assert table.is_valid(kind, name) or zotero.data_of(before).get(name), (name, value)
    untouched = ("key", "version", "itemType")
    assert [zotero.data_of(after).get(name) for name in untouched] == [item.get(name) for name in untouched]


def rule_for(**applies: Any) -> Rule:
    check = {"use": "pattern", "match": "x"}
    return Rule("XYZ001", "x", "X", "info", "high", "stable", ("strict",), applies, {}, check, None, "x")


@pytest.mark.parametrize(
    ("applies", "type", "names"),
    [
        ({"csl": ["title"]}, "legal_case", ("caseName", "title")),
        ({"csl": ["container-title"]}, "chapter", ("bookTitle", "publicationTitle")),
        ({"csl": ["container-title"]}, "software", ()),
        ({"csl": ["DOI"], "zotero": ["DOI", "extra"]}, "book", ("DOI", "extra")),
        ({"ris": ["TI"]}, "book", ()),
        ({"csl": ["author"]}, "motion_picture", ("director", "creator")),
        ({"csl": ["note"]}, "book", ("extra",)),
    ],
)
def test_the_fields_of_a_rule_follow_from_csl_where_it_names_none(
    applies: dict[str, Any], type: str, names: tuple[str, ...]
):
    assert field_names(rule_for(**applies), "zotero", type) == names


def test_children_are_looked_at_only_by_rules_that_name_them():
    everything = rule_for(zotero="all")
    assert [bool(bind(everything, "zotero", kind, {})) for kind in ("book", "note", "attachment")] == [
        True,
        False,
        False,
    ]
    assert bind(rule_for(zotero=["title"], types=["attachment"]), "zotero", "attachment", {})


def test_the_clean_items_of_the_fixtures_have_nothing_to_warn_of():
    book = zotero.read((FIXTURES / "library.zotero.json").read_bytes())[1]
    assert [f.rule for f in FAST.check(book) if f.severity != "info"] == []
