"""Journals for comparison: full titles, abbreviations and initialisms of one journal are the same."""

from __future__ import annotations

from functools import lru_cache

from rapidfuzz import fuzz

from reflint.duplicates.titles import words
from reflint.model.abbreviations import abbreviates

_DROPPED = frozenset(
    "the of and in for on an a j der die das und de la le les et des du del di e y journal electronic resource online "
    "print official".split()
)


_SMALL = frozenset("the of and in for on de la le".split())


@lru_cache(maxsize=20_000)
def journal_words(title: str) -> str:
    """The folded words of a journal's title, without a place or note in brackets at the end."""
    head = title.partition("(")[0].partition("[")[0]
    found = words(head if len(head) > 2 else title)
    end = next((n for n, word in enumerate(found) if n and word.isdecimal()), len(found))
    return " ".join(found[:end])


@lru_cache(maxsize=100_000)
def same_journal(one: str, other: str) -> bool | None:
    """Whether two titles (as `journal_words` gives them) name one journal; None when one is missing."""
    if not one or not other:
        return None
    if one == other:
        return True
    shorter, longer = sorted((one, other), key=len)
    first, second = ([word for word in title.split() if word not in _DROPPED] for title in (shorter, longer))
    if not first or not second:
        return shorter.replace(" ", "") in longer.replace(" ", "")
    if first[0][0] == second[0][0] and (longer.startswith(shorter) or abbreviates(shorter, longer)):
        return True
    compact = "".join(first)
    if len(first) == 1 and len(second) > 1 and _is_initialism(compact, longer.split(), second):
        return True
    if "".join(second).startswith(compact) and len(compact) > 5:
        return True
    if _prefixes(first, second):
        return True
    if len(first) > 1 and set(first) <= set(second):
        return True
    return fuzz.token_sort_ratio(" ".join(first), " ".join(second)) >= 85


def _is_initialism(short: str, title: list[str], telling: list[str]) -> bool:
    """Whether a word is made of the initials of a title, or of its telling words and a few letters more (`amcis`)."""
    if short in ("".join(w[0] for w in title), "".join(w[0] for w in title if w not in _SMALL)):
        return True
    initials, own = iter(short), iter("".join(telling))
    return (
        len(short) <= 2 * len(telling)
        and all(word[0] in initials for word in telling)
        and all(letter in own for letter in short)
    )


def _prefixes(first: list[str], second: list[str]) -> bool:
    """Whether the words of the shorter begin, in order, words of the longer."""
    if first[0][:3] != second[0][:3]:
        return False
    rest = iter(second)
    return all(any(long.startswith(short[:4]) or short.startswith(long[:4]) for long in rest) for short in first)
