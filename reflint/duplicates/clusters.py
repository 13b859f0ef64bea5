"""Works that are the same, gathered: the surest pairs first, and never two that may not be one."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from reflint.duplicates.decide import Verdict


class Edge(NamedTuple):
    """Two works, by their numbers, and what they are to each other."""

    one: int
    other: int
    verdict: Verdict


def clusters(
    edges: Iterable[Edge], vetoed: Callable[[int, int], bool], rank: Callable[[int], tuple[object, ...]]
) -> list[list[int]]:
    """The groups of works that edges of the same work connect, each sorted.

    Edges are taken by their scores, the surest first; one that would bring a vetoed pair into a group is left out.
    `rank` orders works by what they are, not by where they stand, so that the order of the input changes nothing.
    """
    group_of: dict[int, list[int]] = {}

    def order(edge: Edge) -> tuple[float, list[tuple[object, ...]]]:
        return -edge.verdict.score, sorted([rank(edge.one), rank(edge.other)])

    for edge in sorted(edges, key=order):
        one = group_of.setdefault(edge.one, [edge.one])
        other = group_of.setdefault(edge.other, [edge.other])
        if one is other or any(vetoed(a, b) for a in one for b in other):
            continue
        fewer, more = sorted((one, other), key=len)
        more += fewer
        for number in fewer:
            group_of[number] = more
    unique = {id(group): group for group in group_of.values()}
    return [sorted(group) for group in unique.values() if len(group) > 1]
