"""Interchange with rispy's dicts, for tools that speak them (ASReview and friends). Lossy: see `to_rispy`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import TypeAlias

from reflint.errors import SourceError
from reflint.model.record import Record

__all__ = ["Reference", "dumps", "from_rispy", "to_rispy"]

Reference: TypeAlias = dict[str, str | list[str] | dict[str, list[str]]]
"""A reference as rispy 0.10 gives it: text, lists for some tags, and `unknown_tag` with lists by tag."""

_TYPE, _UNKNOWN = "TY", "UK"
_LOOKS_LIKE_A_TAG = re.compile(r"\s{0,3}[A-Za-z][A-Za-z0-9]\s{0,4}[-\u2013]")


@cache
def _keys() -> Mapping[str, str]:
    """RIS tag -> rispy's key. rispy is imported only where it is asked for: not everyone who lints needs it."""
    from rispy.config import TAG_KEY_MAPPING

    keys: dict[str, str] = TAG_KEY_MAPPING
    return keys


@cache
def _tags() -> Mapping[str, str]:
    return {key: tag for tag, key in _keys().items()}


@cache
def _list_tags() -> frozenset[str]:
    from rispy.config import LIST_TYPE_TAGS

    return frozenset(LIST_TYPE_TAGS)


@cache
def _delimiters() -> Mapping[str, str]:
    from rispy.config import DELIMITED_TAG_MAPPING

    delimiters: dict[str, str] = DELIMITED_TAG_MAPPING
    return delimiters


@cache
def _long_types() -> Mapping[str, str]:
    """Rispy's "pretty" type names -> RIS types."""
    from rispy.config import TYPE_OF_REFERENCE_MAPPING

    return {long: short for short, long in TYPE_OF_REFERENCE_MAPPING.items()}


def to_rispy(record: Record) -> Reference:
    """The dict that rispy 0.10 makes of a RIS record written in the canonical way.

    What rispy loses is lost: all but the first value of a repeated tag (A1-A4, AU, KW, N1, UR may repeat), line breaks
    (a continuation line is joined by a space, or is a value of its own in a list), the order of unknown tags among the
    others, semicolons in UR. A record without TY gets the type GEN.
    """
    reference: Reference = {_keys()[_TYPE]: record.first(_TYPE).split("\n")[0].strip() or "GEN"}
    unknown: dict[str, list[str]] = {}
    for name, value in zip(record.names, record.values, strict=True):
        tag = name.upper()
        if tag == _TYPE:
            continue
        lines = [line.strip() for line in value.split("\n")]
        if tag not in _keys() or tag == _UNKNOWN:
            reference.setdefault(_keys()[_UNKNOWN], unknown)
            unknown.setdefault(tag, []).extend(lines)
        else:
            _add(reference, tag, lines)
    return reference


def _add(reference: Reference, tag: str, lines: list[str]) -> None:
    """Adds the lines of one value as rispy's parser does, one by one."""
    key = _keys()[tag]
    if tag in _list_tags():
        delimiter = _delimiters().get(tag)
        values = reference.setdefault(key, [])
        if isinstance(values, list):
            for line in lines:
                values += [part.strip() for part in line.split(delimiter)] if delimiter else [line]
        return
    # The continuation lines of a repeated tag are joined to the first value although their own first line is not.
    first = reference.setdefault(key, lines[0])
    reference[key] = " ".join([str(first), *lines[1:]])


def from_rispy(reference: Mapping[str, object]) -> list[tuple[str, str]]:
    """Tags and values of a rispy dict in its order, TY first (GEN if it has none); `unknown_tag` is put back.

    Raises SourceError for a key that stands for no tag: dropping it silently would lose it.
    """
    pairs = [(_TYPE, "GEN")]
    for label, value in reference.items():
        tag = _tags().get(label.lower())
        if tag is None:
            raise SourceError(f"the reference has a key {label!r} that stands for no RIS tag; remove or rename it")
        if tag == _TYPE:
            pairs[0] = (_TYPE, _short_type(value))
        elif tag == _UNKNOWN and isinstance(value, Mapping):
            pairs += [(str(name), text) for name, values in value.items() for text in _texts(values)]
        elif tag != "ER":
            pairs += [(tag, text) for text in _texts(value)]
    return pairs


def _short_type(value: object) -> str:
    text = str(value or "").strip()
    return _long_types().get(text, text) or "GEN"


def _texts(value: object) -> list[str]:
    if value is None:
        return []
    if isinstance(value, list | tuple):
        return [str(part) for part in value if part is not None]
    return [str(value)]


def dumps(references: Iterable[Mapping[str, object]]) -> bytes:
    """Canonical RIS of rispy's dicts: UTF-8, LF, two spaces before the hyphen, an empty line behind each record.

    Fields without a value are left out. Line breaks stay, except before a line that a reader would take for a tag.
    """
    records = []
    for reference in references:
        lines = [f"{tag}  - {_safe(value)}\n" for tag, value in from_rispy(reference) if value.strip()]
        records.append("".join([*lines, "ER  - \n"]))
    return "\n".join(records).encode("utf-8", "replace")


def _safe(value: str) -> str:
    """A value whose lines cannot be taken for tag lines."""
    first, *rest = value.strip().replace("\r\n", "\n").split("\n")
    return first + "".join((" " if _LOOKS_LIKE_A_TAG.match(line) else "\n") + line for line in rest)
