"""The checks of whole manuscripts that rules name, one file a family. Importing the package registers them."""

from reflint.word.checks import (
    document,
    edits,
    entries,
    errors,
    et_al,
    fields,
    joins,
    library,
    lists,
    numbers,
    statistics,
    styles,
    typed,
)
from reflint.word.checks.base import CHECKS

__all__ = [
    "CHECKS",
    "document",
    "edits",
    "entries",
    "errors",
    "et_al",
    "fields",
    "joins",
    "library",
    "lists",
    "numbers",
    "statistics",
    "styles",
    "typed",
]
