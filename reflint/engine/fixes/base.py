"""What a fix is: a function of a record and a hit that proposes edits."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from reflint.engine.checks.base import Hit, Scope
from reflint.engine.wording import wording
from reflint.errors import PackError
from reflint.model.edit import Edit, Fix
from reflint.model.record import Record

Editor = Callable[[Record, Hit, int | None], tuple[Edit, ...]]
"""The edits for a hit at the position of a field in the record (None: the record itself)."""
Proposal = Callable[[Record, Hit, int | None], Fix | None]
"""What a rule's fix proposes for a hit at a position."""
FixFactory = Callable[[Mapping[str, Any], Scope], Editor]
FIXES: dict[str, FixFactory] = {}


def fix(name: str) -> Callable[[FixFactory], FixFactory]:
    """Registers a fix primitive under the name that rules use."""

    def register(factory: FixFactory) -> FixFactory:
        FIXES[name] = factory
        return factory

    return register


def build_fix(params: Mapping[str, Any], scope: Scope, rule: str) -> Proposal:
    """The fix that a rule file names. It answers None where this hit has no repair, and no edits where only a look-up
    can say them."""
    factory = FIXES.get(str(params.get("use")))
    if factory is None:
        raise PackError(f"{rule}: unknown fix primitive {params.get('use')!r}")
    editor = factory(params, scope)
    safety = str(params["safety"])
    title = str(params.get("title", ""))
    words = wording(title, rule, "fix.title", ("field", "note"))

    def propose(record: Record, hit: Hit, position: int | None) -> Fix | None:
        edits = hit.edits or editor(record, hit, position)
        trust = hit.safety or safety
        if not edits and trust != "lookup":
            return None
        said = words(record, hit, position) if words is not None else title or _what_is_done(edits)
        return Fix(said, trust, edits)  # type: ignore[arg-type]

    return propose


def _what_is_done(edits: tuple[Edit, ...]) -> str:
    if not edits:
        return "Look it up in a registry (--online)"
    edit = edits[0]
    did = _DONE[edit.op]
    return f"{did} {edit.field} to {edit.to}" if edit.op == "move" else f"{did} {edit.field}"


_DONE = {"set": "Rewrite", "delete": "Delete", "insert": "Insert", "move": "Rename"}
