"""The words of a finding and its fix: a rule's message or title with what was found filled in."""

from __future__ import annotations

from collections.abc import Callable

from reflint.engine.checks.base import Hit
from reflint.errors import PackError
from reflint.model.record import Record

Words = Callable[[Record, Hit, int | None], str]
"""What is said of a record, for a hit at the position of a field (None: the record itself)."""


def wording(
    template: str, rule: str, what: str = "message", names: tuple[str, ...] = ("field", "value", "new", "note")
) -> Words | None:
    """What says a rule's message (or `what` else), its `names` in braces filled in; None where it holds no brace.

    Raises PackError when it names anything else.
    """
    if "{" not in template and "}" not in template:
        return None
    try:
        template.format(**dict.fromkeys(names, ""))
    except (ValueError, LookupError, AttributeError) as error:
        raise PackError(f"{rule}: {what}: {error} in {template!r}") from None
    fillers = [(name, _FILLERS[name]) for name in names if f"{{{name}" in template]
    return lambda record, hit, position: template.format(
        **{name: fill(record, hit, position) for name, fill in fillers}
    )


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
