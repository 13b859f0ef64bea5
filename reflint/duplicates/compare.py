"""Two works side by side: for each field whether it is equal, unequal, or missing in one."""

from __future__ import annotations

from typing import NamedTuple

from rapidfuzz import fuzz

from reflint.duplicates.authors import same_authors
from reflint.duplicates.journals import same_journal
from reflint.duplicates.work import Work

LONG = 25
"""Letters of a title that tell works apart by themselves; shorter ones recur."""
_ENGLISH = frozenset("the of and with for from by to".split())
_ALONE = frozenset(
    "book thesis report webpage dataset software patent standard map motion_picture song manuscript legislation "
    "legal_case".split()
)
"""Types of works that stand in no other."""
_PREFIX = "abcdefghijklmnopqrstuvwxyz"


class Comparison(NamedTuple):
    """What two works have in common. True: equal, False: unequal, None: missing in one of them.

    `title`: how like the titles are, 0 to 1 (0.97 at most where a subtitle was left out); `length`: letters of the
    shorter one. `numbers`: the numbers in the titles. `years`: how far apart.
    """

    title: float
    length: int
    numbers: bool | None
    authors: bool | None
    years: int | None
    volume: bool | None
    issue: bool | None
    page: bool | None
    last: bool | None
    journal: bool | None
    doi: bool | None
    pmid: bool | None
    isbn: bool | None
    abstract: bool | None
    translated: bool
    alone: bool

    @property
    def against(self) -> int:
        """How many of volume, first page and journal are unequal."""
        return (self.volume is False) + (self.page is False) + (self.journal is False)

    @property
    def placed(self) -> bool:
        """Whether both stand at one place: first page and volume (or all that is known of it) in one year."""
        return bool(
            self.page and self.years == 0 and (self.volume or (self.volume is None and self.journal and self.last))
        )


def compare(a: Work, b: Work, *, whatever: bool = False) -> Comparison | None:
    """The comparison of two works, the same for either order; None when they have too little in common to be related.

    `whatever`: compared to the end even then.
    """
    page = _pages(a.first, b.first)
    title = like(a, b)
    if title < 0.75 and not (page and a.year == b.year) and not whatever:
        return None
    journal = same_journal(*((a.journal, b.journal) if a.journal < b.journal else (b.journal, a.journal)))
    if journal is False and not set(a.issns).isdisjoint(b.issns):
        journal = True
    return Comparison(
        title,
        min(len(a.title), len(b.title)),
        a.numbers == b.numbers if a.numbers and b.numbers else None,
        same_authors(a.authors, b.authors),
        abs(a.year - b.year) if a.year and b.year else None,
        _equal(a.volume, b.volume),
        _equal(a.issue, b.issue),
        page,
        _equal(a.last, b.last),
        journal,
        _equal(a.doi, b.doi),
        _equal(a.pmid, b.pmid),
        not set(a.isbns).isdisjoint(b.isbns) if a.isbns and b.isbns else None,
        _abstracts(a.abstract, b.abstract),
        len(a.title_words) > 4 < len(b.title_words)
        and _ENGLISH.isdisjoint(a.title_words) != _ENGLISH.isdisjoint(b.title_words),
        a.type in _ALONE and b.type in _ALONE,
    )


def like(a: Work, b: Work) -> float:
    """How like two titles are, 0 to 1; where one lacks the other's subtitle, at most 0.97."""
    one, other = a.title, b.title
    if one == other:
        return 1.0 if one else 0.0
    ratio: float = fuzz.ratio(one, other, score_cutoff=30) / 100
    if ratio >= 0.92:
        return ratio
    shorter, longer = (one, other) if len(one) < len(other) else (other, one)
    if len(shorter) >= LONG and (longer.startswith(shorter) or longer.endswith(shorter)):
        return 0.97
    head = (b if longer is other else a).head
    if head and head == len(shorter) and longer.startswith(shorter):
        return 0.97
    if head >= LONG:
        without = fuzz.ratio(longer[:head], shorter) / 100
        if without >= 0.92:
            return min(without, 0.97)
    return ratio


def _equal(one: str, other: str) -> bool | None:
    return one == other if one and other else None


def _pages(one: str, other: str) -> bool | None:
    if not one or not other:
        return None
    return one == other or one.lstrip(_PREFIX).lstrip("0") == other.lstrip(_PREFIX).lstrip("0")


def _abstracts(one: str, other: str) -> bool | None:
    """Whether two abstracts begin alike; None where one is too short to tell."""
    length = min(len(one), len(other))
    return fuzz.ratio(one[:length], other[:length]) >= 90 if length >= 60 else None
