"""Dates: RIS, ISO and written forms."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reflint.model.dates import Date, iso_form, month_of, parse_date, season_of, to_date_parts, to_iso, to_ris, year_of

FORMS = [
    # text, (year, month, day, season), ISO form
    ("", (None, None, None, None), None),
    ("2014///", (2014, None, None, None), None),
    ("2020//", (2020, None, None, None), None),
    ("2019/12/01/", (2019, 12, 1, None), None),
    ("2019/12/1", (2019, 12, 1, None), "2019-12-01"),
    ("2019/12/01/Winter", (2019, 12, 1, 4), None),
    ("2007///Oct", (2007, 10, None, None), None),
    ("2007///Oct 15", (2007, 10, 15, None), None),
    ("2007/Oct//", (2007, 10, None, None), None),
    ("2007/Spring//", (2007, None, None, 1), None),
    ("2019", (2019, None, None, None), None),
    ("2019-12", (2019, 12, None, None), None),
    ("2019-12-01", (2019, 12, 1, None), None),
    ("2019-12-01T10:00:00Z", (2019, 12, 1, None), "2019-12-01"),
    ("2019-12-01 10:00:00", (2019, 12, 1, None), "2019-12-01"),
    ("2019-12-01/", (2019, 12, 1, None), "2019-12-01"),
    ("2019-5-1", (2019, 5, 1, None), "2019-05-01"),
    ("2019.05.01", (2019, 5, 1, None), "2019-05-01"),
    ("2019. 5. 1.", (2019, 5, 1, None), "2019-05-01"),
    ("2019年5月1日", (2019, 5, 1, None), "2019-05-01"),
    ("20190501", (2019, 5, 1, None), "2019-05-01"),
    ("2011/05", (2011, 5, None, None), "2011-05"),
    ("25/12/2019", (2019, 12, 25, None), "2019-12-25"),
    ("12/25/2019", (2019, 12, 25, None), "2019-12-25"),
    ("25.12.2019", (2019, 12, 25, None), "2019-12-25"),
    ("03/03/2011", (2011, 3, 3, None), "2011-03-03"),
    ("12/2019", (2019, 12, None, None), "2019-12"),
    ("2007 Oct", (2007, 10, None, None), "2007-10"),
    ("2020 Dec 01", (2020, 12, 1, None), "2020-12-01"),
    ("Jul 2020", (2020, 7, None, None), "2020-07"),
    ("Sept. 2019", (2019, 9, None, None), "2019-09"),
    ("May 5, 2019", (2019, 5, 5, None), "2019-05-05"),
    ("5th May 2019", (2019, 5, 5, None), "2019-05-05"),
    ("Mon, 5 May 2019", (2019, 5, 5, None), "2019-05-05"),
    ("1er mai 2019", (2019, 5, 1, None), "2019-05-01"),
    ("5. März 2019", (2019, 3, 5, None), "2019-03-05"),
    ("12 de octubre de 2019", (2019, 10, 12, None), "2019-10-12"),
    ("15 października 2019", (2019, 10, 15, None), "2019-10-15"),
    ("2-May-2019", (2019, 5, 2, None), "2019-05-02"),
    ("AUG 11", (None, 8, 11, None), None),
    ("DEC", (None, 12, None, None), None),
    ("Spring 2010", (2010, None, None, 1), None),
    ("Fall 1984", (1984, None, None, 3), None),
    # kept as they are: year at most
    ("03/04/2011", (2011, None, None, None), None),
    ("1949-2003", (1949, None, None, None), None),
    ("2011/12", (2011, None, None, None), None),
    ("1998/99", (1998, None, None, None), None),
    ("September-October 2021", (2021, None, None, None), None),
    ("27-30 June 2005", (2005, None, None, None), None),
    ("c. 1946", (1946, None, None, None), None),
    ("[1946]", (1946, None, None, None), None),
    ("44 BCE", (None, None, None, None), None),
    ("1380 AH", (1380, None, None, None), None),
    ("1984~", (1984, None, None, None), None),
    ("2004-06-XX", (2004, None, None, None), None),
    ("198u", (None, None, None, None), None),
    ("2019-13-45", (2019, None, None, None), None),
    ("30 February 2019", (2019, None, None, None), None),
    ("n.d.", (None, None, None, None), None),
    ("May 19", (None, 5, 19, None), None),
    ("199", (None, None, None, None), None),
    ("0000", (0, None, None, None), None),
    ("SEP-OCT", (None, None, None, None), None),
    ("1991//10/", (1991, None, None, None), None),
]


@pytest.mark.parametrize(("text", "expected", "iso"), FORMS)
def test_date_forms(text: str, expected: tuple[int | None, ...], iso: str | None) -> None:
    assert parse_date(text)[:4] == expected
    assert year_of(text) == expected[0]
    assert iso_form(text) == iso


def test_what_numbers_do_not_say_is_kept_as_literal() -> None:
    for text in ("c. 1946", "1949-2003", "03/04/2011", "1380 AH"):
        assert parse_date(text).literal == text
    assert parse_date("2019/12/01/epub").other == "epub"


@pytest.mark.parametrize(
    ("date", "ris", "iso", "parts"),
    [
        (Date(2019, 12, 1), "2019/12/01/", "2019-12-01", [[2019, 12, 1]]),
        (Date(2019, 12), "2019/12//", "2019-12", [[2019, 12]]),
        (Date(2019), "2019///", "2019", [[2019]]),
        (Date(2019, season=1), "2019///Spring", "2019", [[2019]]),
        (Date(None, 8, 11), "/08/11/", "", []),
        (Date(), "", "", []),
        (Date(987), "0987///", "0987", [[987]]),
    ],
)
def test_writing(date: Date, ris: str, iso: str, parts: list[list[int]]) -> None:
    assert (to_ris(date), to_iso(date), to_date_parts(date)) == (ris, iso, parts)


@pytest.mark.parametrize(
    ("word", "month"),
    [
        ("Oct.", 10),
        ("października", 10),
        ("listopad", 11),
        ("MÄRZ", 3),
        ("août", 8),
        ("dez", 12),
        ("maj", 5),
        ("word", None),
    ],
)
def test_months_in_ten_languages(word: str, month: int | None) -> None:
    assert month_of(word) == month


def test_seasons() -> None:
    assert [season_of(word) for word in ("Frühling", "été", "Otoño", "zima", "May")] == [1, 2, 3, 4, None]


@given(st.dates(min_value=datetime.date(1000, 1, 1)))
def test_every_date_survives_writing_and_reading(day: datetime.date) -> None:
    date = Date(day.year, day.month, day.day)
    assert parse_date(to_ris(date)) == date
    assert parse_date(to_iso(date)) == date
    assert iso_form(to_iso(date)) is None
    assert iso_form(f"{day.year}/{day.month}/{day.day}") == day.isoformat()


@given(st.text() | st.text(alphabet="0123456789/-. TZ:MayOct,~年", max_size=20))
def test_any_text_is_survived(text: str) -> None:
    date = parse_date(text)
    to_ris(date)
    to_date_parts(date)
    assert year_of(text) == date.year
    iso = iso_form(text)
    assert iso is None or iso_form(iso) is None


@pytest.mark.parametrize(
    ("month", "days"),
    [(1, 31), (2, 29), (3, 31), (4, 30), (5, 31), (6, 30), (7, 31), (8, 31), (9, 30), (10, 31), (11, 30), (12, 31)],
)
def test_a_month_ends_with_its_last_day(month: int, days: int) -> None:
    assert parse_date(f"2020/{month:02}/{days}") == Date(2020, month, days)
    beyond = f"2020/{month:02}/{days + 1}"
    assert parse_date(beyond) == Date(2020, literal=beyond)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2019/04/31/reprint", Date(2019, other="reprint", literal="2019/04/31/reprint")),
        ("2019/13/01/reprint", Date(2019, other="reprint", literal="2019/13/01/reprint")),
        ("2019/soon/1/reprint", Date(2019, other="reprint", literal="2019/soon/1/reprint")),
        ("2019/04/123/reprint", Date(2019, other="reprint", literal="2019/04/123/reprint")),
        ("2019/Spring//double issue", Date(2019, season=1, other="double issue")),
        ("2019/04/30/reprint", Date(2019, 4, 30, other="reprint")),
        ("2019///reprint", Date(2019, other="reprint")),
        ("2019///Oct 32", Date(2019, literal="2019///Oct 32")),
    ],
)
def test_what_stands_behind_the_day_is_kept_and_so_is_the_text_of_an_impossible_date(text: str, expected: Date) -> None:
    assert parse_date(text) == expected
