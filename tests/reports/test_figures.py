"""A manuscript in figures, as text and as a page."""

from __future__ import annotations

from typing import Any

from lxml import html

from reflint.reports.figures import as_html, as_text, charts, rows

FIGURES: dict[str, Any] = {
    "source": "<thesis>.docx", "citations": 4, "by_manager": {"zotero": 3, "typed": 1}, "by_part": {"body": 4},
    "works": 3, "entries": 0, "references": 3, "with_doi": 2, "doi_share": 2 / 3, "latest": 2019, "median_age": 9.0,
    "by_age": {"0–2": 1, "3–5": 0}, "authors": ["okafor"], "self_citations": 1, "self_share": 1 / 3,
    "largest_cluster": 1,
}  # fmt: skip
UNKNOWN = FIGURES | {"doi_share": None, "median_age": None, "self_share": None}


def test_figures_that_nobody_knows_are_left_out():
    assert dict(rows(FIGURES))["with a DOI"] == "2 of 3 (67 %)"
    assert dict(rows(FIGURES))["largest cluster"] == "1 work"
    assert [name for name, _ in rows(FIGURES)][4:] == ["with a DOI", "median age", "self-citations"]
    assert len(rows(UNKNOWN)) == 4
    assert [chart.title for chart in charts(UNKNOWN)] == ["Citations by reference manager", "Citations by place"]


def test_bars_are_as_long_as_their_numbers():
    (managers, *_) = charts(FIGURES)
    assert [(bar.name, bar.length) for bar in managers.bars] == [("zotero", 240.0), ("typed", 80.0)]
    text = "".join(as_text(FIGURES))
    assert "zotero                           3  " + "█" * 30 in text


def test_the_page_escapes_and_needs_nothing():
    page = html.document_fromstring(as_html(FIGURES))
    assert page.findtext(".//h1") == "<thesis>.docx"
    assert [one.get("aria-label") for one in page.iter("svg")] == [chart.title for chart in charts(FIGURES)]
    assert not list(page.iter("script", "link", "img"))
