"""A RIS file cut between records into ranges that can be worked on apart, and put together as if it had been one.

A cut is made only where a plain ER line ends one record and a plain TY line begins the next. What a range needs to know
of those before it (`Carried`) is assumed when it is given away; a range given away on a wrong assumption is done again.
"""

from __future__ import annotations

import io
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import BinaryIO, NamedTuple, TypeVar

from reflint.engine.files import Pass
from reflint.engine.run import Engine
from reflint.engine.whole import Gathered
from reflint.formats.ris import RIS, Segment
from reflint.formats.ris.chunks import CHUNK, Reader
from reflint.formats.ris.lines import Dialect
from reflint.model.record import Record

RANGE = 1 << 20
"""Bytes of a range, about."""
_GIVE_UP = 16 * RANGE
_CUT = re.compile(rb"\nER( {1,2})- ?\r?\n(?:\r?\n)*(?=TY\1- [A-Z]{3,8}\r?\n)")

T = TypeVar("T")
E = TypeVar("E")


Wait = Callable[[], tuple[Callable[[int], T], "After"]]
"""Waits for a range that was given away; what it comes to, once it is told by how much to count its records further."""


class Carried(NamedTuple):
    """What a range must know of what stands before it: its first line, and whether all records so far deviate in their
    syntax alike, in which dialect. How many those are is not known yet: it counts its own from 1, to be shifted later.
    """

    line: int
    alike: bool
    dialect: Dialect | None


class After(NamedTuple):
    """What the rest of the file must know of a range that is done."""

    line: int
    records: int
    line_ends: dict[str, int]
    gathered: Gathered
    last: bytes


class Cutter:
    """Takes ranges off a stream one by one; `rest` reads what is left when no more cut is found."""

    def __init__(self, read: Callable[[int], bytes], size: int = RANGE) -> None:
        self._read = read
        self._size = size
        self._buffer = read(CHUNK)
        self._over = b"\n" not in self._buffer

    def next(self) -> bytes | None:
        """The next range, which ends with a record and is followed by one; None when there is no more to be cut."""
        searched = 0
        while not self._over:
            for found in _CUT.finditer(self._buffer, max(searched, self._size)):
                if self._is_plain_end(found):
                    block, self._buffer = self._buffer[: found.end()], self._buffer[found.end() :]
                    return block
            searched = max(0, len(self._buffer) - CHUNK)
            more = self._read(max(CHUNK, self._size))
            self._buffer += more
            self._over = not more or len(self._buffer) > _GIVE_UP
        return None

    def _is_plain_end(self, found: re.Match[bytes]) -> bool:
        """Whether an ER line ends a record that a TY line spelt alike began, with no other ER between."""
        before, end = self._buffer.rfind(b"\nER", 0, found.start()), found.start()
        typed = b"\nTY" + found[1] + b"- "
        return self._buffer.rfind(typed, before + 1, end) >= 0 or (before < 0 and self._buffer.startswith(typed[1:]))

    def rest(self, size: int) -> bytes:
        """Reads on behind the last range."""
        block, self._buffer = self._buffer, b""
        return block or self._read(size)


def first_cut(file: BinaryIO, begin: int, end: int) -> int | None:
    """The offset of the first place from `begin` on where a file can be cut; None where there is none before `end`."""
    while begin < end:
        file.seek(begin)
        begin += len(file.readline())  # it may begin anywhere in a line
        block = Cutter(file.read, 0).next()
        if block is not None:
            return begin + len(block) if begin + len(block) < end else None
        begin += _GIVE_UP
    return None


def pass_over(block: bytes, engine: Engine, carried: Carried) -> tuple[Pass, Iterator[Segment]]:
    """A way through one range, and its segments."""
    return pass_through(io.BytesIO(block).read, engine, carried)


def pass_through(
    read: Callable[[int], bytes], engine: Engine, carried: Carried, records: int = 1
) -> tuple[Pass, Iterator[Segment]]:
    """A way through one range that is read bit by bit, and its segments; `records`: how many stand before it."""
    reader = Reader(RIS, plain=engine.plain, cr_only=False)
    reader.line, reader.index = carried.line, records
    return Pass(engine, reader, Gathered(carried.alike, carried.dialect)), reader.segments(read)


def records_in(block: bytes) -> Iterator[Record]:
    """The records of one range, for what they say only, not where they stand."""
    segments = Reader(RIS, cr_only=False).segments(io.BytesIO(block).read)
    return (segment.record for segment in segments if segment.record is not None)


def after(way: Pass) -> After:
    """What is to be known of a range once the way through it is gone."""
    reader = way.reader
    return After(reader.line, reader.index, reader.line_ends, way.gathered, way.last[-2:])


def in_ranges(
    cutter: Cutter,
    way: Pass,
    here: Callable[[Iterable[Segment]], Iterable[E]],
    give: Callable[[bytes, Carried], Wait[T]],
    ahead: int,
) -> Iterator[E | T]:
    """What all ranges of a stream come to, in the order of the file.

    `here` does segments at once, on the way given; `give` gives a range away. `ahead` ranges are given away at a time.
    The first range and what cannot be cut are done here.
    """
    waiting: deque[tuple[bytes, Carried, Wait[T]]] = deque()
    first = cutter.next()
    if first is not None:
        yield from here(way.reader.segments(io.BytesIO(first).read))
    line = way.reader.line
    while first is not None:
        while len(waiting) < ahead and (block := cutter.next()) is not None:
            carried = Carried(line, way.gathered.alike, way.gathered.dialect)
            waiting.append((block, carried, give(block, carried)))
            line += block.count(b"\n")
        if not waiting:
            break
        block, carried, wait = waiting.popleft()
        outcome, then = wait()
        if _fits(way, carried, then):
            yield outcome(_take_in(way, then))
        else:
            yield from here(way.reader.segments(io.BytesIO(block).read))
    yield from here(way.reader.segments(cutter.rest))


def _fits(way: Pass, carried: Carried, then: After) -> bool:
    """Whether a range was done on the right assumptions, and frees nothing that earlier ranges held back."""
    gathered = way.gathered
    assumed = carried == Carried(way.reader.line, gathered.alike, gathered.dialect)
    return assumed and not (gathered.deviating and not then.gathered.alike)


def _take_in(way: Pass, then: After) -> int:
    """Goes on behind a range that was done elsewhere; by how much its records must be counted further on."""
    reader = way.reader
    shift = reader.index - 1
    held = (*then.gathered.deviating, *filter(None, [then.gathered.foreign]))
    for record in {id(finding.record): finding.record for finding in held}.values():
        if record is not None:
            record.index += shift
    reader.line, reader.index = then.line, then.records + shift
    for end, count in then.line_ends.items():
        reader.line_ends[end] += count
    way.gathered.take_in(then.gathered)
    way.last = then.last or way.last
    return shift
