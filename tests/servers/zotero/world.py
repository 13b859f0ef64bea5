"""Users, groups and keys: who may read and write which library, and how the API describes them."""

from __future__ import annotations

from typing import Any

from tests.servers.zotero.library import Library

WWW = "https://www.zotero.org"

Key = dict[str, Any]
"""An API key as a world file lists it: `key`, `user`, `access`."""

_OWN = {"library": True, "files": True, "notes": True}
_FULL = {"user": {**_OWN, "write": True}, "groups": {"all": {"library": True, "write": True}}}
_READ = {"user": _OWN, "groups": {"all": {"library": True, "write": False}}}
_NO_NOTES = {"user": {"library": True, "files": True, "write": True}}
_ONE_GROUP = {"groups": {"70": {"library": True, "write": True}}}

DEFAULT: dict[str, Any] = {
    "users": [
        {"id": 7, "username": "librarian", "displayName": "L. Librarian"},
        {"id": 8, "username": "colleague", "displayName": "C. Colleague"},
    ],
    "groups": [
        {
            "id": 70,
            "name": "Reading Room",
            "owner": 7,
            "type": "Private",
            "libraryReading": "members",
            "libraryEditing": "members",
            "fileEditing": "none",
            "members": [{"user": 8, "role": "member"}],
            "group_version": 1,
        },
        {
            "id": 80,
            "name": "Open Shelf",
            "owner": 8,
            "type": "PublicClosed",
            "libraryReading": "all",
            "libraryEditing": "admins",
            "fileEditing": "none",
            "members": [{"user": 7, "role": "member"}],
            "group_version": 1,
        },
    ],
    "keys": [
        {"key": "FULLKEYFULLKEYFULLKEY777", "user": 7, "access": _FULL},
        {"key": "READKEYREADKEYREADKEY777", "user": 7, "access": _READ},
        {"key": "NONOTESNONOTESNONOTES777", "user": 7, "access": _NO_NOTES},
        {"key": "FULLKEYFULLKEYFULLKEY888", "user": 8, "access": _FULL},
        {"key": "GROUPKEYGROUPKEYGROUP777", "user": 7, "access": _ONE_GROUP},
    ],
}
"""The world of a server that is given none; all keys are invented."""


_GROUP = {
    "type": "Private",
    "libraryReading": "members",
    "libraryEditing": "members",
    "fileEditing": "none",
    "members": [],
    "group_version": 1,
}
"""What a world file need not say of a group."""


class World:
    """The people of a server and what each key may do; `created` is the time the groups were made."""

    def __init__(self, world: dict[str, Any], created: str) -> None:
        self.users: dict[int, dict[str, Any]] = {user["id"]: user for user in world["users"]}
        self.groups: dict[int, dict[str, Any]] = {group["id"]: {**_GROUP, **group} for group in world["groups"]}
        self.keys: dict[str, Key] = {key["key"]: key for key in world["keys"]}
        self.created = created

    def named_keys(self) -> dict[str, str]:
        """The first key that may read and write its user's library and all groups, and the first that may only read."""
        named: dict[str, str] = {}
        for name, may_write in (("full", True), ("read", False)):
            for key in self.keys.values():
                rights = (key["access"].get("user"), key["access"].get("groups", {}).get("all"))
                if all(right and bool(right.get("write")) is may_write for right in rights):
                    named.setdefault(name, key["key"])
        return named

    def role(self, group: int, user: int) -> str | None:
        """owner, admin or member; None for outsiders."""
        found = self.groups[group]
        if found["owner"] == user:
            return "owner"
        return next((member["role"] for member in found["members"] if member["user"] == user), None)

    def may_read(self, key: Key | None, library: Library) -> bool:
        if library.is_group and self._is_public(library.number):
            return True
        right = self._right(key, library)
        return right is not None and bool(right.get("library"))

    def may_write(self, key: Key | None, library: Library) -> bool:
        right = self._right(key, library)
        if key is None or right is None or not right.get("write"):
            return False
        if not library.is_group:
            return True
        role = self.role(library.number, key["user"])
        return role in ("owner", "admin") or self.groups[library.number]["libraryEditing"] == "members"

    def may_store_files(self, key: Key, library: Library) -> bool:
        """Whether attachments with stored files may be written."""
        if not library.is_group:
            return bool(key["access"]["user"].get("files"))
        editing = self.groups[library.number]["fileEditing"]
        role = self.role(library.number, key["user"])
        return editing == "members" or (editing == "admins" and role in ("owner", "admin"))

    def sees_notes(self, key: Key | None, library: Library) -> bool:
        """Keys for a user's own library need a right of their own for notes; groups know no such right."""
        right = self._right(key, library)
        return library.is_group or bool(right and right.get("notes"))

    def _is_public(self, group: int) -> bool:
        found = self.groups[group]
        return bool(found["type"] != "Private" and found["libraryReading"] == "all")

    def _right(self, key: Key | None, library: Library) -> dict[str, bool] | None:
        """What a key may do in a library; None when its user does not belong there."""
        if key is None:
            return None
        if not library.is_group:
            right: dict[str, bool] | None = key["access"].get("user")
            return right if key["user"] == library.number else None
        if self.role(library.number, key["user"]) is None:
            return None
        groups = key["access"].get("groups", {})
        found: dict[str, bool] | None = groups.get(str(library.number), groups.get("all"))
        return found

    def groups_of(self, user: int, key: Key | None) -> list[int]:
        """The groups of a user that a key, or anybody, may see."""
        return [
            number
            for number in self.groups
            if self.role(number, user) and self.may_read(key, Library("groups", number))
        ]

    # How the API writes them.

    def user_json(self, number: int) -> dict[str, Any]:
        user = self.users[number]
        return {
            "id": number,
            "username": user["username"],
            "name": user["displayName"],
            "links": {"alternate": {"href": f"{WWW}/{user['username']}", "type": "text/html"}},
        }

    def key_json(self, key: Key) -> dict[str, Any]:
        user = self.users[key["user"]]
        return {
            "key": key["key"],
            "userID": key["user"],
            "username": user["username"],
            "displayName": user["displayName"],
            "access": key["access"],
        }

    def page(self, library: Library) -> str:
        """A library's address for people: public groups by their name, private ones by their number."""
        if not library.is_group:
            return f"{WWW}/{self.users[library.number]['username']}"
        group = self.groups[library.number]
        slug = library.number if group["type"] == "Private" else group["name"].lower().replace(" ", "_")
        return f"{WWW}/groups/{slug}"

    def library_json(self, library: Library) -> dict[str, Any]:
        name = self.groups[library.number]["name"] if library.is_group else self.users[library.number]["displayName"]
        return {
            "type": "group" if library.is_group else "user",
            "id": library.number,
            "name": name,
            "links": {"alternate": {"href": self.page(library), "type": "text/html"}},
        }

    def group_json(self, library: Library, key: Key | None, base: str) -> dict[str, Any]:
        group = self.groups[library.number]
        meta: dict[str, Any] = {"created": self.created, "lastModified": self.created, "numItems": len(library.items)}
        if key is not None:
            meta["isAdmin"] = self.role(library.number, key["user"]) in ("owner", "admin")
        data = {
            "id": group["id"],
            "version": group["group_version"],
            "name": group["name"],
            "owner": group["owner"],
            "type": group["type"],
            "description": "",
            "url": "",
            "libraryEditing": group["libraryEditing"],
            "libraryReading": group["libraryReading"],
            "fileEditing": group["fileEditing"],
        }
        for role in ("admin", "member"):
            users = [member["user"] for member in group["members"] if member["role"] == role]
            if users:
                data[f"{role}s"] = users
        return {
            "id": group["id"],
            "version": group["group_version"],
            "links": {
                "self": {"href": f"{base}/groups/{group['id']}", "type": "application/json"},
                "alternate": {"href": self.page(library), "type": "text/html"},
            },
            "meta": meta,
            "data": data,
        }
