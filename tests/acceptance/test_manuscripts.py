"""reflint citations and extract: manuscripts in, lists and records out."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.command import Shell
from tests.word.builder import cite, docx, field, item, odt, p, zipped, zotero

SALT, TIDES = item(DOI="10.5555/salt"), item("Osei", 2001, "Tides of the northern shore")
MANUSCRIPT = docx(
    p(
        "As seen ",
        field(zotero(cite(SALT), cite(TIDES, "BBBB2222")), "(Okafor 2019; Osei 2001)"),
        ", and by Osei (2001).",
    )
    + p("Twice ", field(zotero(cite(SALT)), "(Okafor 2019)"), field("ADDIN ZOTERO_ITEM {", "(lost)"))
    + p("References")
    + p("Okafor, N. (2019). Salt marshes in winter. Shore Geology.")
    + p("Osei, N. (2001). Tides of the northern shore. Shore Geology.")
    + p("Adeyemi, B. (1999). Sand. Shore Geology.")
)
BROKEN = {"empty.docx": b"", "plain.docx": b"TY  - JOUR", "zip.docx": zipped({"a": "b"}), "cut.docx": MANUSCRIPT[:900],
          "bomb.docx": zipped({"word/document.xml": b" " * (30 << 20)}), "out.docx": zipped({"../a": "b"})}  # fmt: skip


def test_citations_as_json(reflint: Shell):
    reflint.write("thesis.docx", MANUSCRIPT)
    ran = reflint("citations", "thesis.docx", "-f", "json")
    assert (ran.status, ran.err) == (0, "")
    assert ran.json["version"] == 1
    assert ran.json["citations"][:2] == [
        {
            "index": 0,
            "text": "(Okafor 2019; Osei 2001)",
            "manager": "zotero",
            "part": "word/document.xml",
            "paragraph": 0,
            "start": 8,
            "end": 32,
            "works": ["AAAA1111", "BBBB2222"],
            "entries": [3, 4],
            "confidence": 1.0,
        },
        {
            "index": 1,
            "text": "Osei (2001)",
            "manager": None,
            "part": "word/document.xml",
            "paragraph": 0,
            "start": 41,
            "end": 52,
            "works": ["Osei 2001"],
            "entries": [4],
            "confidence": 0.97,
        },
    ]
    assert [one["text"] for one in ran.json["citations"][2:]] == ["(Okafor 2019)", "(lost)"]
    assert ran.json["entries"][0] == {
        "paragraphs": [3], "text": "Okafor, N. (2019). Salt marshes in winter. Shore Geology.",
    }  # fmt: skip


def test_citations_for_a_reader(reflint: Shell):
    reflint.write("thesis.docx", MANUSCRIPT)
    ran = reflint("citations", "thesis.docx")
    assert (ran.status, ran.err) == (0, "")
    assert ran.out.startswith("thesis.docx: 4 citations (zotero 3, typed 1), 2 works, 3 entries in the list\n")
    for words in ("(Okafor 2019; Osei 2001)", "AAAA1111 → 1. Okafor, N. (2019)", "typed · word/document.xml ¶0:41-52",
                  "! its data cannot be read:", "   3. Adeyemi, B. (1999)."):  # fmt: skip
        assert words in ran.out
    assert max(map(len, ran.out.splitlines())) <= 120


def test_citations_of_standard_input(reflint: Shell):
    ran = reflint("citations", "-", "-f", "json", stdin=odt("<text:p>Salt (Okafor 2019).</text:p>"))
    assert [(one["text"], one["part"]) for one in ran.json["citations"]] == [("(Okafor 2019)", "content.xml")]


def test_extract_ris(reflint: Shell):
    reflint.write("thesis.docx", MANUSCRIPT)
    ran = reflint("extract", "thesis.docx", "-o", "refs.ris")
    assert (ran.status, ran.out, ran.err) == (0, "", "2 records written to refs.ris\n")
    text = (reflint.folder / "refs.ris").read_text("utf-8")
    assert [line for line in text.splitlines() if line.startswith("TI")] == [
        "TI  - Salt marshes in winter", "TI  - Tides of the northern shore",
    ]  # fmt: skip
    assert reflint("check", "refs.ris", "--select", "RIS").status == 0


def test_extract_csl_json(reflint: Shell):
    reflint.write("thesis.docx", MANUSCRIPT)
    reflint.write("refs.json", "old")
    assert reflint("extract", "thesis.docx", "-o", "refs.json").status == 0
    items = json.loads((reflint.folder / "refs.json").read_text("utf-8"))
    assert items == [{"id": "AAAA1111", **SALT}, {"id": "BBBB2222", **TIDES}]


def test_extract_zotero_json(reflint: Shell):
    reflint.write("thesis.docx", MANUSCRIPT)
    assert reflint("extract", "thesis.docx", "-o", "refs.zotero.json").status == 0
    items = json.loads((reflint.folder / "refs.zotero.json").read_text("utf-8"))
    assert [(one["itemType"], one["title"]) for one in items] == [
        ("journalArticle", "Salt marshes in winter"), ("journalArticle", "Tides of the northern shore"),
    ]  # fmt: skip


def test_what_nothing_is_known_of_is_named(reflint: Shell):
    body = p(field(" CITATION Oka19 ", "(1)"), field("ADDIN RW.CITE{{doc:5c93 Osei 2001}}", "(2)"))
    reflint.write("thesis.docx", docx(body))
    ran = reflint("extract", "thesis.docx", "-o", "refs.ris")
    assert (ran.status, ran.err) == (
        0, "1 record written to refs.ris\nleft out, for the manuscript tells nothing of them: Oka19\n",
    )  # fmt: skip


@pytest.mark.parametrize("target", ["refs.bib", "refs", "no-folder/refs.ris"])
def test_targets_that_cannot_be_written(reflint: Shell, target: str):
    reflint.write("thesis.docx", MANUSCRIPT)
    ran = reflint("extract", "thesis.docx", "-o", target)
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.startswith(f"reflint: {target}: ")


def test_nothing_to_extract(reflint: Shell):
    reflint.write("typed.docx", docx(p("Salt (Okafor 2019).")))
    ran = reflint("extract", "typed.docx", "-o", "refs.ris")
    assert (ran.status, ran.err.startswith("reflint: typed.docx: has no citations")) == (2, True)
    assert not (reflint.folder / "refs.ris").exists()


@pytest.mark.parametrize("name", [*BROKEN, "missing.docx"])
@pytest.mark.parametrize("command", ["citations", "extract"])
def test_what_is_no_manuscript_ends_with_status_2(reflint: Shell, command: str, name: str):
    if name in BROKEN:
        reflint.write(name, BROKEN[name])
    ran = reflint(command, name, *(["-o", "refs.ris"] if command == "extract" else []))
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.startswith(f"reflint: {name}: ")
    assert ran.err.count("\n") == 1


def test_help(reflint: Shell):
    for command in ("citations", "extract"):
        ran = reflint(command, "--help")
        assert (ran.status, "thesis.docx" in ran.out) == (0, True)


def test_xml_is_imported_only_for_manuscripts():
    code = "import reflint.cli.manuscripts, sys; print({'lxml', 'docx', 'rapidfuzz'} & {*sys.modules})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
