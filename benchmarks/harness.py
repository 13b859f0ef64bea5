"""Measures reflint beside its peers on generated files and reports it: `python -m benchmarks.harness`."""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import tempfile
from pathlib import Path

from benchmarks import peers, regression, report
from benchmarks.processes import run
from benchmarks.report import Measured, Results, RuleCost, StartUp

PROJECT = Path(__file__).resolve().parent.parent
FILE_TASKS = ("floor", "rispy", "parse", "stream", "default", "check", "plain", "fix")
_ONCE = ["check", "--exit-zero", "--no-progress", "--no-cache"]
COMMAND_TASKS = {
    "command": [*_ONCE, "-f", "json", "--jobs", "1"],
    "one": [*_ONCE, "-q", "--jobs", "1"],
    "two": [*_ONCE, "-q", "--jobs", "2"],
}
MOST = {
    **dict.fromkeys(peers.TASKS, peers.MOST),
    "plain": 10_000,
    **dict.fromkeys(("parse", "fix", "command"), 100_000),
}
"""Records beyond which a task is not measured: it holds all of them, or would take an hour."""
START_UP_RUNS = 21
RULE_RECORDS = 2_000


def measure(sizes: list[int], tasks: list[str], parts: set[str], scratch: Path) -> Results:
    """Every chosen part in one run on one machine, so that ratios mean something."""
    load_before = os.getloadavg()
    one = generate(1, scratch)
    environment = {"REFLINT_CACHE_DIR": str(scratch / "cache"), "NO_COLOR": "1"}
    files = {size: generate(size, scratch) for size in sizes}
    if not set(tasks).isdisjoint(peers.TASKS) and not peers.install(scratch):
        say("no node here, or its packages cannot be had: without the peers that run under it")
        tasks = [task for task in tasks if task not in peers.TASKS]
    throughput = {size: measure_file(path, size, tasks, one, environment) for size, path in files.items()}
    start_up = measure_start_up(one, tasks, environment) if "start" in parts else []
    rules = measure_rules(generate(RULE_RECORDS, scratch), environment) if "rules" in parts else []
    return Results(
        throughput=throughput,
        bytes_per_record={size: path.stat().st_size / size for size, path in files.items()},
        start_up=start_up,
        rules=rules,
        load=(load_before, os.getloadavg()),
    )


def generate(count: int, scratch: Path) -> Path:
    path = scratch / f"{count}.ris"
    # In a process of its own: a child is charged with the memory of the process that started it.
    run([sys.executable, "-m", "benchmarks.generate", str(count), str(path)], directory=PROJECT, environment={})
    return path


def measure_file(
    path: Path, size: int, tasks: list[str], warm_up: Path, environment: dict[str, str]
) -> dict[str, Measured]:
    """The best of several rounds of each task; rounds are interleaved, so that a busy minute harms all alike."""
    best: dict[str, Measured] = {}
    for number in range(rounds_for(size)):
        for task in tasks:
            if size > MOST.get(task, size):
                continue
            say(f"{size} records, round {number + 1}: {task}")
            measured = measure_task(task, path, size, warm_up, environment)
            if task not in best or measured.seconds < best[task].seconds:
                best[task] = measured
    return best


def rounds_for(size: int) -> int:
    return 7 if size <= 1_000 else 5 if size <= 10_000 else 2 if size <= 100_000 else 1


def measure_task(task: str, path: Path, size: int, warm_up: Path, environment: dict[str, str]) -> Measured:
    if task in COMMAND_TASKS:
        command = [reflint(), *COMMAND_TASKS[task], str(path)]
        ran = run(command, directory=path.parent, environment=environment)
        return Measured(ran.seconds, ran.peak_mb)
    if task in peers.TASKS:
        read, first = peers.prepared(task, path), peers.prepared(task, warm_up)
        command, folder = ["node", str(peers.SCRIPT), task, str(read), str(first)], path.parent
    else:
        command, folder = [sys.executable, "-m", "benchmarks.tasks", task, str(path), str(warm_up)], PROJECT
    ran = run(command, directory=folder, environment=environment, keep_output=True)
    outcome = json.loads(ran.output)
    if outcome.get("records", size) != size:
        raise SystemExit(f"{task} read {outcome['records']} of {size} records: the comparison would not be fair")
    return Measured(outcome["seconds"], ran.peak_mb)


def measure_start_up(one_record: Path, tasks: list[str], environment: dict[str, str]) -> list[StartUp]:
    """Medians of whole processes, interleaved; the first two rounds fill caches and do not count."""
    commands = {"python -c pass": [sys.executable, "-c", "pass"]}
    if "command" in tasks:
        commands["reflint --version"] = [reflint(), "--version"]
        commands["reflint check, one record"] = [reflint(), "check", "--exit-zero", "-f", "concise", str(one_record)]
    commands["import rispy"] = [sys.executable, "-c", "import rispy"]
    wall: dict[str, list[float]] = {name: [] for name in commands}
    cpu: dict[str, list[float]] = {name: [] for name in commands}
    say("start-up")
    for number in range(START_UP_RUNS + 2):
        for name, command in commands.items():
            ran = run(command, directory=one_record.parent, environment=environment)
            if number >= 2:
                wall[name].append(ran.seconds)
                cpu[name].append(ran.cpu_seconds)
    return [StartUp(name, statistics.median(wall[name]), statistics.median(cpu[name])) for name in commands]


def measure_rules(path: Path, environment: dict[str, str]) -> list[RuleCost]:
    say(f"each rule alone, {RULE_RECORDS} records")
    command = [sys.executable, "-m", "benchmarks.tasks", "rules", str(path)]
    outcome = json.loads(run(command, directory=PROJECT, environment=environment, keep_output=True).output)
    costs = [RuleCost(rule, seconds / RULE_RECORDS * 1e6, found) for rule, (seconds, found) in outcome["rules"].items()]
    return sorted(costs, key=lambda cost: -cost.microseconds)


def reflint() -> str:
    """The command of the environment that is being measured."""
    return str(Path(sys.executable).parent / "reflint")


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def main() -> None:
    every_task = [*FILE_TASKS, *COMMAND_TASKS, *peers.TASKS]
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="1000,10000,100000,1000000", help="numbers of records (%(default)s)")
    parser.add_argument("--tasks", nargs="+", choices=every_task, default=every_task, metavar="TASK")
    parser.add_argument("--parts", nargs="*", choices=["start", "rules"], default=["start", "rules"])
    parser.add_argument("--output", type=Path, help="write the page here instead of to standard output")
    parser.add_argument(
        "--against", type=Path, help="compare with this page instead; status 1 where something is slower"
    )
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        sizes = [int(size) for size in options.sizes.split(",")]
        results = measure(sizes, options.tasks, set(options.parts), Path(scratch))
    page = report.page(results)
    if options.against:
        before = regression.ratios(options.against.read_text(encoding="utf-8"))
        found = regression.slower(before, regression.ratios(page))
        print("\n".join(found) or "nothing is slower than it was")
        raise SystemExit(bool(found))
    if options.output:
        options.output.write_text(page, encoding="utf-8")
        (options.output.parent / report.PICTURE).write_text(report.picture(results), encoding="utf-8")
    else:
        print(page)


if __name__ == "__main__":
    main()
