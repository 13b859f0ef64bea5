"""What is said of a file around its records, each with its place and its repair; and what waits for the file's end."""

from __future__ import annotations

import io
from collections.abc import Iterable

import pytest

from reflint.engine.pack import load
from reflint.engine.run import Engine
from reflint.engine.whole import FileRules, Gathered, ends, lines_of
from reflint.formats import csl, ris
from reflint.formats.ris import RIS, Place, Segment, Stream
from reflint.formats.ris.chunks import Reader
from reflint.model.edit import Edit, Fix
from reflint.model.finding import Finding
from reflint.model.record import Record
from tests.inputs import RULES

OF_FILES = {rule.id: rule for rule in load(RULES).rules if rule.id in ("RIS003", "RIS010", "RIS011")}


def rules(*codes: str, severities: dict[str, str] | None = None) -> FileRules:
    return FileRules(Engine([OF_FILES[code] for code in codes or OF_FILES], severities=severities))


def gap(raw: bytes, cr_only: bool = False) -> Finding | None:
    return rules().about_gap(Segment(raw, 5, None), cr_only)


@pytest.mark.parametrize(
    ("raw", "cr_only", "expected"),
    [
        (b"", False, []),
        (b"a\n\r\nb", False, [b"a\n", b"\r\n", b"b"]),
        (b"a\rb\r\n\n", False, [b"a\rb\r\n", b"\n"]),
        (b"a\r\rb", True, [b"a\r", b"\r", b"b"]),
        (b"a\nb\r", True, [b"a\nb\r"]),
    ],
)
def test_lines_keep_their_ends(raw: bytes, cr_only: bool, expected: list[bytes]) -> None:
    assert lines_of(raw, cr_only) == expected


@pytest.mark.parametrize(
    ("last", "cr_only", "expected"),
    [(b"", False, True), (b"\n", False, True), (b"a\r", False, False), (b"a\r", True, True), (b"a\n", True, True),
     (b"a", True, False), (b"a", False, False)],
)  # fmt: skip
def test_whether_a_file_ends_with_a_line_end(last: bytes, cr_only: bool, expected: bool) -> None:
    assert ends(last, cr_only) is expected


@pytest.mark.parametrize(
    ("raw", "said", "span", "content"),
    [
        (b"1.\n", "1 line, `1.`", (5, 1, 5, 3), "1."),
        (b"\n  Head \r\n\n<2. >\n\n", "2 lines, `Head`", (6, 1, 8, 6), "  Head \n<2. >"),
        (b"# reflint: ignore[DOI001]\n3.\n", "1 line, `3.`", (6, 1, 6, 3), "3."),
        (b"Stra\xdfe\n\xdf\n", "2 lines, `Stra\ufffde`", (5, 1, 6, 2), "Stra\ufffde\n\ufffd"),
        (b"x" * 70 + b"\n", f"1 line, `{'x' * 59}…`", (5, 1, 5, 71), "x" * 70),
    ],
)
def test_content_between_records(raw: bytes, said: str, span: tuple[int, ...], content: str) -> None:
    finding = gap(raw)
    assert finding is not None
    assert finding.message == f"Content outside the records ({said})"
    assert (finding.rule, finding.slug, finding.severity) == ("RIS003", "content-outside-record", "warning")
    assert finding.span == span
    assert finding.fix == Fix("Drop the lines", "safe", (Edit("delete", "", -1, content, None, part="stray"),))


@pytest.mark.parametrize("raw", [b"", b"\n \t\r\n", b" \t#\treflint: anything\n\n"])
def test_blank_lines_and_suppressions_are_no_content(raw: bytes) -> None:
    assert gap(raw) is None


def test_content_in_a_file_of_old_macs() -> None:
    finding = gap(b"\rHead\rmore\r", cr_only=True)
    assert finding is not None
    assert finding.span == (6, 1, 7, 5)


def start(data: bytes, *codes: str, **severities: str) -> list[Finding]:
    return list(rules(*codes, severities=severities).about_start(Stream(io.BytesIO(data))))


UTF16 = "\ufeffTY  - JOUR\n".encode("utf-16-le")
MARKED = b"\xef\xbb\xbfTY  - JOUR\n"


def test_a_byte_order_mark_is_told_and_goes() -> None:
    (finding,) = start(MARKED)
    assert (finding.rule, finding.message) == (
        "RIS010",
        "In this file a byte order mark stands before the first line",
    )
    assert finding.span == (1, 1, 1, 1)
    assert finding.fix is not None
    assert (finding.fix.safety, finding.fix.edits) == (
        "safe",
        (Edit("delete", "", -1, "\ufeff", None, part="line ends"),),
    )


def test_an_announced_encoding_is_told_and_becomes_utf8() -> None:
    (finding,) = start(UTF16)
    assert (finding.rule, finding.message) == ("RIS011", "Not UTF-8; it reads as UTF-16-LE")
    assert finding.span == (1, 1, 1, 1)
    assert finding.fix is not None
    edit = Edit("set", "", -1, "utf-16-le", "utf-8", part="encoding")
    assert (finding.fix.safety, finding.fix.edits) == ("safe", (edit,))


@pytest.mark.parametrize(
    ("data", "codes", "severities"),
    [
        (b"TY  - JOUR\n", (), {}), (UTF16, ("RIS010",), {}), (MARKED, ("RIS011",), {}),
        (UTF16, (), {"RIS011": "off"}), (MARKED, (), {"RIS010": "off"}),
    ],
)  # fmt: skip
def test_nothing_is_said_of_the_start_of_a_plain_file_or_by_a_rule_that_does_not_run(
    data: bytes, codes: tuple[str, ...], severities: dict[str, str]
) -> None:
    assert start(data, *codes, **severities) == []


def test_the_severity_is_that_of_the_settings_and_a_rule_without_repair_offers_none() -> None:
    (finding,) = start(MARKED, RIS010="error")
    assert finding.severity == "error"
    bare = FileRules(Engine([OF_FILES["RIS003"]._replace(fix=None)]))
    found = bare.about_gap(Segment(b"Head\n", 1, None), False)
    assert found is not None
    assert found.fix is None


def at_end(last: bytes, cr_only: bool = False, **severities: str) -> list[Finding]:
    """What is said of a file whose last line, the 9th, this is, after one of each kind of line end in it."""
    reader = Reader(RIS, cr_only=cr_only)
    reader.line = 9
    for number, end in enumerate(("\n", "\r\n", "\r\r\n"), 1):
        reader.line_ends[end] = number * last.startswith(end.encode())
    reader.line_ends["\n"] += 3 * (last[:3] == b"mix")
    reader.line_ends["\r\n"] += 2 * (last[:3] == b"mix")
    return list(rules(severities=severities).about_end(reader, last))


ALIKE = (Edit("set", "", -1, None, None, part="line ends"),)
ENDED = (Edit("insert", "", -1, None, "\n", part="line ends"),)


@pytest.mark.parametrize(
    ("last", "cr_only", "expected"),
    [
        (b"\nx\n", False, []),
        (b"\r\nx\r\n", False, []),
        (b"\r\r\nx\r\n", False, [("lines end with CR CR LF", (1, 1, 1, 1), ALIKE)]),
        (b"x\r", True, [("lines end with CR alone", (1, 1, 1, 1), ALIKE)]),
        (b"mixed\n", False, [("line ends are mixed (3 LF, 2 CRLF)", (1, 1, 1, 1), ALIKE)]),
        (b"", False, []),
        (b"x", False, [("the last line does not end", (9, 1, 9, 1), ENDED)]),
        (
            b"mixed",
            False,
            [
                ("line ends are mixed (3 LF, 2 CRLF)", (1, 1, 1, 1), ALIKE),
                ("the last line does not end", (9, 1, 9, 1), ENDED),
            ],
        ),
        (
            b"x",
            True,
            [("lines end with CR alone", (1, 1, 1, 1), ALIKE), ("the last line does not end", (9, 1, 9, 1), ENDED)],
        ),
    ],
)
def test_line_ends_are_told_at_the_end(last: bytes, cr_only: bool, expected: list[tuple[object, ...]]) -> None:
    found = at_end(last, cr_only)
    assert [
        (one.message.removeprefix("In this file "), one.span, one.fix and one.fix.edits) for one in found
    ] == expected
    assert {(one.rule, one.fix and one.fix.safety) for one in found} <= {("RIS010", "safe")}
    assert at_end(last, cr_only, RIS010="off") == []


def test_line_ends_are_not_told_without_their_rule() -> None:
    assert list(rules("RIS003").about_end(Reader(RIS, cr_only=True), b"x")) == []
    assert FileRules(Engine([OF_FILES["RIS010"]])).about_gap(Segment(b"Head\n", 1, None), False) is None


GOOD = b"TY  - JOUR\nTI  - Salt\nER  - \n\n"
ONE_SPACE = b"TY - JOUR\nTI - Salt\nER - \n\n"
TABBED = b"TY\t- JOUR\nTI\t- Salt\nER\t- \n\n"


def records(*parts: bytes) -> list[Record]:
    return list(ris.read(b"".join(parts)))


def said(rule: str, record: Record) -> Finding:
    return Finding(rule, rule.lower(), "warning", f"{rule} of {record.index}", record)


def passed(gathered: Gathered, found: Iterable[Finding], record: Record) -> list[str]:
    return [one.message for one in gathered.pass_on(record, list(found))]


def told(gathered: Gathered) -> list[str]:
    return [one.message for one in gathered.rest()]


def test_what_all_records_share_is_one_finding_and_leaves_the_first_as_it_was() -> None:
    gathered, three = Gathered(), records(ONE_SPACE * 3)
    first = said("RIS001", three[0])
    assert passed(gathered, [first, said("DOI001", three[0])], three[0]) == ["DOI001 of 0"]
    for record in three[1:]:
        assert passed(gathered, [said("RIS001", record)], record) == []
    assert told(gathered) == ["all 3 records: RIS001 of 0"] == told(gathered)
    assert first.message == "RIS001 of 0"


@pytest.mark.parametrize(
    ("parts", "deviating", "expected"),
    [
        ([ONE_SPACE], [0], [[], "RIS001 of 0"]),
        ([ONE_SPACE, ONE_SPACE, GOOD, ONE_SPACE], [0, 1, 3], [[], [], ["RIS001 of 0", "RIS001 of 1"], ["RIS001 of 3"]]),
        ([ONE_SPACE, TABBED, TABBED], [0, 1, 2], [[], ["RIS001 of 0", "RIS001 of 1"], ["RIS001 of 2"]]),
        ([GOOD, ONE_SPACE], [1], [[], ["RIS001 of 1"]]),
    ],
)
def test_what_only_some_records_have_or_in_two_ways_is_told_of_each(
    parts: list[bytes], deviating: list[int], expected: list[object]
) -> None:
    gathered = Gathered()
    found: list[object] = [
        passed(gathered, [said("RIS001", record)] if record.index in deviating else [], record)
        for record in records(*parts)
    ]
    assert [*found, *told(gathered)] == expected


def test_records_without_lines_deviate_in_no_way_of_their_own() -> None:
    (record,) = csl.read(b'[{"id": "a", "type": "book", "title": "Salt"}]')
    assert passed(Gathered(), [said("RIS001", record)], record) == ["RIS001 of 0"]


def test_what_is_said_once_a_file_counts_the_records_it_is_true_of() -> None:
    gathered, three = Gathered(), records(GOOD * 3)
    for record in three:
        assert passed(gathered, [said("RIS011", record)], record) == []
    assert told(gathered) == ["RIS011 of 0 (and 2 more records)"] == told(gathered)
    alone = Gathered()
    assert passed(alone, [said("RIS011", three[0])], three[0]) == []
    assert told(alone) == ["RIS011 of 0"]
    assert told(Gathered()) == []


def gathered_from(found: Iterable[tuple[str, Record]]) -> Gathered:
    gathered = Gathered()
    for rule, record in found:
        assert passed(gathered, [said("RIS001", record), said(rule, record)], record) == []
    return gathered


def test_two_stretches_of_a_file_held_back_together_say_what_one_would() -> None:
    four = records(ONE_SPACE * 4)
    one = gathered_from(("RIS011", record) for record in four[:2])
    other = gathered_from(("RIS011", record) for record in four[2:])
    other.deviating_elsewhere = 5
    one.deviating_elsewhere = 2
    one.take_in(other)
    assert told(one) == ["all 11 records: RIS001 of 0", "RIS011 of 0 (and 3 more records)"]
    assert (one.alike, one.dialect) == (True, four[0].place.dialect if isinstance(four[0].place, Place) else None)
    fresh = Gathered()
    fresh.take_in(other)
    assert told(fresh) == ["all 7 records: RIS001 of 2", "RIS011 of 2 (and 1 more records)"]
    fresh.take_in(Gathered(alike=False))
    assert not fresh.alike
