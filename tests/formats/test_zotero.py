"""Zotero items: every shape read without loss, each field at its place, edits that leave all else alone."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reflint.errors import SourceError
from reflint.formats import zotero
from reflint.formats.json_text import load, rewritten
from reflint.formats.zotero import apply_to_item, data_of, record, stitched, version_of
from reflint.model.edit import Edit
from reflint.model.record import Record
from tests.inputs import FIXTURES

ARTICLE: dict[str, Any] = {
    "key": "ABCD2345",
    "version": 12,
    "itemType": "journalArticle",
    "title": "Salt marshes",
    "creators": [
        {"creatorType": "author", "firstName": "Ngozi", "lastName": "Okafor"},
        {"creatorType": "editor", "name": "Harbour Office"},
    ],
    "publicationTitle": "Coastal Notes",
    "date": "2019-05",
    "DOI": "",
    "pages": "12--20",
    "extra": "PMID: 31234567\nread",
    "tags": [{"tag": "sand", "type": 1}, {"tag": "tides"}],
    "collections": [],
    "relations": {},
}
ENVELOPE = {"key": "ABCD2345", "version": 12, "library": {"type": "user", "id": 1}, "meta": {}, "data": ARTICLE}
FIELDS = ["title", "author", "editor", "publicationTitle", "date", "pages", "extra", "tags", "tags"]


def position(item: Record, name: str) -> int:
    return item.positions(name)[0]


@pytest.mark.parametrize("item", [ARTICLE, ENVELOPE], ids=["data", "envelope"])
def test_an_item_of_the_server_is_a_record_of_its_fields(item: dict[str, Any]):
    found = record(item, 3)
    assert list(found.names) == FIELDS
    assert found.values[1:3] == ("Okafor, Ngozi", "Harbour Office")
    assert (found.key, found.type, found.index, version_of(found)) == ("ABCD2345", "article-journal", 3, 12)
    assert data_of(found) == ARTICLE
    assert found.format.title(found) == "Salt marshes"
    assert found.format.identity(found) == "ABCD2345"
    assert found.format.span(found, 0) is None


def test_items_of_better_bibtex_and_of_translators_are_read_alike():
    flat = {
        "itemType": "bookSection",
        "itemID": 4,
        "itemKey": "WXYZ2345",
        "publicationTitle": "Coasts",
        "volume": 3,
        "extra": ["DOI: 10.1234/x", "read"],
        "creators": [{"lastName": "Harbour Office", "fieldMode": 1, "creatorType": "author"}],
        "tags": ["sand", {"tag": ""}],
        "notes": ["<p>no</p>"],
    }
    found = record(flat)
    assert list(zip(found.names, found.values, strict=True)) == [
        ("publicationTitle", "Coasts"),
        ("volume", "3"),
        ("extra", "DOI: 10.1234/x\nread"),
        ("author", "Harbour Office"),
        ("tags", "sand"),
    ]
    assert (found.key, found.type, version_of(found)) == ("WXYZ2345", "chapter", None)
    assert found.format.identity(found) == "10.1234/x"
    assert not zotero.is_of_server(found)


@pytest.mark.parametrize(
    ("item_type", "name", "variable"),
    [
        ("journalArticle", "publicationTitle", "container-title"),
        ("conferencePaper", "proceedingsTitle", "container-title"),
        ("bookSection", "publicationTitle", "container-title"),
        ("case", "caseName", "title"),
        ("film", "director", "author"),
        ("videoRecording", "director", "director"),
        ("book", "seriesEditor", "collection-editor"),
        ("film", "cosponsor", None),
        ("journalArticle", "journalAbbreviation", "container-title-short"),
        ("book", "tags", "keyword"),
        ("book", "extra", "note"),
        ("book", "colour", None),
    ],
)
def test_a_field_means_what_its_item_type_says(item_type: str, name: str, variable: str | None):
    assert zotero.schema().variable_of(item_type, name) == variable


@pytest.mark.parametrize("kind", ["note", "attachment", "annotation", "hologram"])
def test_children_keep_their_own_type_and_unknown_types_are_documents(kind: str):
    assert record({"itemType": kind}).type == ("document" if kind == "hologram" else kind)


def test_the_neutral_view_takes_names_dates_and_what_extra_says():
    item = record({**ARTICLE, "extra": "PMID: 31234567\nType: dataset\nread", "DOI": "10.1234/x"})
    assert item.format.csl(item) == {
        "id": "ABCD2345",
        "type": "dataset",
        "title": "Salt marshes",
        "author": [{"family": "Okafor", "given": "Ngozi"}],
        "editor": [{"literal": "Harbour Office"}],
        "container-title": "Coastal Notes",
        "issued": {"date-parts": [[2019, 5]]},
        "DOI": "10.1234/x",
        "page": "12--20",
        "PMID": "31234567",
        "keyword": "sand; tides",
        "note": "read",
    }


TEXT = """[ {"key": "ABCD2345", "version": 3,
    "data": {"itemType" : "book", "title":"A \\u00e9tude\\n",
      "creators":[{"creatorType":"author","lastName":"B", "firstName":"A"}],  "numPages": 12,
      "tags":[{"tag":"x"} , {"tag":"y", "type":1}],
      "url": "http://x\\/y", "title": "Last", "DOI": ""}},
  {"itemType":"book", "title":"T", "tags":["a"]}
]
"""


def test_a_text_is_kept_to_the_byte_and_each_value_has_its_place():
    library = zotero.read(TEXT.encode(), name="x.json")
    assert (len(library), library.format, library.name) == (2, "zotero", "x.json")
    assert zotero.write(library) == TEXT.encode()
    assert stitched(library, list(library)) == TEXT.encode()
    book, other = library
    lines = TEXT.split("\n")
    for place, name in enumerate(book.names):
        span = book.format.span(book, place)
        assert span is not None
        assert span.start_line == span.end_line
        written = lines[span.start_line - 1][span.start_column - 1 : span.end_column - 1]
        expected = {"title": '"Last"', "author": '{"creatorType":"author","lastName":"B", "firstName":"A"}'}
        assert written == expected.get(name, written)
        assert name in expected or book.values[place] in written.replace("\\/", "/")
    first = other.format.span(other, None)
    assert first is not None
    assert (first.start_line, first.start_column) == (6, 3)
    url = book.format.span(book, position(book, "url"), (7, 9))
    assert url is not None
    assert lines[4][url.start_column - 1 : url.end_column - 1] == "x\\/"


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "utf-32-le"])
def test_every_encoding_of_json_is_read_and_written_back(codec: str):
    data = json.dumps({"items": [{**ARTICLE, "title": "Étude 中"}]}, ensure_ascii=False).encode(codec)
    library = zotero.read(data)
    assert library[0].first("title") == "Étude 中"
    assert zotero.write(library) == data
    new = apply_to_item(library[0], [Edit("set", "title", 0, "Étude 中", "Étude")])
    assert zotero.read(stitched(library, [new]))[0].first("title") == "Étude"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b'[{"itemType": "book",}]', "not valid JSON: line 1, column 22"),
        (b'{"a":\n', "not valid JSON: line 2"),
        (b'[{"id": "a", "type": "book"}]', "this is CSL-JSON"),
        (b"[\n 1]", "line 2, column 2: an item must be an object"),
        (b'"book"', "neither a list of items nor an item"),
        (b'{"items": [{"title": "T"}]}', "the item has no itemType"),
        (b"\xff", "not valid UTF-8"),
        (b"[" * 100_000, "nested too deep"),
        (b"[" + b"9" * 5000 + b"]", "too many digits"),
    ],
)
def test_what_is_no_zotero_json_is_refused_by_its_place(data: bytes, message: str):
    with pytest.raises(SourceError, match=message):
        zotero.read(data)


def test_edits_change_what_they_name_and_nothing_else():
    library = zotero.read(TEXT.encode())
    book = library[0]
    edits = [
        Edit("set", "author", position(book, "author"), "B, A", "B, Ana"),
        Edit("set", "numPages", position(book, "numPages"), "12", "13"),
        Edit("insert", "DOI", -1, None, "10.1234/é"),
        Edit("insert", "tags", position(book, "tags"), None, "z"),
        Edit("delete", "url", position(book, "url"), "http://x/y", None),
    ]
    new = apply_to_item(book, edits)
    written = stitched(library, [new]).decode()
    expected = (
        TEXT.replace('"firstName":"A"', '"firstName":"Ana"')
        .replace("12,", "13,")
        .replace('"DOI": ""', '"DOI": "10.1234/\\u00e9"')
        .replace('{"tag":"x"} ,', '{"tag":"x"} , {"tag": "z"} ,')
        .replace('"http://x\\/y"', '""')
    )
    assert written == expected
    assert new.values == zotero.read(written.encode())[0].values
    assert data_of(book)["numPages"] == 12  # the old record is as it was


@pytest.mark.parametrize(
    ("creator", "after", "expected"),
    [
        ({"firstName": "A", "lastName": "B"}, "B, Ana", {"firstName": "Ana", "lastName": "B"}),
        ({"firstName": "A", "lastName": "B"}, "C, A", {"firstName": "A", "lastName": "C"}),
        ({"firstName": "J", "lastName": "B, Jr"}, "B, Jr, John", {"firstName": "John", "lastName": "B, Jr"}),
        ({"firstName": "A", "lastName": "B"}, "B, A, Jr.", {"firstName": "A, Jr.", "lastName": "B"}),
        ({"name": "John Smith"}, "Smith, John", {"firstName": "John", "lastName": "Smith"}),
        ({"name": "John  Smith"}, "John Smith", {"name": "John Smith"}),
        ({"name": "Office of Land, Sea"}, "Office of Land, Sea, Air", {"name": "Office of Land, Sea, Air"}),
        ({"firstName": "", "lastName": "Plato"}, "Platon", {"firstName": "", "lastName": "Platon"}),
        ({"lastName": "IBM", "fieldMode": 1}, "I.B.M.", {"lastName": "I.B.M.", "fieldMode": 1}),
    ],
)
def test_a_name_is_written_in_the_fields_it_had(creator: dict[str, Any], after: str, expected: dict[str, Any]):
    item = record({"itemType": "book", "creators": [{"creatorType": "author", "orcid": "x", **creator}]})
    new = apply_to_item(item, [Edit("set", "author", 0, item.values[0], after)])
    assert data_of(new)["creators"] == [{"creatorType": "author", "orcid": "x", **expected}]
    assert new.values == (after,)


def test_automatic_tags_stay_automatic_when_they_are_split():
    item = record({"itemType": "book", "tags": [{"tag": "a; b", "type": 1}, {"tag": "c"}, "d; e"]})
    edits = [
        Edit("set", "tags", 0, "a; b", "a"),
        Edit("insert", "tags", 0, None, "b"),
        Edit("delete", "tags", 1, "c", None),
        Edit("set", "tags", 2, "d; e", "d"),
        Edit("insert", "tags", 2, None, "e"),
    ]
    new = apply_to_item(item, edits)
    assert data_of(new)["tags"] == [{"tag": "a", "type": 1}, {"tag": "b", "type": 1}, "d", "e"]
    assert zotero.automatic_tags(new) == [0, 1]


def test_a_field_moves_and_leaves_the_empty_string_behind():
    item = record({**ARTICLE, "itemType": "conferencePaper"})
    move = Edit(
        "move", "publicationTitle", position(item, "publicationTitle"), "Coastal Notes", None, "proceedingsTitle"
    )
    roles = Edit("move", "editor", 2, "Harbour Office", None, "contributor")
    data = data_of(apply_to_item(item, [move, roles]))
    assert (data["proceedingsTitle"], data["publicationTitle"]) == ("Coastal Notes", "")
    assert data["creators"][1] == {"creatorType": "contributor", "name": "Harbour Office"}


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (Edit("set", "title", 0, "Another", "X"), "check the source again"),
        (Edit("set", "title", 99, None, "X"), "has no field 99"),
        (Edit("insert", "numPages", -1, None, "3"), "'numPages' is no field of a journalArticle"),
        (Edit("insert", "pages", -1, None, "3"), "pages has a value already"),
        (Edit("insert", "director", -1, None, "Diaz, Ana"), "'director' is no creator type of a journalArticle"),
        (Edit("move", "title", 0, "Salt marshes", None, "proceedingsTitle"), "is no field of a journalArticle"),
    ],
)
def test_an_edit_that_cannot_be_is_refused(edit: Edit, message: str):
    with pytest.raises(SourceError, match=message):
        apply_to_item(record(ARTICLE), [edit])


def test_a_csl_item_becomes_a_zotero_item_that_a_server_takes():
    csl = {
        "id": 1,
        "type": "paper-conference",
        "title": "Tides",
        "author": [
            {"family": "Gogh", "non-dropping-particle": "van", "given": "V.", "suffix": "Jr."},
            {"literal": "IHO"},
        ],
        "chair": [{"family": "Diaz", "given": "Ana"}],
        "container-title": ["Coasts 2019", "C19"],
        "container-title-short": "C19",
        "issued": {"date-parts": [["2019", 5, 2], [2019, 5, 4]]},
        "page": "1-9",
        "keyword": "sand; tides; sand",
        "note": "read",
        "colour": "red",
    }
    item = zotero.item_of(csl)
    assert item == {
        "itemType": "conferencePaper",
        "title": "Tides",
        "proceedingsTitle": "Coasts 2019",
        "date": "2019-05-02/2019-05-04",
        "pages": "1-9",
        "creators": [
            {"creatorType": "author", "firstName": "V., Jr.", "lastName": "van Gogh"},
            {"creatorType": "author", "name": "IHO"},
        ],
        "tags": [{"tag": "sand"}, {"tag": "tides"}],
        "extra": "chair: Diaz || Ana\ncontainer-title-short: C19\nread",
    }
    assert zotero.fault("conferencePaper", {k: v for k, v in item.items() if k != "itemType"}) == ""
    assert zotero.item_of({"type": "review", "issued": {"date-parts": [[2019]], "season": 2}}) == {
        "itemType": "document",
        "date": "Summer 2019",
        "creators": [],
        "tags": [],
        "extra": "Type: review",
    }


@pytest.mark.parametrize("path", sorted(FIXTURES.glob("*.zotero.json")), ids=lambda path: path.name)
def test_every_fixture_is_read_and_written_back(path):
    data = path.read_bytes()
    library = zotero.read(data)
    assert len(library) >= 3
    assert zotero.write(library) == stitched(library, list(library)) == data


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-99, 99) | st.text('ab"\\\n é中', max_size=4),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("abc", max_size=2), inner, max_size=4),
    max_leaves=12,
)


@given(json_values, json_values, st.sampled_from([None, 2, "\t"]), st.booleans())
def test_rewritten_json_says_the_new_and_keeps_the_old(old: Any, new: Any, indent: Any, ascii_only: bool):
    text = json.dumps(old, indent=indent, ensure_ascii=ascii_only)
    assert rewritten(text, 0, old, load(text)) == text
    written = json.loads(rewritten(text, 0, old, new))
    assert written == new


@given(st.dictionaries(st.text("abc", max_size=3), json_values, min_size=1, max_size=5), st.data())
def test_one_changed_member_leaves_the_others_to_the_character(old: dict[str, Any], data: st.DataObject):
    text = json.dumps(old, indent=1)
    key = data.draw(st.sampled_from(sorted(old)))
    written = rewritten(text, 0, old, {**old, key: "changed"})
    assert json.loads(written) == {**old, key: "changed"}
    assert written.replace(json.dumps("changed"), json.dumps(old[key], indent=1).replace("\n", "\n "), 1) == text or (
        "changed" in json.dumps(old)
    )
