"""Pages grammar: legal values are never called wrong, and every trap of the field has its line here."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reflint.model.pages import (
    extent,
    is_article_number,
    is_page_placeholder,
    is_placeholder,
    normal_delimiter,
    parse_pages,
    parse_sp_ep,
    strip_page_label,
)

ARTICLE_NUMBERS = [
    "e0123456", "E123", "e1", "eabj8030", "bbaa123", "CD004567", "085038", "08503", "103456", "20171935", "113e5",
    "1234e56", "e00122-21", "AAC.00020-21", "S1080-6032(22)00139-9", "S0140-6736(20)30183-5", "0140-6736(93)91234-5",
    "Doc305", "Doc05", "acs.iecr.4c03239", "jacs.5b01234", "2023.04.10.23288198", "ENEURO.0123-19.2019", "2019GL085001",
    "e2019GL085001", "L123456",
]  # fmt: skip

KINDS = [
    ("", "empty"), ("  ", "empty"),
    *[(number, "article-number") for number in ARTICLE_NUMBERS if number != "Doc05"],
    ("N.PAG", "placeholder"), ("n.pag.", "placeholder"), ("No pagination specified", "placeholder"),
    ("no-no", "placeholder"), ("unpaginated", "placeholder"), ("n/a", "placeholder"), ("NaN", "placeholder"),
    ("-", "placeholder"), ("0", "placeholder"), ("Epub ahead of print", "placeholder"), ("in press", "placeholder"),
    ("无", "placeholder"),
    ("12", "single"), ("S436", "single"), ("169S", "single"), ("A19", "single"), ("xii", "single"),
    ("330.e1", "single"),
    ("4:1", "single"), ("12345", "single"), ("0012", "single"), ("1.234", "single"),
    ("12-19", "range"), ("12-12", "range"), ("1-22", "range"), ("5800 - 5815", "range"), ("330—331", "range"),
    ("1--2", "range"), ("420\u2212434", "range"), ("12〜19", "range"), ("S436-S440", "range"), ("S436-9", "range"),
    ("169S-175S", "range"), ("i-iv", "range"), ("i-45", "range"), ("A1-B4", "range"), ("A3-1", "range"),
    ("123-129.e3", "range"), ("330.e1-330.e7", "range"), ("s3-s32.e1", "range"), ("e123-e130", "range"),
    ("4:1-4:20", "range"), ("4:30-5:2", "range"), ("2-xix", "range"), ("999-1002", "range"), ("d-c", "range"),
    ("103456-103460", "range"), ("12a-12c", "range"),
    ("12+", "open"), ("11-+", "open"), ("5ff.", "open"), ("5 f.", "open"), ("190 f.", "open"), ("12 sq.", "open"),
    ("12 sqq.", "open"), ("43+", "open"), ("12ff", "open"),
    ("420-34", "abbreviated"), ("420--34", "abbreviated"), ("1299-308", "abbreviated"), ("17-9", "abbreviated"),
    ("2019-35", "abbreviated"),
    ("45-12", "descending"), ("199-02", "descending"), ("120-115", "descending"), ("S440-S436", "descending"),
    ("x-iv", "range"), ("xii-iv", "descending"), ("4:20-4:1", "descending"),
    ("10-", "dangling"), ("-10", "dangling"), ("12–", "dangling"), ("18983\u2010", "dangling"),
    ("12-19, 25", "list"), ("662+11", "list"), ("ix + 246", "list"), ("2-xix, 225", "list"), ("301, 303", "list"),
    ("12 & 14", "list"), ("282-296+347-348+351", "list"),
    ("402 pages", "extent"), ("402 p.", "extent"), ("402p.", "extent"), ("146p", "extent"), ("345 pp.", "extent"),
    ("xii, 345 p.", "extent"), ("ix + 246 pp.", "extent"), ("1 online resource (61 pages)", "extent"),
    ("1 online resource (xii, 345 pages)", "extent"), ("120 Seiten", "extent"), ("96 стр.", "extent"),
    ("p. 12", "labelled"), ("pp. 12-19", "labelled"), ("pp 37-64", "labelled"), ("p12", "labelled"),
    ("pages 12–19", "labelled"), ("S. 12-19", "labelled"), ("Seiten 12-19", "labelled"), ("33–52 Pages", "labelled"),
    ("стр. 12", "labelled"),
    ("95-107-107", "unknown"), ("10B (roll m-t0627-02357)", "unknown"), ("46-52, Abb", "unknown"),
    ("2113 vol.3", "unknown"), ("189(s)-200(s)", "unknown"), ("(1 September 2016)", "unknown"), ("p. A19", "unknown"),
    ("col. 801-815", "unknown"), ("fol. 12r", "unknown"), ("6-1", "unknown"), ("6-1--6-13", "unknown"),
    ("2019-20", "unknown"), ("103456-7", "unknown"), ("Paris, France", "unknown"), ("many pages", "unknown"),
    ("123-abc", "unknown"), ("5:2-4:30", "unknown"), ("085040-085038", "unknown"), ("10 15", "unknown"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "kind"), KINDS)
def test_kind_of_a_pages_value(text: str, kind: str) -> None:
    assert parse_pages(text).kind == kind


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12-19", ("range", "12", "19", "", "-")),
        ("5800 – 5815", ("range", "5800", "5815", "", " – ")),
        ("420-34", ("abbreviated", "420", "34", "434", "-")),
        ("pp. 12-19", ("labelled", "12", "19", "", "-")),
        ("10-", ("dangling", "10", "", "", "-")),
        ("12ff.", ("open", "12", "ff.", "", "")),
    ],
)
def test_parts_of_a_pages_value(text: str, expected: tuple[str, ...]) -> None:
    assert parse_pages(text) == expected


@pytest.mark.parametrize(
    ("sp", "ep", "kind"),
    [
        ("12", "19", "range"), ("12", "", "single"), ("12", "12", "single"), ("", "", "empty"),
        ("420", "34", "abbreviated"),
        ("45", "12", "descending"), ("2019", "20", "abbreviated"), ("", "19", "dangling"), ("", "12-19", "range"),
        ("12-19", "", "range"), ("12-19", "19", "range"), ("12-19", "12-19", "range"), ("12-19", "25", "unknown"),
        ("420-34", "434", "abbreviated"), ("e0123456", "", "article-number"),
        ("e0123456", "e0123456", "article-number"),
        ("103456", "103456", "article-number"), ("e00129", "NA", "article-number"),
        ("AAC.00020", "21", "article-number"),
        ("e00122", "21", "article-number"), ("S1341", "321X(22)00303-8", "article-number"),
        ("169", "+", "open"), ("87", "U217", "open"), ("12", "ff.", "open"), ("No", "Specified", "placeholder"),
        ("N.PAG", "N.PAG", "placeholder"), ("nan", "nan", "placeholder"), ("12", "nan", "single"),
        ("12", "NA", "single"),
        ("330.e1", "330.e7", "range"), ("s3", "s32.e1", "range"), ("123", "129.e3", "range"), ("S436", "9", "range"),
        ("6-1", "6-13", "range"), ("11.15.1", "11.15.21", "range"), ("42:1", "42:17", "range"), ("A3", "1", "range"),
        ("i", "45", "range"), ("6-13", "6-1", "unknown"), ("53402106", "53402074", "unknown"),
        ("301, 303", "4", "unknown"),
        ("pp. 12", "19", "labelled"), ("e201", "e208", "range"), ("085038", "085040", "range"),
        ("Chem", "Inf Sci-400", "unknown"), ("2023.04.10.23288198", "", "article-number"),
    ],
)  # fmt: skip
def test_sp_and_ep_read_as_one(sp: str, ep: str, kind: str) -> None:
    assert parse_sp_ep(sp, ep).kind == kind


def test_an_abbreviated_end_in_its_own_tag_is_expanded() -> None:
    assert parse_sp_ep("1299", "308") == ("abbreviated", "1299", "308", "1308", "")


@pytest.mark.parametrize("number", ARTICLE_NUMBERS)
def test_article_numbers(number: str) -> None:
    assert is_article_number(number)
    assert normal_delimiter(number) == number
    assert strip_page_label(number) == number


@pytest.mark.parametrize(
    "page", ["12", "12345", "S43", "A19", "p123", "pp123", "12-19", "S436-S440", "S1001-S1010", "xii", "", "0012"]
)
def test_pages_are_no_article_numbers(page: str) -> None:
    assert not is_article_number(page)


def test_page_placeholders_are_no_placeholders_of_volumes() -> None:
    assert is_placeholder("Publish Ahead of Print")
    assert is_placeholder("null")
    assert not is_placeholder("N.PAG")
    assert is_page_placeholder("N.PAG")
    assert not is_page_placeholder("12")
    assert not is_placeholder("")


@pytest.mark.parametrize(
    ("given_value", "expected"),
    [
        ("p. 12", "12"), ("pp.12-19", "12-19"), ("PAGES 12-19", "12-19"), ("pgs. 4", "4"), ("S. 12", "12"),
        ("Seiten 12–19", "12–19"), ("33–52 Pages", "33–52"), ("12-19 pp.", "12-19"), ("12-19 p.", "12-19"),
        ("S436", "S436"), ("p. A19", "p. A19"), ("402 pages", "402 pages"), ("col. 801-815", "col. 801-815"),
        ("fol. 12r", "fol. 12r"), ("Supp.3", "Supp.3"), ("p. 12 (fig. 3)", "p. 12 (fig. 3)"), ("12-19", "12-19"),
        ("s. 12", "s. 12"),
    ],
)  # fmt: skip
def test_labels(given_value: str, expected: str) -> None:
    assert strip_page_label(given_value) == expected


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("402 pages", 402), ("xii, 345 p.", 345), ("1 online resource (61 pages)", 61), ("ix + 246 pp.", 246),
        ("[4], 120 p.", 120), ("ix + 246", None), ("33–52 Pages", None), ("345", None), ("p. 345", None),
        ("190 f.", None),
        ("", None), ("S436", None), ("12S", None),
    ],
)  # fmt: skip
def test_extents(text: str, count: int | None) -> None:
    assert extent(text) == count


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12-19", "12-19"), ("5800 - 5815", "5800-5815"), ("330—331", "330-331"), ("1--2", "1-2"), ("i–iv", "i-iv"),
        ("S436–S440", "S436-S440"), ("420–34", "420-34"), ("12～19", "12-19"), ("4:1–4:20", "4:1-4:20"),
        ("10B (roll m-t0627-02357)", "10B (roll m-t0627-02357)"), ("S1080-6032(22)00139-9", "S1080-6032(22)00139-9"),
        ("e00122–21", "e00122–21"), ("46–52, Abb", "46–52, Abb"), ("95–107–107", "95–107–107"), ("i–45", "i–45"),
        ("A1–B4", "A1–B4"), ("123–129.e3", "123–129.e3"), ("12–", "12–"), ("pp. 12–19", "pp. 12–19"), ("", ""),
        ("6–1–6–13", "6–1–6–13"),
    ],
)  # fmt: skip
def test_delimiters(text: str, expected: str) -> None:
    assert normal_delimiter(text) == expected


@given(st.integers(1, 99999), st.integers(1, 99999))
def test_two_full_numbers_are_a_range_exactly_when_ascending(first: int, last: int) -> None:
    found = parse_sp_ep(str(first), str(last)).kind
    if last > first:
        assert found == "range"
    elif last == first:
        assert found == "single"
    else:
        assert found in ("abbreviated", "descending")


@given(st.integers(100, 99999), st.integers(1, 400))
def test_an_abbreviated_end_expands_to_the_full_page(first: int, count: int) -> None:
    last = str(first + count)
    common = 0
    while common < len(last) - 1 and len(last) == len(str(first)) and last[common] == str(first)[common]:
        common += 1
    if common:
        assert parse_sp_ep(str(first), last[common:]).expanded_end == last


page_like = st.text(alphabet="0123456789-–+,.: epSxiv()[]&/~", max_size=16)


@given(st.text() | page_like, st.text() | page_like)
def test_any_text_is_survived_and_repairs_settle(sp: str, ep: str) -> None:
    parse_sp_ep(sp, ep)
    for repair in (normal_delimiter, strip_page_label):
        assert repair(repair(sp)) == repair(sp)
    if is_article_number(sp):
        assert normal_delimiter(sp) == sp
