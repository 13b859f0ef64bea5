"""Whether reflint has become slower beside its peers: ratios of one run held against those of a page written before."""

from __future__ import annotations

import re

TOLERANCE = 1.25
"""A ratio may be so many times what it was: machines and their moods differ by that."""
_SIZE = re.compile(r"### ([\d,]+) records")
_ROW = re.compile(r"\| (?P<task>[^|]*reflint[^|]*?) \| [\d.]+ \| (?P<ratio>[\d.]+) \|")

Ratios = dict[tuple[int, str], float]
"""(records in the file, what was measured) -> how many times rispy's time on the same file."""


def ratios(page: str) -> Ratios:
    """The ratios that a page of results states."""
    found: Ratios = {}
    size = 0
    for line in page.splitlines():
        if heading := _SIZE.match(line):
            size = int(heading[1].replace(",", ""))
        elif row := _ROW.match(line):
            found[size, row["task"]] = float(row["ratio"])
    return found


def slower(before: Ratios, now: Ratios) -> list[str]:
    """What takes more than it did, a line each; pages without a common row cannot be compared (SystemExit)."""
    common = before.keys() & now.keys()
    if not common:
        raise SystemExit("the two pages have no row in common")
    return [
        f"{task}, {size:,} records: {now[size, task]:.2f} x rispy, {before[size, task]:.2f} before"
        for size, task in sorted(common)
        if now[size, task] > TOLERANCE * before[size, task]
    ]
