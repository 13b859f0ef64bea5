"""Edits of one Zotero item: on its data, never on text. What goes becomes empty: the server keeps what is left out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from reflint.errors import SourceError
from reflint.formats.zotero.items import Path, creator_text, item_type, place_of, record, tag_text
from reflint.formats.zotero.schema import schema
from reflint.model.edit import Edit
from reflint.model.record import Record

_LISTS = ("creators", "tags")


class _Slot:
    """A creator or tag: its value (None once it is gone), and how many were inserted behind it."""

    __slots__ = ("behind", "value")

    def __init__(self, value: Any) -> None:
        self.value = value
        self.behind = 0


class _Work:
    """An item being edited."""

    def __init__(self, record: Record) -> None:
        place = place_of(record)
        self.record = record
        self.paths = place.paths
        self.data: dict[str, Any] = dict(place.data)
        self.item_type = item_type(record)
        self.lists = {
            name: [_Slot(value) for value in held]
            for name in _LISTS
            if isinstance(held := self.data.get(name, []), list)
        }
        self.by_path = {Path(name, i): slot for name, slots in self.lists.items() for i, slot in enumerate(slots)}
        self.touched: set[str] = set()

    def slot(self, position: int) -> _Slot | None:
        """The creator or tag at a position; None for a field."""
        return self.by_path.get(self.paths[position])

    def set_field(self, name: str, value: str) -> None:
        """Gives a field a value; a number stays a number where it can, a list of lines stays one."""
        old = self.data.get(name)
        if isinstance(old, list):
            self.data[name] = value.split("\n") if value else []
        elif type(old) is int and value.isascii() and value.isdecimal() and str(int(value)) == value:
            self.data[name] = int(value)
        else:
            self.data[name] = value

    def finished(self) -> dict[str, Any]:
        """The data with the creators and tags as they are now."""
        for name in self.touched:
            self.data[name] = [slot.value for slot in self.lists[name] if slot.value is not None]
        return self.data


def apply_to_item(old: Record, edits: Iterable[Edit]) -> Record:
    """The item with the edits carried out, as a record that stands in no text; `stitched` puts it back into one.

    A deleted field becomes the empty string, a deleted creator or tag leaves its list. Raises SourceError when an edit
    was computed on another value than the one that stands there, or would give the item a field that its type has not.
    """
    work = _Work(old)
    for edit in edits:
        if edit.op != "insert":
            _check(work, edit)
        _OPERATIONS[edit.op](work, edit)
    place = place_of(old)
    data = work.finished()
    return record(data if place.data is place.item else {**place.item, "data": data}, old.index)


def _check(work: _Work, edit: Edit) -> None:
    values = work.record.values
    if not 0 <= edit.position < len(values):
        raise SourceError(f"has no field {edit.position}: the item has {len(values)}, counted from 0")
    if edit.before is not None and edit.before != values[edit.position]:
        raise SourceError(
            f"{edit.field} is {values[edit.position]!r}, not {edit.before!r} as when the edit was computed; "
            "check the source again"
        )


def _set(work: _Work, edit: Edit) -> None:
    after = edit.after or ""
    slot, path = work.slot(edit.position), work.paths[edit.position]
    if slot is None:
        work.set_field(path.member, after)
        return
    work.touched.add(path.member)
    if not after:
        slot.value = None
    else:
        slot.value = _creator(after, slot.value) if path.member == "creators" else _tag(after, slot.value)


def _delete(work: _Work, edit: Edit) -> None:
    _set(work, edit._replace(after=""))


def _insert(work: _Work, edit: Edit) -> None:
    name, after = edit.field, edit.after or ""
    if name == "tags":
        beside = work.slot(edit.position) if edit.position >= 0 else None
        kin = beside.value if beside is not None and work.paths[edit.position].member == "tags" else {}
        _into_list(work, "tags", edit.position, _tag(after, kin))
    elif name in schema().roles:
        if name != "author" and name not in schema().creators_of(work.item_type):
            raise SourceError(f"{name!r} is no creator type of {_named(work.item_type)}")
        _into_list(work, "creators", edit.position, {"creatorType": name, **_name_parts(after)})
    else:
        if schema().knows(work.item_type) and not schema().is_valid(work.item_type, name):
            raise SourceError(f"{name!r} is no field of {_named(work.item_type)}")
        there = work.data.get(name)
        if there.strip() if isinstance(there, str) else there:
            raise SourceError(f"{name} has a value already: {there!r}")
        work.set_field(name, after)


def _into_list(work: _Work, member: str, position: int, value: Any) -> None:
    """Puts a value behind the creator or tag at a position, after those that were put there before."""
    slots = work.lists.setdefault(member, [])
    anchor = work.slot(position) if position >= 0 else None
    at = len(slots)
    if anchor is not None and anchor in slots:
        at = slots.index(anchor) + 1 + anchor.behind
        anchor.behind += 1
    slots.insert(at, _Slot(value))
    work.touched.add(member)


def _move(work: _Work, edit: Edit) -> None:
    """Another name for a field; a creator keeps what it has besides when only its type changes."""
    to = edit.to or edit.field
    after = work.record.values[edit.position] if edit.after is None else edit.after
    slot, path = work.slot(edit.position), work.paths[edit.position]
    if slot is not None and path.member == "creators" and to in schema().creators_of(work.item_type):
        slot.value = {**_creator(after, slot.value), "creatorType": to}
        work.touched.add("creators")
        return
    _insert(work, Edit("insert", to, edit.position, None, after))
    _delete(work, edit)


_OPERATIONS = {"set": _set, "delete": _delete, "insert": _insert, "move": _move}


def _named(item_type: str) -> str:
    return f"{'an' if item_type[:1] in 'aei' else 'a'} {item_type}"


def _creator(text: str, old: Mapping[str, Any]) -> dict[str, Any]:
    """The creator that `text` writes, in as many fields as the old one had, with all it has besides."""
    if text == creator_text(old):
        return dict(old)
    rest = {key: value for key, value in old.items() if key not in ("lastName", "firstName", "name", "fieldMode")}
    last, first = str(old.get("lastName") or ""), str(old.get("firstName") or "")
    if first and last and text.startswith(f"{last}, "):  # a comma in the family name stays there
        return {**rest, "firstName": text[len(last) + 2 :], "lastName": last}
    one_field = "name" in old or bool(old.get("fieldMode")) or "firstName" not in old
    before = last or str(old.get("name") or "")
    if one_field and ("," not in text or "," in before):
        kept = {key: value for key, value in old.items() if key not in ("name", "lastName")}
        return {**kept, ("name" if "name" in old else "lastName"): text}
    return {**rest, **_name_parts(text, one_field=False)}


def _name_parts(text: str, *, one_field: bool = True) -> dict[str, str]:
    """`Last, First` in two fields; what has no comma in one, or (of a person) with an empty first name."""
    last, comma, first = text.partition(", ")
    if comma and last.strip() and first.strip():
        return {"firstName": first, "lastName": last}
    return {"name": text} if one_field else {"firstName": "", "lastName": text}


def _tag(text: str, old: object) -> object:
    """A tag with another text, of the type and in the form of the old one."""
    if text == tag_text(old) or not isinstance(old, Mapping):
        return text if not isinstance(old, Mapping) else old
    return {**old, "tag": text}
