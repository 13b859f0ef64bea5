"""The shape of a rule file, for validation and for the published JSON Schema. Not loaded by a plain check."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError, field_validator, model_validator

from reflint.engine.checks.base import CHECKS, factory_of
from reflint.engine.checks.manuscript import known_test
from reflint.engine.fixes.base import FIXES
from reflint.engine.pack import OPTION_KINDS, conditions, is_of_kind, primitives, read_rule
from reflint.errors import PackError
from reflint.formats.csl.values import TYPES

_FEWEST_EXAMPLES = 2
_TYPES = TYPES | {"note", "attachment", "annotation"}
"""CSL's, and Zotero's of what is no work."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ZoteroExample(_Strict):
    """A Zotero item, in any of the forms it is met in; or several, for a rule over a library."""

    zotero: dict[str, JsonValue] | list[dict[str, JsonValue]]


class CslExample(_Strict):
    """A CSL-JSON item; or several, for a rule over a library."""

    csl: dict[str, JsonValue] | list[dict[str, JsonValue]]


Example = str | ZoteroExample | CslExample
"""RIS text, or an item of another format."""


class BadExample(_Strict):
    """A text or item that the rule must find fault with."""

    input: Example = Field(alias="in", description="RIS text, or an item, with the defect")
    out: Example | None = Field(
        default=None, description="the same after this rule's own fix; absent when there is no fix"
    )
    findings: int = Field(default=1, ge=1, description="how many findings the rule makes")
    encoding: str = Field(
        default="utf-8", description="the encoding that RIS text `in` is written in; `out` is always UTF-8"
    )


class Examples(_Strict):
    """Tests and documentation at once."""

    good: list[Example] = Field(
        default=[], description="texts or items the rule must not find fault with, one of them a known trap"
    )
    bad: list[BadExample] = []
    answers: dict[str, Any] = Field(
        default={},
        description="what registries answer, by registry and path (`crossref /works/10.1234/x`; a search is "
        "`crossref /works`); null: it has no such thing",
    )


class Option(_Strict):
    """A setting of the rule, with its default."""

    type: Literal["int", "bool", "str", "list"]
    default: Any
    help: str = ""

    @model_validator(mode="after")
    def _fits(self) -> Option:
        if not is_of_kind(self.type, self.default):
            raise ValueError(f"the default of an option of type {self.type} is {OPTION_KINDS[self.type][1]}")
        return self


class FixSpec(BaseModel):
    """Which fix primitive repairs it, and how far that can be trusted."""

    model_config = ConfigDict(extra="allow", frozen=True)
    use: str
    safety: Literal["safe", "unsafe", "lookup"]
    title: str = ""

    @field_validator("use")
    @classmethod
    def _known(cls, use: str) -> str:
        if use not in FIXES:
            raise ValueError(f"unknown fix primitive {use!r}; there are {', '.join(sorted(FIXES))}")
        return use


_Group = Literal["all", "text", "short-text", "creators"]
_Tag = Annotated[str, Field(pattern="^[A-Z][A-Z0-9]$")]


class Applies(_Strict):
    """For which fields and types the rule is: names per format, or a group (`text`, `creators`, `all`)."""

    ris: list[_Tag] | Literal["all", "text", "short-text", "creators", "dialects"] | None = None
    csl: list[str] | _Group | None = None
    zotero: list[str] | _Group | None = None
    types: list[str] | Literal["*"] = "*"
    not_types: list[str] = []
    manuscript: bool = Field(default=False, description="about a whole manuscript; its check is `manuscript`")

    @field_validator("types", "not_types")
    @classmethod
    def _known(cls, types: list[str] | str) -> list[str] | str:
        unknown = [one for one in types if one not in _TYPES] if isinstance(types, list) else []
        if unknown:
            raise ValueError(f"unknown type {unknown[0]!r}; there are {', '.join(sorted(_TYPES))}")
        return types


class RuleFile(_Strict):
    """One rule."""

    id: str = Field(pattern=r"^[A-Z]{3}\d{3}$")
    slug: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    since: str
    status: Literal["preview", "stable", "deprecated"] = "stable"
    summary: str = Field(max_length=120)
    rationale: str
    severity: Literal["error", "warning", "info"]
    confidence: Literal["high", "medium", "low"] = "high"
    profiles: list[Literal["minimal", "recommended", "strict"]]
    applies: Applies
    options: dict[str, Option] = {}
    check: dict[str, Any]
    fix: FixSpec | None = None
    message: str
    advice: str = Field(default="", description="what an author can do about it, where reflint cannot")
    traps: list[str] = Field(min_length=1)
    references: list[str] = []
    examples: Examples = Field(
        default=Examples(), description="at least two good and two bad ones, unless it is about whole manuscripts"
    )

    @field_validator("check")
    @classmethod
    def _known(cls, check: dict[str, Any]) -> dict[str, Any]:
        for name in primitives(check):
            if factory_of(name) is None:
                raise ValueError(f"unknown check primitive {name!r}; there are {', '.join(sorted(CHECKS))}")
        for pattern in _patterns(check):
            problem = unsafe_pattern(pattern)
            if problem:
                raise ValueError(f"pattern {pattern!r}: {problem}")
        if check.get("use") == "manuscript":
            try:
                known_test(check)
            except PackError as error:
                raise ValueError(str(error)) from None
        return check

    @model_validator(mode="after")
    def _shown(self) -> RuleFile:
        if self.applies.manuscript != (self.check.get("use") == "manuscript"):
            raise ValueError("`applies: {manuscript: true}` and `check: {use: manuscript}` go together")
        for name in () if self.applies.manuscript else ("good", "bad"):
            if len(getattr(self.examples, name)) < _FEWEST_EXAMPLES:
                raise ValueError(f"examples.{name}: there must be {_FEWEST_EXAMPLES} at least")
        return self


def _patterns(check: Mapping[str, Any]) -> list[str]:
    found = [str(check[key]) for key in ("match", "unless", "legal", "doubtful") if key in check]
    if "use" in check:  # `any` and `all` may be parameters of a primitive
        return found
    for one in conditions(check):
        found += _patterns(one)
    return found


_NESTED = re.compile(r"\((?:\?:)?[^()]*[+*][^()]*\)[+*{]|\[[^\]]*\][+*]\[[^\]]*\][+*]\[[^\]]*\][+*]")


def unsafe_pattern(pattern: str) -> str:
    """Why a regular expression may take exponential time or does not compile; `""` when nothing speaks against it."""
    try:
        re.compile(pattern)
    except re.error as error:
        return f"not a regular expression: {error}"
    bare = re.sub(r"\\.", "x", pattern)
    return "a repeated group that itself repeats can take exponential time" if _NESTED.search(bare) else ""


def validate(path: Path) -> RuleFile:
    """A rule file, validated. Raises PackError that says what is wrong where, all faults at once."""
    try:
        rule = RuleFile.model_validate(read_rule(path))
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors())
        raise PackError(f"{path}: {faults}") from None
    if path.stem != f"{rule.id}-{rule.slug}":
        raise PackError(f"{path}: the file should be called {rule.id}-{rule.slug}.yaml")
    return rule
