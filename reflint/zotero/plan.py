"""Plan files: what is to be changed, item by item, with the value and version each change was computed on."""

from __future__ import annotations

import hashlib
import json
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

Confidence = Literal["high", "medium", "low"]
Key = Annotated[str, Field(pattern="^[23456789A-NP-Z]{8}$", description="the item's key")]
Value = str | list[dict[str, str | int]]
"""A field's text; the whole list for `creators` and `tags`."""


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


class Plan:
    """A plan in memory: its header, its lines by key, and the SHA-256 of its text."""

    def __init__(self, header: Header, lines: Iterable[Line]) -> None:
        self.header = header
        self.lines = {line.key: line for line in sorted(lines, key=lambda line: line.key)}

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
    lines: dict[str, Line] = {}
    for number, row in enumerate(text.splitlines(), 1):
        if not row.strip():
            continue
        try:
            if header is None:
                header = Header.model_validate_json(row)
                continue
            line = Line.model_validate_json(row)
        except ValidationError as error:
            raise SourceError(f"{path}: line {number}: {_said(error)}") from None
        if line.key in lines:
            raise SourceError(f"{path}: line {number}: {line.key} stands twice in the plan")
        lines[line.key] = line
    if header is None:
        raise SourceError(f"{path}: an empty file is no plan")
    return Plan(header, lines.values())


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

    return TypeAdapter(Header | Line).json_schema(by_alias=True)


def same(field: str, one: object, other: object) -> bool:
    """Whether two values of a field are the same to Zotero: trimmed as it trims, tags in any order."""
    return _settled(field, one) == _settled(field, other)


def _settled(field: str, value: object) -> object:
    if isinstance(value, str):
        return zotero.normalised(value)
    if field == "tags" and isinstance(value, list):
        tags = {(zotero.normalised(str(tag.get("tag", ""))), int(tag.get("type", 0))) for tag in value}
        return json.dumps(sorted(tags)) if tags else ""
    if isinstance(value, list):
        parts = [{k: _settled(k, v) for k, v in one.items()} if isinstance(one, dict) else one for one in value]
        return json.dumps(parts, sort_keys=True) if parts else ""
    return json.dumps(value, sort_keys=True) if value else ""
