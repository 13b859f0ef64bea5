"""The progress bar: on a terminal, for work that takes more than a second."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import click

DELAY = 1.0
_UNWANTED = "reflint.no-progress"
NO_PROGRESS = click.option(
    "--no-progress",
    is_flag=True,
    expose_value=False,
    callback=lambda context, _, value: context.meta.update({_UNWANTED: value}),
    help="Tell no progress.",
)


def is_wanted() -> bool:
    """Whether the command that runs is to tell of its progress (`--no-progress`)."""
    return not click.get_current_context().meta.get(_UNWANTED)


def is_watched() -> bool:
    """Whether it is to, and somebody sees it: standard error is a terminal."""
    return is_wanted() and sys.stderr.isatty()


@contextmanager
def progress_bar(sources: Sequence[str]) -> Iterator[Callable[[int], None] | None]:
    """Gives a function to tell bytes done to, or None when no bar is wanted or nobody would see it."""
    if not is_watched():
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
