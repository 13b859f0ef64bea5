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


class FixOut(_Closed):
    """A repair; without edits only a look-up can say them."""

    title: str
    safety: Literal["safe", "unsafe", "lookup"]
    edits: list[EditOut]


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
    citation: None = Field(description="for manuscripts")
    fix: FixOut | None
    fingerprint: str = Field(pattern="^[0-9a-f]{16}$")


class SummaryOut(_Closed):
    """Counts over the run."""

    sources: int
    records: int
    findings: int
    by_severity: dict[_Severity, int]
    by_rule: dict[str, int]
    fixable: dict[Literal["safe", "unsafe", "lookup"], int]


class SourceOut(_Closed):
    """What became of one source."""

    source: str
    records: int
    format: str | None
    error: str | None


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


def schemas() -> dict[str, dict[str, Any]]:
    """name -> JSON Schema (draft 2020-12)."""
    return {
        "findings": FindingsOut.model_json_schema(),
        "rules": RulesOut.model_json_schema(),
        "rule-file": RuleFile.model_json_schema(by_alias=True),
        "plan": plan.schema(),
    }
