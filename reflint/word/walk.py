"""One pass over a WordprocessingML part: its stories with paragraphs, fields, content controls and bookmarks."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final, Literal

from lxml import etree

from reflint.errors import SourceError
from reflint.word.story import Anchor, Control, Field, Paragraph, Region, Spot, Story, StoryKind, Stray
from reflint.word.styles import PLAIN, Style, numbering_of, run_marks
from reflint.word.xml import COMPATIBILITY, STRICT, TRANSITIONAL, attribute, child, text_of

View = Literal["accepted", "original"]
"""Tracked changes all accepted (what a reader reads), or all rejected."""

_INVISIBLE: Final = {"accepted": ("del", "moveFrom"), "original": ("ins", "moveTo")}
_INSERTED: Final = ("ins", "moveTo")
_CHARACTERS: Final = {
    "tab": "\t",
    "ptab": "\t",
    "br": "\n",
    "cr": "\n",
    "noBreakHyphen": "\u2011",
    "softHyphen": "\u00ad",
}
_NOTES: Final[dict[str, StoryKind]] = {"footnote": "footnote", "endnote": "endnote", "comment": "comment"}
_REFERENCES: Final = {"footnoteReference": "footnote", "endnoteReference": "endnote", "commentReference": "comment"}
_PROPERTIES: Final = frozenset("rPr pPr sdtPr sdtEndPr tblPr tblGrid trPr tcPr sectPr fldData".split())
_SYMBOL: Final = re.compile(r"(?!D[89A-F])[0-9A-F]{4}", re.I)
_MAX_DEPTH: Final = 200
_BOOKMARKS: Final = ("ZOTERO_BREF_", "Mendeley_Bookmark_")


class Walked:
    """What a part holds: its stories in order of their beginnings, and where notes are referred to."""

    def __init__(self) -> None:
        self.stories: list[Story] = []
        self.references: dict[tuple[str, str], tuple[etree._Element, Spot]] = {}
        self.revisions = False


def walk(root: etree._Element, part: str, kind: StoryKind, styles: dict[str, Style], view: View = "accepted") -> Walked:
    """Reads a part whose root element is `root`.

    A field that never ends would hide what follows it; its text is read as if the field were not there.
    """
    ignored: dict[etree._Element, str] = {}
    while True:
        walker = _Walker(part, kind, styles, view, ignored)
        walked = walker.run(root)
        if not walker.endless:
            return walked
        ignored |= walker.endless


class _Level:
    """What is open in a story at the moment."""

    __slots__ = ("bookmarks", "controls", "fields", "paragraph", "runs", "story", "table", "waiting")

    def __init__(self, story: Story) -> None:
        self.story = story
        self.paragraph: Paragraph | None = None
        self.fields: list[Field] = []
        self.waiting = 0
        self.controls: list[Control] = []
        self.bookmarks: dict[str, tuple[str, Spot, etree._Element]] = {}
        self.runs: list[tuple[etree._Element, bool, bool]] = []
        self.table = 0


class _Walker:
    def __init__(
        self, part: str, kind: StoryKind, styles: dict[str, Style], view: View, ignored: dict[etree._Element, str]
    ) -> None:
        self.part = part
        self.kind = kind
        self.styles = styles
        self.invisible = _INVISIBLE[view]
        self.ignored = ignored
        self.walked = Walked()
        self.paragraphs = 0
        self.hidden = 0
        self.inserted = 0
        self.levels: list[_Level] = []
        self.endless: dict[etree._Element, str] = {}
        self.starts: dict[str, Callable[[etree._Element], object]] = {
            "p": self._start_paragraph, "r": self._start_run, "t": self._text, "delText": self._text,
            "instrText": self._instruction, "delInstrText": self._instruction, "fldChar": self._field_character,
            "fldSimple": self._start_simple_field, "sdt": self._start_control, "sym": self._symbol,
            "bookmarkStart": self._start_bookmark, "bookmarkEnd": self._end_bookmark, "tbl": self._start_table,
            "tr": self._start_row, "txbxContent": self._start_text_box,
            **dict.fromkeys(_CHARACTERS, self._character), **dict.fromkeys(_NOTES, self._start_note),
            **dict.fromkeys(_REFERENCES, self._reference),
            **dict.fromkeys(("ins", "del", "moveFrom", "moveTo"), self._start_revision),
        }  # fmt: skip
        self.ends: dict[str, Callable[[etree._Element], object]] = {
            "p": self._end_paragraph, "r": self._end_run, "fldSimple": self._end_simple_field,
            "sdt": self._end_control, "tbl": self._end_table, "tr": self._end_row, "txbxContent": self._end_story,
            **dict.fromkeys(_NOTES, self._end_story),
            **dict.fromkeys(("ins", "del", "moveFrom", "moveTo"), self._end_revision),
        }  # fmt: skip

    def run(self, root: etree._Element) -> Walked:
        prefixes = (f"{{{TRANSITIONAL}}}", f"{{{STRICT}}}")
        choice, fallback = f"{{{COMPATIBILITY}}}Choice", f"{{{COMPATIBILITY}}}Fallback"
        self._open_story(Story(self.kind, self.part))
        walk = etree.iterwalk(root, events=("start", "end"))
        for event, element in walk:
            tag = element.tag
            if not isinstance(tag, str):
                continue
            if not tag.startswith(prefixes):
                if event == "start" and tag in (choice, fallback) and _is_second(element):
                    self.paragraphs += sum(1 for _ in _paragraphs_of(element))
                    walk.skip_subtree()
                continue
            name = tag[tag.index("}") + 1 :]
            if event == "end":
                if handler := self.ends.get(name):
                    handler(element)
            elif name in _PROPERTIES:
                walk.skip_subtree()
            elif handler := self.starts.get(name):
                handler(element)
        while self.levels:
            self._end_story(root)
        return self.walked

    def _open_story(self, story: Story) -> None:
        self.levels.append(_Level(story))
        self.walked.stories.append(story)

    def _end_story(self, element: etree._Element) -> None:
        level = self.levels.pop()
        for field in level.fields:
            self.endless[field.mark] = field.instruction
        for bookmark in level.bookmarks.values():
            level.story.strays.append(Stray(self.part, bookmark[1].paragraph, "begin", bookmark[0]))

    def _start_note(self, element: etree._Element) -> None:
        kind = _NOTES[element.tag.rpartition("}")[2]]
        self._open_story(Story(kind, self.part, attribute(element, "id")))

    def _start_text_box(self, element: etree._Element) -> None:
        runs = self.levels[-1].runs
        self._open_story(Story("text box", self.part, host=runs[-1][0] if runs else None))
        self.walked.stories[-1].at = tuple(self._spot(self.levels[-2]))

    def _reference(self, element: etree._Element) -> None:
        level = self.levels[-1]
        kind = _REFERENCES[element.tag.rpartition("}")[2]]
        if level.runs and not self.hidden:
            self.walked.references[kind, attribute(element, "id")] = (level.runs[-1][0], self._spot(level))

    def _start_paragraph(self, element: etree._Element) -> None:
        level = self.levels[-1]
        properties = child(element, "pPr")
        style = PLAIN
        numbering = None
        if properties is not None:
            style = self.styles.get(attribute(child(properties, "pStyle"), "val"), PLAIN)
            numbering = numbering_of(properties) or style.numbering
        if numbering is not None and numbering[0] in ("", "0"):
            numbering = None
        level.paragraph = Paragraph(self.paragraphs, element, style, numbering, level.table > 0)
        level.story.paragraphs.append(level.paragraph)
        self.paragraphs += 1

    def _end_paragraph(self, element: etree._Element) -> None:
        self.levels[-1].paragraph = None

    def _start_run(self, element: etree._Element) -> None:
        raised, hidden = run_marks(child(element, "rPr"), self.styles)
        self.levels[-1].runs.append((element, bool(raised), bool(hidden)))

    def _end_run(self, element: etree._Element) -> None:
        self.levels[-1].runs.pop()

    def _start_table(self, element: etree._Element) -> None:
        self.levels[-1].table += 1

    def _end_table(self, element: etree._Element) -> None:
        self.levels[-1].table -= 1

    def _start_row(self, element: etree._Element) -> None:
        self._shift_row(element, 1)

    def _end_row(self, element: etree._Element) -> None:
        self._shift_row(element, -1)

    def _shift_row(self, element: etree._Element, step: int) -> None:
        """A row as a whole is inserted or deleted by a mark among its properties."""
        properties = child(element, "trPr")
        for name in ("ins", "del"):
            if properties is not None and child(properties, name) is not None:
                self._shift(name, step)

    def _start_revision(self, element: etree._Element) -> None:
        self._shift(element.tag.rpartition("}")[2], 1)

    def _end_revision(self, element: etree._Element) -> None:
        self._shift(element.tag.rpartition("}")[2], -1)

    def _shift(self, name: str, step: int) -> None:
        self.walked.revisions = True
        if name in self.invisible:
            self.hidden += step
        if name in _INSERTED:
            self.inserted += step

    def _text(self, element: etree._Element) -> None:
        if element.text:
            self._append(element.text)

    def _character(self, element: etree._Element) -> None:
        self._append(_CHARACTERS[element.tag.rpartition("}")[2]])

    def _symbol(self, element: etree._Element) -> None:
        code = attribute(element, "char")
        if _SYMBOL.fullmatch(code):
            self._append(chr(int(code, 16)))

    def _append(self, text: str) -> None:
        level = self.levels[-1]
        if not level.runs or level.paragraph is None:
            return
        _, raised, hidden = level.runs[-1]
        if self.hidden:
            for field in level.fields:
                if field.deleted and field.separated:
                    field.lost.append(text)
        elif not hidden and not level.waiting:
            level.paragraph.append(text, raised)

    def _spot(self, level: _Level) -> Spot:
        """Where the walk stands in a story: between paragraphs, at the beginning of the next one."""
        if level.paragraph is None:
            return Spot(self.paragraphs, 0)
        return Spot(level.paragraph.index, level.paragraph.length)

    def _stretch(self, level: _Level, begin: Spot) -> tuple[Spot, Spot]:
        """Begin and end of what ends here: between paragraphs, the end of the last one; what is empty begins there."""
        end = self._spot(level)
        if level.paragraph is None and level.story.paragraphs:
            last = level.story.paragraphs[-1]
            end = Spot(last.index, last.length)
        return min(begin, end), end

    def _field_character(self, element: etree._Element) -> None:
        level = self.levels[-1]
        type = attribute(element, "fldCharType")
        run = level.runs[-1][0] if level.runs else element
        if element in self.ignored:
            paragraph = self._spot(level).paragraph
            level.story.strays.append(Stray(self.part, paragraph, "begin", self.ignored[element]))
        elif type == "begin":
            field = self._open_field(level, element, run)
            field.data = text_of(child(element, "fldData"))
        elif not level.fields or _is_simple(level.fields[-1].mark):
            if type == "end":
                level.story.strays.append(Stray(self.part, self._spot(level).paragraph, "end"))
        elif type == "separate":
            self._separate(level, level.fields[-1])
        elif type == "end":
            self._close_field(level, run)

    def _open_field(self, level: _Level, mark: etree._Element, first: etree._Element) -> Field:
        if len(level.fields) >= _MAX_DEPTH:
            raise SourceError(f"is damaged: {self.part} nests more than {_MAX_DEPTH} fields")
        outer = level.fields[-1] if level.fields else None
        field = Field(
            level.story, mark, first, self._spot(level), outer, deleted=self.hidden > 0, inserted=self.inserted > 0
        )
        field.control = level.controls[-1] if level.controls else None
        level.story.fields.append(field)
        level.fields.append(field)
        level.waiting += 1
        return field

    def _separate(self, level: _Level, field: Field) -> None:
        if not field.separated:
            field.separated = True
            level.waiting -= 1

    def _close_field(self, level: _Level, last: etree._Element) -> None:
        field = level.fields.pop()
        self._separate(level, field)
        field.last = last
        field.begin, field.end = self._stretch(level, field.begin)

    def _start_simple_field(self, element: etree._Element) -> None:
        level = self.levels[-1]
        field = self._open_field(level, element, element)
        field.codes.append(attribute(element, "instr"))
        field.writing.append(element)
        self._separate(level, field)

    def _end_simple_field(self, element: etree._Element) -> None:
        level = self.levels[-1]
        while level.fields[-1].mark is not element:  # begun inside, and to be ended where it no longer stands
            inner = level.fields.pop()
            self._separate(level, inner)
            self.endless[inner.mark] = inner.instruction
        self._close_field(level, element)

    def _instruction(self, element: etree._Element) -> None:
        level = self.levels[-1]
        field = next((field for field in reversed(level.fields) if not field.separated), None)
        if field is None or field.deleted != (self.hidden > 0):
            return
        field.codes.append(element.text or "")
        field.writing.append(element)

    def _start_control(self, element: etree._Element) -> None:
        level = self.levels[-1]
        properties = child(element, "sdtPr")
        tag, citation, gallery = "", False, ""
        if properties is not None:
            tag = attribute(child(properties, "tag"), "val")
            citation = child(properties, "citation") is not None
            gallery = attribute(child(properties, "docPartObj", "docPartGallery"), "val")
        is_bibliography = gallery == "Bibliographies" or (
            properties is not None and child(properties, "bibliography") is not None
        )
        spot = self._spot(level)
        level.controls.append(
            Control(level.story, element, tag, citation, is_bibliography, spot, self.hidden > 0, self.inserted > 0)
        )

    def _end_control(self, element: etree._Element) -> None:
        level = self.levels[-1]
        control = level.controls.pop()
        begin, end = self._stretch(level, control.begin)
        level.story.regions.append(Region(level.story, control.tag, begin, end, Anchor(element, element), control))

    def _start_bookmark(self, element: etree._Element) -> None:
        name = attribute(element, "name")
        if name.startswith(_BOOKMARKS):
            level = self.levels[-1]
            level.bookmarks[attribute(element, "id")] = (name, self._spot(level), element)

    def _end_bookmark(self, element: etree._Element) -> None:
        level = self.levels[-1]
        if (found := level.bookmarks.pop(attribute(element, "id"), None)) and not self.hidden:
            name, begin, first = found
            begin, end = self._stretch(level, begin)
            level.story.regions.append(Region(level.story, name, begin, end, Anchor(first, element)))


def _is_second(element: etree._Element) -> bool:
    """Whether another branch of the same mc:AlternateContent comes first: only one of them is what a reader sees."""
    return any(isinstance(before.tag, str) for before in element.itersiblings(preceding=True))


def _paragraphs_of(element: etree._Element) -> Iterator[etree._Element]:
    return element.iter(f"{{{TRANSITIONAL}}}p", f"{{{STRICT}}}p")


def _is_simple(mark: etree._Element) -> bool:
    """Whether a field is one whole element; marks inside it neither divide nor end it."""
    return mark.tag.endswith("}fldSimple")
