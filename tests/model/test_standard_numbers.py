"""ISSN and ISBN: check characters against brute force, and every shape SN is written in."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reflint.model.standard_numbers import (
    is_isbn,
    is_issn,
    isbn_checks,
    issn_checks,
    normalize_isbns,
    normalize_issns,
    parse_standard_numbers,
)


def _issn_check_by_trial(seven: str) -> str:
    """The one character that makes the weighted sum divisible by 11, found by trying all."""
    for value in range(11):
        if sum((8 - i) * (ord(d) - 48) for i, d in enumerate(seven)) % 11 == (11 - value) % 11:
            return "X" if value == 10 else chr(48 + value)
    raise AssertionError


def test_issn_check_characters_agree_with_trial_on_every_hundredth_number() -> None:
    for number in range(1, 10_000_000, 97):
        seven = f"{number:07}"
        expected = _issn_check_by_trial(seven)
        assert [c for c in "0123456789X" if issn_checks(seven + c)] == [expected]


def test_isbn_check_characters_agree_with_trial() -> None:
    chance = random.Random(1)
    for _ in range(3000):
        nine = f"{chance.randrange(1, 10**9):09}"
        valid = [c for c in "0123456789X" if isbn_checks(nine + c)]
        assert len(valid) == 1
        value = 10 if valid[0] == "X" else int(valid[0])
        assert (sum(position * int(d) for position, d in enumerate(nine, 1)) - value) % 11 == 0
        twelve = chance.choice(("978", "979")) + nine
        valid = [c for c in "0123456789X" if isbn_checks(twelve + c)]
        assert len(valid) == 1
        assert sum(int(d) * (3 if i % 2 else 1) for i, d in enumerate(twelve + valid[0])) % 10 == 0


@pytest.mark.parametrize("number", ["0317-8471", "1050-124X", "0892-2764", "0028-0836"])
def test_valid_issns(number: str) -> None:
    assert is_issn(number)


@pytest.mark.parametrize(
    "number",
    ["0892-2765", "0125-0369", "2050-9768", "1809-6945", "0000-0000", "03178471", "1050-124x", "", "0317-847١"],
)
def test_invalid_or_not_canonical_issns(number: str) -> None:
    assert not is_issn(number)


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("9783161484100", True),
        ("978-3-16-148410-0", True),
        ("0306406152", True),
        ("080442957X", True),
        ("9783161484101", False),
        ("9790260000438", False),
        ("080442957x", False),
        ("1234567890123", False),
        ("", False),
    ],
)
def test_isbns(number: str, expected: bool) -> None:
    assert is_isbn(number) is expected


SHAPES = [
    ("03178471", ["issn 0317-8471"]),
    ("0317-8471", ["issn 0317-8471"]),
    ("1050-124x", ["issn 1050-124X"]),
    ("0317\u20108471", ["issn 0317-8471"]),
    ("0317–8471", ["issn 0317-8471"]),
    ("0317 8471", ["issn 0317-8471"]),
    ("0317 - 8471", ["issn 0317-8471"]),
    (" 0317-8471 ", ["issn 0317-8471"]),
    ("03178471 (ISSN)", ["issn 0317-8471"]),
    ("ISSN: 0317-8471", ["issn 0317-8471"]),
    ("ISSN0317-8471", ["issn 0317-8471"]),
    ("[0317-8471]", ["issn 0317-8471"]),
    ("eISSN 0317-8471; pISSN 1050-124X", ["issn 0317-8471", "issn 1050-124X"]),
    ("E2196-7822", ["issn 2196-7822"]),
    ("0317-8471 (Print)\n1050-124X (Electronic)", ["issn 0317-8471", "issn 1050-124X"]),
    ("0317-8471 (Print)\r1050-124X (Linking)", ["issn 0317-8471", "issn 1050-124X"]),
    ("0317-8471 (Print)\\r1050-124X (Linking)", ["issn 0317-8471", "issn 1050-124X"]),
    ("0317-8471(Electronic),1050-124X(Print)", ["issn 0317-8471", "issn 1050-124X"]),
    ("03178471 1050124X", ["issn 0317-8471", "issn 1050-124X"]),
    ("0317-8471/1050-124X", ["issn 0317-8471", "issn 1050-124X"]),
    ("0317-8471 and 1050-124X", ["issn 0317-8471", "issn 1050-124X"]),
    ('["1932-8494", "1932-8486"]', ["issn 1932-8494", "issn 1932-8486"]),
    ("1708-3087<br />", ["issn 1708-3087"]),
    ("1-85649-757-7\\1-85649-756-9", ["isbn 1856497577", "isbn 1856497569"]),
    ("978 3 16 148410 0", ["isbn 9783161484100"]),
    ("0 306 40615 2", ["isbn 0306406152"]),
    ("ISBN-13: 978-3-16-148410-0 (pbk.)", ["isbn 9783161484100"]),
    ("ISBN 10 0306406152", ["isbn 0306406152"]),
    ("9783161484100 (Hardcover)", ["isbn 9783161484100"]),
    ("9783161484100 0306406152", ["isbn 9783161484100", "isbn 0306406152"]),
    ("0742525589 (cloth : alk. paper)", ["isbn 0742525589"]),
    ("306406152", ["isbn 0306406152"]),
    ("979-0-2600-0043-8", ["ismn 9790260000438"]),
    ("M-2306-7118-7", ["ismn 9790230671187"]),
    ("0317-8471 0306406152", ["issn 0317-8471", "isbn 0306406152"]),
    ("0892-2765", ["issn-bad 0892-2765"]),
    ("0000-0000", ["issn-bad 0000-0000"]),
    ("12345678 (ISSN)", ["issn-bad 12345678"]),
    ("9783161484101", ["isbn-bad 9783161484101"]),
    ("9780072842", ["isbn-bad 9780072842"]),
    ("0-912035-17-4", ["isbn-bad 0-912035-17-4"]),
    ("978 3 16 148410 1", ["isbn-bad 978 3 16 148410 1"]),
    ("1354570973387", ["other 1354570973387"]),
    ("*****************", ["other *****************"]),
    ("US7654321B2", ["other US7654321B2"]),
    ("WP-6-012", ["other WP-6-012"]),
    ("1.23E+07", ["other 1.23E+07"]),
    ("12345", ["other 12345"]),
    ("tel 0203251504", ["other tel", "other 0203251504"]),
    ("Telephone: 020-325-1504", ["other Telephone", "other 020-325-1504"]),
    ("+44 0203251504", ["other +44", "other 0203251504"]),
    ("0044 0203251504", ["other 0044", "other 0203251504"]),
    ("(044) 0203251504", ["other 044", "other 0203251504"]),
    ("020-325-1504", ["other 020-325-1504"]),
    ("ISBN (13) 978-3-16-148410-0", ["isbn 9783161484100"]),
    ("(1) 978-3-16-148410-0 (2) 0306406152", ["other 1", "isbn 9783161484100", "other 2", "isbn 0306406152"]),
    ("0028 0836", ["issn 0028-0836"]),
    ("00280836 14764687", ["issn 0028-0836", "issn 1476-4687"]),
    ("0007138008", ["isbn 0007138008"]),
    ("", []),
    ("-", []),
    ("(Print)", []),
]


@pytest.mark.parametrize(("value", "expected"), SHAPES)
def test_numbers_of_a_value(value: str, expected: list[str]) -> None:
    numbers = parse_standard_numbers(value)
    assert [f"{number.kind} {number.canonical}" for number in numbers] == expected
    for number in numbers:
        assert value[number.start : number.end] == number.text


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("03178471", "0317-8471"),
        ("0317-8471, 0317-8471", "0317-8471"),
        ("1050-124x;03178471", "1050-124X, 0317-8471"),
        ("0317-8471, 0892-2765", None),
        ("0317-8471, 9783161484100", None),
        ("0317-8471 ?", None),
        ("0000-0000", None),
        ("", None),
    ],
)
def test_issn_lists(value: str, expected: str | None) -> None:
    assert normalize_issns(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("978-3-16-148410-0 (pbk.), 0-306-40615-2", "9783161484100 0306406152"),
        ("9783161484100 9783161484100", "9783161484100"),
        ("9783161484101", None),
        ("0317-8471", None),
        ("979-0-2600-0043-8", None),
    ],
)
def test_isbn_lists(value: str, expected: str | None) -> None:
    assert normalize_isbns(value) == expected


sn_like = st.text(alphabet='0123456789Xx-– ,;/\\()[]"\n\rISBNprint978', max_size=40)


@given(st.text() | sn_like)
def test_any_text_is_survived_and_normal_forms_are_stable(value: str) -> None:
    for number in parse_standard_numbers(value):
        assert value[number.start : number.end] == number.text
    for normalize in (normalize_issns, normalize_isbns):
        normal = normalize(value)
        assert normal is None or normalize(normal) == normal


@given(st.from_regex(r"[0-9]{4}-[0-9]{3}[0-9X]", fullmatch=True))
def test_a_wrong_check_character_is_never_rewritten(number: str) -> None:
    valid = is_issn(number)
    for written in (number, number.replace("-", ""), f"ISSN {number}", number.lower()):
        assert normalize_issns(written) == (number if valid else None)
