"""The files of a run, by what each is known again, and a stretch of one as a file of its own."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

from reflint.app.sources import STDIN, Source, expand, format_of, head_of
from reflint.errors import ConfigError, SourceError
from reflint.formats.ris.chunks import CHUNK
from reflint.formats.ris.encoding import BOM_LENGTH, split_bom

JSON_LINES = (".jsonl", ".ndjson")
PARQUET = (".parquet",)
_DIGEST = 16


class File(NamedTuple):
    """A file as it stood when the run began: what messages call it, its absolute path, bytes, modified when (ns)."""

    name: str
    path: str
    size: int
    modified: int

    @property
    def shard(self) -> str:
        """What is written about it is called so in every run: its own name, and a digest of the name it was given."""
        told = hashlib.blake2b(os.fsencode(self.name), digest_size=4).hexdigest()
        return f"{Path(self.name).name.encode('utf-8', 'replace').decode()[:40]}-{told}"

    @property
    def source(self) -> Source:
        """The file as other rooms know it."""
        return Source(self.name, Path(self.path))

    @property
    def is_cuttable(self) -> bool:
        """Whether it is RIS in UTF-8 whose lines end with a line feed. Raises SourceError when it cannot be read."""
        if self.name.lower().endswith(JSON_LINES + PARQUET):
            return False
        with self.source.open() as file:
            if format_of(self.name, head_of(file)) != "ris":
                return False
            _, codec = split_bom(file.read(BOM_LENGTH))
            return codec == "utf-8" and b"\n" in file.read(CHUNK)

    def demand_unchanged(self) -> None:
        """Raises SourceError when the file is not what it was when the run began."""
        found = Path(self.path).stat()
        if (found.st_size, found.st_mtime_ns) != (self.size, self.modified):
            raise SourceError(f"{self.name}: changed while it was being checked; run again")


def files_of(arguments: Iterable[str], out: Path) -> Iterator[File | SourceError]:
    """The files that arguments name, each once, without those in the folder written to; for what cannot be had, why.

    Raises ConfigError for what is no file: standard input, Zotero libraries.
    """
    given = list(arguments)
    for argument in given:
        if argument == STDIN or argument.startswith("zotero:"):
            raise ConfigError(f"{argument}: --engine dask checks files and folders only")
    for source in expand(given, also=JSON_LINES + PARQUET):
        if isinstance(source, SourceError):
            yield source
            continue
        assert source.path is not None
        path = source.path.absolute()
        if path.resolve().is_relative_to(out):
            continue
        try:
            found = path.stat()
        except OSError as error:
            yield SourceError(f"{source.name}: {error.strerror or error}")
            continue
        yield File(source.name, str(path), found.st_size, found.st_mtime_ns)


def digest_of(path: str) -> str:
    """What tells the content of a file from any other."""
    with Path(path).open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=_DIGEST)).hexdigest()


class Stretch:
    """The bytes of a file from `start` to before `end`, with the digest of those that were read."""

    def __init__(self, file: BinaryIO, start: int, end: int) -> None:
        file.seek(start)
        self._file = file
        self._left = end - start
        self._digest = hashlib.blake2b(digest_size=_DIGEST)

    def read(self, size: int) -> bytes:
        """Reads on."""
        data = self._file.read(min(size, self._left))
        self._left -= len(data)
        self._digest.update(data)
        return data

    @property
    def digest(self) -> str:
        """What tells the bytes read so far from any others."""
        return self._digest.hexdigest()
