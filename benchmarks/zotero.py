"""What a Zotero library costs: requests, seconds and memory, against the test server on a socket of this machine.

python -m benchmarks.zotero [--items 5000] [--changes 1000] [--big 100000]
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.processes import Run, run

LIBRARY = "groups/70"
SOURCE = f"zotero:{LIBRARY}"


def item(number: int, sound: bool) -> dict[str, Any]:
    """An article of ordinary length; the unsound ones have an abbreviated page range."""
    first = 100 * (number % 8 + 1) + number % 80
    return {
        "itemType": "journalArticle",
        "title": f"Transport of sand over ripples in currents of number {number}",
        "creators": [{"creatorType": "author", "firstName": f"A. {n}", "lastName": f"Field{n}"} for n in range(4)],
        "abstractNote": "We measured how sand moves over ripples when the current turns. " * 12,
        "publicationTitle": "Journal of Moving Sand",
        "volume": str(number % 90 + 1),
        "issue": str(number % 12 + 1),
        "pages": f"{first}-{first + 1 if sound else (first + 11) % 100:02d}",
        "date": f"{1980 + number % 40}-03",
        "DOI": f"10.5555/sand.{number}",
        "tags": [{"tag": "sand"}, {"tag": "ripples", "type": 1}],
    }


@contextmanager
def served(count: int, unsound: int, folder: Path) -> Iterator[dict[str, str]]:
    """The environment of commands that talk to a server with so many items, the first of which are unsound."""
    path = folder / "items.json"
    with path.open("w") as file:  # a child is charged with the memory of the process that starts it: none is held
        file.write(f'{{"{LIBRARY}": [')
        for number in range(count):
            file.write((", " if number else "") + json.dumps(item(number, number >= unsound)))
        file.write("]}")
    command = [sys.executable, "-m", "tests.servers.zotero", "--no-limits", "--items", str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        ready = json.loads(server.stdout.readline())
        yield {
            "REFLINT_ZOTERO_ENDPOINT": ready["url"],
            "REFLINT_STATE_DIR": str(folder / "state"),
            "REFLINT_CACHE_DIR": str(folder / "cache"),
            "ZOTERO_API_KEY": ready["keys"]["full"],
        }
        server.terminate()


def step(environment: dict[str, str], *arguments: str) -> Run:
    """What a command costs."""
    command = [sys.executable, "-m", "reflint", *arguments]
    return run(command, directory=Path.cwd(), environment=environment, keep_output=True)


def measured(name: str, count: int, unsound: int) -> None:
    """Prints a row for each step: reading, reading again, planning, applying, undoing."""
    with tempfile.TemporaryDirectory() as folder, served(count, unsound, Path(folder)) as environment:
        plan, rules = str(Path(folder) / "plan.jsonl"), ["--select", "PAG003"]
        counted = ["--statistics", "--exit-zero", SOURCE]
        show(name, "check", step(environment, "check", *rules, *counted))
        show(name, "check again", step(environment, "check", *rules, *counted))
        show(name, "check, all rules", step(environment, "check", *counted))
        show(name, "plan", step(environment, "plan", *rules, "-q", "-o", plan, SOURCE))
        if unsound:
            applied = step(environment, "apply", "-f", "json", plan)
            show(name, "apply", applied)
            show(name, "undo", step(environment, "undo", "-f", "json", json.loads(applied.output)["run"]))


def show(name: str, what: str, cost: Run) -> None:
    """Prints a row."""
    said = json.loads(cost.output) if what in ("apply", "undo") else None
    told = f"{said['applied']:,} written, {said['requests']} requests" if said else ""
    print(f"{name:>16}  {what:<18} {cost.seconds:8.1f} s {cost.peak_mb:8.0f} MB  {told}".rstrip(), flush=True)


def main() -> None:
    """Reads the options and measures."""
    parser = argparse.ArgumentParser(description="Requests, seconds and memory for Zotero libraries.")
    parser.add_argument("--items", type=int, default=5_000)
    parser.add_argument("--changes", type=int, default=1_000)
    parser.add_argument("--big", type=int, default=100_000)
    options = parser.parse_args()
    measured(f"{options.items:,} items", options.items, options.changes)
    if options.big:
        measured(f"{options.big:,} items", options.big, 0)


if __name__ == "__main__":
    main()
