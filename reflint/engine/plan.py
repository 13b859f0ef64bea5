"""The rules for records of one format and type, arranged so that only what can hold is asked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain, compress
from operator import not_
from typing import NamedTuple

from reflint.engine.binding import Bound
from reflint.engine.checks.base import Hit, RecordTest, ValueTest
from reflint.engine.checks.screens import SCREEN_OF, SCREENS
from reflint.engine.gate import Gate
from reflint.engine.pack import Rule

MEMO_CAP = 4_000
UNREPEATED = frozenset(
    "TI T1 ST AB N2 DO UR AN N1 ID L1 L2 AU A1 A2 A3 ED AD SP EP C2 C7 CP LB "
    "title abstract DOI URL id author editor page abstractNote url pages extra".split()
)
"""Fields whose values hardly ever recur: only while a record is repaired, and so checked again, are they remembered."""
RECENT_CAP = 1_000
MARKS = "&<\\{$*;|%["
MASKS = {"\x80": 1, "\xc3": 2, "\x01": 4, **dict.fromkeys(MARKS, 8), "\u0300": 16}
"""Kinds of unusual characters. Few on purpose: the tests that can hold are worked out once for each set of kinds."""
_NO_NEED = -1


Found = tuple[Bound, Hit, int | None]
"""A rule, what it found, and the position of the field in the record."""
ValueTests = tuple[tuple[Bound, Callable[[str], Hit | None]], ...]
Triggers = tuple[tuple[Bound, Callable[[str], bool]], ...]
Verdict = tuple[tuple[Bound, Hit | None], ...]
"""What is known of a value: the rules that hold for it, and (with None) those that must look at its record."""


class _Asked(NamedTuple):
    """The tests and triggers that a value is put to."""

    tests: ValueTests
    triggers: Triggers


class Column:
    """The value tests and triggers of a field that can hold under a mask, and what is remembered of its values.

    A value's characters are among its record's, so what cannot hold for the record's mask cannot hold for the value.
    `ascii`: what can hold without any character beyond ASCII; `ordinary`: what can hold for a value that passes
    `screen`, and so holds no unusual character. `memo`: verdicts of values seen before, at most `cap`.
    """

    __slots__ = ("any", "ascii", "cap", "memo", "ordinary", "screen")

    def __init__(
        self,
        any: _Asked,
        ascii: _Asked,
        ordinary: _Asked,
        screen: Callable[[str], object] | None,
        memo: dict[str, Verdict] | None,
        cap: int,
    ) -> None:
        self.any = any
        self.ascii = ascii
        self.ordinary = ordinary
        self.screen = screen
        self.memo = memo
        self.cap = cap

    def run(self, values: Sequence[str]) -> list[Verdict]:
        """What holds for each of some values: one test after the other is put to all that it can hold for."""
        verdicts: list[Verdict] = [()] * len(values)
        for asked, places in self._sorted(values):
            if not places:
                continue
            chosen = values if len(places) == len(values) else [values[place] for place in places]
            for bound, test in asked.tests:
                hits = list(map(test, chosen))
                if hits.count(None) < len(hits):
                    for place, hit in zip(places, hits, strict=True):
                        if hit is not None:
                            verdicts[place] = (*verdicts[place], (bound, hit))
            for bound, holds in asked.triggers:
                for place in compress(places, map(holds, chosen)):
                    verdicts[place] = (*verdicts[place], (bound, None))
        memo = self.memo
        if memo is not None:
            if len(memo) >= self.cap:
                memo.clear()  # what recurs is soon known again; what does not would stay for nothing
            memo.update(zip(values, verdicts, strict=True))
        return verdicts

    def _sorted(self, values: Sequence[str]) -> Iterator[tuple[_Asked, Sequence[int]]]:
        """Which of the values (by place) are put to what."""
        odd: Sequence[int] = range(len(values))
        if self.screen is not None:
            passed = list(map(self.screen, values))
            yield self.ordinary, list(compress(odd, passed))
            odd = list(compress(odd, map(not_, passed)))
        if self.ascii is self.any:
            yield self.any, odd
            return
        yield self.ascii, [place for place in odd if values[place].isascii()]
        yield self.any, [place for place in odd if not values[place].isascii()]


class _Offer(NamedTuple):
    """A rule's test of single values, or its trigger, with the mask it needs and the screens it is quiet for."""

    bound: Bound
    test: Callable[[str], Hit | None] | None
    holds: Callable[[str], bool] | None
    need: int
    quiet_for: frozenset[str]


def _asked(offers: Iterable[_Offer], mask: int, screen: str = "") -> _Asked:
    """What can hold under a mask, for values that pass a screen."""
    chosen = [one for one in offers if (one.need == _NO_NEED or one.need & mask) and screen not in one.quiet_for]
    return _Asked(
        tuple([(one.bound, one.test) for one in chosen if one.test is not None]),
        tuple([(one.bound, one.holds) for one in chosen if one.holds is not None]),
    )


def _mask_of(needs: str) -> int:
    """The mask of the characters of which a test needs one; all bits when it needs none."""
    mask = 0
    for character in needs:
        mask |= MASKS[character]
    return mask if needs else _NO_NEED


class _Field(NamedTuple):
    """All that is asked of the values under a field name; names of which it is the same share their columns."""

    offers: tuple[_Offer, ...]
    screen: str
    recurs: bool


class FieldTests:
    """The columns of a field name, or of several, under whatever mask, and what is remembered of their values."""

    def __init__(self, field: _Field, repairing: bool) -> None:
        self._offers, self._screen, recurs = field
        self._cap = MEMO_CAP if recurs else RECENT_CAP
        self._columns: dict[int, Column | None] = {}
        self.memo: dict[str, Verdict] | None = {} if repairing or recurs else None
        self.relevant = 0
        for offer in self._offers:
            if offer.need != _NO_NEED:
                self.relevant |= offer.need

    def column(self, mask: int) -> Column | None:
        """The tests that can hold under a mask, if any; one column for all masks that are alike to them."""
        mask &= self.relevant
        if mask not in self._columns:
            self._columns[mask] = self._column(mask)
        return self._columns[mask]

    def _column(self, mask: int) -> Column | None:
        asked = _asked(self._offers, mask)
        if not asked.tests and not asked.triggers:
            return None
        plain = _asked(self._offers, mask & ~(MASKS["\x80"] | MASKS["\xc3"] | MASKS["\u0300"]))
        ordinary = _asked(self._offers, 0, self._screen) if self._screen else plain
        return Column(asked, plain, ordinary, SCREENS.get(self._screen), self.memo, self._cap)


class Columns(dict[str, Column | None]):
    """field name -> its column under one mask, looked up when it is first asked for."""

    def __init__(self, fields: Mapping[str, FieldTests], mask: int) -> None:
        self._fields = fields
        self._mask = mask

    def __missing__(self, name: str) -> Column | None:
        tests = self._fields.get(name)
        self[name] = column = None if tests is None else tests.column(self._mask)
        return column


class Plan:
    """All bound rules for one format and type; `fields`: what they ask of the values of which field name."""

    def __init__(self, bound: list[Bound], fields: Mapping[str, FieldTests]) -> None:
        self.bound = bound
        self.fields = fields
        self.gate = Gate((one, one.test) for one in bound if isinstance(one.test, RecordTest) and not one.test.trigger)
        self._by_mask: dict[int, Columns] = {}
        self._relevant = 0
        for one in fields.values():
            self._relevant |= one.relevant

    def columns(self, mask: int) -> Columns:
        """The columns of all field names under a mask."""
        mask &= self._relevant
        found = self._by_mask.get(mask)
        if found is None:
            found = self._by_mask[mask] = Columns(self.fields, mask)
        return found


class Plans:
    """The plans of an engine, each made when a record of its format and type is first met.

    `bind`: a rule, a format and a type to what the rule is bound to.
    """

    def __init__(
        self, rules: Sequence[Rule], bind: Callable[[Rule, str, str], list[Bound]], repairing: bool = False
    ) -> None:
        self._rules = rules
        self._bind = bind
        self._repairing = repairing
        self._plans: dict[tuple[str, str], Plan] = {}
        self._fields: dict[_Field, FieldTests] = {}

    def of(self, format: str, type: str) -> Plan:
        """The plan for records of a format and CSL type."""
        plan = self._plans.get((format, type))
        if plan is None:
            bound = list(chain.from_iterable(self._bind(rule, format, type) for rule in self._rules))
            fields = {name: self._tests_of(field) for name, field in _fields(bound)}
            plan = self._plans[format, type] = Plan(bound, fields)
        return plan

    def _tests_of(self, field: _Field) -> FieldTests:
        tests = self._fields.get(field)
        if tests is None:
            tests = self._fields[field] = FieldTests(field, self._repairing)
        return tests


def _fields(bound: Iterable[Bound]) -> Iterator[tuple[str, _Field]]:
    """Each field name and what is asked of its values: tests, and the triggers of record tests."""
    offers: dict[str, list[_Offer]] = {}
    for one in bound:
        test = one.test
        if isinstance(test, ValueTest):
            offer = _Offer(one, test.test, None, _mask_of(test.needs), test.quiet_for)
            names = test.names
        elif test.trigger is not None:
            offer = _Offer(one, None, test.trigger.holds, _NO_NEED, test.trigger.quiet_for)
            names = test.trigger.names
        else:
            continue
        for name in names:
            offers.setdefault(name, []).append(offer)
    for name, own in offers.items():
        yield name, _Field(tuple(own), SCREEN_OF.get(name, ""), name not in UNREPEATED)
