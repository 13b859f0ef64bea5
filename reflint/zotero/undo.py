"""Undo: a plan that takes a run back, made from its journal."""

from __future__ import annotations

from typing import Any

from reflint.errors import SourceError
from reflint.zotero.moving import Kind
from reflint.zotero.plan import AnyLine, Header, Line, Plan, snapshot_hash
from reflint.zotero.runs import Run
from reflint.zotero.steps import Step
from reflint.zotero.web import Web

_REVERSE: dict[Kind, Kind] = {"merge": "unmerge", "unmerge": "merge"}


def plan_of(run: Run, web: Web, user: int, tool: str) -> Plan:
    """For each item the run wrote, its old values, while ours still stand; whatever was changed since is left out when
    the plan is applied, and reported.

    Raises SourceError when the run wrote nothing, left items in doubt, or is not of the plan in its folder any more.
    """
    done = run.plan()
    state = run.state(done, run.events())
    if state.those("in doubt"):
        raise SourceError(f"{run.id}: some items were sent without an answer; `reflint resume {run.id}` first")
    lines: list[AnyLine] = []
    for key in state.those("applied"):
        line, standing = done.lines[key], state.items[key]
        back: dict[str, Any] = {
            "version": standing.version,
            "set": {name: line.expect[name] for name in standing.fields},
            "expect": {name: line.set[name] for name in standing.fields},
        }
        if isinstance(line, Step):
            lines.append(Step.model_validate(line.model_dump() | back | {"type": _REVERSE[line.type]}))
        else:
            given = line.model_dump(include={"key", "itemType", "rules", "confidence"})
            lines.append(Line.model_validate(given | back))
    if not lines:
        raise SourceError(f"{run.id}: this run wrote nothing that could be undone")
    versions, lmv = web.versions()
    header = Header(
        library=done.header.library,
        lmv=lmv,
        userID=user,
        tool=tool,
        rules=done.header.rules,
        schema_version=done.header.schema_version,
        snapshot_sha256=snapshot_hash(versions),
        undoes=run.id,
        server=done.header.server,
        kind=_REVERSE[done.header.kind] if done.header.kind else None,
    )
    return Plan(header, lines)
