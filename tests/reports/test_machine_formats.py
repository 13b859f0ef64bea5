"""What CI servers read, read back by readers that are not ours: nothing a record holds breaks out of its place."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import jsonschema
import pytest

from reflint.formats.ris import RIS
from reflint.model.edit import Fix
from reflint.model.evidence import Evidence
from reflint.model.finding import Finding
from reflint.model.record import Record, Span
from reflint.reports.base import Reporter, SourceSummary, Summary, Write
from reflint.reports.github import GitHub
from reflint.reports.gitlab import GitLab
from reflint.reports.junit import JUnit
from reflint.reports.sarif import Sarif

RULES = [
    {"id": "ABC001", "slug": "odd-thing", "group": "ABC", "summary": "A thing is odd.", "severity": "warning"},
    {"id": "ABC002", "slug": "bad-thing", "group": "ABC", "summary": "A thing is bad.", "severity": "error"},
]
HOSTILE = [
    "plain",
    "two\nlines\r\n::error file=x::injected",
    "::error::at the start",
    "%0A::warning::encoded",
    "\x1b[31mred\x1b[0m \x07 \x00",
    "</script></failure><error/>]]>&amp;\"'",
    '", "ruleId": "X',
    "\u202eright to left\u2066",
    "lone \ud800 surrogate, \ufffe and \uffff",
    "a,b:c;d=e|f",
    "",
    "x" * 1_000_000,
]
SCHEMA = Path(sys.prefix) / "schemas" / "sarif-2.1.0.json"


def findings(texts: list[str], source: str = "refs/my library, 1.ris") -> list[Finding]:
    found = []
    for number, text in enumerate(texts):
        record = Record(RIS, "article-journal", ("TI",), (text,), number)
        fix = Fix(f"Repair {text[:50]}", "safe", ())
        severity = ("error", "warning", "info")[number % 3]
        place = Span(number + 1, 1, number + 1, 5) if number % 4 else None
        rule = RULES[number % 2]
        finding = Finding(rule["id"], rule["slug"], severity, f"odd: {text}", record, 0, fix=fix, source=source)
        finding.place = place
        found.append(finding)
    return found


def report(make: Callable[[Write], Reporter], found: list[Finding], error: str | None = None) -> str:
    written: list[str] = []
    reporter = make(written.append)
    summary = Summary()
    for finding in found:
        summary.add(finding)
        reporter.finding(finding)
    summary.close(SourceSummary(found[0].source if found else "clean.ris", len(found), "ris"))
    if error:
        summary.close(SourceSummary("broken.ris", 0, None, error))
    reporter.end(summary)
    text = "".join(written)
    text.encode()  # what a file or a pipe would get
    return text


def sarif(write: Write) -> Sarif:
    return Sarif(write, RULES)


def validate(document: Any) -> None:
    if not SCHEMA.exists():
        pytest.skip("the official schema is not here: `make venv` fetches it where npm is installed")
    jsonschema.Draft7Validator(json.loads(SCHEMA.read_text("utf-8"))).validate(document)


@pytest.mark.parametrize("error", [None, "broken.ris: \ud800 </x>\n"])
def test_sarif_is_what_its_schema_says(error: str | None) -> None:
    for found in ([], findings(HOSTILE)):
        document = json.loads(report(sarif, found, error))
        run = document["runs"][0]
        assert len(run["results"]) == len(found)
        assert run["invocations"][0]["executionSuccessful"] is (error is None)
        validate(document)


def test_sarif_names_rules_places_and_fingerprints() -> None:
    run = json.loads(report(sarif, findings(["a", "b", "c"])))["runs"][0]
    rules = run["tool"]["driver"]["rules"]
    for finding, result in zip(findings(["a", "b", "c"]), run["results"], strict=True):
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"] == finding.rule
        assert result["partialFingerprints"] == {"reflint/v1": finding.fingerprint}
        assert result["locations"][0]["physicalLocation"]["artifactLocation"] == {"uri": "refs/my%20library%2C%201.ris"}
    assert run["columnKind"] == "unicodeCodePoints"
    assert [result["level"] for result in run["results"]] == ["error", "warning", "note"]
    assert run["results"][1]["locations"][0]["physicalLocation"]["region"] == {
        "startLine": 2, "startColumn": 1, "endLine": 2, "endColumn": 5,
    }  # fmt: skip


COMMAND = re.compile(r"::(error|warning|notice) ((?:[a-zA-Z]+=[^,:\n]*,?)+)::([^\n]*)")
"""The grammar of a workflow command, as GitHub's runner reads a line of a log."""


def test_github_gets_one_annotation_a_finding() -> None:
    found = findings(HOSTILE)
    lines = report(GitHub, found).split("\n")
    assert len(lines) == len(found) + 2  # the closing line, and the end
    for line, finding in zip(lines, found, strict=False):
        command = COMMAND.fullmatch(line)
        assert command, line[:200]
        parameters = dict(part.split("=", 1) for part in command[2].split(","))
        assert parameters["title"] == f"{finding.rule} {finding.slug}"
        assert parameters["file"] == "refs/my library%2C 1.ris"
        assert ("line" in parameters) == (finding.span is not None)
    assert not lines[-2].startswith("::")
    assert not any(ord(character) < 32 for line in lines for character in line)


def test_gitlab_gets_a_list_of_issues_with_unique_fingerprints() -> None:
    found = findings(HOSTILE) + findings(HOSTILE)
    issues = json.loads(report(GitLab, found))
    assert len(issues) == len(found)
    assert len({issue["fingerprint"] for issue in issues}) == len(found)
    for issue in issues:
        assert set(issue) == {"description", "check_name", "fingerprint", "severity", "location"}
        assert issue["severity"] in ("info", "minor", "major", "critical", "blocker")
        assert issue["location"]["lines"]["begin"] >= 1
    assert json.loads(report(GitLab, [])) == []


def test_junit_counts_failures_and_errors() -> None:
    found = findings(HOSTILE)
    tree = ElementTree.fromstring(report(JUnit, found, "broken.ris: no </such> file"))
    suites = tree.findall("testsuite")
    assert [suite.get("name") for suite in suites] == ["refs/my library, 1.ris", "broken.ris"]
    assert (suites[0].get("tests"), suites[0].get("errors"), suites[1].get("errors")) == (str(len(found)), "0", "1")
    grave = sum(finding.severity != "info" for finding in found)
    assert int(suites[0].get("failures", "")) == len(suites[0].findall("testcase/failure")) == grave
    assert len(suites[0].findall("testcase/system-out")) == len(found) - grave
    assert "error" not in {element.tag for element in suites[0].iter()}
    clean = ElementTree.fromstring(report(JUnit, []))
    assert [suite.get("failures") for suite in clean] == ["0"]


def advised(texts: list[str]) -> list[Finding]:
    found = findings(texts)
    for finding, text in zip(found, texts, strict=True):
        agreed = Evidence("crossref", "found", "2026-05-04T03:02:01Z", "10.1234/x", 0.97, ("title", "year"), ("page",))
        finding.evidence = (agreed, Evidence("openalex", "absent", "2026-05-04T03:02:02Z", note=text))
    return found


def test_every_format_says_what_a_finding_rests_on() -> None:
    agreed = "crossref: 10.1234/x; score 0.97; title, year agree; page differ (asked 2026-05-04T03:02:01Z)"
    absent = "openalex: has no such thing; plain (asked 2026-05-04T03:02:02Z)"
    (result,) = json.loads(report(sarif, advised(["plain"])))["runs"][0]["results"]
    assert result["message"]["text"].split("\n") == ["odd: plain", agreed, absent]
    assert [one["state"] for one in result["properties"]["evidence"]] == ["found", "absent"]
    assert result["properties"]["evidence"][0]["agree"] == ["title", "year"]
    (line, *_) = report(GitHub, advised(["plain"])).split("\n")
    assert line.endswith(f"odd: plain%0A{agreed}%0A{absent}")
    (issue,) = json.loads(report(GitLab, advised(["plain"])))
    assert issue["description"] == f"record 1: odd: plain | {agreed} | {absent}"
    assert issue["fingerprint"] == json.loads(report(GitLab, findings(["plain"])))[0]["fingerprint"]
    case = ElementTree.fromstring(report(JUnit, advised(["plain"]))).find("testsuite/testcase/failure")
    assert case is not None
    assert (case.text or "").split("\n")[1:] == [agreed, absent]


def test_nothing_that_a_registry_says_breaks_out() -> None:
    found = advised(HOSTILE)
    document = json.loads(report(sarif, found))
    validate(document)
    document_text = json.dumps(document, ensure_ascii=False)
    document_text.encode()
    assert len(json.loads(report(GitLab, found))) == len(found)
    lines = report(GitHub, found).split("\n")
    assert len(lines) == len(found) + 2
    assert all(COMMAND.fullmatch(line) for line in lines[: len(found)])
    assert not any(ord(character) < 32 for line in lines for character in line)
    assert len(ElementTree.fromstring(report(JUnit, found)).findall("testsuite/testcase")) == len(found)


def test_ten_thousand_findings() -> None:
    found = findings([f"value {number}" for number in range(10_000)])
    assert len(json.loads(report(sarif, found))["runs"][0]["results"]) == 10_000
    assert len(json.loads(report(GitLab, found))) == 10_000
    assert len(ElementTree.fromstring(report(JUnit, found)).findall("testsuite/testcase")) == 10_000
    assert report(GitHub, found).count("\n::") == 9_999
