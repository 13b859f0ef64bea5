"""A library's state: its items and collections, its version, and what was done to it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from tests.servers.zotero.schema import TYPES, ItemType


class Item(NamedTuple):
    """One item as stored: `fields` holds only those with a value."""

    key: str
    version: int
    type: str
    fields: dict[str, str]
    creators: tuple[dict[str, str], ...]
    tags: tuple[tuple[str, int], ...]
    collections: tuple[str, ...]
    relations: frozenset[tuple[str, str]]
    parent: str | None
    note: str
    extra: dict[str, object]
    """Properties of attachments and annotations that are not fields: `linkMode`, `contentType`, `annotationText`."""
    deleted: bool
    published: bool
    added: str
    modified: str
    created_by: int
    modified_by: int

    @property
    def kind(self) -> ItemType:
        return TYPES[self.type]

    def base(self, field: str) -> str:
        """The value of the item's own field for a base field (`title`, `date`); empty when it has none."""
        return self.fields.get(self.kind.own(field) or "", "")


class Collection(NamedTuple):
    """One collection; `parent` is the key of the collection it stands in."""

    key: str
    version: int
    name: str
    parent: str | None


class Change(NamedTuple):
    """One object's committed change: which properties moved, and the user whose key or client did it.

    A deletion for good has no fields; objects that were sent but did not change are not recorded.
    """

    library: str
    key: str
    version: int
    fields: tuple[str, ...]
    user: int


class Deletion(NamedTuple):
    """An object that was deleted for good, as /deleted tells it."""

    kind: str
    key: str
    version: int


class Library:
    """The objects of one library (`users/1`, `groups/1`). Stored objects are never changed, only replaced."""

    def __init__(self, kind: str, number: int) -> None:
        self.kind = kind
        self.number = number
        self.version = 1
        self.items: dict[str, Item] = {}
        self.collections: dict[str, Collection] = {}
        self.deletions: list[Deletion] = []
        self.tag_versions: dict[tuple[str, int], int] = {}
        self._children: dict[str, set[str]] = {}

    @property
    def name(self) -> str:
        return f"{self.kind}/{self.number}"

    @property
    def is_group(self) -> bool:
        return self.kind == "groups"

    def copy(self) -> Library:
        """The library as it is now, untouched by what comes later."""
        copy = Library(self.kind, self.number)
        copy.version = self.version
        copy.items = dict(self.items)
        copy.collections = dict(self.collections)
        copy.deletions = list(self.deletions)
        copy.tag_versions = dict(self.tag_versions)
        copy._children = {parent: set(keys) for parent, keys in self._children.items()}
        return copy

    def children(self, key: str) -> Iterator[Item]:
        """The items whose parent this is, in no order."""
        return (self.items[child] for child in self._children.get(key, ()))

    def store(self, item: Item) -> None:
        """Puts an item in the place of its older self."""
        old = self.items.get(item.key)
        if old is not None and old.parent:
            self._children[old.parent].discard(old.key)
        if item.parent:
            self._children.setdefault(item.parent, set()).add(item.key)
        for tag in item.tags:
            self.tag_versions.setdefault(tag, item.version)
        self.items[item.key] = item
        self._forget("items", item.key)

    def store_collection(self, collection: Collection) -> None:
        """Puts a collection in the place of its older self."""
        self.collections[collection.key] = collection
        self._forget("collections", collection.key)

    def _forget(self, kind: str, key: str) -> None:
        """An object that was made again is no longer a deleted one."""
        if any(gone.key == key and gone.kind == kind for gone in self.deletions):
            self.deletions = [gone for gone in self.deletions if (gone.kind, gone.key) != (kind, key)]

    def delete_item(self, key: str, version: int) -> list[str]:
        """Deletes an item and its children for good; the keys that are gone."""
        gone = [key]
        for child in list(self.children(key)):
            gone += self.delete_item(child.key, version)
        item = self.items.pop(key)
        if item.parent:
            self._children[item.parent].discard(key)
        self._children.pop(key, None)
        self.deletions.append(Deletion("items", key, version))
        return gone

    def delete_collection(self, key: str, version: int) -> list[str]:
        """Deletes a collection and those inside it for good; its items stay, with the version they have."""
        gone = [key]
        for inner in [c for c in self.collections.values() if c.parent == key]:
            gone += self.delete_collection(inner.key, version)
        del self.collections[key]
        for item in self.items.values():
            if key in item.collections:
                left = tuple(other for other in item.collections if other != key)
                self.items[item.key] = item._replace(collections=left)
        self.deletions.append(Deletion("collections", key, version))
        return gone
