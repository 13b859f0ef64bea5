"""Edits: what a repair does to the fields of one record, never to a text range."""

from __future__ import annotations

from typing import Literal, NamedTuple

Operation = Literal["set", "delete", "insert", "move"]
Safety = Literal["safe", "unsafe", "lookup"]


class Edit(NamedTuple):
    """One change to one field of a record.

    - set: the value at `position` becomes `after`
    - delete: the field at `position` goes
    - insert: a new field `field` with value `after` stands behind `position` (-1: first)
    - move: the field at `position` gets the name `to` (and the value `after`)

    `position` counts the record's fields as they were when the edit was computed; `before` is the value it was
    computed on. `part` is `value`, or for a format's own syntax what is changed instead of it (RIS: `separator`, `end`,
    `stray`, `encoding`, `line ends`).
    """

    op: Operation
    field: str
    position: int
    before: str | None
    after: str | None
    to: str | None = None
    part: str = "value"


class Fix(NamedTuple):
    """A repair that a finding offers: a title, its edits, and how far it can be trusted.

    `safe`: the meaning is kept, may run unattended. `unsafe`: needs a person's yes. `lookup`: needs a registry's
    evidence.
    """

    title: str
    safety: Safety
    edits: tuple[Edit, ...]
