"""The documentation: it builds without a warning, names all there is to know, and every command in it is one."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from reflint.app.rules import catalogue
from reflint.app.settings import KEYS
from reflint.cli.commands import cli
from tests.command import Shell
from tests.inputs import PURE, ROOT
from tests.servers.zotero.serve import listening
from tests.servers.zotero.state import Server
from tests.word.builder import cite, docx, field, item, p, zotero
from tests.zotero.desk import article

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
_FENCE = re.compile(r"^ *```(sh|console|bash)\n(.*?)^ *```", re.M | re.S)
_CALL = re.compile(r"^\s*(?:\$ )?(?:\.venv/bin/)?reflint (.*)$")
_VARIABLE = re.compile(r'"(REFLINT_[A-Z_]+[A-Z]|ZOTERO_API_KEY)"')


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, as `make site` builds it."""
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(folder)]
    done = subprocess.run(
        command, cwd=ROOT, env=os.environ | {"NO_MKDOCS_2_WARNING": "1"}, capture_output=True, text=True
    )
    assert (done.returncode, [line for line in done.stderr.splitlines() if "WARNING" in line]) == (0, [])
    return folder


def commands(group: click.Command, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """All commands with the words that call them."""
    if isinstance(group, click.Group):
        context = click.Context(group)
        for name in group.list_commands(context):
            command = group.get_command(context, name)
            assert command is not None
            yield from commands(command, (*path, name))
    else:
        yield path, group


def test_each_rule_has_its_page_and_the_table_leads_to_it(site: Path):
    table = (site / "rules.html").read_text("utf-8")
    for rule in catalogue():
        page = (site / f"rules/{rule['id']}.html").read_text("utf-8")
        assert rule["slug"] in page
        assert "What is not meant" in page
        assert f'href="rules/{rule["id"]}.html"' in table


def test_each_option_and_each_setting_is_described(site: Path):
    page = (site / "reference/commands.html").read_text("utf-8")
    for path, command in commands(cli):
        assert f"reflint {' '.join(path)}" in page
        for option in command.params:
            if isinstance(option, click.Option):
                assert option.help, f"{path} {option.opts}: no help"
                assert option.opts[-1] in page
    settings = (site / "reference/settings.html").read_text("utf-8")
    assert all(f"<code>{name}</code>" in settings for name in KEYS)


def test_each_variable_and_each_exit_status_is_described():
    page = (ROOT / "docs/environment.md").read_text("utf-8")
    read = {name for path in (ROOT / "reflint").rglob("*.py") for name in _VARIABLE.findall(path.read_text("utf-8"))}
    assert {"REFLINT_STATE_DIR", "ZOTERO_API_KEY"} <= read
    from reflint.lookup.registries import ENDPOINTS

    read |= {f"REFLINT_{name}_ENDPOINT" for name in ENDPOINTS}
    assert {name for name in read if f"`{name}`" not in page} == set()
    assert re.findall(r"^\| (\d) \|", page, re.M) == ["0", "1", "2"]


def test_the_site_asks_nobody_for_anything(site: Path):
    for page in (site / "index.html", site / "rules/ABS001.html"):
        loaded = re.findall(r'<(?:script|link|img)[^>]*(?:src|href)="(https?://[^"]+)"', page.read_text("utf-8"))
        assert loaded == []


def calls(page: Path) -> list[str]:
    """The arguments of each call of reflint in a page's blocks for the shell."""
    lines = [line for _, block in _FENCE.findall(page.read_text("utf-8")) for line in block.splitlines()]
    return [found[1] for line in lines if (found := _CALL.match(line))]


@pytest.mark.parametrize("page", PAGES, ids=[path.name for path in PAGES])
def test_every_command_shown_is_one(page: Path):
    for call in calls(page):
        words = shlex.split(call, comments=True)
        words = words[: next((n for n, word in enumerate(words) if word in ("|", ">", "&&", "<")), len(words))]
        if words == ["--version"]:
            continue
        context = cli.make_context("reflint", words[:])
        name, command, rest = cli.resolve_command(context, words)
        assert command is not None
        while isinstance(command, click.Group):
            name, command, rest = command.resolve_command(click.Context(command, parent=context), rest)
        command.make_context(name, rest, parent=context)


def test_most_pages_show_commands():
    assert sum(map(len, map(calls, PAGES))) > 30


_NOT_RUN = ("serve", "word", "lsp", "login")
"""Servers, and what changes the machine; they have tests of their own."""


@pytest.fixture(scope="module")
def endpoint() -> Iterator[tuple[str, str]]:
    """The address and key of a Zotero with a group 70."""
    server = Server(limits=False)
    server.put("groups/70", [article(number) for number in (0, 1, 2, 3, 0)])
    with listening(server) as url:
        yield url, server.keys["full"]


def furnished(reflint: Shell) -> None:
    """The files that the pages speak of."""
    for name in ("library.ris", "my-library.ris", "refs.ris", "references/a.ris"):
        reflint.write(name, PURE.read_bytes())
    reflint.write("other.csl.json", (PURE.parent / "library.csl.json").read_bytes())
    work = item(DOI="10.5555/salt")
    reflint.write("thesis.docx", docx(p("As seen ", field(zotero(cite(work)), "(Okafor 2019)"), ".")))
    rule = re.search(r"```yaml\n(# rules-of-our-lab/(\S+)\n.*?)```", (ROOT / "docs/packs.md").read_text("utf-8"), re.S)
    assert rule is not None
    reflint.write(f"rules-of-our-lab/{rule[2]}", rule[1].encode())


@pytest.mark.parametrize("page", [page for page in PAGES if calls(page)], ids=lambda path: path.name)
def test_every_command_shown_runs(page: Path, reflint: Shell, endpoint: tuple[str, str]):
    furnished(reflint)
    url, key = endpoint
    environment = {
        "REFLINT_ZOTERO_ENDPOINT": url,
        "ZOTERO_API_KEY": key,
        "REFLINT_STATE_DIR": str(reflint.folder / "state"),
        "REFLINT_OFFLINE": "1",
        "NO_PROXY": "*",
    }
    for call in calls(page):
        words = shlex.split(call, comments=True)
        if words[0] in _NOT_RUN:
            continue
        if words[0] == "undo":  # the latest, whatever name the page shows
            words[1] = max(run.name for run in (reflint.folder / "state/runs").iterdir())
        if "--merge" in words and words[0] == "apply":
            words.append("--yes")  # the page shows how it asks
        ran = reflint(*words, **environment)
        assert ran.status in (0, 1), f"{call}: {ran.err}"
        assert ran.out or ran.err or "-q" in words, call


def test_the_walk_through_for_authors_ends_with_nothing_left_to_repair(reflint: Shell):
    furnished(reflint)
    for call in calls(ROOT / "docs/authors.md"):
        if call.startswith("fix"):
            reflint(*shlex.split(call))
    assert reflint("fix", "--diff", "library.ris").out.count("\n+") == 0
