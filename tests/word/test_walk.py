"""One pass over a part: text, fields however they are written, stories, tracked changes, content controls."""

from __future__ import annotations

import pytest

from reflint.word.reading import read
from reflint.word.story import Story
from reflint.word.styles import read_styles
from reflint.word.walk import View, walk
from reflint.word.xml import parse
from tests.word.builder import (
    bookmark,
    control,
    deleted,
    docx,
    field,
    inserted,
    mark,
    p,
    r,
    raised,
    root,
    text_box,
)

STYLES = (
    '<w:style w:styleId="Up"><w:name w:val="raised"/><w:rPr><w:vertAlign w:val="superscript"/></w:rPr>'
    '</w:style><w:style w:styleId="Upper"><w:basedOn w:val="Up"/></w:style>'
    '<w:style w:styleId="Gone"><w:rPr><w:vanish/></w:rPr></w:style>'
    '<w:style w:styleId="H1"><w:name w:val="Heading 1"/><w:pPr><w:outlineLvl w:val="0"/></w:pPr></w:style>'
    '<w:style w:styleId="List"><w:basedOn w:val="List"/>'
    '<w:pPr><w:numPr><w:numId w:val="4"/></w:numPr></w:pPr></w:style>'
)


def walked(body: str, view: View = "accepted") -> list[Story]:
    styles = read_styles(parse(root("styles", STYLES).encode(), "styles.xml"))
    return walk(parse(root("document", body).encode(), "d.xml"), "d.xml", "body", styles, view).stories


def texts(body: str, view: View = "accepted") -> list[str]:
    return [paragraph.text for story in walked(body, view) for paragraph in story.paragraphs]


def only_field(body: str) -> tuple[str, str, int]:
    """Instruction, visible text, number of instruction runs."""
    story = walked(body)[0]
    (one,) = story.fields
    return one.instruction, story.text(one.begin, one.end), len(one.writing)


def test_characters_that_are_elements_are_text():
    runs = "".join(f"<w:r><w:{name}/></w:r>" for name in ("tab", "br", "cr", "noBreakHyphen", "softHyphen"))
    assert texts(p("a", runs, '<w:r><w:sym w:font="Symbol" w:char="03B1"/><w:sym w:char="D800"/></w:r>', "b")) == [
        "a\t\n\n\u2011\u00adαb"
    ]


def test_hidden_text_is_no_text():
    assert texts(
        p("a", r("b", "<w:vanish/>"), r("c", '<w:vanish w:val="0"/>'), r("d", '<w:rStyle w:val="Gone"/>'))
    ) == ["ac"]


def test_superscripts_are_known_directly_and_by_style():
    story = walked(p("a", raised("1"), raised("2"), "b", r("3", '<w:rStyle w:val="Upper"/>')))[0]
    assert story.paragraphs[0].raised == [(1, 3), (4, 5)]


@pytest.mark.parametrize("pieces", [1, 2, 7])
def test_an_instruction_is_joined_from_its_runs(pieces: int):
    assert only_field(p("x ", field("ADDIN ABCDEFGH", "(1)", pieces=pieces), " y")) == ("ADDIN ABCDEFGH", "(1)", pieces)


def test_a_field_of_one_run():
    run = (
        '<w:r><w:fldChar w:fldCharType="begin"/><w:instrText>Q</w:instrText><w:fldChar w:fldCharType="separate"/>'
        '<w:t>s</w:t><w:fldChar w:fldCharType="end"/></w:r>'
    )
    assert only_field(p(run)) == ("Q", "s", 1)


def test_a_simple_field():
    assert only_field(p('<w:fldSimple w:instr=" CITATION A ">', "(A)", "</w:fldSimple>", " z")) == (
        " CITATION A ",
        "(A)",
        1,
    )


def test_a_field_without_separate_has_no_result():
    assert only_field(p("a", field("Q", None), "b")) == ("Q", "", 1)
    assert texts(p("a", field("Q", None), "b")) == ["ab"]


def test_fields_nest_in_the_instruction_and_in_the_result():
    body = p("a", field("OUTER", r("(") + field("IN", "x") + r(")"), inner=field("DATA", None)), "b")
    story = walked(body)[0]
    assert [one.instruction for one in story.fields] == ["OUTER", "DATA", "IN"]
    assert [one.outer.instruction if one.outer else None for one in story.fields] == [None, "OUTER", "OUTER"]
    assert texts(body) == ["a(x)b"]
    outer = story.fields[0]
    assert story.text(outer.begin, outer.end) == "(x)"


def test_a_field_crosses_paragraphs():
    story = walked(
        p("a", mark("begin"), r("BIB", element="instrText"), mark("separate"), "one") + p("two") + p(mark("end"))
    )[0]
    (one,) = story.fields
    assert story.text(one.begin, one.end) == "one\ntwo\n"
    assert (one.begin, one.end) == ((0, 1), (2, 0))


def test_a_field_that_never_ends_hides_nothing():
    story = walked(p("a", mark("begin"), r("LOST", element="instrText"), " b ", field("Q", "(c)"), " d") + p("e"))[0]
    assert [paragraph.text for paragraph in story.paragraphs] == ["a b (c) d", "e"]
    assert [one.instruction for one in story.fields] == ["Q"]
    assert [(stray.kind, stray.instruction, stray.paragraph) for stray in story.strays] == [("begin", "LOST", 0)]


def test_an_end_without_begin_is_told():
    story = walked(p("a", mark("end"), "b"))[0]
    assert [(stray.kind, stray.paragraph) for stray in story.strays] == [("end", 0)]
    assert story.paragraphs[0].text == "ab"


def test_a_field_begun_inside_a_simple_one_and_ended_outside_is_told():
    # Reading such a part never came to an end once: found by fuzzing.
    simple = ('<w:fldSimple w:instr="Q">', mark("begin"), r("LOST", element="instrText"), "(c)", "</w:fldSimple>")
    story = walked(p("a", *simple, mark("end"), "b"))[0]
    assert [(one.instruction, story.text(one.begin, one.end)) for one in story.fields] == [("Q", "(c)")]
    assert [(stray.kind, stray.instruction) for stray in story.strays] == [("begin", "LOST"), ("end", "")]
    assert story.paragraphs[0].text == "a(c)b"


def test_marks_inside_a_simple_field_do_not_end_it():
    story = walked(p('<w:fldSimple w:instr="Q">', "(c", mark("end"), "d)", "</w:fldSimple>"))[0]
    assert [(one.instruction, story.text(one.begin, one.end)) for one in story.fields] == [("Q", "(cd)")]
    assert [stray.kind for stray in story.strays] == ["end"]


def test_tracked_changes_in_both_views():
    body = p("a", inserted(r("new")), deleted(r("old")), "<w:moveFrom>", r("m"), "</w:moveFrom>", "b")
    assert (texts(body), texts(body, "original")) == (["anewb"], ["aoldmb"])


def test_marks_of_paragraph_and_row_properties_hide_no_text():
    body = '<w:p><w:pPr><w:rPr><w:del w:id="1"/></w:rPr></w:pPr>' + r("a") + "</w:p>"
    row = "<w:tbl><w:tr><w:trPr><w:del/></w:trPr><w:tc>" + p("gone") + "</w:tc></w:tr><w:tr><w:tc>" + p("here")
    assert texts(body + row + "</w:tc></w:tr></w:tbl>") == ["a", "", "here"]


def test_a_deleted_field_keeps_its_instruction_and_text():
    story = walked(p("a", deleted(field("GONE", "(1)")), inserted(field("NEW", "(2)")), "b"))[0]
    gone, new = story.fields
    assert (gone.instruction, "".join(gone.lost), gone.deleted, gone.inserted) == ("GONE", "(1)", True, False)
    assert (new.instruction, story.text(new.begin, new.end), new.deleted, new.inserted) == ("NEW", "(2)", False, True)
    assert story.paragraphs[0].text == "a(2)b"


def test_a_deleted_stretch_of_an_instruction_is_left_out():
    run = (
        mark("begin")
        + r("AB", element="instrText")
        + deleted(r("C", element="instrText"))
        + r("D", element="instrText")
    )
    assert only_field(p(run, mark("separate"), "x", mark("end")))[0] == "ABD"


def test_a_text_box_is_read_once_with_its_own_fields():
    box = text_box(p(field("Q", "(boxed)")))
    outer = [mark("begin"), box, r("X", element="instrText"), mark("separate"), "b", mark("end")]
    stories = walked(p("a", *outer) + p("c"))
    assert [(story.kind, [one.instruction for one in story.fields]) for story in stories] == [
        ("body", ["X"]),
        ("text box", ["Q"]),
    ]
    assert [paragraph.text for paragraph in stories[1].paragraphs] == ["(boxed)"]
    assert stories[1].host is not None
    assert stories[1].host.tag.endswith("}r")


def test_paragraphs_count_as_they_stand_in_the_part():
    stories = walked(p("a", text_box(p("box") + p("more"))) + p("b"))
    assert [(one.index, one.text) for story in stories for one in story.paragraphs] == [
        (0, "a"), (5, "b"), (1, "box"), (2, "more"),
    ]  # fmt: skip


def test_the_fallback_counts_when_it_is_alone():
    body = p("<w:r><mc:AlternateContent><mc:Fallback><w:pict><w:txbxContent>", p("old"),
             "</w:txbxContent></w:pict></mc:Fallback></mc:AlternateContent></w:r>")  # fmt: skip
    assert texts(body) == ["", "old"]


def test_controls_around_runs_and_around_paragraphs():
    story = walked(control(p("a") + p("b"), tag="block") + p("c", control(r("d"), tag="inline"), "e"))[0]
    assert [(one.name, story.text(one.begin, one.end)) for one in story.regions] == [("block", "a\nb"), ("inline", "d")]
    assert texts(control(p("a"), tag="x")) == ["a"]


def test_only_bookmarks_of_managers_are_kept():
    story = walked(
        p(
            bookmark("_Toc1", r("a"), 1),
            bookmark("ZOTERO_BREF_abcdefghijkl", r("b"), 2),
            deleted(bookmark("ZOTERO_BREF_x", r("c"), 3)),
        )
    )[0]
    assert [(one.name, story.text(one.begin, one.end)) for one in story.regions] == [("ZOTERO_BREF_abcdefghijkl", "b")]


def test_styles_give_names_outlines_and_numbers():
    story = walked(p("a", style="H1") + p("b", style="List") + p("c", number="0") + p("d", number="3"))[0]
    assert [(one.style.name, one.style.outline, one.numbering) for one in story.paragraphs] == [
        ("heading 1", 0, None),
        ("", None, ("4", "0")),
        ("", None, None),
        ("", None, ("3", "0")),
    ]


def test_notes_and_comments_are_stories_placed_where_they_are_referred_to():
    body = p("a", '<w:r><w:footnoteReference w:id="2"/></w:r>', "b", '<w:r><w:commentReference w:id="0"/></w:r>') + p(
        "c"
    )
    manuscript = read(
        docx(
            body,
            stories={
                "footnotes": f'<w:footnote w:id="2">{p("note")}</w:footnote>',
                "endnotes": f'<w:endnote w:id="9">{p("end")}</w:endnote>',
                "comments": f'<w:comment w:id="0">{p("why")}</w:comment>',
                "header": p("head"),
                "footer": p("foot"),
            },
        )
    )
    assert [(one.kind, one.id, one.at, one.paragraphs[0].text) for one in manuscript.stories] == [
        ("body", "", (), "ab"),
        ("footnote", "2", (0, 1), "note"),
        ("endnote", "9", (), "end"),
        ("comment", "0", (0, 2), "why"),
        ("header", "", (), "head"),
        ("footer", "", (), "foot"),
    ]
    assert manuscript.stories[1].host is not None
    assert manuscript.stories[2].host is None
