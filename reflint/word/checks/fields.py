"""Checks of single field citations: what they store, what they show, whether they still update."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reflint.word.checks.base import LIKELY, UNSURE, Hit, Options, Reading, check, text_passage
from reflint.word.managers.base import LABELS_ONLY
from reflint.word.manuscript import Citation, Manuscript, Placeholder
from reflint.word.rendering import is_as_rendered, keeps_nothing
from reflint.word.story import Field
from reflint.word.xml import attribute, child

_PLACEHOLDERS = re.compile(
    r"\{(?:Citation|Updating|Bibliography)\}"
    r"|\{[^\W\d_][\w’'.-]*(?:\s[\w’'.-]+){0,4},\s(?:1[5-9]|20)\d\d[a-z]?\s#\d+(?:@@[^}]*)?\}"
    r"|\\(?:cite|citep|citet|parencite|textcite|autocite)\*?(?:\[[^\]]*\]){0,2}\{[^{}]+\}"
    r"|\[-?@[A-Za-z_][\w:.#$%&+?<>~/-]*(?:[,;]\s[^\[\]]{0,80})?\]"
    r"|(?<![\w.@/+-])@[A-Za-z][\w:-]*(?:1[5-9]|20)\d\d[a-z]{0,2}\b"
)
_CODE = ("code", "source", "verbatim", "html", "listing", "preformatted")
_MARKER_OF_LIST = "papers"


@check("payload-unreadable")
def payload_unreadable(reading: Reading, options: Options) -> Iterator[Hit]:
    """Citations whose data cannot be read."""
    for n, citation in reading.fields:
        if citation.fault:
            yield Hit(reading.at(n), citation.fault)


@check("field-broken")
def field_broken(reading: Reading, options: Options) -> Iterator[Hit]:
    """Fields without end, ends without field."""
    paragraphs = {(story.part, p.index): (story, p) for story in reading.manuscript.stories for p in story.paragraphs}
    for stray in reading.manuscript.strays:
        found = paragraphs.get((stray.part, stray.paragraph))
        if found is not None:
            words = " ".join(stray.instruction.split())[:40]
            what = "the end of a field stands without its beginning" if stray.kind == "end" else "a field never ends"
            yield Hit((text_passage(*found),), what + (f" ({words})" if words else ""))


@check("placeholder-left")
def placeholder_left(reading: Reading, options: Options) -> Iterator[Hit]:
    """What stands for a citation that never came."""
    for placeholder in reading.manuscript.placeholders:
        if not _wraps_citation(placeholder, reading.manuscript):
            field = _field_of(placeholder)
            text = placeholder.story.text(field.begin, field.end) if field else ""
            paragraph = next(iter(placeholder.story.between(placeholder.begin, placeholder.begin)), None)
            if paragraph is not None:
                passage = text_passage(placeholder.story, paragraph)._replace(text=text or paragraph.text)
                yield Hit((passage,), "ZOTERO_TEMP")
    for story, paragraph, match in reading.outside_fields(_PLACEHOLDERS):
        if not any(word in paragraph.style.name for word in _CODE):
            bare = match[0].startswith("@")
            yield Hit(
                (text_passage(story, paragraph, match.start(), match.end()),),
                match[0],
                severity="warning" if bare else None,
                confidence=UNSURE if bare else LIKELY,
            )


def _field_of(placeholder: Placeholder) -> Field | None:
    return next(
        (
            f
            for f in placeholder.story.fields
            if f.begin == placeholder.begin and f.instruction == placeholder.instruction
        ),
        None,
    )


def _wraps_citation(placeholder: Placeholder, manuscript: Manuscript) -> bool:
    """Whether a live citation stands inside: then Zotero was only interrupted, and nothing is lost."""
    field = _field_of(placeholder)
    inside = (one.field for one in manuscript.citations if one.field is not None and one.field is not field)
    return field is not None and any(_is_within(one, field) for one in inside)


def _is_within(inner: Field, field: Field) -> bool:
    outer = inner.outer
    while outer is not None and outer is not field:
        outer = outer.outer
    return outer is not None


@check("text-differs")
def text_differs(reading: Reading, options: Options) -> Iterator[Hit]:
    """Visible text that somebody changed by hand: the next update takes it back."""
    for n, citation in reading.fields:
        if not citation.payload.flags and is_as_rendered(citation) is False:
            yield Hit(reading.at(n), f"“{' '.join((citation.payload.stored or '').split())[:80]}”")


@check("updates-off")
def updates_off(reading: Reading, options: Options) -> Iterator[Hit]:
    """Citations that no longer follow their reference manager."""
    for n, citation in reading.fields:
        if citation.payload.flags:
            idle = ", though no edit is left to keep" if keeps_nothing(citation) else ""
            yield Hit(reading.at(n), ", ".join(sorted(citation.payload.flags)) + idle)


@check("citation-empty")
def citation_empty(reading: Reading, options: Options) -> Iterator[Hit]:
    """Citations that show nothing."""
    for n, citation in reading.fields:
        hidden = citation.manager == "endnote" and 'Hidden="1"' in citation.instruction
        marker = citation.manager == _MARKER_OF_LIST and not citation.payload.works
        if not citation.text.strip() and not citation.fault and not hidden and not marker:
            yield Hit(reading.at(n), ", ".join(reading.manuscript.works[work].id for work in citation.works))


@check("work-unknown")
def work_unknown(reading: Reading, options: Options) -> Iterator[Hit]:
    """Works of which the manuscript says nothing but an id."""
    for position, work in enumerate(reading.manuscript.works):
        ids_only = LABELS_ONLY.issuperset(work.managers)
        if not set(work.item) - {"id", "type"} or (ids_only and "title" not in work.item):
            yield Hit(reading.at_work(position), work.id, severity="info" if ids_only else None)


@check("work-unlinked")
def work_unlinked(reading: Reading, options: Options) -> Iterator[Hit]:
    """Works of Zotero that stand in the manuscript only."""
    for position, work in enumerate(reading.manuscript.works):
        if work.managers == ("zotero",) and not work.linked:
            yield Hit(reading.at_work(position), str(work.item.get("title") or work.id)[:80])


@check("place-unusual")
def place_unusual(reading: Reading, options: Options) -> Iterator[Hit]:
    """Citations where reference managers do not reach, or nobody may edit. Text boxes of figures are in order."""
    for n, citation in reading.fields:
        if citation.story.kind in ("comment", "header", "footer"):
            yield Hit(reading.at(n), f"in a {citation.story.kind}")
        elif citation.control is not None and _is_locked(citation):
            yield Hit(reading.at(n), "in a locked content control")


def _is_locked(citation: Citation) -> bool:
    """Managers lock controls of their own; those around them are meant."""
    control = citation.control
    if control is None or control.is_citation or control.tag.startswith(("MENDELEY_", "Citavi")):
        return False
    return attribute(child(control.element, "sdtPr", "lock"), "val") in ("contentLocked", "sdtContentLocked")


@check("cited-twice")
def cited_twice(reading: Reading, options: Options) -> Iterator[Hit]:
    """A work twice in one citation at the same locator, or the same citation twice in a row."""
    before: tuple[int, Citation] | None = None
    for n, citation in reading.fields:
        seen = set()
        for cited in citation.payload.works:
            same = (cited.keys, cited.locator, cited.label, cited.prefix, cited.suffix)
            if cited.keys and same in seen:
                yield Hit(reading.at(n), f"{cited.id} stands twice in it")
                break
            seen.add(same)
        if before is not None and _repeats(before[1], citation):
            yield Hit(reading.at(before[0], n), "it stands twice in a row")
        before = n, citation


def _repeats(before: Citation, citation: Citation) -> bool:
    if before.story is not citation.story or before.end.paragraph != citation.paragraph or not citation.text.strip():
        return False
    between = citation.story.text(before.end, citation.begin)
    same = [(one.keys, one.locator, one.suffix) for one in before.payload.works]
    return (
        before.end <= citation.begin
        and not between.strip(" ,;")
        and before.text == citation.text
        and same == [(one.keys, one.locator, one.suffix) for one in citation.payload.works]
    )


@check("deleted-only")
def deleted_only(reading: Reading, options: Options) -> Iterator[Hit]:
    """Works whose every citation stands in a tracked deletion, while the list still has their entry."""
    from reflint.word.checks.lists import entries_for

    live = {key for work in reading.manuscript.works for key in work.keys}
    for citation in reading.manuscript.deleted:
        gone = [one for one in citation.payload.works if one.keys and live.isdisjoint(one.keys)]
        paragraph = reading.paragraph(citation)
        for cited in gone:
            entries = entries_for(reading.manuscript, cited)
            if paragraph is not None and entries:
                passage = text_passage(citation.story, paragraph)._replace(text=citation.text)
                yield Hit((passage,), str(cited.item.get("title") or cited.id)[:80], confidence=LIKELY)
