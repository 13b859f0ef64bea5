"""What the records of a run say together, counted as they pass: the ground that rules over a library stand on.

A survey sees every record once; its census then tells the rules which spelling, form or work is the odd one. Only small
texts are kept, in a temporary sqlite file, and of groups nothing but those in which something is odd.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from reflint.engine.checks.base import Scope
from reflint.engine.checks.library import SURVEYS, Surveyor
from reflint.engine.pack import Rule
from reflint.engine.plan import field_names
from reflint.model.record import Record

_BATCH = 20_000
_SHOWN = 6
"""Forms of a group that are kept, the most frequent."""


class Tally(NamedTuple):
    """The forms of a group and how many records have each, the most frequent first (of equals the longest)."""

    forms: dict[str, int]
    total: int

    @property
    def usual(self) -> str:
        """The form of most records."""
        return next(iter(self.forms))


Census = dict[str, dict[str, Tally]]
"""rule id -> group -> its tally."""


def is_of_library(rule: Rule) -> bool:
    """Whether a rule looks at all records of a run together."""
    return rule.check.get("use") == "library"


class Survey:
    """Counts, for the rules over a library among `rules`, what records say. Close it by asking for its census."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self.rules = tuple(rule for rule in rules if is_of_library(rule))
        self._plans: dict[tuple[str, str], list[tuple[str, Surveyor]]] = {}
        self._counts: Counter[tuple[str, str, str]] = Counter()
        self._database = sqlite3.connect("", isolation_level=None)
        self._database.executescript(
            "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -32768; BEGIN;"
            "CREATE TABLE said (rule TEXT, within TEXT, form TEXT, times INTEGER);"
        )

    def add(self, record: Record) -> None:
        """Counts what a record says."""
        key = record.format.name, record.type
        plan = self._plans.get(key)
        if plan is None:
            plan = self._plans[key] = list(self._plan(*key))
        for rule, surveyor in plan:
            for entry in surveyor(record):
                self._counts[rule, entry.group, entry.form] += 1
        if len(self._counts) >= _BATCH:
            self._flush()

    def _plan(self, format: str, type: str) -> Iterable[tuple[str, Surveyor]]:
        for rule in self.rules:
            types = rule.applies.get("types", "*")
            names = field_names(rule, format, type) if types == "*" or type in types else ()
            if names:
                yield rule.id, SURVEYS[rule.check["survey"]](Scope(format, type, names))

    def _flush(self) -> None:
        self._database.executemany(
            "INSERT INTO said VALUES (?, ?, ?, ?)", ((*said, times) for said, times in self._counts.items())
        )
        self._counts.clear()

    def census(self) -> Census:
        """The groups in which something is odd, by rule. The survey is over then."""
        self._flush()
        census: Census = {}
        for rule in self.rules:
            census[rule.id] = self._tallies(rule.id, rule.check)
        self._database.close()
        return {rule: groups for rule, groups in census.items() if groups}

    def _tallies(self, rule: str, check: Mapping[str, object]) -> dict[str, Tally]:
        """The groups with several forms; where a repetition is what is odd, those with several records."""
        having = "SUM(times) > 1" if check.get("odd") == "repeated" else "COUNT(DISTINCT form) > 1"
        rows = self._database.execute(
            "SELECT within, form, SUM(times) FROM said WHERE rule = ?1 AND within IN "
            f"(SELECT within FROM said WHERE rule = ?1 GROUP BY within HAVING {having}) "
            "GROUP BY within, form ORDER BY within, SUM(times) DESC, LENGTH(form) DESC, form",
            (rule,),
        )
        groups: dict[str, Tally] = {}
        for within, form, count in rows:
            tally = groups.get(within, Tally({}, 0))
            if len(tally.forms) < _SHOWN:
                tally.forms[form] = count
            groups[within] = tally._replace(total=tally.total + count)
        return groups
