"""The plugin's review window in a browser: chosen, looked at, applied, taken back; by keyboard, with hostile titles."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route

from plugins import build
from tests.browser import page as browser_page
from tests.plugins.test_zotero_package import messages

ADDRESS = "http://reflint.test/content/"
HOSTILE = "<img src=x onerror=\"document.title='owned'\">"
TYPES = {".xhtml": "application/xhtml+xml", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}


def finding(number: int, safety: str | None, message: str, field: str = "DOI") -> dict[str, Any]:
    edits = [{"op": "set", "field": field, "before": "x", "after": "y"}]
    return {
        "rule": f"DOI{number:03}",
        "slug": "some-rule",
        "severity": ("error", "warning", "info")[number % 3],
        "message": message,
        "field": field,
        "record": {"index": 0},
        "fix": None if safety is None else {"title": f"Set {field}", "safety": safety, "edits": edits},
        "fingerprint": f"{number:016x}",
    }


ENTRIES = [
    {
        "libraryID": 1,
        "key": "AAAA2345",
        "title": f"Soil carbon {HOSTILE}",
        "findings": [
            finding(1, "safe", "DOI is written as an address"),
            finding(2, "unsafe", "the title ends in a full stop", "title"),
            finding(3, None, f"abstract has markup {HOSTILE}", "abstractNote"),
            finding(4, "lookup", "there may be a DOI"),
            finding(5, "safe", "the item type is another", "itemType"),
        ],
    },
    {
        "libraryID": 1,
        "key": "BBBB2345",
        "title": "Sand",
        "findings": [finding(6, "safe", "pages run backwards", "pages")],
    },
]
PATCHES = [
    {
        "libraryID": 1,
        "key": "AAAA2345",
        "title": f"Soil carbon {HOSTILE}",
        "version": 3,
        "changes": [
            {"field": "DOI", "before": "https://doi.org/10.5555/a", "after": "10.5555/a"},
            {"field": "abstractNote", "before": f"Old {HOSTILE}", "after": f"New {HOSTILE}"},
            {
                "field": "creators",
                "before": [{"creatorType": "author", "name": "Diaz"}, {"creatorType": "author", "name": "Diaz"}],
                "after": [{"creatorType": "author", "name": "Diaz"}],
            },
        ],
    },
    {
        "libraryID": 1,
        "key": "BBBB2345",
        "title": "Sand",
        "version": 3,
        "changes": [{"field": "pages", "before": "420-34", "after": "420-434"}],
    },
]


@contextmanager
def window(
    entries: list[dict[str, Any]] = ENTRIES,
    patches: list[dict[str, Any]] = PATCHES,
    locale: str = "en-US",
    **context: object,
) -> Iterator[Page]:
    """The window on some findings, served from the plugin's folder; `patches`: what their repair changes."""
    sources = {path.name: path.read_text("utf-8") for path in (build.ZOTERO / "modules").glob("*.js")}
    texts = {name: re.sub(r"^\s+\.\w+ = ", "", text) for name, text in messages(locale).items()}
    given = {"texts": texts, "entries": entries, "patches": patches, "sources": sources}

    def serve(route: Route) -> None:
        path = build.ZOTERO / "content" / route.request.url.removeprefix(ADDRESS)
        if path.suffix in TYPES:
            route.fulfill(path=path, content_type=TYPES[path.suffix])
        else:
            route.fulfill(status=404)

    with browser_page(viewport={"width": 900, "height": 640}, **context) as page:
        page.set_default_timeout(10_000)
        page.route("**/*", serve)
        page.add_init_script(f"window.given = {json.dumps(given)}")
        page.add_init_script(path=Path(__file__).parent / "zotero_window.js")
        page.goto(f"{ADDRESS}review.xhtml")
        yield page


def calls(page: Page) -> Any:
    return page.evaluate("window.calls")


def test_safe_repairs_are_chosen_and_nothing_is_written_without_a_preview() -> None:
    with window() as page:
        assert page.inner_text("h1") == "6 findings about 2 of 12 items"
        assert page.inner_text("#status") == "2 repairs are chosen."
        assert page.inner_text("label[for=box-1-BBBB2345-0]").startswith("Error: pages run backwards")
        assert page.locator("input[type=checkbox]").count() == 3  # not for look-ups, other types, or without repair
        page.locator("#box-1-BBBB2345-0").uncheck()
        page.locator("#box-1-AAAA2345-1").check()
        page.click("#next")
        page.wait_for_selector("table")
        assert calls(page) == [["propose", [["AAAA2345", [f"{1:016x}", f"{2:016x}"]]]]]
        assert page.inner_text("#status") == "Nothing is written before you apply it."
        assert page.inner_text("h1") == "3 changes of 1 items"
        assert "It is not in the library any more." in page.inner_text(".skipped")
        cells = page.locator("td")
        assert cells.nth(0).locator("del").all_inner_texts() == ["https://doi.org/"]
        assert cells.nth(0).locator("ins").count() == 0
        assert cells.nth(1).locator("ins").all_inner_texts() == ["New"]
        page.click("#next")
        page.wait_for_selector("#undo:visible")
        assert page.inner_text("h1") == "One item was repaired"
        page.click("#undo")
        page.wait_for_function("document.querySelector('h1').textContent.includes('as it was')")
        assert page.locator("#undo").is_hidden()
        assert [name for name, *_ in calls(page)] == ["propose", "apply", "undo"]


def test_going_back_keeps_the_choice() -> None:
    with window() as page:
        page.locator("#box-1-BBBB2345-0").uncheck()
        page.click("#next")
        page.wait_for_selector("#back:visible")
        page.click("#back")
        assert page.locator("input:checked").count() == 1
        page.click("#none")
        assert page.locator("input:checked").count() == 0
        assert page.locator("#next").is_disabled()
        page.click("#safe")
        assert page.locator("input:checked").count() == 2
        assert page.locator("#next").is_enabled()


def test_what_fails_is_said_and_can_be_tried_again() -> None:
    with window() as page:
        page.click("#next")
        page.wait_for_selector("#back:visible")
        page.evaluate("window.failing = true")
        page.click("#next")
        page.wait_for_function("document.querySelector('#status').textContent.includes('disk full')")
        assert page.inner_text("#status").startswith("Nothing was changed, because")
        page.evaluate("window.failing = false")
        page.click("#next")
        page.wait_for_selector("#undo:visible")


def test_all_of_it_by_keyboard() -> None:
    with window() as page:
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.type") == "checkbox"
        page.keyboard.press("Space")
        assert page.inner_text("#status") == "One repair is chosen."
        for _ in range(6):
            page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.id") == "next"
        page.keyboard.press("Enter")
        page.wait_for_selector("table")
        assert page.evaluate("document.activeElement.id") == "heading"
        page.keyboard.press("Escape")
        assert calls(page)[-1] == ["close"]


def test_records_stay_text() -> None:
    with window() as page:
        page.click("#next")
        page.wait_for_selector("table")
        assert page.locator("img").count() == 0
        assert HOSTILE in page.inner_text("main")
        assert page.title() != "owned"


def test_thousands_of_items_come_in_portions() -> None:
    many = [{**ENTRIES[1], "key": f"K{number}", "title": f"Item {number}"} for number in range(5000)]
    with window(many) as page:
        assert page.locator("section").count() == 200
        page.get_by_role("button", name="Show More").click()
        assert page.locator("section").count() == 400
        assert page.inner_text("#status") == "5000 repairs are chosen."


@pytest.mark.parametrize("locale", ["de", "en-GB"])
def test_other_languages_fit(locale: str) -> None:
    with window(locale=locale, color_scheme="dark") as page:
        page.click("#next")
        page.wait_for_selector("table")
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
