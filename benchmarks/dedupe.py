"""Duplicates on labelled sets, beside bib-dedupe in its own environment; and on generated records in bulk.

python -m benchmarks.dedupe FOLDER [--output docs/dedupe.md] [--big 1000000] [--without-peer]
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import lzma
import platform
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from itertools import combinations
from pathlib import Path
from typing import NamedTuple, TextIO

from benchmarks.generate import write
from benchmarks.processes import Run, run

SETS = "cytology haematology respiratory stroke diabetes neuroimaging digital_work depression special_cases".split()
PEER = "bib-dedupe==0.11.0"
_TYPES = {
    "inproceedings": "CPAPER", "book": "BOOK", "incollection": "CHAP", "inbook": "CHAP", "phdthesis": "THES",
    "mastersthesis": "THES", "techreport": "RPRT", "misc": "GEN",
}  # fmt: skip
_OURS = """
import sys
from reflint.cli.main import main
sys.argv = ["reflint", "dedupe", "-f", "json", "-o", sys.argv[2], sys.argv[1]]
status = main()
sys.exit(status if status > 1 else 0)
"""
_THEIRS = """
import json, sys
import pandas as pd
from bib_dedupe.bib_dedupe import block, cluster, match, prep
if __name__ == "__main__":
    records = prep(pd.read_csv(sys.argv[1], dtype=str, keep_default_na=False), cpu=2)
    groups = cluster(match(block(records, cpu=2), cpu=2))
    json.dump(groups, open(sys.argv[2], "w"))
"""
_BEGIN, _END = "<!-- measured: begin (make bench-dedupe) -->", "<!-- measured: end -->"

Pairs = set[tuple[str, str]]


class Score(NamedTuple):
    """What one tool did on one set: pairs found rightly, wrongly, and missed; what it cost."""

    right: int
    wrong: int
    missed: int
    seconds: float
    peak_mb: float

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall over pairs."""
        return 2 * self.right / (2 * self.right + self.wrong + self.missed)


class Ours(NamedTuple):
    """Our score, and the recall with related pairs (versions, errata) and proposals counted as found."""

    score: Score
    with_relations: float
    with_maybe: float


def rows(folder: Path) -> Iterator[dict[str, str]]:
    """The records of a set, as they are."""
    with _opened(folder / "records.csv") as file:
        yield from csv.DictReader(file)


def _opened(path: Path) -> TextIO:
    packed = path.with_name(path.name + ".gz")
    if packed.exists():
        return gzip.open(packed, "rt", encoding="utf-8", newline="")
    return lzma.open(path.with_name(path.name + ".xz"), "rt", encoding="utf-8", newline="")


def as_ris(row: dict[str, str]) -> str:
    """A row as the RIS record an exporter would make of it; the ID stays out."""
    kind = _TYPES.get(row.get("ENTRYTYPE", ""), "JOUR")
    container = {"CPAPER": "C3", "CHAP": "BT"}.get(kind, "JF")
    journal, book = row.get("journal"), row.get("booktitle")
    lines: list[tuple[str, str | None]] = [("TY", kind), ("TI", row["title"])]
    lines += [("AU", name) for name in re.split(r"\s+and\s+", " ".join(row["author"].split()))]
    lines += [("PY", row["year"]), (container, (journal or book) if container == "JF" else (book or journal))]
    lines += [("VL", row.get("volume")), ("IS", row.get("number") or row.get("issue")), ("SP", row.get("pages"))]
    lines += [("DO", row.get("doi")), ("SN", row.get("isbn")), ("AB", row.get("abstract"))]
    told = ((tag, " ".join((value or "").split())) for tag, value in lines)
    return "".join(f"{tag}  - {value}\n" for tag, value in told if value) + "ER  - \n\n"


def pairs(groups: Iterable[list[str]]) -> Pairs:
    """All pairs inside groups."""
    return {(min(pair), max(pair)) for group in groups for pair in combinations(group, 2)}


def truth(folder: Path) -> Pairs:
    """The pairs that are labelled as duplicates."""
    with _opened(folder / "truth_groups.csv") as file:
        return pairs(row["merged_ids"].split(";") for row in csv.DictReader(file))


def score(found: Pairs, true: Pairs, cost: Run) -> Score:
    """How found pairs compare with the labelled ones."""
    return Score(len(found & true), len(found - true), len(true - found), cost.seconds, cost.peak_mb)


def ours(folder: Path, scratch: Path) -> Ours:
    """`reflint dedupe` on a set, from the command line to the JSON file."""
    source, output = scratch / f"{folder.name}.ris", scratch / "ours.json"
    ids = []
    with source.open("w", encoding="utf-8") as file:
        for row in rows(folder):
            ids.append(row["ID"])
            file.write(as_ris(row))
    cost = run([sys.executable, "-c", _OURS, str(source), str(output)], directory=Path.cwd(), environment={})
    groups = json.loads(output.read_text())["groups"]
    by_kind: dict[str, Pairs] = {"same": set(), "related": set(), "maybe": set()}
    for group in groups:
        kind = group["kind"] if group["kind"] in by_kind else "related"
        by_kind[kind] |= pairs([[ids[one["index"]] for one in group["records"]]])
    true = truth(folder)
    related = by_kind["same"] | by_kind["related"]
    return Ours(
        score(by_kind["same"], true, cost),
        len(related & true) / len(true),
        len((related | by_kind["maybe"]) & true) / len(true),
    )


def peer(scratch: Path) -> Path | None:
    """The interpreter of a new environment that holds the peer; None where it cannot be installed."""
    folder = scratch / "peer"
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    done = subprocess.run(
        [str(folder / "bin" / "pip"), "install", "-qq", "--disable-pip-version-check", PEER], check=False
    )
    return folder / "bin" / "python" if done.returncode == 0 else None


def theirs(interpreter: Path, folder: Path, scratch: Path) -> Score:
    """The peer on the table itself, with two processes."""
    table, output, script = scratch / "records.csv", scratch / "theirs.json", scratch / "theirs.py"
    with _opened(folder / "records.csv") as packed:
        table.write_text(packed.read(), encoding="utf-8", newline="")
    script.write_text(_THEIRS)
    cost = run([str(interpreter), str(script), str(table), str(output)], directory=scratch, environment={})
    return score(pairs(json.loads(output.read_text())), truth(folder), cost)


def total(scores: list[Score]) -> Score:
    """The sum over sets; the highest peak."""
    return Score(
        sum(one.right for one in scores),
        sum(one.wrong for one in scores),
        sum(one.missed for one in scores),
        sum(one.seconds for one in scores),
        max(one.peak_mb for one in scores),
    )


def table(found: dict[str, tuple[Ours, Score | None]]) -> str:
    """The figures as a Markdown table."""
    lines = [
        "| set | tool | right | wrong | missed | precision | recall | F1 | + relations | + maybe | seconds | MB |",
        "|---|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    for name, (mine, other) in found.items():
        lines.append(_row(name, "reflint", mine.score, f"{mine.with_relations:.4f} | {mine.with_maybe:.4f}"))
        if other is not None:
            lines.append(_row("", "bib-dedupe", other, "– | –"))
    lines.append(_row("**all**", "reflint", total([mine.score for mine, _ in found.values()]), "– | –"))
    others = [other for _, other in found.values() if other is not None]
    if others:
        lines.append(_row("", "bib-dedupe", total(others), "– | –"))
    return "\n".join(lines)


def _row(name: str, tool: str, one: Score, relations: str) -> str:
    precision = one.right / max(1, one.right + one.wrong)
    recall = one.right / max(1, one.right + one.missed)
    return (
        f"| {name} | {tool} | {one.right:,} | {one.wrong} | {one.missed} | {precision:.4f} | {recall:.4f} "
        f"| {one.f1:.4f} | {relations} | {one.seconds:.1f} | {one.peak_mb:.0f} |"
    )


def big(count: int, scratch: Path) -> str:
    """Time and memory for generated records."""
    source, output = scratch / "big.ris", scratch / "big.json"
    write(source, count)
    cost = run([sys.executable, "-c", _OURS, str(source), str(output)], directory=Path.cwd(), environment={})
    summary = json.loads(output.read_text())["summary"]
    size = source.stat().st_size / 1e6
    source.unlink()
    return (
        f"{count:,} generated records ({size:,.0f} MB of RIS): {cost.seconds:.0f} s, {cost.peak_mb:.0f} MB at the peak;"
        f" {summary['groups']:,} groups, {summary['duplicates']:,} records to spare."
    )


def page(text: str, measured: str) -> str:
    """The page with new figures between its two marks."""
    before, _, rest = text.partition(_BEGIN)
    _, _, after = rest.partition(_END)
    return f"{before}{_BEGIN}\n\n{measured}\n\n{_END}{after}"


def main() -> None:
    """Reads the options, measures, prints, and writes the page when asked to."""
    parser = argparse.ArgumentParser(description="Duplicates on labelled sets and on generated records.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--output", type=Path)
    parser.add_argument("--big", type=int, default=1_000_000)
    parser.add_argument("--without-peer", action="store_true")
    options = parser.parse_args()
    csv.field_size_limit(1 << 30)
    parts = [f"{platform.machine()}, Python {platform.python_version()}; {PEER.replace('==', ' ')} with two processes."]
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        interpreter = None if options.without_peer else peer(scratch)
        if interpreter is None:
            parts = [f"{platform.machine()}, Python {platform.python_version()}; the peer was not measured."]
        found = {}
        for label in (label for label in SETS if (options.folder / label).is_dir()):
            folder = options.folder / label
            found[label] = ours(folder, scratch), theirs(interpreter, folder, scratch) if interpreter else None
            print(table({label: found[label]}).splitlines()[2:4], flush=True)
        if found:
            parts.append(table(found))
        if options.big:
            parts.append(big(options.big, scratch))
    measured = "\n\n".join(parts)
    print(measured)
    if options.output:
        options.output.write_text(page(options.output.read_text("utf-8"), measured), encoding="utf-8")


if __name__ == "__main__":
    main()
