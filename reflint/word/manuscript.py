"""What a manuscript holds: citations, reference list, links between them, works, preferences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from lxml import etree

from reflint.word.managers import Item, Payload
from reflint.word.package import Package
from reflint.word.story import Anchor, Control, Field, Paragraph, Spot, Story, Stray
from reflint.word.typed.entries import ListEntry
from reflint.word.typed.finding import Style
from reflint.word.typed.mentions import Mention


class Citation(NamedTuple):
    """An in-text citation, of a reference manager or (`manager` None) typed by hand.

    `payload` is what the manager stored, `fault` why it cannot be read (`""` if it can); `mentions` are the single
    references of a typed citation; `works` are positions in the manuscript's works.
    """

    manager: str | None
    story: Story
    begin: Spot
    end: Spot
    text: str
    instruction: str = ""
    payload: Payload = Payload()
    fault: str = ""
    anchor: Anchor | None = None
    field: Field | None = None
    control: Control | None = None
    deleted: bool = False
    inserted: bool = False
    mentions: tuple[Mention, ...] = ()
    works: tuple[int, ...] = ()

    @property
    def part(self) -> str:
        """The part it stands in (`word/document.xml`)."""
        return self.story.part

    @property
    def paragraph(self) -> int:
        """Its paragraph, 0-based over all paragraphs of the part."""
        return self.begin.paragraph

    @property
    def order(self) -> tuple[bool, tuple[int, ...]]:
        """Where it is read: notes where the body refers to them; headers and the like come last."""
        return self.story.kind != "body" and not self.story.at, (*self.story.at, *self.begin)

    @property
    def span(self) -> tuple[int, int]:
        """Code points into the visible text of its paragraph; one that runs on ends with the paragraph."""
        if self.begin.paragraph == self.end.paragraph:
            return self.begin.offset, self.end.offset
        first = next(iter(self.story.between(self.begin, self.begin)), None)
        return self.begin.offset, max(self.begin.offset, first.length if first else 0)


class Bibliography(NamedTuple):
    """A list that a reference manager keeps, and the paragraphs it spans."""

    manager: str
    story: Story
    begin: Spot
    end: Spot
    instruction: str
    anchor: Anchor
    deleted: bool = False

    @property
    def paragraphs(self) -> list[Paragraph]:
        """Its paragraphs that are not blank."""
        return [paragraph for paragraph in self.story.between(self.begin, self.end) if paragraph.text.strip()]


class Placeholder(NamedTuple):
    """A field that a manager left half done (`ZOTERO_TEMP`)."""

    story: Story
    begin: Spot
    instruction: str


class Reference(NamedTuple):
    """One reference of a citation, with the entries (positions in the list) it means: none when it is missing.

    Several when it is ambiguous. `reason` says why, `confidence` (0 to 1) how sure that is.
    """

    label: str
    entries: tuple[int, ...]
    reason: str
    confidence: float


class Work(NamedTuple):
    """A work that field citations cite, united over all of them: `id` is unique in the manuscript."""

    id: str
    item: Item
    keys: tuple[str, ...]
    managers: tuple[str, ...]
    linked: bool


class Preferences(NamedTuple):
    """What a reference manager keeps for the whole document; `style` and `locale` as it names them."""

    manager: str
    style: str = ""
    locale: str = ""
    version: str = ""
    options: Mapping[str, str] = {}
    raw: str = ""


class Manuscript(NamedTuple):
    """A manuscript as read. `references[i]` are the references of `citations[i]`; `deleted` stand in tracked deletions.

    `roots` are the parsed parts by name, to which all anchors belong.
    """

    format: str
    package: Package
    roots: Mapping[str, etree._Element]
    stories: tuple[Story, ...]
    citations: tuple[Citation, ...]
    deleted: tuple[Citation, ...]
    bibliographies: tuple[Bibliography, ...]
    placeholders: tuple[Placeholder, ...]
    strays: tuple[Stray, ...]
    entries: tuple[ListEntry, ...]
    references: tuple[tuple[Reference, ...], ...]
    works: tuple[Work, ...]
    preferences: tuple[Preferences, ...]
    properties: Mapping[str, str]
    revisions: bool
    style: Style
