"""Points 44-47, 50-54 of the behaviours a test server must have: lists, filters, pages, formats, deletions."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest

from tests.servers.zotero.client import HOME, Client, Clock, article, key_of
from tests.servers.zotero.messages import Response
from tests.servers.zotero.schema import TYPES, VERSION


@pytest.fixture
def shelf(client: Client) -> Client:
    """Five articles with the versions 2-6."""
    client.server.put(HOME, [article(number) for number in range(5)])
    return client


def links(answer: Response) -> dict[str, str]:
    """Query of each link of a list, by rel."""
    found = re.findall(r'<([^>]*)>; rel="(\w+)"', answer.headers["Link"])
    return {rel: urlsplit(address).query for address, rel in found}


def keys(answer: Response) -> list[str]:
    return [item["key"] for item in answer.json()]


def test_point_44_the_trash_is_hidden(shelf: Client):
    shelf.server.edit(HOME, key_of(0), deleted=1)
    hidden = key_of(0)
    assert hidden not in keys(shelf.get("items"))
    assert hidden not in keys(shelf.get("items/top"))
    assert shelf.get("items", f"itemKey={hidden}").json() == []
    assert shelf.versions("since=6") == {}
    assert keys(shelf.get("items/trash")) == [hidden]
    for query in ("includeTrashed=1", f"itemKey={hidden}&includeTrashed=1", "since=6&includeTrashed=1"):
        assert hidden in shelf.versions(query)
    single = shelf.get(f"items/{hidden}")
    assert (single.status, single.json()["data"]["deleted"]) == (200, 1)


def test_point_45_deleting_one(shelf: Client):
    path = f"items/{key_of(0)}"
    without = shelf.delete(path)
    assert (without.status, without.text) == (428, "If-Unmodified-Since-Version must be provided for delete requests")
    stale = shelf.delete(path, If_Unmodified_Since_Version=1)
    assert (stale.status, stale.headers["Last-Modified-Version"]) == (412, "2")
    done = shelf.delete(path, If_Unmodified_Since_Version=2)
    assert (done.status, done.headers["Last-Modified-Version"]) == (204, "7")
    again = shelf.delete(path, If_Unmodified_Since_Version=2)
    assert (again.status, again.text) == (412, "Item not found (expected version 2)")
    assert (shelf.get(path).status, shelf.get(path).text) == (404, "Item does not exist")


def test_point_45_children_go_with_their_parent(shelf: Client):
    shelf.server.put(HOME, [{"key": "NNNNNNN2", "itemType": "note", "note": "x", "parentItem": key_of(0)}])
    shelf.delete(f"items/{key_of(0)}", If_Unmodified_Since_Version=2)
    assert shelf.get("deleted", "since=6").json()["items"] == [key_of(0), "NNNNNNN2"]
    assert shelf.get("items/NNNNNNN2").status == 404


def test_point_46_deleting_several(shelf: Client):
    asked = f"itemKey={key_of(0)},{key_of(1)},ZZZZZZZ9,nope"
    assert shelf.delete("items", asked, If_Unmodified_Since_Version=5).status == 412
    done = shelf.delete("items", asked, If_Unmodified_Since_Version=6)
    assert (done.status, done.headers["Last-Modified-Version"]) == (204, "7")
    assert set(shelf.versions()) == {key_of(2), key_of(3), key_of(4)}
    shelf.delete("items", "itemKey=nope", If_Unmodified_Since_Version=7)
    assert len(shelf.versions()) == 3, "nothing is deleted by mistake"


def test_point_47_what_is_gone(shelf: Client):
    missing = shelf.get("deleted")
    assert (missing.status, missing.text) == (400, "'since' parameter must be provided")
    shelf.delete(f"items/{key_of(0)}", If_Unmodified_Since_Version=6)
    shelf.delete(f"items/{key_of(1)}", If_Unmodified_Since_Version=6)
    gone = shelf.get("deleted", "since=7")
    assert gone.json() == {"collections": [], "items": [key_of(1)], "searches": [], "tags": [], "settings": []}
    assert gone.headers["Last-Modified-Version"] == "8"
    shelf.server.put(HOME, [article(1)])
    assert shelf.get("deleted", "since=0").json()["items"] == [key_of(0)], "what was made again is not gone"


@pytest.mark.parametrize("path", ["items", "items/top", "items/trash", "collections", "tags"])
def test_point_50_not_modified(shelf: Client, path: str):
    for version in ("6", "7", "abc"):
        answer = shelf.get(path, If_Modified_Since_Version=version)
        assert (answer.status, answer.headers, answer.body) == (304, {}, b"")
    assert shelf.get(path, If_Modified_Since_Version=5).status == 200
    assert shelf.get(f"items/{key_of(0)}", If_Modified_Since_Version=6).status == 200


def test_point_51_pages(client: Client):
    client.server.put(HOME, [article(number) for number in range(120)])
    first = client.get("items")
    assert (len(first.json()), first.headers["Total-Results"]) == (25, "120")
    assert links(first) == {"next": "start=25", "last": "start=100", "alternate": ""}
    middle = client.get("items", "limit=50&start=50&sort=title&direction=asc")
    assert links(middle) == {
        "first": "limit=50&sort=title",
        "prev": "limit=50&sort=title",
        "next": "limit=50&sort=title&start=100",
        "last": "limit=50&sort=title&start=100",
        "alternate": "",
    }
    last = client.get("items", "limit=50&start=100")
    assert len(last.json()) == 20
    assert set(links(last)) == {"first", "prev", "alternate"}
    assert len(client.get("items", "limit=150").json()) == 100
    assert links(client.get("items", "limit=150"))["next"] == "limit=100&start=100"
    for query in ("limit=0", "limit=-1", "limit=150", "limit=abc", "start=abc", "start=110"):
        assert len(client.versions(query)) == 120
    assert links(client.get("items", "limit=50&start=1000"))["last"] == "limit=50&start=70"


def test_point_51_following_next_meets_every_item_once(client: Client):
    client.server.put(HOME, [article(number) for number in range(57)])
    query, seen = "limit=10", []
    while query:
        page = client.get("items", query)
        seen += keys(page)
        query = links(page).get("next", "")
    assert sorted(seen) == sorted(key_of(number) for number in range(57))


def test_point_52_item_keys(client: Client):
    client.server.put(HOME, [article(number) for number in range(110)])
    some = [key_of(number) for number in (3, 50)]
    assert set(client.versions(f"itemKey={','.join(some)}")) == set(some)
    assert set(client.versions(f"itemKey={some[0]},nope,ZZZZZZZ9")) == {some[0]}
    assert client.versions("itemKey=ZZZZZZZ9") == {}
    for none in ("nope", some[0].lower(), f"{some[0]}%20{some[1]}"):
        whole = client.get("items", f"format=versions&itemKey={none}")
        assert whole.headers["Total-Results"] == "110", "no well-formed key is no filter"
        assert len(whole.json()) == 100
    assert len(client.versions("itemKey=")) == 110
    thirty = ",".join(key_of(number) for number in range(30))
    assert len(client.get("items", f"itemKey={thirty}").json()) == 30, "the default limit is 100 here"
    many = client.get("items", "format=versions&itemKey=" + ",".join(key_of(number) for number in range(101)))
    assert (len(many.json()), many.headers["Total-Results"]) == (100, "101")


def test_point_53_formats(shelf: Client):
    assert shelf.versions("since=4") == {key_of(3): 5, key_of(4): 6}
    assert shelf.versions("since=99") == {}
    text = shelf.get("items", "format=keys&sort=title")
    assert text.text == "".join(f"{key_of(number)}\n" for number in range(5))
    assert text.headers["Content-Type"] == "text/plain;charset=UTF-8"
    assert shelf.get("items", "format=keys&since=99").text == "\n"
    for path, query, message in (
        ("items", "format=nosuch", "Invalid 'format' value 'nosuch'"),
        (f"items/{key_of(0)}", "format=versions", "Invalid 'format' value 'versions'"),
        ("items", "since=abc", "Invalid value for 'since' parameter"),
        ("items", "sort=nosuch", "Invalid 'sort' value 'nosuch'"),
    ):
        answer = shelf.get(path, query)
        assert (answer.status, answer.text) == (400, message)


def test_point_53_csl(shelf: Client):
    creators = [{"creatorType": "author", "firstName": "A.", "lastName": "Author"}]
    shelf.server.edit(HOME, key_of(0), creators=creators, date="2019-05", publicationTitle="Journal", pages="1-2")
    csl = shelf.get(f"items/{key_of(0)}", "include=data,csljson").json()["csljson"]
    assert csl["id"] == f"7/{key_of(0)}"
    assert (csl["type"], csl["container-title"], csl["page"]) == ("article-journal", "Journal", "1-2")
    assert csl["author"] == [{"family": "Author", "given": "A."}]
    assert csl["issued"] == {"date-parts": [[2019, 5]]}
    assert shelf.get("items", f"format=csljson&itemKey={key_of(0)}").json() == {"items": [csl]}


def test_point_54_head(shelf: Client):
    for path, query in (("items", "limit=2"), (f"items/{key_of(0)}", ""), ("items", "format=versions")):
        head, get = shelf.send("HEAD", path, query), shelf.get(path, query)
        assert (head.status, head.headers, head.body) == (200, get.headers, b"")
    assert shelf.send("HEAD", "items/ZZZZZZZ9").status == 404


def test_order_is_by_last_change_first_unless_asked(shelf: Client, clock: Clock):
    clock.now += 10
    shelf.server.edit(HOME, key_of(2), issue="2")
    assert keys(shelf.get("items"))[0] == key_of(2)
    assert keys(shelf.get("items", "sort=dateModified&direction=asc"))[-1] == key_of(2)
    shelf.server.edit(HOME, key_of(4), date="1999", creators=[{"creatorType": "author", "name": "Aaron"}])
    for sort in ("date", "creator"):
        assert keys(shelf.get("items", f"sort={sort}&direction=desc"))[0] == key_of(4)


def test_filters(shelf: Client):
    shelf.server.put(HOME, [{"key": "NNNNNNN2", "itemType": "note", "note": "x"}])
    shelf.server.edit(HOME, key_of(1), tags=[{"tag": "a"}, {"tag": "b"}])
    shelf.server.edit(HOME, key_of(2), tags=[{"tag": "b"}])
    assert keys(shelf.get("items", "itemType=note")) == ["NNNNNNN2"]
    assert "NNNNNNN2" not in keys(shelf.get("items", "itemType=-attachment%20%7C%7C%20note"))
    assert keys(shelf.get("items", "tag=a&tag=b")) == [key_of(1)]
    assert set(keys(shelf.get("items", "tag=a%20%7C%7C%20b"))) == {key_of(1), key_of(2)}
    assert keys(shelf.get("items", "q=part%203")) == [key_of(3)]
    tags = shelf.get("tags").json()
    assert [(tag["tag"], tag["meta"]["numItems"]) for tag in tags] == [("a", 1), ("b", 2)]


def test_collections(shelf: Client):
    made = shelf.post(
        [
            {"key": "CCCCCCC2", "version": 0, "name": "Outer"},
            {"key": "CCCCCCC3", "version": 0, "name": "Inner", "parentCollection": "CCCCCCC2"},
        ],
        "collections",
    )
    assert set(made.json()["success"]) == {"0", "1"}
    shelf.server.edit(HOME, key_of(0), collections=["CCCCCCC3"])
    assert keys(shelf.get("collections/CCCCCCC3/items")) == [key_of(0)]
    assert keys(shelf.get("collections/CCCCCCC2/items")) == [], "not recursive"
    assert keys(shelf.get("collections/top")) == ["CCCCCCC2"]
    assert keys(shelf.get("collections/CCCCCCC2/collections")) == ["CCCCCCC3"]
    assert shelf.get("collections/CCCCCCC3").json()["meta"] == {"numCollections": 0, "numItems": 1}
    version = shelf.data(key_of(0))["version"]
    assert shelf.delete("collections/CCCCCCC2", If_Unmodified_Since_Version=100).status == 204
    assert (shelf.data(key_of(0))["collections"], shelf.data(key_of(0))["version"]) == ([], version)
    assert shelf.get("deleted", "since=9").json()["collections"] == ["CCCCCCC2", "CCCCCCC3"]


def test_groups(client: Client):
    groups = client.get("/users/7/groups")
    assert {group["id"]: group["data"]["name"] for group in groups.json()} == {70: "Reading Room", 80: "Open Shelf"}
    assert client.get("/users/7/groups", "format=versions").json() == {"70": 1, "80": 1}
    assert client.get("/groups/70").json()["data"]["libraryEditing"] == "members"
    assert [group["id"] for group in Client(client.server, None).get("/users/7/groups").json()] == [80]


def test_the_schema_and_what_is_made_of_it(client: Client):
    nobody = Client(client.server, None)
    published = nobody.get("/schema").json()
    assert (published["version"], len(published["itemTypes"])) == (VERSION, len(TYPES)) == (41, 40)
    assert len(nobody.get("/itemTypes").json()) == 40
    assert len(nobody.get("/itemFields").json()) == 121
    fields = nobody.get("/itemTypeFields", "itemType=case").json()
    assert fields[0] == {"field": "caseName", "localized": "Case Name"}
    assert nobody.get("/itemTypeCreatorTypes", "itemType=film").json()[0]["creatorType"] == "director"
    assert nobody.get("/items/new", "itemType=nosuch").text == "Invalid item type 'nosuch'"
    assert "label" not in nobody.get("/items/new", "itemType=book").json()


def test_an_older_schema_hides_newer_empty_fields(shelf: Client):
    shelf.server.edit(HOME, key_of(1), PMID="123")
    assert "PMID" not in shelf.get(f"items/{key_of(0)}", Zotero_Schema_Version=25).json()["data"]
    assert shelf.get(f"items/{key_of(1)}", Zotero_Schema_Version=25).json()["data"]["PMID"] == "123"
    assert "PMID" in shelf.get(f"items/{key_of(0)}", Zotero_Schema_Version=41).json()["data"]
