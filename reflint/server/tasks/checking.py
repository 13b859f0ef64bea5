"""Findings: of records that came with a request, and of documents."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, BinaryIO

from reflint import __version__
from reflint.app import checking
from reflint.app.checking import Event
from reflint.app.reports import SourceReport
from reflint.app.rules import build_engine
from reflint.app.settings import Settings
from reflint.app.sources import STDIN, Source
from reflint.engine.run import Engine
from reflint.errors import SourceError
from reflint.formats import zotero
from reflint.model.finding import Finding
from reflint.reports.base import SourceSummary, Summary
from reflint.reports.jsonout import edit_json, finding_json, sources_json, summary_json
from reflint.server.work import RESULT, Work

ENDINGS = {"ris": ".ris", "zotero": ".zotero.json", "csl": ".csl.json"}
_AT_ITEM = re.compile(r"^is not [^:]+: line (\d+), column \d+: ")


def warm(work: Work) -> None:
    """Loads the rules and compiles nothing more: the next task finds them."""
    engine_of(work.settings)


def engine_of(settings: Settings, *, repairing: bool = False) -> Engine:
    """The engine for settings; the last few are kept with what they remember of values."""
    values = {name: setting.value for name, setting in settings.items()}
    return _engine(json.dumps(values, sort_keys=True), repairing)


@lru_cache(maxsize=8)
def _engine(values: str, repairing: bool) -> Engine:
    return build_engine(Settings().over(json.loads(values), "settings"), repairing=repairing)


def lint(work: Work) -> None:
    """Checks the records of a request; the result is the JSON model with patches."""
    body = work.body()
    data, name = source_of(body)
    Checked(work, name, given_as_json="records" in body).write(data)


def source_of(body: dict[str, Any]) -> tuple[bytes, str]:
    """The records of a request as the bytes of a source, and its name."""
    name = f"request{ENDINGS[body['format']]}"
    if body["format"] == "ris":
        return body["text"].encode("utf-8", "replace"), name
    return items_json(body["records"]), name


def items_json(items: list[Any]) -> bytes:
    """Items of a request as a source: one a line from the second line on, so that a line says which it is."""
    return b"[\n" + b",\n".join(json.dumps(item).encode() for item in items) + b"\n]"


def as_sent(error: str, name: str, at: str = "records/{}") -> str:
    """An error about a source that we made and named `name`, as whoever sent the request knows it.

    `at`: where the items stand in the request, by their position.
    """
    told = _AT_ITEM.sub(lambda line: f"{at.format(int(line[1]) - 2)}: ", error.removeprefix(f"{name}: "))
    return f"the request {told}" if told.startswith("is ") else told


def document(work: Work) -> dict[str, Any]:
    """Checks a document; the result is the JSON model with the document's format, which is said besides."""
    name = work.arguments["name"]
    checked = Checked(work, name)
    checked.write(work.document())
    return {"format": checked.format}


class Checked:
    """Findings on their way into the result; `given_as_json`: records of a request, which have patches and no lines."""

    def __init__(self, work: Work, name: str, *, given_as_json: bool | None = None) -> None:
        self._work = work
        self._name = name
        self._of_request = given_as_json is not None
        self._without_text = bool(given_as_json)
        self._patches: list[bytes] = []
        self._summary = Summary()
        self.format: str | None = None

    def write(self, data: bytes) -> None:
        """Checks the bytes of a source. Raises SourceError, without the name that only we gave it."""
        engine = engine_of(self._work.settings)
        done = 0

        def progress(more: int) -> None:
            nonlocal done
            done += more
            self._work.progress(min(done, len(data)), len(data), "checking")

        self._work.progress(0, len(data), "reading")
        self.write_events(checking.check([STDIN], engine, stdin=data, stdin_name=self._name, progress=progress))

    def write_events(self, events: Iterable[Event]) -> None:
        """Writes what a check finds."""
        tool = {"name": "reflint", "version": __version__}
        with (self._work.folder / RESULT).open("wb") as file:
            file.write(f'{{"version": 1, "tool": {json.dumps(tool)}, "findings": ['.encode())
            for event in events:
                if isinstance(event, Finding):
                    self._add(file, event)
                elif isinstance(event, SourceReport):
                    self._close(event)
            file.write(b"]")
            if self._of_request:
                file.write(b', "patches": [' + b", ".join(self._patches) + b"]")
            else:
                file.write(f', "format": {json.dumps(self.format)}'.encode())
            ends = {"summary": summary_json(self._summary), "sources": sources_json(self._summary)}
            file.write(f", {json.dumps(ends)[1:]}".encode())

    def _add(self, file: BinaryIO, finding: Finding) -> None:
        number = self._summary.findings
        self._demand_few(0 if finding.record is None else finding.record.index + 1)
        self._summary.add(finding)
        if self._of_request:
            finding.source = STDIN
        found = finding_json(finding)
        if self._without_text:
            found["range"] = None
        file.write((b",\n" if number else b"\n") + json.dumps(found).encode())
        if not self._of_request:
            self._work.event("diagnostic", found)
        elif finding.fix is not None:
            self._patches.append(json.dumps(patch_of(finding, number)).encode())

    def _close(self, report: SourceReport) -> None:
        if report.error:
            raise SourceError(as_sent(report.error, self._name) if self._of_request else report.error)
        self._demand_few(report.records)
        self.format = report.format
        name = STDIN if self._of_request else report.source
        self._summary.close(SourceSummary(name, report.records, report.format, None, report.manuscript))

    def _demand_few(self, records: int) -> None:
        """Raises SourceError when there are more records than a backend takes (a library may have any number)."""
        most = self._work.arguments.get("records")
        if most is not None and records > most:
            raise SourceError(f"{self._name}: more than {most:,} records; `reflint check` takes any number")


def patch_of(finding: Finding, number: int) -> dict[str, Any]:
    """What a finding's fix would change, as a client is told."""
    fix, record = finding.fix, finding.record
    assert fix is not None
    ops = [edit_json(edit) for edit in fix.edits]
    for op in ops:
        op["op"] = "add" if op["op"] == "insert" else op["op"]
    version = zotero.version_of(record) if record is not None and record.format is zotero.ZOTERO else None
    return {
        "finding": number,
        "fingerprint": finding.fingerprint,
        "record": None if record is None else record.key or record.index,
        "version": version,
        "safety": fix.safety,
        "ops": ops,
    }


def annotated(work: Work) -> None:
    """A copy of a .docx with its findings as comments."""
    from reflint.app import manuscripts

    source = Source(work.arguments["name"], None, work.document())
    events = checking.check([STDIN], engine_of(work.settings), stdin=source.data, stdin_name=source.name)
    findings = [event for event in events if isinstance(event, Finding)]
    manuscripts.annotate(source, findings, work.folder / f"{RESULT}{manuscripts.source_suffix(source)}")
