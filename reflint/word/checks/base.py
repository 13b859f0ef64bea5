"""What a check of a manuscript is, and what all of them ask of it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any, NamedTuple

from reflint.model.finding import Passage
from reflint.word.manuscript import Citation, Manuscript
from reflint.word.shelf import Shelf
from reflint.word.story import Paragraph, Story
from reflint.word.typed.entries import ListEntry
from reflint.word.typed.matching import AUTHOR_AND_YEAR

PROSE = ("body", "footnote", "endnote", "text box")
_NEAR = 40
_GAP = r"(?:[^.;]|\.(?=\w))"
"""A character that ends no sentence; the points of an address are none."""
_ANY_YEAR = r"(?:(?:1[5-9]|20)\d\d|n\.\s?d\.)"
_HOST = re.compile(r"(?:https?://(?:www\.)?|www\.)((?:[\w-]+\.)+[a-z]{2,})")
SURE, LIKELY, UNSURE = 0.95, 0.85, 0.7
"""Confidences: structure says so; nearly always right; one in four may be wrong (which lowers the severity)."""


class Hit(NamedTuple):
    """One thing that a check finds, at one or more places.

    `note`: words for the rule's message. `severity`: what this hit deserves when that is not what its rule says.
    `confidence`: 0 to 1.
    """

    passages: tuple[Passage, ...]
    note: str = ""
    severity: str | None = None
    confidence: float = SURE


class Reading:
    """A manuscript under examination, the library it may be held against, and what several checks ask of it."""

    def __init__(self, manuscript: Manuscript, library: Shelf | None = None) -> None:
        self.manuscript = manuscript
        self.library = library

    @cached_property
    def fields(self) -> list[tuple[int, Citation]]:
        """The citations of reference managers with their positions."""
        return [(n, one) for n, one in enumerate(self.manuscript.citations) if one.manager is not None]

    @cached_property
    def typed(self) -> list[tuple[int, Citation]]:
        """The typed citations with their positions."""
        return [(n, one) for n, one in enumerate(self.manuscript.citations) if one.manager is None]

    @cached_property
    def managed(self) -> bool:
        """Whether a reference manager keeps the citations: a lone field in a typed text does not make it so."""
        return len(self.fields) > 0.25 * len(self.typed)

    @cached_property
    def numbered(self) -> bool:
        """Whether the typed citations are numbers."""
        return self.manuscript.style in ("bracket", "parenthesis", "superscript")

    @cached_property
    def listed(self) -> frozenset[tuple[str, int]]:
        """The (part, paragraph) of the list's entries and of the managers' lists."""
        entries = {(entry.part, n) for entry in self.manuscript.entries for n in entry.paragraphs}
        kept = {(one.story.part, p.index) for one in self.manuscript.bibliographies for p in one.paragraphs}
        return frozenset(entries | kept)

    @cached_property
    def list_is_typed(self) -> bool:
        """Whether no reference manager keeps the list."""
        return not self.manuscript.bibliographies

    @cached_property
    def list_paragraphs(self) -> dict[tuple[str, int], Paragraph]:
        """The paragraphs of the list by (part, paragraph)."""
        return {
            (story.part, paragraph.index): paragraph
            for story in self.manuscript.stories
            for paragraph in story.paragraphs
            if (story.part, paragraph.index) in self.listed
        }

    @cached_property
    def prose(self) -> list[tuple[Story, Paragraph]]:
        """The paragraphs that are not blank, of text, notes and text boxes; the reference list left out."""
        return [
            (story, paragraph)
            for story in self.manuscript.stories
            if story.kind in PROSE
            for paragraph in story.paragraphs
            if paragraph.text.strip() and (story.part, paragraph.index) not in self.listed
        ]

    @cached_property
    def places(self) -> list[tuple[int, ...]]:
        """For each work the citations that cite it."""
        found: list[list[int]] = [[] for _ in self.manuscript.works]
        for n, citation in self.fields:
            for work in citation.works:
                found[work].append(n)
        return [tuple(one) for one in found]

    @cached_property
    def entries_of_works(self) -> dict[int, tuple[int, ...]]:
        """The entries in which works that are cited stand."""
        found = {}
        for n, citation in self.fields:
            for work, reference in zip(citation.works, self.manuscript.references[n], strict=True):
                found[work] = reference.entries
        return found

    @cached_property
    def cited_entries(self) -> Counter[int]:
        """How often each entry is cited, by whatever citation."""
        return Counter(entry for several in self.manuscript.references for one in several for entry in one.entries)

    @cached_property
    def surely_cited(self) -> frozenset[int]:
        """The entries that a citation fits in author and year."""
        references = (one for several in self.manuscript.references for one in several)
        return frozenset(one.entries[0] for one in references if one.reason == AUTHOR_AND_YEAR and one.entries)

    def names(self, entry: ListEntry) -> bool:
        """Whether the text has an entry's first word and year close together, be it read as a citation or not.

        Of an entry that begins with an address: whether the text has its host.
        """
        if host := _HOST.match(entry.text):
            return any(host[1] in paragraph.text for _, paragraph in self.prose)
        word = re.match(r"[^\W\d_][\w’'-]+", entry.text)
        if word is None:
            return False
        year = re.escape(entry.years[0]) if entry.years else _ANY_YEAR
        near = re.compile(rf"\b{re.escape(word[0])}\b{_GAP}{{0,{_NEAR}}}(?:al\.{_GAP}{{0,9}})?{year}")
        return any(word[0] in paragraph.text and near.search(paragraph.text) for _, paragraph in self.prose)

    def outside_fields(self, pattern: re.Pattern[str]) -> Iterator[tuple[Story, Paragraph, re.Match[str]]]:
        """Where a pattern occurs outside citations of reference managers."""
        for story, paragraph in self.prose:
            for match in pattern.finditer(paragraph.text):
                if not any(start < match.end() and match.start() < end for start, end in self.spans(story, paragraph)):
                    yield story, paragraph, match

    @cached_property
    def in_brackets(self) -> bool:
        """Whether the citations of this text are numbers in brackets."""
        bracketed = sum(one.text.strip().startswith("[") for _, one in self.fields)
        return bracketed > 0.5 * len(self.fields) if self.managed else self.manuscript.style == "bracket"

    def at(self, *positions: int) -> tuple[Passage, ...]:
        """The places of citations."""
        return tuple(citation_passage(n, self.manuscript.citations[n]) for n in positions)

    def at_work(self, work: int) -> tuple[Passage, ...]:
        """All places where a work is cited."""
        return self.at(*self.places[work])

    def at_entry(self, entry: ListEntry) -> tuple[Passage, ...]:
        """The place of an entry."""
        return (Passage(entry.part, entry.paragraphs[0], entry.text),)

    def paragraph(self, citation: Citation) -> Paragraph | None:
        """The paragraph in which a citation begins."""
        return next(iter(citation.story.between(citation.begin, citation.begin)), None)

    def spans(self, story: Story, paragraph: Paragraph) -> Iterator[tuple[int, int]]:
        """Where citations of reference managers stand in a paragraph."""
        for part, index, span in self._field_spans:
            if part == story.part and index == paragraph.index:
                yield span

    @cached_property
    def _field_spans(self) -> list[tuple[str, int, tuple[int, int]]]:
        return [(one.part, one.paragraph, one.span) for _, one in self.fields]


def citation_passage(position: int, citation: Citation) -> Passage:
    """The place of a citation."""
    return Passage(citation.part, citation.paragraph, citation.text, position, citation.manager)


def text_passage(story: Story, paragraph: Paragraph, start: int = 0, end: int | None = None) -> Passage:
    """A stretch of a paragraph that is no citation."""
    return Passage(story.part, paragraph.index, paragraph.text[start:end].strip())


Options = Mapping[str, Any]
Check = Callable[[Reading, Options], Iterable[Hit]]
CHECKS: dict[str, Check] = {}


def check(name: str) -> Callable[[Check], Check]:
    """Registers a check under the name that rules use."""

    def register(function: Check) -> Check:
        CHECKS[name] = function
        return function

    return register


def by_key(found: Iterable[tuple[str, int, float]]) -> Iterator[tuple[str, tuple[int, ...], float]]:
    """(words, citation, confidence) as one row for the same words: all its citations, the least confidence."""
    rows: dict[str, list[tuple[int, float]]] = {}
    for words, citation, confidence in found:
        rows.setdefault(words, []).append((citation, confidence))
    for words, several in rows.items():
        citations = tuple(dict.fromkeys(n for n, _ in several))
        yield words, citations, min(confidence for _, confidence in several)
