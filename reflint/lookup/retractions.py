"""The Retraction Watch file: downloaded when asked for, kept in the cache as a table, never shipped."""

from __future__ import annotations

import csv
import os
import sqlite3
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import NamedTuple

import httpx2

from reflint.errors import SourceError
from reflint.lookup.answer import instant
from reflint.lookup.work import Update
from reflint.model.identifiers import doi_key, normalize_pmid

ENDPOINT = "https://gitlab.com/crossref/retraction-watch-data/-/raw/main/retraction_watch.csv"
SOURCE = "retraction-watch"
_LARGEST = 512 << 20
_COLUMNS = ("OriginalPaperDOI", "OriginalPaperPubMedID", "RetractionDOI", "RetractionDate", "RetractionNature")
_KINDS = {
    "retraction": "retraction",
    "expression of concern": "expression_of_concern",
    "correction": "correction",
    "reinstatement": "reinstatement",
}


class Listed(NamedTuple):
    """What Retraction Watch says of a work, and when its file was downloaded (seconds since 1970)."""

    updates: tuple[Update, ...]
    asked: float


class Retractions:
    """The table of the file, if it was ever downloaded."""

    def __init__(self, path: Path | None) -> None:
        self._database: sqlite3.Connection | None = None
        self._asked = 0.0
        self._lock = threading.Lock()
        if path is None or not path.is_file():
            return
        with suppress(sqlite3.Error, OSError):  # a damaged table is no table; downloading makes it anew
            database = sqlite3.connect(f"file:{path}?mode=ro", uri=True, check_same_thread=False)
            (self._asked,) = database.execute("SELECT asked FROM made").fetchone()
            self._database = database

    def of(self, doi: str, pmid: str = "") -> Listed | None:
        """What is listed about a work by DOI or PMID; None when nothing is, or there is no table."""
        if self._database is None or not (doi or pmid):
            return None
        query = (
            "SELECT DISTINCT kind, notice, day FROM notices WHERE (doi <> '' AND doi = ?) OR (pmid <> '' AND pmid = ?)"
        )
        with self._lock, suppress(sqlite3.Error):
            rows = self._database.execute(query, (doi_key(doi), normalize_pmid(pmid) or "")).fetchall()
            updates = tuple(Update(kind, notice, SOURCE, day) for kind, notice, day in rows)
            return Listed(updates, self._asked) if updates else None
        return None

    def close(self) -> None:
        """Closes the table."""
        if self._database is not None:
            self._database.close()


def download(
    address: str,
    path: Path,
    now: float,
    *,
    transport: httpx2.BaseTransport | None = None,
    progress: Callable[[int], None] | None = None,
) -> int:
    """Fetches the file and puts its table at `path`; how many rows it has. The old table stays until the new is whole.

    `now`: seconds since 1970. Raises SourceError when the file cannot be had, is cut off, or is not what it should be.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=".retractions-", dir=path.parent)
    os.close(handle)
    made = Path(name)
    try:
        with tempfile.TemporaryFile("w+", encoding="utf-8", newline="", dir=path.parent) as file:
            for text in _lines(address, transport, progress):
                file.write(text)
            file.seek(0)
            count = _fill(made, csv.DictReader(file), now, address)
        made.replace(path)
        return count
    except (OSError, sqlite3.Error, csv.Error) as error:
        raise SourceError(f"{path}: not written: {getattr(error, 'strerror', None) or error}") from None
    finally:
        made.unlink(missing_ok=True)


def _lines(
    address: str, transport: httpx2.BaseTransport | None, progress: Callable[[int], None] | None
) -> Iterator[str]:
    seen = 0
    try:
        with (
            httpx2.Client(transport=transport, timeout=httpx2.Timeout(60.0, connect=10.0)) as client,
            client.stream("GET", address, follow_redirects=False) as response,
        ):
            if response.status_code != 200:
                raise SourceError(f"{address}: status {response.status_code}")
            for text in response.iter_text():
                seen += len(text)
                if seen > _LARGEST:
                    raise SourceError(f"{address}: more than {_LARGEST >> 20} MB")
                if progress is not None:
                    progress(seen)
                yield text
            length = response.headers.get("content-length", "")
            if length.isdigit() and response.num_bytes_downloaded != int(length):
                raise SourceError(f"{address}: broke off")
    except (httpx2.HTTPError, httpx2.InvalidURL) as error:
        raise SourceError(f"{address}: {str(error) or type(error).__name__}") from None


def _fill(path: Path, rows: csv.DictReader[str], now: float, address: str) -> int:
    missing = [name for name in _COLUMNS if name not in (rows.fieldnames or ())]
    if missing:
        raise SourceError(f"{address}: is not the Retraction Watch file (it has no {', '.join(missing)})")
    with closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE notices (doi TEXT, pmid TEXT, kind TEXT, notice TEXT, day TEXT)")
        database.execute("CREATE TABLE made (asked REAL)")
        database.executemany("INSERT INTO notices VALUES (?, ?, ?, ?, ?)", _notices(rows))
        database.execute("CREATE INDEX by_doi ON notices (doi)")
        database.execute("CREATE INDEX by_pmid ON notices (pmid)")
        database.execute("INSERT INTO made VALUES (?)", (now,))
        (count,) = database.execute("SELECT count(*) FROM notices").fetchone()
        database.commit()
    if not count:
        raise SourceError(f"{address}: holds no notices ({instant(now)})")
    return int(count)


def _notices(rows: Iterable[dict[str, str]]) -> Iterator[tuple[str, str, str, str, str]]:
    for row in rows:
        doi, pmid, notice, day, nature = ((row.get(name) or "").strip() for name in _COLUMNS)
        kind = _KINDS.get(nature.lower())
        paper, number = doi_key(doi), normalize_pmid(pmid) or ""
        if kind and (paper or number not in ("", "0")):
            yield paper, "" if number == "0" else number, kind, doi_key(notice), _day(day)


def _day(text: str) -> str:
    """`10/31/2024 0:00` as `2024-10-31`."""
    month, _, rest = text.partition(" ")[0].partition("/")
    day, _, year = rest.partition("/")
    return f"{year}-{int(month):02}-{int(day):02}" if (month + day + year).isdigit() and len(year) == 4 else ""
