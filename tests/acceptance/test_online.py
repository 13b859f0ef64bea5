"""Look-ups through the real command, against registries on a socket of this machine."""

from __future__ import annotations

import copy
import json
import sqlite3
import time
from collections.abc import Iterator

import jsonschema
import pytest

from reflint.app.schemas import schemas
from tests.command import Ran, Shell
from tests.servers.crossref.serve import listening
from tests.servers.crossref.server import Server
from tests.servers.crossref.transport import environment
from tests.servers.crossref.works import TIDES
from tests.servers.zotero.serve import listening as zotero_listening
from tests.servers.zotero.state import Server as ZoteroServer
from tests.word import builder

_ARTICLE = """\
TY  - JOUR
TI  - {title}
AU  - {author}
PY  - {year}
JF  - Annals of Moving Sand
VL  - {volume}
SP  - {first}
EP  - {last}
{more}ER  - """
MISSING = _ARTICLE.format(
    title=TIDES["title"][0], author="Haukeland, Signe", year=2014, volume=7, first=11, last=29, more=""
)
RETRACTED = _ARTICLE.format(
    title="Salt against fog in shallow harbour basins",
    author="Lindqvist, Signe",
    year=2012,
    volume=3,
    first=5,
    last=9,
    more="DO  - 10.1234/salt.1\n",
)


class Desk:
    """A shell with registries to ask."""

    def __init__(self, shell: Shell, server: Server, url: str) -> None:
        self.shell = shell
        self.server = server
        self.environment = {
            **environment(url),
            "REFLINT_CACHE_DIR": str(shell.folder / "cache"),
            "REFLINT_STATE_DIR": str(shell.folder / "state"),
            "NO_PROXY": "*",
        }

    def __call__(self, *arguments: str, **env: str) -> Ran:
        return self.shell(*arguments, **{**self.environment, **env})


@pytest.fixture
def desk(reflint: Shell) -> Iterator[Desk]:
    server = Server(clock=time.monotonic, limit=1_000)  # nobody waits in a test: limits are met in tests/lookup
    with listening(server) as url:
        reflint.write("a.ris", f"{MISSING}\n\n{RETRACTED}\n")
        yield Desk(reflint, server, url)


def test_nothing_is_asked_unless_it_is_wanted(desk: Desk) -> None:
    plain = desk("check", "a.ris")
    assert plain.codes == ["DOI001"]
    desk("check", "--offline", "a.ris")
    desk("fix", "--diff", "a.ris")
    assert desk.server.requests == []
    for more in ({"REFLINT_OFFLINE": "1"}, {}):
        done = desk("check", "--online", *([] if more else ["--offline"]), "a.ris", **more)
        assert done.codes == plain.codes
    assert desk.server.requests == []


def test_online_finds_the_doi_and_the_retraction(desk: Desk) -> None:
    done = desk("check", "--online", "-f", "json", "a.ris")
    assert done.status == 1
    jsonschema.validate(done.json, schemas()["findings"])
    found = {one["rule"]: one for one in done.json["findings"]}
    fix = found["DOI001"]["fix"]
    assert (fix["safety"], fix["edits"][0]["after"]) == ("safe", "10.1234/tides.7")
    assert fix["evidence"][0]["source"] == "crossref"
    assert fix["evidence"][0]["score"] >= 0.9
    assert found["VER001"]["evidence"][0]["note"].startswith("retraction by publisher")
    assert done.json["summary"]["unanswered"] == 0
    text = desk("check", "--online", "a.ris").out
    assert "  = crossref: 10.1234/tides.7; score 1.00; title, author, year, volume, page, container agree" in text


def test_a_setting_asks_too_and_gives_the_address(desk: Desk) -> None:
    desk.shell.write("reflint.toml", 'online = true\nmailto = "somebody@example.org"\n')
    assert "VER001" in desk("check", "a.ris").codes
    assert {one.query.get("mailto") for one in desk.server.requests} == {"somebody@example.org"}
    assert desk("check", "--offline", "a.ris", REFLINT_CACHE_DIR=str(desk.shell.folder / "new")).codes == ["DOI001"]


def test_fix_writes_what_is_certain_and_a_second_run_asks_nothing(desk: Desk) -> None:
    done = desk("fix", "--online", "a.ris")
    text = (desk.shell.folder / "a.ris").read_text()
    assert "DO  - 10.1234/tides.7\n" in text
    assert "KW  - retracted\n" in text
    assert done.codes == ["VER001"]
    count = len(desk.server.requests)
    desk("fix", "--online", "a.ris")
    assert (desk.shell.folder / "a.ris").read_text() == text
    assert len(desk.server.requests) == count


@pytest.mark.parametrize("fault", ["html", "reset", "truncated", "redirect"])
def test_a_passing_fault_on_the_wire_costs_nothing(desk: Desk, fault: str) -> None:
    desk.server.faults.append(fault)
    assert desk("check", "--online", "--select", "VER", "a.ris").codes == ["VER001"]


@pytest.mark.parametrize("fault", ["403", "400", "away", "circle"])
def test_faults_lose_no_work_and_are_counted(desk: Desk, fault: str) -> None:
    plain = desk("check", "a.ris")
    before = (desk.shell.folder / "a.ris").read_bytes()
    desk.server.faults.extend([fault] * 100)
    done = desk("fix", "--online", "a.ris")
    assert (done.codes, done.status) == (plain.codes, plain.status)
    assert (desk.shell.folder / "a.ris").read_bytes() == before
    assert "did not answer" in done.err


def test_every_source_is_looked_up(desk: Desk) -> None:
    item = {
        "id": "a", "type": "article-journal", "title": TIDES["title"][0], "volume": "7", "page": "11-29",
        "author": [{"family": "Haukeland", "given": "Signe"}], "issued": {"date-parts": [[2014]]},
        "container-title": "Annals of Moving Sand",
    }  # fmt: skip
    desk.shell.write("b.csl.json", json.dumps([item]))
    data = {
        "itemType": "journalArticle", "title": TIDES["title"][0], "volume": "7", "pages": "11-29", "date": "2014",
        "creators": [{"creatorType": "author", "lastName": "Haukeland", "firstName": "Signe"}], "tags": [],
        "publicationTitle": "Annals of Moving Sand",
    }  # fmt: skip
    desk.shell.write("c.zotero.json", json.dumps([data]))
    lines = ["PMID- 1", f"TI  - {TIDES['title'][0]}", "FAU - Haukeland, Signe", "DP  - 2014", "VI  - 7", "PG  - 11-29"]
    nbib = "\n".join([*lines, "JT  - Annals of Moving Sand", "PT  - Journal Article", ""])
    desk.shell.write("d.nbib", nbib)
    done = desk("check", "--online", "--select", "DOI001", "-f", "json", "b.csl.json", "c.zotero.json", "d.nbib")
    findings = done.json["findings"]
    assert [one["source"] for one in findings] == ["b.csl.json", "c.zotero.json", "d.nbib"]
    assert [one["evidence"][0]["doi"] for one in findings] == ["10.1234/tides.7"] * 3
    assert findings[2]["fix"] is None
    desk("fix", "--online", "--select", "DOI001", "b.csl.json", "c.zotero.json")
    assert json.loads((desk.shell.folder / "b.csl.json").read_text())[0]["DOI"] == "10.1234/tides.7"
    assert json.loads((desk.shell.folder / "c.zotero.json").read_text())[0]["DOI"] == "10.1234/tides.7"


def test_a_plan_carries_the_evidence_beside_each_change(desk: Desk) -> None:
    library = ZoteroServer(limits=False)
    creator = {"creatorType": "author", "lastName": "Haukeland", "firstName": "Signe"}
    library.put(
        "groups/70",
        [{"itemType": "journalArticle", "title": TIDES["title"][0], "volume": "7", "pages": "11-29", "date": "2014",
          "creators": [creator], "publicationTitle": "Annals of Moving Sand"}],
    )  # fmt: skip
    with zotero_listening(library) as url:
        env = {"REFLINT_ZOTERO_ENDPOINT": url, "ZOTERO_API_KEY": library.keys["full"]}
        done = desk("plan", "--online", "--select", "DOI001", "zotero:groups/70", "-o", "plan.jsonl", **env)
        assert "= crossref: 10.1234/tides.7; score 1.00" in done.out
        line = json.loads((desk.shell.folder / "plan.jsonl").read_text().splitlines()[1])
        assert line["set"] == {"DOI": "10.1234/tides.7"}
        assert line["evidence"]["DOI"][0].startswith("crossref: 10.1234/tides.7; score 1.00")
        assert desk("apply", "--yes", "plan.jsonl", **env).status == 0
    assert [item["DOI"] for item in library.items("groups/70").values()] == ["10.1234/tides.7"]


def test_the_retraction_watch_file_is_fetched_when_asked_for(desk: Desk) -> None:
    desk.shell.write("e.ris", "TY  - JOUR\nTI  - Salt, twice\nDO  - 10.1234/salt.5\nER  - \n")
    assert desk("check", "--online", "--select", "VER001", "e.ris").codes == []
    done = desk("update-retractions")
    assert (done.status, done.err) == (0, "4 notices of Retraction Watch are known now.\n")
    assert desk("check", "--online", "--select", "VER001", "e.ris").codes == ["VER001"]
    assert desk("update-retractions", REFLINT_OFFLINE="1").status == 2


def test_an_interrupted_run_goes_on_from_its_cache(desk: Desk) -> None:
    records = "".join(f"TY  - JOUR\nTI  - x\nDO  - 10.1234/none.{n}\nER  - \n" for n in range(30))
    desk.shell.write("f.ris", records)
    desk.server.faults.extend([""] * 20 + ["403"] * 1_000)
    first = desk("check", "--online", "--select", "DOI009", "f.ris")
    assert "did not answer" in first.err
    desk.server.faults.clear()
    database = sqlite3.connect(desk.shell.folder / "cache" / "lookup" / "registries.sqlite")
    kept = {question for (question,) in database.execute("select question from answers where state <> 'unknown'")}
    database.execute("delete from answers where state = 'unknown'")  # as a minute later
    database.commit()
    database.close()
    assert kept
    count = len(desk.server.requests)
    second = desk("check", "--online", "--select", "DOI009", "f.ris")
    assert len(second.codes) == 30
    assert len(desk.server.requests) - count == 90 - len(kept)


def test_the_works_of_a_manuscript_are_looked_up_too(desk: Desk) -> None:
    tides = builder.item("Haukeland", 2014, TIDES["title"][0], volume="7", page="11-29")
    tides["container-title"] = "Annals of Moving Sand"
    salt = builder.item("Lindqvist", 2012, "Salt against fog in shallow harbour basins", volume="3", page="5-9")
    salt |= {"container-title": "Annals of Moving Sand", "DOI": "10.1234/salt.1"}
    cited = (builder.cite(tides), builder.cite(salt, "BBBB2222"))
    text = "(Haukeland 2014; Lindqvist 2012)"
    body = builder.p("As seen ", builder.field(builder.zotero(*cited, plain=text), text), ".")
    desk.shell.write("thesis.docx", builder.docx(body))
    offline = {one["rule"]: one for one in desk("check", "-f", "json", "thesis.docx").json["findings"]}
    assert "DOI001" in offline
    assert "VER001" not in offline
    found = {one["rule"]: one for one in desk("check", "--online", "-f", "json", "thesis.docx").json["findings"]}
    assert found["VER001"]["citation"]["text"] == text
    assert "10.1234/tides.7" in json.dumps(found["DOI001"])


def test_refresh_asks_again_and_goes_with_online_only(desk: Desk) -> None:
    desk("check", "--online", "a.ris")
    count = len(desk.server.requests)
    changed = copy.deepcopy(desk.server.works["10.1234/salt.1"])
    changed["updated-by"][0]["type"] = "removal"
    desk.server.works["10.1234/salt.1"] = changed
    assert "retraction, see" in desk("check", "--online", "a.ris").out
    assert len(desk.server.requests) == count
    assert "removal, see" in desk("check", "--online", "--refresh", "a.ris").out
    assert len(desk.server.requests) == 2 * count
    assert "removal, see" in desk("check", "--online", "--offline", "a.ris").out
    for arguments in (["--refresh"], ["--online", "--offline", "--refresh"]):
        refused = desk("check", *arguments, "a.ris")
        assert (refused.status, "--refresh" in refused.err) == (2, True)


def test_a_run_ends_in_its_time_and_says_what_is_left(desk: Desk) -> None:
    records = "".join(f"TY  - JOUR\nTI  - x\nDO  - 10.1234/none.{n}\nER  - \n" for n in range(30))
    desk.shell.write("f.ris", records)
    desk.server.faults.extend(["429"] * 1_000)  # to be asked again after seven seconds
    first = desk("check", "--online", "--online-limit", "3s", "--select", "DOI009", "-f", "json", "f.ris")
    assert (first.status, first.json["findings"], first.json["summary"]["unanswered"]) == (0, [], 30)
    assert "after 3s (online-limit) nothing more was asked: 30 questions stayed open" in first.err
    assert "did not answer" not in first.err
    desk.server.faults.clear()
    desk.shell.write("reflint.toml", 'online = true\nonline-limit = "10m"\n')
    assert len(desk("check", "--select", "DOI009", "f.ris").codes) == 30
    desk.shell.write("reflint.toml", 'online = true\nonline-limit = "soon"\n')
    refused = desk("check", "f.ris")
    assert (refused.status, "online-limit takes a time" in refused.err) == (2, True)
