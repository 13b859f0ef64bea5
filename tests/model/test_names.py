"""Names: parts, organisations, noise."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reflint.model.names import (
    Name,
    invert,
    is_et_al,
    is_organisation,
    looks_personal,
    name_key,
    parse_name,
    person_key,
    strip_et_al,
    strip_name_noise,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Smith, John", Name("Smith", "John")),
        ("Smith, John, Jr.", Name("Smith", "John", "Jr.")),
        ("Smith, Jr., John", Name("Smith", "John", "Jr.")),
        ("Gogh, Vincent van", Name("Gogh", "Vincent van")),
        ("van Gogh, Vincent", Name("van Gogh", "Vincent")),
        ("World Health Organization", Name(literal="World Health Organization")),
        ("Ministry of Health, Labour and Welfare", Name(literal="Ministry of Health, Labour and Welfare")),
        ("Press, William H.", Name("Press", "William H.")),
        ("NCT00392093,", Name(literal="NCT00392093")),
        ("Smith", Name(literal="Smith")),
        ("Smith, J; Jones, K", Name(literal="Smith, J; Jones, K")),
        ("", Name(literal="")),
    ],
)
def test_parts(text: str, expected: Name) -> None:
    assert parse_name(text) == expected


@pytest.mark.parametrize(
    "text",
    ["Gilead Sciences", "Internet Archive", "Survey Office", "Redback Graphix", "Universität Zürich",
     "ENCODE Project Consortium",
     "Ministère de la Santé", "Department of Justice and Peace", "Europa Press", "Instituto de Salud", "UNESCO"],
)  # fmt: skip
def test_organisations(text: str) -> None:
    assert is_organisation(text)
    assert not looks_personal(text)
    assert invert(text) == text


@pytest.mark.parametrize(
    "text", ["Smith, John", "John Smith", "School, John", "C. Hong", "Church, George", "Bank, Peter"]
)
def test_persons_are_no_organisations(text: str) -> None:
    assert not is_organisation(text)


@pytest.mark.parametrize("text", ["John Smith", "John R. Smith", "John R A Smith", "Paweł Nowak", "Xiao Liu"])
def test_personal_names(text: str) -> None:
    assert looks_personal(text)


@pytest.mark.parametrize(
    "text",
    [
        "Smith, John",
        "Smith",
        "J. Smith",
        "john smith",
        "UNESCO Paris",
        "Der Spiegel",
        "Ludwig van Beethoven",
        "New York",
        "",
    ],
)
def test_not_surely_personal_names(text: str) -> None:
    assert not looks_personal(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("et al.", True), ("et al", True), ("et. al.", True), ("Et al.,", True), ("others", True), ("and others", True),
        ("u.a.", True), ("i in.", True), ("等", True), ("…", True), ("...", True), ("[et al.]", True),
        ("Al, Peter", False), ("Other, A.", False), ("Smith, J. et al.", False), ("", False),
    ],
)  # fmt: skip
def test_marks_of_an_incomplete_list(text: str, expected: bool) -> None:
    assert is_et_al(text) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Smith, J. et al.", "Smith, J."),
        ("Smith J, et al", "Smith J"),
        ("et al.", "et al."),
        ("Albert, A", "Albert, A"),
    ],
)
def test_marks_behind_a_name(text: str, expected: str) -> None:
    assert strip_et_al(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("John Smith", "Smith, John"),
        ("John R. Smith", "Smith, John R."),
        ("Ludwig van Beethoven", "van Beethoven, Ludwig"),
        ("Martin Luther King Jr.", "King, Martin Luther, Jr."),
        ("Smith, John", "Smith, John"),
        ("Plato", "Plato"),
    ],
)
def test_inversion(text: str, expected: str) -> None:
    assert invert(text) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Müller, Jörg R.", "Muller, JR"),
        ("Smith, John", "John Smith"),
        ("SMITH, J.", "Smith, John"),
        ("Gogh, Vincent van", "van Gogh, V."),
    ],
)
def test_equal_keys(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)


def test_other_initials_are_other_keys() -> None:
    assert name_key("Smith, John") != name_key("Smith, Karl")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Smith, John, MD", "Smith, John"), ("Smith, J., M.D., PhD", "Smith, J."), ("Smith, John PhD", "Smith, John"),
        ("Smith, John MD", "Smith, John"), ("John Smith, PhD", "John Smith"), ("Dr. John Smith", "John Smith"),
        ("Smith, Dr. John", "Smith, John"), ("Smith, Prof. Dr. John", "Smith, John"),
        ("Smith, John (author)", "Smith, John"),
        ("Smith, John*", "Smith, John"), ("Curie, Marie†‡", "Curie, Marie"), ("Smith, John¹", "Smith, John"),
        ("Smith, John 0000-0002-1825-0097", "Smith, John"),
        ("Smith, John (https://orcid.org/0000-0002-1825-0097)", "Smith, John"), ("Smith, J. <a@b.org>", "Smith, J."),
        ("Thompson, Anne N, RN, PhD", "Thompson, Anne N"),
        # kept
        ("Smith, MD", "Smith, MD"), ("Smith, M.D.", "Smith, M.D."), ("van den Berg, MA", "van den Berg, MA"),
        ("Smith, RN", "Smith, RN"), ("Smith, J MD", "Smith, J MD"), ("Rahman, Md. Abdul", "Rahman, Md. Abdul"),
        ("Dr. Seuss", "Dr. Seuss"), ("Prof, John", "Prof, John"), ("@handle", "@handle"),
        ("Smith, John", "Smith, John"),
        ("3DTCLSM Group", "3DTCLSM Group"), ("Levy, P.; Sutton, M.A.", "Levy, P.; Sutton, M.A."),
    ],
)  # fmt: skip
def test_noise(text: str, expected: str) -> None:
    assert strip_name_noise(text) == expected


name_like = st.text(alphabet="JohnSmitMDPR.,; *†@()12é-et al", max_size=30)


@given(st.text() | name_like)
def test_any_text_is_survived_and_cleaning_settles(text: str) -> None:
    parse_name(text)
    name_key(text)
    is_et_al(text)
    looks_personal(text)
    assert invert(invert(text)) == invert(text)
    assert strip_name_noise(strip_name_noise(text)) == strip_name_noise(text)


_GIVEN = st.sampled_from(
    [
        "Ngozi",
        "A.",
        "B",
        "Jean",
        "Jr",
        "Jr.",
        "Sen",
        "Neto",
        "Van",
        "Den",
        "Y.",
        "van",
        "III",
        "Phd",
        "Ana Maria",
        "MD",
        "Éva",
    ]
)
_FAMILIES = st.sampled_from(
    ["Okafor", "Smith-Jones", "Van", "School", "University", "Müller", "Institute of Sand", "McAdam"]
)


@given(_FAMILIES, st.lists(_GIVEN, max_size=4), st.sampled_from([" ", "-", ""]), st.sampled_from([", ", ",", " "]))
def test_the_short_way_to_a_key_leads_where_the_long_one_does(
    family: str, given: list[str], gap: str, comma: str
) -> None:
    text = f"{family}{comma}{gap.join(given)}"
    name = parse_name(text)
    whole = f"{text}, "  # a blank behind the name is one the short way does not take
    assert name_key(text) == name_key(whole)
    assert person_key(text) == (name_key(text) if name.family and name.given else "")
