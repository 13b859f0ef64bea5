"""Jobs on the real server: their line, their events, their end."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from reflint.server.config import Limits
from tests.server.backend import Backend, done, files, job_of, served

RIS = "TY  - JOUR\nTI  - Tides of a narrow sea\nPY  - 2019\nSP  - 330-7\nER  - \n"
OCTETS = {"Content-Type": "application/octet-stream"}
MANY = (RIS * 8_000).encode()
"""Takes a worker long enough to be met at it."""


def upload(client: httpx2.Client, data: bytes = RIS.encode(), name: str = "a.ris") -> str:
    return job_of(client.post("/v1/documents", params={"name": name}, content=data, headers=OCTETS))


def events(client: httpx2.Client, job: str, after: int | None = None) -> Iterator[tuple[int, str, str]]:
    """The events of a job: id, name, data."""
    headers = {} if after is None else {"Last-Event-ID": str(after)}
    with client.stream("GET", f"/v1/jobs/{job}/events", headers=headers) as answer:
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/event-stream")
        found: dict[str, str] = {}
        for line in answer.iter_lines():
            if line:
                name, _, value = line.partition(": ")
                found[name] = value
            elif "event" in found:
                yield int(found["id"]), found["event"], found["data"]
                found = {}


def test_events_count_up_and_end_with_done(client: httpx2.Client) -> None:
    job = upload(client, RIS.encode() * 3)
    found = list(events(client, job))
    assert [id for id, _, _ in found] == list(range(1, len(found) + 1))
    names = [name for _, name, _ in found]
    assert names[-1] == "done"
    assert set(names) == {"progress", "diagnostic", "done"}
    result = client.get(f"/v1/jobs/{job}").json()["result"]
    assert names.count("diagnostic") == len(result["findings"])


def test_the_diagnostics_are_the_findings_in_order(client: httpx2.Client) -> None:
    import json

    job = upload(client, RIS.encode() * 3)
    told = [json.loads(data) for _, name, data in events(client, job) if name == "diagnostic"]
    assert told == client.get(f"/v1/jobs/{job}").json()["result"]["findings"]


@pytest.mark.parametrize("after", [0, 1, 3])
def test_a_stream_goes_on_where_it_was_left(client: httpx2.Client, after: int) -> None:
    job = upload(client, RIS.encode() * 2)
    whole = list(events(client, job))
    assert list(events(client, job, after)) == whole[after:]


def test_a_stream_that_was_heard_to_its_end_has_no_more(client: httpx2.Client) -> None:
    job = upload(client)
    whole = list(events(client, job))
    assert list(events(client, job, len(whole))) == []
    assert list(events(client, job, len(whole) + 100)) == []


@pytest.mark.parametrize("header", ["-1", "x", "", "1e3", "99999999999999999999"])
def test_an_id_that_is_none_starts_from_the_beginning(client: httpx2.Client, header: str) -> None:
    job = upload(client)
    whole = list(events(client, job))
    with client.stream("GET", f"/v1/jobs/{job}/events", headers={"Last-Event-ID": header}) as answer:
        assert sum(line.startswith("id: ") for line in answer.iter_lines()) == len(whole)


def test_a_stream_that_hears_nothing_is_told_that_it_is_still_there(tmp_path: Path) -> None:
    limits = Limits(still_here_seconds=0.01)
    with served(tmp_path, limits=limits) as backend, backend.client() as client:
        job = upload(client, MANY)
        with client.stream("GET", f"/v1/jobs/{job}/events") as answer:
            assert any(line.startswith(": ") for line in answer.iter_lines())


def test_a_job_that_nobody_knows_is_not_found(client: httpx2.Client) -> None:
    for method, path in (("GET", ""), ("DELETE", ""), ("GET", "/events")):
        answer = client.request(method, f"/v1/jobs/nothing{path}")
        assert answer.status_code == 404
        assert answer.headers["content-type"] == "application/problem+json"


def test_polling_says_what_the_stream_says(client: httpx2.Client) -> None:
    job = upload(client, b"<html>no references</html>")
    *_, (_, name, data) = events(client, job)
    found = client.get(f"/v1/jobs/{job}").json()
    assert (name, found["state"]) == ("error", "failed")
    import json

    assert json.loads(data) == found["error"]
    assert found["error"]["status"] == 422


def test_a_running_job_is_cancelled_and_its_files_go(backend: Backend, client: httpx2.Client) -> None:
    before = files(backend)
    job = upload(client, MANY)
    heard = events(client, job)
    next(heard)
    assert client.delete(f"/v1/jobs/{job}").json()["state"] == "cancelled"
    *_, (_, name, _) = heard
    assert name == "error"
    found = client.get(f"/v1/jobs/{job}").json()
    assert (found["state"], found["error"]["status"]) == ("cancelled", 409)
    assert [name for _, name, _ in events(client, job)] == ["error"]
    assert files(backend) <= before
    assert client.post(f"/v1/documents/{job}/preview", json={"record": 0, "accept": []}).status_code == 409
    client.delete(f"/v1/jobs/{job}")
    assert client.get(f"/v1/jobs/{job}").status_code == 404


def test_a_job_that_is_over_is_forgotten_and_its_files_go(backend: Backend, client: httpx2.Client) -> None:
    before = files(backend)
    job = upload(client)
    assert done(client, job)["state"] == "done"
    assert client.delete(f"/v1/jobs/{job}").json()["state"] == "done"
    assert client.get(f"/v1/jobs/{job}").status_code == 404
    assert files(backend) <= before


def test_a_full_line_says_when_to_come_again_and_loses_nothing(tmp_path: Path) -> None:
    with served(tmp_path, limits=Limits(waiting=1)) as backend, backend.client() as client:
        jobs: list[str] = []
        refused = 0
        while not refused:
            answer = client.post("/v1/documents", params={"name": "a.ris"}, content=MANY, headers=OCTETS)
            if answer.status_code == 503:
                refused += 1
                assert int(answer.headers["retry-after"]) > 0
                assert answer.json()["title"] == "Service Unavailable"
            else:
                jobs.append(job_of(answer))
        assert len(jobs) >= 3  # two cores, one waits
        for job in jobs[1:]:
            client.delete(f"/v1/jobs/{job}")
        assert done(client, jobs[0])["state"] == "done"
        assert done(client, upload(client))["state"] == "done"


def test_finished_jobs_are_kept_up_to_a_number(tmp_path: Path) -> None:
    with served(tmp_path, limits=Limits(kept=2)) as backend, backend.client() as client:
        jobs = []
        for _ in range(4):
            jobs.append(upload(client))
            done(client, jobs[-1])
        assert [client.get(f"/v1/jobs/{job}").status_code for job in jobs[:2]] == [404, 404]
        assert client.get(f"/v1/jobs/{jobs[-1]}").json()["state"] == "done"


def test_finished_jobs_are_kept_for_a_time(tmp_path: Path) -> None:
    with served(tmp_path, limits=Limits(keep_seconds=-1)) as backend, backend.client() as client:
        before = files(backend)
        job = upload(client)
        list(events(client, job))
        assert client.get(f"/v1/jobs/{job}").status_code == 404
        assert files(backend) <= before


def test_two_clients_at_once_get_their_own_answers(backend: Backend) -> None:
    found: dict[str, list[str]] = {}

    def ask(title: str) -> None:
        with backend.client() as client:
            body = {"format": "ris", "text": RIS.replace("Tides", title)}
            answers = [client.post("/v1/lint", json=body).json() for _ in range(10)]
            found[title] = [answer["findings"][0]["record"]["title"] for answer in answers]

    threads = [threading.Thread(target=ask, args=(title,)) for title in ("Sands", "Winds", "Fogs")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {title: [f"{title} of a narrow sea"] * 10 for title in ("Sands", "Winds", "Fogs")}


def test_the_folder_goes_at_shutdown_also_under_a_running_job(tmp_path: Path) -> None:
    with served(tmp_path) as backend, backend.client() as client:
        upload(client, MANY)
        (folder,) = tmp_path.glob("reflint-serve-*")
        assert folder.stat().st_mode & 0o777 == 0o700
    assert not folder.exists()
