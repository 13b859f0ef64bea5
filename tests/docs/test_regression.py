"""The comparison of two pages of measurements."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.regression import ratios, slower

PAGE = """\
### 1,000 records

| | us/record | x rispy |
| --- | ---: | ---: |
| rispy `load` | 40.0 | 1.00 |
| reflint, parse | 20.0 | {} |

### 10,000 records

| reflint, parse | 20.0 | {} |
"""


def test_a_ratio_that_grew_by_more_than_the_tolerance_is_named():
    before = ratios(PAGE.format("0.50", "0.60"))
    assert before == {(1_000, "reflint, parse"): 0.5, (10_000, "reflint, parse"): 0.6}
    assert slower(before, ratios(PAGE.format("0.62", "0.10"))) == []
    assert slower(before, ratios(PAGE.format("0.63", "0.60"))) == [
        "reflint, parse, 1,000 records: 0.63 x rispy, 0.50 before"
    ]


def test_pages_without_a_common_row_cannot_be_compared():
    with pytest.raises(SystemExit, match="no row in common"):
        slower(ratios(PAGE.format("0.50", "0.60")), {})


def test_the_page_of_this_checkout_can_be_compared_with():
    page = Path(__file__).parents[2] / "docs" / "benchmarks.md"
    found = ratios(page.read_text(encoding="utf-8"))
    assert len(found) > 8
    assert slower(found, found) == []
