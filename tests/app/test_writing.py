"""Files are replaced whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from reflint.app.writing import Replacement, version_of
from reflint.errors import SourceError


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "a.ris"
    path.write_bytes(b"old")
    return path


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def replace(path: Path, content: bytes = b"new") -> None:
    with Replacement(path, version_of(path)) as new:
        new.write(content)
        new.commit()


def test_what_was_written_stands_in_the_place_of_the_old(file: Path):
    replace(file)
    assert file.read_bytes() == b"new"
    assert names_in(file.parent) == ["a.ris"]


def test_without_a_commit_nothing_changes(file: Path):
    with Replacement(file, version_of(file)) as new:
        new.write(b"new")
    assert file.read_bytes() == b"old"
    assert names_in(file.parent) == ["a.ris"]


def test_an_error_on_the_way_changes_nothing(file: Path):
    def interrupted() -> None:
        with Replacement(file, version_of(file)) as new:
            new.write(b"new")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert file.read_bytes() == b"old"
    assert names_in(file.parent) == ["a.ris"]


def written_again(path: Path) -> None:
    path.write_bytes(b"somebody else's")


def grown_in_place(path: Path) -> None:
    with path.open("ab") as file:
        file.write(b" and more")


def replaced_by_another(path: Path) -> None:
    other = path.with_name("b.ris")
    other.write_bytes(b"old")
    before = path.stat()
    os.utime(other, ns=(before.st_atime_ns, before.st_mtime_ns))
    other.replace(path)


@pytest.mark.parametrize("change", [written_again, grown_in_place, replaced_by_another])
def test_a_file_that_changed_underneath_is_not_overwritten(file: Path, change):
    with Replacement(file, version_of(file)) as new:
        new.write(b"new")
        change(file)
        theirs = file.read_bytes()
        with pytest.raises(SourceError, match="changed while it was being repaired"):
            new.commit()
    assert file.read_bytes() == theirs
    assert names_in(file.parent) == ["a.ris"]


def test_a_file_that_vanished_underneath_is_not_made_again(file: Path):
    with Replacement(file, version_of(file)) as new:
        new.write(b"new")
        file.unlink()
        with pytest.raises(SourceError, match=r"a\.ris"):
            new.commit()
    assert names_in(file.parent) == []


def test_a_link_stays_a_link(file: Path):
    link = file.with_name("link.ris")
    link.symlink_to(file.name)
    replace(link)
    assert link.is_symlink()
    assert file.read_bytes() == b"new"


def test_a_link_of_links_leads_to_the_file(file: Path):
    file.with_name("one.ris").symlink_to(file.name)
    two = file.with_name("two.ris")
    two.symlink_to("one.ris")
    replace(two)
    assert file.read_bytes() == b"new"
    assert two.is_symlink()


@pytest.mark.parametrize("mode", [0o600, 0o644, 0o664, 0o755])
def test_permissions_are_kept(file: Path, mode: int):
    file.chmod(mode)
    replace(file)
    assert file.stat().st_mode & 0o7777 == mode


def test_a_new_file_has_the_usual_permissions(tmp_path: Path):
    path = tmp_path / "new.txt"
    with Replacement(path, None) as new:
        new.write(b"new")
        new.commit()
    other = tmp_path / "other.txt"
    other.write_text("")
    assert path.stat().st_mode == other.stat().st_mode


def test_a_folder_or_a_device_is_not_replaced(tmp_path: Path):
    for path in (tmp_path, Path("/dev/null")):
        with pytest.raises(SourceError, match="no ordinary file"):
            Replacement(path, None)


def test_a_folder_that_is_not_there_is_said(tmp_path: Path):
    with pytest.raises(SourceError, match="cannot write in its folder"):
        Replacement(tmp_path / "nowhere" / "a.ris", None)


def test_a_file_that_is_gone_has_no_version(tmp_path: Path):
    with pytest.raises(SourceError, match="No such file"):
        version_of(tmp_path / "gone.ris")
