"""Measured on the shared collection of real manuscripts, where that stands beside the repository."""

from __future__ import annotations

import csv
import io
from collections import Counter
from functools import cache
from pathlib import Path

import docx as python_docx
import pytest

from reflint.app.rules import build_engine
from reflint.app.settings import Settings
from reflint.engine.run import Engine
from reflint.formats import ris
from reflint.formats.ris.compose import ris_of
from reflint.word import checking
from reflint.word.checks.base import Reading
from reflint.word.comments.writing import AUTHOR, annotated
from reflint.word.managers import Cited
from reflint.word.manuscript import Manuscript
from reflint.word.package import Package
from reflint.word.reading import read
from reflint.word.repairs.writing import repaired
from tests.inputs import ROOT
from tests.word.libreoffice import converted, needs_libreoffice

DATA = ROOT.parent / "shared" / "data" / "docx"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason=f"the shared manuscripts are not at {DATA}")

FILES = sorted(path for path in DATA.rglob("*") if path.suffix in (".docx", ".odt")) if DATA.is_dir() else []


def table(name: str) -> dict[str, dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return {row["file"]: row for row in csv.DictReader(file, delimiter="\t")}


FACTS, MANIFEST = (table("FACTS.tsv"), table("MANIFEST.tsv")) if DATA.is_dir() else ({}, {})


def name_of(path: Path) -> str:
    return str(path.relative_to(DATA))


@cache
def manuscript_of(path: Path) -> Manuscript:
    return read(path.read_bytes())


def count_of(text: str) -> Counter[str]:
    """`zotero=33, endnote=1` counted."""
    pairs = (pair.split("=") for pair in text.split(", ") if "=" in pair)
    return Counter({name: int(number) for name, number in pairs})


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_every_citation_stands_where_it_says(path: Path):
    manuscript = manuscript_of(path)
    for citation, references in zip(manuscript.citations, manuscript.references, strict=True):
        start, end = citation.span
        if citation.begin.paragraph == citation.end.paragraph:
            (paragraph,) = citation.story.between(citation.begin, citation.begin)
            assert paragraph.text[start:end] == citation.text
        assert len(references) == len(citation.mentions or citation.works)
        assert all(entry < len(manuscript.entries) for one in references for entry in one.entries)


def _identity(work: Cited) -> str:
    """What the facts tell works apart by: of EndNote the record number, which several libraries may share."""
    return work.id if work.keys[0].startswith("endnote:") else work.keys[0]


@pytest.mark.parametrize("name", FACTS)
def test_counts_are_the_facts(name: str):
    facts, manuscript = FACTS[name], manuscript_of(DATA / name)
    fields = [citation for citation in manuscript.citations if citation.manager]
    if facts["managers"] == "-":  # in bookmarks, which the facts do not count: its OpenDocument twin tells
        twin = manuscript_of(DATA / "odt" / Path(name).with_suffix(".odt").name)
        assert [citation.text for citation in fields] == [citation.text for citation in twin.citations]
        return
    works = [work for citation in fields for work in citation.payload.works]
    found = {
        "citation_fields_live": len(fields),
        "in_tracked_deletions": len(manuscript.deleted),
        "in_tracked_insertions": sum(citation.inserted for citation in fields),
        "cited_items": len(works),
        "distinct_items": len({_identity(work) for work in works}),
        "placeholders_ZOTERO_TEMP": len(manuscript.placeholders),
        "ghost_controls": sum(one.manager == "mendeley_v3" and not one.text.strip() for one in fields),
        "dontUpdate": sum("dontUpdate" in citation.payload.flags for citation in fields),
        "bibliography_entries": len(manuscript.entries),
    }
    assert {key: str(value) for key, value in found.items() if facts[key]} == {k: facts[k] for k in found if facts[k]}
    assert Counter(citation.manager for citation in fields) == count_of(facts["managers"])
    assert Counter(citation.part.rpartition("/")[2] for citation in fields) == count_of(facts["parts"])
    assert (facts["bibliography"] == "none") == (not manuscript.bibliographies)
    assert [citation.fault for citation in fields if citation.fault] == []


@pytest.mark.parametrize("name", [name for name in MANIFEST if MANIFEST[name]["kind"] in ("odt", "plain")])
def test_counts_are_the_manifests(name: str):
    manuscript, row = manuscript_of(DATA / name), MANIFEST[name]
    assert sum(citation.manager is not None for citation in manuscript.citations) == int(row["citation_fields"])
    if row["kind"] == "plain" and row["style"] != "plain:?":
        style = row["style"].removeprefix("plain:")
        names = {"numeric-superscript": "superscript", "numeric[]": "bracket", "numeric()": "parenthesis"}
        assert manuscript.style == names.get(style, style)
        assert len(manuscript.entries) >= 5


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_every_work_leaves_as_one_record(path: Path):
    items = [work.item for work in manuscript_of(path).works]
    assert len({item["id"] for item in items}) == len(items)
    assert len(ris.read("\n".join(map(ris_of, items)).encode())) == len(items)


@pytest.mark.parametrize("path", FILES[::7], ids=name_of)
def test_packages_are_rebuilt_around_one_part(path: Path):
    data = path.read_bytes()
    package = Package(data)
    name = next(name for name in package.names if name.endswith((".rels", "content.xml")))
    again = Package(package.replaced({name: package.read(name)}))
    assert again.names == package.names
    assert all(again.read(one) == package.read(one) for one in package.names)


@cache
def engine() -> Engine:
    return build_engine(Settings())


@pytest.mark.parametrize("path", [path for path in FILES if path.suffix == ".docx"], ids=name_of)
def test_repairs_change_instructions_only(path: Path):
    manuscript = manuscript_of(path)
    data, count = repaired(manuscript, engine(), ("safe",))
    if not count:
        assert data == path.read_bytes()
        return
    again = read(data)
    assert [(one.text, one.part, one.span, one.fault) for one in again.citations] == [
        (one.text, one.part, one.span, one.fault) for one in manuscript.citations
    ]
    assert [[work.keys for work in one.payload.works] for one in again.citations] == [
        [work.keys for work in one.payload.works] for one in manuscript.citations
    ]
    assert repaired(again, engine(), ("safe",)) == (data, 0)
    python_docx.Document(io.BytesIO(data))


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_every_document_is_checked_and_commented(path: Path):
    data = path.read_bytes()
    manuscript = read(data)
    findings = list(checking.check(Reading(manuscript), engine()))
    assert [finding.message for finding in findings if finding.rule == "REF001"] == []
    if manuscript.format != "docx":
        return
    new, count = annotated(manuscript, findings)
    again, before = read(new), manuscript_of(path)
    assert [(c.manager, c.text, c.instruction, c.span) for c in again.citations] == [
        (c.manager, c.text, c.instruction, c.span) for c in before.citations
    ]
    comments = python_docx.Document(io.BytesIO(new)).comments
    assert sum(comment.author == AUTHOR for comment in comments) == count
    old = Package(data)
    others = [name for name in old.names if not name.endswith((".rels", "document.xml", "comments.xml", "Types].xml"))]
    assert all(Package(new).read(name) == old.read(name) for name in others)


@needs_libreoffice
def test_libreoffice_keeps_the_fields_of_commented_documents(tmp_path: Path):
    chosen = [path for path in FILES if path.suffix == ".docx" and _has_fields_only(path)][::8]
    commented = {}
    for path in chosen:
        manuscript = read(path.read_bytes())
        commented[path.name], _ = annotated(manuscript, list(checking.check(Reading(manuscript), engine())))
    written = converted(commented, tmp_path)
    for path in chosen:
        assert _instructions(read(written[path.name])) == _instructions(manuscript_of(path)), path.name


def _instructions(manuscript: Manuscript) -> Counter[str]:
    return Counter(citation.instruction.strip() for citation in manuscript.citations if citation.manager)


def _has_fields_only(path: Path) -> bool:
    """Whether all citations are fields, and none stands in a tracked change (LibreOffice keeps both versions)."""
    manuscript = manuscript_of(path)
    fields = [citation for citation in manuscript.citations if citation.manager]
    return bool(fields) and not manuscript.revisions and all(c.field for c in fields)
