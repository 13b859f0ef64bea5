"""A document under review: one record before and after, or the whole file with what was accepted."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path

from reflint.app.review import Review
from reflint.app.settings import Settings
from reflint.server.work import RESULT, SOURCE, Conflict, Work


def preview(work: Work) -> None:
    """One record as it is and as it would be."""
    body = work.body()
    work.answer(_review(work).preview(body["record"], body["accept"])._asdict())


def repaired(work: Work) -> dict[str, int]:
    """The file with the accepted findings repaired; how many were. Raises Conflict where it is never written."""
    review = _review(work)
    if not review.repairable:
        raise Conflict(f"{review.name}: {review.format} is read, never written")
    found = review.repaired(work.body()["accept"])
    (work.folder / RESULT).write_bytes(found.data)
    return {"repaired": len(found.applied)}


def _review(work: Work) -> Review:
    work.document()
    values = {name: setting.value for name, setting in work.settings.items()}
    return _made(work.arguments["document"], work.arguments["name"], json.dumps(values, sort_keys=True))


@lru_cache(maxsize=1)
def _made(folder: str, name: str, values: str) -> Review:
    """The review that was asked for last is kept: a person looks at one record of a file after another."""
    return Review((Path(folder) / SOURCE).read_bytes(), name, Settings().over(json.loads(values), "settings"))
