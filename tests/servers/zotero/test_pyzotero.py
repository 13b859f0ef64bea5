"""pyzotero 1.16 against the server, in process and through a socket: the habits of its own that reflint relies on."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx2
import pytest
from pyzotero import errors
from pyzotero.zotero import Zotero

from tests.inputs import ROOT
from tests.servers.loopback import running
from tests.servers.zotero import faults as f
from tests.servers.zotero.client import FULL, HOME, READ, Clock, article, key_of
from tests.servers.zotero.messages import Request, Response
from tests.servers.zotero.serve import SocketServer
from tests.servers.zotero.state import Server
from tests.servers.zotero.transport import Transport


@pytest.fixture
def full() -> Server:
    """A server with 60 articles, of the versions 2-61."""
    server = Server(clock=Clock())
    server.put(HOME, [article(number) for number in range(60)])
    return server


def zotero(server: Server, *script: f.Fault, key: str = FULL) -> Zotero:
    return Zotero(7, "user", key, client=httpx2.Client(transport=Transport(server, script)))


def spy(seen: list[Request]) -> f.Kind:
    """No fault at all: the request is noted and goes on."""

    def strike(call: f.Call) -> Response:
        seen.append(call.request)
        return call.proceed()

    return strike


def patches(numbers: range, stale: int = 0) -> list[dict[str, object]]:
    return [{"key": key_of(number), "version": number + 2 - stale, "issue": "2"} for number in numbers]


def changed(server: Server) -> int:
    return sum(item["issue"] == "2" for item in server.items(HOME).values())


def test_create_items_with_keys_patches_and_gives_the_report(full: Server):
    batch = [*patches(range(2)), *patches(range(2, 3), stale=1), {"key": key_of(3), "version": 5, "nonsense": "x"}]
    report = zotero(full).create_items(batch)
    assert set(report["success"]) == {"0", "1"}
    assert {index: entry["code"] for index, entry in report["failed"].items()} == {"2": 412, "3": 400}
    assert full.items(HOME)[key_of(0)]["title"] == article(0)["title"], "what is not sent stays"


def test_create_items_sends_a_token_of_its_own(full: Server):
    seen: list[Request] = []
    zotero(full, f.on_write(1, spy(seen))).create_items(patches(range(1)))
    assert len(seen[0].header("Zotero-Write-Token") or "") == 32


def test_create_items_takes_50_at_most(full: Server):
    with pytest.raises(errors.TooManyItemsError):
        zotero(full).create_items(patches(range(51)))
    assert full.requests == []


def test_create_items_on_429_raises_a_json_error(full: Server):
    with pytest.raises(json.JSONDecodeError):
        zotero(full, f.on_write(1, f.status(429, {"Retry-After": "0"}, "slower"))).create_items(patches(range(1)))
    assert changed(full) == 0


@pytest.mark.parametrize("code", [500, 502, 503, 504])
def test_create_items_does_not_try_again_after_5xx(full: Server, code: int):
    client = zotero(full, f.on_write(1, f.status(code)))
    with pytest.raises(errors.HTTPError):
        client.create_items(patches(range(1)))
    assert full.requests == []


@pytest.mark.parametrize("kind", [f.drop_after, f.timeout(processed=True)])
def test_create_items_does_not_try_again_after_a_lost_answer(full: Server, kind: f.Kind):
    with pytest.raises((httpx2.TransportError, errors.HTTPError)):
        zotero(full, f.on_write(1, kind)).create_items(patches(range(1)))
    assert (changed(full), len(full.requests)) == (1, 1)


def test_update_items_says_true_when_everything_failed(full: Server):
    client = zotero(full)
    items = [{**full.items(HOME)[key_of(number)], "version": 1, "issue": "2"} for number in range(3)]
    assert client.update_items(items) is True
    assert changed(full) == 0


def test_update_items_says_true_when_a_chunk_was_lost(full: Server):
    client = zotero(full, f.on_write(1, f.status(429, {"Retry-After": "0"})))
    items = [{**item, "issue": "2"} for item in full.items(HOME).values()]
    assert client.update_items(items) is True
    assert changed(full) == 10


def test_update_items_with_last_modified_fails_at_the_second_chunk(full: Server):
    client = zotero(full)
    items = [{**item, "issue": "2"} for item in full.items(HOME).values()]
    with pytest.raises(errors.PreConditionFailedError):
        client.update_items(items, last_modified=61)
    assert changed(full) == 50


def test_key_info_puts_the_key_into_the_address(full: Server):
    seen: list[Request] = []
    assert zotero(full, f.on_request(1, spy(seen))).key_info()["userID"] == 7
    assert seen[0].path == f"/keys/{FULL}"
    assert full.requests[0].path == "/keys/..."


def test_a_key_that_may_not_write(full: Server):
    with pytest.raises(errors.UserNotAuthorisedError):
        zotero(full, key=READ).create_items(patches(range(1)))


def test_reading_by_pages_and_by_keys(full: Server):
    client = zotero(full)
    assert len(client.everything(client.items(limit=25))) == 60
    assert client.item_versions(since=60) == {key_of(59): 61}
    some = ",".join(key_of(number) for number in range(30))
    assert len(client.items(itemKey=some, includeTrashed=1, limit=100)) == 30
    assert client.deleted(since=0)["items"] == []
    assert client.num_items() == 60


# Through a socket


@pytest.fixture
def listening(full: Server) -> Iterator[SocketServer]:
    server = SocketServer(full)
    with running(server):
        yield server


def test_pyzotero_through_a_socket(listening: SocketServer):
    with httpx2.Client() as http:
        client = Zotero(7, "user", FULL, client=http)
        client.endpoint = listening.url
        assert len(client.everything(client.items(limit=50))) == 60, "the Link headers lead here too"
        assert set(client.create_items(patches(range(2)))["success"]) == {"0", "1"}
    assert changed(listening.zotero) == 2


def test_one_connection_carries_many_requests(listening: SocketServer):
    with httpx2.Client(base_url=listening.url, headers={"Zotero-API-Key": FULL}) as http:
        assert http.get(f"/{HOME}/items?limit=2").json()[0]["library"]["id"] == 7
        assert http.head(f"/{HOME}/items").headers["Total-Results"] == "60"
        patch = http.patch(f"/{HOME}/items/{key_of(0)}", json={"issue": "2", "version": 2})
        assert (patch.status_code, patch.headers["Last-Modified-Version"]) == (204, "62")
        unmodified = http.get(f"/{HOME}/items", headers={"If-Modified-Since-Version": "62"})
        assert (unmodified.status_code, unmodified.content) == (304, b"")
        assert http.post(f"/{HOME}/items", content=b"[]", headers={"Expect": "100-continue"}).status_code == 417
        assert http.request("BREW", f"/{HOME}/items").status_code == 501
        assert http.get("/nowhere").status_code == 404


def test_writers_at_the_same_time_never_share_a_version(listening: SocketServer):
    def write(writer: int) -> dict[str, dict[str, int]]:
        with httpx2.Client(base_url=listening.url, headers={"Zotero-API-Key": FULL}) as http:
            answer = http.post(f"/{HOME}/items", json=[{"itemType": "book", "title": f"{writer}"}] * 20)
        report: dict[str, dict[str, int]] = answer.json()["successful"]
        return report

    with ThreadPoolExecutor(4) as pool:
        versions = [item["version"] for report in pool.map(write, range(4)) for item in report.values()]
    assert sorted(versions) == list(range(62, 142))
    assert listening.zotero.version(HOME) == 141


def test_the_command(tmp_path: Path):
    items = tmp_path / "items.json"
    items.write_text(json.dumps({"groups/70": [article(0)]}), encoding="utf-8")
    command = [sys.executable, "-m", "tests.servers.zotero", "--port", "0", "--items", str(items)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT) as process:
        assert process.stdout is not None
        try:
            said = json.loads(process.stdout.readline())
            headers = {"Zotero-API-Key": said["keys"]["read"]}
            answer = httpx2.get(f"{said['url']}/groups/70/items", headers=headers)
            assert [item["key"] for item in answer.json()] == [key_of(0)]
            assert httpx2.post(f"{said['url']}/groups/70/items", json=[], headers=headers).status_code == 403
        finally:
            process.terminate()
