"""Writes findings as Word comments into a copy of a .docx; all parts but those of comments stay as they are."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Sequence
from typing import Final

from lxml import etree

from reflint.errors import SourceError
from reflint.model.finding import Finding
from reflint.model.text import number_of
from reflint.word.comments.anchors import Anchors, Range
from reflint.word.manuscript import Manuscript
from reflint.word.parts import CONTENT_TYPES, Parts
from reflint.word.xml import STRICT, attribute, children, local, parse

AUTHOR: Final = "reflint"
_KIND: Final = "comments"
_TYPE: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml"
_RELATION: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/comments"
_STRICT_RELATION: Final = "http://purl.oclc.org/ooxml/officeDocument/relationships/comments"
_SPACE: Final = "{http://www.w3.org/XML/1998/namespace}space"
_RELATIONSHIPS: Final = "http://schemas.openxmlformats.org/package/2006/relationships"
_EMPTY_RELATIONSHIPS: Final = f'<Relationships xmlns="{_RELATIONSHIPS}"/>'.encode()


def annotated(manuscript: Manuscript, findings: Iterable[Finding]) -> tuple[bytes, int]:
    """The manuscript's package with a comment for each place that findings are about, and how many comments there are.

    The manuscript's parsed parts are changed: read it again before it is used otherwise. Raises SourceError for a
    manuscript that is no .docx.
    """
    if manuscript.format != "docx":
        raise SourceError("comments are written into .docx only: save the manuscript as .docx")
    package = manuscript.package
    parts = Parts(package)
    anchors = Anchors(manuscript, parts.document)
    groups: dict[Range, list[Finding]] = {}
    for finding in findings:
        if finding.passages:
            groups.setdefault(anchors.of(finding.passages[0]), []).append(finding)
    if not groups:
        return package.data, 0
    document = manuscript.roots[parts.document]
    known = next(iter(parts.of(_KIND)), None)
    comments = _comments(document) if known is None else manuscript.roots[known]
    notes = [story.id for story in manuscript.stories if story.kind in ("footnote", "endnote")]
    for number, (place, several) in enumerate(groups.items(), _first_free(document, comments, notes)):
        _mark(place, number)
        comments.append(_comment(comments, number, several))
    changed = {parts.document: _written(document)}
    if known is not None:
        return package.replaced(changed | {known: _written(comments)}), len(groups)
    name = _free_name(package.names, posixpath.dirname(parts.document))
    types = parse(package.read(CONTENT_TYPES), CONTENT_TYPES)
    etree.SubElement(types, types.tag.replace("Types", "Override"), PartName=f"/{name}", ContentType=_TYPE)
    changed[CONTENT_TYPES] = _written(types)
    added = {name: _written(comments)}
    relations = posixpath.join(posixpath.dirname(parts.document), "_rels", f"{posixpath.basename(parts.document)}.rels")
    is_known = relations in package
    related = _related(package.read(relations) if is_known else _EMPTY_RELATIONSHIPS, relations, name, document)
    (changed if is_known else added)[relations] = related
    return package.replaced(changed, added), len(groups)


def _written(root: etree._Element) -> bytes:
    return etree.tostring(root.getroottree(), encoding="UTF-8", xml_declaration=True, standalone=True)


def _namespace(element: etree._Element) -> str:
    return str(element.tag)[1:].partition("}")[0]


def _comments(document: etree._Element) -> etree._Element:
    """The root of a new part of comments, in the vocabulary of the document."""
    namespace = _namespace(document)
    return etree.Element(f"{{{namespace}}}{_KIND}", nsmap={"w": namespace})


def _free_name(names: Sequence[str], folder: str) -> str:
    taken = {name.casefold() for name in names}
    candidates = (posixpath.join(folder, f"{_KIND}{n or ''}.xml") for n in range(len(names) + 1))
    return next(name for name in candidates if name.casefold() not in taken)


def _related(data: bytes, name: str, target: str, document: etree._Element) -> bytes:
    """The relations of the document with one more, to its comments."""
    root = parse(data, name)
    ids = {element.get("Id") for element in root}
    free = next(id for n in range(1, len(ids) + 2) if (id := f"rIdReflint{n}") not in ids)
    kind = _STRICT_RELATION if _namespace(document) == STRICT else _RELATION
    etree.SubElement(root, f"{{{_RELATIONSHIPS}}}Relationship", Id=free, Type=kind, Target=f"/{target}")
    return _written(root)


def _first_free(document: etree._Element, comments: etree._Element, notes: Sequence[str]) -> int:
    """A number above those of all comments and notes that there are.

    LibreOffice 7.4 takes a comment with the number of a note for that note, and shows the wrong notes behind it.
    """
    marks = (one for one in document.iter() if local(one) in ("commentRangeStart", "commentReference"))
    ids = [*notes, *(attribute(one, "id") for one in (*children(comments, "comment"), *marks))]
    return max((int(id) for id in ids if id.isdecimal() and len(id) < 10), default=-1) + 1


def _mark(place: Range, number: int) -> None:
    """Puts the comment's marks around its range, and behind it the run that refers to the comment."""
    namespace = f"{{{_namespace(place.first)}}}"
    id = {f"{namespace}id": str(number)}
    start = etree.Element(f"{namespace}commentRangeStart", id)
    end = etree.Element(f"{namespace}commentRangeEnd", id)
    run = etree.Element(f"{namespace}r")
    etree.SubElement(run, f"{namespace}commentReference", id)
    place.first.addprevious(start)
    if place.before:
        place.first.addprevious(end)
        place.first.addprevious(run)
    else:
        tail, place.last.tail = place.last.tail, None
        run.tail = tail
        place.last.addnext(end)
        end.addnext(run)


def _comment(comments: etree._Element, number: int, findings: Sequence[Finding]) -> etree._Element:
    """A comment: for each finding its rule and message, other places, and what can be done."""
    namespace = f"{{{_namespace(comments)}}}"
    comment = etree.Element(
        f"{namespace}comment",
        {f"{namespace}id": str(number), f"{namespace}author": AUTHOR, f"{namespace}initials": AUTHOR},
    )
    for finding in findings:
        more = len(finding.passages) - 1
        where = f" (and at {number_of(more, 'more place')})" if more else ""
        about = f"{finding.work}: " if finding.work else ""
        _paragraph(comment, namespace, f"{finding.rule} {about}{finding.message}{where}")
        if finding.advice:
            _paragraph(comment, namespace, finding.advice)
    return comment


def _paragraph(comment: etree._Element, namespace: str, text: str) -> None:
    paragraph = etree.SubElement(comment, f"{namespace}p")
    run = etree.SubElement(paragraph, f"{namespace}r")
    etree.SubElement(run, f"{namespace}t", {_SPACE: "preserve"}).text = _legal(text)


def _legal(text: str) -> str:
    """Text that XML can hold."""
    line = " ".join(text.split()).encode("utf-8", "replace").decode()
    return "".join(c if c.isprintable() else "\ufffd" for c in line)
