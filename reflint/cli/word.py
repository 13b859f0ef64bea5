"""`reflint word install`, `uninstall` and `code`: the add-in for Word."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reflint.app import word_addin
from reflint.cli.main import DONE, FAILED
from reflint.errors import ConfigError, SourceError

if TYPE_CHECKING:
    from reflint.app.word_addin import Files


@click.group("word")
def word_command() -> None:
    """Install the add-in for Word, take it away, or connect its pane."""


@word_command.command("install")
@click.option("--port", type=click.IntRange(1, 65535), default=word_addin.PORT, show_default=True, help="Of the pane.")
@click.option("--trust", is_flag=True, help="Have the system trust the certificate, after a question.")
def install(port: int, trust: bool) -> int:
    """Make the certificate and the manifest for the pane, and say what is left to do.

    \b
    Examples:
      reflint word install
      reflint word install --trust
    """
    where = word_addin.install(port, sys.platform)
    click.echo(f"Certificate for https://localhost:{port} and manifest are in {where.key.parent}.")
    command = word_addin.trust_command(sys.platform, where.authority)
    for text in _steps(where, None if trust else command):
        click.echo(text)
    return _asked("trust", command) if trust else DONE


@word_command.command("uninstall")
@click.option("--distrust", is_flag=True, help="Have the system forget the certificate, after a question.")
def uninstall(distrust: bool) -> int:
    """Remove the certificate and the manifest.

    \b
    Example:
      reflint word uninstall --distrust
    """
    for path in word_addin.uninstall(sys.platform):
        click.echo(f"removed {path}")
    command = word_addin.distrust_command(sys.platform)
    if distrust:
        return _asked("forget", command)
    if command is not None:
        click.echo(f"If the system was told to trust the certificate, this takes it back:\n  {_shown(command)}")
    return DONE


@word_command.command("code")
@click.option("--token-file", metavar="PATH", type=click.Path(path_type=Path), help="The token of the backend.")
def code(token_file: Path | None) -> int:
    """Show a new one-time code for the pane, from the backend that runs.

    \b
    Example:
      reflint word code
    """
    try:
        from reflint.server.serving import token_path
    except ImportError as error:
        raise ConfigError(f"this needs the extra `server` ({error.name} is not installed)") from None

    port = word_addin.installed_port()
    where = word_addin.serving_files(port)
    path = token_file or token_path(port)
    if not path.exists():
        raise SourceError(f"{path}: no such file; is `reflint serve --word` running?")
    click.echo(_new_code(port, path.read_text("utf-8").strip(), where.authority))
    return DONE


def _new_code(port: int, token: str, authority: Path) -> str:
    """Asks the backend for a code: only the bearer of its token is given one. Raises SourceError."""
    import ssl
    from urllib.error import URLError
    from urllib.request import HTTPSHandler, ProxyHandler, Request, build_opener

    headers = {"Authorization": f"Bearer {token}", "X-Reflint-Client": "command-line"}
    asked = Request(f"https://localhost:{port}/v1/codes", b"", headers, method="POST")
    # Trusts our certificate and no other, and goes through no proxy: the token is for this computer only.
    opener = build_opener(ProxyHandler({}), HTTPSHandler(context=ssl.create_default_context(cafile=str(authority))))
    try:
        with opener.open(asked, timeout=10) as answer:
            return str(json.load(answer)["code"])
    except URLError as error:
        raise SourceError(f"https://localhost:{port}: {error.reason}; is `reflint serve --word` running?") from None


def _steps(where: Files, command: list[str] | None) -> list[str]:
    """What the user still has to do, by the platform."""
    found = []
    if command is not None:
        found.append(f"Let the system trust it (it vouches for localhost only), or use --trust:\n  {_shown(command)}")
    if sys.platform == "darwin":
        folders = word_addin.word_folders(sys.platform)
        found.append(f"The manifest is in {folders[0]}." if folders else "Start Word once, then run this again.")
        found.append("In Word: Home, Add-ins, reflint.")
    elif sys.platform == "win32":
        found.append(_catalogue(str(where.manifest.parent)))
    else:
        windows = subprocess.list2cmdline(word_addin.trust_command("win32", Path(where.authority.name)) or [])
        found.append("Word does not run on Linux. Under WSL, Windows reaches the backend that runs in it:")
        found.append(f"Copy {where.authority} to Windows and run there:\n  {windows}")
        found.append(_catalogue(f"with a copy of {where.manifest}"))
    return [*found, "Then start `reflint serve --word`; the pane asks for its code once."]


def _catalogue(folder: str) -> str:
    """How Word on Windows is told of a manifest."""
    return (
        f"Share the folder {folder} (for yourself, to read), then in Word: File, Options, Trust Center, Trust Center "
        "Settings, Trusted Add-in Catalogs: add the share's address (\\\\computer\\share), tick Show in Menu, start "
        "Word anew, and choose Home, Add-ins, Shared Folder, reflint."
    )


def _asked(verb: str, command: list[str] | None) -> int:
    """Runs the platform's command when the user agrees to it."""
    if command is None:
        click.echo("Word does not run on this system; there is nothing to do.", err=True)
        return FAILED
    click.echo(f"This will be run:\n  {_shown(command)}")
    if not click.confirm(f"Have the system {verb} the certificate?"):
        return FAILED
    try:
        return DONE if subprocess.run(command, check=False).returncode == 0 else FAILED
    except OSError as error:
        raise ConfigError(f"{command[0]}: {error.strerror}") from None


def _shown(command: list[str]) -> str:
    return subprocess.list2cmdline(command) if os.name == "nt" else shlex.join(command)
