"""Edits of one CSL-JSON item as text: only what an edit names is written anew."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from reflint.errors import SourceError
from reflint.formats.csl.values import (
    DATE_KEYS,
    DATES,
    NAME_PARTS,
    NAMES,
    date_parts,
    date_text,
    is_list,
    is_number,
    name_from_text,
    texts_of,
)
from reflint.formats.json_text import Json, Number, Pairs, Part, dump, elements, members, parse, stitch
from reflint.model.edit import Edit


class _Entry:
    """An element of a list: its old index (None: new), its value there, and its new text (None: unchanged)."""

    __slots__ = ("anchor", "index", "new", "old")

    def __init__(self, index: int | None, old: Json, new: str | None = None, anchor: object = None) -> None:
        self.index = index
        self.old = old
        self.new = new
        self.anchor = anchor


class _Member(_Entry):
    """A member of the item; `entries` when it is a list."""

    __slots__ = ("entries", "key", "renamed")

    def __init__(self, key: str, index: int | None, old: Json, new: str | None = None, anchor: object = None) -> None:
        super().__init__(index, old, new, anchor)
        self.key = key
        self.renamed = False
        self.entries: list[_Entry] | None = None
        if isinstance(old, list) and is_list(key, old):
            self.entries = [_Entry(number, element) for number, element in enumerate(old)]


_E = TypeVar("_E", bound=_Entry)


class _Item:
    """An item being edited: its members as they will be, and where each field of the record is found."""

    def __init__(self, text: str, start: int, end: int, item: Pairs) -> None:
        self.text = text
        self.start = start
        self.end = end
        self.parts = members(text, start)
        self.members = [_Member(key, index, value) for index, (key, value) in enumerate(item)]
        self.fields: list[tuple[_Member, _Entry]] = []
        self.values: list[str] = []
        self.gone: set[_Entry] = set()
        for member in self.members:
            places: list[_Entry] = [member] if member.entries is None else list(member.entries)
            self.fields += [(member, place) for place in places]
            self.values += texts_of(member.key, member.old)
        head = text[start : self.parts[0].value_start] if self.parts else ""
        self.colon = ": " if not head or head.endswith((" ", "\t", "\n")) else ":"
        self.comma = ", " if self.colon == ": " else ","

    def value_start(self, member: _Member, entry: _Entry) -> int:
        """Where the old value of a member or of one of its elements begins."""
        part = self.parts[member.index or 0]
        if entry is member:
            return part.value_start
        return elements(self.text, part.value_start)[entry.index or 0].start

    def place(self, entries: list[_E], new: _E, anchor: _Entry | None) -> None:
        """Puts a new entry behind its anchor (None: first), after those that were put there before."""
        new.anchor = anchor
        at = 0
        for number, entry in enumerate(entries, 1):
            if entry is anchor or (entry.index is None and entry.anchor is anchor and at == number - 1):
                at = number
        entries.insert(at, new)


def edited(text: str, start: int, end: int, item: Pairs, edits: Iterable[Edit]) -> str:
    """The text of the item that stands at `start` to `end`, with the edits made, in order, to its fields."""
    work = _Item(text, start, end, item)
    for edit in edits:
        if edit.op == "insert":
            _check_position(work, edit, lowest=-1)
            _insert(work, edit.field, edit.after or "", edit.position)
            continue
        _check_position(work, edit, lowest=0)
        if edit.before is not None and edit.before != work.values[edit.position]:
            raise SourceError(
                f"field {edit.position} ({edit.field}) is {work.values[edit.position]!r}, not {edit.before!r} "
                "as when the edit was computed; check the source again"
            )
        member, entry = work.fields[edit.position]
        if edit.op == "delete":
            work.gone.add(entry)
        elif edit.op == "set":
            _set(work, member, entry, edit.after or "", edit.position)
        else:
            _move(work, member, entry, edit)
    return _render(work)


def _check_position(work: _Item, edit: Edit, *, lowest: int) -> None:
    if not lowest <= edit.position < len(work.fields):
        raise SourceError(f"has no field {edit.position}: the item has {len(work.fields)}, counted from 0")


def _set(work: _Item, member: _Member, entry: _Entry, after: str, position: int) -> None:
    if after == work.values[position]:
        entry.new = None
        return
    start = work.value_start(member, entry)
    _, end = parse(work.text, start)
    if entry is not member and member.key in NAMES:
        entry.new = _new_name(work, start, end, entry.old, after)
    elif member.key in DATES and isinstance(entry.old, Pairs):
        entry.new = _new_date(work, start, end, entry.old, after)
    else:
        entry.new = _new_scalar(work, member.key, entry.old, after)


def _new_scalar(work: _Item, key: str, old: Json, after: str) -> str:
    """The JSON of a text, of the kind that stood there: a number stays a number as long as it is one."""
    if isinstance(old, Number) and is_number(after):
        return after
    if isinstance(old, bool) and after in ("true", "false"):
        return after
    if isinstance(old, Pairs | list) and key not in DATES and after[:1] in ("{", "["):
        try:
            _, end = parse(after, 0)
        except SourceError:
            return dump(after, work.text)
        if end == len(after):
            return after
    return dump(after, work.text)


def _new_name(work: _Item, start: int, end: int, old: Json, after: str) -> str:
    if not isinstance(old, Pairs):
        return dump(after, work.text)
    parts = {key: dump(value, work.text) for key, value in name_from_text(after, old).items()}
    return _object(work, start, end, old, NAME_PARTS, parts)


def _new_date(work: _Item, start: int, end: int, old: Pairs, after: str) -> str:
    first = _first_part(old)
    new = _date_members(work, after, quoted=isinstance(first, str) and not isinstance(first, Number))
    if "raw" in new and isinstance(old.last("literal"), str):
        new = {"literal": new["raw"]}
    written = _object(work, start, end, old, DATE_KEYS, new)
    # Members that are none of a date's can be all that is shown; then the whole object is what is set.
    return written if date_text(parse(written, 0)[0]) == after else _fresh(work, "issued", after)


def _date_members(work: _Item, date: str, *, quoted: bool = False) -> dict[str, str]:
    """The JSON members of a date: its parts where it has the form of one, else the text."""
    ends = date_parts(date)
    if ends is None:
        return {"raw": dump(date, work.text)}
    lists = [[f'"{part}"' if quoted else str(part) for part in parts] for parts in ends]
    return {"date-parts": "[" + work.comma.join(f"[{work.comma.join(parts)}]" for parts in lists) + "]"}


def _first_part(date: Pairs) -> Json:
    ends = date.last("date-parts")
    first = ends[0] if isinstance(ends, list) and ends else None
    return first[0] if isinstance(first, list) and first else None


def _object(work: _Item, start: int, end: int, old: Pairs, owned: tuple[str, ...], new: dict[str, str]) -> str:
    """A small object with other values: the `owned` keys become those of `new`, members that stay equal are kept."""
    text, left = work.text, dict(new)
    parts = members(text, start)
    last = {key: index for index, (key, _) in enumerate(old)}
    final: list[tuple[int | None, str]] = []
    for index, ((key, value), part) in enumerate(zip(old, parts, strict=True)):
        if key not in owned:
            final.append((index, text[part.start : part.end]))
        elif key in new and last[key] == index:
            written = text[part.value_start : part.end]
            same = isinstance(value, str) and dump(str(value), text) == left[key]
            final.append((index, text[part.start : part.value_start] + (written if same else left[key])))
            del left[key]
    final += [(None, f'"{key}"{work.colon}{value}') for key, value in left.items()]
    return stitch(text, start, end, parts, final)


def _fresh(work: _Item, name: str, text: str) -> str:
    """The JSON of a new value: an object for a name or a date, else a string."""
    if name in NAMES:
        parts = {key: dump(value, work.text) for key, value in name_from_text(text).items()}
    elif name in DATES:
        parts = _date_members(work, text)
    else:
        return dump(text, work.text)
    return "{" + work.comma.join(f'"{key}"{work.colon}{value}' for key, value in parts.items()) + "}"


def _insert(work: _Item, name: str, text: str, position: int) -> None:
    """A new field behind the one at `position`; a value whose name has a list goes into the list.

    A name that stands there already is written twice (JSON readers take the last): the edit said so.
    """
    anchor_member, anchor = work.fields[position] if position >= 0 else (None, None)
    lists = [(member, member.entries) for member in work.members if member.key == name and member.entries is not None]
    if not lists:
        member = _Member(name, None, None, _fresh(work, name, text), anchor_member)
        if name in NAMES:
            member.entries = [_Entry(None, None, member.new)]
        work.place(work.members, member, anchor_member)
        return
    entry = _Entry(None, None, _fresh(work, name, text))
    for member, entries in lists:
        if member is anchor_member:
            work.place(entries, entry, anchor)
            return
    if anchor_member is None or work.members.index(anchor_member) < work.members.index(lists[0][0]):
        work.place(lists[0][1], entry, None)
    else:
        lists[-1][1].append(entry)


def _move(work: _Item, member: _Member, entry: _Entry, edit: Edit) -> None:
    """Another name for a field. Where the new one is written in another way, the value moves as text."""
    to = edit.to or member.key
    after = work.values[edit.position] if edit.after is None else edit.after
    taken = any(other.key == to and other.entries is not None for other in work.members)
    if entry is member and not taken and to not in NAMES and (to in DATES) == (member.key in DATES):
        _set(work, member, entry, after, edit.position)
        member.key, member.renamed = to, True
        return
    _insert(work, to, after, edit.position)
    work.gone.add(entry)


def _render(work: _Item) -> str:
    final = []
    for member in work.members:
        if member in work.gone or _emptied(work, member):
            continue
        final.append((member.index, _member_text(work, member)))
    return stitch(work.text, work.start, work.end, work.parts, final)


def _emptied(work: _Item, member: _Member) -> bool:
    """Whether a list has lost all its elements."""
    return bool(member.entries) and all(entry in work.gone for entry in member.entries or [])


def _member_text(work: _Item, member: _Member) -> str:
    text = work.text
    if member.index is None:
        value = member.new or '""'
        if member.entries is not None:
            value = "[" + work.comma.join(entry.new or '""' for entry in member.entries) + "]"
        return f"{dump(member.key, text)}{work.colon}{value}"
    part = work.parts[member.index]
    key = text[part.start : part.value_start]
    if member.renamed:
        _, key_end = parse(text, part.start)
        key = dump(member.key, text) + text[key_end : part.value_start]
    if member.entries is not None:
        return key + _list_text(work, member.entries, part)
    return key + (text[part.value_start : part.end] if member.new is None else member.new)


def _list_text(work: _Item, entries: list[_Entry], part: Part) -> str:
    text = work.text
    parts = elements(text, part.value_start)
    final = []
    for entry in entries:
        if entry not in work.gone:
            old = "" if entry.index is None else text[parts[entry.index].start : parts[entry.index].end]
            final.append((entry.index, old if entry.new is None else entry.new))
    return stitch(text, part.value_start, part.end, parts, final)
