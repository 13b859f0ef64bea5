"""`reflint dedupe`: groups with their evidence, merged files, and decisions that are respected."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from reflint.app.schemas import schemas
from reflint.formats import ris
from tests.command import Shell
from tests.duplicates.works import item

ONE = """TY  - JOUR
AU  - Okafor, Ngozi
TI  - Salt marsh accretion under rising seas: a review of tidal flats
PY  - 2019
JF  - Journal of Tidal Studies
VL  - 12
SP  - 101
EP  - 118
DO  - 10.5555/tidal.12.101
ER  - 

"""  # noqa: W291
OTHER = """TY  - JOUR
AU  - Okafor, N.
TI  - Salt marsh accretion under rising seas: A review of tidal flats.
PY  - 2019
JF  - J. Tidal Stud.
VL  - 12
IS  - 2
SP  - 101-18
KW  - salt
ER  - 

"""  # noqa: W291
ERRATUM = """TY  - JOUR
AU  - Okafor, N.
TI  - Erratum: Salt marsh accretion under rising seas: A review of tidal flats
PY  - 2020
JF  - J. Tidal Stud.
VL  - 13
SP  - 4
ER  - 

"""  # noqa: W291
ALIEN = """ty - BOOK\r
 TI -   Knots & hitches of the <northern> harbours\r
A1 - Abara C\r
XX - what nobody knows\r
ER -\r
"""


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    return Shell(tmp_path, tmp_path / "cache")


def summary(document: Any) -> dict[str, int]:
    jsonschema.validate(document, schemas()["duplicates"])
    return dict(document["summary"])


def test_groups_in_one_file(shell: Shell):
    shell.write("a.ris", ONE + ALIEN + OTHER)
    ran = shell("dedupe", "-f", "json", "a.ris")
    assert ran.status == 1
    assert summary(ran.json) == {"records": 3, "groups": 1, "duplicates": 1}
    (group,) = ran.json["groups"]
    assert [(one["source"], one["index"]) for one in group["records"]] == [("a.ris", 0), ("a.ris", 2)]
    assert group["records"][0]["title"].startswith("Salt marsh")
    assert "titles and first pages agree" in group["evidence"][0]["why"]


def test_no_groups_is_status_0(shell: Shell):
    shell.write("a.ris", ONE + ALIEN)
    ran = shell("dedupe", "a.ris")
    assert (ran.status, ran.out) == (0, "no duplicates in 2 records\n")


def test_related_records_alone_are_status_0(shell: Shell):
    shell.write("a.ris", ONE + ERRATUM)
    ran = shell("dedupe", "-f", "json", "a.ris")
    assert ran.status == 0
    assert [group["kind"] for group in ran.json["groups"]] == ["erratum-of"]
    assert summary(ran.json)["duplicates"] == 0


def test_several_sources_of_all_formats_together(shell: Shell):
    told = {
        "title": "Salt marsh accretion under rising seas: a review of tidal flats", "author": ["Okafor, Ngozi"],
        "issued": 2019, "container_title": "Journal of Tidal Studies", "volume": "12", "page": "101-118", "issue": None,
    }  # fmt: skip
    shell.write("a.ris", ONE)
    shell.write("b.csl.json", json.dumps([item(**told) | {"id": "okafor2019"}]))
    zotero = {
        "itemType": "journalArticle", "key": "ABCD2345", "title": told["title"], "volume": "12", "pages": "101-118",
        "date": "2019", "publicationTitle": "J. Tidal Stud.",
        "creators": [{"creatorType": "author", "lastName": "Okafor", "firstName": "N."}],
    }  # fmt: skip
    attachment = {"itemType": "attachment", "key": "ABCD2346", "parentItem": "ABCD2345", "title": "PDF"}
    shell.write("c.zotero.json", json.dumps([zotero, attachment, {**attachment, "key": "ABCD2347"}]))
    shell.write(
        "d.nbib",
        "PMID- 12345678\nTI  - Salt marsh accretion under rising seas: a review of tidal flats.\nFAU - Okafor, Ngozi\n"
        "DP  - 2019 May\nJT  - Journal of tidal studies\nVI  - 12\nPG  - 101-18\n",
    )
    ran = shell("dedupe", "-f", "json", ".")
    (group,) = ran.json["groups"]
    assert [one["source"] for one in group["records"]] == ["a.ris", "b.csl.json", "c.zotero.json", "d.nbib"]
    assert [one["key"] for one in group["records"]][:3] == [None, "okafor2019", "ABCD2345"]


def test_text_a_person_can_read(shell: Shell):
    shell.write("a.ris", ONE + OTHER)
    out = shell("dedupe", "a.ris").out
    assert "1. the same work (2 records)" in out
    assert "a.ris: record 1: Salt marsh accretion" in out
    assert "Okafor, 2019, 12(2), p. 101-118" in out
    assert "a = b: titles and first pages agree; same title" in out
    assert out.endswith("1 group (1 of the same work) in 2 records; 1 to spare\n")


def test_a_page_of_its_own(shell: Shell):
    shell.write("a.ris", (ONE + OTHER).replace("rising seas", "<script>alert(1)</script> & seas"))
    ran = shell("dedupe", "-f", "html", "-o", "page.html", "a.ris")
    page = (shell.folder / "page.html").read_text()
    assert (ran.status, ran.out) == (1, "")
    assert "&lt;script&gt;" in page
    assert "<script" not in page
    assert not re.search(r"(?:src|href)=\"(?!zotero:)", page)
    assert "color-scheme: light dark" in page


def test_a_merge_keeps_every_other_byte(shell: Shell):
    shell.write("a.ris", ALIEN + ONE)
    shell.write("b.ris", OTHER + ERRATUM.rstrip("\n"))
    ran = shell("dedupe", "--merge", "out.ris", "a.ris", "b.ris")
    assert ran.status == 1
    merged = (shell.folder / "out.ris").read_bytes().decode()
    assert merged == ALIEN + ONE.replace("ER  - ", "IS  - 2\nKW  - salt\nER  - ") + ERRATUM.rstrip("\n")
    assert "kept: a" in ran.out
    assert "taken from b: issue 2" in ran.out
    assert "differs in b: author Okafor, N. (kept: Okafor, Ngozi)" in ran.out
    assert shell("dedupe", "out.ris").status == 0
    assert (shell.folder / "a.ris").read_bytes().decode() == ALIEN + ONE


def test_a_file_without_last_line_end_is_followed_by_a_new_line(shell: Shell):
    shell.write("a.ris", ERRATUM.rstrip("\n"))
    shell.write("b.ris", ALIEN)
    assert shell("dedupe", "--merge", "out.ris", "a.ris", "b.ris").status == 0
    assert len(ris.read((shell.folder / "out.ris").read_bytes())) == 2


@pytest.mark.parametrize("ending", [".csl.json", ".zotero.json"])
def test_a_merge_into_json(shell: Shell, ending: str):
    shell.write("a.ris", ONE + OTHER + ERRATUM)
    assert shell("dedupe", "--merge", f"out{ending}", "a.ris").status == 1
    first, second = json.loads((shell.folder / f"out{ending}").read_text())
    assert first["DOI"] == "10.5555/tidal.12.101"
    assert first["issue"] == "2"
    assert second["title"].startswith("Erratum")
    assert shell("dedupe", f"out{ending}").status == 0


def test_a_zotero_survivor_keeps_what_only_zotero_knows(shell: Shell):
    items = [
        {"itemType": "journalArticle", "key": "ABCD2345", "version": 7, "collections": ["CCCC2222"], "volume": "12",
         "title": "Salt marsh accretion under rising seas: a review of tidal flats", "date": "2019", "pages": "101-118",
         "publicationTitle": "Journal of Tidal Studies", "tags": [{"tag": "salt", "type": 1}], "issue": "2", "DOI": "",
         "creators": [{"creatorType": "author", "lastName": "Okafor", "firstName": "Ngozi"}], "language": "en"},
    ]  # fmt: skip
    shell.write("a.zotero.json", json.dumps(items))
    shell.write("b.ris", ONE.replace("ER  -", "KW  - salt\nKW  - silt\nER  -"))
    shell("dedupe", "--merge", "out.zotero.json", "a.zotero.json", "b.ris")
    (merged,) = json.loads((shell.folder / "out.zotero.json").read_text())
    assert merged == {**items[0], "DOI": "10.5555/tidal.12.101", "tags": [{"tag": "salt", "type": 1}, {"tag": "silt"}]}


def test_a_merge_is_never_made_in_place(shell: Shell):
    path = shell.write("a.ris", ONE + OTHER)
    ran = shell("dedupe", "--merge", "a.ris", "a.ris")
    assert ran.status == 2
    assert "never made in place" in ran.err
    assert path.read_text() == ONE + OTHER


def test_a_merge_into_an_unknown_format_is_refused(shell: Shell):
    shell.write("a.ris", ONE + OTHER)
    ran = shell("dedupe", "--merge", "out.bib", "a.ris")
    assert ran.status == 2
    assert "ends in .ris" in ran.err


def test_one_bad_source_stops_no_other_but_the_merge(shell: Shell):
    shell.write("a.ris", ONE + OTHER)
    shell.write("bad.csl.json", '[{"id": 1}, {')
    ran = shell("dedupe", "-f", "json", "--merge", "out.ris", "bad.csl.json", "gone.ris", "a.ris")
    assert ran.status == 2
    assert "bad.csl.json" in ran.err
    assert "gone.ris: no such file" in ran.err
    assert ran.json["summary"]["duplicates"] == 1
    assert not (shell.folder / "out.ris").exists()


def test_what_is_kept_apart_stays_apart(shell: Shell):
    shell.write("a.ris", ONE + OTHER)
    marks = re.findall(r"\[([0-9a-f]{16})\]", shell("dedupe", "a.ris").out)
    ran = shell("dedupe", "--apart", *marks, "--reason", "two arms", "a.ris")
    assert (ran.status, ran.out) == (0, "no duplicates in 2 records\n")
    kept = (shell.folder / "reflint-duplicates.toml").read_text()
    assert "two arms" in kept
    assert shell("dedupe", "a.ris").status == 0
    shell("dedupe", "--apart", *marks, "a.ris")
    assert (shell.folder / "reflint-duplicates.toml").read_text() == kept


def test_a_decision_that_matches_nothing_is_told(shell: Shell):
    shell.write("a.ris", ONE)
    shell.write("told.toml", f'[[apart]]\nrecords = ["{"0" * 16}", "{"1" * 16}"]\n')
    ran = shell("dedupe", "--decisions", "told.toml", "a.ris")
    assert ran.status == 0
    assert "matches no records any more" in ran.err


@pytest.mark.parametrize(
    "text",
    ["[[apart]]\nrecords = [1]", "[[apert]]\n", "apart = 1 = 2", '[[apart]]\nrecords = ["x", "y"]', "apart = [1]"],
)
def test_a_decision_that_means_nothing_is_refused(shell: Shell, text: str):
    shell.write("a.ris", ONE)
    shell.write("reflint-duplicates.toml", text)
    ran = shell("dedupe", "a.ris")
    assert ran.status == 2
    assert "reflint-duplicates.toml" in ran.err


def test_marks_that_are_none_and_no_sources_are_refused(shell: Shell):
    shell.write("a.ris", ONE)
    assert shell("dedupe", "--apart", "x", "y", "a.ris").status == 2
    assert shell("dedupe").status == 2


def test_standard_input(shell: Shell):
    ran = shell("dedupe", "-f", "json", "--stdin-filename", "piped.ris", "-", stdin=(ONE + OTHER).encode())
    assert ran.json["groups"][0]["records"][0]["source"] == "piped.ris"
