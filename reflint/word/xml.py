"""XML of a manuscript's parts, parsed without DOCTYPE, entities or network; the names of its vocabularies."""

from __future__ import annotations

from typing import Final

from lxml import etree

from reflint.errors import SourceError

TRANSITIONAL: Final = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT: Final = "http://purl.oclc.org/ooxml/wordprocessingml/main"
COMPATIBILITY: Final = "http://schemas.openxmlformats.org/markup-compatibility/2006"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")
_DOCTYPE = "<!DOCTYPE"


def parse(data: bytes, part: str) -> etree._Element:
    """The root element of a part. Raises SourceError for XML that is malformed, too deep, or has a DOCTYPE."""
    codecs = ("utf-16-le", "utf-16-be") if data.startswith(_UTF_16) else ("utf-8",)
    if any(_DOCTYPE.encode(codec) in data for codec in codecs):
        raise SourceError(f"holds a DOCTYPE in {part}: no manuscript has one")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, LookupError) as error:
        raise SourceError(f"is damaged: {part} is not well-formed XML ({error})") from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise SourceError(f"holds a DOCTYPE in {part}: no manuscript has one")
    return root


def local(element: etree._Element) -> str:
    """The local name of an element; `""` for comments and processing instructions."""
    tag: object = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def children(element: etree._Element, name: str) -> list[etree._Element]:
    """The child elements of a local name, whatever their namespace."""
    return [child for child in element if local(child) == name]


def child(element: etree._Element, *path: str) -> etree._Element | None:
    """The first element at a path of local names below `element`, or None."""
    for name in path:
        found = next((below for below in element if local(below) == name), None)
        if found is None:
            return None
        element = found
    return element


def attribute(element: etree._Element | None, name: str) -> str:
    """An attribute by its local name; `""` without it, or without the element."""
    if element is None:
        return ""
    namespace = element.tag.rpartition("}")[0]
    value = element.get(f"{namespace}}}{name}") if namespace else None
    if value is None:
        value = element.get(name)
    return "" if value is None else str(value)


def text_of(element: etree._Element | None) -> str:
    """All text below an element, trimmed; `""` without it."""
    return "" if element is None else "".join(str(piece) for piece in element.itertext()).strip()
