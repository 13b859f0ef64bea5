"""The use cases on Zotero libraries: read and check, plan, apply, resume, undo."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterator
from contextlib import closing
from functools import lru_cache, partial
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

import httpx2

from reflint import __version__
from reflint.app.reports import SourceReport
from reflint.app.rules import build_engine
from reflint.app.settings import Setting, Settings, cache_folder
from reflint.engine.run import Engine
from reflint.errors import SourceError
from reflint.formats import zotero as items
from reflint.model.finding import Finding
from reflint.model.record import Record
from reflint.zotero import outcome, plan, preflight, propose, runs, undo
from reflint.zotero.address import Address
from reflint.zotero.apply import Runner, carry_out
from reflint.zotero.journal import Journal
from reflint.zotero.keys import api_key
from reflint.zotero.merge_run import MergeRunner
from reflint.zotero.outcome import Outcome
from reflint.zotero.plan import Header, Line, Plan
from reflint.zotero.runs import JOURNAL, Run
from reflint.zotero.selection import Protection, untouchable
from reflint.zotero.snapshot import Snapshot
from reflint.zotero.state import State
from reflint.zotero.web import Item, Web

TOOL = f"reflint {__version__}"

Waiting = Callable[[float, str], None]
"""Told of each pause the server asks for: seconds, why."""
Reading = Callable[[int, int], None]
"""Told how many items of how many are read."""


class Connection(NamedTuple):
    """How to reach Zotero: an HTTP transport (None: the network), and who is told of pauses and progress."""

    transport: httpx2.BaseTransport | None = None
    waiting: Waiting | None = None
    reading: Reading | None = None
    sleep: Callable[[float], None] | None = None

    def web(self, address: Address) -> Web:
        """The API of a library, with the key of the environment or the keyring."""
        more: dict[str, Any] = {"sleep": self.sleep} if self.sleep else {}
        return Web(
            address, None if address.local else api_key(), transport=self.transport, waiting=self.waiting, **more
        )


class Planned(NamedTuple):
    """A plan, the titles of its items to show it by, and what the server's schema has that reflint does not know."""

    plan: Plan
    titles: dict[str, str]
    unknown: list[str]


def state_folder() -> Path:
    """Where runs are kept: `REFLINT_STATE_DIR`, else the user's state folder."""
    explicit = os.environ.get("REFLINT_STATE_DIR")
    if explicit:
        return Path(explicit)
    from platformdirs import user_state_path

    return user_state_path("reflint")


def protection(settings: Settings, address: Address) -> Protection:
    """The items of a library that settings keep from being changed."""
    zotero = settings["zotero"]
    tags, collections = (tuple(zotero.get(name, ())) for name in ("protected-tags", "protected-collections"))
    return Protection(tags, collections, address.local)


def check(text: str, engine: Engine, connection: Connection | None = None) -> Iterator[Finding | SourceReport]:
    """The findings of a library, item by item in the order of keys, and its report. Nothing is written.

    Raises SourceError when the library cannot be read.
    """
    connection = connection or Connection()
    with closing(connection.web(Address.parse(text))) as web, closing(snapshot_of(web)) as snapshot:
        snapshot.refresh(connection.reading)
        count = 0
        kept = (item for item in snapshot if not item["data"].get("deleted"))
        for batch in engine.ahead(kept, items.record):
            found = engine.check_all([items.record(item, number) for number, item in enumerate(batch, count)])
            count += len(batch)
            for finding in chain.from_iterable(found):
                finding.source = text
                yield finding
        yield SourceReport(text, count, "zotero")


def records(text: str, connection: Connection | None = None, *, trash: bool = False) -> Iterator[Record]:
    """The items of a library that are not in its trash (with `trash`, those too), in the order of keys.

    Raises SourceError when the library cannot be read.
    """
    connection = connection or Connection()
    with closing(connection.web(Address.parse(text))) as web, closing(snapshot_of(web)) as snapshot:
        snapshot.refresh(connection.reading)
        kept = (item for item in snapshot if trash or not item["data"].get("deleted"))
        for count, item in enumerate(kept):
            yield items.record(item, count)


def snapshot_of(web: Web) -> Snapshot:
    """The cached reading of a library; with no key, what anybody sees."""
    if not web.address.local:
        return Snapshot(cache_folder() / "zotero", web, str(web.rights().user) if api_key() else "")
    web.versions(since=0)  # says which Zotero it is: versions of another one mean other things
    return Snapshot(cache_folder() / "zotero", web, f"desktop-{web.server_id or 'unnamed'}")


def make_plan(
    text: str, engine: Engine, safeties: Collection[str], settings: Settings, connection: Connection
) -> Planned:
    """What the rules would change in a library; nothing is written. Raises SourceError without the right to write."""
    address = Address.parse(text)
    protected = protection(settings, address)
    with closing(connection.web(address)) as web:
        rights = preflight.writer(web)
        with closing(snapshot_of(web)) as snapshot:
            snapshot.refresh(connection.reading)
            lines: list[Line] = []
            titles: dict[str, str] = {}
            kept = (item for item in snapshot if not untouchable(item, protected))
            for batch in engine.ahead(kept, items.record):
                for item, line in zip(batch, propose.lines_for(batch, engine, safeties), strict=True):
                    if line is not None:
                        lines.append(line)
                        titles[line.key] = items.ZOTERO.title(items.record(item))
            header = header_of(
                web, rights.user, snapshot.versions, snapshot.lmv, rules=[rule.id for rule in engine.rules]
            )
        newer = web.schema_version > items.schema().version
        return Planned(Plan(header, lines), titles, items.compare(web.schema()) if newer else [])


def header_of(web: Web, user: int, versions: dict[str, int], lmv: int, **more: Any) -> Header:
    """The header of a plan that is made of a library as it was just read: its items' versions, and its own."""
    return Header(
        library=web.address.library,
        lmv=lmv,
        userID=user,
        tool=TOOL,
        schema_version=web.schema_version,
        snapshot_sha256=plan.snapshot_hash(versions),
        server=web.server_id,
        **more,
    )


def apply(
    wanted: Plan,
    settings: Settings,
    connection: Connection,
    *,
    folder: Path | None = None,
    most: int | None = None,
    progress: Callable[[int], None] | None = None,
    desktop: bool = False,
    merge: bool = False,
) -> Outcome:
    """Carries a plan out, as a new run; `desktop`: also into a desktop's library, whose user is asked; `merge`: also
    one that merges items.

    Raises SourceError when it may not begin, or disk or connection give out.
    """
    if wanted.header.kind == "merge" and not merge:
        raise SourceError(
            f"{wanted.address}: the plan merges items and moves some to the trash; only `reflint apply --merge` does so"
        )
    start = partial(runs.start, state_folder(), wanted, folder)
    return _carry_out(wanted, settings, connection, start, most, progress, desktop)


def resume(
    name: str,
    settings: Settings,
    connection: Connection,
    *,
    most: int | None = None,
    progress: Callable[[int], None] | None = None,
    desktop: bool = False,
) -> Outcome:
    """Goes on with a run that stopped or was killed."""
    run = runs.find(state_folder(), name)
    return _carry_out(run.plan(), settings, connection, lambda: run, most, progress, desktop)


def plan_undo(name: str, connection: Connection) -> Plan:
    """The plan that takes a run back."""
    run = runs.find(state_folder(), name)
    with closing(connection.web(run.plan().address)) as web:
        rights = preflight.writer(web)
        return undo.plan_of(run, web, rights.user, TOOL)


def listed() -> Iterator[tuple[Run, Plan, State]]:
    """All runs, oldest first. Raises SourceError at one whose plan was changed since it began."""
    for run in runs.listed(state_folder()):
        wanted = run.plan()
        yield run, wanted, run.state(wanted, run.events())


def _carry_out(
    wanted: Plan,
    settings: Settings,
    connection: Connection,
    run_of: Callable[[], Run],
    most: int | None,
    progress: Callable[[int], None] | None,
    desktop: bool,
) -> Outcome:
    address = wanted.address
    if address.local and not desktop:
        raise SourceError(f"{address}: to write into the Zotero on this desktop say so (--write-desktop)")
    protected = protection(settings, address)
    kind = wanted.header.kind
    relint = None if wanted.header.undoes or kind else _relinting(settings, wanted)
    with closing(connection.web(address)) as web, runs.locked(state_folder(), address):
        rights = preflight.writer(web)
        preflight.fitting(wanted, web, rights, wanted.header.lmv)
        if kind:
            preflight.merging(web, rights)
        if address.local:
            web.ask_permission()
        run = run_of()
        with Journal(run.folder / JOURNAL) as journal:
            runner = (MergeRunner if kind else Runner)(
                web, run, wanted, journal, relint=relint, protection=protected, most=most, progress=progress
            )
            preflight.fitting(wanted, web, rights, runner.state.lmv)
            carry_out(runner)
            alarms = outcome.verify(wanted, runner.state, web, relint)
        result = outcome.of(run, wanted, runner.state, web.requests, alarms)
    outcome.write_report(run, result)
    return result


def _relinting(settings: Settings, wanted: Plan) -> propose.Relint:
    """What the rules of a plan's lines propose for an item, by the settings' options and severities.

    Raises ConfigError, before anything is written, for a rule of the plan or a setting that there is not.
    """

    @lru_cache(maxsize=256)
    def engine(rules: tuple[str, ...]) -> Engine:
        chosen: dict[str, list[str]] = {"select": list(rules), "extend-select": [], "ignore": []}
        undivided: dict[str, dict[str, object]] = {"per-file": {}, "per-collection": {}}
        only = {name: Setting(value, "the plan") for name, value in (chosen | undivided).items()}
        return build_engine(Settings(dict(settings.items()) | only), repairing=True)

    def relint(rules: tuple[str, ...], item: Item) -> Line | None:
        return propose.line_for(item, engine(rules), ("safe", "unsafe")) if rules else None

    engine(tuple(sorted({rule for line in wanted.lines.values() for rule in line.rules})))

    return relint
