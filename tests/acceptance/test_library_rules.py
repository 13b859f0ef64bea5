"""`reflint check` and `fix` with rules over a library: all sources of a run count together."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.command import Shell

RECORD = "TY  - JOUR\nTI  - {title}\nJF  - {journal}\nSN  - 0317-8471\nDO  - 10.5555/x.{number}\nER  - \n\n"


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    shell = Shell(tmp_path, tmp_path / "cache")
    usual = [RECORD.format(title=f"Salt {n}", journal="Tidal Letters", number=n) for n in range(3)]
    shell.write("a.ris", "".join(usual))
    shell.write("b.ris", RECORD.format(title="Silt", journal="Tidal Lett.", number=9))
    return shell


def test_a_file_alone_has_no_odd_spelling_but_among_others(shell: Shell):
    assert shell("check", "--select", "CTR006", "b.ris").codes == []
    ran = shell("check", "--select", "CTR006", "--fail-on", "info", "a.ris", "b.ris")
    assert ran.codes == ["CTR006"]
    assert ran.status == 1
    assert "b.ris:3:1: CTR006 [?]" in ran.out
    assert "“Tidal Letters” in 3 of 4 records" in ran.out


def test_a_repair_spells_all_alike(shell: Shell):
    ran = shell("fix", "--unsafe-fixes", "--select", "CTR006", "a.ris", "b.ris")
    assert ran.status == 0
    assert "JF  - Tidal Letters\n" in (shell.folder / "b.ris").read_text()
    assert shell("check", "--select", "CTR006", "a.ris", "b.ris").codes == []


def test_a_bad_source_is_told_once(shell: Shell):
    ran = shell("check", "--select", "CTR006", "gone.ris", "a.ris", "b.ris")
    assert ran.status == 2
    assert ran.err.count("gone.ris") == 1
    assert ran.codes == ["CTR006"]


def test_standard_input_counts_too(shell: Shell):
    text = RECORD.format(title="Silt", journal="Tidal Lett.", number=9)
    assert shell("check", "--select", "CTR006", "a.ris", "-", stdin=text.encode()).codes == ["CTR006"]
