"""One record out of several of the same work: the fullest is kept and given what it lacks; nothing is lost unsaid."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from reflint.duplicates.titles import letters

Item = Mapping[str, object]
"""A CSL-JSON item."""
_UNITED = {"keyword": "; ", "note": "\n", "ISSN": ", ", "ISBN": " "}
"""Variables that are lists in one text, and what stands between their parts: the survivor gets all parts."""
_NO_VALUES = frozenset(["id", "type"])


class Value(NamedTuple):
    """A variable's value of one of the items, by its position; `instead`: the value that was kept and not this one."""

    variable: str
    value: object
    item: int
    instead: object = None


class Merge(NamedTuple):
    """The item that is kept, by position; what it is given (variable -> value); and where each value came from.

    `filled`: what it took. `differing`: what others say otherwise. Every value of every item is in the kept item after
    the merge, or in `differing`.
    """

    survivor: int
    given: dict[str, object]
    filled: tuple[Value, ...]
    differing: tuple[Value, ...]


def merge(items: Sequence[Item]) -> Merge:
    """How items of the same work become one. Of two that tell as much the earlier is kept."""
    order = sorted(range(len(items)), key=lambda n: (-_fullness(items[n]), n))
    survivor, others = order[0], order[1:]
    kept: dict[str, object] = dict(items[survivor])
    given: dict[str, object] = {}
    filled: list[Value] = []
    differing: list[Value] = []
    for position in others:
        for variable, value in items[position].items():
            if variable in _NO_VALUES or not value:
                continue
            if variable in _UNITED:
                new = _missing_parts(variable, kept.get(variable), value)
                if new:
                    given[variable] = united(variable, given.get(variable), new)
                    kept[variable] = united(variable, kept.get(variable), new)
                    filled.append(Value(variable, new, position))
            elif not kept.get(variable):
                kept[variable] = given[variable] = value
                filled.append(Value(variable, value, position))
            elif _plain(kept[variable]) != _plain(value):
                differing.append(Value(variable, value, position, kept[variable]))
    return Merge(survivor, given, tuple(filled), tuple(differing))


def _fullness(item: Item) -> float:
    """How much an item tells: its variables, its identifiers twice, its abstract and names by their length."""
    told = sum(1 for variable, value in item.items() if value and variable not in _NO_VALUES)
    told += sum(1 for variable in ("DOI", "PMID", "ISBN") if item.get(variable))
    lengths = len(str(item.get("abstract", ""))) / 100_000 + len(str(item.get("author", ""))) / 100_000
    return told + min(lengths, 0.9)


def _missing_parts(variable: str, kept: object, value: object) -> str:
    """The parts of a united value that the kept one has not."""
    separator = _UNITED[variable].strip(" ") or " "
    have = {letters(part) for part in str(kept or "").split(separator)}
    parts = dict.fromkeys(part.strip() for part in str(value).split(separator))
    return _UNITED[variable].join(part for part in parts if part and letters(part) not in have)


def united(variable: str, kept: object, given: object) -> object:
    """A kept value with what it was given: joined where a variable is a list in one text."""
    return f"{kept}{_UNITED[variable]}{given}" if kept and variable in _UNITED else given


def _plain(value: object) -> object:
    """A value for comparison: letters alone of a text, names and dates part by part."""
    if isinstance(value, Mapping):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    return letters(value) or value if isinstance(value, str) else str(value)
