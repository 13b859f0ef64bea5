"""`reflint dedupe`."""

from __future__ import annotations

import gc
import sys
from pathlib import Path
from typing import Any

import click

from reflint.app import decisions, duplicates
from reflint.app.sources import STDIN
from reflint.cli.main import DONE, FAILED, FINDINGS
from reflint.cli.progress import progress_bar
from reflint.errors import ConfigError
from reflint.reports.duplicates import as_html, as_json, as_text

_REPORTS = {"text": as_text, "json": as_json, "html": as_html}


@click.command("dedupe")
@click.argument("sources", nargs=-1, metavar="SOURCE...")
@click.option(
    "-f",
    "--output-format",
    metavar="FORMAT",
    type=click.Choice(list(_REPORTS)),
    default="text",
    help="text, json, html.",
)
@click.option("-o", "--output-file", metavar="PATH", type=click.Path(path_type=Path), help="Write the groups there.")
@click.option(
    "--merge",
    "merged",
    metavar="OUT",
    type=click.Path(path_type=Path),
    help="Write a new file (.ris, .csl.json, .zotero.json) in which each group of the same work is one record.",
)
@click.option(
    "--decisions",
    "decided",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help=f"Pairs that are no duplicates (default: the closest {decisions.FILE_NAME}).",
)
@click.option(
    "--apart",
    nargs=2,
    multiple=True,
    metavar="MARK MARK",
    help="Write down that two records, by the marks in brackets, are no duplicates.",
)
@click.option("--reason", default="", metavar="TEXT", help="Why they are none.")
@click.option("--no-progress", is_flag=True, help="No progress bar.")
@click.option("--stdin-filename", metavar="NAME", help="What to call standard input (source -).")
def dedupe_command(sources: tuple[str, ...], **given: Any) -> int:
    """Find duplicates within and between SOURCES: files, folders, Zotero libraries, or - for standard input.

    Exit status 1 says that there are groups of the same work. Sources are never changed.

    \b
    Examples:
      reflint dedupe scopus.ris pubmed.nbib
      reflint dedupe -f html -o duplicates.html library.ris zotero:groups/123
      reflint dedupe --merge merged.ris scopus.ris pubmed.nbib
      reflint dedupe --apart 0123456789abcdef fedcba9876543210 --reason "two arms" library.ris
    """
    if not sources:
        raise click.UsageError("name at least one file, folder or library, or - for standard input")
    gc.set_threshold(100_000, 20, 20)  # records go as they came and hold no cycles
    path = given["decided"] or decisions.find()
    _keep_apart(path, given["apart"], given["reason"])
    stdin = sys.stdin.buffer.read() if STDIN in sources else None
    with progress_bar(sources, enabled=not given["no_progress"]) as progress:
        result = duplicates.dedupe(
            sources,
            decisions.load(path),
            stdin=stdin,
            stdin_name=given["stdin_filename"],
            progress=progress,
            connection=_connection(sources),
        )
    for error in result.errors:
        click.echo(f"reflint: {error}", err=True)
    for idle in result.idle:
        told = " and ".join(idle.records)
        click.echo(f"reflint: {path}: the decision on {told} matches no records any more", err=True)
    if given["merged"] is not None and not result.errors:
        result = duplicates.merge_into(given["merged"], result)
    _write(given["output_file"], _REPORTS[given["output_format"]](result.groups, result.records))
    if result.errors:
        return FAILED
    return FINDINGS if any(group.kind == "same" for group in result.groups) else DONE


def _keep_apart(path: Path, pairs: tuple[tuple[str, str], ...], reason: str) -> None:
    for mark in (mark for pair in pairs for mark in pair):
        if not decisions.is_mark(mark):
            raise ConfigError(f"--apart takes two fingerprints of 16 hex digits, not {mark!r}")
    if pairs:
        decisions.add(path, [decisions.Decision(pair, reason) for pair in pairs])


def _connection(sources: tuple[str, ...]) -> Any:
    """How to reach Zotero, when one of the sources is a library."""
    if not any(source.startswith("zotero:") for source in sources):
        return None
    from reflint.cli.zotero import connection

    return connection()


def _write(path: Path | None, text: str) -> None:
    if path is None:
        sys.stdout.write(text)
        return
    from reflint.app.writing import Replacement

    with Replacement(path, None) as file:
        file.write(text.encode("utf-8", "backslashreplace"))
        file.commit()
