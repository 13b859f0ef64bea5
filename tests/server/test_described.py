"""The whole way of a plugin, by a client that has nothing but the OpenAPI document; each refusal of each kind."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from reflint.server import examples
from reflint.server.config import Limits
from reflint.server.problems import MEDIA_TYPE, REFUSALS
from tests.server.backend import CLIENT, JSON, Backend, job_of, served
from tests.server.described import DOCUMENT, OPERATIONS, ask, faults, hold, refused, resolved
from tests.servers.zotero.serve import listening
from tests.servers.zotero.state import Server
from tests.word.builder import docx, p, r

RIS = "TY  - JOUR\nTI  - Tides of a narrow sea\nT2  - Letters on Fog\nPY  - 2019\nSP  - 330-7\nER  - \n"
OCTETS = {"Content-Type": "application/octet-stream"}
PAPER = docx(p(r("Sand moves, and so do tides (Diaz 2001).")))
LIBRARY = "zotero:groups/70"
ITEM = {"itemType": "journalArticle", "title": "Tides", "date": "2019", "pages": "330-7", "DOI": "10.5555/tides"}
BODIES = [
    (name, shown, example["value"])
    for name, (_, _, operation) in OPERATIONS.items()
    for content in operation.get("requestBody", {}).get("content", {}).values()
    for shown, example in content.get("examples", {}).items()
]


def finished(client: httpx2.Client, job: str) -> dict[str, Any]:
    """A job that is over, by its events."""
    hold("events", client.get(f"/v1/jobs/{job}/events"))
    found: dict[str, Any] = ask(client, "job", id=job).json()
    return found


def uploaded(client: httpx2.Client, data: str | bytes = RIS, name: str = "a.ris") -> str:
    return job_of(ask(client, "upload", params={"name": name}, content=data, headers=OCTETS))


# -- what goes well ---------------------------------------------------------------------------------------------------


def test_rules_settings_and_health(client: httpx2.Client) -> None:
    assert ask(client, "health").json()["name"] == "reflint"
    for rule in ask(client, "all_rules").json()["rules"]:
        assert ask(client, "one_rule", code=rule["id"]).json()["slug"] == rule["slug"]
    schema = ask(client, "config_schema").json()
    assert not faults(schema, {"extend-select": ["DOI001"]})
    assert faults(schema, {"extend_select": ["DOI001"]})


def test_a_page_logs_in_and_out(client: httpx2.Client, backend: Backend) -> None:
    code = ask(client, "new_code").json()["code"]
    with httpx2.Client(base_url=backend.url, headers={CLIENT: "page"}, trust_env=False) as page:
        csrf = ask(page, "login", {"code": code}).headers["x-reflint-csrf"]
        refused(page, "lint", 403, {"format": "ris", "text": RIS})
        page.headers["X-Reflint-CSRF"] = csrf
        assert ask(page, "lint", {"format": "ris", "text": RIS}).status_code == 200
        refused(page, "new_code", 403)
        ask(page, "logout")
        refused(page, "all_rules", 401)


def test_records_are_checked_repaired_and_compared(client: httpx2.Client) -> None:
    found = ask(client, "lint", {"format": "ris", "text": RIS}).json()
    safe = [one["fingerprint"] for one in found["patches"] if one["safety"] == "safe"]
    repaired = ask(client, "fix", {"format": "ris", "text": RIS, "accept": safe}).json()
    assert repaired["applied"] == safe
    assert "EP  - 337" in repaired["text"]
    assert ask(client, "dedupe", {"format": "ris", "text": RIS * 2}).json()["groups"]


@pytest.mark.parametrize("format", ["zotero", "csl"])
def test_the_patches_of_a_lint_are_taken_as_they_are(client: httpx2.Client, format: str) -> None:
    item = ITEM if format == "zotero" else {"id": "a", "type": "article-journal", "title": "Tides", "page": "330-7"}
    found = ask(client, "lint", {"format": format, "records": [item]}).json()
    by_patches = ask(client, "fix", {"format": format, "record": item, "patches": found["patches"]}).json()
    by_findings = ask(client, "fix", {"format": format, "record": item, "accept": "safe"}).json()
    assert by_patches["skipped"] == []
    assert by_patches["record"] == by_findings["record"] != item


@pytest.mark.parametrize("operation", ["lint", "dedupe"])
def test_many_records_are_a_job(client: httpx2.Client, operation: str) -> None:
    job = finished(client, job_of(ask(client, operation, {"format": "ris", "text": RIS * 501})))
    assert (job["kind"], job["state"]) == (operation, "done")


def test_a_document_is_checked_repaired_and_forgotten(client: httpx2.Client) -> None:
    job = uploaded(client)
    findings = finished(client, job)["result"]["findings"]
    accept = [number for number, one in enumerate(findings) if one["fix"] and one["fix"]["safety"] == "safe"]
    assert "330-7" in ask(client, "preview", {"record": 0, "accept": accept}, job=job).json()["before"]
    copy = ask(client, "repaired", {"accept": accept}, job=job)
    assert copy.headers["x-reflint-repaired"] == str(len(accept))
    assert "EP  - 337" in copy.text
    refused(client, "annotated", 409, job=job)
    ask(client, "cancel", id=job)
    refused(client, "preview", 404, {"record": 0, "accept": []}, job=job)
    refused(client, "repaired", 404, {"accept": []}, job=job)
    refused(client, "annotated", 404, job=job)
    for operation in ("job", "cancel", "events"):
        refused(client, operation, 404, id=job)


def test_a_manuscript_is_checked_and_annotated(client: httpx2.Client) -> None:
    job = uploaded(client, PAPER, "paper.docx")
    assert finished(client, job)["result"]["format"] == "docx"
    assert ask(client, "annotated", job=job).headers["content-disposition"].endswith("paper.docx")
    refused(client, "repaired", 409, {"accept": []}, job=job)


def test_a_job_that_fails_says_why_as_a_refusal_does(client: httpx2.Client) -> None:
    job = finished(client, uploaded(client, "nothing of this kind"))
    assert (job["state"], job["error"]["status"]) == ("failed", 422)
    assert "result" not in job


# -- Zotero -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def library(tmp_path: Path) -> Iterator[tuple[httpx2.Client, Server]]:
    """A client of a backend whose Zotero has three items with abbreviated pages."""
    server = Server(None, limits=False)
    server.put("groups/70", [ITEM | {"volume": str(number)} for number in range(3)])
    with listening(server) as url, pytest.MonkeyPatch.context() as patch:
        patch.setenv("REFLINT_ZOTERO_ENDPOINT", url)
        patch.setenv("ZOTERO_API_KEY", server.keys["full"])
        patch.setenv("REFLINT_STATE_DIR", str(tmp_path / "state"))
        patch.setenv("REFLINT_CACHE_DIR", str(tmp_path / "cache"))
        with served(tmp_path) as backend, backend.client() as client:
            yield client, server


def test_a_library_from_plan_to_undo(library: tuple[httpx2.Client, Server]) -> None:
    client, _ = library
    asked = {"library": LIBRARY, "config": {"select": ["PAG003"]}}
    assert len(finished(client, job_of(ask(client, "zotero_check", asked)))["result"]["findings"]) == 3
    plan = finished(client, job_of(ask(client, "zotero_plan", asked)))["result"]
    change = {"library": LIBRARY, "patches": [patch_of(line) for line in plan["lines"]]}
    keys = [line["key"] for line in plan["lines"]]
    assert ask(client, "zotero_apply", change).json()["applied"] == keys
    written = finished(client, job_of(ask(client, "zotero_apply", change | {"dryRun": False})))["result"]
    undo = {"run": written["undo"]}
    assert ask(client, "zotero_undo", undo).json()["reverted"] == keys
    assert finished(client, job_of(ask(client, "zotero_undo", undo | {"dryRun": False})))["result"]["reverted"] == keys
    runs = {run["run"]: run.get("undoes") for run in ask(client, "zotero_runs").json()["runs"]}
    assert runs.keys() > {written["undo"]}
    assert set(runs.values()) == {None, written["undo"]}
    refused(client, "zotero_undo", 422, {"run": "none"})
    assert finished(client, job_of(ask(client, "zotero_check", {"library": "zotero:groups/999"})))["state"] == "failed"


def patch_of(line: dict[str, Any]) -> dict[str, Any]:
    """A line of a plan as the description of PlanLine says."""
    ops = [
        {"op": "set", "field": name, "before": line["expect"][name], "after": value}
        for name, value in line["set"].items()
    ]
    return {"record": line["key"], "version": line["version"], "ops": ops}


def test_no_other_name_of_the_dry_run_writes(library: tuple[httpx2.Client, Server]) -> None:
    client, server = library
    (key, *_), version = server.items("groups/70"), server.version("groups/70")
    op = {"op": "set", "field": "pages", "before": "330-7", "after": "330-337"}
    change = {"library": LIBRARY, "patches": [{"record": key, "version": version, "ops": [op]}]}
    for name in ("dry_run", "dryrun", "dry-run"):
        problem = refused(client, "zotero_apply", 422, change | {name: False})
        assert [error["at"] for error in problem["errors"]] == [name]
    assert server.version("groups/70") == version


# -- refusals ---------------------------------------------------------------------------------------------------------


def test_the_gate(client: httpx2.Client, backend: Backend) -> None:
    for operation, (_, path, _) in OPERATIONS.items():
        names = {name: "none" for name in ("code", "id", "job") if f"{{{name}}}" in path}
        refused(client, operation, 403, headers={"Origin": "https://evil.example"}, **names)
        refused(client, operation, 421, headers={"Host": "evil.example"}, **names)
        if operation in ("health", "login"):
            continue
        problem = refused(client, operation, 401, headers={"Authorization": "Bearer of-yesterday"}, **names)
        assert "token_file" in problem["detail"]
        with httpx2.Client(base_url=backend.url, trust_env=False) as nameless:
            assert CLIENT in refused(nameless, operation, 400, **names)["detail"]


WRONG: list[tuple[str, Any, list[str]]] = [
    ("lint", {}, ["format"]),
    ("lint", {"format": "bib"}, ["format"]),
    ("lint", {"format": "ris"}, ["text"]),
    ("lint", {"format": "ris", "text": RIS, "config": {"profile": "x"}}, ["config/profile"]),
    ("lint", {"format": "ris", "text": RIS, "config": {"extend_select": []}}, ["config/extend_select"]),
    ("lint", {"format": "csl", "records": [{}, 5]}, ["records/1"]),
    ("dedupe", {"format": "csl", "records": {}}, ["records"]),
    ("fix", {}, ["format", "record", "accept"]),
    ("fix", {"format": "ris", "text": RIS}, ["accept"]),
    ("fix", {"format": "ris", "text": RIS, "accept": ["x"]}, ["accept/0", "accept"]),
    (
        "fix",
        {"format": "csl", "record": {}, "patches": [{"ops": [{"op": "put", "field": "a"}]}]},
        ["patches/0/ops/0/op"],
    ),
    ("zotero_plan", {"library": LIBRARY, "unsafe": "no"}, ["unsafe"]),
    ("zotero_check", {"library": "groups/70"}, ["library"]),
    ("zotero_undo", {"batch": "x"}, ["run", "batch"]),
]


@pytest.mark.parametrize(("operation", "body", "places"), WRONG)
def test_a_body_of_another_shape_is_told_where(
    client: httpx2.Client, operation: str, body: object, places: list[str]
) -> None:
    problem = refused(client, operation, 422, body)
    assert [error["at"] for error in problem["errors"]] == places
    content = OPERATIONS[operation][2]["requestBody"]["content"]["application/json"]
    assert faults(content["schema"], body), "the schema refuses it, too"


_OP = {"op": "set", "field": "pages", "before": "330-7", "after": "330-337"}
_PATCH = {"record": "ABCD2345", "version": 7, "ops": [_OP]}
UNKNOWN: list[tuple[str, Any, list[str]]] = [
    ("lint", {"format": "ris", "text": RIS, "config": {"ignore": ["ABS", "NOPE1"]}}, ["config/ignore/1"]),
    ("lint", {"format": "csl", "records": [], "config": {"severity": {"NOPE": "off"}}}, ["config/severity/NOPE"]),
    ("fix", {"format": "ris", "text": RIS, "accept": "safe", "config": {"select": ["NOPE"]}}, ["config/select/0"]),
    (
        "zotero_check",
        {"library": LIBRARY, "config": {"options": {"DOI001": {"since": "2000", "until": 1}, "NOPE": {}}}},
        ["config/options/DOI001/since", "config/options/DOI001/until", "config/options/NOPE"],
    ),
    ("zotero_plan", {"library": LIBRARY, "config": {"extend-select": ["x"]}}, ["config/extend-select/0"]),
    (
        "zotero_apply",
        {"library": LIBRARY, "patches": [_PATCH, _PATCH | {"rules": ["PAG003", "x"]}]},
        ["patches/1/rules/1"],
    ),
]


@pytest.mark.parametrize(("operation", "body", "places"), UNKNOWN)
def test_rules_and_options_that_there_are_not_fail_the_request(
    client: httpx2.Client, operation: str, body: object, places: list[str]
) -> None:
    problem = refused(client, operation, 422, body)
    assert [error["at"] for error in problem["errors"]] == places


@pytest.mark.parametrize("operation", ["lint", "dedupe"])
def test_an_item_that_is_none_is_named_by_its_position(client: httpx2.Client, operation: str) -> None:
    body = {"format": "zotero", "records": [ITEM, ITEM, {"title": "Tides"}]}
    assert refused(client, operation, 422, body)["detail"] == "records/2: the item has no itemType"
    assert refused(client, operation, 422, body | {"format": "csl"})["detail"].startswith("the request is Zotero's own")


def test_the_item_of_a_fix_that_is_none_is_named(client: httpx2.Client) -> None:
    body = {"format": "zotero", "record": {"title": "Tides"}, "accept": "safe"}
    assert refused(client, "fix", 422, body)["detail"] == "record: the item has no itemType"


def test_a_query_that_the_api_does_not_have_is_refused(client: httpx2.Client) -> None:
    problem = refused(client, "upload", 422, params={"name": "a.ris", "ignroe": "X"}, content=RIS, headers=OCTETS)
    assert [error["at"] for error in problem["errors"]] == ["query/ignroe"]


def test_bodies_that_are_no_json(client: httpx2.Client) -> None:
    with_body = [name for name, (_, path, one) in OPERATIONS.items() if "requestBody" in one and "{" not in path]
    for operation in with_body:
        problem = refused(client, operation, 415, content="a=b", headers={"Content-Type": "text/plain"})
        assert "Content-Type is text/plain" in problem["detail"]
        packed = refused(client, operation, 415, content="{}", headers=JSON | {"Content-Encoding": "gzip"})
        assert "compressed" in packed["detail"]
        if operation != "upload":
            refused(client, operation, 400, content="{", headers=JSON)


def test_what_another_method_is_told(client: httpx2.Client) -> None:
    answer = client.get("/v1/lint")
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")
    assert answer.json()["detail"] == "/v1/lint takes POST, not GET"


def test_limits(tmp_path: Path) -> None:
    limits = Limits(json=200, document=200, records=1, body_seconds=0.2)
    with served(tmp_path, limits=limits) as backend, backend.client() as client:
        refused(client, "lint", 413, {"format": "ris", "text": RIS * 3})
        refused(client, "lint", 413, {"format": "csl", "records": [{}, {}]})
        refused(client, "upload", 413, content=RIS * 3, headers=OCTETS)
        head = f"POST /v1/lint HTTP/1.1\r\nHost: 127.0.0.1:{backend.port}\r\nContent-Type: application/json\r\n"
        own = "".join(f"{name}: {value}\r\n" for name, value in backend.headers.items())
        slow = backend.raw(f"{head}{own}Content-Length: 100\r\n\r\n{{".encode())
        assert slow.status == 408
        described = resolved(OPERATIONS["lint"][2]["responses"]["408"])["content"]
        assert not faults(described[MEDIA_TYPE]["schema"], slow.problem)


def test_a_full_line(tmp_path: Path) -> None:
    with served(tmp_path, limits=Limits(waiting=-2, waiting_quick=-2)) as backend, backend.client() as client:
        for operation, body in (
            ("lint", examples.LINT["RIS"]),
            ("dedupe", examples.DEDUPE["RIS"]),
            ("fix", examples.FIX["all that is safe"]),
            ("zotero_check", examples.CHECK["a group"]),
            ("zotero_plan", {"library": LIBRARY}),
            ("zotero_apply", examples.APPLY["a dry run"]),
            ("zotero_apply", examples.APPLY["written"]),
            ("zotero_undo", examples.UNDO["a dry run"]),
            ("zotero_undo", examples.UNDO["taken back"]),
        ):
            assert "again" in refused(client, operation, 503, body)["detail"]
        refused(client, "upload", 503, content=RIS, headers=OCTETS)


def test_a_full_line_before_what_is_done_at_once(tmp_path: Path) -> None:
    with served(tmp_path, limits=Limits(waiting_quick=-2)) as backend, backend.client() as client:
        job = uploaded(client)
        assert finished(client, job)["state"] == "done"
        refused(client, "preview", 503, {"record": 0, "accept": []}, job=job)
        refused(client, "repaired", 503, {"accept": []}, job=job)
        paper = uploaded(client, PAPER, "paper.docx")
        assert finished(client, paper)["state"] == "done"
        refused(client, "annotated", 503, job=paper)


# -- the document itself ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("operation", "body"), [pytest.param(name, body, id=f"{name}: {shown}") for name, shown, body in BODIES]
)
def test_each_example_is_taken(library: tuple[httpx2.Client, Server], operation: str, body: object) -> None:
    client, _ = library
    content = OPERATIONS[operation][2]["requestBody"]["content"]["application/json"]
    assert not faults(content["schema"], body)
    job = {}
    if "{job}" in OPERATIONS[operation][1]:
        job = {"job": uploaded(client)}
        finished(client, job["job"])
    answer = ask(client, operation, body, **job)
    no_such = {"login": 401, "zotero_undo": 422}  # code; run, which only a dry run looks for at once
    assert answer.is_success or answer.status_code == no_such.get(operation), answer.text
    if operation == "fix":
        assert answer.json()["patch"]["ops"]
        assert not answer.json().get("skipped")


def test_whoever_reads_a_json_body_shows_one() -> None:
    shown = {name for name, _, _ in BODIES}
    for name, (_, _, operation) in OPERATIONS.items():
        takes = operation.get("requestBody", {}).get("content", {})
        assert (name in shown) == (set(takes) == {"application/json"}), name


def test_every_body_has_a_name_for_those_who_make_clients_of_it() -> None:
    for name, (_, _, operation) in OPERATIONS.items():
        for type, content in operation.get("requestBody", {}).get("content", {}).items():
            alternatives = content["schema"].get("oneOf", [content["schema"]])
            assert ("$ref" in alternatives[0]) == (name != "upload"), (name, type)
    assert not [name for name in DOCUMENT["components"]["schemas"] if "__" in name]


def test_every_operation_says_what_it_needs_and_refuses() -> None:
    told = set()
    for name, (_, path, operation) in OPERATIONS.items():
        responses = operation["responses"]
        told |= {int(status) for status in responses if status >= "400"}
        assert {"403", "421", "500"} <= set(responses), name
        assert operation["summary"], name
        assert operation["tags"][0] in {tag["name"] for tag in DOCUMENT["tags"]}, name
        parameters = [resolved(one)["name"] for one in operation.get("parameters", [])]
        assert (CLIENT in parameters) == path.startswith("/v1/"), name
        assert operation["security"] or name in ("health", "login"), name
    assert told == set(REFUSALS)
    assert len(OPERATIONS) == sum(map(len, DOCUMENT["paths"].values())), "each has a name of its own"


def test_a_running_backend_describes_itself_at_its_own_address(client: httpx2.Client, backend: Backend) -> None:
    found = client.get("/v1/openapi.json").json()
    assert [server["url"] for server in found["servers"]] == [backend.url]
    assert found["paths"] == DOCUMENT["paths"]
