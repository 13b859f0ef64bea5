"""Groups of duplicates: `text` for people, `json` (docs/schemas/duplicates.schema.json), `html` to read and print."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from reflint.model.text import number_of
from reflint.reports.text import one_line

_HEADINGS = {
    "same": "the same work",
    "version-of": "versions of one work",
    "erratum-of": "a work and its erratum or retraction",
    "maybe": "perhaps the same work",
}


class Member(NamedTuple):
    """A record of a group.

    `at`: its index, 0-based, in source order; `facts`: year, place and DOI in words; `mark`: its fingerprint; `link`
    opens it in Zotero.
    """

    source: str
    at: int
    key: str | None
    title: str
    facts: str = ""
    mark: str = ""
    link: str = ""


class Evidence(NamedTuple):
    """What two members (by position) are to each other, and why; `score` is 0 to 1."""

    a: int
    b: int
    score: float
    why: tuple[str, ...]


class Taken(NamedTuple):
    """A value that a merge took or left: which variable, from which member, and what stands there instead, if any."""

    variable: str
    value: str
    member: int
    instead: str = ""


class GroupOut(NamedTuple):
    """A group with its evidence; of a merged one the position of the survivor, what it was given, what differed."""

    kind: str
    records: tuple[Member, ...]
    evidence: tuple[Evidence, ...]
    survivor: int | None = None
    filled: tuple[Taken, ...] = ()
    differing: tuple[Taken, ...] = ()


def as_json(groups: Sequence[GroupOut], records: int) -> str:
    """One document in the shape of the contract (design, 4.2)."""
    document = {
        "version": 1,
        "groups": [
            {
                "kind": group.kind,
                "records": [
                    {"source": one.source, "index": one.at, "key": one.key, "title": one.title} for one in group.records
                ],
                "evidence": [{"a": e.a, "b": e.b, "score": e.score, "why": list(e.why)} for e in group.evidence],
            }
            for group in groups
        ],
        "summary": {"records": records, "groups": len(groups), "duplicates": duplicates(groups)},
    }
    text = json.dumps(document, ensure_ascii=False, indent=1)
    try:
        text.encode()
    except UnicodeEncodeError:  # a lone surrogate of some title
        text = json.dumps(document, indent=1)
    return text + "\n"


def as_text(groups: Sequence[GroupOut], records: int) -> str:
    """A block for each group, and a closing line."""
    blocks = []
    for number, group in enumerate(groups, 1):
        lines = [f"{number}. {_HEADINGS[group.kind]} ({len(group.records)} records)"]
        for position, one in enumerate(group.records):
            lines.append(f"   {_letter(position)}  {where(one)}: {one_line(one.title) or '(no title)'}")
            lines.append(f"      {one_line(one.facts)}  [{one.mark}]{f'  {one.link}' if one.link else ''}")
        lines += [f"   {pair(e)}: {'; '.join(map(one_line, e.why))} ({e.score:.2f})" for e in group.evidence]
        lines += [f"   {line}" for line in _merged(group)]
        blocks.append("\n".join(lines) + "\n\n")
    return "".join(blocks) + closing(groups, records) + "\n"


def as_html(groups: Sequence[GroupOut], records: int) -> str:
    """A page of its own: no scripts, nothing fetched, light and dark, printable."""
    from reflint.reports.pages import page

    return page(
        "duplicates.html",
        groups=groups,
        headings=_HEADINGS,
        closing=closing(groups, records),
        letter=_letter,
        pair=pair,
        where=where,
        merged=_merged,
    )


def duplicates(groups: Iterable[GroupOut]) -> int:
    """How many records are beyond the first of each group of the same work."""
    return sum(len(group.records) - 1 for group in groups if group.kind == "same")


def closing(groups: Sequence[GroupOut], records: int) -> str:
    """What was found, in one line."""
    counts = {kind: sum(group.kind == kind for group in groups) for kind in _HEADINGS}
    told = [f"{count} of {_HEADINGS[kind]}" for kind, count in counts.items() if count]
    if not told:
        return f"no duplicates in {number_of(records, 'record')}"
    found = duplicates(groups)
    return f"{number_of(len(groups), 'group')} ({', '.join(told)}) in {records} records; {found} to spare"


def where(one: Member) -> str:
    """Where a record stands: its source, and its key or which record it is."""
    return f"{one.source}: {one.key or f'record {one.at + 1}'}"


def pair(evidence: Evidence) -> str:
    """The two members that a piece of evidence is about."""
    return f"{_letter(evidence.a)} = {_letter(evidence.b)}"


def _letter(position: int) -> str:
    """a, b, ... z, aa, ab, ..."""
    text = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        text = chr(97 + rest) + text
    return text


def _merged(group: GroupOut) -> list[str]:
    """What became of a merged group, a line each."""
    if group.survivor is None:
        return []
    lines = [f"kept: {_letter(group.survivor)}"]
    lines += [f"taken from {_letter(one.member)}: {one.variable} {one_line(one.value)}" for one in group.filled]
    lines += [
        f"differs in {_letter(one.member)}: {one.variable} {one_line(one.value)} (kept: {one_line(one.instead)})"
        for one in group.differing
    ]
    return lines
