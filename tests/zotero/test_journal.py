"""The journal: what is on the disk when a process dies, and what a resumption makes of it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reflint.errors import SourceError
from reflint.zotero.journal import Journal, read

EVENTS = [
    {"event": "start", "plan": "ä"},
    {"event": "intent", "batch": 1, "items": [["ABCD2345", 3, "x"]]},
    {"event": "end"},
]


def write(path: Path) -> bytes:
    with Journal(path) as journal:
        for event in EVENTS:
            journal.write(event)
    return path.read_bytes()


def test_events_come_back_as_they_were_written(tmp_path: Path) -> None:
    write(tmp_path / "j")
    assert read(tmp_path / "j") == EVENTS


def test_a_journal_goes_on_where_it_stopped(tmp_path: Path) -> None:
    write(tmp_path / "j")
    with Journal(tmp_path / "j") as journal:
        assert journal.events == EVENTS
        journal.write({"event": "resume"})
    assert read(tmp_path / "j") == [*EVENTS, {"event": "resume"}]


@given(cut=st.integers(0, 400))
def test_a_crash_at_any_byte_leaves_a_prefix_of_the_events(tmp_path_factory: pytest.TempPathFactory, cut: int) -> None:
    path = tmp_path_factory.mktemp("journal") / "j"
    data = write(path)
    path.write_bytes(data[: min(cut, len(data))])
    whole = data[:cut].count(b"\n")
    assert read(path) == EVENTS[:whole]
    with Journal(path) as journal:  # the torn line is cut off before anything is appended
        journal.write({"event": "resume"})
    assert read(path) == [*EVENTS[:whole], {"event": "resume"}]


def test_a_damaged_line_in_the_middle_is_no_torn_end(tmp_path: Path) -> None:
    data = write(tmp_path / "j")
    (tmp_path / "j").write_bytes(data.replace(b"ABCD2345", b"ABCD2346"))
    with pytest.raises(SourceError, match="line 2 is damaged"):
        read(tmp_path / "j")


def test_lines_may_not_be_taken_out(tmp_path: Path) -> None:
    lines = write(tmp_path / "j").splitlines(keepends=True)
    (tmp_path / "j").write_bytes(lines[0] + lines[2] + lines[2])
    with pytest.raises(SourceError, match="line 2 is damaged"):
        read(tmp_path / "j")


def test_a_disk_that_takes_nothing_is_an_error_before_anything_is_sent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    with Journal(tmp_path / "j") as journal:
        monkeypatch.setattr(os, "fsync", full)
        with pytest.raises(SourceError, match="cannot be written: No space left"):
            journal.write({"event": "intent"})
        assert journal.events == []
