"""Ranges of a RIS file, worked on apart: what comes out is what the file as one gives."""

from __future__ import annotations

import io
import pickle
from collections.abc import Callable, Iterable, Iterator
from functools import partial

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from reflint.engine.files import Pass, Piece, check_stream, repair_stream, wanted_line_end
from reflint.engine.pack import load
from reflint.engine.ranges import After, Carried, Cutter, Wait, after, in_ranges, pass_over, records_in
from reflint.engine.run import Engine
from reflint.errors import SourceError
from reflint.formats import ris
from reflint.model.finding import Finding
from reflint.model.record import Record
from reflint.reports.jsonout import JsonLines
from tests.inputs import RULES, ris_like

ENGINE = Engine(load(RULES).rules)
REPAIRING = Engine(load(RULES).rules, repairing=True)
GOOD = b"TY  - JOUR\nTI  - Salt\nPY  - 2019\nER  - \n\n"
CRLF = GOOD.replace(b"\n", b"\r\n")
ONE_SPACE = b"TY - JOUR\nTI - Sand\nN2 - Grains.\nER - \n\n"
TABBED = b"TY\t- JOUR\nTI\t- Silt\nER\t- \n\n"
LATIN = "TY  - JOUR\nTI  - Straße\nER  - \n\n".encode("latin-1")
NO_END = b"TY  - JOUR\nTI  - Without an end\n\n"
NO_START = b"TI  - Without a beginning\nAU  - Miller, A.\nER  - \n\n"
STRAY = b"some words\n"
COMMENT = b"# reflint: ignore[DAT001]\n"
SIZE = 30
RENDER = JsonLines(lambda text: None)
parts = st.one_of(
    st.sampled_from([GOOD, CRLF, ONE_SPACE, TABBED, LATIN, NO_END, NO_START, STRAY, COMMENT, b"\n"]), ris_like
)
files = st.tuples(st.sampled_from([b"", b"\xef\xbb\xbf"]), st.lists(parts, max_size=14)).map(
    lambda two: two[0] + b"".join(two[1])
)


class Counts:
    """How many ranges were done elsewhere."""

    def __init__(self) -> None:
        self.away = 0


def given_away(do: Callable[[Pass, Iterable[ris.Segment]], Iterable[object]], counts: Counts, engine: Engine):
    """Ranges done by a way of their own, whose result goes through pickle as it would between processes."""

    def give(block: bytes, carried: Carried) -> Wait[list[str | Piece]]:
        way, segments = pass_over(block, engine, carried)
        done = [RENDER.text(one) if isinstance(one, Finding) else one for one in do(way, segments)]
        then: After = pickle.loads(pickle.dumps(after(way)))

        def outcome(shift: int) -> list[str | Piece]:
            counts.away += 1
            return [RENDER.shifted(one, shift) if isinstance(one, str) else one for one in done]

        return lambda: (outcome, then)

    return give


def flat(found: Iterable[object]) -> Iterator[str]:
    for one in found:
        if isinstance(one, list):
            yield from one
        else:
            assert isinstance(one, Finding)
            yield RENDER.text(one)


def checked(data: bytes) -> list[str]:
    return list(flat(check_stream(ris.Stream(io.BytesIO(data)), ENGINE)))


def checked_in_ranges(data: bytes, counts: Counts) -> list[str]:
    stream = ris.Stream(io.BytesIO(data))
    give = given_away(Pass.check, counts, ENGINE)
    return list(
        flat(
            check_stream(
                stream, ENGINE, lambda way: in_ranges(Cutter(stream.read, SIZE), way, way.check, give, ahead=3)
            )
        )
    )


@given(files)
@example(GOOD * 9 + LATIN * 3 + NO_END + GOOD * 3)
@example(ONE_SPACE * 7)
@example(ONE_SPACE * 5 + GOOD * 5)
@example(ONE_SPACE * 3 + TABBED + ONE_SPACE * 4)
@example((b"\xef\xbb\xbf" + GOOD * 5).decode().encode("utf-16"))
def test_findings_are_those_of_the_file_as_one(data: bytes):
    try:
        expected = checked(data)
    except SourceError:
        return
    assert checked_in_ranges(data, Counts()) == expected


@given(files)
@example(GOOD * 5 + CRLF * 4)
@example(ONE_SPACE * 7)
@example(GOOD * 6 + NO_END)
@example(GOOD + b"TI  - \n")  # the empty field goes, and with it all that the second record says; an ER is added
def test_repaired_bytes_and_what_is_left_are_those_of_the_file_as_one(data: bytes):
    safeties = ("safe", "unsafe")
    line_end = wanted_line_end(io.BytesIO(data), REPAIRING)

    def repaired(through: Callable[[ris.Stream, Pass], Iterator[object]] | None) -> list[object]:
        stream = ris.Stream(io.BytesIO(data))
        pieces = repair_stream(stream, REPAIRING, safeties, line_end, through and partial(through, stream))
        flattened: list[Piece] = []
        for piece in pieces:
            flattened += piece if isinstance(piece, list) else [piece]
        return [
            b"".join(piece.new for piece in flattened),
            [finding.rule for piece in flattened for finding in piece.applied],
            [finding.message for piece in flattened for finding in piece.left],
        ]

    def through(stream: ris.Stream, way: Pass) -> Iterator[object]:
        def do(way: Pass, segments: Iterable[ris.Segment]) -> Iterator[Piece]:
            return way.repair(segments, safeties, line_end)

        give = given_away(do, Counts(), REPAIRING)
        return in_ranges(Cutter(stream.read, SIZE), way, partial(do, way), give, ahead=3)

    try:
        expected = repaired(None)
    except SourceError:
        return
    assert repaired(through) == expected


def said(records: Iterable[Record]) -> list[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    return [(record.type, record.names, record.values) for record in records]


@given(files)
@example(GOOD * 2 + b"TI  - Silt\nAU  - Miller, A.\n" + GOOD * 3)
@example(GOOD * 2 + NO_START + GOOD)
def test_what_records_say_in_ranges_is_what_they_say_in_the_file(data: bytes):
    try:
        stream = ris.Stream(io.BytesIO(data))
    except SourceError:
        return
    cutter = Cutter(stream.read, SIZE)
    first, *blocks = [*iter(cutter.next, None)] or [b""]
    found = said(one.record for one in stream.reader.segments(io.BytesIO(first).read) if one.record)
    for block in blocks:
        found += said(records_in(block))
    found += said(one.record for one in stream.reader.segments(cutter.rest) if one.record)
    assert found == said(ris.read(data))


@pytest.mark.parametrize("record", [GOOD, CRLF, ONE_SPACE, NO_START], ids=["plain", "CRLF", "one space", "no TY"])
def test_plain_files_are_really_cut(record: bytes):
    counts = Counts()
    checked_in_ranges(record * 9, counts)
    assert counts.away == (7 if record is not NO_START else 0)


def test_what_earlier_ranges_held_back_comes_where_the_first_good_record_stands():
    counts = Counts()
    found = checked_in_ranges(ONE_SPACE * 4 + GOOD * 4, counts)
    assert [text.count("RIS001") for text in found if "RIS001" in text] == [1] * 4
    assert counts.away < 7  # ranges given away before it was known were done again


@given(files, st.integers(1, 90))
def test_ranges_and_the_rest_are_the_file(data: bytes, size: int):
    cutter = Cutter(io.BytesIO(data).read, size)
    blocks = list(iter(cutter.next, None))
    rest = b"".join(iter(lambda: cutter.rest(64), b""))
    assert b"".join(blocks) + rest == data
    assert all(len(block) > size for block in blocks)
    if blocks:
        assert rest.startswith(b"TY")
