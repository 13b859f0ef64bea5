"""A Library: the records of one source, with what is needed to write it back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from reflint.model.record import Record


class Library(Protocol):
    """What every format's `read` returns: iterable over Records, with a length.

    `write(library)` of the same format gives back the bytes it was read from.
    """

    format: str
    name: str | None

    def __iter__(self) -> Iterator[Record]: ...

    def __len__(self) -> int: ...
