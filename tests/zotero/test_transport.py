"""The transport: it waits as the server says, and lets nothing harmful through."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest

from reflint.zotero.transport import Busy, NotPermitted, Paced


class Answers(httpx2.BaseTransport):
    """Gives prepared answers, and remembers what it was asked."""

    def __init__(self, *answers: httpx2.Response) -> None:
        self.answers: Iterator[httpx2.Response] = iter(answers)
        self.asked: list[httpx2.Request] = []

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        request.read()
        self.asked.append(request)
        return next(self.answers)


class Clock:
    """A clock that stands still but for sleeping."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


def client(inner: Answers) -> tuple[httpx2.Client, Clock, Paced]:
    clock = Clock()
    paced = Paced(inner, clock=lambda: clock.now, sleep=clock.sleep)
    return httpx2.Client(transport=paced, base_url="https://zotero.example"), clock, paced


def answer(status: int = 200, **headers: str) -> httpx2.Response:
    return httpx2.Response(status, headers={k.replace("_", "-"): v for k, v in headers.items()}, json={})


def test_backoff_holds_the_next_request_back() -> None:
    web, clock, _ = client(Answers(answer(Backoff="7"), answer()))
    first = web.get("/users/1/items")
    assert (clock.slept, "Backoff" in first.headers) == ([], False)
    web.get("/users/1/items")
    assert clock.slept == [7]


@pytest.mark.parametrize("status", [429, 503])
def test_a_busy_server_gets_the_same_request_again(status: int) -> None:
    inner = Answers(answer(status, Retry_After="3"), answer(status), answer())
    web, clock, paced = client(inner)
    paced.write_token = "0123456789abcdef"
    body = json.dumps([{"key": "ABCD2345", "version": 3, "pages": "1"}])
    assert web.post("/users/1/items", content=body).status_code == 200
    assert clock.slept == [3, 60]
    assert {request.content for request in inner.asked} == {body.encode()}
    assert {request.headers["Zotero-Write-Token"] for request in inner.asked} == {"0123456789abcdef"}


def test_a_server_that_stays_busy_is_given_up() -> None:
    web, clock, paced = client(Answers(*(answer(429) for _ in range(9))))
    with pytest.raises(Busy):
        web.get("/users/1/items")
    assert (clock.slept, paced.requests) == ([30, 60, 300], 4)


def test_retry_after_may_be_a_date_or_nonsense() -> None:
    web, clock, _ = client(
        Answers(answer(429, Retry_After="Wed, 21 Oct 2015 07:28:00 GMT"), answer(429, Retry_After="soon"), answer())
    )
    web.get("/users/1/items")
    assert clock.slept == [30, 60]


def test_the_user_agent_does_not_name_zotero() -> None:
    inner = Answers(answer())
    client(inner)[0].get("/users/1/items", headers={"User-Agent": "Zotero"})
    assert inner.asked[0].headers["User-Agent"].startswith("reflint/")  # zotero.md 2.8: it would keep dateModified


GOOD = {"key": "ABCD2345", "version": 3, "pages": "1"}


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PUT", "/users/1/items/ABCD2345", GOOD),
        ("PATCH", "/users/1/items/ABCD2345", GOOD),
        ("DELETE", "/users/1/items/ABCD2345", None),
        ("POST", "/users/1/collections", [GOOD]),
        ("POST", "/users/1/items", GOOD),
        ("POST", "/users/1/items", [GOOD] * 2),
        ("POST", "/users/1/items", [{**GOOD, "key": f"ABCD{n:04}"} for n in range(51)]),
        ("POST", "/users/1/items", [{"itemType": "book"}]),
        ("POST", "/users/1/items", [{"key": "ABCD2345", "pages": "1"}]),
        *(
            ("POST", "/users/1/items", [{**GOOD, name: value}])
            for name, value in {
                "version": 0, "itemType": "book", "collections": [], "relations": {}, "deleted": 1, "parentItem": "x",
                "inPublications": True, "dateModified": "",
            }.items()
        ),
    ],
)  # fmt: skip
def test_what_could_harm_never_leaves(method: str, path: str, body: Any) -> None:
    inner = Answers(answer())
    with pytest.raises(NotPermitted):
        client(inner)[0].request(method, path, json=body)
    assert inner.asked == []


def test_a_batch_guarded_by_the_library_version_never_leaves() -> None:
    inner = Answers(answer())
    with pytest.raises(NotPermitted):
        client(inner)[0].post("/users/1/items", json=[GOOD], headers={"If-Unmodified-Since-Version": "3"})
    assert inner.asked == []


def test_patches_and_the_empty_probe_pass() -> None:
    inner = Answers(answer(), answer())
    web, _, _ = client(inner)
    web.post("/groups/1/items", json=[])
    web.post("/groups/1/items", json=[GOOD])
    assert [json.loads(request.content) for request in inner.asked] == [[], [GOOD]]
