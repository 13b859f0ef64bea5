"""CSL-JSON: read without loss, edited in place."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from reflint.errors import SourceError
from reflint.formats import csl
from reflint.formats.csl.values import DATES, NAMES, date_parts, date_text
from reflint.model.edit import Edit
from reflint.model.record import Record

FIXTURE = Path(__file__).parents[2] / "fixtures" / "library.csl.json"
LIBRARY = FIXTURE.read_bytes()

ITEM = """[
  {
    "id": "a",
    "title": "Old",
    "volume": 25,
    "author": [
      {"family": "Okafor", "given": "Ngozi", "ORCID": "x"},
      {"literal": "The Group"}
    ],
    "issued": {"date-parts": [[2017, 1]]}
  }
]
"""


def fields(record: Record) -> list[tuple[str, str]]:
    return list(zip(record.names, record.values, strict=True))


def edit(op: str, record: Record, name: str, after: str | None = None, nth: int = 0, to: str | None = None) -> Edit:
    position = record.positions(name)[nth]
    return Edit(op, name, position, record.values[position], after, to)  # type: ignore[arg-type]


def applied(text: str, *edits: Edit, index: int = 0) -> str:
    return csl.apply(text, index, edits).decode()


def first(text: str) -> Record:
    return next(iter(csl.read(text.encode())))


# Reading


def test_items_become_records_in_order_with_id_as_key() -> None:
    records = list(csl.read(LIBRARY, name="library.csl.json"))
    assert [record.key for record in records] == [
        "okafor2017salt",
        "42",
        "http://zotero.example/users/1/items/ABCD2345",
        "compact",
        "season",
        "range",
    ]
    assert [record.index for record in records] == list(range(6))
    assert [record.type for record in records][:3] == ["article-journal", "chapter", "book"]


@pytest.mark.parametrize(
    ("json_name", "text"),
    [
        ({"family": "Okafor", "given": "Ngozi"}, "Okafor, Ngozi"),
        ({"literal": "Amatique Bay, Monitoring Group"}, "Amatique Bay, Monitoring Group"),
        ({"family": "Meulen", "given": "Joost", "non-dropping-particle": "van der"}, "van der Meulen, Joost"),
        ({"family": "Beethoven", "given": "Ludwig", "dropping-particle": "van"}, "Beethoven, Ludwig van"),
        ({"family": "King", "given": "Martin", "suffix": "Jr."}, "King, Martin, Jr."),
        ({"family": "Plato"}, "Plato"),
        ({"given": "Madonna"}, "Madonna"),
        ({"family": "King", "suffix": "Jr."}, "King, , Jr."),
        ("A string", "A string"),
        ({"name": "odd"}, '{"name": "odd"}'),
        ({}, "{}"),
        (None, ""),
    ],
)
def test_a_name_is_family_comma_given(json_name: object, text: str) -> None:
    record = first(json.dumps([{"id": "x", "author": [json_name]}]))
    assert record.values[1] == text


@pytest.mark.parametrize(
    ("json_date", "text"),
    [
        ({"date-parts": [[2017]]}, "2017"),
        ({"date-parts": [[2017, 1]]}, "2017-01"),
        ({"date-parts": [["2017", "1", "09"]]}, "2017-01-09"),
        ({"date-parts": [[2017, 0, 0]]}, "2017"),
        ({"date-parts": [[2019, 9, 17], [2019, 9, 19]]}, "2019-09-17/2019-09-19"),
        ({"date-parts": [[-44, 3, 15]]}, "-0044-03-15"),
        ({"raw": "circa 2011"}, "circa 2011"),
        ({"literal": "n.d."}, "n.d."),
        ({"date-parts": [[]], "raw": "2011"}, "2011"),
        ({"date-parts": [[]]}, ""),
        ({"date-parts": [["2011", "Spring"]]}, '{"date-parts": [["2011", "Spring"]]}'),
        ("2011", "2011"),
        (2011, "2011"),
        ({}, ""),
        ({"season": 1}, ""),
        ({"year": 2011}, '{"year": 2011}'),
    ],
)
def test_a_date_is_written_as_iso_does(json_date: object, text: str) -> None:
    record = first(json.dumps([{"id": "x", "issued": json_date}]))
    assert record.values[1] == text


def test_numbers_keep_every_digit() -> None:
    digits = "9" * 6000
    record = first(f'[{{"id": 1, "volume": {digits}, "issue": 1.50, "number": 1e5, "page": NaN}}]')
    assert record.values == ("1", digits, "1.50", "1e5", "NaN")
    assert record.format.csl(record)["volume"] == digits


def test_repeated_keys_are_fields_of_their_own() -> None:
    record = first('[{"id": "x", "title": "A", "title": "B"}]')
    assert fields(record) == [("id", "x"), ("title", "A"), ("title", "B")]
    assert record.format.csl(record) == {"id": "x", "title": "B"}
    assert applied('[{"title": "A", "title": "B"}]', Edit("delete", "title", 0, "A", None)) == '[{"title": "B"}]'


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_every_unicode_encoding_is_read_and_edited(codec: str) -> None:
    text = '[{"id": "x", "title": "Façade 𝔸"}]'
    data = text.encode(codec)
    library = csl.read(data)
    assert library[0].values[1] == "Façade 𝔸"
    assert csl.write(library) == data
    assert csl.apply(library, 0, [Edit("set", "title", 1, "Façade 𝔸", "Ünïcode")]) == text.replace(
        "Façade 𝔸", "Ünïcode"
    ).encode(codec)


@pytest.mark.parametrize(
    "text", ['{"id": "x", "type": "book"}', '{"items": [{"id": "x", "type": "book"}]}', '[{"id": "x", "type": "book"}]']
)
def test_an_item_may_stand_alone_in_a_list_or_under_items(text: str) -> None:
    assert [record.key for record in csl.read(text.encode())] == ["x"]
    changed = applied(text, Edit("set", "id", 0, "x", "y"))
    assert changed == text.replace('"x"', '"y"')


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "line 1, column 1"),
        ('[\n  {"id": }\n]', "line 2, column 10"),
        ('[{"id": "x"}\n {"id": "y"}]', "line 2, column 2"),
        ('[{"id": "x"}] more', "line 1, column 15"),
        ('[{"id": "x"},]', "line 1, column 14"),
        ('[{"id": "x"}', "line 1, column 13"),
        ("[1]", "line 1, column 2: an item must be an object"),
        ("7", "neither a list"),
        ('{"name": "reflint", "version": "1"}', "none of"),
        ('[{"key": "ABCD2345", "data": {"itemType": "book"}}]', "Zotero"),
        ('[{"id": "x", "custom": ' + "[" * 500 + "]" * 500 + "}]", "nested too deep"),
        ('[{"id": "x", "custom": ' + "[" * 100_000, "nested too deep"),
    ],
)
def test_what_cannot_be_read_is_said_with_its_place(text: str, message: str) -> None:
    with pytest.raises(SourceError, match=message.replace("(", r"\(")):
        csl.read(text.encode())


def test_bytes_that_are_not_unicode_are_refused() -> None:
    with pytest.raises(SourceError, match="is not valid UTF-8"):
        csl.read('[{"title": "façade"}]'.encode("latin-1"))


def test_half_a_character_is_shown_as_lost() -> None:
    text = r'[{"title": "cut \ud83d"}]'
    assert first(text).values == ("cut \ufffd",)
    assert csl.write(csl.read(text.encode())) == text.encode()


# The neutral view


def test_csl_gives_back_the_item_as_it_was() -> None:
    for record, item in zip(csl.read(LIBRARY), json.loads(LIBRARY), strict=True):
        assert record.format.csl(record) == item


def test_csl_of_a_changed_record_has_the_changed_values() -> None:
    record = first(ITEM)
    changed = Record(
        record.format,
        record.type,
        record.names,
        ("a", "New", "26", "Okafor, N.", "The Group", "2018"),
        0,
        "a",
        record.place,
    )
    assert changed.format.csl(changed) == {
        "id": "a",
        "title": "New",
        "volume": "26",
        "author": [{"family": "Okafor", "given": "N."}, {"literal": "The Group"}],
        "issued": {"date-parts": [[2018]]},
    }


def test_fields_mean_the_variable_they_are_named_after() -> None:
    record = first('[{"id": "x", "type": "book", "DOI": "10.5555/x", "journalAbbreviation": "J.", "custom": 1}]')
    assert [field.variable for field in record.fields] == [None, None, "DOI", "container-title-short", None]


# Spans


def test_spans_show_the_value_in_the_text() -> None:
    record = first(ITEM)
    span = record.format.span
    assert span(record, None) == (2, 3, 2, 4)
    assert span(record, 1) == (4, 14, 4, 19)
    assert span(record, 1, (1, 3)) == (4, 16, 4, 18)
    assert span(record, 4) == (8, 7, 8, 31)


def test_a_span_within_counts_escapes_as_one_code_point() -> None:
    record = first(r'[{"title": "a\u00e9\ud83d\ude00\"b"}]')
    assert record.values[0] == 'aé😀"b'
    assert record.format.span(record, 0, (2, 3)) == (1, 20, 1, 32)
    assert record.format.span(record, 0, (4, 5)) == (1, 34, 1, 35)


# Edits


@pytest.mark.parametrize(
    ("name", "nth", "after", "old", "new"),
    [
        ("title", 0, "New", '"Old"', '"New"'),
        ("title", 0, 'A "b"\n', '"Old"', r'"A \"b\"\n"'),
        ("volume", 0, "26", "25,", "26,"),
        ("volume", 0, "26a", "25,", '"26a",'),
        ("author", 0, "Okafor, N.", '"Ngozi"', '"N."'),
        ("author", 0, "Okaför, Ngozi", '"Okafor"', '"Okaför"'),
        ("author", 0, "Okafor, Ngozi, Jr.", '"x"}', '"x", "suffix": "Jr."}'),
        (
            "author",
            0,
            "Okafor Institute",
            '{"family": "Okafor", "given": "Ngozi", "ORCID": "x"}',
            '{"ORCID": "x", "literal": "Okafor Institute"}',
        ),
        ("author", 1, "Group, The", '"literal": "The Group"', '"family": "Group", "given": "The"'),
        ("author", 1, "Group", '"The Group"', '"Group"'),
        ("issued", 0, "2017-02-03", "[[2017, 1]]", "[[2017, 2, 3]]"),
        ("issued", 0, "in press", '"date-parts": [[2017, 1]]', '"raw": "in press"'),
    ],
)
def test_setting_a_value_changes_its_span_only(name: str, nth: int, after: str, old: str, new: str) -> None:
    assert ITEM.count(old) == 1
    assert applied(ITEM, edit("set", first(ITEM), name, after, nth)) == ITEM.replace(old, new)


def test_a_particle_stays_a_particle() -> None:
    text = '[{"author":[{"family":"Meulen","given":"J","non-dropping-particle":"van der"}]}]'
    changed = applied(text, Edit("set", "author", 0, "van der Meulen, J", "van der Meulen, Joost"))
    assert changed == text.replace('"J"', '"Joost"')


def test_the_escapes_of_an_ascii_file_are_kept_up() -> None:
    text = r'[{"title": "caf\u00e9", "note": "x"}]'
    assert applied(text, Edit("set", "note", 1, "x", "é")) == r'[{"title": "caf\u00e9", "note": "\u00e9"}]'


def test_an_object_that_is_no_date_is_replaced_as_a_whole() -> None:
    text = '[{"issued": {"year": 2011, "month": 5}}]'
    assert applied(text, Edit("set", "issued", 0, None, "")) == '[{"issued": {"raw": ""}}]'
    kept = applied(text, Edit("set", "issued", 0, None, "2011-05"))
    assert kept == '[{"issued": {"year": 2011, "month": 5, "date-parts": [[2011, 5]]}}]'


def test_dates_written_as_strings_stay_strings() -> None:
    text = '[{"issued":{"date-parts":[["2021","3"]]}}]'
    changed = applied(text, Edit("set", "issued", 0, "2021-03", "2021-03-09"))
    assert changed == '[{"issued":{"date-parts":[["2021","3","9"]]}}]'


def test_deleting_takes_the_member_with_its_line() -> None:
    record = first(ITEM)
    assert applied(ITEM, edit("delete", record, "volume")) == ITEM.replace('    "volume": 25,\n', "")
    assert applied(ITEM, edit("delete", record, "id")) == ITEM.replace('    "id": "a",\n', "")
    assert applied(ITEM, edit("delete", record, "issued")) == ITEM.replace(
        '    ],\n    "issued": {"date-parts": [[2017, 1]]}\n', "    ]\n"
    )


def test_deleting_names_takes_the_elements_and_the_list_with_the_last() -> None:
    record = first(ITEM)
    one = applied(ITEM, edit("delete", record, "author", nth=0))
    assert one == ITEM.replace('      {"family": "Okafor", "given": "Ngozi", "ORCID": "x"},\n', "")
    both = applied(ITEM, edit("delete", record, "author", nth=0), edit("delete", record, "author", nth=1))
    assert "author" not in json.loads(both)[0]


def test_deleting_everything_leaves_an_empty_item() -> None:
    record = first(ITEM)
    edits = [Edit("delete", n, i, v, None) for i, (n, v) in enumerate(fields(record))]
    assert json.loads(applied(ITEM, *edits)) == [{}]


def test_inserting_writes_as_the_item_is_written() -> None:
    changed = applied(
        ITEM,
        Edit("insert", "DOI", 1, None, "10.5555/x"),
        Edit("insert", "ISSN", 1, None, "2615-0018"),
        Edit("insert", "type", -1, None, "book"),
        Edit("insert", "editor", 5, None, "Tuilagi, Sefo"),
        Edit("insert", "editor", 5, None, "Harbour Office"),
        Edit("insert", "accessed", 5, None, "2020-01-02"),
    )
    title = '    "title": "Old",\n'
    assert changed == ITEM.replace('    "id"', '    "type": "book",\n    "id"').replace(
        title, title + '    "DOI": "10.5555/x",\n    "ISSN": "2615-0018",\n'
    ).replace(
        "[[2017, 1]]}\n",
        '[[2017, 1]]},\n    "editor": [{"family": "Tuilagi", "given": "Sefo"}, {"literal": "Harbour Office"}],\n'
        '    "accessed": {"date-parts": [[2020, 1, 2]]}\n',
    )


def test_inserting_a_name_goes_into_the_list_of_its_role() -> None:
    new = '      {"family": "Tuilagi", "given": "Sefo"}'
    group = '      {"literal": "The Group"}'
    insert = Edit("insert", "author", 3, None, "Tuilagi, Sefo")
    assert applied(ITEM, insert) == ITEM.replace(group, f"{new},\n{group}")
    assert applied(ITEM, insert._replace(position=5)) == ITEM.replace(group, f"{group},\n{new}")
    okafor = '      {"family": "Okafor"'
    assert applied(ITEM, insert._replace(position=0)) == ITEM.replace(okafor, f"{new},\n{okafor}")
    assert applied('{"id":1,"author":[]}', insert._replace(position=0)) == (
        '{"id":1,"author":[{"family":"Tuilagi","given":"Sefo"}]}'
    )


def test_moving_renames_the_key_where_the_value_is_written_alike() -> None:
    record = first(ITEM)
    assert applied(ITEM, edit("move", record, "title", "Old", to="title-short")) == ITEM.replace(
        '"title": "Old"', '"title-short": "Old"'
    )
    assert applied(ITEM, edit("move", record, "issued", "2017", to="submitted")) == ITEM.replace(
        '"issued": {"date-parts": [[2017, 1]]}', '"submitted": {"date-parts": [[2017]]}'
    )
    moved = json.loads(applied(ITEM, edit("move", record, "author", "The Group", nth=1, to="publisher")))[0]
    assert moved["publisher"] == "The Group"
    assert [name["family"] for name in moved["author"]] == ["Okafor"]
    moved = json.loads(applied(ITEM, edit("move", record, "title", "Old, Man", to="author")))[0]
    assert [name.get("family") for name in moved["author"]] == ["Old", "Okafor", None]


def test_an_edit_of_another_value_is_refused() -> None:
    with pytest.raises(SourceError, match="is 'Old', not 'Other'"):
        applied(ITEM, Edit("set", "title", 1, "Other", "New"))
    with pytest.raises(SourceError, match="no field 9"):
        applied(ITEM, Edit("set", "title", 9, None, "New"))
    with pytest.raises(SourceError, match="no item 3"):
        applied(ITEM, Edit("set", "title", 1, None, "New"), index=3)


# Laws

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
words = st.one_of(
    texts, st.sampled_from(["2017", "2017-01", "Okafor, Ngozi", "a, b, c", "a,b", ", ", "12", "true", "{}"])
)
numbers = st.integers() | st.floats(allow_nan=False)
scalars = words | numbers | st.booleans() | st.none()
anything = st.recursive(scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3))
names = st.dictionaries(
    st.sampled_from(["family", "given", "suffix", "literal", "non-dropping-particle", "dropping-particle", "x"]), words
)
dates = st.dictionaries(
    st.sampled_from(["date-parts", "raw", "literal", "season"]),
    words | st.lists(st.lists(st.integers(-3000, 3000) | words, max_size=4), max_size=3),
)
items = st.dictionaries(st.sampled_from(["id", "type", "title", "custom", "keyword"]), anything).flatmap(
    lambda plain: st.dictionaries(st.sampled_from(sorted(NAMES)[:3]), st.lists(names | anything, max_size=3)).flatmap(
        lambda people: st.dictionaries(st.sampled_from(sorted(DATES)[:3]), dates | anything).map(
            lambda times: {"id": "x", **plain, **people, **times}
        )
    )
)
indents = st.sampled_from([None, 0, 2, "\t"])


@st.composite
def json_texts(draw: st.DrawFn) -> str:
    separators = draw(st.sampled_from([None, (",", ":")]))
    return json.dumps(
        draw(st.lists(items, min_size=1, max_size=3)),
        indent=draw(indents),
        separators=separators,
        ensure_ascii=draw(st.booleans()),
    )


@given(st.binary() | json_texts().map(str.encode))
def test_reading_any_bytes_gives_a_library_or_a_source_error(data: bytes) -> None:
    try:
        library = csl.read(data)
    except SourceError:
        return
    assert csl.write(library) == data
    for record in library:
        assert len(record.names) == len(record.values)
        record.format.csl(record)


@given(json_texts(), st.data())
def test_setting_one_value_sets_it_and_leaves_the_rest(text: str, data: st.DataObject) -> None:
    library = csl.read(text.encode())
    record = data.draw(st.sampled_from(list(library)))
    assume(record.names)
    position = data.draw(st.integers(0, len(record.names) - 1))
    after = data.draw(words)
    changed = csl.apply(library, record.index, [Edit("set", record.names[position], position, None, after)])
    for old, new in zip(library, csl.read(changed), strict=True):
        if old.index != record.index:
            assert fields(old) == fields(new)
            continue
        assert old.names == new.names
        assert new.values[position] == after
        assert old.values[:position] == new.values[:position]
        assert old.values[position + 1 :] == new.values[position + 1 :]
    assert csl.apply(library, record.index, []) == text.encode()


@given(json_texts(), st.data())
def test_deleting_and_inserting_leave_the_other_fields(text: str, data: st.DataObject) -> None:
    library = csl.read(text.encode())
    record = data.draw(st.sampled_from(list(library)))
    count = len(record.names)
    assume(count)
    gone = data.draw(st.sets(st.integers(0, count - 1)))
    anchor = data.draw(st.integers(-1, count - 1))
    edits = [Edit("delete", record.names[i], i, record.values[i], None) for i in gone]
    edits.append(Edit("insert", "DOI", anchor, None, "10.5555/new"))
    if len(gone) == count:
        assert json.loads(csl.apply(library, record.index, edits))[record.index]["DOI"] == "10.5555/new"
        return
    new = csl.read(csl.apply(library, record.index, edits))[record.index]
    kept = [field for i, field in enumerate(fields(record)) if i not in gone]
    assert [field for field in fields(new) if field != ("DOI", "10.5555/new")] == kept
    assert new.names.count("DOI") == 1


@given(
    texts | st.sampled_from(["2017", "2017-01", "2017-01-02", "-0044", "2017/2018-02", "2017-00", "02017", "2017-13"])
)
def test_a_text_that_is_a_date_is_written_back_alike(text: str) -> None:
    parts = date_parts(text)
    if parts is not None:
        assert csl.read(json.dumps([{"issued": {"date-parts": parts}}]).encode())[0].values[0] == text
    assert date_text("x") == "x"
