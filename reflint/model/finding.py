"""Findings: what a rule says about one place, and how it is told apart from others across runs."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from reflint.model.edit import Fix
from reflint.model.evidence import Evidence
from reflint.model.identifiers import doi_key
from reflint.model.record import Record, Span
from reflint.model.text import fold

SEVERITIES: tuple[str, ...] = ("info", "warning", "error")


def at_least(severity: str, floor: str) -> bool:
    """Whether a severity is `floor` or graver."""
    return SEVERITIES.index(severity) >= SEVERITIES.index(floor)


class Passage(NamedTuple):
    """A place in a manuscript: the part, its paragraph (0-based over all of the part), and what stands there.

    `citation` counts the manuscript's citations (None: it is none, but an entry of the list or mere text); `manager` is
    None for typed citations.
    """

    part: str
    paragraph: int
    text: str
    citation: int | None = None
    manager: str | None = None

    @property
    def place(self) -> str:
        """The paragraph, and the part unless it is the main one: `¶12`, `footnotes ¶3`."""
        part = "" if self.part in _BODIES else f"{self.part.rpartition('/')[2].removesuffix('.xml')} "
        return f"{part}¶{self.paragraph}"

    @property
    def quoted(self) -> str:
        """The text on one line, shortened, in quotation marks; `""` without any."""
        text = " ".join(self.text.split())
        return f"“{text if len(text) <= _WIDTH else f'{text[: _WIDTH - 1]}…'}”" if text else ""


_WIDTH = 60
_BODIES = ("word/document.xml", "content.xml")


class Finding:
    """What a rule says about one place: a field of a record, a record, or (record None) a whole source.

    `position` is the field's index in the record; `within` code points of its value. `place` is where it stands in a
    source without records to ask. `evidence`: what a look-up was told, if there was one. In a manuscript, `passages`
    are all places it is about, and `advice` says in words what can be done.
    """

    __slots__ = (
        "_message",
        "advice",
        "confidence",
        "evidence",
        "fix",
        "passages",
        "place",
        "position",
        "record",
        "rule",
        "severity",
        "slug",
        "source",
        "within",
    )

    def __init__(
        self,
        rule: str,
        slug: str,
        severity: str,
        message: str | Callable[[], str],
        record: Record | None,
        position: int | None = None,
        within: tuple[int, int] | None = None,
        fix: Fix | None = None,
        confidence: str = "high",
        source: str = "",
        place: Span | None = None,
        evidence: tuple[Evidence, ...] = (),
        passages: tuple[Passage, ...] = (),
        advice: str = "",
    ) -> None:
        self.rule = rule
        self.slug = slug
        self.severity = severity
        self.confidence = confidence
        self._message = message
        self.record = record
        self.position = position
        self.within = within
        self.fix = fix
        self.source = source
        self.place = place
        self.evidence = evidence
        self.passages = passages
        self.advice = advice

    def __getstate__(self) -> tuple[None, dict[str, object]]:
        """Its slots, as pickle and copy want them: with the message in words, for what finds them may not travel."""
        message = self.message
        return None, {name: message if name == "_message" else getattr(self, name) for name in self.__slots__}

    def __repr__(self) -> str:
        return f"<Finding {self.rule} {self.field or 'record'}: {self.message}>"

    @property
    def message(self) -> str:
        """What is wrong, in words; put into words when first asked for."""
        if not isinstance(self._message, str):
            self._message = self._message()
        return self._message

    @message.setter
    def message(self, message: str) -> None:
        self._message = message

    @property
    def field(self) -> str | None:
        """The name of the field, as the source spells it."""
        if self.record is None or self.position is None:
            return None
        return self.record.names[self.position]

    @property
    def variable(self) -> str | None:
        """The CSL variable that the field means."""
        if self.record is None or self.position is None:
            return None
        return self.record.format.variable(self.record, self.position)

    @property
    def value(self) -> str:
        """The value of the field, `""` for a finding about more than a field."""
        if self.record is None or self.position is None:
            return ""
        return self.record.values[self.position]

    @property
    def span(self) -> Span | None:
        """Where it stands in the text; None where there is no text."""
        if self.place is not None or self.record is None:
            return self.place
        return self.record.format.span(self.record, self.position, self.within)

    @property
    def work(self) -> str:
        """The title of the record that it is about, shortened, else its key; `""` without a record."""
        if self.record is None:
            return ""
        title = " ".join((self.record.format.title(self.record) or self.record.key or "").split())
        return title if len(title) <= _WIDTH else f"{title[: _WIDTH - 1]}…"

    @property
    def fixable(self) -> bool:
        """Whether it offers edits (a look-up may still be needed to trust them)."""
        return self.fix is not None and bool(self.fix.edits)

    @property
    def fingerprint(self) -> str:
        """16 hex digits that survive re-export and reordering: rule, identity of the record, field and value.

        In a manuscript, where there is no record: what is said of which text.
        """
        if self.record is not None:
            about = self.record.format.identity(self.record), self.field or "", self.value
        elif self.passages:
            about = self.passages[0].text, "", self.message
        else:
            about = self.source, "", ""
        parts = self.rule, *about
        from hashlib import blake2b

        return blake2b("\0".join(parts).encode("utf-8", "replace"), digest_size=8).hexdigest()


def identity(doi: str, key: str | None, title: str, year: int | None) -> str:
    """What a record is known by across exports: its DOI, else its key, else folded title and year."""
    return doi_key(doi) or key or f"{fold(title)} {year or ''}".strip()
