"""The exact keys of a record: those that the works made of it have, and shared only where works are compared."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import pytest

from reflint.app.reading import records_of
from reflint.app.sources import Source
from reflint.duplicates import exact_keys, work_of
from reflint.duplicates.blocking import keys_of
from reflint.errors import SourceError
from reflint.model.record import Record
from tests.inputs import FIXTURES, ROOT


def records() -> list[Record]:
    """The records of all fixtures."""
    found: list[Record] = []
    for path in sorted(FIXTURES.rglob("*")):
        if path.name.endswith((".ris", ".nbib", ".csl.json", ".zotero.json")):
            try:
                found += records_of(Source(str(path.relative_to(ROOT)), Path(path)))
            except SourceError:  # some are none
                continue
    return found


RECORDS = records()


@pytest.mark.parametrize("name", ["doi", "pmid"])
def test_identifiers_are_those_of_the_work(name: str):
    told = [(dict(exact_keys(record)).get(name, ""), getattr(work_of(record), name)) for record in RECORDS]
    assert [one for one, _ in told] == [other for _, other in told]
    assert any(one for one, _ in told)


def test_titles_are_those_of_the_work_where_author_and_year_are_known():
    for record in RECORDS:
        work = work_of(record)
        known = work.authors and work.year and len(work.title) >= 12
        expected = f"{work.authors[0]} {work.year} {work.title}" if known else None
        assert dict(exact_keys(record)).get("title") == expected


def test_works_that_share_an_exact_key_are_compared():
    several = 0
    for one, other in combinations(RECORDS, 2):
        if set(exact_keys(one)) & set(exact_keys(other)):
            several += 1
            assert set(keys_of(work_of(one))) & set(keys_of(work_of(other)))
    assert several > 5
