"""Checks of a record against all others of its run: what they say together is counted by a survey beforehand."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from reflint.engine.checks.base import Hit, Parameters, RecordTest, Scope, Test, Trigger, ValueTest, check, number, text
from reflint.engine.checks.questions import SURVEYS, Entry, Question, Saying, every_value
from reflint.model.record import Record


class Tally(NamedTuple):
    """What is kept of a group, of which large libraries have many: the form of most records (of equals the longest),
    the next (`""` without one), how many records have the usual one, and how many there are.
    """

    usual: str
    next: str
    times: int
    total: int


class Counted(NamedTuple):
    """What a survey counted for one rule: the groups in which something is odd, and the values it was read from.

    `values`: of the surveyed field, in records that may be odd; None where they are not kept.
    """

    groups: dict[str, Tally]
    values: frozenset[str] | None


def is_repeated(odd: object) -> bool:
    """Whether of a group with something odd all are (`repeated`, `differing`), and not just those unlike the most."""
    return odd in ("repeated", "differing")


@check("library")
def _library(params: Parameters, scope: Scope) -> Test:
    """A record that is odd among all others of the run.

    `survey`: what is asked. `odd`: `minority` (default: its form is not the usual one), `repeated` (its group has
    several records) or `differing` (its group has several forms, whichever its own). `share`: the usual form must have
    so many per cent of a group; `least`: a group must have so many records. Without a census, as for a record alone,
    nothing is odd.
    """
    counted = params.get("census")
    if not isinstance(counted, Counted):
        return ValueTest(frozenset(), lambda _: None)
    question = SURVEYS[text(params, "survey")]
    repeated = is_repeated(params.get("odd"))
    share, least = number(params, "share", 0), number(params, "least", 2)

    def counts(tally: Tally) -> bool:
        return tally.total >= least and 100 * tally.times >= share * tally.total

    odd = _odd(question, counted.groups, counts, repeated)
    said = (question.said or every_value)(scope)

    def run(record: Record) -> Iterator[Hit]:
        for position, saying in said(record):
            hit = odd(saying)
            if hit is not None:
                yield hit.at(position)

    if counted.values is None:
        return RecordTest(run)
    return RecordTest(run, trigger=Trigger(frozenset(scope.names), counted.values.__contains__))


def _odd(
    question: Question, groups: Mapping[str, Tally], counts: Callable[[Tally], bool], repeated: bool
) -> Callable[[Saying], Hit | None]:
    """What tells whether a saying is odd, but not where it stands."""

    @lru_cache(maxsize=4_000)  # what a broad survey hears recurs; the others are asked about what is odd
    def odd(saying: Saying) -> Hit | None:
        for key in question.keys(saying):
            entry = question.entry(saying, key)
            tally = groups.get(entry.group) if entry and not entry.fine else None
            if entry and tally and counts(tally) and (repeated or entry.form != tally.usual):
                new = entry.rewrite(tally.usual) if entry.rewrite else None
                return Hit(new=new, note=_note(tally, entry, repeated))
        return None

    return odd


def _note(tally: Tally, entry: Entry, repeated: bool) -> str:
    if repeated:
        other = tally.next if tally.usual == entry.form else tally.usual
        return f"{tally.total} records" + (f", also “{other}”" if other else "")
    return f"“{tally.usual}” in {tally.times} of {tally.total} records"
