"""Records to findings: the fast engine, and the plain one that says what is right.

The plain engine runs every check on every record, built for its type alone. The fast one asks first what can possibly
hold: by field name, by the record's set of fields, by the unusual characters it contains; builds once what many types
share; and remembers what it found for a value it has seen. Of records that are checked together, one test after the
other is put to all (asking.py).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from copy import copy
from functools import partial
from typing import Any, TypeVar

from reflint.engine.asking import Questions
from reflint.engine.batches import batches
from reflint.engine.binding import Bindings, Bound, bind
from reflint.engine.checks.base import as_record_test
from reflint.engine.pack import Rule
from reflint.engine.plan import MARKS, MASKS, MEMO_CAP, Found, Plan, Plans
from reflint.engine.suppress import Entry, Suppressions
from reflint.model.edit import Fix
from reflint.model.finding import Finding
from reflint.model.record import Record

_UNSEEN = re.compile(rb"\xc2[\x80-\x9f\xad]|\xe2\x80[\x8b\x8e\x8f\xa8\xa9]|\xe2\x81\xa0|\xef\xbb\xbf")
"""Controls beyond ASCII, soft hyphens, what has no width, direction marks, Unicode's line ends: in UTF-8."""
_FAR = re.compile(rb"[\xcc-\xe1\xe3-\xff]|\xe2(?!\x80[\x90-\xbf])")
"""U+0300 and beyond, less the dashes, quotation marks and dots of U+2010 to U+203F: in UTF-8."""
_PLAIN = bytes(b for b in range(32, 127) if chr(b) not in MARKS) + b"\n\r"

T = TypeVar("T")


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
        self._plans = self._new_plans()
        self._residues: dict[bytes, int] = {}
        self.census: Mapping[str, Any] = {}
        self._of_files: tuple[tuple[Callable[[str], bool], Engine], ...] = ()
        self._of_collections: Mapping[str, Engine] = {}

    def divide(
        self, of_files: Iterable[tuple[Callable[[str], bool], Engine]], of_collections: Mapping[str, Engine]
    ) -> None:
        """From now on other engines do the sources whose names fit, and the Zotero items in some collections (keys)."""
        self._of_files = tuple(of_files)
        self._of_collections = of_collections

    @property
    def parts(self) -> list[Engine]:
        """The engine and those that do a part of its work."""
        return [self, *(engine for _, engine in self._of_files), *self._of_collections.values()]

    @property
    def every_rule(self) -> tuple[Rule, ...]:
        """The rules of this engine and of its parts."""
        return tuple({rule.id: rule for engine in self.parts for rule in engine.rules}.values())

    def of(self, source: str) -> Engine:
        """The engine for a source: that of the first pattern its name fits, or this one."""
        return next((engine for fits, engine in self._of_files if fits(source)), self)

    def only(self, rules: Collection[str]) -> Engine:
        """The same engine with just those of its rules that are named."""
        part = copy(self)
        part.rules = tuple(rule for rule in self.rules if rule.id in rules)
        part._plans = part._new_plans()
        return part

    def learn(self, census: Mapping[str, Any]) -> None:
        """From now on rules over a library know what its records say together (rule id -> what a survey counted)."""
        for engine in self.parts:
            engine.census = census
            engine._plans = engine._new_plans()

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
        return {**options, "census": self.census[rule.id]} if rule.id in self.census else options

    def _new_plans(self) -> Plans:
        return Plans(self.rules, self._bind_alone if self.plain else Bindings(self._given).bound, self._repairing)

    def _bind_alone(self, rule: Rule, format: str, type: str) -> list[Bound]:
        return bind(rule, format, type, self._given(rule))

    def _plan(self, record: Record) -> Plan:
        return self._plans.of(record.format.name, record.type)

    def check(self, record: Record) -> list[Finding]:
        """What is wrong with a record, in field order, less what is suppressed there.

        A check that fails becomes a finding of its own (REF001), as does a suppression of nothing (REF003).
        """
        return self.check_all([record])[0]

    def check_all(self, records: Sequence[Record]) -> list[list[Finding]]:
        """What is wrong with each of some records, as `check` tells it; some hundred at once are done faster."""
        if self._of_collections:
            return [self._of_collection(record)._check_here([record])[0] for record in records]
        return self._check_here(records)

    def _check_here(self, records: Sequence[Record]) -> list[list[Finding]]:
        """What this engine says of some records, whichever of its parts they are for."""
        concern, left = self._suppressions.concern, self._suppressions.left
        return [
            left(record, findings) if concern(record) else findings
            for record, findings in zip(records, self.all_findings(records), strict=True)
        ]

    def _of_collection(self, record: Record) -> Engine:
        """The engine for the first of a record's collections that has one, or this one."""
        keys = getattr(record.place, "collections", ())
        return next((self._of_collections[key] for key in keys if key in self._of_collections), self)

    def all_findings(self, records: Sequence[Record]) -> list[list[Finding]]:
        """What is wrong with each of some records, suppressed or not."""
        if self.plain:
            return [self._check_plainly(record) for record in records]
        try:
            found = self._check_quickly(records)
        except Exception:  # alone, each rule says whether it was the one that failed, and on which record
            return [self._check_carefully(record) for record in records]
        return [self._findings(record, own) if own else [] for record, own in zip(records, found, strict=True)]

    def _check_carefully(self, record: Record) -> list[Finding]:
        try:
            found = self._check_quickly([record])[0]
        except Exception:
            return self._check_plainly(record)
        return self._findings(record, found)

    def _check_quickly(self, records: Sequence[Record]) -> list[list[Found]]:
        questions = Questions(records)
        for number, record in enumerate(records):
            plan = self._plan(record)
            place = record.place
            # The mask is told from UTF-8: the record's own bytes, or its values where it has none.
            raw: bytes = getattr(place, "raw", b"") if getattr(place, "codec", "") == "utf-8" else b""
            mask = self._mask(raw or "\n".join(record.values).encode("utf-8", "replace"))
            questions.sort_out(number, record, plan, mask)
        return questions.answers()

    def _check_plainly(self, record: Record) -> list[Finding]:
        found: list[Found] = []
        failed: list[Finding] = []
        for one in self._plan(record).bound:
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
                mask |= MASKS.get(chr(byte), 0) if byte < 128 else MASKS["\x80"]
                if byte < 32 or byte == 127:
                    mask |= MASKS["\x01"]
                elif byte == 0xC3:
                    mask |= MASKS["\xc3"]
            if _UNSEEN.search(residue):
                mask |= MASKS["\x01"]
            if _FAR.search(residue):
                mask |= MASKS["\u0300"]
            if len(self._residues) < MEMO_CAP and len(residue) < 64:
                self._residues[residue] = mask
        return mask

    def _findings(self, record: Record, found: list[Found]) -> list[Finding]:
        findings = []
        for bound, hit, position in found:
            rule, propose, words = bound.rule, bound.fix, bound.words
            severity = self.severity(rule, hit.severity)
            if severity == "off":
                continue
            fix: Fix | None = None
            if propose is not None:
                try:
                    fix = propose(record, hit, position)
                except Exception as error:
                    findings.append(_failure(rule, record, error))
            findings.append(
                Finding(
                    rule.id,
                    rule.slug,
                    severity,
                    partial(words, record, hit, position) if words is not None else rule.message,
                    record,
                    position,
                    hit.within,
                    fix,
                    hit.confidence or rule.confidence,
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

    def ahead(
        self, items: Iterable[T], record_of: Callable[[T], Record | None], size: Callable[[T], int] = lambda item: 0
    ) -> Iterable[list[T]]:
        """The items in lists, those of one to be checked at once; in an engine that has to ask somebody each alone.

        Such an engine begins with the records among them early. `size`: the bytes of an item that may be large.
        """
        return batches(items, size)


def _order(finding: Finding) -> tuple[int, str]:
    return (-1 if finding.position is None else finding.position, finding.rule)


def _failure(rule: Rule, record: Record, error: Exception) -> Finding:
    message = f"internal: rule {rule.id} failed on this record ({type(error).__name__}: {error}); please report it"
    return Finding("REF001", "rule-failed", "warning", message, record)
