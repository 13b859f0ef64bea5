"""The RIS reader: every shape that exporters write, at its place, without the loss of a byte."""

# ruff: noqa: E501  (a row of a table is read as one line)

from __future__ import annotations

import io
from pathlib import Path

import pytest
import rispy
from hypothesis import example, given
from hypothesis import strategies as st

from reflint.errors import SourceError
from reflint.formats import ris
from reflint.formats.ris import RIS, Library, Place, chunks, recognise
from reflint.model.record import Record, Span
from tests.inputs import FIXTURES, RIS_FIXTURES, any_bytes, canonical, canonical_records, name_of

CANONICAL = "TY=JOUR|TI=Salt"
LSEP, PSEP, NEL = "\u2028", "\u2029", "\x85"

# (what it is, the bytes, the records as TAG=value|..., what stands outside them)
SHAPES: list[tuple[str, bytes, list[str], list[bytes]]] = [
    ("two spaces before the hyphen", b"TY  - JOUR\nTI  - Salt\nER  - \n", [CANONICAL], []),
    ("one space before the hyphen", b"TY - JOUR\nTI - Salt\nER -", [CANONICAL], []),
    ("one space, with canonical lines mixed in", b"TY - JOUR\nTI - Salt\nAU  - Okafor, N.\nER  - \n", [CANONICAL + "|AU=Okafor, N."], []),
    ("no space before the hyphen", b"TY- JOUR\nTI- Salt\nER- \n", [CANONICAL], []),
    ("no space on either side", b"TY  -JOUR\nTI  -Salt\nER  -\n", [CANONICAL], []),
    ("three spaces before the hyphen", b"TY   - JOUR\nTI   - Salt\nER   - \n", [CANONICAL], []),
    ("four spaces before the hyphen", b"TY    - JOUR\nTI    - Salt\nER    - \n", [CANONICAL], []),
    ("two spaces behind the hyphen", b"TY  -  JOUR\nTI  -  Salt\nER  -  \n", [CANONICAL], []),
    ("one space before and two behind", b"TY -  BOOK\nTI -  Salt\nER -  \n", ["TY=BOOK|TI=Salt"], []),
    ("a tab for the spaces before", b"TY\t- JOUR\nTI\t- Salt\nER\t- \n", [CANONICAL], []),
    ("tabs on both sides", b"TY\t-\tJOUR\nTI\t-\tSalt\nER\t-\t\n", [CANONICAL], []),
    ("an indented record", b"  TY  - JOUR\n  TI  - Salt\n  ER  - \n", [CANONICAL], []),
    ("an en dash for the hyphen", "TY  – JOUR\nTI  – Salt\nER  – \n".encode(), [CANONICAL], []),
    ("a deviating tag in a canonical record is text", b"TY  - JOUR\nAB  - Salt\nAI - a review\nER  - \n", ["TY=JOUR|AB=Salt\nAI - a review"], []),
    ("an unknown tag in a deviating record is text", b"TY - JOUR\nAB - Salt\nQQ - not a tag\nER -\n", ["TY=JOUR|AB=Salt\nQQ - not a tag"], []),
    ("an unknown tag in canonical spelling is a tag", b"TY  - JOUR\nQQ  - what\nER  - \n", ["TY=JOUR|QQ=what"], []),
    ("a number is no tag", b"TY  - JOUR\nAB  - one\n10  - two\nER  - \n", ["TY=JOUR|AB=one\n10  - two"], []),
    ("ER without a space behind it", b"TY  - JOUR\nTI  - Salt\nER  -\n\nTY  - JOUR\nTI  - Salt\nER  -\n", [CANONICAL, CANONICAL], []),
    ("ER in one space at the end of a canonical record", b"TY  - JOUR\nTI  - Salt\nER -\n", [CANONICAL], []),
    ("text behind ER", b"TY  - JOUR\nTI  - Salt\nER  - End of record 1\nTY  - JOUR\nTI  - Salt\nER  - \n", [CANONICAL, CANONICAL], []),
    ("small tag letters", b"ty  - JOUR\nti  - Salt\nDo  - 10.5555/x\ner  - \n", [CANONICAL + "|DO=10.5555/x"], []),
    ("small letters in some tags", b"TY  - JOUR\nti  - Salt\nER  - \n", [CANONICAL], []),
    ("a byte order mark", b"\xef\xbb\xbfTY  - JOUR\nTI  - Salt\nER  - \n", [CANONICAL], []),
    ("no line end at the end", b"TY  - JOUR\nTI  - Salt\nER  - ", [CANONICAL], []),
    ("no ER and no line end", b"TY  - JOUR\nTI  - Salt", [CANONICAL], []),
    ("CRLF", b"TY  - JOUR\r\nTI  - Salt\r\nER  - \r\n\r\n", [CANONICAL], []),
    ("CRLF and LF by record", b"TY  - JOUR\r\nTI  - Salt\r\nER  - \r\n\r\nTY  - JOUR\nTI  - Salt\nER  - \n", [CANONICAL, CANONICAL], []),
    ("CRLF and LF within a record", b"TY  - JOUR\r\nTI  - Salt\nAB  - a\r\nb\nER  - \r\n", [CANONICAL + "|AB=a\nb"], []),
    ("CR alone", b"TY  - JOUR\rTI  - Salt\rAB  - a\rb\rER  - \r\rTY  - BOOK\rTI  - Sea\rER  - \r", [CANONICAL + "|AB=a\nb", "TY=BOOK|TI=Sea"], []),
    ("a lone CR inside a value", b"TY  - JOUR\nN1  - one\rtwo\nTI  - Salt\nER  - \n", ["TY=JOUR|N1=one\rtwo|TI=Salt"], []),
    ("a lone CR inside a value between CRLFs", b"TY  - JOUR\r\nN1  - one\rtwo\r\nTI  - Salt\r\nER  - \r\n", ["TY=JOUR|N1=one\rtwo|TI=Salt"], []),
    ("a lone CR before what looks like a tag", b"TY  - JOUR\nN1  - one\rTI  - two\nER  - \n", ["TY=JOUR|N1=one\rTI  - two"], []),
    ("CR CR LF", b"TY  - JOUR\r\r\nAB  - a\r\r\nb\r\r\nER  - \r\r\n", ["TY=JOUR|AB=a\nb"], []),
    ("Unicode's line separators", f"TY  - JOUR\nAB  - a{LSEP}b{PSEP}TY  - c{NEL}d\x0be\x0cf\nER  - \n".encode(), [f"TY=JOUR|AB=a{LSEP}b{PSEP}TY  - c{NEL}d\x0be\x0cf"], []),
    ("UTF-16, little endian", b"\xff\xfe" + "TY  - JOUR\r\nTI  - Sál\r\nER  - \r\n".encode("utf-16-le"), ["TY=JOUR|TI=Sál"], []),
    ("UTF-16, big endian", b"\xfe\xff" + "TY  - JOUR\nTI  - Sál\nER  - \n".encode("utf-16-be"), ["TY=JOUR|TI=Sál"], []),
    ("UTF-32", b"\xff\xfe\0\0" + "TY  - JOUR\nTI  - Sál\nER  - \n".encode("utf-32-le"), ["TY=JOUR|TI=Sál"], []),
    ("Windows-1252", "TY  - JOUR\nAU  - Müller, Jürgen\nTI  - “Straße”\nER  - \n".encode("cp1252"), ["TY=JOUR|AU=Müller, Jürgen|TI=“Straße”"], []),
    ("Windows-1252 in one record of two", b"TY  - JOUR\nTI  - Stra\xdfe\nER  - \nTY  - JOUR\nTI  - \xc3\x84rger\nER  - \n", ["TY=JOUR|TI=Straße", "TY=JOUR|TI=Ärger"], []),
    ("GB 18030", "TY  - JOUR\nTI  - 盐沼的碳平衡与沉积物研究\nER  - \n".encode("gb18030"), ["TY=JOUR|TI=盐沼的碳平衡与沉积物研究"], []),
    ("continuation lines", b"TY  - JOUR\nTI  - A title\n  that goes on\nER  - \n", ["TY=JOUR|TI=A title\n  that goes on"], []),
    ("keywords on lines of their own", b"TY  - JOUR\nKW  - salt\nmarsh\nmud\nTI  - Salt\nER  - \n", ["TY=JOUR|KW=salt\nmarsh\nmud|TI=Salt"], []),
    ("a value that begins on the next line", b"TY  - JOUR\nAB  - \nFirst words.\nER  - \n", ["TY=JOUR|AB=\nFirst words."], []),
    ("blank lines inside a value", b"TY  - JOUR\nAB  - one\n\ntwo\n\n\nthree\nTI  - Salt\nER  - \n", ["TY=JOUR|AB=one\n\ntwo\n\n\nthree|TI=Salt"], []),
    ("blank lines behind a value belong to none", b"TY  - JOUR\nTI  - Salt\n\n\nER  - \n", [CANONICAL], []),
    ("no blank line between records", b"TY  - JOUR\nTI  - Salt\nER  - \nTY  - JOUR\nTI  - Salt\nER  - \n", [CANONICAL, CANONICAL], []),
    ("no ER before the next TY", b"TY  - JOUR\nTI  - Salt\nTY  - JOUR\nTI  - Salt\nER  - \n", [CANONICAL, CANONICAL], []),
    ("no ER but a blank line before the next TY", b"TY  - JOUR\nTI  - Salt\n\nTY  - JOUR\nTI  - Salt\nER  - \n", [CANONICAL, CANONICAL], []),
    ("no ER at the end", b"TY  - JOUR\nTI  - Salt\nER  - \n\nTY  - JOUR\nTI  - Salt\n", [CANONICAL, CANONICAL], []),
    ("ER and the next TY on one line", b"TY  - JOUR\nTI  - Salt\nER  -TY  - JOUR\nTI  - Salt\nER  - \n", [CANONICAL, CANONICAL], []),
    ("a header before the record", b"Record #1 of 2\nProvider: Someone\nContent: text/plain\n\nTY  - JOUR\nTI  - Salt\nER  - \n", [CANONICAL], [b"Record #1 of 2\nProvider: Someone\nContent: text/plain\n\n"]),
    ("numbering between records", b"1. \nTY  - JOUR\nTI  - Salt\nER  - \n<2. >\nTY  - JOUR\nTI  - Salt\nER  - \n", [CANONICAL, CANONICAL], [b"1. \n", b"<2. >\n"]),
    ("prose between records, with CRLF", b"TY  -  JOUR\r\nTI  -  Salt\r\nER  -  \r\n\r\n\r\nRecord #2 of 2\r\nTY  -  JOUR\r\nTI  -  Salt\r\nER  -  \r\n", [CANONICAL, CANONICAL], [b"Record #2 of 2\r\n"]),
    ("prose before a record without a title", b"TY  - JOUR\nTI  - Salt\nER  - \n\nSee also\n\nTY  - JOUR\nVL  - 1\nER  - \n", [CANONICAL, "TY=JOUR|VL=1"], [b"See also\n\n"]),
    ("blanks that are none of ASCII behind ER", b"TY  - JOUR\nTI  - Salt\nER  - \n\xc2\xa0\nSee also\nTY  - JOUR\nTI  - Salt\nER  - \n", [CANONICAL, CANONICAL], [b"See also\n"]),
    ("prose and a tag line behind ER", b"TY  - JOUR\nTI  - Salt\nER  - \nSee also\nAU  - Okafor, N.\nTY  - JOUR\nVL  - 1\nER  - \n", [CANONICAL, "AU=Okafor, N.|TY=JOUR|VL=1"], [b"See also\n"]),
    ("stray tag lines behind ER", b"TY  - JOUR\nTI  - Salt\nER  - \nC1  - Database: X\nNL  - \nTY  - JOUR\nTI  - Salt\nER  - \n", [CANONICAL, CANONICAL], [b"C1  - Database: X\nNL  - \n"]),
    ("a search strategy at the end", b"TY  - JOUR\nTI  - Salt\nER  - \nSearch strategy: salt\n", [CANONICAL], [b"Search strategy: salt\n"]),
    ("a suppression comment between records", b"TY  - JOUR\nTI  - Salt\nER  - \n# reflint: ignore[DOI001] none\nTY  - JOUR\nTI  - Salt\nER  - \n", [CANONICAL, CANONICAL], [b"# reflint: ignore[DOI001] none\n"]),
    ("an empty type", b"TY  - \nTI  - Salt\nER  - \n", ["TY=|TI=Salt"], []),
    ("a type of words", b"TY  - Journal Article\nTI  - Salt\nER  - \n", ["TY=Journal Article|TI=Salt"], []),
    ("the type last", b"TI  - Salt\nTY  - JOUR\nER  - \n\nTI  - Sea\nTY  - BOOK\nER  - \n", ["TI=Salt|TY=JOUR", "TI=Sea|TY=BOOK"], []),
    ("the type in the middle", b"AU  - Okafor, N.\nTY  - JOUR\nTI  - Salt\nER  - \n", ["AU=Okafor, N.|TY=JOUR|TI=Salt"], []),
    ("the type never", b"TI  - Salt\nER  - \n\nTI  - Sea\nER  - \n", ["TI=Salt", "TI=Sea"], []),
    ("a tag without a value", b"TY  - JOUR\nAB  - \nVL  -\nTI  - Salt\nER  - \n", ["TY=JOUR|AB=|VL=|TI=Salt"], []),
    ("a tag with blanks for a value", b"TY  - JOUR\nAB  -    \nTI  - Salt\nER  - \n", ["TY=JOUR|AB=|TI=Salt"], []),
    ("another field in the same line", b"TY  - JOUR\nDO  - 10.5555/x     LK  - https://x.test\nER  - \n", ["TY=JOUR|DO=10.5555/x     LK  - https://x.test"], []),
    ("a very long line", b"TY  - JOUR\nAB  - " + b"salt " * 8000 + b"\nER  - \n", ["TY=JOUR|AB=" + "salt " * 8000], []),
    ("spaces at the end of a value", b"TY  - JOUR\nTI  - Salt  \nER  - \n", ["TY=JOUR|TI=Salt  "], []),
    ("leading blank lines", b"\n\nTY  - JOUR\nTI  - Salt\nER  - \n", [CANONICAL], [b"\n\n"]),
    ("`TY-3 cells` inside an abstract is text", b"TY  - JOUR\nAB  - on\nTY-3 cells\nER  - \n", ["TY=JOUR|AB=on\nTY-3 cells"], []),
    ("nothing at all", b"", [], []),
    ("blanks only", b" \n\n", [], [b" \n\n"]),
    ("junk", b"\x89PNG\r\n\x1a\n\0\0\0", [], [b"\x89PNG\r\n\x1a\n\0\0\0"]),
    ("prose", b"Dear reader,\nthis is a letter.\n", [], [b"Dear reader,\nthis is a letter.\n"]),
]  # fmt: skip


def shown(record: Record) -> str:
    return "|".join(f"{name}={value}" for name, value in zip(record.names, record.values, strict=True))


@pytest.mark.parametrize("plain", [False, True], ids=["fast", "plain"])
@pytest.mark.parametrize(("data", "records", "stray"), [row[1:] for row in SHAPES], ids=[row[0] for row in SHAPES])
def test_reads_every_shape_that_exporters_write(data: bytes, records: list[str], stray: list[bytes], plain: bool):
    library = Library(data, plain=plain)
    assert [shown(record) for record in library] == records
    assert [segment.raw for segment in library.segments if segment.record is None] == stray
    assert len(library) == len(records)
    assert [record.index for record in library] == list(range(len(records)))
    assert ris.write(library) == data


def test_prose_between_records_makes_none_of_them_irregular():
    library = Library(
        b"1.\nTY  - JOUR\nTI  - Salt\nER  - \n\nLink to the full text\n2.\nTY  - JOUR\nTI  - Sea\nER  - \n\nEnd\n"
    )
    assert [record.place.regular for record in library if isinstance(record.place, Place)] == [True, True]


@pytest.mark.parametrize(
    ("type_line", "type"),
    [
        ("TY  - JOUR", "article-journal"),
        ("TY  - jour", "article-journal"),
        ("TY  - JOUR ", "article-journal"),
        ("TY - CHAP", "chapter"),
        ("TY  - CPAPER", "paper-conference"),
        ("TY  - THES", "thesis"),
        ("TY  - EDBOOK", "book"),
        ("TY  - ", "document"),
        ("TY  - PDF", "document"),
        ("TY  - Journal Article", "document"),
    ],
)
def test_the_type_is_that_of_csl(type_line: str, type: str):
    (record,) = ris.read(f"{type_line}\nTI  - Salt\nER  - \n".encode())
    assert record.type == type


def test_a_record_without_a_type_is_a_document():
    assert [record.type for record in ris.read(b"TI  - Salt\nER  - \n")] == ["document"]


@pytest.mark.parametrize("path", RIS_FIXTURES, ids=name_of)
def test_writes_each_fixture_back_byte_for_byte(path: Path):
    data = path.read_bytes()
    assert ris.write(ris.read(data, name=path.name)) == data


def span_of(data: bytes, tag: str, within: tuple[int, int] | None = None, plain: bool = False) -> Span | None:
    """Where the first field `tag` of any record stands."""
    for record in Library(data, plain=plain):
        if tag in record.names:
            return RIS.span(record, record.names.index(tag), within)
    raise AssertionError(tag)


TWO = b"TY  - JOUR\nTI  - Salt\nER  - \n\nTY  - JOUR\nAB  - one\ntwo two\n\nthree\n\nDO  - 10.5555/x\nER  - \n"
# (what, bytes, tag, within the value, expected span)
PLACES = [
    ("the first line", TWO, "TY", None, (1, 1, 1, 11)),
    ("a field on one line", TWO, "TI", None, (2, 1, 2, 11)),
    ("a stretch of a value", TWO, "TI", (1, 3), (2, 8, 2, 10)),
    ("a field in the second record", TWO, "DO", None, (11, 1, 11, 16)),
    ("a value over several lines, without the blank one behind it", TWO, "AB", None, (6, 1, 9, 6)),
    ("a stretch that begins on a later line", TWO, "AB", (8, 11), (7, 5, 7, 8)),
    ("a stretch over lines", TWO, "AB", (1, 14), (6, 8, 9, 2)),
    ("CRLF", TWO.replace(b"\n", b"\r\n"), "AB", (8, 11), (7, 5, 7, 8)),
    ("CR CR LF", TWO.replace(b"\n", b"\r\r\n"), "AB", (8, 11), (7, 5, 7, 8)),
    ("CR alone", TWO.replace(b"\n", b"\r"), "AB", (8, 11), (7, 5, 7, 8)),
    ("CR alone, in the second record", TWO.replace(b"\n", b"\r"), "DO", None, (11, 1, 11, 16)),
    ("a byte order mark is no column", b"\xef\xbb\xbf" + TWO, "TY", None, (1, 1, 1, 11)),
    ("UTF-16", b"\xff\xfe" + TWO.decode().encode("utf-16-le"), "DO", (0, 2), (11, 7, 11, 9)),
    ("one space", b"TY - JOUR\nTI - Salt\nER -", "TI", (0, 4), (2, 6, 2, 10)),
    ("two spaces behind", b"TY  -  JOUR\nTI  -  Salt\nER  -  ", "TI", (0, 4), (2, 8, 2, 12)),
    ("an indented line", b"  TY  - JOUR\n  TI  - Salt\n  ER  - \n", "TI", (0, 4), (2, 9, 2, 13)),
    ("behind stray lines", b"Head\n\n" + TWO, "TI", None, (4, 1, 4, 11)),
    ("astral characters are one column each", "TY  - JOUR\nTI  - 𝔖𝔞lt é\nER  - \n".encode(), "TI", (2, 6), (2, 9, 2, 13)),
    ("Windows-1252", "TY  - JOUR\nTI  - Müde Straße\nER  - \n".encode("cp1252"), "TI", (5, 11), (2, 12, 2, 18)),
    ("U+2028 and a lone CR end no line", "TY  - JOUR\nTI  - a\u2028b\rc\nDO  - x\nER  - \n".encode(), "DO", None, (3, 1, 3, 8)),
    ("an empty value", b"TY  - JOUR\nVL  - \nTI  - Salt\nER  - \n", "VL", None, (2, 1, 2, 7)),
    ("an empty value without a space", b"TY  - JOUR\nVL  -\nTI  - Salt\nER  - \n", "VL", None, (2, 1, 2, 6)),
    ("a value that begins on the next line", b"TY  - JOUR\nAB  - \nFirst\nER  - \n", "AB", (1, 6), (3, 1, 3, 6)),
]  # fmt: skip


@pytest.mark.parametrize("plain", [False, True], ids=["fast", "plain"])
@pytest.mark.parametrize(("data", "tag", "within", "expected"), [row[1:] for row in PLACES], ids=[r[0] for r in PLACES])
def test_each_field_stands_where_an_editor_shows_it(
    data: bytes, tag: str, within: tuple[int, int] | None, expected: tuple[int, ...], plain: bool
):
    assert span_of(data, tag, within, plain) == expected


def test_a_record_stands_on_its_first_line():
    second = list(ris.read(TWO))[1]
    assert RIS.span(second, None) == (5, 1, 5, 11)


@pytest.mark.parametrize("plain", [False, True], ids=["fast", "plain"])
@pytest.mark.parametrize(("end", "width"), [(b"ER  -", 5), (b"ER  - ", 6), (b"ER -", 4)])
@pytest.mark.parametrize("line_end", [b"\n", b"\r\n", b"\r", b"\n\r"])
def test_a_record_behind_the_end_of_another_stands_behind_it(line_end: bytes, end: bytes, width: int, plain: bool):
    data = b"TY  - JOUR\nTI  - Salt\n" + end + b"TY  - BOOK\nTI  - Sea\nER  - \n" + TWO
    _, second, third, _ = ris.Library(data.replace(b"\n", line_end), plain=plain)
    whole = (3, 1 + width, 3, 11 + width)
    assert [RIS.span(second, position) for position in (None, 0, 1)] == [whole, whole, (4, 1, 4, 10)]
    assert RIS.span(second, 0, (1, 3)) == (3, 8 + width, 3, 10 + width)
    assert [RIS.span(third, position) for position in (None, 0)] == [(6, 1, 6, 11)] * 2


@given(any_bytes)
@example(b"\xef\xbb\xbf\xef\xbb\xbfTY  - JOUR\n")
@example(b"\xff\xfeT")
@example(b"TY  - JOUR\nER  -TY  - JOUR")
def test_what_is_written_is_what_was_read(data: bytes):
    assert ris.write(ris.read(data)) == data


@given(any_bytes)
def test_segments_in_order_are_the_source(data: bytes):
    library = ris.read(data)
    raws = b"".join(segment.raw for segment in library.segments)
    try:
        stream = ris.stream(io.BytesIO(data))
    except SourceError:
        assert raws == data
        return
    assert stream.bom + b"".join(stream.encoded(segment.raw) for segment in stream) == data
    line = 1
    for segment in library.segments:
        assert segment.line == line
        line += segment.raw.count(b"\r" if stream.reader.cr_only else b"\n")


def seen(library: Library) -> list[object]:
    """All that a reader made of a source, to compare it by."""
    found: list[object] = []
    for segment in library.segments:
        record = segment.record
        if record is None:
            found.append((segment.raw, segment.line))
            continue
        spans = [RIS.span(record, position) for position in (None, *range(len(record.names)))]
        codec = getattr(record.place, "codec", None)
        found.append((segment.raw, segment.line, record.index, record.type, record.names, record.values, codec, spans))
    return found


@given(any_bytes)
@example(b"TY  - JOUR\r\nER  - \r\nx")
@example(b"TY  - JOUR\nTI  - \r\n\rER  - ")
@example(b"TY  - JOUR\rER  - \r")
def test_the_fast_reader_agrees_with_the_plain_one(data: bytes):
    fast, plain = Library(data), Library(data, plain=True)
    assert seen(fast) == seen(plain)
    assert fast._stream.reader.line_ends == plain._stream.reader.line_ends


@given(any_bytes, st.integers(1, 17), st.booleans())
@example(b"TY  - JOUR\r\nTI  - a\r\nER  - \r\n", 11, False)
@example(b"TY  - JOUR\rTI  - a\rER  - \r", 3, False)
def test_where_the_chunks_end_makes_no_difference(data: bytes, size: int, plain: bool):
    whole = Library(data, plain=plain)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(chunks, "CHUNK", size)
        assert seen(Library(data, plain=plain)) == seen(whole)


@pytest.mark.parametrize("path", RIS_FIXTURES, ids=name_of)
def test_both_readers_agree_on_each_fixture_in_chunks_of_any_size(path: Path):
    data = path.read_bytes()
    whole = seen(Library(data))
    assert seen(Library(data, plain=True)) == whole
    with pytest.MonkeyPatch.context() as patch:
        for size in (1, 2, 7, 64, 1000):
            patch.setattr(chunks, "CHUNK", size)
            assert seen(Library(data)) == whole


def read_slowly(text: str) -> list[list[tuple[str, str]]]:
    """Canonical RIS with one line a field, read as naively as can be: the oracle of the reader."""
    records: list[list[tuple[str, str]]] = []
    for line in text.split("\n"):
        tag, _, value = line.removesuffix("\r").partition("  - ")
        if tag == "TY":
            records.append([])
        if tag and tag != "ER":
            records[-1].append((tag, "" if value.isspace() else value))
    return records


@given(st.lists(canonical_records, max_size=6), st.sampled_from(["\n", "\r\n"]))
def test_canonical_files_read_as_a_slow_and_simple_reader_reads_them(records: list[list[tuple[str, str]]], end: str):
    data = canonical(records, end)
    found = [list(zip(record.names, record.values, strict=True)) for record in ris.read(data)]
    assert found == read_slowly(data.decode())
    assert len(found) == len(records)


def test_rispy_counts_the_same_records_in_clean_files():
    for name in ("clean.ris", "continuation.ris", "blank-lines-in-abstract.ris"):
        data = (FIXTURES / name).read_bytes()
        assert len(ris.read(data)) == len(rispy.loads(data.decode()))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("not-ris-nbib.ris", "nbib"),
        ("not-ris-wos.ris", "Web of Science"),
        ("not-ris-endnote.enw", "EndNote"),
        ("not-ris-bibtex.bib", "BibTeX"),
        ("not-ris.xml", "XML"),
        ("binary.ris", "binary"),
        ("library.csl.json", "JSON"),
        ("pubmed.nbib", "nbib"),
    ],
)
def test_another_format_is_called_by_its_name(name: str, expected: str):
    data = (FIXTURES / name).read_bytes()
    assert len(ris.read(data)) == 0
    assert expected in (recognise(data, has_records=False) or "")


@pytest.mark.parametrize("data", [b"", b" \n\t\n", b"\n"])
def test_blank_files_are_ris_without_records(data: bytes):
    assert recognise(data, has_records=False) is None


def test_prose_is_no_ris():
    assert (recognise(b"Dear reader,\n", has_records=False) or "").startswith("no RIS")


@pytest.mark.parametrize(
    "data", [b"\xff\xfeT", b"\xff\xfe\0\0abc", b"\xff\xfe" + b"\x00\xd8" + b"T\0"], ids=["half", "UTF-32", "surrogate"]
)
def test_a_byte_order_mark_that_lies_is_said_and_loses_nothing(data: bytes):
    with pytest.raises(SourceError, match="byte order mark"):
        ris.stream(io.BytesIO(data))
    assert ris.write(ris.read(data)) == data
    assert len(ris.read(data)) == 0


def test_memory_stays_flat_while_streaming():
    one = canonical([[("TY", "JOUR"), ("TI", "Salt"), ("AB", "marsh " * 200)]])

    class Endless(io.RawIOBase):
        left = 4000
        asked: list[int] = []  # noqa: RUF012

        def read(self, size: int = -1, /) -> bytes:
            self.asked.append(size)
            if not self.left:
                return b""
            self.left -= 100
            return one * 100

    file = Endless()
    assert sum(segment.record is not None for segment in ris.stream(file)) == 4000
    assert all(0 <= size <= chunks.CHUNK for size in file.asked)
