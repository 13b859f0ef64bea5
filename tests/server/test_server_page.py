"""docs/server.md: its commands run as they stand there, against a real backend; its lists are complete."""

from __future__ import annotations

import ast
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from reflint.server.app import create
from reflint.server.config import Config, Limits
from reflint.server.problems import REFUSALS
from tests.inputs import ROOT
from tests.server.backend import Backend, served
from tests.servers.zotero.serve import listening
from tests.servers.zotero.state import Server

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


def test_the_client_of_the_page_works(tmp_path: Path) -> None:
    (program,) = re.findall(r"```python\n(.*?)```", PAGE, re.S)
    zotero = Server(None, limits=False)
    zotero.put("groups/70", [{"itemType": "journalArticle", "title": "Tides", "date": "2019", "pages": "330-7"}])
    (tmp_path / "refs.ris").write_text("TY  - JOUR\nTI  - Storm tides\nPY  - 2014\nSP  - 330-7\nER  - \n")
    with pytest.MonkeyPatch.context() as patch, listening(zotero) as url:
        patch.setenv("REFLINT_ZOTERO_ENDPOINT", url)
        patch.setenv("ZOTERO_API_KEY", zotero.keys["full"])
        patch.setenv("REFLINT_STATE_DIR", str(tmp_path / "state"))
        patch.setenv("REFLINT_CACHE_DIR", str(tmp_path / "cache"))
        with served(tmp_path) as backend:
            start = {"url": backend.url, "token_file": str(backend.token_file), "page": backend.page}
            (tmp_path / "reflint.json").write_text(json.dumps(start))
            command = [sys.executable, "-c", program]
            done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "RIS018" in done.stdout
    assert "EP  - 337" in done.stdout
    assert "EP  - 337" in (tmp_path / "repaired.ris").read_text()
    (key,) = zotero.items("groups/70")
    dry, back = (ast.literal_eval(line) for line in done.stdout.strip().splitlines()[-2:])
    assert (dry["applied"], back["reverted"]) == ([key], [key])


def test_every_status_is_on_the_page() -> None:
    table = PAGE[PAGE.index("### When it says no") : PAGE.index("### With curl")]
    listed = {int(status) for row in re.findall(r"^\| (\d.*?) \|", table, re.M) for status in row.split(", ")}
    assert listed == {*REFUSALS, 405}, "405 is no answer of an operation that is described"


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
    assert (limits.kept, limits.keep_seconds) == (50, 3600)
    assert "the last 50 are kept, for an hour" in words


def test_the_files_beside_it_start_what_there_is() -> None:
    for name in ("Containerfile", "deploy/reflint.service"):
        assert re.search(r"serve.{0,5}--no-browser", (ROOT / name).read_text()), name
