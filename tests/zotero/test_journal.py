"""The journal: what is on the disk when a process dies, and what a resumption makes of it."""

from __future__ import annotations

import os
import resource
from collections.abc import Callable, Iterator
from contextlib import contextmanager
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


@contextmanager
def no_file_beyond(size: int) -> Iterator[None]:
    """A disk on which no file grows beyond so many bytes."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)


@pytest.mark.parametrize("room", [0, 1, 60])
def test_a_disk_that_fills_up_is_told_and_what_was_written_before_stands(tmp_path: Path, room: int) -> None:
    with Journal(tmp_path / "j") as journal:
        journal.write(EVENTS[0])
        size = (tmp_path / "j").stat().st_size
        with (
            no_file_beyond(size + room),
            pytest.raises(SourceError, match="cannot be written: File too large"),
            journal,
        ):
            journal.write(EVENTS[1])
    assert read(tmp_path / "j") == EVENTS[:1]
    with Journal(tmp_path / "j") as journal:
        journal.write({"event": "resume"})
    assert read(tmp_path / "j") == [EVENTS[0], {"event": "resume"}]


def test_a_journal_that_cannot_be_opened_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"nowhere/j: the journal cannot be written: No such file"):
        Journal(tmp_path / "nowhere" / "j")


def test_an_event_is_on_the_disk_when_it_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[list[object]] = []
    monkeypatch.setattr(os, "fsync", lambda descriptor: synced.append(list(read(tmp_path / "j"))))
    write(tmp_path / "j")
    assert synced == [EVENTS[:1], EVENTS[:2], EVENTS]


@pytest.mark.parametrize(
    "damage",
    [
        lambda line: line.replace(b'"seq": 1', b'"seq": 2'),
        lambda line: line.replace(b'"seq": 1, ', b""),
        lambda line: line.replace(b'"crc32": ', b'"crc32": 1'),
        lambda line: line.replace(b'"event": {', b'"other": {'),
        lambda line: b"{}\n",
        lambda line: b"[]\n",
        lambda line: b"\n",
        lambda line: b"\xff\n",
    ],
)
def test_a_line_that_is_no_whole_event_is_damaged(tmp_path: Path, damage: Callable[[bytes], bytes]) -> None:
    lines = write(tmp_path / "j").splitlines(keepends=True)
    bad = damage(lines[1])
    assert bad != lines[1]
    (tmp_path / "j").write_bytes(lines[0] + bad + lines[2])
    for look in (read, Journal):
        with pytest.raises(SourceError, match=r"j: line 2 is damaged; the run cannot be trusted to this journal"):
            look(tmp_path / "j")
    (tmp_path / "j").write_bytes(lines[0] + bad)  # at the end it is torn
    assert read(tmp_path / "j") == EVENTS[:1]
