"""Records to findings: the fast engine, and the plain one that says what is right.

The plain engine runs every check on every record. The fast one asks first what can possibly hold: by field name, by the
record's set of fields, by the unusual characters it contains; and remembers what it found for a value it has seen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from reflint.engine import checks, fixes  # noqa: F401  (importing them registers the primitives)
from reflint.engine.checks.base import CHECKS, Hit, RecordTest, Scope, ValueTest, as_record_test
from reflint.engine.checks.groups import FIELD_GROUPS
from reflint.engine.fixes.base import Proposal, build_fix
from reflint.engine.pack import Rule
from reflint.errors import PackError
from reflint.model.edit import Fix
from reflint.model.finding import Finding
from reflint.model.record import Record

MEMO_CAP = 20_000
SHAPE_CAP = 20_000
UNREPEATED = frozenset("TI T1 AB N2 DO UR AN N1 ID L1 L2 title abstract DOI URL id".split())
"""Fields whose values hardly ever recur: remembering them would only cost memory."""
_PLAIN = bytes(b for b in range(32, 127) if chr(b) not in "&<\\{$*;|%") + b"\n\r"
_MASKS = {"&": 1, "<": 2, "\\": 4, "{": 8, "$": 16, "*": 32, ";": 64, "|": 128, "%": 256, "\x80": 512, "\x01": 1024}
_ALL_MASKS = sum(_MASKS.values())
_NO_NEED = -1


class Bound(NamedTuple):
    """A rule bound to one format and type: its test and what makes its fixes."""

    rule: Rule
    test: ValueTest | RecordTest
    fix: Callable[[Record, Hit], Proposal | None] | None


def bind(rule: Rule, format: str, type: str, options: Mapping[str, Any]) -> list[Bound]:
    """The rule for records of one format and CSL type, as one test or (`any`) several; [] when it does not apply.

    Raises PackError when it names a primitive that does not exist.
    """
    names = rule.applies.get(format)
    types = rule.applies.get("types", "*")
    if names is None or (types != "*" and type not in types) or type in rule.applies.get("not_types", ()):
        return []
    scope = Scope(format, type, tuple(names) if isinstance(names, (list, tuple)) else FIELD_GROUPS[format][names])
    defaults = {name: option["default"] for name, option in rule.options.items()}
    fix = build_fix(rule.fix, scope, rule.id) if rule.fix else None
    # Alternatives are tested one by one, each behind its own gate.
    parts = rule.check["any"] if isinstance(rule.check.get("any"), list) and "use" not in rule.check else [rule.check]
    return [Bound(rule, build_test({**part, **defaults, **options}, scope, rule.id), fix) for part in parts]


def build_test(params: Mapping[str, Any], scope: Scope, rule: str) -> ValueTest | RecordTest:
    """The test that a `check` of a rule file names."""
    name = params.get("use") or next((key for key in ("all", "any", "not") if key in params), "")
    factory = CHECKS.get(str(name))
    if factory is None:
        raise PackError(f"{rule}: unknown check primitive {name!r}")
    return factory(params, scope)


RecordTests = tuple[tuple[Bound, Callable[[Record], Iterable[Hit]]], ...]
Selected = tuple[tuple[Callable[[Record], str], dict[str, RecordTests]], ...]
"""Selectors, and for each answer the tests that can hold then."""


ValueTests = tuple[tuple[Bound, Callable[[str], Hit | None]], ...]
Triggers = tuple[tuple[Bound, Callable[[str], bool]], ...]
Verdict = tuple[tuple[Bound, Hit | None], ...]
"""What is known of a value: the rules that hold for it, and (with None) those that must look at its record."""


class _Column(NamedTuple):
    """The value tests and triggers of one field name that can hold under a mask, and what is remembered of its values.

    A value's characters are among its record's, so what cannot hold for the record's mask cannot hold for the value.
    """

    tests: ValueTests
    ascii_tests: ValueTests
    """Those that can hold for a value without any character beyond ASCII."""
    triggers: Triggers
    memo: dict[str, Verdict] | None

    def run(self, value: str) -> Verdict:
        """What holds for a value."""
        verdict: Verdict = ()
        for bound, test in self.ascii_tests if value.isascii() else self.tests:
            hit = test(value)
            if hit is not None:
                verdict = (*verdict, (bound, hit))
        for bound, holds in self.triggers:
            if holds(value):
                verdict = (*verdict, (bound, None))
        if self.memo is not None and len(self.memo) < MEMO_CAP:
            self.memo[value] = verdict
        return verdict


def _names_tested(test: ValueTest | RecordTest) -> frozenset[str]:
    """The field names whose values the test wants to be asked about."""
    if isinstance(test, ValueTest):
        return test.names
    return test.trigger.names if test.trigger else frozenset()


def _mask_of(needs: str) -> int:
    """The mask of the characters of which a test needs one; all bits when it needs none."""
    return sum(_MASKS[character] for character in needs) if needs else _NO_NEED


class Fitting(NamedTuple):
    """The record tests that can hold for records of one set of names."""

    plain: RecordTests
    selected: Selected


class _Plan:
    """All bound rules for one format and type, arranged for speed."""

    def __init__(self, bound: list[Bound]) -> None:
        self.bound = bound
        self.by_name: dict[str, list[Bound]] = {}
        for one in bound:
            for name in sorted(_names_tested(one.test)):
                self.by_name.setdefault(name, []).append(one)
        self.memos: dict[str, dict[str, Verdict]] = {name: {} for name in self.by_name if name not in UNREPEATED}
        self.by_mask: dict[int, dict[str, _Column]] = {}
        self.relevant = 0
        for one in bound:
            if isinstance(one.test, ValueTest) and one.test.needs:
                self.relevant |= _mask_of(one.test.needs)
        self.records = [one for one in bound if isinstance(one.test, RecordTest) and one.test.trigger is None]
        self.repeatable = frozenset(tag for one in self.records for tag in one.test.repeated)  # type: ignore[union-attr]
        self.shapes: dict[tuple[str, ...], Fitting] = {}
        self.sets: dict[tuple[frozenset[str], frozenset[str]], Fitting] = {}

    def columns(self, mask: int) -> dict[str, _Column]:
        """For each field name with tests that can hold under a mask, those tests."""
        mask &= self.relevant
        found = self.by_mask.get(mask)
        if found is None:
            found = self.by_mask[mask] = {}
            for name, bound in self.by_name.items():
                values = [(b, b.test, _mask_of(b.test.needs)) for b in bound if isinstance(b.test, ValueTest)]
                tests = tuple((b, test.test) for b, test, need in values if need & mask or need == _NO_NEED)
                ascii_mask = mask & ~_MASKS["\x80"]
                ascii_tests = tuple((b, test.test) for b, test, need in values if need & ascii_mask or need == _NO_NEED)
                triggers = tuple(
                    (b, b.test.trigger.holds) for b in bound if isinstance(b.test, RecordTest) and b.test.trigger
                )
                if tests or triggers:
                    found[name] = _Column(tests, ascii_tests, triggers, self.memos.get(name))
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
        plain: RecordTests = ()
        by_selector: dict[Callable[[Record], str], dict[str, RecordTests]] = {}
        for one in self.records:
            test = one.test
            if not isinstance(test, RecordTest) or not _fits(test, names, repeated, regular, blank):
                continue
            if test.selector is None:
                plain = (*plain, (one, test.test))
            else:
                tests_of = by_selector.setdefault(test.selector, {})
                for case in test.cases:
                    tests_of[case] = (*tests_of.get(case, ()), (one, test.test))
        return Fitting(plain, tuple(by_selector.items()))


def _fits(test: RecordTest, names: frozenset[str], repeated: frozenset[str], regular: bool, blank: bool) -> bool:
    if (regular and not test.regular) or (test.blank and not blank):
        return False
    if test.repeated and test.repeated.isdisjoint(repeated):
        return False
    if test.known and names <= test.known:
        return False
    return test.absent.isdisjoint(names) and all(not group.isdisjoint(names) for group in test.present)


class Engine:
    """Checks records by a set of rules; `options` and `severities` map rule ids to what is changed of them."""

    def __init__(
        self,
        rules: Iterable[Rule],
        *,
        options: Mapping[str, Mapping[str, Any]] | None = None,
        severities: Mapping[str, str] | None = None,
        plain: bool = False,
    ) -> None:
        self.rules = tuple(rules)
        self.plain = plain
        self._options = options or {}
        self._severities = severities or {}
        self._plans: dict[tuple[str, str], _Plan] = {}
        self._residues: dict[bytes, int] = {}

    def severity(self, rule: Rule) -> str:
        """The severity that counts for a rule: `error`, `warning`, `info` or `off`."""
        return self._severities.get(rule.id) or rule.severity

    def _plan(self, format: str, type: str) -> _Plan:
        plan = self._plans.get((format, type))
        if plan is None:
            bound = [bind(rule, format, type, self._options.get(rule.id, {})) for rule in self.rules]
            plan = self._plans[format, type] = _Plan([one for several in bound for one in several])
        return plan

    def check(self, record: Record) -> list[Finding]:
        """What is wrong with a record, in field order. A check that fails becomes a finding of its own (REF001)."""
        if self.plain:
            return self._check_plainly(record)
        try:
            found = self._check_quickly(record)
        except Exception:
            return self._check_plainly(record)  # it runs each rule by itself and says which one failed
        return self._findings(record, found) if found else []

    def _check_quickly(self, record: Record) -> list[tuple[Bound, Hit]]:
        # The hot path: every record comes through here, so it trades brevity for few calls and few objects.
        plan = self._plan(record.format.name, record.type)
        place, names, values = record.place, record.names, record.values
        raw = getattr(place, "raw", None)
        columns = plan.columns(self._mask(raw) if raw is not None else _ALL_MASKS)
        found: list[tuple[Bound, Hit]] = []
        triggered: list[Bound] = []
        position = -1
        for name in names:
            position += 1
            column = columns.get(name)
            if column is None:
                continue
            value = values[position]
            memo = column.memo
            if memo is None:
                verdict = column.run(value) if value else ()
            else:
                known = memo.get(value)
                verdict = known if known is not None else column.run(value) if value else ()
            for bound, hit in verdict:
                if hit is not None:
                    found.append((bound, hit._replace(position=position)))
                elif bound not in triggered:
                    triggered.append(bound)
        for bound in triggered:
            found += [(bound, hit) for hit in as_record_test(bound.test).test(record)]
        blank = "" in values
        if blank:
            names = tuple(name for name, value in zip(names, values, strict=True) if value)
        fitting = plan.record_tests(names, getattr(place, "regular", False), blank)
        for bound, test in fitting.plain:
            for hit in test(record):
                found.append((bound, hit))
        for selector, tests_of in fitting.selected:
            for bound, test in tests_of.get(selector(record), ()):
                found += [(bound, hit) for hit in test(record)]
        return found

    def _check_plainly(self, record: Record) -> list[Finding]:
        found: list[tuple[Bound, Hit]] = []
        failed: list[Finding] = []
        for one in self._plan(record.format.name, record.type).bound:
            try:
                found += [(one, hit) for hit in as_record_test(one.test).test(record)]
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
            if len(self._residues) < MEMO_CAP and len(residue) < 64:
                self._residues[residue] = mask
        return mask

    def _findings(self, record: Record, found: list[tuple[Bound, Hit]]) -> list[Finding]:
        findings = []
        for bound, hit in found:
            rule = bound.rule
            severity = self._severities.get(rule.id) or hit.severity or rule.severity
            if severity == "off":
                continue
            fix: Fix | None = None
            if bound.fix is not None:
                try:
                    proposal = bound.fix(record, hit)
                except Exception as error:
                    findings.append(_failure(rule, record, error))
                    proposal = None
                if proposal is not None:
                    fix = Fix(proposal.title, hit.safety or proposal.safety, proposal.edits)  # type: ignore[arg-type]
            findings.append(
                Finding(
                    rule.id,
                    rule.slug,
                    severity,
                    _message(rule, record, hit),
                    record,
                    hit.position,
                    hit.within,
                    fix,
                    hit.confidence or rule.confidence,
                    place=hit.place,
                )
            )
        findings.sort(key=_order)
        return findings


def _order(finding: Finding) -> tuple[int, str]:
    return (-1 if finding.position is None else finding.position, finding.rule)


def _message(rule: Rule, record: Record, hit: Hit) -> str:
    message = rule.message
    if "{" not in message:
        return message
    position = hit.position
    value = shortened(record.values[position]) if position is not None and "{value}" in message else ""
    new = ""
    if "{new}" in message:
        new = shortened(hit.new if isinstance(hit.new, str) else " | ".join(hit.new or ()))
    return message.format(field="" if position is None else record.names[position], value=value, new=new, note=hit.note)


def shortened(text: str, width: int = 60) -> str:
    """Text on one line, cut to `width` characters with an ellipsis."""
    if len(text) > width:
        text = text[: width - 1] + "…"
    return " ".join(text.split()) if not text.isalnum() else text


def _failure(rule: Rule, record: Record, error: Exception) -> Finding:
    message = f"internal: rule {rule.id} failed on this record ({type(error).__name__}: {error}); please report it"
    return Finding("REF001", "rule-failed", "warning", message, record)
