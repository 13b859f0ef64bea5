"""From a work to edits of a record: the fields it lacks, as the record's own format writes them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from reflint.engine.checks.base import field_for, names_of
from reflint.engine.fixes.generic import insert_field, set_value
from reflint.lookup.titles import folded
from reflint.lookup.work import Work
from reflint.model.edit import Edit
from reflint.model.pages import is_page_placeholder
from reflint.model.record import Record

_IN_VOLUMES = frozenset("article-journal article-magazine article-newspaper paper-conference chapter".split())
_UNFINISHED = ("in press", "forthcoming", "online first", "ahead of print", "accepted", "to appear")


class Filled(NamedTuple):
    """Edits, what they write by CSL variable, and whether they leave alone everything that said something."""

    edits: tuple[Edit, ...] = ()
    values: tuple[tuple[str, str], ...] = ()
    keeps: bool = True


def fill(record: Record, variables: Iterable[str], work: Work, position: int | None = None) -> Filled:
    """Gives a record what a work has of some CSL variables, where the record has nothing, or at `position`.

    A variable that the work has not, or the record's type has no field for, is left out.
    """
    edits: list[Edit] = []
    values: list[tuple[str, str]] = []
    keeps = True
    for variable in variables:
        text = value_of(work, variable)
        made, kept = _edits(record, variable, text, work, position) if text else ((), True)
        if made:
            edits += made
            values.append((variable, text))
            keeps = keeps and kept
    return Filled(tuple(edits), tuple(values), keeps)


def value_of(work: Work, variable: str) -> str:
    """What a work has for a CSL variable, as text; `""` for nothing."""
    if variable == "author":
        return "; ".join(_names(work))
    if variable == "issued":
        return "-".join([f"{part:04}" if n == 0 else f"{part:02}" for n, part in enumerate(work.issued)])
    if variable == "page":
        return _whole_pages(work.page) or work.number
    if variable == "container-title":
        return work.containers[0] if work.containers else ""
    if variable in ("volume", "issue") and work.type not in _IN_VOLUMES:
        return ""
    plain = {
        "DOI": work.doi,
        "title": work.title,
        "abstract": work.abstract,
        "volume": work.volume,
        "issue": work.issue,
    }
    return plain.get(variable, "")


def _whole_pages(page: str) -> str:
    """Pages of a registry as everybody writes them: `373-373` is one page."""
    start, dash, end = page.replace("–", "-").partition("-")
    return start.strip() if dash and start.strip() == end.strip() else page.replace("–", "-").strip()


def _names(work: Work) -> list[str]:
    return [f"{one.family}, {one.given}" if one.given else one.family for one in work.authors]


def _edits(record: Record, variable: str, text: str, work: Work, position: int | None) -> tuple[tuple[Edit, ...], bool]:
    """The edits for one variable; and whether nothing that said something is lost."""
    if record.format.name == "ris" and variable == "page":
        start, _, end = text.partition("-")
        parts = [("SP", start), ("EP", end)] if end else [("SP", start)]
    elif record.format.name == "ris" and variable == "issued":
        parts = [("PY", text[:4])]
    else:
        field = field_for(record, variable)
        parts = [(field, text)] if field else []
    names = names_of(record.format.name, record.type, variable)
    held = [place for place in record.positions(*names) if record.values[place].strip()]
    if held and (position is None or position not in held):
        return (), True
    if variable == "author":
        return (tuple(_put(record, parts[0][0], name) for name in _names(work)) if parts else ()), True
    edits = [_set_or_put(record, name, value) for name, value in parts]
    if held and position is not None and not any(edit.position == position for edit in edits):
        edits[0] = set_value(record, position, parts[0][1])  # it stands under another of the variable's names
    return tuple(edit for edit in edits if edit.before != edit.after), all(
        _says_nothing(record.values[place], text) for place in held
    )


def _set_or_put(record: Record, name: str, value: str) -> Edit:
    """The edit that gives the record this field: the one it has, else a new one."""
    there = record.positions(name)
    return set_value(record, there[0], value) if there else _put(record, name, value)


def _put(record: Record, name: str, value: str) -> Edit:
    return insert_field(name, value, len(record.names) - 1)


def _says_nothing(old: str, new: str) -> bool:
    """Whether a value holds nothing that would be lost: a placeholder, or the beginning of the new value."""
    text = old.strip().casefold()
    if is_page_placeholder(text) or any(word in text for word in _UNFINISHED):
        return True
    head = folded(text.rstrip(" .…").removesuffix("read more").removesuffix("[truncated]"))
    return bool(head) and folded(new).startswith(head)
