"""The check of a whole manuscript: quiet on records, answered by the room of manuscripts (see word/checks)."""

from __future__ import annotations

from collections.abc import Iterable

from reflint.engine.checks.base import Hit, Parameters, RecordTest, Scope, check, text
from reflint.errors import PackError
from reflint.model.record import Record

TESTS = frozenset(
    "payload-unreadable field-broken placeholder-left updates-delayed text-differs updates-off error-text "
    "citation-empty work-unknown list-missing lists-several list-differs entry-edited deleted-only managers-mixed "
    "fields-lost place-unusual work-unlinked cited-twice place-against-style typed-among-fields list-outdated "
    "cited-not-listed listed-not-cited year-differs name-differs coauthor-differs ambiguous et-al-form entry-twice "
    "entries-joined no-list number-beyond-list number-not-cited numbering-gap order-of-numbers range-malformed "
    "number-not-position brackets-mixed styles-mixed forms-mixed list-unsorted locator-form citation-in-heading "
    "full-stop-mixed style-not-wanted punctuation-doubled not-in-library in-trash changed-in-library "
    "several-libraries local-library two-items-one-work not-in-collection self-citations age-of-references "
    "doi-coverage density large-clusters".split()
)
"""What can be found in a manuscript; word/checks has a function for each."""


def known_test(params: Parameters) -> str:
    """The test that a check of a manuscript names. Raises PackError when there is no such test."""
    name = text(params, "test")
    if name not in TESTS:
        raise PackError(f"unknown test {name!r} of a manuscript; there are {', '.join(sorted(TESTS))}")
    return name


@check("manuscript")
def manuscript(params: Parameters, scope: Scope) -> RecordTest:
    """Something that only a whole manuscript shows (`test`). On a record it never holds, and costs nothing."""
    known_test(params)

    def run(record: Record) -> Iterable[Hit]:
        return ()

    return RecordTest(run, present=(frozenset(),))
