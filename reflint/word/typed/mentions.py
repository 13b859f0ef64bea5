"""What a typed citation is made of: mentions, each of one work by names and year or by number."""

from __future__ import annotations

from typing import Literal, NamedTuple

Form = Literal["parenthetical", "narrative", "bracket", "parenthesis", "superscript"]


class Mention(NamedTuple):
    """One reference within a citation: `authors` and `year` as written (`2010a`, `n.d.`), or a `number`."""

    authors: tuple[str, ...] = ()
    year: str = ""
    number: int | None = None
    et_al: bool = False

    @property
    def label(self) -> str:
        """A short name: `Doe 2010`, `Doe et al. 2010`, `12`."""
        if self.number is not None:
            return str(self.number)
        return " ".join(filter(None, (" & ".join(self.authors), "et al." if self.et_al else "", self.year)))


class Typed(NamedTuple):
    """A typed citation in a text: code points, its form, its mentions."""

    start: int
    end: int
    form: Form
    mentions: tuple[Mention, ...]
