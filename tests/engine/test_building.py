"""Rules that have the right shape and cannot be built, each told with what is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from reflint.engine.binding import is_foreign
from reflint.engine.building import fault_of
from reflint.engine.checks.base import CHECKS, Hit, Parameters, Scope, ValueTest
from reflint.engine.pack import load
from tests.engine.test_pack import RULE, write
from tests.inputs import RULES

CHECK = '{use: pattern, match: "pepper"}'


@pytest.mark.parametrize("rule", load(RULES).rules, ids=lambda rule: rule.id)
def test_every_rule_of_the_core_can_be_built(rule):
    assert fault_of(rule) == ""
    assert not is_foreign(rule) or rule.applies["manuscript"]


@pytest.mark.parametrize(
    ("check", "expected"),
    [
        (CHECK, False), ("{use: elsewhere}", True), ("{use: nowhere}", True),
        ("{any: [{use: enum}, {not: {use: elsewhere}}]}", True), ("{all: [{use: enum}, {use: file}]}", False),
    ],
)  # fmt: skip
def test_a_check_of_a_package_is_foreign(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, check: str, expected: bool):
    monkeypatch.setitem(CHECKS, "elsewhere", lambda params, scope: ValueTest(frozenset(), lambda value: None))
    write(tmp_path, RULE.replace(CHECK, check))
    assert is_foreign(load(tmp_path).rules[0]) is expected


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("match:", "mach:", "there is no parameter 'mach'"),
        ('"pepper"}', '"pepper", unles: salt}', "there is no parameter 'unles'"),
        (CHECK, '{all: [{use: pattern, match: "pepper"}, {not: {use: pattern, mach: a}}]}', "no parameter 'mach'"),
        (CHECK, "{use: equals_field, a: [TI]}", "the parameter 'b' is missing"),
        (CHECK, "{use: equals_field, a: [TI], b: [T2], max_length: ten}", "cannot be built (ValueError: invalid"),
        (CHECK, "{use: enum}", "enum needs a table"),
        (CHECK, "{use: normal_form, normalizer: nope}", "unknown normalizer 'nope'"),
        ("message:", "fix: {use: retag, safety: safe}\nmessage:", "the parameter 'to' is missing"),
        ("message:", "fix: {use: delete, safety: safe, from: TI}\nmessage:", "there is no parameter 'from'"),
        ("message:", "fix: {use: delete, safety: safe, title: '{filed}'}\nmessage:", "fix.title: 'filed' in '{filed}'"),
        ("message:", "fix: {use: delete, safety: safe, title: '{field'}\nmessage:", "fix.title: expected '}' before"),
        ('"{field} holds {note}"', '"{filed} holds"', "message: 'filed' in '{filed} holds'"),
        ("message:", "options: {depth: {type: int, default: 3}}\nmessage:", "there is no parameter 'depth'"),
        ("applies: {ris: [TI]}", "applies: {}", "applies to no field of any format"),
    ],
)
def test_what_cannot_be_built_is_told(tmp_path: Path, old: str, new: str, said: str):
    assert old in RULE
    write(tmp_path, RULE.replace(old, new))
    (rule,) = load(tmp_path).rules
    assert said in fault_of(rule)


def test_the_check_of_a_package_may_read_its_parameters_when_it_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def lazy(params: Parameters, scope: Scope) -> ValueTest:
        return ValueTest(frozenset(scope.names), lambda value: Hit() if value == params["word"] else None)

    monkeypatch.setitem(CHECKS, "lazy", lazy)
    write(tmp_path, RULE.replace(CHECK, "{use: lazy, word: pepper}"))
    (rule,) = load(tmp_path).rules
    assert fault_of(rule) == ""


def test_options_are_parameters_of_the_check(tmp_path: Path):
    options = "options: {match: {type: str, default: pepper}}\nmessage:"
    write(tmp_path, RULE.replace(CHECK, "{use: pattern}").replace("message:", options))
    (rule,) = load(tmp_path).rules
    assert fault_of(rule) == ""
