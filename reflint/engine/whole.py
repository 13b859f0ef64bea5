"""What is true of a RIS file beyond its records: what stands between them, its line ends, its encoding, its dialect."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from copy import copy

from reflint.engine.pack import Rule
from reflint.engine.run import Engine
from reflint.engine.wording import shortened
from reflint.formats.ris import Place, Segment, Stream
from reflint.formats.ris.chunks import Reader
from reflint.formats.ris.lines import Dialect
from reflint.model.edit import Edit, Fix
from reflint.model.finding import Finding
from reflint.model.record import Record, Span
from reflint.model.text import number_of

SUPPRESSION = re.compile(rb"[ \t]*#[ \t]*reflint:")
ONCE_A_FILE = "RIS011"
EVERY_RECORD = "RIS001"
_NAMES = {"\n": "LF", "\r\n": "CRLF", "\r\r\n": "CRCRLF", "\n\r": "LFCR"}
_ALIKE = Edit("set", "", -1, None, None, part="line ends")
_ENDED = Edit("insert", "", -1, None, "\n", part="line ends")
_LINE = re.compile(rb"[^\n]*\n(?:\r+(?![\r\n]))?|[^\n]+")
_CR_LINE = re.compile(rb"[^\r]*\r|[^\r]+")


def lines_of(raw: bytes, cr_only: bool) -> list[bytes]:
    """The lines of what stands between records, with their ends; a lone CR ends none where LF does."""
    return (_CR_LINE if cr_only else _LINE).findall(raw)


def ends(last: bytes, cr_only: bool) -> bool:
    """Whether a file whose last stretch this is ends with a line end, or holds nothing."""
    return not last or last.endswith((b"\r", b"\n") if cr_only else b"\n")


class FileRules:
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
        lines = [line.rstrip(b"\r\n") for line in lines_of(segment.raw, cr_only)]
        odd = [(n, line) for n, line in enumerate(lines) if line.strip() and not SUPPRESSION.match(line)]
        if not odd:
            return None
        first, last = odd[0], odd[-1]
        text = first[1].decode("utf-8", "replace").strip()
        note = f"{number_of(len(odd), 'line')}, `{shortened(text)}`"
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

    def about_end(self, reader: Reader, last: bytes) -> Iterator[Finding]:
        """Line ends of several kinds, or the CR of old Macs; no line end after the last line."""
        if self.line_ends is None:
            return
        notes = []
        counts = {end: count for end, count in reader.line_ends.items() if count}
        if reader.cr_only:
            notes.append(("lines end with CR alone", Span(1, 1, 1, 1), _ALIKE))
        elif len(counts) > 1:
            shown = ", ".join(f"{count} {_NAMES[end]}" for end, count in counts.items())
            notes.append((f"line ends are mixed ({shown})", Span(1, 1, 1, 1), _ALIKE))
        elif "\r\r\n" in counts:
            notes.append(("lines end with CR CR LF", Span(1, 1, 1, 1), _ALIKE))
        elif "\n\r" in counts:
            notes.append(("lines end with LF CR", Span(1, 1, 1, 1), _ALIKE))
        if not ends(last, reader.cr_only):
            notes.append(("the last line does not end", Span(reader.line, 1, reader.line, 1), _ENDED))
        for note, place, edit in notes:
            found = self.finding(self.line_ends, note, place, (edit,), "safe")
            if found:
                yield found


class Gathered:
    """Findings that would repeat for each record of a file, held back until it is known how many there are.

    `alike`: all records so far deviate in their syntax, in the same way: in this `dialect`. `deviating_elsewhere`: how
    many more do whose findings nobody kept, because it is known that all records of the file are alike.
    """

    def __init__(self, alike: bool = True, dialect: Dialect | None = None) -> None:
        self.alike = alike
        self.dialect = dialect
        self.deviating: list[Finding] = []
        self.deviating_elsewhere = 0
        self.foreign: Finding | None = None
        self.foreign_records = 0

    def pass_on(self, record: Record, findings: Iterable[Finding]) -> Iterator[Finding]:
        """The findings of a record that need not wait, and those held back before when waiting is over."""
        deviates = False
        for finding in findings:
            if finding.rule == EVERY_RECORD and self.alike:
                deviates = True
                self.deviating.append(finding)
            elif finding.rule == ONCE_A_FILE:
                self.foreign = self.foreign or finding
                self.foreign_records += 1
            else:
                yield finding
        if self.alike and (not deviates or not self._like_the_first(record)):
            self.alike = False
            yield from self.deviating
            self.deviating = []

    def _like_the_first(self, record: Record) -> bool:
        if not isinstance(record.place, Place):
            return False
        self.dialect = self.dialect or record.place.dialect
        return record.place.dialect == self.dialect

    def take_in(self, other: Gathered) -> None:
        """Adds what a later stretch of the same file held back."""
        self.alike, self.dialect = other.alike, other.dialect
        self.deviating += other.deviating
        self.deviating_elsewhere += other.deviating_elsewhere
        self.foreign = self.foreign or other.foreign
        self.foreign_records += other.foreign_records

    def rest(self) -> Iterator[Finding]:
        """What was held back to the end of the file: one finding for all records."""
        if self.deviating:
            first = copy(self.deviating[0])  # whoever found it may have kept it, for the next pass over the file
            count = len(self.deviating) + self.deviating_elsewhere
            if count > 1:
                first.message = f"all {count} records: {first.message}"
            yield first
        if self.foreign:
            foreign = copy(self.foreign)
            if self.foreign_records > 1:
                foreign.message += f" (and {self.foreign_records - 1} more records)"
            yield foreign
