"""Zotero libraries: read, checked, planned for. Nothing here writes to them."""

from __future__ import annotations

from typing import Any

from reflint.app import checking as checks
from reflint.app import libraries, patches
from reflint.app.libraries import Connection
from reflint.server.tasks.checking import Checked, engine_of
from reflint.server.work import Work


def check(work: Work) -> dict[str, Any]:
    """Checks a library; the result is the JSON model."""
    library = work.body()["library"]
    Checked(work, library).write_events(checks.check([library], engine_of(work.settings), connection=_connection(work)))
    return {"format": "zotero"}


def plan(work: Work) -> None:
    """What the rules would change in a library, as lines of a plan."""
    body = work.body()
    settings = work.settings
    safeties = ("safe", "unsafe") if body.get("unsafe") else ("safe",)
    engine = engine_of(settings, repairing=True)
    planned = libraries.make_plan(body["library"], engine, safeties, settings, _connection(work))
    lines = [line.model_dump() for line in planned.plan.lines.values()]
    work.answer({"library": body["library"], "lines": lines, "titles": planned.titles})


def apply_dry(work: Work) -> None:
    """What would become of patches."""
    body = work.body()
    found = patches.plan_of(body["library"], changes_of(body), work.settings, Connection())
    work.answer({"applied": list(found.plan.lines), "skipped": skipped(found.skipped), "undo": None})


def undo_dry(work: Work) -> None:
    """What would become of taking a run back."""
    found = patches.fitting(libraries.plan_undo(work.body()["run"], Connection()), Connection())
    work.answer({"reverted": list(found.plan.lines), "skipped": skipped(found.skipped)})


def changes_of(body: dict[str, Any]) -> list[patches.Change]:
    """The patches of a request."""
    return [
        patches.Change(
            patch["record"],
            patch["version"],
            {op["field"]: op["before"] for op in patch["ops"]},
            {op["field"]: op["after"] for op in patch["ops"]},
            tuple(patch.get("rules", ())),
        )
        for patch in body["patches"]
    ]


def skipped(reasons: dict[str, str]) -> list[dict[str, str]]:
    """Items that are not written, as a client is told."""
    return [{"key": key, "reason": reason} for key, reason in reasons.items()]


def _connection(work: Work) -> Connection:
    return Connection(reading=lambda done, total: work.progress(done, total, "reading items"))
