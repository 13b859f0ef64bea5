"""From a group of items of one work to the steps that make them one: the fullest is kept and given what it lacks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from pydantic import ValidationError

from reflint.zotero.moving import GAINED
from reflint.zotero.selection import Protection, untouchable
from reflint.zotero.steps import CHILDREN, Difference, Moved, Step
from reflint.zotero.values import Pair, pairs, relations_of, same, tags_of
from reflint.zotero.web import Item

Data = Mapping[str, Any]
_BESIDES = frozenset(
    "key version itemType tags collections relations parentItem deleted inPublications dateAdded dateModified".split()
)
"""Properties that are no content, or are united by rules of their own."""


class Unmergeable(Exception):  # noqa: N818  (it is what it says)
    """Why the items of a group are left as they are."""


class Taken(NamedTuple):
    """A value that an item for the trash (`key`) has, and the kept one had not."""

    field: str
    value: Moved
    key: str


class Merge(NamedTuple):
    """The steps of one group, the key of the item that is kept, and where what it is given comes from."""

    survivor: str
    steps: list[Step]
    taken: list[Taken]


class Rules(NamedTuple):
    """What the group's library asks of a merge: its name (`groups/70`), what is protected there, and whether
    attachments with stored files may be moved."""

    library: str
    protection: Protection
    files: bool


def merge_of(
    items: Sequence[Item], children: Mapping[str, Sequence[Item]], why: Mapping[str, Sequence[str]], rules: Rules
) -> Merge:
    """How items of one work become one. `children`: notes and attachments by the key of their item, trashed ones too;
    `why`: what is known of an item's sameness, by key. Raises Unmergeable.
    """
    for item in items:
        _demand_free(item, rules.protection)
    if len({item["data"]["itemType"] for item in items}) > 1:
        raise Unmergeable(f"of different types: {', '.join(sorted({item['data']['itemType'] for item in items}))}")
    survivor, *losers = sorted(items, key=_rank)
    moved = [child for loser in losers for child in children.get(str(loser["key"]), ())]
    for child in moved:
        _demand_movable(child, rules)
    taken = list(_taken(survivor["data"], losers))
    group = str(survivor["key"])
    try:
        steps = [_survivor_step(survivor, losers, taken, rules.library)]
        steps += [_step(child, group, {"parentItem": group}) for child in moved]
        for loser in losers:
            told = {"differs": _differences(survivor, loser, taken), "why": list(why.get(str(loser["key"]), ()))}
            steps.append(_step(loser, group, {"deleted": 1}, **told))
    except ValidationError as error:
        reason = error.errors(include_url=False)[0]["msg"].removeprefix("Value error, ")
        raise Unmergeable(f"what is to be united cannot be written: {reason}") from None
    return Merge(group, steps, taken)


def content(data: Data) -> dict[str, Any]:
    """The fields of an item that have a value, creators included."""
    return {name: value for name, value in data.items() if value and name not in _BESIDES}


def missing(kept: Data, left: Data, differs: Mapping[str, Difference], library: str) -> str:
    """What of an item for the trash is neither in the kept one nor told to differ; `""` when nothing is."""
    for name, value in content(left).items():
        if not kept.get(name) or not (same(name, value, kept[name]) or name in differs):
            return name
    if not {name for name, _ in tags_of(left.get("tags"))} <= {name for name, _ in tags_of(kept.get("tags"))}:
        return "tags"
    if not set(left.get("collections") or ()) <= set(kept.get("collections") or ()):
        return "collections"
    if not _inherited(left, str(kept["key"]), library) <= pairs(kept.get("relations")):
        return "relations"
    return ""


def _inherited(left: Data, kept: str, library: str) -> set[Pair]:
    """The relations that the kept item takes over: those of the other one, and that it stands for it now."""
    own = _uri(library, kept)
    found = {pair for pair in pairs(left.get("relations")) if pair[0] in GAINED and pair[1] != own}
    return found | {("dc:replaces", _uri(library, str(left["key"])))}


def _uri(library: str, key: str) -> str:
    """What documents know an item by."""
    return f"http://zotero.org/{library}/items/{key}"


def _demand_free(item: Item, protection: Protection) -> None:
    data = item["data"]
    why = untouchable(item, protection)
    if why:
        raise Unmergeable(f"{item['key']} is {why}")
    odd = {predicate for predicate, _ in pairs(data.get("relations"))} - GAINED
    if odd:
        raise Unmergeable(f"{item['key']} has relations that are not united: {', '.join(sorted(odd))}")


def _demand_movable(child: Item, rules: Rules) -> None:
    """Notes and attachments that nobody protects, whose file the library keeps and may be handled with this key."""
    data = child["data"]
    why = untouchable(child, rules.protection, child=True, trashed=True)
    mode = str(data.get("linkMode", ""))
    if mode == "linked_file":
        why = "a file on somebody's own disk"
    elif mode.startswith("imported_") and not rules.files:
        why = "a stored file, and you may not change those here"
    if why:
        raise Unmergeable(f"{child['key']}, which would move, is {why}")


def _rank(item: Item) -> tuple[int, bool, str, str]:
    """The item to keep first: with most filled fields, then one that stands for others already, then the oldest."""
    data = item["data"]
    replaces = any(predicate == "dc:replaces" for predicate, _ in pairs(data.get("relations")))
    return -len(content(data)), not replaces, str(data.get("dateAdded", "")), str(item["key"])


def _taken(kept: Data, losers: Sequence[Item]) -> list[Taken]:
    """The fields that the kept item lacks, each from the fullest item that has it."""
    found: dict[str, Taken] = {}
    for loser in losers:
        for name, value in content(loser["data"]).items():
            if not kept.get(name):
                found.setdefault(name, Taken(name, value, str(loser["key"])))
    return list(found.values())


def _survivor_step(survivor: Item, losers: Sequence[Item], taken: Sequence[Taken], library: str) -> Step:
    """The one write to the item that is kept: what it lacked, tags, collections, and for whom it stands."""
    data = survivor["data"]
    after: dict[str, Any] = {one.field: one.value for one in taken}
    tags = {name for name, _ in tags_of(data.get("tags"))}
    more = {tag["tag"]: tag for loser in losers for tag in loser["data"].get("tags", ()) if tag["tag"] not in tags}
    if more:
        after["tags"] = [*data.get("tags", ()), *more.values()]
    collections = dict.fromkeys(key for one in (survivor, *losers) for key in one["data"].get("collections", ()))
    if len(collections) > len(data.get("collections", ())):
        after["collections"] = list(collections)
    old = pairs(data.get("relations"))
    gained = {pair for one in losers for pair in _inherited(one["data"], str(survivor["key"]), library)}
    if gained - old:
        after["relations"] = relations_of(old | gained)
    return _step(survivor, str(survivor["key"]), after, losers=[str(loser["key"]) for loser in losers])


def _step(item: Item, group: str, after: Mapping[str, Moved], **more: Any) -> Step:
    data = item["data"]
    before = {name: _as_before(data.get(name), value) for name, value in after.items()}
    return Step(
        type="merge",
        group=group,
        key=str(item["key"]),
        itemType=str(data["itemType"]),
        version=int(item["version"]),
        set=dict(after),
        expect=before,
        **more,
    )


def _as_before(value: Any, like: Moved) -> Any:
    """A value as it stands; an absent one is the empty one of its new one's kind."""
    return value if value else type(like)()


def _differences(survivor: Item, loser: Item, taken: Sequence[Taken]) -> dict[str, Difference]:
    """What an item for the trash says otherwise than the kept one will."""
    kept = content(survivor["data"]) | {one.field: one.value for one in taken}
    return {
        name: Difference(kept=kept[name], left=value)
        for name, value in content(loser["data"]).items()
        if not same(name, value, kept[name])
    }


def is_child(item: Item) -> bool:
    """Whether an item is a note or attachment of another."""
    data = item["data"]
    return bool(data.get("parentItem")) and data.get("itemType") in CHILDREN
