"""The parts a run is divided into: whole files, and ranges of large RIS files with all they must know of their file.

Ranges are found in a pass of their own (`scan`, a task for each stretch of so many bytes), which reads the records but
runs only the rules that are told once a file. So the lines, records and syntax before each range are known before it is
checked, each is checked by itself and once, and no finding has to be shifted.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from reflint.engine.ranges import After, Carried, after, first_cut, pass_through
from reflint.engine.run import Engine
from reflint.engine.whole import EVERY_RECORD, ONCE_A_FILE, Gathered
from reflint.formats.ris import Place
from reflint.formats.ris.encoding import BOM_LENGTH, split_bom
from reflint.scale.files import File, Stretch

RANGE = 16 << 20
"""Bytes of a range, about: a second of work."""


class Ending(NamedTuple):
    """What is told at the end of a file: what all its ranges held back, and their line ends."""

    gathered: Gathered
    line_ends: dict[str, int]


class Range(NamedTuple):
    """A range of a RIS file: its bytes, what it must know of those before it, and how many records those have.

    `number`: the first stretch it stands in; `of`: how many ranges the file has; `ending`: in the last one.
    """

    number: int
    of: int
    start: int
    end: int
    carried: Carried
    records: int
    ending: Ending | None


class Part(NamedTuple):
    """A file, or a range of it, as one task; `digest`: that of its content and of all it must know, if known."""

    file: File
    range: Range | None = None
    digest: str = ""

    @property
    def shard(self) -> str:
        """The name of what is written about it."""
        return self.file.shard if self.range is None else f"{self.file.shard}-{self.range.number:06}"


class Scan(NamedTuple):
    """What a range is by itself: its bytes, their digest, and what the rest of the file must know of it."""

    number: int
    start: int
    end: int
    digest: str
    after: After


def stretches(file: File, size: int) -> int:
    """How many stretches of so many bytes a file has."""
    return -(-file.size // size)


def scan(file: File, number: int, size: int, engine: Engine) -> Scan | None:
    """The range that begins in a stretch of a file and ends where that of a later stretch begins; None without one.

    Raises OSError when the file cannot be read.
    """
    with Path(file.path).open("rb") as opened:
        start: int | None
        if number == 0:
            start = len(split_bom(opened.read(BOM_LENGTH))[0])
        else:
            start = first_cut(opened, number * size, (number + 1) * size)
        if start is None:
            return None
        later = range(number + 1, stretches(file, size))
        cuts = (first_cut(opened, n * size, min((n + 1) * size, file.size)) for n in later)
        end = next((cut for cut in cuts if cut is not None), file.size)
        stretch = Stretch(opened, start, end)
        once = engine.only((EVERY_RECORD, ONCE_A_FILE))
        way, segments = pass_through(stretch.read, once, Carried(1, True, None), min(number, 1))
        for _ in way.check(segments):
            pass
    held = way.gathered
    held.deviating_elsewhere = max(0, len(held.deviating) - 1)
    del held.deviating[1:]
    return Scan(number, start, end, stretch.digest, after(way))


def ranges_of(file: File, scans: Sequence[Scan]) -> list[Part]:
    """The ranges of a file, each told what it must know, from the scans of all of them in order."""
    whole = Gathered()
    line_ends = dict.fromkeys(scans[0].after.line_ends, 0)
    starts: list[tuple[int, int]] = []
    line, records, alike = 1, 0, True
    for one in scans:
        starts.append((line, records))
        held, then = one.after.gathered, one.after
        alike = alike and held.alike and whole.dialect in (None, held.dialect)
        _move(held, line - 1, records - min(one.number, 1))
        whole.take_in(held)
        line += then.line - 1
        records += then.records - min(one.number, 1)
        for end, count in then.line_ends.items():
            line_ends[end] += count
    if not alike:  # each tells of itself, as soon as one is not like the others
        whole.deviating, whole.deviating_elsewhere = [], 0
    ending = Ending(whole, line_ends)
    parts = []
    for one, (line, records) in zip(scans, starts, strict=True):
        carried = Carried(line, alike, whole.dialect if alike else None)
        at = Range(one.number, len(scans), one.start, one.end, carried, records, ending if one is scans[-1] else None)
        parts.append(Part(file, at, _digest(one.digest, at)))
    return parts


def _move(held: Gathered, lines: int, records: int) -> None:
    """Counts the lines and records of what a range held back from the beginning of the file."""
    findings = [*held.deviating, *filter(None, [held.foreign])]
    for finding in findings:
        finding.place = finding.place and finding.place.moved(lines)
    for record in {id(finding.record): finding.record for finding in findings}.values():
        if record is not None and isinstance(record.place, Place):
            record.index += records
            record.place.line += lines


def _digest(content: str, at: Range) -> str:
    """What tells a range from any other: its bytes and all it is told."""
    dialect = at.carried.dialect and at.carried.dialect.line.pattern
    told = [content, at.carried.line, at.carried.alike, dialect, at.records]
    if at.ending is not None:
        told += [at.ending.line_ends, [(one.rule, one.message) for one in at.ending.gathered.rest()]]
    return hashlib.blake2b(repr(told).encode("utf-8", "replace"), digest_size=16).hexdigest()
