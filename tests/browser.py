"""Debian's Chromium, headless, for pages of ours; a test that needs it skips where it is not installed."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

_QUIET = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()


@contextmanager
def browser(*options: str) -> Iterator[Browser]:
    """A fresh browser. `options`: Chromium's."""
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("no Chromium here (Debian package chromium)")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=[*_QUIET, *options])
        try:
            yield started
        finally:
            started.close()


@contextmanager
def page_in(started: Browser, *, expected: str | None = None, **context: Any) -> Iterator[Page]:
    """A page of a fresh profile; whatever it logs as an error fails the test, but for what has `expected` in it.

    `context`: Playwright's options.
    """
    profile = started.new_context(**context)
    try:
        opened = profile.new_page()
        errors: list[str] = []
        opened.on("pageerror", lambda error: errors.append(str(error)))
        opened.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
        yield opened
        assert [text for text in errors if expected is None or expected not in text] == []
    finally:
        profile.close()


@contextmanager
def page(**context: Any) -> Iterator[Page]:
    """A page of a fresh browser, as `page_in`."""
    with browser() as started, page_in(started, **context) as opened:
        yield opened
