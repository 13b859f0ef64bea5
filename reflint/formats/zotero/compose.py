"""Zotero items made of CSL-JSON items: what a manuscript cites, as Zotero keeps it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from reflint.formats.csl.values import DATES, NAMES, OLD_SPELLINGS, VARIABLES
from reflint.formats.zotero.schema import schema

_SEASONS = ("", "Spring", "Summer", "Autumn", "Winter")


def item_of(csl: Mapping[str, Any]) -> dict[str, Any]:
    """The Zotero item of a CSL-JSON item: flat, with the fields that have a value.

    What the item type has no field for becomes a line of Extra (`event-place: Lagos`), which Zotero reads as CSL does.
    """
    csl_type = str(csl.get("type", "document"))
    kind = schema().item_type_of(csl_type)
    item: dict[str, Any] = {"itemType": kind}
    creators: list[dict[str, str]] = []
    extra = [] if schema().csl_type(kind) == csl_type else [f"Type: {csl_type}"]
    for name, value in csl.items():
        variable = OLD_SPELLINGS.get(name, name)
        if variable in NAMES:
            people, rest = _creators(kind, variable, value)
            creators += people
            extra += rest
            continue
        text = _date_text(value) if variable in DATES else _text(value)
        if not text or variable not in VARIABLES or variable in ("note", "keyword"):
            continue
        field = next((one for one in schema().names_in(kind, variable) if one not in item), None)
        if field is None:
            extra.append(f"{variable}: {' '.join(text.split())}")
        else:
            item[field] = text
    item["creators"] = creators
    item["tags"] = [{"tag": word} for word in _words(_text(csl.get("keyword")))]
    lines = "\n".join(filter(None, [*extra, _text(csl.get("note"))]))
    return {**item, "extra": lines} if lines else item


def _text(value: object) -> str:
    if isinstance(value, bool) or value is None:
        return ""
    if isinstance(value, (str, int, float)):
        return str(value).strip()
    if isinstance(value, list):
        return next(filter(None, map(_text, value)), "")
    return ""


def _words(keywords: str) -> Iterable[str]:
    return dict.fromkeys(word for part in re.split(r"[;\n]", keywords) if (word := part.strip()))


def _creators(kind: str, variable: str, names: object) -> tuple[list[dict[str, str]], list[str]]:
    """The creators of a name variable; where the item type has no such role, lines of Extra (`host: Diaz || Ana`)."""
    people = [parts for name in (names if isinstance(names, list) else []) if (parts := _name(name))]
    roles = schema().creators_of(kind)
    role = next((one for one in schema().names_in(kind, variable) if one in roles), None)
    if role is not None:
        return [{"creatorType": role, **parts} for parts in people], []
    return [], [f"{variable}: {' || '.join(filter(None, reversed(parts.values())))}" for parts in people]


def _name(name: object) -> dict[str, str]:
    if not isinstance(name, Mapping):
        text = _text(name)
        return {"name": text} if text else {}
    part = {key: _text(value) for key, value in name.items()}
    if part.get("literal"):
        return {"name": part["literal"]}
    last = " ".join(filter(None, (part.get("non-dropping-particle"), part.get("family"))))
    first = " ".join(filter(None, (part.get("given"), part.get("dropping-particle"))))
    if part.get("suffix"):
        first = ", ".join(filter(None, (first, part["suffix"])))
    return {"firstName": first, "lastName": last} if last else {"name": first} if first else {}


def _date_text(date: object) -> str:
    """A CSL date as Zotero takes it: ISO 8601, a range with `/`, a season in words, else what it says literally."""
    if not isinstance(date, Mapping):
        return _text(date)
    parts = date.get("date-parts")
    ends = [text for end in (parts if isinstance(parts, list) else []) if (text := _iso(end))]
    if not ends:
        return _text(date.get("literal")) or _text(date.get("raw"))
    season = _text(date.get("season"))
    if season and len(ends) == 1 and "-" not in ends[0][1:]:
        number = int(season) if season.isdecimal() else 0
        return f"{_SEASONS[number] if 0 < number < 5 else season} {ends[0]}"
    return "/".join(ends)


def _iso(parts: object) -> str:
    numbers = [_text(part) for part in parts] if isinstance(parts, list) else []
    numbers = [number for number in numbers[:3] if re.fullmatch(r"-?\d{1,6}", number, re.ASCII) and int(number)]
    if not numbers:
        return ""
    year = int(numbers[0])
    return "-".join([f"{'-' if year < 0 else ''}{abs(year):04d}", *(f"{int(one):02d}" for one in numbers[1:])])
