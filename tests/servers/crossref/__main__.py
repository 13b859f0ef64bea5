"""`python -m tests.servers.crossref --port 0 [--works FILE] [--fault MODE ...] [--limit N]`: serves until interrupted.

Prints one line of JSON: `{"url": "...", "environment": {"REFLINT_CROSSREF_ENDPOINT": "...", ...}}`.
"""

from __future__ import annotations

import argparse
import json
import time
from contextlib import suppress
from pathlib import Path

from tests.servers.crossref.serve import SocketServer
from tests.servers.crossref.server import FAULTS, Server
from tests.servers.crossref.transport import environment
from tests.servers.crossref.works import WORKS


def main() -> None:
    """Reads the options, prints where the server is, and serves."""
    parser = argparse.ArgumentParser(prog="python -m tests.servers.crossref", description="Registries for tests.")
    parser.add_argument("--port", type=int, default=0, help="0 (default) picks a free port")
    parser.add_argument("--works", type=Path, help="JSON list of works as Crossref describes them")
    parser.add_argument("--fault", action="append", default=[], choices=FAULTS, help="strikes the next request; repeat")
    parser.add_argument("--limit", type=int, default=10, help="requests a second that Crossref states")
    options = parser.parse_args()
    works = json.loads(options.works.read_text("utf-8")) if options.works else WORKS
    server = Server(works, clock=time.monotonic, faults=options.fault, limit=options.limit)
    with SocketServer(server, options.port) as bound:
        print(json.dumps({"url": bound.url, "environment": environment(bound.url)}), flush=True)
        with suppress(KeyboardInterrupt):
            bound.serve_forever()


if __name__ == "__main__":
    main()
