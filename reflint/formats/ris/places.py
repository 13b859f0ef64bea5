"""Where a RIS record stands, and what is needed to write it back."""

from __future__ import annotations

from reflint.formats.ris.lines import Dialect, Line, fields_of, read_lines


class Place:
    """Where a RIS record stands, and what is needed to write it back: its bytes, first line, codec and dialect.

    `regular`: known to have nothing wrong in its syntax (canonical tag lines, TY first, one ER at the end, UTF-8);
    `one_line_fields`: besides, each field is known to stand on one line. `behind`: how many code points of another
    stand on its first line before it (`ER  -TY  - JOUR`). `comment`: what the line before it says to reflint, if
    anything.
    """

    __slots__ = (
        "_lines",
        "_ranges",
        "behind",
        "codec",
        "comment",
        "cr_only",
        "dialect",
        "line",
        "one_line_fields",
        "raw",
        "regular",
    )

    def __init__(
        self,
        raw: bytes,
        line: int,
        codec: str,
        dialect: Dialect,
        cr_only: bool,
        regular: bool = False,
        one_line_fields: bool = False,
        behind: int = 0,
    ) -> None:
        self.raw = raw
        self.line = line
        self.codec = codec
        self.dialect = dialect
        self.cr_only = cr_only
        self.regular = regular
        self.one_line_fields = one_line_fields
        self.behind = behind
        self.comment: object = None
        self._lines: list[Line] | None = None
        self._ranges: list[tuple[int, int]] | None = None

    @property
    def lines(self) -> list[Line]:
        """The record's physical lines; read on first use."""
        if self._lines is None:
            self._lines = read_lines(self.raw.decode(self.codec), self.dialect, self.cr_only)
        return self._lines

    @property
    def ranges(self) -> list[tuple[int, int]]:
        """For each field, its lines (first, last + 1) within `lines`."""
        if self._ranges is None:
            self._ranges = fields_of(self.lines)[2]
        return self._ranges

    def at(self, number: int, offset: int = 0) -> tuple[int, int]:
        """Line and column, in the file, of an offset within one of `lines`."""
        return self.line + number, 1 + offset + (0 if number else self.behind)
