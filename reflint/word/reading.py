"""Reads a manuscript: citations of every manager, typed ones, the list, and what belongs to what."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from reflint.word import docx, odt
from reflint.word.linking import WorkLinks
from reflint.word.manuscript import Bibliography, Citation, Manuscript, Reference
from reflint.word.package import Package
from reflint.word.story import Paragraph, Spot, Story
from reflint.word.typed.entries import ListEntry, entries_of
from reflint.word.typed.finding import Found, find_typed
from reflint.word.typed.matching import ReferenceList
from reflint.word.typed.section import find_list
from reflint.word.walk import View
from reflint.word.works import unite

_NOTES = ("footnote", "endnote")
_PROSE = ("body", "footnote", "endnote", "text box")


def read(data: bytes, *, view: View = "accepted") -> Manuscript:
    """Reads the bytes of a .docx or .odt, with tracked changes accepted, or as the text was before them.

    Raises SourceError, without the file's name, for what is no manuscript, hostile, or damaged; a payload that cannot
    be read is a fault of its citation instead.
    """
    package = Package(data)
    is_odt = odt.is_odt(package)
    found = odt.read(package) if is_odt else docx.read(package, view)
    bibliographies = tuple(one for one in found.bibliographies if not one.deleted)
    entries, listed = reference_list(found.stories, bibliographies)
    highest = ReferenceList(entries).highest
    prose = [story for story in found.stories if story.kind in _PROSE]
    style, typed = find_typed(prose, listed, highest)
    live = [citation for citation in found.citations if not citation.deleted]
    citations = sorted([*live, *_outside(typed, live)], key=lambda citation: citation.order)
    works, citations = unite(citations)
    links, references = WorkLinks(entries), ReferenceList(entries)
    of_works = [links.reference(work) for work in works]
    return Manuscript(
        format="odt" if is_odt else "docx",
        package=package,
        roots=found.roots,
        stories=found.stories,
        citations=tuple(citations),
        deleted=tuple(citation for citation in found.citations if citation.deleted),
        bibliographies=bibliographies,
        placeholders=found.placeholders,
        strays=tuple(stray for story in found.stories for stray in story.strays),
        entries=tuple(entries),
        references=tuple(_references(citation, of_works, references) for citation in citations),
        works=works,
        preferences=found.preferences,
        properties=found.properties,
        revisions=found.revisions,
        style=style,
    )


def reference_list(
    stories: Sequence[Story], bibliographies: Iterable[Bibliography]
) -> tuple[list[ListEntry], frozenset[tuple[str, int]]]:
    """The entries of the managers' lists, else of a typed one, and the (part, paragraph) that lists stand in."""
    listed: list[tuple[Story, Paragraph]] = []
    for bibliography in bibliographies:
        listed += [(bibliography.story, paragraph) for paragraph in bibliography.paragraphs]
    entries = _entries(listed, managed=True)
    if not entries:
        for story in (story for story in stories if story.kind in ("body", "endnote")):
            listed += [(story, paragraph) for paragraph in find_list(story.paragraphs)]
        entries = _entries(listed, managed=False)
    return entries, frozenset((story.part, paragraph.index) for story, paragraph in listed)


def _entries(listed: list[tuple[Story, Paragraph]], *, managed: bool) -> list[ListEntry]:
    by_part: dict[str, dict[int, Paragraph]] = {}
    for story, paragraph in listed:
        by_part.setdefault(story.part, {})[paragraph.index] = paragraph
    return [
        entry
        for part, paragraphs in by_part.items()
        for entry in entries_of(part, list(paragraphs.values()), managed=managed)
    ]


def _outside(typed: Iterable[Found], live: Sequence[Citation]) -> list[Citation]:
    """The typed citations that no field overlaps.

    In notes of a style that cites in notes, a publisher and its year are a part of a whole reference.
    """
    in_notes = 2 * sum(citation.story.kind in _NOTES for citation in live) > len(live)
    taken: dict[tuple[str, int], list[tuple[int, int]]] = {}
    for citation in live:
        taken.setdefault((citation.part, citation.paragraph), []).append(citation.span)
        if citation.end.paragraph != citation.paragraph:
            taken.setdefault((citation.part, citation.end.paragraph), []).append((0, citation.end.offset))
    found = []
    for story, paragraph, one in typed:
        if in_notes and story.kind in _NOTES:
            continue
        spans = taken.get((story.part, paragraph.index), ())
        if not any(one.start < end and start < one.end for start, end in spans):
            begin, end = Spot(paragraph.index, one.start), Spot(paragraph.index, one.end)
            text = paragraph.text[one.start : one.end]
            found.append(Citation(None, story, begin, end, text, mentions=one.mentions))
    return found


def _references(citation: Citation, of_works: Sequence[Reference], listed: ReferenceList) -> tuple[Reference, ...]:
    if citation.manager is not None:
        return tuple(of_works[work] for work in citation.works)
    found = []
    for mention in citation.mentions:
        match = listed.match(mention)
        found.append(Reference(mention.label, match.entries, match.reason, match.confidence))
    return tuple(found)
