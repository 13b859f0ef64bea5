"""The use case of a review: a file's findings by number, a record with some of them accepted, and the whole file.

Only what was accepted is repaired: no other finding, and nothing that would be found after a repair.
"""

from __future__ import annotations

import io
import json
from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any, NamedTuple

from reflint.app import checking
from reflint.app.reading import demand_records, library_of
from reflint.app.reports import SourceReport
from reflint.app.rules import build_engine
from reflint.app.settings import Settings
from reflint.app.sources import MANUSCRIPTS, READ_ONLY, STDIN, Source, format_of, head_of
from reflint.app.surveying import informed
from reflint.engine.accepting import Held, OfRecord, repair_accepted, told_once
from reflint.engine.files import check_stream
from reflint.engine.fixing import carry_out
from reflint.engine.run import Engine
from reflint.errors import SourceError
from reflint.formats import csl, zotero
from reflint.formats.json_text import showable
from reflint.formats.ris import Place, emit
from reflint.formats.ris.lines import physical_lines
from reflint.model.edit import Edit
from reflint.model.finding import Finding
from reflint.model.record import Record


class Preview(NamedTuple):
    """The text of one record before and after: RIS lines (LF between them), else indented JSON."""

    before: str
    after: str


class Repaired(NamedTuple):
    """A repaired file: its bytes, and the numbers of the accepted findings that were repaired and that were not.

    `left`: they have no fix, cannot be written, or exclude each other; then the first won (safer before others, then by
    code).
    """

    data: bytes
    applied: tuple[int, ...]
    left: tuple[int, ...]


class Review:
    """A file under review. A finding's number is its position in `findings`, which are those of `reflint check`.

    Holds the file in memory; it is read and checked once, when the review is made. `report`: what is said of the source
    as a whole. Raises SourceError when the file cannot be read or is no format that reflint knows.
    """

    def __init__(self, data: bytes, name: str, settings: Settings) -> None:
        source = Source(name, None, data)
        self.name = name
        self.format = format_of(name, head_of(io.BytesIO(data)))
        kinds: dict[str, type[_Ris] | type[_Items]] = {"ris": _Ris, "csl": _Items, "zotero": _Items}
        self._file = kinds.get(self.format, _ReadOnly)(source, build_engine(settings), self.format)
        self.findings = self._file.findings
        for finding in self.findings:
            finding.source = name
        self._numbers = {finding: number for number, finding in enumerate(self.findings)}

    @property
    def report(self) -> SourceReport:
        """The source as a whole, as `reflint check` reports it."""
        return self._file.report

    @property
    def repairable(self) -> bool:
        """Whether the format is one that reflint writes."""
        return self.format not in READ_ONLY

    def preview(self, record: int, accepted: Collection[int]) -> Preview:
        """The record at an index as it is, and with the accepted findings about it repaired.

        Raises SourceError for a record or a finding that does not exist; a manuscript has no records.
        """
        records = self._file.records
        if not 0 <= record < len(records):
            raise SourceError(f"{self.name}: there is no record {record} among {len(records)}, counted from 0")
        old, text = records[record], self._file.text
        of_record, _ = self._chosen(accepted)
        return Preview(text(old), text(carry_out(old, of_record(old), self._file.apply).record))

    def repaired(self, accepted: Collection[int]) -> Repaired:
        """The file with exactly the accepted findings repaired; every byte that none of them names is as it was.

        Raises SourceError for a finding that does not exist, or a format that is never written.
        """
        of_record, about_file = self._chosen(accepted)
        data, refused = self._file.repaired(of_record, about_file)
        left = {self._number(finding) for finding in refused}
        left |= {number for number in accepted if not self.findings[number].fixable}
        return Repaired(data, tuple(sorted(set(accepted) - left)), tuple(sorted(left)))

    def _number(self, finding: Finding) -> int:
        """The number of a finding; of one that was not told by itself, that of the one that stands for it."""
        if finding in self._numbers:
            return self._numbers[finding]
        return next(
            number for number, told in enumerate(self.findings) if told.rule == finding.rule and told.record is not None
        )

    def _chosen(self, accepted: Iterable[int]) -> tuple[OfRecord, list[Finding]]:
        """The accepted findings about a record, by record, and those about the file."""
        of_index: dict[int, list[Finding]] = defaultdict(list)
        about_file: list[Finding] = []
        for number in sorted(set(accepted)):
            if not 0 <= number < len(self.findings):
                raise SourceError(f"{self.name}: there is no finding {number} among {len(self.findings)}")
            finding = self.findings[number]
            (about_file if finding.record is None else of_index[finding.record.index]).append(finding)
        everywhere = {finding.rule for several in of_index.values() for finding in several}.intersection(
            self._file.told_once
        )

        def of_record(record: Record) -> list[Finding]:
            own = of_index.get(record.index, [])
            more = everywhere - {finding.rule for finding in own}
            return own + [found for found in self._file.engine.check(record) if found.rule in more] if more else own

        return of_record, about_file


class _Ris:
    """A RIS file, record by record and all around them."""

    def __init__(self, source: Source, engine: Engine, format: str) -> None:
        self.engine = _knowing(engine, source)
        self.stream = Held(source.read())
        self.records = [segment.record for segment in self.stream if segment.record is not None]
        self.findings = list(check_stream(self.stream, self.engine))
        self.told_once = told_once(self.findings)
        demand_records(source, len(self.records), source.open())
        self.report = SourceReport(source.name, len(self.records), format)

    def apply(self, record: Record, edits: tuple[Edit, ...]) -> Record:
        """The record with edits carried out."""
        return emit.apply(record, edits)

    def text(self, record: Record) -> str:
        """A record to look at."""
        place = record.place
        assert isinstance(place, Place)
        lines = physical_lines(place.raw.decode(place.codec), place.cr_only)
        return "\n".join(content for content, _ in lines).rstrip("\n")

    def repaired(self, of_record: OfRecord, about_file: list[Finding]) -> tuple[bytes, list[Finding]]:
        """The bytes after repair, and the accepted findings that are left."""
        return repair_accepted(self.stream, self.engine, of_record, about_file)


class _Items:
    """A file of CSL or Zotero items."""

    told_once = frozenset[str]()

    def __init__(self, source: Source, engine: Engine, format: str) -> None:
        self.engine = _knowing(engine, source)
        self.format: Any = {"csl": csl, "zotero": zotero}[format]
        self.library = self.format.read(source.read(), name=source.name)
        self.records = list(self.library)
        self.findings = [finding for record in self.records for finding in self.engine.check(record)]
        self.report = SourceReport(source.name, len(self.records), format)

    def apply(self, record: Record, edits: tuple[Edit, ...]) -> Record:
        applied: Record = self.format.apply_to_item(record, edits)
        return applied

    def text(self, record: Record) -> str:
        place = record.place
        if isinstance(place, csl.Place):
            return _indented(json.loads(place.text[place.start : place.end], strict=False))
        return _indented(zotero.data_of(record))

    def repaired(self, of_record: OfRecord, about_file: list[Finding]) -> tuple[bytes, list[Finding]]:
        accepted = [(record, found) for record in self.records if (found := of_record(record))]
        settled = [carry_out(record, found, self.apply) for record, found in accepted]
        data: bytes = self.format.stitched(self.library, [one.record for one in settled if one.applied])
        return data, [finding for one in settled for finding in one.left]


class _ReadOnly:
    """A source that is never written: nbib, or a manuscript, which has no records to show."""

    told_once = frozenset[str]()

    def __init__(self, source: Source, engine: Engine, format: str) -> None:
        self.name, self.format, self.engine = source.name, format, engine
        self.records: list[Record] = [] if format in MANUSCRIPTS else list(library_of(format, source))
        self.findings = []
        for event in checking.check([STDIN], engine, stdin=source.data, stdin_name=source.name):
            if isinstance(event, Finding):
                self.findings.append(event)
            elif isinstance(event, SourceReport):
                self.report = event
        if self.report.error:
            raise SourceError(self.report.error)

    def text(self, record: Record) -> str:
        return _indented(record.format.csl(record))

    def apply(self, record: Record, edits: tuple[Edit, ...]) -> Record:
        raise SourceError(f"{self.name}: {self.format} is read, never written")

    def repaired(self, of_record: OfRecord, about_file: list[Finding]) -> tuple[bytes, list[Finding]]:
        raise SourceError(f"{self.name}: {self.format} is read, never written")


def _knowing(engine: Engine, source: Source) -> Engine:
    """The engine for a source, which knows what its records say together."""
    informed(engine, [source])
    return engine.of(source.name)


def _indented(item: object) -> str:
    return showable(json.dumps(item, indent=2, ensure_ascii=False))
