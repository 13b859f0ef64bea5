"""Repairs of what a manuscript itself keeps: where they are made, and that nothing else of the package changes."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import docx as python_docx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from reflint.engine.pack import load, select
from reflint.engine.run import Engine
from reflint.errors import SourceError
from reflint.word.managers.csl_citation import loads
from reflint.word.package import Package
from reflint.word.reading import read
from reflint.word.repairs.rewriting import Change, rewritten
from reflint.word.repairs.writing import repaired
from reflint.word.shelf import Held, Shelf
from tests.inputs import RULES
from tests.word.builder import cite, docx, field, inserted, item, odt, p, r, root, text_box, zotero
from tests.word.libreoffice import converted, needs_libreoffice

PACK = load(RULES)
BODY = "word/document.xml"
SALT = item(volume="Vol. 3", page="201-9", note='"a" & <b> \u2013 \\ é')
SHOWN = "(Okafor 2019)"


def engine(*codes: str) -> Engine:
    return Engine(select(PACK.rules, select=codes or ["ALL"]))


def unlinked(known: dict[str, Any], key: str = "AAAA1111") -> dict[str, Any]:
    """A citation item that Zotero found in no library."""
    return cite(known, key) | {"id": "Xy12Ab34/Qw56Er78"}


def repair(data: bytes, *codes: str, library: Shelf | None = None) -> tuple[bytes, int]:
    return repaired(read(data), engine(*codes), ("safe",), library)


def cited(data: bytes) -> list[dict[str, Any]]:
    return [work.item for citation in read(data).citations for work in citation.payload.works]


@pytest.mark.parametrize("pieces", [1, 2, 7])
def test_a_record_that_no_library_holds_is_repaired(pieces: int):
    code = zotero(unlinked(SALT), plain=SHOWN)
    data = docx(p("As ", field(code, SHOWN, pieces=pieces), " says.") + p("end"))
    new, count = repair(data, "VOL001")
    assert count == 1
    assert cited(new) == [SALT | {"volume": "3"}]
    assert repair(new, "VOL001") == (new, 0)
    (before,), (after,) = read(data).citations, read(new).citations
    assert (after.text, after.span, after.payload.stored) == (before.text, before.span, before.payload.stored)
    assert after.instruction == code.replace("Vol. 3", "3")
    python_docx.Document(io.BytesIO(new))


def test_nothing_but_the_instruction_changes():
    parts: dict[str, Any] = {"styles": '<w:style w:styleId="a"/>', "properties": {"ZOTERO_PREF_1": "x"}}
    code = zotero(unlinked(SALT), plain=SHOWN)
    old = docx(p(r("a & b"), "<!-- <w:instrText> -->", field(code, SHOWN)) + p(field(code, SHOWN)), **parts)
    new, count = repair(old, "VOL001")
    assert count == 2
    before, after = Package(old), Package(new)
    assert [name for name in before.names if before.read(name) != after.read(name)] == [BODY]
    assert after.names == before.names
    assert after.read(BODY) == before.read(BODY).replace(b"Vol. 3", b"3")


@pytest.mark.parametrize(
    "code",
    [
        zotero(cite(SALT)),
        zotero(unlinked(item(volume="3"))),
        zotero(unlinked(SALT)).replace("itemData", "data"),
        zotero(unlinked(SALT)).replace("citationItems", "CITATIONITEMS"),
        zotero(unlinked(SALT))[:-3],
        "ADDIN ZOTERO_ITEM CSL_CITATION",
        zotero(unlinked({"itemType": "book"})),
        zotero(unlinked(SALT)).replace("ZOTERO_ITEM CSL_CITATION", "CSL_CITATION"),
    ],
    ids=["linked", "faultless", "without data", "capitals", "broken", "empty", "of another format", "Mendeley"],
)
def test_what_is_left_alone(code: str):
    data = docx(p(field(code, SHOWN)))
    assert repair(data, "VOL001") == (data, 0)


@pytest.mark.parametrize(
    ("library", "held", "count"),
    [("users/1", Held({}, "BBBB2222"), 1), ("users/1", Held({}, "AAAA1111"), 0), ("groups/9", Held({}, ""), 0)],
    ids=["gone", "there", "elsewhere"],
)
def test_a_link_that_leads_nowhere_is_none(library: str, held: Held, count: int):
    data = docx(p(field(zotero(cite(SALT)), SHOWN)))
    assert repair(data, "VOL001", library=Shelf("lib", library, [held]))[1] == count
    assert repair(data, "VOL001", library=Shelf("refs.ris", "", [held]))[1] == 0


@pytest.mark.parametrize(
    ("shown", "properties", "count"),
    [
        ("(Okafor\u00a02019)", {}, 1),
        ("Okafor (2019)", {}, 0),
        (SHOWN, {"custom": SHOWN}, 0),
        ("", {}, 0),
    ],
    ids=["idle", "edited", "edited in Zotero", "empty"],
)
def test_a_flag_that_keeps_nothing_goes(shown: str, properties: dict[str, str], count: int):
    data = docx(p(field(zotero(cite(SALT), plain=SHOWN, dontUpdate=True, **properties), shown)))
    new, found = repair(data, "MSF006")
    assert found == count
    (citation,) = read(new).citations
    assert bool(citation.payload.flags) == (not count)
    assert repair(new, "MSF006") == (new, 0)
    assert repair(data, "VOL001")[1] == 0
    assert repaired(read(data), engine("MSF006"), ("unsafe",))[1] == 0


@pytest.mark.parametrize(
    "body",
    [
        p("x", text_box(p(field(zotero(unlinked(SALT)), SHOWN)))),
        p(inserted(field(zotero(unlinked(SALT)), SHOWN))),
        p(field(" ADDIN ZOTERO_TEMP ", field(zotero(unlinked(SALT)), SHOWN))),
    ],
    ids=["text box", "insertion", "field in a field"],
)
def test_wherever_the_field_stands(body: str):
    new, count = repair(docx(body), "VOL001")
    assert count == 1
    assert cited(new)[0]["volume"] == "3"


def test_simple_fields_and_notes():
    code = zotero(unlinked(SALT)).replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
    simple = f"<w:fldSimple w:dirty='0' w:instr=\"{code}\">{r(SHOWN)}</w:fldSimple>"
    note = f'<w:footnote w:id="2">{p("See ", field(zotero(unlinked(SALT)), SHOWN))}</w:footnote>'
    data = docx(p(simple, '<w:r><w:footnoteReference w:id="2"/></w:r>'), stories={"footnotes": note})
    new, count = repair(data, "VOL001")
    assert count == 2
    assert cited(new) == [SALT | {"volume": "3"}] * 2
    assert b"w:dirty='0'" in Package(new).read(BODY)


def test_an_odt_and_another_encoding_are_refused():
    with pytest.raises(SourceError, match=r"\.docx only"):
        repaired(read(odt("<text:p>x</text:p>")), engine(), ("safe",))
    data = root("document", "x").replace("UTF-8", "ISO-8859-1").encode()
    with pytest.raises(SourceError, match="not in UTF-8"):
        rewritten(data, BODY, etree.fromstring(data), [])


TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff"))


@given(TEXT, TEXT, TEXT)
def test_what_is_written_is_read_again(text: str, value: str, between: str):
    plain = "".join(c for c in between if c not in "&<>")
    data = f"<a>{plain}<!--<b>--><b k='1' w=\"&gt;'\">x</b><b w='0'/>ü</a>".encode()
    tree = etree.fromstring(data)
    first, second = tree.iter("b")
    new = rewritten(data, "x.xml", tree, [Change(first, text), Change(second, value, "w")])
    again = etree.fromstring(new)
    one, other = again.iter("b")
    assert (one.text or "", dict(one.attrib)) == (text, {"k": "1", "w": ">'"})
    assert other.get("w") == value
    assert again.text == tree.text
    assert other.tail == "ü"


@given(st.dictionaries(st.sampled_from(["volume", "page", "title", "note", "abstract", "DOI", "URL", "x"]), st.text()))
def test_repairs_settle_and_keep_the_citation(known: dict[str, str]):
    raw = zotero(unlinked({"type": "article-journal", "id": 5, **known}, "CCCC3333"), plain=SHOWN)
    data = docx(p(field(raw, SHOWN)))
    new, _ = repair(data)
    before, after = (
        loads(one[one.index("{") : one.rindex("}") + 1]) for one in (raw, read(new).citations[0].instruction)
    )
    for data_of in (before, after):
        del data_of["citationItems"][0]["itemData"]
    assert after == before
    assert repair(new) == (new, 0)


@needs_libreoffice
def test_libreoffice_keeps_what_was_repaired(tmp_path: Path):
    data, count = repair(docx(p("As ", field(zotero(unlinked(SALT)), SHOWN, pieces=3))), "VOL001", "PAG003")
    assert count == 2
    assert cited(converted({"repaired.docx": data}, tmp_path)["repaired.docx"]) == cited(data)
    assert json.dumps(cited(data)).count("Vol.") == 0
