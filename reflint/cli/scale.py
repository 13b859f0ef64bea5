"""`reflint check --engine dask`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from reflint.app.settings import Settings
from reflint.cli.main import DONE, FAILED, FINDINGS
from reflint.cli.progress import progress_bar
from reflint.errors import ConfigError
from reflint.model.finding import at_least
from reflint.model.text import number_of
from reflint.reports.text import Concise, statistics

_FORMATS = ("jsonl", "parquet")
_REFUSED = ("unsafe_fixes", "diff", "library", "annotate", "stdin_filename", "watch")


def check_at_scale(
    chosen: Settings, scheduler: str | None, *, sources: tuple[str, ...], repair: bool, **given: Any
) -> int:
    """Checks files and folders on a cluster, into a folder; says what came of it."""
    out, format = _folder(given["output_file"]), given["output_format"] or _FORMATS[0]
    if not sources:
        raise click.UsageError("name at least one file or folder")
    if format not in _FORMATS:
        raise click.UsageError(f"--engine dask writes {' or '.join(_FORMATS)}, not {format}")
    _demand_only_finding(chosen, repair, given)
    try:
        from reflint.scale import carry_out
    except ImportError as error:
        raise ConfigError(f"--engine dask needs the extra `scale` ({error.name} is not installed)") from None
    with progress_bar(sources) as progress:
        outcome = carry_out(
            sources, out, chosen, format=format, scheduler=scheduler, jobs=given["jobs"], progress=progress
        )
    for told in outcome.errors:
        click.echo(f"reflint: {told}", err=True)
    if outcome.left_out:
        click.echo(f"reflint: not run, for they compare all records: {', '.join(outcome.left_out)}", err=True)
    if not given["quiet"]:
        if given["statistics"]:
            sys.stdout.write(statistics(outcome.summary))
        else:
            Concise(sys.stdout.write).end(outcome.summary)
        click.echo(
            f"{number_of(outcome.parts, 'shard')} in {out}, {outcome.checked} of them checked now; "
            f"{number_of(outcome.groups, 'group')} of candidate duplicates"
        )
    if outcome.errors:
        return FAILED
    counts = outcome.summary.by_severity.items()
    failing = any(count and at_least(severity, chosen["fail-on"]) for severity, count in counts)
    return FINDINGS if failing and not given["exit_zero"] else DONE


def _folder(out: Path | None) -> Path:
    """The folder to write into."""
    if out is None:
        raise click.UsageError("--engine dask writes into a folder: name it with -o")
    if out.exists() and not out.is_dir():
        raise ConfigError(f"{out}: --engine dask writes into a folder, and this is a file")
    return out


def _demand_only_finding(chosen: Settings, repair: bool, given: dict[str, Any]) -> None:
    """Raises UsageError for what needs all findings in one place, or changes files."""
    refused = ["fix"] if repair else []
    refused += [name for name in _REFUSED if given[name]]
    refused += [name for name in ("online", "baseline") if chosen[name]]
    if refused:
        raise click.UsageError(f"--engine dask only finds: it has no --{refused[0].replace('_', '-')}")
