"""What a write to Zotero's server says: patches, what the server stores and refuses, and the schema it goes by."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reflint.errors import SourceError
from reflint.formats import zotero
from reflint.formats.zotero import apply_to_item, patch, record
from reflint.model.edit import Edit
from tests.formats.test_zotero import ARTICLE, ENVELOPE, position


def test_a_patch_holds_what_changed_and_no_more():
    before = record(ENVELOPE)
    edits = [
        Edit("set", "pages", position(before, "pages"), "12--20", " 12-20\r\n"),
        Edit("delete", "tags", 8, "tides", None),
    ]
    after = apply_to_item(before, edits)
    assert patch(before, after) == {"pages": "12-20", "tags": [{"tag": "sand", "type": 1}]}
    assert patch(before, before) == patch(after, after) == {}
    same = apply_to_item(before, [Edit("set", "title", 0, None, "Salt marshes \t")])
    assert patch(before, same) == {}
    newer = record({**ARTICLE, "version": 14, "dateModified": "2020-01-01T00:00:00Z"})
    assert patch(before, newer) == {}
    assert patch(before, record({k: v for k, v in ARTICLE.items() if k != "date"})) == {"date": ""}


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        (" \t\r\n\0\x0ba b\n", "a b"),
        ("a\r\nb\rc", "a\nbc"),
        ("a\x01b\x1f\x7f\tc", "ab\tc"),
        ("\u00a0a\u3000\u200b", "\u00a0a\u3000\u200b"),
        ("e\u0301 <b>&amp;", "e\u0301 <b>&amp;"),
    ],
)
def test_a_text_is_normalised_as_the_server_does(text: str, stored: str):
    assert zotero.normalised(text) == stored


@given(st.text("\x00\x01 \t\r\n\x0b\x1f\x7f\u00a0abc"))
def test_what_is_normalised_is_at_rest(text: str):
    assert zotero.normalised(zotero.normalised(text)) == zotero.normalised(text)


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"DOI": "10.1234/x", "title": ""}, ""),
        ({"proceedingsTitle": ""}, ""),
        ({"proceedingsTitle": "x"}, "not a valid field for type 'journalArticle'"),
        ({"colour": ""}, "invalid property 'colour'"),
        ({"volume": 3}, "volume: text is wanted, not int"),
        ({"title": "é" * 32_767}, ""),
        ({"title": "é" * 32_768}, "65,536 bytes"),
        ({"note": "x"}, "invalid property 'note'"),
        ({"accessDate": "yesterday"}, "no ISO date"),
        ({"accessDate": "2020-01-02T03:04:05Z"}, ""),
        ({"tags": [{"tag": "x" * 255, "type": 1}]}, ""),
        ({"tags": [{"tag": "x" * 256}]}, "more than 255"),
        ({"tags": ["x"]}, "an object of tag and type"),
        ({"tags": "x"}, "a list is wanted"),
        ({"creators": [{"creatorType": "author", "name": "x" * 255}]}, ""),
        ({"creators": [{"creatorType": "author", "name": "x" * 256}]}, "more than 255"),
        ({"creators": [{"creatorType": "author", "lastName": "x"}]}, "either name, or firstName and lastName"),
        ({"creators": [{"creatorType": "director", "name": "x"}]}, "not a valid creator type"),
        ({"creators": [{"creatorType": "author", "firstName": "", "lastName": ""}]}, "it has no name"),
        ({"creators": [{"creatorType": "author", "name": "x", "orcid": "y"}]}, "invalid creator property 'orcid'"),
        ({"creators": ["x"]}, "an object is wanted"),
        *[({name: ""}, "never changed") for name in ("itemType", "collections", "relations", "deleted", "version")],
    ],
)
def test_what_the_server_would_refuse_is_known_before(changed: dict[str, Any], fault: str):
    found = zotero.fault("journalArticle", changed)
    assert fault in found
    assert bool(fault) == bool(found)


def test_notes_and_unknown_types_have_their_own_limits():
    assert zotero.fault("note", {"note": "x" * 500_000}) == ""
    assert "500,000" in zotero.fault("note", {"note": "x" * 500_001})
    assert zotero.fault("hologram", {}) == "unknown item type 'hologram'"


def newer_schema() -> dict[str, Any]:
    """A schema in the shape of a server's, with an item type and a field that ours lacks."""
    article = [{"field": name} for name in (*zotero.schema().fields_of("journalArticle"), "preregistration")]
    roles = [{"creatorType": "author", "primary": True}, {"creatorType": "reviewer"}]
    return {
        "version": 99,
        "itemTypes": [
            {"itemType": "journalArticle", "fields": article, "creatorTypes": roles},
            {"itemType": "hologram", "fields": [{"field": "glow", "baseField": "title"}], "creatorTypes": []},
        ],
        "csl": {
            "types": {"article-journal": ["journalArticle"], "graphic": ["hologram"]},
            "fields": {"text": {"title": ["title"]}, "date": {"issued": "date"}},
            "names": {"author": "author"},
        },
    }


def test_a_newer_server_is_compared_and_believed():
    assert zotero.compare(newer_schema()) == [
        "journalArticle: field preregistration",
        "journalArticle: creator type reviewer",
        "item type hologram",
    ]
    wider = zotero.extended(newer_schema())
    assert zotero.compare({**newer_schema(), "itemTypes": []}) == []
    assert (wider.version, wider.csl_type("hologram")) == (99, "graphic")
    assert wider.variable_of("hologram", "glow") == "title"
    assert wider.is_valid("book", "numPages")
    assert zotero.fault("journalArticle", {"preregistration": "x"}) != ""
    assert zotero.fault("journalArticle", {"preregistration": "x"}, wider) == ""
    with pytest.raises(SourceError, match="no Zotero schema"):
        zotero.extended({"version": "x"})


def test_the_table_holds_the_facts_that_writers_need():
    table = zotero.schema()
    regular = [kind for kind in table.item_types if kind not in ("note", "attachment", "annotation")]
    assert (len(table.item_types), len(regular), table.version) == (40, 37, 41)
    assert all(table.is_valid(kind, "DOI") for kind in regular)
    assert [kind for kind in regular if table.is_valid(kind, "PMID")] == ["journalArticle"]
    assert sum(table.is_valid(kind, "ISSN") for kind in regular) == 9
    assert table.own_name("conferencePaper", "publicationTitle") == "proceedingsTitle"
    assert table.own_name("book", "publicationTitle") is None
    assert table.creators_of("podcast")[0] == "podcaster"
    assert {table.csl_type(kind) for kind in regular if table.item_type_of(table.csl_type(kind)) == kind} >= {"book"}
    for kind in regular:
        for csl in ("title", "author", "issued"):
            assert table.names_in(kind, csl)[0] in (*table.fields_of(kind), *table.creators_of(kind))
