"""What a use case says of a source when it is done with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple


class SourceReport(NamedTuple):
    """What became of one source: how many records were read, how many repairs made, or why it could not be done.

    `manuscript`: counts of citations, works and entries, as the contract has them; None of other sources.
    """

    source: str
    records: int
    format: str | None
    error: str | None = None
    repaired: int = 0
    changed: bool = False
    manuscript: Mapping[str, Any] | None = None
