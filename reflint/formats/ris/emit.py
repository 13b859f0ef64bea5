"""Edits to RIS bytes: only the lines that an edit touches change, every other byte of the record stays."""

from __future__ import annotations

import io
from collections.abc import Iterator
from itertools import zip_longest

from reflint.errors import SourceError
from reflint.formats.ris.chunks import Reader
from reflint.formats.ris.lines import CANONICAL, Line, physical_lines, read_line
from reflint.formats.ris.places import Place
from reflint.model.edit import Edit
from reflint.model.record import Record


class _Sheet:
    """The lines of a record while they are edited; only those that an edit looks at are taken apart.

    Each line has become a group of lines: itself, none, or several.
    """

    def __init__(self, place: Place) -> None:
        self._written = physical_lines(place.raw.decode(place.codec), place.cr_only)
        self._dialect = place.dialect
        self._groups: dict[int, list[Line]] = {}
        ends = ("\r",) if place.cr_only else ("\n", "\r\n", "\r\r\n")
        self.eol = next((end for _, end in self._written if end in ends), ends[0])

    def __len__(self) -> int:
        return len(self._written)

    def __getitem__(self, number: int) -> list[Line]:
        group = self._groups.get(number)
        if group is None:
            group = self._groups[number] = [read_line(*self._written[number], self._dialect)]
        return group

    def __setitem__(self, number: int, group: list[Line]) -> None:
        self._groups[number] = group

    def __iter__(self) -> Iterator[list[Line]]:
        return map(self.__getitem__, range(len(self)))

    @property
    def text(self) -> str:
        """All lines as they are by now."""
        groups = self._groups
        return "".join(
            [
                "".join([part.head + part.value + part.end for part in groups[number]])
                if number in groups
                else content + end
                for number, (content, end) in enumerate(self._written)
            ]
        )


def apply(record: Record, edits: tuple[Edit, ...]) -> Record:
    """The record with the edits carried out; its bytes differ only in the lines that were edited.

    Positions are those of `record`. Raises SourceError when a value cannot be written in the record's encoding or would
    read back as other fields.
    """
    place = record.place
    if not isinstance(place, Place):
        raise SourceError(f"record {record.index} was not read from RIS")
    ranges = [(number, number + 1) for number in range(len(record.names))] if place.one_line_fields else place.ranges
    lines = _Sheet(place)
    codec = place.codec
    for edit in edits:
        if edit.part == "encoding":
            codec = "utf-8"
        elif edit.part == "separator":
            _set_separator(lines, _lines_of_edit(edit, ranges, lines))
    changed = [edit for edit in edits if edit.part == "value"]
    _change_values(lines, ranges, changed)
    for edit in edits:
        if edit.part == "end":  # behind all fields, as they are by now
            _set_end(lines, edit)
    new = reread(record, _encode(lines.text, codec, record))
    if changed:
        _demand(new, _expected(record, changed))
    return new


def _change_values(lines: _Sheet, ranges: list[tuple[int, int]], edits: list[Edit]) -> None:
    """Sets, renames and deletes fields, then inserts: what is inserted stands behind what became of its neighbour."""
    for edit in edits:
        if edit.op in ("set", "move"):
            _rewrite(lines, ranges[edit.position], edit)
        elif edit.op == "delete":
            for number in range(*ranges[edit.position]):
                lines[number] = []
    inserted = [edit for edit in edits if edit.op == "insert"]
    for edit in reversed([edit for edit in inserted if edit.position < 0]):  # the last goes to the front first
        _insert(lines, ranges, edit)
    for edit in inserted:
        if edit.position >= 0:
            _insert(lines, ranges, edit)


def _expected(record: Record, edits: list[Edit]) -> list[tuple[str, str]]:
    """Names and values that a record should have after edits of values."""
    fields = [[pair] for pair in zip(record.names, record.values, strict=True)]
    for edit in edits:
        if edit.op == "delete":
            fields[edit.position] = []
        elif edit.op in ("set", "move"):
            name, value = record.names[edit.position], record.values[edit.position]
            fields[edit.position] = [(edit.to or name, value if edit.after is None else edit.after)]
    inserted = [(edit.position, (edit.field, edit.after or "")) for edit in edits if edit.op == "insert"]
    first = [pair for position, pair in inserted if position < 0]
    for position, pair in inserted:
        if position >= 0:
            fields[position] = [*fields[position], pair]
    return [*first, *(pair for group in fields for pair in group)]


def _demand(record: Record, expected: list[tuple[str, str]]) -> None:
    """Raises SourceError when a record reads otherwise than expected."""
    found = list(zip(record.names, record.values, strict=True))
    pairs = zip_longest(found, expected, fillvalue=("", ""))
    odd = next((there[0] or here[0] for here, there in pairs if here != there and not _alike(here, there)), None)
    if odd is not None:
        raise SourceError(f"record {record.index}: the edited text of {odd} would read as other fields")


def _alike(one: tuple[str, str], other: tuple[str, str]) -> bool:
    return one[0] == other[0] and _trimmed(one[1]) == _trimmed(other[1])


def _trimmed(value: str) -> str:
    """A value as far as it must be read back: a CR at its end would belong to the line end."""
    return "" if value.isspace() else value.strip(" \t\n")


def _encode(text: str, codec: str, record: Record) -> bytes:
    try:
        return text.encode(codec)
    except UnicodeEncodeError as error:
        raise SourceError(
            f"record {record.index}: {text[error.start]!r} cannot be written in {codec}; "
            "convert the file to UTF-8 first (RIS011)"
        ) from None


def reread(record: Record, raw: bytes) -> Record:
    """The record that `raw` holds, in the place of `record`. Raises SourceError when it holds not exactly one.

    What would stand behind it and belong to no record is refused, too: it would be lost.
    """
    place = record.place
    assert isinstance(place, Place)
    reader = Reader(record.format, cr_only=place.cr_only, behind=place.behind)
    found = [segment.record for segment in reader.segments(io.BytesIO(raw).read) if segment.record is not None]
    if len(found) != 1:
        raise SourceError(f"record {record.index}: the edited text would read as {len(found)} records")
    new = found[0]
    new.index = record.index
    assert isinstance(new.place, Place)
    if new.place.raw != raw:
        raise SourceError(f"record {record.index}: some of the edited text would read as no part of the record")
    new.place.line = place.line
    new.place.comment = place.comment
    return new


def _lines_of_edit(edit: Edit, ranges: list[tuple[int, int]], lines: _Sheet) -> list[int]:
    if edit.position >= 0:
        return [ranges[edit.position][0]]
    return [number for number, (line,) in enumerate(lines) if line.tag == "ER"]


def _set_separator(lines: _Sheet, numbers: list[int]) -> None:
    for number in numbers:
        for at, line in enumerate(lines[number]):
            value = line.value.lstrip(" \t")
            lines[number][at] = line._replace(head=f"{line.tag}  - ", value=value)


def _set_end(lines: _Sheet, edit: Edit) -> None:
    """Inserts an ER line behind the last line that is not blank, or drops what stands behind ER."""
    if edit.op == "insert":
        last = max(
            (n for n, group in enumerate(lines) if any(line.tag or line.value.strip() for line in group)), default=0
        )
        group = lines[last]
        if group:  # else all that the record said has gone
            group[-1] = _ended(group[-1], lines.eol)
        blank = [] if any(lines[number] for number in range(last + 1, len(lines))) else [Line("", "", "", lines.eol)]
        group += [Line("ER", "ER  - ", "", lines.eol), *blank]
        return
    for group in lines:
        for at, line in enumerate(group):
            if line.tag == "ER":
                group[at] = line._replace(value="")


def _rewrite(lines: _Sheet, where: tuple[int, int], edit: Edit) -> None:
    """Gives a field a new value or tag; lines of the value that stay the same keep their bytes."""
    first, stop = where
    head = lines[first][0]
    if edit.op == "move" and edit.to:
        written = head.head.strip()[:2]
        head = head._replace(tag=edit.to, head=head.head.replace(written, edit.to, 1))
    if edit.after is not None:
        new = edit.after.split("\n")
        old = [lines[number][0].value for number in range(first, stop)]
        if new != old:
            kept = 0
            while kept < min(len(new), len(old)) - 1 and new[-1 - kept] == old[-1 - kept]:
                kept += 1
            fresh, tail = new[: len(new) - kept], stop - kept
            last_end = lines[tail - 1][0].end
            for number in range(first, tail):
                lines[number] = []
            if fresh[0] and not old[0]:
                head = head._replace(head=_opened(head.head))
            group = [head._replace(value=fresh[0], end=lines.eol)]
            group += [Line("", "", text, lines.eol) for text in fresh[1:]]
            group[-1] = group[-1]._replace(end=last_end)
            lines[first] = group
            return
    lines[first] = [head]


def _opened(head: str) -> str:
    """The head of a tag line, ready for a value: a space behind the separator, and no blanks of an empty value."""
    if CANONICAL.line.fullmatch(head):
        return head.rstrip() + " "
    return head if head.endswith((" ", "\t")) else head + " "


def _ended(line: Line, eol: str) -> Line:
    """A line behind which another can follow; a lone CR at the end of a file ends no line."""
    if line.end and (eol == "\r" or "\n" in line.end):
        return line
    return line._replace(end=eol)


def _insert(lines: _Sheet, ranges: list[tuple[int, int]], edit: Edit) -> None:
    """Puts a new field behind the field at the edit's position, in the spelling of that field's tag line."""
    anchor = max(edit.position, 0)
    first, stop = ranges[anchor]
    model = next((line for number in range(first, stop) for line in lines[number] if line.tag), None)
    head = f"{edit.field}  - "
    if model is not None and not CANONICAL.line.fullmatch(model.head):
        head = model.head.replace(model.head.strip()[:2], edit.field, 1)
    parts = (edit.after or "").split("\n")
    new = [Line(edit.field, head, parts[0], lines.eol)] + [Line("", "", text, lines.eol) for text in parts[1:]]
    if edit.position < 0:
        at = next((n for n, line in enumerate(lines[first]) if line is model), 0)
        lines[first][at:at] = new
        return
    group = lines[stop - 1]
    if group and _ended(group[-1], lines.eol) != group[-1]:
        group[-1] = _ended(group[-1], lines.eol)
        new[-1] = new[-1]._replace(end="")
    lines[stop - 1] = group + new
