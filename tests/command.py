"""The real command line, as a user's shell starts it."""

from __future__ import annotations

import ctypes
import json
import os
import re
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

COMMAND = [sys.executable, "-m", "reflint"]
_DROP_FROM_BOUNDING_SET = 24
_DAC_OVERRIDE, _DAC_READ_SEARCH, _FOWNER = 1, 2, 3


class Ran(NamedTuple):
    """What a command left behind."""

    status: int
    out: str
    err: str
    raw: bytes

    @property
    def json(self) -> Any:
        """Standard output as one JSON document."""
        return json.loads(self.out)

    @property
    def codes(self) -> list[str]:
        """The rules of a concise report, in order."""
        return re.findall(r"^.*?:\d+(?::\d+)?: ([A-Z]{3}\d{3}) ", self.out, re.M)


def environment(cache: Path, **more: str) -> dict[str, str]:
    """The environment of a command: ours, less what would colour or configure it."""
    dropped = {"NO_COLOR", "FORCE_COLOR", "REFLINT_CACHE_DIR", "GITHUB_ACTIONS", "COLUMNS"}
    kept = {name: value for name, value in os.environ.items() if name not in dropped}
    return {**kept, "REFLINT_CACHE_DIR": str(cache), "PYTHONWARNINGS": "error", **more}


class Shell:
    """Runs reflint in a folder. Fails the test wherever a traceback shows."""

    def __init__(self, folder: Path, cache: Path) -> None:
        self.folder = folder
        self.cache = cache

    def __call__(
        self,
        *arguments: str | Path,
        stdin: bytes | None = None,
        before: Callable[[], object] | None = None,
        stdout: int | None = None,
        **env: str,
    ) -> Ran:
        done = subprocess.run(
            [*COMMAND, *map(str, arguments)],
            cwd=self.folder,
            env=environment(self.cache, **env),
            input=stdin if stdin is not None else b"",
            stdout=subprocess.PIPE if stdout is None else stdout,
            stderr=subprocess.PIPE,
            preexec_fn=before,
            check=False,
        )
        err = done.stderr.decode()
        for sign in ("Traceback", "Exception ignored", "Error in sys.excepthook"):
            assert sign not in err, err
        raw = done.stdout or b""
        return Ran(done.returncode, raw.decode("utf-8", "replace"), err, raw)

    def start(self, *arguments: str | Path, **env: str) -> subprocess.Popen[bytes]:
        """A command that is still running, with pipes to talk to it."""
        return subprocess.Popen(
            [*COMMAND, *map(str, arguments)],
            cwd=self.folder,
            env=environment(self.cache, **env),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def write(self, name: str, content: bytes | str) -> Path:
        """A file in the folder."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path


def obey_permissions() -> None:
    """To be run in the child: takes root's right to ignore the permissions of files."""
    if os.geteuid() == 0:
        libc = ctypes.CDLL(None, use_errno=True)
        for capability in (_DAC_OVERRIDE, _DAC_READ_SEARCH, _FOWNER):
            if libc.prctl(_DROP_FROM_BOUNDING_SET, capability, 0, 0, 0):
                raise OSError(ctypes.get_errno(), "prctl")


def small_files_only(size: int) -> Callable[[], None]:
    """To be run in the child: a disk on which no file grows beyond `size` bytes."""
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def can_obey_permissions(folder: Path) -> bool:
    """Whether a child can be made to obey file permissions here."""
    locked = folder / "locked-probe"
    locked.write_text("")
    locked.chmod(0)
    try:
        done = subprocess.run(
            [sys.executable, "-c", f"open({str(locked)!r})"],
            preexec_fn=obey_permissions,
            capture_output=True,
            check=False,
        )
    except subprocess.SubprocessError:
        return False
    finally:
        locked.chmod(0o600)
        locked.unlink()
    return done.returncode != 0
