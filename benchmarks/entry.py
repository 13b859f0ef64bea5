"""A RIS record being written, and the habits that several exporters share."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from random import Random

from benchmarks.works import Work


class Entry:
    """The lines of one record being written by one exporter.

    A rate is the share of records that carry a tag. Which tags go together is drawn from a few habits of each exporter:
    in real files, ten thousand records come in a few hundred sets of tags, not in thousands.
    """

    HABITS = 16

    def __init__(self, exporter: str, random: Random) -> None:
        self.exporter = exporter
        self.random = random
        self.habit = random.randrange(self.HABITS)
        self.kind = ""
        self.lines: list[str] = []
        self._tags_asked = 0

    def begin(self, kind: str) -> None:
        self.kind = kind
        self.lines.append(f"TY  - {kind}")

    def chance(self, rate: float) -> bool:
        """Whether a value shows a trait; independent of all else."""
        return self.random.random() < rate

    def add(self, tag: str, value: str | int, rate: float = 1.0) -> None:
        if self._carries(tag, rate):
            self.lines.append(f"{tag}  - {value}")

    def add_each(self, tag: str, values: Iterable[str], rate: float = 1.0) -> None:
        if self._carries(tag, rate):
            self.lines.extend(f"{tag}  - {value}" for value in values)

    def text(self) -> str:
        return "\n".join(self.lines) + "\nER  - \n\n"

    def _carries(self, tag: str, rate: float) -> bool:
        self._tags_asked += 1
        if rate >= 1.0:
            return True
        if not 0.04 < rate < 0.96:
            return self.chance(rate)
        return _habits(self.exporter, f"{tag}{self._tags_asked}")[self.habit] < rate * self.HABITS


@cache
def _habits(exporter: str, tag: str) -> tuple[int, ...]:
    """The rank of each habit for one tag: the habits below rate x HABITS carry the tag."""
    ranks = list(range(Entry.HABITS))
    Random(f"{exporter} {tag}").shuffle(ranks)
    return tuple(ranks)


def kind(e: Entry, conference: float = 0.01) -> str:
    draw = e.random.random()
    if draw < conference:
        return "CPAPER" if draw < conference / 2 else "CONF"
    for name, share in (
        ("BOOK", 0.02),
        ("CHAP", 0.01),
        ("GEN", 0.006),
        ("THES", 0.005),
        ("ELEC", 0.003),
        ("RPRT", 0.002),
    ):
        conference += share
        if draw < conference:
            return name
    return "JOUR"


def title(
    e: Entry,
    w: Work,
    *,
    capitals: float = 0.0,
    title_case: float = 0.0,
    full_stop: float = 0.0,
    markup: float = 0.0,
    double_space: float = 0.0,
) -> str:
    text = w.title
    if e.chance(capitals):
        return text.upper()
    if e.chance(title_case):
        text = text.title()
    if e.chance(markup):
        text = f"<i>In vitro</i> {text[0].lower()}{text[1:]}"
    if e.chance(double_space):
        text = text.replace(" ", "  ", 1)
    return f"{text}." if e.chance(full_stop) else text


def doi(e: Entry, w: Work, *, capitals: float) -> str:
    return w.doi.upper() if e.chance(capitals) else w.doi


def abstract(e: Entry, w: Work) -> str:
    """The abstract, now and then with the traces of a page it was copied from."""
    if e.chance(0.035):
        return w.abstract.replace(" of ", " of\u00a0", 2)
    return f"Abstract: {w.abstract}" if e.chance(0.01) else w.abstract


def given_first(name: str) -> str:
    family, given = name.split(", ", 1)
    return f"{given} {family}"
