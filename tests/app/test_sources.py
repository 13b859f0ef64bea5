"""What a SOURCE stands for, and which format it is."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest

from reflint.app.sources import Source, expand, format_of, head_of
from reflint.errors import SourceError
from tests.inputs import FIXTURES


def test_a_folder_is_walked_in_order_and_hidden_or_ignored_places_are_left_out(tmp_path: Path):
    for name in (
        "b.ris",
        "A.RIS",
        "a.csl.json",
        "c.csljson",
        "d.nbib",
        "d.zotero.json",
        "e.txt",
        "f.json",
        ".g.ris",
        ".h/i.ris",
        "j/k.ris",
    ):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.touch()
    (tmp_path / "j" / ".gitignore").write_text("*.ris\n!k.ris\n")
    (tmp_path / "j" / "l.ris").touch()
    (tmp_path / ".gitignore").write_text("/b.ris\n")
    found = [one for one in expand([str(tmp_path)]) if isinstance(one, Source)]
    names = [str(Path(one.name).relative_to(tmp_path)) for one in found]
    assert names == [".g.ris", "A.RIS", "a.csl.json", "c.csljson", "d.nbib", "d.zotero.json", "j/k.ris"]


def test_what_cannot_be_had_is_an_error_in_its_place(tmp_path: Path):
    (tmp_path / "a.ris").touch()
    (tmp_path / "empty").mkdir()
    arguments = [str(tmp_path / name) for name in ("nowhere", "a.ris", "empty", "x" * 300)]
    found = list(expand([*arguments, "zotero:users/1"]))
    assert [isinstance(one, SourceError) for one in found] == [True, False, True, True, False]
    assert found[-1] == Source("zotero:users/1", None)  # a library: reached when it is read


@pytest.mark.parametrize(
    ("name", "head", "expected"),
    [
        ("a.ris", b"TY  - JOUR\n", "ris"),
        ("a.ris", b"", "ris"),
        ("A.RIS", b"Provider: X\n\nTY  - JOUR\n", "ris"),
        ("a.txt", b"TY  - JOUR\n", "ris"),
        ("-", b"TY  - JOUR\n", "ris"),
        ("-", b"PMID- 123\n", "nbib"),
        ("-", b'[{"id": 1}]', "csl"),
        ("a.nbib", b"PMID- 123\n", "nbib"),
        ("a.csl.json", b"[]", "csl"),
        ("a.json", b'[{"id": "a", "type": "book"}]', "csl"),
        ("a.json", b'[{"key": "ABCD2345", "data": {"itemType" : "book"}}]', "zotero"),
        ("-", b'{"config": {"label": "BetterBibTeX JSON"}, "collections": {', "zotero"),
        ("a.zotero.json", b"[]", "zotero"),
        ("a.ris", b"[1] TY\nTY  - JOUR\n", "ris"),
    ],
)
def test_the_format_is_told_by_name_and_then_by_content(name: str, head: bytes, expected: str):
    assert format_of(name, head) == expected


@pytest.mark.parametrize(
    "name", ["not-ris-nbib.ris", "not-ris-wos.ris", "not-ris-bibtex.bib", "not-ris.xml", "binary.ris"]
)
def test_another_format_under_ris_is_refused(name: str):
    with (FIXTURES / name).open("rb") as file, pytest.raises(SourceError, match=r"a\.ris: this is "):
        format_of("a.ris", head_of(file))


def test_the_head_is_utf8_whatever_the_file():
    for codec, bom in (
        ("utf-8", b"\xef\xbb\xbf"),
        ("utf-16-le", b"\xff\xfe"),
        ("utf-16-be", b"\xfe\xff"),
        ("utf-8", b""),
    ):
        file = io.BytesIO(bom + "TY  - JOUR\nTI  - é\n".encode(codec))
        assert head_of(file) == "TY  - JOUR\nTI  - é\n".encode()
        assert file.tell() == 0


def test_a_pipe_in_a_folder_is_told_and_not_waited_for(tmp_path: Path):
    (tmp_path / "a.ris").touch()
    os.mkfifo(tmp_path / "b.ris")
    a, b = expand([str(tmp_path)])
    assert isinstance(a, Source)
    assert str(b) == f"{tmp_path / 'b.ris'}: is no regular file"


def test_a_file_that_is_named_twice_comes_once(tmp_path: Path):
    (tmp_path / "a.ris").touch()
    (tmp_path / "b.ris").touch()
    found = list(expand([f"{tmp_path}/b.ris", str(tmp_path), f"{tmp_path}/./a.ris"]))
    assert [Path(one.name).name for one in found if isinstance(one, Source)] == ["b.ris", "a.ris"]


def test_an_empty_name_is_not_the_folder_one_stands_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "a.ris").touch()
    monkeypatch.chdir(tmp_path)
    (found,) = expand([""])
    assert str(found) == "'': names no file; `.` is this folder"
