"""Where findings are written to, and by which reporter."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TextIO

from reflint.app.sources import ENDINGS
from reflint.engine.run import Engine
from reflint.errors import ConfigError, SourceError
from reflint.reports.base import Reporter
from reflint.reports.text import Concise, Full, painted, plain

TEXTS = ("full", "concise", "github")
"""The formats that are lines of text, one after the other."""
FORMATS = ("full", "concise", "json", "jsonl", "sarif", "github", "gitlab", "junit", "html")


def spare_sources(target: Path | None, sources: Iterable[str]) -> None:
    """Raises ConfigError when what is to be written would replace a source, or what is read in a folder of sources."""
    if target is None or not target.is_file():
        return
    within = target.name.lower().endswith(tuple(ENDINGS))
    for source in map(Path, sources):
        if source.is_dir():
            taken = within and target.resolve().is_relative_to(source.resolve())
        else:
            taken = source.exists() and target.samefile(source)
        if taken:
            raise ConfigError(f"{target}: is one of the sources, which would be lost")


class Output:
    """Where findings go: a file (replaced whole at the end), standard output, or standard error beside other output."""

    def __init__(self, path: Path | None, stdout_taken: bool, *, needed: bool) -> None:
        self._path = path
        self._needed = needed
        self._target: TextIO = sys.stderr if stdout_taken else sys.stdout
        self._held: list[str] = []

    def __enter__(self) -> Output:
        if self._path is not None and not self._path.parent.is_dir():
            raise ConfigError(f"{self._path}: no such folder {self._path.parent}")
        return self

    @property
    def to_stdout(self) -> bool:
        """Whether it goes to standard output."""
        return self._path is None and self._target is sys.stdout

    @property
    def terminal(self) -> bool:
        """Whether a person looks at it."""
        return self._path is None and self._target.isatty()

    def write(self, text: str) -> None:
        """Adds text."""
        if self._path is not None:
            self._held.append(text)
            return
        try:
            self._target.write(text)
        except BrokenPipeError:
            if self._needed:
                raise
            # The reader has gone (| head), but files are being repaired: that goes on, in silence.
            os.dup2(os.open(os.devnull, os.O_WRONLY), self._target.fileno())

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        if self._path is None or kind is not None:
            return
        from reflint.app.writing import Replacement

        text = "".join(self._held).encode("utf-8", "backslashreplace")
        if self._path.exists() and not self._path.is_file():  # /dev/null, a named pipe: written to, never replaced
            try:
                self._path.write_bytes(text)
            except OSError as failure:
                raise SourceError(f"{self._path}: not written: {failure.strerror or failure}") from None
            return
        with Replacement(self._path, None) as new:
            new.write(text)
            new.commit()


def reporter_for(name: str | None, colour: str, out: Output, engine: Engine) -> Reporter:
    """The reporter of a format, or of the usual one, that writes to `out`; `colour`: auto, always or never."""
    name = name or _usual_format(out)
    if name in ("full", "concise"):
        paint = painted if _wants_colour(colour, out) else plain
        return Full(out.write, paint) if name == "full" else Concise(out.write, paint)
    if name in ("json", "jsonl"):
        from reflint.reports import jsonout

        return jsonout.Json(out.write) if name == "json" else jsonout.JsonLines(out.write)
    return _for_machines(name, out, engine)


def _for_machines(name: str, out: Output, engine: Engine) -> Reporter:
    """The formats of CI servers and code scanners."""
    if name == "sarif":
        from reflint.app.rules import describe
        from reflint.reports.sarif import Sarif

        return Sarif(out.write, map(describe, engine.every_rule))
    if name == "github":
        from reflint.reports.github import GitHub

        return GitHub(out.write)
    if name == "gitlab":
        from reflint.reports.gitlab import GitLab

        return GitLab(out.write)
    if name == "html":
        from reflint.reports.html import Html

        return Html(out.write)
    from reflint.reports.junit import JUnit

    return JUnit(out.write)


def _usual_format(out: Output) -> str:
    """GitHub's own on GitHub Actions, else excerpts for a person and a line each for a file or pipe."""
    if os.environ.get("GITHUB_ACTIONS") and out.to_stdout:
        return "github"
    return "full" if out.terminal else "concise"


def _wants_colour(choice: str, out: Output) -> bool:
    if choice != "auto":
        return choice == "always"
    if os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or out.terminal
