"""Authors for comparison: their family names, however the names are written or glued together."""

from __future__ import annotations

import re

from rapidfuzz.distance import JaroWinkler

from reflint.duplicates.titles import fold

MOST = 12
"""Names kept of one work."""
_PARTICLES = frozenset(
    "van von der den de del della di da dos das du la le el al bin ibn ter ten zu zur af av and et jr sr ii iii "
    "others anonymous anon unknown".split()
)
_SEAM = re.compile(r"(?<=[a-zß-ÿ])(?=[A-ZÀ-Ý])|(?<=\.)(?=[^\W\d_])|(?<=[A-Z])(?=[A-Z][a-zß-ÿ])")
_GLUED = re.compile(r"[a-zß-ÿ](?:[A-Z]\.)+(?:[A-Z][a-zß-ÿ]|$)|[a-z][A-Z]\.|\. ?[A-Z]\.[A-Z][a-z]")
_NAME = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_NOT_LETTERS = re.compile(r"[\W\d_]+")
_NOT_LETTERS_BUT_ENDS = re.compile(r"[^\w\n]+|[\d_]+")
_ASCII = {code: None for code in range(128) if not chr(code).isalpha() and chr(code) != "\n"}


def family_names(values: list[str]) -> tuple[str, ...]:
    """The family names of authors, folded, in order; of a name in the order `Given Family` the given name too."""
    found: list[str] = []
    for value in values:
        for part in value.split(";") if ";" in value else (value,):
            found += _of_comma(part) if "," in part else _of_words(part)
            if len(found) >= MOST:
                break
    return tuple(found[:MOST]) + _given(values[0] if values else "")


def _given(text: str) -> tuple[str, ...]:
    """The first author's given name where it is written out: some exports call it the family name."""
    given = text.partition(",")[2].strip().partition(" ")[0]
    return (fold(given),) if len(given) > 3 and given.isalpha() and not given.isupper() else ()


def _of_comma(text: str) -> list[str]:
    family, given = text.split(",", 1)
    if _GLUED.search(given):  # several names without a seam between them
        return _of_words(text.replace(",", " "))
    bare = [word for word in family.lower().split() if word not in _PARTICLES]
    name = _NOT_LETTERS.sub("", fold("".join(bare) or family))
    return [name] if name else []


def _of_words(text: str) -> list[str]:
    names = _NAME.findall(_SEAM.sub(" ", text))
    kept = [name for name in names if len(name) > 1 and not (name.isupper() and len(name) <= 3)]
    kept = [name for name in kept if name.lower() not in _PARTICLES] or names[:1]
    folded = fold("\n".join(kept))
    return (folded.translate(_ASCII) if folded.isascii() else _NOT_LETTERS_BUT_ENDS.sub("", folded)).split()


def same_authors(one: tuple[str, ...], other: tuple[str, ...]) -> bool | None:
    """Whether two lists of family names are of one work: the first of one among the others, or half of them shared.

    None when one list is empty. A name that is spelt a little differently is the same.
    """
    if not one or not other:
        return None
    if one[0] in other or other[0] in one:
        return True
    fewer, more = sorted((one, other), key=len)
    if 2 * len(set(fewer).intersection(more)) >= len(fewer):
        return True
    return _alike(one[0], other) or _alike(other[0], one)


def _alike(name: str, names: tuple[str, ...]) -> bool:
    return any(
        JaroWinkler.similarity(name, one) > 0.9 or (len(name) > 3 and len(one) > 3 and (name in one or one in name))
        for one in names[:3]
    )
