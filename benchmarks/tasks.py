"""One measured piece of work in a process of its own: `python -m benchmarks.tasks NAME FILE` prints its time."""

from __future__ import annotations

import gc
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks import ours


def line_loop(path: Path) -> dict[str, object]:
    """The floor: what Python needs to look at every line once."""
    with path.open("rb") as file:
        for _ in file:
            pass
    return {}


def rispy_load(path: Path) -> dict[str, object]:
    import rispy

    with path.open(encoding="utf-8") as file:
        return {"records": len(rispy.load(file))}


def parse(path: Path) -> dict[str, object]:
    return {"records": ours.parse(path)}


def stream(path: Path) -> dict[str, object]:
    return {"records": ours.stream(path)}


def check(path: Path) -> dict[str, object]:
    return {"findings": ours.check(path)}


def default(path: Path) -> dict[str, object]:
    return {"findings": ours.check(path, "recommended")}


def plain(path: Path) -> dict[str, object]:
    return {"findings": ours.check(path, plain=True)}


def fix(path: Path) -> dict[str, object]:
    return {"repairs": ours.fix(path)}


def rules(path: Path) -> dict[str, object]:
    return {"rules": ours.cost_per_rule(path, rounds=3)}


TASKS: dict[str, Callable[[Path], dict[str, object]]] = {
    "floor": line_loop,
    "rispy": rispy_load,
    "parse": parse,
    "stream": stream,
    "default": default,
    "check": check,
    "plain": plain,
    "fix": fix,
    "rules": rules,
}


def main() -> None:
    name, path = sys.argv[1], Path(sys.argv[2])
    task = TASKS[name]
    gc.set_threshold(*ours.collections())  # for the peers, too
    # A first run on one record pays for imports, compiled patterns and loaded rules.
    if len(sys.argv) > 3:
        task(Path(sys.argv[3]))
    start = time.perf_counter()
    outcome = task(path)
    print(json.dumps({"seconds": time.perf_counter() - start, **outcome}))


if __name__ == "__main__":
    main()
