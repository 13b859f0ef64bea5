"""Fuzzes RIS: no byte is lost, the fast ways agree with the plain ones, and a repair comes to rest, for any bytes."""

from __future__ import annotations

import codecs
import io
import pickle
import random
import zlib
from collections.abc import Iterable, Iterator

import atheris

with atheris.instrument_imports(include=["reflint"]):
    from reflint.engine.files import check_library, check_stream, repair_stream, wanted_line_end
    from reflint.engine.pack import load
    from reflint.engine.ranges import After, Carried, Cutter, Wait, after, in_ranges, pass_over
    from reflint.engine.run import Engine
    from reflint.errors import SourceError
    from reflint.formats import ris
    from reflint.formats.ris.compose import ris_of
    from reflint.formats.ris.emit import apply
    from reflint.formats.ris.encoding import BOM_LENGTH
    from reflint.formats.ris.lines import physical_lines
    from reflint.model.edit import Edit
    from reflint.model.finding import Finding
    from reflint.model.record import Record, Span

from fuzz.running import CORPUS, ROOT, run, seed

RULES = load(ROOT / "rules").rules
FAST, PLAIN, REPAIRING = Engine(RULES), Engine(RULES, plain=True), Engine(RULES, repairing=True)
SAFETIES = ("safe",), ("safe", "unsafe")
DICTIONARY = (
    "TY  - ", "ER  - ", "ER  -", "TY - ", "ty  - ", "TI  - ", "AU  - ", "DO  - ", "PY  - ", "SP  - ", "JOUR",
    "\r\n", "\r\r\n", "\n", "\r", "\ufeff", "–", "\u2028", "# reflint: ignore[", "reflint:ignore[", "10.5555/",
)  # fmt: skip
ENDS = (b"\n", b"\r\n", b"\r", b"\r\r\n", b"\n\r", b"")
HEAD = len("TY  - ")
"""How long the beginning of a line is that names its field."""


def inputs() -> dict[str, bytes]:
    """The fixtures, and a record in every encoding that is read."""
    found = {path.stem: path.read_bytes() for path in sorted((ROOT / "fixtures").glob("*.ris"))}
    text = "TY  - JOUR\r\nAU  - Nuñez, Å.\r\nTI  - Straße und “Moor”\r\nPY  - 2019/1\r\nER  - \r\n\r\n"
    found |= {name: codecs.lookup(name).encode(text, "replace")[0] for name in ("latin-1", "cp1252", "gb18030")}
    boms = {"utf-16-le": codecs.BOM_UTF16_LE, "utf-32-le": codecs.BOM_UTF32_LE, "utf-32-be": codecs.BOM_UTF32_BE}
    return found | {name: bom + text.encode(name) for name, bom in boms.items()}


def changed(data: bytes, longest: int, number: int) -> bytes:
    """A file with some of its lines gone, elsewhere, twice, changed or ended otherwise; else with bytes changed."""
    chance = random.Random(number)
    lines = data.splitlines(keepends=True)
    if not lines or chance.random() < 0.5:
        return bytes(atheris.Mutate(data, longest))
    for _ in range(chance.randint(1, 4)):
        at, other = chance.randrange(len(lines)), chance.choice(lines)
        line, what = lines.pop(at), chance.randrange(6)
        if what == 1:
            lines.insert(chance.randint(0, len(lines)), line)
        elif what == 2:
            lines[at:at] = [line, other]
        elif what == 3:
            lines.insert(at, line.rstrip(b"\r\n") + chance.choice(ENDS))
        elif what == 4:
            lines.insert(at, other[:HEAD] + line[HEAD:])
        elif what == 5 or not lines:
            lines.insert(at, line[:HEAD] + bytes(atheris.Mutate(line[HEAD:], 2 * len(line) + 8)))
    return b"".join(lines)[:longest]


def shown(finding: Finding) -> tuple[object, ...]:
    """All that a reader of a finding sees."""
    index = finding.record and finding.record.index
    words = finding.rule, finding.message, finding.severity, finding.confidence, finding.value
    return *words, index, finding.span, finding.fix, finding.fingerprint


def findings(data: bytes, engine: Engine = FAST) -> list[Finding]:
    """The findings about a file; none where its byte order mark lies."""
    try:
        return list(check_library(ris.Library(data), engine))
    except SourceError:
        return []


def said(segments: Iterable[ris.Segment]) -> list[tuple[object, ...]]:
    """All that was read."""
    return [(raw, line, r and (r.index, r.type, r.names, r.values)) for raw, line, r in segments]


def place_of(record: Record) -> ris.Place:
    """The place of a record that was read from RIS."""
    assert isinstance(record.place, ris.Place)
    return record.place


class Drops(io.BytesIO):
    """A file that comes in drops once its beginning is read."""

    def __init__(self, data: bytes, size: int) -> None:
        super().__init__(data)
        self._size = size

    def read(self, size: int | None = -1, /) -> bytes:
        """Less than was asked for."""
        return super().read(min(size, self._size) if size and size > BOM_LENGTH else size)


class InPlace:
    """Where findings may stand in a file: its lines are as wide as they are long, in code points."""

    def __init__(self, library: ris.Library) -> None:
        whole = b"".join(segment.raw for segment in library.segments)
        end = "\n" if b"\n" in whole else "\r"
        self._widths: dict[int, int] = {}
        for raw, line, record in library.segments:
            text = raw.decode(place_of(record).codec if record else "utf-8", "replace")
            for number, content in enumerate(text.split(end), line):
                self._widths[number] = self._widths.get(number, 0) + len(content)

    def demand(self, finding: Finding) -> None:
        """A finding stands within the file, and what it marks of a value is what stands there."""
        span, record, within = finding.span, finding.record, finding.within
        assert span is not None, f"{finding.rule} stands nowhere"
        begin, end = (span.start_line, span.start_column), (span.end_line, span.end_column)
        assert (1, 1) <= begin <= end, f"{finding.rule} ends before it begins: {span}"
        for line, column in (begin, end):
            assert 1 <= column <= self._widths.get(line, 0) + 1, f"{finding.rule} stands outside the file: {span}"
        if record is not None and within is not None and finding.place is None:
            assert 0 <= within[0] <= within[1] <= len(finding.value), f"{finding.rule} marks what is no value: {within}"
            if finding.value:
                assert marked(record, span) == finding.value[slice(*within)], f"{finding.rule} marks other text: {span}"


def marked(record: Record, span: Span) -> str:
    """The text of a record that a span marks."""
    place = place_of(record)
    text = " " * place.behind + place.raw.decode(place.codec)
    contents = [content for content, _ in physical_lines(text, place.cr_only)]
    lines = contents[span.start_line - place.line : span.end_line - place.line + 1]
    lines[-1] = lines[-1][: span.end_column - 1]
    lines[0] = lines[0][span.start_column - 1 :]
    return "\n".join(lines)


def due(finding: Finding, safeties: tuple[str, ...]) -> bool:
    """Whether a repair should have been made: none is that cannot be written, in the record's encoding for example."""
    if not finding.fix or not finding.fix.edits or finding.fix.safety not in safeties:
        return False
    if finding.record is None:
        return True
    try:
        apply(finding.record, finding.fix.edits)
    except SourceError:
        return False
    return True


def demand_the_rest(record: Record, edits: tuple[Edit, ...]) -> None:
    """Edits change no line but those of the fields they are about; what they add stands behind or in front of them."""
    try:
        new = place_of(apply(record, edits))
    except SourceError:
        return
    codec = "utf-8" if any(edit.part == "encoding" for edit in edits) else place_of(record).codec
    at, text = 0, new.raw.decode(codec)
    *stretches, last = kept(record, edits)
    for number, stretch in enumerate(stretches):
        found = text.find(stretch, at)
        assert found == 0 or (number and found > 0), f"{edits} change {stretch!r}"
        at = found + len(stretch)
    assert text == last or (stretches and text[at:].endswith(last)), f"{edits} change {last!r}"


def kept(record: Record, edits: tuple[Edit, ...]) -> list[str]:
    """The stretches of a record's text that are not for these edits to change: before, between and behind."""
    place = place_of(record)
    lines = place.lines
    touched: set[int] = set()
    opened: set[int] = set()  # lines before which others may come
    for edit in edits:
        first, stop = place.ranges[max(edit.position, 0)]
        if edit.part == "value" and edit.op == "insert":
            opened.add(stop if edit.position >= 0 else first)
        elif edit.part == "end" and edit.op == "insert":
            opened.add(1 + max(number for number, line in enumerate(lines) if line.tag or line.value.strip()))
        elif edit.part == "value":
            touched |= set(range(first, stop))
        elif edit.part == "separator" and edit.position >= 0:
            touched.add(first)
        elif edit.part != "encoding":
            touched |= {number for number, line in enumerate(lines) if line.tag == "ER"}
    ended = "\r" if place.cr_only else "\n"
    touched |= {number - 1 for number in opened if number and ended not in lines[number - 1].end}
    found = [""]
    for number, line in enumerate(lines):
        if number in touched | opened:
            found.append("")
        if number not in touched:
            found[-1] += line.head + line.value + line.end
    return [*found, *([""] if len(lines) in opened else [])]


def repaired(data: bytes, safeties: tuple[str, ...], engine: Engine) -> bytes:
    """The bytes of a file after repair; those of every stretch about which nothing was repaired are what they were."""
    line_end = wanted_line_end(io.BytesIO(data), engine)
    try:
        stream = ris.Stream(io.BytesIO(data))
    except SourceError:
        return data
    pieces = list(repair_stream(stream, engine, safeties, line_end))
    assert b"".join(piece.old for piece in pieces) == data, "the pieces of a repair are not the file"
    odd = [piece for piece in pieces if piece.new != piece.old and not piece.applied]
    assert not odd or line_end or stream.codec != "utf-8", f"changed without a repair: {odd}"
    return b"".join(piece.new for piece in pieces)


def in_pieces(data: bytes) -> list[Finding]:
    """The findings about a file that is cut between its records into ranges wherever that can be."""
    stream = ris.Stream(io.BytesIO(data))

    def give(block: bytes, carried: Carried) -> Wait[list[Finding]]:
        way, segments = pass_over(block, FAST, carried)
        found = list(way.check(segments))
        then: After = pickle.loads(pickle.dumps(after(way)))

        def counted(shift: int) -> list[Finding]:
            for record in {id(one.record): one.record for one in found if one.record is not None}.values():
                record.index += shift
            return found

        return lambda: (counted, then)

    ranges = check_stream(stream, FAST, lambda way: in_ranges(Cutter(stream.read, 1), way, way.check, give, ahead=2))
    return [one for several in ranges for one in (several if isinstance(several, list) else [several])]


def reading(data: bytes) -> ris.Library:
    """The laws of reading."""
    fast, plain = ris.Library(data), ris.Library(data, plain=True)
    assert ris.write(fast) == data, "writing is not what was read"
    assert ris.write(plain) == data, "writing is not what was read line by line"
    assert said(fast.segments) == said(plain.segments), "the fast reader and the plain one differ"
    for record in fast:
        again = ris.read(ris_of(ris.RIS.csl(record)).encode("utf-8", "replace"))
        assert len(again) == 1, "a record converted is no longer one"
    return fast


def checking(data: bytes, library: ris.Library) -> list[Finding]:
    """The laws of checking."""
    found = findings(data)
    assert list(map(shown, found)) == list(map(shown, findings(data, PLAIN))), "fast and plain engine differ"
    assert not [f.message for f in found if f.rule == "REF001"], "a rule failed"
    places = InPlace(library)
    for finding in found:
        places.demand(finding)
        if finding.record is not None and finding.fix:
            demand_the_rest(finding.record, finding.fix.edits)
    return found


def repairing(data: bytes) -> Iterator[bytes]:
    """The laws of repairing; what comes of each kind of repair."""
    for safeties in SAFETIES:
        once = repaired(data, safeties, REPAIRING)
        left = [f"{f.rule} {f.message}" for f in findings(once) if due(f, safeties)]
        assert not left, f"left to repair after {safeties}: {left}"
        assert repaired(once, safeties, FAST) == once, f"a second repair ({safeties}) changes more"
        yield once


def elsewhere(data: bytes, number: int, found: list[Finding], fixed: bytes) -> None:
    """The laws of other ways to the same: a file in drops, in ranges, in another encoding."""
    try:
        stream = ris.Stream(Drops(data, 1 + number % 61))
    except SourceError:
        return
    assert said(stream) == said(ris.Library(data).segments), "a file in drops is another"
    assert list(map(shown, in_pieces(data))) == list(map(shown, found)), "a file in ranges is another"
    try:
        other = codecs.BOM_UTF16_BE + data.decode().encode("utf-16-be")
    except UnicodeDecodeError:
        return
    if not stream.bom:
        ours, theirs = ([shown(f) for f in several if f.record is not None] for several in (found, findings(other)))
        assert ours == theirs, "a file in UTF-16 is another"
        assert repaired(other, SAFETIES[0], FAST) == fixed, "a file in UTF-16 is repaired otherwise"


def one(data: bytes) -> None:
    """All laws; those that seldom tell anything new for one input in four."""
    library = reading(data)
    found = checking(data, library)
    fixed, _ = repairing(data)
    number = zlib.crc32(data)
    if number % 4 == 0:
        elsewhere(data, number, found, fixed)


if __name__ == "__main__":
    seed(CORPUS / "ris", inputs())
    run("ris", one, dictionary=DICTIONARY, longest=4096, mutator=changed)
