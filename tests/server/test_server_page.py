"""docs/server.md: its commands run as they stand there, against a real backend; its lists are complete."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from reflint.server.app import create
from reflint.server.config import Config, Limits
from tests.inputs import ROOT
from tests.server.backend import Backend

PAGE = (ROOT / "docs" / "server.md").read_text()


def test_the_commands_of_the_page_work(backend: Backend, tmp_path: Path) -> None:
    if not shutil.which("curl"):
        pytest.skip("no curl here")
    (script,) = re.findall(r"```sh\n(.*?)```", PAGE, re.S)
    script = script.replace("http://127.0.0.1:27467", backend.url)
    script = script.replace('"$XDG_RUNTIME_DIR/reflint-27467.token"', str(backend.token_file))
    script = script.replace("ask() { curl -sS", 'ask() { curl -sS --fail -w "\\n"')
    done = subprocess.run(["bash", "-eu", "-c", script], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    decoder, answers, rest = json.JSONDecoder(), [], done.stdout.strip()
    while rest:
        answer, end = decoder.raw_decode(rest)
        answers.append(answer)
        rest = rest[end:].strip()
    lint, fix, job, deleted = answers
    assert "PAG003" in {finding["rule"] for finding in lint["findings"]}
    assert fix["record"]["page"] == "330-337"
    assert (job["state"], job["result"]["format"], deleted["state"]) == ("done", "ris", "done")
    assert "event: done" in (tmp_path / "events.txt").read_text()


def test_every_route_is_on_the_page() -> None:
    table = PAGE[PAGE.index("| request |") : PAGE.index("`EventSource`")]
    for path in create(Config()).openapi()["paths"]:
        last = path.rstrip("/").replace("{code}", "").rstrip("/").rpartition("/")[2]
        assert last in table or path in table, path


def test_the_limits_on_the_page_are_the_limits() -> None:
    limits = Limits()
    words = " ".join(PAGE.split())
    for said in (
        f"documents {limits.document >> 20} MiB",
        f"JSON {limits.json >> 20} MiB",
        f"{limits.records:,} records",
    ):
        assert said in words
    assert f"up to {limits.at_once} at once" in words
    assert limits.waiting == 8
    assert "eight wait" in words


def test_the_files_beside_it_start_what_there_is() -> None:
    for name in ("Containerfile", "deploy/reflint.service"):
        assert re.search(r"serve.{0,5}--no-browser", (ROOT / name).read_text()), name
