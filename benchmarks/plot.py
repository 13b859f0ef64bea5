"""A picture of how the cost of each task grows with the file: microseconds a record over records, both logarithmic."""

from __future__ import annotations

from html import escape
from math import log10

_WIDTH, _HEIGHT, _LEFT, _RIGHT, _TOP, _BOTTOM = 760, 420, 60, 230, 20, 50
_COLOURS = (
    "#0f766e",
    "#b45309",
    "#4338ca",
    "#be123c",
    "#15803d",
    "#7e22ce",
    "#0369a1",
    "#78716c",
    "#a16207",
    "#334155",
)


def growth(costs: dict[str, dict[int, float]]) -> str:
    """An SVG of the costs of tasks: name -> records in the file -> microseconds a record."""
    sizes = sorted({size for points in costs.values() for size in points})
    values = [value for points in costs.values() for value in points.values()]
    low, high = _decades(min(values), max(values))
    first, last = log10(sizes[0]), max(log10(sizes[-1]), log10(sizes[0]) + 0.1)

    def x(size: float) -> float:
        return _LEFT + (log10(size) - first) / (last - first) * (_WIDTH - _LEFT - _RIGHT)

    def y(value: float) -> float:
        return _TOP + (high - log10(value)) / (high - low) * (_HEIGHT - _TOP - _BOTTOM)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}">',
        "<style>text { font: 12px sans-serif }</style>",
        "<title>Microseconds a record, by the number of records</title>",
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#fff"/>',
    ]
    for decade in range(low, high + 1):
        at = y(10.0**decade)
        parts.append(f'<line x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{at:.1f}" y2="{at:.1f}" stroke="#ddd"/>')
        parts.append(f'<text x="{_LEFT - 6}" y="{at + 4:.1f}" text-anchor="end">{10**decade:,} µs</text>')
    below = _HEIGHT - _BOTTOM + 20
    parts += [f'<text x="{x(size):.1f}" y="{below}" text-anchor="middle">{size:,}</text>' for size in sizes]
    labels = sorted(costs, key=lambda name: -costs[name][max(costs[name])])
    for number, name in enumerate(labels):
        colour = _COLOURS[number % len(_COLOURS)]
        points = [(x(size), y(value)) for size, value in sorted(costs[name].items())]
        path = " ".join(f"{px:.1f},{py:.1f}" for px, py in points)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [f'<circle cx="{px:.1f}" cy="{py:.1f}" r="3" fill="{colour}"/>' for px, py in points]
        at = _TOP + 12 + 18 * number
        parts.append(f'<rect x="{_WIDTH - _RIGHT + 12}" y="{at - 9}" width="10" height="10" fill="{colour}"/>')
        parts.append(f'<text x="{_WIDTH - _RIGHT + 28}" y="{at}">{escape(name)}</text>')
    return "\n".join([*parts, "</svg>"]) + "\n"


def _decades(low: float, high: float) -> tuple[int, int]:
    """The powers of ten between which all values stand."""
    bottom = int(log10(low)) if low >= 1 else -1
    return bottom, max(bottom + 1, int(log10(high)) + 1)
