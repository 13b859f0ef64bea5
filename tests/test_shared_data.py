"""Measured on the shared collection of real exports, where that stands beside the repository."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest

from reflint.engine.files import check_library, repair_library
from reflint.engine.fixing import settle
from reflint.engine.pack import load
from reflint.engine.run import Engine
from reflint.formats import ris
from reflint.formats.ris import Library, Place
from reflint.formats.ris.emit import apply
from reflint.formats.ris.lines import physical_lines
from reflint.model.record import Record
from tests.inputs import ROOT, RULES

DATA = ROOT.parent / "shared" / "data" / "ris"
SMALL = 300_000
BUDGET = 6_000_000
"""Bytes of small files that are repaired; the rest of the collection is read only."""

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason=f"the shared collection is not at {DATA}")

FILES = sorted(path for path in DATA.rglob("*") if path.name.endswith((".ris", ".ris.gz"))) if DATA.is_dir() else []
ENGINE = Engine(load(RULES).rules)
SAFE, BOTH = ("safe",), ("safe", "unsafe")


def name_of(path: Path) -> str:
    return str(path.relative_to(DATA))


def bytes_of(path: Path) -> bytes:
    data = path.read_bytes()
    return gzip.decompress(data) if path.suffix == ".gz" else data


def small_files() -> Iterator[Path]:
    """Small files, every exporter's in turn, up to the budget."""
    by_folder: dict[Path, list[Path]] = {}
    for path in FILES:
        if path.suffix != ".gz" and path.stat().st_size <= SMALL:
            by_folder.setdefault(path.parent, []).append(path)
    spent = 0
    for turn in range(max(map(len, by_folder.values()), default=0)):
        for paths in by_folder.values():
            if turn < len(paths) and spent + paths[turn].stat().st_size <= BUDGET:
                spent += paths[turn].stat().st_size
                yield paths[turn]


def counted() -> dict[str, int]:
    """Records of each file as the collection's own tolerant parser counted them."""
    with (DATA / "MANIFEST.tsv").open(encoding="utf-8", newline="") as file:
        return {row["file"]: int(row["records"] or 0) for row in csv.DictReader(file, delimiter="\t")}


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_every_file_is_byte_identical_after_reading_and_writing(path: Path):
    data = bytes_of(path)
    library = ris.read(data)
    assert ris.write(library) == data
    if len(data) <= SMALL:
        assert len(Library(data, plain=True)) == len(library)


COUNTS = counted() if DATA.is_dir() else {}


@pytest.mark.parametrize("path", [p for p in FILES if COUNTS.get(name_of(p))], ids=name_of)
def test_as_many_records_are_read_as_were_counted(path: Path):
    assert len(ris.read(bytes_of(path))) == COUNTS[name_of(path)]


def fixed(data: bytes, safeties: tuple[str, ...]) -> bytes:
    return repair_library(Library(data), ENGINE, safeties)


@pytest.mark.parametrize("path", list(small_files()), ids=name_of)
def test_a_repair_settles_and_leaves_nothing_to_repair(path: Path):
    data = bytes_of(path)
    for safeties in (SAFE, BOTH):
        once = fixed(data, safeties)
        assert len(ris.read(once)) == len(ris.read(data))
        left = list(check_library(Library(once), ENGINE))
        assert [f.message for f in left if f.rule.startswith("REF")] == []
        assert [f"{f.rule} {f.message}" for f in left if f.fix and f.fix.edits and f.fix.safety in safeties] == []
        assert fixed(once, safeties) == once


def lines_of(record: Record) -> list[str]:
    place = record.place
    assert isinstance(place, Place)
    return [content + end for content, end in physical_lines(place.raw.decode(place.codec), place.cr_only)]


@pytest.mark.parametrize("path", list(small_files()), ids=name_of)
def test_bytes_outside_edited_lines_stay(path: Path):
    for record in ris.read(bytes_of(path)):
        place = record.place
        assert isinstance(place, Place)
        edited: set[int] = set()
        for finding in settle(record, ENGINE, apply, SAFE).applied if ENGINE.check(record) else ():
            assert finding.fix is not None
            if finding.record is not record or any(edit.part != "value" for edit in finding.fix.edits):
                edited = set(range(len(record.names) + 1))  # other rules of this law: tests/engine/test_fixing.py
                break
            edited |= {edit.position for edit in finding.fix.edits}
        if len(edited) > len(record.names):
            continue
        touched = {n for position in edited if position >= 0 for n in range(*place.ranges[position])}
        after = iter(lines_of(settle(record, ENGINE, apply, SAFE).record))
        assert all(line in after for n, line in enumerate(lines_of(record)) if n not in touched)
