"""The progress bar: on a terminal, for work that takes more than a second."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

DELAY = 1.0


@contextmanager
def progress_bar(sources: Sequence[str], *, enabled: bool) -> Iterator[Callable[[int], None] | None]:
    """Gives a function to tell bytes done to, or None when no bar is wanted or nobody would see it."""
    if not enabled or not sys.stderr.isatty():
        yield None
        return
    bar = _Bar(sum(Path(source).stat().st_size for source in sources if Path(source).is_file()))
    try:
        yield bar.advance
    finally:
        bar.stop()


class _Bar:
    def __init__(self, total: int) -> None:
        self._total = total
        self._done = 0
        self._began = time.monotonic()
        self._progress: object = None

    def advance(self, size: int) -> None:
        """Counts bytes; shows the bar once a second has gone by."""
        self._done += size
        if self._progress is None:
            if time.monotonic() - self._began < DELAY:
                return
            from rich.console import Console
            from rich.progress import Progress

            progress = Progress(console=Console(stderr=True), transient=True)
            self._task = progress.add_task("reading", total=self._total or None)
            progress.start()
            self._progress = progress
        self._progress.update(self._task, completed=self._done)  # type: ignore[attr-defined]

    def stop(self) -> None:
        """Takes the bar away."""
        if self._progress is not None:
            self._progress.stop()  # type: ignore[attr-defined]
