"""RIS files, checked and repaired as they stream: record by record, with what stands between and around the records."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Collection, Iterable, Iterator
from operator import itemgetter
from typing import BinaryIO, NamedTuple, TypeVar

from reflint.engine.fixing import settle_all
from reflint.engine.run import Engine
from reflint.engine.suppress import Comment, comment_in
from reflint.engine.whole import ONCE_A_FILE, SUPPRESSION, FileRules, Gathered, ends, lines_of
from reflint.errors import SourceError
from reflint.formats.ris import Library, Place, Segment, Stream
from reflint.formats.ris.chunks import LF_CR, Reader
from reflint.formats.ris.emit import apply
from reflint.formats.ris.encoding import BOM_LENGTH, split_bom
from reflint.model.finding import Finding
from reflint.model.record import Record

T = TypeVar("T")

_LINE_END = re.compile(rb"\r*\n(?:\r+(?![\r\n]))?|\r+\Z")


class Pass:
    """One way through the segments of a file, or of a stretch of it, with what must be remembered on the way.

    `gathered`: what waits for the end of the file; `last`: the bytes of the last segment that has any (after repair).
    """

    def __init__(self, engine: Engine, reader: Reader, gathered: Gathered | None = None) -> None:
        self.engine = engine
        self.reader = reader
        self.rules = FileRules(engine)
        self.gathered = gathered or Gathered()
        self.last = b""
        self._comment: Comment | None = None

    def check(self, segments: Iterable[Segment]) -> Iterator[Finding]:
        """The findings of segments that need not wait for the end of the file."""
        gathered = self.gathered
        for batch in self._checked(segments):
            for segment, found in batch:
                self.last = segment.raw or self.last
                if segment.record is None:
                    finding = self.rules.about_gap(segment, self.reader.cr_only)
                    if finding is not None:
                        yield finding
                elif found or gathered.alike:
                    yield from gathered.pass_on(segment.record, found)

    def repair(
        self, segments: Iterable[Segment], safeties: Collection[str], line_end: bytes | None = None
    ) -> Iterator[Piece]:
        """The segments as pieces, repaired by the fixes whose safety is among `safeties`."""
        for batch in self._checked(segments):
            records = [(segment.record, found) for segment, found in batch if segment.record is not None]
            settled = iter(settle_all(records, self.engine, apply, safeties))
            for segment, _ in batch:
                if segment.record is None:
                    new, applied, left = self._repair_gap(segment, safeties)
                else:
                    record, applied, left = next(settled)
                    new = record.place.raw if applied and isinstance(record.place, Place) else segment.raw
                    left = tuple(self.gathered.pass_on(segment.record, left))
                new = ended_alike(self.reader, segment.raw, new, line_end)
                self.last = new or self.last
                yield Piece(segment.raw, new, segment.line, applied, left, segment.record is not None)

    def _checked(self, segments: Iterable[Segment]) -> Iterator[list[tuple[Segment, list[Finding]]]]:
        """The segments some at once, with what is wrong with their records; each heard the comment before it."""
        for batch in self.engine.ahead(segments, itemgetter(2), lambda segment: len(segment.raw)):
            for raw, line, record in batch:
                if record is None:
                    self._hear(raw, line)
                elif self._comment is not None:
                    self._attach(record)
            found = iter(self.engine.check_all([record for _, _, record in batch if record is not None]))
            yield [(segment, [] if segment.record is None else next(found)) for segment in batch]

    def _repair_gap(
        self, segment: Segment, safeties: Collection[str]
    ) -> tuple[bytes, tuple[Finding, ...], tuple[Finding, ...]]:
        finding = self.rules.about_gap(segment, self.reader.cr_only)
        if finding is None:
            return segment.raw, (), ()
        if "safe" not in safeties:
            return segment.raw, (), (finding,)
        return without_stray(segment.raw, self.reader.cr_only), (finding,), ()

    def _hear(self, raw: bytes, line: int) -> None:
        """Notes the comment to reflint in what stands before a record."""
        if b"reflint" in raw:
            self._comment = comment_in(lines_of(raw, self.reader.cr_only), line)

    def _attach(self, record: Record) -> None:
        """Tells a record what the comment before it says."""
        if isinstance(record.place, Place):
            record.place.comment = self._comment
        self._comment = None


def check_stream(
    stream: Stream, engine: Engine, through: Callable[[Pass], Iterable[Finding | T]] | None = None
) -> Iterator[Finding | T]:
    """All findings about a RIS source, streamed: records in order, the whole file's last.

    `through`: how the segments are gone through, if not one after another here (see ranges.py).
    """
    way = Pass(engine, stream.reader)
    yield from way.rules.about_start(stream)
    yield from through(way) if through else way.check(stream)
    yield from way.gathered.rest()
    yield from way.rules.about_end(way.reader, way.last)


def check_library(library: Library, engine: Engine) -> Iterator[Finding]:
    """All findings about RIS bytes in memory."""
    return check_stream(Stream(io.BytesIO(library.data), plain=engine.plain), engine)


class Piece(NamedTuple):
    """A stretch of a file before and after repair, its first line, what was repaired and what is left to say.

    `old` and `new` are the file's bytes, in its own encoding, joined over all pieces. `is_record`: it is a record.
    """

    old: bytes
    new: bytes
    line: int
    applied: tuple[Finding, ...]
    left: tuple[Finding, ...]
    is_record: bool = False


def repair_stream(
    stream: Stream,
    engine: Engine,
    safeties: Collection[str],
    line_end: bytes | None = None,
    through: Callable[[Pass], Iterable[Piece | T]] | None = None,
) -> Iterator[Piece | T]:
    """A RIS source piece by piece, repaired by the fixes whose safety is among `safeties` (none: checked only).

    `line_end`: what all line ends become, where the file's are mixed (see `wanted_line_end`). `through`: how the
    segments of UTF-8 are gone through, if not one after another here.
    """
    way = Pass(engine, stream.reader)
    start = list(way.rules.about_start(stream))
    repaired = [f for f in start if f.fix and f.fix.safety in safeties]
    transcode = stream.codec != "utf-8" and any(f.rule == ONCE_A_FILE for f in repaired)
    keep_bom = stream.bom and not repaired
    if start or stream.bom:
        bom = stream.bom
        yield Piece(bom, bom if keep_bom else b"", 1, tuple(repaired), tuple(f for f in start if f not in repaired))
    if stream.codec == "utf-8":
        yield from through(way) if through else way.repair(stream, safeties, line_end)
    else:
        for piece in way.repair(stream, safeties, line_end):
            new = piece.new if transcode else stream.encoded(piece.new)
            yield piece._replace(old=stream.encoded(piece.old), new=new)
    final = last_piece(way, safeties, line_end)
    yield final if transcode else final._replace(new=stream.encoded(final.new))


def last_piece(way: Pass, safeties: Collection[str], line_end: bytes | None = None) -> Piece:
    """What is true of the whole file; the final line end goes on where it is missing."""
    found = list(way.rules.about_end(way.reader, way.last))
    fixed = tuple(found) if "safe" in safeties else ()
    new = b""
    if fixed and not ends(way.last, way.reader.cr_only):
        new = final_line_end(way.reader, way.last, line_end)
    left = (*way.gathered.rest(), *(() if fixed else found))
    return Piece(b"", new, way.reader.line, fixed, left)


def without_stray(raw: bytes, cr_only: bool) -> bytes:
    """What stands between records, less its content: blank lines and suppressions stay."""
    return b"".join(line for line in lines_of(raw, cr_only) if SUPPRESSION.match(line) or not line.strip())


def with_line_ends(raw: bytes, line_end: bytes, cr_only: bool) -> bytes:
    """A stretch of a file with all its line ends alike; the CR of old Macs becomes LF."""
    return raw.replace(b"\r", b"\n") if cr_only else _LINE_END.sub(line_end, raw)


def ended_alike(reader: Reader, old: bytes, new: bytes, line_end: bytes | None) -> bytes:
    """What `old`, a stretch of a file, became (`new`), with all its line ends `line_end`; None: as they are.

    Lines added to a last line that had no end, and so none to be like, are ended as most lines of the file.
    """
    if line_end is None and b"\n" in new and b"\n" not in old:
        line_end = final_line_end(reader, b"", None)
    return new if line_end is None else with_line_ends(new, line_end, reader.cr_only)


def final_line_end(reader: Reader, last: bytes, line_end: bytes | None) -> bytes:
    """The line end that is missing behind `last`, the end of a file: that of all its lines (`line_end`), or of most."""
    if reader.cr_only and line_end is None:
        return b"\r"
    counts = reader.line_ends
    usual = b"\r\n" if counts["\r\n"] > counts["\n"] else b"\n"
    return b"\n" if last.endswith(b"\r") else line_end or usual


def wanted_line_end(file: BinaryIO, engine: Engine) -> bytes | None:
    """The line end to give all lines of a file whose line ends are mixed: what most have; None where nothing is to do.

    Reads the file to its end.
    """
    if not any(rule.check.get("event") == "line-ends" and engine.severity(rule) != "off" for rule in engine.rules):
        return None
    bom, codec = split_bom(file.read(BOM_LENGTH))
    file.seek(len(bom))
    if codec != "utf-8":
        file = io.BytesIO(file.read().decode(codec, "replace").encode())
    plain = pairs = old = 0
    odd = fed = False  # fed: what is read next stands behind a LF
    held = b""
    while chunk := file.read(1 << 18):
        whole = held + chunk
        chunk = whole.rstrip(b"\r")
        held = whole[len(chunk) :][:2]  # may be half of a line end; of more CRs two tell as much
        returns = chunk.count(b"\r")
        crlf = chunk.count(b"\r\n") if returns else 0
        pairs += crlf
        plain += chunk.count(b"\n") - crlf
        odd = odd or (returns > crlf and (b"\r\r\n" in chunk or bool(LF_CR.search(b"\n" * fed + chunk))))
        fed = chunk.endswith(b"\n") if chunk else fed
        old += returns
    if not plain and not pairs:
        return b"\n" if held or old else None
    odd = odd or (fed and bool(held))
    pairs += bool(held) and not fed  # a last line that lost the other half of its CRLF
    if (plain and pairs) or odd:
        return b"\r\n" if pairs > plain else b"\n"
    return None


def repair_library(library: Library, engine: Engine, safeties: Collection[str]) -> bytes:
    """RIS bytes in memory, repaired."""
    line_end = wanted_line_end(io.BytesIO(library.data), engine)
    try:
        stream = Stream(io.BytesIO(library.data))
    except SourceError:
        return library.data
    pieces: Iterator[Piece] = repair_stream(stream, engine, safeties, line_end)
    return b"".join(piece.new for piece in pieces)
