"""The HTML report, read as text and clicked in a real browser."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

import pytest

from reflint.formats.ris import RIS
from reflint.model.edit import Edit, Fix
from reflint.model.evidence import Evidence
from reflint.model.finding import Finding
from reflint.model.record import Record, Span
from reflint.reports.base import SourceSummary, Summary
from reflint.reports.html import Html
from tests.browser import page

HOSTILE = [
    "</script><script>document.title='x'</script>",
    "\u202egnol\u2066",
    "\x1b[2J\x00",
    "<img src=x onerror=alert(1)>",
    "lone \ud800",
]


def report(texts: list[str], error: str | None = None) -> str:
    written: list[str] = []
    html = Html(written.append)
    summary = Summary()
    for number, text in enumerate(texts):
        record = Record(RIS, "article-journal", ("TY", "TI", "EP"), ("JOUR", text, "34"), number)
        edit = Edit("set", "EP", 2, "34", f"434 {text}")
        fix = [Fix(f"Repair {text}", "safe", (edit,)), Fix("", "lookup", ()), None][number % 3]
        severity = ("error", "warning", "info")[number % 3]
        code = f"ABC00{number % 2}"
        finding = Finding(code, "odd", severity, f"odd: {text}", record, 1, (0, 3), fix, source="a&b.ris")
        finding.place = Span(number + 1, 1, number + 1, 4)
        summary.add(finding)
        html.finding(finding)
    summary.close(SourceSummary("a&b.ris", len(texts) + 3, "ris"))
    if error:
        summary.close(SourceSummary("c.ris", 0, None, error))
    html.end(summary)
    text = "".join(written)
    text.encode()
    return text


class Read(HTMLParser):
    """Tags with their attributes, and the text outside scripts and styles."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        if self.tags and self.tags[-1][0] not in ("script", "style"):
            self.text += data


def test_everything_is_there_without_scripts() -> None:
    read = Read(report(["Sand", "Salt", "Silt"], error="c.ris: no such <file>"))
    rows = [attributes for tag, attributes in read.tags if tag == "tr" and "data-rule" in attributes]
    assert [row["data-severity"] for row in rows] == ["error", "warning", "info"]
    assert [row["data-safety"] for row in rows] == ["safe", "lookup", "none"]
    for text in ("3 findings in 6 records", "a&b.ris:2", "odd: Silt", "434 Sand", "Not done: c.ris: no such <file>"):
        assert text in read.text
    assert [tag for tag, _ in read.tags].count("svg") == 4


def test_the_page_asks_for_nothing_from_anywhere() -> None:
    read = Read(report(["Sand"]))
    assert {"src", "href", "srcset", "action", "style", "onclick"}.isdisjoint({n for _, a in read.tags for n in a})
    assert {"link", "img", "iframe", "object"}.isdisjoint({tag for tag, _ in read.tags})
    policy = next(a["content"] for t, a in read.tags if t == "meta" and a.get("http-equiv"))
    assert (policy or "").startswith("default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-")


def test_nothing_a_record_holds_breaks_out() -> None:
    text = report(HOSTILE)
    read = Read(text)
    assert [tag for tag, _ in read.tags].count("script") == 1
    assert "<img" not in text
    assert not any(character in text for character in "\u202e\u2066\x1b\x00")
    assert HOSTILE[0] in read.text


def test_what_registries_say_stands_below_its_finding() -> None:
    record = Record(RIS, "article-journal", ("TY", "DO"), ("JOUR", "10.1234/x"), 0)
    said = Evidence(
        "crossref", "found", "2026-05-04T03:02:01Z", "10.1234/x", 0.97, ("title",), ("page",), (), HOSTILE[0]
    )
    finding = Finding("VER004", "odd", "info", "odd", record, 1, source="a.ris", evidence=(said,))
    written: list[str] = []
    html, summary = Html(written.append), Summary()
    summary.add(finding)
    html.finding(finding)
    html.end(summary)
    read = Read("".join(written))
    assert "crossref: 10.1234/x; score 0.97; title agree; page differ" in read.text
    assert "(asked 2026-05-04T03:02:01Z)" in read.text
    assert [tag for tag, _ in read.tags].count("script") == 1


def test_a_clean_library_has_a_short_page() -> None:
    assert "Nothing to report." in Read(report([])).text


def test_ten_thousand_findings_and_a_title_of_a_megabyte() -> None:
    text = report(["Sand"] * 9_999 + ["x" * 1_000_000])
    assert text.count("<tr data-") == 10_000
    assert len(text) < 20_000_000


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_filters_and_sorts_in_a_browser(tmp_path: Path, scheme: str) -> None:
    path = tmp_path / "report.html"
    path.write_text(report(["Sand", "Salt", "Silt", *HOSTILE]), "utf-8", "replace")
    with page(color_scheme=scheme, offline=True) as opened:
        opened.goto(path.as_uri())
        rows = opened.locator("tbody tr:visible")
        assert (rows.count(), opened.title()) == (8, "reflint report")
        opened.get_by_role("combobox", name="Severity").select_option("error")
        assert rows.count() == 3
        assert opened.locator("#shown").inner_text() == "3 of 8 shown"
        opened.get_by_role("combobox", name="Severity").select_option("")
        opened.get_by_role("searchbox", name="Search").fill("silt")
        assert rows.count() == 1
        opened.get_by_role("searchbox", name="Search").fill("")
        opened.get_by_role("combobox", name="Repair").select_option("lookup")
        assert rows.count() == 3
        opened.get_by_role("combobox", name="Repair").select_option("")
        opened.get_by_role("button", name="Place").click()
        opened.get_by_role("button", name="Place").press("Enter")  # the other way round, from the keyboard
        assert opened.locator("th[aria-sort=descending]").inner_text().startswith("Place")
        assert "a&b.ris:8" in rows.first.inner_text()
        opened.get_by_role("button", name="Rule").click()
        assert rows.first.get_attribute("data-severity") == "error"
        opened.set_viewport_size({"width": 360, "height": 700})
        wide = opened.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0  # nothing stands out at the side of a small screen
