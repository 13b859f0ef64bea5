"""Checks of URLs."""

from __future__ import annotations

from reflint.engine.checks.base import Hit, Parameters, Scope, ValueTest, check
from reflint.model.urls import is_search_session, repaired_url, split_urls, url_problem


@check("url_malformed")
def url_malformed(params: Parameters, scope: Scope) -> ValueTest:
    """No absolute URL; `new` is the obvious repair where there is one."""

    def run(value: str) -> Hit | None:
        note = url_problem(value)
        if note is None or len(split_urls(value)) > 1:
            return None
        return Hit(note=note, new=repaired_url(value))

    return ValueTest(frozenset(scope.names), run)


@check("several_urls")
def several_urls(params: Parameters, scope: Scope) -> ValueTest:
    """Several URLs in one value."""

    def run(value: str) -> Hit | None:
        parts = split_urls(value) if value.count("://") > 1 else ()
        return Hit(new=parts) if len(parts) > 1 else None

    return ValueTest(frozenset(scope.names), run)


@check("url_search_session")
def url_search_session(params: Parameters, scope: Scope) -> ValueTest:
    """A database's record or search page, not the work."""

    def run(value: str) -> Hit | None:
        return Hit() if is_search_session(value) else None

    return ValueTest(frozenset(scope.names), run)
