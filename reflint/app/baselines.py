"""The use cases on baselines: read one, write what is found now, drop what is found no more."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from reflint.app.checking import Event
from reflint.app.reports import SourceReport
from reflint.app.writing import Replacement
from reflint.engine.suppress import Baseline, LookedFor
from reflint.errors import SourceError
from reflint.model.finding import Finding


def read(path: Path) -> Baseline:
    """The baseline in a file. Raises SourceError when it cannot be read or is none."""
    try:
        return Baseline.of(json.loads(path.read_bytes()), path.parent)
    except OSError as error:
        raise SourceError(f"{path}: {error.strerror or error}") from None
    except (ValueError, SourceError) as error:
        raise SourceError(f"{path}: {error if isinstance(error, SourceError) else 'is not JSON'}") from None


def write(path: Path, events: Iterable[Event]) -> tuple[int, list[str]]:
    """Writes all findings of a check as a baseline; how many, and what kept a source from being read."""
    baseline = Baseline([], folder=path.parent)
    errors = []
    for event in events:
        if isinstance(event, Finding):
            baseline.add(event)
        elif isinstance(event, SourceReport) and event.error:
            errors.append(event.error)
    if not errors:
        _save(path, baseline.document())
    return len(baseline), errors


def prune(path: Path, events: Iterable[Event], sources: Iterable[str]) -> tuple[int, list[str]]:
    """Drops what a check of sources finds no more from a baseline; how many, and what kept a source from being read.

    A baseline is left as it is when a source could not be read: what was not looked at is not gone.
    """
    baseline = read(path)
    errors = []
    for event in events:
        if isinstance(event, Finding):
            baseline.holds(event)
        elif isinstance(event, SourceReport) and event.error:
            errors.append(event.error)
    about = within(sources, baseline.folder)
    gone = baseline.gone(about)
    if gone and not errors:
        _save(path, baseline.document(about))
    return gone, errors


def within(sources: Iterable[str], folder: Path) -> LookedFor:
    """Whether a row is about one of the sources, or about what is (or was) in a folder among them.

    `folder`: where the rows' paths start (see Baseline).
    """
    sources = set(sources)
    folders = {Path(source).resolve() for source in sources}

    def is_within(row: Mapping[str, Any]) -> bool:
        source = str(row.get("source", ""))
        path = (folder / source).resolve()
        return source in sources or not folders.isdisjoint((path, *path.parents))

    return is_within


def _save(path: Path, document: Mapping[str, Any]) -> None:
    text = json.dumps(document, ensure_ascii=False, indent=1) + "\n"
    with Replacement(path, None) as new:
        new.write(text.encode("utf-8", "replace"))
        new.commit()
