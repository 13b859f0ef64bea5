"""The use cases `check` and `fix`: sources to findings, findings to repaired sources, one source after another."""

from __future__ import annotations

from collections.abc import Callable, Collection, Generator, Iterable, Iterator
from functools import partial
from itertools import chain
from types import ModuleType
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple

from reflint.app.reading import Metered, demand_records, library_of
from reflint.app.reports import SourceReport
from reflint.app.sources import MANUSCRIPTS, Source, expand, format_of, head_of
from reflint.app.surveying import informed
from reflint.app.workers import Batch, Workers, in_order
from reflint.engine.files import Pass, Piece, check_stream, repair_stream, wanted_line_end
from reflint.engine.fixing import Settled, settle_all
from reflint.engine.ranges import Cutter, in_ranges
from reflint.engine.run import Engine
from reflint.errors import SourceError, in_words
from reflint.formats import ris
from reflint.model.finding import Finding
from reflint.model.record import Record

if TYPE_CHECKING:
    from reflint.app.diff import Hunks
    from reflint.app.libraries import Connection
    from reflint.app.remembered import Remembered
    from reflint.word.shelf import Shelf

Progress = Callable[[int], None]
"""Told how many more bytes are done."""

Event = Finding | SourceReport | str | Batch
"""A finding, or several that a worker found; a piece of a diff; or, after all of a source's findings, its report."""


def check(
    arguments: Iterable[str],
    engine: Engine,
    *,
    stdin: bytes | None = None,
    stdin_name: str | None = None,
    progress: Progress | None = None,
    connection: Connection | None = None,
    library: Shelf | None = None,
    workers: Workers | None = None,
    remembered: Remembered | None = None,
) -> Iterator[Event]:
    """Findings of all sources, in order, each source's closed by its SourceReport. One bad source stops no other.

    `connection`: how Zotero libraries are reached, where that is not over the network. `library`: what the works of
    manuscripts are looked up in. `workers`: who does a part of it. `remembered`: what former runs found.
    """
    sources = informed(engine, expand(arguments, stdin=stdin, stdin_name=stdin_name), connection, workers)

    def one(source: Source | SourceError) -> Iterator[Event]:
        return check_one(source, engine, progress, connection, library, workers)

    if remembered is None:
        yield from in_order(sources, workers, one)
    else:
        yield from remembered.over(sources, engine.census, lambda some: in_order(some, workers, one))


def check_one(
    source: Source | SourceError,
    engine: Engine,
    progress: Progress | None = None,
    connection: Connection | None = None,
    library: Shelf | None = None,
    workers: Workers | None = None,
) -> Iterator[Event]:
    """The findings of one source, whatever befalls it, and its report; the engine knows what it must of the others."""
    return _guarded(
        source, lambda source: _check_one(source, engine.of(source.name), progress, connection, library, workers)
    )


def fix(
    arguments: Iterable[str],
    engine: Engine,
    safeties: Collection[str],
    *,
    diff: bool = False,
    stdin: bytes | None = None,
    stdin_name: str | None = None,
    output: BinaryIO | None = None,
    progress: Progress | None = None,
    workers: Workers | None = None,
) -> Iterator[Event]:
    """Repairs all sources by the fixes whose safety is among `safeties`; yields the findings that are left.

    `diff`: nothing is written, the repair is yielded as text instead. Standard input goes, repaired, to `output`.
    `workers`: who does a part of it, where files are repaired where they stand.
    """
    sources = informed(engine, expand(arguments, stdin=stdin, stdin_name=stdin_name), workers=workers)

    def one(source: Source | SourceError) -> Iterator[Event]:
        return fix_one(source, engine, safeties, diff, output, progress, workers)

    yield from in_order(sources, workers, one)


def fix_one(
    source: Source | SourceError,
    engine: Engine,
    safeties: Collection[str],
    diff: bool = False,
    output: BinaryIO | None = None,
    progress: Progress | None = None,
    workers: Workers | None = None,
) -> Iterator[Event]:
    """Repairs one source; what is left to say of it, whatever befalls it, and its report."""
    return _guarded(
        source, lambda source: _fix_one(source, engine.of(source.name), safeties, diff, output, progress, workers)
    )


def _guarded(source: Source | SourceError, work: Callable[[Source], Iterator[Event]]) -> Iterator[Event]:
    """The events of the work on a source; what keeps the source from being had or done becomes its report."""
    if isinstance(source, SourceError):
        yield SourceReport(str(source).partition(":")[0], 0, None, str(source))
        return
    try:
        yield from work(source)
    except BrokenPipeError:
        raise  # whoever read our output has gone: no fault of this source
    except (SourceError, OSError, MemoryError) as error:
        yield SourceReport(source.name, 0, None, in_words(source.name, error))


def _check_one(
    source: Source,
    engine: Engine,
    progress: Progress | None,
    connection: Connection | None,
    library: Shelf | None,
    workers: Workers | None,
) -> Iterator[Event]:
    if source.is_library:
        from reflint.app import libraries

        yield from libraries.check(source.name, engine, connection)
        return
    with source.open() as file:
        format = format_of(source.name, head_of(file))
        if format in MANUSCRIPTS:
            yield from _check_manuscript(source, engine, library)
            return
        if format != "ris":
            yield from _check_items(source, format, engine)
            return
        stream = ris.stream(Metered(file, progress))
        through = None if workers is None else partial(_check_through, workers, source.name, stream)
        for found in check_stream(stream, engine, through):
            if isinstance(found, Finding):
                found.source = source.name
            yield found
        demand_records(source, stream.reader.index, file)
        yield SourceReport(source.name, stream.reader.index, "ris")


def _check_through(workers: Workers, name: str, stream: ris.Stream, way: Pass) -> Iterator[Finding | Batch]:
    """A RIS file checked range by range."""
    return in_ranges(Cutter(stream.read), way, way.check, partial(workers.check, name), workers.ahead)


def _check_manuscript(source: Source, engine: Engine, library: Shelf | None) -> Iterator[Event]:
    from reflint.app import manuscripts

    yield from manuscripts.check(source, engine, library)


def _check_items(source: Source, format: str, engine: Engine) -> Iterator[Event]:
    records = 0
    for batch in engine.ahead(library_of(format, source), lambda record: record):
        records += len(batch)
        for finding in chain.from_iterable(engine.check_all(batch)):
            if format == "nbib":
                if finding.rule in _OWN_FORMS_OF_NBIB:
                    continue
                finding.fix = None  # the format is read, never written
            finding.source = source.name
            yield finding
    yield SourceReport(source.name, records, format)


_OWN_FORMS_OF_NBIB = frozenset(["DAT002", "LNG001", "PAG003", "TTL004", "ZOT006"])
"""Rules about what is PubMed's own way of writing: `2021 Jun 14`, `eng`, `330-7`, a full stop behind titles, `*`."""


def _fix_one(
    source: Source,
    engine: Engine,
    safeties: Collection[str],
    diff: bool,
    output: BinaryIO | None,
    progress: Progress | None,
    workers: Workers | None,
) -> Iterator[Event]:
    if source.is_library:
        raise SourceError(f"{source.name}: a library is repaired by a plan (`reflint plan`, `reflint apply`)")
    with source.open() as file:
        format = format_of(source.name, head_of(file))
        if format == "nbib" or format in MANUSCRIPTS:  # read, never written
            if output is not None and source.path is None and not diff:
                output.write(source.read())  # standard input goes on as it came
            if format == "nbib":
                yield from _check_items(source, format, engine)
            else:
                yield from _check_manuscript(source, engine, None)
            return
        if diff or source.path is None:
            from reflint.app.diff import Hunks

            pieces = _pieces(format, source, file, engine, safeties, progress)
            put = None if diff or output is None else output.write
            yield (yield from _fixed(source, file, format, pieces, put, Hunks(source.name) if diff else None))
            return
        from reflint.app.writing import Replacement, version_of

        with Replacement(source.path, version_of(source.path)) as new:
            pieces = _pieces(format, source, file, engine, safeties, progress, workers)
            report = yield from _fixed(source, file, format, pieces, new.write)
            if report.changed:
                new.commit()
        yield report


def _fixed(
    source: Source,
    file: BinaryIO,
    format: str,
    pieces: Iterable[Any],
    put: Callable[[bytes], object] | None,
    hunks: Hunks | None = None,
) -> Generator[Event, None, SourceReport]:
    """What is to be said of the pieces of a source; `put` takes them repaired, `hunks` shows what changed."""
    repaired = records = 0
    changed = False
    shown: list[Event] = []  # until there is a record: a source without one is refused as a whole
    for piece in pieces:
        if put is not None:
            put(piece.new)
        repaired += piece.repaired
        records += piece.records
        changed = changed or piece.changed
        if hunks is not None:
            shown.append(hunks.of(piece.old, piece.new, piece.line))
        if records or format != "ris":
            yield from shown
            shown.clear()
        yield from piece.events
    if format == "ris":
        demand_records(source, records, file)
    yield from shown
    if hunks is not None:
        yield hunks.rest()
    return SourceReport(source.name, records, format, None, repaired, changed)


class _Repaired(NamedTuple):
    old: bytes
    new: bytes
    line: int
    repaired: int
    records: int
    events: tuple[Finding, ...]

    @property
    def changed(self) -> bool:
        """Whether anything was repaired in its bytes."""
        return self.new != self.old


def _pieces(
    format: str,
    source: Source,
    file: BinaryIO,
    engine: Engine,
    safeties: Collection[str],
    progress: Progress | None,
    workers: Workers | None = None,
) -> Iterator[_Repaired | Batch]:
    """A source before and after repair: RIS record by record or range by range, JSON as one piece."""
    if format == "ris":
        yield from _ris_pieces(source, file, engine, safeties, progress, workers)
    elif format == "csl":
        from reflint.formats import csl

        yield _json_piece(csl, source, engine, safeties)
    else:
        from reflint.formats import zotero

        yield _json_piece(zotero, source, engine, safeties)


def _ris_pieces(
    source: Source,
    file: BinaryIO,
    engine: Engine,
    safeties: Collection[str],
    progress: Progress | None,
    workers: Workers | None,
) -> Iterator[_Repaired | Batch]:
    line_end = wanted_line_end(file, engine) if "safe" in safeties else None
    file.seek(0)
    stream = ris.stream(Metered(file, progress))

    def in_pieces(way: Pass) -> Iterator[Piece | Batch]:
        assert workers is not None
        give = partial(workers.repair, source.name, line_end)
        here = partial(way.repair, safeties=safeties, line_end=line_end)
        return in_ranges(Cutter(stream.read), way, here, give, workers.ahead)

    for piece in repair_stream(stream, engine, safeties, line_end, in_pieces if workers else None):
        if isinstance(piece, Batch):
            yield piece
            continue
        for finding in piece.left:
            finding.source = source.name
        yield _Repaired(piece.old, piece.new, piece.line, len(piece.applied), int(piece.is_record), piece.left)


def _json_piece(format: ModuleType, source: Source, engine: Engine, safeties: Collection[str]) -> _Repaired:
    """A source of CSL or Zotero items, repaired item by item and put together again by its format."""
    library = format.read(source.read(), name=source.name)
    settled = [
        one
        for batch in engine.ahead(library, lambda record: record)
        for one in settle_all(zip(batch, engine.check_all(batch), strict=True), engine, format.apply_to_item, safeties)
    ]
    new = format.stitched(library, [one.record for one in settled if one.applied])
    return _repaired_items(source, library.data, new, format.read(new, name=source.name), engine, settled)


def _repaired_items(
    source: Source, old: bytes, new: bytes, records: Iterable[Record], engine: Engine, settled: list[Settled]
) -> _Repaired:
    """A JSON source as one piece; what is left is told by where it stands now."""
    left = [finding for record in records for finding in engine.check(record)]
    for finding in left:
        finding.source = source.name
    return _Repaired(old, new, 1, sum(len(one.applied) for one in settled), len(settled), tuple(left))
