"""Files replaced whole or not at all: written beside, synced, and moved over the old one if nobody changed that."""

from __future__ import annotations

import os
import stat
import tempfile
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import NamedTuple

from reflint.errors import SourceError


class Version(NamedTuple):
    """What tells whether a file was changed: its inode, size and modification time."""

    inode: int
    size: int
    modified: int


def version_of(path: Path) -> Version:
    """The version of a file as it stands now. Raises SourceError when it is gone."""
    try:
        found = path.stat()
    except OSError as error:
        raise SourceError(f"{path}: {error.strerror or error}") from None
    return Version(found.st_ino, found.st_size, found.st_mtime_ns)


class Replacement:
    """A new version of a file in the making: write to it, then `commit`. Anything else leaves the file as it was.

    A symbolic link stays one: the file behind it is replaced. Permissions are kept. Raises SourceError when it cannot
    be written (disk full, no permission) or when the file changed since `seen`.
    """

    def __init__(self, path: Path, seen: Version | None) -> None:
        self.name = str(path)
        self.path = Path(os.path.realpath(path))
        self.seen = seen
        if self.path.exists() and not self.path.is_file():
            raise SourceError(f"{self.name}: no ordinary file, so it cannot be replaced")
        if self.path.exists() and not os.access(self.path, os.W_OK):
            raise SourceError(f"{self.name}: permission denied; the file is write-protected")
        try:
            handle, name = tempfile.mkstemp(prefix=f".{self.path.name}.", suffix=".reflint", dir=self.path.parent)
        except OSError as error:
            raise SourceError(f"{self.name}: cannot write in its folder: {error.strerror or error}") from None
        self._temporary = Path(name)
        self._file = os.fdopen(handle, "wb")
        self._done = False

    def __enter__(self) -> Replacement:
        return self

    def write(self, data: bytes) -> None:
        """Adds bytes to the new version."""
        try:
            self._file.write(data)
        except OSError as error:
            raise self._failed(error) from None

    def commit(self) -> None:
        """Puts the new version in the old one's place."""
        try:
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()
            if self.path.exists():
                self._temporary.chmod(stat.S_IMODE(self.path.stat().st_mode))
            else:
                umask = os.umask(0)
                os.umask(umask)
                self._temporary.chmod(0o666 & ~umask)
            if self.seen is not None and version_of(self.path) != self.seen:
                raise SourceError(f"{self.name}: changed while it was being repaired; left as it is, run again")
            self._temporary.replace(self.path)
        except OSError as error:
            raise self._failed(error) from None
        self._done = True

    def _failed(self, error: OSError) -> SourceError:
        return SourceError(f"{self.name}: not written: {error.strerror or error}; the file is as it was")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if not self._done:
            with suppress(OSError):  # a full disk is told once, not again at closing
                self._file.close()
            self._temporary.unlink(missing_ok=True)
