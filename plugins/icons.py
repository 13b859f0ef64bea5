"""Draws the icons of the plugin and the add-in (three lines of a list, the last one ticked) as PNG files.

python plugins/icons.py
"""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

ROOT = Path(__file__).parent.parent
ZOTERO = ROOT / "plugins/zotero/icons"
WORD = ROOT / "reflint/server/static/word/icons"
SIZES = {ZOTERO: (48, 96), WORD: (16, 32, 64, 80)}

_GROUND, _INK = (31, 95, 168), (255, 255, 255)
_SAMPLES = 4
_LINES = [((0.22, 0.28), (0.78, 0.28)), ((0.22, 0.50), (0.78, 0.50)), ((0.22, 0.72), (0.34, 0.72))]
_TICK = [((0.48, 0.72), (0.58, 0.82)), ((0.58, 0.82), (0.80, 0.60))]
_THICK, _CORNER = 0.05, 0.20
Point = tuple[float, float]


def png(size: int) -> bytes:
    """The icon, `size` pixels square, with transparent corners."""
    rows = b"".join(b"\0" + b"".join(bytes(_pixel(x, y, size)) for x in range(size)) for y in range(size))
    header = struct.pack(">IIBBBBB", size, size, 8, 6, 0, 0, 0)
    parts = [_chunk(b"IHDR", header), _chunk(b"IDAT", zlib.compress(rows, 9)), _chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _pixel(x: int, y: int, size: int) -> tuple[int, int, int, int]:
    """Red, green, blue and opacity: the mean of some points within the pixel."""
    offsets = [(i + 0.5) / _SAMPLES for i in range(_SAMPLES)]
    points = [((x + dx) / size, (y + dy) / size) for dx in offsets for dy in offsets]
    inside = [point for point in points if _within(point)]
    if not inside:
        return 0, 0, 0, 0
    ink = sum(_inked(point) for point in inside) / len(inside)
    red, green, blue = (round(ground + (line - ground) * ink) for ground, line in zip(_GROUND, _INK, strict=True))
    return red, green, blue, round(255 * len(inside) / len(points))


def _within(point: Point) -> bool:
    """Whether a point is on the ground, a square with round corners."""
    x, y = (min(max(value, _CORNER), 1 - _CORNER) for value in point)
    return (point[0] - x) ** 2 + (point[1] - y) ** 2 <= _CORNER**2


def _inked(point: Point) -> bool:
    return any(_distance(point, *line) <= _THICK for line in _LINES + _TICK)


def _distance(point: Point, start: Point, end: Point) -> float:
    """Of a point from a line with two ends."""
    (px, py), (ax, ay), (bx, by) = point, start, end
    along = ((px - ax) * (bx - ax) + (py - ay) * (by - ay)) / ((bx - ax) ** 2 + (by - ay) ** 2)
    along = min(max(along, 0.0), 1.0)
    return ((px - ax - along * (bx - ax)) ** 2 + (py - ay - along * (by - ay)) ** 2) ** 0.5


def main() -> None:
    """Writes all sizes."""
    for folder, sizes in SIZES.items():
        folder.mkdir(parents=True, exist_ok=True)
        for size in sizes:
            (folder / f"reflint-{size}.png").write_bytes(png(size))


if __name__ == "__main__":
    main()
