"""Items that are not as the plan says: written to meanwhile, gone, or sent without an answer."""

from __future__ import annotations

from reflint.zotero.journal import Event
from reflint.zotero.plan import AnyLine, Line
from reflint.zotero.propose import Relint
from reflint.zotero.selection import Protection, untouchable
from reflint.zotero.state import Standing
from reflint.zotero.steps import Step
from reflint.zotero.values import same
from reflint.zotero.web import Item

MOST = 3
"""How often one item is rebased before it is left to whoever keeps changing it."""


def hindrance(line: AnyLine, item: Item, protection: Protection) -> str:
    """Why an item is not written as its line says, whatever its version; `""` when it may be."""
    if isinstance(line, Line):
        return untouchable(item, protection)
    may_be_trashed = line.role == "child" or (line.role == "loser" and line.type == "unmerge")
    return untouchable(item, protection, child=line.role == "child", trashed=may_be_trashed)


def of_conflict(line: AnyLine, item: Item, rebased: int, relint: Relint | None, protection: Protection) -> Event:
    """What becomes of an item that has another version than the plan's: an outcome for the journal.

    rebased (may be written at its new version), already (somebody made the change), conflict (left alone).
    """
    data = item["data"]
    why = hindrance(line, item, protection)
    if why:
        return {"outcome": "conflict", "why": why}
    if isinstance(line, Step) and line.strict:
        return {"outcome": "conflict", "why": "changed by somebody meanwhile; it is not merged"}
    if all(same(name, value, data.get(name, "")) for name, value in line.set.items()):
        return {"outcome": "already", "version": item["version"]}
    if rebased >= MOST:
        return {"outcome": "conflict", "why": f"changed by others {rebased + 1} times while it was to be written"}
    held = [name for name in line.set if same(name, line.expect[name], data.get(name, ""))]
    lost = [name for name in line.set if name not in held]
    if relint is None and held:  # an undo: what is still ours goes back
        note = {"why": f"{', '.join(lost)} was changed again and stays"} if lost else {}
        return {"outcome": "rebased", "version": item["version"], "fields": held, **note}
    if lost:
        return {"outcome": "conflict", "why": f"{', '.join(lost)} was changed by somebody meanwhile"}
    if relint is not None and isinstance(line, Line):
        now = relint(tuple(line.rules), item)
        if now is None or not _alike(line, now):
            return {"outcome": "conflict", "why": "the item was changed; the rules no longer propose this repair"}
    return {"outcome": "rebased", "version": item["version"]}


def of_doubt(
    line: AnyLine, item: Item | None, standing: Standing, relint: Relint | None, protection: Protection
) -> Event:
    """What became of an item that was sent without an answer: `again` when it stands as it did before."""
    if item is None:
        return {"outcome": "gone", "why": "deleted"}
    if item["version"] == standing.version:
        return {"outcome": "again"}
    ours = [name for name, value in line.set.items() if same(name, value, item["data"].get(name, ""))]
    if ours:  # who else would have set just these? What is not ours any more was changed since
        lost = [name for name in line.set if name not in ours]
        note = {"why": f"{', '.join(lost)} was changed by somebody since"} if lost else {}
        return {"outcome": "applied", "version": item["version"], "fields": ours, **note}
    return of_conflict(line, item, standing.rebased, relint, protection)


def _alike(line: Line, other: Line) -> bool:
    """Whether two lines make the same change."""
    return line.set.keys() == other.set.keys() and all(same(k, v, other.set[k]) for k, v in line.set.items())
