"""`reflint fix`: files repaired whole or not at all, and never more of them than must be."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from reflint.formats.ris.encoding import split_bom
from tests.command import Shell, can_obey_permissions, obey_permissions, small_files_only
from tests.inputs import FIXTURES, PURE, RIS_FIXTURES, name_of

DEFECT = b"TY  - JOUR\nTI  - Salt marshes\nVL  -\nER  - \n"
REPAIRED = b"TY  - JOUR\nTI  - Salt marshes\nER  - \n"
ONLY = ["--select", "RIS009"]
WRITABLE = [path for path in RIS_FIXTURES if not path.name.startswith(("not-", "binary"))]


def test_a_repair_is_written_and_said(reflint: Shell):
    path = reflint.write("a.ris", DEFECT)
    ran = reflint("fix", *ONLY, "a.ris")
    assert (ran.status, ran.err) == (0, "")
    assert path.read_bytes() == REPAIRED
    assert ran.out == "1 repaired, nothing left to report in 1 record\n"


def test_check_with_fix_is_fix(reflint: Shell):
    path = reflint.write("a.ris", DEFECT)
    assert reflint("check", "--fix", *ONLY, "a.ris").status == 0
    assert path.read_bytes() == REPAIRED


def test_what_cannot_be_repaired_is_left_and_exits_with_one(reflint: Shell):
    path = reflint.write("a.ris", DEFECT)
    ran = reflint("fix", "--select", "RIS009,CRE001", "a.ris")
    assert ran.status == 1
    assert ran.codes == ["CRE001"]
    assert path.read_bytes() == REPAIRED


def test_a_file_without_faults_is_not_touched(reflint: Shell):
    path = reflint.write("clean.ris", (FIXTURES / "clean.ris").read_bytes())
    before = path.stat()
    assert reflint("fix", "--select", "RIS", "clean.ris").status == 0
    after = path.stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)


def test_unsafe_repairs_want_a_yes(reflint: Shell):
    data = b"TY  - JOUR\nTI  - ON THE SALT MARSHES OF THE NORTHERN COAST\nAU  - Okafor, Ngozi\nER  - \n"
    path = reflint.write("a.ris", data)
    assert "[?] " in reflint("check", "--select", "TTL002", "a.ris").out
    assert reflint("fix", "--select", "TTL002", "a.ris").status in (0, 1)
    assert path.read_bytes() == data
    reflint("fix", "--unsafe-fixes", "--select", "TTL002", "a.ris")
    assert path.read_bytes() != data


@pytest.mark.parametrize("path", WRITABLE, ids=name_of)
def test_the_diff_says_exactly_what_fix_does(reflint: Shell, path: Path):
    data = path.read_bytes()
    shutil.copy(path, reflint.folder / "a.ris")
    shutil.copy(path, reflint.folder / "b.ris")
    ran = reflint("fix", "--unsafe-fixes", "--diff", "a.ris")
    assert (reflint.folder / "a.ris").read_bytes() == data
    fixed = reflint("fix", "--unsafe-fixes", "b.ris")
    assert fixed.status in (0, 1)
    after = (reflint.folder / "b.ris").read_bytes()
    assert ran.status == (1 if after != data else 0)
    _, codec = split_bom(data)
    if codec != "utf-8" or path.name == "cp1252.ris":  # shown as text, which no patch restores
        assert "@@" in ran.out
        return
    (reflint.folder / "a.diff").write_bytes(ran.raw)
    if after != data:
        subprocess.run(["patch", "-s", "--binary", "a.ris", "a.diff"], cwd=reflint.folder, check=True)
    assert (reflint.folder / "a.ris").read_bytes() == after


def test_a_diff_goes_to_standard_output_and_the_findings_beside_it(reflint: Shell):
    reflint.write("a.ris", DEFECT)
    ran = reflint("check", "--diff", *ONLY, "a.ris")
    assert ran.out == ("--- a.ris\n+++ a.ris\n@@ -1,4 +1,3 @@\n TY  - JOUR\n TI  - Salt marshes\n-VL  -\n ER  - \n")
    assert ran.err == "1 repaired, nothing left to report in 1 record\n"
    assert ran.status == 1


def test_a_file_without_a_record_is_refused_and_no_diff_shows_it_emptied(reflint: Shell):
    reflint.write("a.ris", b"some words\nand more of them\n")
    ran = reflint("fix", "--diff", "a.ris")
    assert (ran.status, ran.out) == (2, "")
    assert "no RIS" in ran.err


def test_a_diff_without_a_change_is_empty(reflint: Shell):
    reflint.write("a.ris", REPAIRED)
    ran = reflint("fix", "--diff", *ONLY, "a.ris")
    assert (ran.status, ran.out) == (0, "")


def test_standard_input_comes_back_repaired_on_standard_output(reflint: Shell):
    ran = reflint("fix", *ONLY, "-", stdin=DEFECT)
    assert ran.raw == REPAIRED
    assert "1 repaired" in ran.err


@pytest.mark.parametrize("name", ["utf16.ris", "cp1252.ris", "cr-only.ris", "crcrlf.ris", "bom.ris", "u2028.ris"])
def test_standard_input_comes_back_byte_for_byte_where_nothing_is_repaired(reflint: Shell, name: str):
    data = (FIXTURES / name).read_bytes()
    assert reflint("fix", "--ignore", "ALL", "-", stdin=data).raw == data


def test_a_format_that_is_only_read_comes_back_as_it_was(reflint: Shell):
    data = (FIXTURES / "pubmed.nbib").read_bytes()
    assert reflint("fix", "--stdin-filename", "x.nbib", "-", stdin=data).raw == data
    path = reflint.write("x.nbib", data)
    reflint("fix", "x.nbib")
    assert path.read_bytes() == data


def test_csl_json_is_repaired_in_place(reflint: Shell):
    path = reflint.write(
        "x.csl.json", '[\n {"id": "a", "type": "article-journal", "DOI": "https://doi.org/10.5555/abc.1"}\n]\n'
    )
    reflint("fix", "--select", "DOI002", "x.csl.json")
    assert path.read_text("utf-8") == '[\n {"id": "a", "type": "article-journal", "DOI": "10.5555/abc.1"}\n]\n'


def test_several_files_are_repaired_and_the_bad_one_is_named(reflint: Shell):
    paths = [reflint.write(name, DEFECT) for name in ("a.ris", "c.ris")]
    bad = reflint.write("b.ris", b"\0\1")
    ran = reflint("fix", *ONLY, "a.ris", "b.ris", "c.ris")
    assert ran.status == 2
    assert ran.err.startswith("reflint: b.ris: ")
    assert [path.read_bytes() for path in paths] == [REPAIRED, REPAIRED]
    assert bad.read_bytes() == b"\0\1"


def test_a_symbolic_link_stays_one(reflint: Shell):
    path = reflint.write("real/a.ris", DEFECT)
    link = reflint.folder / "link.ris"
    link.symlink_to("real/a.ris")
    assert reflint("fix", *ONLY, "link.ris").status == 0
    assert link.is_symlink()
    assert path.read_bytes() == REPAIRED
    assert [one.name for one in (reflint.folder / "real").iterdir()] == ["a.ris"]


@pytest.mark.parametrize("mode", [0o640, 0o600, 0o664, 0o755])
def test_permissions_are_kept(reflint: Shell, mode: int):
    path = reflint.write("a.ris", DEFECT)
    path.chmod(mode)
    reflint("fix", *ONLY, "a.ris")
    assert path.read_bytes() == REPAIRED
    assert path.stat().st_mode & 0o777 == mode


def test_a_dangling_link_is_no_source(reflint: Shell):
    (reflint.folder / "gone.ris").symlink_to("nowhere.ris")
    for command in ("check", "fix"):
        ran = reflint(command, "gone.ris")
        assert ran.status == 2
        assert "gone.ris: no such file or folder" in ran.err
    assert not (reflint.folder / "nowhere.ris").exists()


def test_a_pipe_is_not_replaced(reflint: Shell):
    fifo = reflint.folder / "fifo.ris"
    os.mkfifo(fifo)
    writer = subprocess.Popen(["sh", "-c", f"cat {PURE} > fifo.ris"], cwd=reflint.folder)
    ran = reflint("fix", "fifo.ris")
    writer.wait()
    assert ran.status == 2
    assert "fifo.ris: no ordinary file" in ran.err
    assert fifo.is_fifo()


@pytest.fixture
def lawful(reflint: Shell) -> Shell:
    """A shell whose commands cannot ignore permissions."""
    if not can_obey_permissions(reflint.folder):
        pytest.skip("root here keeps its right to ignore file permissions")
    return reflint


@pytest.mark.parametrize("command", ["check", "fix"])
def test_an_unreadable_file_is_named_and_the_others_are_done(lawful: Shell, command: str):
    locked = lawful.write("a.ris", DEFECT)
    lawful.write("b.ris", DEFECT)
    locked.chmod(0)
    ran = lawful(command, *ONLY, "a.ris", "b.ris", before=obey_permissions)
    assert ran.status == 2
    assert ran.err == "reflint: a.ris: Permission denied\n"
    assert " in 1 record" in ran.out


def test_a_write_protected_file_is_left_and_named(lawful: Shell):
    path = lawful.write("a.ris", DEFECT)
    path.chmod(0o444)
    ran = lawful("fix", *ONLY, "a.ris", before=obey_permissions)
    assert ran.status == 2
    assert "a.ris: permission denied; the file is write-protected" in ran.err
    assert path.read_bytes() == DEFECT


def test_a_read_only_folder_is_named(lawful: Shell):
    path = lawful.write("refs/a.ris", DEFECT)
    path.parent.chmod(0o555)
    try:
        ran = lawful("fix", *ONLY, "refs/a.ris", before=obey_permissions)
        report = lawful("check", "-o", "refs/report.txt", *ONLY, "refs/a.ris", before=obey_permissions)
    finally:
        path.parent.chmod(0o755)
    assert ran.status == report.status == 2
    assert "refs/a.ris: cannot write in its folder: Permission denied" in ran.err
    assert "refs/report.txt: cannot write in its folder: Permission denied" in report.err
    assert path.read_bytes() == DEFECT


def test_an_unreadable_folder_is_named(lawful: Shell):
    path = lawful.write("refs/a.ris", DEFECT)
    path.parent.chmod(0)
    try:
        ran = lawful("check", "refs", before=obey_permissions)
        inside = lawful("check", "refs/a.ris", before=obey_permissions)
    finally:
        path.parent.chmod(0o755)
    assert ran.status == inside.status == 2
    assert "refs" in ran.err
    assert "refs/a.ris" in inside.err


def test_a_full_disk_leaves_the_file_as_it_was(reflint: Shell):
    data = DEFECT * 20_000
    path = reflint.write("a.ris", data)
    ran = reflint("fix", *ONLY, "a.ris", before=small_files_only(200_000))
    assert ran.status == 2
    assert "a.ris: not written: File too large; the file is as it was" in ran.err
    assert path.read_bytes() == data
    assert [one.name for one in reflint.folder.iterdir()] == ["a.ris"]


def test_a_full_disk_at_the_very_end_leaves_the_file_as_it_was(reflint: Shell):
    path = reflint.write("a.ris", DEFECT)
    ran = reflint("fix", *ONLY, "a.ris", before=small_files_only(10))
    assert ran.status == 2
    assert "a.ris: not written: File too large" in ran.err
    assert path.read_bytes() == DEFECT
    assert [one.name for one in reflint.folder.iterdir()] == ["a.ris"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full on this system")
def test_a_full_device_for_the_output_is_said(reflint: Shell):
    reflint.write("pure.ris", PURE.read_bytes())
    ran = reflint("check", "-o", "/dev/full", "pure.ris")
    assert ran.status == 2
    assert "/dev/full: not written: No space left on device" in ran.err
    assert Path("/dev/full").is_char_device()
    with Path("/dev/full").open("wb") as full:
        for arguments in (
            ["check", "pure.ris"],
            ["fix", "-"],
            ["rules"],
            ["explain", "RIS001"],
            ["--help"],
            ["--version"],
        ):
            ran = reflint(*arguments, stdin=PURE.read_bytes(), stdout=full.fileno())
            assert ran.status == 2, arguments
            assert "No space left on device" in ran.err, arguments


def test_a_folder_that_is_locked_is_named_and_the_others_are_done(lawful: Shell):
    lawful.write("a.ris", DEFECT)
    locked = lawful.write("locked/b.ris", DEFECT).parent
    locked.chmod(0)
    try:
        within = lawful("check", *ONLY, ".", before=obey_permissions)
        alone = lawful("check", *ONLY, "locked", before=obey_permissions)
    finally:
        locked.chmod(0o755)
    assert (within.status, within.err) == (2, "reflint: locked: Permission denied\n")
    assert " in 1 record" in within.out
    assert (alone.status, alone.err) == (2, "reflint: locked: Permission denied\n")


@pytest.mark.parametrize(
    "arguments",
    [
        ["check", "-o", "refs/a.ris", "refs/a.ris"],
        ["check", "-o", "refs/a.ris", "refs"],
        ["fix", "-o", "refs/a.ris", "refs/a.ris"],
        ["dedupe", "-o", "refs/a.ris", "refs/a.ris"],
        ["baseline", "write", "--baseline", "refs/a.ris", "refs"],
    ],
    ids=" ".join,
)
def test_nothing_is_written_over_a_source(reflint: Shell, arguments: list[str]):
    path = reflint.write("refs/a.ris", DEFECT)
    before = path.read_bytes()
    ran = reflint(*arguments)
    assert (ran.status, path.read_bytes()) == (2, before)
    assert ran.err == "reflint: refs/a.ris: is one of the sources, which would be lost\n"


def test_a_report_beside_the_sources_may_be_written_again(reflint: Shell):
    reflint.write("refs/a.ris", DEFECT)
    assert [reflint("check", *ONLY, "-o", "refs/report.txt", "refs").status for _ in range(2)] == [0, 0]


def test_check_does_not_repair_unless_it_is_told_to(reflint: Shell):
    path = reflint.write("a.ris", DEFECT)
    before = path.read_bytes()
    ran = reflint("check", "--unsafe-fixes", "a.ris")
    assert (ran.status, path.read_bytes()) == (2, before)
    assert "--fix or --diff" in ran.err
