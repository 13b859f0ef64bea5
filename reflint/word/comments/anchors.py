"""Where a comment can stand: around a field, at a note's reference mark, around runs of text; never in a result."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from lxml import etree

from reflint.model.finding import Passage
from reflint.word.manuscript import Citation, Manuscript
from reflint.word.story import Field, Paragraph, Spot, Story
from reflint.word.xml import attribute, children, local

_REVISIONS: Final = ("del", "moveFrom")
_INLINE_PARENTS: Final = ("p", "ins", "moveTo", "hyperlink", "smartTag", "sdtContent", "customXml", "fldSimple")
_BLOCKS: Final = ("body", "tc", "txbxContent", "comment", "footnote", "endnote")


class Range(NamedTuple):
    """The elements that a comment spans; `before` both are one, and the comment stands in front of it."""

    first: etree._Element
    last: etree._Element
    before: bool = False


class Anchors:
    """Finds the range in the main part for each passage of a manuscript."""

    def __init__(self, manuscript: Manuscript, document: str) -> None:
        self._manuscript = manuscript
        self._document = document
        self._stories = {
            (story.part, paragraph.index): (story, paragraph)
            for story in manuscript.stories
            for paragraph in story.paragraphs
        }

    def of(self, passage: Passage) -> Range:
        """Where the comment on a passage goes; what the main part does not show is told at its beginning."""
        citation = None if passage.citation is None else self._manuscript.citations[passage.citation]
        if citation is not None and citation.anchor is not None:
            found = self._of_citation(citation)
        else:
            found = self._of_text(passage)
        return found or self._beginning()

    def _of_citation(self, citation: Citation) -> Range | None:
        if citation.story.kind != "body" or citation.part != self._document:
            return self._of_host(citation.story)
        assert citation.anchor is not None
        first, last = citation.anchor
        if citation.field is not None:
            outer = _outermost(citation.field)
            return _outside(outer.first, outer.last)
        return _in_front(first) if citation.control is None else _outside(first, last)

    def _of_host(self, story: Story) -> Range | None:
        """The run of the main part that a note, or a text box, hangs on."""
        host = story.host
        if host is None or self._manuscript.roots[self._document] is not host.getroottree().getroot():
            return None
        return _outside(host, host)

    def _of_text(self, passage: Passage) -> Range | None:
        found = self._stories.get((passage.part, passage.paragraph))
        if found is None:
            return None
        story, paragraph = found
        if story.kind != "body" or story.part != self._document:
            return self._of_host(story)
        around = _field_around(story, paragraph)
        if around is not None:
            return _in_front(around.first)
        runs = list(_runs_of(paragraph.element, passage.text))
        return _outside(runs[0], runs[-1]) if runs else None

    def _beginning(self) -> Range:
        """The first run of the text, or its first paragraph's own place."""
        for story in self._manuscript.stories:
            if story.part == self._document and story.kind == "body":
                for paragraph in story.paragraphs:
                    runs = list(_runs_of(paragraph.element, ""))
                    place = _in_front(runs[0]) if runs else None
                    if place is not None and _field_around(story, paragraph) is None:
                        return place
        first = self._manuscript.stories[0].paragraphs[0].element
        run = etree.SubElement(first, first.tag.rpartition("}")[0] + "}r")
        return Range(run, run, before=True)


def _outermost(field: Field) -> Field:
    while field.outer is not None:
        field = field.outer
    return field


def _field_around(story: Story, paragraph: Paragraph) -> Field | None:
    """The outermost field that a paragraph begins within, or that begins with it and runs on beyond it."""
    start = Spot(paragraph.index, 0)
    for field in story.fields:
        runs_on = field.begin < start or field.end.paragraph > paragraph.index
        if field.outer is None and field.begin <= start < field.end and runs_on:
            return field
    return None


def _outside(first: etree._Element, last: etree._Element) -> Range | None:
    """The elements themselves, or what they stand in where no comment may: deletions, content controls in a line."""
    first, last = _lifted(first), _lifted(last)
    if _parent(first) in _INLINE_PARENTS and _parent(last) in _INLINE_PARENTS:
        return Range(first, last)
    return None


def _in_front(element: etree._Element) -> Range | None:
    """The place before an element: LibreOffice stretches bookmarks that a comment spans."""
    place = _outside(element, element)
    return place and place._replace(before=True)


def _parent(element: etree._Element) -> str:
    parent = element.getparent()
    return "" if parent is None else local(parent)


def _lifted(element: etree._Element) -> etree._Element:
    """The outermost deletion, simple field or content control around an element, within its paragraph."""
    found = element
    for ancestor in element.iterancestors():
        name = local(ancestor)
        if name == "p":
            break
        if name in (*_REVISIONS, "fldSimple", "sdt"):
            found = ancestor
    if local(found) == "sdt" and _parent(found) in _BLOCKS:  # around whole paragraphs: its first run will do
        return next((run for run in found.iter() if local(run) == "r" and _parent(run) == "p"), found)
    return found


def _runs_of(paragraph: etree._Element, text: str) -> Iterator[etree._Element]:
    """The runs of a paragraph that show a text, all of them where it is not found; none of a field, none deleted."""
    runs: list[tuple[int, int, etree._Element]] = []
    whole, depth = "", 0
    for run in _own_runs(paragraph):
        marks = [attribute(mark, "fldCharType") for mark in children(run, "fldChar")]
        depth += marks.count("begin")
        if depth == 0:
            shown = "".join(piece.text or "" for piece in children(run, "t"))
            runs.append((len(whole), len(whole) + len(shown), run))
            whole += shown
        depth = max(0, depth - marks.count("end"))
    at = whole.find(text) if text.strip() else -1
    for start, end, run in runs:
        if at < 0 or (start < at + len(text) and at < end):
            yield run


def _own_runs(paragraph: etree._Element) -> Iterator[etree._Element]:
    """The runs of a paragraph itself, not of text boxes in it, not those that are deleted."""
    for run in paragraph.iter():
        if local(run) != "r":
            continue
        for ancestor in run.iterancestors():
            name = local(ancestor)
            if ancestor is paragraph:
                yield run
                break
            if name == "p" or name in _REVISIONS:
                break
