"""Measured on the labelled sets, where they stand beside the repository."""

from __future__ import annotations

import csv
from contextlib import closing

import pytest

from benchmarks.dedupe import as_ris, pairs, rows, truth
from reflint.duplicates import Index, search, work_of
from reflint.formats import ris
from tests.inputs import ROOT

DATA = ROOT.parent / "shared" / "data" / "dedupe"

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason=f"the labelled sets are not at {DATA}")


@pytest.mark.parametrize(
    ("name", "recall"), [("cytology", 0.99), ("respiratory", 0.94), ("stroke", 0.99), ("diabetes", 0.99)]
)
def test_no_wrong_pair_and_nearly_all_right_ones(name: str, recall: float):
    csv.field_size_limit(1 << 30)
    table = list(rows(DATA / name))
    with closing(Index()) as index:
        for record in ris.read("".join(map(as_ris, table)).encode()):
            index.add(work_of(record))
        groups = [group for group in search(index).groups if group.kind == "same"]
    found = pairs([table[number]["ID"] for number in group.members] for group in groups)
    true = truth(DATA / name)
    assert found - true == set()
    assert len(found & true) >= recall * len(true)
