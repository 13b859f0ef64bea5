"""The lines of Extra, where Zotero's users and plugins keep what has no field: `Key: value`, and text besides."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from reflint.model.patterns import lazy

_LINE = lazy(r"[ \t]*(?P<key>[A-Za-z][A-Za-z0-9 ._-]{0,38}?)[ \t]*(?P<mark>:)[ \t]*(?P<value>\S.*?)[ \t]*\Z")


class Line(NamedTuple):
    """A line of Extra; `key` as it is written (`""` where the line is no `Key: value`), `name` the key folded."""

    text: str
    key: str = ""
    value: str = ""
    name: str = ""


def folded_key(key: str) -> str:
    """A key for comparison: `Original-Date` and `original_date` are the same."""
    return " ".join(re.split(r"[\s_-]+", key.strip().lower()))


@lru_cache(maxsize=256)
def lines_of(extra: str) -> tuple[Line, ...]:
    """The lines of Extra, in order; an address (`https://...`) is no key and value."""
    found = []
    for text in extra.split("\n"):
        match = _LINE.match(text)
        if match is None or match["value"].startswith("//"):
            found.append(Line(text))
        else:
            found.append(Line(text, match["key"], match["value"], folded_key(match["key"])))
    return tuple(found)


def extra_value(extra: str, key: str) -> str:
    """The value of the first line of Extra with this key, compared as `folded_key` does; `""` if there is none."""
    if ":" not in extra:
        return ""
    wanted = folded_key(key)
    return next((line.value for line in lines_of(extra) if line.key and line.name == wanted), "")
