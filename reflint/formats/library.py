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


class Kept:
    """The records of one text whose bytes are kept as they were: the Library of formats that are read as a whole."""

    def __init__(self, data: bytes, name: str | None, records: list[Record]) -> None:
        self.data = data
        self.name = name
        self._records = records

    def __iter__(self) -> Iterator[Record]:
        return iter(self._records)

    def __len__(self) -> int:
        return len(self._records)

    def __getitem__(self, index: int) -> Record:
        return self._records[index]

    def __bytes__(self) -> bytes:
        return self.data
