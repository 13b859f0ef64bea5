"""SARIF 2.1.0, for code scanning: results with rules, regions, fingerprints and repairs' titles."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from reflint import __version__
from reflint.model.evidence import Evidence
from reflint.model.finding import Finding
from reflint.model.record import Span
from reflint.reports.base import Summary, Write, location
from reflint.reports.jsonout import evidence_json
from reflint.reports.text import grounds, one_line

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {"error": "error", "warning": "warning", "info": "note"}


class Sarif:
    """Written as the findings come, one run. `rules`: every rule that may report, as `reflint rules -f json` has it."""

    def __init__(self, write: Write, rules: Iterable[Mapping[str, Any]]) -> None:
        self._write = write
        described = [_rule(rule) for rule in rules]
        self._index = {rule["id"]: number for number, rule in enumerate(described)}
        driver = {"name": "reflint", "version": __version__, "rules": described}
        self._separator = "\n"
        write(
            f'{{"$schema": {json.dumps(SCHEMA)}, "version": "2.1.0", "runs": [{{'
            f'"tool": {json.dumps({"driver": driver})}, '
            '"columnKind": "unicodeCodePoints", "results": ['
        )

    def finding(self, finding: Finding) -> None:
        """One result."""
        self._write(self._separator + json.dumps(self._result(finding)))
        self._separator = ",\n"

    def _result(self, finding: Finding) -> dict[str, Any]:
        place, span = location(finding), finding.span
        physical: dict[str, Any] = {"artifactLocation": {"uri": place.uri}}
        if span is not None:
            physical["region"] = _region(span)
        where: dict[str, Any] = {"physicalLocation": physical}
        if place.record:
            where["logicalLocations"] = [{"name": _legal(place.record), "kind": "record"}]
        result: dict[str, Any] = {
            "ruleId": finding.rule,
            "level": _LEVELS[finding.severity],
            "message": {"text": _legal("\n".join([one_line(finding.message), *grounds(finding)]))},
            "locations": [where],
            "partialFingerprints": {"reflint/v1": finding.fingerprint},
            "properties": {"confidence": finding.confidence, "field": finding.field},
        }
        if finding.rule in self._index:
            result["ruleIndex"] = self._index[finding.rule]
        if finding.fix is not None:
            result["properties"]["fix"] = {"title": _legal(finding.fix.title), "safety": finding.fix.safety}
        if finding.evidence:
            result["properties"]["evidence"] = [_evidence(one) for one in finding.evidence]
        return result

    def end(self, summary: Summary) -> None:
        """What kept a source from being done, and the end of the document."""
        notes = [
            {"level": "error", "message": {"text": _legal(source.error)}} for source in summary.sources if source.error
        ]
        invocation = {"executionSuccessful": not notes, "toolExecutionNotifications": notes}
        self._write(f'\n], "invocations": [{json.dumps(invocation)}]}}]}}\n')


def _rule(rule: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": rule["id"],
        "name": "".join(part.capitalize() for part in rule["slug"].split("-")),
        "shortDescription": {"text": rule["summary"]},
        "help": {"text": f"{rule['summary']} `reflint explain {rule['id']}` tells more."},
        "defaultConfiguration": {"level": _LEVELS[rule["severity"]]},
        "properties": {"tags": [rule["group"]]},
    }


def _evidence(evidence: Evidence) -> Any:
    """What a source said, as in the JSON output."""
    return json.loads(_legal(json.dumps(evidence_json(evidence), ensure_ascii=False)))


def _region(span: Span) -> dict[str, int]:
    return {
        "startLine": span.start_line,
        "startColumn": span.start_column,
        "endLine": span.end_line,
        "endColumn": span.end_column,
    }


def _legal(text: str) -> str:
    """Text that can be written as UTF-8."""
    return text.encode("utf-8", "replace").decode()
