"""An open document: its findings, its records and its repairs; only records that changed are checked again."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from reflint.app import checking
from reflint.app.reports import SourceReport
from reflint.app.rules import build_engine
from reflint.app.settings import Settings
from reflint.app.sources import STDIN, format_of, head_of
from reflint.engine.accepting import Held, repair_accepted
from reflint.engine.run import Engine
from reflint.engine.suppress import Comment
from reflint.errors import SourceError
from reflint.formats import csl, ris, zotero
from reflint.formats.ris import Place
from reflint.model.finding import Finding
from reflint.model.record import Record

SAFE = ("safe",)


class Remembering(Engine):
    """An engine that knows the findings of the RIS records it has seen, wherever in the text they stand now.

    `begin` starts a pass over a text: what is not met in a pass is forgotten at the next.
    """

    def __init__(self, engine: Engine) -> None:
        self.__dict__.update(engine.__dict__)
        self._known: dict[tuple[object, ...], tuple[int, list[Finding]]] = {}
        self._met: dict[tuple[object, ...], tuple[int, list[Finding]]] = {}
        self._times: Counter[bytes] = Counter()
        self.checked = 0

    def begin(self) -> None:
        """A new pass."""
        self._known, self._met = self._met or self._known, {}
        self._times.clear()

    def check_all(self, records: Sequence[Record]) -> list[list[Finding]]:
        """What is wrong with each of some records; told from memory when its bytes are known."""
        return [self._recall(record) for record in records]

    def _recall(self, record: Record) -> list[Finding]:
        place = record.place
        if not isinstance(place, Place):
            return super().check_all([record])[0]
        self._times[place.raw] += 1
        comment = place.comment
        before = comment._replace(line=place.line - comment.line) if isinstance(comment, Comment) else None
        key = (place.raw, place.behind, self._times[place.raw], before)
        known = self._known.get(key)
        if known is None:
            self.checked += 1
            found = super().check_all([record])[0]
        else:  # the same text, but perhaps on other lines now
            line, found = known
            for finding in found:
                finding.record = record
                if finding.place is not None:
                    finding.place = finding.place.moved(place.line - line)
        self._met[key] = place.line, found
        return found


class Entry(NamedTuple):
    """A record as an outline shows it: its title, its first and last line (1-based)."""

    title: str
    first: int
    last: int


class Documents:
    """Checks and repairs texts by the settings of the folder the server was started in."""

    def __init__(self, settings: Settings) -> None:
        self._engine = build_engine(settings)
        self._remembering: dict[str, Remembering] = {}
        self._repairing = build_engine(settings, repairing=True)

    def forget(self, name: str) -> None:
        """A document was closed."""
        self._remembering.pop(name, None)

    def check(self, name: str, text: str) -> list[Finding]:
        """What is wrong with a text. Raises SourceError when it is no format that reflint reads."""
        engine = self._remembering.setdefault(name, Remembering(self._engine))
        engine.begin()
        findings = []
        for event in checking.check([STDIN], engine, stdin=_bytes(text), stdin_name=name):
            if isinstance(event, Finding):
                findings.append(event)
            elif isinstance(event, SourceReport) and event.error:
                raise SourceError(event.error)
        return findings

    def checked(self, name: str) -> int:
        """How many records of a document were really checked, from memory none."""
        return self._remembering[name].checked

    def repaired(self, name: str, text: str, safeties: Collection[str] = SAFE) -> str:
        """A text with all repairs of these safeties. Raises SourceError as `check` does."""
        output = io.BytesIO()
        events = checking.fix([STDIN], self._repairing, safeties, stdin=_bytes(text), stdin_name=name, output=output)
        for event in events:
            if isinstance(event, SourceReport) and event.error:
                raise SourceError(event.error)
        return output.getvalue().decode("utf-8", "replace")

    def with_fix(self, name: str, text: str, finding: Finding) -> str:
        """A text with the repair of one finding of `check`, and no other. Raises SourceError when it does not fit."""
        record, data = finding.record, _bytes(text)
        edits = finding.fix.edits if finding.fix else ()
        if record is None or record.format.name == "ris":
            return self._ris_with_fix(name, data, finding).decode("utf-8", "replace")
        if record.format.name == "csl":
            return csl.apply(data, record.index, edits).decode("utf-8", "replace")
        if record.format.name == "zotero":
            library = zotero.read(data, name=name)
            item = zotero.apply_to_item(library[record.index], edits)
            return zotero.stitched(library, [item]).decode("utf-8", "replace")
        return text

    def _ris_with_fix(self, name: str, data: bytes, finding: Finding) -> bytes:
        record = finding.record

        def of_record(one: Record) -> list[Finding]:
            return [finding] if record is not None and one.index == record.index else []

        about_file = [finding] if record is None else []
        new, left = repair_accepted(Held(data), self._engine.of(name), of_record, about_file)
        if left:
            raise SourceError(f"{name}: the repair of {finding.rule} does not fit the text")
        return new

    def entries(self, name: str, text: str) -> Iterator[Entry]:
        """The records of a text, in order. Raises SourceError as `check` does."""
        data = _bytes(text)
        format = format_of(name, head_of(io.BytesIO(data)))
        if format == "ris":
            for raw, line, record in ris.stream(io.BytesIO(data)):
                if record is not None:
                    yield Entry(_title(record), line, line + max(raw.rstrip().count(b"\n"), 0))
        elif format in ("csl", "zotero"):
            items = list((csl if format == "csl" else zotero).read(data, name=name))
            starts = [span.start_line if (span := item.format.span(item, None)) else 1 for item in items]
            ends = [
                max(start, following - 1)
                for start, following in zip(starts, [*starts[1:], text.count("\n") + 1], strict=True)
            ]
            yield from map(Entry, map(_title, items), starts, ends)


def _title(record: Record) -> str:
    return record.format.title(record) or record.key or f"record {record.index + 1}"


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "replace")
