"""What registries have answered, kept between runs in one SQLite file that several runs may share."""

from __future__ import annotations

import os
import sqlite3
import threading
import zlib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple, cast

from reflint.lookup.answer import State

DAY = 86_400.0
AGES: dict[State, float] = {"found": 30 * DAY, "absent": 3 * DAY, "unknown": 60.0}
"""Seconds for which an answer holds. A failure is kept for a minute only, so that others do not run into it at once."""
CAP = 256 << 20
"""Bytes the file may have before its oldest quarter goes."""
_VERSION = 1
_TABLE = (
    "CREATE TABLE IF NOT EXISTS answers (source TEXT, question TEXT, state TEXT, asked REAL, body BLOB, why TEXT, "
    "PRIMARY KEY (source, question)) WITHOUT ROWID"
)
_CHECK_EVERY = 500


class Kept(NamedTuple):
    """An answer as it is kept: its body is what the registry said, as JSON text."""

    state: State
    asked: float
    body: bytes
    why: str


class Cache:
    """Answers by registry and question. Safe to share between threads and processes; `clock` gives seconds since 1970.

    A file that cannot be read is begun anew; where none can be written, answers are kept for this run only.
    """

    def __init__(self, path: Path | None, clock: Callable[[], float], *, cap: int = CAP) -> None:
        self._clock = clock
        self._cap = cap
        self._puts = 0
        self._lock = threading.Lock()
        self._database = _opened(path)

    def get(self, source: str, question: str) -> Kept | None:
        """The answer to a question, if one is known and not too old for its state."""
        with self._lock:
            try:
                row = self._database.execute(
                    "SELECT state, asked, body, why FROM answers WHERE source = ? AND question = ?", (source, question)
                ).fetchone()
                kept = row and Kept(cast(State, row[0]), row[1], zlib.decompress(row[2]), row[3])
            except (sqlite3.Error, zlib.error):
                return None
        return kept if kept and self._clock() - kept.asked < AGES[kept.state] else None

    def put(self, source: str, question: str, kept: Kept) -> None:
        """Keeps an answer, at once and for good: what was asked before an interruption need not be asked again."""
        row = (source, question, kept.state, kept.asked, zlib.compress(kept.body), kept.why)
        with self._lock, suppress(sqlite3.Error):  # a cache that cannot be written is no error
            self._database.execute("INSERT OR REPLACE INTO answers VALUES (?, ?, ?, ?, ?, ?)", row)
            self._puts += 1
            if self._puts % _CHECK_EVERY == 0:
                self._shrink()

    def close(self) -> None:
        """Closes the file."""
        with self._lock:
            self._database.close()

    def _shrink(self) -> None:
        used = "SELECT (page_count - freelist_count) * page_size FROM pragma_page_count, pragma_freelist_count, "
        (size,) = self._database.execute(used + "pragma_page_size").fetchone()
        if size > self._cap:
            oldest = "SELECT asked FROM answers ORDER BY asked LIMIT 1 OFFSET (SELECT count(*) / 4 FROM answers)"
            self._database.execute(f"DELETE FROM answers WHERE asked <= ({oldest})")


def _opened(path: Path | None) -> sqlite3.Connection:
    """The database at a path, made or made anew where it has to be; in memory where there can be none."""
    for attempt in (1, 2):
        if path is None:
            break
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
            return _prepared(sqlite3.connect(path, 10.0, isolation_level=None, check_same_thread=False))
        except sqlite3.DatabaseError:
            if attempt == 1:
                with suppress(OSError):
                    path.unlink()
        except OSError:
            break
    return _prepared(sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False))


def _prepared(database: sqlite3.Connection) -> sqlite3.Connection:
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("PRAGMA synchronous = NORMAL")
    (version,) = database.execute("PRAGMA user_version").fetchone()
    if version != _VERSION:
        database.execute("DROP TABLE IF EXISTS answers")
        database.execute(f"PRAGMA user_version = {_VERSION}")
    database.execute(_TABLE)
    return database
