"""What the fast engine asks of records that it checks together: first of values, then of whole records."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import chain, compress, count, repeat

from reflint.engine.binding import Bound
from reflint.engine.checks.base import as_record_test
from reflint.engine.plan import Column, Found, Plan, Verdict
from reflint.model.record import Record

_Unknown = tuple[str, Column | None, int, int]
"""A value of which nothing is remembered: itself, its column, the number of its record and its position there."""


class Questions:
    """The tests that some records and their values are put to, one test after the other: a test that is at work finds
    its code and data at hand, which it would not if all tests took turns on each record."""

    # The hot path: every record comes through here, so it trades brevity for few calls and few objects.

    def __init__(self, records: Sequence[Record]) -> None:
        self._records = records
        self._found: list[list[Found]] = [[] for _ in records]
        self._of_values: defaultdict[Column, list[_Unknown]] = defaultdict(list)
        self._of_records: defaultdict[Bound, set[int]] = defaultdict(set)
        self._plans: dict[Plan, None] = {}

    def sort_out(self, number: int, record: Record, plan: Plan, mask: int) -> None:
        """Notes what is to be asked of a record, given by its number, too, and what is remembered of its values.

        `mask`: which unusual characters it holds.
        """
        self._plans[plan] = None
        names, values, of_values, of_records = record.names, record.values, self._of_values, self._of_records
        columns = plan.columns(mask)
        for unknown in zip(values, map(columns.__getitem__, names), repeat(number), count(), strict=False):
            value, column, _, position = unknown
            if column is None or not value:
                continue
            memo = column.memo
            if memo is None or (verdict := memo.get(value)) is None:
                of_values[column].append(unknown)
            elif verdict:
                self._note(verdict, number, position)
        blank = "" in values
        with_values = tuple(compress(names, values)) if blank else names
        fitting = plan.gate.fitting(with_values, getattr(record.place, "regular", False), blank)
        for bound in fitting.alone:
            of_records[bound].add(number)
        for selector, tests_of in fitting.selected:
            for bound in tests_of.get(selector(record), ()):
                of_records[bound].add(number)

    def _note(self, verdict: Verdict, number: int, position: int) -> None:
        for bound, hit in verdict:
            if hit is not None:
                self._found[number].append((bound, hit, position))
            else:
                self._of_records[bound].add(number)

    def answers(self) -> list[list[Found]]:
        """What is found in each record."""
        for column, those in self._of_values.items():
            verdicts = column.run([unknown[0] for unknown in those])
            for verdict, (_, _, number, position) in zip(verdicts, those, strict=True):
                if verdict:
                    self._note(verdict, number, position)
        found, records, of_records = self._found, self._records, self._of_records
        for bound in dict.fromkeys(chain.from_iterable(plan.bound for plan in self._plans)):  # types share some
            if bound in of_records:
                test = as_record_test(bound.test).test
                for number in of_records[bound]:
                    for hit in test(records[number]):  # mostly none: a list of them would cost more than they do
                        found[number].append((bound, hit, hit.position))
        return found
