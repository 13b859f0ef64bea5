"""A bibliographic record as read: an ordered list of named values, whatever the format it came from."""

from __future__ import annotations

from typing import NamedTuple, Protocol


class Span(NamedTuple):
    """A stretch of a text: 1-based lines and columns, columns in code points, end exclusive."""

    start_line: int
    start_column: int
    end_line: int
    end_column: int

    def moved(self, lines: int) -> Span:
        """The same stretch so many lines further on."""
        return self._replace(start_line=self.start_line + lines, end_line=self.end_line + lines)


class Field(NamedTuple):
    """One value of a record under the name its source spells.

    `variable` is the CSL variable it means (None where CSL has none); `position` its index among the record's fields.
    """

    name: str
    variable: str | None
    value: str
    position: int


class Format(Protocol):
    """What the engine and the reporters need to know of a record's format."""

    name: str
    """`ris`, `csl`, `zotero`, `nbib`."""

    def variable(self, record: Record, position: int) -> str | None:
        """The CSL variable that the field at `position` means."""

    def span(self, record: Record, position: int | None, within: tuple[int, int] | None = None) -> Span | None:
        """Where the field stands (the record's first line when `position` is None), or None where there is no text.

        `within` narrows the answer to code points of the field's value.
        """

    def csl(self, record: Record) -> dict[str, object]:
        """The record as a CSL-JSON item (the neutral view; lossy)."""

    def title(self, record: Record) -> str:
        """The record's title, to show it by; `""` if it has none."""

    def identity(self, record: Record) -> str:
        """What the record is known by across exports: its DOI, else its key, else folded title and year."""


class Record:
    """One bibliographic record: parallel tuples of field names and values, in source order.

    `type` is a CSL type. Values are text; a repeated field stands several times. One object per record and none per
    field: a container per field costs more than reading the record does. `place` belongs to the format that made the
    record (where it stands, what is needed to write it back). A record is never changed; edits make a new one.
    """

    __slots__ = ("_places", "format", "index", "key", "names", "place", "type", "values")

    def __init__(
        self,
        format: Format,
        type: str,
        names: tuple[str, ...],
        values: tuple[str, ...],
        index: int = 0,
        key: str | None = None,
        place: object = None,
    ) -> None:
        self.format = format
        self.type = type
        self.names = names
        self.values = values
        self.index = index
        self.key = key
        self.place = place
        self._places: dict[str, list[int]] | None = None

    def __repr__(self) -> str:
        return f"<Record {self.index} {self.type} {dict(zip(self.names, self.values, strict=True))!r}>"

    @property
    def fields(self) -> tuple[Field, ...]:
        """The fields in source order, each with the CSL variable it means."""
        variable = self.format.variable
        return tuple(
            Field(name, variable(self, position), value, position)
            for position, (name, value) in enumerate(zip(self.names, self.values, strict=True))
        )

    def first(self, *names: str) -> str:
        """The first value that is not blank under the first of `names` that has one; `""` if none has."""
        places = self._places or self._find_places()
        values = self.values
        for name in names:  # as `position` does: asked so often that one more call would show
            if name in places:
                for position in places[name]:
                    value = values[position]
                    if value and not value.isspace():
                        return value
        return ""

    def position(self, *names: str) -> int | None:
        """The index of the field whose value `first` gives; None if there is none."""
        places = self._places or self._find_places()
        values = self.values
        for name in names:
            for position in places.get(name, ()):
                if values[position] and not values[position].isspace():
                    return position
        return None

    def all(self, *names: str) -> list[str]:
        """All values that are not blank under any of `names`, in source order."""
        values = self.values
        return [v for i in self.positions(*names) if (v := values[i]) and not v.isspace()]

    def positions(self, *names: str) -> list[int]:
        """Indexes of all fields under any of `names`, blank ones too."""
        places = self._places or self._find_places()
        found: list[int] = []
        groups = 0
        for name in names:
            if name in places:
                found += places[name]
                groups += 1
        return found if groups < 2 else sorted(set(found))

    def _find_places(self) -> dict[str, list[int]]:
        """Where each name stands; kept, for many rules ask."""
        places: dict[str, list[int]] = {}
        for position, name in enumerate(self.names):
            if name in places:
                places[name].append(position)
            else:
                places[name] = [position]
        self._places = places
        return places
