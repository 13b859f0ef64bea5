"""What workers do: pure functions of an order and a part; a worker's thread keeps one engine for each order.

A part that is done twice, because a worker was lost or believed lost, is written twice to the same names, alike.
"""

from __future__ import annotations

import gc
import io
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from reflint.app import checking
from reflint.app.reading import demand_records, records_of
from reflint.app.reports import SourceReport
from reflint.app.sources import MANUSCRIPTS, format_of, head_of
from reflint.app.workers import COLLECTIONS, Recipe, tell
from reflint.engine.files import check_stream
from reflint.engine.ranges import pass_through
from reflint.engine.run import Engine
from reflint.errors import SourceError, in_words
from reflint.formats import ris
from reflint.formats.ris import Segment
from reflint.model.finding import Finding
from reflint.reports.base import Summary
from reflint.reports.jsonout import summary_json
from reflint.scale.files import JSON_LINES, PARQUET, File, Stretch, digest_of
from reflint.scale.folder import Folder
from reflint.scale.parts import Part, Range, Scan, scan
from reflint.scale.rows import Item, Rows, json_lines, parquet
from reflint.scale.shards import FINDINGS_AS, KeysShard

T = TypeVar("T", Segment, Item)


class Order(NamedTuple):
    """What all parts of a run have in common: the rules, a mark that tells them from others, and where to write how."""

    recipe: Recipe
    mark: str
    out: Path
    format: str

    @property
    def folder(self) -> Folder:
        """Where to write."""
        return Folder(self.out, self.format)


class Failed(NamedTuple):
    """A part that could not be done, and why."""

    source: str
    error: str


_kept = threading.local()


def _engine(order: Order) -> Engine:
    """The engine of an order, made when a thread first needs it."""
    engines: dict[str, Engine] = _kept.__dict__.setdefault("engines", {})
    if order.mark not in engines:
        gc.set_threshold(*COLLECTIONS)
        engines.clear()  # that of an earlier run is of no use any more
        engines[order.mark] = order.recipe.engine()
    return engines[order.mark]


def scan_part(order: Order, file: File, number: int, size: int) -> Scan | Failed | None:
    """The range that begins in a stretch of a file, as it is by itself; None where none begins."""
    try:
        return scan(file, number, size, _engine(order).of(file.path))
    except OSError as error:
        return Failed(file.name, f"{file.name}: {error.strerror or error}")


def check_part(order: Order, part: Part) -> dict[str, Any] | Failed:
    """Checks a part and writes its shards; its statistics. `part.digest` of a whole file: that of when it was checked.

    A whole file that only looks changed is not checked again: `"same": True`.
    """
    name = part.file.name
    try:
        digest = part.digest
        if part.range is None:
            digest = digest_of(part.file.path)
            if digest == part.digest:
                return {"shard": part.file.shard, "same": True}
        return _checked(order, part, digest)
    except (SourceError, OSError, MemoryError) as error:
        return Failed(name, in_words(name, error))


def _checked(order: Order, part: Part, digest: str) -> dict[str, Any]:
    folder, file = order.folder, part.file
    with (
        FINDINGS_AS[order.format](folder.findings(part.shard)) as findings,
        KeysShard(folder.keys(part.shard), file.name) as keys,
    ):
        work = _Work(file, _engine(order).of(file.path), keys)
        found = work.check_file() if part.range is None else work.check_range(part.range)
        summary = tell(found, file.name, order.recipe.render, findings.put)
        file.demand_unchanged()
        findings.commit()
        keys.commit()
    summary.records = work.records
    noted = _statistics(part, digest, work.format, summary, keys.count, order.mark)
    folder.note(noted)
    return noted


def _statistics(part: Part, digest: str, format: str | None, summary: Summary, keys: int, mark: str) -> dict[str, Any]:
    """What is written down of a part that is done: which it is, its counts, and what its input was."""
    at = part.range
    of_part = {
        "shard": part.shard,
        "source": part.file.name,
        "format": format,
        "first_record": 0 if at is None else at.records,
        "first_line": 1 if at is None else at.carried.line,
    }
    counts = {name: count for name, count in summary_json(summary).items() if name != "sources"}
    of_input = {
        "size": part.file.size,
        "modified": part.file.modified,
        "start": 0 if at is None else at.start,
        "end": part.file.size if at is None else at.end,
        "ranges": 1 if at is None else at.of,
        "digest": digest,
    }
    return {**of_part, **counts, "keys": keys, "input": of_input, "order": mark}


class _Work:
    """A part being checked: its findings come as they are asked for, then `records` and `format` are known."""

    def __init__(self, file: File, engine: Engine, keys: KeysShard) -> None:
        self.file = file
        self.engine = engine
        self.keys = keys
        self.records = 0
        self.format: str | None = "ris"

    def _noted(self, things: Iterable[T]) -> Iterator[T]:
        """Passes segments or items on, the keys of their records taken."""
        for one in things:
            if one.record is not None:
                self.keys.note(one.record)
            yield one

    def check_range(self, at: Range) -> Iterator[Finding]:
        """The findings of a range of a RIS file; in the first and the last also what is true of the whole file."""
        with Path(self.file.path).open("rb") as file:
            start = ris.Stream(io.BytesIO(file.read(64)))
            stretch = Stretch(file, at.start, at.end)
            way, segments = pass_through(stretch.read, self.engine, at.carried, at.records)
            if at.number == 0:
                yield from way.rules.about_start(start)
            yield from way.check(self._noted(segments))
        if at.ending is not None:
            way.reader.line_ends = at.ending.line_ends
            yield from at.ending.gathered.rest()
            yield from way.rules.about_end(way.reader, way.last)
        self.records = way.reader.index - at.records

    def check_file(self) -> Iterator[Finding]:
        """The findings of a whole file of any format."""
        lower = self.file.name.lower()
        with self.file.source.open() as file:
            if lower.endswith(JSON_LINES):
                yield from self._check_rows(json_lines(file, self.file.name))
            elif lower.endswith(PARQUET):
                yield from self._check_rows(parquet(file, self.file.name))
            elif format_of(self.file.name, head_of(file)) == "ris":
                yield from self._check_ris(ris.stream(file))
                demand_records(self.file.source, self.records, file)
            else:
                yield from self._check_items()

    def _check_ris(self, stream: ris.Stream) -> Iterator[Finding]:
        yield from check_stream(stream, self.engine, lambda way: way.check(self._noted(stream)))
        self.records = stream.reader.index

    def _check_rows(self, rows: Rows) -> Iterator[Finding]:
        self.format = rows.format
        if rows.format == "ris":
            yield from self._check_ris(ris.stream(rows))
            return
        for record, lines in self._noted(rows.items(self.file.name)):
            self.records += 1
            for finding in self.engine.check(record):
                span = finding.span
                finding.place = span and span.moved(lines)
                yield finding

    def _check_items(self) -> Iterator[Finding]:
        """JSON, nbib and manuscripts, as an ordinary check does them; the keys from a second reading."""
        source = self.file.source
        for event in checking.check_one(source, self.engine):
            if isinstance(event, Finding):
                yield event
            elif isinstance(event, SourceReport):
                if event.error:
                    raise SourceError(event.error)
                self.format, self.records = event.format, event.records
        if self.format not in MANUSCRIPTS:
            for record in records_of(source):
                self.keys.note(record)
