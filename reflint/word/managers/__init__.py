"""Which reference manager wrote a field, and what its citation says: one adapter a manager, all to CSL-JSON."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Literal, NamedTuple

from reflint.word.managers.base import BadPayloadError, Cited, Context, Item, Payload
from reflint.word.managers.bookends import bookends
from reflint.word.managers.citavi import citavi
from reflint.word.managers.csl_citation import csl_citation
from reflint.word.managers.endnote import endnote
from reflint.word.managers.mendeley_cite import mendeley_cite
from reflint.word.managers.paperpile import paperpile
from reflint.word.managers.papers import papers
from reflint.word.managers.refworks import refworks
from reflint.word.managers.word import citation as word_citation

__all__ = ["BadPayloadError", "Cited", "Context", "Item", "Kind", "Payload", "Written", "classify", "decode"]

Kind = Literal["citation", "bibliography", "placeholder"]
Decoder = Callable[[str, Context], Payload]


class Written(NamedTuple):
    """What a field or content control is: of which manager, and its adapter if it is a citation."""

    manager: str
    kind: Kind
    decoder: Decoder | None = None


_ZOTERO = Written("zotero", "citation", csl_citation)
_INSTRUCTIONS: tuple[tuple[str, Written | None], ...] = (
    (r"ZOTERO_(?:ITEM|CITATION)", _ZOTERO),
    (r"ZOTERO_BIBL", Written("zotero", "bibliography")),
    (r"ZOTERO_TEMP", Written("zotero", "placeholder")),
    (r"(?:Mendeley\s+Citation\S*\s+)?CSL_CITATION", Written("mendeley", "citation", csl_citation)),
    (r"Mendeley\s+(?:Edited\s+)?Bibliography", Written("mendeley", "bibliography")),
    (r"EN\.CITE\.DATA", None),
    (r"EN\.CITE", Written("endnote", "citation", endnote)),
    (r"EN\.REFLIST", Written("endnote", "bibliography")),
    (r"CitaviBibliography|Citavi\.Bibliography", Written("citavi", "bibliography")),
    (r"CitaviPlaceholder", Written("citavi", "citation", citavi)),
    (r"RW\.CITE", Written("refworks", "citation", refworks)),
    (r"RW\.BIB", Written("refworks", "bibliography")),
    (r"PAPERS2_CITATIONS\s*<papers2_bibliography", Written("papers", "bibliography")),
    (r"PAPERS2_CITATIONS", Written("papers", "citation", papers)),
    (r"paperpile_citation", Written("paperpile", "citation", paperpile)),
    (r"paperpile_bibliography", Written("paperpile", "bibliography")),
    (r"BEC\s*\{", Written("bookends", "citation", bookends)),
    (r"BEB", Written("bookends", "bibliography")),
)
_ADDINS = tuple((re.compile(rf"\s*(?:ADDIN\s+)?(?:{pattern})"), written) for pattern, written in _INSTRUCTIONS)
_NATIVE = (
    (re.compile(r"\s*CITATION\s"), Written("word", "citation", word_citation)),
    (re.compile(r"\s*BIBLIOGRAPHY(?:\s|$)"), Written("word", "bibliography")),
)
_TAGS = (
    (re.compile(r"MENDELEY_CITATION_v3_"), Written("mendeley_v3", "citation", mendeley_cite)),
    (re.compile(r"MENDELEY_BIBLIOGRAPHY"), Written("mendeley_v3", "bibliography")),
    (re.compile(r"CitaviBibliography"), Written("citavi", "bibliography")),
)


def classify(instruction: str) -> Written | None:
    """What a field with this instruction is; None when no reference manager wrote it."""
    for pattern, written in (*_ADDINS, *_NATIVE):
        if pattern.match(instruction):
            return written
    return None


def classify_tag(tag: str) -> Written | None:
    """What a content control with this tag is by itself; None for all others, those around fields included."""
    return next((written for pattern, written in _TAGS if pattern.match(tag)), None)


def decode(written: Written, code: str, context: Context) -> tuple[Payload, str]:
    """A citation's payload, and what is wrong with it (`""` if nothing); never raises."""
    if written.decoder is None:
        return Payload(), ""
    try:
        return written.decoder(code, context), ""
    except BadPayloadError as error:
        return Payload(), str(error)
