"""One self-contained page: charts, and every finding with its excerpt and its repair; readable without scripts."""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import NamedTuple

from reflint.model.edit import Edit
from reflint.model.finding import Finding
from reflint.reports.base import Summary, Write, location
from reflint.reports.text import grounds, one_line

_EXCERPT = 400
_AROUND = 80
_BARS = 10


class _Change(NamedTuple):
    """A repair of one field: its old text and its new one; None where there is none."""

    field: str
    before: str | None
    after: str | None


class _Row(NamedTuple):
    """A finding as the page shows it; `excerpt` in three parts, the middle one is what it is about; `evidence`: a line
    for each source that was asked."""

    rule: str
    slug: str
    severity: str
    confidence: str
    message: str
    place: str
    record: str
    field: str
    excerpt: tuple[str, str, str]
    fix: str
    safety: str
    changes: tuple[_Change, ...]
    evidence: tuple[str, ...]


class Bar(NamedTuple):
    """A bar of a chart: its name, how many it stands for, and its length in percent of the longest."""

    name: str
    number: int
    share: float
    kind: str = ""


class Html:
    """Held until the end, for the charts stand at the top."""

    def __init__(self, write: Write) -> None:
        self._write = write
        self._rows: list[_Row] = []
        self._records: Counter[tuple[str, int]] = Counter()
        self._fields: Counter[str] = Counter()

    def finding(self, finding: Finding) -> None:
        """Takes a finding in."""
        record = finding.record
        if record is not None:
            self._records[finding.source, record.index] += 1
        self._fields[finding.field or "(record)"] += 1
        self._rows.append(_row(finding))

    def end(self, summary: Summary) -> None:
        """The page."""
        from reflint.reports.pages import page

        script = _script()
        digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        self._write(
            page(
                "report.html",
                summary=summary,
                rows=self._rows,
                charts=self._charts(summary),
                script=script,
                digest=digest,
            )
        )

    def _charts(self, summary: Summary) -> list[tuple[str, list[Bar]]]:
        severities = [(name, count) for name, count in summary.by_severity.items() if count]
        spread = Counter(_bucket(count) for count in self._records.values())
        clean = summary.records - len(self._records)
        records = [(name, spread[name]) for name in ("1", "2", "3 to 5", "6 and more") if spread[name]]
        charts = [
            ("By severity", _bars(severities, kinds=True)),
            ("Records by number of findings", _bars(([("none", clean)] if clean > 0 else []) + records)),
            ("By rule", _bars(summary.by_rule.most_common(_BARS))),
            ("By field", _bars(self._fields.most_common(_BARS))),
        ]
        return [(title, bars) for title, bars in charts if bars]


def _bucket(count: int) -> str:
    if count < 3:
        return str(count)
    return "3 to 5" if count < 6 else "6 and more"


def _bars(counts: Iterable[tuple[str, int]], *, kinds: bool = False) -> list[Bar]:
    pairs = list(counts)
    longest = max((count for _, count in pairs), default=1)
    return [Bar(one_line(n), count, round(100 * count / longest, 1), n if kinds else "") for n, count in pairs]


def _row(finding: Finding) -> _Row:
    place, span, record, fix = location(finding), finding.span, finding.record, finding.fix
    where = f"{place.path}:{span.start_line}" if span is not None else place.path
    title = (record.format.title(record) if record is not None else "") or place.record
    return _Row(
        finding.rule,
        finding.slug,
        finding.severity,
        finding.confidence,
        _legal(finding.message),
        _legal(where),
        _cut(title),
        finding.field or "",
        _excerpt(finding),
        _legal(fix.title) if fix is not None else "",
        fix.safety if fix is not None else "",
        tuple(_change(edit) for edit in fix.edits) if fix is not None else (),
        tuple(_legal(line) for line in grounds(finding)),
    )


def _excerpt(finding: Finding) -> tuple[str, str, str]:
    """The value around what the finding is about."""
    value = finding.value
    start, end = finding.within or (0, len(value))
    before, middle, after = value[:start], value[start:end], value[end:]
    if len(before) > _AROUND:
        before = "…" + before[-_AROUND:]
    if len(after) > _AROUND:
        after = after[:_AROUND] + "…"
    return _legal(before), _cut(middle), _legal(after)


def _change(edit: Edit) -> _Change:
    field = f"{edit.field} → {edit.to}" if edit.to else edit.field
    if edit.part != "value":
        return _Change(f"{field} ({edit.part})".strip(), None, None)
    before = None if edit.before is None else _cut(edit.before)
    after = None if edit.after is None or edit.op == "delete" else _cut(edit.after)
    return _Change(field, before, after)


def _cut(text: str) -> str:
    """Text of bearable length: its middle is left out."""
    if len(text) > _EXCERPT:
        text = f"{text[: _EXCERPT // 2]} … {text[-_EXCERPT // 2 :]}"
    return _legal(text)


def _legal(text: str) -> str:
    """Text without what a page cannot hold or what would turn its letters round."""
    return "".join(_shown(character) for character in text.encode("utf-8", "replace").decode())


def _shown(character: str) -> str:
    if character in "\n\t" or character.isprintable():
        return character
    return "�"


@cache
def _script() -> str:
    return Path(__file__).with_name("templates").joinpath("report.js").read_text("utf-8")
