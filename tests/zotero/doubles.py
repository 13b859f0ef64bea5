"""A desk whose library holds duplicates, with notes and attachments, and a merge plan for them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from reflint.zotero import plan
from reflint.zotero.merging import Rules, is_child, merge_of
from reflint.zotero.plan import Header, Plan
from reflint.zotero.selection import Protection
from reflint.zotero.steps import Step
from tests.servers.zotero.library import Collection
from tests.zotero.desk import COLLEAGUE, LIBRARY, US, Desk, article

# Two items that are no doubles of each other.
ARTICLE = {
    "itemType": "journalArticle",
    "title": "Sediment supply and the accretion of salt marshes on open coasts",
    "creators": [{"creatorType": "author", "lastName": "Okafor", "firstName": "Ngozi"}],
    "publicationTitle": "Journal of Coastal Research Letters",
    "volume": "31",
    "pages": "211-228",
    "date": "2014",
}
OTHER = {**ARTICLE, "title": "Tides over muddy foreshores in winter", "pages": "9-12"}
COLLECTIONS = ("CCCC2222", "CCCC3333")
BOOKKEEPING = ("version", "dateModified")


def uri(key: str) -> str:
    """What documents know an item of the library by."""
    return f"http://zotero.org/{LIBRARY}/items/{key}"


def note(parent: str, text: str = "a note") -> dict[str, Any]:
    """A note of an item."""
    return {"itemType": "note", "parentItem": parent, "note": f"<p>{text}</p>"}


def link(parent: str) -> dict[str, Any]:
    """A link of an item to a page."""
    return {
        "itemType": "attachment", "linkMode": "linked_url", "parentItem": parent, "title": "page",
        "url": "https://example.org/a",
    }  # fmt: skip


class Doubles(Desk):
    """A desk with groups of items that are one work; `notes` for each item in turn: how many notes it has."""

    def __init__(self, folder: Path, groups: Sequence[Sequence[Mapping[str, Any]]], notes: Iterable[int] = ()) -> None:
        super().__init__(folder, [])
        home = self.server.libraries[LIBRARY]
        for key in COLLECTIONS:
            home.store_collection(Collection(key, 1, f"collection {key}", None))
        self.groups: list[list[str]] = []
        count = iter(notes)
        for number, group in enumerate(groups):
            made = [
                article(number, **{"pages": "400-414", "DOI": f"10.5555/sand.{number}"} | dict(one)) for one in group
            ]
            self.groups.append(self.server.put(LIBRARY, made, user=COLLEAGUE))
            for key in self.groups[-1]:
                many = next(count, 0)
                self.server.put(LIBRARY, [note(key, f"{n} of {key}") for n in range(many)], user=COLLEAGUE)
                if many > 1:
                    self.server.put(LIBRARY, [link(key)], user=COLLEAGUE)
        self.remember()

    def remember(self) -> None:
        """The library as it is now is what a plan is made of and an undo has to come back to."""
        self.keys = sorted(self.server.items(LIBRARY))
        self.before = self.server.items(LIBRARY)

    def plan(self) -> Plan:
        """The plan that merges all groups."""
        return self.plan_with(Protection())

    def plan_with(self, protection: Protection, *, files: bool = True) -> Plan:
        """The plan that merges all groups, some items protected. Raises Unmergeable."""
        web = self.web()
        items = {}
        for start in range(0, len(self.keys), 100):
            items |= web.items(self.keys[start : start + 100])
        children: dict[str, list[Any]] = {}
        for item in items.values():
            if is_child(item):
                children.setdefault(item["data"]["parentItem"], []).append(item)
        rules = Rules(LIBRARY, protection, files)
        merges = [merge_of([items[key] for key in group], children, {}, rules) for group in self.groups]
        header = Header(
            library=LIBRARY, lmv=self.server.version(LIBRARY), userID=US, tool="reflint", rules=[], schema_version=41,
            snapshot_sha256=plan.snapshot_hash({}), kind="merge",
        )  # fmt: skip
        return Plan(header, (step for merge in merges for step in merge.steps))


def steps(wanted: Plan) -> dict[str, Step]:
    """The steps of a merge plan by key."""
    return {key: line for key, line in wanted.lines.items() if isinstance(line, Step)}


def plain(items: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """Items without what every write moves."""
    return {key: {k: v for k, v in data.items() if k not in BOOKKEEPING} for key, data in items.items()}
