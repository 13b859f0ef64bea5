"""Reads an OpenDocument text: paragraphs, notes, and the reference marks of Zotero and Mendeley."""

from __future__ import annotations

import re
from typing import Final

from lxml import etree

from reflint.errors import SourceError
from reflint.word.docx import Read
from reflint.word.managers import Context, classify, decode
from reflint.word.manuscript import Bibliography, Citation, Preferences
from reflint.word.package import Package
from reflint.word.properties import joined, preferences_of
from reflint.word.story import Anchor, Paragraph, Spot, Story, StoryKind
from reflint.word.styles import Style
from reflint.word.xml import attribute, children, local, parse, text_of

CONTENT: Final = "content.xml"
_PARAGRAPHS: Final = ("p", "h")
_CHARACTERS: Final = {"tab": "\t", "line-break": "\n"}
_DELETED: Final = ("tracked-changes", "annotation")
_RANDOM_END: Final = re.compile(r"\s*RND\w*\s*$")


def is_odt(package: Package) -> bool:
    """Whether a package calls itself an OpenDocument text."""
    return "mimetype" in package and package.read("mimetype").strip() == b"application/vnd.oasis.opendocument.text"


def read(package: Package) -> Read:
    """Reads a package. Raises SourceError when it is encrypted or has no content."""
    if "META-INF/manifest.xml" in package and b"encryption-data" in package.read("META-INF/manifest.xml"):
        raise SourceError("is protected by a password: open it in LibreOffice and save it without one")
    root = parse(package.read(CONTENT), CONTENT)
    reader = _Reader(_raised_styles(root))
    reader.read(root)
    properties: dict[str, str] = {}
    if "meta.xml" in package:
        properties = _properties(parse(package.read("meta.xml"), "meta.xml"))
    return Read(
        roots={CONTENT: root},
        stories=tuple(story for story in reader.stories if story.paragraphs),
        citations=tuple(reader.citations),
        bibliographies=tuple(reader.bibliographies),
        placeholders=(),
        preferences=tuple[Preferences, ...](preferences_of(properties)),
        properties=properties,
        revisions=next(root.iter("{*}tracked-changes"), None) is not None,
    )


def _properties(root: etree._Element) -> dict[str, str]:
    values = {attribute(element, "name"): text_of(element) for element in root.iter("{*}user-defined")}
    return joined(values)


def _raised_styles(root: etree._Element) -> frozenset[str]:
    """The automatic styles that raise their text."""
    found = set()
    for style in root.iter("{*}style"):
        for properties in children(style, "text-properties"):
            if attribute(properties, "text-position").startswith("super"):
                found.add(attribute(style, "name"))
    return frozenset(found)


class _Reader:
    """Walks the content once; a note is a story of its own."""

    def __init__(self, raised: frozenset[str]) -> None:
        self.raised = raised
        self.stories = [Story("body", CONTENT)]
        self.citations: list[Citation] = []
        self.bibliographies: list[Bibliography] = []
        self._open: list[Story] = [self.stories[0]]
        self._paragraphs: list[Paragraph | None] = [None]
        self._marks: dict[str, tuple[Spot, etree._Element]] = {}
        self._sections: list[Spot] = []
        self._count = 0
        self._raised = 0

    def read(self, root: etree._Element) -> None:
        walk = etree.iterwalk(root, events=("start", "end"))
        for event, element in walk:
            name = local(element)
            if event == "start":
                if name in _DELETED:
                    self._count += sum(local(below) in _PARAGRAPHS for below in element.iter())
                    walk.skip_subtree()
                    continue
                self._start(element, name)
                self._append(element.text or "")
            elif name:
                self._end(element, name)
            if event == "end" and element is not root:
                self._append(element.tail or "")

    def _start(self, element: etree._Element, name: str) -> None:
        if name in _PARAGRAPHS:
            level = attribute(element, "outline-level")
            outline = int(level) - 1 if name == "h" and re.fullmatch(r"[1-9]", level) else None
            paragraph = Paragraph(
                self._count, element, Style(attribute(element, "style-name").lower(), outline=outline)
            )
            self._paragraphs[-1] = paragraph
            self._open[-1].paragraphs.append(paragraph)
            self._count += 1
        elif name == "note":
            kind: StoryKind = "endnote" if attribute(element, "note-class") == "endnote" else "footnote"
            story = Story(kind, CONTENT, attribute(element, "id"), element)
            story.at = tuple(self._spot())
            self.stories.append(story)
            self._open.append(story)
            self._paragraphs.append(None)
        elif name == "span":
            self._raised += attribute(element, "style-name") in self.raised
        elif name == "s":
            count = attribute(element, "c")
            self._write(" " * (int(count) if re.fullmatch(r"\d{1,3}", count) else 1))
        elif name in _CHARACTERS:
            self._write(_CHARACTERS[name])
        elif name == "reference-mark-start":
            self._marks[attribute(element, "name")] = (self._spot(), element)
        elif name == "reference-mark-end":
            self._end_mark(element)
        elif name == "section":
            self._sections.append(self._spot())

    def _end(self, element: etree._Element, name: str) -> None:
        if name in _PARAGRAPHS:
            self._paragraphs[-1] = None
        elif name == "note":
            self._open.pop()
            self._paragraphs.pop()
        elif name == "span":
            self._raised -= attribute(element, "style-name") in self.raised
        elif name == "section":
            self._end_section(element, self._sections.pop())

    def _append(self, text: str) -> None:
        """White space of the XML counts once."""
        if text and self._paragraphs[-1] is not None:
            self._write(re.sub(r"[ \t\r\n]+", " ", text))

    def _write(self, text: str) -> None:
        paragraph = self._paragraphs[-1]
        if paragraph is not None:
            paragraph.append(text, self._raised > 0)

    def _spot(self) -> Spot:
        paragraph = self._paragraphs[-1]
        return Spot(self._count, 0) if paragraph is None else Spot(paragraph.index, paragraph.length)

    def _end_mark(self, element: etree._Element) -> None:
        name = attribute(element, "name")
        code = _RANDOM_END.sub("", name)
        written = classify(code)
        found = self._marks.pop(name, None)
        if found is None or written is None or written.kind != "citation":
            return
        story, (begin, first), end = self._open[-1], found, self._spot()
        payload, fault = decode(written, code, Context())
        text = story.text(begin, end)
        self.citations.append(
            Citation(written.manager, story, begin, end, text, code, payload, fault, Anchor(first, element))
        )

    def _end_section(self, element: etree._Element, begin: Spot) -> None:
        code = _RANDOM_END.sub("", attribute(element, "name"))
        written = classify(code)
        story = self._open[-1]
        if written is None or written.kind != "bibliography" or not story.paragraphs:
            return
        last = story.paragraphs[-1]
        end = Spot(last.index, last.length)
        self.bibliographies.append(Bibliography(written.manager, story, begin, end, code, Anchor(element, element)))
