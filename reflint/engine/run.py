"""Records to findings: the fast engine, and the plain one that says what is right.

The plain engine runs every check on every record. The fast one asks first what can possibly hold: by field name, by the
record's set of fields, by the unusual characters it contains; and remembers what it found for a value it has seen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple, TypeVar

from reflint.engine import checks, fixes  # noqa: F401  (importing them registers the primitives)
from reflint.engine.checks.base import CHECKS, Hit, RecordTest, Scope, ValueTest, as_record_test, names_of
from reflint.engine.checks.groups import field_group
from reflint.engine.checks.screens import SCREEN_OF, SCREENS
from reflint.engine.fixes.base import build_fix
from reflint.engine.pack import Rule
from reflint.engine.suppress import Entry, Suppressions
from reflint.errors import PackError
from reflint.model.edit import Fix
from reflint.model.finding import Finding
from reflint.model.record import Record

_CHILDREN = frozenset(["note", "attachment", "annotation"])
"""Zotero's items that are no records: only rules that name them look at them."""
MEMO_CAP = 4_000
SHAPE_CAP = 4_000
UNREPEATED = frozenset("TI T1 AB N2 DO UR AN N1 ID L1 L2 title abstract DOI URL id abstractNote url extra".split())
"""Fields whose values hardly ever recur: only while a record is repaired, and so checked again, are they remembered."""
RECENT_CAP = 64
_MARKS = "&<\\{$*;|%["
_MASKS = {"\x80": 1, "\xc3": 2, "\x01": 4, **dict.fromkeys(_MARKS, 8)}
"""Kinds of unusual characters. Few on purpose: the tests that can hold are worked out once for each set of kinds."""
_PLAIN = bytes(b for b in range(32, 127) if chr(b) not in _MARKS) + b"\n\r"
_NO_NEED = -1


T = TypeVar("T")


class Bound(NamedTuple):
    """A rule bound to one format and type: its test and what makes its fixes."""

    rule: Rule
    test: ValueTest | RecordTest
    fix: Callable[[Record, Hit], Fix | None] | None


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
    return [Bound(rule, build_test({**part, **defaults, **options}, scope, rule.id), fix) for part in parts]


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
    factory = CHECKS.get(str(name))
    if factory is None:
        raise PackError(f"{rule}: unknown check primitive {name!r}")
    return factory(params, scope)


Found = tuple[Bound, Hit, int | None]
"""A rule, what it found, and the position of the field in the record."""
RecordTests = tuple[tuple[Bound, Callable[[Record], Iterable[Hit]]], ...]
Selected = tuple[tuple[Callable[[Record], str], dict[str, RecordTests]], ...]
"""Selectors, and for each answer the tests that can hold then."""


ValueTests = tuple[tuple[Bound, Callable[[str], Hit | None]], ...]
Triggers = tuple[tuple[Bound, Callable[[str], bool]], ...]
Verdict = tuple[tuple[Bound, Hit | None], ...]
"""What is known of a value: the rules that hold for it, and (with None) those that must look at its record."""


class _Asked(NamedTuple):
    """The tests and triggers that a value is put to."""

    tests: ValueTests
    triggers: Triggers


class _Column(NamedTuple):
    """The value tests and triggers of one field name that can hold under a mask, and what is remembered of its values.

    A value's characters are among its record's, so what cannot hold for the record's mask cannot hold for the value.
    `ascii`: what can hold without any character beyond ASCII; `ordinary`: what can hold for a value that passes
    `screen`.
    """

    any: _Asked
    ascii: _Asked
    ordinary: _Asked
    screen: Callable[[str], bool] | None
    memo: dict[str, Verdict] | None
    cap: int

    def run(self, value: str) -> Verdict:
        """What holds for a value."""
        verdict: Verdict = ()
        if self.screen is not None and self.screen(value):
            tests, triggers = self.ordinary
        else:
            tests, triggers = self.ascii if value.isascii() else self.any
        for bound, test in tests:
            hit = test(value)
            if hit is not None:
                verdict = (*verdict, (bound, hit))
        for bound, holds in triggers:
            if holds(value):
                verdict = (*verdict, (bound, None))
        memo = self.memo
        if memo is not None:
            if len(memo) >= self.cap:
                memo.clear()  # what recurs is soon known again; what does not would stay for nothing
            memo[value] = verdict
        return verdict


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


def _mask_of(needs: str) -> int:
    """The mask of the characters of which a test needs one; all bits when it needs none."""
    mask = 0
    for character in needs:
        mask |= _MASKS[character]
    return mask if needs else _NO_NEED


class _Columns(dict[str, _Column | None]):
    """field name -> its column under one mask, made when it is first asked for."""

    def __init__(self, plan: _Plan, mask: int) -> None:
        self._plan = plan
        self._mask = mask

    def __missing__(self, name: str) -> _Column | None:
        offers = self._plan.by_name.get(name, [])
        asked = _asked(offers, self._mask)
        column = None
        if asked.tests or asked.triggers:
            ascii_mask = self._mask & ~(_MASKS["\x80"] | _MASKS["\xc3"])
            screen = SCREEN_OF.get(name, "")
            plain = _asked(offers, ascii_mask)
            ordinary = _asked(offers, ascii_mask, screen) if screen else plain
            cap = RECENT_CAP if name in UNREPEATED else MEMO_CAP
            column = _Column(asked, plain, ordinary, SCREENS.get(screen), self._plan.memos.get(name), cap)
        self[name] = column
        return column


class Fitting(NamedTuple):
    """The record tests that can hold for records of one set of names."""

    plain: RecordTests
    selected: Selected


class _Plan:
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
        self.by_mask: dict[int, _Columns] = {}
        self.relevant = 0
        for one in bound:
            if isinstance(one.test, ValueTest) and one.test.needs:
                self.relevant |= _mask_of(one.test.needs)
        self.records = [(one, one.test) for one in bound if isinstance(one.test, RecordTest) and not one.test.trigger]
        self.repeatable = frozenset(tag for _, test in self.records for tag in test.repeated)
        self.shapes: dict[tuple[str, ...], Fitting] = {}
        self.sets: dict[tuple[frozenset[str], frozenset[str]], Fitting] = {}

    def columns(self, mask: int) -> _Columns:
        """For each field name, its tests that can hold under a mask; None where there are none."""
        mask &= self.relevant
        found = self.by_mask.get(mask)
        if found is None:
            found = self.by_mask[mask] = _Columns(self, mask)
        return found

    def record_tests(self, names: tuple[str, ...], regular: bool, blank: bool) -> Fitting:
        """The record tests that can hold for a record with values under these names."""
        if blank or not regular:
            return self._fitting(frozenset(names), self._repeated(names), regular, blank)
        found = self.shapes.get(names)
        if found is None:
            key = frozenset(names), self._repeated(names)
            found = self.sets.get(key)
            if found is None:
                if len(self.sets) >= SHAPE_CAP:
                    self.sets.clear()
                found = self.sets[key] = self._fitting(*key, regular, blank)
            if len(self.shapes) < SHAPE_CAP:
                self.shapes[names] = found
        return found

    def _repeated(self, names: tuple[str, ...]) -> frozenset[str]:
        seen: set[str] = set()
        again: set[str] = set()
        for name in names:
            (again if name in seen else seen).add(name)
        return self.repeatable & again

    def _fitting(self, names: frozenset[str], repeated: frozenset[str], regular: bool, blank: bool) -> Fitting:
        plain: list[tuple[Bound, Callable[[Record], Iterable[Hit]]]] = []
        by_selector: dict[Callable[[Record], str], dict[str, RecordTests]] = {}
        for one, test in self.records:
            if not _fits(test, names, repeated, regular, blank):
                continue
            if test.selector is None:
                plain.append((one, test.test))
            else:
                tests_of = by_selector.setdefault(test.selector, {})
                for case in test.cases:
                    tests_of[case] = (*tests_of.get(case, ()), (one, test.test))
        return Fitting(tuple(plain), tuple(by_selector.items()))


def _fits(test: RecordTest, names: frozenset[str], repeated: frozenset[str], regular: bool, blank: bool) -> bool:
    for group in test.present:
        if names.isdisjoint(group):
            return False
    if (regular and not test.regular) or (test.blank and not blank):
        return False
    if test.repeated and repeated.isdisjoint(test.repeated):
        return False
    if test.known and names <= test.known:
        return False
    return names.isdisjoint(test.absent)


class Engine:
    """Checks records by a set of rules; `options` and `severities` map rule ids to what is changed of them.

    `plain`: without any short cut. `repairing`: each record will be checked again after its repair. `suppressed`: what
    the settings suppress; what records say themselves counts besides.
    """

    def __init__(
        self,
        rules: Iterable[Rule],
        *,
        options: Mapping[str, Mapping[str, Any]] | None = None,
        severities: Mapping[str, str] | None = None,
        plain: bool = False,
        repairing: bool = False,
        suppressed: Iterable[Entry] = (),
    ) -> None:
        self.rules = tuple(rules)
        self._suppressions = Suppressions(self.rules, suppressed)
        self.plain = plain
        self._repairing = repairing
        self._options = options or {}
        self._severities = severities or {}
        self._plans: dict[tuple[str, str], _Plan] = {}
        self._residues: dict[bytes, int] = {}
        self._census: Mapping[str, Any] = {}

    def learn(self, census: Mapping[str, Any]) -> None:
        """From now on rules over a library know what its records say together (rule id -> what a survey counted)."""
        self._census = census
        self._plans.clear()

    def severity(self, rule: Rule, own: str | None = None) -> str:
        """The severity that counts for a rule: `error`, `warning`, `info` or `off`; `own` is that of a single hit."""
        return self._severities.get(rule.id) or own or rule.severity

    def options(self, rule: Rule) -> dict[str, Any]:
        """The options of a rule: those given, else its defaults."""
        defaults = {name: option["default"] for name, option in rule.options.items()}
        return {**defaults, **self._options.get(rule.id, {})}

    def unsuppressed(self, findings: Iterable[Finding]) -> list[Finding]:
        """Findings about no record, less those that the settings suppress by their fingerprint."""
        return [finding for finding in findings if not self._suppressions.hold(finding)]

    def _given(self, rule: Rule) -> Mapping[str, Any]:
        """What is given to a rule's check besides its own parameters: options, and what is known of the library."""
        options = self._options.get(rule.id, {})
        return {**options, "census": self._census[rule.id]} if rule.id in self._census else options

    def _plan(self, format: str, type: str) -> _Plan:
        plan = self._plans.get((format, type))
        if plan is None:
            bound = [bind(rule, format, type, self._given(rule)) for rule in self.rules]
            plan = self._plans[format, type] = _Plan([one for several in bound for one in several], self._repairing)
        return plan

    def check(self, record: Record) -> list[Finding]:
        """What is wrong with a record, in field order, less what is suppressed there.

        A check that fails becomes a finding of its own (REF001), as does a suppression of nothing (REF003).
        """
        findings = self.all_findings(record)
        return self._suppressions.left(record, findings) if self._suppressions.concern(record) else findings

    def all_findings(self, record: Record) -> list[Finding]:
        """What is wrong with a record, suppressed or not."""
        if self.plain:
            return self._check_plainly(record)
        try:
            found = self._check_quickly(record)
        except Exception:
            return self._check_plainly(record)  # it runs each rule by itself and says which one failed
        return self._findings(record, found) if found else []

    def _check_quickly(self, record: Record) -> list[Found]:
        # The hot path: every record comes through here, so it trades brevity for few calls and few objects.
        plan = self._plan(record.format.name, record.type)
        place, names, values = record.place, record.names, record.values
        # The mask is told from UTF-8: the record's own bytes, or its values where it has none.
        raw: bytes = getattr(place, "raw", b"") if getattr(place, "codec", "") == "utf-8" else b""
        columns = plan.columns(self._mask(raw or "\n".join(values).encode("utf-8", "replace")))
        found: list[Found] = []
        triggered: list[Bound] = []
        position = -1
        for name in names:
            position += 1
            column = columns[name]
            if column is None:
                continue
            value = values[position]
            memo = column.memo
            known = memo.get(value) if memo is not None else None
            for bound, hit in known if known is not None else column.run(value) if value else ():
                if hit is not None:
                    found.append((bound, hit, position))
                elif bound not in triggered:
                    triggered.append(bound)
        for bound in triggered:
            found += [(bound, hit, hit.position) for hit in as_record_test(bound.test).test(record)]
        blank = "" in values
        if blank:
            names = tuple(name for name, value in zip(names, values, strict=True) if value)
        fitting = plan.record_tests(names, getattr(place, "regular", False), blank)
        for bound, test in fitting.plain:
            for hit in test(record):
                found.append((bound, hit, hit.position))
        for selector, tests_of in fitting.selected:
            for bound, test in tests_of.get(selector(record), ()):
                found += [(bound, hit, hit.position) for hit in test(record)]
        return found

    def _check_plainly(self, record: Record) -> list[Finding]:
        found: list[Found] = []
        failed: list[Finding] = []
        for one in self._plan(record.format.name, record.type).bound:
            try:
                found += [(one, hit, hit.position) for hit in as_record_test(one.test).test(record)]
            except Exception as error:
                failed.append(_failure(one.rule, record, error))
        return self._findings(record, found) + failed

    def _mask(self, raw: bytes) -> int:
        """Which unusual characters a record's bytes hold."""
        residue = raw.translate(None, _PLAIN)
        if not residue:
            return 0
        mask = self._residues.get(residue)
        if mask is None:
            mask = 0
            for byte in set(residue):
                mask |= _MASKS.get(chr(byte), 0) if byte < 128 else _MASKS["\x80"]
                if byte < 32 or byte == 127:
                    mask |= _MASKS["\x01"]
                elif byte == 0xC3:
                    mask |= _MASKS["\xc3"]
            if len(self._residues) < MEMO_CAP and len(residue) < 64:
                self._residues[residue] = mask
        return mask

    def _findings(self, record: Record, found: list[Found]) -> list[Finding]:
        findings = []
        for bound, hit, position in found:
            rule = bound.rule
            severity = self.severity(rule, hit.severity)
            if severity == "off":
                continue
            fix: Fix | None = None
            if bound.fix is not None:
                try:
                    fix = bound.fix(record, hit if hit.position == position else hit._replace(position=position))
                except Exception as error:
                    findings.append(_failure(rule, record, error))
            message = rule.message
            if "{" in message:
                message = _message(message, record, hit, position)
            confidence = hit.confidence or rule.confidence
            findings.append(
                Finding(
                    rule.id,
                    rule.slug,
                    severity,
                    message,
                    record,
                    position,
                    hit.within,
                    fix,
                    confidence,
                    place=hit.place,
                    evidence=hit.evidence,
                )
            )
        return self.in_order(findings)

    @staticmethod
    def in_order(findings: list[Finding]) -> list[Finding]:
        """Findings of a record sorted by where they stand."""
        findings.sort(key=_order)
        return findings

    def ahead(self, items: Iterable[T], record_of: Callable[[T], Record | None]) -> Iterable[T]:
        """The items themselves; an engine that has to ask somebody begins with the records among them early."""
        return items


def _order(finding: Finding) -> tuple[int, str]:
    return (-1 if finding.position is None else finding.position, finding.rule)


def _message(template: str, record: Record, hit: Hit, position: int | None) -> str:
    value = shortened(record.values[position]) if position is not None and "{value}" in template else ""
    new = ""
    if "{new}" in template:
        new = shortened(hit.new if isinstance(hit.new, str) else " | ".join(hit.new or ()))
    return template.format(
        field="" if position is None else record.names[position], value=value, new=new, note=hit.note
    )


def shortened(text: str, width: int = 60) -> str:
    """Text on one line, cut to `width` characters with an ellipsis."""
    if len(text) > width:
        text = text[: width - 1] + "…"
    return " ".join(text.split()) if not text.isalnum() else text


def _failure(rule: Rule, record: Record, error: Exception) -> Finding:
    message = f"internal: rule {rule.id} failed on this record ({type(error).__name__}: {error}); please report it"
    return Finding("REF001", "rule-failed", "warning", message, record)
