"""Where the measurements call reflint: nothing else in benchmarks/ knows its interfaces."""

from __future__ import annotations

import time
from pathlib import Path


def parse(path: Path) -> int:
    """Read a whole file as `reflint.formats.ris.read` does; the number of records."""
    from reflint.formats import ris

    return sum(1 for _ in ris.read(path.read_bytes(), name=path.name))


def stream(path: Path) -> int:
    """Read a file record by record, holding none; the number of records."""
    from reflint.formats import ris

    with path.open("rb") as file:
        return sum(1 for _ in ris.stream(file))


def check(path: Path) -> int:
    """Run all offline rules over a file, as one process does; the number of findings."""
    from reflint import app

    return len(app.check([str(path)]).findings)


def fix(path: Path) -> int:
    """Run all offline rules and settle their safe repairs, writing nothing; the number of repairs."""
    from reflint import app

    return app.fix([str(path)], write=False).repaired


def cost_per_rule(path: Path, rounds: int) -> dict[str, tuple[float, int]]:
    """Each rule alone over a file's records with the plain engine: rule -> (best seconds, findings)."""
    from reflint.engine.pack import load_core_pack
    from reflint.engine.run import check_plainly

    from reflint.formats import ris

    library = ris.read(path.read_bytes(), name=path.name)
    costs: dict[str, tuple[float, int]] = {}
    for rule in load_core_pack().rules:
        best, found = float("inf"), 0
        for _ in range(rounds):
            start = time.perf_counter()
            found = sum(1 for _ in check_plainly(library, [rule]))
            best = min(best, time.perf_counter() - start)
        costs[rule.id] = (best, found)
    return costs
