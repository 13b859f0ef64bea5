"""The review of a plan: every change is shown, and nothing a value holds can act."""

from __future__ import annotations

from html.parser import HTMLParser

from reflint.reports.changes import Row, as_html, as_text

HOSTILE = '</del></td><script>alert(1)</script>\x1b[2J "&'
ROWS = [
    Row("ABCD2345", "Sand", "pages", "420-34", "420-434", ("PAG003",), "high", "planned"),
    Row("ABCD2345", "Sand", "extra", HOSTILE, "", ("PAG003",), "high", "planned"),
    Row("WXYZ2345", "", "DOI", "", "10.5555/x", ("DOI001",), "low", "conflict", "changed by somebody"),
]


class Page(HTMLParser):
    """Collects tags and text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_terminal_shows_each_item_once_with_its_fields() -> None:
    text = "".join(as_text(ROWS[:1] + ROWS[2:]))
    assert text == (
        "ABCD2345  Sand  (PAG003)\n  pages\n    - 420-34\n    + 420-434\n"
        "WXYZ2345  (DOI001; confidence low)\n  DOI  conflict: changed by somebody\n    - (empty)\n    + 10.5555/x\n"
    )


def test_a_value_cannot_move_the_cursor() -> None:
    assert "\x1b" not in "".join(as_text(ROWS))


def test_a_value_cannot_leave_its_cell() -> None:
    page = Page(as_html(ROWS, "Plan <b>"))
    assert {"script", "b"}.isdisjoint(page.tags)
    assert page.tags.count("del") == page.tags.count("ins") == 3
    assert "<script>alert(1)</script>" in page.text
    assert "2 items would change" in page.text
    assert "confidence low" in page.text
