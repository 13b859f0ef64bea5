"""What a task works on: a private folder, its arguments, and somebody who hears how it goes on."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self

from reflint.app.settings import Settings
from reflint.errors import ReflintError, SourceError

BODY, SOURCE, EVENTS, RESULT = "body.json", "source", "events.jsonl", "result.json"
_PAUSE = 0.2
"""Seconds between two reports of progress."""


class Conflict(ReflintError):  # noqa: N818  (what HTTP calls it)
    """What is asked for cannot be done with this file, however it is asked."""


class Work:
    """One task: `folder` is its own; events go into a file there, a line each, and `say` tells that there are more."""

    def __init__(
        self,
        folder: Path,
        arguments: dict[str, Any],
        say: Callable[[dict[str, Any]], None],
        clock: Callable[[], float],
    ) -> None:
        self.folder = folder
        self.arguments = arguments
        self._say = say
        self._clock = clock
        self._file: BinaryIO | None = None
        self._next = 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            self._file.close()

    @property
    def settings(self) -> Settings:
        """The backend's settings with those of the request over them. Raises ConfigError."""
        base = Settings().over(self.arguments.get("settings", {}), "the backend's settings")
        return base.over(self.arguments.get("config") or {}, "config")

    def body(self) -> dict[str, Any]:
        """The JSON body of the request, which was checked before it came here."""
        found: dict[str, Any] = json.loads((self.folder / BODY).read_bytes())
        return found

    def document(self) -> bytes:
        """The bytes of the document that it is about. Raises SourceError when it was deleted meanwhile."""
        try:
            return (Path(self.arguments.get("document", self.folder)) / SOURCE).read_bytes()
        except FileNotFoundError:
            raise SourceError("the document was deleted meanwhile") from None

    def answer(self, found: object) -> None:
        """The result, as one JSON document."""
        (self.folder / RESULT).write_text(json.dumps(found))

    def event(self, name: str, data: dict[str, Any]) -> None:
        """Something to be told to whoever listens."""
        if self._file is None:
            self._file = (self.folder / EVENTS).open("ab")
        self._file.write(json.dumps({"event": name, "data": data}).encode() + b"\n")

    def progress(self, done: int, total: int, phase: str) -> None:
        """How far it is; told a few times a second at most."""
        now = self._clock()
        if now < self._next:
            return
        self._next = now + _PAUSE
        facts = {"done": done, "total": total, "phase": phase}
        self.event("progress", facts)
        assert self._file is not None
        self._file.flush()
        self._say({"progress": facts})

    @staticmethod
    def status_of(error: ReflintError) -> int:
        """The HTTP status that an error of ours has."""
        return 409 if isinstance(error, Conflict) else 422
