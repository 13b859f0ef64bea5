"""Citations that embed CSL-JSON, as Zotero and Mendeley Desktop write them (CSL_CITATION)."""

from __future__ import annotations

import json
import re
from typing import Any

from reflint.word.managers.base import BadPayloadError, Cited, Context, Payload, text

_UPPER_CASE = (
    "citationID citationItems properties plainCitation formattedCitation noteIndex dontUpdate unsorted itemData uris "
    "uri locator label prefix suffix schema id"
).split()
_LABELS = ("page", "book", "chapter", "column", "figure", "folio", "issue", "line", "note", "opus", "paragraph", "part",
           "section", "sub verbo", "volume", "verse")  # fmt: skip
_MAX_DEPTH = 60
_COUNTED = re.compile(r"ITEM-\d+")
"""Mendeley Desktop counts the items of each citation anew."""
_LAST_OF_URI = re.compile(r"(?:/items/|uuid=|/)([\w-]+)/?$")


def csl_citation(instruction: str, context: Context) -> Payload:
    """The payload of `... CSL_CITATION {json}`: from the first `{` to the last `}`, as Zotero itself reads it."""
    start, end = instruction.find("{"), instruction.rfind("}")
    if start < 0 or end < start:
        raise BadPayloadError("there is no JSON in the instruction")
    return payload_of(loads(instruction[start : end + 1]))


def payload_of(data: dict[str, Any]) -> Payload:
    """A payload of CSL_CITATION JSON; legacy spellings included."""
    items = data.get("citationItems")
    if not isinstance(items, list):
        raise BadPayloadError("the JSON has no list of citationItems")
    mendeley, properties = _object(data.get("mendeley")), _object(data.get("properties"))
    note_index = properties.get("noteIndex")
    flags = {name for name in ("dontUpdate",) if properties.get(name)}
    flags |= {name for name in ("manualFormatting",) if mendeley.get(name)}
    stored = properties.get("plainCitation", mendeley.get("plainTextFormattedCitation"))
    return Payload(
        works=tuple(_cited(item) for item in items),
        stored=stored if isinstance(stored, str) else None,
        flags=frozenset(flags),
        note_index=note_index if isinstance(note_index, int) else None,
        data=data,
    )


def loads(source: str) -> dict[str, Any]:
    """The JSON object of a payload, keys as they should be. Raises BadPayloadError when it is none."""
    try:
        data = _decode(source)
    except (ValueError, RecursionError) as error:
        if not source.startswith("{{"):
            raise BadPayloadError(f"the JSON cannot be read ({error})") from None
        try:
            data = _decode(source[1:-1])
        except (ValueError, RecursionError):
            raise BadPayloadError(f"the JSON cannot be read ({error})") from None
    if not isinstance(data, dict):
        raise BadPayloadError("the JSON is not an object")
    if _depth(data) > _MAX_DEPTH:
        raise BadPayloadError(f"the JSON nests more than {_MAX_DEPTH} levels")
    if "CITATIONITEMS" in data:
        return dict(_lowered(data))
    return data


def _decode(source: str) -> Any:
    return json.JSONDecoder(strict=False).decode(source)


def _depth(data: object) -> int:
    """How many levels of objects and lists a JSON value has."""
    depth, level = 0, [data]
    while level := [one for one in level if isinstance(one, dict | list)]:
        depth += 1
        level = [below for one in level for below in (one.values() if isinstance(one, dict) else one)]
    return depth


def _lowered(value: Any) -> Any:
    """Keys as they should be where "All caps" or an old Zotero wrote them large."""
    names = {name.upper(): name for name in _UPPER_CASE}
    if isinstance(value, dict):
        return {names.get(key, key): _lowered(member) for key, member in value.items()}
    return [_lowered(member) for member in value] if isinstance(value, list) else value


def _object(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _cited(cite: object) -> Cited:
    if not isinstance(cite, dict):
        raise BadPayloadError("a citation item is not an object")
    item = cite.get("itemData", {})
    if not isinstance(item, dict):
        raise BadPayloadError("itemData is not an object")
    uris = _uris(cite)
    own = text(cite.get("id"))
    keys = uris or ((f"id:{own}",) if own and not _COUNTED.fullmatch(own) else ())
    label = cite.get("label", cite.get("locatorType"))
    return Cited(
        item=item,
        keys=keys,
        id=_short_id(uris, own),
        linked=not (isinstance(cite.get("id"), str) and "/" in cite["id"]) and bool(uris),
        locator=text(cite.get("locator")),
        label=_label(label),
        prefix=str(cite.get("prefix") or ""),
        suffix=str(cite.get("suffix") or ""),
        suppress_author=bool(cite.get("suppress-author", cite.get("suppressAuthor", False))),
        author_only=bool(cite.get("author-only", False)),
    )


def _uris(cite: dict[str, Any]) -> tuple[str, ...]:
    found = cite.get("uris", cite.get("uri", []))
    if isinstance(found, str):
        found = [found]
    return tuple(dict.fromkeys(uri for uri in found if isinstance(uri, str) and uri)) if isinstance(found, list) else ()


def _short_id(uris: tuple[str, ...], own: str) -> str:
    match = _LAST_OF_URI.search(uris[0]) if uris else None
    return match[1] if match else own


def _label(label: object) -> str:
    if isinstance(label, int) and not isinstance(label, bool):
        return _LABELS[label] if 0 <= label < len(_LABELS) else ""
    return text(label)
