"""Bodies and answers of the API; findings are those of the JSON model (design, 4.2)."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag

from reflint.app.schemas import DuplicateEvidence, FindingOut, FindingsOut, RuleOut
from reflint.server.basics import Closed, Codes, ConfigIn, ProblemOut

Items = Annotated[list[dict[str, Any]], Field(description="items, as the format has them")]
Fingerprint = Annotated[str, Field(pattern="^[0-9a-f]{16}$")]
Library = Annotated[
    str,
    Field(
        max_length=100,
        pattern="^zotero:",
        description="`zotero:groups/ID`, `zotero:groups/ID/collections/KEY`, `zotero:users/ID` or `zotero:local`",
    ),
]
ItemKey = Annotated[str, Field(pattern="^[23456789A-NP-Z]{8}$", description="the item's key")]
Value = str | list[dict[str, str | int]]


# -- every route ------------------------------------------------------------------------------------------------------


class HealthOut(Closed):
    """Who answers here."""

    name: Literal["reflint"]
    version: str
    api: Literal["1"]


class CodeIn(Closed):
    """A one-time code."""

    code: str = Field(min_length=1, max_length=200)


class CodeOut(Closed):
    """A one-time code, which logs one page in."""

    code: str


class JobRef(Closed):
    """A job that was begun: `GET /v1/jobs/{job}` until its state is done, failed or cancelled."""

    job: str


class ProgressOut(Closed):
    """How far a job is; `total` is 0 where nobody knows it. What is counted (bytes, records, items) the phase says."""

    done: int = Field(ge=0)
    total: int = Field(ge=0)
    phase: str


class JobOut(Closed):
    """A job. `kind` says what its result is: LintOut, DedupeOut, DocumentOut (of a document and of zotero-check),
    PlanOut, AppliedOut, RevertedOut."""

    id: str
    kind: Literal["lint", "dedupe", "document", "zotero-check", "zotero-plan", "zotero-apply", "zotero-undo"]
    state: Literal["queued", "running", "done", "failed", "cancelled"]
    progress: ProgressOut
    result: LintOut | DocumentOut | DedupeOut | PlanOut | AppliedOut | RevertedOut | None = Field(
        default=None, description="of a job that is done; otherwise absent"
    )
    error: ProblemOut | None = Field(default=None, description="why a job failed or was cancelled; otherwise absent")


# -- rules ------------------------------------------------------------------------------------------------------------


class RulesOut(Closed):
    """`reflint rules -f json`."""

    rules: list[RuleOut]


class RuleDetail(RuleOut):
    """One rule with its reasons; `options`: name -> type, default and meaning."""

    explanation: str
    options: dict[str, Any]


# -- findings and patches ---------------------------------------------------------------------------------------------


class TextRecords(Closed):
    """Records as text."""

    format: Literal["ris"]
    text: str


class JsonRecords(Closed):
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


class Op(Closed):
    """One change to one field, as the rule proposes it. `before` is the value it was computed on."""

    op: Literal["set", "delete", "add", "move"]
    field: str
    before: str | None
    after: str | None
    to: str | None = Field(default=None, description="the new name, for move")
    part: str | None = Field(default=None, description="what is changed instead of the value (RIS syntax)")


class Patch(Closed):
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


class ItemOp(Closed):
    """A change to a whole field: of creators and tags the whole list. `delete` (CSL) takes the field away."""

    op: Literal["set", "add", "delete", "move"]
    field: str = Field(min_length=1, max_length=200)
    before: Any = None
    after: Any = None
    to: str | None = None
    part: str | None = None


class ItemPatch(Closed):
    """Changes of one record."""

    record: str | int | None = None
    version: int | None = None
    ops: list[ItemOp] = Field(max_length=10_000)


class PatchIn(ItemPatch):
    """A patch to carry out, as a lint answers it or as somebody made it: only its changes are heeded."""

    finding: int | None = None
    fingerprint: Fingerprint | None = None
    safety: Literal["safe", "unsafe", "lookup"] | None = None


Accepted = Annotated[
    Annotated[list[Fingerprint], Field(max_length=10_000)] | Literal["safe", "all"],
    Field(description="fingerprints of findings, or all that are safe, or all"),
]


class FixTextIn(Closed):
    """One RIS record, and which of its findings are repaired."""

    format: Literal["ris"]
    text: str
    accept: Accepted
    config: ConfigIn | None = None


class FixRecordIn(Closed):
    """One item, and which of its findings are repaired."""

    format: Literal["zotero", "csl"]
    record: dict[str, Any]
    accept: Accepted
    config: ConfigIn | None = None


class FixPatchesIn(Closed):
    """One item, and patches to carry out where their `before` still holds."""

    format: Literal["zotero", "csl"]
    record: dict[str, Any]
    patches: list[PatchIn] = Field(max_length=1000)


_TEXT, _RECORD, _PATCHES = "a RIS record", "an item", "an item with patches"


def _asked(body: Any) -> str:
    """Which of the three bodies of a fix is meant, so that what is wrong is told of that one only."""
    given = body if isinstance(body, dict) else {}
    if given.get("format") == "ris":
        return _TEXT
    return _PATCHES if "patches" in given else _RECORD


FixIn = Annotated[
    Annotated[FixTextIn, Tag(_TEXT)] | Annotated[FixRecordIn, Tag(_RECORD)] | Annotated[FixPatchesIn, Tag(_PATCHES)],
    Discriminator(_asked),
]


class SkippedOp(Closed):
    """A change that was not made."""

    field: str
    reason: str


class RepairOut(Closed):
    """The repaired record (`text` of RIS, else `record`), what that changed, what it repaired, and what is left."""

    record: dict[str, Any] | None = None
    text: str | None = None
    patch: ItemPatch
    applied: list[Fingerprint]
    left: list[FindingOut]
    skipped: list[SkippedOp] = Field(default=[], description="of patches: changes whose `before` does not hold")


# -- documents --------------------------------------------------------------------------------------------------------

Numbers = Annotated[
    list[Annotated[int, Field(ge=0)]],
    Field(max_length=1_000_000, description="positions in `findings` of the document's job"),
]


class PreviewIn(Closed):
    """A record, and the numbers of the findings that are accepted."""

    record: int = Field(ge=0, description="index of the record, 0-based")
    accept: Numbers


class PreviewOut(Closed):
    """One record as it is and as it would be: RIS lines, or indented JSON."""

    before: str
    after: str


class RepairedIn(Closed):
    """The numbers of the findings that are accepted."""

    accept: Numbers


# -- duplicates -------------------------------------------------------------------------------------------------------


class GroupOut(Closed):
    """Records that belong together: keys where they have any, else their index."""

    kind: Literal["same", "version-of", "erratum-of", "maybe"]
    ids: list[str | int]
    evidence: list[DuplicateEvidence]


class DedupeOut(Closed):
    """The groups of duplicates."""

    groups: list[GroupOut]


# -- Zotero -----------------------------------------------------------------------------------------------------------


class CheckLibraryIn(Closed):
    """A library to be checked."""

    library: Library
    config: ConfigIn | None = None


class PlanLibraryIn(CheckLibraryIn):
    """A library to make a plan for; `unsafe`: with repairs that need a person's yes."""

    unsafe: bool = False


class PlanLine(Closed):
    """What is proposed for one item; `set` and `expect` have the same fields. It becomes a LibraryPatch: `key` is its
    `record`, and each field of `set` an op, with the value in `expect` as `before` and that in `set` as `after`."""

    type: Literal["fix"]
    key: ItemKey
    itemType: str  # noqa: N815
    version: int
    set: dict[str, Value]
    expect: dict[str, Value]
    rules: list[str]
    confidence: Literal["high", "medium", "low"]
    evidence: dict[str, list[str]] = Field(default={})


class PlanOut(Closed):
    """The result of a plan's job."""

    library: str
    lines: list[PlanLine]
    titles: dict[str, str] = Field(description="key -> title, to show the lines by")


class LibraryOp(Closed):
    """A field of an item, with the value it was computed on and its new one: of creators and tags the whole list."""

    op: Literal["set"]
    field: str = Field(min_length=1, max_length=200)
    before: Value
    after: Value


class LibraryPatch(Closed):
    """Changes of one item; `rules`: those that propose them (as a plan's line has it), for items changed meanwhile."""

    record: ItemKey
    version: int = Field(ge=1)
    ops: list[LibraryOp] = Field(min_length=1, max_length=1000)
    rules: Codes = Field(default=[])


class ApplyIn(Closed):
    """Patches to be written; a dry run unless it is said otherwise."""

    library: Library
    patches: list[LibraryPatch] = Field(min_length=1, max_length=50_000)
    dry_run: bool = Field(default=True, alias="dryRun")


class UndoIn(Closed):
    """A run to be taken back; a dry run unless it is said otherwise."""

    run: str = Field(
        min_length=1,
        max_length=200,
        pattern=r"^[A-Za-z0-9-]+$",
        description="the run: `undo` of what an apply answered, `run` of `GET /v1/zotero/runs`",
    )
    dry_run: bool = Field(default=True, alias="dryRun")


class Skipped(Closed):
    """An item that was not written."""

    key: str
    reason: str


class AppliedOut(Closed):
    """What was written (of a dry run: would be), and the run that takes it back."""

    applied: list[str]
    skipped: list[Skipped]
    undo: str | None = Field(description="the run, for `POST /v1/zotero/undo`; null where nothing was written")
    note: str = Field(
        default="", description="why it ended early, or what its verification found; absent where there is neither"
    )


class RevertedOut(Closed):
    """What was taken back (of a dry run: would be)."""

    reverted: list[str]
    skipped: list[Skipped]
    note: str = Field(
        default="", description="why it ended early, or what its verification found; absent where there is neither"
    )


class RunOut(Closed):
    """A run as `reflint runs -f json` lists it."""

    run: str
    library: str
    planned: int
    applied: int
    left: int
    undoes: str | None = None


class RunsOut(Closed):
    """All runs, oldest first."""

    runs: list[RunOut]
