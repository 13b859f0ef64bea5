"""The review page in a browser, logged in, on a backend whose Zotero is the test server."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser import browser, page_in
from tests.inputs import FIXTURES
from tests.server.backend import Backend, served
from tests.servers.zotero.serve import listening
from tests.servers.zotero.state import Server

LIBRARY = "zotero:groups/70"
_OF_THE_SERVER = {"key", "version", "dateAdded", "dateModified", "collections", "relations"}
expect.set_options(timeout=30_000)


class Desk(NamedTuple):
    """A browser, a backend, and the Zotero behind it."""

    browser: Browser
    backend: Backend
    zotero: Server

    @property
    def address(self) -> str:
        """The page's address with a new one-time code."""
        with self.backend.client() as client:
            return f"{self.backend.url}/#code={client.post('/v1/codes').json()['code']}"

    @contextmanager
    def page(self, **context: Any) -> Iterator[Page]:
        """The page, logged in, in a fresh profile."""
        with page_in(self.browser, **{"viewport": {"width": 1280, "height": 800}, **context}) as opened:
            opened.goto(self.address)
            expect(opened.locator("#start")).to_be_visible()
            yield opened


@contextmanager
def desk(folder: Path) -> Iterator[Desk]:
    """A backend with a Zotero group of a few items that hold defects; everything it keeps stands in the folder."""
    zotero = Server(None, limits=False)
    with pytest.MonkeyPatch.context() as patch, listening(zotero) as url:
        patch.setenv("REFLINT_ZOTERO_ENDPOINT", url)
        patch.setenv("ZOTERO_API_KEY", zotero.keys["full"])
        patch.setenv("REFLINT_STATE_DIR", str(folder / "state"))
        patch.setenv("REFLINT_CACHE_DIR", str(folder / "cache"))
        with served(folder) as backend, browser() as started:
            yield Desk(started, backend, zotero)


def items() -> list[dict[str, Any]]:
    """New items with the defects of a fixture."""
    whole = json.loads((FIXTURES / "library.zotero.json").read_bytes())
    data = [{name: value for name, value in one["data"].items() if name not in _OF_THE_SERVER} for one in whole]
    return [one for one in data if one["itemType"] not in ("attachment", "note")]


def open_file(page: Page, path: Path | str, data: bytes | None = None) -> None:
    """Opens a file, or bytes under a name, and waits for its findings."""
    file: Any = str(path) if data is None else {"name": str(path), "mimeType": "", "buffer": data}
    page.set_input_files("#file", file)
    expect(page.locator("#review")).to_be_visible()


def rows(page: Page, grid: str = "#findings") -> Locator:
    """The rows of a table that are elements now."""
    return page.locator(f"{grid} .space .row")


def downloaded(page: Page, button: str = "#repaired") -> tuple[bytes, str]:
    """The bytes and the name of what a button downloads."""
    with page.expect_download() as download:
        page.click(button)
    return Path(download.value.path()).read_bytes(), download.value.suggested_filename


def settled(page: Page) -> Locator:
    """The record that is shown, once it is that of the selected finding."""
    expect(page.locator("#detail .record")).to_have_attribute("aria-busy", "false")
    return page.locator("#detail .record")


def diff(page: Page) -> list[tuple[str, str]]:
    """The lines of the record that change, before and after."""
    changed = settled(page).locator(".diff tbody tr:not(.same)")
    return [tuple(row.locator("td").all_text_contents()) for row in changed.all()]  # type: ignore[misc]
