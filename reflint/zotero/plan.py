"""Plan files: what is to be changed, item by item, with the value and version each change was computed on."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SerializerFunctionWrapHandler,
    ValidationError,
    model_serializer,
    model_validator,
)

from reflint.errors import SourceError
from reflint.formats import zotero
from reflint.zotero.address import Address
from reflint.zotero.moving import Kind
from reflint.zotero.steps import Step
from reflint.zotero.values import Key, Value

Confidence = Literal["high", "medium", "low"]


class Header(BaseModel):
    """The first line of a plan: for which library it is, and what it was computed on and by."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    type: Literal["header"] = "header"
    library: Annotated[str, Field(pattern="^(users|groups)/[0-9]+$")]
    lmv: Annotated[int, Field(ge=0, description="the library's version when it was read")]
    userID: Annotated[int, Field(ge=0, description="whose key read it; nobody else may apply the plan (0: a desktop)")]  # noqa: N815
    tool: str
    rules: list[str]
    schema_version: Annotated[int, Field(alias="schema", ge=0, description="version of Zotero's schema")]
    snapshot_sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$", description="of all `key version` lines, sorted")]
    undoes: Annotated[str | None, Field(description="the run that this plan takes back")] = None
    server: Annotated[str | None, Field(description="of a desktop's library: the desktop's Zotero-Server-ID")] = None
    kind: Annotated[Kind | None, Field(description="of a plan that merges items, or takes that back")] = None


class Line(BaseModel):
    """One item: only the fields in `set` are ever sent, and only while the fields in `expect` have those values."""

    model_config = ConfigDict(extra="forbid")

    type: Literal["fix"] = "fix"
    key: Key
    itemType: str  # noqa: N815
    version: Annotated[int, Field(ge=1, strict=True, description="the item's version that was read")]
    set: Annotated[dict[str, Value], Field(min_length=1)]
    expect: dict[str, Value]
    rules: list[str]
    confidence: Confidence = "high"
    evidence: Annotated[
        dict[str, list[str]], Field(description="what registries said, by field; absent without a look-up")
    ] = {}

    @model_serializer(mode="wrap")
    def _without_nothing(self, whole: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """A line without a look-up says nothing of evidence."""
        return {name: value for name, value in whole(self).items() if name != "evidence" or value}

    @model_validator(mode="after")
    def _whole(self) -> Line:
        if self.set.keys() != self.expect.keys():
            odd = ", ".join(sorted(self.set.keys() ^ self.expect.keys()))
            raise ValueError(f"`set` and `expect` must name the same fields ({odd})")
        refused = zotero.fault(self.itemType, self.set)
        if refused:
            raise ValueError(f"Zotero would refuse it: {refused}")
        same = [name for name in self.set if self.set[name] == self.expect[name]]
        if same:
            raise ValueError(f"{', '.join(same)}: the new value is the old one")
        return self


AnyLine = Line | Step


class Plan:
    """A plan in memory: its header, its lines by key (of merges group by group), and the SHA-256 of its text."""

    def __init__(self, header: Header, lines: Iterable[AnyLine]) -> None:
        self.header = header
        self.lines = {line.key: line for line in sorted(lines, key=_place)}

    def __len__(self) -> int:
        return len(self.lines)

    def texts(self) -> Iterator[str]:
        """The lines of the file."""
        yield self.header.model_dump_json(by_alias=True, exclude_none=True) + "\n"
        for line in self.lines.values():
            yield line.model_dump_json() + "\n"

    @property
    def sha256(self) -> str:
        """The hash that a run of this plan is bound to."""
        digest = hashlib.sha256()
        for text in self.texts():
            digest.update(text.encode())
        return digest.hexdigest()

    @property
    def address(self) -> Address:
        """The library the plan is for."""
        return Address(self.header.library, local=self.header.server is not None)


def read(path: Path) -> Plan:
    """Reads and checks a plan file. Raises SourceError that names the line and what is wrong with it."""
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(f"{path}: {getattr(error, 'strerror', None) or 'is not UTF-8 text'}") from None
    header: Header | None = None
    lines: dict[str, AnyLine] = {}
    for number, row in enumerate(text.splitlines(), 1):
        if not row.strip():
            continue
        try:
            if header is None:
                header = Header.model_validate_json(row)
                continue
            line = (Step if header.kind else Line).model_validate_json(row)
        except ValidationError as error:
            raise SourceError(f"{path}: line {number}: {_said(error)}") from None
        if line.key in lines:
            raise SourceError(f"{path}: line {number}: {line.key} stands twice in the plan")
        if isinstance(line, Step) and line.type != header.kind:
            raise SourceError(f"{path}: line {number}: a step of type {line.type} in a plan of kind {header.kind}")
        lines[line.key] = line
    if header is None:
        raise SourceError(f"{path}: an empty file is no plan")
    if header.kind == "merge" and not header.undoes:
        _demand_whole_groups(path, lines.values())
    return Plan(header, lines.values())


def _place(line: AnyLine) -> tuple[str, int, str]:
    """Where a line stands among the others."""
    return (line.group, line.rank, line.key) if isinstance(line, Step) else ("", 0, line.key)


def _demand_whole_groups(path: Path, lines: Iterable[AnyLine]) -> None:
    """Raises SourceError where lines of a group were taken out: the kept item would stand for one that stays."""
    said: dict[str, set[str]] = {}
    found: dict[str, set[str]] = {}
    for line in lines:
        if isinstance(line, Step):
            said.setdefault(line.group, set()).update(line.losers)
            found.setdefault(line.group, set()).update({line.key} if line.role == "loser" else ())
    for group, losers in said.items():
        if losers != found[group]:
            odd = ", ".join(sorted(losers ^ found[group]))
            raise SourceError(f"{path}: group {group}: not whole ({odd}); take out all lines of a group, or none")


def _said(error: ValidationError) -> str:
    """The first thing that is wrong with a line, in a sentence."""
    first = error.errors(include_url=False)[0]
    place = ".".join(str(one) for one in first["loc"])
    message = first["msg"].removeprefix("Value error, ")
    return f"{place}: {message}" if place else message


def snapshot_hash(versions: dict[str, int]) -> str:
    """SHA-256 over a library's sorted `key version` lines."""
    digest = hashlib.sha256()
    for key in sorted(versions):
        digest.update(f"{key} {versions[key]}\n".encode())
    return digest.hexdigest()


def schema() -> dict[str, Any]:
    """The JSON Schema of a line of a plan file."""
    from pydantic import TypeAdapter

    return TypeAdapter(Header | Line | Step).json_schema(by_alias=True)
