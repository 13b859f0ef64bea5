"""Diffs: made stretch by stretch, and whole all the same."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from reflint.app.diff import Hunks

lines = st.lists(st.sampled_from(["a", "b", "c", "é", ""]), max_size=6).map(lambda found: [one + "\n" for one in found])
stretches = st.lists(st.tuples(lines, lines), max_size=5)


def patched(old: list[str], diff: str) -> list[str]:
    """The lines that a unified diff makes of others; written for this test, and as simple as can be."""
    new: list[str] = []
    at = 0
    for line in diff.splitlines(keepends=True)[2:]:
        if line.startswith("@@"):
            start, _, count = line.split()[1].removeprefix("-").partition(",")
            begin = int(start) - 1 if int(count) else int(start)
            new += old[at:begin]
            at = begin
        elif line.startswith("+"):
            new.append(line[1:])
        elif line.startswith("\\"):
            new[-1:] = [new[-1].rstrip("\n")] if new else []
        else:
            assert old[at].rstrip("\n") == line[1:].rstrip("\n")
            at += 1
            if line.startswith(" "):
                new.append(line[1:])
    return new + old[at:]


@given(stretches)
def test_a_diff_made_of_stretches_leads_from_the_old_file_to_the_new(pieces: list[tuple[list[str], list[str]]]):
    hunks = Hunks("x")
    text, line = "", 1
    for old, new in pieces:
        text += hunks.of("".join(old).encode(), "".join(new).encode(), line)
        line += len(old)
    text += hunks.rest()
    before = [one for old, _ in pieces for one in old]
    after = [one for _, new in pieces for one in new]
    assert patched(before, text) == after
    assert (text == "") == all(old == new for old, new in pieces)


def test_a_last_line_that_gets_its_end_is_one_hunk():
    hunks = Hunks("x")
    text = hunks.of(b"TY  - JOUR\nER  - ", b"TY  - JOUR\nER  - ", 1) + hunks.of(b"", b"\n", 2) + hunks.rest()
    assert text == ("--- x\n+++ x\n@@ -1,2 +1,2 @@\n TY  - JOUR\n-ER  - \n\\ No newline at end of file\n+ER  - \n")


def test_a_transcoded_file_is_shown_as_text():
    hunks = Hunks("x")
    text = hunks.of(b"\xff\xfe", b"", 1) + hunks.of("é\n".encode("utf-16-le"), "é\n".encode(), 1) + hunks.rest()
    assert text == "--- x\n+++ x\n@@ -1,1 +1,1 @@\n-\ufeffé\n+é\n"
