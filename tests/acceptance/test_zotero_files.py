"""Zotero's JSON as a file: found fault with at its place, repaired in place, never more of it than must be."""

from __future__ import annotations

import difflib
import json
from typing import Any

import pytest

from tests.command import Shell
from tests.inputs import FIXTURES

LIBRARY = (FIXTURES / "library.zotero.json").read_bytes()
BETTER_BIBTEX = (FIXTURES / "better-bibtex.zotero.json").read_bytes()
FOUND = ["ABS004", "ABS007", "DAT002", "DOI002", "IDN004", "ISS001", "LNG001", "PAG001", "TYP010"]
FOUND += ["URL001", "URL005", "ZOT001", "ZOT005", "ZOT006", "ZOT009"]


def test_findings_name_the_item_the_field_and_the_place(reflint: Shell):
    reflint.write("lib.json", LIBRARY)
    ran = reflint("check", "-f", "json", "lib.json")
    assert ran.status == 1
    assert ran.json["sources"] == [{"source": "lib.json", "records": 3, "format": "zotero", "error": None}]
    findings = ran.json["findings"]
    assert sorted({one["rule"] for one in findings}) == FOUND
    doi = next(one for one in findings if one["rule"] == "DOI002")
    assert doi["record"] == {
        "index": 0,
        "key": "SALT2345",
        "type": "article-journal",
        "title": "Salt marshes under pressure",
    }
    assert (doi["field"], doi["variable"], doi["fix"]["safety"]) == ("DOI", "DOI", "safe")
    place = doi["range"]
    line = LIBRARY.decode().split("\n")[place["start"]["line"] - 1]
    written = line[place["start"]["column"] - 1 : place["end"]["column"] - 1]
    assert json.loads(written) == "https://doi.org/10.5555/jcn.2019.0417"
    orphan = next(one for one in findings if one["rule"] == "ZOT009")
    assert (orphan["record"]["type"], orphan["field"], orphan["fix"]) == ("attachment", None, None)


def test_standard_input_is_recognised(reflint: Shell):
    ran = reflint("check", "-f", "json", "-", stdin=BETTER_BIBTEX)
    assert ran.json["sources"][0]["format"] == "zotero"
    assert {one["rule"] for one in ran.json["findings"]} == {"DOI005", "PAG001", "URL001"}


def changed_lines(before: bytes, after: bytes) -> list[str]:
    diff = difflib.ndiff(before.decode().splitlines(), after.decode().splitlines())
    return [line[2:].strip() for line in diff if line.startswith("+ ")]


def test_a_repair_changes_the_values_that_are_wrong_and_settles(reflint: Shell):
    path = reflint.write("lib.json", LIBRARY)
    ran = reflint("fix", "--unsafe-fixes", "-f", "concise", "lib.json")
    assert ran.codes == ["URL005", "ZOT009"]
    once = path.read_bytes()
    article = json.loads(once)[0]["data"]
    assert (article["title"], article["publicationTitle"], article["journalAbbreviation"]) == (
        "Salt marshes under pressure: Evidence from six estuaries",
        "Journal of Coastal Notes",
        "",
    )
    assert (article["PMID"], article["extra"]) == ("31234567", "Accession Number: SCOPUS:85012345678")
    assert article["tags"] == [
        {"tag": "Salt marsh"},
        {"tag": "sand", "type": 1},
        {"tag": "dunes", "type": 1},
        {"tag": "/unread"},
    ]
    assert len(changed_lines(LIBRARY, once)) == 16
    reflint("fix", "--unsafe-fixes", "lib.json")
    assert path.read_bytes() == once


def test_safe_repairs_alone_leave_titles_and_journals(reflint: Shell):
    path = reflint.write("lib.json", LIBRARY)
    reflint("fix", "lib.json")
    article = json.loads(path.read_bytes())[0]["data"]
    assert article["publicationTitle"] == "Evidence from six estuaries"
    assert article["pages"] == "201-219"
    assert "ZOT001" in reflint("check", "-f", "concise", "lib.json").codes


def test_better_bibtex_keeps_its_own_form(reflint: Shell):
    path = reflint.write("bbt.zotero.json", BETTER_BIBTEX)
    reflint("fix", "bbt.zotero.json")
    chapter: dict[str, Any] = json.loads(path.read_bytes())["items"][0]
    assert chapter["extra"] == ["tex.note: read"]
    assert (chapter["DOI"], chapter["pages"]) == ("10.1234/fmc.2018.7", "101-118")
    assert len(changed_lines(BETTER_BIBTEX, path.read_bytes())) == 2


def test_a_diff_writes_nothing(reflint: Shell):
    path = reflint.write("lib.json", LIBRARY)
    ran = reflint("fix", "--diff", "--select", "DOI002", "lib.json")
    assert ran.status == 1
    assert '+      "DOI": "10.5555/jcn.2019.0417",' in ran.out
    assert path.read_bytes() == LIBRARY


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.json", '[{"itemType": "book", }]', "not valid JSON: line 1, column 23"),
        ("a.zotero.json", '[{"id": "x", "type": "book"}]', "this is CSL-JSON"),
        ("a.csl.json", '[{"itemType": "book"}]', "is Zotero's own JSON"),
    ],
)
def test_what_cannot_be_read_is_named(reflint: Shell, name: str, content: str, said: str):
    reflint.write(name, content)
    ran = reflint("check", name)
    assert ran.status == 2
    assert said in ran.err


def test_examples_of_items_are_explained_as_json(reflint: Shell):
    out = reflint("explain", "TYP010").out
    assert 'Wrong (zotero)\n  {\n   "itemType": "book",' in out
    assert "Wrong (csl)" in out
    assert "Wrong\n  TY  - BOOK\n" in out
