"""A manuscript's package with the repairs of its citations: only their instructions are written anew."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from reflint.engine.run import Engine
from reflint.errors import SourceError
from reflint.word.manuscript import Citation, Manuscript
from reflint.word.repairs.records import Repairs
from reflint.word.repairs.rewriting import Change, rewritten
from reflint.word.shelf import Shelf
from reflint.word.story import Field
from reflint.word.xml import local


def repaired(
    manuscript: Manuscript, engine: Engine, safeties: Collection[str], library: Shelf | None = None
) -> tuple[bytes, int]:
    """The package with what citations of Zotero embed repaired, and how many repairs there are.

    Records are repaired that are not linked to a library (or that `library`, which their addresses name, does not
    have), and `dontUpdate` goes where the text is what Zotero rendered. Everything else keeps its bytes. Raises
    SourceError for a manuscript that is no .docx.
    """
    if manuscript.format != "docx":
        raise SourceError("is repaired as .docx only: save the manuscript as .docx")
    repairs = Repairs(engine, safeties, library)
    changes: dict[str, list[Change]] = {}
    count = 0
    for citation in manuscript.citations:
        if citation.manager == "zotero" and _is_mere_text(citation.field) and (new := repairs.of(citation)) is not None:
            changes.setdefault(citation.part, []).extend(_changes(citation, new.instruction))
            count += new.number
    package = manuscript.package
    if not changes:
        return package.data, 0
    parts = {
        part: rewritten(package.read(part), part, manuscript.roots[part], several) for part, several in changes.items()
    }
    return package.replaced(parts), count


def _is_mere_text(field: Field | None) -> bool:
    """Whether a field's instruction can be written anew: elements within it would go with its text."""
    return field is not None and all(local(one) == "fldSimple" or not len(one) for one in field.writing)


def _changes(citation: Citation, instruction: str) -> Iterator[Change]:
    """The whole instruction in the first of the elements that hold it, nothing in all others."""
    assert citation.field is not None
    field, rest = citation.field, instruction
    if local(field.mark) == "fldSimple":
        yield Change(field.mark, instruction, "instr")
        return
    for element, code in zip(field.writing, field.codes, strict=True):
        if code:
            yield Change(element, rest)
            rest = ""
