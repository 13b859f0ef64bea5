"""Files as wholes: what is said once a file, and what stands between and around the records."""

from __future__ import annotations

import io

import pytest

from reflint.engine.files import check_library, repair_library, wanted_line_end
from reflint.engine.pack import load
from reflint.engine.run import Engine
from reflint.formats import ris
from reflint.model.finding import Finding
from tests.inputs import FIXTURES, RULES

RULES_ALL = load(RULES).rules
RECORD = b"TY  - JOUR\nTI  - Salt\nER  - \n\n"
ONE_SPACE = b"TY - JOUR\nTI - Salt\nER - \n\n"
TABBED = b"TY\t- JOUR\nTI\t- Salt\nER\t- \n\n"
CP1252 = "TY  - JOUR\nTI  - Stra\xdfe\nER  - \n\n".encode("cp1252")


def engine(*codes: str) -> Engine:
    return Engine([rule for rule in RULES_ALL if rule.id in codes])


def found(data: bytes, *codes: str) -> list[Finding]:
    return list(check_library(ris.Library(data), engine(*codes)))


def repaired(data: bytes, *codes: str) -> bytes:
    return repair_library(ris.Library(data), engine(*codes), ("safe",))


def lines(data: bytes, *codes: str) -> list[int]:
    return [finding.span.start_line for finding in found(data, *codes) if finding.span]


def test_a_separator_that_deviates_in_all_records_alike_is_one_finding():
    (finding,) = found(ONE_SPACE * 3, "RIS001")
    assert finding.message.startswith("all 3 records: ")
    assert finding.span == (1, 1, 1, 10)
    assert "records" not in found(ONE_SPACE, "RIS001")[0].message


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (ONE_SPACE * 2 + RECORD, [1, 5]),
        (RECORD + ONE_SPACE * 2, [5, 9]),
        (ONE_SPACE + RECORD + ONE_SPACE, [1, 9]),
        (ONE_SPACE + TABBED, [1, 5]),
        (RECORD * 2, []),
    ],
    ids=["a good one last", "a good one first", "a good one between", "two ways", "all good"],
)
def test_separators_that_deviate_in_some_records_are_named_at_each(data: bytes, expected: list[int]):
    assert lines(data, "RIS001") == expected


def test_every_record_is_repaired_though_one_finding_stands_for_all():
    assert repaired(ONE_SPACE * 3, "RIS001") == RECORD * 3


@pytest.mark.parametrize(
    ("data", "expected", "after"),
    [
        (b"Head\n\n" + RECORD, [1], b"\n" + RECORD),
        (RECORD + b"1. \n\n<2. >\n" + RECORD, [5], RECORD + b"\n" + RECORD),
        (RECORD + b"Search strategy: salt\n", [5], RECORD),
        (RECORD + b"# reflint: ignore[DOI001] none\n" + RECORD, [], None),
        (
            RECORD + b"  # reflint: ignore[DOI001]\nnote\n" + RECORD,
            [6],
            RECORD + b"  # reflint: ignore[DOI001]\n" + RECORD,
        ),
        (RECORD + b"\n\n" + RECORD, [], None),
        (RECORD + b"NL  - \n" + RECORD, [5], RECORD + RECORD),
        (b"\rHead\n" + RECORD, [1], RECORD),
        (
            (b"Head\n\n# reflint: ignore[X]\n" + RECORD).replace(b"\n", b"\r"),
            [1],
            (b"\n# reflint: ignore[X]\n" + RECORD).replace(b"\n", b"\r"),
        ),
    ],
    ids=[
        "a header",
        "numbers",
        "at the end",
        "a suppression",
        "beside a suppression",
        "blank lines",
        "a stray tag",
        "a lone CR",
        "CR alone",
    ],
)
def test_content_outside_records_is_named_and_dropped_but_suppressions_stay(
    data: bytes, expected: list[int], after: bytes | None
):
    assert lines(data, "RIS003") == expected
    assert repaired(data, "RIS003") == (data if after is None else after)


def test_what_stands_outside_is_counted_and_shown():
    (finding,) = found(b"One\n\nTwo\n" + RECORD, "RIS003")
    assert "2 lines, `One`" in finding.message
    assert finding.span == (1, 1, 3, 4)
    assert finding.record is None


def test_a_fault_of_a_record_behind_the_end_of_another_stands_behind_it():
    (finding,) = found(RECORD.rstrip() + b"TY - BOOK\nTI  - Sea\nER  - \n", "RIS001")
    assert finding.span == (3, 6, 3, 15)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (RECORD, []),
        (RECORD.replace(b"\n", b"\r\n"), []),
        (b"\xef\xbb\xbf" + RECORD, ["byte order mark"]),
        (RECORD.replace(b"\n", b"\r"), ["CR alone"]),
        (RECORD.replace(b"\n", b"\r\r\n"), ["CR CR LF"]),
        (RECORD.strip().replace(b"\n", b"\n\r") + b"\n\r", ["lines end with LF CR", "does not end"]),
        (RECORD + RECORD.replace(b"\n", b"\r\n"), ["mixed (4 LF, 4 CRLF)"]),
        (RECORD + RECORD.strip().replace(b"\n", b"\n\r") + b"\r\n", ["mixed (4 LF, 1 CRLF, 2 LFCR)"]),
        (RECORD.rstrip(), ["does not end"]),
        (b"\xef\xbb\xbf" + RECORD.replace(b"\n", b"\r\n", 1).rstrip(), ["byte order mark", "mixed", "does not end"]),
        (b"", []),
        (b"TY  - JOUR\nN1  - one\rtwo\nER  - \n", []),
    ],
)
def test_marks_and_line_ends_are_named_once_a_file(data: bytes, said: list[str]):
    messages = [finding.message for finding in found(data, "RIS010")]
    assert len(messages) == len(said)
    for message, words in zip(messages, said, strict=True):
        assert words in message


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"\xef\xbb\xbf" + RECORD, RECORD),
        (RECORD.replace(b"\n", b"\r"), RECORD),
        (RECORD.replace(b"\n", b"\r").rstrip(b"\r"), RECORD.rstrip(b"\n") + b"\n"),
        (RECORD.replace(b"\n", b"\r\r\n"), RECORD.replace(b"\n", b"\r\n")),
        (RECORD.rstrip().replace(b"\n", b"\n\r") + b"\n\r", RECORD.rstrip() + b"\n"),
        (RECORD.replace(b"\n", b"\n\r").replace(b"\n\r", b"\r\n\r", 1), RECORD),
        (RECORD * 2 + RECORD.replace(b"\n", b"\r\n"), RECORD * 3),
        (RECORD + RECORD.replace(b"\n", b"\r\n") * 2, RECORD.replace(b"\n", b"\r\n") * 3),
        (RECORD.rstrip(), RECORD.rstrip() + b"\n"),
        (RECORD.replace(b"\n", b"\r\n").rstrip(), RECORD.replace(b"\n", b"\r\n").rstrip() + b"\r\n"),
        (b"TY  - JOUR\nN1  - one\rtwo\nER  - \r\n", b"TY  - JOUR\nN1  - one\rtwo\nER  - \n"),
        (RECORD, RECORD),
    ],
)
def test_marks_and_line_ends_are_repaired_and_nothing_else(data: bytes, expected: bytes):
    assert repaired(data, "RIS010") == expected
    assert found(expected, "RIS010") == []


def test_line_ends_stay_where_the_rule_does_not_run():
    for data in (
        RECORD.replace(b"\n", b"\r\r\n"),
        RECORD + RECORD.replace(b"\n", b"\r\n"),
        b"\xef\xbb\xbf" + RECORD.rstrip(),
    ):
        assert repaired(data, "RIS009") == data


def test_line_ends_stay_where_the_rule_is_turned_off():
    rules = [rule for rule in RULES_ALL if rule.id in ("RIS010", "PAG003")]
    off = Engine(rules, severities={"RIS010": "off"})
    data = b"\xef\xbb\xbfTY  - JOUR\nTI  - Salt\r\nSP  - 330\nEP  - 7\nER  -"
    assert repair_library(ris.Library(data), off, ("safe",)) == data.replace(b"EP  - 7", b"EP  - 337")


def test_an_encoding_is_named_once_a_file():
    (finding,) = found(CP1252 * 3, "RIS011")
    assert "cp1252" in finding.message
    assert finding.message.endswith("(and 2 more records)")
    assert finding.span is not None
    assert finding.span.start_line == 2


def test_an_announced_encoding_is_named_at_the_start():
    (finding,) = found((FIXTURES / "utf16.ris").read_bytes(), "RIS011")
    assert "UTF-16-LE" in finding.message
    assert finding.span == (1, 1, 1, 1)


def test_utf16_becomes_utf8_without_a_mark():
    data = b"\xff\xfe" + "TY  - JOUR\r\nTI  - Größe\r\nER  - \r\n".encode("utf-16-le")
    assert repaired(data, "RIS011") == "TY  - JOUR\r\nTI  - Größe\r\nER  - \r\n".encode()
    assert repaired(data, "RIS009") == data


def test_utf16_without_a_last_line_end_gets_one_in_its_own_encoding():
    data = b"\xff\xfe" + "TY  - JOUR\r\nER  - ".encode("utf-16-le")
    assert repaired(data, "RIS010") == data + "\r\n".encode("utf-16-le")


def test_a_file_that_lies_about_its_encoding_is_left():
    data = b"\xff\xfeT"
    assert repair_library(ris.Library(data), Engine(RULES_ALL), ("safe",)) == data


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", None),
        (b"no line end", None),
        (b"a\nb\n", None),
        (b"a\r\nb\r\n", None),
        (b"a\nb\nc\r\n", b"\n"),
        (b"a\nb\r\nc\r\n", b"\r\n"),
        (b"a\nb\r\n", b"\n"),
        (b"a\rb\r", b"\n"),
        (b"a\rb", b"\n"),
        (b"a\r\r\nb\r\r\n", b"\r\n"),
        (b"a\nb\rc\n", None),
        (b"a\n\rb\n", b"\n"),
        (b"a\n\r\nb\n", b"\n"),
        (b"a\r\nb\n\r", b"\n"),
        (b"a\r\n\rb\r\n", b"\r\n"),
        (b"a\r\nb\n\r\rc\r\n", b"\r\n"),
        (b"a\n\r\r", b"\n"),
        (b"\xff\xfe" + "a\r\nb\r\n".encode("utf-16-le"), None),
        (b"\xff\xfe" + "a\r\nb\n".encode("utf-16-le"), b"\n"),
    ],
)
@pytest.mark.parametrize("padding", [0, (1 << 18) - 2, (1 << 18) - 1, 1 << 18])
def test_the_line_end_of_most_lines_is_wanted_where_they_are_mixed(data: bytes, expected: bytes | None, padding: int):
    if padding and data.startswith(b"\xff\xfe"):
        return
    assert wanted_line_end(io.BytesIO(b"x" * padding + data), engine("RIS010")) == expected


def test_no_line_end_is_wanted_where_the_rule_does_not_run():
    assert wanted_line_end(io.BytesIO(b"a\nb\r\n"), engine("RIS009")) is None
