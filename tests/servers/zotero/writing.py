"""Writes: batches in which every object is a transaction of its own, and single objects with PATCH, PUT and DELETE."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from threading import RLock
from typing import Any, NamedTuple

from tests.servers.zotero.items import Writer, item_from
from tests.servers.zotero.library import Change, Collection, Item, Library
from tests.servers.zotero.listing import answer
from tests.servers.zotero.messages import Refusal, Response
from tests.servers.zotero.shapes import View
from tests.servers.zotero.values import NAME_LIMIT, is_key, text

MOST = 50

Watch = Callable[[int], None]
"""Called before each object of a batch, and after the last, with the number of objects that took a version so far."""


class Context(NamedTuple):
    """What a write needs to know: where, who, when, and the precondition of the request."""

    view: View
    writer: Writer
    unmodified_since: str | None
    lock: RLock
    history: list[Change]
    new_key: Callable[[], str]

    @property
    def library(self) -> Library:
        return self.view.library

    def precondition(self) -> int | None:
        """If-Unmodified-Since-Version as a number, None when it was not sent."""
        if self.unmodified_since is None:
            return None
        if not self.unmodified_since.isdigit():
            raise Refusal(400, "Invalid If-Unmodified-Since-Version value")
        return int(self.unmodified_since)


class Outcome(NamedTuple):
    """One object's part in a report: as it is stored now, and whether it changed."""

    stored: Item | Collection
    changed: bool


def parse(body: bytes) -> Any:
    """The body as JSON; Refusal 400 when it is none."""
    try:
        value = json.loads(body.decode("utf-8"), parse_constant=_no_constant)
        json.dumps(value, ensure_ascii=False).encode()  # half a surrogate pair is no text
    except (ValueError, RecursionError):
        raise Refusal(400, "JSON Error: Syntax error, malformed JSON") from None
    return value


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


def editable(value: dict[str, Any]) -> dict[str, Any]:
    """The object itself, or what an API envelope holds."""
    data = value.get("data")
    return data if isinstance(data, dict) else value


class Desk(ABC):
    """Where the objects of one kind are written."""

    noun: str
    required: tuple[str, ...]
    """Properties that PUT asks for where the object is there already."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.library = context.library

    @abstractmethod
    def stored(self, key: str) -> Item | Collection | None:
        """The object as it is now."""

    @abstractmethod
    def write(self, value: dict[str, Any], key: str) -> Outcome:
        """Commits what an object asks for, one version of the library later."""

    @abstractmethod
    def shown(self, stored: Any) -> dict[str, Any]:
        """The object as a report holds it."""

    @abstractmethod
    def delete(self, key: str, version: int) -> list[str]:
        """Deletes for good; the keys that are gone."""

    # Batches

    def post(self, values: Any, watch: Watch) -> tuple[Response, bool]:
        """The report of a batch, and whether a write token would be remembered: not if the last object failed."""
        if not isinstance(values, list):
            raise Refusal(400, "Uploaded data must be a JSON array")
        if len(values) > MOST:
            raise Refusal(413, f"Cannot add more than {MOST} {self.noun}s at a time")
        with self.context.lock:
            self._check_library()
        report: dict[str, dict[str, Any]] = {"successful": {}, "success": {}, "unchanged": {}, "failed": {}}
        version = self.library.version
        for index, value in enumerate(values):
            watch(len(report["success"]) + len(report["unchanged"]))
            with self.context.lock:
                if self._post_one(str(index), value, report):
                    version = self.library.version
        watch(len(report["success"]) + len(report["unchanged"]))
        return answer(report, {"Last-Modified-Version": str(version)}), str(len(values) - 1) not in report["failed"]

    def _post_one(self, index: str, value: Any, report: dict[str, dict[str, Any]]) -> bool:
        """Writes one object into the report; whether it took a version."""
        try:
            outcome = self._written(index, value)
        except Refusal as refusal:
            key = {"key": value["itemKey"]} if isinstance(value, dict) and "itemKey" in value else {}
            report["failed"][index] = {**key, **refusal.entry()}
            return False
        if outcome.changed:
            report["successful"][index] = self.shown(outcome.stored)
            report["success"][index] = outcome.stored.key
        else:
            report["unchanged"][index] = outcome.stored.key
        return True

    def _written(self, index: str, value: Any) -> Outcome:
        if not isinstance(value, dict):
            raise Refusal(400, f"Invalid value for index {index} in uploaded data; expected JSON {self.noun} object")
        value = editable(value)
        return self.write(value, self._key(value))

    def _key(self, value: dict[str, Any]) -> str:
        """The key an object is written under, once its version has been found good."""
        for old, new in (("itemKey", "key"), ("itemVersion", "version")):
            if old in value:
                raise Refusal(400, f"'{old}' property is now '{new}'")
        key, version = value.get("key"), value.get("version")
        if key is None:
            if version is not None:
                raise Refusal(400, f"'version' is valid only if {self.noun} key is provided")
            return self.context.new_key()
        if not is_key(key):
            raise Refusal(400, f"'{key}' is not a valid {self.noun} key")
        if version is None:
            if self.context.unmodified_since is None:
                either = "Either If-Unmodified-Since-Version or 'version' property"
                raise Refusal(428, f"{either} must be provided for 'key'-based writes")
            return str(key)
        self._check_version(str(key), version)
        return str(key)

    def _check_version(self, key: str, version: Any) -> None:
        if not isinstance(version, int):
            raise Refusal(400, "'version' must be an integer")
        old = self.stored(key)
        if old is None and version > 0:
            raise Refusal(404, f"{self.noun.title()} doesn't exist (expected version {version}; use 0 instead)")
        if old is not None and old.version > version:
            raise self._modified(version, old.version)

    def _modified(self, expected: int, found: int, headers: dict[str, str] | None = None) -> Refusal:
        text = f"{self.noun.title()} has been modified since specified version (expected {expected}, found {found})"
        return Refusal(412, text, headers=headers)

    def _check_library(self) -> None:
        expected, found = self.context.precondition(), self.library.version
        if expected is not None and found > expected:
            text = f"Library has been modified since specified version (expected {expected}, found {found})"
            raise Refusal(412, text)

    # Single objects

    def patch(self, key: str, value: Any, *, whole: bool) -> Response:
        """PATCH, or PUT (`whole`): 204 with the object's new version, or the library's old one if nothing changed."""
        if not isinstance(value, dict):
            raise Refusal(400, "Uploaded data must be a JSON object")
        value = editable(value)
        if value.get("key", key) != key:
            raise Refusal(409, f"'key' property does not match URL ({value['key']} != {key})")
        with self.context.lock:
            self._check_single(key, self._single_version(value), creates=whole)
            for name in self.required if whole and self.stored(key) is not None else ():
                if name not in value:
                    raise Refusal(400, f"'{name}' property not provided")
            before = self.library.version
            outcome = self.write(value, key)
        version = outcome.stored.version if outcome.changed else before
        return Response(204, {"Last-Modified-Version": str(version)})

    def _single_version(self, value: dict[str, Any]) -> int | None:
        header, own = self.context.precondition(), value.get("version")
        if not isinstance(own, int | None):
            raise Refusal(400, "'version' must be an integer")
        if header is not None and own is not None and header != own:
            text = f"If-Unmodified-Since-Version value does not match JSON 'version' property ({header} != {own})"
            raise Refusal(400, text)
        return header if own is None else own

    def _check_single(self, key: str, version: int | None, *, creates: bool) -> None:
        old = self.stored(key)
        if old is None:
            if version:
                raise Refusal(412, f"{self.noun.title()} not found (expected version {version})")
            if version is None and not creates:
                ways = "If-Unmodified-Since-Version: 0, JSON 'version' 0, or PUT method"
                raise Refusal(404, f"{self.noun.title()} not found (to create, use {ways})")
        elif version is None:
            text = "Either If-Unmodified-Since-Version or object version property must be provided for key-based writes"
            raise Refusal(428, text)
        elif old.version > version:
            raise self._modified(version, old.version, {"Last-Modified-Version": str(old.version)})

    def _must_have_precondition(self) -> int:
        version = self.context.precondition()
        if version is None:
            raise Refusal(428, "If-Unmodified-Since-Version must be provided for delete requests")
        return version

    def delete_one(self, key: str) -> Response:
        """DELETE of one object and what hangs on it."""
        expected = self._must_have_precondition()
        with self.context.lock:
            old = self.stored(key)
            if old is None:
                raise Refusal(412, f"{self.noun.title()} not found (expected version {expected})")
            if old.version > expected:
                raise self._modified(expected, old.version, {"Last-Modified-Version": str(old.version)})
            return self._delete([key])

    def delete_many(self, keys: list[str]) -> Response:
        """DELETE by keys, of which those that do not exist are ignored; all take one version."""
        self._must_have_precondition()
        with self.context.lock:
            self._check_library()
            return self._delete(keys)

    def _delete(self, keys: list[str]) -> Response:
        self.delete_now(keys)
        return Response(204, {"Last-Modified-Version": str(self.library.version)})

    def delete_now(self, keys: Iterable[str]) -> None:
        """Deletes those of the objects that exist, with one version for all."""
        found = [key for key in dict.fromkeys(keys) if self.stored(key) is not None]
        if found:
            self.library.version += 1
        for key in found:
            for gone in self.delete(key, self.library.version):
                self.record(gone, self.library.version, ())

    def record(self, key: str, version: int, fields: tuple[str, ...]) -> None:
        """Remembers what was committed."""
        self.context.history.append(Change(self.library.name, key, version, fields, self.context.writer.user))


class ItemDesk(Desk):
    """Where items are written."""

    noun = "item"
    required = ("itemType", "tags", "creators", "collections", "relations")

    def stored(self, key: str) -> Item | None:
        return self.library.items.get(key)

    def write(self, value: dict[str, Any], key: str) -> Outcome:
        old = self.stored(key)
        item, changed = item_from(value, old, key, self.library, self.context.writer)
        self.library.version += 1
        if old is not None and not changed:
            return Outcome(old, changed=False)
        item = item._replace(version=self.library.version)
        self.library.store(item)
        self.record(key, item.version, changed)
        self._relate(item, old)
        return Outcome(item, changed=True)

    def _relate(self, item: Item, old: Item | None) -> None:
        """A new dc:relation to an item of the same library is written on the other side too, with the same version."""
        here = f"http://zotero.org/{self.library.name}/items/"
        for predicate, uri in item.relations - (old.relations if old else frozenset()):
            other = self.stored(uri.removeprefix(here))
            back = (predicate, here + item.key)
            if predicate == "dc:relation" and other is not None and back not in other.relations:
                self.library.store(other._replace(relations=other.relations | {back}, version=item.version))
                self.record(other.key, item.version, ("relations",))

    def shown(self, stored: Item) -> dict[str, Any]:
        return self.context.view.envelope(stored)

    def delete(self, key: str, version: int) -> list[str]:
        return self.library.delete_item(key, version) if key in self.library.items else []


class CollectionDesk(Desk):
    """Where collections are written."""

    noun = "collection"
    required = ("name",)

    def stored(self, key: str) -> Collection | None:
        return self.library.collections.get(key)

    def write(self, value: dict[str, Any], key: str) -> Outcome:
        old = self.stored(key)
        for name in value:
            if name not in ("key", "version", "name", "parentCollection", "relations", "deleted"):
                raise Refusal(400, f"Invalid property '{name}'")
        new = Collection(key, 0, self._name(value, old), self._parent(value, old))
        self.library.version += 1
        if old is not None and (new.name, new.parent) == (old.name, old.parent):
            return Outcome(old, changed=False)
        new = new._replace(version=self.library.version)
        self.library.store_collection(new)
        self.record(key, new.version, tuple(sorted(value.keys() & {"name", "parentCollection"})))
        return Outcome(new, changed=True)

    def _name(self, value: dict[str, Any], old: Collection | None) -> str:
        name = text(value.get("name", old.name if old else ""))
        if not name:
            raise Refusal(400, "'name' property not provided")
        if len(name) > NAME_LIMIT:
            short = f"{name[:50]}…"
            raise Refusal(413, f"Collection name '{short}' too long", data={"value": short})
        return name

    def _parent(self, value: dict[str, Any], old: Collection | None) -> str | None:
        parent = value.get("parentCollection", old.parent if old else None) or None
        if parent is not None and not is_key(parent):
            raise Refusal(400, f"'{parent}' is not a valid collection key")
        if parent is not None and parent not in self.library.collections:
            raise Refusal(409, f"Parent collection {parent} not found", data={"collection": parent})
        return parent

    def shown(self, stored: Collection) -> dict[str, Any]:
        return self.context.view.collection(stored)

    def delete(self, key: str, version: int) -> list[str]:
        return self.library.delete_collection(key, version) if key in self.library.collections else []
