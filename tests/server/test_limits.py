"""What a request may cost: bytes, records, depth, time, memory, a place in the line. Each limit is gone over."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from reflint.server.bodies import nesting
from reflint.server.config import Limits
from tests.server.backend import CLIENT, JSON, Backend, done, files, job_of, received, served

SMALL = Limits(document=100_000, json=50_000, records=20, at_once=5, depth=10, body_seconds=0.5)
RIS = "TY  - JOUR\nTI  - Tides of a narrow sea\nPY  - 2019\nER  - \n"


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Backend]:
    with served(tmp_path_factory.mktemp("small"), limits=SMALL) as found:
        yield found


def head(backend: Backend, path: str, *lines: str, type: str = "application/json") -> bytes:
    given = (
        f"POST {path} HTTP/1.1",
        f"Host: 127.0.0.1:{backend.port}",
        f"Authorization: Bearer {backend.token}",
        f"{CLIENT}: tests",
        f"Content-Type: {type}",
        "Connection: close",
        *lines,
        "",
        "",
    )
    return "\r\n".join(given).encode()


def chunked(size: int) -> bytes:
    piece = b"x" * 10_000
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for _ in range(size // len(piece))) + b"0\r\n\r\n"


@pytest.mark.parametrize(("path", "most"), [("/v1/lint", SMALL.json), ("/v1/documents", SMALL.document)])
def test_a_body_that_says_it_is_too_large_is_not_read(small: Backend, path: str, most: int) -> None:
    answer = small.raw(head(small, path, f"Content-Length: {most + 1}"))
    assert answer.problem["status"] == 413
    assert f"{most:,}" in answer.problem["detail"]


@pytest.mark.parametrize(("path", "most"), [("/v1/lint", SMALL.json), ("/v1/documents", SMALL.document)])
def test_a_body_that_turns_out_too_large_is_cut(small: Backend, path: str, most: int) -> None:
    answer = small.raw(head(small, path, "Transfer-Encoding: chunked"), then=chunked(most + 10_000))
    assert answer.status == 413


def test_a_body_of_just_the_size_is_taken(small: Backend) -> None:
    text = json.dumps({"format": "ris", "text": RIS}).encode()
    with small.client() as client:
        assert client.post("/v1/lint", content=text.ljust(SMALL.json), headers=JSON).status_code == 200


def test_a_body_that_comes_too_slowly_is_not_waited_for(small: Backend) -> None:
    with socket.create_connection(("127.0.0.1", small.port), 30) as connection:
        connection.sendall(head(small, "/v1/lint", "Content-Length: 100") + b"{")
        answer = received(connection)
    assert answer.problem["status"] == 408
    assert answer.headers["connection"] == "close"


def test_a_body_that_breaks_off_leaves_nothing_behind(small: Backend) -> None:
    before = files(small)
    with socket.create_connection(("127.0.0.1", small.port), 30) as connection:
        connection.sendall(head(small, "/v1/documents", "Content-Length: 5000") + b"TY  - JOUR\n")
    with small.client() as client:
        for _ in range(1000):
            if files(small) <= before:
                break
            client.get("/healthz")
    assert files(small) <= before


@pytest.mark.parametrize(
    "body", [b"", b"{", b"nonsense", b'"text', b'{"format": NaN}', b"\xff\xfe{}", b'{"a": "\\ud800"}']
)
def test_what_is_no_json_is_said_to_be_none(small: Backend, body: bytes) -> None:
    answer = small.request("POST", "/v1/lint", body, Content_Length=str(len(body)), **JSON, **own(small))
    assert answer.status in (400, 422)
    assert "JSON" in answer.problem["detail"] or "\\ud800" not in answer.problem["detail"]


def own(backend: Backend) -> dict[str, str]:
    return {"Authorization": f"Bearer {backend.token}", CLIENT: "tests"}


@pytest.mark.parametrize("depth", [11, 60, 20_000])
def test_json_that_is_too_deep_is_refused(small: Backend, depth: int) -> None:
    body = b'{"format": "csl", "records": ' + b"[" * depth + b"]" * depth + b"}"
    answer = small.request("POST", "/v1/lint", body, **JSON, **own(small))
    assert answer.problem["status"] == 400
    assert "deep" in answer.problem["detail"]


@pytest.mark.parametrize(
    ("text", "deep"),
    [
        (b"[]", 1),
        (b'{"a": [1, {"b": 2}]}', 3),
        (b'"[[[["', 0),
        (b'"\\"[[["', 0),
        (b'["[", [["\\\\"]]]', 3),
        (b'"[[', 0),
    ],
)
def test_brackets_in_strings_nest_nothing(text: bytes, deep: int) -> None:
    assert nesting(text) == deep


def test_nesting_takes_no_longer_for_a_hostile_text() -> None:
    assert nesting(b'"\\"' * 300_000) == 0  # quadratic, this would not end today


@pytest.mark.parametrize("path", ["/v1/lint", "/v1/dedupe"])
def test_too_many_records_are_refused(small: Backend, path: str) -> None:
    with small.client() as client:
        for body in ({"format": "csl", "records": [{}] * 21}, {"format": "ris", "text": RIS * 21}):
            answer = client.post(path, json=body)
            assert answer.status_code == 413
            assert "20 records" in answer.json()["detail"]


def test_a_document_of_too_many_records_is_refused(small: Backend) -> None:
    with small.client() as client:
        for name, data in (("a.ris", (RIS * 21).encode()), ("a.csl.json", b"[" + b"{}," * 20 + b"{}]")):
            answer = client.post("/v1/documents", params={"name": name}, content=data, headers=JSON)
            found = done(client, job_of(answer))
            assert (found["state"], found["error"]["status"]) == ("failed", 422)
            assert "20 records" in found["error"]["detail"]


def test_more_than_a_handful_of_records_becomes_a_job(small: Backend) -> None:
    with small.client() as client:
        at_once = client.post("/v1/lint", json={"format": "ris", "text": RIS * 5})
        job = client.post("/v1/lint", json={"format": "ris", "text": RIS * 6})
        assert at_once.status_code == 200
        found = done(client, job_of(job))
    assert found["state"] == "done"
    assert found["result"]["summary"]["records"] == 6
    assert found["result"]["patches"]


@pytest.mark.parametrize(
    "config",
    [
        {"profile": "none"},
        {"select": ["NOPE123"]},
        {"baseline": "/etc/passwd"},
        {"extend": "/etc/passwd"},
        {"online": True},
        {"mailto": "somebody@example.org"},
        {"zotero": {}},
        {"options": {"DOI001": {"nonsense": 1}}},
        {"severity": {"DOI001": "fatal"}},
        {"ignore": [{"rules": ["DOI001"], "doi": "10.5555/x"}]},
    ],
)
def test_settings_that_are_none_of_a_request_are_refused(small: Backend, config: dict[str, object]) -> None:
    with small.client() as client:
        answer = client.post("/v1/lint", json={"format": "ris", "text": RIS, "config": config})
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_task_that_takes_too_long_is_stopped_and_the_next_is_served(tmp_path: Path) -> None:
    with (
        served(tmp_path, limits=Limits(quick_seconds=0.0, job_seconds=0.0, at_once=0)) as backend,
        backend.client() as client,
    ):
        answer = client.post("/v1/fix", json={"format": "ris", "text": RIS, "accept": "safe"})
        assert answer.status_code == 422
        assert "longer than 0 seconds" in answer.json()["detail"]
        found = done(client, job_of(client.post("/v1/lint", json={"format": "ris", "text": RIS})))
        assert (found["state"], found["error"]["status"]) == ("failed", 422)
        assert client.get("/healthz").status_code == 200


def test_a_task_that_wants_too_much_memory_fails_alone(tmp_path: Path) -> None:
    limits = Limits(memory=200 << 20)
    with served(tmp_path, limits=limits) as backend, backend.client() as client:
        large = b'[{"id": "a", "type": "book", "abstract": "%s"}]' % (b"sand " * 10_000_000)
        answer = client.post("/v1/documents?name=a.csl.json", content=large, headers=JSON)
        found = done(client, job_of(answer))
        assert found["state"] == "failed"
        assert "memory" in found["error"]["detail"]
        again = client.post("/v1/lint", json={"format": "ris", "text": RIS})
        assert again.status_code == 200
