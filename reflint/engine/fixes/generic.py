"""The fix primitives: each turns a hit into edits of fields."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reflint.engine.checks.base import Hit, Scope
from reflint.engine.fixes.base import Editor, fix
from reflint.model.edit import Edit
from reflint.model.record import Record


def set_value(record: Record, position: int, after: str) -> Edit:
    """The edit that gives a field another value."""
    return Edit("set", record.names[position], position, record.values[position], after)


def delete_field(record: Record, position: int) -> Edit:
    """The edit that drops a field."""
    return Edit("delete", record.names[position], position, record.values[position], None)


def insert_field(name: str, value: str, behind: int) -> Edit:
    """The edit that adds a field behind another."""
    return Edit("insert", name, behind, None, value)


def rename_field(record: Record, position: int, to: str, after: str | None = None) -> Edit:
    """The edit that gives a field another name, and perhaps another value."""
    before = record.values[position]
    return Edit("move", record.names[position], position, before, before if after is None else after, to)


@fix("normalize")
@fix("set")
@fix("replace")
@fix("map")
@fix("change_type")
def _set(params: Mapping[str, Any], scope: Scope) -> Editor:
    """The field gets the value that the check knows to be right; an empty one deletes it."""

    def edit(record: Record, hit: Hit, position: int | None) -> tuple[Edit, ...]:
        if position is None or not isinstance(hit.new, str):
            return ()
        if not hit.new:
            return (delete_field(record, position),)
        return (set_value(record, position, hit.new),) if hit.new != record.values[position] else ()

    return edit


@fix("delete")
@fix("dedupe_values")
def _delete(params: Mapping[str, Any], scope: Scope) -> Editor:
    """The field goes; RIS without any would be no record."""
    fewest = 2 if scope.format == "ris" else 1

    def edit(record: Record, hit: Hit, position: int | None) -> tuple[Edit, ...]:
        if position is None or len(record.names) < fewest:
            return ()
        return (delete_field(record, position),)

    return edit


@fix("retag")
def _retag(params: Mapping[str, Any], scope: Scope) -> Editor:
    """The field gets another name (`to`)."""
    to = scope.resolve(params["to"])

    def edit(record: Record, hit: Hit, position: int | None) -> tuple[Edit, ...]:
        if position is None or not to:
            return ()
        return (rename_field(record, position, to[0], hit.new if isinstance(hit.new, str) else None),)

    return edit


@fix("split")
def _split(params: Mapping[str, Any], scope: Scope) -> Editor:
    """One field becomes several of the same name, one per value that the check found."""

    def edit(record: Record, hit: Hit, position: int | None) -> tuple[Edit, ...]:
        if position is None or not isinstance(hit.new, tuple) or len(hit.new) < 2:
            return ()
        name = record.names[position]
        first, *others = hit.new
        return (set_value(record, position, first), *(insert_field(name, value, position) for value in others))

    return edit


@fix("proposed")
@fix("emit")
@fix("move")
@fix("join")
@fix("fill_lookup")
def _proposed(params: Mapping[str, Any], scope: Scope) -> Editor:
    """The edits that the check itself proposes; none where it has none (a look-up may know them)."""

    def edit(record: Record, hit: Hit, position: int | None) -> tuple[Edit, ...]:
        return hit.edits

    return edit
