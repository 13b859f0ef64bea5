"""Reads the parts of a .docx: its stories, and what reference managers left in them."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Mapping
from typing import Final, NamedTuple

from lxml import etree

from reflint.word.managers import Context, Item, Written, classify, classify_tag, decode
from reflint.word.managers.word import sources
from reflint.word.manuscript import Bibliography, Citation, Placeholder, Preferences
from reflint.word.package import Package
from reflint.word.parts import Parts
from reflint.word.properties import (
    extension_preferences,
    has_track_changes,
    joined,
    preferences_of,
    read_properties,
)
from reflint.word.story import Field, Region, Spot, Story, StoryKind
from reflint.word.styles import read_styles
from reflint.word.walk import View, Walked, walk
from reflint.word.xml import parse

_STORY_PARTS: Final[tuple[StoryKind, ...]] = ("footnote", "endnote", "comment", "header", "footer")
_KINDS: Final = {"footnote": "footnotes", "endnote": "endnotes", "comment": "comments"}


class Read(NamedTuple):
    """What stands in the parts, before lists and typed citations are looked for."""

    roots: Mapping[str, etree._Element]
    stories: tuple[Story, ...]
    citations: tuple[Citation, ...]
    bibliographies: tuple[Bibliography, ...]
    placeholders: tuple[Placeholder, ...]
    preferences: tuple[Preferences, ...]
    properties: Mapping[str, str]
    revisions: bool


def read(package: Package, view: View) -> Read:
    """Reads a package. Raises SourceError when it holds no Word document, or a part that cannot be read."""
    parts = Parts(package)
    roots = _Roots(package)
    styles = read_styles(roots.first(parts.of("styles")))
    walks = [walk(roots[parts.document], parts.document, "body", styles, view)]
    named = ((kind, name) for kind in _STORY_PARTS for name in parts.of(_KINDS.get(kind, kind)))
    walks += [walk(roots[name], name, kind, styles, view) for kind, name in named if name != parts.document]
    stories = _in_place(walks)
    custom, settings = roots.first(parts.properties()), roots.first(parts.of("settings"))
    properties = joined(read_properties(custom)) if custom is not None else {}
    collected = _Collected(properties, Context(sources=_sources(parts, package)))
    for story in stories:
        collected.add(story)
    return Read(
        roots=roots,
        stories=tuple(stories),
        citations=tuple(collected.citations),
        bibliographies=tuple(collected.bibliographies),
        placeholders=tuple(collected.placeholders),
        preferences=(*preferences_of(properties), *_extensions(parts, package)),
        properties=properties,
        revisions=has_track_changes(settings) or any(walked.revisions for walked in walks),
    )


class _Roots(dict[str, etree._Element]):
    """The parsed parts, each parsed when it is first asked for."""

    def __init__(self, package: Package) -> None:
        super().__init__()
        self._package = package

    def __missing__(self, name: str) -> etree._Element:
        root = self[name] = parse(self._package.read(name), name)
        return root

    def first(self, names: tuple[str, ...]) -> etree._Element | None:
        """The root of the first of these parts, None without any."""
        return self[names[0]] if names else None


def _in_place(walks: list[Walked]) -> list[Story]:
    """All stories; notes and comments know which run of the body refers to them, and where that stands."""
    references = walks[0].references
    for walked in walks[1:]:
        for story in walked.stories:
            host, spot = references.get((story.kind, story.id), (story.host, ()))
            story.host, story.at = host, tuple(spot)
    return [story for walked in walks for story in walked.stories if story.paragraphs]


def _sources(parts: Parts, package: Package) -> dict[str, Item]:
    found: dict[str, Item] = {}
    for name in parts.of("customXml"):
        data = package.read(name)
        if b"bibliography" in data:
            found |= sources(parse(data, name))
    return found


def _extensions(parts: Parts, package: Package) -> list[Preferences]:
    roots = (parse(package.read(name), name) for name in package.names if name in parts.of("webextension"))
    return [preferences for root in roots if (preferences := extension_preferences(root)) is not None]


class _Collected:
    """Citations, bibliographies and placeholders of all stories."""

    def __init__(self, properties: Mapping[str, str], context: Context) -> None:
        self.properties = properties
        self.context = context
        self.citations: list[Citation] = []
        self.bibliographies: list[Bibliography] = []
        self.placeholders: list[Placeholder] = []
        self._bookmarked: set[tuple[int, Spot, Spot]] = set()
        self._listed: dict[int, list[tuple[Spot, Spot]]] = {}

    def add(self, story: Story) -> None:
        """All that a story holds; a content control around a field of the same manager is the field."""
        for field in story.fields:
            self._add_field(field)
        for region in story.regions:
            written = self._region_kind(region)
            if written is None or self._holds_a_list(region, written) or self._is_twin(region):
                continue
            self._add_region(region, written)

    def _add_field(self, field: Field) -> None:
        written = classify(field.instruction)
        if written is None:
            return
        story = field.story
        text = "".join(field.lost) if field.deleted else story.text(field.begin, field.end)
        if written.kind == "placeholder":
            self.placeholders.append(Placeholder(story, field.begin, field.instruction))
        elif written.kind == "bibliography":
            anchor, deleted = field.anchor, field.deleted
            self._add_list(
                Bibliography(written.manager, story, field.begin, field.end, field.instruction, anchor, deleted)
            )
        else:
            payload, fault = decode(written, field.instruction, self.context._replace(data=field.data))
            self.citations.append(
                Citation(
                    written.manager, story, field.begin, field.end, text, field.instruction, payload, fault,
                    field.anchor, field, field.control, field.deleted, field.inserted,
                )
            )  # fmt: skip

    def _region_kind(self, region: Region) -> Written | None:
        if region.control is None:
            code = self.properties.get(region.name, "")
            return classify(code)
        if region.control.is_bibliography:
            return classify_tag(region.name) or Written("word", "bibliography")
        return classify_tag(region.name)

    def _holds_a_list(self, region: Region, written: Written) -> bool:
        """Whether a control is only the frame of a list that is known already."""
        if region.control is None or written.kind != "bibliography":
            return False
        listed = self._listed.get(id(region.story), [])
        first = bisect_left(listed, (region.begin, region.begin))
        return first < len(listed) and listed[first][1] <= region.end

    def _add_list(self, bibliography: Bibliography) -> None:
        self.bibliographies.append(bibliography)
        insort(self._listed.setdefault(id(bibliography.story), []), (bibliography.begin, bibliography.end))

    def _is_twin(self, region: Region) -> bool:
        """Whether another bookmark spans the same text: LibreOffice writes some of them twice."""
        place = (id(region.story), region.begin, region.end)
        if region.control is not None or region.begin == region.end:
            return False
        known = place in self._bookmarked
        self._bookmarked.add(place)
        return known

    def _add_region(self, region: Region, written: Written) -> None:
        control = region.control
        code = region.name if control is not None else self.properties[region.name]
        deleted = control is not None and control.deleted
        if written.kind == "bibliography":
            self._add_list(
                Bibliography(written.manager, region.story, region.begin, region.end, code, region.anchor, deleted)
            )
            return
        if written.kind != "citation":
            return
        payload, fault = decode(written, code, self.context)
        text = region.story.text(region.begin, region.end)
        self.citations.append(
            Citation(
                written.manager, region.story, region.begin, region.end, text, code, payload, fault, region.anchor,
                None, control, deleted, control is not None and control.inserted,
            )
        )  # fmt: skip
