"""`reflint dedupe` on a Zotero library beside a file, against a real server on a socket."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from tests.command import Ran, Shell
from tests.duplicates.works import item
from tests.servers.zotero.serve import listening
from tests.servers.zotero.state import Server
from tests.zotero.doubles import ARTICLE, OTHER

GROUP = "zotero:groups/70"


@pytest.fixture
def server() -> Iterator[tuple[Server, str]]:
    server = Server(limits=False)
    server.put("groups/70", [ARTICLE, OTHER])
    with listening(server) as url:
        yield server, url


def test_a_library_and_a_file_together_and_nothing_is_written(reflint: Shell, server: tuple[Server, str]) -> None:
    running, url = server
    reflint.write("a.csl.json", json.dumps([item() | {"id": "okafor2014"}]))
    environment = {
        "REFLINT_ZOTERO_ENDPOINT": url,
        "REFLINT_STATE_DIR": str(reflint.folder / "state"),
        "REFLINT_CACHE_DIR": str(reflint.folder / "cache"),
        "ZOTERO_API_KEY": running.keys["full"],
        "NO_PROXY": "*",
    }

    def dedupe(*arguments: str) -> Ran:
        return reflint("dedupe", *arguments, GROUP, "a.csl.json", **environment)

    done = dedupe("-f", "json")
    assert done.status == 1, done.err
    (group,) = done.json["groups"]
    assert [one["source"] for one in group["records"]] == [GROUP, "a.csl.json"]
    key = group["records"][0]["key"]
    assert f"zotero://select/groups/70/items/{key}" in dedupe().out
    assert dedupe("--merge", "merged.zotero.json").status == 1
    merged = json.loads((reflint.folder / "merged.zotero.json").read_text())
    assert len(merged) == 2
    assert next(one for one in merged if one["title"] == ARTICLE["title"])["issue"] == "4"
    assert not [one for one in running.requests if one.method == "POST"]
