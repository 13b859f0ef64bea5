"""Writes merged records: survivors with what they were given, all others as they are, as RIS or JSON."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reflint.app.reading import format_of_source, segments_of
from reflint.app.writing import Replacement
from reflint.duplicates.merge import Merge, merge, united
from reflint.errors import SourceError
from reflint.formats.ris import Place
from reflint.formats.ris.compose import ris_of
from reflint.formats.ris.emit import apply
from reflint.model.edit import Edit
from reflint.model.record import Record
from reflint.reports.duplicates import GroupOut, Taken

if TYPE_CHECKING:
    from reflint.app.duplicates import Sources

_ENDINGS = {".ris": "ris", ".csl.json": "csl", ".zotero.json": "zotero"}


def write_merged(
    path: Path, groups: Sequence[GroupOut], members: Sequence[tuple[int, ...]], sources: Sources
) -> list[GroupOut]:
    """Writes the records of all sources, each group of the same work as one; the groups with what was done to them."""
    format = _format_of(path, sources)
    merges = _merges(groups, members, sources)
    survivors: dict[int, Merge] = {}
    dropped: set[int] = set()
    for position, one in merges.items():
        numbers = members[position]
        survivors[numbers[one.survivor]] = one
        dropped.update(number for n, number in enumerate(numbers) if n != one.survivor)
    with Replacement(path, None) as file:
        pieces = _ris(sources, survivors, dropped) if format == "ris" else _json(format, sources, survivors, dropped)
        for piece in pieces:
            file.write(piece)
        file.commit()
    return [
        _with_merge(group, merges[position]) if position in merges else group for position, group in enumerate(groups)
    ]


def _format_of(path: Path, sources: Sources) -> str:
    format = next((name for ending, name in _ENDINGS.items() if path.name.lower().endswith(ending)), None)
    if format is None:
        raise SourceError(f"{path}: a merged file ends in {', '.join(_ENDINGS)}")
    for source in sources.given:
        if source.path is not None and os.path.realpath(source.path) == os.path.realpath(path):
            raise SourceError(f"{path}: is one of the sources; a merge is never made in place")
    return format


def _merges(groups: Sequence[GroupOut], members: Sequence[tuple[int, ...]], sources: Sources) -> dict[int, Merge]:
    """How each group of the same work becomes one record, by the group's position."""
    same = [position for position, group in enumerate(groups) if group.kind == "same"]
    wanted = {number for position in same for number in members[position]}
    items: dict[int, dict[str, object]] = {}
    for number, record in sources.numbered() if wanted else ():
        if number in wanted:
            items[number] = record.format.csl(record)
    return {position: merge([items[number] for number in members[position]]) for position in same}


def _ris(sources: Sources, survivors: Mapping[int, Merge], dropped: set[int]) -> Iterator[bytes]:
    """RIS bytes: records of RIS sources in no group to the byte, what stands between records too."""
    number = 0
    last = b"\n"
    for source in sources.given:
        if not last.endswith((b"\n", b"\r")):
            yield b"\n"
        if format_of_source(source) != "ris":
            for record in sources.records(source):
                if number not in dropped:
                    last = ris_of(_merged_item(record, survivors.get(number))).encode("utf-8", "replace")
                    yield last + b"\n"
                number += 1
            continue
        for segment in segments_of(source):
            if segment.record is None:
                last = segment.raw or last
                yield segment.raw
                continue
            if number not in dropped:
                last = _given_to_ris(segment.record, survivors[number]) if number in survivors else segment.raw
                yield last
            number += 1


def _given_to_ris(record: Record, merge: Merge) -> bytes:
    """A record's bytes with lines for what it was given, behind its last field."""
    lines = ris_of({"type": record.type, **merge.given}).splitlines()[1:-1]
    last = len(record.names) - 1
    edits = tuple(Edit("insert", line[:2], last, None, line[6:]) for line in lines)
    place = apply(record, edits).place
    assert isinstance(place, Place)
    return place.raw


def _merged_item(record: Record, merge: Merge | None) -> dict[str, object]:
    item = record.format.csl(record)
    if merge is None:
        return item
    return item | {variable: united(variable, item.get(variable), value) for variable, value in merge.given.items()}


def _json(format: str, sources: Sources, survivors: Mapping[int, Merge], dropped: set[int]) -> Iterator[bytes]:
    """A JSON array, an item a line."""
    separator = b"[\n"
    for number, record in sources.numbered():
        if number in dropped:
            continue
        merge = survivors.get(number)
        item = _zotero_item(record, merge) if format == "zotero" else _merged_item(record, merge)
        text = json.dumps(item, ensure_ascii=False)
        yield separator + text.encode("utf-8", "replace")
        separator = b",\n"
    yield b"\n]\n" if separator == b",\n" else b"[]\n"


def _zotero_item(record: Record, merge: Merge | None) -> dict[str, Any]:
    """A Zotero item; one that came from Zotero keeps all it has and gets only what it lacks."""
    from reflint.formats import zotero

    if record.format.name != "zotero":
        return zotero.item_of(_merged_item(record, merge))
    data = zotero.data_of(record)
    if merge is None:
        return data
    given = zotero.item_of({"type": record.type, **merge.given})
    known = {tag.get("tag") if isinstance(tag, Mapping) else tag for tag in data.get("tags") or []}
    tags = [tag for tag in given.pop("tags") if tag["tag"] not in known]
    creators, extra = given.pop("creators"), given.pop("extra", "")
    new = {name: value for name, value in given.items() if name == "itemType" or not data.get(name)}
    new["itemType"] = data.get("itemType", new["itemType"])
    return {
        **data,
        **new,
        "creators": data.get("creators") or creators,
        "tags": [*(data.get("tags") or []), *tags],
        **({"extra": "\n".join(filter(None, (str(data.get("extra") or ""), extra)))} if extra else {}),
    }


def _with_merge(group: GroupOut, merge: Merge) -> GroupOut:
    return group._replace(
        survivor=merge.survivor,
        filled=tuple(Taken(one.variable, _words(one.value), one.item) for one in merge.filled),
        differing=tuple(
            Taken(one.variable, _words(one.value), one.item, _words(one.instead)) for one in merge.differing
        ),
    )


def _words(value: object) -> str:
    """A value for people: names and dates in words, whole texts."""
    if isinstance(value, list):
        return "; ".join(_words(one) for one in value)
    if isinstance(value, Mapping):
        if "date-parts" in value:
            return json.dumps(value["date-parts"])
        return ", ".join(str(one) for one in value.values())
    return str(value)
