"""Abbreviated titles: whether one journal title is the short form of another."""

from __future__ import annotations

import re

from reflint.model.patterns import lazy
from reflint.model.text import fold, without_diacritics

_FIRST_WORD = lazy(r"[A-Za-z0-9]+(?=[\s.,:'-]|\Z)")
_DROPPED = frozenset(
    "of the and for in on de la le les du des der die das und fur et y el los las del di dello della delle dei "
    "degli dell d l da do dos e "
    "das to a an with voor van het en i och för og v na".split()
)
_EDITION_WORDS = frozenset(
    "international edition editions english ed int engl series serie ser section sect sec part parts pt "
    "supplement supplements "
    "suppl supp online print electronic resource volume vol american british european new united states america "
    "usa us uk u s "
    "london england york basel switzerland general".split()
)


def abbreviates(short: str, long: str) -> bool:
    """Whether `short` is an abbreviation of `long`: words in order, function words dropped.

    Each short word is a letter subsequence of the long word with the same first letter; initials may be joined (`GCB`);
    words of an edition or section (`Ser. A`, `International Edition`) may trail on one side. Titles that are
    equal after folding count too. Source: section 2 of the rules, RIS014.
    """
    if _begin_apart(short, long):
        return False
    shorts = tuple(_words(short))
    return any(_spells(shorts, tuple(_words(form))) for form in _forms(long))


def _begin_apart(short: str, long: str) -> bool:
    """Whether the first words, which neither may drop, have other first letters: what tells most titles apart."""
    one, other = _FIRST_WORD.match(short), _FIRST_WORD.match(long)
    if one is None or other is None:
        return False
    first, second = one[0].lower(), other[0].lower()
    return first[0] != second[0] and first not in _DROPPED and second not in _DROPPED


def _forms(title: str) -> list[str]:
    """`title`, and what of it stands before a subtitle or parallel title (`Infection : official journal of …`)."""
    forms = [title]
    if "-" in title:
        forms.append(title.replace("-", ""))
    head = re.split(
        r"\s*[:=;]\s+|/|\s+-\s+|-(?=(?:an?|the)\s|[A-Z][a-z]+ [a-zA-Z]+ )|\.\s+(?=[A-Z][a-z]{3})", title, maxsplit=1
    )[0]
    if head != title:
        forms.append(head)
    if title.startswith("[") and "]" in title:
        forms.append(title[1 : title.index("]")])
    return forms


def _words(title: str) -> list[str]:
    """The folded words of `title` without apostrophes, diacritics and a place in brackets at the end."""
    title = re.sub(r"(?<=\w)['’](?=\w)", "", re.sub(r"(?<=.)\s*[(\[].*[)\]]\s*$", "", title))
    return without_diacritics(fold(title)).split()


def _spells(shorts: tuple[str, ...], longs: tuple[str, ...]) -> bool:
    if not shorts or not longs:
        return False
    if shorts == longs:
        return True
    longs = tuple(word for word in longs if word not in _DROPPED) or longs
    return len(shorts) < 40 and _matches(shorts, longs, 0)


def _matches(shorts: tuple[str, ...], longs: tuple[str, ...], matched: int) -> bool:
    """Whether the rest of the short words spells the rest of the long ones; `matched` long words were met so far."""
    if not shorts or not longs:
        return matched > (1 if longs else 0) and all(_is_edition_word(word) for word in shorts or longs)
    word = shorts[0]
    if _is_short_of(word, longs[0]) and _matches(shorts[1:], longs[1:], matched + 1):
        return True
    for count in range(min(len(word), len(longs)), 1, -1):
        if _joins(word, longs[:count]) and _matches(shorts[1:], longs[count:], matched + count):
            return True
    if word in _DROPPED and _matches(shorts[1:], longs, matched):
        return True
    return (
        matched > 0
        and _is_edition_word(longs[0])
        and not _is_edition_word(word)
        and _matches(shorts, longs[1:], matched)
    )


def _is_edition_word(word: str) -> bool:
    return word in _EDITION_WORDS or word in _DROPPED or len(word) == 1 or word.isdigit()


def _is_short_of(word: str, long: str) -> bool:
    """Whether the letters of `word` occur in `long` in this order, the first letter first."""
    if word[0] != long[0] or len(word) > len(long):
        return False
    letters = iter(long)
    return all(letter in letters for letter in word)


def _joins(word: str, longs: tuple[str, ...]) -> bool:
    """Whether `word` is made of the initials of `longs`."""
    return len(word) == len(longs) and all(letter == long[0] for letter, long in zip(word, longs, strict=True))
