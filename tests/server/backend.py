"""A real backend on a socket of this machine, and a client that can be as rude as it likes."""

from __future__ import annotations

import json
import socket
import ssl
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import httpx2
import pytest

from reflint.server import serving
from reflint.server.config import Config, Limits

CLIENT = "X-Reflint-Client"
JSON = {"Content-Type": "application/json"}
WAIT = 60.0
"""Seconds after which a test that waits has failed."""


class Raw(NamedTuple):
    """An answer as it came over the socket."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def problem(self) -> dict[str, Any]:
        """The problem document."""
        assert self.headers["content-type"] == "application/problem+json"
        found: dict[str, Any] = json.loads(self.body)
        assert found["status"] == self.status
        return found


class Backend:
    """A backend that runs, and how to talk to it; `folder`: where it keeps temporary files."""

    def __init__(self, url: str, token_file: Path, page: str, folder: Path) -> None:
        self.url = url
        self.token_file = token_file
        self.page = page
        self.port = int(url.rpartition(":")[2])
        self.token = token_file.read_text()
        self.folder = folder

    @property
    def code(self) -> str:
        """The one-time code of the page."""
        return self.page.partition("#code=")[2]

    @property
    def headers(self) -> dict[str, str]:
        """What a native client sends."""
        return {"Authorization": f"Bearer {self.token}", CLIENT: "tests"}

    def client(self, **more: Any) -> httpx2.Client:
        """A client with the token."""
        return httpx2.Client(base_url=self.url, headers=self.headers, timeout=WAIT, trust_env=False, **more)

    def raw(self, data: bytes, *, then: bytes | None = None) -> Raw:
        """Sends bytes as they are and reads until the server closes; `then` goes out once it has begun to answer."""
        with socket.create_connection(("127.0.0.1", self.port), WAIT) as connection:
            connection.sendall(data)
            if then is not None:
                connection.sendall(then)
            return received(connection)

    def request(self, method: str, path: str, body: bytes = b"", **headers: str) -> Raw:
        """A request with exactly these headers (and Host, if it is not given); `_` in names stands for `-`."""
        given = {"Host": f"127.0.0.1:{self.port}", "Connection": "close"}
        given |= {name.replace("_", "-"): value for name, value in headers.items()}
        if body:
            given.setdefault("Content-Length", str(len(body)))
        lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in given.items() if value)]
        return self.raw("\r\n".join([*lines, "", ""]).encode() + body)


def received(connection: socket.socket | ssl.SSLSocket) -> Raw:
    """What a server says until it closes the connection."""
    data = b""
    try:
        while chunk := connection.recv(65536):
            data += chunk
    except ConnectionResetError:
        pass
    head, _, body = data.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
    if headers.get("transfer-encoding") == "chunked":
        body = _unchunked(body)
    return Raw(int(first.split()[1]) if first else 0, headers, body)


def _unchunked(body: bytes) -> bytes:
    found = b""
    while body:
        size, _, rest = body.partition(b"\r\n")
        length = int(size, 16)
        found, body = found + rest[:length], rest[length + 2 :]
        if not length:
            break
    return found


@contextmanager
def served(folder: Path, *, limits: Limits | None = None, **config: Any) -> Iterator[Backend]:
    """A backend in this process, in a thread of its own, with its token in the folder."""
    told: list[serving.Ready] = []
    begun, ended = threading.Event(), threading.Event()
    faults: list[BaseException] = []

    def ready(where: serving.Ready) -> None:
        told.append(where)
        begun.set()

    def run() -> None:
        try:
            serving.serve(
                Config(0, limits=limits or Limits(), cores=2, **config),
                ready,
                folder / "token",
            )
        except BaseException as error:
            faults.append(error)
        finally:
            begun.set()
            ended.set()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tempfile, "tempdir", str(folder))
        threading.Thread(target=run, name="backend").start()
        assert begun.wait(WAIT)
    try:
        assert told, faults
        yield Backend(told[0].url, told[0].token_file, told[0].page, folder)
    finally:
        for where in told:
            where.stop()
        assert ended.wait(WAIT)
    assert not faults


def done(client: httpx2.Client, job: str) -> dict[str, Any]:
    """A job once it is over, waited for by its events."""
    with client.stream("GET", f"/v1/jobs/{job}/events") as events:
        assert events.status_code == 200
        for _ in events.iter_lines():
            pass
    found: dict[str, Any] = client.get(f"/v1/jobs/{job}").json()
    return found


def job_of(answer: httpx2.Response) -> str:
    """The job that a request began."""
    assert answer.status_code == 202, answer.text
    return str(answer.json()["job"])


def other_address() -> str | None:
    """An address of this machine that is not loopback; None where there is none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # sends nothing
        except OSError:
            return None
        address: str = probe.getsockname()[0]
    return None if address.startswith("127.") else address


def files(backend: Backend) -> set[Path]:
    """The private files of a backend: a folder for each job and request."""
    (folder,) = backend.folder.glob("reflint-serve-*")
    return set(folder.iterdir())
