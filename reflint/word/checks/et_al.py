"""Checks of “et al.”: how it is written, and whether the list has as many authors as it stands for."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reflint.model.text import number_of
from reflint.word.checks.base import LIKELY, SURE, Hit, Options, Reading, by_key, check
from reflint.word.typed.entries import author_count
from reflint.word.typed.matching import AUTHOR_AND_YEAR

_ODD = re.compile(r"\b(?:at\.? al\b\.?|et\. ?al\b\.?|et al\b(?!\.)|et all\b|etal\b)", re.I)
_BARE = re.compile(r"\bet al\b(?!\.)")
_ENOUGH = 4
"""Citations from which on a text shows where its style begins to shorten."""


@check("et-al-form")
def et_al_form(reading: Reading, options: Options) -> Iterator[Hit]:
    """`at al.`, `et. al.`; `et al.` for one author or two; two of many authors without it."""
    rows = [*_misspelt(reading)]
    if not reading.managed:
        rows += _miscounted(reading)
    for note, citations, confidence in by_key(rows):
        yield Hit(reading.at(*citations), note, confidence=confidence)


def _misspelt(reading: Reading) -> Iterator[tuple[str, int, float]]:
    usual = sum("et al." in citation.text for _, citation in reading.typed)
    bare = sum(_BARE.search(citation.text) is not None for _, citation in reading.typed)
    for n, citation in reading.typed:
        match = _ODD.search(citation.text)
        if match and (match[0].lower() != "et al" or usual > bare):  # some styles leave the full stop out
            yield f"Written “{match[0]}”", n, SURE


def _miscounted(reading: Reading) -> Iterator[tuple[str, int, float]]:
    """Citations whose entry is sure, and which shorten too much, or not at all where the text otherwise does."""
    counts = [author_count(entry.text) for entry in reading.manuscript.entries]
    seen = []
    for n, citation in reading.typed:
        for mention, reference in zip(citation.mentions, reading.manuscript.references[n], strict=True):
            authors = counts[reference.entries[0]] if reference.reason == AUTHOR_AND_YEAR else None
            if authors is not None:
                seen.append((n, mention, authors))
    shortened = [authors for _, mention, authors in seen if mention.et_al]
    threshold = min((authors for authors in shortened if authors > 2), default=3)
    threshold = threshold if len(shortened) >= _ENOUGH else 3
    for n, mention, authors in seen:
        if mention.et_al and authors <= 2:
            yield f"“{mention.label}”, but the list has {number_of(authors, 'author')}", n, LIKELY
        elif not mention.et_al and len(mention.authors) == 2 < threshold <= authors:
            yield f"“{mention.label}” without “et al.”, but the list has {authors} authors", n, LIKELY
