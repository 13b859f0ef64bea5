"""What a use case says of a source when it is done with it."""

from __future__ import annotations

from typing import NamedTuple


class SourceReport(NamedTuple):
    """What became of one source: how many records were read, how many repairs made, or why it could not be done."""

    source: str
    records: int
    format: str | None
    error: str | None = None
    repaired: int = 0
    changed: bool = False
