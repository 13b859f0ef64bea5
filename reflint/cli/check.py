"""`reflint check` and `reflint fix`."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from itertools import groupby
from pathlib import Path
from typing import Any, TextIO

import click

from reflint.app import checking, settings
from reflint.app.reports import SourceReport
from reflint.app.rules import build_engine
from reflint.app.sources import STDIN
from reflint.app.workers import Recipe, Workers, usual_jobs
from reflint.cli.main import DONE, FAILED, FINDINGS
from reflint.cli.online import OPTIONS, LookUp, look_up
from reflint.cli.options import codes, listed
from reflint.engine.run import Engine
from reflint.engine.suppress import Baseline
from reflint.errors import ConfigError, SourceError
from reflint.model.finding import Finding, at_least
from reflint.reports.base import Linewise, Reporter, SourceSummary, Summary
from reflint.reports.text import Concise, Full, painted, plain, statistics

FORMATS = ("full", "concise", "json", "jsonl", "sarif", "github", "gitlab", "junit", "html")


def _options(command: Callable[..., Any]) -> Callable[..., Any]:
    of_rules: dict[str, Any] = {"multiple": True, "callback": codes, "metavar": "CODES"}
    for option in reversed(
        [
            click.argument("sources", nargs=-1, metavar="SOURCE...", type=click.Path(allow_dash=True)),
            click.option("--unsafe-fixes", is_flag=True, help="Make repairs that need a person's yes, too."),
            click.option("--diff", is_flag=True, help="Write nothing; show the repair as a diff."),
            click.option("--select", **of_rules, help="Run just these rules: codes, prefixes, slugs, ALL."),
            click.option("--extend-select", **of_rules, help="Run these rules as well."),
            click.option("--ignore", **of_rules, help="Leave these rules out."),
            click.option(
                "--pack",
                multiple=True,
                callback=listed,
                metavar="FOLDER",
                help="Take in the rules of this pack as well.",
            ),
            click.option("--profile", metavar="NAME", help="minimal, recommended (default) or strict."),
            click.option(
                "--fail-on", metavar="SEVERITY", help="Exit 1 at findings of error, warning (default) or info."
            ),
            click.option("--baseline", metavar="FILE", help="Leave out the findings that this file lists."),
            click.option("--library", metavar="SOURCE", help="Compare a manuscript's works with this library."),
            click.option(
                "--annotate",
                metavar="OUT.docx",
                type=click.Path(path_type=Path),
                help="Write a copy of the manuscript with the findings as comments.",
            ),
            click.option("--watch", is_flag=True, help="Check again whenever a file changes, until interrupted."),
            click.option("--exit-zero", is_flag=True, help="Exit 0 whatever was found."),
            click.option("--statistics", is_flag=True, help="Count findings by rule instead of listing them."),
            click.option(
                "-f", "--output-format", metavar="FORMAT", type=click.Choice(FORMATS), help=", ".join(FORMATS) + "."
            ),
            click.option(
                "-o", "--output-file", metavar="PATH", type=click.Path(path_type=Path), help="Write findings there."
            ),
            click.option(
                "--color",
                type=click.Choice(["auto", "always", "never"]),
                default="auto",
                help="Colour (default: auto).",
            ),
            *OPTIONS,
            click.option(
                "--jobs",
                metavar="N",
                type=click.IntRange(min=1),
                help="Work in N processes (default: one for each processor where that pays).",
            ),
            click.option("--no-progress", is_flag=True, help="No progress bar."),
            click.option("--yes", is_flag=True, help="Do not ask before writing to a Zotero library."),
            click.option("-q", "--quiet", is_flag=True, help="Print no findings and no closing line."),
            click.option(
                "--config", metavar="PATH", type=click.Path(path_type=Path), help="Take settings from this file."
            ),
            click.option("--stdin-filename", metavar="NAME", help="What to call standard input (source -)."),
        ]
    ):
        command = option(command)
    return command


@click.command("check")
@click.option("--fix", "repair", is_flag=True, help="Make the safe repairs.")
@_options
def check_command(repair: bool, **given: Any) -> int:
    """Find what is wrong with the references in SOURCE: files, folders, or - for standard input.

    \b
    Examples:
      reflint check library.ris
      reflint check --diff --unsafe-fixes library.ris
      reflint check -f json -o findings.json references/
      reflint check thesis.docx --library refs.ris --annotate commented.docx
    """
    return _run(repair=repair, **given)


@click.command("fix")
@_options
def fix_command(**given: Any) -> int:
    """Repair the references in SOURCE; the same as check --fix.

    \b
    Examples:
      reflint fix --diff library.ris
      reflint fix --unsafe-fixes library.ris
    """
    return _run(repair=True, **given)


def _run(*, sources: tuple[str, ...], repair: bool, **given: Any) -> int:
    if not sources:
        raise click.UsageError("name at least one file or folder, or - for standard input")
    if given["watch"]:
        return _watched(sources, repair=repair, **given)
    chosen = _settings(given)
    with look_up(chosen, given, sources) as asking:
        return _looked_up(asking, chosen, sources=sources, repair=repair, **given)


def _watched(sources: tuple[str, ...], *, repair: bool, **given: Any) -> int:
    """Checks again whenever a file has changed, until it is interrupted."""
    if repair or given["diff"] or given["unsafe_fixes"] or given["output_file"] or given["annotate"]:
        raise click.UsageError("--watch only shows findings: not together with repairs or files to write")
    if any(source == STDIN or source.startswith("zotero:") for source in sources):
        raise click.UsageError("--watch looks at files and folders, not at standard input or Zotero libraries")
    from reflint.cli.watch import changes

    try:
        for changed in changes(sources):
            if sys.stdout.isatty():
                click.clear()
            _run(sources=tuple(changed), repair=False, **given | {"watch": False})
            sys.stdout.flush()
            click.echo("reflint: waiting for changes (Ctrl-C ends)", err=True)
    except KeyboardInterrupt:
        pass
    return DONE


def _looked_up(
    asking: LookUp, chosen: settings.Settings, *, sources: tuple[str, ...], repair: bool, **given: Any
) -> int:
    diff, repair = given["diff"], repair or given["diff"] or given["unsafe_fixes"]
    engine = build_engine(chosen, repairing=repair, advisor=asking.advisor)
    # Records go as they came and hold no cycles; collecting often would cost a tenth of the time.
    gc.set_threshold(100_000, 20, 20)
    stdin = sys.stdin.buffer.read() if STDIN in sources else None
    to_stdout = repair and not diff and STDIN in sources  # the repaired text takes the place of the findings
    safeties = ("safe", "unsafe") if given["unsafe_fixes"] else ("safe",)
    with _Output(given["output_file"], to_stdout or diff, needed=diff or not repair) as out:
        reporter = _reporter(given, out, engine)
        summary = Summary()
        listing = not (given["quiet"] or given["statistics"])
        alone = asking.advisor is not None or diff or to_stdout  # which cannot be divided among processes
        with (
            asking.watching(sources, enabled=not given["no_progress"]) as progress,
            nullcontext()
            if alone
            else _workers(sources, chosen, given, repair, safeties, reporter if listing else None) as staff,
        ):
            names: dict[str, Any] = {"stdin": stdin, "stdin_name": given["stdin_filename"], "progress": progress}
            names["workers"] = staff
            if repair:
                names |= {"diff": diff, "output": sys.stdout.buffer if to_stdout else None}
                events = _repair(sources, chosen, engine, safeties, given["yes"], names)
            else:
                library = _library(given["library"])
                events = checking.check(sources, engine, connection=_connection(sources), library=library, **names)
            baseline = _baseline(chosen)
            if baseline is not None:
                events = (event for event in events if not (isinstance(event, Finding) and baseline.holds(event)))
            if given["annotate"]:
                from reflint.cli.manuscripts import annotating

                events = annotating(events, sources, given["annotate"], repair=repair)
            fail_on = chosen["fail-on"]
            failing = _consume(events, reporter, summary, fail_on, listing=listing)
        summary.unanswered = asking.unanswered
        if not given["quiet"]:
            if baseline is not None and baseline.gone and not repair:
                click.echo(
                    f"{baseline.gone} findings of the baseline are gone; `reflint baseline prune` drops them", err=True
                )
            if given["statistics"]:
                out.write(statistics(summary))
            else:
                reporter.end(summary)
    return _status(summary, failing, diff, given["exit_zero"])


@contextmanager
def _workers(
    sources: Sequence[str],
    chosen: settings.Settings,
    given: dict[str, Any],
    repair: bool,
    safeties: tuple[str, ...],
    reporter: Reporter | None,
) -> Iterator[Workers | None]:
    """The processes to divide the work among; None where one does it all.

    One does it where findings have to be seen together: with a baseline, a library, or formats that hold all rows.
    """
    jobs = given["jobs"] or usual_jobs(sources)
    together = chosen["baseline"] or given["library"] or given["annotate"]
    if jobs == 1 or together or not (reporter is None or isinstance(reporter, Linewise)):
        yield None
        return
    render = None if reporter is None else reporter.text
    with Workers(jobs, Recipe(chosen, repair, safeties, render)) as workers:
        yield workers


def _baseline(chosen: settings.Settings) -> Baseline | None:
    """The findings that were there before; None when no file names any."""
    if not chosen["baseline"]:
        return None
    from reflint.app.baselines import read

    return read(Path(chosen["baseline"]))


def _repair(
    sources: Iterable[str],
    chosen: settings.Settings,
    engine: Engine,
    safeties: Collection[str],
    yes: bool,
    names: dict[str, Any],
) -> Iterator[checking.Event]:
    """Files are repaired where they stand; Zotero libraries by a plan that is shown, agreed to and applied."""
    for libraries, group in groupby(sources, lambda source: source.startswith("zotero:")):
        if not libraries:
            yield from checking.fix(group, engine, safeties, **names)
            continue
        from reflint.cli.zotero import repaired

        for source in group:
            yield from repaired(source, chosen, engine, safeties, diff=names["diff"], yes=yes)


def _connection(sources: Iterable[str]) -> Any:
    """How to reach Zotero, when one of the sources is a library."""
    if not any(source.startswith("zotero:") for source in sources):
        return None
    from reflint.cli.zotero import connection

    return connection()


def _library(argument: str | None) -> Any:
    """The library to compare manuscripts with; None without."""
    if not argument:
        return None
    from reflint.app.shelves import shelf

    return shelf(argument, _connection([argument]))


def _settings(given: dict[str, Any]) -> settings.Settings:
    found = settings.load(explicit=given["config"])
    keys = {
        "select": "select",
        "extend_select": "extend-select",
        "ignore": "ignore",
        "profile": "profile",
        "fail_on": "fail-on",
        "online": "online",
        "baseline": "baseline",
        "pack": "packs",
    }
    return found.over({key: given[option] for option, key in keys.items()}, "command line")


def _consume(
    events: Iterable[checking.Event], reporter: Reporter, summary: Summary, fail_on: str, *, listing: bool
) -> bool:
    """Passes events on; whether a finding is grave enough to fail."""
    for event in events:
        if isinstance(event, Finding):
            summary.add(event)
            if listing:
                reporter.finding(event)
        elif isinstance(event, str):
            sys.stdout.write(event)
        elif isinstance(event, SourceReport):
            _close(event, summary)
        else:
            summary.take_in(event.summary)
            if isinstance(reporter, Linewise):
                for text in event.texts:
                    reporter.put(reporter.shifted(text, event.shift))
            if event.report is not None:
                _close(event.report, summary)
    return any(count and at_least(severity, fail_on) for severity, count in summary.by_severity.items())


def _close(report: SourceReport, summary: Summary) -> None:
    """Counts a source that is done, and says if it could not be."""
    summary.close(SourceSummary(report.source, report.records, report.format, report.error, report.manuscript))
    summary.repaired += report.repaired
    summary.changed_sources += report.changed
    if report.error:
        click.echo(f"reflint: {report.error}", err=True)


def _status(summary: Summary, failing: bool, diff: bool, exit_zero: bool) -> int:
    if summary.failed:
        return FAILED
    if exit_zero:
        return DONE
    if diff:
        return FINDINGS if summary.changed_sources else DONE
    return FINDINGS if failing else DONE


class _Output:
    """Where findings go: a file (replaced whole at the end), standard output, or standard error beside other output."""

    def __init__(self, path: Path | None, stdout_taken: bool, *, needed: bool) -> None:
        self._path = path
        self._needed = needed
        self._target: TextIO = sys.stderr if stdout_taken else sys.stdout
        self._held: list[str] = []

    def __enter__(self) -> _Output:
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


def _reporter(given: dict[str, Any], out: _Output, engine: Engine) -> Reporter:
    name = given["output_format"] or _usual_format(out)
    if name in ("full", "concise"):
        paint = painted if _wants_colour(given["color"], out) else plain
        return Full(out.write, paint) if name == "full" else Concise(out.write, paint)
    if name in ("json", "jsonl"):
        from reflint.reports import jsonout

        return jsonout.Json(out.write) if name == "json" else jsonout.JsonLines(out.write)
    return _for_machines(name, out, engine)


def _for_machines(name: str, out: _Output, engine: Engine) -> Reporter:
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


def _usual_format(out: _Output) -> str:
    """GitHub's own on GitHub Actions, else excerpts for a person and a line each for a file or pipe."""
    if os.environ.get("GITHUB_ACTIONS") and out.to_stdout:
        return "github"
    return "full" if out.terminal else "concise"


def _wants_colour(choice: str, out: _Output) -> bool:
    if choice != "auto":
        return choice == "always"
    if os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or out.terminal


__all__ = ["check_command", "fix_command"]
