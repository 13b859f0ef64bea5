"""Where the measurements call reflint: nothing else in benchmarks/ knows its interfaces."""

from __future__ import annotations

import shutil
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reflint.engine.run import Engine


def collections() -> tuple[int, int, int]:
    """How seldom the command has Python look for garbage, as `gc.set_threshold` takes it."""
    from reflint.app.workers import COLLECTIONS

    return COLLECTIONS


def parse(path: Path) -> int:
    """Read a whole file as `reflint.formats.ris.read` does; the number of records."""
    from reflint.formats import ris

    return sum(1 for _ in ris.read(path.read_bytes(), name=path.name))


def stream(path: Path) -> int:
    """Read a file record by record, holding none; the number of records."""
    from reflint.formats import ris

    with path.open("rb") as file:
        return sum(1 for _ in ris.stream(file))


def check(path: Path, profile: str = "strict", *, plain: bool = False) -> int:
    """Run the rules of a profile over a file, as one process does; the number of findings. `plain`: no short cuts."""
    from reflint.app.checking import check as check_sources
    from reflint.model.finding import Finding

    return sum(isinstance(event, Finding) for event in check_sources([str(path)], _engine(profile, plain=plain)))


def fix(path: Path) -> int:
    """Run all rules and write their safe repairs into a copy of the file; the number of repairs."""
    from reflint.app.checking import fix as fix_sources
    from reflint.app.reports import SourceReport

    with TemporaryDirectory(dir=path.parent) as folder:
        copy = shutil.copy(path, folder)
        events = fix_sources([str(copy)], _engine(repairing=True), ("safe",))
        return sum(event.repaired for event in events if isinstance(event, SourceReport))


def _engine(profile: str = "strict", *, plain: bool = False, repairing: bool = False) -> Engine:
    from reflint.app.rules import build_engine
    from reflint.app.settings import Settings

    return build_engine(Settings().over({"profile": profile}, "benchmark"), plain=plain, repairing=repairing)


def cost_per_rule(path: Path, rounds: int) -> dict[str, tuple[float, int]]:
    """Each rule alone over a file's records with the plain engine: rule -> (best seconds, findings)."""
    from reflint.app.rules import core_pack
    from reflint.engine.run import Engine
    from reflint.formats import ris

    library = list(ris.read(path.read_bytes(), name=path.name))
    costs: dict[str, tuple[float, int]] = {}
    for rule in core_pack().rules:
        best, found = float("inf"), 0
        for _ in range(rounds):
            engine = Engine([rule], plain=True)
            start = time.perf_counter()
            found = sum(len(engine.check(record)) for record in library)
            best = min(best, time.perf_counter() - start)
        costs[rule.id] = (best, found)
    return costs
