"""Debian's Chromium, headless, for pages of ours; a test that needs it skips where it is not installed."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Page, sync_playwright

_QUIET = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()


@contextmanager
def page(**context: object) -> Iterator[Page]:
    """A page of a fresh browser; whatever it logs as an error fails the test. `context`: Playwright's options."""
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("no Chromium here (Debian package chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=_QUIET)
        try:
            opened = browser.new_context(**context).new_page()  # type: ignore[arg-type]
            errors: list[str] = []
            opened.on("pageerror", lambda error: errors.append(str(error)))
            opened.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
            yield opened
            assert errors == []
        finally:
            browser.close()
