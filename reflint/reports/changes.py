"""Changes to a library, for a person to review: each field's old and new value, in the terminal or as a page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import NamedTuple

from reflint.reports.text import one_line

_WIDTH = 72


class Row(NamedTuple):
    """One field of one item: its value before and after, the rules that ask for it, what became of it, and what
    registries said, a line for each."""

    key: str
    title: str
    field: str
    before: str
    after: str
    rules: tuple[str, ...]
    confidence: str
    status: str
    why: str = ""
    evidence: tuple[str, ...] = ()


def as_text(rows: Iterable[Row]) -> Iterator[str]:
    """A field table: an item's key, title and rules, then each field before and after."""
    for (key, title), fields in groupby(rows, key=lambda row: (row.key, row.title)):
        items = list(fields)
        doubt = "" if items[0].confidence == "high" else f"; confidence {items[0].confidence}"
        rules = f"({' '.join(items[0].rules)}{doubt})" if items[0].rules else ""
        yield "  ".join(filter(None, (key, _cut(title), rules))) + "\n"
        for row in items:
            note = "" if row.status in ("planned", "applied") else f"  {row.status}"
            note += f": {row.why}" if row.why else ""
            yield f"  {row.field}{note}\n    - {_cut(row.before) or '(empty)'}\n    + {_cut(row.after) or '(empty)'}\n"
            yield from (f"    = {one_line(one)}\n" for one in row.evidence)


def _cut(text: str) -> str:
    """A value on one line, cut in the middle where it is long."""
    line = " ".join(one_line(text).split())
    if len(line) <= 2 * _WIDTH:
        return line
    return f"{line[:_WIDTH]} … {line[-_WIDTH:]}"


def as_html(rows: Iterable[Row], heading: str) -> str:
    """One self-contained page with the table; nothing is fetched, no scripts."""
    from reflint.reports.pages import page

    groups = [(key, title, list(fields)) for (key, title), fields in groupby(rows, key=lambda r: (r.key, r.title))]
    return page("changes.html", heading=heading, groups=groups)
