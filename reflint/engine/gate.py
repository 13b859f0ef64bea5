"""The gate before the tests of whole records: which can hold for a record, told from the names of its fields."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from reflint.engine.checks.base import RecordTest
from reflint.model.record import Record

if TYPE_CHECKING:
    from reflint.engine.binding import Bound

RecordTests = tuple["Bound", ...]
Selected = tuple[tuple[Callable[[Record], str], dict[str, RecordTests]], ...]
"""Selectors, and for each answer the tests that can hold then."""
CAP = 4_000


K = TypeVar("K")
V = TypeVar("V")


class Fitting(NamedTuple):
    """The record tests that can hold for records of one set of names: those without a selector, and the others."""

    alone: RecordTests
    selected: Selected


class _Need(NamedTuple):
    """What the names of a record must be for a test to hold (see RecordTest), as sets of bits; 0: nothing is asked."""

    present: tuple[int, ...]
    absent: int
    repeated: int
    several: int
    unknown: int
    regular: bool
    blank: bool

    def met(self, names: int, repeated: int, regular: bool, blank: bool) -> bool:
        """Whether the test can hold for a record with these names, of which some stand there more than once."""
        if names & self.absent or (regular and not self.regular) or (self.blank and not blank):
            return False
        if self.repeated and not repeated & self.repeated:
            return False
        found = names & self.several
        if self.several and not repeated & self.several and not found & (found - 1):  # less than two bits
            return False
        if self.unknown and not names & self.unknown:
            return False
        for group in self.present:  # noqa: SIM110 (a generator costs more than the few groups)
            if not names & group:
                return False
        return True


class Gate:
    """Tells from the names of a record's fields which of some record tests can hold for it.

    Records have thousands of different names in different order, but few things are asked of them: a set of names is
    a number, with a bit for each name that a test asks about, and what fits it is remembered.
    """

    def __init__(self, tests: Iterable[tuple[Bound, RecordTest]]) -> None:
        self._tests = tuple(tests)
        self._bits: dict[str, int] = {}
        self._strange: list[tuple[frozenset[str], int]] = []
        self._needs = [self._need(test) for _, test in self._tests]
        self._of_name: dict[str, int] = {}
        self._fittings: dict[tuple[int, int, bool, bool], Fitting] = {}
        self._of_shapes: dict[tuple[tuple[str, ...], bool, bool], Fitting] = {}

    def _need(self, test: RecordTest) -> _Need:
        unknown = 0
        if test.known:
            unknown = self._new_bit()
            self._strange.append((test.known, unknown))
        groups = tuple(map(self._set, test.present))
        absent, repeated, several = map(self._set, (test.absent, test.repeated, test.several))
        return _Need(groups, absent, repeated, several, unknown, test.regular, test.blank)

    def _new_bit(self) -> int:
        return 1 << (len(self._bits) + len(self._strange))

    def _set(self, names: Iterable[str]) -> int:
        bits = 0
        for name in names:
            if name not in self._bits:
                self._bits[name] = self._new_bit()
            bits |= self._bits[name]
        return bits

    def fitting(self, names: tuple[str, ...], regular: bool, blank: bool) -> Fitting:
        """The record tests that can hold for a record with values under these names.

        `regular`: its syntax is known to be plain. `blank`: it has a field without a value, too.
        """
        shape = names, regular, blank
        fitting = self._of_shapes.get(shape)
        if fitting is None:
            key = *self._bits_of(names), regular, blank
            fitting = self._fittings.get(key) or self._fitting(*key)
            _remember(self._fittings, key, fitting)
            _remember(self._of_shapes, shape, fitting)
        return fitting

    def _bits_of(self, names: tuple[str, ...]) -> tuple[int, int]:
        """The bits of all names, and of those that stand there more than once."""
        of_name = self._of_name
        found = repeated = 0
        for name in names:
            bits = of_name.get(name)
            if bits is None:
                bits = self._bits_of_one(name)
                _remember(of_name, name, bits)
            repeated |= found & bits
            found |= bits
        return found, repeated

    def _bits_of_one(self, name: str) -> int:
        """The bits of a name: its own, if a test asks for it, and that of each test to which it is unknown."""
        bits = self._bits.get(name, 0)
        for known, bit in self._strange:
            if name not in known:
                bits |= bit
        return bits

    def _fitting(self, names: int, repeated: int, regular: bool, blank: bool) -> Fitting:
        alone: list[Bound] = []
        by_selector: dict[Callable[[Record], str], dict[str, RecordTests]] = {}
        for need, (one, test) in zip(self._needs, self._tests, strict=True):
            if not need.met(names, repeated, regular, blank):
                continue
            if test.selector is None:
                alone.append(one)
            else:
                tests_of = by_selector.setdefault(test.selector, {})
                for case in test.cases:
                    tests_of[case] = (*tests_of.get(case, ()), one)
        return Fitting(tuple(alone), tuple(by_selector.items()))


def _remember(known: dict[K, V], key: K, value: V) -> None:
    """Keeps what was worked out; what recurs is soon known again when all is forgotten."""
    if len(known) >= CAP:
        known.clear()
    known[key] = value
