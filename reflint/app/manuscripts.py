"""What is done with a manuscript: checked, its citations listed, the works it cites extracted as records."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from reflint.app.reports import SourceReport
from reflint.app.sources import Source
from reflint.app.writing import Replacement, version_of
from reflint.errors import ConfigError, SourceError
from reflint.word.manuscript import Citation, Manuscript, Work
from reflint.word.reading import read

if TYPE_CHECKING:
    from reflint.engine.run import Engine
    from reflint.model.finding import Finding
    from reflint.model.record import Record
    from reflint.word.shelf import Shelf

TARGETS: Final = (".ris", ".zotero.json", ".json")
_COMMENTED: Final = (".docx", ".docm")


class Extracted(NamedTuple):
    """What `extract` wrote: how many records, and the ids of works of which the manuscript tells nothing."""

    records: int
    unknown: tuple[str, ...]


def open_manuscript(source: Source) -> Manuscript:
    """The manuscript of a source. Raises SourceError, with its name, when it is none or cannot be read."""
    try:
        return read(source.read())
    except SourceError as error:
        if str(error).startswith(f"{source.name}:"):
            raise
        raise SourceError(f"{source.name}: {error}") from None


def check(source: Source, engine: Engine, library: Shelf | None = None) -> Iterator[Finding | SourceReport]:
    """The findings of a manuscript and of the works it cites, and its report. Raises SourceError as `open_manuscript`.

    `library`: what the works are looked up in.
    """
    from reflint.word import checking
    from reflint.word.checks.base import Reading

    manuscript = open_manuscript(source)
    for finding in checking.check(Reading(manuscript, library), engine):
        finding.source = source.name
        yield finding
    works = len(checking.records(manuscript.works))
    yield SourceReport(source.name, works, manuscript.format, manuscript=counts(manuscript))


def demand_target(source: Source, target: Path) -> None:
    """Raises ConfigError where comments cannot go: over the manuscript itself, or into what is no .docx."""
    if target.suffix.lower() != source_suffix(source):
        raise ConfigError(
            f"{target}: the copy with comments must end in {source_suffix(source)}, as the manuscript does"
        )
    same = source.path is not None and target.exists() and source.path.exists() and target.samefile(source.path)
    if same or (source.path is not None and target.resolve() == source.path.resolve()):
        raise ConfigError(f"{target}: comments go into a copy, never into the manuscript itself")


def source_suffix(source: Source) -> str:
    """How the name of a manuscript that can take comments ends. Raises ConfigError for any other."""
    suffix = Path(source.name).suffix.lower()
    if suffix not in _COMMENTED:
        raise ConfigError(f"{source.name}: comments are written into {' and '.join(_COMMENTED)} only")
    return suffix


def repaired(
    source: Source, engine: Engine, safeties: Collection[str], library: Shelf | None = None
) -> tuple[Source, int]:
    """A manuscript with the repairs that last in it, as bytes of the same name, and how many they are.

    Raises SourceError when it cannot be read, or is none that can be repaired.
    """
    from reflint.word.repairs.writing import repaired

    manuscript = open_manuscript(source)
    try:
        data, number = repaired(manuscript, engine, safeties, library)
    except SourceError as error:
        raise SourceError(f"{source.name}: {error}") from None
    return Source(source.name, None, data), number


def annotate(source: Source, findings: Iterable[Finding], target: Path) -> int:
    """Writes a copy of a manuscript with findings as Word comments; how many comments.

    Raises SourceError when it cannot be read or written, ConfigError as `demand_target`.
    """
    from reflint.word.comments.writing import annotated

    demand_target(source, target)
    data, number = annotated(open_manuscript(source), findings)
    with Replacement(target, version_of(target) if target.exists() else None) as new:
        new.write(data)
        new.commit()
    return number


def records(source: Source) -> list[Record]:
    """The works that a manuscript cites, as far as it says anything of them."""
    from reflint.word.checking import records

    return records(open_manuscript(source).works)


def counts(manuscript: Manuscript) -> dict[str, Any]:
    """What a manuscript holds, as the contract has it (design, 4.2)."""
    return {
        "citations": len(manuscript.citations),
        "by_manager": by_manager(manuscript),
        "works": len(manuscript.works),
        "entries": len(manuscript.entries) or None,
        "bibliography": bool(manuscript.bibliographies),
    }


def figures(name: str, manuscript: Manuscript, authors: Sequence[str] = ()) -> dict[str, Any]:
    """A manuscript in figures, as `reflint citations --summary -f json` gives them.

    `authors`: whose manuscript it is, where its properties do not say so.
    """
    from reflint.word.summary import summarise

    found = summarise(manuscript, authors)
    return {
        "version": 1,
        "source": name,
        "citations": found.citations,
        "by_manager": found.by_manager,
        "by_part": found.by_part,
        "works": found.works,
        "entries": found.entries,
        "described": found.described or None,
        "references": found.number,
        "with_doi": found.with_doi,
        "doi_share": found.doi_share,
        "latest": found.latest,
        "median_age": found.median_age,
        "by_age": found.by_age,
        "authors": list(found.authors),
        "self_citations": found.self_citations,
        "self_share": found.self_share,
        "largest_cluster": found.largest_cluster,
    }


def listing(manuscript: Manuscript) -> dict[str, Any]:
    """All citations and list entries as `reflint citations -f json` gives them."""
    return {
        "version": 1,
        "citations": [_cited(manuscript, index) for index in range(len(manuscript.citations))],
        "entries": [{"paragraphs": list(entry.paragraphs), "text": entry.text} for entry in manuscript.entries],
    }


def _cited(manuscript: Manuscript, index: int) -> dict[str, Any]:
    citation, references = manuscript.citations[index], manuscript.references[index]
    start, end = citation.span
    entries = dict.fromkeys(entry for reference in references for entry in reference.entries)
    return {
        "index": index,
        "text": citation.text,
        "manager": citation.manager,
        "part": citation.part,
        "paragraph": citation.paragraph,
        "start": start,
        "end": end,
        "works": labels(manuscript, citation),
        "entries": [manuscript.entries[entry].paragraphs[0] for entry in entries],
        "confidence": confidence(manuscript, index),
    }


def labels(manuscript: Manuscript, citation: Citation) -> list[str]:
    """The works of a citation: their ids, or names and years (numbers) as typed."""
    if citation.manager is None:
        return [mention.label for mention in citation.mentions]
    return [manuscript.works[work].id for work in citation.works]


def confidence(manuscript: Manuscript, index: int) -> float:
    """How sure it is that this is a citation of these works (0 to 1): a field says so itself."""
    if manuscript.citations[index].manager is not None:
        return 1.0
    return min((reference.confidence for reference in manuscript.references[index]), default=0.0)


def by_manager(manuscript: Manuscript) -> dict[str, int]:
    """How many citations each manager has, the most first; typed ones under `typed`."""
    counts = Counter(citation.manager or "typed" for citation in manuscript.citations)
    return dict(counts.most_common())


def extract(manuscript: Manuscript, target: Path) -> Extracted:
    """Writes the cited works, in order of their first citation, as the name of the target says.

    Raises ConfigError for another name, SourceError when no reference manager knows any work, or when it cannot be
    written.
    """
    suffix = next((suffix for suffix in TARGETS if target.name.lower().endswith(suffix)), None)
    if suffix is None:
        raise ConfigError(f"{target}: the name says no format; it must end in {', '.join(TARGETS)}")
    known = [work for work in manuscript.works if set(work.item) - {"id", "type"}]
    if not known:
        raise SourceError("has no citations with records of a reference manager: there is nothing to extract")
    data = _composed(known, suffix)
    with Replacement(target, version_of(target) if target.exists() else None) as new:
        new.write(data)
        new.commit()
    written = {work.id for work in known}
    return Extracted(len(known), tuple(work.id for work in manuscript.works if work.id not in written))


def _composed(works: list[Work], suffix: str) -> bytes:
    items = [dict(work.item) for work in works]
    if suffix == ".ris":
        from reflint.formats.ris.compose import ris_of

        return "\n".join(map(ris_of, items)).encode("utf-8", "replace")
    if suffix == ".zotero.json":
        from reflint.formats.zotero.compose import item_of

        items = [item_of(item) for item in items]
    return (json.dumps(items, indent=1, ensure_ascii=False) + "\n").encode("utf-8", "backslashreplace")
