"""The works of a run and their keys, in a temporary sqlite file, so that memory stays bounded whatever their number."""

from __future__ import annotations

import marshal
import sqlite3
from collections.abc import Iterator
from functools import lru_cache
from hashlib import blake2b
from itertools import combinations, groupby

from reflint.duplicates.blocking import MOST, keys_of
from reflint.duplicates.work import Work

_BATCH = 10_000
_CACHED = 50_000
"""Works kept decoded: about 60 MB."""


class Index:
    """Works numbered as they are added. A work that is equal to an earlier one in all that is compared is its copy.

    Raises sqlite3.OperationalError when the disk is full. Close it, and the file is gone.
    """

    def __init__(self) -> None:
        # Without a name: a private file, written only when the cache (64 MB) is full, deleted with the connection.
        self._database = sqlite3.connect("", isolation_level=None)
        self._database.executescript(
            "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -65536; BEGIN;"
            "CREATE TABLE works (number INTEGER PRIMARY KEY, work BLOB);"
            "CREATE TABLE labels (number INTEGER PRIMARY KEY, label BLOB);"
            "CREATE TABLE keys (key INTEGER, number INTEGER);"
            "CREATE TABLE pairs (one INTEGER, other INTEGER);"
        )
        self._numbers: dict[int, int] = {}
        self._originals: dict[int, int] = {}
        self._labels: list[tuple[int, bytes]] = []
        self._works: list[tuple[int, bytes]] = []
        self._keys: list[tuple[int, int]] = []
        self.work = lru_cache(_CACHED)(self._work)
        self.count = 0

    def close(self) -> None:
        """Gives the file up."""
        self._database.close()

    def add(self, work: Work, label: tuple[str | None, ...] = ()) -> int:
        """Keeps a work, and texts to show it by; its number, counted from 0."""
        number, self.count = self.count, self.count + 1
        self._labels.append((number, marshal.dumps(label, 2)))
        if len(self._labels) >= _BATCH:
            self._flush()
        blob = marshal.dumps(tuple(work), 2)
        digest = int.from_bytes(blake2b(blob, digest_size=8).digest(), "big")
        original = self._numbers.setdefault(digest, number)
        if original != number:
            self._originals[number] = original
            return number
        self._works.append((number, blob))
        self._keys += [(hash(key), number) for key in keys_of(work)]
        return number

    def _flush(self) -> None:
        self._database.executemany("INSERT INTO keys VALUES (?, ?)", self._keys)
        self._database.executemany("INSERT INTO works VALUES (?, ?)", self._works)
        self._database.executemany("INSERT INTO labels VALUES (?, ?)", self._labels)
        self._keys.clear()
        self._works.clear()
        self._labels.clear()

    def _work(self, number: int) -> Work:
        number = self._originals.get(number, number)
        (blob,) = self._database.execute("SELECT work FROM works WHERE number = ?", (number,)).fetchone()
        return Work._make(marshal.loads(blob))

    def label(self, number: int) -> tuple[str | None, ...]:
        """The texts that were given for a work."""
        (blob,) = self._database.execute("SELECT label FROM labels WHERE number = ?", (number,)).fetchone()
        label: tuple[str | None, ...] = marshal.loads(blob)
        return label

    def works(self) -> Iterator[Work]:
        """All works that are no copies."""
        self._flush()
        for (blob,) in self._database.execute("SELECT work FROM works"):
            yield Work._make(marshal.loads(blob))

    def copies(self) -> Iterator[tuple[int, list[int]]]:
        """Each work that has copies, with their numbers."""
        self._flush()
        pairs = sorted((original, number) for number, original in self._originals.items())
        for original, group in groupby(pairs, key=lambda pair: pair[0]):
            yield original, [number for _, number in group]

    def candidates(self) -> Iterator[tuple[int, int]]:
        """The pairs of works that share a key which few others have, each once, in order."""
        self._flush()
        pairs: list[tuple[int, int]] = []
        rows = self._database.execute("SELECT DISTINCT key, number FROM keys ORDER BY key, number")
        for _, group in groupby(rows, key=lambda row: row[0]):
            block = [number for _, number in group]
            if 1 < len(block) <= MOST:
                pairs += combinations(block, 2)
            if len(pairs) >= _BATCH:
                self._database.executemany("INSERT INTO pairs VALUES (?, ?)", pairs)
                pairs.clear()
        self._database.executemany("INSERT INTO pairs VALUES (?, ?)", pairs)
        yield from self._database.execute("SELECT DISTINCT one, other FROM pairs ORDER BY one, other")
