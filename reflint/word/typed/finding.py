"""All typed citations of a manuscript's text: which style it is written in decides what numbers mean."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, Literal, NamedTuple

from reflint.word.story import Paragraph, Story
from reflint.word.typed import numeric
from reflint.word.typed.author_year import author_year
from reflint.word.typed.mentions import Typed
from reflint.word.typed.section import is_list_heading

Style = Literal["author-year", "bracket", "parenthesis", "superscript", "none"]

_NUMBERED: Final[tuple[Style, ...]] = ("bracket", "superscript", "parenthesis")
_LISTED = re.compile(r"(?:\t|\.{4}|…|\s)\d{1,4}\s?$")
_AFFILIATION = re.compile(
    r"universit|department|institut|school of|faculty|hospital|laborator|@|correspond|college|centre|center for|"
    r"ministry",
    re.I,
)
_WORDS = re.compile(r"[^\W\d_]{2,}")
_CAPITALISED = 0.7
"""The share of capitalised words that no prose has, be it German."""
_LONGEST = 100_000
"""Characters beyond which a paragraph is no prose."""

_WORD_BEFORE = re.compile(r"[^\W\d_]\W+[^\W\d_]{3,}[”\")]?\s$")
_REACH = 80
_GOES_ON = re.compile(r"[.,;:)]|\s[^\W\d_A-Z]")
_FEW = 3
_MANY = 8


class Found(NamedTuple):
    """A typed citation and the paragraph it stands in."""

    story: Story
    paragraph: Paragraph
    typed: Typed


def find_typed(
    stories: Sequence[Story], listed: frozenset[tuple[str, int]], highest: int | None
) -> tuple[Style, list[Found]]:
    """The style of the text, and its typed citations in order.

    `listed` are the (part, paragraph) of the reference list, `highest` its highest number (None without a list).
    """
    paragraphs = [
        (story, paragraph)
        for story in stories
        for paragraph in story.paragraphs
        if (story.part, paragraph.index) not in listed and _is_prose(paragraph)
    ]
    dated = [Found(story, p, typed) for story, p in paragraphs for typed in author_year(p.text)]
    numbered = {style: list(_numbered(style, paragraphs, highest)) for style in _NUMBERED}
    style, found = _vote(len(dated), numbered, highest)
    return style, list(_apart(dated + found))


def _is_prose(paragraph: Paragraph) -> bool:
    """Not a line of a table of contents or of a list of figures, and no heading of the list."""
    text = paragraph.text
    if not text.strip() or is_list_heading(text) or len(text) > _LONGEST:
        return False
    return not (paragraph.style.name.startswith(("toc", "table of figures")) and _LISTED.search(text))


def _numbered(style: Style, paragraphs: Iterable[tuple[Story, Paragraph]], highest: int | None) -> Iterator[Found]:
    for story, paragraph in paragraphs:
        text = paragraph.text
        if style == "bracket":
            found = numeric.bracketed(text, highest)
        elif style == "parenthesis":
            found = numeric.parenthesised(text, highest)
        elif (_AFFILIATION.search(text) and len(text) < 400) or _names_people(paragraph):
            continue
        else:
            found = numeric.raised(text, paragraph.raised, highest)
        yield from (Found(story, paragraph, typed) for typed in found)


def _names_people(paragraph: Paragraph) -> bool:
    """Whether a paragraph is a line of authors, whose raised numbers are those of their affiliations."""
    words = _WORDS.findall(paragraph.text)
    capitalised = [word for word in words if word[0].isupper()]
    return not paragraph.in_table and len(paragraph.raised) > 1 and len(capitalised) >= _CAPITALISED * len(words)


def _vote(dated: int, numbered: Mapping[Style, list[Found]], highest: int | None) -> tuple[Style, list[Found]]:
    """The commonest form, and its numbered citations.

    Without a list numbers prove nothing, unless they count up from 1; or, as in letters that quote a manuscript, all
    those in brackets end a phrase of running text.
    """
    counted = dict(numbered)
    few = _FEW
    if highest is None:
        counted = {name: _counting_up(found, _FEW if name == "bracket" else _MANY) for name, found in numbered.items()}
        if not counted["bracket"] and all(map(_ends_phrase, numbered["bracket"])):
            counted["bracket"], few = numbered["bracket"], 1
    style, found = max(counted.items(), key=lambda pair: len(pair[1]))
    if not found and not dated:
        return "none", []
    if dated < len(found):
        return style, found
    return "author-year", counted["bracket"] if len(counted["bracket"]) >= few else []


def _ends_phrase(one: Found) -> bool:
    """Whether a number stands behind a word of running text, and before its next stop or word."""
    text, typed = one.paragraph.text, one.typed
    before, behind = text[max(0, typed.start - _REACH) : typed.start], text[typed.end : typed.end + 2]
    return not one.paragraph.in_table and _WORD_BEFORE.search(before) is not None and _GOES_ON.match(behind) is not None


def _counting_up(found: list[Found], enough: int) -> list[Found]:
    """Of these the citations of a list that is not there: as far as nearly all numbers from 1 on occur."""
    numbers = {mention.number or 0 for one in found for mention in one.typed.mentions}
    last = met = 0
    for number in range(1, max(numbers, default=0) + 1):
        met += number in numbers
        if met >= 0.9 * number:
            last = number
    within = [one for one in found if all((mention.number or 0) <= last for mention in one.typed.mentions)]
    return within if len(within) >= enough and last >= _FEW else []


def _apart(found: Iterable[Found]) -> Iterator[Found]:
    """In the order of the text, of two that overlap the first."""
    order = {id(one.story): number for number, one in enumerate(found)}
    ordered = sorted(found, key=lambda one: (order[id(one.story)], one.paragraph.index, one.typed.start))
    last: Found | None = None
    for one in ordered:
        if last is None or one.paragraph is not last.paragraph or one.typed.start >= last.typed.end:
            yield one
            last = one
