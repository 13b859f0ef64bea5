"""What a SOURCE on the command line stands for: files, folders, standard input; and which format each is."""

from __future__ import annotations

import io
import os
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

from reflint.errors import SourceError
from reflint.formats.ris import recognise
from reflint.formats.ris.encoding import split_bom

ENDINGS = {".ris": "ris", ".nbib": "nbib", ".csl.json": "csl", ".csljson": "csl", ".zotero.json": "zotero",
           ".docx": "docx", ".docm": "docx", ".odt": "odt"}  # fmt: skip
"""How the names of files end that a folder stands for, and the format of each."""
MANUSCRIPTS = ("docx", "odt")
"""The formats that are manuscripts, not records."""
READ_ONLY = ("nbib", *MANUSCRIPTS)
"""Formats that are checked and never written."""
_PACKAGES = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
"""How zip packages begin, and the files of old Words: the reader of manuscripts says what they are."""
_LOCK = "~$"
"""Word's mark of a document that is open."""
_ZOTERO = re.compile(rb'"itemType"\s*:|"BetterBibTeX JSON"|"Better BibTeX JSON"')
_HEAD = 1 << 16
STDIN = "-"


class Source(NamedTuple):
    """One file, standard input with its bytes, or a Zotero library (neither); `name` is what messages call it."""

    name: str
    path: Path | None
    data: bytes | None = None

    @property
    def is_library(self) -> bool:
        """Whether it is a Zotero library, and no text."""
        return self.path is None and self.data is None

    @property
    def may_be_ris(self) -> bool:
        """Whether its name allows it to be RIS."""
        return _format_of_name(Path(self.name)) in ("ris", None)

    def open(self) -> BinaryIO:
        """The source's bytes as a file. Raises SourceError when it cannot be read."""
        if self.data is not None:
            return io.BytesIO(self.data)
        assert self.path is not None
        try:
            file = self.path.open("rb")
            if file.seekable():
                return file
            with file:  # a pipe, as of `<(command)`
                return io.BytesIO(file.read())
        except OSError as error:
            raise SourceError(f"{self.name}: {error.strerror or error}") from None

    def read(self) -> bytes:
        """All bytes. Raises SourceError when it cannot be read."""
        with self.open() as file:
            try:
                return file.read()
            except OSError as error:
                raise SourceError(f"{self.name}: {error.strerror or error}") from None


def expand(
    arguments: Iterable[str], *, stdin: bytes | None = None, stdin_name: str | None = None, also: tuple[str, ...] = ()
) -> Iterator[Source | SourceError]:
    """The sources that arguments name, in order; for one that cannot be had, the error.

    A folder stands for all files below it that reflint reads, less what .gitignore and hidden folders leave out; `also`
    for those whose names have other endings. A file that is named twice comes once.
    """
    seen: set[Path] = set()
    for argument in arguments:
        if argument == STDIN:
            yield Source(stdin_name or STDIN, None, stdin or b"")
            continue
        try:
            for source in _named(argument, also):
                if isinstance(source, Source) and source.path is not None:
                    place = source.path.absolute()
                    if place in seen:
                        continue
                    seen.add(place)
                yield source
        except OSError as error:  # a name too long, a .gitignore that cannot be read
            yield SourceError(f"{argument}: {error.strerror or error}")


def _named(argument: str, also: tuple[str, ...]) -> Iterator[Source | SourceError]:
    """The files that a path names."""
    path = Path(argument)
    if not argument:  # a variable that was not set: it must not mean the folder one stands in
        yield SourceError("'': names no file; `.` is this folder")
    elif path.is_dir():
        found = list(_below(path, also))
        if not found:
            yield SourceError(
                f"{argument}: no references in this folder "
                f"({', '.join(['.ris', '.nbib', '.csl.json', '.zotero.json', '.docx', '.odt', *also])})"
            )
        for file in found:
            yield file if isinstance(file, SourceError) else Source(str(file), file)
    elif argument.startswith("zotero:"):
        yield Source(argument, None)
    elif not path.exists():
        yield SourceError(f"{argument}: no such file or folder")
    else:
        yield Source(argument, path)


def fitting(pattern: str, folder: Path) -> Callable[[str], bool]:
    """Whether the name of a source is that of a file which a pattern, as in .gitignore, means from a folder."""
    import pathspec

    spec = pathspec.GitIgnoreSpec.from_lines([pattern])

    def fits(name: str) -> bool:
        path = Path(name).absolute()
        return path.is_relative_to(folder) and spec.match_file(path.relative_to(folder))

    return fits


def _below(folder: Path, also: tuple[str, ...]) -> Iterator[Path | SourceError]:
    """The files below a folder that reflint reads; the error for a locked folder, or for a pipe in the place of one."""
    import pathspec

    ignored: list[tuple[Path, pathspec.GitIgnoreSpec]] = []
    unlisted: list[OSError] = []
    for place, folders, files in os.walk(folder, onerror=unlisted.append):
        here = Path(place)
        rules = here / ".gitignore"
        if rules.is_file():
            ignored.append((here, pathspec.GitIgnoreSpec.from_lines(rules.read_text("utf-8", "replace").splitlines())))

        def left_out(path: Path, suffix: str = "") -> bool:
            return any(
                spec.match_file(f"{path.relative_to(top)}{suffix}") for top, spec in ignored if path.is_relative_to(top)
            )

        folders[:] = sorted(name for name in folders if not name.startswith(".") and not left_out(here / name, "/"))
        for name in sorted(files):
            path = here / name
            known = _format_of_name(path) or (also and name.lower().endswith(also))
            if not known or name.startswith(_LOCK) or left_out(path):
                continue
            if not path.is_file() and path.exists():  # whoever opens a pipe waits for its writer
                yield SourceError(f"{path}: is no regular file")
            else:
                yield path
    for error in unlisted:
        yield SourceError(f"{Path(error.filename)}: {error.strerror or error}")


def _format_of_name(path: Path) -> str | None:
    lower = path.name.lower()
    return next((format for ending, format in ENDINGS.items() if lower.endswith(ending)), None)


def format_of(name: str, head: bytes) -> str:
    """`ris`, `csl`, `zotero`, `nbib`, `docx` or `odt`: by the name, else by how the content begins.

    Raises SourceError that names what it is instead, for content that is none of them.
    """
    by_name = _format_of_name(Path(name))
    if by_name is None and head.startswith(_PACKAGES):
        return "docx"
    if by_name == "ris" or by_name is None:
        other = recognise(head, has_records=False)
        if other is None or other.startswith("no RIS"):
            return "ris"
        if by_name is None and other == "JSON":
            return "zotero" if _ZOTERO.search(head) else "csl"
        if by_name is None and "nbib" in other:
            return "nbib"
        raise SourceError(f"{name}: this is {other}, not RIS")
    return by_name


def head_of(file: BinaryIO) -> bytes:
    """The beginning of a source, as UTF-8 where a byte order mark says that it is written otherwise."""
    head = file.read(_HEAD)
    file.seek(0)
    bom, codec = split_bom(head)
    return head[len(bom) :] if codec == "utf-8" else head[len(bom) :].decode(codec, "replace").encode()
