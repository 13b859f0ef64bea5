"""The gate before record tests: what it lets through, held against what a RecordTest says of itself in words."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from reflint.engine.binding import Bound, bind
from reflint.engine.checks.base import RecordTest
from reflint.engine.gate import Gate
from reflint.engine.pack import load
from reflint.model.record import Record
from tests.inputs import RULES

NAMES = ("TY", "TI", "AU", "AB", "N2", "PY", "XX", "Q1")
ANY = next(one for rule in load(RULES).rules for one in bind(rule, "ris", "book", {}))
some_names = st.frozensets(st.sampled_from(NAMES[:-1]), max_size=3)


def can_hold(test: RecordTest, names: list[str], regular: bool, blank: bool) -> bool:
    """The words of RecordTest, one by one."""
    twice = {name for name in names if names.count(name) > 1}
    return (
        all(group & set(names) for group in test.present)
        and not test.absent & set(names)
        and (not test.repeated or bool(test.repeated & twice))
        and (not test.several or sum(name in test.several for name in names) > 1)
        and (not test.known or bool(set(names) - test.known))
        and (test.regular or not regular)
        and (blank or not test.blank)
    )


def by_title(record: Record) -> str:
    return record.first("TI")


tests = st.builds(
    RecordTest,
    st.just(lambda record: ()),
    present=st.lists(some_names.filter(bool), max_size=2).map(tuple),
    absent=some_names,
    repeated=some_names,
    several=some_names,
    known=some_names,
    regular=st.booleans(),
    blank=st.booleans(),
    selector=st.sampled_from([None, by_title]),
    cases=st.just(frozenset(["a", "b"])),
)


@given(
    st.lists(tests, max_size=6),
    st.lists(st.tuples(st.lists(st.sampled_from(NAMES), max_size=6), st.booleans(), st.booleans()), max_size=4),
)
def test_only_tests_that_can_hold_pass_and_all_of_them(
    given_tests: list[RecordTest], records: list[tuple[list[str], bool, bool]]
):
    bound = [(Bound(ANY.rule._replace(id=f"XYZ{n:03}"), test, None, None), test) for n, test in enumerate(given_tests)]
    gate = Gate(bound)
    for names, regular, blank in records * 2:
        fitting = gate.fitting(tuple(names), regular, blank)
        passed = [one.rule.id for one in fitting.alone]
        wanted = [one.rule.id for one, test in bound if can_hold(test, names, regular, blank)]
        of_cases = [
            sorted(one.rule.id for one in tests_of[case]) for _, tests_of in fitting.selected for case in ("a", "b")
        ]
        selected = sorted(one.rule.id for one, test in bound if test.selector and one.rule.id in wanted)
        assert passed == [id for id in wanted if id not in selected]
        assert of_cases == ([selected] * 2 if selected else [])


def test_no_end_of_odd_names_is_remembered(monkeypatch):
    monkeypatch.setattr("reflint.engine.gate.CAP", 3)
    gate = Gate([(ANY, RecordTest(lambda record: (), known=frozenset(["TY"])))])
    for number in range(50):
        assert len(gate.fitting(("TY", f"X{number}"), False, False).alone) == 1
        assert max(map(len, (gate._of_name, gate._fittings, gate._of_shapes))) <= 3
