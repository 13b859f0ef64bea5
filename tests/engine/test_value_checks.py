"""What checks find in single values and small records, and what they say should stand there instead."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reflint.engine.checks.base import CHECKS, Hit, Scope, ValueTest
from reflint.engine.checks.normal_forms import NORMAL_FORMS
from reflint.engine.checks.pages import diagnose_one
from reflint.engine.pack import load
from reflint.engine.run import Engine
from reflint.formats import ris
from reflint.model.finding import Finding
from tests.inputs import RULES

SCOPE = Scope("ris", "article-journal", ("TI",))
ENGINE = Engine(load(RULES).rules)
MARKS = "()[]<>:;.,-–+& 10aZсАﬁ\u00ad\n/"


def hit(check: str, value: str) -> Hit | None:
    test = CHECKS[check]({}, SCOPE)
    assert isinstance(test, ValueTest)
    return test.test(value)


@pytest.mark.parametrize(
    ("check", "given", "expected"),
    [
        ("link_in_title", "tidewatch, available at https://example.org/tidewatch", "tidewatch"),
        ("link_in_title", "Tides of 2019. https://example.org/a ", "Tides of 2019"),
        ("colon_spacing", "The shore : a history : of tides", "The shore: a history: of tides"),
        ("colon_spacing", "Salt of the marsh : the C : N ratio", "Salt of the marsh: the C : N ratio"),
        ("colon_spacing", "Storm tracks and the islands:A survey", "Storm tracks and the islands: A survey"),
        ("mixed_scripts", "Сoast and сreek", "Coast and creek"),
        ("mixed_scripts", "Записки o побepeжье", "Записки o побережье"),
        ("mixed_scripts", "Тo the north", "To the north"),
        ("mixed_scripts", "Тo есть берег", "То есть берег"),
        ("doi_foreign_characters", "10.5555/ abc", "10.5555/abc"),
        ("doi_foreign_characters", "https://doi.org/10.5555/a\u00adbc–1", "https://doi.org/10.5555/abc-1"),
        (
            "doi_foreign_characters",
            "10.5555/0001(2000)029 [ 0126:ABC ]2.0.CO;2",
            "10.5555/0001(2000)029[0126:ABC]2.0.CO;2",
        ),
        ("body_as_person", "Society, Royal and Ancient", "Royal and Ancient Society"),
        ("body_as_person", "Committee, House, Select Harbour", None),
    ],
)
def test_a_value_should_be_another(check: str, given: str, expected: str | None):
    found = hit(check, given)
    assert found is not None
    assert found.new == expected


@pytest.mark.parametrize(
    ("check", "given"),
    [
        ("link_in_title", "A reply to 10.5555/abc and its authors"),
        ("link_in_title", "The https://example.org/ project and its end"),
        ("colon_spacing", "La côte : une histoire des dunes"),
        ("colon_spacing", "Who owns the shore? : a survey"),
        ("colon_spacing", "The vole of the north (Rodentia:Muridae)"),
        ("colon_spacing", "At 12:30 in the harbour"),
        ("unbalanced", "Essays: a) tides b) dunes"),
        ("unbalanced", "The ]0, 1] interval"),
        ("unbalanced", "The harbour :)"),
        ("unbalanced", r"A bound of \(n in the tide"),
        ("mixed_scripts", "Карты XIXв"),
        ("mixed_scripts", "KoЯn and its sign"),
        ("mixed_scripts", "ДНК-test"),
        ("doi_foreign_characters", "10.5555/abc. Epub 2019"),
        ("doi_foreign_characters", "10.5555/abc / 10.5555/def"),
        ("doi_foreign_characters", "http://dx.doi.org/10.5555/abc<br />"),
        ("doi_foreign_characters", " 10.5555/abc "),
        ("body_as_person", "Organization"),
        ("body_as_person", "Group, Jane B. Ann"),
    ],
)
def test_a_value_is_right_as_it_stands(check: str, given: str):
    assert hit(check, given) is None


@pytest.mark.parametrize(
    ("given", "place"),
    [("Whales of the north 2009-2020a)", 30), ("Tides [and dunes", 6), ("Dunes (north) and) tides", 17)],
)
def test_a_bracket_without_its_fellow_is_pointed_at(given: str, place: int):
    found = hit("unbalanced", given)
    assert found is not None
    assert found.within == (place, place + 1)


@pytest.mark.parametrize(
    ("form", "given", "expected"),
    [
        ("ligatures", "eﬄux of ﬁsh", "efflux of fish"),
        ("ligatures", "the sign ﬁ", "the sign ﬁ"),
        ("initials", "Tolk, J.R.R.", "Tolk, J. R. R."),
        ("initials", "Ju, C.J.-T.", "Ju, C. J.-T."),
        ("initials", "Орлова, А.Б.", "Орлова, А. Б."),
        ("initials", "Diaz, Ana e.g.", "Diaz, Ana e.g."),
        ("initials", "Ministry of Health, U.S.A.", "Ministry of Health, U.S.A."),
        ("double_number", "3–4", "3-4"),
        ("double_number", "3 - 4", "3-4"),
        ("double_number", "3 and 4", "3-4"),
        ("double_number", "1 & 4", "1 & 4"),
        ("double_number", "3/4", "3/4"),
    ],
)
def test_a_normal_form_is(form: str, given: str, expected: str):
    assert NORMAL_FORMS[form].normalise(given) == expected


@pytest.mark.parametrize("form", NORMAL_FORMS)
@given(value=st.text(alphabet=st.one_of(st.sampled_from(MARKS), st.characters(codec="utf-8")), max_size=40))
def test_a_normal_form_is_at_rest(form: str, value: str):
    once = NORMAL_FORMS[form].normalise(value)
    assert NORMAL_FORMS[form].normalise(once) == once


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("282-296+347-348+351", "282-296, 347-348, 351"),
        ("12;14 ; 19–20", "12, 14, 19-20"),
        ("48-49, 63", None),
        ("12+345", None),
        ("12,345", None),
        ("xi + 236", None),
        ("43, 12", None),
        ("662+11", None),
    ],
)
def test_stretches_of_pages_are_separated_by_commas(given: str, expected: str | None):
    found = diagnose_one(given)
    assert (found.sp if found.kind == "list" else None) == expected


def findings(rule: str, *lines: str) -> list[Finding]:
    text = "".join(f"{line}\n" for line in (*lines, "ER  - "))
    return [finding for record in ris.read(text.encode()) for finding in ENGINE.check(record) if finding.rule == rule]


@pytest.mark.parametrize(
    ("line", "severity"),
    [
        ("M3  - Article", "warning"),
        ("M3  - Trial registry record; Clinical trial protocol", "info"),
        ("JF  - Dissertation Abstracts International: Section B", "info"),
        ("PY  - 1985", "info"),
    ],
)
def test_a_work_that_never_got_a_doi_is_only_mentioned(line: str, severity: str):
    assert [finding.severity for finding in findings("DOI001", "TY  - JOUR", line)] == [severity]


@pytest.mark.parametrize(("more", "becomes"), [((), None), (("SN  - 0317-8471",), "JOUR")])
def test_a_letter_is_an_article_only_where_it_was_printed(more: tuple[str, ...], becomes: str | None):
    (finding,) = findings("RIS005", "TY  - letter", "TI  - To the keeper of the light", *more)
    assert (finding.fix.edits[0].after if finding.fix else None) == becomes


@pytest.mark.parametrize(
    ("url", "what"),
    [
        ("ORCID: 0000-0002-1825-0097", "is an ORCID iD"),
        ("ana.diaz@harbour.example", "is a mail address"),
        ("www.harbour.example", "has no scheme"),
    ],
)
def test_what_is_no_link_is_called_what_it_is(url: str, what: str):
    found = hit("url_malformed", url)
    assert found is not None
    assert found.note == what


@pytest.mark.parametrize(
    ("rule", "lines", "safety"),
    [
        ("PAG003", ["SP  - 1014", "EP  - 1"], None),
        ("PAG003", ["SP  - 1014", "EP  - 22"], "safe"),
        ("PAG003", ["SP  - 1014", "EP  - 109"], "unsafe"),
        ("RIS018", ["SP  - 1014-22"], "safe"),
        ("RIS018", ["SP  - 1014-109"], "unsafe"),
        ("RIS018", ["SP  - 1014-109", "EP  - 1109"], "safe"),
        ("TXT003", ["AB  - Heated to 300\x01C"], "unsafe"),
        ("TXT003", ["AB  - Heated \x01 to 300"], "safe"),
        ("TXT003", ["AB  - Re\u00adopened"], "safe"),
        ("RIS006", ["AU  - Diaz, Ana", "Ti  - me series"], "unsafe"),
        ("RIS006", ["au  - Diaz, Ana", "ti  - Tides", "py  - 2001"], "safe"),
    ],
)
def test_what_may_have_been_something_else_is_not_repaired_unattended(rule: str, lines: list[str], safety: str | None):
    found = findings(rule, "TY  - JOUR", *lines)
    assert [finding.fix.safety for finding in found if finding.fix] == [safety] * (safety is not None)


@pytest.mark.parametrize(
    ("name", "right"),
    [
        ("OKAFOR, DMJS", "Okafor, DMJS"),
        ("DIAZ, SM MORENO", "Diaz, SM Moreno"),
        ("DIAZ, ANA MARIA", "Diaz, Ana Maria"),
        ("OKAFOR, YJ", "Okafor, YJ"),
    ],
)
def test_initials_stay_in_capitals(name: str, right: str):
    (finding,) = findings("CRE002", "TY  - JOUR", f"AU  - {name}")
    assert finding.fix is not None
    assert finding.fix.edits[0].after == right


def test_a_latex_command_is_shown_with_what_it_is_about():
    (finding,) = findings("TXT006", "TY  - JOUR", r"AD  - Institute of G{\"o}teborg")
    assert finding.message == r"AD holds LaTeX: {\"o}teborg"
