"""Shards as they are written: findings as JSON Lines or Parquet, the keys of records as Parquet; each whole or not."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Self

import pyarrow as pa
import pyarrow.json as paj
import pyarrow.parquet as pq

from reflint.app.duplicates import CHILDREN
from reflint.app.writing import Replacement
from reflint.duplicates import exact_keys
from reflint.errors import SourceError
from reflint.model.record import Record

_FLUSH = 8 << 20
_KEYS = 100_000

_text = pa.string()
_place = pa.struct([("line", pa.int64()), ("column", pa.int64())])
_edit = pa.struct([(name, _text) for name in ("op", "field", "before", "after", "to", "part")])
FINDING = pa.schema(
    [
        *((name, _text) for name in ("rule", "slug", "severity", "confidence", "message", "source")),
        ("record", pa.struct([("index", pa.int64()), ("key", _text), ("type", _text), ("title", _text)])),
        ("field", _text),
        ("variable", _text),
        ("range", pa.struct([("start", _place), ("end", _place)])),
        ("fix", pa.struct([("title", _text), ("safety", _text), ("edits", pa.list_(_edit))])),
        ("fingerprint", _text),
    ]
)
"""A finding in Parquet: the members that the JSON of findings about records has."""
KEY = pa.schema([("key", _text), ("source", _text), ("index", pa.int64())])
"""A key of a record: its name, a colon and its value; and which record it is."""


class Shard:
    """A file in the making: leave its `with` without `commit`, and there is none."""

    def __init__(self, path: Path) -> None:
        self._new = Replacement(path, None)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: Any) -> None:
        self._new.__exit__(*error)

    def commit(self) -> None:
        """Puts the file in its place."""
        self._new.commit()


class LinesShard(Shard):
    """Findings as JSON Lines."""

    def put(self, text: str) -> None:
        """The next finding, as JSON."""
        self._new.write(text.encode() + b"\n")


class _Sink(io.RawIOBase):
    """A shard as the file that Arrow writes to."""

    def __init__(self, new: Replacement) -> None:
        self._new = new
        self._at = 0

    def writable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def write(self, data: Any) -> int:
        self._new.write(bytes(data))
        self._at += len(data)
        return len(data)


class ParquetShard(Shard):
    """Rows of a schema as Parquet."""

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        super().__init__(path)
        self.schema = schema
        self._writer = pq.ParquetWriter(_Sink(self._new), schema, compression="zstd")

    def add(self, columns: Sequence[Sequence[Any]]) -> None:
        """Adds rows, given column by column."""
        arrays = [pa.array(column, field.type) for column, field in zip(columns, self.schema, strict=True)]
        self.add_table(pa.Table.from_arrays(arrays, schema=self.schema))

    def add_table(self, table: pa.Table) -> None:
        """Adds the rows of a table of the same schema."""
        self._writer.write_table(table)

    def commit(self) -> None:
        """Puts the file in its place."""
        self._writer.close()
        super().commit()

    def __exit__(self, *error: Any) -> None:
        with suppress(OSError, SourceError):  # its last words, which nobody will read unless it was committed
            self._writer.close()
        super().__exit__(*error)


class FindingsShard(ParquetShard):
    """Findings as Parquet."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, FINDING)
        self._held = io.BytesIO()

    def put(self, text: str) -> None:
        """The next finding, as JSON."""
        if "\\ud" in text:  # may be half of a character, which is no text to Arrow
            text = json.dumps(json.loads(text), ensure_ascii=False)
        self._held.write(text.encode("utf-8", "replace") + b"\n")
        if self._held.tell() >= _FLUSH:
            self._flush()

    def _flush(self) -> None:
        data = self._held.getvalue()
        self._held = io.BytesIO()
        if data:
            parsing = paj.ParseOptions(explicit_schema=FINDING, unexpected_field_behavior="ignore")
            reading = paj.ReadOptions(block_size=len(data) + 1)
            self.add_table(paj.read_json(io.BytesIO(data), read_options=reading, parse_options=parsing))

    def commit(self) -> None:
        """Puts the file in its place."""
        self._flush()
        super().commit()


FINDINGS_AS: dict[str, type[LinesShard | FindingsShard]] = {"jsonl": LinesShard, "parquet": FindingsShard}


class KeysShard(ParquetShard):
    """The exact keys of the records of a source, and how many those are."""

    def __init__(self, path: Path, source: str) -> None:
        super().__init__(path, KEY)
        self._source = source.encode("utf-8", "replace").decode()
        self._rows: list[tuple[str, int]] = []
        self.count = 0

    def note(self, record: Record) -> None:
        """Takes the keys of a record."""
        if record.type in CHILDREN:
            return
        for name, value in exact_keys(record):
            self._rows.append((f"{name}:{value}".encode("utf-8", "replace").decode(), record.index))
        if len(self._rows) >= _KEYS:
            self._flush()

    def _flush(self) -> None:
        keys, indices = [key for key, _ in self._rows], [index for _, index in self._rows]
        self.add([keys, [self._source] * len(keys), indices])
        self.count += len(keys)
        self._rows.clear()

    def commit(self) -> None:
        """Puts the file in its place."""
        self._flush()
        super().commit()
