"""Points 14-27, 40, 48, 49, 60 of the behaviours a test server must have: versions, batches, preconditions, tokens."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.servers.zotero.client import GROUP, HOME, ONE_GROUP, Client, Clock, article, failures, key_of
from tests.servers.zotero.messages import Died
from tests.servers.zotero.state import Server

STALE = "Item has been modified since specified version (expected {}, found {})"
NO_VERSION = "Either If-Unmodified-Since-Version or 'version' property must be provided for 'key'-based writes"


@pytest.fixture
def shelf(client: Client) -> Client:
    """Four articles with the versions 2-5."""
    client.server.put(HOME, [article(number) for number in range(4)])
    return client


def change(number: int, version: object = None, **fields: object) -> dict[str, object]:
    return {"key": key_of(number), **({} if version is None else {"version": version}), **fields}


def test_point_14_every_object_takes_the_next_version(shelf: Client):
    answer = shelf.post([change(number, number + 2, issue="2") for number in (2, 0, 3)])
    assert [answer.json()["successful"][index]["version"] for index in "012"] == [6, 7, 8]
    assert answer.headers["Last-Modified-Version"] == "8"
    assert shelf.versions() == {key_of(2): 6, key_of(0): 7, key_of(3): 8, key_of(1): 3}


def test_point_15_failing_objects_take_none(shelf: Client):
    batch = [
        change(0, 2, issue="2"),
        change(1, 3, issue="2", nonsense="x"),
        change(2, 3, issue="2"),
        change(3, 5, issue="2"),
    ]
    answer = shelf.post(batch)
    assert answer.headers["Last-Modified-Version"] == "7"
    assert set(answer.json()["failed"]) == {"1", "2"}
    assert (shelf.data(key_of(1))["issue"], shelf.data(key_of(2))["issue"]) == ("1", "1")


def test_point_16_unchanged_objects_move_only_the_library(shelf: Client):
    answer = shelf.post([change(number, number + 2, issue="1") for number in range(4)])
    assert answer.json()["unchanged"] == {str(number): key_of(number) for number in range(4)}
    assert answer.json()["successful"] == answer.json()["success"] == {}
    assert answer.headers["Last-Modified-Version"] == "9"
    assert shelf.versions("since=5") == {}
    assert shelf.data(key_of(0))["version"] == 2


def test_point_17_a_key_without_version(shelf: Client):
    answer = shelf.post([change(0, issue="2"), {**change(1, issue="2"), "version": None}, change(2, "abc", issue="2")])
    assert failures(answer) == {
        "0": (428, NO_VERSION),
        "1": (428, NO_VERSION),
        "2": (400, "'version' must be an integer"),
    }
    patched = shelf.patch(key_of(0), {"issue": "2"})
    assert patched.status == 428
    assert patched.text.endswith("must be provided for key-based writes")
    assert "0" in shelf.post([change(0, issue="2")], If_Unmodified_Since_Version=5).json()["successful"]


def test_point_17_old_names_of_key_and_version(shelf: Client):
    answer = shelf.post([{"itemKey": key_of(0), "issue": "2"}, {"key": key_of(0), "itemVersion": 2, "issue": "2"}])
    assert answer.json()["failed"]["0"]["key"] == key_of(0)
    texts = ["'itemKey' property is now 'key'", "'itemVersion' property is now 'version'"]
    assert [message for _, message in failures(answer).values()] == texts


def test_point_18_a_lower_version(shelf: Client):
    assert failures(shelf.post([change(1, 2, issue="2")])) == {"0": (412, STALE.format(2, 3))}
    patched = shelf.patch(key_of(1), {"issue": "2"}, If_Unmodified_Since_Version=2)
    assert (patched.status, patched.text) == (412, STALE.format(2, 3))
    assert patched.headers["Last-Modified-Version"] == "3"


def test_point_19_a_higher_version(shelf: Client):
    assert shelf.post([change(1, 1000, issue="2")]).json()["success"] == {"0": key_of(1)}
    assert shelf.data(key_of(1))["version"] == 6


def test_point_20_version_0_on_an_item_that_is_there(shelf: Client):
    assert failures(shelf.post([change(0, 0, itemType="book")])) == {"0": (412, STALE.format(0, 2))}


def test_point_21_an_unknown_key_with_a_version(shelf: Client):
    answer = shelf.post([{"key": "ZZZZZZZ9", "version": 12, "itemType": "book"}])
    assert failures(answer) == {"0": (404, "Item doesn't exist (expected version 12; use 0 instead)")}
    patched = shelf.patch("ZZZZZZZ9", {"issue": "1"}, If_Unmodified_Since_Version=5)
    assert (patched.status, patched.text) == (412, "Item not found (expected version 5)")
    assert shelf.patch("ZZZZZZZ9", {"issue": "1"}).status == 404


def test_point_22_an_unknown_key_to_create(shelf: Client):
    created = shelf.post([{"key": "ZZZZZZZ9", "version": 0, "itemType": "book"}, {"key": "ZZZZZZZ8", "version": 0}])
    assert created.json()["success"] == {"0": "ZZZZZZZ9"}
    assert failures(created) == {"1": (400, "'itemType' property not provided")}
    under_header = shelf.post([{"key": "ZZZZZZZ7", "itemType": "book"}], If_Unmodified_Since_Version=6)
    assert under_header.json()["success"] == {"0": "ZZZZZZZ7"}


def test_point_22_a_deleted_item_rises_again_under_the_header_alone(shelf: Client):
    shelf.server.delete(HOME, key_of(0))
    whole = {**article(0), "issue": "9"}
    assert "0" in shelf.post([whole], If_Unmodified_Since_Version=6).json()["successful"]
    shelf.server.delete(HOME, key_of(1))
    assert failures(shelf.post([{**article(1), "version": 3}]))["0"][0] == 404


def test_point_23_one_key_twice(shelf: Client):
    answer = shelf.post([change(0, 2, issue="2"), change(0, 2, issue="3")])
    assert failures(answer) == {"1": (412, STALE.format(2, 6))}
    assert shelf.data(key_of(0))["issue"] == "2"


def test_point_24_the_precondition_on_the_library(shelf: Client):
    batch = [change(0, issue="2"), change(1, issue="2")]
    stale = shelf.post(batch, If_Unmodified_Since_Version=4)
    assert (stale.status, stale.text) == (
        412,
        "Library has been modified since specified version (expected 4, found 5)",
    )
    assert "Last-Modified-Version" not in stale.headers
    wrong = shelf.post(batch, If_Unmodified_Since_Version="abc")
    assert (wrong.status, wrong.text) == (400, "Invalid If-Unmodified-Since-Version value")
    assert shelf.server.version(HOME) == 5
    assert set(shelf.post(batch, If_Unmodified_Since_Version=5).json()["success"]) == {"0", "1"}
    assert shelf.post(batch, If_Unmodified_Since_Version=5).status == 412, "the first batch moved the library"


def test_point_24_is_tested_at_the_first_object_only(shelf: Client):
    def edit_between(committed: int) -> None:
        if committed == 1:
            shelf.server.edit(HOME, key_of(1), issue="theirs")

    batch = [change(0, issue="2"), change(1, issue="2")]
    answer = shelf.watched(batch, edit_between, **{"If-Unmodified-Since-Version": "5"})
    assert set(answer.json()["success"]) == {"0", "1"}
    assert shelf.data(key_of(1))["issue"] == "2", "the colleague's edit is overwritten: this header guards no batch"


def test_point_25_the_header_does_not_excuse_a_stale_object(shelf: Client):
    answer = shelf.post([change(1, 2, issue="2"), change(2, 4, issue="2")], If_Unmodified_Since_Version=5)
    assert failures(answer) == {"0": (412, STALE.format(2, 3))}
    assert answer.json()["success"] == {"1": key_of(2)}


def test_point_26_what_is_left_out_stays_and_what_is_empty_goes(shelf: Client):
    shelf.post([change(0, 2, volume="7", pages="1-2", extra="x")])
    shelf.post([change(0, 6, volume="", pages=None)])
    data = shelf.data(key_of(0))
    assert (data["volume"], data["pages"], data["extra"], data["issue"]) == ("", "", "x", "1")


def test_point_27_the_same_value_is_no_change(shelf: Client):
    answer = shelf.patch(key_of(0), {"issue": " 1\r\n"}, If_Unmodified_Since_Version=2)
    assert (answer.status, answer.headers["Last-Modified-Version"]) == (204, "5")
    assert shelf.data(key_of(0))["version"] == 2
    assert shelf.server.version(HOME) == 6


def test_single_objects_the_rest(shelf: Client):
    differ = shelf.patch(key_of(0), {"version": 1}, If_Unmodified_Since_Version=2)
    assert differ.text == "If-Unmodified-Since-Version value does not match JSON 'version' property (2 != 1)"
    assert shelf.patch(key_of(0), {"key": key_of(1), "issue": "2"}, If_Unmodified_Since_Version=2).status == 409
    arrays: dict[str, object] = {"tags": [], "collections": [], "relations": {}, "creators": []}
    short = shelf.put(key_of(0), {"itemType": "journalArticle", "version": 2})
    assert (short.status, short.text) == (400, "'tags' property not provided")
    assert shelf.put(key_of(0), {"itemType": "journalArticle", "version": 2, "title": "t", **arrays}).status == 204
    assert shelf.data(key_of(0))["issue"] == "1", "PUT keeps the fields it does not name"
    assert shelf.put("ZZZZZZZ9", {"itemType": "book", **arrays}).status == 204


def test_point_40_the_shape_of_a_report(shelf: Client):
    answer = shelf.post(
        [change(0, 2, **{"<b>": "1"}), change(1, 3, tags=[{"tag": "&" * 256}]), change(2, 4, issue="2")]
    )
    report = answer.json()
    assert list(report) == ["successful", "success", "unchanged", "failed"]
    assert report["failed"]["0"] == {"code": 400, "message": "Invalid property '&lt;b&gt;'"}
    assert report["failed"]["1"]["message"] == f"Tag '{'&amp;' * 50}…' too long"
    assert report["failed"]["1"]["data"] == {"tag": "&" * 256}
    assert report["successful"]["2"] == shelf.get(f"items/{key_of(2)}").json()


TOKEN = "tokentokentokentoken"


def test_point_48_a_token_is_used_once(shelf: Client, clock: Clock):
    used = {"Zotero_Write_Token": TOKEN}
    assert shelf.post([change(0, 2, issue="2")], **used).status == 200
    for body in ([change(0, 2, issue="2")], [article(9)], []):
        again = shelf.post(body, **used)
        assert (again.status, again.text) == (412, "Write token already used")
    assert Client(shelf.server, library=GROUP).post([], **used).status == 412, "bound to the key, not the library"
    assert Client(shelf.server, ONE_GROUP, GROUP).post([], **used).status == 200
    clock.now += 12 * 3600 + 1
    assert shelf.post([], **used).status == 200


@pytest.mark.parametrize("token", ["abcd", "x" * 33])
def test_point_48_the_length_of_a_token(shelf: Client, token: str):
    answer = shelf.post([], Zotero_Write_Token=token)
    assert (answer.status, answer.text) == (400, "Write token must be 5-32 characters in length")


GOOD, SAME, BAD = {"issue": "2"}, {"issue": "1"}, {"nonsense": "x"}


@pytest.mark.parametrize(
    ("batch", "stored"),
    [
        ([], True),
        ([GOOD], True),
        ([SAME], True),
        ([BAD, GOOD], True),
        ([BAD, SAME], True),
        ([GOOD, BAD], False),
        ([SAME, BAD], False),
        ([BAD], False),
    ],
)
def test_point_48_when_a_token_is_stored(shelf: Client, batch: list[dict[str, str]], stored: bool):
    shelf.post([change(number, number + 2, **fields) for number, fields in enumerate(batch)], Zotero_Write_Token=TOKEN)
    assert shelf.post([], Zotero_Write_Token=TOKEN).status == (412 if stored else 200)


def test_point_48_a_request_refused_as_a_whole_stores_none(shelf: Client):
    assert shelf.post([change(0, 2)], Zotero_Write_Token=TOKEN, If_Unmodified_Since_Version=1).status == 412
    assert shelf.post({}, Zotero_Write_Token=TOKEN).status == 400
    assert shelf.post([{}] * 51, Zotero_Write_Token=TOKEN).status == 413
    assert shelf.post([], Zotero_Write_Token=TOKEN).status == 200


def test_point_49_a_request_that_died_stores_none(shelf: Client):
    dead = [change(0, 2, issue="2"), change(1, 3, pages={"from": 1}), change(2, 4, issue="2")]
    assert shelf.post(dead, Zotero_Write_Token=TOKEN).status == 500
    assert shelf.post([], Zotero_Write_Token=TOKEN).status == 200


def test_point_60_a_half_done_batch_is_visible_and_stays(shelf: Client):
    seen = []

    def look(committed: int) -> None:
        seen.append(shelf.versions("since=5"))
        if committed == 2:
            raise Died

    answer = shelf.watched([change(number, number + 2, issue="2") for number in range(4)], look)
    assert (answer.status, answer.text) == (500, "An error occurred")
    assert seen == [{}, {key_of(0): 6}, {key_of(0): 6, key_of(1): 7}]
    assert [shelf.data(key_of(number))["issue"] for number in range(4)] == ["2", "2", "1", "1"]


@given(st.lists(st.sampled_from(["good", "same", "stale", "unknown"]), max_size=20))
def test_the_library_counts_what_succeeded_and_what_was_unchanged(kinds: list[str]):
    server = Server(clock=Clock())
    client = Client(server)
    server.put(HOME, [article(number) for number in range(len(kinds))])
    start = server.version(HOME)
    objects = {
        "good": lambda n: change(n, n + 2, issue="2"),
        "same": lambda n: change(n, n + 2, issue="1"),
        "stale": lambda n: change(n, n + 1, issue="2"),
        "unknown": lambda n: change(n + 500, 9, issue="2"),
    }
    report = client.post([objects[kind](number) for number, kind in enumerate(kinds)]).json()
    assert server.version(HOME) == start + kinds.count("good") + kinds.count("same")
    assert len(report["success"]) == kinds.count("good")
    assert len(report["unchanged"]) == kinds.count("same")
    assert sum(change.version > start for change in server.history) == kinds.count("good")
