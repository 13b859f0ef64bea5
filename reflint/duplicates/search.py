"""Duplicates among any number of records: works are added one by one, groups come out with their evidence."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from functools import cache, lru_cache
from hashlib import blake2b
from typing import NamedTuple

from reflint.duplicates.clusters import Edge, clusters
from reflint.duplicates.decide import Kind, Verdict, decide, vetoed
from reflint.duplicates.index import Index
from reflint.duplicates.work import Work

Apart = frozenset[str]
"""The fingerprints of two works (one, if both have the same) that a person has said are not duplicates."""


class Evidence(NamedTuple):
    """What two members of a group (their positions in it) are to each other, how sure that is, and why."""

    a: int
    b: int
    score: float
    why: tuple[str, ...]


class Group(NamedTuple):
    """Works that belong together: all the same work, or two that are related. `members` are their numbers, sorted."""

    kind: Kind
    members: tuple[int, ...]
    evidence: tuple[Evidence, ...]


class Found(NamedTuple):
    """The groups of a run, those of the same work first, and the decisions that no pair of works bears any more."""

    groups: list[Group]
    idle: list[Apart]


def fingerprint(work: Work) -> str:
    """16 hex digits by which a work is known again in other exports: title, first author, year, place, identifiers."""
    told = (work.title, work.authors[:1], work.year, work.volume, work.first, work.doi, work.pmid, work.isbns)
    return blake2b(repr(told).encode("utf-8", "replace"), digest_size=8).hexdigest()


def search(index: Index, apart: Collection[Apart] = ()) -> Found:
    """All groups among the works of an index. The same for any order of the works, but for their numbers."""
    kept_apart = _Apart(apart)
    same: list[Edge] = []
    related: list[Edge] = []
    for one, other in index.candidates():
        verdict = decide(index.work(one), index.work(other))
        if verdict.kind != "different" and not kept_apart(index.work(one), index.work(other)):
            (same if verdict.kind == "same" else related).append(Edge(one, other, verdict))
    copies, alike = _copies(index, kept_apart)
    found = clusters(same, _veto_of(index, kept_apart), lambda number: tuple(index.work(number)))
    of_group = _edges_of(same, found)
    groups = [_same(group, of_group.get(group[0], ()), copies) for group in _with_lone_copies(found, copies)]
    groups.sort(key=lambda group: group.members)
    groups += _related(related + _cut(same, found), found)
    groups += [Group("maybe", (one, *others), _starlike(verdict, len(others))) for one, others, verdict in alike]
    return Found(groups, kept_apart.idle(index) if apart else [])


class _Apart:
    """The pairs that a person keeps apart."""

    def __init__(self, pairs: Collection[Apart]) -> None:
        self._pairs = frozenset(pairs)
        self._known = frozenset(one for pair in pairs for one in pair)
        self._of = lru_cache(10_000)(fingerprint)

    def __call__(self, one: Work, other: Work) -> bool:
        return bool(self._pairs) and frozenset((self._of(one), self._of(other))) in self._pairs

    def idle(self, index: Index) -> list[Apart]:
        """Those of whose works one is no longer there."""
        present = {mark for work in index.works() if (mark := fingerprint(work)) in self._known}
        return sorted((pair for pair in self._pairs if not pair <= present), key=sorted)


def _veto_of(index: Index, kept_apart: _Apart) -> Callable[[int, int], bool]:
    @cache
    def veto(one: int, other: int) -> bool:
        a, b = index.work(one), index.work(other)
        return vetoed(a, b) or kept_apart(a, b)

    return lambda one, other: veto(min(one, other), max(one, other))


def _copies(index: Index, kept_apart: _Apart) -> tuple[dict[int, list[int]], list[tuple[int, list[int], Verdict]]]:
    """Copies that are surely the same work, and those of which too little is known."""
    sure: dict[int, list[int]] = {}
    unsure: list[tuple[int, list[int], Verdict]] = []
    for original, numbers in index.copies():
        work = index.work(original)
        verdict = decide(work, work)
        if kept_apart(work, work):
            continue
        if verdict.kind == "same":
            sure[original] = numbers
        elif verdict.kind == "maybe":
            unsure.append((original, numbers, verdict))
    return sure, unsure


def _edges_of(edges: Iterable[Edge], found: list[list[int]]) -> dict[int, list[Edge]]:
    """The edges inside each group, by its first member."""
    first_of = {number: group[0] for group in found for number in group}
    inside: dict[int, list[Edge]] = {}
    for edge in edges:
        if edge.one in first_of and first_of[edge.one] == first_of.get(edge.other):
            inside.setdefault(first_of[edge.one], []).append(edge)
    return inside


_COPY = ("all that is compared is the same",)


def _with_lone_copies(found: list[list[int]], copies: dict[int, list[int]]) -> Iterator[list[int]]:
    yield from found
    grouped = {number for group in found for number in group}
    yield from ([original] for original in copies if original not in grouped)


def _same(group: list[int], edges: Iterable[Edge], copies: dict[int, list[int]]) -> Group:
    members = sorted([*group, *(copy for number in group for copy in copies.get(number, ()))])
    place = {number: position for position, number in enumerate(members)}
    inside = [Evidence(place[e.one], place[e.other], e.verdict.score, e.verdict.why) for e in edges]
    inside += [Evidence(place[number], place[copy], 1.0, _COPY) for number in group for copy in copies.get(number, ())]
    return Group("same", tuple(members), tuple(sorted(inside)))


def _starlike(verdict: Verdict, others: int) -> tuple[Evidence, ...]:
    return tuple(Evidence(0, position, verdict.score, verdict.why) for position in range(1, others + 1))


def _cut(edges: Iterable[Edge], found: list[list[int]]) -> list[Edge]:
    """Edges of the same work between works that did not come into one group, as what may be."""
    group_of = {number: n for n, group in enumerate(found) for number in group}
    return [
        edge._replace(
            verdict=Verdict("maybe", edge.verdict.score, (*edge.verdict.why, "another of the group contradicts"))
        )
        for edge in edges
        if edge.one not in group_of or group_of[edge.one] != group_of.get(edge.other)
    ]


def _related(edges: Iterable[Edge], found: list[list[int]]) -> list[Group]:
    """Pairs that are related, one for each two groups of the same work, the surest."""
    first_of = {number: group[0] for group in found for number in group}
    best: dict[tuple[Kind, int, int], Edge] = {}
    for edge in sorted(edges, key=lambda e: (-e.verdict.score, e.one, e.other)):
        one, other = first_of.get(edge.one, edge.one), first_of.get(edge.other, edge.other)
        if one != other:
            best.setdefault((edge.verdict.kind, min(one, other), max(one, other)), edge)
    order = ("version-of", "erratum-of", "maybe")
    return [
        Group(kind, (one, other), (Evidence(0, 1, edge.verdict.score, edge.verdict.why),))
        for (kind, one, other), edge in sorted(best.items(), key=lambda x: (order.index(x[0][0]), *x[0][1:]))
    ]
