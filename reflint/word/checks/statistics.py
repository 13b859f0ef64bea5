"""Figures of a manuscript as findings, for those who ask for them; see also word/summary.py."""

from __future__ import annotations

from collections.abc import Iterator

from reflint.word.checks.base import Hit, Options, Reading, check, text_passage
from reflint.word.checks.document import beginning
from reflint.word.summary import summarise

_SPARSE_SECTION = 200
"""Words from which a section says enough to have a density."""


@check("self-citations")
def self_citations(reading: Reading, options: Options) -> Iterator[Hit]:
    """The share of references that share an author with the manuscript."""
    found = summarise(reading.manuscript, options["authors"])
    if found.self_share is not None and 100 * found.self_share > options["most"]:
        yield Hit(beginning(reading), f"{found.self_citations} of {found.number} ({100 * found.self_share:.0f} %)")


@check("age-of-references")
def age_of_references(reading: Reading, options: Options) -> Iterator[Hit]:
    """How old the references are."""
    found = summarise(reading.manuscript)
    if found.median_age is not None and found.median_age > options["most"]:
        yield Hit(
            beginning(reading), f"half of them are {found.median_age:g} years older than the newest ({found.latest})"
        )


@check("doi-coverage")
def doi_coverage(reading: Reading, options: Options) -> Iterator[Hit]:
    """How many references have a DOI."""
    found = summarise(reading.manuscript)
    if found.doi_share is not None and 100 * found.doi_share < options["least"]:
        yield Hit(beginning(reading), f"{found.with_doi} of {found.number} ({100 * found.doi_share:.0f} %)")


@check("density")
def density(reading: Reading, options: Options) -> Iterator[Hit]:
    """Citations per thousand words of each section with a heading."""
    cited = {(one.part, one.paragraph): 0 for one in reading.manuscript.citations}
    for one in reading.manuscript.citations:
        cited[one.part, one.paragraph] += 1
    heading, words, citations = None, 0, 0
    for story, paragraph in [*((s, p) for s, p in reading.prose if s.kind == "body"), (None, None)]:
        if (
            story is None
            or paragraph is None
            or paragraph.style.outline is not None
            or paragraph.style.name.startswith("heading")
        ):
            if heading is not None and words >= _SPARSE_SECTION:
                yield Hit(
                    (heading,), f"{citations} citations in {words} words ({1000 * citations / words:.1f} per 1000)"
                )
            words = citations = 0
            heading = text_passage(story, paragraph) if story is not None and paragraph is not None else None
        else:
            words += len(paragraph.text.split())
            citations += cited.get((story.part, paragraph.index), 0)


@check("large-clusters")
def large_clusters(reading: Reading, options: Options) -> Iterator[Hit]:
    """Citations of many works at once."""
    for n, references in enumerate(reading.manuscript.references):
        if len(references) > options["most"]:
            yield Hit(reading.at(n), f"{len(references)} works")
