"""The parts of an OOXML package, found by their relationships and content types, never by their file names."""

from __future__ import annotations

import posixpath
from typing import Final
from urllib.parse import unquote

from lxml import etree

from reflint.errors import SourceError
from reflint.word.package import Package
from reflint.word.xml import local, parse

CONTENT_TYPES: Final = "[Content_Types].xml"
_OTHER_KINDS: Final = (
    ("spreadsheetml", "an Excel workbook"),
    ("presentationml", "a PowerPoint presentation"),
    ("ms-visio", "a Visio drawing"),
)
_DOCUMENT_TYPE = ("wordprocessingml.document.main+xml", "wordprocessingml.template.main+xml", "ms-word.")


class Parts:
    """Which member of a package plays which role; raises SourceError for a package without a Word document."""

    def __init__(self, package: Package) -> None:
        self.package = package
        self._types = _content_types(package) if CONTENT_TYPES in package else {}
        self.document = self._document()
        self._related = _related(package, self.document)

    def of(self, kind: str) -> tuple[str, ...]:
        """The members of a kind as relationship types end (`footnotes`, `header`, `customXml`, ...), in order."""
        by_type = [name for name, type in self._types.items() if type.endswith(f".{kind}+xml")]
        return tuple(dict.fromkeys([*self._related.get(kind, ()), *by_type]))

    def properties(self) -> tuple[str, ...]:
        """The parts of custom document properties: one at most, unless a package is odd."""
        return tuple(_related(self.package, "").get("custom-properties", ()))

    def _document(self) -> str:
        names = _related(self.package, "").get("officeDocument", [])
        typed = [name for name, type in self._types.items() if type.endswith(_DOCUMENT_TYPE[:2])]
        for name in [*names, *typed]:
            kind = self._types.get(name, "")
            other = next((words for sign, words in _OTHER_KINDS if sign in kind), None)
            if other:
                raise SourceError(f"is {other}, not a Word manuscript")
            if name in self.package:
                return name
        raise SourceError(_without_document(self.package))


def _without_document(package: Package) -> str:
    names = package.names
    if "mimetype" in package and b"epub" in package.read("mimetype"):
        return "is an EPUB book, not a Word manuscript"
    if "META-INF/MANIFEST.MF" in package:
        return "is a Java archive, not a Word manuscript"
    if CONTENT_TYPES in package:
        return "is a package of Office without a document in it"
    return f"is a zip archive of {len(names)} files, not a Word manuscript"


def _content_types(package: Package) -> dict[str, str]:
    """Content type by member, of members that have one of their own."""
    types = {}
    for element in parse(package.read(CONTENT_TYPES), CONTENT_TYPES):
        if local(element) == "Override":
            name = unquote(element.get("PartName", "")).lstrip("/")
            if name in package:
                types[name] = element.get("ContentType", "")
    return types


def _related(package: Package, source: str) -> dict[str, list[str]]:
    """The members that a part (the package itself: `""`) relates to, by the last word of the relationship's type."""
    folder, name = posixpath.split(source)
    relations = posixpath.join(folder, "_rels", f"{name}.rels")
    related: dict[str, list[str]] = {}
    if relations not in package:
        return related
    for element in parse(package.read(relations), relations):
        target = _target(element, folder)
        if target is not None and target in package:
            kind = element.get("Type", "").rpartition("/")[2]
            related.setdefault(kind, []).append(target)
    return related


def _target(element: etree._Element, folder: str) -> str | None:
    """The member that a relationship points to; None when it points out of the package."""
    if local(element) != "Relationship" or element.get("TargetMode") == "External":
        return None
    target = unquote(element.get("Target", ""))
    return posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
