"""The journal of a run: append only, each line numbered, checked and on the disk before anything depends on it."""

from __future__ import annotations

import json
import os
import zlib
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any

from reflint.errors import SourceError

Event = dict[str, Any]


class Journal:
    """Appends events to a journal file, each flushed to the disk before `write` returns.

    Opening cuts off a last line that was torn by a crash: an event that was not on the disk did not happen. Raises
    SourceError when the file cannot be opened, or is damaged.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.events, whole = _read(path) if path.exists() else ([], 0)
        try:
            self._file = path.open("ab")
            self._file.truncate(whole)
        except OSError as error:
            raise SourceError(f"{path}: the journal cannot be written: {error.strerror or error}") from None

    def write(self, event: Event) -> None:
        """Appends an event. Raises SourceError when it cannot be made durable; then nothing may be sent."""
        text = json.dumps(event, ensure_ascii=False, separators=(",", ":"))
        number = len(self.events)
        row = json.dumps({"seq": number, "crc32": _crc(number, text), "event": event}, ensure_ascii=False)
        try:
            self._file.write(row.encode() + b"\n")
            self._file.flush()
            os.fsync(self._file.fileno())
        except OSError as error:
            raise SourceError(f"{self.path}: the journal cannot be written: {error.strerror or error}") from None
        self.events.append(event)

    def close(self) -> None:
        """Closes the file."""
        with suppress(OSError):  # of what the disk did not take, `write` has told
            self._file.close()

    def __enter__(self) -> Journal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def read(path: Path) -> list[Event]:
    """The events of a journal, without a torn last line. Raises SourceError when a line before it is damaged."""
    return _read(path)[0]


def _read(path: Path) -> tuple[list[Event], int]:
    """The events, and how many bytes of the file they fill."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise SourceError(f"{path}: {error.strerror or error}") from None
    events: list[Event] = []
    whole = 0
    rows = data.splitlines(keepends=True)
    for number, row in enumerate(rows):
        event = _event(row, number)
        if event is None:
            if number < len(rows) - 1:
                raise SourceError(f"{path}: line {number + 1} is damaged; the run cannot be trusted to this journal")
            break
        events.append(event)
        whole += len(row)
    return events, whole


def _event(row: bytes, number: int) -> Event | None:
    if not row.endswith(b"\n"):
        return None
    try:
        line = json.loads(row)
        event: Event = line["event"]
        text = json.dumps(event, ensure_ascii=False, separators=(",", ":"))
        return event if line["seq"] == number and line["crc32"] == _crc(number, text) else None
    except (ValueError, KeyError, TypeError):
        return None


def _crc(number: int, text: str) -> int:
    return zlib.crc32(f"{number} {text}".encode())
