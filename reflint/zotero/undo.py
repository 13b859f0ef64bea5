"""Undo: a plan that takes a run back, made from its journal."""

from __future__ import annotations

from reflint.errors import SourceError
from reflint.zotero.plan import Header, Line, Plan, snapshot_hash
from reflint.zotero.runs import Run
from reflint.zotero.web import Web


def plan_of(run: Run, web: Web, user: int, tool: str) -> Plan:
    """For each item the run wrote, its old values, while ours still stand; whatever was changed since is left out when
    the plan is applied, and reported. Raises SourceError when the run wrote nothing.
    """
    done = run.plan()
    state = run.state()
    if state.those("in doubt"):
        raise SourceError(f"{run.id}: some items were sent without an answer; `reflint resume {run.id}` first")
    lines = []
    for key in state.those("applied"):
        line, standing = done.lines[key], state.items[key]
        lines.append(
            Line(
                key=key,
                itemType=line.itemType,
                version=standing.version,
                set={name: line.expect[name] for name in standing.fields},
                expect={name: line.set[name] for name in standing.fields},
                rules=line.rules,
                confidence=line.confidence,
            )
        )
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
    )
    return Plan(header, lines)
