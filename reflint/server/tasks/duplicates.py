"""Duplicates among the records of a request."""

from __future__ import annotations

from reflint.app import duplicates
from reflint.app.sources import STDIN
from reflint.errors import SourceError
from reflint.server.tasks.checking import as_sent, source_of
from reflint.server.work import Work


def dedupe(work: Work) -> None:
    """The groups of records that belong together."""
    data, name = source_of(work.body())
    work.progress(0, len(data), "comparing")
    found = duplicates.dedupe([STDIN], stdin=data, stdin_name=name)
    if found.errors:
        raise SourceError(as_sent(found.errors[0], name))
    groups = [
        {
            "kind": group.kind,
            "ids": [record.key or record.at for record in group.records],
            "evidence": [{**evidence._asdict(), "why": list(evidence.why)} for evidence in group.evidence],
        }
        for group in found.groups
    ]
    work.answer({"groups": groups})
