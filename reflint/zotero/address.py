"""Which Zotero library a source names: `zotero:groups/12/collections/ABCD2345`, `zotero:local`."""

from __future__ import annotations

import re
from typing import NamedTuple

from reflint.errors import SourceError

SCHEME = "zotero:"
_LIBRARY = re.compile(r"(users|groups)/([1-9][0-9]{0,9})(?:/collections/([23456789A-NP-Z]{8}))?/?")
_LOCAL_USER = "users/0"
KEY = re.compile(r"[23456789A-NP-Z]{8}")
"""An item's or collection's key (zotero.md 3.1)."""


class Address(NamedTuple):
    """A library (`users/1`, `groups/12`), perhaps one collection of it, on the web or in the desktop."""

    library: str
    collection: str | None = None
    local: bool = False

    @classmethod
    def parse(cls, text: str) -> Address:
        """The address a source names. Raises SourceError that says what an address looks like."""
        rest = text.removeprefix(SCHEME).strip()
        local = rest == "local" or rest.startswith("local/")
        path = rest.removeprefix("local").strip("/") if local else rest
        if local and (not path or path.startswith("collections/")):
            path = f"{_LOCAL_USER}/{path}".rstrip("/")
        found = _LIBRARY.fullmatch(path)
        if found is None and not (local and path.startswith(_LOCAL_USER)):
            raise SourceError(
                f"{text}: no Zotero library; write zotero:users/ID, zotero:groups/ID, "
                "zotero:groups/ID/collections/KEY or zotero:local"
            )
        if found is None:
            collection = path.removeprefix(f"{_LOCAL_USER}/collections/") if "/collections/" in path else None
            if collection is not None and not KEY.fullmatch(collection):
                raise SourceError(f"{text}: {collection!r} is no collection key (8 of 2-9, A-N, P-Z)")
            return cls(_LOCAL_USER, collection, True)
        return cls(f"{found[1]}/{found[2]}", found[3], local)

    @property
    def kind(self) -> str:
        """`user` or `group`, as pyzotero calls it."""
        return "group" if self.library.startswith("groups/") else "user"

    @property
    def number(self) -> str:
        """The library's number."""
        return self.library.partition("/")[2]

    def __str__(self) -> str:
        place = f"local/{self.library}".removesuffix(f"/{_LOCAL_USER}") if self.local else self.library
        return SCHEME + place + (f"/collections/{self.collection}" if self.collection else "")
