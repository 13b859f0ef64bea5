"""Evidence: what a source outside the record said of it, so that everybody can see what a finding rests on."""

from __future__ import annotations

from typing import Literal, NamedTuple


class Evidence(NamedTuple):
    """What one source said, and when (ISO 8601, UTC).

    `state`: it knows the work (`found`), has no such thing (`absent`), or nobody can say (`unknown`). `doi`: the DOI it
    knows the work by. `score`: how well work and record agree, 0 to 1 (None: not compared). `agree`, `differ`: the
    fields that do and do not. `values`: what it says, by CSL variable. `note`: anything else, in words.
    """

    source: str
    state: Literal["found", "absent", "unknown"]
    asked: str
    doi: str = ""
    score: float | None = None
    agree: tuple[str, ...] = ()
    differ: tuple[str, ...] = ()
    values: tuple[tuple[str, str], ...] = ()
    note: str = ""

    @property
    def line(self) -> str:
        """The evidence in one line of text."""
        parts = [] if self.doi or self.state != "found" else ["found"]
        parts += {"absent": ["has no such thing"], "unknown": ["no answer"]}.get(self.state, [])
        if self.doi:
            parts.append(self.doi)
        if self.score is not None:
            parts.append(f"score {self.score:.2f}")
        if self.agree:
            parts.append(f"{', '.join(self.agree)} agree")
        if self.differ:
            parts.append(f"{', '.join(self.differ)} differ")
        parts += [f"{name} {_short(value)}" for name, value in self.values]
        if self.note:
            parts.append(self.note)
        return f"{self.source}: {'; '.join(parts)} (asked {self.asked})"


def _short(value: str, width: int = 80) -> str:
    line = " ".join(value.split())
    return line if len(line) <= width else f"{line[: width - 1]}…"
