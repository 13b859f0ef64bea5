"""The benchmark of typed citations: fields against what plain text shows."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from benchmarks import thesis, word
from reflint.word.reading import read
from tests.word.builder import cite, docx, field, item, p, zotero

SALT, TIDES = cite(item()), cite(item("Osei", 2001, "Tides of the northern shore"), "BBBB2222")


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr(sys, "argv", ["word", *arguments])
    return word.main()


def test_a_folder_that_is_not_there(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    assert run(monkeypatch, str(tmp_path / "none")) == 2
    assert "no such folder" in capsys.readouterr().err


def test_found_missed_and_outside(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    found, missed = field(zotero(SALT, TIDES), "(Okafor 2019; Osei 2001)"), field(zotero(SALT), "(okafor 2019)")
    halved = field(zotero(SALT, TIDES), "(Osei 2001)")
    body = p("Salt ", found, " ", missed, " ", halved, " and typed (Adeyemi 1999).")
    body += p("References") + p("Okafor, N. (2019). Salt marshes in winter. Shore Geology.")
    body += p("Osei, K. (2001). Tides of the northern shore. Shore.") + p("Adeyemi, B. (1999). Sand. Shore.")
    (tmp_path / "one.docx").write_bytes(docx(body))
    (tmp_path / "broken.docx").write_bytes(b"")
    assert run(monkeypatch, str(tmp_path), "--verbose") == 0
    out, err = capsys.readouterr()
    row = next(line for line in out.splitlines() if line.startswith("author-year"))
    assert row.split() == "author-year 1 2/3 = 66.7 % 1/2 = 50.0 % 2/2 = 100.0 % 0/2 = 0.0 %".split()
    assert "missed (author-year): '(okafor 2019)'" in out
    assert "outside: '(Adeyemi 1999)'" in out
    assert "broken.docx: is empty" in err


def test_a_thesis_is_what_it_says(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setattr(sys, "argv", ["thesis", "--pages", "9", "--write", str(tmp_path / "thesis.docx")])
    assert thesis.main() == 0
    data = (tmp_path / "thesis.docx").read_bytes()
    assert data == thesis.thesis(9)
    manuscript = read(data)
    assert len(manuscript.entries) == 9
    assert all(one.manager == "zotero" and one.text for one in manuscript.citations)
    assert 9 < len(manuscript.citations) < 27
    assert [work.linked for work in manuscript.works].count(False) == 1
