"""What a reporter is, and the summary they all share."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple, Protocol
from urllib.parse import quote

from reflint.model.finding import Finding

Write = Callable[[str], object]


class Location(NamedTuple):
    """Where a finding stands, for programs: its source's path from here, the same as a URI, and its record in words."""

    path: str
    uri: str
    record: str


def location(finding: Finding) -> Location:
    """Where a finding stands. Paths outside the working folder stay absolute; Zotero libraries are URIs already."""
    source, record = finding.source, finding.record
    words = passages(finding) or ("" if record is None else (record.key or f"record {record.index + 1}"))
    if source.startswith("zotero:"):
        return Location(source, source, words)
    path = Path(source)
    if path.is_absolute():
        try:
            path = path.relative_to(Path.cwd())
        except ValueError:
            return Location(path.as_posix(), path.as_uri(), words)
    return Location(path.as_posix(), quote(path.as_posix()), words)


def passages(finding: Finding, *, place: bool = True) -> str:
    """What stands at a finding's place in a manuscript, how many more places it has, its work; `""` elsewhere."""
    if not finding.passages:
        return ""
    first, more = finding.passages[0], len(finding.passages) - 1
    work = finding.work
    words = [
        first.place if place else "",
        first.quoted,
        f"and {more} more" if more else "",
        f"({work})" if work else "",
    ]
    return " ".join(filter(None, words))


class SourceSummary(NamedTuple):
    """What became of one source; `manuscript`: its counts, if it is one."""

    source: str
    records: int
    format: str | None
    error: str | None = None
    manuscript: Mapping[str, Any] | None = None


class Summary:
    """Counts over a run: sources, records, findings by severity and rule, how many can be repaired and were.

    `unanswered`: questions to registries that stayed open (None: nothing was looked up).
    """

    def __init__(self) -> None:
        self.sources: list[SourceSummary] = []
        self.records = 0
        self.findings = 0
        self.by_severity = {"error": 0, "warning": 0, "info": 0}
        self.by_rule: Counter[str] = Counter()
        self.fixable = {"safe": 0, "unsafe": 0, "lookup": 0}
        self.repaired = 0
        self.changed_sources = 0
        self.unanswered: int | None = None

    def add(self, finding: Finding) -> None:
        """Counts a finding."""
        self.findings += 1
        self.by_severity[finding.severity] += 1
        self.by_rule[finding.rule] += 1
        if finding.fix is not None:
            self.fixable[finding.fix.safety] += 1

    def take_in(self, other: Summary) -> None:
        """Counts the findings that another summary has counted."""
        self.findings += other.findings
        self.by_rule += other.by_rule
        for mine, more in ((self.by_severity, other.by_severity), (self.fixable, other.fixable)):
            for name, count in more.items():
                mine[name] += count

    def close(self, source: SourceSummary) -> None:
        """Counts a source whose findings are all in."""
        self.sources.append(source)
        self.records += source.records

    @property
    def failed(self) -> bool:
        """Whether a source could not be done."""
        return any(source.error for source in self.sources)


class Reporter(Protocol):
    """One output format. Findings come as they are found; each source closes its own; `end` comes once."""

    def finding(self, finding: Finding) -> None:
        """A finding."""

    def end(self, summary: Summary) -> None:
        """The run is over."""


class Linewise(ABC):
    """A reporter that makes a text of each finding by itself, wherever that is done, and puts the texts in a row.

    A copy of it in another process makes texts only: it has nothing to write to.
    """

    def __init__(self, write: Write) -> None:
        self._write = write

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in vars(self).items() if name != "_write"}

    @property
    def form(self) -> str:
        """What the texts depend on besides the findings."""
        return type(self).__name__

    def finding(self, finding: Finding) -> None:
        """The finding's text, put next."""
        self.put(self.text(finding))

    @abstractmethod
    def text(self, finding: Finding) -> str:
        """A finding as it will stand."""

    def put(self, text: str) -> None:
        """Writes the next finding's text."""
        self._write(text)

    def shifted(self, text: str, shift: int) -> str:
        """The text of a finding in a RIS record, if as many more records stand before it."""
        return text

    @abstractmethod
    def end(self, summary: Summary) -> None:
        """The run is over."""
