"""Points 28-39, 41-43, 59 of the behaviours a test server must have: what it takes, changes and refuses as a value."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.servers.zotero.client import COLLEAGUE, GROUP, HOME, OTHER, Client, Clock, article, failures, key_of
from tests.servers.zotero.dates import parsed
from tests.servers.zotero.messages import Refusal, Response
from tests.servers.zotero.schema import TYPES
from tests.servers.zotero.state import Server
from tests.servers.zotero.values import normalised, timestamp

SHELF = "CCCCCCC2"


@pytest.fixture
def item(client: Client) -> Client:
    """One article with the version 2, and a collection."""
    client.server.put(HOME, [article(0)])
    client.post([{"key": SHELF, "version": 0, "name": "Shelf"}], "collections")
    return client


def set_(client: Client, **fields: Any) -> Response:
    """A batch of one change of the article."""
    return client.post([{"key": key_of(0), "version": 1000, **fields}])


def refusal(answer: Response) -> tuple[int, str]:
    return failures(answer)["0"]


def is_unchanged(answer: Response) -> bool:
    return bool(answer.json()["unchanged"])


def test_point_28_identical_tags_are_a_change(item: Client, clock: Clock):
    assert is_unchanged(set_(item, tags=[]))
    set_(item, tags=[{"tag": "a"}])
    before = item.data(key_of(0))
    clock.now += 5
    assert set_(item, tags=[{"tag": "a"}]).json()["success"] == {"0": key_of(0)}
    after = item.data(key_of(0))
    assert after["version"] > before["version"]
    assert after["dateModified"] > before["dateModified"]
    assert {**after, "version": 0, "dateModified": ""} == {**before, "version": 0, "dateModified": ""}


@pytest.mark.parametrize("name", ["creators", "collections", "relations", "itemType", "dateAdded", "title"])
def test_point_29_other_identical_values_are_none(item: Client, name: str):
    sent = {
        "creators": [{"creatorType": "author", "firstName": "A.", "lastName": "Author"}],
        "collections": [SHELF],
        "relations": {"owl:sameAs": "http://zotero.org/groups/5/items/AAAAAAAA"},
    }
    set_(item, **sent)
    assert is_unchanged(set_(item, **{name: item.data(key_of(0))[name]}))


def test_point_30_arrays_are_replaced_whole(item: Client):
    names = [{"creatorType": "author", "name": name} for name in ("One", "Two")]
    set_(item, tags=[{"tag": "old"}], creators=names, collections=[SHELF])
    sent = [{"tag": "b"}, {"tag": " a "}, {"tag": "b"}, {"tag": ""}, {"tag": "Z", "type": 1}]
    set_(item, tags=sent, creators=names[1:], collections=[])
    data = item.data(key_of(0))
    assert data["tags"] == [{"tag": "Z", "type": 1}, {"tag": "a"}, {"tag": "b"}]
    assert data["creators"] == names[1:]
    assert data["collections"] == []


@pytest.mark.parametrize("value", ["x", "", None, []])
def test_point_31_an_unknown_property(item: Client, value: Any):
    assert refusal(set_(item, nonsense=value)) == (400, "Invalid property 'nonsense'")


def test_point_32_a_field_of_another_type(item: Client):
    assert refusal(set_(item, bookTitle="x")) == (400, "'bookTitle' is not a valid field for type 'journalArticle'")
    assert is_unchanged(set_(item, bookTitle=""))
    assert refusal(set_(item, number="5")) == (400, "'number' is not a valid field for type 'journalArticle'")
    assert refusal(set_(item, note="x")) == (400, "'note' property is valid only for note and attachment items")
    assert refusal(set_(item, md5="x")) == (400, "'md5' is valid only for attachment items")
    patched = item.patch(key_of(0), {"ISBN": "x"}, If_Unmodified_Since_Version=2)
    assert (patched.status, patched.text) == (400, "'ISBN' is not a valid field for type 'journalArticle'")


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("pages", ["1"], (400, "Unexpected array for property 'pages'")),
        ("creators", "Author, A.", (400, "'creators' property must be an array")),
        ("tags", "a", (400, "'tags' property must be an array")),
        ("tags", ["a"], (400, "Tag must be an object")),
        ("collections", SHELF, (400, "'collections' property must be an array")),
        ("relations", {"foo:bar": "x"}, (400, "Unsupported predicate 'foo:bar'")),
        ("relations", {"dc:relation": "x"}, (400, "'relations' values currently must be Zotero item URIs")),
        ("deleted", "yes", (500, "An error occurred")),
    ],
)
def test_point_33_wrong_types_that_fail(item: Client, name: str, value: Any, expected: tuple[int, str]):
    assert refusal(set_(item, **{name: value})) == expected


@pytest.mark.parametrize(("value", "stored"), [(12, "12"), (1.5, "1.5"), (True, "1"), (False, ""), (None, "")])
def test_point_33_wrong_types_that_become_strings(item: Client, value: Any, stored: str):
    set_(item, pages=value)
    assert item.data(key_of(0))["pages"] == stored


def test_point_33_an_object_for_a_string_kills_the_request(item: Client):
    item.server.put(HOME, [article(1), article(2)])
    batch = [
        {"key": key_of(number), "version": 1000, "issue": value} for number, value in enumerate(["9", {"a": 1}, "9"])
    ]
    answer = item.post(batch)
    assert (answer.status, answer.text) == (500, "An error occurred")
    assert [item.data(key_of(number))["issue"] for number in range(3)] == ["9", "1", "1"]


EMPTY = "creator object must contain 'firstName'/'lastName' or 'name'"
EXCLUSIVE = "'firstName' and 'name' creator fields are mutually exclusive"


@pytest.mark.parametrize(
    ("creator", "text"),
    [
        ({"creatorType": "author", "lastName": "A"}, "'firstName' creator field must be set if 'lastName' is set"),
        ({"creatorType": "author", "firstName": "A"}, "'lastName' creator field must be set if 'firstName' is set"),
        ({"creatorType": "author", "firstName": "F", "lastName": "L", "name": "N"}, EXCLUSIVE),
        ({"firstName": "F", "lastName": "L"}, "creator object must contain 'creatorType'"),
        ({"creatorType": "author"}, EMPTY),
        ({"creatorType": "author", "name": ""}, EMPTY),
        ({"creatorType": "author", "firstName": "", "lastName": ""}, EMPTY),
        ({"creatorType": "author", "name": "N", "orcid": "0"}, "Invalid creator property 'orcid'"),
        ({"creatorType": "nosuch", "name": "N"}, "'nosuch' is not a valid creator type"),
        (
            {"creatorType": "director", "name": "N"},
            "'director' is not a valid creator type for item type 'journalArticle'",
        ),
    ],
)
def test_point_34_creators_that_fail(item: Client, creator: dict[str, str], text: str):
    good = {"creatorType": "author", "name": "N"}
    assert refusal(set_(item, creators=[good, creator, good])) == (400, text)
    assert item.data(key_of(0))["creators"] == []


def test_point_34_creators_that_pass(item: Client):
    creators = [
        {"creatorType": "author", "firstName": "", "lastName": "A"},
        {"creatorType": "contributor", "name": "C"},
    ]
    set_(item, creators=creators)
    assert item.data(key_of(0))["creators"] == creators
    film = {"itemType": "film", "creators": [{"creatorType": "author", "name": "N"}]}
    assert "0" in item.post([film]).json()["successful"], "an author fits every type"


@pytest.mark.parametrize(
    ("fields", "data"),
    [
        ({"tags": [{"tag": "t" * 256}]}, {"tag": "t" * 256}),
        ({"abstractNote": "a" * 65_536}, {"field": "Abstract", "value": "a" * 50 + "..."}),
        ({"abstractNote": "é" * 32_768}, {"field": "Abstract", "value": "é" * 50 + "..."}),
        ({"creators": [{"creatorType": "author", "name": "n" * 256}]}, {"field": "creator", "value": "n" * 50 + "…"}),
    ],
)
def test_point_35_too_long(item: Client, fields: dict[str, Any], data: dict[str, str]):
    entry = set_(item, **fields).json()["failed"]["0"]
    assert (entry["code"], entry["data"]) == (413, data)


def test_point_35_exactly_at_the_limit(item: Client):
    creators = [{"creatorType": "author", "firstName": "", "lastName": "l" * 255}]
    answer = set_(item, tags=[{"tag": "t" * 255}], abstractNote="é" * 32_767 + "a", creators=creators)
    assert "0" in answer.json()["successful"]
    assert refusal(item.post([{"name": "n" * 256}], "collections"))[0] == 413
    assert "0" in item.post([{"name": "n" * 255}], "collections").json()["successful"]


def test_point_36_collections_and_parents_that_are_not_there(item: Client):
    item.server.put(HOME, [{"key": "NNNNNNN2", "itemType": "note", "note": "x"}])
    answer = item.post(
        [
            {"key": key_of(0), "version": 1000, "collections": ["ZZZZZZZ9"]},
            {"itemType": "note", "note": "x", "parentItem": "ZZZZZZZ9"},
            {"itemType": "note", "note": "x", "parentItem": "NNNNNNN2"},
            {"key": key_of(0), "version": 1000, "collections": ["bad"]},
        ]
    )
    assert answer.json()["failed"] == {
        "0": {"code": 409, "message": "Collection ZZZZZZZ9 not found", "data": {"collection": "ZZZZZZZ9"}},
        "1": {"code": 409, "message": "Parent item ZZZZZZZ9 not found", "data": {"parentItem": "ZZZZZZZ9"}},
        "2": {"code": 409, "message": "Parent item cannot be a note or attachment", "data": {"parentItem": "NNNNNNN2"}},
        "3": {"code": 400, "message": "'bad' is not a valid collection key"},
    }


@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        (" \t\r\n\0\x0bx \v", "x"),
        ("a\x01\x1f\x7fb", "ab"),
        ("a\r\nb", "a\nb"),
        ("a\rb", "ab"),
        ("a\tb\nc", "a\tb\nc"),
        ("\u00a0x\u00a0", "\u00a0x\u00a0"),
        ("\u3000x\u200b", "\u3000x\u200b"),
        ("a\u2028b\u0085c\ufeffd", "a\u2028b\u0085c\ufeffd"),
        ("e\u0301 <i>x</i> &amp; 😀", "e\u0301 <i>x</i> &amp; 😀"),
    ],
)
def test_point_37_normalisation(item: Client, sent: str, stored: str):
    set_(item, title=sent, creators=[{"creatorType": "author", "name": sent}], tags=[{"tag": sent}])
    data = item.get(f"items/{key_of(0)}").json()["data"]
    assert (data["title"], data["creators"][0]["name"], data["tags"][0]["tag"]) == (stored, stored, stored)
    assert normalised(stored) == stored
    assert is_unchanged(set_(item, title=sent))


@pytest.mark.parametrize(
    ("date", "understood"),
    [
        ("2019-12-01", "2019-12-01"),
        ("2019/12/1", "2019-12-01"),
        ("1.12.2019", "2019-01-12"),
        ("25.12.2019", "2019-12-25"),
        ("Dec 2019", "2019-12"),
        ("December 1st, 2019", "2019-12-01"),
        ("Winter 2019", "2019"),
        ("circa 1650", "1650"),
        ("2019-13-45", "2019"),
        ("2019-2020", "2019"),
        ("in press", ""),
        ("1 BC", ""),
    ],
)
def test_point_38_dates_come_back_as_typed(item: Client, date: str, understood: str):
    set_(item, date=date)
    found = item.get(f"items/{key_of(0)}").json()
    assert found["data"]["date"] == date
    assert found["meta"].get("parsedDate", "") == parsed(date) == understood


def test_point_38_a_date_that_looks_like_the_stored_form_loses_its_prefix(item: Client):
    set_(item, date="2019-12-01 1 December 2019")
    assert item.data(key_of(0))["date"] == "1 December 2019"


def test_point_39_moments(item: Client, clock: Clock):
    for sent, stored in (
        ("2020-01-02T03:04:05Z", "2020-01-02T03:04:05Z"),
        ("2020-01-02 03:04:05", "2020-01-02T03:04:05Z"),
        ("2020-01-02", "2020-01-02"),
        ("CURRENT_TIMESTAMP", timestamp(clock.now)),
        ("", ""),
    ):
        set_(item, accessDate=sent)
        assert item.data(key_of(0))["accessDate"] == stored
    text = "'accessDate' must be in ISO 8601 or UTC 'YYYY-MM-DD[ hh:mm:ss]' format or 'CURRENT_TIMESTAMP' (soon)"
    assert refusal(set_(item, accessDate="soon")) == (400, text)
    text = "'dateAdded' must be in ISO 8601 or UTC 'YYYY-MM-DD hh:mm:ss' format (soon)"
    assert refusal(set_(item, dateAdded="soon")) == (400, text)


@pytest.mark.parametrize(
    ("agent", "sent", "moves_to"),
    [
        ("tidy/1", None, "now"),
        ("tidy/1", "same", "now"),
        ("Pyzotero/1.16.0", "same", "now"),
        ("Zotero/8.0", "same", "stays"),
        ("Mozilla/5.0 Firefox/140", "same", "stays"),
        ("Zotero/8.0", None, "now"),
        ("tidy/1", "2001-02-03T04:05:06Z", "sent"),
    ],
)
def test_point_41_date_modified(item: Client, clock: Clock, agent: str, sent: str | None, moves_to: str):
    stored = item.data(key_of(0))["dateModified"]
    clock.now += 10
    fields = {} if sent is None else {"dateModified": stored if sent == "same" else sent}
    item.post([{"key": key_of(0), "version": 2, "issue": "2", **fields}], User_Agent=agent)
    expected = {"now": timestamp(clock.now), "stays": stored, "sent": sent}[moves_to]
    assert item.data(key_of(0))["dateModified"] == expected


def test_point_41_collections_and_relations_leave_it(item: Client, clock: Clock):
    stored = item.data(key_of(0))["dateModified"]
    clock.now += 10
    set_(item, collections=[SHELF], inPublications=True)
    set_(item, relations={"owl:sameAs": "http://zotero.org/groups/5/items/AAAAAAAA"})
    assert item.data(key_of(0))["version"] == 5
    assert item.data(key_of(0))["dateModified"] == stored
    set_(item, deleted=1)
    assert item.data(key_of(0))["dateModified"] == timestamp(clock.now)


def test_point_42_who_made_and_who_changed_it(client: Client):
    server = client.server
    ours, theirs = Client(server, library=GROUP), Client(server, OTHER, GROUP)
    ours.post([{**article(0), "version": 0}])

    def meta() -> dict[str, Any]:
        found: dict[str, Any] = ours.get(f"items/{key_of(0)}").json()["meta"]
        return found

    assert (meta()["createdByUser"]["username"], "lastModifiedByUser" in meta()) == ("librarian", False)
    set_(theirs, relations={"owl:sameAs": "http://zotero.org/groups/5/items/AAAAAAAA"})
    set_(theirs, issue="1")
    assert "lastModifiedByUser" not in meta()
    set_(theirs, issue="2")
    assert meta()["lastModifiedByUser"]["id"] == COLLEAGUE
    set_(ours, issue="3")
    assert "lastModifiedByUser" not in meta(), "the same person as createdByUser"
    client.post([article(1) | {"version": 0}])
    assert "createdByUser" not in client.get(f"items/{key_of(1)}").json()["meta"]


def test_point_43_into_the_trash_and_out_of_it(item: Client):
    assert set_(item, deleted=1).json()["successful"]["0"]["data"]["deleted"] == 1
    set_(item, issue="2")
    assert item.data(key_of(0))["deleted"] == 1
    set_(item, deleted=0)
    assert "deleted" not in item.data(key_of(0))
    set_(item, deleted=True)
    assert item.data(key_of(0))["deleted"] == 1
    assert is_unchanged(set_(item, deleted=1))


def test_point_59_children(item: Client):
    note = {"itemType": "note", "parentItem": key_of(0)}
    answer = item.post(
        [
            {**note, "key": "NNNNNNN2", "version": 0, "note": "<p>a <script>bad()</script>b</p>"},
            {**note, "note": "x", "collections": [SHELF]},
            {"itemType": "book", "parentItem": key_of(0)},
            {"key": key_of(0), "version": 1000, "parentItem": "NNNNNNN2"},
            {"itemType": "attachment", "linkMode": "linked_url", "url": "https://example.org", "parentItem": key_of(0)},
        ]
    )
    child = answer.json()["successful"]["0"]
    assert child["data"]["note"] == "<p>a b</p>"
    assert "collections" not in child["data"]
    assert child["links"]["up"]["href"].endswith(key_of(0))
    assert "numChildren" not in answer.json()["successful"]["4"]["meta"]
    assert failures(answer) == {
        "1": (400, "Child items cannot be assigned to collections"),
        "2": (400, "Child item must be note, attachment, or annotation"),
        "3": (500, "An error occurred"),
    }
    assert item.get(f"items/{key_of(0)}").json()["meta"]["numChildren"] == 2
    assert len(item.get(f"items/{key_of(0)}/children").json()) == 2


def test_point_59_children_that_leave_home(item: Client):
    note = {"itemType": "note", "note": "x", "parentItem": key_of(0)}
    item.server.put(HOME, [{**note, "key": "NNNNNNN2"}, {**note, "key": "NNNNNNN3"}])
    item.post([{"key": "NNNNNNN2", "version": 1000, "collections": [SHELF]}])
    item.post([{"key": "NNNNNNN3", "version": 1000, "parentItem": False}])
    assert "parentItem" not in item.data("NNNNNNN2")
    assert item.data("NNNNNNN2")["collections"] == [SHELF]
    assert "parentItem" not in item.data("NNNNNNN3")
    assert item.get(f"items/{key_of(0)}").json()["meta"]["numChildren"] == 0


def test_relations_are_written_on_the_other_side_too(item: Client):
    item.server.put(HOME, [article(1)])
    set_(item, relations={"dc:relation": f"http://zotero.org/users/7/items/{key_of(1)}"})
    other = item.data(key_of(1))
    assert other["relations"] == {"dc:relation": f"http://zotero.org/users/7/items/{key_of(0)}"}
    assert other["version"] == item.data(key_of(0))["version"] == item.server.version(HOME)


def test_another_item_type_maps_base_fields_and_loses_the_rest(item: Client):
    editor = {"creatorType": "reviewedAuthor", "name": "N"}
    set_(item, publicationTitle="Journal", volume="3", pages="1-2", ISSN="1234-5679", creators=[editor])
    set_(item, itemType="conferencePaper")
    data = item.data(key_of(0))
    assert (data["proceedingsTitle"], data["volume"], data["pages"]) == ("Journal", "3", "1-2")
    assert "publicationTitle" not in data
    assert data["creators"] == [{"creatorType": "contributor", "name": "N"}]
    assert refusal(set_(item, itemType="nosuch")) == (400, "'nosuch' is not a valid itemType")


def test_groups_have_no_publications_and_no_stored_files_here(client: Client):
    group = Client(client.server, library=GROUP)
    assert refusal(group.post([{**article(0), "version": 0, "inPublications": True}]))[0] == 400
    stored = {"itemType": "attachment", "linkMode": "imported_file", "title": "x"}
    assert refusal(group.post([stored]))[0] == 403
    assert "0" in client.post([stored]).json()["successful"]


def test_items_of_every_type_come_back_as_their_template(client: Client):
    for name in TYPES:
        made = client.get("/items/new", f"itemType={name}&linkMode=linked_url").json()
        empty = {key: [] if key == "creators" else value for key, value in made.items()}
        if name in ("note", "annotation"):
            empty = {**empty, "note" if name == "note" else "annotationText": ""}
        data = client.post([empty]).json()["successful"]["0"]["data"]
        assert {key: data[key] for key in empty} == empty
        assert data.keys() - empty.keys() == {"key", "version", "dateAdded", "dateModified"}


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner, max_size=2),
    max_leaves=4,
)
NAMES = st.sampled_from(
    "key version itemType title note date accessDate dateAdded dateModified creators tags collections relations "
    "deleted inPublications parentItem linkMode md5 bookTitle nonsense data name parentCollection".split()
)


@given(
    st.lists(st.dictionaries(NAMES, ANYTHING, max_size=4) | ANYTHING, max_size=4),
    st.sampled_from(["items", "collections"]),
)
def test_whatever_is_sent_is_answered(batch: list[Any], path: str):
    client = Client(Server(clock=Clock()))
    client.server.put(HOME, [article(0)])
    answer = client.post(
        [{**o, "key": key_of(0)} if isinstance(o, dict) and "version" in o else o for o in batch], path
    )
    assert answer.status in (200, 500)
    if answer.status == 200:
        indices = [index for part in ("success", "unchanged", "failed") for index in answer.json()[part]]
        assert sorted(indices, key=int) == [str(index) for index in range(len(batch))]
    for value in batch:
        single = client.patch(key_of(0), value)
        assert single.status in (204, 400, 403, 409, 412, 413, 428, 500)


def test_an_item_that_the_api_refuses_cannot_be_put(client: Client):
    with pytest.raises(Refusal, match="Invalid property 'nonsense'"):
        client.server.put(HOME, [article(0, nonsense="x")])
