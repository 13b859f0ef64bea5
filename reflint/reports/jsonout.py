"""For programs: `json` (one document, as in docs/schemas/findings.schema.json) and `jsonl` (a finding a line)."""

from __future__ import annotations

import json
import re
from typing import Any

from reflint import __version__
from reflint.model.edit import Edit
from reflint.model.evidence import Evidence
from reflint.model.finding import Finding
from reflint.reports.base import Linewise, Summary, Write

# What is made here holds nothing that holds itself, and looking for that takes a fifth of the time.
_encode = json.JSONEncoder(ensure_ascii=False, separators=(", ", ": "), check_circular=False).encode


_INDEX = re.compile(r'(?<=[^\\])("record": \{"index": )(\d+)')
"""Stands in no string: there, quotation marks have a backslash before them."""


class JsonLines(Linewise):
    """One finding a line, then one line `{"summary": ...}`."""

    def text(self, finding: Finding) -> str:
        """The finding as JSON."""
        return _clean(_encode(finding_json(finding)))

    def shifted(self, text: str, shift: int) -> str:
        """The same finding, its record counted further on."""
        return _INDEX.sub(lambda match: f"{match[1]}{int(match[2]) + shift}", text, count=1)

    def put(self, text: str) -> None:
        """The next line."""
        self._write(text + "\n")

    def end(self, summary: Summary) -> None:
        """The summary and the sources, on one line."""
        self._write(_encode({"summary": summary_json(summary), "sources": sources_json(summary)}) + "\n")


class Json(JsonLines):
    """The document of the contract, written as the findings come, so that memory stays flat."""

    def __init__(self, write: Write) -> None:
        super().__init__(write)
        self._separator = "\n  "
        tool = {"name": "reflint", "version": __version__}
        write(f'{{"version": 1, "tool": {_encode(tool)},\n "findings": [')

    def put(self, text: str) -> None:
        """The next element of `findings`."""
        self._write(self._separator + text)
        self._separator = ",\n  "

    def end(self, summary: Summary) -> None:
        """`summary` and `sources` close the document."""
        self._write(
            f'],\n "summary": {_encode(summary_json(summary))},\n "sources": {_encode(sources_json(summary))}}}\n'
        )


def _clean(text: str) -> str:
    """JSON text that can be written as UTF-8: lone surrogates become escapes."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return json.dumps(json.loads(text), ensure_ascii=True)
    return text


def finding_json(finding: Finding) -> dict[str, Any]:
    """A finding in the shape of the contract (design, 4.2)."""
    span, record, fix = finding.span, finding.record, finding.fix
    found: dict[str, Any] = {
        "rule": finding.rule,
        "slug": finding.slug,
        "severity": finding.severity,
        "confidence": finding.confidence,
        "message": finding.message,
        "source": finding.source,
        "record": {
            "index": record.index if record else None,
            "key": record.key if record else None,
            "type": record.type if record else None,
            "title": (record.format.title(record) or None) if record else None,
        },
        "field": finding.field,
        "variable": finding.variable,
        "range": None
        if span is None
        else {
            "start": {"line": span.start_line, "column": span.start_column},
            "end": {"line": span.end_line, "column": span.end_column},
        },
        "citation": _citation(finding),
        "fix": None
        if fix is None
        else {"title": fix.title, "safety": fix.safety, "edits": [edit_json(e) for e in fix.edits]},
        "fingerprint": finding.fingerprint,
    }
    if finding.passages:
        found["passages"] = [passage._asdict() for passage in finding.passages]
    if finding.advice:
        found["advice"] = finding.advice
    if finding.evidence:
        found["evidence"] = evidence = [evidence_json(one) for one in finding.evidence]
        if fix is not None:
            found["fix"]["evidence"] = evidence
    return found


def _citation(finding: Finding) -> dict[str, Any] | None:
    """The first citation that a finding is about; None where it is about none."""
    first = next((passage for passage in finding.passages if passage.citation is not None), None)
    if first is None:
        return None
    return {"index": first.citation, "text": first.text, "part": first.part, "manager": first.manager}


def evidence_json(evidence: Evidence) -> dict[str, Any]:
    """What a source said of a record: `score` is null where nothing was compared."""
    return {**evidence._asdict(), "values": dict(evidence.values)}


def edit_json(edit: Edit) -> dict[str, Any]:
    """An edit: op, field, before and after; `to` for a move, `part` for syntax."""
    found: dict[str, Any] = {"op": edit.op, "field": edit.field, "before": edit.before, "after": edit.after}
    if edit.to is not None:
        found["to"] = edit.to
    if edit.part != "value":
        found["part"] = edit.part
    return found


def summary_json(summary: Summary) -> dict[str, Any]:
    """The counts of a run."""
    return {
        "sources": len(summary.sources),
        "records": summary.records,
        "findings": summary.findings,
        "by_severity": summary.by_severity,
        "by_rule": dict(sorted(summary.by_rule.items())),
        "fixable": summary.fixable,
    } | ({} if summary.unanswered is None else {"unanswered": summary.unanswered})


def sources_json(summary: Summary) -> list[dict[str, Any]]:
    """Each source with its format, or why it could not be read."""
    return [
        {"source": s.source, "records": s.records, "format": s.format, "error": s.error}
        | ({} if s.manuscript is None else {"manuscript": dict(s.manuscript)})
        for s in summary.sources
    ]
