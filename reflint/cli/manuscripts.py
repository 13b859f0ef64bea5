"""`reflint citations` and `reflint extract`."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reflint.app.sources import STDIN, Source
from reflint.cli.main import DONE

if TYPE_CHECKING:
    from reflint.word.manuscript import Manuscript

_WIDTH = 100


def _source(argument: str) -> Source:
    if argument == STDIN:
        return Source(STDIN, None, sys.stdin.buffer.read())
    return Source(argument, Path(argument))


@click.command("citations")
@click.argument("manuscript")
@click.option(
    "-f", "--output-format", "--format", type=click.Choice(["text", "json"]), default="text", help="text or json."
)
def citations_command(manuscript: str, output_format: str) -> int:
    """List every in-text citation of MANUSCRIPT (.docx, .odt, or - for standard input), and the list's entries.

    \b
    Examples:
      reflint citations thesis.docx
      reflint citations thesis.docx -f json
    """
    from reflint.app import manuscripts

    read = manuscripts.open_manuscript(_source(manuscript))
    if output_format == "json":
        click.echo(json.dumps(manuscripts.listing(read), indent=1, ensure_ascii=False))
    else:
        click.echo("\n".join(_lines(manuscript, read)))
    return DONE


def _lines(name: str, read: Manuscript) -> Iterator[str]:
    from reflint.app import manuscripts

    counts = ", ".join(f"{manager} {count}" for manager, count in manuscripts.by_manager(read).items())
    yield (
        f"{name}: {len(read.citations)} citations ({counts or 'none'}), {len(read.works)} works, "
        f"{len(read.entries)} entries in the list"
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
    click.echo(f"{extracted.records} records written to {output_file}", err=True)
    if extracted.unknown:
        click.echo(f"left out, for the manuscript tells nothing of them: {', '.join(extracted.unknown)}", err=True)
    return DONE
