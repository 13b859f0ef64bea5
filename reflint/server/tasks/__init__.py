"""What worker processes do, each a function of a `Work`; none knows of HTTP."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from reflint.server.tasks import checking, duplicates, fixing, libraries, reviewing
from reflint.server.work import Work

TASKS: dict[str, Callable[[Work], dict[str, Any] | None]] = {
    "warm": checking.warm,
    "lint": checking.lint,
    "document": checking.document,
    "annotated": checking.annotated,
    "fix": fixing.fix,
    "patch": fixing.patch,
    "preview": reviewing.preview,
    "repaired": reviewing.repaired,
    "dedupe": duplicates.dedupe,
    "zotero-check": libraries.check,
    "zotero-plan": libraries.plan,
    "zotero-apply-dry": libraries.apply_dry,
    "zotero-undo-dry": libraries.undo_dry,
}
