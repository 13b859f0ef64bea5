"""A real `reflint serve`, for the clients that are tested against it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple


class Backend(NamedTuple):
    """What the backend says of itself when it is ready."""

    url: str
    token_file: str
    page: str


@contextmanager
def running(folder: Path, *options: str, port: int | None = None, state: Path | None = None) -> Iterator[Backend]:
    """A backend, with caches, state (unless elsewhere) and token in a folder; it is ended, and must end well.

    `port`: None is the usual one of what is served.
    """
    kept = {"REFLINT_CACHE_DIR": str(folder / "cache"), "REFLINT_STATE_DIR": str(state or folder / "state")}
    command = [
        sys.executable,
        "-m",
        "reflint",
        "serve",
        "--no-browser",
        "--token-file",
        str(folder / "token"),
        *options,
    ]
    if port is not None:
        command += ["--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=os.environ | kept, cwd=folder) as process:
        assert process.stdout is not None
        try:
            yield Backend(**json.loads(process.stdout.readline()))
        finally:
            process.terminate()
    assert process.returncode == 0
