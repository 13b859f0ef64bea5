"""What the backend costs over HTTP: latency of records and of a manuscript, and fifty clients at once for a minute.

python -m benchmarks.server [--clients 50] [--seconds 60]
"""

from __future__ import annotations

import argparse
import http.client
import io
import json
import os
import random
import statistics
import struct
import subprocess
import sys
import tempfile
import threading
import time
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from benchmarks.zotero import item

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
JSON = "application/json"
_MEDIA_PIXELS = 1280


class Server(NamedTuple):
    """A backend that runs."""

    port: int
    token: str
    process: int


class Answer(NamedTuple):
    """What came back, and how many milliseconds it took."""

    status: int
    retry_after: bool
    body: bytes
    milliseconds: float


@contextmanager
def serving() -> Iterator[Server]:
    """`reflint serve` on a free port."""
    command = [sys.executable, "-m", "reflint", "serve", "--port", "0", "--no-browser"]
    with tempfile.TemporaryDirectory() as folder:
        token = Path(folder) / "token"
        with subprocess.Popen([*command, "--token-file", str(token)], stdout=subprocess.PIPE, text=True) as process:
            try:
                assert process.stdout is not None
                ready = json.loads(process.stdout.readline())
                yield Server(int(ready["url"].rpartition(":")[2]), token.read_text(), process.pid)
            finally:
                process.terminate()


class Client:
    """One connection, kept open."""

    def __init__(self, server: Server) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=120)
        self._headers = {"Authorization": f"Bearer {server.token}", "X-Reflint-Client": "benchmark"}

    def ask(self, method: str, path: str, body: bytes | None = None, type: str = JSON) -> Answer:
        """One request. Raises OSError or HTTPException when no answer comes."""
        began = time.perf_counter()
        self._connection.request(method, path, body, {**self._headers, "Content-Type": type})
        answer = self._connection.getresponse()
        data = answer.read()
        took = 1000 * (time.perf_counter() - began)
        return Answer(answer.status, "retry-after" in answer.headers, data, took)

    def close(self) -> None:
        """Closes the connection; the next request opens another."""
        self._connection.close()


def records(count: int) -> bytes:
    """A request to lint so many Zotero items, a third of which have a defect that is repaired."""
    items = [{"key": f"ITEM{n:04d}", "version": 1, "data": item(n, n % 3 > 0)} for n in range(count)]
    return json.dumps({"format": "zotero", "records": items}).encode()


def manuscript(seed: int = 7) -> bytes:
    """A Word manuscript of about 5 MB: 300 paragraphs with typed citations, their list, an incompressible picture."""
    import docx

    chance = random.Random(seed)
    document = docx.Document()
    for number in range(300):
        first, second = number % 120, (number * 7) % 120
        text = f"Sand moves over ripples (Field{first} {1980 + first % 40}; Field{second} {1980 + second % 40}). "
        document.add_paragraph(text * 3 + ("So do tides (Nobody 2001)." if number % 10 == 0 else ""))
    document.add_picture(io.BytesIO(_picture(chance)))
    document.add_heading("References")
    for number in range(120):
        year, page = 1980 + number % 40, 100 + number
        document.add_paragraph(
            f"Field{number}, A. ({year}). Ripples {number}. Journal of Sand, {number}, {page}-{page + 9}."
        )
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _picture(chance: random.Random) -> bytes:
    """A PNG of noise."""
    size = _MEDIA_PIXELS
    rows = b"".join(b"\0" + chance.randbytes(3 * size) for _ in range(size))
    chunks = (
        (b"IHDR", struct.pack(">IIBBBBB", size, size, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(rows, 1)),
        (b"IEND", b""),
    )
    parts = [struct.pack(">I", len(d)) + kind + d + struct.pack(">I", zlib.crc32(kind + d)) for kind, d in chunks]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def latency(client: Client, count: int, times: int) -> None:
    """Prints how long a lint of so many items takes."""
    body = records(count)
    found = []
    for _ in range(times):
        answer = client.ask("POST", "/v1/lint", body)
        assert answer.status == 200, answer.body
        found.append(answer.milliseconds)
    show(f"lint of {count} items ({len(body) / 1024:,.0f} KB), {times} times", found)


def manuscript_latency(client: Client, times: int) -> None:
    """Prints how long a manuscript takes, from its first byte to the end of its job."""
    data = manuscript()
    found = []
    for _ in range(times):
        began = time.perf_counter()
        answer = client.ask("POST", "/v1/documents?name=paper.docx", data, DOCX)
        job = json.loads(answer.body)["job"]
        client.ask("GET", f"/v1/jobs/{job}/events")
        state = json.loads(client.ask("GET", f"/v1/jobs/{job}").body)
        assert state["state"] == "done", state
        found.append(1000 * (time.perf_counter() - began))
        client.ask("DELETE", f"/v1/jobs/{job}")
    findings = len(state["result"]["findings"])
    show(f"manuscript of {len(data) / 1e6:.1f} MB with {findings} findings, {times} times", found)


def show(name: str, milliseconds: list[float]) -> None:
    """A line: median, 95th percentile, largest."""
    ordered = sorted(milliseconds)
    late = ordered[min(len(ordered) - 1, round(0.95 * len(ordered)))]
    print(
        f"{name}: median {statistics.median(ordered):.1f} ms, 95 % within {late:.1f} ms, longest {ordered[-1]:.1f} ms"
    )


class Load:
    """What many clients saw."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.statuses: Counter[int] = Counter()
        self.lost = 0
        self.without_retry = 0
        self.milliseconds: list[float] = []

    def one(self, ask: Callable[[], Answer]) -> Answer | None:
        """Counts a request."""
        try:
            answer = ask()
        except (OSError, http.client.HTTPException):
            with self.lock:
                self.lost += 1
            return None
        with self.lock:
            self.statuses[answer.status] += 1
            self.without_retry += answer.status == 503 and not answer.retry_after
            self.milliseconds.append(answer.milliseconds)
        return answer


def hammer(server: Server, load: Load, until: float, number: int, paper: bytes) -> None:
    """One client: mostly small lints, some of hundreds of items, now and then a manuscript that is waited for."""
    chance = random.Random(number)
    bodies = [records(count) for count in (1, 5, 50, 200)]
    client = Client(server)
    while time.monotonic() < until:
        if chance.random() < 0.02:
            answer = load.one(lambda: client.ask("POST", "/v1/documents?name=paper.docx", paper, DOCX))
            if answer is not None and answer.status == 202:
                job = json.loads(answer.body)["job"]
                load.one(lambda job=job: client.ask("GET", f"/v1/jobs/{job}/events"))  # type: ignore[misc]
                load.one(lambda job=job: client.ask("DELETE", f"/v1/jobs/{job}"))  # type: ignore[misc]
        else:
            body = chance.choices(bodies, (8, 4, 2, 1))[0]
            answer = load.one(lambda body=body: client.ask("POST", "/v1/lint", body))  # type: ignore[misc]
        if answer is None:
            client.close()
        elif answer.status == 503:
            time.sleep(0.5)
    client.close()


def memory(process: int) -> int:
    """Kilobytes that a process and those it started hold now."""
    found = 0
    for pid in [process, *_children(process)]:
        try:
            status = Path(f"/proc/{pid}/status").read_text()
        except OSError:
            continue
        found += next((int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS")), 0)
    return found


def _children(process: int) -> list[int]:
    tasks = Path(f"/proc/{process}/task")
    return [int(pid) for task in tasks.iterdir() for pid in (task / "children").read_text().split()]


def loaded(server: Server, clients: int, seconds: float) -> None:
    """Prints what so many clients at once saw, and the most memory that the backend held."""
    load, paper, until = Load(), manuscript(), time.monotonic() + seconds
    threads = [threading.Thread(target=hammer, args=(server, load, until, n, paper)) for n in range(clients)]
    for thread in threads:
        thread.start()
    most = 0
    while any(thread.is_alive() for thread in threads):
        most = max(most, memory(server.process))
        time.sleep(0.2)
    statuses = ", ".join(f"{count:,} of {status}" for status, count in sorted(load.statuses.items()))
    print(f"{clients} clients, {seconds:.0f} s: {sum(load.statuses.values()):,} answers ({statuses}), {load.lost} lost")
    print(f"  503 without Retry-After: {load.without_retry}")
    print(f"  memory of all its processes: at most {most / 1024:,.0f} MB, {memory(server.process) / 1024:,.0f} MB now")
    show("  each answer", load.milliseconds)


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=60)
    options = parser.parse_args()
    print(f"{os.cpu_count()} cores")
    with serving() as server:
        client = Client(server)
        client.ask("POST", "/v1/lint", records(1))
        for count, times in ((1, 200), (50, 50), (500, 20)):
            latency(client, count, times)
        manuscript_latency(client, 10)
        client.close()
        loaded(server, options.clients, options.seconds)


if __name__ == "__main__":
    main()
