"""Measures typed citations on field documents read as plain text: `python -m benchmarks.word [FOLDER]`.

The fields say where the citations are, how many works each has and which; the reader of plain text is not told.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from reflint.errors import SourceError
from reflint.word.linking import WorkLinks
from reflint.word.manuscript import Citation, Manuscript
from reflint.word.reading import read, reference_list
from reflint.word.typed.author_year import YEAR
from reflint.word.typed.finding import Found, find_typed
from reflint.word.typed.matching import ReferenceList

DATA = Path(__file__).resolve().parent.parent.parent / "shared" / "data" / "docx"
PROSE = ("body", "footnote", "endnote", "text box")
SURE = ("DOI", "title")


class Place(NamedTuple):
    """A field citation beside what plain text shows at its place."""

    citation: Citation
    style: str
    overlapping: tuple[Found, ...]
    shared: bool


class Score(NamedTuple):
    """One document: counts by measure and style, citations outside fields by style, lines to read, seconds."""

    counts: Counter[tuple[str, str]]
    outside: Counter[str]
    notes: list[str]
    seconds: float


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("folder", nargs="?", type=Path, default=DATA)
    arguments.add_argument("-v", "--verbose", action="store_true", help="show every miss, and what is outside fields")
    options = arguments.parse_args()
    if not options.folder.is_dir():
        print(f"{options.folder}: no such folder; give one with field documents (.docx)", file=sys.stderr)
        return 2
    total: Counter[tuple[str, str]] = Counter()
    outside: Counter[str] = Counter()
    slowest = (0.0, "")
    for path in sorted(options.folder.rglob("*.docx")):
        try:
            score = measure(path)
        except SourceError as error:
            print(f"{path}: {error}", file=sys.stderr)
            continue
        total += score.counts
        outside += score.outside
        slowest = max(slowest, (score.seconds, path.name))
        if options.verbose:
            print("\n".join([f"# {path.name}", *score.notes]))
    print_table(total, outside)
    print(f"\nslowest to read: {slowest[1]}, {slowest[0]:.2f} s")
    return 0


def measure(path: Path) -> Score:
    """Compares the plain text of a document with its fields."""
    start = time.perf_counter()
    manuscript = read(path.read_bytes())
    seconds = time.perf_counter() - start
    fields = [c for c in manuscript.citations if c.manager and c.story.kind in PROSE and c.text.strip()]
    score = Score(Counter(), Counter(), [], seconds)
    if not fields:
        return score
    _, listed = reference_list(manuscript.stories, manuscript.bibliographies)
    listing = ReferenceList(manuscript.entries)
    stories = [story for story in manuscript.stories if story.kind in PROSE]
    _, typed = find_typed(stories, listed, listing.highest)
    places = list(beside(fields, typed, listed))
    styles = Counter(place.style for place in places)
    links = WorkLinks(manuscript.entries)
    for place in places:
        compare(place, manuscript, listing, links, score)
    hit = {id(found) for place in places for found in place.overlapping}
    for found in typed:
        if id(found) not in hit:
            score.outside[found.typed.form] += 1
            score.notes.append(f"outside: {found.paragraph.text[found.typed.start : found.typed.end]!r}")
    score.counts.update({("documents", style): 1 for style in styles})
    return score


def beside(fields: Iterable[Citation], typed: list[Found], listed: frozenset[tuple[str, int]]) -> Iterator[Place]:
    """Each field with the typed citations that overlap it; fields within the list are left out."""
    fields = [field for field in fields if (field.part, field.paragraph) not in listed]
    spans: Counter[int] = Counter()
    pairs = []
    for field in fields:
        start, end = field.span
        over = tuple(
            found for found in typed
            if found.story.part == field.part and found.paragraph.index == field.paragraph
            and found.typed.start < end and start < found.typed.end
        )  # fmt: skip
        spans.update(id(found) for found in over)
        pairs.append((field, over))
    for field, over in pairs:
        yield Place(field, style_of(field), over, any(spans[id(found)] > 1 for found in over))


def style_of(citation: Citation) -> str:
    """The style of a citation's visible text."""
    text, (start, end) = citation.text.strip(), citation.span
    if citation.story.kind in ("footnote", "endnote") and len(text) > 40:
        return "note"
    if YEAR.search(text):
        return "author-year"
    if not any(character.isdigit() for character in text):
        return "other"
    if text[0] == "[":
        return "[n]"
    paragraph = next(iter(citation.story.between(citation.begin, citation.begin)))
    if any(first < end and start < last for first, last in paragraph.raised):
        return "superscript"
    return "(n)" if text[0] == "(" else "other"


def compare(place: Place, manuscript: Manuscript, listing: ReferenceList, links: WorkLinks, score: Score) -> None:
    """Adds one field to the counts: found, number of works, links."""
    citation, style = place.citation, place.style
    score.counts["fields", style] += 1
    if not place.overlapping:
        score.notes.append(f"missed ({style}): {citation.text!r}")
        return
    score.counts["found", style] += 1
    works = {*citation.works}
    mentions = {mention for found in place.overlapping for mention in found.typed.mentions}
    if place.shared or citation.payload.flags:
        return
    score.counts["clusters", style] += 1
    score.counts["works", style] += len(works) == len(mentions)
    if len(works) != len(mentions):
        score.notes.append(f"works ({style}): {len(works)}, not {[m.label for m in mentions]}: {citation.text!r}")
        return
    expected = [links.reference(manuscript.works[work]) for work in works]
    if any(reference.reason not in SURE for reference in expected):
        return
    right = {entry for reference in expected for entry in reference.entries}
    for mention in mentions:
        match = listing.match(mention)
        score.counts["linkable", style] += 1
        if len(match.entries) == 1:
            score.counts["linked" if match.entries[0] in right else "wrong", style] += 1
        if len(match.entries) != 1 or match.entries[0] not in right:
            shown = [manuscript.entries[n].text[:60] for n in (*match.entries, *right)]
            score.notes.append(f"link ({style}): {mention.label}: {match.reason}: {shown}")


def print_table(total: Counter[tuple[str, str]], outside: Counter[str]) -> None:
    """One row a style."""
    print(
        f"{'style':<12} {'docs':>4} {'found':>20} {'right number of works':>22} {'linked':>20} {'linked wrongly':>16}"
    )
    for style in ("author-year", "[n]", "(n)", "superscript", "note", "other"):
        if not total["fields", style]:
            continue
        cells = [
            share(total[part, style], total[whole, style])
            for part, whole in (
                ("found", "fields"),
                ("works", "clusters"),
                ("linked", "linkable"),
                ("wrong", "linkable"),
            )
        ]
        print(f"{style:<12} {total['documents', style]:>4} {cells[0]:>20} {cells[1]:>22} {cells[2]:>20} {cells[3]:>16}")
    forms = ", ".join(f"{form} {count}" for form, count in outside.most_common())
    print(f"\ntyped citations outside fields (to be read by eye: --verbose): {forms or 'none'}")


def share(part: int, whole: int) -> str:
    return f"{part}/{whole} = {100 * part / whole:.1f} %" if whole else "-"


if __name__ == "__main__":
    sys.exit(main())
