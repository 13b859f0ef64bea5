"""What Python programs call: check, fix and read, on a path or on bytes."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from reflint.app import checking
from reflint.app.reports import SourceReport
from reflint.app.rules import build_engine
from reflint.app.settings import Settings
from reflint.app.sources import MANUSCRIPTS, STDIN, Source, format_of, head_of
from reflint.errors import SourceError
from reflint.formats.library import Library
from reflint.model.finding import Finding


class Repair(NamedTuple):
    """What `fix` did: the repaired bytes, how many repairs, and the findings that are left."""

    data: bytes
    repaired: int
    left: list[Finding]


def _settings(profile: str, select: Iterable[str], ignore: Iterable[str]) -> Settings:
    changes = {"profile": profile, "select": list(select), "ignore": list(ignore)}
    return Settings().over(changes, "reflint.check")


def check(
    source: str | Path | bytes, *, profile: str = "recommended", select: Iterable[str] = (), ignore: Iterable[str] = ()
) -> list[Finding]:
    """What is wrong with the references in a file or folder (a path), or in the bytes of a file.

    Settings files are not read. Raises SourceError for what cannot be read, ConfigError for a rule that does not exist.
    """
    engine = build_engine(_settings(profile, select, ignore))
    arguments, stdin = ([STDIN], source) if isinstance(source, bytes) else ([str(source)], None)
    findings: list[Finding] = []
    for event in checking.check(arguments, engine, stdin=stdin):
        if isinstance(event, Finding):
            findings.append(event)
        elif isinstance(event, SourceReport) and event.error:
            raise SourceError(event.error)
    return findings


def fix(
    source: str | Path | bytes,
    *,
    unsafe: bool = False,
    write: bool = False,
    profile: str = "recommended",
    select: Iterable[str] = (),
    ignore: Iterable[str] = (),
) -> Repair:
    """Repairs the references in a file (a path) or in its bytes; the file itself changes only with `write`.

    Raises SourceError for what cannot be read or written.
    """
    import io

    from reflint.app.writing import Replacement, version_of

    engine = build_engine(_settings(profile, select, ignore), repairing=True)
    safeties = ("safe", "unsafe") if unsafe else ("safe",)
    path = None if isinstance(source, bytes) else Path(source)
    seen = version_of(path) if path is not None else None
    data = source if isinstance(source, bytes) else Source(str(source), path).read()
    output = io.BytesIO()
    left: list[Finding] = []
    repaired = 0
    name = STDIN if path is None else str(path)
    for event in checking.fix([STDIN], engine, safeties, stdin=data, stdin_name=name, output=output):
        if isinstance(event, Finding):
            left.append(event)
        elif isinstance(event, SourceReport):
            if event.error:
                raise SourceError(event.error)
            repaired = event.repaired
    if write and path is not None and output.getvalue() != data:
        with Replacement(path, seen) as new:
            new.write(output.getvalue())
            new.commit()
    return Repair(output.getvalue(), repaired, left)


def read(source: str | Path | bytes, *, name: str | None = None) -> Library:
    """The records of a file (a path) or of its bytes, in whichever format they are; of a manuscript the cited works.

    Raises SourceError when it cannot be read or is no format that reflint knows.
    """
    import io

    path = None if isinstance(source, bytes) else Path(source)
    label = name or (str(path) if path else STDIN)
    data = source if isinstance(source, bytes) else Source(label, path).read()
    format = format_of(label, head_of(io.BytesIO(data)))
    if format == "csl":
        from reflint.formats import csl

        return csl.read(data, name=label)
    if format == "zotero":
        from reflint.formats import zotero

        return zotero.read(data, name=label)
    if format in MANUSCRIPTS:
        from reflint.app import manuscripts
        from reflint.formats import csl

        works = manuscripts.open_manuscript(Source(label, None, data)).works
        return csl.read(json.dumps([work.item for work in works]).encode(), name=label)
    if format == "nbib":
        from reflint.formats import nbib

        return nbib.read(data, name=label)
    from reflint.formats import ris

    library = ris.read(data, name=label)
    other = ris.recognise(head_of(io.BytesIO(data)), has_records=len(library) > 0)
    if other:
        raise SourceError(f"{label}: this is {other}")
    return library
