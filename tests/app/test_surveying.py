"""Rules over a library: what is read beforehand, and what becomes of a fault on the way."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from reflint.app.rules import build_engine
from reflint.app.settings import Settings
from reflint.app.sources import expand
from reflint.app.surveying import informed
from reflint.engine import survey
from reflint.errors import SourceError

BOOK = "TY  - BOOK\nTI  - Tides\nDO  - 10.5555/x.1\nER  - \n\n"


def test_what_cannot_be_read_is_left_for_the_check_to_tell(tmp_path: Path):
    (tmp_path / "a.ris").write_text("%0 Book\n%T No RIS\n")
    (tmp_path / "b.ris").write_text(BOOK * 2)
    engine = build_engine(Settings().over({"select": ["DUP001"]}, "test"))
    informed(engine, expand([str(tmp_path / name) for name in ("a.ris", "b.ris", "c.ris")]))
    assert [tally.total for tally in engine.census["DUP001"].groups.values()] == [2]


def test_a_count_that_cannot_be_kept_ends_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(survey, "_ROOM", 1)
    monkeypatch.setattr(survey, "_IN_MEMORY", 1)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "gone"))
    (tmp_path / "b.ris").write_text(BOOK * 2)
    engine = build_engine(Settings().over({"select": ["DUP001"]}, "test"))
    with pytest.raises(SourceError, match="gone: what the records say together does not fit there: No such file"):
        informed(engine, expand([str(tmp_path / "b.ris")]))
