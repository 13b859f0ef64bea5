"""Points 1-13, 55-58 of the behaviours a test server must have: keys, permissions, bodies, limits."""

from __future__ import annotations

import gzip
import json

import pytest

from tests.servers.zotero.client import (
    FULL,
    GROUP,
    HOME,
    NO_NOTES,
    ONE_GROUP,
    OPEN,
    OTHER,
    READ,
    Client,
    Clock,
    article,
    failures,
    key_of,
)
from tests.servers.zotero.state import Server


def test_point_01_who_may_read_what(server: Server):
    for library in (HOME, GROUP, OPEN):
        server.put(library, [article(0)])
    stranger = Client(server, OTHER)
    for client in (Client(server, None), stranger):
        assert client.get(f"/{OPEN}/items").status == 200
        refused = client.get(f"/{HOME}/items")
        assert (refused.status, refused.text) == (403, "Forbidden")
        single = client.get(f"/{HOME}/items/{key_of(0)}")
        assert (single.status, single.text) == (404, "Not found")
    assert Client(server, None).get(f"/{GROUP}/items").status == 403
    assert stranger.get(f"/{GROUP}/items").status == 200, "a member of the group"


def test_point_02_a_wrong_key(server: Server, clock: Clock):
    thief = Client(server, "wrongwrongwrongwrongwron")
    answers = [thief.send(method, "items", body=b"[]") for method in ("GET", "POST", "PATCH", "DELETE", "GET", "GET")]
    assert {(answer.status, answer.text) for answer in answers} == {(403, "Invalid key")}
    for key in (thief.key, FULL):
        locked = Client(server, key).get("items")
        assert (locked.status, locked.text) == (429, "Too many authentication failures")
        assert "Retry-After" not in locked.headers
    clock.now += 301
    assert Client(server).get("items").status == 200


def test_point_03_no_write_without_a_key(server: Server):
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        answer = Client(server, None, OPEN).send(method, "items", body=b"[]")
        assert (answer.status, answer.text) == (403, "An API key is required for write requests.")


def test_point_04_keys_that_contradict_and_malformed_ones(client: Client):
    differ = client.get("items", f"key={READ}")
    assert (differ.status, differ.text) == (400, "Zotero-API-Key header and 'key' parameter differ")
    assert client.get("items", f"key={FULL}").status == 200
    nobody = Client(client.server, None)
    malformed = nobody.get("items", Authorization="Bearer no-key!")
    assert (malformed.status, malformed.text) == (400, "Invalid Authorization header format")
    assert nobody.get("items", Authorization=f"Bearer {FULL}").status == 200
    assert nobody.get("items", Authorization=f"Basic {FULL}").status == 403, "another scheme is nobody's"


@pytest.mark.parametrize("key", [READ, OTHER])
def test_point_05_keys_that_may_not_write(server: Server, key: str):
    server.put(HOME, [article(0)])
    client = Client(server, key)
    answers = [
        client.post([]),
        client.post([{"key": key_of(0), "version": 2, "issue": "2"}]),
        client.patch(key_of(0), {"issue": "2"}, If_Unmodified_Since_Version=2),
        client.put(key_of(0), {"issue": "2"}),
        client.delete(f"items/{key_of(0)}", If_Unmodified_Since_Version=2),
    ]
    assert {(answer.status, answer.text) for answer in answers} == {(403, "Write access denied")}
    assert client.get("items").status == (200 if key == READ else 403)
    assert server.version(HOME) == 2


def test_point_06_a_member_where_only_admins_edit(server: Server):
    member, owner = Client(server, FULL, OPEN), Client(server, OTHER, OPEN)
    assert member.get("items").status == 200
    assert member.post([]).status == 403
    assert owner.post([]).status == 200
    assert member.get(f"/{OPEN}").json()["meta"]["isAdmin"] is False
    assert owner.get(f"/{OPEN}").json()["meta"]["isAdmin"] is True


@pytest.mark.parametrize(
    ("path", "status", "text"),
    [
        ("/users/99/items", 404, "User 99 not found"),
        ("/groups/99/items", 404, "Not found"),
        ("/users/abc/items", 400, "Invalid user ID"),
        ("/groups/abc/items", 400, "Invalid group ID"),
    ],
)
def test_point_07_libraries_that_are_not_there(client: Client, path: str, status: int, text: str):
    answer = client.get(path)
    assert (answer.status, answer.text) == (status, text)
    assert client.send("POST", path, body=b"[]").status == status


def test_point_08_what_a_key_says_of_itself(server: Server):
    everything = Client(server).get("/keys/current").json()
    assert everything["userID"] == 7
    assert everything["username"] == "librarian"
    assert everything["access"]["groups"] == {"all": {"library": True, "write": True}}
    assert "write" not in Client(server, READ).get("/keys/current").json()["access"]["user"]
    assert "groups" not in Client(server, NO_NOTES).get("/keys/current").json()["access"]
    nobody = Client(server, None)
    assert nobody.get("/keys/current", Authorization=f"Bearer {FULL}").json() == everything
    assert nobody.get("/keys/current", f"key={FULL}").json() == everything
    assert nobody.get("/keys/current").status == 403


def test_point_09_the_free_write_probe(client: Client):
    server = client.server
    server.put(HOME, [article(0)])
    probe = client.post([])
    assert probe.status == 200
    assert probe.json() == {"successful": {}, "success": {}, "unchanged": {}, "failed": {}}
    assert probe.headers["Last-Modified-Version"] == "2"
    assert server.version(HOME) == 2
    assert Client(server, READ).post([]).status == 403
    assert client.post([], If_Unmodified_Since_Version=1).status == 412
    assert Client(server, ONE_GROUP, GROUP).post([]).status == 200


@pytest.mark.parametrize("body", [b"{}", b'{"itemType": "book"}', b"3", b'"x"', b"null"])
def test_point_10_a_body_that_is_no_array(client: Client, body: bytes):
    answer = client.send("POST", "items", body=body)
    assert (answer.status, answer.text) == (400, "Uploaded data must be a JSON array")


def test_point_11_a_body_that_is_no_json(client: Client):
    for body in (b'[{"itemType": "book"', b"[1,]", b"\xef\xbb\xbf[]"):
        answer = client.send("POST", "items", body=body)
        assert (answer.status, answer.text) == (400, "JSON Error: Syntax error, malformed JSON")
    empty = client.send("POST", "items", body=b"")
    assert (empty.status, empty.text) == (400, "POST data not provided")
    for bad in (b'["\\ud800"]', b"[NaN]", b"[" * 100_000):
        assert client.send("POST", "items", body=bad).status == 400
    assert client.send("POST", "items", body=b"no gzip", Content_Encoding="gzip").status == 400
    packed = client.send("POST", "items", body=gzip.compress(b'[{"itemType": "book"}]'), Content_Encoding="gzip")
    assert len(packed.json()["success"]) == 1


def test_point_12_things_in_the_array_that_are_no_objects(client: Client):
    answer = client.post(["a", 1, None])
    assert answer.status == 200
    text = "Invalid value for index {} in uploaded data; expected JSON item object"
    assert failures(answer) == {str(index): (400, text.format(index)) for index in range(3)}
    assert client.server.version(HOME) == 1


def test_point_13_fifty_one_objects(client: Client):
    answer = client.post([{"itemType": "book"}] * 51)
    assert (answer.status, answer.text) == (413, "Cannot add more than 50 items at a time")
    assert client.server.items(HOME) == {}
    assert len(client.post([{"itemType": "book"}] * 50).json()["success"]) == 50


def test_point_55_requests_a_second(clock: Clock):
    server = Server(clock=clock, limits=True)
    client = Client(server)
    assert {client.get("items").status for _ in range(100)} == {200}
    refused = client.post([{"itemType": "book"}])
    assert (refused.status, refused.text) == (429, "Request rate limit exceeded")
    assert refused.headers["Retry-After"] == "10"
    assert server.items(HOME) == {}, "what is refused is not done"
    clock.now += 0.5
    assert [client.get("items").status for _ in range(6)] == [200] * 5 + [429]
    assert Client(server, OTHER, OPEN).get("items").status == 200, "every user has a bucket of their own"


def test_point_55_requests_at_a_time(clock: Clock):
    server = Server(clock=clock, limits=True)
    client, answers = Client(server), []

    def ask_again(_: int) -> None:
        if len(server.requests) <= 5:
            answers.append(client.watched([{"itemType": "book"}], ask_again))

    first = client.watched([{"itemType": "book"}], ask_again)
    statuses = sorted(answer.status for answer in answers)
    assert first.status == 200
    assert statuses.count(429) == 1
    sixth = next(answer for answer in answers if answer.status == 429)
    assert sixth.text == "Concurrent request limit exceeded"
    assert 1 <= int(sixth.headers["Retry-After"]) <= 30
    assert client.get("items").status == 200, "the slots are free again"


def test_point_55_no_limits_where_a_test_holds_the_clock(client: Client):
    assert {client.get("items").status for _ in range(120)} == {200}


def test_point_56_backoff_on_any_answer(client: Client):
    client.server.backoff = 7
    assert client.get("items").headers["Backoff"] == "7"
    assert client.get("items/abc").headers["Backoff"] == "7"
    client.server.backoff = None
    assert "Backoff" not in client.get("items").headers


def test_point_57_maintenance(client: Client):
    text = "Server updates in progress. Please try again in a few minutes."
    client.server.maintenance = "down"
    for answer in (client.get("items"), client.post([{"itemType": "book"}])):
        assert (answer.status, answer.text) == (503, text)
        assert "Retry-After" not in answer.headers
    client.server.maintenance = "read-only"
    assert client.get("items").status == 200
    assert client.post([{"itemType": "book"}]).text == text
    assert client.server.items(HOME) == {}


def test_point_58_a_key_that_may_not_see_notes(server: Server):
    notes = [{"key": "NNNNNNN2", "itemType": "note", "note": "x", "parentItem": key_of(0)}]
    server.put(HOME, [article(0), *notes, {"key": "NNNNNNN3", "itemType": "note", "note": "y"}])
    client = Client(server, NO_NOTES)
    assert client.versions() == {key_of(0): 2}
    assert client.get("items", "itemType=note").json() == []
    assert client.get(f"items/{key_of(0)}/children").json() == []
    assert client.get(f"items/{key_of(0)}").json()["meta"]["numChildren"] == 0
    assert client.get("items/NNNNNNN2").status == 404
    assert client.patch("NNNNNNN3", {"note": "z"}, If_Unmodified_Since_Version=4).status == 404
    assert "0" in client.post([{"itemType": "note", "note": "new"}]).json()["successful"]
    assert Client(server).get(f"items/{key_of(0)}").json()["meta"]["numChildren"] == 1


def test_the_protocol_refuses_what_it_does_not_speak(client: Client):
    assert client.get("items", Expect="100-continue").status == 417
    assert client.send("BREW", "items").status == 501
    assert client.get("items", Zotero_API_Version="9").text == "Invalid API version '9'"
    wrong = client.send("HEAD", "items/top")
    assert (wrong.status, wrong.headers["Allow"]) == (405, "GET")
    assert client.get("/nowhere").status == 404
    assert client.send("OPTIONS", "items").headers["Access-Control-Allow-Origin"] == "*"


def test_the_log_never_shows_a_key(client: Client):
    client.get("items", f"limit=1&key={FULL}")
    client.get(f"/keys/{FULL}")
    client.post([{"itemType": "book"}] * 3)
    assert FULL not in json.dumps(client.server.requests)
    assert [(request.method, request.objects) for request in client.server.requests] == [
        ("GET", 0),
        ("GET", 0),
        ("POST", 3),
    ]
    assert client.server.requests[0].query == "limit=1"
