"""The records of any source, one after another: files as they stream, libraries from their cached reading."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, BinaryIO

from reflint.app.sources import MANUSCRIPTS, Source, format_of, head_of
from reflint.errors import SourceError
from reflint.formats import ris
from reflint.formats.ris import Segment
from reflint.model.record import Record

if TYPE_CHECKING:
    from reflint.app.libraries import Connection

Progress = Callable[[int], None]


def format_of_source(source: Source) -> str:
    """`ris`, `csl`, `nbib`, `zotero`, `docx` or `odt`. Raises SourceError when it cannot be read or is none of them."""
    if source.is_library:
        return "zotero"
    with source.open() as file:
        return format_of(source.name, head_of(file))


def records_of(
    source: Source, progress: Progress | None = None, connection: Connection | None = None
) -> Iterator[Record]:
    """All records of a source. Raises SourceError when it cannot be read, or holds none of RIS."""
    if source.is_library:
        from reflint.app import libraries

        yield from libraries.records(source.name, connection)
        return
    format = format_of_source(source)
    if format in MANUSCRIPTS:
        raise SourceError(f"{source.name}: is a manuscript; `reflint extract` writes the works it cites as records")
    if format != "ris":
        yield from library_of(format, source)
        return
    yield from (segment.record for segment in segments_of(source, progress) if segment.record is not None)


def segments_of(source: Source, progress: Progress | None = None) -> Iterator[Segment]:
    """The records of a RIS file and what stands between them. Raises SourceError when it holds no record."""
    with source.open() as file:
        stream = ris.stream(Metered(file, progress))
        yield from stream
        demand_records(source, stream.reader.index, file)


def demand_records(source: Source, records: int, file: BinaryIO) -> None:
    """Raises SourceError, with what the file is instead, where a RIS file held no record."""
    if not records:
        file.seek(0)
        other = ris.recognise(head_of(file), has_records=False)
        if other:
            raise SourceError(f"{source.name}: this is {other}")


def library_of(format: str, source: Source) -> Iterable[Record]:
    """The records of a source in JSON or nbib, or the works a manuscript cites, all in memory; nbib in CSL's terms."""
    if format == "csl":
        from reflint.formats import csl

        return csl.read(source.read(), name=source.name)
    if format == "zotero":
        from reflint.formats import zotero

        return zotero.read(source.read(), name=source.name)
    if format in MANUSCRIPTS:
        from reflint.app import manuscripts

        return manuscripts.records(source)
    from reflint.formats import nbib

    return map(nbib.in_csl_terms, nbib.read(source.read(), name=source.name))


class Metered:
    """A file that tells how much of it was read."""

    def __init__(self, file: BinaryIO, progress: Progress | None) -> None:
        self._file = file
        self._progress = progress

    def read(self, size: int = -1) -> bytes:
        """Reads on."""
        data = self._file.read(size)
        if self._progress is not None:
            self._progress(len(data))
        return data
