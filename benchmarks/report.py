"""Turns measurements into docs/benchmarks.md."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import reflint
from benchmarks.plot import growth

Load = tuple[float, float, float]

INTRODUCTION = """\
Written by `make bench`; not edited by hand. Compare only figures of one run: absolute times depend on the machine and
on what else it was doing, ratios much less."""
WHOLE_FILES = """\
Generated records (`benchmarks/generate.py`: seeded, eighteen exporters with their usual defects, {size:,.0f} bytes
each). Best of several interleaved rounds, each in a process of its own, after a first run on one record; the rows with
a whole command include starting it. All of them look for garbage as seldom as the command does (rispy hardly gains by
it). Peak: the resident memory of the largest process (below 20 MB nothing can be told apart)."""
COST_PER_RULE = """\
Each rule alone with the plain engine, which asks every record: microseconds per record, dearest first. The engine that
`reflint check` uses asks most rules far less often."""

PICTURE = "pictures/growth.svg"
"""Where the picture of growth stands, beside the page."""

TASK_NAMES = {
    "floor": "floor: `for line in open(path, 'rb')`",
    "rispy": "rispy `load`",
    "parse": "reflint, parse",
    "stream": "reflint, parse as a stream",
    "default": "reflint, check, default rules",
    "check": "reflint, check, all offline rules",
    "plain": "reflint, check, all offline rules, plain engine",
    "fix": "reflint, check and fix, all offline rules",
    "command": "`reflint check -f json`, default rules, whole command",
    "one": "`reflint check -q --jobs 1`, default rules, whole command",
    "two": "`reflint check -q --jobs 2`, default rules, whole command, wall",
    "citation-js": "citation-js, RIS plugin",
    "bibtex-tidy": "bibtex-tidy, the records as BibTeX",
}


@dataclass(frozen=True, slots=True)
class Measured:
    seconds: float
    peak_mb: float


@dataclass(frozen=True, slots=True)
class StartUp:
    command: str
    seconds: float
    cpu_seconds: float


@dataclass(frozen=True, slots=True)
class RuleCost:
    rule: str
    microseconds: float
    """per record"""
    findings: int


@dataclass(frozen=True, slots=True)
class Results:
    throughput: dict[int, dict[str, Measured]]
    """records in the file -> task -> the best round"""
    bytes_per_record: dict[int, float]
    start_up: list[StartUp]
    rules: list[RuleCost]
    load: tuple[Load, Load]
    """before and after"""


@dataclass(frozen=True, slots=True)
class Budget:
    work: str
    measured: float
    target: float
    limit: float
    unit: str

    @property
    def verdict(self) -> str:
        return "met" if self.measured <= self.target else "within the limit" if self.measured <= self.limit else "over"


def page(results: Results) -> str:
    size = _average(results.bytes_per_record.values())
    sections = ["# Benchmarks", INTRODUCTION, "## Machine", machine(results.load)]
    sections += ["## Whole files", WHOLE_FILES.format(size=size)]
    if len(results.throughput) > 1:
        sections.append(f"![Microseconds a record, by the number of records]({PICTURE})")
    for size, measured in results.throughput.items():
        sections += [f"### {size:,} records", throughput_table(size, measured)]
    if results.start_up:
        sections += ["## Start-up", "Medians of whole processes, interleaved.", start_up_table(results.start_up)]
    if budgets := list(budgets_of(results)):
        sections += ["## Budgets", budget_table(budgets)]
    if results.rules:
        sections += ["## Cost per rule", COST_PER_RULE, rule_table(results.rules)]
    return "\n\n".join(sections) + "\n"


def picture(results: Results) -> str:
    """How the cost of each task grows with the file, as an SVG."""
    costs: dict[str, dict[int, float]] = {}
    for size, measured in results.throughput.items():
        for task, cost in measured.items():
            name = TASK_NAMES[task].partition(":")[0].replace("`", "").replace(", whole command", "")
            costs.setdefault(name, {})[size] = cost.seconds / size * 1e6
    return growth(costs)


def machine(load: tuple[Load, Load]) -> str:
    before, after = ("/".join(f"{value:.1f}" for value in values) for values in load)
    return "\n".join(
        (
            f"- {_processor()}, {os.cpu_count()} cores",
            f"- {platform.python_implementation()} {platform.python_version()} on {platform.system()}",
            f"- reflint {reflint.__version__}, rispy {version('rispy')}",
            f"- load average over 1/5/15 minutes: {before} before, {after} after",
            f"- {datetime.now(UTC):%Y-%m-%d}",
        )
    )


def throughput_table(size: int, measured: dict[str, Measured]) -> str:
    def ratio(task: str, peer: str) -> str:
        return f"{measured[task].seconds / measured[peer].seconds:.2f}" if peer in measured else "-"

    return _table(
        ("", "us/record", "x rispy", "x floor", "seconds", "peak MB"),
        (
            (
                TASK_NAMES[task],
                f"{cost.seconds / size * 1e6:.1f}",
                ratio(task, "rispy"),
                ratio(task, "floor"),
                f"{cost.seconds:.3f}",
                f"{cost.peak_mb:.0f}",
            )
            for task, cost in measured.items()
        ),
    )


def start_up_table(rows: list[StartUp]) -> str:
    bare = rows[0]
    return _table(
        ("", "wall ms", "x bare", "processor ms", "x bare"),
        (
            (
                f"`{row.command}`",
                f"{row.seconds * 1e3:.1f}",
                f"{row.seconds / bare.seconds:.2f}",
                f"{row.cpu_seconds * 1e3:.1f}",
                f"{row.cpu_seconds / bare.cpu_seconds:.2f}",
            )
            for row in rows
        ),
    )


def budgets_of(results: Results) -> Iterable[Budget]:
    """What the project promises, as far as it was measured: each on the largest file on which it was."""
    for work, task, peer, target, limit in (
        ("parse", "parse", "rispy", 0.5, 0.7),
        ("check, all rules, one process", "check", "rispy", 2.5, 4.0),
        ("check, default rules, one process", "default", "rispy", 2.5, 4.0),
        ("check, default rules, two processes", "two", "rispy", 1.25, 1.6),
        ("check and fix", "fix", "check", 1.25, 1.5),
        ("fast engine", "check", "plain", 1 / 2.5, 1.0),
        ("beside bibtex-tidy", "check", "bibtex-tidy", 0.1, 1.0),
    ):
        sizes = [size for size, measured in results.throughput.items() if task in measured and peer in measured]
        if sizes:
            measured = results.throughput[max(sizes)]
            ratio = measured[task].seconds / measured[peer].seconds
            yield Budget(f"{work}, {max(sizes):,} records", ratio, target, limit, f"x {peer}")
    for size, measured in results.throughput.items():
        if "default" in measured:
            yield Budget(f"memory of a check, {size:,} records", measured["default"].peak_mb, 64, 128, "MB")
    seconds = {row.command: row.seconds for row in results.start_up}
    for command, target, limit in (("reflint --version", 2.0, 4.0), ("reflint check, one record", 5.0, 10.0)):
        if command in seconds:
            yield Budget(command, seconds[command] / seconds["python -c pass"], target, limit, "x bare Python")


def budget_table(budgets: list[Budget]) -> str:
    return _table(
        ("", "measured", "target", "never above", ""),
        (
            (row.work, f"{row.measured:.2f} {row.unit}", f"{row.target:g}", f"{row.limit:g}", row.verdict)
            for row in budgets
        ),
    )


def rule_table(rules: list[RuleCost]) -> str:
    total = sum(rule.microseconds for rule in rules)
    rows = [(rule.rule, f"{rule.microseconds:.2f}", f"{rule.findings:,}") for rule in rules]
    return _table(("rule", "us/record", "findings"), [*rows, ("all", f"{total:.1f}", "")])


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, ("---", *("---:" for _ in head[1:])), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _average(values: Iterable[float]) -> float:
    numbers = list(values)
    return sum(numbers) / len(numbers)


def _processor() -> str:
    """The processor's model; never the name of the machine."""
    information = Path("/proc/cpuinfo")
    if information.exists():
        for line in information.read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
