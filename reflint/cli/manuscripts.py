"""`reflint citations` and `reflint extract`; and what `--annotate` does."""

from __future__ import annotations

import json
import sys
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from reflint.app.sources import STDIN, Source
from reflint.cli.main import DONE
from reflint.errors import ConfigError
from reflint.model.text import number_of

if TYPE_CHECKING:
    from reflint.app.checking import Event
    from reflint.engine.run import Engine
    from reflint.word.manuscript import Manuscript
    from reflint.word.shelf import Shelf

_WIDTH = 100


def annotating(
    events: Iterable[Event], sources: tuple[str, ...], target: Path, repaired: Source | None = None
) -> Iterator[Event]:
    """The same events; when all have come, the copy of the manuscript with its findings as comments is written.

    `repaired`: the manuscript as `repairing` made it. Raises ConfigError, before anything is read, where there can be
    no such copy.
    """
    return _annotating(events, repaired or _manuscript(sources, target), target)


def repairing(
    sources: tuple[str, ...], target: Path, engine: Engine, safeties: Collection[str], library: Shelf | None
) -> tuple[Iterator[Event], Source]:
    """The manuscript with the repairs that last in it, and what is left to say of it.

    Raises ConfigError as `annotating`; what cannot be repaired is told by its report.
    """
    from reflint.app import manuscripts
    from reflint.app.reports import SourceReport
    from reflint.errors import SourceError

    source = _manuscript(sources, target)
    try:
        new, number = manuscripts.repaired(source, engine.of(source.name), safeties, library)
    except SourceError as error:
        return iter([SourceReport(source.name, 0, None, str(error))]), source
    return _left(new, number, engine, library), new


def _left(new: Source, number: int, engine: Engine, library: Shelf | None) -> Iterator[Event]:
    """What a repaired manuscript is found to have, and in its report how many repairs were made."""
    from reflint.app.checking import check_one
    from reflint.app.reports import SourceReport

    for event in check_one(new, engine, library=library):
        if isinstance(event, SourceReport):
            event = event._replace(repaired=number, changed=number > 0)
        yield event


def _manuscript(sources: tuple[str, ...], target: Path) -> Source:
    """The only source, of which a copy can go to the target. Raises ConfigError where that is not so."""
    from reflint.app import manuscripts

    if len(sources) != 1 or Path(sources[0]).is_dir() or sources[0] == STDIN:
        raise ConfigError("--annotate goes with one manuscript")
    source = _source(sources[0])
    manuscripts.demand_target(source, target)
    return source


def _annotating(events: Iterable[Event], source: Source, target: Path) -> Iterator[Event]:
    from reflint.app import manuscripts
    from reflint.app.reports import SourceReport
    from reflint.model.finding import Finding

    findings, failed = [], False
    for event in events:
        if isinstance(event, Finding):
            findings.append(event)
        elif isinstance(event, SourceReport) and event.error:
            failed = True
        yield event
    if not failed:
        number = manuscripts.annotate(source, findings, target)
        click.echo(f"{number_of(number, 'comment')} written to {target}", err=True)


def _source(argument: str) -> Source:
    if argument == STDIN:
        return Source(STDIN, None, sys.stdin.buffer.read())
    return Source(argument, Path(argument))


@click.command("citations")
@click.argument("manuscript")
@click.option(
    "-f",
    "--output-format",
    "--format",
    type=click.Choice(["text", "json", "html"]),
    default="text",
    help="text, json, or (of a summary) html.",
)
@click.option("--summary", is_flag=True, help="Figures instead: managers, DOIs, ages, self-citations.")
@click.option("--author", "authors", multiple=True, metavar="NAME", help="Whose manuscript it is, for self-citations.")
def citations_command(manuscript: str, output_format: str, summary: bool, authors: tuple[str, ...]) -> int:
    """List every in-text citation of MANUSCRIPT (.docx, .odt, or - for standard input), and the list's entries.

    \b
    Examples:
      reflint citations thesis.docx
      reflint citations thesis.docx -f json
      reflint citations thesis.docx --summary -f html > figures.html
    """
    from reflint.app import manuscripts

    if (output_format == "html" or authors) and not summary:
        raise ConfigError("html and --author go with --summary")
    read = manuscripts.open_manuscript(_source(manuscript))
    if summary:
        click.echo(_figures(manuscripts.figures(manuscript, read, authors), output_format), nl=False)
    elif output_format == "json":
        click.echo(json.dumps(manuscripts.listing(read), indent=1, ensure_ascii=False))
    else:
        click.echo("\n".join(_lines(manuscript, read)))
    return DONE


def _figures(figures: dict[str, Any], output_format: str) -> str:
    from reflint.reports.figures import as_html, as_text

    if output_format == "json":
        return json.dumps(figures, indent=1, ensure_ascii=False) + "\n"
    return as_html(figures) + "\n" if output_format == "html" else "".join(as_text(figures))


def _lines(name: str, read: Manuscript) -> Iterator[str]:
    from reflint.app import manuscripts

    counts = ", ".join(f"{manager} {count}" for manager, count in manuscripts.by_manager(read).items())
    yield (
        f"{name}: {number_of(len(read.citations), 'citation')} ({counts or 'none'}), "
        f"{number_of(len(read.works), 'work')}, {number_of(len(read.entries), 'entry', 'entries')} in the list"
    )
    for index, (citation, references) in enumerate(zip(read.citations, read.references, strict=True)):
        start, end = citation.span
        text = _short(citation.text) or "(no text)"
        place = f"{citation.part} ¶{citation.paragraph}:{start}-{end}"
        yield f"\n{index:>4}  {text}\n      {citation.manager or 'typed'} · {place}"
        if citation.fault:
            yield f"      ! its data cannot be read: {citation.fault}"
        for reference in references:
            found = [f"{n + 1}. {read.entries[n].text}" for n in reference.entries]
            yield _short(f"      {reference.label} → {' | '.join(found) or reference.reason}")
    if read.entries:
        yield "\nReference list"
    for number, entry in enumerate(read.entries, 1):
        yield _short(f"{number:>4}. {entry.text}")


def _short(text: str) -> str:
    """One line of at most a hundred characters; blanks at its beginning stay."""
    indent = text[: len(text) - len(text.lstrip(" "))]
    line = indent + " ".join(text.split())
    return line if len(line) <= _WIDTH else f"{line[: _WIDTH - 1]}…"


@click.command("extract")
@click.argument("manuscript")
@click.option(
    "-o",
    "--output-file",
    metavar="PATH",
    required=True,
    type=click.Path(path_type=Path),
    help="Where to: refs.ris, refs.json (CSL-JSON) or refs.zotero.json.",
)
def extract_command(manuscript: str, output_file: Path) -> int:
    """Write the works that MANUSCRIPT cites as records: a lost library, rebuilt from the citations.

    \b
    Examples:
      reflint extract thesis.docx -o refs.ris
      reflint extract thesis.docx -o refs.json
      reflint extract thesis.docx -o refs.zotero.json
    """
    from reflint.app import manuscripts
    from reflint.errors import SourceError

    source = _source(manuscript)
    read = manuscripts.open_manuscript(source)
    try:
        extracted = manuscripts.extract(read, output_file)
    except SourceError as error:
        raise SourceError(
            str(error) if str(error).startswith(str(output_file)) else f"{source.name}: {error}"
        ) from None
    click.echo(f"{number_of(extracted.records, 'record')} written to {output_file}", err=True)
    if extracted.unknown:
        click.echo(f"left out, for the manuscript tells nothing of them: {', '.join(extracted.unknown)}", err=True)
    return DONE
