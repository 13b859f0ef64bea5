"""PubMed's tagged text (.nbib, MEDLINE display format): read without loss, never changed.

Source: the field descriptions of the MEDLINE/PubMed display (PubMed help) and what PubMed and ERIC export.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from reflint.errors import SourceError
from reflint.formats.library import Kept
from reflint.formats.nbib_csl import csl_item, type_of, variable_of
from reflint.model.dates import year_of
from reflint.model.finding import identity
from reflint.model.record import Record, Span

__all__ = ["NBIB", "Library", "Place", "read", "write"]

# A tag of two to four letters, padded to four columns; ERIC writes `ISSN - `.
_TAG_LINE = re.compile(r"(?=.{4,5}-)([A-Z][A-Z0-9]{1,3}) {0,3}-(?: +|$)")
_LINE = re.compile(r"([^\r\n]*)(\r\n|\n|\r|\Z)")
_OWN_TAGS = frozenset("PMID OWN STAT TI BTI FAU AU JT TA DP AID LID".split())
# What stands behind a value to say of which kind it is: `10.5555/x [doi]`, `2049-3843 (Print)`.
_KIND = {
    **dict.fromkeys(("LID", "AID"), re.compile(r"\s*\[doi\]\Z")),
    **dict.fromkeys(("IS", "ISSN"), re.compile(r"\s*\((?:Print|Electronic|Linking|Undetermined)\)\Z")),
}


class _Piece(NamedTuple):
    """A physical line's part of a value: line number, column of its first code point, text."""

    line: int
    column: int
    text: str


class Place(NamedTuple):
    """Where a record stands: its first line, and the lines of each field, the tag's own first."""

    line: int
    fields: tuple[tuple[_Piece, ...], ...]


class _Nbib:
    """PubMed's format as a Format: what the engine and the reporters ask of a record."""

    name = "nbib"

    def variable(self, record: Record, position: int) -> str | None:
        """The CSL variable that the tag means: full names rather than short ones, `[doi]` of LID or AID as DOI."""
        place = record.place
        kind = _kind_of(place, position) if isinstance(place, Place) else ""
        return variable_of(record, position, kind)

    def span(self, record: Record, position: int | None, within: tuple[int, int] | None = None) -> Span | None:
        """The lines of the field, tag included; `within` narrows to code points of its value."""
        place = record.place
        if not isinstance(place, Place):
            return None
        pieces = place.fields[0 if position is None else position]
        if position is None:
            return Span(place.line, 1, place.line, pieces[0].column + len(pieces[0].text))
        if within is not None:
            return Span(*_locate(pieces, within[0]), *_locate(pieces, within[1]))
        last = pieces[-1]
        return Span(pieces[0].line, 1, last.line, last.column + len(last.text))

    def csl(self, record: Record) -> dict[str, object]:
        """The record as a CSL-JSON item."""
        return csl_item(record, [self.variable(record, position) for position in range(len(record.names))])

    def title(self, record: Record) -> str:
        """The title."""
        return record.first("TI", "BTI", "TT")

    def identity(self, record: Record) -> str:
        """DOI, else PMID, else folded title and year."""
        doi = next((v for p, v in enumerate(record.values) if self.variable(record, p) == "DOI"), "")
        return identity(doi, record.key, self.title(record), year_of(record.first("DP")))


NBIB = _Nbib()


class _InCslTerms(_Nbib):
    """PubMed records whose fields go by their CSL variables: so the rules for CSL see them as they are."""

    name = "csl"

    def variable(self, record: Record, position: int) -> str | None:
        """The field's own name, where it is a CSL variable."""
        name = record.names[position]
        return name if name != name.upper() or name in ("DOI", "ISSN", "PMID", "PMCID", "URL") else None

    def csl(self, record: Record) -> dict[str, object]:
        """The record as a CSL-JSON item."""
        return csl_item(record, [self.variable(record, position) for position in range(len(record.names))])

    def title(self, record: Record) -> str:
        """The title."""
        return record.first("title")


_IN_CSL_TERMS = _InCslTerms()


def in_csl_terms(record: Record) -> Record:
    """The record with each field named by the CSL variable it means (by its PubMed tag where it means none)."""
    names = tuple(NBIB.variable(record, position) or name for position, name in enumerate(record.names))
    return Record(_IN_CSL_TERMS, record.type, names, record.values, record.index, record.key, record.place)


def _locate(pieces: tuple[_Piece, ...], offset: int) -> tuple[int, int]:
    """Line and column of a code point of a value whose pieces are joined by one space."""
    for piece in pieces:
        if offset <= len(piece.text) or piece is pieces[-1]:
            return piece.line, piece.column + min(offset, len(piece.text))
        offset -= len(piece.text) + 1
    return pieces[0].line, pieces[0].column


def _whole(pieces: tuple[_Piece, ...]) -> str:
    return " ".join(piece.text for piece in pieces)


def _kind_of(place: Place, position: int) -> str:
    """`doi` where the source says so behind the value."""
    return "doi" if _whole(place.fields[position]).endswith("[doi]") else ""


class Library(Kept):
    """The records of one PubMed text, lossless: the bytes are kept as they were."""

    format = "nbib"

    def __init__(self, data: bytes, name: str | None = None) -> None:
        super().__init__(data, name, [_record(index, fields) for index, fields in enumerate(_records(_decoded(data)))])
        self._check(data)

    def _check(self, data: bytes) -> None:
        tags = {tag for record in self._records for tag in record.names}
        if "TY" in tags and "PMID" not in tags:
            raise SourceError("is RIS, not PubMed's format: its records begin with TY")
        if data.strip() and not tags & _OWN_TAGS:
            raise SourceError("is not PubMed's format: no line begins with `PMID- ` or another of its tags")


def read(data: bytes, *, name: str | None = None) -> Library:
    """Reads PubMed's tagged text: field names are PubMed's tags, wrapped lines are joined by a space.

    A value's mark of its kind (`[doi]`, `(Print)`) belongs to the syntax and is not part of the value; `[pii]` is.
    Raises SourceError when there is text, but none of PubMed's tags.
    """
    return Library(data, name)


def write(library: Library) -> bytes:
    """The bytes the library was read from; `write(read(data)) == data`."""
    return bytes(library)


def _decoded(data: bytes) -> str:
    """The text. PubMed writes UTF-8; a file that passed through Windows tools may be UTF-16 or cp1252."""
    for codec in ("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig", "cp1252"):
        try:
            return data.decode(codec)
        except UnicodeDecodeError:
            continue
    return data.decode("latin-1")


_RawField = tuple[str, list[_Piece]]


def _records(text: str) -> Iterator[list[_RawField]]:
    """The fields of each record. A record ends before an empty line that a tag follows, or before the next PMID."""
    fields: list[_RawField] = []
    blank = False
    for number, line in enumerate(_lines(text), 1):
        match = _TAG_LINE.match(line)
        if match is not None:
            if fields and (blank or (match[1] == "PMID" and any(tag == "PMID" for tag, _ in fields))):
                yield fields
                fields = []
            value = line[match.end() :]
            fields.append((match[1], [_Piece(number, match.end() + 1, value.rstrip())]))
            blank = False
        elif not line.strip():
            blank = True
        elif fields:
            value = line.strip()
            fields[-1][1].append(_Piece(number, len(line) - len(line.lstrip()) + 1, value))
            blank = False
    if fields:
        yield fields


def _lines(text: str) -> Iterator[str]:
    at = 0
    while at < len(text):
        match = _LINE.match(text, at)
        if match is None:  # pragma: no cover - the pattern matches anywhere
            return
        yield match[1]
        at = match.end()


def _record(index: int, fields: list[_RawField]) -> Record:
    names = tuple(tag for tag, _ in fields)
    pieces = tuple(tuple(pieces) for _, pieces in fields)
    values = tuple(_value(name, _whole(piece)) for name, piece in zip(names, pieces, strict=True))
    key = next((value for name, value in zip(names, values, strict=True) if name == "PMID" and value), None)
    return Record(NBIB, type_of(names, values), names, values, index, key, Place(pieces[0][0].line, pieces))


def _value(name: str, whole: str) -> str:
    kind = _KIND.get(name)
    return whole if kind is None else kind.sub("", whole)
