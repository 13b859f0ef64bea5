"""Candidate duplicates across all shards: the keys of all records brought together by Dask's shuffle."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import dask
import dask.dataframe as dd
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from distributed import Client

from reflint.scale.folder import Folder
from reflint.scale.shards import KEY, LinesShard, ParquetShard

_READ = 8 << 20
"""Bytes of key shards that are read as one."""
_PARTITION = 500_000
"""Keys that one task brings together, about: 100 MB."""
GROUP = pa.schema(
    [
        ("by", pa.string()),
        ("value", pa.string()),
        ("records", pa.list_(pa.struct([("source", pa.string()), ("index", pa.int64())]))),
    ]
)


class Written(NamedTuple):
    """What stands in one file of groups: how many there are, and how many records beyond the first of each."""

    file: Path
    groups: int
    beyond: int


def join(client: Client, folder: Folder, keys: Sequence[Path], count: int) -> list[Written]:
    """Writes the groups of records that share a key, for the key shards given, which hold `count` keys.

    All records of a key come to one task; memory is bounded by the partition, for Dask's shuffle goes over disks.
    """
    partitions = -(-count // _PARTITION) or 1
    with client.as_current():
        frame = dd.from_map(_read, list(_bundles(keys)), meta=KEY.empty_table().to_pandas(), enforce_metadata=False)
        together = frame.shuffle("key", npartitions=partitions, shuffle_method="p2p").to_delayed()
        tasks = [dask.delayed(_write)(partition, folder, number) for number, partition in enumerate(together)]
        written: list[Written] = client.gather(client.compute(tasks))
    return written


def _bundles(paths: Sequence[Path]) -> Iterator[list[Path]]:
    """Key shards by so many that reading them is worth a task."""
    held: list[Path] = []
    size = 0
    for path in paths:
        held.append(path)
        size += path.stat().st_size
        if size >= _READ:
            yield held
            held, size = [], 0
    if held:
        yield held


def _read(paths: Sequence[Path]) -> pd.DataFrame:
    return pa.concat_tables(pq.read_table(path, schema=KEY) for path in paths).to_pandas()


def _write(frame: pd.DataFrame, folder: Folder, number: int) -> Written:
    path = folder.duplicates(number)
    count = beyond = 0
    shard = LinesShard(path) if folder.format == "jsonl" else ParquetShard(path, GROUP)
    with shard:
        rows: list[list[Any]] = []
        for group in groups(frame):
            count += 1
            beyond += len(group["records"]) - 1
            if isinstance(shard, LinesShard):
                shard.put(json.dumps(group, ensure_ascii=False))
            else:
                rows.append(list(group.values()))
        if isinstance(shard, ParquetShard):
            shard.add(list(zip(*rows, strict=True)) or [[], [], []])
        shard.commit()
    return Written(path, count, beyond)


def groups(frame: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """The keys that several records have: by what, its value, and the records in order."""
    several = frame[frame.duplicated("key", keep=False)].sort_values(["key", "source", "index"])
    for key, rows in several.groupby("key", sort=True):
        by, _, value = str(key).partition(":")
        records = [{"source": str(s), "index": int(i)} for s, i in zip(rows["source"], rows["index"], strict=True)]
        yield {"by": by, "value": value, "records": records}
