"""Single texts and attributes of a part written anew within its bytes; every other byte stays as it is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple
from xml.parsers import expat

from lxml import etree

from reflint.errors import SourceError

_TAG = re.compile(rb"<(?:[^>\"']|\"[^\"]*\"|'[^']*')*>")
_ATTRIBUTE = re.compile(rb"\s+(?:[^\s=:]+:)?([^\s=:]+)\s*=\s*(\"[^\"]*\"|'[^']*')")
_IN_TEXT = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"})
_IN_ATTRIBUTES = _IN_TEXT | str.maketrans({"\t": "&#9;", "\n": "&#10;", '"': "&quot;", "'": "&#39;"})


class Change(NamedTuple):
    """The new text of an element that holds nothing but text, or (`attribute`, a local name) of its attribute."""

    element: etree._Element
    text: str
    attribute: str = ""


def rewritten(data: bytes, part: str, root: etree._Element, changes: Iterable[Change]) -> bytes:
    """The bytes of a part, of which `root` was parsed, with these changes.

    Raises SourceError for a part that is not written in UTF-8.
    """
    if (root.getroottree().docinfo.encoding or "UTF-8").upper() != "UTF-8":
        raise SourceError(f"cannot be repaired: {part} is not in UTF-8; save the document with Word first")
    by_element = {change.element: change for change in changes}
    wanted = {n: by_element[one] for n, one in enumerate(root.iter("*")) if one in by_element}
    pieces, at = [], 0
    for start, end, new in sorted(_stretches(data, wanted)):
        pieces += [data[at:start], new]
        at = end
    return b"".join([*pieces, data[at:]])


def _stretches(data: bytes, wanted: dict[int, Change]) -> Iterator[tuple[int, int, bytes]]:
    """Where each change goes, and what comes there."""
    for n, (start, end) in _offsets(data, wanted.keys()).items():
        change = wanted[n]
        tag = _TAG.match(data, start)
        assert tag is not None
        if not change.attribute:
            yield tag.end(), end, change.text.translate(_IN_TEXT).encode()
            continue
        name = change.attribute.encode()
        for attribute in _ATTRIBUTE.finditer(tag[0]):
            if attribute[1] == name:
                first, last = (start + offset for offset in attribute.span(2))
                new = change.text.translate(_IN_ATTRIBUTES).encode()
                yield first + 1, last - 1, new
                break


def _offsets(data: bytes, wanted: Iterable[int]) -> dict[int, tuple[int, int]]:
    """Of the elements of these positions in the order of the document: where their tags begin."""
    positions = frozenset(wanted)
    found: dict[int, tuple[int, int]] = {}
    open_elements: list[tuple[int, int]] = []
    count = 0
    parser = expat.ParserCreate()

    def start(name: str, attributes: object) -> None:
        nonlocal count
        open_elements.append((count, parser.CurrentByteIndex))
        count += 1

    def end(name: str) -> None:
        position, begin = open_elements.pop()
        if position in positions:
            found[position] = begin, parser.CurrentByteIndex

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.Parse(data, True)
    return found
