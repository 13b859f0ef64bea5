"""Files that have not changed are not checked again, and what is said of them stays what a check would say."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

import pytest

from tests.command import Shell
from tests.inputs import PURE

RECORD = (
    "TY  - JOUR\nTI  - Salt marshes, part {n}\nAU  - Okafor, Ngozi\nPY  - 2019\nSP  - 420\nEP  - 34\nVL  -\n"
    "AB  - {abstract}\nER  - \n\n"
)
ABSTRACT = "Where the tide turns, the marsh begins. " * 60
WANTED = ["-fjson", "--select", "RIS009,PAG003,CRE001"]


def file(count: int = 100, more: str = "") -> bytes:
    """A file that is large enough to be remembered."""
    return ("".join(RECORD.format(n=n, abstract=ABSTRACT) for n in range(count)) + more).encode()


@pytest.fixture
def own(reflint: Shell, tmp_path: Path) -> Shell:
    """A shell whose cache is nobody else's."""
    return Shell(reflint.folder, tmp_path / "cache-of-its-own")


def results(shell: Shell) -> list[int]:
    """When each result was used last."""
    with sqlite3.connect(shell.cache / "results.sqlite") as database:
        return [used for (used,) in database.execute("SELECT used FROM results")]


def mark(shell: Shell) -> None:
    """Makes it seen whether a result is used: their texts become others."""
    import json
    import zlib

    with sqlite3.connect(shell.cache / "results.sqlite") as database:
        for key, body in list(database.execute("SELECT key, body FROM results")):
            texts, *rest = json.loads(zlib.decompress(body))
            marked = [text.replace('"message": "', '"message": "from memory: ') for text in texts]
            database.execute(
                "UPDATE results SET body = ? WHERE key = ?", (zlib.compress(json.dumps([marked, *rest]).encode()), key)
            )


@pytest.mark.parametrize("jobs", ["1", "2"])
@pytest.mark.parametrize("form", ["-fjson", "-fconcise", "--statistics"])
def test_the_second_report_is_the_first(own: Shell, form: str, jobs: str):
    own.write("refs/a.ris", file())
    own.write("refs/b.ris", file(90, "TY  - BOOK\nTI  - Without an end\n"))
    own.write("refs/small.ris", PURE.read_bytes())
    first, second = (own("check", form, "--jobs", jobs, "refs") for _ in range(2))
    fresh = own("check", form, "--no-cache", "refs")
    assert (second.raw, second.status, second.err) == (first.raw, first.status, first.err)
    assert fresh.raw == first.raw
    assert len(results(own)) == 2


def test_a_file_that_has_not_changed_is_told_from_memory(own: Shell):
    path = own.write("a.ris", file())
    own("check", *WANTED, "a.ris")
    mark(own)
    assert "from memory" in own("check", *WANTED, "a.ris").out
    os.utime(path)  # touched, not changed
    assert "from memory" in own("check", *WANTED, "a.ris").out
    assert "from memory" not in own("check", "--no-cache", *WANTED, "a.ris").out


@pytest.mark.parametrize("change", ["bytes", "name", "settings", "pack", "profile", "form", "others"])
def test_whatever_a_finding_depends_on_makes_it_new(own: Shell, change: str):
    text = RECORD.format(n=0, abstract=ABSTRACT)
    own.write("a.ris", file())
    own.write("b.ris", b"")
    arguments = [*WANTED, "--extend-select", "CTR006"]
    own("check", *arguments, "a.ris", "b.ris")
    mark(own)
    assert "from memory" in own("check", *arguments, "a.ris", "b.ris").out
    source = "a.ris"
    if change == "bytes":
        own.write("a.ris", file().replace(b"EP  - 34", b"EP  - 39", 1))
    elif change == "name":
        source = "./a.ris"
    elif change == "settings":
        own.write("reflint.toml", b'severity = {PAG003 = "error"}\n')
    elif change == "pack":
        rule = (PURE.parents[1] / "rules/pag/PAG003-page-range-abbreviated.yaml").read_text("utf-8")
        rule = rule.replace("PAG003", "LAB003").replace("page-range-abbreviated", "short-end-page")
        own.write("lab/lab/LAB003-short-end-page.yaml", rule.encode())
        arguments += ["--pack", "lab"]
    elif change == "profile":
        arguments += ["--extend-select", "ABS"]
    elif change == "form":
        arguments[0] = "-fjsonl"
    else:  # what the other records of the run say
        own.write("b.ris", (text.replace("VL  -", "T2  - Tides") + text.replace("VL  -", "T2  - TIDES")).encode())
    assert "from memory" not in own("check", *arguments, source, "b.ris").out


def test_one_name_in_two_folders_is_two_files(own: Shell):
    own.write("reflint.toml", b'select = ["PAG003"]\n[per-file."inside/**"]\nignore = ["PAG003"]\n')
    own.write("a.ris", file())
    own.write("inside/a.ris", file())
    inside = Shell(own.folder / "inside", own.cache)
    assert inside("check", "-fconcise", "a.ris").codes == []
    assert set(own("check", "-fconcise", "a.ris").codes) == {"PAG003"}
    assert inside("check", "-fconcise", "a.ris").codes == []


def test_a_damaged_memory_is_no_harm(own: Shell):
    own.write("a.ris", file())
    first = own("check", *WANTED, "a.ris")
    (own.cache / "results.sqlite").write_bytes(b"not a database" * 1000)
    for leftover in own.cache.glob("results.sqlite-*"):
        leftover.unlink()
    second = own("check", *WANTED, "a.ris")
    assert (second.raw, second.status, second.err) == (first.raw, first.status, first.err)


def test_what_cannot_be_read_is_not_remembered(own: Shell):
    own.write("a.ris", b"%0 Journal Article\n%T Not RIS\n" * 10_000)
    assert own("check", "a.ris").status == 2
    assert own("check", "a.ris").status == 2
