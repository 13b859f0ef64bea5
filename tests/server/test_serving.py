"""`reflint serve` as a user starts it: its line, its token file, its secrets, its end."""

from __future__ import annotations

import json
import re
import signal
import stat
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest

from reflint.errors import ConfigError
from reflint.server.serving import listening, token_path, token_written
from tests.command import COMMAND, environment
from tests.server.backend import CLIENT, WAIT, Backend, done, job_of
from tests.servers.zotero.serve import listening as zotero_listening
from tests.servers.zotero.state import Server


@contextmanager
def started(folder: Path, *arguments: str, **env: str) -> Iterator[tuple[Backend, subprocess.Popen[str]]]:
    """A backend in a process of its own; its standard error goes into a file of the folder."""
    command = [*COMMAND, "serve", "--port", "0", "--no-browser", *arguments]
    (folder / "tmp").mkdir(exist_ok=True)
    more = {"XDG_RUNTIME_DIR": str(folder / "run"), "TMPDIR": str(folder / "tmp"), **env}
    with (
        (folder / "stderr").open("a") as stderr,
        subprocess.Popen(
            command,
            cwd=folder,
            env=environment(folder / "cache", **more),
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
        ) as process,
    ):
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            assert line, (folder / "stderr").read_text()
            ready = json.loads(line)
            assert ready.keys() == {"url", "token_file", "page"}
            yield Backend(ready["url"], Path(ready["token_file"]), ready["page"], folder / "tmp"), process
        finally:
            if process.poll() is None:
                process.terminate()
            process.wait(WAIT)


def test_the_line_says_where_it_is(tmp_path: Path) -> None:
    with started(tmp_path) as (backend, process):
        assert backend.url.startswith("http://127.0.0.1:")
        assert backend.page.startswith(f"{backend.url}/#code=")
        assert backend.token_file == tmp_path / "run" / f"reflint-{backend.port}.token"
        assert backend.request("GET", "/healthz").status == 200
        process.terminate()
        assert process.wait(WAIT) == 0
    assert (tmp_path / "stderr").read_text() == ""


def test_only_its_user_can_read_the_token(tmp_path: Path) -> None:
    with started(tmp_path) as (backend, _):
        found = backend.token_file.stat()
        assert stat.S_IMODE(found.st_mode) == 0o600
        assert stat.S_IMODE(backend.token_file.parent.stat().st_mode) == 0o700
        assert len(backend.token) >= 43  # 256 bits
    assert not backend.token_file.exists()
    assert list(backend.token_file.parent.iterdir()) == []


@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_and_nothing_is_left(tmp_path: Path, sent: signal.Signals) -> None:
    with started(tmp_path) as (backend, process):
        with backend.client() as client:
            client.post("/v1/documents?name=a.ris", content=b"TY  - BOOK\nER  - \n" * 20_000, headers=_OCTETS)
        process.send_signal(sent)
        assert process.wait(WAIT) == 0
    assert not backend.token_file.exists()
    assert list((tmp_path / "tmp").iterdir()) == []


_OCTETS = {"Content-Type": "application/octet-stream"}


def test_workers_end_with_a_backend_that_is_killed(tmp_path: Path) -> None:
    with started(tmp_path) as (backend, process):
        with backend.client() as client:
            assert client.post("/v1/lint", json={"format": "csl", "records": [{}]}).status_code == 200
        workers = children(process.pid)
        assert workers
        process.kill()
        process.wait(WAIT)
        gone = threading.Event()
        for _ in range(600):
            if not any(Path(f"/proc/{worker}").exists() for worker in workers):
                break
            gone.wait(0.05)
        assert not any(Path(f"/proc/{worker}").exists() for worker in workers)


def children(pid: int) -> list[int]:
    found = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        found += [int(child) for child in (task / "children").read_text().split()]
    return found


def test_a_token_is_of_one_start(tmp_path: Path) -> None:
    with started(tmp_path) as (first, _):
        old, port = first.token, first.port
    with started(tmp_path) as (second, _):
        assert second.token != old
        for _ in range(2):
            answer = second.request("GET", "/v1/rules", Authorization=f"Bearer {old}", X_Reflint_Client="t")
            assert answer.status == 401
        login = json.dumps({"code": first.code}).encode()
        answer = second.request("POST", "/v1/login", login, X_Reflint_Client="t", Content_Type="application/json")
        assert answer.status == 401
    assert port


def test_no_secret_is_said_anywhere(tmp_path: Path) -> None:
    key = "Zk8s7Qm3Vt5Lx9Rb2Nw6Hy4J"
    zotero = Server(None, limits=False)
    with zotero_listening(zotero) as url:
        more = {"REFLINT_ZOTERO_ENDPOINT": url, "REFLINT_STATE_DIR": str(tmp_path / "state")}
        with started(tmp_path, ZOTERO_API_KEY=key, **more) as (backend, process):
            everything = said(backend) + Path(f"/proc/{process.pid}/cmdline").read_text()
    logged = (tmp_path / "stderr").read_text()
    for secret in (backend.token, key):
        assert secret not in everything + logged
    assert backend.code not in logged


def said(backend: Backend) -> str:
    """All that a backend answers to requests that fail, some of which hold its own token."""
    seen: list[str] = []
    with backend.client() as client:
        for method, path, body in (
            ("GET", f"/v1/{backend.token}", None),
            ("GET", f"/v1/rules/{backend.token}", None),
            ("GET", f"/v1/jobs/{backend.token}", None),
            ("POST", "/v1/login", {"code": backend.code + "x"}),
            ("POST", "/v1/lint", {"format": backend.token}),
            ("POST", "/v1/lint", {"format": "ris", "text": "", "config": {"select": [backend.token]}}),
            ("POST", "/v1/zotero/apply", {"library": "zotero:groups/70", "patches": [patch()]}),
            ("POST", "/v1/zotero/undo", {"run": "none"}),
        ):
            answer = client.request(method, path, json=body)
            assert answer.status_code >= 400
            seen.append(answer.text + str(answer.headers))
        job = client.post("/v1/zotero/check", json={"library": "zotero:groups/70"}).json()["job"]
        with client.stream("GET", f"/v1/jobs/{job}/events") as events:
            seen += list(events.iter_lines())
    backend.request("GET", f"/?code={backend.code}", Authorization=f"Bearer {backend.token}")
    return "\n".join(seen)


def patch() -> dict[str, Any]:
    op = {"op": "set", "field": "pages", "before": "1-2", "after": "1-3"}
    return {"record": "ABCD2345", "version": 1, "ops": [op]}


def test_the_settings_of_the_folder_hold(tmp_path: Path) -> None:
    (tmp_path / "reflint.toml").write_text('select = ["DOI001"]\nonline = true\n')
    with started(tmp_path) as (backend, _), backend.client() as client:
        text = "TY  - JOUR\nTI  - tides\nPY  - 2014\nER  - \n"
        found = client.post("/v1/lint", json={"format": "ris", "text": text}).json()
        assert {finding["rule"] for finding in found["findings"]} == {"DOI001"}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--port", "70000"], "70000"),
        (["--token-file", "/nowhere/at/all/token"], "/nowhere"),
        (["--word"], "word install"),
    ],
)
def test_what_cannot_be_served_is_said_in_one_line(tmp_path: Path, arguments: list[str], words: str) -> None:
    if "/nowhere/at/all/token" in arguments:
        blocked = tmp_path / "file"
        blocked.write_text("")
        arguments, words = ["--token-file", str(blocked / "token")], str(blocked)
    done = subprocess.run(
        [*COMMAND, "serve", "--no-browser", *(["--port", "0"] if "--port" not in arguments else []), *arguments],
        env=environment(tmp_path / "cache", REFLINT_STATE_DIR=str(tmp_path / "state")),
        capture_output=True,
        text=True,
        timeout=WAIT,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_a_rule_that_there_is_not_is_told_before_anything_is_served(tmp_path: Path) -> None:
    (tmp_path / "reflint.toml").write_text('ignore = ["NOPE1"]\n')
    done = subprocess.run(
        [*COMMAND, "serve", "--no-browser", "--port", "0"],
        cwd=tmp_path,
        env=environment(tmp_path / "cache"),
        capture_output=True,
        text=True,
        timeout=WAIT,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert "reflint.toml: ignore: unknown rule 'NOPE1'" in done.stderr


def test_a_port_that_is_taken_is_named(tmp_path: Path) -> None:
    with listening(0) as other:
        port = other.getsockname()[1]
        with pytest.raises(ConfigError, match=rf"port {port} is in use"), listening(port):
            pass


def test_a_folder_where_others_write_is_no_place_for_a_token(tmp_path: Path) -> None:
    folder = tmp_path / "open"
    folder.mkdir()
    folder.chmod(0o777)
    with pytest.raises(ConfigError, match="others may write"), token_written(folder / "token", "x"):
        pass
    assert list(folder.iterdir()) == []


def test_a_token_does_not_follow_a_link(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("kept")
    (tmp_path / "token").symlink_to(victim)
    with token_written(tmp_path / "token", "secret"):
        assert victim.read_text() == "kept"
        assert not (tmp_path / "token").is_symlink()
    assert victim.read_text() == "kept"


def test_the_token_of_a_later_start_stays(tmp_path: Path) -> None:
    path = tmp_path / "token"
    with token_written(path, "first"):
        path.write_text("second")
    assert path.read_text() == "second"


def test_the_usual_place_names_the_port(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    assert token_path(4711) == tmp_path / "reflint-4711.token"


def test_the_framework_is_loaded_only_to_serve() -> None:
    code = "import sys, reflint.cli.main, reflint.cli.commands, reflint.cli.serve; print(*sys.modules)"
    done = subprocess.run([COMMAND[0], "-c", code], capture_output=True, text=True, check=True)
    assert not re.search(r"\b(fastapi|starlette|uvicorn|pydantic)\b", done.stdout)


def test_https_is_served_with_a_certificate(tmp_path: Path) -> None:
    import ssl

    import trustme

    from reflint.server import serving
    from reflint.server.config import Config

    authority = trustme.CA()
    issued = authority.issue_cert("localhost")
    certificate, key = tmp_path / "localhost.pem", tmp_path / "localhost.key"
    issued.cert_chain_pems[0].write_to_path(str(certificate))
    issued.private_key_pem.write_to_path(str(key))
    told: list[serving.Ready] = []
    begun = threading.Event()

    def ready(where: serving.Ready) -> None:
        told.append(where)
        begun.set()

    def run() -> None:
        both = serving.Certificate(certificate, key)
        serving.serve(Config(0, word=True), ready, tmp_path / "token", both)

    thread = threading.Thread(target=run)
    thread.start()
    assert begun.wait(WAIT)
    context = ssl.create_default_context()
    authority.configure_trust(context)
    try:
        url = told[0].url
        assert url.startswith("https://localhost:")
        with httpx2.Client(
            base_url=url, verify=context, headers={CLIENT: "t", "Origin": url}, trust_env=False
        ) as client:
            answer = client.post("/v1/login", json={"code": told[0].page.partition("#code=")[2]})
            assert answer.status_code == 204
            assert "Secure" in answer.headers["set-cookie"]
            pane = client.get("/word/nothing")
            assert "https://appsforoffice.microsoft.com" in pane.headers["content-security-policy"]
            assert "frame-ancestors 'none'" not in pane.headers["content-security-policy"]
            assert "microsoft" not in client.get("/healthz").headers["content-security-policy"]
            assert client.get("/healthz", headers={"Origin": url.replace("https", "http")}).status_code == 403
    finally:
        told[0].stop()
        thread.join(WAIT)
    assert not thread.is_alive()


def test_the_settings_of_the_folder_hold_for_documents_too(tmp_path: Path) -> None:
    (tmp_path / "reflint.toml").write_text('select = ["DOI001"]\n')
    text = "TY  - JOUR\nTI  - tides\nPY  - 2014\nSP  - 330-7\nER  - \n"
    with started(tmp_path) as (backend, _), backend.client() as client:
        for query, rules in (({}, {"DOI001"}), ({"select": "RIS018"}, {"RIS018"}), ({"ignore": "DOI001"}, set())):
            answer = client.post("/v1/documents", params={"name": "a.ris"} | query, content=text, headers=_OCTETS)
            assert {one["rule"] for one in done(client, job_of(answer))["result"]["findings"]} == rules
