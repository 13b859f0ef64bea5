"""Edits to RIS: what they change, and that nothing else changes."""

# ruff: noqa: E501  (a row of a table is read as one line)

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from reflint.errors import SourceError
from reflint.formats import ris
from reflint.formats.ris import Place
from reflint.formats.ris.emit import apply
from reflint.formats.ris.lines import physical_lines
from reflint.model.edit import Edit
from reflint.model.record import Record
from tests.inputs import FIXTURES, RIS_FIXTURES, canonical, canonical_records, name_of, ris_like_text


def record_of(data: bytes, index: int = 0) -> Record:
    return list(ris.read(data))[index]


def bytes_of(record: Record) -> bytes:
    assert isinstance(record.place, Place)
    return record.place.raw


def edited(data: bytes, *edits: Edit) -> bytes:
    return bytes_of(apply(record_of(data), edits))


def setting(position: int, after: str, field: str = "XX") -> Edit:
    return Edit("set", field, position, None, after)


def deleting(position: int) -> Edit:
    return Edit("delete", "XX", position, None, None)


def inserting(position: int, field: str, value: str) -> Edit:
    return Edit("insert", field, position, None, value)


def moving(position: int, to: str, after: str | None = None) -> Edit:
    return Edit("move", "XX", position, None, after, to)


SEPARATOR, END, ENCODING = "separator", "end", "encoding"
PLAIN = b"TY  - JOUR\nTI  - Salt\nAB  - one\ntwo\n\nthree\nKW  - mud\nER  - \n\n"
ONE_SPACE = b"TY - JOUR\nTI - Salt\nN1 - Note:\n\xc2\xa9 2019\nER -"

# (what, the record, the edits, the record after them)
EDITS: list[tuple[str, bytes, list[Edit], bytes]] = [
    ("set one line", PLAIN, [setting(1, "Sea")], PLAIN.replace(b"Salt", b"Sea")),
    ("set one line to several", PLAIN, [setting(1, "Sea\nand salt")], PLAIN.replace(b"Salt", b"Sea\nand salt")),
    ("set several lines to one", PLAIN, [setting(2, "all")], PLAIN.replace(b"one\ntwo\n\nthree", b"all")),
    ("set the first of several lines", PLAIN, [setting(2, "ONE\ntwo\n\nthree")], PLAIN.replace(b"one", b"ONE")),
    ("set the last of several lines", PLAIN, [setting(2, "one\ntwo\n\nTHREE")], PLAIN.replace(b"three", b"THREE")),
    ("set with CRLF", b"TY  - JOUR\r\nTI  - Salt\r\nER  - \r\n", [setting(1, "a\nb")], b"TY  - JOUR\r\nTI  - a\r\nb\r\nER  - \r\n"),
    ("set with CR CR LF", b"TY  - JOUR\r\r\nTI  - Salt\r\r\nER  - \r\r\n", [setting(1, "a")], b"TY  - JOUR\r\r\nTI  - a\r\r\nER  - \r\r\n"),
    ("set with CR alone", b"TY  - JOUR\rTI  - Salt\rER  - \r", [setting(1, "a\nb")], b"TY  - JOUR\rTI  - a\rb\rER  - \r"),
    ("set in one space", ONE_SPACE, [setting(1, "Sea")], ONE_SPACE.replace(b"Salt", b"Sea")),
    ("set a value without the space before it", b"TY  - JOUR\nVL  -\nER  - \n", [setting(1, "7")], b"TY  - JOUR\nVL  - 7\nER  - \n"),
    ("set a value of blanks", b"TY  - JOUR\nVL  -    \nER  - \n", [setting(1, "7")], b"TY  - JOUR\nVL  - 7\nER  - \n"),
    ("set an empty value in one space", b"TY - JOUR\nVL -\nER - \n", [setting(1, "7")], b"TY - JOUR\nVL - 7\nER - \n"),
    ("set an empty value behind a space", b"TY - JOUR\nVL - \nER - \n", [setting(1, "7")], b"TY - JOUR\nVL - 7\nER - \n"),
    ("set an empty value behind a tab", b"TY\t-\tJOUR\nVL\t-\t\nER\t-\n", [setting(1, "7")], b"TY\t-\tJOUR\nVL\t-\t7\nER\t-\n"),
    ("set the last line of a source that does not end", b"TY  - JOUR\nTI  - Salt", [setting(1, "Sea")], b"TY  - JOUR\nTI  - Sea"),
    ("set the last line to several", b"TY  - JOUR\nTI  - Salt", [setting(1, "a\nb")], b"TY  - JOUR\nTI  - a\nb"),
    ("set two fields", PLAIN, [setting(1, "Sea"), setting(3, "silt")], PLAIN.replace(b"Salt", b"Sea").replace(b"mud", b"silt")),
    ("set to what it is", PLAIN, [setting(2, "one\ntwo\n\nthree")], PLAIN),
    ("set the type", PLAIN, [setting(0, "BOOK")], PLAIN.replace(b"JOUR", b"BOOK")),
    ("delete one line", PLAIN, [deleting(3)], PLAIN.replace(b"KW  - mud\n", b"")),
    ("delete several lines", PLAIN, [deleting(2)], PLAIN.replace(b"AB  - one\ntwo\n\nthree\n", b"")),
    ("delete in one space", ONE_SPACE, [deleting(2)], b"TY - JOUR\nTI - Salt\nER -"),
    ("delete two fields", PLAIN, [deleting(2), deleting(3)], b"TY  - JOUR\nTI  - Salt\nER  - \n\n"),
    ("insert behind a field", PLAIN, [inserting(1, "DO", "10.5555/x")], PLAIN.replace(b"Salt\n", b"Salt\nDO  - 10.5555/x\n")),
    ("insert behind several lines", PLAIN, [inserting(2, "DO", "x")], PLAIN.replace(b"three\n", b"three\nDO  - x\n")),
    ("insert several lines", PLAIN, [inserting(1, "N1", "a\nb")], PLAIN.replace(b"Salt\n", b"Salt\nN1  - a\nb\n")),
    ("insert in the spelling of the field before", ONE_SPACE, [inserting(1, "DO", "x")], ONE_SPACE.replace(b"Salt\n", b"Salt\nDO - x\n")),
    ("insert with CRLF", b"TY  - JOUR\r\nTI  - a\r\nER  - \r\n", [inserting(1, "DO", "x")], b"TY  - JOUR\r\nTI  - a\r\nDO  - x\r\nER  - \r\n"),
    ("insert several lines with CRLF", b"TY  - JOUR\r\nTI  - a\r\nER  - \r\n", [inserting(1, "N1", "b\nc")], b"TY  - JOUR\r\nTI  - a\r\nN1  - b\r\nc\r\nER  - \r\n"),
    ("insert behind a last line that does not end", b"TY  - JOUR\nTI  - Salt", [inserting(1, "DO", "x")], b"TY  - JOUR\nTI  - Salt\nDO  - x"),
    ("insert behind a last line with CR alone", b"TY  - JOUR\rTI  - Salt", [inserting(1, "DO", "x")], b"TY  - JOUR\rTI  - Salt\rDO  - x"),
    ("insert behind a last line that ends with half a CRLF", b"TY  - JOUR\r\nTI  - Salt\r", [inserting(1, "DO", "x")], b"TY  - JOUR\r\nTI  - Salt\r\nDO  - x"),
    ("insert behind a last line that ends otherwise than the first", b"TY  - JOUR\nTI  - Salt\r\n", [inserting(1, "DO", "x")], b"TY  - JOUR\nTI  - Salt\r\nDO  - x\n"),
    ("insert several lines behind a last line that does not end", b"TY  - JOUR\nTI  - Salt", [inserting(1, "N1", "a\nb")], b"TY  - JOUR\nTI  - Salt\nN1  - a\nb"),
    ("insert a field without a value", PLAIN, [Edit("insert", "DO", 1, None, None)], PLAIN.replace(b"Salt\n", b"Salt\nDO  - \n")),
    ("insert two before all fields, in order", b"TI  - Salt\nER  - \n", [inserting(-1, "TY", "JOUR"), inserting(-1, "ID", "7")], b"TY  - JOUR\nID  - 7\nTI  - Salt\nER  - \n"),
    ("insert before all fields", b"TI  - Salt\nER  - \n", [inserting(-1, "TY", "JOUR")], b"TY  - JOUR\nTI  - Salt\nER  - \n"),
    ("insert two behind one field, in order", PLAIN, [inserting(3, "KW", "silt"), inserting(3, "KW", "sand")], PLAIN.replace(b"mud\n", b"mud\nKW  - silt\nKW  - sand\n")),
    ("insert behind a field that is deleted", PLAIN, [deleting(3), inserting(3, "KW", "silt")], PLAIN.replace(b"mud", b"silt")),
    ("move the type to the front", b"TI  - Salt\nTY  - JOUR\nER  - \n", [deleting(1), inserting(-1, "TY", "JOUR")], b"TY  - JOUR\nTI  - Salt\nER  - \n"),
    ("give a field another name", PLAIN, [moving(2, "N2")], PLAIN.replace(b"AB  -", b"N2  -")),
    ("give a field another name and value", PLAIN, [moving(1, "T2", "Sea")], PLAIN.replace(b"TI  - Salt", b"T2  - Sea")),
    ("give a field another name in one space", ONE_SPACE, [moving(2, "N2")], ONE_SPACE.replace(b"N1 -", b"N2 -")),
    ("set all separators", ONE_SPACE, [Edit("set", "TY", n, None, None, part=SEPARATOR) for n in (0, 1, 2, -1)], b"TY  - JOUR\nTI  - Salt\nN1  - Note:\n\xc2\xa9 2019\nER  - "),
    ("set a separator and a value", b"TY - JOUR\nTI - Salt\nER -\n", [Edit("set", "TI", 1, None, None, part=SEPARATOR), setting(1, "Sea"), Edit("set", "TY", 0, None, None, part=SEPARATOR)], b"TY  - JOUR\nTI  - Sea\nER -\n"),
    ("drop the spaces of a separator that is too wide", b"TY  -  JOUR\nTI  -  Salt \nER  - \n", [Edit("set", "TI", n, None, None, part=SEPARATOR) for n in (0, 1)], b"TY  - JOUR\nTI  - Salt \nER  - \n"),
    ("drop the second space of one line's separator", b"TY  - JOUR\nTI  -  Salt\nER  - \n", [Edit("set", "TI", 1, None, None, part=SEPARATOR)], b"TY  - JOUR\nTI  - Salt\nER  - \n"),
    ("drop the spaces of a separator, not a no-break space", b"TY  -  JOUR\nTI  -  \xc2\xa0Salt\nER  - \n", [Edit("set", "TI", n, None, None, part=SEPARATOR) for n in (0, 1)], b"TY  - JOUR\nTI  - \xc2\xa0Salt\nER  - \n"),
    ("end a record", b"TY  - JOUR\nTI  - Salt\n\n", [Edit("insert", "ER", -1, None, "", part=END)], b"TY  - JOUR\nTI  - Salt\nER  - \n\n"),
    ("end a record behind the second line of a value", b"TY  - JOUR\nTI  - Salt\nmarsh\n\n", [Edit("insert", "ER", -1, None, "", part=END)], b"TY  - JOUR\nTI  - Salt\nmarsh\nER  - \n\n"),
    ("end a record behind a field without a value", b"TY  - JOUR\nTI  - Salt\nVL  - \n\n", [Edit("insert", "ER", -1, None, "", part=END)], b"TY  - JOUR\nTI  - Salt\nVL  - \nER  - \n\n"),
    ("end a record and set its last value", b"TY  - JOUR\nTI  - Salt\nma\x00rsh\n", [setting(1, "Salt\nmarsh"), Edit("insert", "ER", -1, None, "", part=END)], b"TY  - JOUR\nTI  - Salt\nmarsh\nER  - \n\n"),
    ("end a record and add a last field", b"TY  - JOUR\nTI  - Salt\n", [Edit("insert", "ER", -1, None, "", part=END), inserting(1, "DO", "x")], b"TY  - JOUR\nTI  - Salt\nDO  - x\nER  - \n\n"),
    ("end a record and drop its last field", b"TY  - JOUR\nTI  - Salt\nVL  - 1\n", [deleting(2), Edit("insert", "ER", -1, None, "", part=END)], b"TY  - JOUR\nTI  - Salt\nER  - \n\n"),
    ("end a record without a last line end", b"TY  - JOUR\nTI  - Salt", [Edit("insert", "ER", -1, None, "", part=END)], b"TY  - JOUR\nTI  - Salt\nER  - \n\n"),
    ("end a record with CR alone", b"TY  - JOUR\rTI  - Salt", [Edit("insert", "ER", -1, None, "", part=END)], b"TY  - JOUR\rTI  - Salt\rER  - \r\r"),
    ("end a record whose last line ends with half a CRLF", b"TY  - JOUR\r\nTI  - Salt\r", [Edit("insert", "ER", -1, None, "", part=END)], b"TY  - JOUR\r\nTI  - Salt\r\nER  - \r\n\r\n"),
    ("end a record whose last line ends otherwise than the first", b"TY  - JOUR\nTI  - Salt\r\n", [Edit("insert", "ER", -1, None, "", part=END)], b"TY  - JOUR\nTI  - Salt\r\nER  - \n\n"),
    ("end a record with CRLF", b"TY  - JOUR\r\nTI  - Salt\r\n\r\n", [Edit("insert", "ER", -1, None, "", part=END)], b"TY  - JOUR\r\nTI  - Salt\r\nER  - \r\n\r\n"),
    ("drop the text behind ER", b"TY  - JOUR\nTI  - Salt\nER  - the end\n", [Edit("set", "ER", -1, "the end", "", part=END)], b"TY  - JOUR\nTI  - Salt\nER  - \n"),
    ("transcode", "TY  - JOUR\nTI  - Straße\nER  - \n".encode("cp1252"), [Edit("set", "TI", -1, "cp1252", "utf-8", part=ENCODING)], "TY  - JOUR\nTI  - Straße\nER  - \n".encode()),
    ("set in Windows-1252", "TY  - JOUR\nTI  - Straße\nVL  - 1\nER  - \n".encode("cp1252"), [setting(2, "2")], "TY  - JOUR\nTI  - Straße\nVL  - 2\nER  - \n".encode("cp1252")),
    ("set and transcode", "TY  - JOUR\nTI  - Straße\nER  - \n".encode("cp1252"), [setting(1, "Straße 中"), Edit("set", "TI", -1, "cp1252", "utf-8", part=ENCODING)], "TY  - JOUR\nTI  - Straße 中\nER  - \n".encode()),
    ("nothing", PLAIN, [], PLAIN),
]  # fmt: skip


@pytest.mark.parametrize(("data", "edits", "expected"), [row[1:] for row in EDITS], ids=[row[0] for row in EDITS])
def test_an_edit_changes_what_it_says_and_nothing_else(data: bytes, edits: list[Edit], expected: bytes):
    assert edited(data, *edits) == expected


def test_the_edited_record_keeps_its_number_and_its_line():
    data = b"TY  - JOUR\nTI  - Salt\nER  - \n\n" + PLAIN
    new = apply(record_of(data, 1), (setting(1, "Sea\nand mud"),))
    assert new.index == 1
    assert isinstance(new.place, Place)
    assert new.place.line == 5
    assert new.values[1] == "Sea\nand mud"


def test_the_edited_record_stands_behind_what_it_stood_behind():
    record = record_of(b"TY  - JOUR\nTI  - Salt\nER  -TY  - BOOK\nTI  - Sea\nER  - \n", 1)
    new = apply(record, (setting(0, "CHAP"), setting(1, "Mud")))
    assert (ris.RIS.span(new, 0), bytes_of(new)) == ((3, 6, 3, 16), b"TY  - CHAP\nTI  - Mud\nER  - \n")


def test_the_edited_record_has_the_type_it_was_given():
    assert apply(record_of(PLAIN), (setting(0, "CHAP"),)).type == "chapter"


@pytest.mark.parametrize(
    ("data", "edit", "why"),
    [
        (PLAIN, setting(1, "Salt\nER  - \nTY  - JOUR"), "2 records"),
        (PLAIN, setting(1, "a\nTY  - BOOK\nTI  - b"), "2 records"),
        ("TY  - JOUR\nTI  - Straße\nER  - \n".encode("cp1252"), setting(1, "中Straße"), "cp1252"),
    ],
    ids=["an end inside a value", "a type inside a value", "a character the encoding lacks"],
)
def test_an_edit_that_would_break_the_record_is_refused(data: bytes, edit: Edit, why: str):
    with pytest.raises(SourceError, match=why):
        apply(record_of(data), (edit,))


@pytest.mark.parametrize("value", ["Salt\nAU  - Someone, E.", "one\nKW  - two", "Salt\r"])
def test_an_edit_that_would_read_back_otherwise_is_refused(value: str):
    with pytest.raises(SourceError):
        apply(record_of(PLAIN), (setting(1, value),))


def test_an_edit_that_would_leave_lines_to_no_record_is_refused():
    data = b"TY  - \nER  - \nTI  - \rTY  - \nER -\nTY - Salt marsh\n"
    with pytest.raises(SourceError, match="no part of the record"):
        apply(record_of(data, 1), (setting(0, ""),))


EDITABLE = [(path, n) for path in RIS_FIXTURES for n, _ in enumerate(ris.read(path.read_bytes()))]


@pytest.mark.parametrize(("path", "number"), EDITABLE, ids=lambda x: name_of(x) if isinstance(x, Path) else str(x))
def test_each_field_of_each_fixture_can_be_set_deleted_renamed_and_followed_by_another(path: Path, number: int):
    record = record_of(path.read_bytes(), number)
    for position, name in enumerate(record.names):
        after_set = apply(record, (setting(position, "Other"),))
        assert after_set.names == record.names
        assert after_set.values == (*record.values[:position], "Other", *record.values[position + 1 :])
        inserted = apply(record, (inserting(position, "KW", "more"),))
        assert inserted.names == (*record.names[: position + 1], "KW", *record.names[position + 1 :])
        if name == "TY":
            continue
        assert apply(record, (deleting(position),)).names == record.names[:position] + record.names[position + 1 :]
        moved = apply(record, (moving(position, "N1"),))
        assert moved.names == (*record.names[:position], "N1", *record.names[position + 1 :])
        assert moved.values == record.values


def lines_of(record: Record) -> list[str]:
    place = record.place
    assert isinstance(place, Place)
    return [content + end for content, end in physical_lines(place.raw.decode(place.codec), place.cr_only)]


line_values = st.text(st.characters(codec="utf-8", exclude_characters="\n\r"), max_size=20).map(str.strip)


@given(st.lists(canonical_records, min_size=1, max_size=1), line_values, st.data(), st.sampled_from(["\n", "\r\n"]))
def test_setting_a_field_changes_its_lines_only(
    records: list[list[tuple[str, str]]], value: str, data: st.DataObject, end: str
):
    record = record_of(canonical(records, end))
    position = data.draw(st.integers(0, len(record.names) - 1))
    new = apply(record, (setting(position, value),))
    before, after = lines_of(record), lines_of(new)
    assert len(before) == len(after)
    assert [n for n, pair in enumerate(zip(before, after, strict=True)) if pair[0] != pair[1]] in ([], [position])
    assert new.names == record.names
    assert new.values[position] == ("" if value.isspace() else value)


spelt = st.sampled_from(["{}  - {}", "{} - {}", "{}  -  {}", "{}\t-\t{}", "  {}  - {}", "{}  – {}", "{}-{}"])


@given(spelt, ris_like_text, st.sampled_from(["utf-8", "cp1252"]), line_values, st.data())
def test_setting_a_field_of_any_record_leaves_the_lines_around_it(
    spelling: str, more: str, codec: str, value: str, data: st.DataObject
):
    head = f"{spelling.format('TY', 'JOUR')}\n{spelling.format('TI', 'Straße')}\n"
    record = data.draw(st.sampled_from(list(ris.read((head + more).encode(codec, "replace")))))
    # The type's own line says how the others are spelt.
    position = data.draw(st.sampled_from([n for n, name in enumerate(record.names) if name != "TY"] or [-1]))
    assume(position >= 0)
    place = record.place
    assert isinstance(place, Place)
    first, stop = place.ranges[position]
    try:
        new = apply(record, (setting(position, value),))
    except SourceError:
        return  # refused, and nothing has changed
    before, after = lines_of(record), lines_of(new)
    assert after[:first] == before[:first]
    assert after[len(after) - len(before[stop:]) :] == before[stop:]
    assert new.names == record.names
    assert new.values[:position] == record.values[:position]
    assert new.values[position + 1 :] == record.values[position + 1 :]


def test_utf16_fixtures_are_edited_as_text():
    library = ris.read((FIXTURES / "utf16.ris").read_bytes())
    record = next(iter(library))
    assert apply(record, (setting(1, "Größe 中"),)).values[1] == "Größe 中"
