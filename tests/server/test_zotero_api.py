"""Zotero libraries over the API, on the faithful test server: two steps, before-values, undo, and a stop half way."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.server.backend import Backend, done, job_of, served
from tests.servers.zotero.messages import Request, Response
from tests.servers.zotero.serve import listening
from tests.servers.zotero.state import Server

LIBRARY = "zotero:groups/70"
OWN = "groups/70"


def article(number: int, pages: str = "330-7") -> dict[str, Any]:
    return {
        "itemType": "journalArticle",
        "title": f"Storm tides in narrow harbours, part {number}",
        "creators": [{"creatorType": "author", "firstName": "Ngozi", "lastName": "Okafor"}],
        "publicationTitle": "Letters on Fog",
        "date": "2014",
        "volume": str(number),
        "pages": pages,
        "DOI": f"10.5555/tides.{number}",
    }


@pytest.fixture
def zotero() -> Iterator[Server]:
    """A Zotero of our own, with six articles that have abbreviated page ranges."""
    server = Server(None, limits=False)
    server.put(OWN, [article(number) for number in range(6)])
    with listening(server) as url, pytest.MonkeyPatch.context() as patch:
        patch.setenv("REFLINT_ZOTERO_ENDPOINT", url)
        patch.setenv("ZOTERO_API_KEY", server.keys["full"])
        yield server


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache for all tests: each Zotero has a port of its own, and with it a reading of its own."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def backend(zotero: Server, tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Backend]:
    monkeypatch.setenv("REFLINT_STATE_DIR", str(tmp_path / "state"))
    monkeypatch.setenv("REFLINT_CACHE_DIR", str(cache))
    with served(tmp_path) as found:
        yield found


@pytest.fixture
def client(backend: Backend) -> Iterator[httpx2.Client]:
    with backend.client() as found:
        yield found


CONFIG = {"select": ["PAG003"]}


def result_of(client: httpx2.Client, path: str, **body: Any) -> Any:
    found = done(client, job_of(client.post(f"/v1/zotero/{path}", json=body)))
    assert found["state"] == "done", found
    return found["result"]


def planned(client: httpx2.Client) -> list[dict[str, Any]]:
    """The patches of a plan, as the review page makes them of its lines."""
    plan = result_of(client, "plan", library=LIBRARY, config=CONFIG)
    assert len(plan["lines"]) == 6
    assert plan["titles"].keys() == {line["key"] for line in plan["lines"]}
    return [
        {
            "record": line["key"],
            "version": line["version"],
            "ops": [
                {"op": "set", "field": name, "before": line["expect"][name], "after": value}
                for name, value in line["set"].items()
            ],
            "rules": line["rules"],
        }
        for line in plan["lines"]
    ]


def pages(zotero: Server) -> set[str]:
    return {data["pages"] for data in zotero.items(OWN).values()}


def test_a_library_is_checked(client: httpx2.Client) -> None:
    result = result_of(client, "check", library=LIBRARY, config=CONFIG)
    assert [one["rule"] for one in result["findings"]] == ["PAG003"] * 6
    assert {one["source"] for one in result["findings"]} == {LIBRARY}
    assert result["sources"][0]["format"] == "zotero"


def test_nothing_is_written_unless_it_is_said_so(client: httpx2.Client, zotero: Server) -> None:
    patches = planned(client)
    before = zotero.version(OWN)
    for more in ({}, {"dryRun": True}):
        answer = client.post("/v1/zotero/apply", json={"library": LIBRARY, "patches": patches, **more})
        assert answer.status_code == 200
        assert answer.json() == {"applied": [patch["record"] for patch in patches], "skipped": [], "undo": None}
    assert (pages(zotero), zotero.version(OWN)) == ({"330-7"}, before)
    assert client.get("/v1/zotero/runs").json() == {"runs": []}


@pytest.mark.parametrize("value", ["false", 0, None, "no"])
def test_only_a_plain_false_writes(client: httpx2.Client, zotero: Server, value: object) -> None:
    body = {"library": LIBRARY, "patches": planned(client), "dryRun": value}
    assert client.post("/v1/zotero/apply", json=body).status_code == 422
    assert pages(zotero) == {"330-7"}


def test_patches_are_written_and_taken_back(client: httpx2.Client, zotero: Server) -> None:
    patches = planned(client)
    applied = result_of(client, "apply", library=LIBRARY, patches=patches, dryRun=False)
    assert (sorted(applied["applied"]), applied["skipped"]) == ([patch["record"] for patch in patches], [])
    assert pages(zotero) == {"330-337"}
    (run,) = client.get("/v1/zotero/runs").json()["runs"]
    assert (run["run"], run["applied"], run["left"]) == (applied["undo"], 6, 0)

    undo = {"run": applied["undo"]}
    would = client.post("/v1/zotero/undo", json=undo)
    assert (would.status_code, sorted(would.json()["reverted"])) == (200, sorted(applied["applied"]))
    assert pages(zotero) == {"330-337"}
    reverted = result_of(client, "undo", **undo, dryRun=False)
    assert sorted(reverted["reverted"]) == sorted(applied["applied"])
    assert pages(zotero) == {"330-7"}


def test_only_the_accepted_patches_are_written(client: httpx2.Client, zotero: Server) -> None:
    patch = planned(client)[2]
    applied = result_of(client, "apply", library=LIBRARY, patches=[patch], dryRun=False)
    assert applied["applied"] == [patch["record"]]
    changed = {key for key, data in zotero.items(OWN).items() if data["pages"] == "330-337"}
    assert changed == {patch["record"]}


def test_a_patch_that_no_rule_proposes_is_not_held_against_the_rules(client: httpx2.Client, zotero: Server) -> None:
    (patch, *_) = planned(client)
    patch["ops"][0]["after"], patch["rules"] = "330-8", []
    applied = result_of(client, "apply", library=LIBRARY, patches=[patch], dryRun=False)
    assert (applied["applied"], applied.get("note")) == ([patch["record"]], None)


@pytest.mark.parametrize("dry", [True, False])
def test_what_was_changed_meanwhile_is_left_alone(client: httpx2.Client, zotero: Server, dry: bool) -> None:
    patches = planned(client)
    mine, gone = patches[0]["record"], "ZZZZ9999"
    zotero.edit(OWN, mine, pages="1-99")
    patches.append({**patches[1], "record": gone})
    body = {"library": LIBRARY, "patches": patches, "dryRun": dry}
    result = client.post("/v1/zotero/apply", json=body).json() if dry else result_of(client, "apply", **body)
    assert {one["key"] for one in result["skipped"]} == {mine, gone}
    assert all(one["reason"] for one in result["skipped"])
    assert len(result["applied"]) == 5
    assert zotero.items(OWN)[mine]["pages"] == "1-99"


def test_a_value_that_is_not_what_the_patch_says_is_left_alone(client: httpx2.Client, zotero: Server) -> None:
    (patch, *_) = planned(client)
    patch["ops"][0]["before"] = "something else"
    result = result_of(client, "apply", library=LIBRARY, patches=[patch], dryRun=False)
    assert (result["applied"], result["undo"]) == ([], None)
    assert "pages" in result["skipped"][0]["reason"]
    assert pages(zotero) == {"330-7"}


@pytest.mark.parametrize(
    ("field", "before", "after"),
    [
        ("itemType", "journalArticle", "book"),
        ("deleted", "", "1"),
        ("collections", [], []),
        ("nonsense", "", "x"),
        ("pages", "330-7", "330-7"),
    ],
)
def test_what_no_patch_may_change_is_not_changed(
    client: httpx2.Client, zotero: Server, field: str, before: object, after: object
) -> None:
    (patch, *_) = planned(client)
    patch["ops"] = [{"op": "set", "field": field, "before": before, "after": after}]
    before_all = zotero.items(OWN)
    result = result_of(client, "apply", library=LIBRARY, patches=[patch], dryRun=False)
    assert result["applied"] == []
    assert zotero.items(OWN) == before_all


def test_an_item_that_is_named_twice_is_refused(client: httpx2.Client, zotero: Server) -> None:
    (patch, *_) = planned(client)
    answer = client.post("/v1/zotero/apply", json={"library": LIBRARY, "patches": [patch, patch]})
    assert answer.status_code == 422
    assert "twice" in answer.json()["detail"]


@pytest.mark.parametrize(
    "library", ["groups/70", "zotero:nonsense", "zotero:groups/0", "file:///etc/passwd", "zotero:../70"]
)
def test_what_is_no_library_is_refused(client: httpx2.Client, library: str) -> None:
    for path in ("check", "plan"):
        assert client.post(f"/v1/zotero/{path}", json={"library": library}).status_code == 422


@pytest.mark.parametrize("run", ["nothing", "../../etc", "/tmp", ".", ""])
def test_a_run_that_is_none_is_refused(client: httpx2.Client, run: str) -> None:
    answer = client.post("/v1/zotero/undo", json={"run": run})
    assert answer.status_code == 422


def test_a_library_that_may_not_be_read_fails_the_job_without_the_key(client: httpx2.Client, zotero: Server) -> None:
    answer = client.post("/v1/zotero/check", json={"library": "zotero:groups/999999"})
    found = done(client, job_of(answer))
    assert (found["state"], found["error"]["status"]) == ("failed", 422)
    assert zotero.keys["full"] not in str(found)


def test_no_key_is_taken_over_http(client: httpx2.Client) -> None:
    for more in ({"key": "x" * 24}, {"api_key": "x" * 24}):
        assert client.post("/v1/zotero/check", json={"library": LIBRARY, **more}).status_code == 422


def test_a_shutdown_lets_the_batch_end_and_the_rest_can_be_resumed(
    zotero: Server, tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from reflint.app import libraries
    from reflint.app.libraries import Connection
    from reflint.app.settings import Settings

    zotero.put(OWN, [article(number) for number in range(6, 200)])
    handle = zotero.handle

    def slowly(request: Request, *rest: Any) -> Response:
        if request.method == "POST":
            time.sleep(0.3)  # longer than progress waits to be told again, however fast the machine
        return handle(request, *rest)

    monkeypatch.setattr(zotero, "handle", slowly)
    monkeypatch.setenv("REFLINT_STATE_DIR", str(tmp_path / "state"))
    monkeypatch.setenv("REFLINT_CACHE_DIR", str(cache))
    with served(tmp_path) as backend, backend.client() as client:
        plan = result_of(client, "plan", library=LIBRARY, config=CONFIG)
        patches = [
            {
                "record": line["key"],
                "version": line["version"],
                "ops": [
                    {"op": "set", "field": "pages", "before": line["expect"]["pages"], "after": line["set"]["pages"]}
                ],
                "rules": line["rules"],
            }
            for line in plan["lines"]
        ]
        body = {"library": LIBRARY, "patches": patches, "dryRun": False}
        job = job_of(client.post("/v1/zotero/apply", json=body))
        with client.stream("GET", f"/v1/jobs/{job}/events") as events:
            assert any("writing" in line for line in events.iter_lines())
    (run, wanted, state) = next(libraries.listed())
    assert not state.those("in doubt")
    written = sum(data["pages"] == "330-337" for data in zotero.items(OWN).values())
    assert written == len(state.those("applied"))
    assert 0 < written <= len(wanted)
    outcome = libraries.resume(run.id, Settings(), Connection())
    assert outcome.left == 0
    assert pages(zotero) == {"330-337"}


def test_a_cancelled_run_stops_behind_its_batch(client: httpx2.Client, zotero: Server) -> None:
    patches = planned(client)
    job = job_of(client.post("/v1/zotero/apply", json={"library": LIBRARY, "patches": patches, "dryRun": False}))
    state = client.delete(f"/v1/jobs/{job}").json()["state"]
    assert state in ("cancelled", "done")
    for run in client.get("/v1/zotero/runs").json()["runs"]:
        assert run["applied"] == sum(data["pages"] == "330-337" for data in zotero.items(OWN).values())
