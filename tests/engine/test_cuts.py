"""Where a RIS file is cut into ranges: found line by line here, by a pattern in what is tested."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from itertools import accumulate

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from reflint.engine import ranges
from reflint.engine.ranges import Cutter, first_cut

PLAIN = ["TY  - JOUR", "TI  - Salt", "ER  - ", ""]
LINES = [
    *PLAIN * 3,
    *["TY - JOUR", "TY - BOOK", "ER - ", "ER  -", "ER -", "TY  - JOURNAL ARTICLE", "TY  - jour", "TY\t- JOUR"],
    *["ER  - end", "ER\t- ", "ERRATUM", " ER  - ", "some words", " "],
]
texts = st.lists(st.tuples(st.sampled_from(LINES), st.sampled_from(["\n", "\n", "\r\n"])), max_size=40).map(
    lambda lines: "".join(map("".join, lines)).encode()
)
RECORD = "\n".join(PLAIN).encode() + b"\n"


def read_as(data: bytes, most: int) -> Callable[[int], bytes]:
    """Reads at most so many bytes at once, whatever is asked for."""
    file = io.BytesIO(data)
    return lambda size: file.read(min(size, most))


def cuts_of(data: bytes) -> list[int]:
    """Before which offsets a record begins with a plain TY line, where one alike in its spelling has plainly ended."""
    cuts: list[int] = []
    begun: set[str] = set()
    ended = ""
    lines = data.decode().splitlines(keepends=True)
    for offset, line in zip(accumulate(map(len, lines), initial=0), lines, strict=False):
        content = line.rstrip("\r\n")
        typed = re.match("TY( {1,2})- ", content)
        if (
            ended
            and typed
            and typed[1] == ended
            and re.fullmatch("[A-Z]{3,8}", content[typed.end() :])
            and content != line
        ):
            cuts.append(offset)
        if content:
            ended = ""
        if typed:
            begun.add(typed[1])
        if line.startswith("ER"):
            spelt = re.fullmatch("ER( {1,2})- ?", content)
            ended = spelt[1] if spelt and spelt[1] in begun and content != line else ""
            begun.clear()
    return cuts


def offsets(data: bytes, most: int = 1 << 20, size: int = 0) -> list[int]:
    """Where a cutter cuts."""
    cutter = Cutter(read_as(data, most), size)
    blocks = list(iter(cutter.next, None))
    rest = b"".join(iter(lambda: cutter.rest(7), b""))
    assert b"".join(blocks) + rest == data
    return list(accumulate(map(len, blocks)))


@given(texts)
@example(RECORD * 3)
@example(b"ER  - \nTY  - JOUR\nER  - \n\r\n\nTY  - BOOK\nER  -")
@example(b"TY  - JOUR\nER - \nTY - JOUR\nER  - \nTY  - JOUR\n")
def test_a_file_is_cut_where_plain_records_meet(data: bytes):
    assert offsets(data) == cuts_of(data)


@given(texts, st.integers(1, 40))
@example(RECORD * 4, 1)
def test_however_a_stream_is_read_its_cuts_are_the_same(data: bytes, most: int):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ranges, "CHUNK", 120)  # of bytes: more than a cut takes, less than most of these files
        if b"\n" in data[:most]:  # else the file is taken for one without LFs, which is never cut
            assert offsets(data, most) == cuts_of(data)


@given(texts, st.integers(1, 90))
def test_a_range_has_the_size_that_is_asked_for_and_ends_at_the_next_cut(data: bytes, size: int):
    expected, begin = [], 0
    for cut in cuts_of(data):
        end = data.rfind(b"\nER", 0, cut)
        if end - begin >= size:
            expected.append(cut)
            begin = cut
    assert offsets(data, size=size) == expected


def test_what_has_no_cut_for_long_is_not_looked_through_to_its_end(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(ranges, "CHUNK", 30)
    monkeypatch.setattr(ranges, "_GIVE_UP", 100)
    data = b"some words\n" * 20 + RECORD * 2
    read = io.BytesIO(data)
    cutter = Cutter(read.read, 10)
    assert cutter.next() is None
    assert 100 < read.tell() <= 130
    assert b"".join(iter(lambda: cutter.rest(9), b"")) == data


def test_a_file_without_line_feeds_is_not_cut():
    assert offsets(RECORD.replace(b"\n", b"\r") * 3) == []


@given(texts, st.integers(0, 300), st.integers(0, 300))
@example(RECORD * 5, 0, 200)
@example(RECORD * 5, 33, 66)
def test_the_first_cut_of_a_stretch_is_that_of_the_file_or_none(data: bytes, begin: int, end: int):
    found = first_cut(io.BytesIO(data), begin, end)
    if found is not None:
        assert found in cuts_of(data)
        assert begin < found < end
        between = [cut for cut in cuts_of(data) if begin < cut < found]
        assert len(between) <= 1  # a cut before which no whole record stands in the stretch is left out


def test_a_stretch_that_begins_anywhere_finds_the_next_record_but_one():
    cuts = cuts_of(RECORD * 5)
    for begin in range(1, len(RECORD)):
        assert first_cut(io.BytesIO(RECORD * 5), begin, 1_000) == cuts[1]
    assert first_cut(io.BytesIO(RECORD * 5), 1, cuts[1]) is None
    assert first_cut(io.BytesIO(RECORD * 5), 1, cuts[1] + 1) == cuts[1]


def test_a_long_stretch_without_a_cut_is_gone_through_part_by_part(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(ranges, "CHUNK", 30)
    monkeypatch.setattr(ranges, "_GIVE_UP", 90)
    words = b"some words\n" * 30
    data = words + RECORD * 6
    found = first_cut(io.BytesIO(data), 0, len(data))
    assert found is not None
    assert found in cuts_of(data)
    assert first_cut(io.BytesIO(words * 3), 0, len(words)) is None
