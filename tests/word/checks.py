"""What tests of checks share: one check of a small manuscript, and what it finds."""

from __future__ import annotations

from typing import Any

from reflint.word.checks import CHECKS
from reflint.word.checks.base import Hit, Reading
from reflint.word.reading import read
from reflint.word.shelf import Shelf
from tests.word.builder import docx, field, p

BIBLIOGRAPHY = " ADDIN ZOTERO_BIBL {} CSL_BIBLIOGRAPHY "


def hits(
    test: str, body: str, *, library: Shelf | None = None, options: dict[str, Any] | None = None, **parts: Any
) -> list[Hit]:
    """What a check finds in a .docx."""
    return list(CHECKS[test](Reading(read(docx(body, **parts)), library), options or {}))


def notes(test: str, body: str, **more: Any) -> list[str]:
    """The words of what a check finds."""
    return [hit.note for hit in hits(test, body, **more)]


def texts(test: str, body: str, **more: Any) -> list[str]:
    """What stands at the places that a check finds."""
    return [passage.text for hit in hits(test, body, **more) for passage in hit.passages]


def kept_list(*entries: str, instruction: str = BIBLIOGRAPHY) -> str:
    """A reference list that Zotero keeps, an entry a paragraph."""
    first, *more = entries
    opening = field(instruction, first).rsplit("<w:r><w:fldChar", 1)
    end = "<w:r><w:fldChar" + opening[1]
    return p(opening[0]) + "".join(map(p, more)) + p(end)


def typed_list(*entries: str) -> str:
    """A reference list that is typed."""
    return p("References") + "".join(map(p, entries))
