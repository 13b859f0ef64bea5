"""The words of a finding: a rule's message with what was found filled in."""

from __future__ import annotations

from collections.abc import Callable
from string import Formatter

from reflint.engine.checks.base import Hit
from reflint.errors import PackError
from reflint.model.record import Record

Words = Callable[[Record, Hit, int | None], str]
"""What is said of a record, for a hit at the position of a field (None: the record itself)."""


def wording(template: str, rule: str) -> Words | None:
    """What says a rule's message, where something is to be filled in: `{field}`, `{value}`, `{new}` or `{note}`.

    A template is taken apart once, not for each finding. Raises PackError when it names anything else.
    """
    literals, fillers = [], []
    try:
        for literal, name, _, _ in Formatter().parse(template):
            literals.append(literal.replace("%", "%%") + ("%s" if name is not None else ""))
            if name is not None:
                fillers.append(_FILLERS[name])
    except (ValueError, KeyError) as error:
        raise PackError(f"{rule}: message: {error} in {template!r}") from None
    if not fillers:
        return None
    pattern = "".join(literals)
    return lambda record, hit, position: pattern % tuple([fill(record, hit, position) for fill in fillers])


def shortened(text: str, width: int = 60) -> str:
    """Text on one line, cut to `width` characters with an ellipsis."""
    if len(text) > width:
        text = text[: width - 1] + "…"
    return " ".join(text.split()) if not text.isalnum() else text


def _field(record: Record, hit: Hit, position: int | None) -> str:
    return "" if position is None else record.names[position]


def _value(record: Record, hit: Hit, position: int | None) -> str:
    return "" if position is None else shortened(record.values[position])


def _new(record: Record, hit: Hit, position: int | None) -> str:
    return shortened(hit.new if isinstance(hit.new, str) else " | ".join(hit.new or ()))


def _note(record: Record, hit: Hit, position: int | None) -> str:
    return hit.note


_FILLERS: dict[str, Words] = {"field": _field, "value": _value, "new": _new, "note": _note}
