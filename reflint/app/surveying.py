"""What the sources of a run say together, told to the engine before they are checked one by one."""

from __future__ import annotations

import io
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import TYPE_CHECKING

from reflint.app.reading import format_of_source, records_of
from reflint.app.sources import Source
from reflint.app.workers import Workers, is_small
from reflint.engine.ranges import Cutter
from reflint.engine.run import Engine
from reflint.errors import SourceError
from reflint.formats import ris
from reflint.model.record import Record

if TYPE_CHECKING:
    from reflint.app.libraries import Connection
    from reflint.engine.survey import Survey, Taken


def informed(
    engine: Engine,
    sources: Iterable[Source | SourceError],
    connection: Connection | None = None,
    workers: Workers | None = None,
) -> Iterable[Source | SourceError]:
    """The sources, once the engine (and workers, who do a part of it) know what their records say together.

    They are read for it only where a rule over a library is selected. What cannot be read is told when it is checked.
    """
    if not any(rule.check.get("use") == "library" for rule in engine.every_rule):
        return sources
    from reflint.engine.survey import Survey

    if workers is not None:
        workers.expect()
    given = list(sources)
    waiting: deque[Callable[[], Taken]] = deque()
    with Survey(engine.every_rule) as survey:
        for wait in _counted(given, survey, connection, workers):
            waiting.append(wait)
            if workers is not None and len(waiting) > workers.ahead:
                survey.put(waiting.popleft()())
        while waiting:
            survey.put(waiting.popleft()())
        engine.learn(survey.census())
    if workers is not None:
        workers.learn(engine.census)
    return given


def _counted(
    sources: Iterable[Source | SourceError], survey: Survey, connection: Connection | None, workers: Workers | None
) -> Iterator[Callable[[], Taken]]:
    """Counts what sources say; what is given away is still to be waited for."""
    for source in sources:
        if not isinstance(source, Source):
            continue
        if workers is not None and is_small(source):
            yield workers.count_whole(source.name)
            continue
        for part in _parts(source, connection, divide=workers is not None):
            if workers is not None and isinstance(part, bytes):
                yield workers.count(part)
            elif isinstance(part, Record):
                survey.add(part)


def _parts(source: Source, connection: Connection | None, divide: bool) -> Iterator[Record | bytes]:
    """The records of a source, as far as it can be read; some ranges as they are where RIS is to be divided."""
    with suppress(SourceError, OSError):  # of reading alone: when it is checked it will be told
        if divide and format_of_source(source) == "ris":
            yield from _divided(source)
        else:
            yield from records_of(source, None, connection)


def _divided(source: Source) -> Iterator[Record | bytes]:
    """The records of a RIS file's first range and of what cannot be cut, and the ranges between."""
    with source.open() as file:
        stream = ris.stream(file)
        cutter = Cutter(stream.read)
        first = cutter.next()
        if first is not None:
            yield from _records(stream.reader.segments(io.BytesIO(first).read))
            while (block := cutter.next()) is not None:
                yield block
        yield from _records(stream.reader.segments(cutter.rest))


def _records(segments: Iterable[ris.Segment]) -> Iterator[Record]:
    return (segment.record for segment in segments if segment.record is not None)
