"""Patches of a Zotero library that were reviewed somewhere else: made into a plan, or told what they would do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import closing
from typing import Any, NamedTuple

from pydantic import ValidationError

from reflint.app.libraries import Connection, header_of, protection
from reflint.app.settings import Settings
from reflint.errors import SourceError
from reflint.zotero import preflight
from reflint.zotero.address import Address
from reflint.zotero.outcome import Outcome
from reflint.zotero.plan import AnyLine, Line, Plan
from reflint.zotero.selection import Protection, untouchable
from reflint.zotero.snapshot import chunks
from reflint.zotero.state import TRUE
from reflint.zotero.values import same
from reflint.zotero.web import Item


class Change(NamedTuple):
    """What is to become of one item: whole fields with their old and new values, on the version they were seen at.

    `rules`: those that propose it, asked again should somebody change the item meanwhile.
    """

    key: str
    version: int
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    rules: tuple[str, ...] = ()


class Reviewed(NamedTuple):
    """The plan of the changes that still fit the library, and why the others do not, by key."""

    plan: Plan
    skipped: dict[str, str]


def plan_of(text: str, changes: Iterable[Change], settings: Settings, connection: Connection) -> Reviewed:
    """A plan of reviewed changes; the library is read, nothing is written.

    Raises SourceError for an item that is named twice, or without the right to write.
    """
    address = Address.parse(text)
    protected = protection(settings, address)
    by_key: dict[str, Change] = {}
    for change in changes:
        if change.key in by_key:
            raise SourceError(f"{change.key} is named twice; an item has one patch")
        by_key[change.key] = change
    lines: list[Line] = []
    skipped: dict[str, str] = {}
    with closing(connection.web(address)) as web:
        rights = preflight.writer(web)
        versions, lmv = web.versions()
        for chunk in chunks(by_key):
            found = web.items(chunk)
            for key in chunk:
                line = _line(by_key[key], found.get(key), protected)
                if isinstance(line, str):
                    skipped[key] = line
                else:
                    lines.append(line)
        header = header_of(
            web, rights.user, versions, lmv, rules=sorted({rule for line in lines for rule in line.rules})
        )
    return Reviewed(Plan(header, lines), skipped)


def _line(change: Change, item: Item | None, protected: Protection) -> Line | str:
    """The line of a plan for a change, or why there is none."""
    if item is None:
        return "deleted"
    why = untouchable(item, protected)
    if why:
        return why
    if item["version"] != change.version:
        return f"changed meanwhile: it has version {item['version']}, the patch is for {change.version}"
    for name, before in change.before.items():
        if not same(name, before, item["data"].get(name, "")):
            return f"{name} is not what the patch was computed on"
    try:
        return Line(
            key=change.key,
            itemType=item["data"]["itemType"],
            version=change.version,
            set=dict(change.after),
            expect=dict(change.before),
            rules=list(change.rules),
        )
    except ValidationError as error:
        return error.errors(include_url=False)[0]["msg"].removeprefix("Value error, ")


def fitting(wanted: Plan, connection: Connection) -> Reviewed:
    """A plan without the items on which none of its fields stands as it expects, and why those do not."""
    lines: list[AnyLine] = []
    skipped: dict[str, str] = {}
    with closing(connection.web(wanted.address)) as web:
        for chunk in chunks(wanted.lines):
            found = web.items(chunk)
            for key in chunk:
                line, item = wanted.lines[key], found.get(key)
                if item is None:
                    skipped[key] = "deleted"
                elif any(same(name, line.expect[name], item["data"].get(name, "")) for name in line.set):
                    lines.append(line)
                else:
                    skipped[key] = "changed since"
    return Reviewed(Plan(wanted.header, lines), skipped)


def told(result: Outcome) -> tuple[list[str], dict[str, str]]:
    """The keys of the items that a run wrote, and why the others were not."""
    written: dict[str, None] = {}
    skipped: dict[str, str] = {}
    for change in result.changes:
        if change.status == "applied":
            written[change.key] = None
        elif change.status in TRUE:
            skipped[change.key] = "was so already"
        else:
            skipped[change.key] = change.why or result.stopped or change.status
    return list(written), {key: why for key, why in skipped.items() if key not in written}
