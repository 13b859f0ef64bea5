"""What the records of a run say together, counted as they pass: the ground that rules over a library stand on.

A survey sees every record once; its census then tells the rules which spelling, form or work is the odd one. Only small
texts are kept, in a temporary sqlite file, and of groups nothing but those in which something is odd.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import NamedTuple

from reflint.engine.checks.base import Scope
from reflint.engine.checks.library import SURVEYS, Counted, Surveyor, Tally, is_repeated
from reflint.engine.pack import Rule
from reflint.engine.plan import field_names
from reflint.model.record import Record

_BATCH = 20_000
_SHOWN = 6
"""Forms of a group that are kept, the most frequent."""

Census = dict[str, Counted]
"""rule id -> what was counted for it."""


def is_of_library(rule: Rule) -> bool:
    """Whether a rule looks at all records of a run together."""
    return rule.check.get("use") == "library"


class _Asked(NamedTuple):
    """A rule, what its surveyor is for records of one kind, and whether values are kept for it."""

    rule: int
    surveyor: Surveyor
    keeps_values: bool


class Survey:
    """Counts, for the rules over a library among `rules`, what records say. Close it by asking for its census."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self.rules = tuple(rule for rule in rules if is_of_library(rule))
        self._plans: dict[tuple[str, str], list[_Asked]] = {}
        self._counts: dict[tuple[int, str, str, str], int] = {}
        self._database = sqlite3.connect("", isolation_level=None)
        self._database.executescript(
            "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -32768; BEGIN;"
            + "".join(
                f"CREATE TABLE said_{number} (within TEXT, form TEXT, value TEXT, times INTEGER);"
                for number in range(len(self.rules))
            )
        )

    def add(self, record: Record) -> None:
        """Counts what a record says."""
        key = record.format.name, record.type
        plan = self._plans.get(key)
        if plan is None:
            plan = self._plans[key] = list(self._plan(*key))
        counts, values = self._counts, record.values
        for rule, surveyor, keeps_values in plan:
            for group, form, position, _, _ in surveyor(record):
                said = rule, group, form, values[position] if keeps_values and position is not None else ""
                counts[said] = counts.get(said, 0) + 1
        if len(counts) >= _BATCH:
            self._flush()

    def _plan(self, format: str, type: str) -> Iterable[_Asked]:
        for number, rule in enumerate(self.rules):
            types = rule.applies.get("types", "*")
            names = field_names(rule, format, type) if types == "*" or type in types else ()
            if names:
                make, keeps_values = SURVEYS[rule.check["survey"]]
                yield _Asked(number, make(Scope(format, type, names)), keeps_values)

    def _flush(self) -> None:
        rows: list[list[tuple[str, str, str, int]]] = [[] for _ in self.rules]
        for (rule, group, form, value), times in self._counts.items():
            rows[rule].append((group, form, value, times))
        for number, several in enumerate(rows):
            self._database.executemany(f"INSERT INTO said_{number} VALUES (?, ?, ?, ?)", several)
        self._counts.clear()

    def census(self) -> Census:
        """The groups in which something is odd, by rule. The survey is over then."""
        self._flush()
        census = {rule.id: self._counted(number, rule) for number, rule in enumerate(self.rules)}
        self._database.close()
        return {rule: counted for rule, counted in census.items() if counted.groups}

    def _counted(self, number: int, rule: Rule) -> Counted:
        """The groups with several forms; where a repetition is what is odd, those with several records."""
        having = "SUM(times) > 1" if rule.check.get("odd") == "repeated" else "COUNT(DISTINCT form) > 1"
        self._database.execute(
            f"CREATE TEMP TABLE odd_{number} AS SELECT said_{number}.* FROM said_{number} JOIN "
            f"(SELECT within FROM said_{number} GROUP BY within HAVING {having}) USING (within)"
        )
        groups: dict[str, Tally] = {}
        for within, form, count in self._database.execute(
            f"SELECT within, form, SUM(times) FROM odd_{number} "
            "GROUP BY within, form ORDER BY within, SUM(times) DESC, LENGTH(form) DESC, form"
        ):
            tally = groups.get(within, Tally({}, 0))
            if len(tally.forms) < _SHOWN:
                tally.forms[form] = count
            groups[within] = tally._replace(total=tally.total + count)
        return Counted(groups, self._values(number, rule, groups))

    def _values(self, number: int, rule: Rule, groups: dict[str, Tally]) -> tuple[str, ...] | None:
        """The values by which records that may be odd are known, sorted; None where they are not kept."""
        if not SURVEYS[rule.check["survey"]].keeps_values:
            return None
        all_of_them = is_repeated(rule.check.get("odd"))
        rows = self._database.execute(f"SELECT DISTINCT within, form, value FROM odd_{number}")
        return tuple(sorted({value for within, form, value in rows if all_of_them or form != groups[within].usual}))
