"""What bodies and answers have in common: closed models, rule codes, problems, the settings of a request."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

Code = Annotated[str, Field(min_length=1, max_length=100)]
Codes = Annotated[list[Code], Field(max_length=1000)]


class Closed(BaseModel):
    """Nothing but what the schema says, under the names that it says: `dry_run` is no `dryRun`, "no" is no false."""

    model_config = ConfigDict(extra="forbid", strict=True)


class ErrorAt(Closed):
    """One thing that is wrong with a request."""

    at: str = Field(
        description="names and positions, as `records/0/title`; of the query `query/NAME`; empty: all of it"
    )
    message: str


class ProblemOut(Closed):
    """Why there is no answer (RFC 9457)."""

    type: Literal["about:blank"]
    title: str = Field(description="the name of the status")
    status: int
    detail: str = Field(description="one line for a person")
    errors: list[ErrorAt] = Field(
        default=[], description="what is not as described here; at most 20, absent where there are none"
    )


class ConfigIn(Closed):
    """Settings for one request, by the names of reflint.toml; nothing here names a path or turns the network on."""

    profile: Literal["minimal", "recommended", "strict"] | None = None
    select: Codes = Field(default=[], description="only these rules: codes, groups or slugs")
    extend_select: Codes = Field(default=[], alias="extend-select", description="these rules besides the profile's")
    ignore: Codes = Field(default=[], description="not these rules")
    severity: dict[Code, Literal["error", "warning", "info", "off"]] = Field(
        default={}, max_length=1000, description="by rule"
    )
    options: dict[Code, dict[str, Any]] = Field(
        default={}, max_length=1000, description="by rule; `GET /v1/rules/{code}` lists them"
    )


def _split(given: list[str]) -> list[str]:
    return [code.strip() for one in given for code in one.split(",") if code.strip()]


_Listed = Annotated[Codes, BeforeValidator(_split)]


class UploadIn(Closed):
    """How a document is checked, as the query says it: several codes with commas, or the name repeated."""

    name: str = Field(default="document", max_length=255, description="the file's name; its ending says what it is")
    profile: Literal["minimal", "recommended", "strict"] | None = None
    select: _Listed = Field(default=[], description="only these rules: codes, groups or slugs")
    extend_select: _Listed = Field(default=[], alias="extend-select", description="these rules besides the profile's")
    ignore: _Listed = Field(default=[], description="not these rules")

    def config(self) -> ConfigIn:
        """The settings that it names."""
        return ConfigIn.model_validate(self.model_dump(by_alias=True, exclude_unset=True, exclude={"name"}))
