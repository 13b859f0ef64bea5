"""What a registry says to a question: found, absent, or unknown, which is never taken for absent."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Generic, Literal, NamedTuple, TypeVar

State = Literal["found", "absent", "unknown"]
T = TypeVar("T")
U = TypeVar("U")


class Answer(NamedTuple, Generic[T]):
    """An answer of one registry.

    `absent`: the registry answered, and has no such thing. `unknown`: not asked, not reached, or not understood; `why`
    says which. `asked` is when the registry was asked (seconds since 1970), be it in an earlier run.
    """

    state: State
    value: T | None
    source: str
    asked: float
    why: str = ""

    @property
    def found(self) -> bool:
        """Whether there is a value."""
        return self.state == "found"

    @property
    def absent(self) -> bool:
        """Whether the registry said that it has no such thing."""
        return self.state == "absent"

    def into(self, make: Callable[[T], U]) -> Answer[U]:
        """The same answer with its value, where there is one, made into something else.

        A value that `make` cannot make anything of is no answer: unknown.
        """
        try:
            value = None if self.value is None else make(self.value)
        except (AttributeError, IndexError, KeyError, TypeError, ValueError):
            return Answer("unknown", None, self.source, self.asked, "an answer that is not understood")
        return Answer(self.state, value, self.source, self.asked, self.why)


def instant(seconds: float) -> str:
    """Seconds since 1970 as ISO 8601 in UTC, to the second."""
    return datetime.fromtimestamp(int(seconds), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
