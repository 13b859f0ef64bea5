"""`--watch` and the shell's completion: what a person at a terminal lives with."""

from __future__ import annotations

import signal
import subprocess
from typing import IO

import pytest

from tests.command import COMMAND, Shell, environment

FAULTY = b"TY  - JOUR\nTI  - Salt marshes\nVL  -\nER  - \n"
CLEAN = FAULTY.replace(b"VL  -\n", b"")


def until(stream: IO[str], sign: str) -> str:
    """What is said up to a line with a sign."""
    said = []
    for line in stream:
        said.append(line)
        if sign in line:
            return "".join(said)
    raise AssertionError(f"ended without {sign!r}: {said}")


def test_a_changed_file_is_checked_again_and_only_that(reflint: Shell):
    reflint.write("refs/a.ris", FAULTY)
    reflint.write("refs/b.ris", CLEAN)
    with subprocess.Popen(
        [*COMMAND, "check", "--watch", "-fconcise", "--select", "RIS009", "refs"],
        cwd=reflint.folder,
        env=environment(reflint.cache),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        assert "refs/a.ris:3:1: RIS009" in until(running.stdout, " in 2 records")
        until(running.stderr, "waiting for changes")
        reflint.write("refs/b.ris", FAULTY)
        second = until(running.stdout, " in 1 record")
        assert "refs/b.ris:3:1: RIS009" in second
        assert "refs/a.ris" not in second
        until(running.stderr, "waiting for changes")
        reflint.write("refs/new.ris", CLEAN)
        assert "nothing to report" in until(running.stdout, " in 1 record")
        until(running.stderr, "waiting for changes")
        running.send_signal(signal.SIGINT)
        assert running.wait(20) == 0
        assert "Traceback" not in running.stderr.read()


@pytest.mark.parametrize("more", [["--fix"], ["--diff"], ["-o", "x.txt"], ["-"], ["zotero:groups/70"]])
def test_what_cannot_be_watched_is_refused(reflint: Shell, more: list[str]):
    reflint.write("a.ris", CLEAN)
    ran = reflint("check", "--watch", "a.ris", *more)
    assert ran.status == 2
    assert "--watch" in ran.err


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("reflint che", "plain,check"),
        ("reflint check --output-f", "plain,--output-format"),
        ("reflint check -f sa", "plain,sarif"),
        ("reflint explain ABS00", "plain,ABS001"),
        ("reflint explain duplicate-abs", "plain,duplicate-abstract"),
        ("reflint check lib", "file,lib"),
    ],
)
def test_the_shell_completes_words(reflint: Shell, words: str, expected: str):
    ran = reflint(_REFLINT_COMPLETE="bash_complete", COMP_WORDS=words, COMP_CWORD=str(words.count(" ")))
    assert expected in ran.out.splitlines()
    assert "Traceback" not in ran.err
