"""Records checked together: the same is found as in each alone, and nothing before an error is lost."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from reflint.app.rules import core_pack
from reflint.engine.batches import batches
from reflint.engine.checks.base import CHECKS, ValueTest
from reflint.engine.fixing import settle, settle_all
from reflint.engine.run import Engine
from reflint.formats import ris
from reflint.formats.ris.emit import apply
from reflint.model.finding import Finding
from reflint.model.record import Record
from tests.inputs import RIS_FIXTURES

RULES = core_pack().rules
RECORDS = [record for path in RIS_FIXTURES for record in ris.read(path.read_bytes())]


def told(findings: list[Finding]) -> list[tuple[object, ...]]:
    return [(f.rule, f.position, f.within, f.severity, f.message, f.fix) for f in findings]


def test_batches_hold_some_hundred_items_or_a_megabyte():
    assert [len(batch) for batch in batches(range(1_200))] == [500, 500, 200]
    assert list(batches([1, 2 << 20, 3, 4], lambda size: size)) == [[1, 2 << 20], [3, 4]]
    assert list(batches([])) == []


def test_what_came_before_an_error_is_done_before_it_is_told():
    def breaking_off() -> Iterator[int]:
        yield from (1, 2)
        raise OSError("gone")

    met: list[list[int]] = []
    with pytest.raises(OSError, match="gone"):
        met.extend(batches(breaking_off()))
    one_by_one = batches(breaking_off())
    assert (met, next(one_by_one)) == ([[1, 2]], [1, 2])


@pytest.mark.parametrize("size", [2, 7, len(RECORDS)])
def test_the_same_is_found_whoever_is_checked_beside(size: int):
    alone, together = Engine(RULES), Engine(RULES)
    expected = [told(alone.check(record)) for record in RECORDS]
    found = [
        told(own) for start in range(0, len(RECORDS), size) for own in together.check_all(RECORDS[start : start + size])
    ]
    assert sum(map(len, expected)) > 100
    assert found == expected
    backwards = Engine(RULES).check_all(RECORDS[::-1])
    assert [told(own) for own in backwards][::-1] == expected


def test_records_settle_side_by_side_as_each_would_alone():
    safeties = ("safe", "unsafe")
    engine = Engine(RULES, repairing=True)
    together = settle_all(zip(RECORDS, engine.check_all(RECORDS), strict=True), engine, apply, safeties)
    alone = [settle(record, Engine(RULES), apply, safeties) for record in RECORDS[:40]]
    assert any(one.applied for one in alone)
    assert [seen(one.record) for one in together[:40]] == [seen(one.record) for one in alone]
    assert [told([*one.applied, *one.left]) for one in together[:40]] == [
        told([*one.applied, *one.left]) for one in alone
    ]


def seen(record: Record) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return record.names, record.values


def test_a_rule_that_fails_on_one_record_says_so_there_and_nowhere_else(monkeypatch: pytest.MonkeyPatch):
    def failing(value: str) -> None:
        if value == "Salt":
            raise ZeroDivisionError("no such thing")

    monkeypatch.setitem(CHECKS, "test-fails-at-salt", lambda params, scope: ValueTest(frozenset(["TI"]), failing))
    bad = RULES[0]._replace(id="BAD001", applies={"ris": ["TI"]}, check={"use": "test-fails-at-salt"}, fix=None)
    records = list(ris.read(b"".join(b"TY  - JOUR\nTI  - %s\nER  - \n" % title for title in (b"Mud", b"Salt", b"Ice"))))
    expected = [told(Engine(RULES).check(record)) for record in records]
    found = Engine([*RULES, bad]).check_all(records)
    assert [[f.rule for f in own].count("REF001") for own in found] == [0, 1, 0]
    assert [told([f for f in own if f.rule != "REF001"]) for own in found] == expected
