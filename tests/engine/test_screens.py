"""What lets a test be left out: screens of ordinary values, and the quick looks at a value before a slow one."""

from __future__ import annotations

from itertools import product
from unicodedata import normalize

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from reflint.engine.binding import bind
from reflint.engine.checks.base import CHECKS, Scope, ValueTest
from reflint.engine.checks.screens import SCREENS
from reflint.engine.pack import load
from reflint.engine.plan import MASKS
from reflint.model.names import strip_name_noise
from reflint.model.text import looks_english, title_case
from tests.inputs import RULES

ORDINARY = {
    "name": ("Okafor, Ngozi", "Okafor, N. A.", "Saito-Brandt, K.-L.", "Varga, ZS", "Mdluli, J."),
    "doi": ("10.5555/tides.2019(4)-7", "10.55555/a_b"),
    "issn": ("0000-0019", "0000-006X"),
    "number": ("7", "1024"),
}
ODD = {
    "name": ("Okafor, N.A.", "Dr, N.", "Okafor, Dr N.", "okafor, n.", "Okafor", "Okafor, N. A., Saito, K."),
    "doi": ("10.5555/tides.", "https://doi.org/10.5555/tides", "10.5555/tides%2F7", "10.5555/(a"),
    "issn": ("00000019", "0000-0018", "0000-0000", "0000-006x"),
    "number": ("07", "S7", "٧", ""),
}


def value_tests() -> list[ValueTest]:
    bound = [one for rule in load(RULES).rules for one in bind(rule, "ris", "article-journal", {})]
    return [one.test for one in bound if isinstance(one.test, ValueTest)]


@pytest.mark.parametrize(("screen", "value"), [(name, value) for name, values in ORDINARY.items() for value in values])
def test_an_ordinary_value_passes(screen: str, value: str):
    assert SCREENS[screen](value)


@pytest.mark.parametrize(("screen", "value"), [(name, value) for name, values in ODD.items() for value in values])
def test_an_odd_value_does_not_pass(screen: str, value: str):
    assert not SCREENS[screen](value)


@given(st.sampled_from(sorted(SCREENS)), st.data())
def test_no_value_with_an_unusual_character_passes(screen: str, data: st.DataObject):
    value = data.draw(st.sampled_from(ORDINARY[screen]))
    unusual = data.draw(st.sampled_from(sorted(MASKS)) | st.characters(min_codepoint=0x80, exclude_categories=["Cs"]))
    place = data.draw(st.integers(0, len(value)))
    assert not SCREENS[screen](value[:place] + unusual + value[place:])


@given(st.sampled_from(sorted(SCREENS)), st.text("ABNZabnz0189X.,-/() ", max_size=16))
def test_a_test_that_is_quiet_for_a_screen_holds_for_nothing_that_passes(screen: str, text: str):
    begun = {"name": "Okafor, ", "doi": "10.5555/", "issn": "", "number": ""}[screen] + text
    for value in (begun, *ORDINARY[screen]):
        if SCREENS[screen](value):
            assert not [test for test in QUIET[screen] if test.test(value)]


NEAR = [chr(code) for code in (*range(32, 0x300), *range(0x2010, 0x2040)) if code != 127]


@given(st.text(NEAR, max_size=12))
@example("Müller–Łódź “çé” ‰‽")
def test_a_test_that_needs_distant_characters_holds_for_nothing_without_them(value: str):
    assert DISTANT
    assert not [test for test in DISTANT if test.test(value)]


def test_no_character_near_or_pair_of_them_has_another_normal_form():
    assert all(normalize("NFC", "".join(pair)) == "".join(pair) for pair in product(NEAR, NEAR))


DISTANT = [test for test in value_tests() if test.needs == "\u0300"]
QUIET = {screen: [test for test in value_tests() if screen in test.quiet_for] for screen in SCREENS}

TITLE_WORDS = (
    "The the Of of with With Within within without versus Through through throughput Tides sediments Estuaries "
    "recovered (within /without ‘barrier “islands” Saint-étienne État naïvely p-value McKay DNA: flows. why? —along: x"
).split()


@given(st.lists(st.sampled_from(TITLE_WORDS), max_size=14).map(" ".join))
@example("The Shape and Width of Barrier Islands through Storms without Dunes versus Marshes")
@example('"sediments of a Salt Marsh in the North')
def test_title_case_is_told_though_most_titles_are_only_looked_at_from_afar(title: str):
    test = CHECKS["casing"]({"is": "titlecase"}, Scope("ris", "book", ("TI",)))
    assert isinstance(test, ValueTest)
    assert bool(test.test(title)) == (title_case(title) == "title" and looks_english(title))


@pytest.mark.parametrize(
    ("given_name", "bare"),
    [("Müller, Jörg†", "Müller, Jörg"), ("Müller, Jörg¹", "Müller, Jörg"), ("Müller, Jörg", "Müller, Jörg")],
)
def test_marks_of_footnotes_are_seen_in_names_beyond_ascii(given_name: str, bare: str):
    assert strip_name_noise(given_name) == bare
