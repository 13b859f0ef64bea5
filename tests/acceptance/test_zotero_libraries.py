"""Zotero libraries from the command line, against a real server on a socket: from check to undo."""

from __future__ import annotations

import gzip
import json
import os
import re
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from reflint.zotero import plan as plans
from reflint.zotero.address import Address
from reflint.zotero.runs import locked
from tests.command import COMMAND, Ran, Shell, environment, small_files_only
from tests.servers.zotero.serve import listening
from tests.servers.zotero.state import Server
from tests.word.builder import docx, field, p, zotero
from tests.zotero.desk import article

GROUP = "zotero:groups/70"


class Librarian:
    """A shell with a key, and the server it talks to."""

    def __init__(self, shell: Shell, server: Server, url: str) -> None:
        self.shell = shell
        self.server = server
        self.environment = {
            "REFLINT_ZOTERO_ENDPOINT": url,
            "REFLINT_STATE_DIR": str(shell.folder / "state"),
            "REFLINT_CACHE_DIR": str(shell.folder / "cache"),
            "ZOTERO_API_KEY": server.keys["full"],
            "NO_PROXY": "*",
        }

    def __call__(self, *arguments: str | Path, **environment: str) -> Ran:
        done = self.shell(*arguments, **{**self.environment, **environment})
        for text in (done.out, done.err):
            assert self.server.keys["full"] not in text
        return done

    def field(self, name: str) -> dict[str, Any]:
        """A field of all items of the group, by key."""
        return {key: item[name] for key, item in self.server.items("groups/70").items()}


@pytest.fixture
def librarian(reflint: Shell) -> Iterator[Librarian]:
    server = Server(limits=False)
    server.put("groups/70", [article(number) for number in range(30)])
    with listening(server) as url:
        yield Librarian(reflint, server, url)


def test_a_group_is_checked_item_by_item(librarian: Librarian) -> None:
    done = librarian("check", "-f", "json", GROUP)
    assert done.status == 1
    assert done.json["sources"] == [{"source": GROUP, "records": 30, "format": "zotero", "error": None}]
    first = next(one for one in done.json["findings"] if one["rule"] == "PAG003")
    assert (first["field"], first["variable"], first["range"], first["source"]) == ("pages", "page", None, GROUP)
    assert first["record"]["key"] in librarian.field("pages")
    assert done.json["summary"]["by_rule"]["PAG003"] == 20
    assert not [one for one in librarian.server.requests if one.method == "POST"]


def test_a_second_reading_asks_only_for_what_changed(librarian: Librarian) -> None:
    librarian("check", GROUP)
    key = next(iter(librarian.field("pages")))
    librarian.server.edit("groups/70", key, title="Changed")
    before = len(librarian.server.requests)
    librarian("check", GROUP)
    asked = [request.query for request in librarian.server.requests[before:] if request.path.endswith("/items")]
    assert [f"itemKey={key}" in query for query in asked].count(True) == 1
    assert len(asked) == 3  # the versions, the one item, and whether anything came meanwhile


def test_from_plan_to_undo(librarian: Librarian) -> None:
    before = librarian.server.items("groups/70")
    planned = librarian("plan", GROUP, "-o", "plan.jsonl", "--html", "plan.html")
    assert planned.status == 0, planned.err
    assert librarian.server.items("groups/70") == before
    lines = (librarian.shell.folder / "plan.jsonl").read_text().splitlines()
    for line in lines:
        jsonschema.validate(json.loads(line), plans.schema())
    assert "<script" not in (librarian.shell.folder / "plan.html").read_text()
    dry = librarian("apply", "--dry-run", "plan.jsonl")
    assert (dry.status, librarian.server.items("groups/70")) == (0, before)

    applied = librarian("apply", "-f", "json", "plan.jsonl")
    assert (applied.status, applied.err) == (0, "")
    assert applied.json["applied"] == len(lines) - 1 == 20
    assert not any("-" not in pages or pages.endswith("-10") for pages in librarian.field("pages").values())
    assert not any("doi.org" in doi for doi in librarian.field("DOI").values())
    assert librarian("check", "--select", "PAG003,DOI002", GROUP).status == 0

    listed = librarian("runs", "-f", "json").json["runs"]
    assert [(one["applied"], one["left"]) for one in listed] == [(20, 0)]
    undone = librarian("undo", "-f", "json", listed[0]["run"])
    assert (undone.status, undone.json["applied"], undone.json["undoes"]) == (0, 20, listed[0]["run"])
    after = librarian.server.items("groups/70")
    for key, item in before.items():
        same = {name for name in item if item[name] == after[key][name]}
        assert set(item) - same <= {"version", "dateModified"}

    again = librarian("undo", "-f", "json", undone.json["run"])  # an undo is a run like any other
    assert (again.status, again.json["applied"]) == (0, 20)
    assert not any("doi.org" in doi for doi in librarian.field("DOI").values())


def test_a_plan_that_is_applied_twice_changes_nothing_the_second_time(librarian: Librarian) -> None:
    librarian("plan", GROUP, "-o", "plan.jsonl")
    librarian("apply", "plan.jsonl")
    version = librarian.server.version("groups/70")
    second = librarian("apply", "-f", "json", "plan.jsonl")
    assert (second.status, second.json["applied"], second.json["unchanged"]) == (0, 0, 20)
    assert librarian.server.version("groups/70") == version


def test_fix_asks_before_it_writes(librarian: Librarian) -> None:
    before = librarian.server.items("groups/70")
    done = librarian("fix", GROUP)
    assert (done.status, librarian.server.items("groups/70")) == (2, before)
    assert "--yes" in done.err
    shown = librarian("fix", "--diff", GROUP)
    assert (shown.status, librarian.server.items("groups/70")) == (1, before)
    assert "+ 10.5555/sand.0" in shown.out
    done = librarian("fix", "--yes", "--select", "PAG003,DOI002", GROUP)
    assert done.status == 0, done.out + done.err
    assert "20 repaired" in done.out
    assert "reflint undo" in done.err


def test_what_was_changed_meanwhile_is_left_and_reported(librarian: Librarian) -> None:
    librarian("plan", GROUP, "-o", "plan.jsonl")
    rows = [json.loads(row) for row in (librarian.shell.folder / "plan.jsonl").read_text().splitlines()[1:]]
    mine, other, gone = (row["key"] for row in rows[:3])
    librarian.server.edit("groups/70", mine, pages="1-2")
    librarian.server.edit("groups/70", other, title="Another title")  # no matter for the repair
    librarian.server.delete("groups/70", gone)
    done = librarian("apply", "plan.jsonl", "-f", "json")
    assert done.status == 2
    assert (done.json["applied"], done.json["conflicts"], done.json["failed"]) == (18, 2, 0)
    assert librarian.field("pages")[mine] == "1-2"
    report = next((librarian.shell.folder / "state" / "runs").glob("*/report.md")).read_text()
    assert f"| {mine} | pages |" in report
    assert "was changed by somebody meanwhile" in report


def test_protected_items_are_never_planned(librarian: Librarian) -> None:
    key = next(key for key, pages in librarian.field("pages").items() if pages != "12-19")
    librarian.server.edit("groups/70", key, tags=[{"tag": "hands off"}])
    librarian.shell.write("reflint.toml", '[zotero]\nprotected-tags = ["hands off"]\nmax-per-run = 7\n')
    librarian("plan", GROUP, "-o", "plan.jsonl")
    assert key not in (librarian.shell.folder / "plan.jsonl").read_text()
    done = librarian("apply", "-f", "json", "plan.jsonl")
    assert (done.status, done.json["applied"], done.json["left"]) == (2, 7, 12)
    done = librarian("resume", "-f", "json", done.json["run"])
    assert (done.json["applied"], done.json["left"]) == (14, 5)
    done = librarian("resume", "--max-per-run", "99", "-f", "json", done.json["run"])
    assert (done.status, done.json["applied"], done.json["left"]) == (0, 19, 0)


@pytest.mark.parametrize("writes", [1, 2])
def test_a_run_that_is_killed_goes_on(librarian: Librarian, writes: int) -> None:
    librarian("plan", GROUP, "-o", "plan.jsonl")
    running = librarian.shell.start("apply", "--run-dir", "run", "plan.jsonl", **librarian.environment)
    while running.poll() is None and sum(request.objects > 0 for request in librarian.server.requests) < writes:
        time.sleep(0.001)
    running.send_signal(signal.SIGKILL)
    running.communicate()
    done = librarian("resume", "-f", "json", "run")
    assert done.status == 0, done.err
    assert done.json["applied"] + done.json["unchanged"] == 20
    written = [change for change in librarian.server.history if change.user == 7]
    assert len(written) == len({change.key for change in written}) == 20


def test_two_runs_at_once_are_one_too_many(librarian: Librarian) -> None:
    librarian("plan", GROUP, "-o", "plan.jsonl")
    with locked(librarian.shell.folder / "state", Address("groups/70")):
        done = librarian("apply", "plan.jsonl")
    assert done.status == 2
    assert f"another run is writing to this library (process {os.getpid()}" in done.err


def test_a_full_disk_stops_before_anything_is_sent(librarian: Librarian) -> None:
    librarian("plan", GROUP, "-o", "plan.jsonl")
    before = librarian.server.items("groups/70")
    done = librarian.shell(
        "apply", "--run-dir", "run", "plan.jsonl", before=small_files_only(3_000), **librarian.environment
    )
    assert done.status == 2
    assert "too large" in done.err.lower() or "space" in done.err.lower(), done.err
    assert librarian.server.items("groups/70") == before


@pytest.mark.parametrize(
    ("key", "source", "said"),
    [
        ("", GROUP, "no API key; set ZOTERO_API_KEY"),
        ("x", GROUP, "is not one"),
        ("WRONGKEYWRONGKEYWRONGKEY", GROUP, "Invalid key"),
        ("read", GROUP, "read-only here"),
        ("full", "zotero:groups/80", "your role may not write to this group; admins may"),
        ("full", "zotero:groups/999", "may not read|Not found"),
        ("full", "zotero:users/8", "may not read"),
        ("full", "zotero:users/7/collections/ABCD2345", "404"),
        ("full", "zotero:nowhere", "write zotero:users/ID"),
    ],
)
def test_who_may_not_write_is_told_why(librarian: Librarian, key: str, source: str, said: str) -> None:
    secret = librarian.server.keys.get(key, key)
    done = librarian("plan", source, "-o", "plan.jsonl", ZOTERO_API_KEY=secret)
    assert done.status == 2
    assert re.search(said, done.err), done.err
    assert not (librarian.shell.folder / "plan.jsonl").exists()


def test_a_public_group_is_read_without_a_key(librarian: Librarian) -> None:
    librarian.server.put("groups/80", [article(0)])
    done = librarian("check", "-f", "json", "zotero:groups/80", ZOTERO_API_KEY="")
    assert (done.status, done.json["summary"]["records"]) == (1, 1)


def test_without_a_network_it_says_so(librarian: Librarian) -> None:
    done = librarian("check", "zotero:local", REFLINT_ZOTERO_LOCAL_ENDPOINT="http://127.0.0.1:9/api")
    assert done.status == 2
    assert "Zotero does not answer on this machine" in done.err


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (lambda rows: [rows[0].replace("groups/70", "groups/80"), *rows[1:]], "role may not write|may not"),
        (lambda rows: [rows[0].replace('"userID":7', '"userID":8'), *rows[1:]], "made with the key of user 8"),
        (lambda rows: [rows[0].replace('"lmv":', '"lmv":9'), *rows[1:]], "restored from a backup"),
        (lambda rows: [*rows, rows[-1]], "stands twice"),
        (lambda rows: [*rows[:-1], rows[-1][:40]], "line 21"),
        (lambda rows: rows[1:], "line 1"),
    ],
)
def test_a_plan_that_was_edited_into_nonsense_writes_nothing(librarian: Librarian, damage: Any, said: str) -> None:
    librarian("plan", GROUP, "-o", "plan.jsonl")
    path = librarian.shell.folder / "plan.jsonl"
    path.write_text("\n".join(damage(path.read_text().splitlines())) + "\n")
    before = librarian.server.version("groups/70")
    done = librarian("apply", "plan.jsonl")
    assert done.status == 2
    assert re.search(said, done.err), done.err
    assert librarian.server.version("groups/70") == before


@pytest.mark.parametrize(
    ("settings", "damage", "said"),
    [
        ("", lambda line: line.replace("PAG003", "PAG999"), "unknown rule 'PAG999'"),
        ("[options.DOI001]\nuntil = 3\n", lambda line: line, "rule DOI001 has no option 'until'"),
    ],
)
def test_what_is_wrong_with_rules_is_told_before_anything_is_written(
    librarian: Librarian, settings: str, damage: Any, said: str
) -> None:
    librarian("plan", GROUP, "-o", "plan.jsonl")
    path = librarian.shell.folder / "plan.jsonl"
    path.write_text("".join(map(damage, path.read_text().splitlines(keepends=True))))
    librarian.shell.write("reflint.toml", settings)
    before = librarian.server.version("groups/70")
    done = librarian("apply", "plan.jsonl")
    assert (done.status, librarian.server.version("groups/70")) == (2, before)
    assert said in done.err


def test_the_approved_hash_binds(librarian: Librarian) -> None:
    told = librarian("plan", GROUP, "-o", "plan.jsonl").err
    sha256 = told.rsplit("sha256 ", 1)[1].strip().rstrip(")")
    path = librarian.shell.folder / "plan.jsonl"
    path.write_text("\n".join(path.read_text().splitlines()[:-1]) + "\n")
    done = librarian("apply", "--sha256", sha256, "plan.jsonl")
    assert (done.status, "not the one that was approved" in done.err) == (2, True)


def test_the_key_is_in_nothing_that_is_written(librarian: Librarian) -> None:
    librarian("check", GROUP)
    librarian("plan", GROUP, "-o", "plan.jsonl", "--html", "plan.html")
    librarian("apply", "plan.jsonl")
    librarian("undo", librarian("runs", "-f", "json").json["runs"][0]["run"])
    secret = librarian.server.keys["full"].encode()
    files = [path for path in librarian.shell.folder.rglob("*") if path.is_file()]
    assert len(files) > 8
    for path in files:
        data = path.read_bytes()
        assert secret not in (gzip.decompress(data) if path.suffix == ".gz" else data), path
    for request in librarian.server.requests:
        assert secret.decode() not in request.path + request.query


def test_a_key_in_the_keyring_is_used_until_it_is_forgotten(librarian: Librarian, tmp_path: Path) -> None:
    secrets = tmp_path / "secrets.json"
    keyring = {
        "PYTHON_KEYRING_BACKEND": "tests.keyrings.FileKeyring",
        "PYTHONPATH": str(Path(__file__).parents[2]),
        "TEST_KEYRING": str(secrets),
        "ZOTERO_API_KEY": "",
    }
    key = librarian.server.keys["full"]
    told = librarian.shell("login", stdin=f"{key}\n".encode(), **librarian.environment | keyring)
    assert (told.status, key in told.out + told.err) == (0, False), told.err
    assert key in secrets.read_text()
    assert librarian("check", GROUP, **keyring).status == 1
    assert librarian("logout", **keyring).status == 0
    done = librarian("check", GROUP, **keyring)
    assert (done.status, "Forbidden" in done.err) == (2, True), done.err


def test_a_machine_without_a_keyring_says_what_to_do_instead(librarian: Librarian) -> None:
    backend = {"PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring"}
    key = librarian.server.keys["full"].encode()
    told = librarian.shell("login", stdin=key + b"\n", **librarian.environment | backend)
    assert (told.status, "set ZOTERO_API_KEY instead" in told.err) == (2, True)


def test_the_desktops_library_is_read_without_the_key_and_never_written(librarian: Librarian) -> None:
    librarian.server.put("groups/80", [article(0)])
    local = {"REFLINT_ZOTERO_LOCAL_ENDPOINT": librarian.environment["REFLINT_ZOTERO_ENDPOINT"]}
    done = librarian("check", "-f", "json", "zotero:local/groups/80", **local)
    assert done.json["summary"]["records"] == 1
    assert "keys/current" not in "".join(request.path for request in librarian.server.requests)
    done = librarian("plan", "zotero:local/groups/80", "-o", "plan.jsonl", **local)
    assert (done.status, "cannot be written to by other programs" in done.err) == (2, True)


def test_a_manuscript_is_held_against_a_group(librarian: Librarian) -> None:
    key, known = next(iter(librarian.server.items("groups/70").items()))
    uri = f"http://zotero.org/groups/70/items/{key}"
    cites = [
        {"id": 1, "uris": [uri], "itemData": {"id": 1, "type": "article-journal", "title": known["title"]}},
        {"id": 2, "uris": [uri.replace(key, "QQQQ2222")], "itemData": {"id": 2, "type": "book", "title": "Not there"}},
    ]
    librarian.shell.write("paper.docx", docx(p(field(zotero(*cites), "(x)"))))
    ran = librarian("check", "paper.docx", "--library", GROUP, "--select", "MSZ001", "-f", "json")
    assert [one["message"] for one in ran.json["findings"]] == ["Not in the library: Not there"]


@pytest.mark.parametrize("options", [(), ("--no-progress",)], ids=["told", "untold"])
def test_progress_is_told_to_a_terminal_unless_it_is_not_wanted(librarian: Librarian, options: tuple[str, ...]) -> None:
    read = on_a_terminal(librarian, "plan", GROUP, "-q", "-o", "plan.jsonl", *options)
    written = on_a_terminal(librarian, "apply", "plan.jsonl", *options)
    assert ("30 of 30 items read" in read) is (not options)
    assert ("items written" in written) is (not options)


def on_a_terminal(librarian: Librarian, *arguments: str) -> str:
    """What a command writes to a standard error that is a terminal."""
    controller, terminal = os.openpty()
    env = environment(librarian.shell.cache, **librarian.environment)
    command = [*COMMAND, *arguments]
    try:
        subprocess.run(
            command, cwd=librarian.shell.folder, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=terminal, check=True,
        )  # fmt: skip
        os.write(terminal, b"(end)")  # there is always something to read
        return os.read(controller, 1 << 16).decode()
    finally:
        os.close(terminal)
        os.close(controller)
