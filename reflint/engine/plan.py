"""Rules bound to records of one format and type, arranged so that only what can hold is asked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import compress
from operator import not_
from typing import Any, NamedTuple

from reflint.engine import checks, fixes  # noqa: F401  (importing them registers the primitives)
from reflint.engine.checks.base import Hit, RecordTest, Scope, ValueTest, factory_of, names_of
from reflint.engine.checks.groups import field_group
from reflint.engine.checks.screens import SCREEN_OF, SCREENS
from reflint.engine.fixes.base import Proposal, build_fix
from reflint.engine.gate import Gate
from reflint.engine.pack import Rule
from reflint.engine.wording import Words, wording
from reflint.errors import PackError

_CHILDREN = frozenset(["note", "attachment", "annotation"])
"""Zotero's items that are no records: only rules that name them look at them."""
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


class Bound:
    """A rule bound to one format and type: its test, what makes its fixes and what fills its message (None: nothing
    is to be filled in)."""

    __slots__ = ("fix", "rule", "test", "words")

    def __init__(
        self, rule: Rule, test: ValueTest | RecordTest, fix: Proposal | None = None, words: Words | None = None
    ) -> None:
        self.rule = rule
        self.test = test
        self.fix = fix
        self.words = words


def bind(rule: Rule, format: str, type: str, options: Mapping[str, Any]) -> list[Bound]:
    """The rule for records of one format and CSL type, as one test or (`any`) several; [] when it does not apply.

    Raises PackError when it names a primitive that does not exist.
    """
    types = rule.applies.get("types", "*")
    if (type in _CHILDREN if types == "*" else type not in types) or type in rule.applies.get("not_types", ()):
        return []
    names = field_names(rule, format, type)
    if not names:
        return []
    scope = Scope(format, type, names)
    defaults = {name: option["default"] for name, option in rule.options.items()}
    fix = build_fix(rule.fix, scope, rule.id) if rule.fix else None
    # Alternatives are tested one by one, each behind its own gate.
    parts = rule.check["any"] if isinstance(rule.check.get("any"), list) and "use" not in rule.check else [rule.check]
    words = wording(rule.message, rule.id)
    return [Bound(rule, build_test({**part, **defaults, **options}, scope, rule.id), fix, words) for part in parts]


def field_names(rule: Rule, format: str, type: str) -> tuple[str, ...]:
    """The fields a rule is for in records of a format and CSL type; () when it is not for them.

    What a rule does not say for Zotero follows from what it says for CSL.
    """
    names = rule.applies.get(format)
    derived = names is None and format == "zotero"
    if derived:
        names = rule.applies.get("csl")
    if names is None:
        return ()
    if isinstance(names, str):
        return field_group(format, names)
    if derived:
        return tuple(dict.fromkeys(name for variable in names for name in names_of(format, type, variable)))
    return tuple(names)


def build_test(params: Mapping[str, Any], scope: Scope, rule: str) -> ValueTest | RecordTest:
    """The test that a `check` of a rule file names."""
    name = params.get("use") or next((key for key in ("all", "any", "not") if key in params), "")
    factory = factory_of(str(name))
    if factory is None:
        raise PackError(f"{rule}: unknown check primitive {name!r}")
    return factory(params, scope)


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
    """The value tests and triggers of one field name that can hold under a mask, and what is remembered of its values.

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
        screen: Callable[[str], bool] | None,
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


def _asked(offers: list[_Offer], mask: int, screen: str = "") -> _Asked:
    """What can hold under a mask, for values that pass a screen."""
    chosen = [one for one in offers if (one.need == _NO_NEED or one.need & mask) and screen not in one.quiet_for]
    return _Asked(
        tuple([(one.bound, one.test) for one in chosen if one.test is not None]),
        tuple([(one.bound, one.holds) for one in chosen if one.holds is not None]),
    )


def _relevant(offers: Iterable[_Offer]) -> int:
    """The mask of all characters that one of some tests needs."""
    mask = 0
    for offer in offers:
        if offer.need != _NO_NEED:
            mask |= offer.need
    return mask


def _mask_of(needs: str) -> int:
    """The mask of the characters of which a test needs one; all bits when it needs none."""
    mask = 0
    for character in needs:
        mask |= MASKS[character]
    return mask if needs else _NO_NEED


class Columns(dict[str, Column | None]):
    """field name -> its column under one mask, made when it is first asked for; None where nothing can hold."""

    def __init__(self, plan: Plan, mask: int) -> None:
        self._plan = plan
        self._mask = mask

    def __missing__(self, name: str) -> Column | None:
        self[name] = column = self._plan.column(name, self._mask)
        return column


class Plan:
    """All bound rules for one format and type, arranged for speed."""

    def __init__(self, bound: list[Bound], repairing: bool) -> None:
        self.bound = bound
        self.by_name: dict[str, list[_Offer]] = {}
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
                self.by_name.setdefault(name, []).append(offer)
        self.memos: dict[str, dict[str, Verdict]] = {
            name: {} for name in self.by_name if repairing or name not in UNREPEATED
        }
        self.by_mask: dict[int, Columns] = {}
        self._columns: dict[tuple[str, int], Column | None] = {}
        self._relevant_to = {name: _relevant(offers) for name, offers in self.by_name.items()}
        self.relevant = _relevant(offer for offers in self.by_name.values() for offer in offers)
        self.gate = Gate((one, one.test) for one in bound if isinstance(one.test, RecordTest) and not one.test.trigger)

    def columns(self, mask: int) -> Columns:
        """The columns of all field names under a mask."""
        mask &= self.relevant
        found = self.by_mask.get(mask)
        if found is None:
            found = self.by_mask[mask] = Columns(self, mask)
        return found

    def column(self, name: str, mask: int) -> Column | None:
        """The tests of a field name that can hold under a mask: one column for all masks that are alike to them."""
        mask &= self._relevant_to.get(name, 0)
        if (name, mask) not in self._columns:
            self._columns[name, mask] = self._column(name, mask)
        return self._columns[name, mask]

    def _column(self, name: str, mask: int) -> Column | None:
        offers = self.by_name.get(name, [])
        asked = _asked(offers, mask)
        if not asked.tests and not asked.triggers:
            return None
        ascii_mask = mask & ~(MASKS["\x80"] | MASKS["\xc3"] | MASKS["\u0300"])
        screen = SCREEN_OF.get(name, "")
        plain = _asked(offers, ascii_mask)
        ordinary = _asked(offers, 0, screen) if screen else plain
        cap = RECENT_CAP if name in UNREPEATED else MEMO_CAP
        return Column(asked, plain, ordinary, SCREENS.get(screen), self.memos.get(name), cap)
