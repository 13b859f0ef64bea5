"""`python -m tests.servers.zotero --port 0 [--world FILE] [--items FILE]`: serves until it is interrupted.

Prints one line of JSON: `{"url": "...", "keys": {"full": "...", "read": "..."}}`. `--items` holds items by library:
`{"groups/70": [{"itemType": "book", "title": "..."}]}`.
"""

from __future__ import annotations

import argparse
import json
from contextlib import suppress
from pathlib import Path
from typing import Any

from tests.servers.zotero.serve import SocketServer
from tests.servers.zotero.state import Server


def main() -> None:
    """Reads the options, prints where the server is, and serves."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.servers.zotero", description="A Zotero data server for tests."
    )
    parser.add_argument("--port", type=int, default=0, help="0 (default) picks a free port")
    parser.add_argument("--world", type=Path, help="JSON with users, groups, keys and their rights")
    parser.add_argument("--items", type=Path, help="JSON with items by library, to begin with")
    parser.add_argument("--no-limits", action="store_true", help="no limits of requests a second and at a time")
    options = parser.parse_args()
    server = Server(_read(options.world), limits=not options.no_limits)
    for library, items in (_read(options.items) or {}).items():
        server.put(library, items)
    with SocketServer(server, options.port) as listening:
        print(json.dumps({"url": listening.url, "keys": server.keys}), flush=True)
        with suppress(KeyboardInterrupt):
            listening.serve_forever()


def _read(path: Path | None) -> Any:
    return None if path is None else json.loads(path.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
