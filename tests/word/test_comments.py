"""Comments: where they stand, what they say, and that nothing else of the manuscript changes."""

from __future__ import annotations

import io
from pathlib import Path

import docx as python_docx
import pytest
from lxml import etree

from reflint.errors import SourceError
from reflint.model.finding import Finding, Passage
from reflint.word.checks.base import citation_passage
from reflint.word.comments.writing import annotated
from reflint.word.manuscript import Manuscript
from reflint.word.package import Package
from reflint.word.reading import read
from reflint.word.xml import local
from tests.word.builder import (
    bookmark,
    cite,
    control,
    deleted,
    docx,
    field,
    inserted,
    item,
    mendeley,
    odt,
    p,
    r,
    text_box,
    zotero,
)
from tests.word.checks import kept_list
from tests.word.libreoffice import converted, needs_libreoffice

ONE = field(zotero(cite(item())), "(Okafor 2019)")
NOTE = '<w:r><w:footnoteReference w:id="2"/></w:r>'


def commented(data: bytes, passages: int = 1) -> tuple[bytes, Manuscript]:
    """A manuscript with a comment on each of its citations."""
    manuscript = read(data)
    findings = [
        Finding("XYZ001", "odd", "info", "odd", None, passages=(citation_passage(n, one),) * passages, advice="mend it")
        for n, one in enumerate(manuscript.citations)
    ]
    new, count = annotated(manuscript, findings)
    assert count == len(findings)
    return new, read(new)


def test_a_number_of_a_comment_beyond_all_measure_is_no_number_of_ours():
    old = f'<w:comment w:id="{"9" * 5000}" w:author="Ada"><w:p/></w:comment><w:comment w:id="6"><w:p/></w:comment>'
    new, _ = commented(docx(p(ONE), stories={"comments": old}))
    assert 'w:id="7"' in Package(new).read("word/document.xml").decode()


def test_no_comment_has_the_number_of_a_note():
    """LibreOffice 7.4 takes them for each other."""
    stories = {"footnotes": f'<w:footnote w:id="7">{p("See ", ONE)}</w:footnote>'}
    new, _ = commented(docx(p("a", NOTE.replace('"2"', '"7"'), ONE), stories=stories))
    assert [one.comment_id for one in python_docx.Document(io.BytesIO(new)).comments] == [8, 9]


def marks(data: bytes, part: str = "word/document.xml") -> list[str]:
    """The fields, texts and comment marks of a part, in order."""
    root = etree.fromstring(Package(data).read(part))
    names = {"commentRangeStart": "<", "commentRangeEnd": ">", "commentReference": "*", "footnoteReference": "note"}
    found = []
    for element in root.iter():
        name = local(element)
        if name == "fldChar":
            found.append(next(value for key, value in element.attrib.items() if key.endswith("fldCharType")))
        elif name in names:
            found.append(names[name])
        elif name in ("t", "delText") and element.text:
            found.append(element.text)
    return found


def test_a_comment_stands_around_the_field():
    new, again = commented(docx(p("As ", ONE, " says.")))
    assert marks(new) == ["As ", "<", "begin", "separate", "(Okafor 2019)", "end", ">", "*", " says."]
    assert [one.text for one in again.citations] == ["(Okafor 2019)"]


def test_python_docx_reads_the_comment():
    new, _ = commented(docx(p("As ", ONE)), passages=3)
    (comment,) = python_docx.Document(io.BytesIO(new)).comments
    assert (comment.author, comment.text) == ("reflint", "XYZ001 odd (and at 2 more places)\nmend it")


def test_all_other_parts_stay_as_they_are():
    data = docx(p(ONE), styles='<w:style w:styleId="a"/>', properties={"ZOTERO_PREF_1": "x"})
    before, after = Package(data), Package(commented(data)[0])
    assert set(after.names) - set(before.names) == {"word/comments.xml"}
    changed = {name for name in before.names if before.read(name) != after.read(name)}
    assert changed == {"word/document.xml", "[Content_Types].xml", "word/_rels/document.xml.rels"}


def test_comments_that_are_there_stay():
    old = '<w:comment w:id="4" w:author="Ada"><w:p/></w:comment>'
    data = docx(p("a", '<w:r><w:commentReference w:id="4"/></w:r>', ONE), stories={"comments": old})
    new, _ = commented(data)
    authors = [(one.comment_id, one.author) for one in python_docx.Document(io.BytesIO(new)).comments]
    assert authors == [(4, "Ada"), (5, "reflint")]
    assert Package(new).names == Package(data).names


def test_a_note_is_commented_at_its_mark():
    stories = {"footnotes": f'<w:footnote w:id="2">{p("See ", ONE)}</w:footnote>'}
    new, _ = commented(docx(p("a", NOTE, "b"), stories=stories))
    assert marks(new) == ["a", "<", "note", ">", "*", "b"]
    assert Package(new).read("word/footnotes.xml") == Package(docx(p("a", NOTE, "b"), stories=stories)).read(
        "word/footnotes.xml"
    )


def test_a_field_within_a_field_is_commented_around_the_outer_one():
    new, _ = commented(docx(p(field(" ADDIN ZOTERO_TEMP ", ONE))))
    assert marks(new)[:2] == ["<", "begin"]
    assert marks(new)[-3:] == ["end", ">", "*"]


@pytest.mark.parametrize(
    "body",
    [
        p("x", text_box(p(ONE))),
        p(inserted(ONE)),
        control(p("x ", ONE)),
        p(control(ONE, properties='<w:lock w:val="sdtContentLocked"/>')),
        p("x ", bookmark("ZOTERO_BREF_abcdefghijkl", r("(Okafor 2019)"))),
        p("x ", ONE.replace("</w:r>", "</w:r></w:p><w:p>", 3)),
        p(field(mendeley(cite(item())), "(x)")) + p(ONE, ONE),
        p(
            "<w:fldSimple w:instr=' ADDIN ZOTERO_ITEM CSL_CITATION {\"citationItems\":[]}'>"
            "<w:r><w:t>x</w:t></w:r></w:fldSimple>"
        ),
    ],
    ids=["text box", "insertion", "control", "locked", "bookmark", "paragraphs", "neighbours", "simple"],
)
def test_citations_are_the_same_behind_the_comments(body: str):
    properties = {"ZOTERO_BREF_abcdefghijkl_1": 'ZOTERO_ITEM CSL_CITATION {"citationItems":[]}'}
    data = docx(body, properties=properties)
    before = [(one.manager, one.text, one.instruction, one.span) for one in read(data).citations]
    new, again = commented(data)
    assert before
    assert [(one.manager, one.text, one.instruction, one.span) for one in again.citations] == before
    python_docx.Document(io.BytesIO(new))


def test_a_locked_control_is_commented_outside():
    new, _ = commented(docx(p(control(ONE, properties='<w:lock w:val="sdtContentLocked"/>'))))
    root = etree.fromstring(Package(new).read("word/document.xml"))
    parents = {local(one.getparent()) for one in root.iter() if local(one).startswith("commentRange")}
    assert parents == {"p"}


def test_never_within_a_deletion_or_a_list_that_is_kept():
    data = docx(p(deleted(r("gone")), ONE) + kept_list("Okafor, N. (2019). Salt.", "Osei, K. (2001). Tides."))
    manuscript = read(data)
    entry = manuscript.entries[1]
    finding = Finding(
        "XYZ001", "odd", "info", "odd", None, passages=(Passage(entry.part, entry.paragraphs[0], entry.text),)
    )
    new, _ = annotated(manuscript, [finding])
    assert marks(new)[-8:] == [
        "<", ">", "*", "begin", "separate", "Okafor, N. (2019). Salt.", "Osei, K. (2001). Tides.", "end",
    ]  # fmt: skip
    assert [one.text for one in read(new).entries] == [one.text for one in read(data).entries]


def test_text_outside_fields_is_commented_at_its_runs():
    manuscript = read(docx(p("First ", "run (Mbeki, 2004) and ", ONE, " more")))
    (typed,) = [n for n, one in enumerate(manuscript.citations) if one.manager is None]
    passage = citation_passage(typed, manuscript.citations[typed])
    new, _ = annotated(manuscript, [Finding("XYZ001", "odd", "info", "odd", None, passages=(passage,))])
    assert marks(new)[:5] == ["First ", "<", "run (Mbeki, 2004) and ", ">", "*"]


def test_nothing_found_nothing_changed():
    data = docx(p(ONE))
    assert annotated(read(data), []) == (data, 0)


def test_an_odt_has_no_comments_of_word():
    with pytest.raises(SourceError, match=r"\.docx only"):
        annotated(read(odt("<text:p>x</text:p>")), [])


def test_strict_documents_get_strict_comments():
    new, _ = commented(docx(p(ONE), strict=True))
    assert b"purl.oclc.org" in Package(new).read("word/comments.xml")
    assert b"purl.oclc.org/ooxml/officeDocument/relationships/comments" in Package(new).read(
        "word/_rels/document.xml.rels"
    )


@needs_libreoffice
def test_libreoffice_keeps_all_fields(tmp_path: Path):
    data = docx(
        p("As ", ONE, ", ", field(zotero(cite(item("Osei", 2001, "Tides"), "BBBB2222")), "(Osei 2001)")) + p(ONE)
    )
    new, again = commented(data)
    written = converted({"commented.docx": new}, tmp_path)["commented.docx"]
    assert [one.instruction.strip() for one in read(written).citations] == [
        one.instruction.strip() for one in again.citations
    ]
    comments = python_docx.Document(io.BytesIO(written)).comments
    assert len(list(comments)) == 3


@needs_libreoffice
def test_libreoffice_keeps_the_notes_in_their_places(tmp_path: Path):
    notes = "".join(f'<w:footnote w:id="{n}">{p(f"Note {n}. ", ONE)}</w:footnote>' for n in (1, 2, 3))
    body = "".join(p(f"Sentence {n}", NOTE.replace('"2"', f'"{n}"'), " ", ONE) for n in (1, 2, 3))
    new, _ = commented(docx(body, stories={"footnotes": notes}))
    written = converted({"commented.docx": new}, tmp_path)["commented.docx"]
    found = [story.paragraphs[0].text.strip() for story in read(written).stories if story.kind == "footnote"]
    assert [text for text in found if text] == [f"Note {n}. (Okafor 2019)" for n in (1, 2, 3)]
