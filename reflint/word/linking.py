"""From the works that field citations cite to the entries of the printed list."""

from __future__ import annotations

from collections.abc import Sequence

from reflint.model.identifiers import doi_key
from reflint.word.managers import Item
from reflint.word.managers.base import text
from reflint.word.manuscript import Reference, Work
from reflint.word.typed.entries import ListEntry
from reflint.word.typed.matching import AUTHOR_AND_YEAR, MISSING, NO_LIST, ReferenceList
from reflint.word.typed.mentions import Mention
from reflint.word.typed.words import name_key

_ENOUGH_OF_A_TITLE = 80
_TOO_SHORT = 13


class WorkLinks:
    """Finds the entries of works: by DOI, by title, by author and year."""

    def __init__(self, entries: Sequence[ListEntry]) -> None:
        self._list = ReferenceList(entries)
        self._texts = [name_key(entry.text) for entry in entries]
        self._entries = entries
        self._by_doi: dict[str, list[int]] = {}
        self._by_word: dict[str, set[int]] = {}
        for position, entry in enumerate(entries):
            self._by_doi.setdefault(entry.doi, []).append(position)
            for word in set(self._texts[position].split()):
                self._by_word.setdefault(word, set()).add(position)

    def reference(self, work: Work) -> Reference:
        """A work with the entries it stands in."""
        item = work.item
        doi = doi_key(text(item.get("DOI")))
        found = self._by_doi.get(doi, []) if doi else []
        if len(found) == 1:
            return Reference(work.id, tuple(found), "DOI", 0.99)
        mention = mention_of(item)
        titled = self._titled(name_key(text(item.get("title"))), mention.year[:4])
        if len({self._texts[n] for n in titled}) == 1:
            return Reference(work.id, (titled[0],), "title", 0.97)
        match = self._list.match(mention)
        if match.reason == AUTHOR_AND_YEAR:
            return Reference(work.id, match.entries, match.reason, 0.9)
        return Reference(work.id, (), MISSING if self._entries else NO_LIST, 0.8)

    def _titled(self, title: str, year: str) -> list[int]:
        """The entries that hold a title, those of its year before all others; none for a title too short to tell."""
        title = title[:_ENOUGH_OF_A_TITLE].strip()
        if len(title) < _TOO_SHORT:
            return []
        *whole, last = title.split()  # the last word may be cut
        known = [self._by_word.get(word, set()) for word in whole or [last]]
        found = sorted(n for n in set.intersection(*known) if title in self._texts[n])
        return [n for n in found if any(one.startswith(year) for one in self._entries[n].years)] or found


def mention_of(item: Item) -> Mention:
    """How a text would mention a work: its first authors and the year."""
    people: object = next((item[role] for role in ("author", "editor", "translator") if item.get(role)), None)
    names = []
    for person in people if isinstance(people, list) else []:
        if isinstance(person, dict):
            particle = text(person.get("non-dropping-particle"))
            family = text(person.get("family")) or text(person.get("literal"))
            names.append(f"{particle} {family}".strip())
    names = [name for name in names if name]
    return Mention(tuple(names[:2] if len(names) < 3 else names[:1]), year_of(item), None, len(names) > 2)


def year_of(item: Item) -> str:
    """The year in which a work was issued, `n.d.` without one."""
    issued = item.get("issued")
    if isinstance(issued, dict):
        parts = issued.get("date-parts")
        if isinstance(parts, list) and parts and isinstance(parts[0], list) and parts[0]:
            return text(parts[0][0])
        for name in ("raw", "literal"):
            if written := text(issued.get(name)):
                return written[:4]
    return "n.d."
