"""`reflint lsp`: the language server on standard input and output."""

from __future__ import annotations

import click

from reflint.cli.main import DONE
from reflint.errors import ConfigError


@click.command("lsp")
def lsp_command() -> int:
    """Serve an editor over the language server protocol: findings as you type, repairs as quick fixes.

    \b
    Example:
      reflint lsp
    """
    try:
        from reflint.lsp.server import make_server
    except ImportError as error:
        raise ConfigError(f"the language server needs the extra `lsp` ({error.name} is not installed)") from None
    make_server().start_io()
    return DONE
