"""What fuzzing found in whole files: each case smallest, with what is right."""

from __future__ import annotations

import pytest

from reflint.engine.files import check_library, repair_library
from reflint.engine.pack import load
from reflint.engine.run import Engine
from reflint.formats import ris
from tests.inputs import RULES

ENGINE = Engine(load(RULES).rules)
RECORD = b"TY  - JOUR\nTI  - Salt\nPY  - 2019\nER  - \n\n"


@pytest.mark.parametrize(
    ("data", "expected"),
    [(b"1.\n\r" + RECORD, RECORD), (RECORD + b"2.\n\r" + RECORD, RECORD + RECORD)],
    ids=["at the beginning", "between records"],
)
def test_a_stray_line_that_ends_with_lf_cr_goes_with_its_cr(data: bytes, expected: bytes):
    """The CR that stayed made the TY line behind it no TY line."""
    once = repair_library(ris.Library(data), ENGINE, ("safe",))
    assert once == expected
    assert [one.type for one in ris.read(once)] == [one.type for one in ris.read(data)]
    assert [one.rule for one in check_library(ris.Library(data), ENGINE)].count("RIS003") == 1


@pytest.mark.parametrize("end", [b"\n\r", b"\r\n\r", b"\n\r\r"], ids=["LFCR", "CRLFCR", "LFCRCR"])
def test_a_stray_line_behind_lf_cr_leaves_no_line_end_of_another_kind(end: bytes):
    """The CR before it and the LF behind it became a CRLF, which only a second repair saw."""
    data = RECORD.rstrip(b"\n") + end + b"Page 1\n\n" + RECORD
    once = repair_library(ris.Library(data), ENGINE, ("safe",))
    assert once == RECORD + RECORD
    assert repair_library(ris.Library(once), ENGINE, ("safe",)) == once


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r\r\n"], ids=["LF", "CRLF", "CRCRLF"])
@pytest.mark.parametrize("last", [b"TI  - Silt", b"T1  -  Silt ", b"TI  - Silt\r"])
def test_a_last_line_that_is_a_record_is_ended_as_the_others_are(end: bytes, last: bytes):
    """The ER that it gets made a file of mixed line ends."""
    once = repair_library(ris.Library(RECORD.replace(b"\n", end) + last), ENGINE, ("safe",))
    wanted = b"\n" if end == b"\n" else b"\r\n"
    assert once.startswith(RECORD.replace(b"\n", wanted) + last.split()[0])
    assert once.endswith(b"ER  - " + wanted * 2)
    assert repair_library(ris.Library(once), ENGINE, ("safe",)) == once
