"""Edits applied to a record until nothing is left to repair: at most ten passes, one edit a place and pass."""

from __future__ import annotations

from collections.abc import Callable, Collection, Generator, Iterable
from contextlib import suppress
from typing import NamedTuple

from reflint.engine.run import Engine
from reflint.errors import SourceError
from reflint.model.edit import Edit
from reflint.model.finding import Finding
from reflint.model.record import Record

PASSES = 10
"""Repairs of one value wait for each other: mojibake, then what it hid, then the white space that is left, ..."""
_SAFETY_ORDER = {"safe": 0, "unsafe": 1, "lookup": 2}

Apply = Callable[[Record, tuple[Edit, ...]], Record]
"""Carries edits out on a record; raises SourceError when they cannot be."""


class Settled(NamedTuple):
    """A record after repair: what was repaired on the way, and what is left to say about it."""

    record: Record
    applied: tuple[Finding, ...]
    left: tuple[Finding, ...]


def settle(record: Record, engine: Engine, apply: Apply, safeties: Collection[str]) -> Settled:
    """Repairs a record with the fixes whose safety is among `safeties`, as `settle_all` does."""
    return settle_all([(record, engine.check(record))], engine, apply, safeties)[0]


def settle_all(
    checked: Iterable[tuple[Record, list[Finding]]], engine: Engine, apply: Apply, safeties: Collection[str]
) -> list[Settled]:
    """Repairs records, each given with its findings, by the fixes whose safety is among `safeties`.

    Of two fixes for one place the safer goes first and the other waits for the next pass; a pass in which none can be
    written does not count. A record that is still changing after ten is left as it was, with a finding that names the
    rules at odds (REF002). The passes of all records are made side by side: what has changed is checked together.
    """
    settling = [_settling(record, findings, apply, safeties) for record, findings in checked]
    settled: dict[int, Settled] = {}
    answers: Iterable[tuple[int, list[Finding] | None]] = ((number, None) for number in range(len(settling)))
    while True:
        changed: dict[int, Record] = {}
        for number, findings in answers:
            try:
                changed[number] = settling[number].send(findings)
            except StopIteration as end:
                settled[number] = end.value
        if not changed:
            return [settled[number] for number in range(len(settling))]
        answers = zip(changed, engine.check_all(list(changed.values())), strict=True)


def _settling(
    record: Record, findings: list[Finding], apply: Apply, safeties: Collection[str]
) -> Generator[Record, list[Finding] | None, Settled]:
    """One record through its passes: gives out what is to be checked, is sent its findings, comes to what settled."""
    current = record
    applied: list[Finding] = []
    done: list[Finding] = []
    refused: set[tuple[str, str]] = set()
    waiting: set[tuple[str, str]] = set()  # refused beside others: tried once more when these are through
    passes = 0
    while passes < PASSES:
        chosen = _choose(findings, safeties, refused | waiting)
        if not chosen and waiting:
            waiting.clear()
            chosen = _choose(findings, safeties, refused)
        if not chosen:
            return Settled(current, tuple(applied), tuple(findings))
        current, done = _apply_all(current, chosen, apply)
        failed = {_key(finding) for finding in chosen if finding not in done}
        if done:
            passes += 1
            applied += done
            waiting |= failed
            findings = (yield current) or []
        else:
            refused |= failed
    _, left = _apply_all(current, _choose(findings, safeties, refused), apply)
    if not left:
        return Settled(current, tuple(applied), tuple(findings))
    rules = ", ".join(sorted({finding.rule for finding in (*done, *left)}))
    message = (
        f"internal: the repairs of {rules} do not come to rest on this record; it was left as it is. Please report it"
    )
    found = (yield record) or []
    return Settled(record, (), (*found, Finding("REF002", "repair-unsettled", "warning", message, record)))


def carry_out(record: Record, accepted: list[Finding], apply: Apply) -> Settled:
    """A record repaired by the fixes of these findings of it and by nothing else: no repair follows another.

    Of two fixes for one place, or that cannot be written together, the first wins, safer before others, then by code;
    `left` are the accepted findings whose fix was not carried out.
    """
    current, done = _apply_all(record, _choose(accepted, _SAFETY_ORDER, ()), apply)
    return Settled(current, tuple(done), tuple(finding for finding in accepted if finding not in done))


def _choose(findings: list[Finding], safeties: Collection[str], refused: Collection[tuple[str, str]]) -> list[Finding]:
    """The fixes of this pass: safer before others, no two on one place, none that was refused before."""
    wanted = [f for f in findings if f.fix and f.fix.edits and f.fix.safety in safeties and _key(f) not in refused]
    wanted.sort(key=lambda f: (_SAFETY_ORDER[f.fix.safety], f.rule))  # type: ignore[union-attr]
    taken: set[tuple[object, ...]] = set()
    chosen = []
    for finding in wanted:
        claims = {_claim(edit, finding.record) for edit in finding.fix.edits}  # type: ignore[union-attr]
        if taken.isdisjoint(claims):
            taken |= claims
            chosen.append(finding)
    return chosen


def _claim(edit: Edit, record: Record | None) -> tuple[object, ...]:
    """What an edit changes. One more value beside its like is that place's; any other new field is the record's."""
    if edit.op == "insert":
        beside = record is not None and edit.position >= 0 and record.names[edit.position] == edit.field
        return ("insert", edit.field, edit.part, edit.position if beside else -1)
    return (edit.position, edit.part, edit.field if edit.position < 0 else "")


def _edits(findings: list[Finding]) -> tuple[Edit, ...]:
    return tuple(edit for finding in findings for edit in finding.fix.edits)  # type: ignore[union-attr]


def _key(finding: Finding) -> tuple[str, str]:
    return finding.rule, finding.value


def _apply_all(record: Record, chosen: list[Finding], apply: Apply) -> tuple[Record, list[Finding]]:
    """All fixes at once; where that is refused, one after another, so that a bad one keeps nobody else back.

    Comes to the record itself and no findings where none can be carried out.
    """
    if chosen:
        with suppress(SourceError):
            return apply(record, _edits(chosen)), chosen
    current = record
    done: list[Finding] = []
    for finding in chosen:
        with suppress(SourceError):
            current = apply(record, _edits([*done, finding]))
            done.append(finding)
    return current, done
