"""A whole manuscript: citations of every kind with their places, lists, works, links, preferences."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reflint.word.manuscript import Manuscript
from reflint.word.package import Package
from reflint.word.reading import read
from tests.word.builder import (
    bookmark,
    cite,
    control,
    deleted,
    docx,
    encoded,
    field,
    inserted,
    item,
    mark,
    members_of,
    mendeley,
    odt,
    p,
    r,
    text_box,
    zipped,
    zotero,
)

SALT, TIDES = item(), item("Osei", 2001, "Tides of the northern shore")
SALT_ENTRY = "Okafor, N. (2019). Salt marshes in winter. Shore Geology."
TIDES_ENTRY = "Osei, K. (2001). Tides of the northern shore. Shore Geology."
ONE = field(zotero(cite(SALT), plain="(Okafor 2019)"), "(Okafor 2019)", pieces=3)
BOTH = field(zotero(cite(SALT), cite(TIDES, "BBBB2222")), "(Okafor 2019; Osei 2001)")


def bibliography(*entries: str) -> str:
    first, *rest = entries
    begin = field(' ADDIN ZOTERO_BIBL {"uncited":[]} CSL_BIBLIOGRAPHY ', first)
    return p(begin.removesuffix(mark("end"))) + "".join(map(p, rest)) + p(mark("end"))


def managers(manuscript: Manuscript) -> list[tuple[str | None, str]]:
    return [(citation.manager, citation.text) for citation in manuscript.citations]


def test_a_field_with_its_place_and_its_entry():
    manuscript = read(docx(p("Salt. ") + p("As seen ", ONE, " here.") + bibliography(SALT_ENTRY, TIDES_ENTRY)))
    (citation,) = manuscript.citations
    assert (citation.manager, citation.part, citation.paragraph, citation.span) == (
        "zotero", "word/document.xml", 1, (8, 21),
    )  # fmt: skip
    assert citation.payload.stored == citation.text == "(Okafor 2019)"
    assert citation.anchor is not None
    assert [one.tag.rpartition("}")[2] for one in citation.anchor] == ["r", "r"]
    assert citation.anchor.first.getroottree().getroot() is manuscript.roots["word/document.xml"]
    assert [(entry.paragraphs, entry.text) for entry in manuscript.entries] == [((2,), SALT_ENTRY), ((3,), TIDES_ENTRY)]
    assert [(one.label, one.entries, one.reason) for one in manuscript.references[0]] == [("AAAA1111", (0,), "title")]
    assert [one.manager for one in manuscript.bibliographies] == ["zotero"]


def test_a_citation_that_runs_on_ends_with_its_paragraph():
    manuscript = read(docx(p("x ", ONE.removesuffix(mark("end"))) + p(mark("end"), " y")))
    assert manuscript.citations[0].span == (2, 15)
    assert manuscript.citations[0].end == (1, 0)


def test_works_are_united_by_uri_doi_and_id():
    again = cite(item("Okafor", 2019, "Salt marshes in winter", DOI="10.5555/s"), "CCCC3333", uris=[
        "http://zotero.org/groups/9/items/CCCC3333", "http://zotero.org/users/1/items/AAAA1111",
    ])  # fmt: skip
    other = cite(item("Okafor", 2019, "Salt Marshes in Winter", DOI="https://doi.org/10.5555/S"), "DDDD4444")
    body = p(BOTH, field(zotero(other), "(x)"), field(zotero(again), "(y)"), field(mendeley(other), "(z)"))
    manuscript = read(docx(body))
    assert [work.id for work in manuscript.works] == ["AAAA1111", "BBBB2222"]
    assert manuscript.works[0].item["DOI"] == "https://doi.org/10.5555/S"
    assert manuscript.works[0].managers == ("zotero", "mendeley")
    assert [citation.works for citation in manuscript.citations] == [(0, 1), (0,), (0,), (0,)]


def test_chapters_of_one_book_stay_apart():
    chapters = [item(title=title, type="chapter", DOI="10.5555/book") for title in ("Salt", "Tides")]
    manuscript = read(docx(p(field(zotero(*(cite(one, f"KEY{n}") for n, one in enumerate(chapters))), "(x)"))))
    assert [work.item["title"] for work in manuscript.works] == ["Salt", "Tides"]


def test_ids_of_works_are_unique():
    cites = [{"id": "ITEM-1", "itemData": item(title=title)} for title in ("Salt and sand", "Tides and time")]
    body = "".join(p(field(mendeley(one), "(x)")) for one in [*cites, cites[0]])
    manuscript = read(docx(body))
    assert [work.id for work in manuscript.works] == ["ITEM-1", "ITEM-1-2"]
    assert [citation.works for citation in manuscript.citations] == [(0,), (1,), (0,)]


def test_tracked_changes():
    body = p(deleted(ONE), inserted(BOTH))
    accepted, original = read(docx(body)), read(docx(body), view="original")
    assert [(one.text, one.inserted) for one in accepted.citations] == [("(Okafor 2019; Osei 2001)", True)]
    assert [one.text for one in accepted.deleted] == ["(Okafor 2019)"]
    assert [one.text for one in original.citations] == ["(Okafor 2019)"]
    assert (accepted.revisions, read(docx(p("x"))).revisions) == (True, False)
    assert read(docx(p("x"), settings="<w:trackRevisions/>")).revisions


def test_notes_are_read_where_they_are_referred_to():
    body = p("a", '<w:r><w:footnoteReference w:id="2"/></w:r>') + p("b ", ONE)
    notes = f'<w:footnote w:id="2">{p("See ", BOTH)}</w:footnote>'
    manuscript = read(docx(body, stories={"footnotes": notes, "header": p(ONE)}))
    assert [(one.story.kind, one.part) for one in manuscript.citations] == [
        ("footnote", "word/footnotes.xml"), ("body", "word/document.xml"), ("header", "word/header.xml"),
    ]  # fmt: skip


def test_a_text_box_is_counted_once():
    manuscript = read(docx(p("a", text_box(p(ONE))) + p(ONE)))
    assert [one.story.kind for one in manuscript.citations] == ["text box", "body"]


def test_zotero_in_bookmarks():
    code = zotero(cite(SALT), plain="(1)").strip().removeprefix("ADDIN ")
    name, gone = "ZOTERO_BREF_abcdefghijkl", "ZOTERO_BREF_lkjihgfedcba"
    pieces = {f"{name}_{n + 1}": code[start : start + 100] for n, start in enumerate(range(0, len(code), 100))}
    shuffled = dict(sorted(pieces.items(), key=lambda pair: pair[0][::-1])) | {f"{gone}_1": code}
    body = p("x ", bookmark(name, r("(1)")), bookmark("ZOTERO_BREF_zzzzzzzzzzzz", r("no code"), 9))
    manuscript = read(docx(body, properties=shuffled))
    assert len(pieces) > 3
    assert [(one.manager, one.text, one.payload.works[0].item) for one in manuscript.citations] == [
        ("zotero", "(1)", SALT)
    ]


def test_a_bookmark_that_stands_twice_is_one_citation():
    code, names = mendeley(cite(SALT)), ("Mendeley_Bookmark_aaaaaaaaaa", "Mendeley_Bookmark_bbbbbbbbbb")
    body = p(
        bookmark(names[0], bookmark(names[1], r("(1)"), 8), 7), " and ", bookmark("Mendeley_Bookmark_c", r("(1)"), 9)
    )
    manuscript = read(docx(body, properties={f"{name}_1": code for name in (*names, "Mendeley_Bookmark_c")}))
    assert managers(manuscript) == [("mendeley", "(1)"), ("mendeley", "(1)")]


def test_a_bibliography_in_a_bookmark():
    name = "ZOTERO_BREF_abcdefghijkl"
    start, end = f'<w:bookmarkStart w:id="1" w:name="{name}"/>', '<w:bookmarkEnd w:id="1"/>'
    body = f"<w:p>{start}{r(SALT_ENTRY)}</w:p>{p(TIDES_ENTRY)}{end}"
    manuscript = read(docx(body, properties={f"{name}_1": "ZOTERO_BIBL {} CSL_BIBLIOGRAPHY"}))
    assert len(manuscript.bibliographies) == 1
    assert [entry.text for entry in manuscript.entries] == [SALT_ENTRY, TIDES_ENTRY]


def test_mendeley_cite_with_a_ghost():
    tag = "MENDELEY_CITATION_v3_" + encoded({"citationItems": [{"id": "u-1", "itemData": SALT}]})
    body = p("x ", control(r("(Okafor, 2019)"), tag=tag), control("", tag=tag))
    body += control(p(SALT_ENTRY) + p(TIDES_ENTRY), tag="MENDELEY_BIBLIOGRAPHY")
    extension = (
        '<we:webextension xmlns:we="urn:we"><we:properties><we:property name="MENDELEY_CITATIONS_STYLE" '
        'value="&quot;urn:apa&quot;"/><we:property name="MENDELEY_CITATIONS_LOCALE_CODE" value="&quot;en-GB&quot;"/>'
        "</we:properties></we:webextension>"
    )
    manuscript = read(docx(body, extension=extension))
    assert managers(manuscript) == [("mendeley_v3", "(Okafor, 2019)"), ("mendeley_v3", "")]
    assert len(manuscript.entries) == 2
    assert [(one.manager, one.style, one.locale) for one in manuscript.preferences] == [
        ("mendeley_v3", "urn:apa", "en-GB")
    ]
    anchor = manuscript.citations[0].anchor
    assert anchor is not None
    assert anchor.first is anchor.last


SOURCES = (
    '<b:Sources xmlns:b="http://schemas.openxmlformats.org/officeDocument/2006/bibliography" SelectedStyle="x">'
    "<b:Source><b:Tag>Oka19</b:Tag><b:SourceType>JournalArticle</b:SourceType><b:Title>Salt marshes in winter</b:Title>"
    "<b:Year>2019</b:Year><b:Month>May</b:Month><b:Day>3</b:Day><b:JournalName>Shore Geology</b:JournalName>"
    "<b:Author><b:Author><b:NameList><b:Person><b:Last>Okafor</b:Last><b:First>Ngozi</b:First><b:Middle>B.</b:Middle>"
    "</b:Person></b:NameList></b:Author><b:Editor><b:Corporate>Shore Board</b:Corporate></b:Editor></b:Author>"
    "</b:Source></b:Sources>"
)


def test_words_own_citations():
    inside = control(field(" CITATION Oka19 \\l 1033 ", "(Okafor, 2019)"), properties="<w:citation/>")
    listed = control(p("References") + p(field(" BIBLIOGRAPHY ", SALT_ENTRY)),
                     properties='<w:docPartObj><w:docPartGallery w:val="Bibliographies"/></w:docPartObj>')  # fmt: skip
    manuscript = read(docx(p("x ", inside) + listed, custom_xml=SOURCES))
    assert managers(manuscript) == [("word", "(Okafor, 2019)")]
    assert manuscript.works[0].item == {
        "id": "Oka19",
        "type": "article-journal",
        "title": "Salt marshes in winter",
        "author": [{"family": "Okafor", "given": "Ngozi B."}],
        "editor": [{"literal": "Shore Board"}],
        "container-title": "Shore Geology",
        "issued": {"date-parts": [[2019, 5, 3]]},
    }
    assert len(manuscript.bibliographies) == 1
    assert [entry.text for entry in manuscript.entries] == [SALT_ENTRY]


def test_citavi_is_one_citation_with_its_control():
    code = encoded({"Entries": [{"ReferenceId": "r1", "Reference": {"Title": "Salt"}}]})
    inside = control(field(f"ADDIN CitaviPlaceholder{{{code}}}", "(Okafor 2019)"), tag="CitaviPlaceholder#1")
    manuscript = read(docx(p("x ", inside)))
    assert managers(manuscript) == [("citavi", "(Okafor 2019)")]
    assert manuscript.citations[0].field is not None
    assert manuscript.citations[0].field.control is not None


def test_endnote_data_of_a_nested_field_is_no_second_citation():
    inner = field(" ADDIN EN.CITE.DATA ", None, data="eA==")
    manuscript = read(docx(p(field(" ADDIN EN.CITE ", "(1)", data="eA==", inner=inner))))
    assert managers(manuscript) == [("endnote", "(1)")]
    assert "XML cannot be read" in manuscript.citations[0].fault


def test_placeholders_and_what_stands_in_them():
    manuscript = read(docx(p(field(" ADDIN ZOTERO_TEMP ", ONE))))
    assert len(manuscript.placeholders) == 1
    assert managers(manuscript) == [("zotero", "(Okafor 2019)")]


def test_a_list_that_is_not_made_yet_has_no_entries():
    notice = "Automatic citation updates are disabled. To see the bibliography, click Refresh in the Zotero tab."
    assert read(docx(p(ONE) + bibliography(notice))).entries == ()


ZOTERO_XML = (
    '<data data-version="3" zotero-version="7.0.15"><session id="s"/><style id="http://www.zotero.org/styles/apa" '
    'locale="en-US" hasBibliography="1"/><prefs><pref name="fieldType" value="Field"/></prefs></data>'
)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (ZOTERO_XML, ("http://www.zotero.org/styles/apa", "en-US", "7.0.15", {"fieldType": "Field"})),
        (
            json.dumps(
                {
                    "dataVersion": 4,
                    "zoteroVersion": "7",
                    "style": {"styleID": "urn:x", "locale": "de"},
                    "prefs": {"a": 1},
                }
            ),
            ("urn:x", "de", "7", {"a": "1"}),
        ),
        ("sess:http://x/apa:1", ("http://x/apa", "", "", {})),
        ("<data", ("", "", "", {})),
        ("{", ("", "", "", {})),
        ("[]", ("", "", "", {})),
    ],
)
def test_document_preferences(raw: str, expected: tuple[str, str, str, dict[str, str]]):
    properties = {"ZOTERO_PREF_2": raw[30:], "ZOTERO_PREF_1": raw[:30]}
    (found,) = read(docx(p("x"), properties=properties)).preferences
    assert (found.style, found.locale, found.version, dict(found.options)) == expected
    assert found.raw == raw


def test_mendeley_preferences():
    properties = {"Mendeley Citation Style_1": "http://www.zotero.org/styles/apa"}
    (found,) = read(docx(p("x"), properties=properties)).preferences
    assert (found.manager, found.style) == ("mendeley", "http://www.zotero.org/styles/apa")


def test_typed_citations_outside_fields():
    body = p("Okafor ", field(zotero(cite(SALT)), "(2019)"), " agrees (Osei 2001; Adeyemi 1999).") + bibliography(
        SALT_ENTRY, TIDES_ENTRY
    )
    manuscript = read(docx(body))
    assert managers(manuscript) == [("zotero", "(2019)"), (None, "(Osei 2001; Adeyemi 1999)")]
    assert [(one.label, one.entries, one.reason) for one in manuscript.references[1]] == [
        ("Osei 2001", (1,), "author and year"), ("Adeyemi 1999", (), "missing in the list"),
    ]  # fmt: skip
    assert manuscript.style == "author-year"


def test_comments_and_headers_hold_no_typed_citations():
    manuscript = read(docx(p("x"), stories={"comments": f'<w:comment w:id="0">{p("(Osei 2001)")}</w:comment>',
                                            "header": p("(Osei 2001)")}))  # fmt: skip
    assert manuscript.citations == ()


def test_an_odt():
    code = zotero(cite(SALT), plain="(1)").strip().removeprefix("ADDIN ")
    name = f"{code} RNDabc".replace("&", "&amp;").replace('"', "&quot;")
    section = " ZOTERO_BIBL {} CSL_BIBLIOGRAPHY RNDx"
    data = odt(
        '<text:tracked-changes><text:changed-region><text:deletion><text:p>gone</text:p></text:deletion></text:changed-region>'
        f'</text:tracked-changes><text:h text:outline-level="1">Salt</text:h>\n'
        f'<text:p>a<text:s text:c="2"/>b<text:tab/>'
        f'<text:reference-mark-start text:name="{name}"/><text:span text:style-name="T1">(1)</text:span>'
        f'<text:reference-mark-end text:name="{name}"/><text:note text:id="n1" text:note-class="footnote">'
        f"<text:note-citation>1</text:note-citation><text:note-body><text:p>See"
        f" it.</text:p></text:note-body></text:note> c</text:p>"
        f'<text:section text:name="{section}"><text:p>{SALT_ENTRY}</text:p>'
        f'<text:p>{TIDES_ENTRY}</text:p></text:section>',
        styles='<style:style style:name="T1"><style:text-properties style:text-position="super 58%"/></style:style>',
    )  # fmt: skip
    manuscript = read(data)
    assert manuscript.format == "odt"
    assert [(one.kind, [(q.index, q.text) for q in one.paragraphs]) for one in manuscript.stories] == [
        ("body", [(1, "Salt"), (2, "a  b\t(1) c"), (4, SALT_ENTRY), (5, TIDES_ENTRY)]),
        ("footnote", [(3, "See it.")]),
    ]
    assert managers(manuscript) == [("zotero", "(1)")]
    assert manuscript.citations[0].span == (5, 8)
    assert manuscript.stories[0].paragraphs[1].raised == [(5, 8)]
    assert manuscript.references[0][0].entries == (0,)


def test_an_odt_of_mendeley():
    name = f"{mendeley(cite(SALT))} RND1".replace('"', "&quot;")
    marks = f'<text:reference-mark-start text:name="{name}"/>(1)<text:reference-mark-end text:name="{name}"/>'
    assert managers(read(odt(f"<text:p>x {marks}</text:p>"))) == [("mendeley", "(1)")]


def test_one_part_rewritten_keeps_the_citations():
    data = docx(p("x ", ONE), styles="<w:style/>")
    package = Package(data)
    new = package.replaced({"word/styles.xml": package.read("word/styles.xml") + b"<!-- seen -->"})
    assert managers(read(new)) == managers(read(data))


PIECES = st.sampled_from(
    [
        r("Okafor (2019) "), r("[1] "), ONE, BOTH, inserted(ONE), deleted(BOTH), text_box(p(ONE)), field("PAGE", "1"),
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>', '<w:r><w:fldChar w:fldCharType="separate"/></w:r>',
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>', r(" ADDIN ZOTERO_ITEM {", element="instrText"),
        '<w:bookmarkStart w:id="1" w:name="ZOTERO_BREF_a"/>', '<w:bookmarkEnd w:id="1"/>', control(ONE, tag="x"),
        "</w:p><w:p>", "<w:tbl><w:tr><w:tc><w:p/></w:tc></w:tr></w:tbl>", "<w:r><w:t/></w:r>", "<!-- x -->", "<?x y?>",
        r("References"), "<w:fldSimple/>", "<w:sdt/>", "<w:r/>", "<w:t>loose</w:t>",
    ]
)  # fmt: skip


@given(st.lists(PIECES, max_size=12), st.sampled_from(["accepted", "original"]))
def test_places_are_true_whatever_the_order(pieces: list[str], view: str):
    manuscript = read(zipped(members_of(p(*pieces))), view="original" if view == "original" else "accepted")
    for citation in manuscript.citations:
        paragraphs = {one.index: one for one in citation.story.paragraphs}
        start, end = citation.span
        assert 0 <= start <= end
        if citation.begin.paragraph == citation.end.paragraph and citation.begin.paragraph in paragraphs:
            assert paragraphs[citation.paragraph].text[start:end] == citation.text


@pytest.mark.parametrize(("in_text", "typed"), [("", []), (ONE, ["Shore Press (2014)"])], ids=["notes", "text"])
def test_a_publisher_and_its_year_in_a_note(in_text: str, typed: list[str]):
    note = p("See ", ONE, ", and K. Osei, Tides, in: Shore Press (2014), 7.")
    body = p("a", '<w:r><w:footnoteReference w:id="2"/></w:r>', in_text)
    manuscript = read(docx(body, stories={"footnotes": f'<w:footnote w:id="2">{note}</w:footnote>'}))
    assert [text for manager, text in managers(manuscript) if manager is None] == typed
