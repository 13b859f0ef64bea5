"""Suppressions: findings that somebody saw and left, said on the record, in the settings, or in a baseline."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from reflint.engine.pack import Rule, matching
from reflint.errors import ConfigError, SourceError
from reflint.model.finding import Finding
from reflint.model.identifiers import doi_key
from reflint.model.record import Record, Span

MARK = "reflint:ignore["
_MARK_BYTES = MARK.encode()
_TAG = re.compile(r"reflint:ignore\[([^\]]*)\]")
_COMMENT = re.compile(rb"[ \t]*#[ \t]*reflint:[ \t]*ignore\[([^\]]*)\]")
_KEY_FIELD = "ID"
"""RIS has its key in a field."""
UNUSED = "REF003"
_SLUG = "unused-suppression"


class Comment(NamedTuple):
    """A line `# reflint: ignore[DOI001] why` before a RIS record: its line number and the codes it names."""

    line: int
    codes: str
    width: int


class Entry(NamedTuple):
    """A suppression of the settings: rules, and the record (by DOI or key) or single finding (by fingerprint)."""

    rules: tuple[str, ...]
    doi: str = ""
    key: str = ""
    fingerprint: str = ""


def comment_in(lines: Iterable[bytes], first: int) -> Comment | None:
    """The last suppressing comment among lines, the first of which has the number `first`."""
    found = None
    for number, line in enumerate(lines, first):
        match = _COMMENT.match(line)
        if match:
            found = Comment(number, match[1].decode("utf-8", "replace"), len(line.decode("utf-8", "replace").rstrip()))
    return found


class Suppressions:
    """What is suppressed among the findings of given rules; `entries` are those of the settings."""

    def __init__(self, rules: tuple[Rule, ...], entries: Iterable[Entry] = ()) -> None:
        self._rules = rules
        self._entries = tuple(entries)
        self._ids = lru_cache(maxsize=1_000)(self._find)

    def concern(self, record: Record) -> bool:
        """Whether anything may be suppressed in a record; asked of every record, so told from its bytes."""
        if self._entries or getattr(record.place, "comment", None) is not None:
            return True
        raw = getattr(record.place, "raw", None)
        if isinstance(raw, bytes):
            return b"[" in raw and _MARK_BYTES in raw  # one rare character is found far faster than a word
        return any(MARK in value for value in record.values)

    def _find(self, code: str) -> frozenset[str]:
        """The rules at work that a code, prefix or slug names; none for one that is not at work."""
        try:
            return frozenset(rule.id for rule in matching(self._rules, code))
        except ConfigError:
            return frozenset()

    def hold(self, finding: Finding) -> bool:
        """Whether the settings suppress this single finding."""
        return any(
            entry.fingerprint == finding.fingerprint and finding.rule in frozenset().union(*map(self._ids, entry.rules))
            for entry in self._entries
            if entry.fingerprint
        )

    def left(self, record: Record, findings: list[Finding]) -> list[Finding]:
        """The findings of a record that nobody has suppressed, and one for each suppression that suppresses nothing."""
        kept = [finding for finding in findings if not finding.value.startswith(MARK)]
        for entry in self._entries:
            if self._is_about(entry, record):
                ids = frozenset().union(*map(self._ids, entry.rules))
                kept = [
                    f for f in kept if f.rule not in ids or (entry.fingerprint and entry.fingerprint != f.fingerprint)
                ]
        unused = []
        comment = getattr(record.place, "comment", None)
        said: list[tuple[str, int | None]] = [
            (codes[1], position)
            for position, value in enumerate(record.values)
            if MARK in value
            for codes in _TAG.finditer(value)
        ]
        if comment is not None:
            said.append((comment.codes, None))
        for codes, position in said:
            for code in codes.replace(",", " ").split():
                ids = self._ids(code)
                left = [finding for finding in kept if finding.rule not in ids]
                if ids and len(left) == len(kept):
                    unused.append(_unused(record, code, position, comment))
                kept = left
        return kept + unused

    @staticmethod
    def _is_about(entry: Entry, record: Record) -> bool:
        if entry.key:
            return entry.key in (record.key, record.first(_KEY_FIELD))
        if entry.doi:
            return record.format.identity(record) == doi_key(entry.doi)
        return True


def _unused(record: Record, code: str, position: int | None, comment: Comment | None) -> Finding:
    message = f"{code} is ignored here, but finds nothing: the suppression can go"
    place = None
    if position is None and comment is not None:
        place = Span(comment.line, 1, comment.line, comment.width + 1)
    return Finding(UNUSED, _SLUG, "info", message, record, position, place=place)


_HERE = Path()

LookedFor = Callable[[Mapping[str, Any]], bool]
"""Whether a check would have met the finding of a row of a baseline."""


class Baseline:
    """Findings that were there before, by source and fingerprint: how many of each are still to be expected.

    Rows name files from `folder`, that of the baseline. Those of version 1 name them from the working folder, and a
    finding has one row, with the first of the sources that it stands in; they hold for any source.
    """

    def __init__(self, findings: Iterable[Mapping[str, Any]], version: int = 2, folder: Path = _HERE) -> None:
        self.folder = folder if version > 1 else _HERE
        self._version = version
        self._called = cache(self._find)
        self._rows = {self._key(str(row.get("source")), str(row["fingerprint"])): dict(row) for row in findings}
        self._expected = Counter({key: int(row.get("count", 1)) for key, row in self._rows.items()})
        self._seen: Counter[tuple[str, str]] = Counter()

    @classmethod
    def of(cls, document: object, folder: Path = _HERE) -> Baseline:
        """The baseline of a JSON document. Raises SourceError when it is none."""
        version, rows = (document.get("version"), document.get("findings")) if isinstance(document, dict) else (0, None)
        if (
            version not in (1, 2)
            or not isinstance(rows, list)
            or not all(isinstance(r, dict) and isinstance(r.get("fingerprint"), str) for r in rows)
        ):
            raise SourceError("is no baseline of reflint (version 1 or 2)")
        return cls(rows, version, folder)

    def _key(self, source: str, fingerprint: str) -> tuple[str, str]:
        return source if self._version > 1 else "", fingerprint

    def _find(self, source: str) -> str:
        """The name that rows have for a source: for a file its path from the baseline's folder."""
        if not Path(source).exists():
            return source
        path, folder = Path(source).resolve(), self.folder.resolve()
        with suppress(ValueError):  # on another drive
            return Path(os.path.relpath(path, folder)).as_posix()
        return path.as_posix()

    def holds(self, finding: Finding) -> bool:
        """Whether a finding was there before; each is counted once."""
        key = self._key(self._called(finding.source), finding.fingerprint)
        self._seen[key] += 1
        return self._seen[key] <= self._expected[key]

    def add(self, finding: Finding) -> None:
        """Takes a finding in."""
        source = self._called(finding.source)
        key = self._key(source, finding.fingerprint)
        row = self._rows.setdefault(
            key,
            {
                "rule": finding.rule,
                "fingerprint": finding.fingerprint,
                "source": source,
                "message": finding.message,
                "count": 0,
            },
        )
        row["count"] += 1
        self._expected[key] += 1

    def gone(self, looked_for: LookedFor) -> int:
        """How many of the expected findings were not met, of those that were looked for."""
        return sum(count for key, count in (self._expected - self._seen).items() if looked_for(self._rows[key]))

    def __len__(self) -> int:
        return sum(self._expected.values())

    def document(self, looked_for: LookedFor = lambda row: False) -> dict[str, Any]:
        """The baseline as JSON, sorted so that a change shows as few lines, less what was looked for and not met."""
        rows = []
        for key, row in self._rows.items():
            count = min(self._expected[key], self._seen[key]) if looked_for(row) else self._expected[key]
            if count:
                rows.append({**row, "count": count})
        rows.sort(key=lambda row: (str(row.get("source")), str(row.get("rule")), row["fingerprint"]))
        return {"version": self._version, "findings": rows}
