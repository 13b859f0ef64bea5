"""The payload of each manager as CSL-JSON; what cannot be read is a fault, never an exception."""

from __future__ import annotations

import base64
import json
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reflint.word.managers import Context, Payload, classify, classify_tag, decode
from tests.word.builder import cite, encoded, item, mendeley, zotero

SALT = item()
NOTHING = Context()


def payload(instruction: str, context: Context = NOTHING) -> Payload:
    written = classify(instruction)
    assert written is not None
    found, fault = decode(written, instruction, context)
    assert fault == ""
    return found


def fault(instruction: str, context: Context = NOTHING) -> str:
    written = classify(instruction)
    assert written is not None
    found, why = decode(written, instruction, context)
    assert found == Payload()
    return why


@pytest.mark.parametrize(
    ("instruction", "expected"),
    [
        (" ADDIN ZOTERO_ITEM CSL_CITATION {} ", ("zotero", "citation")),
        ("ADDIN ZOTERO_CITATION {}", ("zotero", "citation")),
        ("ZOTERO_ITEM CSL_CITATION {}", ("zotero", "citation")),
        (" ADDIN ZOTERO_BIBL {} CSL_BIBLIOGRAPHY ", ("zotero", "bibliography")),
        (" ADDIN ZOTERO_TEMP ", ("zotero", "placeholder")),
        ("ADDIN CSL_CITATION {}", ("mendeley", "citation")),
        ("ADDIN Mendeley Citation{0-1} CSL_CITATION {}", ("mendeley", "citation")),
        ("ADDIN Mendeley Bibliography CSL_BIBLIOGRAPHY ", ("mendeley", "bibliography")),
        (" ADDIN EN.CITE.DATA ", None),
        (" ADDIN EN.CITE <EndNote/>", ("endnote", "citation")),
        (" ADDIN EN.REFLIST ", ("endnote", "bibliography")),
        ("ADDIN CitaviPlaceholder{}", ("citavi", "citation")),
        ("ADDIN CitaviBibliography", ("citavi", "bibliography")),
        ("ADDIN RW.CITE{{doc:1 A 2000}}", ("refworks", "citation")),
        ("ADDIN RW.BIB", ("refworks", "bibliography")),
        ("ADDIN paperpile_citation <clusterId>", ("paperpile", "citation")),
        ("ADDIN paperpile_bibliography <pp-bibliography>", ("paperpile", "bibliography")),
        ("ADDIN PAPERS2_CITATIONS <citation>", ("papers", "citation")),
        ("ADDIN PAPERS2_CITATIONS <papers2_bibliography/>", ("papers", "bibliography")),
        ("ADDIN BEC{Okafor, 2010 #1}", ("bookends", "citation")),
        ("ADDIN BEB", ("bookends", "bibliography")),
        (" CITATION Oka19 \\l 1033 ", ("word", "citation")),
        (" BIBLIOGRAPHY  \\l 1033 ", ("word", "bibliography")),
        (" REF _Ref1 \\h ", None),
        (" PAGE ", None),
        ('HYPERLINK "x CITATION "', None),
    ],
)
def test_instructions_are_told_apart(instruction: str, expected: tuple[str, str] | None):
    written = classify(instruction)
    assert (written and (written.manager, written.kind)) == expected


def test_tags_are_told_apart():
    kinds = [
        classify_tag(tag) for tag in ("MENDELEY_CITATION_v3_x", "MENDELEY_BIBLIOGRAPHY", "CitaviPlaceholder#1", "x")
    ]
    assert [kind and kind.kind for kind in kinds] == ["citation", "bibliography", None, None]


def test_zotero():
    instruction = zotero(
        cite(SALT, locator="12", label="page", prefix="see ", suffix=" etc.") | {"suppress-author": True},
        cite(item("Osei"), "BBBB2222", id="rAnd/om12", uris=[]),
        plain="(see 2019, 12 etc.)",
        dontUpdate=True,
        noteIndex=3,
    )
    found = payload(instruction)
    first, second = found.works
    assert (found.stored, found.flags, found.note_index) == ("(see 2019, 12 etc.)", frozenset(["dontUpdate"]), 3)
    assert (first.item, first.keys, first.id, first.linked) == (
        SALT, ("http://zotero.org/users/1/items/AAAA1111",), "AAAA1111", True,
    )  # fmt: skip
    assert (first.locator, first.label, first.prefix, first.suffix) == ("12", "page", "see ", " etc.")
    assert (first.suppress_author, second.suppress_author) == (True, False)
    assert (second.keys, second.linked) == (("id:rAnd/om12",), False)


@pytest.mark.parametrize(
    "instruction",
    [
        'ADDIN ZOTERO_ITEM CSL_CITATION{"citationItems":[{"uri":"http://zotero.org/groups/2/items/AAAA1111"}]}',
        'ADDIN ZOTERO_ITEM CSL_CITATION {{"citationItems":[{"uri":["http://zotero.org/groups/2/items/AAAA1111"]}]}}',
        'ADDIN ZOTERO_ITEM {"CITATIONITEMS":[{"URIS":["http://zotero.org/groups/2/items/AAAA1111"]}]} RND1',
        'ADDIN ZOTERO_ITEM {"citationItems":[{"uris":["http://zotero.org/groups/2/items/AAAA1111"],"prefix":null}],\n"x":"\t"}',
    ],
)
def test_zotero_of_old(instruction: str):
    (work,) = payload(instruction).works
    assert (work.keys, work.id) == (("http://zotero.org/groups/2/items/AAAA1111",), "AAAA1111")


def test_labels_of_old_are_numbers():
    assert payload('ADDIN ZOTERO_ITEM {"citationItems":[{"id":1,"locatorType":2}]}').works[0].label == "chapter"


@pytest.mark.parametrize(
    "payload_json",
    ["", "{", "{]}", '{"citationItems":{}}', '{"citationItems":[1]}', '{"citationItems":[{"itemData":[]}]}', "1|2_p3",
     '{"a":' * 100_000 + "1" + "}" * 100_000, '{"CITATIONITEMS":' + "[" * 100 + "]" * 100 + "}"],
    ids=lambda value: value[:30],
)  # fmt: skip
def test_a_broken_payload_is_a_fault(payload_json: str):
    assert fault(f"ADDIN ZOTERO_ITEM CSL_CITATION {payload_json}")


def test_mendeley_desktop_counts_its_items_anew():
    known = cite(SALT, id="ITEM-1", uris=["http://www.mendeley.com/documents/?uuid=12ab-cd"])
    found = payload(mendeley(known, {"id": "ITEM-2", "itemData": item("Osei")}))
    assert [(work.id, work.keys) for work in found.works] == [
        ("12ab-cd", ("http://www.mendeley.com/documents/?uuid=12ab-cd",)),
        ("ITEM-2", ()),
    ]
    assert found.stored == "(x)"


def tagged(data: object) -> tuple[Payload, str]:
    tag = f"MENDELEY_CITATION_v3_{encoded(data).rstrip('=')}"
    written = classify_tag(tag)
    assert written is not None
    return decode(written, tag, Context())


def test_mendeley_cite():
    override = {"isManuallyOverridden": True, "citeprocText": "(a)", "manualOverrideText": "(b)"}
    found, why = tagged({"citationItems": [{"id": "u-1", "itemData": SALT}], "manualOverride": override})
    assert (why, found.works[0].item, found.works[0].keys, found.stored) == ("", SALT, ("id:u-1",), "(b)")
    assert found.flags == {"isManuallyOverridden"}


def test_mendeley_cite_that_is_broken():
    written = classify_tag("MENDELEY_CITATION_v3_!!")
    assert written is not None
    assert "base64" in decode(written, "MENDELEY_CITATION_v3_!!", Context())[1]
    assert "not an object" in tagged([1])[1]


ENDNOTE = (
    '<EndNote><Cite ExcludeAuth="1"><Author>Okafor</Author><Year>2019</Year><RecNum>7</RecNum><Prefix>see </Prefix>'
    "<Pages>12</Pages><DisplayText>(see 2019)</DisplayText><record><rec-number>7</rec-number><foreign-keys>"
    '<key app="EN" db-id="dbx" timestamp="1">7</key></foreign-keys><ref-type name="Journal Article">17</ref-type>'
    "<contributors><authors><author><style face='normal'>Okafor, N.</style></author></authors>"
    "<secondary-authors><author>Osei, K.</author></secondary-authors></contributors><titles>"
    "<title>Salt <style face='italic'>marshes</style>"
    "</title><secondary-title>Shore Geology</secondary-title></titles><pages>1-9</pages><volume>3</volume>"
    "<number>2</number><dates><year>2019</year><pub-dates><date>May</date></pub-dates></dates><isbn>0317-8471</isbn>"
    "<electronic-resource-num>10.5555/x</electronic-resource-num></record></Cite>"
    "<Cite><Author>Osei</Author><Year>2001</Year><RecNum>8</RecNum></Cite></EndNote>"
)


@pytest.mark.parametrize("in_data", [False, True])
def test_endnote(in_data: bool):
    data = base64.encodebytes(ENDNOTE.encode() + b"\0").decode()
    found = payload(" ADDIN EN.CITE ", Context(data=data)) if in_data else payload(f" ADDIN EN.CITE {ENDNOTE}")
    first, second = found.works
    assert first.item == {
        "type": "article-journal",
        "title": "Salt marshes",
        "author": [{"family": "Okafor", "given": "N."}],
        "editor": [{"family": "Osei", "given": "K."}],
        "container-title": "Shore Geology",
        "issued": {"date-parts": [[2019, 5]]},
        "volume": "3",
        "issue": "2",
        "page": "1-9",
        "ISSN": "0317-8471",
        "DOI": "10.5555/x",
    }
    assert (first.keys, first.id, first.prefix, first.locator) == (("endnote:dbx:7",), "RN7", "see ", "12")
    assert (first.suppress_author, first.linked, second.linked, found.stored) == (True, True, False, "(see 2019)")
    assert second.item == {
        "type": "document", "author": [{"literal": "Osei"}], "issued": {"date-parts": [[2001]]},
    }  # fmt: skip


@pytest.mark.parametrize(
    "data", ["", "****", base64.b64encode(b"<EndNote>").decode(), base64.b64encode(b"\xff").decode()]
)
def test_endnote_that_is_broken(data: str):
    assert fault(" ADDIN EN.CITE ", Context(data=data))


def test_endnote_with_entities_is_broken():
    assert "DOCTYPE" in fault(' ADDIN EN.CITE <EndNote><!DOCTYPE a [<!ENTITY b "c">]></EndNote>')


CITAVI = {
    "$id": "1",
    "Entries": [
        {
            "$id": "2",
            "ReferenceId": "ref-1",
            "Prefix": "vgl. ",
            "PageRange": {"$id": "9", "OriginalString": "12-13"},
            "Reference": {
                "$id": "3",
                "Authors": [{"$id": "4", "FirstName": "Ngozi", "LastName": "Okafor"}],
                "Periodical": {"$id": "5", "Name": "Shore Geology"},
                "ReferenceType": "JournalArticle",
                "Title": "Salt marshes",
                "Subtitle": "a view",
                "Year": "2019",
                "Number": "2",
                "Doi": "10.5555/x",
            },
        },
        {
            "$id": "6",
            "ReferenceId": "ref-2",
            "Reference": {
                "$id": "7",
                "Authors": [{"$ref": "4"}],
                "ParentReference": {"Title": "A handbook", "Editors": [{"LastName": "Osei", "FirstName": "K."}]},
                "ReferenceType": "Contribution",
                "Title": "Tides",
                "YearResolved": "2001",
            },
        },
        {"$ref": "2"},
    ],
    "Text": "(vgl. Okafor 2019)",
}  # fmt: skip


def test_citavi():
    code = base64.b64encode(b"\xef\xbb\xbf" + json.dumps(CITAVI).encode()).decode()
    found = payload(f"ADDIN CitaviPlaceholder{{{code}}}")
    assert [work.keys for work in found.works] == [("citavi:ref-1",), ("citavi:ref-2",), ("citavi:ref-1",)]
    assert (found.works[0].prefix, found.works[0].locator, found.stored) == ("vgl. ", "12-13", "(vgl. Okafor 2019)")
    assert found.works[0].item == {
        "type": "article-journal",
        "title": "Salt marshes: a view",
        "author": [{"family": "Okafor", "given": "Ngozi"}],
        "container-title": "Shore Geology",
        "issued": {"date-parts": [[2019]]},
        "issue": "2",
        "DOI": "10.5555/x",
    }
    assert found.works[1].item == {
        "type": "chapter",
        "title": "Tides",
        "author": [{"family": "Okafor", "given": "Ngozi"}],
        "editor": [{"family": "Osei", "given": "K."}],
        "container-title": "A handbook",
        "issued": {"date-parts": [[2001]]},
    }


@pytest.mark.parametrize("code", ["", "{", "{*}", "{" + encoded([1]) + "}", "{" + encoded({"Entries": 1}) + "}"])
def test_citavi_that_is_broken(code: str):
    assert fault(f"ADDIN CitaviPlaceholder{code}")


def test_refworks():
    found = payload("ADDIN RW.CITE{{doc:5c93 Okafor 2010; doc:5c94 DeVries 2011a;doc:5c95 WorldBank [No Information]}}")
    assert [(work.id, work.item.get("author"), work.item.get("issued")) for work in found.works] == [
        ("5c93", [{"literal": "Okafor"}], {"date-parts": [[2010]]}),
        (
            "5c94",
            [{"literal": "DeVries"}],
            {
                "date-parts": [[2011]],
            },
        ),
        ("5c95", [{"literal": "WorldBank"}], None),
    ]
    assert fault("ADDIN RW.CITE{{}}")


def test_bookends():
    found = payload("ADDIN BEC{Okafor et al., 2010 #123; Osei, 2012 #77, p. 3}{#5}")
    assert [(work.id, work.item.get("author"), work.suffix) for work in found.works] == [
        ("123", [{"literal": "Okafor"}], ""),
        ("77", [{"literal": "Osei"}], "p. 3"),
        ("5", None, ""),
    ]
    assert fault("ADDIN BEC{Okafor}")


def paperpile(records: object) -> str:
    data = base64.b64encode(zlib.compress(json.dumps(records).encode())).decode()
    return f"ADDIN paperpile_citation <clusterId>C1</clusterId><data>{data}</data> \\* MERGEFORMAT"


def test_paperpile():
    record = {
        "_id": "u-1", "title": "Salt", "author": [{"last": "Okafor", "first": "Ngozi"}, {"formatted": "WHO"}, 3],
        "journal": "Shore Geol.", "journalfull": "Shore Geology", "published": {"year": "2019", "month": "2"},
        "pubtype": "PP_ARTICLE", "doi": "10.5555/x", "url": ["https://example.org/x"],
    }  # fmt: skip
    (work,) = payload(paperpile([record])).works
    assert (work.keys, work.id) == (("paperpile:u-1",), "u-1")
    assert work.item == {
        "type": "article-journal",
        "title": "Salt",
        "author": [{"family": "Okafor", "given": "Ngozi"}, {"literal": "WHO"}],
        "container-title": "Shore Geology",
        "container-title-short": "Shore Geol.",
        "issued": {"date-parts": [[2019, 2]]},
        "DOI": "10.5555/x",
        "URL": "https://example.org/x",
    }


def test_paperpile_that_is_broken():
    assert fault("ADDIN paperpile_citation <clusterId>")
    assert fault("ADDIN paperpile_citation <data>eJz!</data>")
    assert fault(paperpile([1]))
    assert fault(paperpile(["x" * (21 << 20)]))  # a bomb is cut off


def test_papers():
    found = payload(
        "ADDIN PAPERS2_CITATIONS <citation><uuid>C</uuid><publications><publication><title>Salt</title><uuid>P-1</uuid>"
        "<doi>10.5555/x</doi><startpage>1</startpage><endpage>9</endpage>"
        "<publication_date>99201902011200000000222000</publication_date>"
        "<bundle><publication><title>Shore Geology</title></publication></bundle><authors><author><firstName>Ngozi"
        "</firstName><lastName>Okafor</lastName></author></authors></publication></publications><cites/></citation>"
    )
    (work,) = found.works
    assert (work.keys, work.item["type"], work.item["container-title"], work.item["page"]) == (
        ("papers:P-1",), "article-journal", "Shore Geology", "1-9",
    )  # fmt: skip
    assert work.item["author"] == [{"family": "Okafor", "given": "Ngozi"}]
    assert fault("ADDIN PAPERS2_CITATIONS <citation>")
    assert fault("ADDIN PAPERS2_CITATIONS <citation/>")


def test_word_switches():
    context = Context(sources={"Oka19": SALT})
    first, second, third = payload(
        ' CITATION Oka19 \\p "12-13" \\f "see " \\n \\l 1033 \\m "Ose 01" \\s etc \\m Xyz \\t ', context
    ).works
    assert (first.item, first.linked, first.locator, first.prefix, first.suppress_author) == (
        SALT,
        True,
        "12-13",
        "see ",
        True,
    )
    assert (second.keys, second.item, second.linked, second.suffix) == (("word:Ose 01",), {}, False, "etc")
    assert (third.id, third.suppress_author) == ("Xyz", False)
    assert fault(" CITATION \\l 1033")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=12,
)
MEMBERS = st.sampled_from(
    "citationItems properties mendeley itemData uris uri id label prefix plainCitation noteIndex Entries Reference "
    "Authors ReferenceId Title Periodical $id $ref Year _id author published url title".split()
)
SHAPED = st.recursive(JSON, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(MEMBERS, inner, max_size=5))


@given(SHAPED)
def test_no_payload_raises(value: object):
    for instruction in (
        f"ADDIN ZOTERO_ITEM CSL_CITATION {json.dumps(value)}",
        f"ADDIN ZOTERO_ITEM CSL_CITATION {json.dumps({'citationItems': [value, {'itemData': value}]})}",
        f"ADDIN CitaviPlaceholder{{{encoded({'Entries': [value, {'Reference': value}]})}}}",
        paperpile([value, {"author": value, "published": value, "url": value}]),
    ):
        written = classify(instruction)
        assert written is not None
        found, why = decode(written, instruction, Context())
        assert (found == Payload()) if why else isinstance(found.works, tuple)


@given(st.text(max_size=60))
def test_no_instruction_raises(text: str):
    for start in (
        "CITATION ",
        "ADDIN RW.CITE",
        "ADDIN BEC{",
        "ADDIN EN.CITE ",
        "ADDIN PAPERS2_CITATIONS <citation",
        "ADDIN paperpile_citation <data>",
    ):
        written = classify(start + text)
        if written is not None and written.kind == "citation":
            decode(written, start + text, Context(data=text))
