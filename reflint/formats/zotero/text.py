"""The text that Zotero items were read from: where each item stands, found when the first place is asked for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from reflint.errors import SourceError
from reflint.formats.json_text import Lines, elements, load, members, skip_blanks
from reflint.model.record import Span


class Text:
    """A JSON text of Zotero items: an array of them, `{"items": [...]}`, or a single one."""

    __slots__ = ("_items", "_lines", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self._items: list[tuple[int, int]] | None = None
        self._lines: Lines | None = None

    def items(self) -> list[tuple[int, int]]:
        """Start and end of each item."""
        if self._items is None:
            self._items = list(self._places())
        return self._items

    def _places(self) -> Iterator[tuple[int, int]]:
        text, start = self.text, skip_blanks(self.text, 0)
        if text[start] == "{":
            parts = members(text, start)
            held = [part for part in parts if text.startswith('"items"', part.start) and text[part.value_start] == "["]
            if not held:
                yield start, len(text.rstrip(" \t\r\n"))
                return
            start = held[-1].value_start
        for part in elements(text, start):
            yield part.start, part.end

    def span(self, start: int, end: int) -> Span:
        """Two offsets as lines and columns."""
        if self._lines is None:
            self._lines = Lines(self.text)
        return Span(*self._lines.place(start), *self._lines.place(end))

    def load(self) -> list[dict[str, Any]]:
        """The items. SourceError, with line and column, when it is not JSON or not made of Zotero items."""
        whole = load(self.text)
        items = whole
        if isinstance(whole, dict):
            held = whole.get("items")
            items = held if isinstance(held, list) and "itemType" not in whole else [whole]
        if not isinstance(items, list):
            raise SourceError("is not Zotero JSON: it holds neither a list of items nor an item")
        for number, item in enumerate(items):
            what = _fault(item)
            if what:
                span = self.span(*self.items()[number])
                raise SourceError(f"is not Zotero JSON: line {span.start_line}, column {span.start_column}: {what}")
        return items


def _fault(item: object) -> str:
    """Why a value is no Zotero item; `""` when it is one."""
    if not isinstance(item, dict):
        return "an item must be an object"
    data = item.get("data")
    if isinstance(item.get("itemType"), str) or (isinstance(data, dict) and isinstance(data.get("itemType"), str)):
        return ""
    if "type" in item and ("id" in item or "title" in item):
        return "the item has no itemType; this is CSL-JSON"
    return "the item has no itemType"
