"""`--watch` and the shell's completion: what a person at a terminal lives with."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
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


@contextmanager
def watching(reflint: Shell, *options: str) -> Iterator[tuple[subprocess.Popen[str], IO[str], IO[str]]]:
    """`check --watch` of a folder, with what it says on both its streams; it does not outlive the test."""
    command = [*COMMAND, "check", "--watch", "-fconcise", *options, "refs"]
    env, pipe = environment(reflint.cache), subprocess.PIPE
    with subprocess.Popen(command, cwd=reflint.folder, env=env, stdout=pipe, stderr=pipe, text=True) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        try:
            yield running, running.stdout, running.stderr
        finally:
            running.kill()


def test_a_changed_file_is_checked_again_and_only_that(reflint: Shell):
    reflint.write("refs/a.ris", FAULTY)
    reflint.write("refs/b.ris", CLEAN)
    with watching(reflint, "--select", "RIS009") as (running, out, err):
        assert "refs/a.ris:3:1: RIS009" in until(out, " in 2 records")
        until(err, "waiting for changes")
        reflint.write("refs/b.ris", FAULTY)
        second = until(out, " in 1 record")
        assert "refs/b.ris:3:1: RIS009" in second
        assert "refs/a.ris" not in second
        until(err, "waiting for changes")
        reflint.write("refs/new.ris", CLEAN)
        assert "nothing to report" in until(out, " in 1 record")
        until(err, "waiting for changes")
        running.send_signal(signal.SIGINT)
        assert running.wait(60) == 0
        assert "Traceback" not in err.read()


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
