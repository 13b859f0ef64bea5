"""Checks of the document as a whole: managers, their preferences, what is left of fields that are gone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from reflint.model.finding import Passage
from reflint.word.checks.base import LIKELY, Hit, Options, Reading, check, text_passage
from reflint.word.manuscript import Manuscript

_DELAYED = "Automatic citation updates are disabled"
_TRACES = {
    "ZOTERO_PREF": "Zotero",
    "ZOTERO_BREF": "Zotero",
    "CitaviDocumentProperty": "Citavi",
    "Citavi": "Citavi",
}
"""Properties that only a manuscript with citations gets. Mendeley's stay in every file it ever opened."""
_NOTES = {"1": "footnote", "2": "endnote"}
"""Where styles of these types (`noteType` of the preferences) put citations."""
_NAMES = {
    "zotero": "Zotero", "mendeley": "Mendeley Desktop", "mendeley_v3": "Mendeley Cite", "endnote": "EndNote",
    "citavi": "Citavi", "word": "Word", "refworks": "RefWorks", "papers": "Papers", "paperpile": "Paperpile",
    "bookends": "Bookends",
}  # fmt: skip


def beginning(reading: Reading) -> tuple[Passage, ...]:
    """The first paragraph of the text: where what is true of the whole document stands."""
    found = next(iter(reading.prose), None)
    return (text_passage(*found)._replace(text=""),) if found else ()


@check("updates-delayed")
def updates_delayed(reading: Reading, options: Options) -> Iterator[Hit]:
    """A list that is not there yet, because updates are put off."""
    told = False
    for bibliography in reading.manuscript.bibliographies:
        for paragraph in bibliography.paragraphs:
            if _DELAYED in paragraph.text:
                told = True
                yield Hit((text_passage(bibliography.story, paragraph),), "the list has not been made")
    for preferences in reading.manuscript.preferences:
        if not told and preferences.options.get("delayCitationUpdates") == "true":
            yield Hit(beginning(reading), "citations and list may be out of date", severity="warning")


@check("managers-mixed")
def managers_mixed(reading: Reading, options: Options) -> Iterator[Hit]:
    """Citations of several reference managers. Zotero takes over those of Mendeley Desktop by itself."""
    counts = Counter(citation.manager or "" for _, citation in reading.fields)
    if len(counts) < 2:
        return
    usual = counts.most_common(1)[0][0]
    others = [n for n, citation in reading.fields if citation.manager != usual]
    note = ", ".join(f"{_NAMES[name]} {count}" for name, count in counts.most_common())
    yield Hit(reading.at(*others), note, severity="info" if set(counts) == {"zotero", "mendeley"} else None)


@check("fields-lost")
def fields_lost(reading: Reading, options: Options) -> Iterator[Hit]:
    """No citation fields, but properties that only a document with such fields has."""
    if reading.fields or reading.manuscript.bibliographies:
        return
    traces = [name for trace, name in _TRACES.items() if trace in reading.manuscript.properties]
    if traces:
        yield Hit(beginning(reading), traces[0], confidence=LIKELY)


@check("place-against-style")
def place_against_style(reading: Reading, options: Options) -> Iterator[Hit]:
    """Citations in the text although the document's style puts them into notes; notes that are counted wrongly."""
    kinds = {one.options.get("noteType", "0") for one in reading.manuscript.preferences if one.manager == "zotero"}
    if not kinds & set(_NOTES):
        return
    where = _NOTES["1" if "1" in kinds else "2"]
    of_zotero = [(n, one) for n, one in reading.fields if one.manager == "zotero"]
    wrong = [n for n, one in of_zotero if one.story.kind == "body"]
    if wrong:
        note = f"the document's style cites in {where}s, but the citation stands in the text"
        yield Hit(reading.at(*wrong), note, confidence=LIKELY)
    if reading.manuscript.revisions:
        return  # who counts the notes that stand in tracked deletions?
    numbers = _note_numbers(reading.manuscript)
    moved = [n for n, one in of_zotero if one.payload.note_index not in (None, numbers.get(id(one.story)))]
    moved = [n for n in moved if n not in wrong]
    if moved:
        note = f"Zotero counts other {where}s than there are, so that “Ibid.” and short forms may be wrong"
        yield Hit(reading.at(*moved), note, severity="info", confidence=LIKELY)


def _note_numbers(manuscript: Manuscript) -> dict[int, int]:
    """The numbers of footnotes and of endnotes, each counted by itself in the order of the text; by story."""
    counts: Counter[str] = Counter()
    numbers = {}
    for story in sorted((one for one in manuscript.stories if one.at), key=lambda story: story.at):
        counts[story.kind] += 1
        numbers[id(story)] = counts[story.kind]
    return numbers


@check("style-not-wanted")
def style_not_wanted(reading: Reading, options: Options) -> Iterator[Hit]:
    """Another citation style than the one that the settings ask for."""
    wanted = str(options["style"])
    for preferences in reading.manuscript.preferences:
        name = preferences.style.rstrip("/").rpartition("/")[2]
        if wanted and name and wanted.rstrip("/").rpartition("/")[2] != name:
            yield Hit(beginning(reading), f"{name}, not {wanted}")
