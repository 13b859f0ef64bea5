"""For GitLab: a code quality report, an array of issues."""

from __future__ import annotations

import json
from typing import Any

from reflint.model.finding import Finding
from reflint.reports.base import Summary, Write, location
from reflint.reports.text import grounds, one_line

_SEVERITIES = {"error": "major", "warning": "minor", "info": "info"}


class GitLab:
    """Written as the findings come. Fingerprints are unique in a report: equal ones are numbered."""

    def __init__(self, write: Write) -> None:
        self._write = write
        self._seen: dict[str, int] = {}
        self._separator = "\n"
        write("[")

    def finding(self, finding: Finding) -> None:
        """One issue."""
        place, span = location(finding), finding.span
        count = self._seen[finding.fingerprint] = self._seen.get(finding.fingerprint, 0) + 1
        message = f"{place.record}: {finding.message}" if span is None and place.record else finding.message
        issue: dict[str, Any] = {
            "description": " | ".join([one_line(message), *grounds(finding)]),
            "check_name": finding.rule,
            "fingerprint": finding.fingerprint + (f"-{count}" if count > 1 else ""),
            "severity": _SEVERITIES[finding.severity],
            "location": {"path": place.path, "lines": {"begin": span.start_line if span else 1}},
        }
        self._write(self._separator + json.dumps(issue))
        self._separator = ",\n"

    def end(self, summary: Summary) -> None:
        """Closes the array."""
        self._write("\n]\n" if self._seen else "]\n")
