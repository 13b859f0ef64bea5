"""reflint check on manuscripts: findings, libraries, comments, figures; what is refused, and how."""

from __future__ import annotations

import io
import json
import re

import docx as python_docx
import pytest
from jsonschema import Draft202012Validator

from reflint.app.schemas import schemas
from reflint.word.reading import read
from tests.command import Shell
from tests.word.builder import cite, docx, field, item, odt, p, zipped, zotero

SALT, TIDES = item(DOI="10.5555/salt", volume="Vol. 3"), item("Osei", 2001, "Tides of the northern shore")
BOTH = field(zotero(cite(SALT), cite(TIDES, "BBBB2222"), plain="(Okafor 2018)"), "(Okafor 2019; Osei 2001)")
LOST = field("ADDIN ZOTERO_ITEM {", "(lost)")
THESIS = docx(
    p("As seen ", BOTH, ", and by Osei (2001).") + p("Twice ", field(zotero(cite(SALT)), "(Okafor 2019)"), LOST)
)
CLEAN = docx(p("Nothing is cited here."))


def test_findings_of_a_manuscript_as_json(reflint: Shell):
    reflint.write("thesis.docx", THESIS)
    ran = reflint("check", "thesis.docx", "-f", "json")
    assert (ran.status, ran.err) == (1, "")
    Draft202012Validator(schemas()["findings"]).validate(ran.json)
    by_rule = {finding["rule"]: finding for finding in ran.json["findings"]}
    assert by_rule["MSF001"]["citation"] == {
        "index": 3, "text": "(lost)", "part": "word/document.xml", "manager": "zotero",
    }  # fmt: skip
    volume = by_rule["VOL001"]
    assert (volume["range"], volume["fix"], volume["record"]["key"]) == (None, None, "AAAA1111")
    assert [passage["paragraph"] for passage in volume["passages"]] == [0, 1]
    assert ran.json["sources"] == [
        {
            "source": "thesis.docx",
            "records": 2,
            "format": "docx",
            "error": None,
            "manuscript": {
                "citations": 4,
                "by_manager": {"zotero": 3, "typed": 1},
                "works": 2,
                "entries": None,
                "bibliography": False,
            },
        }
    ]


def test_findings_as_text(reflint: Shell):
    reflint.write("thesis.docx", THESIS)
    ran = reflint("check", "thesis.docx", "--select", "MSF001,VOL001")
    lost, volume = ran.out.splitlines()[:2]
    assert lost == (
        "thesis.docx:¶1: MSF001 “(lost)”: The citation's data cannot be read: there is no JSON in the instruction"
    )
    assert volume.startswith(
        "thesis.docx:¶0: VOL001 “(Okafor 2019; Osei 2001)” and 1 more (Salt marshes in winter): volume "
    )
    full = reflint("check", "thesis.docx", "--select", "MSF001", "-f", "full").out
    assert "  = Delete the citation and insert it again." in full


@pytest.mark.parametrize("format", ["concise", "jsonl", "sarif", "github", "gitlab", "junit", "html"])
def test_every_format_shows_the_place(reflint: Shell, format: str):
    reflint.write("thesis.docx", THESIS)
    ran = reflint("check", "thesis.docx", "--select", "MSF001", "-f", format)
    assert (ran.status, ran.err) == (1, "")
    assert "(lost)" in ran.out


def test_rules_are_chosen_as_all_rules_are(reflint: Shell):
    reflint.write("thesis.docx", THESIS)
    reflint.write("reflint.toml", 'ignore = ["MSF"]\nseverity = {VOL001 = "info"}\nselect = ["MSF", "VOL001"]\n')
    assert reflint("check", "thesis.docx").status == 0
    assert "MSF001" in reflint("explain", "citation-unreadable").out
    ids = {rule["id"] for rule in reflint("rules", "-f", "json").json["rules"]}
    assert {"MSF001", "MSX001", "MSN001", "MSS001", "MSZ001", "MST001"} <= ids
    assert reflint("check", "thesis.docx", "--profile", "minimal", "-f", "json").json["summary"]["by_rule"] == {
        "VOL001": 1
    }


def test_a_clean_manuscript_and_a_baseline(reflint: Shell):
    reflint.write("clean.docx", CLEAN)
    assert reflint("check", "clean.docx").status == 0
    reflint.write("thesis.docx", THESIS)
    assert reflint("baseline", "write", "thesis.docx", "--baseline", "known.json").status == 0
    assert reflint("check", "thesis.docx", "--baseline", "known.json").status == 0


def test_folders_standard_input_and_odt(reflint: Shell):
    reflint.write("papers/thesis.docx", THESIS)
    reflint.write("papers/~$thesis.docx", b"\x05Ada")
    assert reflint("check", "papers", "-f", "json").json["summary"]["sources"] == 1
    assert "MSF001" in reflint("check", "-", "--select", "MSF001", stdin=THESIS).out
    reflint.write("x.odt", odt("<text:p>Nothing</text:p>"))
    assert reflint("check", "x.odt", "-f", "json").json["sources"][0]["format"] == "odt"


def test_fixing_changes_no_manuscript(reflint: Shell):
    path = reflint.write("thesis.docx", THESIS)
    assert reflint("fix", "thesis.docx").status == 1
    assert path.read_bytes() == THESIS
    assert reflint("fix", "-", stdin=THESIS).raw == THESIS


HOSTILE = {
    "bomb": zipped({"word/document.xml": b" " * (30 << 20)}),
    "traversal": zipped({"../document.xml": "x"}),
    "cut": THESIS[:900],
    "entities": zipped({"word/document.xml": "<!DOCTYPE a><a/>"}),
    "old": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
    "text": b"Salt",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_packages_are_named_and_stop_nothing_else(reflint: Shell, name: str):
    reflint.write("bad.docx", HOSTILE[name])
    reflint.write("thesis.docx", THESIS)
    ran = reflint("check", "bad.docx", "thesis.docx", "--select", "MSF001")
    assert ran.status == 2
    assert ran.err.startswith("reflint: bad.docx: ")
    assert "MSF001" in ran.out


def test_comments_go_into_a_copy(reflint: Shell):
    path = reflint.write("thesis.docx", THESIS)
    ran = reflint("check", "thesis.docx", "--select", "MSF001,VOL001", "--annotate", "out.docx")
    assert (ran.status, ran.err) == (1, "2 comments written to out.docx\n")
    new = (reflint.folder / "out.docx").read_bytes()
    assert [one.text for one in read(new).citations] == [one.text for one in read(THESIS).citations]
    comments = list(python_docx.Document(io.BytesIO(new)).comments)
    assert {one.author for one in comments} == {"reflint"}
    assert any(one.text.startswith("VOL001 Salt marshes in winter: ") for one in comments)
    assert path.read_bytes() == THESIS


def test_repairs_go_into_a_copy(reflint: Shell):
    alone = {**cite(SALT), "id": "Xy12Ab34/Qw56Er78"}
    linked = cite({**TIDES, "volume": "Vol. 7"}, "BBBB2222")
    thesis = docx(p("As ", field(zotero(alone), "(Okafor 2019)"), " and ", field(zotero(linked), "(Osei 2001)")))
    path = reflint.write("thesis.docx", thesis)
    ran = reflint("fix", "thesis.docx", "--select", "VOL001", "--annotate", "out.docx")
    assert (ran.status, ran.err) == (1, "1 comment written to out.docx\n")
    assert "VOL001" in ran.out
    assert "1 repaired" in ran.out
    new = read((reflint.folder / "out.docx").read_bytes())
    assert [work.item["volume"] for one in new.citations for work in one.payload.works] == ["3", "Vol. 7"]
    assert path.read_bytes() == thesis
    again = reflint("fix", "out.docx", "--select", "VOL001", "--annotate", "again.docx")
    assert "repaired" not in again.out


def test_a_manuscript_that_cannot_be_repaired(reflint: Shell):
    reflint.write("thesis.docx", b"PK\x03\x04")
    ran = reflint("fix", "thesis.docx", "--annotate", "out.docx")
    assert ran.status == 2
    assert ran.err.startswith("reflint: thesis.docx: ")
    assert not (reflint.folder / "out.docx").exists()


@pytest.mark.parametrize(
    ("sources", "target", "said"),
    [
        (["thesis.docx"], "thesis.docx", "never into the manuscript itself"),
        (["thesis.docx"], "out.txt", "must end in .docx"),
        (["x.odt"], "out.odt", "comments are written into .docx and .docm only"),
        (["thesis.docx", "x.odt"], "out.docx", "one manuscript"),
        (["--diff", "thesis.docx"], "out.docx", "--diff writes nothing"),
        (["refs.ris"], "out.docx", "comments are written into .docx and .docm only"),
    ],
)
def test_comments_that_cannot_be_written(reflint: Shell, sources: list[str], target: str, said: str):
    reflint.write("thesis.docx", THESIS)
    reflint.write("x.odt", odt("<text:p>x</text:p>"))
    reflint.write("refs.ris", "TY  - JOUR\nER  - \n")
    ran = reflint("check", *sources, "--annotate", target)
    assert ran.status == 2
    assert said in ran.err
    assert target == "thesis.docx" or not (reflint.folder / target).exists()


@pytest.mark.parametrize("name", ["refs.ris", "refs.csl.json", "refs.zotero.json"])
def test_a_library_of_any_format(reflint: Shell, name: str):
    content = {
        "refs.ris": "TY  - JOUR\nTI  - Salt marshes in winter\nDO  - 10.5555/SALT\nVL  - 4\nER  - \n",
        "refs.csl.json": json.dumps([{"id": "a", "type": "article-journal", "DOI": "10.5555/salt", "volume": "4"}]),
        "refs.zotero.json": json.dumps(
            [
                {
                    "key": "QQQQ2222", "version": 3, "itemType": "journalArticle", "title": "x", "volume": "4",
                    "deleted": 1, "relations": {"dc:replaces": ["http://zotero.org/users/1/items/AAAA1111"]},
                }
            ]
        ),
    }[name]  # fmt: skip
    reflint.write("thesis.docx", THESIS)
    reflint.write(name, content)
    ran = reflint("check", "thesis.docx", "--library", name, "--select", "MSZ", "-f", "json")
    found = [(one["rule"], one["message"]) for one in ran.json["findings"]]
    assert ("MSZ001", "Not in the library: Tides of the northern shore") in found
    assert any(rule == "MSZ003" and "volume was “Vol. 3”, is “4”" in message for rule, message in found)
    assert any(rule == "MSZ002" for rule, _ in found) == (name == "refs.zotero.json")
    assert not any("Salt" in message for rule, message in found if rule == "MSZ001")


def test_a_library_that_is_none(reflint: Shell):
    reflint.write("thesis.docx", THESIS)
    for library, said in (("none.ris", "no such file"), ("thesis.docx", "is a manuscript, not a library")):
        ran = reflint("check", "thesis.docx", "--library", library)
        assert (ran.status, said in ran.err) == (2, True)


def test_figures(reflint: Shell):
    reflint.write("thesis.docx", THESIS)
    ran = reflint("citations", "thesis.docx", "--summary", "--author", "Okafor, N.", "-f", "json")
    Draft202012Validator(schemas()["manuscript-figures"]).validate(ran.json)
    assert (ran.json["doi_share"], ran.json["self_share"], ran.json["median_age"]) == (0.5, 0.5, 9)
    text = reflint("citations", "thesis.docx", "--summary").out
    assert re.search(r"^with a DOI +1 of 2 \(50 %\)$", text, re.M)
    page = reflint("citations", "thesis.docx", "--summary", "-f", "html").out
    assert page.count("<svg") == 3
    assert "<script" not in page
    assert "http" not in page
    assert reflint("citations", "thesis.docx", "-f", "html").status == 2


def test_citations_have_a_schema(reflint: Shell):
    reflint.write("thesis.docx", THESIS)
    Draft202012Validator(schemas()["citations"]).validate(reflint("citations", "thesis.docx", "-f", "json").json)
