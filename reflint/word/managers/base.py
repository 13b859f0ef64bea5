"""What the adapters of all reference managers share: a citation's payload, and the pieces of CSL-JSON."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple, TypeAlias

from reflint.model.dates import parse_date, to_date_parts
from reflint.model.names import invert, looks_personal, parse_name

Item: TypeAlias = dict[str, Any]
"""A CSL-JSON item."""


LABELS_ONLY = frozenset({"refworks", "bookends"})
"""Managers whose citations hold ids and labels, and no record."""


class BadPayloadError(ValueError):
    """A citation's own data cannot be read; the message says why."""


class Cited(NamedTuple):
    """A work as one citation cites it.

    `keys` identify the work within its manager, the best first (Zotero and Mendeley: URIs); `id` is the short name made
    of them; `linked` whether the manager's library holds it. Other members are the cite's own details.
    """

    item: Item
    keys: tuple[str, ...]
    id: str
    linked: bool = True
    locator: str = ""
    label: str = ""
    prefix: str = ""
    suffix: str = ""
    suppress_author: bool = False
    author_only: bool = False


class Payload(NamedTuple):
    """What a citation says beside its visible text.

    `stored` is the plain text that the manager last rendered, None where it keeps none; `flags` are the payload's own
    names of what stops an update (`dontUpdate`, `manualFormatting`, `isManuallyOverridden`).
    """

    works: tuple[Cited, ...] = ()
    stored: str | None = None
    flags: frozenset[str] = frozenset()
    note_index: int | None = None
    data: object = None


class Context(NamedTuple):
    """What adapters need beside the instruction: the field's data, and the sources of the document by tag."""

    data: str = ""
    sources: Mapping[str, Item] = {}


def text(value: object) -> str:
    """A scalar of JSON as text, trimmed; `""` for everything else."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return str(value).strip()


def person(name: str) -> dict[str, str]:
    """A CSL name of `Family, Given` or `Given Family`; what is surely neither is a literal."""
    parsed = parse_name(name)
    if parsed.literal and looks_personal(parsed.literal):
        parsed = parse_name(invert(parsed.literal))
    return {part: value for part, value in zip(parsed._fields, parsed, strict=True) if value}


def family_given(family: str, given: str) -> dict[str, str]:
    """A CSL name of its two parts; without a given name it is a literal."""
    return {"family": family, "given": given} if family and given else {"literal": family or given}


def date(value: str) -> Item | None:
    """A CSL date of written text; None of an empty one."""
    parsed = parse_date(value)
    if parts := to_date_parts(parsed):
        return {"date-parts": parts}
    return {"literal": value.strip()} if value.strip() else None


def pages(start: str, end: str) -> str:
    """`page` of two ends."""
    return f"{start}-{end}" if start and end and start != end else start or end


def item(type: str, members: Iterable[tuple[str, object]]) -> Item:
    """A CSL-JSON item of this type with the members that say something."""
    return {"type": type, **{name: value for name, value in members if value}}
