"""A reference list divided into its entries, and what is known of each: number, authors, years, DOI."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from reflint.model.identifiers import find_dois
from reflint.word.story import Paragraph
from reflint.word.typed.author_year import YEAR
from reflint.word.typed.section import is_list_heading, looks_like_reference
from reflint.word.typed.words import PARTICLES, name_key

_LABEL = re.compile(r"\s*(?:\[\s*(\d{1,4})\s*\]|\(\s*(\d{1,3})\s*\)|(\d{1,3})\s?[.)](?=\s|[^\d\s]))\s*")
_BARE_LABEL = re.compile(r"\s*(\d{1,3})[\s\u2002-\u200a]+(?=[^\W\d_])")
_LABEL_ALONE = re.compile(r"\s*[\[(]?(\d{1,4})[\])]?\.?\s*")
_REPEATED = re.compile(r"\s*(?:[—–―_‒-]\s?){2,}[.,]?|\s*[—―]\s?[.,]?\s")
_WRAPPED = re.compile(r"\s*(?:[a-zà-ÿ](?!\w*['’-]?[A-Z])|https?://|www\.|doi\b|pp?\.\s?\d|\d+[\s(:,–-])")
_VOLUME_AND_PAGES = re.compile(r"\d\s?\(\d+\)\s?[,:]\s?\w?\d|\d\s?:\s?\w?\d+\s?[-–]\s?\w?\d|\bpp?\.\s?\d")
_ENDING = re.compile(r"(?:[.\]\)\d/]|(?:10\.\d{4,}|https?:)\S*)$")
_IN_PARENTHESES = re.compile(rf"\(\s*({YEAR.pattern})[^()]{{0,40}}\)")
_AUTHOR_END = re.compile(
    r",|;|\s(?=[^\W\d_]\.)|\s(?=[A-Z]{1,3}(?:[,.;\s]|$))|\s(?:and|&|und|et|y)\s|\.\s|:|\(|\bet\sal"
)
_INITIALS = r"(?:[^\W\d_a-z]\.?[-‐\s]?){1,4}(?![a-zà-ÿ])"
_FAMILY = r"(?:[a-z’']{1,4}\s){0,2}[^\W\d_][\w’'-]+(?:[\s-][^\W\d_a-z][\w’'-]+){0,2}"
_PERSON = rf"(?:{_FAMILY},?\s{_INITIALS}|{_INITIALS}\s?{_FAMILY})"
_AUTHORS = re.compile(rf"{_PERSON}(?:(?:[,;]?\s?(?:&|and|und|et|y)\s|[,;]\s?){_PERSON})*(?:[,;]?\s+et\sal\b\.?)?")
_ONE_PERSON = re.compile(_PERSON)
_YEAR_NEXT = re.compile(r"\.?,?\s*(?:\((?:eds?\.?|hrsg\.?)\)[.,]*\s*)?[(\[]?(?:1[5-9]|20)\d\d[a-j]?[)\].,:;\s]", re.I)
_LONGEST_HEAD = 3000
_LONGEST_DOI = 300
_NEIGHBOURS = 3
_UPDATES_DISABLED = "Automatic citation updates are disabled"


class ListEntry(NamedTuple):
    """An entry as it stands in a part: `number` printed or automatic, `head` the folded names of the authors.

    `author` is the folded first family name (or institution), `years` as written, the entry's own first.
    """

    part: str
    paragraphs: tuple[int, ...]
    text: str
    number: int | None
    author: str
    head: str
    years: tuple[str, ...]
    doi: str


def entries_of(part: str, paragraphs: Sequence[Paragraph], *, managed: bool = False) -> list[ListEntry]:
    """The entries of a list in a part; blank paragraphs, headings and the notice that updates are off are none.

    In a `managed` list, one that a reference manager writes, a paragraph is never the rest of the one before it.
    """
    filled = [paragraph for paragraph in paragraphs if _may_be_entry(paragraph)]
    label = _label_of(filled)
    groups = list(_groups(filled, label, managed))
    counters: dict[tuple[str, str], int] = {}
    found: list[ListEntry] = []
    for group in groups:
        number = _automatic(group[0], counters)
        entry = _entry(part, group, label, number, found[-1] if found else None)
        if entry.text:
            found.append(entry)
    return found


def _may_be_entry(paragraph: Paragraph) -> bool:
    text = paragraph.text.strip()
    return bool(text) and not is_list_heading(text) and not text.startswith(_UPDATES_DISABLED)


def _label_of(paragraphs: list[Paragraph]) -> re.Pattern[str]:
    """How the entries of a list are numbered; numbers without any sign count when most paragraphs have one."""
    bare = sum(_BARE_LABEL.match(paragraph.text) is not None for paragraph in paragraphs)
    return _BARE_LABEL if bare > 0.7 * len(paragraphs) else _LABEL


def _groups(paragraphs: list[Paragraph], label: re.Pattern[str], managed: bool) -> Iterator[list[Paragraph]]:
    """The paragraphs of each entry: a label alone belongs to what follows, a wrapped line to what precedes it."""
    group: list[Paragraph] = []
    begins = [label.match(p.text) is not None or p.numbering is not None for p in paragraphs]
    labelled = sum(begins) > 0.5 * len(paragraphs)
    for paragraph, begin in zip(paragraphs, begins, strict=True):
        if group and not begin and (_is_label(group) or (not managed and _continues(group, paragraph, labelled))):
            group.append(paragraph)
            continue
        if group:
            yield group
        group = [paragraph]
    if group:
        yield group


def _is_label(group: list[Paragraph]) -> bool:
    return len(group) == 1 and _LABEL_ALONE.fullmatch(group[0].text) is not None


def _continues(group: list[Paragraph], paragraph: Paragraph, labelled: bool) -> bool:
    """Whether a paragraph without a label is the rest of the entry before it."""
    text = paragraph.text
    if _REPEATED.match(text):
        return False
    before = " ".join(p.text for p in group[-_NEIGHBOURS:])
    whole = looks_like_reference(before) and _ENDING.search(before[-_LONGEST_DOI:].rstrip()) is not None
    if labelled:
        return not whole or looks_like_reference(text)
    if _WRAPPED.match(text) and not _starts_with_particle(text):
        return not (whole and YEAR.search(text) and not text.lstrip().startswith(("http", "www", "doi")))
    if looks_like_reference(text):
        return False
    return not looks_like_reference(before) or _VOLUME_AND_PAGES.search(text) is not None


def _starts_with_particle(text: str) -> bool:
    words = text.split(maxsplit=3)
    return bool(words) and words[0].lower() in PARTICLES and any(word[:1].isupper() for word in words[1:3])


def _automatic(paragraph: Paragraph, counters: dict[tuple[str, str], int]) -> int | None:
    """The number that Word prints before a paragraph."""
    if paragraph.numbering is None:
        return None
    counters[paragraph.numbering] = counters.get(paragraph.numbering, 0) + 1
    return counters[paragraph.numbering]


def _entry(
    part: str, group: list[Paragraph], label: re.Pattern[str], number: int | None, before: ListEntry | None
) -> ListEntry:
    text = " ".join(" ".join(p.text.split()) for p in group).strip()
    if match := label.match(text) or (_LABEL_ALONE.match(text) if _is_label(group[:1]) else None):
        number = next(int(digits) for digits in match.groups() if digits)
        text = text[match.end() :]
    years = _years(text)
    head = _head(text, years)
    if (repeated := _REPEATED.match(text)) and before is not None:
        author = before.author
        head = before.author + " " + head[repeated.end() :]
    else:
        author = first_author(text)
    return ListEntry(
        part,
        tuple(p.index for p in group),
        text,
        number,
        author,
        name_key(head),
        years,
        _doi(text),
    )


def _doi(text: str) -> str:
    """The first DOI of an entry in small letters, `""` without one."""
    words = [word for word in text.split() if "10." in word and len(word) < _LONGEST_DOI]
    return next((dois[0].lower() for word in words[:5] if (dois := find_dois(word))), "")


def _head(text: str, years: tuple[str, ...]) -> str:
    """What names the authors: all before the year, or less where the title comes first."""
    head = text[: text.find(years[0])][:_LONGEST_HEAD] if years else text[:200]
    authors = _AUTHORS.match(head)
    if authors and re.search(r"[^\W\d_]{4}", head[authors.end() :]):
        return authors[0]
    return head


def author_count(text: str) -> int | None:
    """How many people an entry that begins `Authors year` names; None for all others, and where `et al.` ends them."""
    authors = _AUTHORS.match(text[:_LONGEST_HEAD])
    if authors is None or "et al" in authors[0] or not _YEAR_NEXT.match(text, authors.end()):
        return None
    return len(_ONE_PERSON.findall(authors[0]))


def _years(text: str) -> tuple[str, ...]:
    """All years as written, the one in parentheses or the first one first."""
    own = _IN_PARENTHESES.search(text)
    found = [" ".join(match["year"].split()) for match in YEAR.finditer(text)]
    first = [" ".join(own["year"].split())] if own else []
    return tuple(dict.fromkeys([*first, *found]))


def first_author(text: str) -> str:
    """The folded family name, or institution, that an entry begins with."""
    match = _AUTHOR_END.search(text, 1)
    head = text[: match.start()] if match else text[:60]
    year = YEAR.search(head)
    return name_key(head[: year.start()] if year else head)
