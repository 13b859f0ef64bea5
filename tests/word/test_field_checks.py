"""Rules MSF: fields, their payloads, the document's state; each with the traps it must not fall into."""

from __future__ import annotations

import json

import pytest

from tests.word.builder import (
    bookmark,
    cite,
    control,
    deleted,
    encoded,
    field,
    inserted,
    item,
    mark,
    mendeley,
    p,
    r,
    text_box,
    zotero,
)
from tests.word.checks import BIBLIOGRAPHY, hits, kept_list, notes, texts, typed_list

SALT, TIDES = item(), item("Osei", 2001, "Tides of the northern shore")
ONE = field(zotero(cite(SALT)), "(Okafor 2019)")
OTHER = field(zotero(cite(TIDES, "BBBB2222")), "(Osei 2001)")
SALT_ENTRY = "Okafor, N. (2019). Salt marshes in winter. Shore Geology."
TIDES_ENTRY = "Osei, N. (2001). Tides of the northern shore. Shore Geology."


def test_a_payload_that_cannot_be_read():
    assert texts("payload-unreadable", p(ONE, field("ADDIN ZOTERO_ITEM CSL_CITATION {", "(lost)"))) == ["(lost)"]
    assert hits("payload-unreadable", p(field(zotero(cite(SALT)), "(x)", pieces=7))) == []


def test_a_field_that_is_not_whole():
    assert notes("field-broken", p("a ", mark("begin"), r("ADDIN ZOTERO_ITEM", element="instrText"), "b")) == [
        "a field never ends (ADDIN ZOTERO_ITEM)"
    ]
    assert notes("field-broken", p("a", mark("end"))) == ["the end of a field stands without its beginning"]
    assert notes("field-broken", p("a", text_box(p(ONE)))) == []


@pytest.mark.parametrize(
    "text", ["{Citation}", "{Okafor, 2010 #12}", "\\citep[12]{okafor2010}", "[@okafor2010; @osei2001]"]
)
def test_placeholders(text):
    (hit,) = hits("placeholder-left", p(f"As {text} says"))
    assert (hit.note, hit.passages[0].text, hit.severity) == (text, text, None)


@pytest.mark.parametrize(
    "text", ["{1, 2, 3}", "write to n@okafor2010.org", "{x | x > 0}", "see [12]", "on twitter @okafor"]
)
def test_what_is_no_placeholder(text):
    assert hits("placeholder-left", p(text)) == []
    assert hits("placeholder-left", p(deleted(r("{Citation}")))) == []


def test_an_interrupted_field_around_a_whole_citation_is_harmless():
    inside = field(" ADDIN ZOTERO_TEMP ", ONE)
    assert notes("placeholder-left", p(field(" ADDIN ZOTERO_TEMP ", "{x}"))) == ["ZOTERO_TEMP"]
    assert hits("placeholder-left", p(inside)) == []


def test_updates_that_are_put_off():
    told = "Automatic citation updates are disabled. To see the bibliography, click Refresh in the Zotero tab."
    assert [(hit.note, hit.severity) for hit in hits("updates-delayed", p(ONE) + kept_list(told))] == [
        ("the list has not been made", None)
    ]
    prefs = {
        "ZOTERO_PREF_1": '<data><style id="x"/><prefs><pref name="delayCitationUpdates" value="true"/></prefs></data>'
    }
    assert [hit.severity for hit in hits("updates-delayed", p(ONE), properties=prefs)] == ["warning"]
    assert hits("updates-delayed", p(ONE)) == []


def test_text_that_was_edited():
    def differs(shown: str, stored: str, **properties: object) -> list[str]:
        return notes("text-differs", p("x ", field(zotero(cite(SALT), plain=stored, **properties), shown)))

    assert differs("(Okafor 2018)", "(Okafor 2019)") == ["“(Okafor 2019)”"]
    assert differs("(Okafor\u00a0& Osei\u00ad 2019)", "<i>(Okafor</i> &#38; Osei 2019)") == []
    assert differs("(Okafor 2018)", "(Okafor 2019)", dontUpdate=True) == []
    assert differs("(O\u2011k 2019)", "(O-k 2019)") == []
    assert differs("(Müller 2019)", "{\\rtf (M\\uc0\\u252{}ller 2019)}") == []
    assert differs("(Okafor 2019)", "{\\rtf \\u" + "9" * 5000 + "?}")  # more digits than Python reads as a number
    changed = field(zotero(cite(SALT), plain="(Okafor 2019)"), inserted(r("(Okafor 2018)")))
    assert notes("text-differs", p(changed)) == []


def test_citations_that_do_not_update():
    instruction = zotero(cite(SALT), dontUpdate=True)
    assert notes("updates-off", p(field(instruction, "x"), ONE)) == ["dontUpdate"]


def test_error_texts():
    assert notes("error-text", p("see Error! Reference source not found. there")) == [
        "Error! Reference source not found."
    ]
    assert notes("error-text", p(field(zotero(cite(SALT)), "!!! INVALID CITATION !!!"))) == ["!!! INVALID CITATION !!!"]
    assert notes("error-text", p("Siehe Fehler! Textmarke nicht definiert.")) == ["Fehler! Textmarke nicht definiert."]
    assert notes("error-text", p(field(zotero(cite(SALT)), "(Okafor n.d.)"), "An error! It was a source.")) == []


def test_citations_without_text():
    ghost = {"citationItems": [{"id": "a1", "itemData": SALT}]}
    assert notes("citation-empty", p(control("", tag=f"MENDELEY_CITATION_v3_{encoded(ghost)}"))) == ["a1"]
    hidden = ' ADDIN EN.CITE <EndNote><Cite Hidden="1"><Author>Osei</Author><RecNum>3</RecNum></Cite></EndNote>'
    assert hits("citation-empty", p(field(hidden, ""))) == []
    assert hits("citation-empty", p(deleted(ONE))) == []


def test_works_of_which_nothing_is_known():
    assert [
        hit.severity for hit in hits("work-unknown", p(field(zotero({"id": 1, "uris": ["http://x/items/A"]}), "x")))
    ] == [None]
    assert [hit.severity for hit in hits("work-unknown", p(field("ADDIN RW.CITE{{doc:5c93 Okafor 2010}}", "x")))] == [
        "info"
    ]
    assert hits("work-unknown", p(ONE)) == []


def test_a_list_that_nobody_keeps():
    assert [hit.confidence > 0.8 for hit in hits("list-missing", p(ONE, OTHER) * 3)] == [True]
    assert "typed" in notes("list-missing", p(ONE) + typed_list(SALT_ENTRY, TIDES_ENTRY, SALT_ENTRY))[0]
    assert hits("list-missing", p(ONE) + kept_list(SALT_ENTRY)) == []
    note = p("a", '<w:r><w:footnoteReference w:id="2"/></w:r>')
    assert hits("list-missing", note, stories={"footnotes": f'<w:footnote w:id="2">{p(ONE)}</w:footnote>'}) == []
    without = {"ZOTERO_PREF_1": '<data><style id="x" hasBibliography="0"/></data>'}
    assert hits("list-missing", p(ONE) * 9, properties=without) == []


def test_several_lists():
    both = p(ONE) + kept_list(SALT_ENTRY) + kept_list(SALT_ENTRY)
    assert notes("lists-several", both) == ["2"]
    assert notes("lists-several", p(ONE) + kept_list(SALT_ENTRY)) == []


def test_a_list_that_is_not_the_list_of_the_works():
    both = p("As ", ONE, " and ", OTHER)
    third = field(zotero(cite(item("Adeyemi", 1999, "Sand between the stones"), "CCCC3333")), "(Adeyemi 1999)")
    assert notes("list-differs", both + kept_list(SALT_ENTRY, TIDES_ENTRY)) == []
    assert notes("list-differs", both + p(third) + kept_list(SALT_ENTRY, TIDES_ENTRY)) == [
        "cited, but not in the list: Sand between the stones"
    ]
    assert texts("list-differs", p(ONE) + kept_list(SALT_ENTRY, TIDES_ENTRY)) == [TIDES_ENTRY]
    omitted = ' ADDIN ZOTERO_BIBL {"omitted":[["http://zotero.org/users/1/items/BBBB2222"]]} CSL_BIBLIOGRAPHY '
    assert notes("list-differs", both + kept_list(SALT_ENTRY, instruction=omitted)) == []
    uncited = ' ADDIN ZOTERO_BIBL {"uncited":[["http://zotero.org/users/1/items/BBBB2222"]]} CSL_BIBLIOGRAPHY '
    assert notes("list-differs", p(ONE) + kept_list(SALT_ENTRY, TIDES_ENTRY, instruction=uncited)) == []


def test_entries_that_were_edited():
    custom = ' ADDIN ZOTERO_BIBL {"custom":[[["http://zotero.org/users/1/items/AAAA1111"],"x"]]} CSL_BIBLIOGRAPHY '
    assert notes("entry-edited", p(ONE) + kept_list(SALT_ENTRY, instruction=custom)) == ["1"]
    assert notes("entry-edited", p(ONE) + kept_list(SALT_ENTRY)) == []


def test_works_that_only_deletions_cite():
    listed = kept_list(SALT_ENTRY, TIDES_ENTRY)
    assert notes("deleted-only", p(ONE, deleted(OTHER)) + listed) == ["Tides of the northern shore"]
    assert notes("deleted-only", p(ONE, deleted(OTHER), inserted(OTHER)) + listed) == []
    assert notes("deleted-only", p(ONE, deleted(OTHER)) + kept_list(SALT_ENTRY)) == []


def test_several_managers():
    of_mendeley = field(mendeley(cite(TIDES, "x")), "(Osei 2001)")
    endnote = "<EndNote><Cite><Author>Osei</Author><Year>2001</Year><RecNum>3</RecNum></Cite></EndNote>"
    assert [(hit.note, hit.severity) for hit in hits("managers-mixed", p(ONE, ONE, of_mendeley))] == [
        ("Zotero 2, Mendeley Desktop 1", "info")
    ]
    assert [hit.severity for hit in hits("managers-mixed", p(ONE, ONE, field(f" ADDIN EN.CITE {endnote}", "x")))] == [
        None
    ]
    assert hits("managers-mixed", p(ONE)) == []


def test_fields_that_are_gone():
    prefs = {"ZOTERO_PREF_1": '<data><style id="x"/></data>'}
    assert notes("fields-lost", p("As Okafor (2019)"), properties=prefs) == ["Zotero"]
    assert notes("fields-lost", p(ONE), properties=prefs) == []
    assert notes("fields-lost", p("x"), properties={"Mendeley Document_1": "True"}) == []


def test_places_that_managers_do_not_reach():
    locked = control(p(ONE), properties='<w:lock w:val="sdtContentLocked"/>')
    assert notes("place-unusual", p("x"), stories={"header": p(ONE)}) == ["in a header"]
    assert notes("place-unusual", locked) == ["in a locked content control"]
    assert notes("place-unusual", p("x", text_box(p(ONE)))) == []


def test_works_without_library():
    loose = {"id": "abc/def", "uris": ["http://zotero.org/users/local/x/items/AAAA1111"], "itemData": SALT}
    assert notes("work-unlinked", p(field(zotero(loose), "x"))) == ["Salt marshes in winter"]
    assert notes("work-unlinked", p(ONE)) == []


def test_citations_that_stand_twice():
    twice = field(zotero(cite(SALT), cite(SALT)), "(Okafor 2019; Okafor 2019)")
    pages = field(zotero(cite(SALT, locator="1"), cite(SALT, locator="9")), "(Okafor 2019, 1, 9)")
    assert notes("cited-twice", p(twice)) == ["AAAA1111 stands twice in it"]
    assert notes("cited-twice", p(pages)) == []
    assert notes("cited-twice", p(ONE, " ", ONE)) == ["it stands twice in a row"]
    assert notes("cited-twice", p(ONE, " and later ", ONE) + p(ONE)) == []


def test_a_note_style_with_citations_in_the_text():
    prefs = {"ZOTERO_PREF_1": '<data><style id="x"/><prefs><pref name="noteType" value="1"/></prefs></data>'}
    assert notes("place-against-style", p(ONE), properties=prefs) == ["the document's style cites in footnotes"]
    assert notes("place-against-style", p(ONE)) == []


def test_an_entry_with_another_year():
    later = SALT_ENTRY.replace("2019", "2017")
    assert notes("list-outdated", p(ONE) + kept_list(later)) == ["2017 in the list, 2019 in the citation's data"]
    assert notes("list-outdated", p(ONE) + kept_list(SALT_ENTRY)) == []
    reprint = SALT_ENTRY.replace("(2019)", "(2019/1911)").replace("Geology.", "Geology. Original 2019, reprint 2020.")
    assert notes("list-outdated", p(ONE) + kept_list(reprint)) == []


def test_citations_in_bookmarks_are_checked_like_all():
    properties = {
        "ZOTERO_BREF_abcdefghijkl_1": zotero(cite(SALT), plain="(Okafor 2018)").strip().removeprefix("ADDIN ")
    }
    body = p("x ", bookmark("ZOTERO_BREF_abcdefghijkl", r("(Okafor 2019)")))
    assert notes("text-differs", body, properties=properties) == ["“(Okafor 2018)”"]


def test_the_payload_of_a_list_may_be_anything():
    for payload in ("", "{", "[]", json.dumps({"custom": 3, "omitted": [3, [{}]]})):
        assert (
            notes("entry-edited", p(ONE) + kept_list(SALT_ENTRY, instruction=BIBLIOGRAPHY.replace("{}", payload))) == []
        )
        hits("list-differs", p(ONE) + kept_list(SALT_ENTRY, instruction=BIBLIOGRAPHY.replace("{}", payload)))
