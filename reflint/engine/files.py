"""RIS files, checked and repaired as they stream: record by record, with what stands between and around the records."""

from __future__ import annotations

import io
import re
from collections.abc import Collection, Iterable, Iterator
from operator import itemgetter
from typing import BinaryIO, NamedTuple

from reflint.engine.fixing import settle
from reflint.engine.pack import Rule
from reflint.engine.run import Engine, shortened
from reflint.engine.suppress import Comment, comment_in
from reflint.errors import SourceError
from reflint.formats.ris import Library, Place, Segment, Stream
from reflint.formats.ris.emit import apply
from reflint.formats.ris.encoding import BOM_LENGTH, split_bom
from reflint.model.edit import Edit, Fix
from reflint.model.finding import Finding
from reflint.model.record import Record, Span

_SUPPRESSION = re.compile(rb"[ \t]*#[ \t]*reflint:")
_LINE_END = re.compile(rb"\r*\n(?:\r+(?![\r\n]))?|\r+\Z")
_LINE = re.compile(rb"[^\n]*\n|[^\n]+")
_CR_LINE = re.compile(rb"[^\r]*\r|[^\r]+")
_EVERY_RECORD = "RIS001"
_ONCE_A_FILE = "RIS011"


class _FileRules:
    """The selected rules that look at the file around its records."""

    def __init__(self, engine: Engine) -> None:
        of_event = {rule.check.get("event"): rule for rule in engine.rules if rule.check.get("use") == "file"}
        self.stray: Rule | None = of_event.get("stray-content")
        self.line_ends: Rule | None = of_event.get("line-ends")
        self.encoding = next((rule for rule in engine.rules if rule.check.get("event") == "not-utf8"), None)
        self.engine = engine

    def finding(self, rule: Rule, note: str, place: Span, edits: tuple[Edit, ...], safety: str) -> Finding | None:
        """A finding about the file, or None when the rule is turned off."""
        severity = self.engine.severity(rule)
        if severity == "off":
            return None
        fix = Fix(str((rule.fix or {}).get("title", "")), safety, edits) if rule.fix else None  # type: ignore[arg-type]
        return Finding(rule.id, rule.slug, severity, rule.message.format(note=note), None, fix=fix, place=place)

    def about_gap(self, segment: Segment, cr_only: bool) -> Finding | None:
        """Content between records; suppressions and blank lines are none."""
        if self.stray is None:
            return None
        lines = [line.rstrip(b"\r\n") for line in _lines(segment.raw, cr_only)]
        odd = [(n, line) for n, line in enumerate(lines) if line.strip() and not _SUPPRESSION.match(line)]
        if not odd:
            return None
        first, last = odd[0], odd[-1]
        text = first[1].decode("utf-8", "replace").strip()
        note = f"{len(odd)} line{'s' * (len(odd) > 1)}, `{shortened(text)}`"
        end = 1 + len(last[1].decode("utf-8", "replace"))
        place = Span(segment.line + first[0], 1, segment.line + last[0], end)
        before = b"\n".join(line for _, line in odd).decode("utf-8", "replace")
        edits = (Edit("delete", "", -1, before, None, part="stray"),)
        return self.finding(self.stray, note, place, edits, "safe")

    def about_start(self, stream: Stream) -> Iterator[Finding]:
        """The byte order mark, and an encoding it announces."""
        place = Span(1, 1, 1, 1)
        if stream.codec != "utf-8":
            if self.encoding is None:
                return  # without its mark the file could not be read
            edit = Edit("set", "", -1, stream.codec, "utf-8", part="encoding")
            found = self.finding(self.encoding, stream.codec.upper(), place, (edit,), "safe")
            if found:
                yield found
        elif stream.bom and self.line_ends is not None:
            edit = Edit("delete", "", -1, "\ufeff", None, part="line ends")
            found = self.finding(
                self.line_ends, "a byte order mark stands before the first line", place, (edit,), "safe"
            )
            if found:
                yield found

    def about_end(self, stream: Stream, last: bytes) -> Iterator[Finding]:
        """Line ends of several kinds, or the CR of old Macs; no line end after the last line."""
        if self.line_ends is None:
            return
        reader = stream.reader
        notes = []
        counts = {end: count for end, count in reader.line_ends.items() if count}
        if reader.cr_only:
            notes.append(("lines end with CR alone", Span(1, 1, 1, 1)))
        elif len(counts) > 1:
            shown = ", ".join(f"{count} {_NAMES[end]}" for end, count in counts.items())
            notes.append((f"line ends are mixed ({shown})", Span(1, 1, 1, 1)))
        elif "\r\r\n" in counts:
            notes.append(("lines end with CR CR LF", Span(1, 1, 1, 1)))
        if not _ends(last, reader.cr_only):
            notes.append(("the last line does not end", Span(reader.line, 1, reader.line, 1)))
        for note, place in notes:
            found = self.finding(
                self.line_ends, note, place, (Edit("set", "", -1, None, None, part="line ends"),), "safe"
            )
            if found:
                yield found


_NAMES = {"\n": "LF", "\r\n": "CRLF", "\r\r\n": "CRCRLF"}


class _Gathered:
    """Findings that would repeat for each record of a file, held back until it is known how many there are."""

    def __init__(self) -> None:
        self.deviating: list[Finding] = []
        self.alike = True
        self.foreign: Finding | None = None
        self.foreign_records = 0

    def pass_on(self, record: Record, findings: Iterable[Finding]) -> Iterator[Finding]:
        """The findings of a record that need not wait, and those held back before when waiting is over."""
        deviates = False
        for finding in findings:
            if finding.rule == _EVERY_RECORD and self.alike:
                deviates = True
                self.deviating.append(finding)
            elif finding.rule == _ONCE_A_FILE:
                self.foreign = self.foreign or finding
                self.foreign_records += 1
            else:
                yield finding
        if self.alike and (not deviates or not self._like_the_first(record)):
            self.alike = False
            yield from self.deviating
            self.deviating = []

    def _like_the_first(self, record: Record) -> bool:
        first = self.deviating[0].record
        one, other = first.place if first else None, record.place
        return isinstance(one, Place) and isinstance(other, Place) and one.dialect == other.dialect

    def rest(self) -> Iterator[Finding]:
        """What was held back to the end of the file."""
        if self.deviating:
            first = self.deviating[0]
            if len(self.deviating) > 1:
                first.message = f"all {len(self.deviating)} records: {first.message}"
            yield first
        if self.foreign:
            if self.foreign_records > 1:
                self.foreign.message += f" (and {self.foreign_records - 1} more records)"
            yield self.foreign


def check_stream(stream: Stream, engine: Engine) -> Iterator[Finding]:
    """All findings about a RIS source, streamed: records in order, the whole file's last."""
    rules = _FileRules(engine)
    gathered = _Gathered()
    yield from rules.about_start(stream)
    last = b""
    comment: Comment | None = None
    for raw, line, record in engine.ahead(stream, itemgetter(2)):
        last = raw or last
        if record is None:
            finding = rules.about_gap(Segment(raw, line, None), stream.reader.cr_only)
            if b"reflint" in raw:
                comment = comment_in(_lines(raw, stream.reader.cr_only), line)
            if finding is not None:
                yield finding
            continue
        if comment is not None:
            _attach(comment, record)
            comment = None
        found = engine.check(record)
        if found or gathered.alike:
            yield from gathered.pass_on(record, found)
    yield from gathered.rest()
    yield from rules.about_end(stream, last)


def _attach(comment: Comment, record: Record) -> None:
    """Tells a record what the comment before it says."""
    if isinstance(record.place, Place):
        record.place.comment = comment


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
    stream: Stream, engine: Engine, safeties: Collection[str], line_end: bytes | None = None
) -> Iterator[Piece]:
    """A RIS source piece by piece, repaired by the fixes whose safety is among `safeties` (none: checked only).

    `line_end`: what all line ends become, where the file's are mixed (see `wanted_line_end`).
    """
    rules = _FileRules(engine)
    gathered = _Gathered()
    start = list(rules.about_start(stream))
    repaired = [f for f in start if f.fix and f.fix.safety in safeties]
    transcode = stream.codec != "utf-8" and any(f.rule == _ONCE_A_FILE for f in repaired)
    keep_bom = stream.bom and not repaired
    if start or stream.bom:
        bom = stream.bom
        yield Piece(bom, bom if keep_bom else b"", 1, tuple(repaired), tuple(f for f in start if f not in repaired))
    last = b""
    comment: Comment | None = None
    for segment in engine.ahead(stream, lambda segment: segment.record):
        if segment.record is None:
            if b"reflint" in segment.raw:
                comment = comment_in(_lines(segment.raw, stream.reader.cr_only), segment.line)
        elif comment is not None:
            _attach(comment, segment.record)
            comment = None
        new, applied, left = _repair_segment(segment, engine, rules, safeties, stream.reader.cr_only)
        if segment.record is not None:
            left = tuple(gathered.pass_on(segment.record, left))
        if line_end is not None:
            new = new.replace(b"\r", b"\n") if stream.reader.cr_only else _LINE_END.sub(line_end, new)
        last = new or last
        out = new if transcode else stream.encoded(new)
        yield Piece(stream.encoded(segment.raw), out, segment.line, applied, left, segment.record is not None)
    yield _last_piece(stream, rules, gathered, safeties, last, line_end, transcode)


def _repair_segment(
    segment: Segment, engine: Engine, rules: _FileRules, safeties: Collection[str], cr_only: bool
) -> tuple[bytes, tuple[Finding, ...], tuple[Finding, ...]]:
    record = segment.record
    if record is None:
        finding = rules.about_gap(segment, cr_only)
        if finding is None:
            return segment.raw, (), ()
        if "safe" not in safeties:
            return segment.raw, (), (finding,)
        kept = [line for line in _lines(segment.raw, cr_only) if _SUPPRESSION.match(line) or not line.strip()]
        return b"".join(kept), (finding,), ()
    found = engine.check(record)
    if not found or not safeties:
        return segment.raw, (), tuple(found)
    settled = settle(record, engine, apply, safeties, found)
    place = settled.record.place
    return (place.raw if isinstance(place, Place) else segment.raw), settled.applied, settled.left


def _last_piece(
    stream: Stream,
    rules: _FileRules,
    gathered: _Gathered,
    safeties: Collection[str],
    last: bytes,
    line_end: bytes | None,
    transcode: bool,
) -> Piece:
    """What is true of the whole file; the final line end goes on where it is missing."""
    found = list(rules.about_end(stream, last))
    fixed = tuple(found) if "safe" in safeties else ()
    new = b""
    if fixed and not _ends(last, stream.reader.cr_only):
        counts = stream.reader.line_ends
        usual = b"\r\n" if counts["\r\n"] > counts["\n"] else b"\n"
        new = b"\n" if last.endswith(b"\r") else line_end or usual
        new = new if transcode else stream.encoded(new)
    left = (*gathered.rest(), *(() if fixed else found))
    return Piece(b"", new, stream.reader.line, fixed, left)


def _lines(raw: bytes, cr_only: bool) -> list[bytes]:
    """The lines of what stands between records, with their ends; a lone CR ends none where LF does."""
    return (_CR_LINE if cr_only else _LINE).findall(raw)


def _ends(last: bytes, cr_only: bool) -> bool:
    """Whether a file whose last stretch this is ends with a line end, or holds nothing."""
    return not last or last.endswith((b"\r", b"\n") if cr_only else b"\n")


def wanted_line_end(file: BinaryIO, engine: Engine) -> bytes | None:
    """The line end to give all lines of a file whose line ends are mixed: what most have; None where nothing is to do.

    Reads the file to its end.
    """
    if not any(rule.check.get("event") == "line-ends" for rule in engine.rules):
        return None
    bom, codec = split_bom(file.read(BOM_LENGTH))
    file.seek(len(bom))
    if codec != "utf-8":
        file = io.BytesIO(file.read().decode(codec, "replace").encode())
    plain = pairs = lone = old = 0
    held = b""
    while chunk := file.read(1 << 18):
        chunk = held + chunk
        held = chunk[-1:] if chunk.endswith(b"\r") else b""
        chunk = chunk[: len(chunk) - len(held)]
        feeds = chunk.count(b"\n")
        returns = chunk.count(b"\r")
        crlf = chunk.count(b"\r\n") if returns else 0
        pairs += crlf
        plain += feeds - crlf
        lone += chunk.count(b"\r\r\n") if returns > crlf else 0
        old += returns
    if not plain and not pairs:
        return b"\n" if held or old else None
    pairs += bool(held)  # a last line that lost the other half of its CRLF
    if (plain and pairs) or lone:
        return b"\r\n" if pairs > plain else b"\n"
    return None


def repair_library(library: Library, engine: Engine, safeties: Collection[str]) -> bytes:
    """RIS bytes in memory, repaired."""
    line_end = wanted_line_end(io.BytesIO(library.data), engine)
    try:
        stream = Stream(io.BytesIO(library.data))
    except SourceError:
        return library.data
    return b"".join(piece.new for piece in repair_stream(stream, engine, safeties, line_end))
