"""The use case `dedupe --plan`: how the duplicates of a Zotero library become one, as a plan to review."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from contextlib import closing
from itertools import combinations
from typing import NamedTuple

from reflint.app.decisions import Decision
from reflint.app.duplicates import Deduplicated
from reflint.app.libraries import Connection, header_of, protection, snapshot_of
from reflint.app.settings import Settings
from reflint.duplicates import decide, fingerprint, work_of
from reflint.errors import SourceError
from reflint.formats import zotero
from reflint.reports.duplicates import GroupOut, Taken
from reflint.zotero import preflight
from reflint.zotero.address import Address
from reflint.zotero.merging import Merge, Rules, Unmergeable, is_child, merge_of
from reflint.zotero.outcome import shown
from reflint.zotero.plan import Plan
from reflint.zotero.web import Item


class Merges(NamedTuple):
    """A merge plan, the titles of its items, the groups with what would be done to them, and those left, with why."""

    plan: Plan
    titles: dict[str, str]
    groups: list[GroupOut]
    left: list[str]


def library_of(arguments: Sequence[str]) -> Address:
    """The library that is to be merged. Raises SourceError for anything else than one whole library."""
    if len(arguments) != 1 or not arguments[0].startswith("zotero:"):
        raise SourceError("a merge plan is made of one Zotero library alone, zotero:groups/ID or zotero:users/ID")
    address = Address.parse(arguments[0])
    if address.collection:
        raise SourceError(f"{address}: a merge plan is made of a whole library: notes and attachments are in none")
    preflight.demand_web(address)
    return address


def plan_merges(
    address: Address, found: Deduplicated, decisions: Iterable[Decision], settings: Settings, connection: Connection
) -> Merges:
    """The steps that make one item of each group of the same work; nothing is written.

    The items are read once more, and a group is left alone unless every two of them are surely one work as they are
    now. Raises SourceError without the right to write, or when the library could not be read.
    """
    if found.errors:
        raise SourceError(f"{address}: no plan is made, because the library could not be read")
    apart = {decision.pair for decision in decisions}
    same = {position: group for position, group in enumerate(found.groups) if group.kind == "same"}
    merges: dict[int, Merge] = {}
    left: list[str] = []
    with closing(connection.web(address)) as web:
        rights = preflight.writer(web)
        files = preflight.merging(web, rights)
        rules = Rules(address.library, protection(settings, address), files)
        with closing(snapshot_of(web)) as snapshot:
            snapshot.refresh(connection.reading)
            wanted = {member.key for group in same.values() for member in group.records if member.key}
            items, children = _kept(snapshot, wanted)
            for position, group in same.items():
                try:
                    merges[position] = _merge(group, items, children, apart, rules)
                except Unmergeable as why:
                    left.append(f"{', '.join(str(member.key) for member in group.records)}: {why}")
            header = header_of(web, rights.user, snapshot.versions, snapshot.lmv, rules=[], kind="merge")
    groups = [_told(group, merges.get(position)) for position, group in enumerate(found.groups)]
    made = Plan(header, (step for merge in merges.values() for step in merge.steps))
    titles = {key: zotero.ZOTERO.title(zotero.record(item)) for key, item in items.items() if key in made.lines}
    return Merges(made, titles, groups, left)


def _kept(snapshot: Iterable[Item], wanted: set[str]) -> tuple[dict[str, Item], dict[str, list[Item]]]:
    """The items of some keys, and their notes and attachments by their key."""
    items: dict[str, Item] = {}
    children: dict[str, list[Item]] = defaultdict(list)
    for item in snapshot:
        if item["key"] in wanted:
            items[item["key"]] = item
        elif item["data"].get("parentItem") in wanted and is_child(item):
            children[item["data"]["parentItem"]].append(item)
    return items, children


def _merge(
    group: GroupOut,
    items: dict[str, Item],
    children: dict[str, list[Item]],
    apart: set[frozenset[str]],
    rules: Rules,
) -> Merge:
    """How a group becomes one item. Raises Unmergeable."""
    keys = [str(member.key) for member in group.records]
    gone = [key for key in keys if key not in items]
    if gone:
        raise Unmergeable(f"{', '.join(gone)} is gone")
    works = {key: work_of(zotero.record(items[key])) for key in keys}
    why: dict[str, list[str]] = {}
    for one, other in combinations(keys, 2):
        verdict = decide(works[one], works[other])
        if verdict.kind != "same" or frozenset((fingerprint(works[one]), fingerprint(works[other]))) in apart:
            raise Unmergeable(f"{one} and {other} are not surely one work")
        for key in (one, other):
            why.setdefault(key, list(verdict.why))
    return merge_of([items[key] for key in keys], children, why, rules)


def _told(group: GroupOut, merge: Merge | None) -> GroupOut:
    """A group with what a merge would do to it."""
    if merge is None:
        return group
    place = {str(member.key): position for position, member in enumerate(group.records)}
    return group._replace(
        survivor=place[merge.survivor],
        filled=tuple(Taken(one.field, shown(one.value), place[one.key]) for one in merge.taken),
        differing=tuple(
            Taken(name, shown(one.left), place[step.key], shown(one.kept))
            for step in merge.steps
            for name, one in step.differs.items()
        ),
    )
