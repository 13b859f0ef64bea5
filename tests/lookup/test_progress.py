"""How far a look-up is, told on standard error: not for short runs, with an estimate for long ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from reflint.cli import online


def test_a_long_run_tells_how_long_it_may_take(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    now = [0.0]
    monkeypatch.setattr(online.time, "monotonic", lambda: now[0])
    source = tmp_path / "a.ris"
    source.write_bytes(b"x" * 1_000)
    telling = online._Telling([str(source)])
    telling.bytes(100)
    telling.records(1, 0)
    assert capsys.readouterr().err == ""
    now[0] = 60.0
    telling.bytes(100)
    telling.records(600, 0)
    telling.records(601, 0)
    assert capsys.readouterr().err == "600 records looked up, 10.0 a second, about 4 min left\n"
    now[0] = 120.0
    telling.records(1_200, 1_500)
    telling.end()
    assert capsys.readouterr().err == "1,200 records looked up, 10.0 a second, about 30 s left\n"
