"""What a citation shows, held against what its reference manager rendered last."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from html import unescape

from lxml import etree

from reflint.word.manuscript import Citation
from reflint.word.xml import local

_MARKUP = re.compile(r"</?(?:i|b|u|sup|sub|span|div|sc)\b[^>]*>", re.I)
_RTF = re.compile(r"\\u(-?\d{1,5})\{?.?\}?|\\[a-z]+-?\d*\s?|[{}]")
_INVISIBLE = re.compile(r"[\s\u00ad\u200b-\u200f\u2060\ufeff]+")
_HYPHENS = str.maketrans({"\u2011": "-", "\u2010": "-", "\u2019": "'", "\u2018": "'", "\u201c": '"', "\u201d": '"'})
_LETTER_OF_YEAR = re.compile(r"(?<=(?<!\d)\d{4})[a-j](?![^\W\d_])")
_TRACKED = ("ins", "del", "moveFrom", "moveTo")


def is_as_rendered(citation: Citation) -> bool | None:
    """Whether the visible text is what was rendered; None where nobody can say.

    White space, markup, hyphens and quotation marks of all kinds make no difference; nor do the letters of years that
    EndNote gives when the whole list is made. A citation with tracked changes in it has no last word yet.
    """
    stored = citation.payload.stored
    if stored is None or not citation.text.strip() or not stored.strip():
        return None
    old, new = _comparable(stored), _comparable(citation.text)
    if citation.manager == "endnote":
        old, new = (_LETTER_OF_YEAR.sub("", one) for one in (old, new))
    if old == new:
        return True
    return None if _is_tracked(citation) else False


def keeps_nothing(citation: Citation) -> bool:
    """Whether Zotero is told not to update a text that is what it rendered: there is no edit left to keep."""
    data = citation.payload.data
    properties = data.get("properties") if isinstance(data, dict) else None
    if not isinstance(properties, dict) or not properties.get("dontUpdate") or properties.get("custom"):
        return False
    return is_as_rendered(citation) is True


def _comparable(text: str) -> str:
    """Text as two renderings of one citation must agree in it."""
    if text.startswith("{\\rtf") or "\\uc" in text:
        text = _RTF.sub(lambda match: chr(int(match[1]) % 0x10000) if match[1] else "", text)
    plain = unicodedata.normalize("NFC", _MARKUP.sub("", unescape(text)))
    return _INVISIBLE.sub("", plain.translate(_HYPHENS))


def _is_tracked(citation: Citation) -> bool:
    """Whether tracked changes stand within a citation's runs."""
    if citation.anchor is None:
        return False
    return any(local(element) in _TRACKED for element in _between(*citation.anchor))


def _between(first: etree._Element, last: etree._Element) -> Iterator[etree._Element]:
    """The elements of a paragraph from one run to another, and what they stand in."""
    for element in first.itersiblings():
        yield from element.iter()
        if element is last:
            return
