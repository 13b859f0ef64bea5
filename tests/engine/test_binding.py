"""Rules bound to formats and types: what is built for one type serves others where it makes no difference."""

from __future__ import annotations

from operator import attrgetter

import pytest

from reflint.app.rules import core_pack
from reflint.engine.binding import Bindings, bind
from reflint.engine.checks.base import CHECKS, Hit, Scope, ValueTest
from reflint.engine.pack import Rule
from reflint.engine.run import Engine
from reflint.formats import ris
from reflint.formats.ris.tags import CSL_TYPES
from tests.inputs import RIS_FIXTURES

TYPES = sorted(set(CSL_TYPES.values()))
RULES = {rule.id: rule for rule in core_pack().rules}
ID = attrgetter("id")


def test_what_does_not_ask_for_the_type_is_built_once():
    bindings = Bindings(lambda rule: {})
    whitespace = RULES["TXT007"]
    assert bindings.bound(whitespace, "ris", "book") is bindings.bound(whitespace, "ris", "thesis")
    assert bindings.bound(whitespace, "ris", "book") is not bindings.bound(whitespace, "csl", "book")


def test_what_asks_for_the_type_is_built_for_each_answer():
    bindings = Bindings(lambda rule: {})
    journal, other, third = (
        bindings.bound(RULES["DAT004"], "ris", type) for type in ("article-journal", "thesis", "report")
    )
    (in_journal,), (in_thesis,) = journal, other
    assert other is third
    assert isinstance(in_journal.test, ValueTest)
    assert isinstance(in_thesis.test, ValueTest)
    year = "1420"
    assert in_journal.test.test(year) != in_thesis.test.test(year)


@pytest.mark.parametrize("rule", [rule for rule in RULES.values() if not rule.applies.get("manuscript")], ids=ID)
def test_shared_or_not_a_rule_looks_at_the_same_fields(rule: Rule):
    bindings = Bindings(lambda rule: {})
    for type in (*TYPES, *reversed(TYPES)):
        shared, alone = bindings.bound(rule, "ris", type), bind(rule, "ris", type, {})
        assert [fields(one.test) for one in shared] == [fields(one.test) for one in alone]


def fields(test: object) -> list[object]:
    """What a test says of itself, less its functions."""
    assert isinstance(test, tuple)
    trigger = getattr(test, "trigger", None)
    return [one for one in test if not callable(one) and one is not trigger] + [trigger and trigger.names]


def test_a_scope_answers_for_the_types_that_make_no_difference():
    scope = Scope("ris", "book", ("TI",))
    assert scope.answers_alike("chapter")
    scope.resolve(["ris.TI", "csl.abstract"])
    assert scope.answers_alike("thesis")
    assert scope.is_one_of(["book", "thesis"])
    assert scope.answers_alike("thesis")
    assert not scope.answers_alike("chapter")
    assert scope.type == "book"
    assert not scope.answers_alike("thesis")


def test_a_check_that_asks_when_it_runs_fails_and_says_so(monkeypatch: pytest.MonkeyPatch):
    def late(params: object, scope: Scope) -> ValueTest:
        return ValueTest(frozenset(["TI"]), lambda value: Hit(note=scope.type))

    late.__module__ = "reflint.engine.checks.late"
    monkeypatch.setitem(CHECKS, "asks-late", late)
    rule = RULES["TTL002"]._replace(check={"use": "asks-late"}, fix=None)
    (record,) = ris.read(b"TY  - BOOK\nTI  - Tides\nER  - \n")
    (found,) = Engine([rule]).check(record)
    assert found.rule == "REF001"
    assert "while it is built" in found.message


def test_a_check_of_a_package_may_ask_when_it_likes_and_is_not_shared(monkeypatch: pytest.MonkeyPatch):
    def late(params: object, scope: Scope) -> ValueTest:
        return ValueTest(frozenset(["TI"]), lambda value: Hit(note=scope.type))

    monkeypatch.setitem(CHECKS, "asks-late", late)
    rule = RULES["TTL002"]._replace(check={"use": "asks-late"}, fix=None, message="a title in a {note}")
    engine = Engine([rule])
    library = ris.read(b"TY  - BOOK\nTI  - Tides\nER  - \n\nTY  - JOUR\nTI  - Tides\nER  - \n")
    told = [finding.message for record in library for finding in engine.check(record)]
    assert told == ["a title in a book", "a title in a article-journal"]


def test_the_fast_engine_needs_no_second_way_on_any_fixture():
    engine = Engine(RULES.values())
    for path in RIS_FIXTURES:
        engine._check_quickly(list(ris.read(path.read_bytes())))  # would raise where a rule fails
