"""`reflint config show`."""

from __future__ import annotations

import json
from pathlib import Path

import click

from reflint.app import settings
from reflint.cli.main import DONE


@click.group("config")
def config_command() -> None:
    """Show the settings that hold here."""


@config_command.command("show")
@click.option("--config", metavar="PATH", type=click.Path(path_type=Path), help="Take settings from this file.")
@click.option("-f", "--output-format", type=click.Choice(["text", "json"]), default="text", help="text or json.")
def show(config: Path | None, output_format: str) -> int:
    """Every setting, its value and where that comes from.

    \b
    Example:
      reflint config show
    """
    found = settings.load(explicit=config)
    if output_format == "json":
        click.echo(json.dumps({name: {"value": s.value, "origin": s.origin} for name, s in found.items()}, indent=1))
        return DONE
    for name, setting in found.items():
        click.echo(f"{name} = {json.dumps(setting.value, ensure_ascii=False)}  # {setting.origin}")
    return DONE
