"""Runs: each has a folder of its own."""

from __future__ import annotations

import os
import secrets
import time
from pathlib import Path

import pytest

from reflint.zotero.runs import PLAN, listed
from tests.zotero.desk import Desk, article


def test_two_runs_of_one_second_have_folders_of_their_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = Desk(tmp_path, map(article, range(1)))
    letters = iter(["2c69", "2c69", "70f1"])
    monkeypatch.setattr(secrets, "token_hex", lambda size: next(letters))
    monkeypatch.setattr(time, "gmtime", lambda: time.struct_time((2026, 1, 2, 3, 4, 5, 4, 2, 0)))
    names = [desk.start(desk.plan()).folder.name for _ in range(2)]
    assert names == [f"20260102T030405-groups-70-{letters}" for letters in ("2c69", "70f1")]
    assert next(letters, None) is None


def test_runs_of_one_second_are_listed_in_the_order_they_were_begun(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    desk = Desk(tmp_path, map(article, range(1)))
    letters = iter("dcbaef")
    monkeypatch.setattr(secrets, "token_hex", lambda size: next(letters))
    monkeypatch.setattr(time, "gmtime", lambda: time.struct_time((2026, 1, 2, 3, 4, 5, 4, 2, 0)))
    begun = [desk.start(desk.plan()) for _ in "dcbaef"]
    for number, run in enumerate(begun):
        os.utime(run.folder / PLAN, ns=(0, number))
    assert [run.id for run in listed(begun[0].folder.parents[1])] == [run.id for run in begun]
