"""Ctrl-C, and readers of our output who leave early."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

from tests.command import Shell, environment

# More findings than a pipe holds: the command waits for us in the middle of its work.
MANY = b"TY  - JOUR\nTI  - Salt marshes of the north\nVL  -\nER  - \n\n" * 5000
RULES = ["--select", "RIS009,CRE001"]


def ended(process: subprocess.Popen[bytes]) -> tuple[int, str]:
    _, err = process.communicate(timeout=60)
    message = err.decode()
    assert "Traceback" not in message
    assert "Exception ignored" not in message
    assert "BrokenPipe" not in message
    return process.returncode, message


@pytest.mark.parametrize("command", ["check", "fix"])
def test_ctrl_c_is_answered_with_a_message_and_nothing_is_half_written(reflint: Shell, command: str):
    path = reflint.write("many.ris", MANY)
    process = reflint.start(command, *RULES, "many.ris")
    assert process.stdout is not None
    assert process.stdout.readline()
    process.send_signal(signal.SIGINT)
    status, message = ended(process)
    assert status == 2
    assert message.strip() == "reflint: interrupted; files that were not finished are as they were"
    assert path.read_bytes() == MANY
    assert [one.name for one in reflint.folder.iterdir()] == ["many.ris"]


def test_ctrl_c_writes_no_report(reflint: Shell):
    reflint.write("many.ris", MANY)
    reflint.write("report.txt", "as it was")
    process = reflint.start("check", "--diff", *RULES, "-o", "report.txt", "many.ris")
    assert process.stdout is not None
    assert process.stdout.readline()
    process.send_signal(signal.SIGINT)
    assert ended(process)[0] == 2
    assert (reflint.folder / "report.txt").read_text("utf-8") == "as it was"
    assert sorted(one.name for one in reflint.folder.iterdir()) == ["many.ris", "report.txt"]


@pytest.mark.parametrize(
    "arguments",
    [
        ["check", *RULES, "many.ris"],
        ["check", "-f", "json", *RULES, "many.ris"],
        ["check", "-f", "full", *RULES, "many.ris"],
        ["check", "--diff", "--select", "RIS009", "many.ris"],
    ],
    ids=["concise", "json", "full", "diff"],
)
def test_a_reader_who_leaves_early_is_no_fault(reflint: Shell, arguments: list[str]):
    path = reflint.write("many.ris", MANY)
    process = reflint.start(*arguments)
    assert process.stdout is not None
    assert process.stdout.readline()
    process.stdout.close()
    status, message = ended(process)
    assert (status, message) == (0, "")
    assert path.read_bytes() == MANY


def test_a_reader_of_repaired_text_who_leaves_early_is_no_fault(reflint: Shell):
    reflint.write("many.ris", MANY)
    shell = ["sh", "-c", '"$0" -m reflint fix --select RIS009 - < many.ris | head -n 1']
    done = subprocess.run(
        [*shell, sys.executable], cwd=reflint.folder, env=environment(reflint.cache), capture_output=True, check=False
    )
    assert done.stdout == b"TY  - JOUR\n"
    assert done.stderr.decode() == ""


def test_a_fix_whose_reader_leaves_is_done_all_the_same(reflint: Shell):
    path = reflint.write("many.ris", MANY)
    process = reflint.start("fix", *RULES, "many.ris")
    assert process.stdout is not None
    assert process.stdout.readline()
    process.stdout.close()
    assert ended(process) == (1, "")
    assert path.read_bytes() == MANY.replace(b"VL  -\n", b"")
    assert [one.name for one in reflint.folder.iterdir()] == ["many.ris"]


@pytest.mark.parametrize("arguments", [["rules"], ["rules", "-f", "json"], ["explain", "RIS001"], ["--help"]])
def test_a_list_may_be_cut_by_head(reflint: Shell, arguments: list[str]):
    process = reflint.start(*arguments)
    assert process.stdout is not None
    process.stdout.close()
    status, message = ended(process)
    assert (status, message) == (0, "")


def test_nothing_stays_behind_when_the_process_that_gives_work_away_is_killed(reflint: Shell):
    # A volume is what nearly all records of the type have, so that workers must be told what the library says.
    usual = b"TY  - JOUR\nTI  - Tides\nVL  - 3\nN2  - " + b"Where the tide turns. " * 90 + b"\nER  - \n\n"
    reflint.write("large.ris", usual.replace(b"VL  - 3\n", b"") * 50 + usual * 3000)
    temporary = reflint.folder / "tmp"
    temporary.mkdir()
    process = reflint.start("check", "--select", "LIB001,TYP001", "--jobs", "2", "large.ris", TMPDIR=str(temporary))
    assert process.stdout is not None
    assert b"LIB001" in process.stdout.readline()
    process.kill()
    process.communicate(timeout=60)  # workers have the pipe as well: it ends with the last of them
    assert list(temporary.iterdir()) == []
