"""Open documents: what memory tells is what a fresh check would."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reflint.app.settings import Settings
from reflint.errors import SourceError
from reflint.lsp.documents import Documents

GOOD = """TY  - JOUR
AU  - Okafor, Ngozi
TI  - Sand
T2  - Notes
PY  - 2019
VL  - 3
SP  - 4
EP  - 9
DO  - 10.5555/a
ER  - \n"""
PARTS = [
    GOOD,
    GOOD.replace("SP  - 4\nEP  - 9", "SP  - 420\nEP  - 34"),
    GOOD.replace("10.5555/a", "https://doi.org/10.5555/b"),
    GOOD.replace("TY  - ", "TY - "),
    GOOD.replace("AU  - ", "AU  -   \nAU - "),
    GOOD.rstrip("\n").replace("TY  - ", "TY - "),
    "\n",
    "stray words\n",
    "# reflint: ignore[PAG003]\n",
    "TY  - JOUR\nTI  - No end\n",
]
TEXTS = st.lists(st.sampled_from(PARTS), max_size=6).map("".join)


def seen(documents: Documents, text: str) -> list[tuple[object, ...]]:
    return [(f.rule, f.message, f.span, f.record.index if f.record else None) for f in documents.check("a.ris", text)]


@given(st.lists(TEXTS.filter(lambda text: "TY" in text), min_size=1, max_size=5))
def test_memory_tells_what_a_fresh_check_finds(texts: list[str]) -> None:
    documents = Documents(Settings())
    for text in texts:
        assert seen(documents, text) == seen(Documents(Settings()), text)


def test_only_what_changed_is_checked_again() -> None:
    documents = Documents(Settings())
    records = [GOOD.replace("10.5555/a", f"10.5555/{number}") for number in range(200)]
    documents.check("a.ris", "".join(records))
    assert documents.checked("a.ris") == 200
    records[100] = records[100].replace("EP  - 9", "EP  - 19")
    documents.check("a.ris", "\n" + "".join(records))
    assert documents.checked("a.ris") == 201


@pytest.mark.parametrize(
    ("name", "text", "rule", "wanted"),
    [
        ("a.ris", GOOD + PARTS[1] + PARTS[2], "PAG003", GOOD + PARTS[1].replace("EP  - 34", "EP  - 434") + PARTS[2]),
        ("a.csl.json", '[{"id": "x", "type": "book", "title": "Sand", "DOI": "doi:10.5555/x"}]', "DOI002",
         '[{"id": "x", "type": "book", "title": "Sand", "DOI": "10.5555/x"}]'),
        ("a.zotero.json", '[{"itemType": "book", "title": "Sand", "DOI": "doi:10.5555/x"}]', "DOI002",
         '[{"itemType": "book", "title": "Sand", "DOI": "10.5555/x"}]'),
    ],
)  # fmt: skip
def test_one_repair_changes_nothing_else(name: str, text: str, rule: str, wanted: str) -> None:
    documents = Documents(Settings())
    finding = next(finding for finding in documents.check(name, text) if finding.rule == rule)
    assert documents.with_fix(name, text, finding) == wanted


@pytest.mark.parametrize(
    ("text", "note", "wanted"),
    [
        (GOOD.replace("\n", "\r\n") + "TI  - Silt", "ER", GOOD.replace("\n", "\r\n") + "TI  - Silt\r\nER  - \r\n\r\n"),
        ("\ufeff" + PARTS[2], "DOI", "\ufeff" + PARTS[2].replace("https://doi.org/", "")),
        ("stray\n" + PARTS[2] + "more\n" + GOOD, "`more`", "stray\n" + PARTS[2] + GOOD),
        (PARTS[2].rstrip(), "does not end", PARTS[2].rstrip() + "\n"),
    ],
    ids=["line end", "byte order mark", "stray content", "last line"],
)
def test_one_repair_of_ris_is_what_it_is_in_the_file_and_no_other(text: str, note: str, wanted: str) -> None:
    documents = Documents(Settings())
    finding = next(finding for finding in documents.check("a.ris", text) if note in finding.message)
    assert documents.with_fix("a.ris", text, finding) == wanted


def test_a_repair_that_does_not_fit_the_text_is_an_error() -> None:
    documents = Documents(Settings())
    finding = next(finding for finding in documents.check("a.ris", PARTS[2]) if finding.rule == "DOI002")
    assert finding.fix is not None
    finding.fix = finding.fix._replace(edits=(finding.fix.edits[0]._replace(after="a\nER  - \nTY  - JOUR"),))
    with pytest.raises(SourceError, match="DOI002"):
        documents.with_fix("a.ris", PARTS[2], finding)


def test_the_outline_has_every_record() -> None:
    documents = Documents(Settings())
    found = list(documents.entries("a.ris", GOOD + "\n" + GOOD.replace("Sand", "Salt")))
    assert [(one.title, one.first, one.last) for one in found] == [("Sand", 1, 10), ("Salt", 12, 21)]
    items = list(documents.entries("a.csl.json", '[\n{"id": "x", "title": "A"},\n{"id": "y"}\n]\n'))
    assert [(one.title, one.first) for one in items] == [("A", 2), ("y", 3)]


def test_what_is_no_text_of_references_is_an_error() -> None:
    with pytest.raises(SourceError, match="BibTeX"):
        Documents(Settings()).check("a.ris", "@article{x, title = {Sand}}\n")
