"""A manuscript in figures: lines of text, or a self-contained page with small charts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from reflint.model.text import number_of
from reflint.reports.text import one_line

_WIDTH = 30
_BAR, _GAP, _LONGEST = 14, 6, 240


class Bar(NamedTuple):
    """A bar of a chart: where it stands (y) and how long it is, in the units of the drawing."""

    name: str
    number: int
    y: int
    length: float


class Chart(NamedTuple):
    """A chart with its title and the height of its drawing."""

    title: str
    bars: tuple[Bar, ...]
    height: int


def as_text(figures: Mapping[str, Any]) -> Iterator[str]:
    """Lines: a figure each, then a bar of text for each part of the distributions."""
    for name, value in rows(figures):
        yield f"{name:<{_WIDTH}} {one_line(value)}\n"
    for chart in charts(figures):
        yield f"\n{chart.title}\n"
        for bar in chart.bars:
            yield f"  {bar.name:<{_WIDTH - 2}} {bar.number:>5}  {'█' * round(bar.length / _LONGEST * 30)}\n"


def as_html(figures: Mapping[str, Any]) -> str:
    """One page; nothing is fetched, no scripts."""
    from reflint.reports.pages import page

    return page("figures.html", source=figures["source"], rows=rows(figures), charts=charts(figures))


def rows(figures: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The single figures, each with its name; what nobody knows is left out."""
    number = figures["references"]
    found = [
        ("citations", str(figures["citations"])),
        ("works cited by fields", str(figures["works"])),
        ("entries in the list", str(figures["entries"])),
        ("largest cluster", number_of(figures["largest_cluster"], "work")),
    ]
    if figures["doi_share"] is not None:
        found.append(("with a DOI", f"{figures['with_doi']} of {number} ({100 * figures['doi_share']:.0f} %)"))
    if figures["median_age"] is not None:
        found.append(("median age", f"{figures['median_age']:g} years before the newest ({figures['latest']})"))
    if figures["self_share"] is not None:
        share = f"{figures['self_citations']} of {number} ({100 * figures['self_share']:.0f} %)"
        found.append(("self-citations", f"{share}; authors: {', '.join(figures['authors'])}"))
    return found


def charts(figures: Mapping[str, Any]) -> list[Chart]:
    """The distributions."""
    found = [
        ("Citations by reference manager", figures["by_manager"]),
        ("Citations by place", figures["by_part"]),
        ("References by age in years", figures["by_age"] if figures["median_age"] is not None else {}),
    ]
    return [_chart(title, counts) for title, counts in found if counts]


def _chart(title: str, counts: Mapping[str, int]) -> Chart:
    longest = max(counts.values()) or 1
    bars = tuple(
        Bar(name, number, n * (_BAR + _GAP), round(_LONGEST * number / longest, 1))
        for n, (name, number) in enumerate(counts.items())
    )
    return Chart(title, bars, len(bars) * (_BAR + _GAP))
