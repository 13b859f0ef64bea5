"""`reflint dedupe`."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from reflint.app import decisions, duplicates
from reflint.app.sources import STDIN
from reflint.cli.main import DONE, FAILED, FINDINGS
from reflint.cli.output import spare_sources
from reflint.cli.progress import NO_PROGRESS, progress_bar
from reflint.errors import ConfigError
from reflint.reports.duplicates import as_html, as_json, as_text

_REPORTS = {"text": as_text, "json": as_json, "html": as_html}
Merging = Callable[[duplicates.Deduplicated, list[decisions.Decision]], duplicates.Deduplicated]


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
    "--plan",
    "planned",
    metavar="PLAN",
    type=click.Path(path_type=Path),
    help="Of one Zotero library: write a plan that merges each group of the same work, to review and `reflint apply`.",
)
@click.option("--html", metavar="PATH", type=click.Path(path_type=Path), help="With --plan: a page to review it on.")
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
@NO_PROGRESS
@click.option("--stdin-filename", metavar="NAME", help="What to call standard input (source -).")
def dedupe_command(sources: tuple[str, ...], **given: Any) -> int:
    """Find duplicates within and between SOURCES: files, folders, Zotero libraries, or - for standard input.

    Exit status 1 says that there are groups of the same work. Sources are never changed.
    --plan writes down how the duplicates of a Zotero library would be merged; `reflint apply --merge` does it.

    \b
    Examples:
      reflint dedupe scopus.ris pubmed.nbib
      reflint dedupe -f html -o duplicates.html library.ris zotero:groups/123
      reflint dedupe --merge merged.ris scopus.ris pubmed.nbib
      reflint dedupe --plan merge.jsonl --html merge.html zotero:groups/123
      reflint dedupe --apart 0123456789abcdef fedcba9876543210 --reason "two arms" library.ris
    """
    if not sources:
        raise click.UsageError("name at least one file, folder or library, or - for standard input")
    if given["html"] and not given["planned"]:
        raise click.UsageError("--html goes with --plan")
    spare_sources(given["output_file"], sources)
    merging = _merging(sources, given["planned"], given["html"]) if given["planned"] else None
    gc.set_threshold(100_000, 20, 20)  # records go as they came and hold no cycles
    path = given["decided"] or decisions.find()
    _keep_apart(path, given["apart"], given["reason"])
    decided = decisions.load(path)
    result = _deduplicated(sources, decided, given["stdin_filename"])
    for error in result.errors:
        click.echo(f"reflint: {error}", err=True)
    for idle in result.idle:
        told = " and ".join(idle.records)
        click.echo(f"reflint: {path}: the decision on {told} matches no records any more", err=True)
    if given["merged"] is not None and not result.errors:
        result = duplicates.merge_into(given["merged"], result)
    if merging is not None and not result.errors:
        result = merging(result, decided)
    _write(given["output_file"], _REPORTS[given["output_format"]](result.groups, result.records))
    if result.errors:
        return FAILED
    return FINDINGS if any(group.kind == "same" for group in result.groups) else DONE


def _deduplicated(
    sources: tuple[str, ...], decided: list[decisions.Decision], stdin_name: str | None
) -> duplicates.Deduplicated:
    """The groups of duplicates in the sources."""
    stdin = sys.stdin.buffer.read() if STDIN in sources else None
    connection = _connection(sources)
    with progress_bar(sources) as progress:
        return duplicates.dedupe(
            sources, decided, stdin=stdin, stdin_name=stdin_name, progress=progress, connection=connection
        )


def _merging(sources: tuple[str, ...], path: Path, html: Path | None) -> Merging:
    """What writes a merge plan and gives back the groups, with what it would do to them."""
    from reflint.app import merges, settings
    from reflint.cli.zotero import connection, rows
    from reflint.reports.changes import as_html as as_page
    from reflint.zotero.outcome import counted

    address = merges.library_of(sources)

    def merging(result: duplicates.Deduplicated, decided: list[decisions.Decision]) -> duplicates.Deduplicated:
        made = merges.plan_merges(address, result, decided, settings.load(), connection())
        for why in made.left:
            click.echo(f"reflint: not merged: {why}", err=True)
        _write(path, "".join(made.plan.texts()))
        if html is not None:
            _write(html, as_page(rows(made.plan, made.titles), f"Merge plan for {address}"))
        told = counted(made.plan)
        click.echo(f"{told}; nothing was written; the plan is {path} (sha256 {made.plan.sha256})", err=True)
        return result._replace(groups=made.groups)

    return merging


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
