"""A librarian's desk for tests: a server in process, a plan for it, and runs that may be killed at any point."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Any

from reflint.app.rules import build_engine
from reflint.app.settings import Setting, Settings
from reflint.engine.run import Engine
from reflint.zotero import outcome, plan, preflight, propose, runs, undo
from reflint.zotero.address import Address
from reflint.zotero.apply import Runner, carry_out
from reflint.zotero.journal import Journal
from reflint.zotero.merge_run import MergeRunner
from reflint.zotero.plan import Header, Line, Plan
from reflint.zotero.runs import JOURNAL, Run
from reflint.zotero.selection import Protection
from reflint.zotero.state import State
from reflint.zotero.web import Item, Web
from tests.servers.zotero.faults import Fault
from tests.servers.zotero.state import Server
from tests.servers.zotero.transport import Transport

LIBRARY = "groups/70"
US, COLLEAGUE = 7, 8


@cache
def engine(rules: tuple[str, ...] = ("DOI002", "PAG003")) -> Engine:
    """The real rules that the tests plan by."""
    return build_engine(Settings({"select": Setting(list(rules), "test")}), repairing=True)


def relint(rules: tuple[str, ...], item: Item) -> Line | None:
    """What rules propose for an item."""
    return propose.line_for(item, engine(rules), ("safe",))


def article(number: int, **more: Any) -> dict[str, Any]:
    """An article with an abbreviated page range and a DOI in a link, or (every third) with nothing to repair."""
    sound = number % 3 == 2
    return {
        "itemType": "journalArticle",
        "title": f"Sand in motion {number}",
        "pages": "12-19" if sound else f"{400 + number}-{(number + 14) % 90 + 10}",
        "DOI": f"10.5555/sand.{number}" if sound or number % 2 else f"https://doi.org/10.5555/sand.{number}",
        "date": "2001",
        "tags": [{"tag": "sand"}],
        "creators": [{"creatorType": "author", "firstName": "Ada", "lastName": "Field"}],
    } | more


class Desk:
    """A group with items, a clock that only sleeping moves, and the folder where runs are kept."""

    def __init__(self, folder: Path, items: Iterable[dict[str, Any]]) -> None:
        self.folder = folder
        self.now = 1_790_000_000.0
        self.server = Server(clock=lambda: self.now)
        self.keys = self.server.put(LIBRARY, items, user=COLLEAGUE)
        self.before = self.server.items(LIBRARY)
        self.mark = len(self.server.history)
        self.transport = Transport(self.server)

    def sleep(self, seconds: float) -> None:
        """Time passes."""
        self.now += seconds

    def web(self) -> Web:
        """A fresh connection, as of a fresh process."""
        return Web(
            Address(LIBRARY),
            self.server.keys["full"],
            transport=self.transport,
            clock=lambda: self.now,
            sleep=self.sleep,
        )

    def faults(self, faults: Iterable[Fault]) -> None:
        """From here on these faults meet the requests."""
        self.transport = Transport(self.server, faults)

    def plan(self) -> Plan:
        """What the rules propose for the group."""
        lines = []
        items = {}
        web = self.web()
        for start in range(0, len(self.keys), 100):
            items |= web.items(self.keys[start : start + 100])
        for item in items.values():
            line = relint(("DOI002", "PAG003"), item)
            if line is not None:
                lines.append(line)
        versions = {key: item["version"] for key, item in items.items()}
        return Plan(
            Header(
                library=LIBRARY, lmv=self.server.version(LIBRARY), userID=US, tool="reflint",
                rules=["DOI002", "PAG003"], schema_version=41, snapshot_sha256=plan.snapshot_hash(versions),
            ),
            lines,
        )  # fmt: skip

    def start(self, wanted: Plan) -> Run:
        """A new run."""
        return runs.start(self.folder, wanted)

    def go(
        self,
        run: Run,
        *,
        most: int | None = None,
        protection: Protection | None = None,
        progress: Callable[[int], None] | None = None,
    ) -> State:
        """One process: preflight, then the run from its journal on. Raises SourceError and Crash."""
        wanted = run.plan()
        web = self.web()
        with runs.locked(self.folder, Address(LIBRARY)), Journal(run.folder / JOURNAL) as journal:
            rights = preflight.writer(web)
            kind = wanted.header.kind
            again: Callable[..., Line | None] | None = None if wanted.header.undoes or kind else relint
            runner = (MergeRunner if kind else Runner)(
                web, run, wanted, journal, relint=again, protection=protection or Protection(), most=most,
                progress=progress,
            )  # fmt: skip
            preflight.fitting(wanted, web, rights, runner.state.lmv)
            carry_out(runner)
            alarms = outcome.verify(wanted, runner.state, web, again)
            assert not alarms, alarms
            return runner.state

    def undo(self, run: Run) -> Plan:
        """The plan that takes a run back."""
        return undo.plan_of(run, self.web(), US, "reflint")
