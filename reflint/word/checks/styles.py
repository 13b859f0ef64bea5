"""Checks of form: one style throughout, nothing doubled at the edges of fields."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from reflint.word.checks.base import LIKELY, UNSURE, Hit, Options, Reading, check
from reflint.word.manuscript import Citation
from reflint.word.typed.author_year import YEAR

_NUMBERS = re.compile(r"\s*[\[(]?\s*\d{1,3}(?:\s?[-‐‑–—−,;]\s?\d{1,3})*\s*[\])]?\s*")
_AMPERSAND = re.compile(r"[^\W\d_]\.?,?\s&\s[^\W\d_]")
_AND = re.compile(r"[^\W\d_]\.?,?\s(?:and|und|y|et)\s[^\W\d_]")
_COMMA_YEAR = re.compile(r"[^\W\d_]\.?,\s(?:1[5-9]|20)\d\d")
_BARE_YEAR = re.compile(r"[^\W\d_]\.?\s(?:1[5-9]|20)\d\d")
_PAGE_FOR_PAGES = re.compile(r"(?<!\w)p\.\s?\d+\s?[-–]\s?\d+")
_PAGES_FOR_PAGE = re.compile(r"(?<!\w)pp\.\s?\d+(?!\s?[-–,&f\d]|\s?(?:and|und))")
_FEW = 3
_EXCEPTION = 0.25
"""The share up to which the rarer of two forms is an exception; beyond it, nobody can say which one is meant."""


def _kind(citation: Citation) -> str:
    if citation.mentions:
        return "numbers" if citation.mentions[0].number is not None else "author-year"
    if _NUMBERS.fullmatch(citation.text):
        return "numbers"
    return "author-year" if YEAR.search(citation.text) else ""


@check("styles-mixed")
def styles_mixed(reading: Reading, options: Options) -> Iterator[Hit]:
    """Numbers among authors and years, or the other way round."""
    kinds: dict[str, list[int]] = {"numbers": [], "author-year": []}
    for n, citation in enumerate(reading.manuscript.citations):
        kind = _kind(citation)
        if kind and citation.story.kind == "body":
            kinds[kind].append(n)
    rarer, usual = sorted(kinds.values(), key=len)
    if len(rarer) >= _FEW and len(rarer) <= _EXCEPTION * (len(rarer) + len(usual)):
        name = "numbers" if rarer is kinds["numbers"] else "author-year"
        yield Hit(reading.at(*rarer), f"{name}, {len(rarer)} of {len(rarer) + len(usual)} citations", confidence=LIKELY)


def _rarer(reading: Reading, forms: dict[str, Callable[[str], bool]]) -> Iterator[Hit]:
    """The citations in parentheses whose form is the rarer one of two."""
    found: dict[str, list[int]] = {name: [] for name in forms}
    for n, citation in reading.typed:
        text = citation.text
        if text.startswith(("(", "[")):
            fitting = [name for name, fits in forms.items() if fits(text)]
            if len(fitting) == 1:
                found[fitting[0]].append(n)
    (few_name, few), (many_name, many) = sorted(found.items(), key=lambda pair: len(pair[1]))
    if few and len(many) >= _FEW and len(few) <= _EXCEPTION * (len(few) + len(many)):
        yield Hit(reading.at(*few), f"{few_name} here, {many_name} elsewhere", confidence=LIKELY)


def _holds(pattern: re.Pattern[str]) -> Callable[[str], bool]:
    return lambda text: pattern.search(text) is not None


@check("forms-mixed")
def forms_mixed(reading: Reading, options: Options) -> Iterator[Hit]:
    """`&` and `and`, a comma before the year or none: in parentheses, where styles allow one of them."""
    yield from _rarer(reading, {"“&”": _holds(_AMPERSAND), "“and”": _holds(_AND)})
    yield from _rarer(
        reading, {"a comma before the year": _holds(_COMMA_YEAR), "no comma before the year": _holds(_BARE_YEAR)}
    )


@check("locator-form")
def locator_form(reading: Reading, options: Options) -> Iterator[Hit]:
    """`p.` for several pages, `pp.` for one."""
    for n, citation in reading.typed:
        for pattern, right in ((_PAGE_FOR_PAGES, "pp."), (_PAGES_FOR_PAGE, "p.")):
            if match := pattern.search(citation.text):
                yield Hit(reading.at(n), f"“{match[0]}”: {right}", confidence=LIKELY)


@check("citation-in-heading")
def citation_in_heading(reading: Reading, options: Options) -> Iterator[Hit]:
    """Citations in titles, headings and abstracts."""
    for n, citation in enumerate(reading.manuscript.citations):
        paragraph = reading.paragraph(citation)
        if paragraph is None or citation.story.kind != "body":
            continue
        name = paragraph.style.name
        is_heading = paragraph.style.outline is not None or name.startswith(("heading", "title", "abstract"))
        if is_heading and _kind(citation):
            yield Hit(reading.at(n), name or "heading", confidence=LIKELY)


@check("full-stop-mixed")
def full_stop_mixed(reading: Reading, options: Options) -> Iterator[Hit]:
    """Citations at the end of a sentence, before and behind its full stop; raised numbers have other rules."""
    before: list[int] = []
    behind: list[int] = []
    for n, citation in enumerate(reading.manuscript.citations):
        around = _around(reading, citation)
        if around is None or not citation.text.startswith(("(", "[")):
            continue
        if around[1].startswith("."):
            before.append(n)
        elif around[0].rstrip().endswith(".") and not around[1].strip()[:1].islower():
            behind.append(n)
    rarer, usual = sorted((before, behind), key=len)
    if rarer and len(usual) >= _FEW and len(rarer) <= _EXCEPTION * (len(rarer) + len(usual)):
        words = "behind the full stop here, before it elsewhere"
        if rarer is before:
            words = "before the full stop here, behind it elsewhere"
        yield Hit(reading.at(*rarer), words, confidence=UNSURE)


def _around(reading: Reading, citation: Citation) -> tuple[str, str] | None:
    """The text of the paragraph before and behind a citation that stands within one."""
    paragraph = reading.paragraph(citation)
    if paragraph is None or citation.begin.paragraph != citation.end.paragraph:
        return None
    start, end = citation.span
    return paragraph.text[:start], paragraph.text[end:]


@check("punctuation-doubled")
def punctuation_doubled(reading: Reading, options: Options) -> Iterator[Hit]:
    """Brackets or full stops that field and text both have, and blanks that are missing between them."""
    for n, citation in reading.fields:
        around = _around(reading, citation)
        if around is None or not citation.text.strip() or citation.story.kind in ("footnote", "endnote"):
            continue
        before, behind = around[0][-1:], around[1][:1]
        first, last = citation.text[0], citation.text[-1]
        if first in "([" and before == first:
            yield Hit(reading.at(n), f"“{before}{first}”")
        elif last in ")]" and behind == last and around[0].count("(") <= around[0].count(")"):
            yield Hit(reading.at(n), f"“{last}{behind}”")
        elif last == "." == behind and not around[1].startswith(".."):
            yield Hit(reading.at(n), "“..”")
        elif first == "(" and before.isalpha() and YEAR.search(citation.text):
            yield Hit(reading.at(n), f"“{around[0].split()[-1][-12:]}(”")
