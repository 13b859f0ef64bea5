"""Where the reference list stands in a text without a bibliography field."""

from __future__ import annotations

import re
from collections.abc import Sequence

from reflint.word.story import Paragraph
from reflint.word.typed.author_year import YEAR

_TITLES = (
    "references|reference list|list of references|bibliography|literature cited|literature|works cited|"
    "cited literature|references cited|references and notes|literaturverzeichnis|quellenverzeichnis|quellen|literatur|"
    "bibliografie|bibliographie|bibliografía|bibliografia|referencias|referencias bibliográficas|referências|"
    "referências bibliográficas|références|références bibliographiques|riferimenti bibliografici|daftar pustaka|"
    "daftar referensi|literatuurlijst|referenties|litteratur|referenser|literatura|piśmiennictwo|kaynakça|"
    "quellen- und literaturverzeichnis|literatur- und quellenverzeichnis|sources"
)
_HEADING = re.compile(rf"(?:(?:\d+|[A-Z]|[IVX]+)(?:\.\d+)*[.):]?\s+)?(?:{_TITLES})\s*[.:]?", re.I)
_END_HEADING = re.compile(
    r"(?:(?:\d+|[A-Z])\.?\s+)?(?:figures?|tables?|figure (?:legends?|captions?)|table legends?|legends?|appendix|"
    r"appendices|anhang|acknowledge?ments?|danksagung|supplementa\w+(?:\s\w+){0,3}|supporting information|"
    r"author contributions?|list of (?:figures|tables)|competing interests|conflicts? of interest|funding|"
    r"data availability|biograph\w+|eidesstattliche\s.*|declaration.*|lampiran)\b.{0,40}",
    re.I,
)
_CAPTION = re.compile(
    r"(?:supplement\w+\s+)?(?:fig(?:ure|\.)|table|abbildung|tabelle|appendix|s\d+\s+(?:fig|table))\s*\.?\s*"
    r"[S\d][\w.]*[.:| ]",
    re.I,
)
_SIGNS_OF_A_REFERENCE = re.compile(
    rf"{YEAR.pattern}|10\.\d{{4,9}}/\S|https?://|www\.|\bdoi\b|\bin press\b|\b(?:19|20)\d\d[a-z]?\b", re.I
)
_SPAN_OF_STRANGERS = 5


def is_list_heading(text: str) -> bool:
    """Whether a paragraph is nothing but the title of a reference list."""
    bare = text.strip()
    return len(bare) < 60 and _HEADING.fullmatch(bare) is not None


def looks_like_reference(text: str) -> bool:
    """Whether a paragraph has a sign of a reference: a year, a DOI, an address."""
    bare = text.strip()
    return len(bare) > 15 and _SIGNS_OF_A_REFERENCE.search(bare) is not None


def find_list(paragraphs: Sequence[Paragraph]) -> list[Paragraph]:
    """The paragraphs of the last reference list of a text, its heading left out; [] when there is none."""
    filled = [paragraph for paragraph in paragraphs if paragraph.text.strip()]
    for start in range(len(filled) - 1, -1, -1):
        if not is_list_heading(filled[start].text) or filled[start].style.name.startswith(("toc", "table of")):
            continue
        found = _list_from(filled, start + 1)
        if sum(looks_like_reference(paragraph.text) for paragraph in found) >= 3:
            return found
    return []


def _list_from(filled: Sequence[Paragraph], start: int) -> list[Paragraph]:
    """The references that begin at a position, to the next heading or to where there are none any more."""
    found: list[Paragraph] = []
    strangers = 0
    for paragraph in filled[start:]:
        if _ends_list(paragraph):
            break
        strangers = 0 if looks_like_reference(paragraph.text) else strangers + 1
        found.append(paragraph)
        if strangers > _SPAN_OF_STRANGERS:
            break
    return found[: len(found) - strangers] if strangers > 2 else found


def _ends_list(paragraph: Paragraph) -> bool:
    text = paragraph.text.strip()
    if _CAPTION.match(text) or (len(text) < 80 and _END_HEADING.fullmatch(text)):
        return True
    style = paragraph.style
    heading = style.name.startswith(("heading", "title")) or style.outline is not None
    return heading and not looks_like_reference(text)
