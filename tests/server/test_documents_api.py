"""Documents as bytes: checked, previewed, repaired, annotated, and refused where they are hostile."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import httpx2
import pytest
from jsonschema import Draft202012Validator

from reflint.app import api
from reflint.app.review import Review
from reflint.app.schemas import schemas
from reflint.app.settings import Settings
from tests.inputs import FIXTURES
from tests.server.backend import done, job_of
from tests.word.builder import cite, docx, field, item, p, r, zotero

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
TYPES = {
    ".docx": DOCX,
    ".odt": "application/vnd.oasis.opendocument.text",
    ".ris": "application/x-research-info-systems",
    ".json": "application/json",
    ".nbib": "application/nbib",
}
NO_REFERENCES = {"binary.ris", "not-ris-nbib.ris", "not-ris-wos.ris"}
FILES = sorted(path for path in FIXTURES.rglob("*") if path.suffix in TYPES)
FIELD = field(zotero(cite(item())), "(Okafor 2019)")
PAPER = docx(p(r("Sand moves "), FIELD, r(" and so do tides (Diaz 2001).")))


def upload(client: httpx2.Client, data: bytes, name: str, type: str = "application/octet-stream", **query: str) -> str:
    answer = client.post("/v1/documents", params={"name": name, **query}, content=data, headers={"Content-Type": type})
    return job_of(answer)


def checked(client: httpx2.Client, path: Path, **query: str) -> tuple[str, dict[str, Any]]:
    job = upload(client, path.read_bytes(), path.name, TYPES[path.suffix], **query)
    found = done(client, job)
    assert found["state"] == "done", found
    return job, found["result"]


@pytest.mark.parametrize("path", [path for path in FILES if path.name not in NO_REFERENCES], ids=lambda path: path.name)
def test_a_document_is_checked_as_on_the_command_line(client: httpx2.Client, path: Path) -> None:
    _, result = checked(client, path)
    format = result.pop("format")
    Draft202012Validator(schemas()["findings"]).validate(result)
    expected = [(one.rule, one.message, one.field) for one in api.check(path)]
    assert [(one["rule"], one["message"], one["field"]) for one in result["findings"]] == expected
    assert result["sources"][0]["source"] == path.name
    assert format == result["sources"][0]["format"]


@pytest.mark.parametrize("name", sorted(NO_REFERENCES))
def test_what_holds_no_references_fails_with_its_name(client: httpx2.Client, name: str) -> None:
    found = done(client, upload(client, (FIXTURES / name).read_bytes(), name))
    assert (found["state"], found["error"]["status"]) == ("failed", 422)
    assert found["error"]["detail"].startswith(f"{name}: ")


def test_there_are_fixtures_of_several_kinds() -> None:
    assert len({path.suffix for path in FILES}) >= 3


def test_rules_are_chosen_in_the_address(client: httpx2.Client) -> None:
    _, result = checked(client, FIXTURES / "pure.ris", select="ABS,PAG", ignore="ABS002", profile="strict")
    rules = {finding["rule"] for finding in result["findings"]}
    assert rules
    assert {rule[:3] for rule in rules} <= {"ABS", "PAG"}


@pytest.mark.parametrize(
    ("query", "places"),
    [
        ({"select": "NOPE1"}, ["query/select/0"]),
        ({"select": "ABS,NOPE1,PAG", "extend-select": "NOPE2"}, ["query/select/1", "query/extend-select/0"]),
        ({"ignore": ["ABS", "NOPE1"]}, ["query/ignore/1"]),
        ({"profile": "none"}, ["query/profile"]),
        ({"select": "x" * 200}, ["query/select/0"]),
    ],
)
def test_settings_that_there_are_not_fail_the_request_at_their_place(
    client: httpx2.Client, query: dict[str, str | list[str]], places: list[str]
) -> None:
    answer = client.post(
        "/v1/documents", params={"name": "a.ris", **query}, content=b"x", headers={"Content-Type": TYPES[".ris"]}
    )
    assert answer.status_code == 422
    assert [error["at"] for error in answer.json()["errors"]] == places


def test_a_record_is_shown_before_and_after(client: httpx2.Client) -> None:
    path = FIXTURES / "pure.ris"
    job, result = checked(client, path)
    numbers = [number for number, one in enumerate(result["findings"]) if one["fix"] and one["fix"]["safety"] == "safe"]
    review = Review(path.read_bytes(), path.name, Settings())
    for accept in ([], numbers[:1], numbers):
        answer = client.post(f"/v1/documents/{job}/preview", json={"record": 0, "accept": accept})
        assert answer.json() == review.preview(0, accept)._asdict()


def test_the_repaired_file_is_that_of_the_accepted_findings(client: httpx2.Client) -> None:
    path = FIXTURES / "pure.ris"
    job, result = checked(client, path)
    numbers = [number for number, one in enumerate(result["findings"]) if one["fix"] and one["fix"]["safety"] == "safe"]
    expected = Review(path.read_bytes(), path.name, Settings()).repaired(numbers)
    answer = client.post(f"/v1/documents/{job}/repaired", json={"accept": numbers})
    assert answer.content == expected.data
    assert answer.headers["x-reflint-repaired"] == str(len(expected.applied))
    assert answer.headers["content-disposition"] == "attachment; filename*=UTF-8''pure.ris"
    untouched = client.post(f"/v1/documents/{job}/repaired", json={"accept": []})
    assert untouched.content == path.read_bytes()


@pytest.mark.parametrize("path", ["preview", "repaired"])
def test_findings_and_records_that_do_not_exist_are_refused(client: httpx2.Client, path: str) -> None:
    job, _ = checked(client, FIXTURES / "pure.ris")
    body = {"accept": [10_000]} | ({"record": 0} if path == "preview" else {})
    assert client.post(f"/v1/documents/{job}/{path}", json=body).status_code == 422
    assert client.post(f"/v1/documents/{job}/preview", json={"record": 99, "accept": []}).status_code == 422


@pytest.mark.parametrize(("name", "data"), [("a.nbib", (FIXTURES / "pubmed.nbib").read_bytes()), ("a.docx", PAPER)])
def test_what_is_never_written_is_not_repaired(client: httpx2.Client, name: str, data: bytes) -> None:
    job = upload(client, data, name)
    assert done(client, job)["state"] == "done"
    answer = client.post(f"/v1/documents/{job}/repaired", json={"accept": []})
    assert answer.status_code == 409
    assert "never written" in answer.json()["detail"]


@pytest.mark.parametrize("name", ["paper.docx", "paper"])
def test_a_manuscript_comes_back_with_comments(client: httpx2.Client, name: str) -> None:
    job = upload(client, PAPER, name, DOCX)
    result = done(client, job)["result"]
    assert result["format"] == "docx"
    assert result["findings"]
    assert result["sources"][0]["manuscript"]["by_manager"]["zotero"] == 1
    answer = client.get(f"/v1/documents/{job}/annotated")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == DOCX
    assert "paper.docx" in answer.headers["content-disposition"]
    assert "word/comments.xml" in zipfile.ZipFile(io.BytesIO(answer.content)).namelist()


def test_comments_are_for_manuscripts_of_word(client: httpx2.Client) -> None:
    job, _ = checked(client, FIXTURES / "pure.ris")
    assert client.get(f"/v1/documents/{job}/annotated").status_code == 409


def test_a_job_about_records_is_no_document(client: httpx2.Client) -> None:
    many = {"format": "csl", "records": [{"id": n} for n in range(501)]}
    job = job_of(client.post("/v1/lint", json=many))
    assert client.post(f"/v1/documents/{job}/preview", json={"record": 0, "accept": []}).status_code == 409
    assert client.get(f"/v1/documents/{job}/annotated").status_code == 409


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd.ris", "passwd.ris"),
        ("C:\\Users\\me\\refs.ris", "refs.ris"),
        ("a\r\nSet-Cookie: x.ris", "aSet-Cookie: x.ris"),
        ("Literatur „neu“.ris", "Literatur „neu“.ris"),
        ("refs", "refs.ris"),
        ("/", "document.ris"),
    ],
)
def test_a_name_is_only_a_name(client: httpx2.Client, name: str, shown: str) -> None:
    job = upload(client, b"TY  - BOOK\nTI  - Tides\nER  - \n", name, TYPES[".ris"])
    assert done(client, job)["result"]["sources"][0]["source"] == shown
    answer = client.post(f"/v1/documents/{job}/repaired", json={"accept": []})
    assert "set-cookie" not in answer.headers
    assert "\n" not in answer.headers["content-disposition"]


# -- hostile documents ------------------------------------------------------------------------------------------------


def bomb() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        package.writestr("word/document.xml", b"<w>" + b" " * 400_000_000)
    return file.getvalue()


def escaping() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as package:
        package.writestr("word/document.xml", "<w/>")
        package.writestr("../../evil.txt", "x")
    return file.getvalue()


def entities() -> bytes:
    file = io.BytesIO()
    lines = "".join(f'<!ENTITY e{n + 1} "{f"&e{n};" * 10}">' for n in range(10))
    with zipfile.ZipFile(file, "w") as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        package.writestr("word/document.xml", f'<!DOCTYPE w [<!ENTITY e0 "x">{lines}]><w>&e10;</w>')
    return file.getvalue()


HOSTILE = {
    "bomb": bomb,
    "escaping": escaping,
    "entities": entities,
    "password": lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "EncryptedPackage".encode("utf-16-le"),
    "cut": lambda: PAPER[:-200],
    "empty": lambda: b"",
    "text": lambda: b"no package at all",
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_manuscript_is_refused_in_one_line(client: httpx2.Client, kind: str) -> None:
    found = done(client, upload(client, HOSTILE[kind](), "paper.docx", DOCX))
    assert found["state"] == "failed"
    error = found["error"]
    assert error["status"] == 422
    assert error["detail"].startswith("paper.docx: ")
    assert "\n" not in error["detail"]
    if kind == "password":
        assert "password" in error["detail"]
    assert client.get("/healthz").status_code == 200
