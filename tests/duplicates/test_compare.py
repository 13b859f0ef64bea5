"""Two works side by side: how like their titles are, and which fields are equal, unequal, or missing in one."""

from __future__ import annotations

from typing import Any

import pytest

from reflint.duplicates import Work
from reflint.duplicates.compare import Comparison, compare, like
from tests.duplicates.works import UNKNOWN

TITLED = UNKNOWN._replace(title="saltandsiltinthedeltasofasia")
HEAD = "saltandsiltinthedeltasofa"  # 25 letters


def titled(title: str, head: int = 0) -> Work:
    return UNKNOWN._replace(title=title, head=head)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (titled(HEAD), titled(HEAD), 1.0),
        (titled(""), titled(""), 0.0),
        (titled(""), titled(HEAD), 0.0),
        (titled("m" * 100), titled("m" * 92 + "w" * 8), 0.92),
        (titled("m" * 100), titled("m" * 91 + "w" * 9), 0.91),
        (titled("m" * 100), titled("m" * 30 + "w" * 70), 0.3),
        (titled("m" * 100), titled("m" * 29 + "w" * 71), 0.0),  # nothing like it
        (titled(HEAD), titled(HEAD + "x" * 40), 0.97),  # a long beginning or end
        (titled(HEAD), titled("x" * 40 + HEAD), 0.97),
        (titled("m" * 100), titled("m" * 100 + "w" * 17), 200 / 217),  # a short addition counts as slips
        (titled("m" * 100), titled("m" * 100 + "w" * 18), 0.97),
        (titled(HEAD[1:]), titled(HEAD[1:] + "x" * 40), 48 / 88),  # a short one
        (titled(HEAD[1:]), titled("x" * 40 + HEAD[1:]), 48 / 88),
        (titled(HEAD[1:]), titled(HEAD[1:] + "x" * 40, head=24), 0.97),  # all before the subtitle
        (titled(HEAD[1:] + "x" * 40, head=23), titled(HEAD[1:]), 48 / 88),
        (titled("z" + HEAD[2:]), titled(HEAD[1:] + "x" * 40, head=24), 46 / 88),
        (titled("z" + HEAD[1:]), titled(HEAD + "x" * 40, head=25), 0.96),  # nearly all before it
        (titled("zz" + HEAD[2:]), titled(HEAD + "x" * 40, head=25), 0.92),
        (titled("zzz" + HEAD[3:]), titled(HEAD + "x" * 40, head=25), 44 / 90),
        (titled("z" + HEAD * 4), titled("y" + HEAD * 4 + "x" * 80, head=101), 0.97),
        (titled("z" + HEAD[1:], head=10), titled(HEAD + "x" * 40), 48 / 90),  # the shorter one's subtitle is none
    ],
)  # fmt: skip
def test_titles_are_alike_but_for_slips_and_subtitles(one: Work, other: Work, expected: float):
    assert like(one, other) == pytest.approx(expected)
    assert like(other, one) == like(one, other)


ABSTRACT = "the sediment that reaches the surface of a marsh was trapped for two years "
FIELDS: list[tuple[str, Any, Any, bool | None]] = [
    ("numbers", ("2",), ("2",), True),
    ("numbers", ("2",), ("3",), False),
    ("numbers", ("2",), (), None),
    ("authors", ("okafor",), ("okafor", "abara"), True),
    ("authors", ("okafor",), (), None),
    ("volume", "31", "31", True),
    ("volume", "31", "32", False),
    ("volume", "31", "", None),
    ("issue", "4", "5", False),
    ("last", "228", "228", True),
    ("doi", "10.5555/x", "10.5555/y", False),
    ("pmid", "1234567", "1234567", True),
    ("first", "211", "211", True),
    ("first", "e0043", "43", True),
    ("first", "ab0043", "x43", True),
    ("first", "43a", "43", False),
    ("first", "430", "43", False),
    ("first", "211", "", None),
    ("journal", "tidal letters", "tidal letters", True),
    ("journal", "tidal letters", "annals of botany", False),
    ("journal", "", "tidal letters", None),
    ("isbns", ("030640615", "026203384"), ("026203384",), True),
    ("isbns", ("030640615",), ("026203384",), False),
    ("isbns", ("030640615",), (), None),
    ("abstract", ABSTRACT, ABSTRACT + "and weighed", True),
    ("abstract", ABSTRACT, ABSTRACT + "and weighed in spring " * 9, True),
    ("abstract", ABSTRACT[:60], ABSTRACT[:60], True),
    ("abstract", ABSTRACT[:59], ABSTRACT[:59], None),
    ("abstract", "", ABSTRACT, None),
    ("abstract", "m" * 100, "m" * 90 + "w" * 10, True),
    ("abstract", "m" * 100, "m" * 89 + "w" * 11, False),
]


@pytest.mark.parametrize(("field", "one", "other", "expected"), FIELDS)
def test_a_field_is_equal_unequal_or_missing(field: str, one: Any, other: Any, expected: bool | None):
    a, b = TITLED._replace(**{field: one}), TITLED._replace(**{field: other})
    compared = compare(a, b)
    assert compared is not None
    asked = {"first": "page", "isbns": "isbn"}.get(field, field)
    assert getattr(compared, asked) is expected
    assert compare(b, a) == compared
    none_known = Comparison(1.0, 28, *[None] * 12, False, False)
    assert compared._replace(**{asked: None}) == none_known


@pytest.mark.parametrize(("one", "other", "years"), [(2014, 2014, 0), (2014, 2011, 3), (2014, 0, None), (0, 0, None)])
def test_years_apart(one: int, other: int, years: int | None):
    for a, b in ((one, other), (other, one)):
        compared = compare(TITLED._replace(year=a), TITLED._replace(year=b))
        assert compared is not None
        assert compared.years == years


def test_journals_of_one_issn_are_one():
    a = TITLED._replace(journal="tidal letters", issns=("0317-8471", "2049-3630"))
    b = TITLED._replace(journal="annals of botany", issns=("2049-3630",))
    for other, expected in ((b, True), (b._replace(issns=("1050-124X",)), False), (b._replace(journal=""), None)):
        compared = compare(a, other)
        assert compared is not None
        assert compared.journal is expected


GERMAN, ENGLISH = tuple("salz und schlick im watt".split()), tuple("salt and silt of flats".split())


@pytest.mark.parametrize(
    ("one", "other", "translated"),
    [
        (GERMAN, ENGLISH, True), (ENGLISH, ENGLISH, False), (GERMAN, GERMAN, False), (GERMAN[1:], ENGLISH, False),
        (GERMAN, ENGLISH[1:], False),
    ],
)  # fmt: skip
def test_a_translation_has_english_words_on_one_side_only(
    one: tuple[str, ...], other: tuple[str, ...], translated: bool
):
    compared = compare(TITLED._replace(title_words=one), TITLED._replace(title_words=other))
    assert compared is not None
    assert compared.translated is translated


@pytest.mark.parametrize(
    ("one", "other", "alone"),
    [("book", "thesis", True), ("book", "chapter", False), ("article-journal", "report", False),
     ("software", "dataset", True)],
)  # fmt: skip
def test_works_that_stand_alone(one: str, other: str, alone: bool):
    compared = compare(TITLED._replace(type=one), TITLED._replace(type=other))
    assert compared is not None
    assert compared.alone is alone


def test_the_shorter_title_counts():
    compared = compare(titled(HEAD), titled(HEAD + "x" * 40))
    assert compared is not None
    assert (
        compared.length == 25 == (compare(titled(HEAD + "x" * 40), titled(HEAD)) or compared._replace(length=0)).length
    )


@pytest.mark.parametrize(
    ("slips", "more", "other", "related"),
    [
        (25, {}, {}, True),
        (26, {}, {}, False),
        (26, {"first": "211", "year": 2014}, {}, True),
        (26, {"first": "211", "year": 2014}, {"first": "212"}, False),
        (26, {"first": "211", "year": 2014}, {"year": 2015}, False),
        (26, {"first": "211"}, {}, True),
    ],
)
def test_works_of_other_titles_are_related_by_page_and_year_only(
    slips: int, more: dict[str, Any], other: dict[str, Any], related: bool
):
    a = titled("m" * 100)._replace(**more)
    b = a._replace(title="m" * (100 - slips) + "w" * slips, **other)
    assert (compare(a, b) is not None) is related
    assert compare(a, b, whatever=True) is not None


PLACE = {"page": True, "years": 0, "volume": True}


@pytest.mark.parametrize(
    ("known", "against", "placed"),
    [
        ({}, 0, False),
        (PLACE, 0, True),
        ({**PLACE, "years": 1}, 0, False),
        ({**PLACE, "years": None}, 0, False),
        ({**PLACE, "page": None}, 0, False),
        ({**PLACE, "volume": None}, 0, False),
        ({**PLACE, "volume": None, "journal": True, "last": True}, 0, True),
        ({**PLACE, "volume": None, "last": True}, 0, False),
        ({**PLACE, "volume": None, "journal": True}, 0, False),
        ({**PLACE, "volume": False, "journal": True, "last": True}, 1, False),
        ({"volume": False, "page": False, "journal": False, "issue": False, "last": False}, 3, False),
        ({"page": False}, 1, False),
        ({"journal": False, "page": False}, 2, False),
    ],
)
def test_one_place_is_page_volume_and_year_or_all_that_is_known(known: dict[str, Any], against: int, placed: bool):
    compared = Comparison(1.0, 28, *[None] * 12, False, False)._replace(**known)
    assert (compared.against, compared.placed) == (against, placed)
