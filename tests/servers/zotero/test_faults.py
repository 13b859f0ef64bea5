"""The transport: what each fault does to the client, and what it leaves on the server."""

from __future__ import annotations

import json
from typing import Any

import httpx2
import pytest

from tests.servers.zotero import faults as f
from tests.servers.zotero.client import FULL, GROUP, HOME, LIBRARIAN, Clock, article, key_of
from tests.servers.zotero.state import Server
from tests.servers.zotero.transport import Transport

URL = f"https://api.zotero.org/{HOME}/items"
KEY = {"Zotero-API-Key": FULL}


class Desk:
    """A server with four articles (versions 2-5) and a client whose way to it has faults."""

    def __init__(self, *script: f.Fault) -> None:
        self.server = Server(clock=Clock())
        self.server.put(HOME, [article(number) for number in range(4)])
        self.transport = Transport(self.server, script)
        self.client = httpx2.Client(transport=self.transport, headers=KEY)

    def write(self, **headers: str) -> httpx2.Response:
        """The batch that sets the issue of all four articles."""
        batch = [{"key": key_of(number), "version": number + 2, "issue": "2"} for number in range(4)]
        return self.client.post(URL, json=batch, headers=headers)

    @property
    def written(self) -> list[int]:
        """The articles that have the new issue."""
        return [number for number in range(4) if self.server.items(HOME)[key_of(number)]["issue"] == "2"]


def test_without_faults_it_is_the_server():
    desk = Desk()
    answer = desk.write()
    assert answer.status_code == 200
    assert set(answer.json()["success"]) == set("0123")
    assert answer.headers["Last-Modified-Version"] == "9"
    assert desk.client.get(URL, params={"format": "versions", "since": 8}).json() == {key_of(3): 9}
    assert [(sent.method, sent.objects) for sent in desk.transport.sent] == [("POST", 4), ("GET", 0)]


@pytest.mark.parametrize(
    ("kind", "error", "arrived", "written"),
    [
        (f.refuse, httpx2.ConnectError, 0, []),
        (f.drop_before, httpx2.WriteError, 0, []),
        (f.drop_after, httpx2.RemoteProtocolError, 1, [0, 1, 2, 3]),
        (f.timeout(processed=False), httpx2.ReadTimeout, 0, []),
        (f.timeout(processed=True), httpx2.ReadTimeout, 1, [0, 1, 2, 3]),
        (f.die_after(0), httpx2.RemoteProtocolError, 1, []),
        (f.die_after(3), httpx2.RemoteProtocolError, 1, [0, 1, 2]),
        (f.die_after(4), httpx2.RemoteProtocolError, 1, [0, 1, 2, 3]),
        (f.crash(processed=False), f.Crash, 0, []),
        (f.crash(processed=True), f.Crash, 1, [0, 1, 2, 3]),
        (f.crash_after(2), f.Crash, 1, [0, 1]),
    ],
)
def test_connections_that_are_lost(kind: f.Kind, error: type[BaseException], arrived: int, written: list[int]):
    desk = Desk(f.on_write(1, kind))
    with pytest.raises(error):
        desk.write()
    assert (len(desk.transport.sent), len(desk.server.requests)) == (1, arrived)
    assert desk.written == written
    assert desk.write().status_code == 200, "the fault strikes once"
    assert desk.written == [0, 1, 2, 3]
    assert len([change for change in desk.server.history if "issue" in change.fields and change.version > 5]) == 4


@pytest.mark.parametrize(("committed", "written"), [(0, []), (2, [0, 1])])
def test_a_server_that_stumbles(committed: int, written: list[int]):
    desk = Desk(f.on_write(1, f.die_500(committed)))
    answer = desk.write(**{"Zotero-Write-Token": "abcdefgh"})
    assert (answer.status_code, answer.text) == (500, "An error occurred")
    assert desk.written == written
    assert desk.write(**{"Zotero-Write-Token": "abcdefgh"}).status_code == 200, "the token was not stored"


@pytest.mark.parametrize("code", [429, 500, 502, 503, 504])
def test_answers_that_come_from_before_the_server(code: int):
    desk = Desk(f.on_write(1, f.status(code, {"Retry-After": "3"}, "no")))
    answer = desk.write()
    assert (answer.status_code, answer.text, answer.headers["Retry-After"]) == (code, "no", "3")
    assert (desk.server.requests, desk.written) == ([], [])


@pytest.mark.parametrize("processed", [True, False])
def test_a_web_page_instead_of_the_report(processed: bool):
    desk = Desk(f.on_write(1, f.html_page(processed=processed)))
    answer = desk.write()
    assert answer.status_code == 200
    assert answer.text.startswith("<!DOCTYPE html>")
    assert desk.written == ([0, 1, 2, 3] if processed else [])


def test_half_an_answer():
    desk = Desk(f.on_write(1, f.truncated))
    with pytest.raises(json.JSONDecodeError):
        desk.write().json()
    assert desk.written == [0, 1, 2, 3]


def test_a_backoff_with_a_good_answer():
    desk = Desk(f.on_request(2, f.backoff(12)))
    assert "Backoff" not in desk.client.get(URL).headers
    answer = desk.client.get(URL)
    assert (answer.status_code, answer.headers["Backoff"]) == (200, "12")


def edit(server: Server) -> object:
    return server.edit(HOME, key_of(2), volume="theirs")


@pytest.mark.parametrize("after", [None, 0, 1])
def test_somebody_edits_before_or_during_a_batch(after: int | None):
    desk = Desk(f.on_write(1, f.foreign_edit(edit, after=after)))
    assert set(desk.write().json()["failed"]) == {"2"}
    assert desk.written == [0, 1, 3]


def test_somebody_edits_what_was_just_written():
    desk = Desk(f.on_write(1, f.foreign_edit(edit, after=3)))
    assert desk.write().json()["failed"] == {}
    assert [change.version for change in desk.server.history if change.key == key_of(2)] == [4, 8, 9]


def test_a_request_delivered_twice():
    desk = Desk(f.on_write(1, f.double))
    assert {entry["code"] for entry in desk.write().json()["failed"].values()} == {412}
    assert desk.written == [0, 1, 2, 3]
    assert len(desk.server.requests) == 2


def test_a_library_brought_back_from_a_backup():
    desk = Desk()
    backup = desk.server.backup()
    desk.write()
    desk.transport = Transport(desk.server, [f.on_request(1, f.stale_restart(backup))])
    client = httpx2.Client(transport=desk.transport, headers=KEY)
    answer = client.get(URL, params={"format": "versions"})
    assert answer.headers["Last-Modified-Version"] == "5"
    assert desk.written == []


def test_faults_by_predicate_and_faults_that_add_up():
    meets = f.where(lambda request: request.method == "POST", f.drop_after, times=2)
    desk = Desk(meets, f.on_write(2, f.die_500(1)))
    for _ in range(2):
        with pytest.raises(httpx2.RemoteProtocolError):
            desk.write()
    assert desk.client.get(URL).status_code == 200
    assert desk.write().status_code == 200
    assert [request.method for request in desk.server.requests] == ["POST", "POST", "GET", "POST"]


def test_history_tells_who_changed_what():
    desk = Desk()
    desk.server.put(GROUP, [article(0)])
    desk.server.edit(GROUP, key_of(0), issue="2", volume="3", user=LIBRARIAN)
    desk.server.delete(GROUP, key_of(0))
    entries = [change for change in desk.server.history if change.library == GROUP]
    assert [(change.version, change.user) for change in entries] == [(2, 8), (3, 7), (4, 8)]
    assert entries[1].fields == ("issue", "volume")
    assert entries[2].fields == ()


def test_an_edit_of_an_item_that_is_not_there_is_a_mistake():
    server = Server(clock=Clock())
    with pytest.raises(KeyError, match="ZZZZZZZ9"):
        server.edit(HOME, "ZZZZZZZ9", issue="2")


def test_keys_of_the_world_are_told_apart():
    world: dict[str, Any] = {
        "users": [{"id": 1, "username": "u", "displayName": "U"}],
        "groups": [],
        "keys": [
            {"key": "R" * 24, "user": 1, "access": {"user": {"library": True}, "groups": {"all": {"library": True}}}},
            {
                "key": "W" * 24,
                "user": 1,
                "access": {
                    "user": {"library": True, "write": True},
                    "groups": {"all": {"library": True, "write": True}},
                },
            },
        ],
    }
    assert Server(world, clock=Clock()).keys == {"full": "W" * 24, "read": "R" * 24}
