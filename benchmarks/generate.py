"""Writes RIS files to measure on: `python -m benchmarks.generate 10000 records.ris`. One seed gives the same bytes."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from benchmarks.entry import Entry
from benchmarks.exporters import EXPORTERS
from benchmarks.works import Work, World

SEED = 20_240_312
DUPLICATE_RATE = 0.02
"""Share of records that are an earlier work once more, mostly through another exporter."""


def records(seed: int = SEED) -> Iterator[str]:
    """An endless stream of RIS records of about 2.0 KB and 26 lines on average.

    Files of any length share their beginning.
    """
    world = World(seed)
    random = world.random
    exporters, shares = list(EXPORTERS), list(EXPORTERS.values())
    recent: list[Work] = []
    while True:
        if recent and random.random() < DUPLICATE_RATE:
            work = random.choice(recent)
        else:
            work = world.work()
            recent.append(work)
            del recent[:-500]
        (exporter,) = random.choices(exporters, shares)
        entry = Entry(exporter.__name__, random)
        exporter(work, entry)
        yield entry.text()


def write(path: Path, count: int, seed: int = SEED) -> None:
    """Write `count` records to `path` as UTF-8 with LF line ends."""
    with path.open("w", encoding="utf-8", newline="") as file:
        file.writelines(islice(records(seed), count))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", type=int)
    parser.add_argument("path", type=Path)
    parser.add_argument("--seed", type=int, default=SEED)
    options = parser.parse_args()
    write(options.path, options.count, options.seed)


if __name__ == "__main__":
    main()
