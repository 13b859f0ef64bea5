"""Look-ups from the command line: whether they are wanted, how far they are, and how many questions stayed open."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from reflint.app import settings
from reflint.cli.main import DONE
from reflint.cli.progress import is_wanted, progress_bar

if TYPE_CHECKING:
    from reflint.lookup.advice import Adviser

FIRST, OFTEN, SELDOM = 3.0, 0.5, 30.0
"""Seconds before progress is told at all, between updates on a terminal, and between lines elsewhere."""

OPTIONS = (
    click.option("--online", is_flag=True, default=None, help="Ask registries (Crossref and others) as well."),
    click.option("--offline", is_flag=True, help="Send no request; only what is known from before is used."),
    click.option("--refresh", is_flag=True, help="Ask registries again what is known from before (with --online)."),
    click.option("--online-limit", metavar="TIME", help="Ask no longer than this (90s, 10m, 2h; with --online)."),
)


def online_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Gives a command the options of a look-up."""
    for option in reversed(OPTIONS):
        command = option(command)
    return command


class LookUp:
    """A run's look-up; `advisor` None: nothing is looked up."""

    def __init__(self, advisor: Adviser | None, telling: _Telling | None) -> None:
        self.advisor = advisor
        self._telling = telling

    @contextmanager
    def watching(self, sources: Sequence[str]) -> Iterator[Callable[[int], None] | None]:
        """Gives a function to tell bytes read to; shows how far the run is while it lasts."""
        if self.advisor is None:
            with progress_bar(sources) as progress:
                yield progress
            return
        yield self._telling.bytes if self._telling else None
        if self._telling is not None:
            self._telling.end()

    @property
    def unanswered(self) -> int | None:
        """How many questions no registry answered; None when nothing was looked up."""
        return None if self.advisor is None else sum(client.unanswered for client in self.advisor.clients)


@contextmanager
def look_up(chosen: settings.Settings, given: dict[str, Any], sources: Sequence[str]) -> Iterator[LookUp]:
    """The look-up that settings and options ask for. What stayed open is said on standard error at the end."""
    if given["refresh"] and (given["offline"] or not chosen["online"]):
        raise click.UsageError("--refresh asks registries again: it goes with --online, and not with --offline")
    if given["online_limit"] and not chosen["online"]:
        raise click.UsageError("--online-limit goes with --online")
    if not chosen["online"]:
        yield LookUp(None, None)
        return
    from reflint.app.online import adviser

    telling = _Telling(sources) if is_wanted() else None
    progress = telling.records if telling else None
    advisor = adviser(chosen, offline=given["offline"], refresh=given["refresh"], progress=progress)
    try:
        yield LookUp(advisor, telling)
        for text in _open_questions(advisor, chosen["online-limit"]):
            click.echo(f"reflint: {text}", err=True)
    finally:
        advisor.close()


def _open_questions(advisor: Adviser, limit: str) -> Iterator[str]:
    """What is said of questions that nobody answered, and of those for which there was no time."""
    late = sum(client.late for client in advisor.clients)
    if late:
        yield (
            f"after {limit} (online-limit) nothing more was asked: {late} questions stayed open; "
            "another run goes on from there"
        )
    for client in advisor.clients:
        if client.unanswered > client.late:
            yield f"{client.source} did not answer {client.unanswered - client.late} questions"


class _Telling:
    """Tells on standard error how far a look-up is and how long it may take; nothing of a run of a few seconds."""

    def __init__(self, sources: Sequence[str]) -> None:
        self._size = sum(Path(source).stat().st_size for source in sources if Path(source).is_file())
        self._read = 0
        self._began = self._told = time.monotonic()
        self._terminal = sys.stderr.isatty()
        self._shown = False

    def bytes(self, size: int) -> None:
        """So many more bytes are read."""
        self._read += size

    def records(self, done: int, total: int) -> None:
        """So many records are dealt with, of so many (0: nobody knows)."""
        now = time.monotonic()
        if now - self._began < FIRST or now - self._told < (OFTEN if self._terminal else SELDOM):
            return
        self._told = now
        share = done / total if total else self._read / self._size if self._size else 0.0
        text = f"{done:,} records looked up, {done / (now - self._began):.1f} a second"
        if 0 < share < 1:
            text += f", about {_duration((now - self._began) * (1 / share - 1))} left"
        click.echo(f"\r\x1b[K{text}" if self._terminal else text, err=True, nl=not self._terminal)
        self._shown = True

    def end(self) -> None:
        """Takes the line away."""
        if self._shown and self._terminal:
            click.echo("\r\x1b[K", err=True, nl=False)


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


@click.command("update-retractions")
def update_retractions_command() -> int:
    """Fetch the Retraction Watch file into the cache, for --online to know more retractions by.

    \b
    Example:
      reflint update-retractions
    """
    from reflint.app.online import update_retractions

    count = update_retractions()
    click.echo(f"{count:,} notices of Retraction Watch are known now.", err=True)
    return DONE
