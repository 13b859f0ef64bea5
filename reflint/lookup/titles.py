"""Titles compared: as strings, as title and subtitle, and by the words that make two of them different works."""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from typing import Literal, NamedTuple

from rapidfuzz.fuzz import ratio, token_set_ratio

from reflint.model.text import fold, without_diacritics

EQUAL = 0.93
NEAR = 0.8
_FEW_WORDS = 5

Trap = Literal["part", "notice", "several", ""]

_BREAK = re.compile(r"\s*(?::|\s[-–—]+\s|[.?!](?=\s+[A-ZÀ-Þ0-9\"“(]))\s*")
_NOTICES = {
    "correction": re.compile(
        r"(?:author |publisher'?s? )?(?:corrections?|corrigend(?:um|a)|errat(?:um|a)|addendum)\b"
        r"|.*\[(?:correction|corrigendum|erratum)"
    ),
    "retraction": re.compile(
        r"(?:retraction|withdrawal|removal)\b(?! of the)|retract(?:ed|ion) ?notice|notice of retraction"
    ),
    "concern": re.compile(r"(?:editorial )?expressions? of concern\b"),
    "reply": re.compile(r"(?:reply|response|rejoinder|authors? ?'?s? ?(?:reply|response))\b|re\s?:|in reply"),
    "comment": re.compile(
        r"(?:comments?|commentary|letter|discussion|a? ?note) (?:on|to|re|regarding|about)\b|invited commentary"
    ),
    "review": re.compile(
        r"(?:book )?reviews? of\b|book review\b|peer review\b|review for\b|(?:review|decision letter)\s?:|review \d+\b"
    ),
    "editorial": re.compile(r"editor(?:ial|'s)?\b ?(?:note|comment)?"),
    "supplement": re.compile(
        r"(?:supplement(?:ary|al)?|supporting|additional|appendix)\b"
        r" ?(?:information|material|data|file|table|figure)?\b|(?:figure|table) s?\d+"
    ),
    "abstract": re.compile(r"abstracts?\b ?(?:[a-z]{0,3}\d+|of|from)"),
}
"""How the titles begin of what is said about a work elsewhere."""
_GENERIC = frozenset(
    "editorial|introduction|preface|foreword|book review|book reviews|review|reply|response|comment|letter|letters|"
    "letter to the editor|letters to the editor|erratum|corrigendum|correction|index|contents|table of contents|"
    "front matter|back matter|news|obituary|in memoriam|discussion|conclusion|conclusions|abstracts|abstract|"
    "in this issue|editor s note|from the editor|commentary|summary|references|bibliography|list of contributors|"
    "authors reply|the authors reply|author s reply|announcements|case report|subject index|author index".split("|")
)
_PART = re.compile(
    r"\b(?:part|pt|teil|partie|parte|chapter|section|study|paper|series|volume|vol|book|no|number|experiment|phase"
    r"|report|stage|step|version|v|edition|annex)\.? ([0-9]+|[ivx]+|[a-h]|one|two|three|four|five|six|seven)\b"
)
_LAST_NUMERAL = re.compile(r" ((?:ii|iii|iv|v|vi|vii|viii|ix|x|xi|xii|xiii|xiv|xv)|\d{1,2})$")
_WORDS_OF_NUMBERS = {w: str(n) for n, w in enumerate("one two three four five six seven".split(), 1)} | {
    w: str(n) for n, w in enumerate("i ii iii iv v vi vii viii ix x xi xii xiii xiv xv".split(), 1)
}
_STATUS = re.compile(r"\s*[\[(]?(?:retracted|withdrawn)(?: article| paper)?[\])]?\s*[:.]?\s+", re.I)
"""What publishers put before the title of a retracted work, which is the same work for all that."""
_SEVERAL = re.compile(
    r"(?:19|20)\d\d\s*[a-z]?\s*[;,:]\s*\d+\s*(?:\(\d+\))?\s*[:,]\s*[a-z]?\d+"
    r"|\bet al\b.*\bet al\b|\b\d+\s*\(\d+\)\s*:\s*\d+",
    re.I,
)
"""Years, volumes and pages inside a title: it holds whole references."""


class Likeness(NamedTuple):
    """How two titles compare: the best ratio of their forms (0 to 1), and what makes them titles of two works.

    `whole`: the full titles compare so, not just their beginnings.
    """

    ratio: float
    trap: Trap = ""
    whole: bool = True

    @property
    def equal(self) -> bool:
        """Whether they are one title."""
        return self.ratio >= EQUAL and not self.trap


@lru_cache(maxsize=8_000)
def folded(text: str) -> str:
    """Text for comparison: `fold`, and no diacritics."""
    return without_diacritics(fold(text))


def compare_titles(mine: str, titles: tuple[str, ...], subtitle: str = "") -> Likeness:
    """A title as a record gives it, against the forms of a work's title."""
    mine, titles = _STATUS.sub("", mine), tuple(_STATUS.sub("", title) for title in titles)
    theirs = [one for title in titles for one in _with_subtitle(title, subtitle)]
    if not mine or not theirs:
        return Likeness(0.0)
    best = max((_compare(mine, other) for other in theirs), key=lambda one: (one.ratio, one.whole))
    if best.ratio < NEAR:
        return best
    if _notice(mine) != _notice(titles[0]):
        return best._replace(trap="notice")
    if _SEVERAL.search(mine) and not _SEVERAL.search(theirs[-1]):
        return best._replace(trap="several")
    if not any(_same_part(mine, other, best.whole) for other in theirs):
        return best._replace(trap="part")
    return best


def _with_subtitle(title: str, subtitle: str) -> list[str]:
    return [title, f"{title}: {subtitle}"] if subtitle and folded(subtitle) not in folded(title) else [title]


def _compare(mine: str, theirs: str) -> Likeness:
    """The best of: whole against whole, and the beginning of one against the other, where that says enough."""
    one, other = folded(mine), folded(theirs)
    whole = _ratio(one, other)
    if whole >= EQUAL:
        return Likeness(whole)
    short, long = sorted((one, other), key=len)
    heads = [
        (_head(mine), other),
        (one, _head(theirs)),
        (short, long[: len(short)] if long.startswith(short + " ") else ""),
    ]
    alike = [min(a, b, key=len) for a, b in heads if a and _squeezed(a) == _squeezed(b)]
    if not alike:
        return Likeness(whole)
    says_enough = not all(map(is_generic, alike))
    return Likeness(1.0 if says_enough else max(whole, (EQUAL + NEAR) / 2), whole=False)


def _ratio(one: str, other: str) -> float:
    """How alike two folded texts are; the same but for spaces counts as the same."""
    return 1.0 if _squeezed(one) == _squeezed(other) else ratio(one, other) / 100


def _squeezed(text: str) -> str:
    return text.replace(" ", "")


def _head(title: str) -> str:
    """The folded title before its subtitle; `""` where it has none."""
    parts = _BREAK.split(title, maxsplit=1)
    return folded(parts[0]) if len(parts) > 1 and parts[1] else ""


def _notice(title: str) -> str:
    """Which kind of notice a title announces itself as; `""` for an ordinary one."""
    text = title.casefold().lstrip("[(«\"“' ")
    return next((kind for kind, pattern in _NOTICES.items() if pattern.match(text)), "")


def is_notice(title: str) -> bool:
    """Whether a title announces itself as being about another work: a correction, a reply, a review."""
    return bool(_notice(title))


def _same_part(mine: str, theirs: str, whole: bool) -> bool:
    """Whether part words, numerals and accession numbers agree, as far as both titles go."""
    one, other = folded(mine), folded(theirs)
    parts, others = _parts(one), _parts(other)
    if parts - others or (others - parts and (parts or whole)):
        return False
    return not whole or _numbers(one) == _numbers(other)


def _parts(text: str) -> frozenset[str]:
    found = {_WORDS_OF_NUMBERS.get(number, number) for number in _PART.findall(text)}
    last = _LAST_NUMERAL.search(text)
    if last:
        found.add(_WORDS_OF_NUMBERS.get(last[1], last[1]))
    return frozenset(found)


def _numbers(text: str) -> Counter[str]:
    """Years, doses, accession numbers, versions; a digit in another word is more likely a letter that was misread."""
    return Counter(re.findall(r"(?<![a-z0-9])(?:[a-z]{0,4}\d{2,}[a-z]{0,2}|\d+d?|[a-z]*v\d+)(?![a-z0-9])", text))


def is_generic(title: str) -> bool:
    """Whether a title is one that any journal has many of."""
    text = folded(title)
    return text in _GENERIC or len(text.split()) < 2


def is_short(title: str) -> bool:
    """Whether a title has too few words to tell works apart without a good deal besides."""
    text = folded(title)
    return len(text.split()) < _FEW_WORDS and (text.isascii() or len(text) < 10)


def is_other_work(mine: str, titles: tuple[str, ...], subtitle: str) -> bool:
    """Whether a record's title can be no title of a work: hardly a word in common."""
    theirs = [one for title in titles for one in _with_subtitle(title, subtitle)]
    return bool(mine and theirs) and all(token_set_ratio(folded(mine), folded(one)) < 60 for one in theirs)
