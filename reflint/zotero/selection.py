"""Which items of a library reflint may change."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

_NOT_RECORDS = frozenset(["note", "attachment", "annotation"])


class Protection(NamedTuple):
    """Items that stay as they are, whatever is wrong with them: by tag, by collection key."""

    tags: Collection[str] = ()
    collections: Collection[str] = ()


def untouchable(item: Mapping[str, Any], protection: Protection) -> str:
    """Why an item (in the API's envelope) is never written to; `""` when it may be."""
    data = item.get("data", item)
    if data.get("itemType") in _NOT_RECORDS or data.get("parentItem"):
        return "a note, an attachment or a child of another item"
    if data.get("deleted"):
        return "in the trash"
    if data.get("inPublications"):
        return "in My Publications"
    tags = {tag.get("tag") for tag in data.get("tags", ())}
    for tag in protection.tags:
        if tag in tags:
            return f"protected by the tag {tag!r}"
    for key in data.get("collections", ()):
        if key in protection.collections:
            return f"protected by the collection {key}"
    return ""
