"""Checks of typed citations that are numbers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from reflint.word.checks.base import LIKELY, SURE, UNSURE, Hit, Options, Reading, check, text_passage
from reflint.word.story import Paragraph, Story
from reflint.word.typed import numeric
from reflint.word.typed.matching import ReferenceList
from reflint.word.typed.mentions import Typed

_ZERO = re.compile(r"\[0\]")
_GROUP = re.compile(r"[\[(]?\s*(?P<list>\d{1,3}(?:\s?[-‐‑–—−,;]\s?\d{1,3})*)\s*[\])]?")
_ITEM = re.compile(r"(\d+)(?:\s?[-‐‑–—−]\s?(\d+))?")
_CODE_BEFORE = re.compile(r"[\w\])]$")
_ALPHABETICAL = 0.75
_FARTHEST = 2
"""How many times the highest number of the list a number may be and still be meant for it."""
_CAPTION = ("caption",)


def _is_numeric(reading: Reading) -> bool:
    return reading.numbered and not reading.managed and bool(reading.manuscript.entries)


@check("number-beyond-list")
def number_beyond_list(reading: Reading, options: Options) -> Iterator[Hit]:
    """Numbers that the list does not have. Intervals, equations, powers and indices are no citations."""
    highest = ReferenceList(reading.manuscript.entries).highest
    if not _is_numeric(reading) or highest is None:
        return
    for story, paragraph in reading.prose:
        for typed, confidence in _candidates(reading, paragraph):
            beyond = [one.number for one in typed.mentions if (one.number or 0) > highest]
            if beyond and max(filter(None, beyond)) <= _FARTHEST * highest + 10:
                yield Hit(
                    (text_passage(story, paragraph, typed.start, typed.end),),
                    f"{beyond[0]}: the list ends at {highest}",
                    confidence=confidence,
                )
        if reading.manuscript.style == "bracket":
            yield from _zeros(story, paragraph, highest)


def _candidates(reading: Reading, paragraph: Paragraph) -> Iterator[tuple[Typed, float]]:
    style = reading.manuscript.style
    if style == "bracket":
        found, confidence = numeric.bracketed(paragraph.text, None), SURE
    elif style == "parenthesis":
        found, confidence = numeric.parenthesised(paragraph.text, None), 0.5
    else:
        found, confidence = numeric.raised(paragraph.text, paragraph.raised, None), 0.5
    for typed in found:
        indexed = style == "bracket" and _CODE_BEFORE.search(paragraph.text[: typed.start][-1:]) is not None
        yield typed, UNSURE if indexed or paragraph.in_table else confidence


def _zeros(story: Story, paragraph: Paragraph, highest: int) -> Iterator[Hit]:
    for match in _ZERO.finditer(paragraph.text):
        if not _CODE_BEFORE.search(paragraph.text[: match.start()][-1:]):
            passage = text_passage(story, paragraph, match.start(), match.end())
            yield Hit((passage,), f"0: the list runs from 1 to {highest}", confidence=UNSURE)


@check("number-not-cited")
def number_not_cited(reading: Reading, options: Options) -> Iterator[Hit]:
    """Entries of a numbered list that no number means."""
    if not _is_numeric(reading):
        return
    entries = reading.manuscript.entries
    left = [entry for n, entry in enumerate(entries) if not reading.cited_entries[n]]
    misread = len(left) > 0.4 * len(entries)
    for entry in left:
        number = entry.number if entry.number is not None else entries.index(entry) + 1
        yield Hit(reading.at_entry(entry), str(number), confidence=UNSURE if misread else LIKELY)


@check("order-of-numbers")
def order_of_numbers(reading: Reading, options: Options) -> Iterator[Hit]:
    """The first number that comes before its turn. Lists in the order of the alphabet have no turns."""
    if not _is_numeric(reading) or _is_alphabetical(reading):
        return
    highest = 0
    wrong: list[tuple[int, int, int]] = []
    for n, citation in reading.typed:
        paragraph = reading.paragraph(citation)
        if paragraph is None or paragraph.in_table or paragraph.style.name.startswith(_CAPTION):
            continue
        for number in (one.number for one in citation.mentions if one.number):
            if number > highest + 1:
                wrong.append((n, number, highest))
            highest = max(highest, number)
    if wrong:
        n, number, before = wrong[0]
        # The more numbers are out of turn, the less is the order meant to be that of the text.
        confidence = LIKELY if len(wrong) < 0.2 * highest else UNSURE
        yield Hit(reading.at(n), f"{number} is cited before {before + 1}", confidence=confidence)


def _is_alphabetical(reading: Reading) -> bool:
    authors = [entry.author for entry in reading.manuscript.entries if entry.author]
    pairs = list(pairwise(authors))
    return len(pairs) > 3 and sum(one <= other for one, other in pairs) >= _ALPHABETICAL * len(pairs)


@check("range-malformed")
def range_malformed(reading: Reading, options: Options) -> Iterator[Hit]:
    """Ranges that run backwards, numbers that stand twice in one citation."""
    if not _is_numeric(reading):
        return
    for n, citation in reading.typed:
        match = _GROUP.fullmatch(citation.text.strip())
        seen: set[int] = set()
        for first, last in _ITEM.findall(match["list"]) if match else ():
            start, stop = int(first), int(last or first)
            if stop < start:
                yield Hit(reading.at(n), f"{start}–{stop} runs backwards")
                break
            numbers = set(range(start, min(stop, start + 100) + 1))
            if numbers & seen:
                yield Hit(reading.at(n), f"{min(numbers & seen)} stands twice")
                break
            seen |= numbers


@check("brackets-mixed")
def brackets_mixed(reading: Reading, options: Options) -> Iterator[Hit]:
    """Numbers between other signs than most of the text has."""
    signs: dict[str, list[int]] = {}
    for n, citation in enumerate(reading.manuscript.citations):
        text = citation.text.strip()
        if citation.story.kind == "body" and _GROUP.fullmatch(text):
            signs.setdefault(text[0] if text[0] in "[(" else "", []).append(n)
    usual = max(signs, key=lambda sign: len(signs[sign]), default="")
    counts = Counter({sign: len(several) for sign, several in signs.items()})
    for sign, several in signs.items():
        if sign != usual and len(several) <= 0.3 * counts.total():
            yield Hit(reading.at(*several), "", confidence=LIKELY)
