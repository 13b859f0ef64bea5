"""For CI servers that know tests: a JUnit report, a test suite a source, a failing case a finding."""

from __future__ import annotations

import re
from xml.sax.saxutils import escape, quoteattr

from reflint.model.finding import Finding
from reflint.reports.base import Summary, Write, location
from reflint.reports.text import grounds, headline, one_line, plain

_ILLEGAL = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class JUnit:
    """Held until the end, for a suite begins with its counts; one passing case stands for a source without findings.

    Findings of severity `info` are passing cases with their text as output: they fail no build.
    """

    def __init__(self, write: Write) -> None:
        self._write = write
        self._cases: dict[str, list[str]] = {}
        self._failures: dict[str, int] = {}

    def finding(self, finding: Finding) -> None:
        """One case."""
        place = location(finding)
        name = f"{finding.rule} {place.record}" if place.record else f"{finding.rule} {finding.slug}"
        opening = f"    <testcase classname={_attribute(place.path)} name={_attribute(name)}"
        text = escape(_legal("\n".join([headline(finding, plain), *grounds(finding)])))
        if finding.severity == "info":
            case = f"{opening}><system-out>{text}</system-out></testcase>\n"
        else:
            self._failures[finding.source] = self._failures.get(finding.source, 0) + 1
            failure = f"<failure type={_attribute(finding.severity)} message={_attribute(one_line(finding.message))}>"
            case = f"{opening}>{failure}{text}</failure></testcase>\n"
        self._cases.setdefault(finding.source, []).append(case)

    def end(self, summary: Summary) -> None:
        """The document."""
        errors = {source.source: source.error for source in summary.sources if source.error}
        names = dict.fromkeys([*(source.source for source in summary.sources), *self._cases])
        self._write('<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="reflint">\n')
        for name in names:
            cases = self._cases.get(name) or ([] if name in errors else [f"    {_case(name)}/>\n"])
            if name in errors:
                cases.append(f"    {_case(name)}><error message={_attribute(errors[name] or '')}/></testcase>\n")
            self._write(
                f'  <testsuite name={_attribute(name)} tests="{len(cases)}" '
                f'failures="{self._failures.get(name, 0)}" errors="{int(name in errors)}" skipped="0" time="0">\n'
            )
            self._write("".join(cases))
            self._write("  </testsuite>\n")
        self._write("</testsuites>\n")


def _case(source: str) -> str:
    return f'<testcase classname={_attribute(source)} name="references"'


def _attribute(text: str) -> str:
    return quoteattr(_legal(text))


def _legal(text: str) -> str:
    """Text without the characters that XML cannot hold."""
    return _ILLEGAL.sub("\ufffd", text)
