"""Which items of a library reflint may change."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

_MOVED_BY_THE_DESKTOP = re.compile(
    r"^[ \t]*(?:DOI|PMID|PMCID|ISSN|ISBN|Citation Key)[ \t]*:", re.MULTILINE | re.IGNORECASE
)
_NOT_RECORDS = frozenset(["note", "attachment", "annotation"])


class Protection(NamedTuple):
    """Items that stay as they are, whatever is wrong with them: by tag, by collection key.

    `desktop`: they would be written through the desktop, which moves identifiers out of Extra at every write.
    """

    tags: Collection[str] = ()
    collections: Collection[str] = ()
    desktop: bool = False


def untouchable(item: Mapping[str, Any], protection: Protection, *, child: bool = False, trashed: bool = False) -> str:
    """Why an item (in the API's envelope) is never written to; `""` when it may be.

    `child`: it is to be a note or attachment of another item; `trashed`: it may be in the trash.
    """
    data = item.get("data", item)
    if child:
        if data.get("itemType") not in ("note", "attachment") or not data.get("parentItem"):
            return "no note or attachment of an item any more"
    elif data.get("itemType") in _NOT_RECORDS or data.get("parentItem"):
        return "a note, an attachment or a child of another item"
    if data.get("deleted") and not trashed:
        return "in the trash"
    if data.get("inPublications"):
        return "in My Publications"
    if protection.desktop and _MOVED_BY_THE_DESKTOP.search(str(data.get("extra") or "")):
        return "the desktop would rearrange its Extra besides; write to it through the web"
    tags = {tag.get("tag") for tag in data.get("tags", ())}
    for tag in protection.tags:
        if tag in tags:
            return f"protected by the tag {tag!r}"
    for key in data.get("collections", ()):
        if key in protection.collections:
            return f"protected by the collection {key}"
    return ""
