"""`python -m tests.server.review_pictures [FOLDER]`: writes the pictures of docs/review.md from the page as it runs."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.inputs import FIXTURES, ROOT
from tests.server.reviewing import LIBRARY, Desk, desk, items, open_file, rows, settled
from tests.word.builder import cite, docx, field, item, p, r, zotero

SIZE = {"width": 1040, "height": 640}
THREE = FIXTURES / "pure-variants" / "three-records.ris"


def manuscript() -> bytes:
    """A page of text with citations that have something wrong."""
    marsh = cite(item(title="Salt marsh accretion.", DOI="https://doi.org/10.5555/jcr.2019.0417"))
    reed = cite(item(title="REED BEDS AND THEIR USES", author=[{"family": "HAVERKAMP", "given": "A."}]), "BBBB2222")
    return docx(
        p(r("Restored stands store carbon "), field(zotero(marsh), "(Okafor 2019)"), r(" for years."))
        + p(r("Reed was cut everywhere "), field(zotero(reed), "(Haverkamp 2019)"), r("."))
    )


def review(page: Page) -> None:
    """A RIS file with some findings accepted."""
    open_file(page, THREE)
    for key in ("a", "j", "j", "a", "j", "r", "k"):
        page.keyboard.press(key)
    settled(page)
    expect(page.locator(".why .summary")).to_be_visible()


def document(page: Page) -> None:
    """A manuscript."""
    open_file(page, "thesis.docx", manuscript())
    settled(page)
    expect(page.locator(".why .summary")).to_be_visible()


def plan(page: Page) -> None:
    """A plan after its dry run."""
    page.fill("#library", LIBRARY)
    page.get_by_role("button", name="Build a plan").click()
    rows(page, "#items").filter(has_text="Salt marshes").click()
    page.get_by_role("button", name="Dry run").click()
    expect(page.locator("#plan-steps .second")).to_be_enabled()


def take(here: Desk, folder: Path) -> None:
    """Writes all pictures."""
    for name, scheme, act in (
        ("review", "light", review),
        ("review-dark", "dark", review),
        ("review-manuscript", "light", document),
        ("review-plan", "light", plan),
    ):
        with here.page(viewport=SIZE, color_scheme=scheme) as page:
            act(page)
            page.screenshot(path=folder / f"{name}.png")
            print(folder / f"{name}.png")


if __name__ == "__main__":
    pictures = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "pictures"
    pictures.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch, desk(Path(scratch)) as found:
        found.zotero.put("groups/70", items())
        take(found, pictures)
