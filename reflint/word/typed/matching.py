"""From a mention to the entries of the list that it can mean: with a reason and a confidence."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from rapidfuzz import fuzz

from reflint.word.typed.entries import ListEntry
from reflint.word.typed.mentions import Mention
from reflint.word.typed.words import name_key

NO_LIST = "no reference list"
MISSING = "missing in the list"
AUTHOR_AND_YEAR = "author and year"
ANOTHER_YEAR = "another year in the list"
SIMILAR = 80
"""Per cent of likeness from which two names may be one, misspelt."""


class Match(NamedTuple):
    """Positions of the entries that a mention fits (none: missing), why, and how sure."""

    entries: tuple[int, ...]
    reason: str
    confidence: float


class ReferenceList:
    """The entries of a list, indexed by number and by first author and year."""

    def __init__(self, entries: Sequence[ListEntry]) -> None:
        self.entries = entries
        self.numbered = sum(entry.number is not None for entry in entries) > 0.5 * len(entries)
        self._matches: dict[Mention, Match] = {}
        self._by_number: dict[int, list[int]] = {}
        self._by_year: dict[str, list[int]] = {}
        seen: set[tuple[int | None, str]] = set()
        for position, entry in enumerate(entries):
            if (entry.number, entry.text) in seen:  # the same list printed twice
                continue
            seen.add((entry.number, entry.text))
            label = entry.number if entry.number is not None else position + 1
            self._by_number.setdefault(label, []).append(position)
            for year in entry.years[:1]:
                self._by_year.setdefault(_bare(year), []).append(position)

    @property
    def highest(self) -> int | None:
        """The highest number of the list; None without a list."""
        return max([*self._by_number, len(self.entries)]) if self.entries else None

    def match(self, mention: Mention) -> Match:
        """The entries that a mention means."""
        known = self._matches.get(mention)
        if known is None:
            known = self._matches[mention] = self._match(mention)
        return known

    def _match(self, mention: Mention) -> Match:
        if not self.entries:
            return Match((), NO_LIST, 0.7)
        if mention.number is not None:
            return self._of_number(mention.number)
        names = [name_key(name) for name in mention.authors]
        if not names:
            return Match((), "no author", 0.0)
        return self._of_author(names, mention)

    def _of_number(self, number: int) -> Match:
        found = tuple(self._by_number.get(number, ()))
        if len(found) == 1:
            return Match(found, "number", 0.95 if self.numbered else 0.8)
        return Match(found, "the number stands twice in the list" if found else "no entry of this number", 0.5)

    def _of_author(self, names: list[str], mention: Mention) -> Match:
        same_year = self._by_year.get(_bare(mention.year), [])
        for skipped in range(len(names)):  # what leads in may have been taken for a name
            rest = names[skipped:]
            found = [n for n in same_year if _is_first(rest, self.entries[n])]
            if len(found) > 1:
                found = self._narrowed(found, rest, mention)
            if found:
                return self._settled(found, rest, mention)
        return self._near(names, mention, same_year)

    def _settled(self, found: list[int], names: list[str], mention: Mention) -> Match:
        if len(found) > 1:
            return Match(tuple(found), "several entries fit", 0.5)
        entry = self.entries[found[0]]
        letter = mention.year[4:] if mention.year[:4].isdigit() else ""
        if letter and not entry.years[0].endswith(letter):
            return Match(tuple(found), "the letter of the year is missing in the list", 0.8)
        if len(names) > 1 and not mention.et_al and not _has_all(names[1:], entry):
            return Match(tuple(found), "another co-author in the list", 0.8)
        return Match(tuple(found), AUTHOR_AND_YEAR, 0.97)

    def _narrowed(self, found: list[int], names: list[str], mention: Mention) -> list[int]:
        """Fewer candidates: by the letter of the year, the other authors, and how many authors there are."""
        tests: tuple[Callable[[ListEntry], bool], ...] = (
            lambda entry: entry.years[0] == mention.year,
            lambda entry: entry.author == names[0],
            lambda entry: _has_all(names[1:], entry),
            lambda entry: _names_no_more(names, entry) != mention.et_al,
            lambda entry: not mention.et_al or len(_long_words(entry)) > 2,
        )
        for test in tests:
            found = [n for n in found if test(self.entries[n])] or found
        return found

    def _near(self, names: list[str], mention: Mention, same_year: list[int]) -> Match:
        """What the mention may have meant when nothing fits."""
        other = [n for n in same_year if _has_all(names, self.entries[n])]
        if len(other) == 1:
            return Match(tuple(other), "not the first author of the entry", 0.7)
        if near := self._of_near_year(names, mention):
            return near
        likely = [n for n in same_year if _likeness(names, self.entries[n]) >= SIMILAR]
        if len(likely) == 1:
            return Match(tuple(likely), "the name is spelt otherwise in the list", 0.75)
        return Match((), MISSING, 0.9 if mention.et_al or len(names) > 1 else 0.8)

    def _of_near_year(self, names: list[str], mention: Mention) -> Match | None:
        if not mention.year[:4].isdigit():
            return None
        year = int(mention.year[:4])
        for distance in (1, -1, 2, -2):
            positions = self._by_year.get(str(year + distance), [])
            found = [n for n in positions if _is_first(names, self.entries[n])]
            if len(names) > 1:
                found = [n for n in found if _has_all(names[1:], self.entries[n])]
            if len(found) == 1:
                return Match(tuple(found), ANOTHER_YEAR, 0.7)
        return None


def _bare(year: str) -> str:
    """A year without its letter; all words for `no year` are one."""
    return year[:4] if year[:4].isdigit() else "n.d."


def _is_first(names: list[str], entry: ListEntry) -> bool:
    """Whether the entry begins with the first name, or with all that stands before the year (institutions)."""
    author = entry.author
    if not author:
        return False
    first = names[0]
    if author in (first, " and ".join(names), " ".join(names)) or author.replace(" ", "") == first.replace(" ", ""):
        return True
    if entry.head.startswith((f"{first} ", f"{' and '.join(names)} ")) and len(first) > 2:
        return True
    return author.split()[-1] == first.split()[-1] and (first.endswith(f" {author}") or author.endswith(f" {first}"))


def _has_all(names: list[str], entry: ListEntry) -> bool:
    padded = f" {entry.head} "
    return all(f" {name} " in padded for name in names)


def _names_no_more(names: list[str], entry: ListEntry) -> bool:
    """Whether the entry has no authors but these."""
    known = {word for name in names for word in name.split()}
    return not entry.head.endswith(" et al") and known.issuperset(_long_words(entry))


def _long_words(entry: ListEntry) -> list[str]:
    """The words of the authors' names, initials and `and` left out."""
    return [word for word in entry.head.split() if len(word) > 2 and word != "and"]


def _likeness(names: list[str], entry: ListEntry) -> float:
    if not entry.author or entry.author[0] != names[0][:1]:
        return 0.0
    return max(fuzz.ratio(names[0], entry.author), fuzz.ratio(names[0].split()[-1], entry.author))
