"""The plugin's XPI and its update manifest, as Zotero will take them; texts in all languages."""

from __future__ import annotations

import hashlib
import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from plugins import build, icons
from reflint import __version__

LOCALES = ("de", "en-GB", "en-US")
# A text's id in quotes; the plugin's file and package names look alike.
_ID = re.compile(r"""["'](reflint-[a-z0-9-]+)["']""")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """The XPI, and what update.json says of it."""
    xpi, announced = build.build(tmp_path_factory.mktemp("dist"))
    [(identity, about)] = json.loads(announced.read_text("utf-8"))["addons"].items()
    assert identity == build.manifest()["applications"]["zotero"]["id"]
    [update] = about["updates"]
    return xpi, update


def version(text: str) -> tuple[float, ...]:
    return tuple(float("inf") if part == "*" else int(part) for part in text.split("."))


def test_the_manifest_has_all_that_zotero_demands() -> None:
    about = build.manifest()
    zotero = about["applications"]["zotero"]
    assert about["manifest_version"] == 2
    assert all(about[name] for name in ("name", "description", "author"))
    assert re.fullmatch(r"\{[0-9a-f-]{36}\}|[a-z0-9._-]*@[a-z0-9._-]+", zotero["id"], re.IGNORECASE)
    assert zotero["update_url"].startswith("https://")
    assert about["version"] == re.match(r"[\d.]*\d", __version__)[0]  # type: ignore[index]


def test_it_is_for_zotero_8_to_10() -> None:
    zotero = build.manifest()["applications"]["zotero"]
    low, high = version(zotero["strict_min_version"]), version(zotero["strict_max_version"])
    assert low <= high
    assert all(low <= version(one) <= high for one in ("8.0", "8.0.5", "9.0.6", "10.0.0", "10.4.1"))
    assert not any(low <= version(one) <= high for one in ("7.0.32", "11.0"))


def test_the_archive_has_every_file_that_is_named(built: tuple[Path, dict[str, Any]]) -> None:
    with zipfile.ZipFile(built[0]) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        texts = {name: archive.read(name).decode() for name in names if name.endswith((".js", ".json", ".xhtml"))}
    assert names[0] == "manifest.json"
    assert {"bootstrap.js", "prefs.js", "LICENSE"} < set(names)
    assert len(names) == len(set(names))
    assert all(icon in names for icon in json.loads(texts["manifest.json"])["icons"].values())
    assert not [name for name in names if "test" in name or "node_modules" in name or name.startswith((".", "/"))]
    for wanted, by in named(texts):
        assert wanted in names, f"{by} names {wanted}"


def named(texts: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Files of the package that its files name, and which file does."""
    for name, text in texts.items():
        for module in re.findall(r'require\("\./(.+?)"\)', text):
            yield f"modules/{module}", name
        for path in re.findall(r"chrome://reflint/(content/[\w./-]+)", text):
            yield path, name
        for path in re.findall(r"rootURI\}((?:content|modules)/[\w.-]+)", text):
            yield path, name
        for path in re.findall(r'(?:href|src)="(\w+\.(?:css|js))"', text):
            yield f"content/{path}", name


def test_updates_are_announced_with_the_archives_hash(built: tuple[Path, dict[str, Any]]) -> None:
    xpi, update = built
    about = build.manifest()
    assert update["version"] == about["version"]
    assert update["update_hash"] == f"sha256:{hashlib.sha256(xpi.read_bytes()).hexdigest()}"
    assert update["update_link"].endswith(f"/{xpi.name}")
    said = about["applications"]["zotero"]
    expected = {name: said[name] for name in ("strict_min_version", "strict_max_version")}
    assert update["applications"] == {"zotero": expected}


def test_the_same_files_give_the_same_archive(built: tuple[Path, dict[str, Any]], tmp_path: Path) -> None:
    again, _ = build.build(tmp_path)
    assert again.read_bytes() == built[0].read_bytes()


def test_whoever_publishes_says_where(tmp_path: Path) -> None:
    xpi, announced = build.build(tmp_path, "https://example.org/zotero")
    [about] = json.loads(announced.read_text("utf-8"))["addons"].values()
    assert about["updates"][0]["update_link"] == f"https://example.org/zotero/{xpi.name}"
    with zipfile.ZipFile(xpi) as archive:
        found = json.loads(archive.read("manifest.json"))
    assert found["applications"]["zotero"]["update_url"] == "https://example.org/zotero/update.json"


def messages(locale: str) -> dict[str, str]:
    """The texts of a language by id: everything up to the next id."""
    text = (build.ZOTERO / f"locale/{locale}/reflint.ftl").read_text("utf-8")
    found = re.findall(r"^([a-z][\w-]*) =(.*?)(?=^[a-z#]|\Z)", text, re.MULTILINE | re.DOTALL)
    assert len(found) == len({name for name, _ in found}), "an id stands twice"
    return dict(found)


def used() -> set[str]:
    """Ids of texts that the plugin's files name."""
    files = [path for folder in ("modules", "content") for path in (build.ZOTERO / folder).iterdir()]
    return {name for path in files for name in _ID.findall(path.read_text("utf-8"))}


@pytest.mark.parametrize("locale", LOCALES)
def test_every_text_is_there_and_none_is_idle(locale: str) -> None:
    assert messages(locale).keys() == used()


@pytest.mark.parametrize("locale", LOCALES)
def test_every_text_has_the_same_places_and_attributes(locale: str) -> None:
    def places(text: str) -> tuple[set[str], set[str]]:
        return set(re.findall(r"\$(\w+)", text)), set(re.findall(r"^\s+\.(\w+) =", text, re.MULTILINE))

    found = messages(locale)
    for name, text in messages("en-US").items():
        ours, theirs = places(found[name]), places(text)
        assert ours[1] == theirs[1], name
        assert ours[0] == theirs[0] or name.endswith("heading"), name


def test_pages_are_well_formed() -> None:
    for path in (build.ZOTERO / "content").glob("*.xhtml"):
        text = path.read_text("utf-8")
        if path.name == "preferences.xhtml":  # a fragment: Zotero gives it its root
            text = f'<x xmlns:html="http://www.w3.org/1999/xhtml">{text}</x>'
        ElementTree.fromstring(text)
    ElementTree.parse(build.ZOTERO / "content/icon.svg")


def test_settings_are_those_with_a_default() -> None:
    defaults = set(re.findall(r'pref\("extensions\.reflint\.(\w+)"', (build.ZOTERO / "prefs.js").read_text("utf-8")))
    pane = (build.ZOTERO / "content/preferences.xhtml").read_text("utf-8")
    module = (build.ZOTERO / "modules/settings.js").read_text("utf-8")
    assert set(re.findall(r'preference="extensions\.reflint\.(\w+)"', pane)) == defaults
    assert set(re.findall(r'setting\("(\w+)"\)', module)) == defaults


def test_the_lock_file_names_no_registry() -> None:
    lock = (build.ZOTERO / "package-lock.json").read_text("utf-8")
    assert '"resolved"' not in lock
    assert "registry" not in lock
    packages = json.loads(lock)["packages"]
    assert all(about.get("integrity") for name, about in packages.items() if name)


@pytest.mark.parametrize("folder", icons.SIZES)
def test_icons_are_as_drawn(folder: Path) -> None:
    for size in icons.SIZES[folder]:
        assert (folder / f"reflint-{size}.png").read_bytes() == icons.png(size), "python plugins/icons.py"
