"""Document properties and settings: numbered ones joined, and what reference managers keep in them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from lxml import etree

from reflint.errors import SourceError
from reflint.word.manuscript import Preferences
from reflint.word.xml import child, children, local, parse

_NUMBERED = re.compile(r"(.+)_(\d{1,6})")


def read_properties(root: etree._Element) -> dict[str, str]:
    """The custom properties by name, in order."""
    return {prop.get("name", ""): _value(prop) for prop in root if local(prop) == "property"}


def _value(element: etree._Element) -> str:
    return "".join(str(piece) for piece in element.itertext())


def joined(properties: Mapping[str, str]) -> dict[str, str]:
    """Values that were divided over `NAME_1`, `NAME_2`, ... put together in numeric order."""
    pieces: dict[str, list[tuple[int, str]]] = {}
    for name, value in properties.items():
        if match := _NUMBERED.fullmatch(name):
            pieces.setdefault(match[1], []).append((int(match[2]), value))
    return {name: "".join(value for _, value in sorted(values)) for name, values in pieces.items()}


def preferences_of(whole: Mapping[str, str]) -> list[Preferences]:
    """The preferences that Zotero and Mendeley Desktop keep in document properties (`joined`)."""
    found = []
    if raw := whole.get("ZOTERO_PREF"):
        found.append(zotero_preferences(raw))
    if style := whole.get("Mendeley Citation Style"):
        found.append(Preferences("mendeley", style=style))
    return found


def zotero_preferences(raw: str) -> Preferences:
    """Zotero's document preferences: XML (data version 3), JSON (4), or the oldest, fields between colons."""
    if raw.lstrip().startswith("{"):
        return _of_json(raw)
    if raw.lstrip().startswith("<"):
        return _of_xml(raw)
    return Preferences("zotero", style=":".join(raw.split(":")[1:3]) if raw.count(":") > 1 else "", raw=raw)


def _of_json(raw: str) -> Preferences:
    try:
        data = json.loads(raw)
    except (ValueError, RecursionError):
        return Preferences("zotero", raw=raw)
    style = data.get("style") if isinstance(data, dict) else None
    options = data.get("prefs") if isinstance(data, dict) else None
    return Preferences(
        "zotero",
        style=str(style.get("styleID") or style.get("id") or "") if isinstance(style, dict) else "",
        locale=str(style.get("locale") or "") if isinstance(style, dict) else "",
        version=str(data.get("zoteroVersion") or "") if isinstance(data, dict) else "",
        options={str(name): str(value) for name, value in options.items()} if isinstance(options, dict) else {},
        raw=raw,
    )


def _of_xml(raw: str) -> Preferences:
    try:
        root = parse(raw.encode(), "the document preferences")
    except SourceError:
        return Preferences("zotero", raw=raw)
    style, prefs = child(root, "style"), child(root, "prefs")
    options = (
        {pref.get("name", ""): pref.get("value", "") for pref in children(prefs, "pref")} if prefs is not None else {}
    )
    return Preferences(
        "zotero",
        style=style.get("id", "") if style is not None else "",
        locale=style.get("locale", "") if style is not None else "",
        version=root.get("zotero-version", ""),
        options=options,
        raw=raw,
    )


def extension_preferences(root: etree._Element) -> Preferences | None:
    """What Mendeley Cite keeps in a web extension part; None of other extensions."""
    values: dict[str, str] = {}
    for holder in children(root, "properties"):
        values |= {prop.get("name", ""): prop.get("value", "") for prop in children(holder, "property")}
    if not any(name.startswith("MENDELEY_") for name in values):
        return None
    style = values.get("MENDELEY_CITATIONS_STYLE", "")
    try:
        decoded = json.loads(style)
    except ValueError:
        decoded = style
    name = decoded.get("id") if isinstance(decoded, dict) else decoded
    locale = values.get("MENDELEY_CITATIONS_LOCALE_CODE", "").strip('"')
    return Preferences("mendeley_v3", style=str(name or ""), locale=locale, options=values)


def has_track_changes(root: etree._Element | None) -> bool:
    """Whether the settings say that changes are tracked from now on."""
    return root is not None and child(root, "trackRevisions") is not None
