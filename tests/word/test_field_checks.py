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


@pytest.mark.parametrize(
    ("shown", "said"),
    [
        ("(Osei 2001a)", []),
        ("(Osei 2001)", []),
        ("(Osei 2002)", ["“(Osei 2001)”"]),
        ("(Osei 2001x)", ["“(Osei 2001)”"]),
    ],
)
def test_letters_that_endnote_gives_when_the_list_is_made(shown: str, said: list[str]):
    data = "<Cite><Author>Osei</Author><RecNum>3</RecNum><DisplayText>(Osei 2001)</DisplayText></Cite>"
    assert notes("text-differs", p(field(f" ADDIN EN.CITE <EndNote>{data}</EndNote>", shown))) == said


def test_citations_that_do_not_update():
    instruction = zotero(cite(SALT), plain="(Okafor 2019)", dontUpdate=True)
    assert notes("updates-off", p(field(instruction, "x"), ONE)) == ["dontUpdate"]
    idle = p(field(instruction, "(Okafor 2019)"))
    assert notes("updates-off", idle) == ["dontUpdate, though no edit is left to keep"]


def test_error_texts():
    assert notes("error-text", p("see Error! Reference source not found. there")) == [
        "Error! Reference source not found."
    ]
    assert notes("error-text", p(field(zotero(cite(SALT)), "!!! INVALID CITATION !!!"))) == ["!!! INVALID CITATION !!!"]
    assert notes("error-text", p("Siehe Fehler! Textmarke nicht definiert.")) == ["Fehler! Textmarke nicht definiert."]
    assert notes("error-text", p(field(zotero(cite(SALT)), "(Okafor n.d.)"), "An error! It was a source.")) == []


@pytest.mark.parametrize(
    "message",
    [
        "Erro! Fonte de referência não encontrada.",
        "Błąd! Nie można odnaleźć źródła odwołania.",
        "Ошибка! Закладка не определена.",
        "错误!未找到引用源。",
        "Fel! Hittar inte referenskälla.",
        "Error: Reference source not found",
        "There are no sources in the current document.",
    ],
)
def test_error_messages_of_other_languages(message: str):
    assert notes("error-text", p(f"x {message} y")) == [message]


def test_numbers_that_nobody_knows():
    numbered = typed_list("[1] Okafor, N. (2019). Salt.", "[2] Osei, K. (2001). Tides.", "[3] Rao, B. (1999). Sand.")
    text = p("As in [1], in [2, 3], in [?] and in [2, ?], [3].")
    assert notes("error-text", text + numbered) == ["[?]", "[2, ?]"]
    assert notes("error-text", p("The witness [?] said so (Okafor, 2019).")) == []
    assert notes("error-text", p(field(zotero(cite(SALT)), "[?]"))) == ["[?]"]
    assert notes("error-text", p(field(zotero(cite(SALT)), "[1, ?]"))) == ["[1, ?]"]


@pytest.mark.parametrize(
    ("known", "shown", "said"),
    [
        ({**SALT, "issued": {}}, "(Okafor, n.d.)", ["“n.d.”, for the work has no year"]),
        ({**SALT, "issued": {}, "type": "thesis"}, "(Okafor o. J.)", ["“o. J.”, for the work has no year"]),
        ({**SALT, "issued": {}, "type": "webpage"}, "(Okafor, n.d.)", []),
        (SALT, "(Okafor, n.d.)", []),
        ({**SALT, "issued": {}}, "[3]", []),
    ],
)
def test_years_that_are_missing(known: dict[str, object], shown: str, said: list[str]):
    found = hits("error-text", p(field(zotero(cite(known)), shown), field(zotero(cite(known)), shown)))
    assert [hit.note for hit in found] == said
    assert all((hit.severity, len(hit.passages)) == ("warning", 2) for hit in found)


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
    assert notes("entry-edited", p(ONE) + kept_list(SALT_ENTRY, instruction=custom)) == ["1 within Zotero"]
    assert notes("entry-edited", p(ONE) + kept_list(SALT_ENTRY)) == []


@pytest.mark.parametrize(
    ("was", "now", "said"),
    [
        ("Shore Geology 11, 105", "Shore Geology 12, 105", ["the volume of the work is 11, but not in its entry"]),
        ("Name5, N.", "Other, N.", ["the first author of the work is Name5, but not in its entry"]),
        ("Shore Geology 11, 105", "Shore Geology 11, 105S", []),
        ("Name5, N.", "———.", []),
        ("Shore Geology 11, 105", "Shore Geology 11, 105.", []),
    ],
)
def test_an_entry_that_does_not_fit_its_work(was: str, now: str, said: list[str]):
    works = [
        item(f"Name{n}", 1990 + n, f"The shores of the years {'x' * n}", volume=str(n + 6), page=f"{100 + n}-8")
        for n in range(12)
    ]
    text = p(*(field(zotero(cite(one, f"AAAA{n:04}")), f"(Name{n} {1990 + n})") for n, one in enumerate(works)))
    entries = [
        f"Name{n}, N. ({1990 + n}) The shores of the years {'x' * n}. Shore Geology {n + 6}, {100 + n}."
        for n in range(12)
    ]
    assert notes("entry-edited", text + kept_list(*entries)) == []
    entries[5] = entries[5].replace(was, now)
    assert notes("entry-edited", text + kept_list(*entries)) == said


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
    assert notes("place-against-style", p(ONE), properties=prefs) == [
        "the document's style cites in footnotes, but the citation stands in the text"
    ]
    assert notes("place-against-style", p(ONE)) == []


@pytest.mark.parametrize(("stored", "count"), [((1, 2), 0), ((1, 3), 1), ((2, 1), 2), ((None, 2), 0)])
def test_notes_that_zotero_counts_otherwise(stored: tuple[int | None, int], count: int):
    prefs = {"ZOTERO_PREF_1": '<data><style id="x"/><prefs><pref name="noteType" value="1"/></prefs></data>'}
    body = p("a", '<w:r><w:footnoteReference w:id="9"/></w:r>', "b", '<w:r><w:footnoteReference w:id="4"/></w:r>')
    notes_ = "".join(
        f'<w:footnote w:id="{id}">{p(field(zotero(cite(SALT), noteIndex=number), "Okafor"))}</w:footnote>'
        for id, number in zip((9, 4), stored, strict=True)
    )
    found = hits("place-against-style", body, stories={"footnotes": notes_}, properties=prefs)
    assert [(hit.severity, len(hit.passages)) for hit in found] == [("info", count)] * bool(count)
    assert (
        hits("place-against-style", p(inserted(r("x"))) + body, stories={"footnotes": notes_}, properties=prefs) == []
    )


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
