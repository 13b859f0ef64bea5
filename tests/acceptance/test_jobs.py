"""`--jobs`: several processes do the same work, and nobody can tell from what comes out."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.command import Shell
from tests.inputs import FIXTURES
from tests.scale.shelves import ONE_SPACE, PLAIN, ris

COUNT = 1_800
ABSTRACT = "Where the tide turns, the marsh begins. " * 60


def large(record: str = PLAIN) -> bytes:
    """More than four ranges of records."""
    return ris(COUNT, record, ABSTRACT)


@pytest.fixture(scope="module")
def plain() -> bytes:
    return large()


def small(n: int, more: str = "") -> str:
    return PLAIN.format(n=n, abstract="Tides.", more=more)


def both(reflint: Shell, *arguments: str) -> tuple[object, ...]:
    """One process and two; the second must not differ."""
    one, two = (reflint(*arguments, "--jobs", jobs) for jobs in ("1", "2"))
    assert (two.status, two.err) == (one.status, one.err)
    assert two.raw == one.raw
    return one


@pytest.mark.parametrize("how", ["-fconcise", "-fjson", "--statistics"])
def test_a_large_file_is_reported_to_the_byte_alike(reflint: Shell, plain: bytes, how: str):
    reflint.write("large.ris", plain)
    ran = both(reflint, "check", how, "large.ris")
    assert ran.status == 1
    assert "PAG003" in ran.out


def test_a_file_that_deviates_throughout_is_one_finding_with_all_its_records(reflint: Shell):
    reflint.write("pure.ris", large(ONE_SPACE).replace(b"TY  - BOOK\nTI  - Without an end\n", b""))
    ran = both(reflint, "check", "-fconcise", "--select", "RIS001,ABS001", "pure.ris")
    assert f"all {COUNT} records" in ran.out
    assert ran.codes.count("ABS001") == COUNT


def test_a_large_file_is_repaired_to_the_byte_alike(reflint: Shell, plain: bytes):
    written = []
    for jobs in ("1", "2"):
        path = reflint.write("large.ris", plain)
        ran = reflint("fix", "--unsafe-fixes", "-fconcise", "--jobs", jobs, "large.ris")
        written.append((path.read_bytes(), ran.status, ran.out, ran.err))
    assert written[0] == written[1]
    assert written[0][0] != plain
    assert b"EP  - 434" in written[0][0]


def test_many_files_are_reported_in_order_and_a_bad_one_stops_none(reflint: Shell):
    for n in range(9):
        reflint.write(f"refs/{n}.ris", small(n).encode())
    reflint.write("refs/5.ris", b"%0 Journal Article\n%T Not RIS\n")
    for name in ("csl.json", "nbib"):
        found = next(iter(sorted(FIXTURES.rglob(f"*.{name}"))), None)
        if found is not None:
            reflint.write(f"refs/7.{name}", found.read_bytes())
    ran = both(reflint, "check", "-fconcise", "refs")
    assert ran.status == 2
    assert "refs/5.ris" in ran.err
    assert [line[:10] for line in ran.out.splitlines() if line.startswith("refs/")] == sorted(
        line[:10] for line in ran.out.splitlines() if line.startswith("refs/")
    )


def test_many_files_are_repaired_where_they_stand(reflint: Shell):
    paths = [reflint.write(f"refs/{n}.ris", small(n).encode()) for n in range(5)]
    ran = reflint("fix", "--jobs", "2", "refs")
    assert (ran.err, ran.out.count("repaired")) == ("", 1)
    assert all(b"0018-9340" in path.read_bytes() for path in paths)


def test_rules_over_a_library_know_all_files(reflint: Shell):
    for n in range(6):
        name = "Quartärforschung" if n == 4 else "Quaternary Research"
        text = small(n, f"T2  - {name}\n").encode()
        reflint.write(f"refs/{n}.ris", text)
    ran = both(reflint, "check", "-fconcise", "--select", "CTR006", "refs")
    assert ran.codes == ["CTR006"]


def test_rules_over_a_library_know_all_ranges_of_a_large_file(reflint: Shell, plain: bytes):
    reflint.write("large.ris", plain + small(1101, "KW  - Salt-marsh\nDO  - 10.5555/x.1101\n").encode())
    reflint.write("more.ris", (small(1, "KW  - salt marsh\n") * 3).encode())
    ran = both(reflint, "check", "-fconcise", "--select", "CRE012,CTR006,DUP,LIB", "large.ris", "more.ris")
    assert set(ran.codes) == {"DUP001", "DUP002", "LIB002", "LIB006"}


@pytest.mark.parametrize("jobs", ["0", "-1", "two"])
def test_a_number_that_is_none_is_refused(reflint: Shell, jobs: str):
    reflint.write("a.ris", small(1).encode())
    ran = reflint("check", "--jobs", jobs, "a.ris")
    assert ran.status == 2
    assert "--jobs" in ran.err
    assert "Traceback" not in ran.err


def test_standard_input_can_be_divided(reflint: Shell, plain: bytes, tmp_path: Path):
    one, two = (
        reflint("check", "-fconcise", "--jobs", jobs, "-", "--stdin-filename", "x.ris", stdin=plain)
        for jobs in ("1", "2")
    )
    assert one.raw == two.raw
