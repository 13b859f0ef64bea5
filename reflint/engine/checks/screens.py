"""Screens: what an ordinary value of a field looks like, so that tests that cannot hold for it need not be asked.

A screen may say no to an ordinary value, never yes to an odd one, nor to one that holds an unusual character (a key of
MASKS in plan.py). A test that names a screen in its `quiet_for` promises that it holds for no value that passes; the
differential test against the plain engine keeps the promise.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from reflint.model.identifiers import is_plain_doi
from reflint.model.standard_numbers import is_issn

_WORD = r"(?!(?:Dr|Prof|Mr|Mrs|Ms|Phd|Msc|Jr|Sr|Md)\b)[A-Z][a-z]+"
_PLAIN_NAME = re.compile(
    rf"{_WORD}(?:-[A-Z][a-z]+)?, (?:[A-Z]\.(?:[ -][A-Z]\.){{0,2}}|[A-Z]{{1,2}}|{_WORD}(?: [A-Z]\.?)?)"
)
"""`Okafor, N. A.`, `Okafor, Ngozi A`: one family name, initials (not closed up) or one given name."""


def _is_number(value: str) -> bool:
    """Digits that do not begin with 0."""
    return value.isdigit() and value.isascii() and value[0] != "0"


SCREENS: dict[str, Callable[[str], object]] = {
    "name": _PLAIN_NAME.fullmatch,  # itself: each author of each record comes here
    "doi": is_plain_doi,
    "issn": is_issn,
    "number": _is_number,
}

_FIELDS = {
    "name": "AU A1 A2 A3 A4 A5 ED TA author editor translator",
    "doi": "DO DOI",
    "issn": "SN ISSN",
    "number": "VL IS SP EP volume issue",
}
SCREEN_OF = {field: screen for screen, fields in _FIELDS.items() for field in fields.split()}
"""field name -> the screen its values are held against."""

EVERY_SCREEN = frozenset(SCREENS)
