"""JSON Schemas of what reflint writes and reads: the findings document, the list of rules, rule files, plans."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from reflint.engine.schema import RuleFile
from reflint.zotero import plan

_Severity = Literal["error", "warning", "info"]


class _Closed(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Tool(_Closed):
    """The program that wrote the document."""

    name: Literal["reflint"]
    version: str


class RecordRef(_Closed):
    """The record that a finding is about; all null for a finding about a whole source."""

    index: int | None = Field(description="0-based, in source order")
    key: str | None
    type: str | None = Field(description="CSL type")
    title: str | None


class Point(_Closed):
    """A place in a text: 1-based, columns in code points."""

    line: int = Field(ge=1)
    column: int = Field(ge=1)


class Range(_Closed):
    """A stretch of a text, its end exclusive."""

    start: Point
    end: Point


class EditOut(_Closed):
    """One change to one field."""

    op: Literal["set", "delete", "insert", "move"]
    field: str
    before: str | None
    after: str | None
    to: str | None = Field(default=None, description="the new name, for move")
    part: str | None = Field(default=None, description="what is changed instead of the value (RIS syntax)")


class EvidenceOut(_Closed):
    """What a registry said of a record."""

    source: str
    state: Literal["found", "absent", "unknown"]
    asked: str = Field(description="when, in UTC")
    doi: str = Field(description='the DOI it knows the work by, or ""')
    score: float | None = Field(description="how well work and record agree, 0 to 1; null where not compared")
    agree: list[str] = Field(description="fields that agree")
    differ: list[str] = Field(description="fields that do not")
    values: dict[str, str] = Field(description="what it says, by CSL variable")
    note: str


class FixOut(_Closed):
    """A repair; without edits only a look-up can say them."""

    title: str
    safety: Literal["safe", "unsafe", "lookup"]
    edits: list[EditOut]
    evidence: list[EvidenceOut] = Field(default=[], description="what the edits rest on; absent without a look-up")


class CitationOut(_Closed):
    """The citation that a finding is about."""

    index: int = Field(ge=0, description="0-based, as in `reflint citations -f json`")
    text: str
    part: str
    manager: str | None = Field(description="null for typed citations")


class PassageOut(_Closed):
    """A place in a manuscript."""

    part: str
    paragraph: int = Field(description="0-based over all paragraphs of the part")
    text: str
    citation: int | None = Field(description="index of the citation; null for an entry or mere text")
    manager: str | None


class FindingOut(_Closed):
    """What a rule says about one place."""

    rule: str
    slug: str
    severity: _Severity
    confidence: Literal["high", "medium", "low"]
    message: str
    source: str
    record: RecordRef
    field: str | None
    variable: str | None = Field(description="CSL variable")
    range: Range | None = Field(description="null where there is no text")
    citation: CitationOut | None = Field(description="for manuscripts: the first citation it is about")
    passages: list[PassageOut] = Field(default=[], description="all places in a manuscript; absent elsewhere")
    advice: str = Field(default="", description="what can be done about it, in words; absent without any")
    fix: FixOut | None
    evidence: list[EvidenceOut] = Field(default=[], description="what a look-up was told; absent without one")
    fingerprint: str = Field(pattern="^[0-9a-f]{16}$")


class SummaryOut(_Closed):
    """Counts over the run."""

    sources: int
    records: int
    findings: int
    by_severity: dict[_Severity, int]
    by_rule: dict[str, int]
    fixable: dict[Literal["safe", "unsafe", "lookup"], int]
    unanswered: int | None = Field(default=None, description="questions that no registry answered; absent offline")


class ManuscriptOut(_Closed):
    """What a manuscript holds."""

    citations: int
    by_manager: dict[str, int] = Field(description="typed ones under `typed`")
    works: int
    entries: int | None = Field(description="null without a reference list")
    bibliography: bool = Field(description="whether a reference manager keeps the list")


class SourceOut(_Closed):
    """What became of one source."""

    source: str
    records: int
    format: str | None
    error: str | None
    manuscript: ManuscriptOut | None = Field(default=None, description="of a manuscript; absent of other sources")


class FindingsOut(_Closed):
    """`reflint check -f json`."""

    version: Literal[1]
    tool: Tool
    findings: list[FindingOut]
    summary: SummaryOut
    sources: list[SourceOut]


class RuleOut(_Closed):
    """One rule of `reflint rules -f json`."""

    id: str
    slug: str
    group: str
    summary: str
    severity: _Severity
    fix: Literal["safe", "unsafe", "lookup", "none"]
    profiles: list[Literal["minimal", "recommended", "strict"]]
    status: Literal["preview", "stable", "deprecated"]
    applies: dict[str, Any]


class RulesOut(_Closed):
    """`reflint rules -f json`."""

    rules: list[RuleOut]


class CitationRow(_Closed):
    """An in-text citation of a manuscript."""

    index: int = Field(ge=0)
    text: str
    manager: str | None = Field(description="null for typed ones")
    part: str
    paragraph: int = Field(description="0-based over all paragraphs of the part")
    start: int = Field(description="code points into the paragraph's visible text")
    end: int
    works: list[str] = Field(description="ids of the cited works; what is typed, of typed citations")
    entries: list[int] = Field(description="first paragraph of each entry of the list that it means")
    confidence: float = Field(ge=0, le=1)


class EntryRow(_Closed):
    """An entry of the reference list."""

    paragraphs: list[int]
    text: str


class CitationsOut(_Closed):
    """`reflint citations -f json`."""

    version: Literal[1]
    citations: list[CitationRow]
    entries: list[EntryRow]


class FiguresOut(_Closed):
    """`reflint citations --summary -f json`."""

    version: Literal[1]
    source: str
    citations: int
    by_manager: dict[str, int] = Field(description="typed ones under `typed`")
    by_part: dict[str, int] = Field(description="body, footnote, endnote, ...")
    works: int
    entries: int
    described: Literal["works", "entries"] | None = Field(description="what the references are that are counted below")
    references: int
    with_doi: int
    doi_share: float | None = Field(description="0 to 1")
    latest: int | None = Field(description="year of the newest reference, from which ages are counted")
    median_age: float | None = Field(description="in years")
    by_age: dict[str, int]
    authors: list[str] = Field(description="folded family names that count as the manuscript's own")
    self_citations: int
    self_share: float | None = Field(description="0 to 1; null where nobody knows whose manuscript it is")
    largest_cluster: int = Field(description="works in the largest citation")


class DuplicateRecord(_Closed):
    """A record of a group."""

    source: str
    index: int = Field(ge=0, description="0-based, in source order")
    key: str | None
    title: str


class DuplicateEvidence(_Closed):
    """What two records of a group are to each other, and why."""

    a: int = Field(ge=0, description="position in the group")
    b: int = Field(ge=0, description="position in the group")
    score: float = Field(ge=0, le=1)
    why: list[str]


class DuplicateGroup(_Closed):
    """Records that belong together."""

    kind: Literal["same", "version-of", "erratum-of", "maybe"]
    records: list[DuplicateRecord] = Field(min_length=2)
    evidence: list[DuplicateEvidence]


class DuplicateSummary(_Closed):
    """Counts over the run."""

    records: int
    groups: int
    duplicates: int = Field(description="records beyond the first of each group of the same work")


class DuplicatesOut(_Closed):
    """`reflint dedupe -f json`."""

    version: Literal[1]
    groups: list[DuplicateGroup]
    summary: DuplicateSummary


class ShardsOut(SourceOut):
    """What became of one source of a run on a cluster, with its shards in order."""

    shards: list[str]


class GroupsFile(_Closed):
    """A file of groups of records that share a key."""

    file: str = Field(description="from the folder of the run")
    groups: int
    beyond: int = Field(description="records beyond the first of each group")


class ManifestOut(_Closed):
    """`manifest.json` of `reflint check --engine dask`."""

    version: Literal[1]
    tool: Tool
    complete: bool = Field(
        description="the run has ended; until then sources are names, and what follows them is absent"
    )
    sources: list[ShardsOut] | list[str]
    format: Literal["jsonl", "parquet"] = Field(default="jsonl", description="of the findings")
    summary: SummaryOut | None = None
    left_out: list[str] = Field(
        default=[], description="rules over a whole library, which were selected and did not run"
    )
    shards: list[str] = Field(default=[], description="all, sorted by name")
    duplicates: list[GroupsFile] = []


def schemas() -> dict[str, dict[str, Any]]:
    """name -> JSON Schema (draft 2020-12)."""
    return {
        "findings": FindingsOut.model_json_schema(),
        "rules": RulesOut.model_json_schema(),
        "rule-file": RuleFile.model_json_schema(by_alias=True),
        "plan": plan.schema(),
        "citations": CitationsOut.model_json_schema(),
        "manuscript-figures": FiguresOut.model_json_schema(),
        "duplicates": DuplicatesOut.model_json_schema(),
        "manifest": ManifestOut.model_json_schema(),
    }
