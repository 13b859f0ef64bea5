"""`--watch`: which files of the sources are to be looked at, now and whenever one has changed."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from reflint.app.sources import Source, expand

_EVERY = 0.5
"""Seconds between two looks."""


def changes(sources: Sequence[str]) -> Iterator[list[str]]:
    """First the sources as they were named; then, each time, the files that are new or have changed. Never ends."""
    known = _states(sources)
    yield list(sources)
    while True:
        time.sleep(_EVERY)
        now = _states(sources)
        changed = [path for path, state in now.items() if known.get(path) != state]
        known = now
        if changed:
            yield changed


def _states(sources: Sequence[str]) -> dict[str, tuple[int, int]]:
    """The files that sources name, with what tells whether one has changed."""
    states = {}
    for source in expand(sources):
        if isinstance(source, Source) and source.path is not None:
            try:
                found = Path(source.path).stat()
            except OSError:
                continue  # gone between two looks: it is new when it comes back
            states[source.name] = (found.st_mtime_ns, found.st_size)
    return states
