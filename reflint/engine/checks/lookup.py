"""The check that only a look-up can make: quiet here, answered by the adviser (see engine/advice.py)."""

from __future__ import annotations

from reflint.engine.checks.base import Hit, Parameters, Scope, ValueTest, check, text
from reflint.errors import PackError

EVENTS = frozenset(
    "unregistered other-work published retracted corrected issn-of-another drift abstract-missing single-page "
    "landing-tail names-swapped authors-differ known-nowhere".split()
)
"""What a look-up can find out; lookup/events.py has a function for each."""


@check("lookup")
def lookup(params: Parameters, scope: Scope) -> ValueTest:
    """Something that a registry says (`event`). Offline it looks at no field, and costs nothing."""
    event = text(params, "event")
    if event not in EVENTS:
        raise PackError(f"unknown event {event!r} of a look-up; there are {', '.join(sorted(EVENTS))}")
    return ValueTest(frozenset(), _never)


def _never(value: str) -> Hit | None:
    return None
