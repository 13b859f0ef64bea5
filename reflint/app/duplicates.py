"""The use case `dedupe`: the groups of duplicates in one or several sources, and a file in which they are merged."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from contextlib import closing, nullcontext, suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from reflint.app.decisions import Decision
from reflint.app.reading import Progress, records_of
from reflint.app.sources import Source, expand
from reflint.duplicates import Group, Index, Work, fingerprint, search, work_of
from reflint.errors import SourceError, in_words
from reflint.model.record import Record
from reflint.reports.duplicates import Evidence, GroupOut, Member

if TYPE_CHECKING:
    from reflint.app.libraries import Connection

CHILDREN = frozenset(["note", "attachment", "annotation"])
"""Zotero's items that are no works."""


class Sources:
    """The sources of a run in order, and which numbers their records have."""

    def __init__(
        self, given: Iterable[Source], connection: Connection | None = None, progress: Progress | None = None
    ) -> None:
        self.given = tuple(given)
        self.connection = connection
        self.progress = progress
        self._starts: list[int] = []
        self._failed: set[int] = set()

    def records(self, source: Source) -> Iterator[Record]:
        """The records of one source. Raises SourceError when it cannot be read."""
        yield from records_of(source, self.progress, self.connection)

    def begin(self, number: int) -> None:
        """The next source's first record has this number."""
        self._starts.append(number)

    def fail(self) -> None:
        """The source that was begun last cannot be read to its end."""
        self._failed.add(len(self._starts) - 1)

    def place(self, number: int) -> tuple[Source, int]:
        """The source of a record, and its index there."""
        at = bisect_right(self._starts, number) - 1
        return self.given[at], number - self._starts[at]

    def numbered(self) -> Iterator[tuple[int, Record]]:
        """All records once more, each with its number; of a source that failed, those before the fault."""
        for at, (source, start) in enumerate(zip(self.given, self._starts, strict=True)):
            with suppress(SourceError, OSError) if at in self._failed else nullcontext():
                yield from enumerate(self.records(source), start)


class Deduplicated(NamedTuple):
    """What a run found: groups to show, how many records it read, what could not be read, decisions without effect."""

    groups: list[GroupOut]
    records: int
    errors: list[str]
    idle: list[Decision]
    sources: Sources
    members: list[tuple[int, ...]]


def dedupe(
    arguments: Iterable[str],
    decisions: Iterable[Decision] = (),
    *,
    stdin: bytes | None = None,
    stdin_name: str | None = None,
    progress: Progress | None = None,
    connection: Connection | None = None,
) -> Deduplicated:
    """The groups of duplicates among the records of all sources together. What cannot be read is told in `errors`."""
    errors: list[str] = []
    readable: list[Source] = []
    for source in expand(arguments, stdin=stdin, stdin_name=stdin_name):
        if isinstance(source, SourceError):
            errors.append(str(source))
        else:
            readable.append(source)
    sources = Sources(readable, connection, progress)
    apart = {decision.pair: decision for decision in decisions}
    with closing(Index()) as index:
        for source in readable:
            sources.begin(index.count)
            errors += _add_all(source, sources, index)
        found = search(index, apart.keys())
        groups = [_shown(group, sources, index) for group in found.groups]
    members = [group.members for group in found.groups]
    return Deduplicated(groups, index.count, errors, [apart[pair] for pair in found.idle], sources, members)


def _add_all(source: Source, sources: Sources, index: Index) -> Iterator[str]:
    """Adds the records of a source; yields why it could not be read to its end."""
    try:
        for record in sources.records(source):
            work = EMPTY if record.type in CHILDREN else work_of(record)
            index.add(work, (record.key, record.format.title(record)))
    except BrokenPipeError:
        raise
    except (SourceError, OSError, MemoryError) as error:
        sources.fail()
        yield in_words(source.name, error)


EMPTY = Work("", 0, (), "", (), (), 0, "", "", "", "", "", "", "", (), (), "", "")
"""What is compared of an item that is no work: nothing."""


def _shown(group: Group, sources: Sources, index: Index) -> GroupOut:
    members = tuple(
        _member(*sources.place(number), index.work(number), *index.label(number)) for number in group.members
    )
    return GroupOut(group.kind, members, tuple(Evidence(*evidence) for evidence in group.evidence))


def _member(source: Source, at: int, work: Work, key: str | None, title: str | None) -> Member:
    link = ""
    if source.is_library and key:
        _, _, library = source.name.partition("groups/")
        where = f"groups/{library.partition('/')[0]}" if library else "library"
        link = f"zotero://select/{where}/items/{key}"
    return Member(source.name, at, key, title or "", _facts(work), fingerprint(work), link)


def _facts(work: Work) -> str:
    """Author, year, place and identifiers in words."""
    issue = f"({work.issue})" if work.issue else ""
    pages = f"{work.first}-{work.last}" if work.last and work.last != work.first else work.first
    parts = (
        work.authors[0].capitalize() if work.authors else "",
        str(work.year or ""),
        f"{work.volume}{issue}" if work.volume else "",
        f"p. {pages}" if pages else "",
        f"doi {work.doi}" if work.doi else "",
        f"PMID {work.pmid}" if work.pmid else "",
    )
    return ", ".join(part for part in parts if part) or "nothing else is known"


def merge_into(path: Path, result: Deduplicated) -> Deduplicated:
    """Writes a file of all records in which each group of the same work is one record; the groups, with what was done.

    The format follows the file's ending: `.ris`, `.csl.json`, `.zotero.json`. Raises SourceError when a source could
    not be read, when the file is one of the sources, or when it cannot be written.
    """
    from reflint.app.merging import write_merged

    if result.errors:
        raise SourceError(f"{path}: not written, because a source could not be read")
    return result._replace(groups=write_merged(path, result.groups, result.members, result.sources))
