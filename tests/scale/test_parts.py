"""Parts of files as workers do them, without a cluster: what comes out is what a plain check says of the whole."""

from __future__ import annotations

import tempfile
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from reflint.app.settings import Settings
from reflint.app.workers import Recipe
from reflint.errors import SourceError
from reflint.scale.files import File
from reflint.scale.folder import Folder
from reflint.scale.parts import Part, Scan, ranges_of, stretches
from reflint.scale.tasks import Failed, Order, check_part, scan_part
from tests.inputs import RIS_FIXTURES, name_of, ris_like
from tests.scale.shelves import ONE_SPACE, PLAIN, RENDER, lines, plain, ris

GOOD = b"TY  - JOUR\nTI  - Salt\nPY  - 2019\nER  - \n\n"
LATIN = "TY  - JOUR\nTI  - Straße\nER  - \n\n".encode("latin-1")
TABBED = b"TY\t- JOUR\nTI\t- Silt\nER\t- \n\n"
SPACED = b"TY - JOUR\nTI - Sand\nN2 - Grains.\nER - \n\n"
pieces = st.one_of(
    st.sampled_from([GOOD, GOOD.replace(b"\n", b"\r\n"), SPACED, TABBED, LATIN, b"some words\n", b"TI  - None\n"]),
    ris_like,
)
files = st.tuples(st.sampled_from([b"", b"\xef\xbb\xbf"]), st.lists(pieces, max_size=14)).map(
    lambda two: two[0] + b"".join(two[1])
)


def file_of(path: Path) -> File:
    found = path.stat()
    return File(str(path), str(path), found.st_size, found.st_mtime_ns)


def in_ranges(data: bytes, size: int) -> tuple[list[str], list[str], int]:
    """What a plain check says of bytes, what their ranges say, and how many those are; the same where none are cut."""
    with tempfile.TemporaryDirectory() as name:
        path, out = Path(name, "a.ris"), Path(name, "out")
        path.write_bytes(data)
        file = file_of(path)
        Folder(out, "jsonl").prepare()
        order = Order(Recipe(Settings(), render=RENDER.text), "test", out, "jsonl")
        scans = [scan_part(order, file, n, size) for n in range(stretches(file, size))]
        parts = ranges_of(file, [scan for scan in scans if isinstance(scan, Scan)])
        records = 0
        found = []
        for part in parts:
            done = check_part(order, part)
            assert isinstance(done, dict), done
            assert (done["first_record"], part.range and part.range.records) == (records, records)
            records += done["records"]
            found += [line for line in lines(out, part.shard) if line]
        return plain(str(path)), found, len(parts)


def is_cuttable(data: bytes) -> bool:
    with tempfile.TemporaryDirectory() as name:
        path = Path(name, "a.ris")
        path.write_bytes(data)
        try:
            return bool(data) and file_of(path).is_cuttable
        except SourceError:  # it is not RIS
            return False


@given(
    files.filter(lambda data: b"\n" in data[:200] and not data.startswith((b"\xff\xfe", b"\xfe\xff"))),
    st.integers(20, 90),
)
@example(SPACED * 9 + GOOD, 30)
@example(SPACED * 9, 30)
@example(SPACED * 5 + TABBED * 5, 30)
@example(GOOD * 4 + LATIN, 55)
@example(GOOD * 4 + LATIN * 3 + GOOD * 2 + LATIN, 50)
@example(b"\xef\xbb\xbf" + GOOD * 5 + b"TI  - Loose\nER  - \n" + GOOD, 50)
def test_ranges_say_what_the_whole_file_says(data: bytes, size: int):
    if is_cuttable(data):
        whole, found, _ = in_ranges(data, size)
        assert Counter(found) == Counter(whole)


@pytest.mark.parametrize("record", [PLAIN, ONE_SPACE])
def test_ranges_of_one_kind_say_it_in_the_same_order(record: str):
    data = ris(400, record)
    if record is ONE_SPACE:
        data = data.replace(b"TY  - BOOK\nTI  - Without an end\n", b"")
    whole, found, count = in_ranges(data, 20_000)
    assert found[:-1] == whole[:-1]
    assert Counter(found) == Counter(whole)
    assert count > 5


@pytest.mark.parametrize("path", RIS_FIXTURES, ids=name_of)
def test_fixtures_in_tiny_ranges(path: Path):
    data = path.read_bytes()
    if is_cuttable(data):
        whole, found, _ = in_ranges(data * 3, 64)
        assert Counter(found) == Counter(whole)


def test_a_file_that_is_gone_is_a_failure_with_its_name(tmp_path: Path):
    order = Order(Recipe(Settings(), render=RENDER.text), "test", tmp_path, "jsonl")
    gone = File("gone.ris", str(tmp_path / "gone.ris"), 9, 9)
    for failed in (check_part(order, Part(gone)), scan_part(order, gone, 0, 9)):
        assert isinstance(failed, Failed)
        assert failed.error.startswith("gone.ris: ")


def test_a_file_that_changes_under_way_leaves_no_shard(tmp_path: Path):
    path, out = tmp_path / "a.ris", tmp_path / "out"
    path.write_bytes(GOOD)
    Folder(out, "jsonl").prepare()
    order = Order(Recipe(Settings(), render=RENDER.text), "test", out, "jsonl")
    failed = check_part(order, Part(file_of(path)._replace(modified=1)))
    assert isinstance(failed, Failed)
    assert "changed" in failed.error
    assert [one for one in out.rglob("*") if one.is_file()] == []
