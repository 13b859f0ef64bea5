"""`reflint serve`: the backend of the review page, the Zotero plugin and the Word pane."""

from __future__ import annotations

import json
from pathlib import Path

import click

from reflint.app import settings
from reflint.app.rules import build_engine
from reflint.cli.main import DONE
from reflint.errors import ConfigError

_NOT_HEEDED = ("extend", "baseline", "online", "online-limit", "mailto", "fail-on")
"""Settings that say nothing to the backend: they name files, are about the network, or about exit status."""


@click.command("serve")
@click.option(
    "--port", type=click.IntRange(0, 65535), help="27467, or what Word's add-in is installed for; 0 takes a free one."
)
@click.option("--word", is_flag=True, help="Serve the pane for Word, over https (after `reflint word install`).")
@click.option("--token-file", metavar="PATH", type=click.Path(path_type=Path), help="Where the token is written.")
@click.option("--no-browser", is_flag=True, help="Do not open the review page.")
def serve_command(port: int | None, word: bool, token_file: Path | None, no_browser: bool) -> int:
    """Serve the review page and the API on this machine, and nowhere else, until interrupted.

    Prints one line of JSON when it is ready: the address, the file with the token, the page.

    \b
    Examples:
      reflint serve
      reflint serve --port 0 --no-browser
      reflint serve --word
    """
    try:
        from reflint.server import serving
        from reflint.server.config import PORT, Config
    except ImportError as error:
        raise ConfigError(f"the backend needs the extra `server` ({error.name} is not installed)") from None

    def ready(where: serving.Ready) -> None:
        found = {"url": where.url, "token_file": str(where.token_file), "page": where.page}
        click.echo(json.dumps(found))
        if not (no_browser or word):  # the one-time code is for the pane then
            click.launch(where.page)

    certificate = None
    if word:
        from reflint.app import word_addin

        port = word_addin.installed_port() if port is None else port
        files = word_addin.serving_files(port)
        certificate = serving.Certificate(files.certificate, files.key)
    loaded = settings.load()
    build_engine(loaded)  # a rule that there is not is told now, not with every request
    chosen = {name: setting.value for name, setting in loaded.items() if name not in _NOT_HEEDED}
    serving.serve(Config(PORT if port is None else port, chosen, word), ready, token_file, certificate)
    return DONE
