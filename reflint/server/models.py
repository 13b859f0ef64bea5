"""Bodies and answers of the API; findings are those of the JSON model (design, 4.2)."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from reflint.app.schemas import DuplicateEvidence, FindingOut, FindingsOut, RuleOut

Severity = Literal["error", "warning", "info"]
Code = Annotated[str, Field(min_length=1, max_length=100)]
Codes = Annotated[list[Code], Field(max_length=1000)]
Items = Annotated[list[dict[str, Any]], Field(description="items, as the format has them")]
Fingerprint = Annotated[str, Field(pattern="^[0-9a-f]{16}$")]
Library = Annotated[str, Field(max_length=100, pattern="^zotero:", description="as `zotero:groups/12`")]
ItemKey = Annotated[str, Field(pattern="^[23456789A-NP-Z]{8}$", description="the item's key")]
Value = str | list[dict[str, str | int]]


class _Closed(BaseModel):
    model_config = ConfigDict(extra="forbid", populate_by_name=True)


# -- every route ------------------------------------------------------------------------------------------------------


class ErrorAt(_Closed):
    """One thing that is wrong with a body."""

    at: str
    message: str


class ProblemOut(_Closed):
    """RFC 9457."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[ErrorAt] = []


class ConfigIn(_Closed):
    """Settings for one request, by the names of reflint.toml; nothing here names a path or turns the network on."""

    profile: Literal["minimal", "recommended", "strict"] | None = None
    select: Codes = []
    extend_select: Codes = Field(default=[], alias="extend-select")
    ignore: Codes = []
    severity: dict[Code, Literal["error", "warning", "info", "off"]] = {}
    options: dict[Code, dict[str, Any]] = {}


class HealthOut(_Closed):
    """Who answers here."""

    name: Literal["reflint"]
    version: str
    api: Literal["1"]


class CodeIn(_Closed):
    """A one-time code."""

    code: str = Field(min_length=1, max_length=200)


class CodeOut(_Closed):
    """A one-time code, which logs one page in."""

    code: str


class JobRef(_Closed):
    """A job that was begun."""

    job: str


class ProgressOut(_Closed):
    """How far a job is; `total` is 0 where nobody knows it. What is counted (bytes, records, items) the phase says."""

    done: int = Field(ge=0)
    total: int = Field(ge=0)
    phase: str


class JobOut(_Closed):
    """A job, with its result once it is done: what the request would have answered at once."""

    id: str
    kind: str
    state: Literal["queued", "running", "done", "failed", "cancelled"]
    progress: ProgressOut
    result: LintOut | DocumentOut | DedupeOut | PlanOut | AppliedOut | RevertedOut | None = None
    error: ProblemOut | None = None


# -- rules ------------------------------------------------------------------------------------------------------------


class RulesOut(_Closed):
    """`reflint rules -f json`."""

    rules: list[RuleOut]


class RuleDetail(RuleOut):
    """One rule with its reasons; `options`: name -> type, default and meaning."""

    explanation: str
    options: dict[str, Any]


# -- findings and patches ---------------------------------------------------------------------------------------------


class TextRecords(_Closed):
    """Records as text."""

    format: Literal["ris"]
    text: str


class JsonRecords(_Closed):
    """Records as JSON: Zotero's API objects or bare data, or CSL-JSON items."""

    format: Literal["zotero", "csl"]
    records: Items


class TextIn(TextRecords):
    """Records as text, to be checked."""

    config: ConfigIn | None = None


class RecordsIn(JsonRecords):
    """Records as JSON, to be checked."""

    config: ConfigIn | None = None


LintIn = Annotated[TextIn | RecordsIn, Field(discriminator="format")]
DedupeIn = Annotated[TextRecords | JsonRecords, Field(discriminator="format")]


class Op(_Closed):
    """One change to one field, as the rule proposes it. `before` is the value it was computed on."""

    op: Literal["set", "delete", "add", "move"]
    field: str
    before: str | None
    after: str | None
    to: str | None = Field(default=None, description="the new name, for move")
    part: str | None = Field(default=None, description="what is changed instead of the value (RIS syntax)")


class Patch(_Closed):
    """What a finding's fix would change."""

    finding: int = Field(ge=0, description="position in `findings`")
    fingerprint: Fingerprint
    record: str | int | None = Field(description="key or index of the record; null for a finding about a whole text")
    version: int | None
    safety: Literal["safe", "unsafe", "lookup"]
    ops: list[Op]


class LintOut(FindingsOut):
    """The JSON model of `reflint check -f json`, with a patch for each finding that has a fix.

    Columns of ranges are code points, not UTF-16 units; `range` is null for records that came as JSON.
    """

    patches: list[Patch]


class DocumentOut(FindingsOut):
    """The result of a document's job: the JSON model; a finding's number is its position. Columns are code points."""

    format: Literal["ris", "csl", "zotero", "nbib", "docx", "odt"]


# -- fixes ------------------------------------------------------------------------------------------------------------


class ItemOp(_Closed):
    """A change to a whole field: of creators and tags the whole list. `delete` (CSL) takes the field away."""

    op: Literal["set", "add", "delete", "move"]
    field: str = Field(min_length=1, max_length=200)
    before: Any = None
    after: Any = None
    to: str | None = None
    part: str | None = None


class ItemPatch(_Closed):
    """Changes of one record."""

    record: str | int | None = None
    version: int | None = None
    ops: list[ItemOp] = Field(max_length=10_000)


Accepted = Annotated[list[Fingerprint], Field(max_length=10_000)] | Literal["safe", "all"]


class FixTextIn(_Closed):
    """One RIS record, and which of its findings are repaired."""

    format: Literal["ris"]
    text: str
    accept: Accepted
    config: ConfigIn | None = None


class FixRecordIn(_Closed):
    """One item, and which of its findings are repaired."""

    format: Literal["zotero", "csl"]
    record: dict[str, Any]
    accept: Accepted
    config: ConfigIn | None = None


class FixPatchesIn(_Closed):
    """One item, and patches to carry out where their `before` still holds."""

    format: Literal["zotero", "csl"]
    record: dict[str, Any]
    patches: list[ItemPatch] = Field(max_length=1000)


FixIn = FixTextIn | FixRecordIn | FixPatchesIn


class SkippedOp(_Closed):
    """A change that was not made."""

    field: str
    reason: str


class FixOut(_Closed):
    """The repaired record, what that changed, which findings it repaired, and those that are left."""

    record: dict[str, Any] | None = None
    text: str | None = None
    patch: ItemPatch
    applied: list[Fingerprint]
    left: list[FindingOut]
    skipped: list[SkippedOp] = []


# -- documents --------------------------------------------------------------------------------------------------------

Numbers = Annotated[list[Annotated[int, Field(ge=0, strict=True)]], Field(max_length=1_000_000)]


class PreviewIn(_Closed):
    """A record, and the numbers of the findings that are accepted."""

    record: int = Field(ge=0, strict=True, description="index of the record, 0-based")
    accept: Numbers


class PreviewOut(_Closed):
    """One record as it is and as it would be: RIS lines, or indented JSON."""

    before: str
    after: str


class RepairedIn(_Closed):
    """The numbers of the findings that are accepted."""

    accept: Numbers


# -- duplicates -------------------------------------------------------------------------------------------------------


class GroupOut(_Closed):
    """Records that belong together: keys where they have any, else their index."""

    kind: Literal["same", "version-of", "erratum-of", "maybe"]
    ids: list[str | int]
    evidence: list[DuplicateEvidence]


class DedupeOut(_Closed):
    """The groups of duplicates."""

    groups: list[GroupOut]


# -- Zotero -----------------------------------------------------------------------------------------------------------


class CheckLibraryIn(_Closed):
    """A library to be checked."""

    library: Library
    config: ConfigIn | None = None


class PlanLibraryIn(CheckLibraryIn):
    """A library to make a plan for; `unsafe`: with repairs that need a person's yes."""

    unsafe: bool = False


class PlanLine(_Closed):
    """What is proposed for one item; `set` and `expect` have the same fields."""

    type: Literal["fix"]
    key: ItemKey
    itemType: str  # noqa: N815
    version: int
    set: dict[str, Value]
    expect: dict[str, Value]
    rules: list[str]
    confidence: Literal["high", "medium", "low"]
    evidence: dict[str, list[str]] = {}


class PlanOut(_Closed):
    """The result of a plan's job."""

    library: str
    lines: list[PlanLine]
    titles: dict[str, str] = Field(description="key -> title, to show the lines by")


class LibraryOp(_Closed):
    """A field of an item, with the value it was computed on and its new one: of creators and tags the whole list."""

    op: Literal["set"]
    field: str = Field(min_length=1, max_length=200)
    before: Value
    after: Value


class LibraryPatch(_Closed):
    """Changes of one item; `rules`: those that propose them (as a plan's line has it), for items changed meanwhile."""

    record: ItemKey
    version: int = Field(ge=1, strict=True)
    ops: list[LibraryOp] = Field(min_length=1, max_length=1000)
    rules: Codes = []


class ApplyIn(_Closed):
    """Patches to be written; a dry run unless it is said otherwise."""

    library: Library
    patches: list[LibraryPatch] = Field(min_length=1, max_length=50_000)
    dry_run: bool = Field(default=True, alias="dryRun", strict=True)


class UndoIn(_Closed):
    """A run to be taken back; a dry run unless it is said otherwise."""

    batch: str = Field(min_length=1, max_length=200, pattern=r"^[A-Za-z0-9-]+$")
    dry_run: bool = Field(default=True, alias="dryRun", strict=True)


class Skipped(_Closed):
    """An item that was not written."""

    key: str
    reason: str


class AppliedOut(_Closed):
    """What was written (of a dry run: would be), and the run that takes it back."""

    applied: list[str]
    skipped: list[Skipped]
    undo: str | None
    note: str = Field(default="", description="why it ended early, or what its verification found; absent of neither")


class RevertedOut(_Closed):
    """What was taken back (of a dry run: would be)."""

    reverted: list[str]
    skipped: list[Skipped]
    note: str = Field(default="", description="why it ended early, or what its verification found; absent of neither")


class RunOut(_Closed):
    """A run as `reflint runs -f json` lists it."""

    run: str
    library: str
    planned: int
    applied: int
    left: int
    undoes: str | None = None


class RunsOut(_Closed):
    """All runs, oldest first."""

    runs: list[RunOut]
