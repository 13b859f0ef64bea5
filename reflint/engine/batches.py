"""Items taken some hundred at a time, so that one test after the other can be put to all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

T = TypeVar("T")

_MOST = 500  # with more, their texts are out of the processor's caches before the last test has seen them
_ROOM = 1 << 20
"""Bytes of items in a batch: few enough to hold, many enough that a test, once at work, stays at it."""


def batches(items: Iterable[T], size: Callable[[T], int] = lambda item: 0) -> Iterator[list[T]]:
    """The items in lists of at most 500, or fewer large ones; `size`: an item's bytes.

    When the items break off with an error, those before it come first.
    """
    batch: list[T] = []
    held = 0
    try:
        for item in items:
            batch.append(item)
            held += size(item)
            if held >= _ROOM or len(batch) >= _MOST:
                yield batch
                batch, held = [], 0
    except Exception:
        if batch:
            yield batch
        raise
    if batch:
        yield batch
