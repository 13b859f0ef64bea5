"""The library of a desktop Zotero: read like any other, written only when its user says so, and only that very one."""

from __future__ import annotations

from pathlib import Path

import pytest

from reflint.app import libraries
from reflint.app.rules import build_engine
from reflint.app.settings import Setting, Settings
from reflint.errors import SourceError
from reflint.model.finding import Finding
from reflint.zotero.outcome import Outcome
from reflint.zotero.plan import Plan
from tests.servers.zotero.desktop import Desktop
from tests.servers.zotero.state import Server
from tests.servers.zotero.transport import Transport
from tests.zotero.desk import article

HOME = "users/7"
SETTINGS = Settings({"select": Setting(["DOI002", "PAG003"], "test")})


class Librarian:
    """Someone who works with the desktop's library."""

    def __init__(self, desktop: Desktop) -> None:
        self.desktop = desktop
        self.now = 1_790_000_000.0
        self.connection = libraries.Connection(transport=Transport(desktop), sleep=self.sleep)  # type: ignore[arg-type]

    def sleep(self, seconds: float) -> None:
        self.now += seconds

    def plan(self) -> Plan:
        engine = build_engine(SETTINGS, repairing=True)
        return libraries.make_plan("zotero:local", engine, ("safe",), SETTINGS, self.connection).plan

    def apply(self, plan: Plan, **how: object) -> Outcome:
        return libraries.apply(plan, SETTINGS, self.connection, desktop=True, **how)  # type: ignore[arg-type]


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Server:
    monkeypatch.setenv("REFLINT_STATE_DIR", str(tmp_path / "state"))
    monkeypatch.setenv("REFLINT_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("ZOTERO_API_KEY", "WEBKEYWEBKEYWEBKEYWEBKEY")
    monkeypatch.delenv("REFLINT_ZOTERO_LOCAL_ENDPOINT", raising=False)
    server = Server(clock=lambda: 1_790_000_000.0)
    server.put(HOME, [article(number) for number in range(30)])
    return server


def test_it_is_read_without_asking_anybody(server: Server) -> None:
    desktop = Desktop(server)
    engine = build_engine(SETTINGS)
    events = list(libraries.check("zotero:local", engine, Librarian(desktop).connection))
    assert sum(isinstance(event, Finding) for event in events) == 30
    assert desktop.asked == []


def test_it_is_repaired_and_taken_back_when_its_user_agrees(server: Server) -> None:
    before = server.items(HOME)
    librarian = Librarian(Desktop(server))
    plan = librarian.plan()
    assert (plan.header.library, plan.header.userID, plan.header.server) == ("users/0", 0, "desk-1")
    assert librarian.desktop.asked == []
    done = librarian.apply(plan)
    assert (done.whole, done.applied, librarian.desktop.asked) == (True, 20, ["reflint"])
    reverse = libraries.plan_undo(done.run, librarian.connection)
    undone = librarian.apply(reverse)
    assert (undone.whole, undone.applied) == (True, 20)
    after = server.items(HOME)
    assert {key: item["pages"] for key, item in after.items()} == {key: item["pages"] for key, item in before.items()}


def test_nothing_is_written_unless_it_is_asked_for(server: Server) -> None:
    librarian = Librarian(Desktop(server))
    version = server.version(HOME)
    with pytest.raises(SourceError, match="--write-desktop"):
        libraries.apply(librarian.plan(), SETTINGS, librarian.connection)
    assert (server.version(HOME), librarian.desktop.asked) == (version, [])


def test_a_no_is_a_no(server: Server) -> None:
    librarian = Librarian(Desktop(server, answers=("deny",)))
    version = server.version(HOME)
    with pytest.raises(SourceError, match="permission to write was denied"):
        librarian.apply(librarian.plan())
    assert server.version(HOME) == version


def test_a_yes_for_once_writes_once_and_the_rest_waits(server: Server) -> None:
    librarian = Librarian(Desktop(server, answers=("allow", "allow", "always")))
    done = librarian.apply(librarian.plan())
    assert (done.whole, done.applied, done.left) == (False, 5, 15)
    assert "Invalid or expired API key" in done.stopped
    done = libraries.resume(done.run, SETTINGS, librarian.connection, desktop=True)
    assert (done.whole, done.applied, len(librarian.desktop.asked)) == (True, 20, 2)


def test_items_whose_extra_the_desktop_would_rearrange_are_left(server: Server) -> None:
    key = next(key for key, item in server.items(HOME).items() if item["pages"] != "12-19")
    server.edit(HOME, key, extra="PMID: 123\nA note of our own")
    plan = Librarian(Desktop(server)).plan()
    assert key not in plan.lines
    assert len(plan) == 19


def test_what_was_changed_on_the_desktop_meanwhile_is_left(server: Server) -> None:
    librarian = Librarian(Desktop(server))
    plan = librarian.plan()
    key = next(key for key, line in plan.lines.items() if "pages" in line.set)
    server.edit(HOME, key, pages="1-2")
    done = librarian.apply(plan)
    assert (done.whole, done.applied, done.conflicts) == (False, 19, 1)
    assert server.items(HOME)[key]["pages"] == "1-2"


def test_another_zotero_is_another_library(server: Server) -> None:
    librarian = Librarian(Desktop(server))
    plan = librarian.plan()
    librarian.desktop.server_id = "desk-2"
    with pytest.raises(SourceError, match="another Zotero or another of its databases"):
        librarian.apply(plan)


def test_an_older_zotero_is_read_only(server: Server) -> None:
    librarian = Librarian(Desktop(server, server_id=None))
    assert list(libraries.check("zotero:local", build_engine(SETTINGS), librarian.connection))
    with pytest.raises(SourceError, match="cannot be written to by other programs"):
        librarian.plan()


def test_a_desktop_that_talks_to_nobody_says_so(server: Server) -> None:
    librarian = Librarian(Desktop(server))
    librarian.desktop.enabled = False
    with pytest.raises(SourceError, match="local API is turned off"):
        librarian.plan()
