"""Shards whose records stand a row each: JSON Lines, and a column of a Parquet file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from types import ModuleType
from typing import BinaryIO, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from reflint.app.sources import format_of
from reflint.errors import SourceError
from reflint.model.record import Record

_RIS = re.compile(rb"\s*TY {0,3}[-\xe2]")
_JSON = re.compile(rb"\s*[\[{]")
_BATCH = 1_000


class Item(NamedTuple):
    """A record of a row, and how many lines stand before the row's first."""

    record: Record
    lines: int


class Rows(NamedTuple):
    """The texts of a shard and what they are: `ris`, `csl` or `zotero`."""

    format: str
    texts: Iterator[bytes]

    def items(self, name: str) -> Iterator[Item]:
        """The records of JSON texts, counted through the shard. Raises SourceError that names the line of a bad one."""
        module = _reader(self.format)
        records = lines = 0
        for text in self.texts:
            if text.strip():
                try:
                    library = module.read(text, name=name)
                except SourceError as error:
                    raise SourceError(f"{name}: the row at line {lines + 1} {_bare(str(error), name)}") from None
                for record in library:
                    record.index, records = records, records + 1
                    yield Item(record, lines)
            lines += text.count(b"\n") + 1

    def read(self, size: int = -1) -> bytes:
        """The next of the texts of RIS, run together, each ended by a line end; at least `size` bytes if there are."""
        held: list[bytes] = []
        length = 0
        for text in self.texts:
            held.append(text if text.endswith(b"\n") else text + b"\n")
            length += len(held[-1])
            if 0 <= size <= length:
                break
        return b"".join(held)


def _reader(format: str) -> ModuleType:
    if format == "zotero":
        from reflint.formats import zotero

        return zotero
    from reflint.formats import csl

    return csl


def _bare(message: str, name: str) -> str:
    return message.removeprefix(f"{name}: ")


def json_lines(file: BinaryIO, name: str) -> Rows:
    """The lines of a file of CSL-JSON or Zotero items. Raises SourceError when it begins with something else."""
    first = next((line for line in file if line.strip()), b"").removeprefix(b"\xef\xbb\xbf")
    file.seek(0)
    if first and not _JSON.match(first):
        raise SourceError(f"{name}: this is not JSON Lines: the first line is no JSON object")
    return Rows(format_of("", first) if first else "csl", (line.rstrip(b"\r\n") for line in file))


def parquet(file: BinaryIO, name: str) -> Rows:
    """The column of a Parquet file that holds records: the first whose first value is RIS or a JSON item.

    Raises SourceError when there is none, or it is no Parquet file.
    """
    try:
        table = pq.ParquetFile(file)
        column, format = _column(table)
    except (pa.ArrowException, OSError) as error:
        raise SourceError(f"{name}: not read as Parquet: {_first_line(error)}") from None
    if not column:
        raise SourceError(f"{name}: no column holds RIS or JSON items (it has {', '.join(table.schema_arrow.names)})")
    return Rows(format, _values(table, column, name))


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]


def _column(table: pq.ParquetFile) -> tuple[str, str]:
    """The name of the column and its format; empty where there is none."""
    for field in table.schema_arrow:
        if not any(test(field.type) for test in _TEXTS):
            continue
        value = next((one for one in _bytes(table.iter_batches(_BATCH, columns=[field.name])) if one.strip()), b"")
        if _RIS.match(value):
            return field.name, "ris"
        if _JSON.match(value):
            return field.name, format_of("", value)
    return "", ""


_TEXTS = (pa.types.is_string, pa.types.is_large_string, pa.types.is_binary, pa.types.is_large_binary)


def _bytes(batches: Iterable[pa.RecordBatch]) -> Iterator[bytes]:
    """The values of batches of one column as UTF-8; of those that are missing, nothing."""
    for batch in batches:
        for value in batch.column(0).to_pylist():
            yield value.encode() if isinstance(value, str) else value or b""


def _values(table: pq.ParquetFile, column: str, name: str) -> Iterator[bytes]:
    try:
        yield from _bytes(table.iter_batches(_BATCH, columns=[column]))
    except (pa.ArrowException, OSError) as error:
        raise SourceError(f"{name}: not read as Parquet: {_first_line(error)}") from None
