"""The words of findings: templates filled with what was found, and only when somebody asks."""

from __future__ import annotations

import pickle
from copy import copy

import pytest

from reflint.engine.checks.base import Hit
from reflint.engine.wording import wording
from reflint.errors import PackError
from reflint.formats import ris
from reflint.model.finding import Finding

(RECORD,) = ris.read(b"TY  - JOUR\nTI  - Salt  of\nthe sea\nER  - \n")


@pytest.mark.parametrize(
    ("template", "hit", "position", "words"),
    [
        (
            "{field}: {value} should be {new}",
            Hit(new="Salt of the sea"),
            1,
            "TI: Salt of the sea should be Salt of the sea",
        ),
        ("100 % of {field} is {note}", Hit(note="100 %s"), 1, "100 % of TI is 100 %s"),
        ("{new}", Hit(new=("a", "b")), 1, "a | b"),
        ("[{field}{value}{new}{note}]", Hit(), None, "[]"),
        ("{{x}}", Hit(), 1, "{x}"),
        ("{note:.2}{field!r:>6}", Hit(note="abc"), 1, "ab  'TI'"),
        ("{{field}} {note}", Hit(note="{value}"), 1, "{field} {value}"),
    ],
)
def test_a_template_is_filled_with_what_was_found(template: str, hit: Hit, position: int | None, words: str):
    say = wording(template, "XYZ001")
    assert say is not None
    assert say(RECORD, hit, position) == words


def test_a_template_with_nothing_to_fill_in_needs_nobody_to_say_it():
    assert wording("No DOI", "DOI001") is None


@pytest.mark.parametrize("template", ["{fields}", "{field", "{0}", "}", "{note.x}", "{note:d}"])
def test_a_template_that_names_something_else_is_refused(template: str):
    with pytest.raises(PackError, match="XYZ001: message: "):
        wording(template, "XYZ001")


def test_a_finding_is_put_into_words_once_and_travels_with_them():
    asked: list[str] = []

    def say() -> str:
        asked.append("yes")
        return "No DOI"

    finding = Finding("DOI001", "doi-missing", "warning", say, RECORD, 1, source="a.ris")
    assert asked == []
    assert [one.message for one in (finding, copy(finding), finding)] == ["No DOI"] * 3
    assert asked == ["yes"]
    there = pickle.loads(pickle.dumps(Finding("DOI001", "doi-missing", "warning", say, None, source="a.ris")))
    assert (there.message, there.rule, there.source, there.record) == ("No DOI", "DOI001", "a.ris", None)
