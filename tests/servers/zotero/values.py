"""What the server makes of single values: strings, dates, creators, tags, relations and notes."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

from tests.servers.zotero.messages import Died, Refusal
from tests.servers.zotero.schema import CREATOR_TYPES, ItemType

KEY = re.compile(r"[23456789ABCDEFGHIJKLMNPQRSTUVWXYZ]{8}")

_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_BLANKS = " \t\n\r\0\x0b"
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_SQL = re.compile(r"(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2}:\d{2})Z?")
_MULTIPART = re.compile(r"\d{4}-(?:0\d|1[0-2])-(?:[0-2]\d|3[01]) (?=.)")
_SCRIPT = re.compile(r"<(script|style)\b.*?</\1\s*>", re.IGNORECASE | re.DOTALL)
_ITEM_URI = re.compile(rf"http://zotero\.org/(?:users|groups)/\d+/items/{KEY.pattern}")
_PREDICATES = re.compile(r"owl:sameAs|dc:replaces|dc:relation|mendeleyDB:\w+")

TAG_LIMIT = NAME_LIMIT = 255
FIELD_BYTES = 65_535
NOTE_LIMIT = 500_000


def is_key(value: object) -> bool:
    """Whether this is a well-formed object key."""
    return isinstance(value, str) and KEY.fullmatch(value) is not None


def text(value: Any) -> str:
    """A JSON value as PHP turns it into a string, normalised; an object kills the whole request."""
    if isinstance(value, dict):
        raise Died
    if value is None or value is False:
        return ""
    if value is True or (isinstance(value, float) and value.is_integer()):
        value = int(value)
    return normalised(str(value))


def normalised(value: str) -> str:
    """Control characters but tab and line feed go (so CRLF becomes LF), then blanks at both ends."""
    return _CONTROLS.sub("", value).strip(_BLANKS)


def timestamp(seconds: float) -> str:
    """A time of the server's clock as the API writes it (UTC, whole seconds)."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def moment(name: str, value: Any) -> str:
    """`dateAdded` or `dateModified` in the API's form."""
    found = _SQL.fullmatch(str(value))
    if found is None:
        raise Refusal(400, f"'{name}' must be in ISO 8601 or UTC 'YYYY-MM-DD hh:mm:ss' format ({value})")
    return "{}T{}Z".format(*found.groups())


def access_date(value: str, now: str) -> str:
    """An accessDate in the API's form: a day, or day and time."""
    if value == "CURRENT_TIMESTAMP":
        return now
    if found := _SQL.fullmatch(value):
        return "{}T{}Z".format(*found.groups())
    if value and not _DAY.fullmatch(value):
        form = "'YYYY-MM-DD[ hh:mm:ss]' format or 'CURRENT_TIMESTAMP'"
        raise Refusal(400, f"'accessDate' must be in ISO 8601 or UTC {form} ({value})")
    return value


def without_prefix(value: str) -> str:
    """A date without the sortable prefix of Zotero's stored form (`2019-12-01 2019/12/1`)."""
    return _MULTIPART.sub("", value, count=1)


def note(value: Any) -> str:
    """A note's text, cleaned: scripts go, plain text becomes a paragraph."""
    cleaned = _SCRIPT.sub("", text(value))
    if len(cleaned) > NOTE_LIMIT:
        raise Refusal(413, f"Note '{cleaned[:50]}…' too long")
    return f"<p>{cleaned}</p>" if cleaned and not cleaned.startswith("<") else cleaned


def array(name: str, value: Any) -> list[Any]:
    """The value of a property that must be an array."""
    if not isinstance(value, list):
        raise Refusal(400, f"'{name}' property must be an array")
    return value


def tags(value: Any) -> tuple[tuple[str, int], ...]:
    """Tags as (tag, type): empty and repeated ones dropped, sorted."""
    found = set()
    for tag in array("tags", value):
        if not isinstance(tag, dict):
            raise Refusal(400, "Tag must be an object")
        if "tag" not in tag:
            raise Refusal(400, "Tag object must contain 'tag'")
        name = text(tag["tag"])
        if len(name) > TAG_LIMIT:
            raise Refusal(413, f"Tag '{name[:50]}…' too long", data={"tag": name})
        if name:
            found.add((name, 1 if tag.get("type") == 1 else 0))
    return tuple(sorted(found))


def creators(value: Any, kind: ItemType) -> tuple[dict[str, str], ...]:
    """Creators as the API returns them; each must fit the item type."""
    return tuple(_creator(creator, kind) for creator in array("creators", value))


def _creator(creator: Any, kind: ItemType) -> dict[str, str]:
    if not isinstance(creator, dict):
        raise Refusal(400, "Creator must be an object")
    for name in creator:
        if name not in ("creatorType", "firstName", "lastName", "name"):
            raise Refusal(400, f"Invalid creator property '{name}'")
    if "creatorType" not in creator:
        raise Refusal(400, "creator object must contain 'creatorType'")
    role = text(creator["creatorType"])
    if role not in CREATOR_TYPES:
        raise Refusal(400, f"'{role}' is not a valid creator type")
    if role != "author" and role not in kind.creators:
        raise Refusal(400, f"'{role}' is not a valid creator type for item type '{kind.name}'")
    if "firstName" in creator and "name" in creator:
        raise Refusal(400, "'firstName' and 'name' creator fields are mutually exclusive")
    if "lastName" in creator and "name" in creator:
        raise Refusal(400, "'lastName' and 'name' creator fields are mutually exclusive")
    for given, missing in (("lastName", "firstName"), ("firstName", "lastName")):
        if given in creator and missing not in creator:
            raise Refusal(400, f"'{missing}' creator field must be set if '{given}' is set")
    names = {part: text(creator[part]) for part in ("name", "firstName", "lastName") if part in creator}
    if not any(names.values()):
        raise Refusal(400, "creator object must contain 'firstName'/'lastName' or 'name'")
    for name in names.values():
        if len(name) > NAME_LIMIT:
            raise _name_too_long(name)
    return {"creatorType": role, **names}


def _name_too_long(name: str) -> Refusal:
    short = f"{name[:50]}…"
    message = (
        f"The creator name ‘{short}…’ is too long to sync. Shorten the name and sync again.\n\nIf you receive this "
        "message repeatedly for items saved from a particular site, you can report this issue in the Zotero Forums."
    )
    return Refusal(413, message, data={"field": "creator", "value": short})


def relations(value: Any) -> frozenset[tuple[str, str]]:
    """Relations as pairs of predicate and item URI; an empty array stands for none."""
    if value == []:
        return frozenset()
    if not isinstance(value, dict):
        raise Refusal(400, "'relations' property must be an object")
    pairs = set()
    for predicate, uris in value.items():
        if not _PREDICATES.fullmatch(predicate):
            raise Refusal(400, f"Unsupported predicate '{predicate}'")
        for uri in uris if isinstance(uris, list) else [uris]:
            if not isinstance(uri, str) or not _ITEM_URI.fullmatch(uri):
                raise Refusal(400, "'relations' values currently must be Zotero item URIs")
            pairs.add((predicate, uri))
    return frozenset(pairs)
