"""A library's items as last read, kept on this machine: the next reading asks only for what has changed."""

from __future__ import annotations

import json
import re
import sqlite3
import zlib
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from reflint.errors import SourceError
from reflint.zotero.web import CHUNK, Item, Web

_ROUNDS = 5
_TABLES = """
create table if not exists items (key text primary key, version integer not null, body blob not null) without rowid;
create table if not exists meta (name text primary key, value integer not null) without rowid;
"""


class Snapshot:
    """The items of one library as one user sees them, in a file of `folder`; `reader` is the user's number, or `""`.

    Each hundred items is on the disk before the next is asked for, so a reading that was cut off goes on where it
    stopped. `requests` of the Web: one for the versions, one for each hundred items that are new or changed, one to
    see that nothing changed meanwhile.
    """

    def __init__(self, folder: Path, web: Web, reader: str) -> None:
        host = re.sub(r"[^A-Za-z0-9.-]", "-", urlsplit(web.endpoint).netloc)
        name = f"{host}-{web.address.library.replace('/', '-')}-seen-by-{reader or 'anybody'}.sqlite"
        self.versions: dict[str, int] = {}
        self.lmv = 0
        self._web = web
        self._path = folder / name
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._db = _opened(self._path)
        except (OSError, sqlite3.Error) as error:
            raise SourceError(f"{self._path}: the cache cannot be used: {error}") from None

    def close(self) -> None:
        """Closes the file."""
        self._db.close()

    def refresh(self, progress: Callable[[int, int], None] | None = None) -> None:
        """Reads what has changed. `progress` is told (done, of how many) items. Raises SourceError."""
        collection = self._web.address.collection
        only = self._web.collection(collection) if collection else None
        versions, self.lmv = self._web.versions()
        self.versions = versions if only is None else {key: versions[key] for key in versions.keys() & only}
        stale = self._stale(versions)
        self._fetch(stale, progress)
        for _ in range(_ROUNDS if stale else 0):
            changed, lmv = self._web.versions(since=self.lmv)
            if lmv == self.lmv:
                break
            gone = self._web.deleted(since=self.lmv)
            with self._disk():
                self._drop(gone)
            for key in gone:
                self.versions.pop(key, None)
            self._fetch(sorted(key for key in changed if only is None or key in self.versions), None)
            self.lmv = lmv
        with self._disk():
            self._db.execute("insert or replace into meta values ('lmv', ?)", (self.lmv,))

    def _stale(self, versions: dict[str, int]) -> list[str]:
        """The keys to be read: those that are not kept in the version the library has; what it lacks is dropped."""
        with self._disk():
            if self.lmv < self._meta("lmv"):  # restored from a backup: equal numbers may be other contents
                self._db.execute("delete from items")
            stale = set(self.versions)
            gone = []
            for key, version in self._db.execute("select key, version from items"):
                if key not in versions:
                    gone.append(key)
                elif self.versions.get(key) == version:
                    stale.discard(key)
            self._drop(gone)
        return sorted(stale)

    def __iter__(self) -> Iterator[Item]:
        """The items of the last reading, in the order of their keys, one at a time."""
        with self._disk():
            for key, body in self._db.execute("select key, body from items order by key"):
                if key in self.versions:
                    yield json.loads(zlib.decompress(body))

    def __len__(self) -> int:
        return len(self.versions)

    def _fetch(self, keys: list[str], progress: Callable[[int, int], None] | None) -> None:
        done = 0
        for chunk in chunks(keys):
            items = self._web.items(chunk)
            for key in chunk:
                if key in items:
                    self.versions[key] = int(items[key]["version"])
                else:
                    self.versions.pop(key, None)
            with self._disk():
                self._drop(set(chunk) - items.keys())
                self._db.executemany("insert or replace into items values (?, ?, ?)", map(_row, items.values()))
                self._db.commit()
            if progress is not None:
                done += len(chunk)
                progress(done, len(keys))

    def _drop(self, keys: Collection[str]) -> None:
        self._db.executemany("delete from items where key = ?", ((key,) for key in keys))
        self._db.commit()

    def _meta(self, name: str) -> int:
        found = self._db.execute("select value from meta where name = ?", (name,)).fetchone()
        return int(found[0]) if found else 0

    @contextmanager
    def _disk(self) -> Iterator[None]:
        try:
            with self._db:
                yield
        except sqlite3.Error as error:
            raise SourceError(f"{self._path}: the cache cannot be used: {error}") from None


def _opened(path: Path) -> sqlite3.Connection:
    """The cache file, made anew when it is damaged: it holds nothing that the library does not."""
    for attempt in (0, 1):
        db = sqlite3.connect(path, timeout=10)
        try:
            db.executescript(_TABLES)
            return db
        except sqlite3.DatabaseError as error:
            db.close()
            if attempt or isinstance(error, sqlite3.OperationalError):
                raise
            path.unlink()
    raise AssertionError  # pragma: no cover


def _row(item: Item) -> tuple[str, int, bytes]:
    return str(item["key"]), int(item["version"]), zlib.compress(json.dumps(item).encode(), 1)


def chunks(keys: Iterable[str]) -> Iterator[list[str]]:
    """Keys by hundreds."""
    wanted = list(keys)
    for start in range(0, len(wanted), CHUNK):
        yield wanted[start : start + CHUNK]
