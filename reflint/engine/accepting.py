"""A RIS file held in memory, and repaired by the findings that a person accepted and by nothing else."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from reflint.engine.files import ended_alike, final_line_end, wanted_line_end, without_stray
from reflint.engine.fixing import carry_out
from reflint.engine.run import Engine
from reflint.engine.whole import EVERY_RECORD, ONCE_A_FILE, FileRules, ends
from reflint.formats.ris import Place, Segment, Stream
from reflint.formats.ris.emit import apply
from reflint.model.finding import Finding
from reflint.model.record import Record

OfRecord = Callable[[Record], list[Finding]]
"""The accepted findings about a record."""


class Held(Stream):
    """A RIS source read once and kept: its segments can be gone through as often as need be."""

    def __init__(self, data: bytes) -> None:
        super().__init__(io.BytesIO(data))
        self.data = data
        self.segments = list(super().__iter__())

    def __iter__(self) -> Iterator[Segment]:
        return iter(self.segments)


def told_once(findings: Iterable[Finding]) -> set[str]:
    """The rules of which one finding stands for those of all records (see `Gathered`)."""
    counts = Counter(finding.rule for finding in findings if finding.record is not None)
    return {rule for rule in (EVERY_RECORD, ONCE_A_FILE) if counts[rule] == 1}


def repair_accepted(
    stream: Held, engine: Engine, of_record: OfRecord, about_file: Iterable[Finding]
) -> tuple[bytes, list[Finding]]:
    """The file with the accepted findings repaired, and those among them that could not be.

    `about_file`: those about no record: line ends, byte order mark, encoding, content between records. Every byte that
    no accepted fix names stays as it was.
    """
    accepted = [(finding.place, edit) for finding in about_file if finding.fix for edit in finding.fix.edits]
    wanted = {(edit.part, edit.op) for _, edit in accepted}
    stray = {place for place, edit in accepted if edit.part == "stray"}
    transcode = ("encoding", "set") in wanted
    line_end = wanted_line_end(io.BytesIO(stream.data), engine) if ("line ends", "set") in wanted else None
    cr_only = stream.reader.cr_only
    out = [b"" if transcode or ("line ends", "delete") in wanted else stream.bom]
    left: list[Finding] = []
    rules, last = FileRules(engine), b""
    for segment in stream.segments:
        new = segment.raw
        if segment.record is not None:
            new, refused = _record(segment.record, of_record(segment.record))
            left += refused
        elif stray:
            found = rules.about_gap(segment, cr_only)
            new = without_stray(new, cr_only) if found and found.place in stray else new
        new = ended_alike(stream.reader, segment.raw, new, line_end)
        last = new or last
        out.append(new if transcode else stream.encoded(new))
    if ("line ends", "insert") in wanted and not ends(last, cr_only):
        new = final_line_end(stream.reader, last, line_end)
        out.append(new if transcode else stream.encoded(new))
    return b"".join(out), left


def _record(record: Record, accepted: list[Finding]) -> tuple[bytes, tuple[Finding, ...]]:
    """A record's bytes after repair, and the accepted findings that are left."""
    settled = carry_out(record, accepted, apply) if accepted else None
    place = settled.record.place if settled else record.place
    assert isinstance(place, Place)
    return place.raw, settled.left if settled else ()
