"""The works of a manuscript: what several citations cite, united by URI, DOI or the manager's own id."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from reflint.model.identifiers import doi_key
from reflint.model.text import fold
from reflint.word.managers import Cited
from reflint.word.managers.base import text
from reflint.word.manuscript import Citation, Work

_PARTS_OF_BOOKS = frozenset("chapter entry entry-dictionary entry-encyclopedia paper-conference".split())


def unite(citations: Sequence[Citation]) -> tuple[tuple[Work, ...], list[Citation]]:
    """The works in order of their first citation, and the citations with the positions of theirs."""
    groups = _Groups()
    roots = [[groups.root_of(_keys(cited)) for cited in citation.payload.works] for citation in citations]
    members: dict[int, list[tuple[str, Cited]]] = {}
    for citation, found in zip(citations, roots, strict=True):
        for root, cited in zip(found, citation.payload.works, strict=True):
            members.setdefault(groups.find(root), []).append((citation.manager or "", cited))
    positions = {root: number for number, root in enumerate(members)}
    united = [
        citation._replace(works=tuple(dict.fromkeys(positions[groups.find(root)] for root in found)))
        for citation, found in zip(citations, roots, strict=True)
    ]
    return tuple(_works(members.values())), united


def _works(groups: Iterable[list[tuple[str, Cited]]]) -> Iterable[Work]:
    taken: set[str] = set()
    for group in groups:
        first = group[0][1]
        fullest = max((cited for _, cited in group), key=lambda cited: len(cited.item))
        id = wanted = first.id or text(first.item.get("id")) or f"work-{len(taken) + 1}"
        count = 1
        while id in taken:
            count += 1
            id = f"{wanted}-{count}"
        taken.add(id)
        yield Work(
            id=id,
            item={"id": id, **{name: value for name, value in fullest.item.items() if name != "id"}},
            keys=tuple(dict.fromkeys(key for _, cited in group for key in cited.keys)),
            managers=tuple(dict.fromkeys(manager for manager, _ in group)),
            linked=any(cited.linked for _, cited in group),
        )


def _keys(cited: Cited) -> tuple[str, ...]:
    """All that identifies a work. The DOI of a whole book does not tell its chapters apart: their title must."""
    item = cited.item
    title = fold(text(item.get("title")))
    keys = list(cited.keys)
    if doi := doi_key(text(item.get("DOI"))):
        keys.append(f"doi:{doi} {title}" if text(item.get("type")) in _PARTS_OF_BOOKS else f"doi:{doi}")
    if not keys and title:
        keys.append(f"title:{title} {item.get('issued')}")
    return tuple(keys)


class _Groups:
    """Disjoint sets of works, joined by every key they share."""

    def __init__(self) -> None:
        self._parents: list[int] = []
        self._by_key: dict[str, int] = {}

    def find(self, node: int) -> int:
        while self._parents[node] != node:
            self._parents[node] = self._parents[self._parents[node]]
            node = self._parents[node]
        return node

    def root_of(self, keys: tuple[str, ...]) -> int:
        """The set of a work with these keys, a new one for a work without."""
        node = len(self._parents)
        self._parents.append(node)
        for key in keys:
            other = self.find(self._by_key.setdefault(key, node))
            first, second = sorted((other, self.find(node)))
            self._parents[second] = first
        return node
