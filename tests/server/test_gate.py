"""The gate: every way in that is not a friend's is tried on the real server, over its socket."""

from __future__ import annotations

import socket

import pytest

from tests.server.backend import CLIENT, JSON, Backend, other_address, received

REFUSED = "requests of other sites are refused: Origin must be that of this server, or absent"
PATHS = ["/", "/healthz", "/static/index.html", "/v1/rules", "/v1/nothing", "/nothing", "/v1/jobs/none/events"]


def own(backend: Backend) -> dict[str, str]:
    return {"Authorization": f"Bearer {backend.token}", CLIENT: "tests"}


# -- host -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    "host",
    ["evil.example", "127.0.0.1", "127.0.0.1:1", "localhost", "localhost.evil.example:{}", "127.0.0.2:{}", "[::1]"],
)
def test_a_foreign_host_is_told_nothing(backend: Backend, host: str, path: str) -> None:
    answer = backend.request("GET", path, Host=host.format(backend.port), **own(backend))
    assert answer.problem["status"] == 421


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost", "[::1]", "LOCALHOST"])
def test_each_name_of_this_machine_is_served(backend: Backend, name: str) -> None:
    assert backend.request("GET", "/healthz", Host=f"{name}:{backend.port}").status == 200


def test_a_foreign_host_comes_before_token_and_body(backend: Backend) -> None:
    head = b"POST /v1/lint HTTP/1.1\r\nHost: evil.example\r\nContent-Type: text/plain\r\nContent-Length: 999999\r\n\r\n"
    assert backend.raw(head).problem["status"] == 421


def test_two_hosts_are_none(backend: Backend) -> None:
    head = f"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:{backend.port}\r\nHost: evil.example\r\n\r\n"
    assert backend.raw(head.encode()).status in (400, 421)


def test_an_absolute_address_does_not_stand_for_the_host(backend: Backend) -> None:
    head = f"GET http://127.0.0.1:{backend.port}/healthz HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"
    assert backend.raw(head.encode()).status == 421


def test_only_the_loopback_address_listens(backend: Backend) -> None:
    address = other_address()
    if address is None:
        pytest.skip("this machine has no other address")
    with pytest.raises(ConnectionRefusedError), socket.create_connection((address, backend.port), 10):
        pass


# -- origin -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    "origin",
    ["https://evil.example", "null", "http://127.0.0.1", "http://localhost:{}", "https://127.0.0.1:{}", "file://", "*"],
)
def test_a_foreign_origin_is_refused(backend: Backend, origin: str, path: str) -> None:
    answer = backend.request("GET", path, Origin=origin.format(backend.port), **own(backend))
    assert answer.problem["detail"] == REFUSED
    assert answer.status == 403
    assert "access-control-allow-origin" not in answer.headers


def test_a_foreign_origin_is_refused_before_its_body_is_read(backend: Backend) -> None:
    head = (
        f"POST /v1/lint HTTP/1.1\r\nHost: 127.0.0.1:{backend.port}\r\nOrigin: https://evil.example\r\n"
        f"Authorization: Bearer {backend.token}\r\n{CLIENT}: x\r\nContent-Type: application/json\r\n"
        "Content-Length: 1000000\r\n\r\n"
    )
    assert backend.raw(head.encode()).problem["status"] == 403  # not one byte of the body was sent


def test_the_own_origin_is_let_in(backend: Backend) -> None:
    answer = backend.request("GET", "/v1/rules", Origin=backend.url, **own(backend))
    assert answer.status == 200
    assert answer.headers["vary"] == "Origin"


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_browser_that_says_another_site_asks_is_believed(backend: Backend, site: str) -> None:
    answer = backend.request("GET", "/v1/rules", Sec_Fetch_Site=site, **own(backend))
    assert (answer.status, answer.problem["detail"]) == (403, REFUSED)


@pytest.mark.parametrize("origin", ["https://evil.example", "null"])
def test_a_foreign_preflight_is_never_granted(backend: Backend, origin: str) -> None:
    answer = backend.request(
        "OPTIONS",
        "/v1/lint",
        Origin=origin,
        Access_Control_Request_Method="POST",
        Access_Control_Request_Headers=CLIENT,
    )
    assert answer.status == 403
    assert not [name for name in answer.headers if name.startswith("access-control")]


def test_the_own_preflight_names_the_own_origin_and_no_other(backend: Backend) -> None:
    answer = backend.request("OPTIONS", "/v1/lint", Origin=backend.url, Access_Control_Request_Method="POST")
    assert answer.status == 204
    assert answer.headers["access-control-allow-origin"] == backend.url
    assert "access-control-allow-credentials" not in answer.headers
    assert CLIENT in answer.headers["access-control-allow-headers"]
    assert answer.headers["vary"] == "Origin"


# -- token and client header ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "given", ["", "Bearer", "Bearer ", "Bearer wrong", "Basic {}", "{}", "Bearer {}x", "Bearer é", "Bearer {} {}"]
)
def test_without_the_token_there_is_nothing(backend: Backend, given: str) -> None:
    answer = backend.request(
        "GET", "/v1/rules", Authorization=given.format(backend.token, backend.token), X_Reflint_Client="t"
    )
    assert answer.problem["status"] == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    assert backend.token not in answer.body.decode()


def test_the_token_is_asked_for_before_the_body(backend: Backend) -> None:
    head = (
        f"POST /v1/lint HTTP/1.1\r\nHost: 127.0.0.1:{backend.port}\r\n{CLIENT}: x\r\n"
        "Content-Type: application/json\r\nContent-Length: 1000000\r\n\r\n"
    )
    assert backend.raw(head.encode()).status == 401


@pytest.mark.parametrize("path", ["/v1/rules?token={}", "/v1/rules?access_token={}", "/v1/rules?code={}"])
def test_a_token_in_the_address_counts_for_nothing(backend: Backend, path: str) -> None:
    answer = backend.request("GET", path.format(backend.token), X_Reflint_Client="t")
    assert answer.status == 401


@pytest.mark.parametrize("path", ["/v1/rules", "/v1/nothing", "/v1", "/v1/login", "/v1/openapi.json"])
def test_the_client_header_is_asked_of_everybody(backend: Backend, path: str) -> None:
    answer = backend.request("GET", path, Authorization=f"Bearer {backend.token}")
    assert answer.problem["status"] == 400
    assert CLIENT in answer.problem["detail"]


@pytest.mark.parametrize(
    "path", ["/v1/nothing", "/v1/openapi.json", "/V1/rules", "/v1//rules", "//v1/rules", "/v1/../v1/rules"]
)
def test_no_spelling_of_a_path_goes_round_the_token(backend: Backend, path: str) -> None:
    answer = backend.request("GET", path, X_Reflint_Client="t")
    assert answer.status in (401, 404)
    assert b"DOI001" not in answer.body


# -- bodies -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "type",
    [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "",
        "text/json",
        "application/json5",
    ],
)
@pytest.mark.parametrize(
    "path", ["/v1/lint", "/v1/fix", "/v1/dedupe", "/v1/zotero/apply", "/v1/documents", "/v1/login"]
)
def test_what_a_plain_form_can_send_is_refused(backend: Backend, path: str, type: str) -> None:
    answer = backend.request("POST", path, b'{"format": "ris", "text": ""}', Content_Type=type, **own(backend))
    assert answer.problem["status"] == 415


def test_a_packed_body_is_refused(backend: Backend) -> None:
    answer = backend.request("POST", "/v1/lint", b"x", Content_Encoding="gzip", **JSON, **own(backend))
    assert answer.status == 415


# -- headers of every answer ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "path", "headers"),
    [
        ("GET", "/", {}),
        ("GET", "/healthz", {}),
        ("GET", "/nothing", {}),
        ("GET", "/static/nothing.js", {}),
        ("GET", "/v1/rules", {}),
        ("GET", "/healthz", {"Host": "evil.example"}),
        ("GET", "/healthz", {"Origin": "null"}),
        ("OPTIONS", "/v1/lint", {"Origin": "null", "Access-Control-Request-Method": "POST"}),
        ("PUT", "/healthz", {}),
        ("POST", "/v1/lint", {CLIENT: "x", "Content-Type": "text/plain"}),
    ],
)
def test_every_answer_has_the_headers(backend: Backend, method: str, path: str, headers: dict[str, str]) -> None:
    answer = backend.request(method, path, **headers)
    policy = answer.headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cache-control"] == "no-store"
    assert "server" not in answer.headers


# -- files ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        "/static/../app.py",
        "/static/%2e%2e/app.py",
        "/static/..%2fapp.py",
        "/static/%2e%2e%2f%2e%2e%2f__init__.py",
        "/static/..\\app.py",
        "/static//etc/passwd",
        "/static/%2fetc%2fpasswd",
        "/static/%00",
        "/static/" + "a" * 5000,
        "/static/.",
    ],
)
def test_no_path_leaves_the_static_folder(backend: Backend, path: str) -> None:
    answer = backend.request("GET", path)
    assert answer.status in (400, 404, 405)
    assert b"import" not in answer.body
    assert b"root:" not in answer.body


def test_what_is_no_http_ends_the_connection(backend: Backend) -> None:
    with socket.create_connection(("127.0.0.1", backend.port), 30) as connection:
        connection.sendall(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\r\n\r\n")
        assert received(connection).status == 400
