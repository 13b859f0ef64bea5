"""Takes the pictures of docs/zotero-plugin.md and docs/word-addin.md, from the pages that the tests drive.

python -m tests.plugins.pictures
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from playwright.sync_api import expect

from tests.plugins.test_zotero_review_window import finding, window
from tests.server.test_word_pane import REFUSED, checked, group, pane, word
from tests.word.builder import cite, docx, field, item, p, zotero

FOLDER = Path(__file__).parents[2] / "docs/pictures"
ENTRIES = [
    {
        "libraryID": 1,
        "key": "AAAA2345",
        "title": "Salt marshes in winter.",
        "findings": [
            finding(1, "safe", "The DOI carries an address or label: https://doi.org/10.5555/a"),
            finding(2, "unsafe", "The title ends in a full stop", "title"),
            finding(3, None, "No abstract", "abstractNote"),
        ],
    },
    {
        "libraryID": 1,
        "key": "BBBB2345",
        "title": "Tides of the northern shore",
        "findings": [finding(4, "safe", "The end page is shortened: 420-34", "pages")],
    },
]
PATCHES = [
    {
        "libraryID": 1,
        "key": "AAAA2345",
        "title": "Salt marshes in winter.",
        "version": 3,
        "changes": [
            {"field": "DOI", "before": "https://doi.org/10.5555/a", "after": "10.5555/a"},
            {"field": "title", "before": "Salt marshes in winter.", "after": "Salt marshes in winter"},
        ],
    },
    {
        "libraryID": 1,
        "key": "BBBB2345",
        "title": "Tides of the northern shore",
        "version": 3,
        "changes": [{"field": "pages", "before": "420-34", "after": "420-434"}],
    },
]
MANUSCRIPT = docx(
    p("Marshes grow ", field(zotero(cite(item())), "(Okafor 2019)"), " in winter.")
    + p("Tides say ", field("ADDIN ZOTERO_ITEM CSL_CITATION {", "(Osei 2001)"), " otherwise {Citation}.")
)


def main() -> None:
    """Writes all pictures."""
    FOLDER.mkdir(exist_ok=True)
    with window(ENTRIES, PATCHES) as page:
        page.screenshot(path=FOLDER / "zotero-findings.png", clip={"x": 0, "y": 0, "width": 900, "height": 330})
        page.check("#box-1-AAAA2345-1")
        page.click("#next")
        page.wait_for_selector("table")
        page.locator(".skipped").evaluate("one => one.remove()")
        page.screenshot(path=FOLDER / "zotero-preview.png", clip={"x": 0, "y": 0, "width": 900, "height": 330})
    with (
        tempfile.TemporaryDirectory() as folder,
        word(Path(folder)) as served,
        pane(served, MANUSCRIPT, expected=REFUSED) as page,
    ):
        checked(page, served)
        group(page, "(Osei 2001)").locator("input").first.check()
        expect(page.locator("#comment")).to_be_visible()
        page.screenshot(path=FOLDER / "word-pane.png")


if __name__ == "__main__":
    main()
