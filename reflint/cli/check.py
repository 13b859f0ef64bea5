"""`reflint check` and `reflint fix`."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager, nullcontext
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from reflint.app import checking, settings
from reflint.app.reports import SourceReport
from reflint.app.rules import build_engine
from reflint.app.sources import STDIN
from reflint.app.workers import COLLECTIONS, Recipe, Workers, usual_jobs
from reflint.cli.main import DONE, FAILED, FINDINGS
from reflint.cli.online import OPTIONS, LookUp, look_up
from reflint.cli.options import codes, listed
from reflint.cli.output import FORMATS, TEXTS, Output, reporter_for, spare_sources
from reflint.cli.progress import NO_PROGRESS
from reflint.engine.run import Engine
from reflint.engine.suppress import Baseline
from reflint.errors import ConfigError
from reflint.model.finding import Finding, at_least
from reflint.model.text import number_of
from reflint.reports.base import Linewise, Reporter, SourceSummary, Summary
from reflint.reports.text import statistics

if TYPE_CHECKING:
    from reflint.app.remembered import Remembered
    from reflint.word.shelf import Shelf

PARQUET = "parquet"
"""The format of findings that only `--engine dask` writes."""


_OF_RULES: dict[str, Any] = {"multiple": True, "callback": codes, "metavar": "CODES"}
_OPTIONS: tuple[Callable[..., Any], ...] = (
    click.argument("sources", nargs=-1, metavar="SOURCE...", type=click.Path(allow_dash=True, readable=False)),
    click.option("--unsafe-fixes", is_flag=True, help="Make repairs that need a person's yes, too."),
    click.option("--diff", is_flag=True, help="Write nothing; show the repair as a diff."),
    click.option("--select", **_OF_RULES, help="Run just these rules: codes, prefixes, slugs, ALL."),
    click.option("--extend-select", **_OF_RULES, help="Run these rules as well."),
    click.option("--ignore", **_OF_RULES, help="Leave these rules out."),
    click.option(
        "--pack",
        multiple=True,
        callback=listed,
        metavar="FOLDER",
        help="Take in the rules of this pack as well.",
    ),
    click.option("--profile", metavar="NAME", help="minimal, recommended (default) or strict."),
    click.option("--fail-on", metavar="SEVERITY", help="Exit 1 at findings of error, warning (default) or info."),
    click.option("--baseline", metavar="FILE", help="Leave out the findings that this file lists."),
    click.option("--library", metavar="SOURCE", help="Compare a manuscript's works with this library."),
    click.option(
        "--annotate",
        metavar="OUT.docx",
        type=click.Path(path_type=Path),
        help="Write a copy of the manuscript with the findings as comments (fix: and repaired).",
    ),
    click.option("--exit-zero", is_flag=True, help="Exit 0 whatever was found."),
    click.option("--statistics", is_flag=True, help="Count findings by rule instead of listing them."),
    click.option(
        "-f",
        "--output-format",
        metavar="FORMAT",
        type=click.Choice((*FORMATS, PARQUET)),
        help=f"{', '.join(FORMATS)}; {PARQUET} (with --engine dask).",
    ),
    click.option("-o", "--output-file", metavar="PATH", type=click.Path(path_type=Path), help="Write findings there."),
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
    click.option("--no-cache", is_flag=True, help="Check also what has not changed since a former run."),
    NO_PROGRESS,
    click.option("--yes", is_flag=True, help="Do not ask before writing to a Zotero library."),
    click.option("-q", "--quiet", is_flag=True, help="Print no findings and no closing line (-o: write them)."),
    click.option("--config", metavar="PATH", type=click.Path(path_type=Path), help="Take settings from this file."),
    click.option("--stdin-filename", metavar="NAME", help="What to call standard input (source -)."),
)


def _options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Gives a command the argument and options of `check` and `fix`."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


@click.command("check")
@click.option("--fix", "repair", is_flag=True, help="Make the safe repairs.")
@click.option("--watch", is_flag=True, help="Check again whenever a file changes, until interrupted.")
@click.option(
    "--engine",
    type=click.Choice(["local", "dask"]),
    default="local",
    help="dask: check any number of shards on a Dask cluster, into the folder -o (docs/scale.md).",
)
@click.option(
    "--scheduler", metavar="ADDRESS", help="The cluster's scheduler (default: a cluster of --jobs processes here)."
)
@_options
def check_command(repair: bool, engine: str, scheduler: str | None, **given: Any) -> int:
    """Find what is wrong with the references in SOURCE: files, folders, or - for standard input.

    \b
    Examples:
      reflint check library.ris
      reflint check --diff --unsafe-fixes library.ris
      reflint check -f json -o findings.json references/
      reflint check thesis.docx --library refs.ris --annotate commented.docx
      reflint check --engine dask -o checked/ shards/
    """
    if engine == "dask":
        from reflint.cli.scale import check_at_scale

        return check_at_scale(_settings(given), scheduler, repair=repair, **given)
    if scheduler is not None:
        raise click.UsageError("--scheduler is for --engine dask")
    return _run(repair=repair, **given)


@click.command("fix")
@_options
def fix_command(**given: Any) -> int:
    """Repair the references in SOURCE; the same as check --fix.

    \b
    Examples:
      reflint fix --diff library.ris
      reflint fix --unsafe-fixes library.ris
      reflint fix thesis.docx --annotate repaired.docx
    """
    return _run(repair=True, watch=False, **given)


def _run(*, sources: tuple[str, ...], repair: bool, **given: Any) -> int:
    if not sources:
        raise click.UsageError("name at least one file or folder, or - for standard input")
    if given["output_format"] == PARQUET:
        raise click.UsageError("-f parquet is for --engine dask")
    if given["statistics"] and given["output_format"] not in (None, *TEXTS):
        raise click.UsageError(f"--statistics is text: not with -f {given['output_format']}")
    if given["unsafe_fixes"] and not (repair or given["diff"]):
        raise click.UsageError("--unsafe-fixes says which repairs are made: it goes with --fix or --diff")
    if given["watch"]:
        return _watched(sources, repair=repair, **given)
    spare_sources(given["output_file"], sources)
    chosen = _settings(given)
    with look_up(chosen, given, sources) as asking:
        return _looked_up(asking, chosen, sources=sources, repair=repair, **given)


def _watched(sources: tuple[str, ...], *, repair: bool, **given: Any) -> int:
    """Checks again whenever a file has changed, until it is interrupted."""
    if repair or given["diff"] or given["output_file"] or given["annotate"]:
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


class _Run(NamedTuple):
    """One run: the sources, the settings, their engine, the command's options, and whether anything is repaired."""

    sources: tuple[str, ...]
    chosen: settings.Settings
    engine: Engine
    given: dict[str, Any]
    repair: bool

    @property
    def diff(self) -> bool:
        """Whether repairs are shown and not made."""
        return bool(self.given["diff"])

    @property
    def to_stdout(self) -> bool:
        """Whether the repaired text takes the place of the findings."""
        return self.repair and not self.diff and STDIN in self.sources

    @property
    def safeties(self) -> tuple[str, ...]:
        """The fixes to make."""
        return ("safe", "unsafe") if self.given["unsafe_fixes"] else ("safe",)

    def events(
        self,
        progress: checking.Progress | None,
        workers: Workers | None,
        remembered: Remembered | None,
        baseline: Baseline | None,
    ) -> Iterable[checking.Event]:
        """What is found, or left after repair, less the baseline; `--annotate` writes it into the copy at last."""
        target, copy = self.given["annotate"], None
        library = _library(self.given["library"])
        if target and self.repair:
            from reflint.cli.manuscripts import repairing

            if self.diff:
                raise ConfigError("--annotate writes a copy, --diff writes nothing")
            events, copy = repairing(self.sources, target, self.engine, self.safeties, library)
        else:
            events = self._events({"progress": progress, "workers": workers}, library, remembered)
        if baseline is not None:
            events = (event for event in events if not (isinstance(event, Finding) and baseline.holds(event)))
        if not target:
            return events
        from reflint.cli.manuscripts import annotating

        return annotating(events, self.sources, target, copy)

    def _events(
        self, names: dict[str, Any], library: Shelf | None, remembered: Remembered | None
    ) -> Iterator[checking.Event]:
        """The events of all sources as they come."""
        stdin = sys.stdin.buffer.read() if STDIN in self.sources else None
        names |= {"stdin": stdin, "stdin_name": self.given["stdin_filename"]}
        if self.repair:
            names |= {"diff": self.diff, "output": sys.stdout.buffer if self.to_stdout else None}
            return _repair(self.sources, self.chosen, self.engine, self.safeties, self.given["yes"], names)
        names |= {"connection": _connection(self.sources), "library": library, "remembered": remembered}
        return checking.check(self.sources, self.engine, **names)


def _looked_up(
    asking: LookUp, chosen: settings.Settings, *, sources: tuple[str, ...], repair: bool, **given: Any
) -> int:
    repair = repair or given["diff"]
    run = _Run(sources, chosen, build_engine(chosen, repairing=repair, advisor=asking.advisor), given, repair)
    gc.set_threshold(*COLLECTIONS)
    with Output(given["output_file"], run.to_stdout or run.diff, needed=run.diff or not repair) as out:
        silent = given["quiet"] and not given["output_file"]
        listing = not (silent or given["statistics"])
        reporter = reporter_for(given["output_format"] if listing else "concise", given["color"], out, run.engine)
        summary = Summary()
        # What is looked up, shown as a diff or written to standard output is neither divided nor remembered.
        alone = asking.advisor is not None or run.diff or run.to_stdout or not _separable(chosen, given, reporter)
        texts = reporter if listing and isinstance(reporter, Linewise) else None
        baseline = _baseline(chosen)
        with (
            asking.watching(sources) as progress,
            nullcontext() if alone else _workers(run, texts) as workers,
            nullcontext() if alone or repair or given["no_cache"] else _memory(chosen, texts) as remembered,
        ):
            events = run.events(progress, workers, remembered, baseline)
            failing = _consume(events, reporter, summary, chosen["fail-on"], listing=listing)
        summary.unanswered = asking.unanswered
        if given["library"] and not any(source.manuscript for source in summary.sources):
            click.echo("reflint: --library is compared with manuscripts, and none was checked", err=True)
        if baseline is not None and not repair and not given["quiet"]:
            _tell_gone(baseline, run)
        if listing:
            reporter.end(summary)
        elif not silent:
            out.write(statistics(summary))
    return _status(summary, failing, run.diff, given["exit_zero"])


@contextmanager
def _workers(run: _Run, reporter: Linewise | None) -> Iterator[Workers | None]:
    """The processes to divide the work among; None where one does it all."""
    jobs = run.given["jobs"] or usual_jobs(run.sources)
    if jobs == 1 or os.name == "nt":  # workers are started with a file that is open: Unix can
        yield None
        return
    render = None if reporter is None else reporter.text
    with Workers(jobs, Recipe(run.chosen, run.repair, run.safeties, render)) as workers:
        yield workers


def _separable(chosen: settings.Settings, given: dict[str, Any], reporter: Reporter) -> bool:
    """Whether findings need not be seen together, as with a baseline, a library, or formats that hold all rows."""
    together = chosen["baseline"] or given["library"] or given["annotate"]
    return not together and isinstance(reporter, Linewise)


@contextmanager
def _memory(chosen: settings.Settings, reporter: Linewise | None) -> Iterator[Remembered]:
    """What former runs found."""
    from reflint.app.remembered import Remembered

    remembered = Remembered(settings.cache_folder(), chosen, reporter)
    try:
        yield remembered
    finally:
        remembered.close()


def _tell_gone(baseline: Baseline, run: _Run) -> None:
    """Says how much of the baseline is gone; other sources, and rules that did not run, might have found the rest."""
    from reflint.app.baselines import within

    ran, about = {rule.id for rule in run.engine.every_rule}, within(run.sources, baseline.folder)
    gone = baseline.gone(lambda row: row.get("rule") in ran and about(row))
    if gone:
        told = number_of(gone, "finding")
        click.echo(
            f"gone from the sources: {told} of the baseline; `reflint baseline prune` drops what is gone", err=True
        )


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


def _library(argument: str | None) -> Shelf | None:
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
        "online_limit": "online-limit",
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


__all__ = ["check_command", "fix_command"]
