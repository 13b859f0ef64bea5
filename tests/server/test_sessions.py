"""Pages log in by a one-time code; what they may do then, and what they may not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from tests.server.backend import CLIENT, WAIT, Backend, served

CSRF = "X-Reflint-CSRF"


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Backend]:
    with served(tmp_path) as found:
        yield found


@pytest.fixture
def page(fresh: Backend) -> Iterator[httpx2.Client]:
    """A page that was opened in a browser, and did not log in yet."""
    headers = {CLIENT: "page", "Origin": fresh.url}
    with httpx2.Client(base_url=fresh.url, headers=headers, timeout=WAIT, trust_env=False) as found:
        yield found


def test_a_code_makes_a_session_that_may_read(fresh: Backend, page: httpx2.Client) -> None:
    assert page.get("/v1/rules").status_code == 401
    answer = page.post("/v1/login", json={"code": fresh.code})
    assert answer.status_code == 204
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("reflint_session=")
    for part in ("HttpOnly", "Path=/v1", "SameSite=strict"):
        assert part in cookie
    assert "Secure" not in cookie  # http on the loopback address
    assert page.get("/v1/rules").status_code == 200


def test_a_code_works_once(fresh: Backend, page: httpx2.Client) -> None:
    assert page.post("/v1/login", json={"code": fresh.code}).status_code == 204
    again = page.post("/v1/login", json={"code": fresh.code})
    assert again.status_code == 401
    assert "set-cookie" not in again.headers
    assert fresh.code not in again.text


@pytest.mark.parametrize("code", ["", "x", "é", "x" * 201])
def test_a_wrong_code_is_refused(page: httpx2.Client, code: str) -> None:
    answer = page.post("/v1/login", json={"code": code})
    assert answer.status_code in (401, 422)
    assert "set-cookie" not in answer.headers


def test_the_token_is_no_code(fresh: Backend, page: httpx2.Client) -> None:
    assert page.post("/v1/login", json={"code": fresh.token}).status_code == 401


@pytest.mark.parametrize("value", [None, "", "wrong"])
def test_a_session_changes_nothing_without_its_own_value(
    fresh: Backend, page: httpx2.Client, value: str | None
) -> None:
    page.post("/v1/login", json={"code": fresh.code})
    headers = {} if value is None else {CSRF: value}
    for method, path in (
        ("POST", "/v1/lint"),
        ("DELETE", "/v1/jobs/x"),
        ("POST", "/v1/zotero/apply"),
        ("POST", "/v1/logout"),
    ):
        answer = page.request(method, path, headers=headers)
        assert (answer.status_code, CSRF in answer.json()["detail"]) == (403, True)


def test_a_session_changes_with_its_own_value(fresh: Backend, page: httpx2.Client) -> None:
    value = page.post("/v1/login", json={"code": fresh.code}).headers[CSRF]
    records = {"format": "zotero", "records": []}
    assert page.post("/v1/lint", json=records, headers={CSRF: value}).status_code == 200
    assert page.post("/v1/logout", headers={CSRF: value}).status_code == 204
    assert page.get("/v1/rules").status_code == 401


def test_the_value_of_one_session_is_none_of_another(fresh: Backend, page: httpx2.Client) -> None:
    value = page.post("/v1/login", json={"code": fresh.code}).headers[CSRF]
    with fresh.client() as native:
        code = native.post("/v1/codes").json()["code"]
    with httpx2.Client(base_url=fresh.url, headers={CLIENT: "other"}, timeout=WAIT, trust_env=False) as other:
        assert other.post("/v1/login", json={"code": code}).status_code == 204
        assert other.post("/v1/logout", headers={CSRF: value}).status_code == 403


def test_a_page_is_given_no_codes(fresh: Backend, page: httpx2.Client) -> None:
    value = page.post("/v1/login", json={"code": fresh.code}).headers[CSRF]
    assert page.post("/v1/codes", headers={CSRF: value}).status_code == 403


def test_old_unused_codes_become_void(fresh: Backend, page: httpx2.Client) -> None:
    with fresh.client() as native:
        for _ in range(8):
            native.post("/v1/codes")
    assert page.post("/v1/login", json={"code": fresh.code}).status_code == 401


def test_a_cookie_is_no_help_to_another_site(fresh: Backend, page: httpx2.Client) -> None:
    value = page.post("/v1/login", json={"code": fresh.code}).headers[CSRF]
    answer = page.post("/v1/logout", headers={CSRF: value, "Origin": "https://evil.example"})
    assert answer.status_code == 403
    assert page.get("/v1/rules").status_code == 200


def test_a_cookie_that_is_garbage_is_no_session(fresh: Backend) -> None:
    for cookie in ("reflint_session=", "reflint_session=x", '=;=;"', "reflint_session=é"):
        assert fresh.request("GET", "/v1/rules", Cookie=cookie, X_Reflint_Client="t").status == 401


def test_two_pages_are_logged_in_at_once(fresh: Backend, page: httpx2.Client) -> None:
    page.post("/v1/login", json={"code": fresh.code})
    with fresh.client() as native:
        code = native.post("/v1/codes").json()["code"]
    with httpx2.Client(base_url=fresh.url, headers={CLIENT: "other"}, timeout=WAIT, trust_env=False) as other:
        other.post("/v1/login", json={"code": code})
        assert (page.get("/v1/rules").status_code, other.get("/v1/rules").status_code) == (200, 200)
