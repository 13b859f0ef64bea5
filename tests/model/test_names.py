"""Names: parts, organisations, noise."""

from __future__ import annotations

import pytest
from hypothesis import example, given
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
        ("Smith, John; ", Name("Smith", "John")),
        ("Smith, Jr", Name("Smith", "Jr")),  # two letters may be initials
        ("Smith, Jr, John", Name("Smith", "John", "Jr")),
        ("Smith, III", Name("Smith", "", "III")),
        ("Smith, John, MD", Name(literal="Smith, John, MD")),
        ("Smith, John, Jr., Paris", Name(literal="Smith, John, Jr., Paris")),
        (", John", Name(literal=", John")),
    ],
)
def test_parts(text: str, expected: Name) -> None:
    assert parse_name(text) == expected


@pytest.mark.parametrize("suffix", "Jr Sr Jun Sen Junior Senior Filho Neto II III IV 2nd 3rd 4th jr. SR.".split())
def test_a_suffix_is_told_from_a_given_name(suffix: str) -> None:
    assert parse_name(f"Smith, John, {suffix}") == parse_name(f"Smith, {suffix}, John") == Name("Smith", "John", suffix)
    assert invert(f"John Smith {suffix}") == f"Smith, John, {suffix}"


@pytest.mark.parametrize(
    "text",
    ["Gilead Sciences", "Internet Archive", "Survey Office", "Redback Graphix", "Universität Zürich",
     "ENCODE Project Consortium",
     "Ministère de la Santé", "Department of Justice and Peace", "Europa Press", "Instituto de Salud", "UNESCO",
     "Labour Ministry, Berlin"],
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


@pytest.mark.parametrize(
    "text",
    ["John Smith", "John R. Smith", "John R A Smith", "John R. A. B. Smith", "Paweł Nowak", "Xiao Liu", "Xu Li",
     "Jan Ten", "J" + "o" * 53 + " Smith"],
)  # fmt: skip
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
        "John R A B C Smith",
        "John  Smith",
        "John r. Smith",
        "John Ro Smith",
        "John Robert Smith",
        "John R.. Smith",
        "John. Smith",
        "John SMITH",
        "Jo-Ann Smith",
        "Dos Santos",
        "J" + "o" * 54 + " Smith",
    ],
)
def test_not_surely_personal_names(text: str) -> None:
    assert not looks_personal(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("et al.", True), ("et al", True), ("et. al.", True), ("Et al.,", True), ("others", True), ("and others", True),
        ("u.a.", True), ("i in.", True), ("等", True), ("…", True), ("...", True), ("[et al.]", True),
        ("et  al.", True), ("etal", True), ("ET AL.", True), ("other", True), ("and  others", True), ("u. a.", True),
        ("y otros", True), ("e outros", True), ("und andere", True), ("et autres", True), ("(et al.);", True),
        (" " * 17 + "et al.", True), (" " * 18 + "et al.", False),
        ("Al, Peter", False), ("Other, A.", False), ("Smith, J. et al.", False), ("", False), ("et, al", False),
    ],
)  # fmt: skip
def test_marks_of_an_incomplete_list(text: str, expected: bool) -> None:
    assert is_et_al(text) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Smith, J. et al.", "Smith, J."),
        ("Smith J, et al", "Smith J"),
        ("Smith, J. and others", "Smith, J."),
        ("Smith, J. AND OTHERS.", "Smith, J."),
        ("Smith, J. Et Al.", "Smith, J."),
        ("Smith, J.; [et. al.] ", "Smith, J."),
        ("Smith, J.,  et  al;", "Smith, J."),
        ("王小明等", "王小明"),
        ("王小明 等.", "王小明"),
        ("et al.", "et al."),
        (" et al.", " et al."),
        ("等", "等"),
        ("Albert, A", "Albert, A"),
        ("Smith, J.", "Smith, J."),
        ("Smith, J. et alan", "Smith, J. et alan"),
        ("Smith, J. et al. (2019)", "Smith, J. et al. (2019)"),
        ("Brothers, Ann", "Brothers, Ann"),
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
        ("Maria de la Cruz", "de la Cruz, Maria"),
        ("van Gogh", "Gogh, van"),
        ("van den Berg", "den Berg, van"),
        ("Smith Jr.", "Jr., Smith"),
        (" John  Smith ", "Smith, John"),
    ],
)
def test_inversion(text: str, expected: str) -> None:
    assert invert(text) == expected


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Müller, Jörg R.", "muller j r"), ("Muller, JR", "muller j r"), ("MÜLLER, J. R.", "muller j r"),
        ("Müller, JOHN", "muller j"), ("Müller, JRA", "muller j r a"), ("Müller, Jan", "muller j"),
        ("John Smith", "smith j"), ("Smith, Jean-Paul", "smith j p"), ("Smith, J.-P.", "smith j p"),
        ("Smith, A.B.C.D.E.", "smith a b c d e"), ("Smith, John, Jr.", "smith j"), ("Smith, Ño", "smith n"),
        ("Gogh, Vincent van", "van gogh v"), ("van Gogh, V.", "van gogh v"), ("Cruz, Ana de la", "de la cruz a"),
        ("Okafor, Y.", "okafor y"), ("Müller, Yusuf", "muller y"), ("MÜLLER, Y. B.", "muller y b"),
        ("İnan, İbrahim", "inan i"), ("Inan, I.", "inan i"), ("王, 小明", "王 小"), ("김, 철수", "김 철"),
    ],
)  # fmt: skip
def test_keys_of_persons(text: str, key: str) -> None:
    assert (name_key(text), person_key(text)) == (key, key if "," in text else "")


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("World Health Organization", "world health organization"), ("Ludwig van Beethoven", "ludwig van beethoven"),
        ("Institute of Sand, Oslo", "institute of sand oslo"), ("Okafor, Neto", "okafor"), ("Plato", "plato"), ("", ""),
    ],
)  # fmt: skip
def test_keys_of_what_has_no_family_and_given_name(text: str, key: str) -> None:
    assert (name_key(text), person_key(text)) == (key, "")


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
        ("Smith, John ,PhD", "Smith, John"), ("Smith, Ann MD", "Smith, Ann"), ("Smith, John MPH,", "Smith, John"),
        ("Smith, John,  PhD", "Smith, John"), ("Smith, PhD", "Smith"), ("Müller, Jörg, Dr. med.", "Müller, Jörg"),
        ("Dr John Smith", "John Smith"), ("Prof.Dr. John Smith", "John Smith"), ("Prof John Smith", "John Smith"),
        ("Smith,Dr John", "Smith, John"), ("Smith,  Prof.  Dr.  John", "Smith, John"),
        ("John Smith, Dr.", "John Smith"), ("Smith, John Dr", "Smith, John"), ("Smith, J.  Prof. Dr.", "Smith, J."),
        ("Smith, John, (author)", "Smith, John"), ("Smith, John(Editor)", "Smith, John"),
        ("Smith, John  (corresponding author)", "Smith, John"), ("Smith, John (authors)", "Smith, John"),
        ("Smith, John (ed.)", "Smith, John"), ("Smith, John (eds)", "Smith, John"),
        ("Smith*, John", "Smith, John"), ("Smith, John ²³", "Smith, John"),
        ("Smith, John, http://orcid.org/0000-0002-1825-009X", "Smith, John"), ("Smith, John0000-0002-1825-0097",
        "Smith, John"), ("j.smith+x@a-b.co.uk Smith, John", "Smith, John"), ("Smith, John; [j@bc.org]", "Smith, John"),
        ("Smith, John (@j@b.social)", "Smith, John"), ("Smith, John @j@b.social", "Smith, John"),
        # kept
        ("Smith, MD", "Smith, MD"), ("Smith, M.D.", "Smith, M.D."), ("van den Berg, MA", "van den Berg, MA"),
        ("Smith, RN", "Smith, RN"), ("Smith, J MD", "Smith, J MD"), ("Rahman, Md. Abdul", "Rahman, Md. Abdul"),
        ("Dr. Seuss", "Dr. Seuss"), ("Prof, John", "Prof, John"), ("@handle", "@handle"),
        ("Smith, John", "Smith, John"),
        ("3DTCLSM Group", "3DTCLSM Group"), ("Levy, P.; Sutton, M.A.", "Levy, P.; Sutton, M.A."),
        ("Smith, Jo MD", "Smith, Jo MD"), ("John Smith, MD", "John Smith, MD"), ("Smith J, MD", "Smith J, MD"),
        ("Smith, John and Doe, Jane MPH", "Smith, John and Doe, Jane MPH"), ("Smith, PhDo", "Smith, PhDo"),
        ("Smith, PhD John", "Smith, PhD John"), ("Smith, JohnPhD", "Smith, JohnPhD"),
        ("Prof. Dr. Seuss", "Prof. Dr. Seuss"), ("Drake Smith", "Drake Smith"), ("Smith, Drake", "Smith, Drake"),
        ("Smith, Dr. 3", "Smith, Dr. 3"), ("Smith, John (Paris)", "Smith, John (Paris)"), ("A*B, John", "A*B, John"),
        ("*", "*"), ("(author)", "(author)"), ("j@b.org", "j@b.org"),
    ],
)  # fmt: skip
def test_noise(text: str, expected: str) -> None:
    assert strip_name_noise(text) == expected


@pytest.mark.parametrize(
    "degree",
    "PhD Ph.D DPhil D.Phil MSc M.Sc BSc B.Sc MPH M.P.H. MBA M.B.A. FRCP FRCS FACP MBBS MBChB DVM MSW MArch M.Arch PsyD "
    "EdD Ed.D. PharmD DrPH M.D. M.A. R.N. BSc, Ph.\u00a0D".split(" "),
)
def test_degrees_go_from_behind_a_name_and_stay_as_names(degree: str) -> None:
    assert strip_name_noise(f"Smith, John, {degree}") == "Smith, John"
    assert strip_name_noise(f"Smith, John {degree}") == "Smith, John"
    assert strip_name_noise(f"{degree} Smith, John") == f"{degree} Smith, John"


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
@example("Okafor", ["Neto"], " ", ", ")
@example("Okafor", ["Van", "Y."], " ", ", ")
@example("Okafor", ["Ngozi", "Van"], "-", ", ")
@example("Okafor", ["Y."], " ", ", ")
def test_the_short_way_to_a_key_leads_where_the_long_one_does(
    family: str, given: list[str], gap: str, comma: str
) -> None:
    text = f"{family}{comma}{gap.join(given)}"
    name = parse_name(text)
    whole = f"{text}, "  # a blank behind the name is one the short way does not take
    assert name_key(text) == name_key(whole)
    assert person_key(text) == (name_key(text) if name.family and name.given else "")
