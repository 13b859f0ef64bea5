"""For GitHub Actions: a workflow command a finding, shown beside the line in a pull request."""

from __future__ import annotations

from reflint.model.finding import Finding
from reflint.reports.base import Summary, Write, location
from reflint.reports.text import closing, grounds, one_line, plain

_LEVELS = {"error": "error", "warning": "warning", "info": "notice"}


class GitHub:
    """`::warning file=...,line=...,col=...,title=CODE::message`, errors of sources, and a closing line for the log."""

    def __init__(self, write: Write) -> None:
        self._write = write

    def finding(self, finding: Finding) -> None:
        """One workflow command; nothing in a message or a path can begin another."""
        place = location(finding)
        span = finding.span
        parameters = {"file": place.path}
        if span is not None:
            parameters |= {"line": str(span.start_line), "endLine": str(span.end_line), "col": str(span.start_column)}
            if span.end_line == span.start_line:
                parameters["endColumn"] = str(max(span.end_column - 1, span.start_column))
        parameters["title"] = f"{finding.rule} {finding.slug}"
        shown = ",".join(f"{name}={_property(value)}" for name, value in parameters.items())
        message = f"{place.record}: {finding.message}" if span is None and place.record else finding.message
        text = "\n".join([one_line(message), *grounds(finding)])
        self._write(f"::{_LEVELS[finding.severity]} {shown}::{_data(text)}\n")

    def end(self, summary: Summary) -> None:
        """The sources that could not be done, and the closing line."""
        for source in summary.sources:
            if source.error:
                self._write(f"::error file={_property(source.source)},title=not done::{_data(source.error)}\n")
        self._write(_data(closing(summary, plain)) + "\n")


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(one_line(text)).replace(":", "%3A").replace(",", "%2C")
