"""What files were found to say, kept from run to run: a file that has not changed is not checked again.

A result is kept under all that it depends on: the file's bytes and name, the rules and settings, what the records of
the run say together, the form of the report, and reflint itself.
"""

from __future__ import annotations

import json
import zlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reflint.app.reports import SourceReport
from reflint.app.rules import depends_on
from reflint.app.settings import Settings
from reflint.app.sources import Source
from reflint.app.workers import Batch
from reflint.errors import SourceError
from reflint.model.finding import Finding
from reflint.reports.base import Linewise, Summary

if TYPE_CHECKING:
    import sqlite3

    from reflint.app.checking import Event

LEAST, MOST = 1 << 17, 1 << 26
"""Bytes of the files it pays for; a smaller one is checked as soon as it is looked up."""
_KEPT = 2_000
"""Results kept; beyond, the longest unused go."""
_CHUNK = 500
Sources = Iterable[Source | SourceError]


class Remembered:
    """The results of former runs with the same settings and the same form of report (None: nothing is listed)."""

    def __init__(self, folder: Path, settings: Settings, reporter: Linewise | None) -> None:
        self._path = folder / "results.sqlite"
        self._settings = settings
        self._reporter = reporter
        self._basis = b""
        self._database: sqlite3.Connection | None = None

    def over(
        self, sources: Sources, census: Mapping[str, Any], check: Callable[[Sources], Iterable[Event]]
    ) -> Iterator[Event]:
        """The events of all sources in order: of those that have not changed from memory, of the others by `check`."""
        looked_up = ((source, *self._known(source, census)) for source in sources)
        for is_known, group in groupby(looked_up, key=lambda one: one[2] is not None):
            if is_known:
                yield from (batch for _, _, batch in group if batch is not None)
                continue
            given: deque[tuple[Source | SourceError, bytes]] = deque()
            found: list[Batch] = []
            for batch in self._in_batches(check(self._passed_on(group, given))):
                yield batch
                found.append(batch)
                if batch.report is not None:
                    self._keep(*given.popleft(), found)
                    found = []

    def close(self) -> None:
        """Ends it; the longest unused results go."""
        if self._database is None:
            return
        with suppress(self._error):
            self._database.execute(
                "DELETE FROM results WHERE key NOT IN (SELECT key FROM results ORDER BY used DESC LIMIT ?)", (_KEPT,)
            )
            self._database.commit()
        self._database.close()

    @staticmethod
    def _passed_on(
        group: Iterable[tuple[Source | SourceError, bytes, Batch | None]],
        given: deque[tuple[Source | SourceError, bytes]],
    ) -> Iterator[Source | SourceError]:
        for source, key, _ in group:
            given.append((source, key))
            yield source

    def _in_batches(self, events: Iterable[Event]) -> Iterator[Batch]:
        """Events as batches: single findings gathered, each source closed by one that has its report."""
        held: list[Finding] = []
        for event in events:
            if isinstance(event, Finding) and len(held) < _CHUNK:
                held.append(event)
                continue
            if held:
                yield self._batch(held)
                held = []
            if isinstance(event, Finding):
                held.append(event)
            elif isinstance(event, SourceReport):
                yield Batch([], Summary(), event)
            elif isinstance(event, Batch):
                yield event

    def _batch(self, findings: list[Finding]) -> Batch:
        summary = Summary()
        for finding in findings:
            summary.add(finding)
        return Batch([] if self._reporter is None else [self._reporter.text(one) for one in findings], summary)

    def _known(self, source: Source | SourceError, census: Mapping[str, Any]) -> tuple[bytes, Batch | None]:
        """The key of a source (none for what is not kept) and what is known under it."""
        if not isinstance(source, Source) or source.path is None:
            return b"", None
        try:
            if not LEAST <= source.path.stat().st_size <= MOST:
                return b"", None
            key = self._key(source, census)
            row = self._opened().execute("SELECT body FROM results WHERE key = ?", (key,)).fetchone()
            if row is None:
                return key, None
            self._opened().execute("UPDATE results SET used = unixepoch() WHERE key = ?", (key,))
            return key, _read(row[0])
        except (OSError, SourceError, self._error, ValueError, KeyError, TypeError, zlib.error):
            return b"", None  # without memory it is checked, and whatever is wrong is said there

    def _keep(self, source: Source | SourceError, key: bytes, found: list[Batch]) -> None:
        report = found[-1].report
        if not key or not isinstance(source, Source) or report is None or report.error:
            return
        texts = [self._shifted(text, batch.shift) for batch in found for text in batch.texts]
        summary = Summary()
        for batch in found:
            summary.take_in(batch.summary)
        body = json.dumps(
            [texts, summary.by_severity, summary.by_rule, summary.fixable, [*report[:6], report.manuscript]]
        )
        with suppress(OSError, SourceError, self._error):
            if self._key(source, None) != key[:16]:
                return  # it changed while it was checked
            self._opened().execute(
                "INSERT OR REPLACE INTO results VALUES (?, unixepoch(), ?)", (key, zlib.compress(body.encode(), 1))
            )

    def _shifted(self, text: str, shift: int) -> str:
        return self._reporter.shifted(text, shift) if self._reporter is not None and shift else text

    def _key(self, source: Source, census: Mapping[str, Any] | None) -> bytes:
        """16 bytes of the file's name and bytes, and (with a census) 16 of all else that its findings depend on."""
        from hashlib import blake2b

        own = blake2b(f"{source.name}\0".encode("utf-8", "surrogateescape"), digest_size=16)
        own.update(source.read())
        if census is not None and not self._basis:
            self._basis = blake2b(
                repr((*self._depends_on(), census)).encode("utf-8", "replace"), digest_size=16
            ).digest()
        return own.digest() + (self._basis if census is not None else b"")

    def _depends_on(self) -> Iterator[object]:
        from time import localtime

        from reflint import __file__, __version__
        from reflint.app.writing import version_of

        yield __version__
        yield sorted((str(path), version_of(path)) for path in Path(__file__).parent.rglob("*.py"))
        yield localtime().tm_year
        yield depends_on(self._settings)
        yield None if self._reporter is None else self._reporter.form

    @property
    def _error(self) -> type[Exception]:
        import sqlite3

        return sqlite3.Error

    def _opened(self) -> sqlite3.Connection:
        if self._database is None:
            import sqlite3

            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._database = sqlite3.connect(self._path, timeout=1)
            self._database.execute("PRAGMA journal_mode = WAL")
            self._database.execute("PRAGMA synchronous = NORMAL")
            self._database.execute("CREATE TABLE IF NOT EXISTS results (key BLOB PRIMARY KEY, used INTEGER, body BLOB)")
            self._database.isolation_level = None
        return self._database


def _read(body: bytes) -> Batch:
    texts, by_severity, by_rule, fixable, report = json.loads(zlib.decompress(body))
    summary = Summary()
    summary.by_severity.update(by_severity)
    summary.by_rule.update(by_rule)
    summary.fixable.update(fixable)
    summary.findings = sum(by_severity.values())
    return Batch(texts, summary, SourceReport(*report))
