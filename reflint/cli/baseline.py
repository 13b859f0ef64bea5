"""`reflint baseline write` and `prune`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from reflint.app import baselines, checking, settings
from reflint.app.rules import build_engine
from reflint.cli.main import DONE, FAILED
from reflint.cli.output import spare_sources
from reflint.model.text import number_of


def _options(command: Callable[..., int]) -> Callable[..., int]:
    """What both commands are told: the sources, the baseline's file, and by which settings the sources are checked."""
    for option in (
        click.option("--profile", metavar="NAME", help="minimal, recommended (default) or strict."),
        click.option("--config", metavar="PATH", type=click.Path(path_type=Path), help="Take settings from this file."),
        click.option(
            "--baseline", "path", metavar="FILE", required=True, type=click.Path(path_type=Path), help="The baseline."
        ),
        click.argument("sources", nargs=-1, required=True, metavar="SOURCE..."),
    ):
        command = option(command)
    return command


@click.group("baseline")
def baseline_command() -> None:
    """Keep a list of findings that were there before, so that only new ones are reported."""


@baseline_command.command("write")
@_options
def write(sources: tuple[str, ...], path: Path, **given: Any) -> int:
    """Write all present findings down; `check --baseline FILE` then reports only what is new.

    \b
    Example:
      reflint baseline write references/ --baseline reflint-baseline.json
    """
    spare_sources(path, sources)
    count, errors = baselines.write(path, _events(sources, **given))
    return _end(errors, f"{number_of(count, 'finding')} written to {path}")


@baseline_command.command("prune")
@_options
def prune(sources: tuple[str, ...], path: Path, **given: Any) -> int:
    """Drop from a baseline what is found no more in the sources, so that it cannot come back unseen.

    \b
    Example:
      reflint baseline prune references/ --baseline reflint-baseline.json
    """
    gone, errors = baselines.prune(path, _events(sources, **given), sources)
    return _end(errors, f"{number_of(gone, 'finding')} found no more, dropped from {path}")


def _events(sources: tuple[str, ...], config: Path | None, profile: str | None) -> Any:
    chosen = settings.load(explicit=config).over({"profile": profile}, "command line")
    return checking.check(sources, build_engine(chosen))


def _end(errors: list[str], said: str) -> int:
    for error in errors:
        click.echo(f"reflint: {error}", err=True)
    if errors:
        click.echo("reflint: the baseline was left as it is", err=True)
        return FAILED
    click.echo(said, err=True)
    return DONE
