"""Interchange with rispy's dicts: what rispy itself would read, and back."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
import rispy
from hypothesis import given
from hypothesis import strategies as st
from rispy.config import DELIMITED_TAG_MAPPING, LIST_TYPE_TAGS, TAG_KEY_MAPPING

from reflint.errors import SourceError
from reflint.formats import ris
from reflint.formats.rispy import dumps, from_rispy, to_rispy
from reflint.model.record import Record, Span

FIXTURES = Path(__file__).parents[2] / "fixtures"


class Plain:
    """The least a Format can be."""

    name = "ris"

    def variable(self, record: Record, position: int) -> str | None:
        return None

    def span(self, record: Record, position: int | None, within: tuple[int, int] | None = None) -> Span | None:
        return None

    def csl(self, record: Record) -> dict[str, object]:
        return {}


def record(*pairs: tuple[str, str]) -> Record:
    return Record(Plain(), "document", tuple(tag for tag, _ in pairs), tuple(value for _, value in pairs))


def text_of(*pairs: tuple[str, str]) -> str:
    return "".join(f"{tag}  - {value}\n" for tag, value in pairs) + "ER  - \n"


ARTICLE = (
    ("TY", "JOUR"),
    ("AU", "Okafor, Ngozi"),
    ("A1", "The Group"),
    ("AU", "Tuilagi, Sefo"),
    ("TI", "Salt, silt and memory"),
    ("SN", "2615-0018"),
    ("SN", "2615-0131"),
    ("AB", "First line.\nSecond line.\n\nAfter an empty one."),
    ("N1", "Publisher Copyright:\n© 2019, The Author."),
    ("KW", "creeks\nsilt"),
    ("UR", "https://example.org/a;jsessionid=1"),
    ("U2", "10.5555/x"),
    ("JI", "J. Coast. Restor."),
    ("U2", "again\nand again"),
    ("IS", ""),
    ("PY", "2017"),
)


def test_a_record_becomes_what_rispy_reads() -> None:
    assert to_rispy(record(*ARTICLE)) == rispy.loads(text_of(*ARTICLE))[0]


def test_what_rispy_loses_is_lost_and_no_more() -> None:
    reference = to_rispy(record(*ARTICLE))
    assert reference["issn"] == "2615-0018"
    assert reference["abstract"] == "First line. Second line.  After an empty one."
    assert reference["notes"] == ["Publisher Copyright:", "© 2019, The Author."]
    assert reference["urls"] == ["https://example.org/a", "jsessionid=1"]
    assert reference["unknown_tag"] == {"U2": ["10.5555/x", "again", "and again"], "JI": ["J. Coast. Restor."]}


def test_tags_in_small_letters_and_records_without_type_are_taken_along() -> None:
    assert to_rispy(record(("ti", "A title"))) == {"type_of_reference": "GEN", "title": "A title"}


def test_a_reference_becomes_tags_and_values_in_order() -> None:
    reference = {
        "authors": ["Okafor, Ngozi", "Tuilagi, Sefo"],
        "type_of_reference": "JOUR",
        "title": "Salt",
        "unknown_tag": {"U2": ["10.5555/x", "again"]},
        "year": 2017,
        "doi": None,
    }
    assert from_rispy(reference) == [
        ("TY", "JOUR"),
        ("AU", "Okafor, Ngozi"),
        ("AU", "Tuilagi, Sefo"),
        ("TI", "Salt"),
        ("U2", "10.5555/x"),
        ("U2", "again"),
        ("PY", "2017"),
    ]


@pytest.mark.parametrize(("long", "short"), [("Journal", "JOUR"), ("JOUR", "JOUR"), ("Odd", "Odd"), ("", "GEN")])
def test_rispys_long_type_names_are_understood(long: str, short: str) -> None:
    assert from_rispy({"type_of_reference": long}) == [("TY", short)]


def test_a_key_without_a_tag_is_refused() -> None:
    with pytest.raises(SourceError, match="'asreview_label'"):
        from_rispy({"type_of_reference": "JOUR", "asreview_label": 1})


def test_dumps_writes_canonical_ris() -> None:
    references = [
        {"type_of_reference": "JOUR", "title": "A", "number": "", "abstract": "One.\r\nTwo.\nER  - not the end"},
        {"type_of_reference": "BOOK", "title": "Ü"},
    ]
    assert dumps(references).decode() == (
        "TY  - JOUR\nTI  - A\nAB  - One.\nTwo. ER  - not the end\nER  - \n\nTY  - BOOK\nTI  - Ü\nER  - \n"
    )
    assert dumps([]) == b""


# Laws: rispy itself is the reference.

tags = st.sampled_from([*(tag for tag in TAG_KEY_MAPPING if tag not in ("TY", "ER", "UK")), "U1", "BT", "ZZ"])
lines = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), max_size=12).filter(
    lambda line: line[2:5] != "  -"
)
values = st.lists(lines, min_size=1, max_size=3).map("\n".join)
fields = st.lists(st.tuples(tags, values), max_size=8)


@given(fields)
def test_to_rispy_equals_rispy(pairs: list[tuple[str, str]]) -> None:
    given_pairs = (("TY", "JOUR"), *pairs)
    assert [to_rispy(record(*given_pairs))] == rispy.loads(text_of(*given_pairs))


@given(st.lists(fields, max_size=3))
def test_rispy_reads_back_what_is_dumped(many: list[list[tuple[str, str]]]) -> None:
    references = [to_rispy(record(("TY", "JOUR"), *pairs)) for pairs in many]
    expected = [to_rispy(record(*from_rispy(reference))) for reference in references]
    read_back = rispy.loads(dumps(references).decode())
    assert [without_blanks(reference) for reference in read_back] == [without_blanks(ref) for ref in expected]


def without_blanks(reference: Mapping[str, object]) -> dict[str, object]:
    """A reference without empty values, which `dumps` leaves out."""
    kept: dict[str, object] = {}
    for key, value in reference.items():
        if isinstance(value, list):
            kept[key] = [text for text in value if text]
        elif isinstance(value, dict):
            kept[key] = {tag: [text for text in texts if text] for tag, texts in value.items() if any(texts)}
        else:
            kept[key] = value
    return {key: value for key, value in kept.items() if value}


# Files in the dialect that rispy reads. The others of fixtures/ are read by rispy with loss, or not at all.
DIALECT = """
    atypon blank-lines-in-abstract bom citavi clean cochrane continuation covidence crcrlf
    dimensions ebsco embase endnote ieee lens mendeley mixed-line-ends no-final-newline openalex
    ovid proquest pubmed rayyan refworks scholar sciencedirect scopus springer stray-between
    text-after-er u2028 wos zotero pure-variants/two-space-crlf
""".split()


@pytest.mark.parametrize("name", DIALECT)
def test_our_reader_and_rispy_agree_on_whole_files(name: str) -> None:
    data = (FIXTURES / f"{name}.ris").read_bytes()
    text = data.decode("utf-8-sig").replace("\r\n", "\n")
    assert [to_rispy(record) for record in ris.read(data)] == rispy.loads(text)


def test_the_tables_are_rispys_own() -> None:
    assert set(LIST_TYPE_TAGS) == {"A1", "A2", "A3", "A4", "AU", "KW", "N1", "UR"}
    assert DELIMITED_TAG_MAPPING == {"UR": ";"}
