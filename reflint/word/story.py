"""A story: one flow of text (body, a note, a comment, a header, a text box), with what stands in it."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import Literal, NamedTuple

from lxml import etree

from reflint.word.styles import PLAIN, Style

StoryKind = Literal["body", "footnote", "endnote", "comment", "header", "footer", "text box"]


class Spot(NamedTuple):
    """A place between two characters: a paragraph of the part (0-based over all of them), code points into its text."""

    paragraph: int
    offset: int


class Anchor(NamedTuple):
    """The first and the last element that belong to something: runs of a field, a content control, bookmark ends."""

    first: etree._Element
    last: etree._Element


class Paragraph:
    """A paragraph as a reader sees it; `raised` are the (start, end) of its superscripts.

    Formulas, note reference marks and hidden text are no text.
    """

    __slots__ = ("_pieces", "_text", "element", "in_table", "index", "length", "numbering", "raised", "style")

    def __init__(
        self,
        index: int,
        element: etree._Element,
        style: Style = PLAIN,
        numbering: tuple[str, str] | None = None,
        in_table: bool = False,
    ) -> None:
        self.index = index
        self.element = element
        self.style = style
        self.numbering = numbering
        self.in_table = in_table
        self.raised: list[tuple[int, int]] = []
        self.length = 0
        self._pieces: list[str] = []
        self._text: str | None = None

    @property
    def text(self) -> str:
        """The visible text: tabs and line breaks as such, no-break hyphens as U+2011."""
        if self._text is None:
            self._text = "".join(self._pieces)
        return self._text

    def append(self, text: str, raised: bool) -> None:
        """Adds visible text."""
        start, self.length, self._text = self.length, self.length + len(text), None
        self._pieces.append(text)
        if raised and self.raised and self.raised[-1][1] == start:
            self.raised[-1] = (self.raised[-1][0], self.length)
        elif raised:
            self.raised.append((start, self.length))


class Field:
    """A field: its instruction, where its result stands, and how it was written.

    `mark` is the w:fldChar (or w:fldSimple) that begins it; `lost` the deleted text of a deleted result; `writing` the
    elements that hold the instruction, a piece of `codes` each; `control` the innermost content control around it.
    """

    __slots__ = (
        "begin", "codes", "control", "data", "deleted", "end", "first", "inserted", "last", "lost", "mark", "outer",
        "separated", "story", "writing",
    )  # fmt: skip

    def __init__(
        self,
        story: Story,
        mark: etree._Element,
        first: etree._Element,
        begin: Spot,
        outer: Field | None,
        *,
        deleted: bool,
        inserted: bool,
    ) -> None:
        self.story = story
        self.mark = mark
        self.first = first
        self.last = first
        self.begin = begin
        self.end = begin
        self.outer = outer
        self.deleted = deleted
        self.inserted = inserted
        self.separated = False
        self.codes: list[str] = []
        self.writing: list[etree._Element] = []
        self.data = ""
        self.lost: list[str] = []
        self.control: Control | None = None

    @property
    def instruction(self) -> str:
        """The whole instruction, joined from all its runs."""
        return "".join(self.codes)

    @property
    def anchor(self) -> Anchor:
        """The runs of the field's begin and end."""
        return Anchor(self.first, self.last)


class Control(NamedTuple):
    """A content control that may belong to a reference manager."""

    story: Story
    element: etree._Element
    tag: str
    is_citation: bool
    is_bibliography: bool
    begin: Spot
    deleted: bool
    inserted: bool


class Region(NamedTuple):
    """A stretch of a story under a name: a closed content control (its tag), or a bookmark."""

    story: Story
    name: str
    begin: Spot
    end: Spot
    anchor: Anchor
    control: Control | None = None


class Stray(NamedTuple):
    """A field that is not whole: `begin` without end, or `end` without begin."""

    part: str
    paragraph: int
    kind: Literal["begin", "end"]
    instruction: str = ""


class Story:
    """One flow of text of a part. `host` is the run it hangs on in another story (note reference, drawing), if any."""

    def __init__(self, kind: StoryKind, part: str, id: str = "", host: etree._Element | None = None) -> None:
        self.kind = kind
        self.part = part
        self.id = id
        self.host = host
        self.at: tuple[int, ...] = ()
        self.paragraphs: list[Paragraph] = []
        self.fields: list[Field] = []
        self.regions: list[Region] = []
        self.strays: list[Stray] = []

    def text(self, begin: Spot, end: Spot) -> str:
        """The visible text between two spots, paragraphs separated by line ends."""
        texts = []
        for paragraph in self.between(begin, end):
            start = begin.offset if paragraph.index == begin.paragraph else 0
            stop = end.offset if paragraph.index == end.paragraph else None
            texts.append(paragraph.text[start:stop])
        return "\n".join(texts)

    def between(self, begin: Spot, end: Spot) -> list[Paragraph]:
        """The paragraphs that two spots span, both ends included."""
        first = bisect_left(self.paragraphs, begin.paragraph, key=_index)
        return self.paragraphs[first : bisect_right(self.paragraphs, end.paragraph, key=_index)]


def _index(paragraph: Paragraph) -> int:
    return paragraph.index
