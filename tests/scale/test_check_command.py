"""`reflint check --engine dask` as a user's shell starts it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.command import Shell
from tests.scale.shelves import findings, manifest, ris


@pytest.fixture
def reflint(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Shell:
    return Shell(tmp_path, tmp_path_factory.mktemp("cache"))


def test_it_says_what_a_plain_check_says_and_what_is_bad(reflint: Shell):
    for n in range(3):
        reflint.write(f"refs/{n}.ris", ris(20))
    reflint.write("refs/bad.ris", b"%0 Journal Article\n")
    ran = reflint("check", "--engine", "dask", "--jobs", "1", "-o", "out", "refs")
    told = reflint("check", "-f", "jsonl", "refs")
    assert ran.status == told.status == 2
    assert ran.err == told.err
    *lines, _ = told.out.splitlines()
    assert findings(reflint.folder / "out", *(f"refs/{n}.ris" for n in range(3))) == lines
    first, second = ran.out.splitlines()
    assert first == reflint("check", "-f", "concise", "refs").out.splitlines()[-1]
    assert second.startswith("3 shards in out, 3 of them checked now")
    (reflint.folder / "refs/bad.ris").unlink()
    again = reflint("check", "--engine", "dask", "-o", "out", "refs", "--statistics", "--exit-zero")
    assert (again.status, again.err) == (0, "")
    assert "PAG003" in again.out
    assert "0 of them checked now" in again.out
    assert manifest(reflint.folder / "out")["complete"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--engine", "dask", "a.ris"], "-o"),
        (["--engine", "dask", "-o", "out"], "name at least one"),
        (["--engine", "dask", "-o", "out", "-f", "html", "a.ris"], "jsonl or parquet"),
        (["--engine", "dask", "-o", "out", "--fix", "a.ris"], "--fix"),
        (["--engine", "dask", "-o", "out", "--baseline", "b.json", "a.ris"], "--baseline"),
        (["--engine", "dask", "-o", "a.ris", "a.ris"], "this is a file"),
        (["--engine", "dask", "-o", "out", "--scheduler", "nonsense://x", "a.ris"], "no Dask scheduler"),
        (["--scheduler", "tcp://127.0.0.1:1", "a.ris"], "--engine dask"),
        (["-f", "parquet", "a.ris"], "--engine dask"),
    ],
)
def test_what_it_cannot_do_is_refused(reflint: Shell, arguments: list[str], said: str):
    reflint.write("a.ris", ris(2))
    ran = reflint("check", *arguments)
    assert ran.status == 2
    assert said in ran.err
