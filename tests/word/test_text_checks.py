"""Rules MSX, MSN, MSS and MSF021: typed citations, lists and forms, with the traps of each."""

from __future__ import annotations

import pytest

from tests.word.builder import cite, field, item, p, raised, zotero
from tests.word.checks import hits, kept_list, notes, texts, typed_list

SALT = "Okafor, N. (2019). Salt marshes in winter. Shore Geology, 3, 1–9."
TIDES = "Osei, K., & Lindqvist, M. (2001). Tides of the northern shore. Shore Geology, 1, 2–5."
SAND = "Adeyemi, B. (1999). Sand between the stones. Shore Geology, 7, 3–4."
LISTED = typed_list(SAND, SALT, TIDES)
MANY = typed_list(
    SAND,
    "Okafor, N., & Lund, E. (2018). Salt. Shore Geology, 3, 1–9.",
    "Osei, K., Lindqvist, M., Kato, C., & Ueno, D. (2001). Tides. Shore Geology, 1, 2–5.",
    "Rao, B., Diaz, D., & Eke, F. (2019). Silt. Shore Geology, 1, 2–5.",
    "Institute of Tides (2003). Yearbook. Shore Press.",
)
YEARS, TRIO = (2001, 2002, 2003, 2004), "Diaz, D., Eke, F., & Fall, G. (2009). Silt. Shore, 1, 2."
ALL_CITED = p("As Okafor (2019), Adeyemi (1999) and Osei and Lindqvist (2001) say.")
NUMBERED = typed_list("[1] Okafor, N. (2019). Salt.", "[2] Osei, K. (2001). Tides.", "[3] Adeyemi, B. (1999). Sand.")
FIELDS = "".join(
    p("x ", field(zotero(cite(item(title=t), k)), "(Okafor 2019)"))
    for t, k in (("Salt", "AAAA1111"), ("Tides", "BBBB2222"))
)


def test_cited_and_not_listed():
    (hit,) = hits(
        "cited-not-listed", ALL_CITED + p("But (Mbeki et al., 2004), and again (Mbeki et al., 2004).") + LISTED
    )
    assert (hit.note, hit.severity, len(hit.passages)) == ("Mbeki et al. 2004", None, 2)
    (hit,) = hits("cited-not-listed", ALL_CITED + p("But Mbeki (2004).") + LISTED)
    assert hit.severity == "warning"


@pytest.mark.parametrize(
    "text",
    [
        "However, Okafor (2019) and Okafor’s (2019) marsh.",
        "According to Adeyemi (1999), it was in July 2004.",
        "The Trimble 2004 receiver (N. Mbeki, personal communication, 2004).",
        "As the R package says (Mbeki, 2004, R package).",
    ],
)
def test_what_is_no_missing_entry(text):
    assert hits("cited-not-listed", ALL_CITED + p(text) + LISTED) == []


def test_a_dash_repeats_the_author():
    listed = typed_list(SAND, SALT, "———. (2020). Salt again. Shore Geology, 4, 1–2.", TIDES)
    assert hits("cited-not-listed", ALL_CITED + p("And Okafor (2020).") + listed) == []


def test_listed_and_not_cited():
    assert texts("listed-not-cited", p("As Okafor (2019) and Osei and Lindqvist (2001) say.") + LISTED) == [SAND]
    assert texts("listed-not-cited", ALL_CITED + LISTED) == []
    odd = typed_list("deGraaf, A. (2003). Ice. Shore, 1, 2.", SALT, TIDES)
    cited = p("As Okafor (2019), Osei and Lindqvist (2001); (Adeyemi, 1999; deGraaf et al., 2003).")
    assert texts("listed-not-cited", cited + odd) == []
    note = p("a", '<w:r><w:footnoteReference w:id="2"/></w:r>', " Okafor (2019), Osei and Lindqvist (2001).")
    story = {"footnotes": f'<w:footnote w:id="2">{p("See Adeyemi (1999).")}</w:footnote>'}
    assert texts("listed-not-cited", note + LISTED, stories=story) == []


def test_an_entry_of_a_nearby_year_that_is_cited_itself():
    text = ALL_CITED + p("(Adeyemi, 1998)")
    assert notes("year-differs", text + typed_list(SAND, SALT, TIDES)) == []
    assert notes("cited-not-listed", text + LISTED) == ["Adeyemi 1998"]


@pytest.mark.parametrize(
    "mentioned",
    ["Adeyemi (www.sand.example, 1999) says.", "So Adeyemi says: (www, 1999)."],
)
def test_an_entry_that_the_text_names(mentioned: str):
    text = p("As Okafor (2019) and Osei and Lindqvist (2001) say. ", mentioned)
    assert texts("listed-not-cited", text + LISTED) == []


def test_remnants_of_the_list_are_not_cited():
    assert texts("listed-not-cited", ALL_CITED + LISTED + p("n.d.")) == []


def test_an_address_in_the_list_that_the_text_has():
    works = {"SALT": item("Okafor", 2019, "Salt marshes in winter")}
    cited = p("x ", field(zotero(cite(works["SALT"])), "(Okafor 2019)"), ", and the model (http://sand.example/start).")
    lists = [SALT, "https://www.sand.example – model of sand, 2015", "http://ice.example – model of ice, 2015"]
    assert texts("list-differs", cited + kept_list(*lists)) == ["http://ice.example – model of ice, 2015"]


def test_another_year_name_or_author():
    others = p("As Okafor (2019) and Osei and Lindqvist (2001) say.")
    assert notes("year-differs", others + p("(Adeyemi, 1998)") + LISTED) == [
        f"Adeyemi 1998; the list has: {SAND}"[:102]
    ]
    (hit,) = hits("name-differs", ALL_CITED + p("(Okaforr, 2019)") + LISTED)
    assert hit.note.startswith("Okaforr 2019; the list has: Okafor")
    assert hits("name-differs", ALL_CITED + p("(Ōkafor, 2019)") + LISTED) == []
    (hit,) = hits("coauthor-differs", ALL_CITED + p("(Osei & Lund, 2001)") + LISTED)
    assert hit.note.startswith("Osei & Lund 2001")
    assert hits("coauthor-differs", ALL_CITED + p("(Osei et al., 2001)") + LISTED) == []


def test_letters_of_years():
    twins = typed_list("Okafor, N. (2019a). Salt. Shore, 1, 2.", "Okafor, N. (2019b). Sand. Shore, 1, 3.", TIDES)
    assert "can be 2 entries" in notes("ambiguous", p("As (Okafor, 2019).") + twins)[0]
    assert notes("ambiguous", p("As (Okafor, 2019a, 2019b).") + twins) == []
    alone = typed_list("Okafor, N. (2019b). Sand. Shore, 1, 3.", SAND, TIDES)
    assert notes("ambiguous", p("As (Okafor, 2019b).") + alone) == ["2019b without 2019a"]


def test_et_al():
    text = p("(Osei at al., 2001), (Osei et. al., 2001), (Osei et al., 2001).")
    assert notes("et-al-form", text + MANY) == ["Written “at al.”", "Written “et. al.”"]
    assert notes("et-al-form", p("(Osei et al., 2001)") + MANY) == []
    assert notes("et-al-form", p("(Osei et al 2001) and (Rao et al 2019)") + MANY) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("(Adeyemi et al., 1999)", ["“Adeyemi et al. 1999”, but the list has 1 author"]),
        ("(Okafor et al., 2018)", ["“Okafor et al. 2018”, but the list has 2 authors"]),
        ("(Osei & Lindqvist, 2001)", ["“Osei & Lindqvist 2001” without “et al.”, but the list has 4 authors"]),
        ("(Osei, Lindqvist, Kato & Ueno, 2001)", []),
        ("(Osei, 2001)", []),
        ("(Okafor & Lund, 2018)", []),
        ("(Institute et al., 2003)", []),
    ],
)
def test_authors_that_et_al_stands_for(text: str, said: list[str]):
    assert notes("et-al-form", p("As ", text) + MANY) == said


def test_three_may_be_named_where_four_are_shortened():
    listed = typed_list(
        *(f"Osei, K., Rao, B., Kato, C., & Ueno, D. ({year}). Tides. Shore, 1, 2." for year in YEARS), TRIO
    )
    four = p("".join(f"(Osei et al., {year}) " for year in YEARS))
    assert notes("et-al-form", four + p("(Diaz & Eke, 2009)") + listed) == []
    assert len(notes("et-al-form", p("(Diaz & Eke, 2009)") + listed)) == 1


def test_an_entry_that_stands_twice():
    doi = " https://doi.org/10.5555/salt"
    again = "Okafor N (2019) Salt marshes in the winter. Shore Geol"
    assert len(hits("entry-twice", p("x") + typed_list(SALT + doi, TIDES, again + doi))) == 1
    assert len(hits("entry-twice", p("x") + typed_list(SALT, TIDES, SALT.replace("(2019)", "(2018)")))) == 1
    parts = typed_list(SALT.replace("winter", "winter, part I"), TIDES, SALT.replace("winter", "winter, part II"))
    assert hits("entry-twice", p("x") + parts) == []
    erratum = SALT.replace("Salt", "Erratum: Salt")
    assert hits("entry-twice", p("x") + typed_list(SALT, TIDES, erratum)) == []


def test_entries_that_were_joined():
    joined = f"{SALT} https://doi.org/10.5555/salt {TIDES} https://doi.org/10.5555/tides"
    assert notes("entries-joined", p("x") + typed_list(joined, SAND, TIDES)) == [
        "two DOIs in one entry: 10.5555/salt and 10.5555/tides"
    ]
    assert notes("entries-joined", p("x") + typed_list(f"{SALT} 10.5555/salt", SAND, TIDES)) == []


def test_entries_that_were_joined_without_a_doi():
    said = "two entries in one paragraph, the second from: Osei, K., & Lindqvist, M. (2001). Tides of the northern shor"
    assert notes("entries-joined", p("x") + typed_list(f"{SALT} {TIDES}", SAND, SALT)) == [said]
    chapter = "Okafor, N. (2019). Salt. In K. Osei (2001). Tides. Shore Press."
    assert notes("entries-joined", p("x") + typed_list(chapter, SAND, TIDES)) == []
    numbered = typed_list(
        "[1] Okafor, N. Salt. 2019. [2] Osei, K. Tides. 2001.", "[3] Rao, B. Sand. 1999.", "[4] " + SALT
    )
    assert notes("entries-joined", p("x") + numbered) == ["[2] stands in the entry before it"]


def test_entries_that_were_divided():
    halves = SALT[:40], "in winter. Shore Geology, 3, 1–9."
    assert notes("entries-joined", p("x") + typed_list(SAND, *halves, TIDES)) == ["one entry in 2 paragraphs"]
    labelled = typed_list("[1]", "Okafor, N. Salt. 2019.", "[2]", "Osei, K. Tides. 2001.", "[3]", "Rao, B. Sand. 1999.")
    assert notes("entries-joined", p("x") + labelled) == []
    wrapped = [
        part for year in YEARS for part in (f"Osei, K. ({year}). Tides of the northern", "shore. Shore, 1, 2–5.")
    ]
    assert notes("entries-joined", p("x") + typed_list(*wrapped)) == ["one entry in several paragraphs, 4 times"]


def test_no_list_at_all():
    text = p("(Okafor, 2019) (Osei, 2001) (Adeyemi, 1999) (Lund, 1998) (Mbeki, 2004)")
    assert notes("no-list", text) == ["5 citations"]
    assert notes("no-list", text + LISTED) == []


def test_numbers_beyond_the_list():
    text = p("As [1], [2,3] and [4] say.")
    assert notes("number-beyond-list", text + NUMBERED) == ["4: the list ends at 3"]
    assert notes("number-beyond-list", p("As [1], [2] and [3] in x[7], over [0, 1].") + NUMBERED)[1:] == []
    (hit,) = hits("number-beyond-list", p("As [1], [2], [3] and [0].") + NUMBERED)
    assert (hit.note, hit.confidence < 0.8) == ("0: the list runs from 1 to 3", True)


def test_numbers_that_are_powers():
    text = p("It is", raised("1"), " so", raised("2,3"), ", 5 m", raised("9"), " wide.")
    listed = typed_list("1. Okafor, N. (2019). Salt.", "2. Osei, K. (2001). Tides.", "3. Adeyemi, B. (1999). Sand.")
    assert hits("number-beyond-list", text + listed) == []


def test_numbers_never_cited_and_ranges_that_cite():
    assert notes("number-not-cited", p("As [1], [1] and [3].") + NUMBERED) == ["2"]
    assert notes("number-not-cited", p("As [1–3] and [2] say, and [1].") + NUMBERED) == []


def test_numbering():
    gap = typed_list("[1] Okafor, N. (2019). Salt.", "[3] Osei, K. (2001). Tides.", "[3] Adeyemi, B. (1999). Sand.")
    assert notes("numbering-gap", p("As [1].") + gap) == ["1 is followed by 3", "3 stands again"]
    assert notes("numbering-gap", p("As [1].") + NUMBERED) == []
    both = p("References") + "".join(p(f"[{n}] Okafor, N. (2019). Salt {n}.", number="4") for n in (1, 3, 3))
    assert notes("number-not-position", p("As [1].") + both) == ["2, but it says 3"]


def test_order_of_numbers():
    unsorted = typed_list(
        "[1] Osei, K. (2001). Tides.", "[2] Adeyemi, B. (1999). Sand.", "[3] Okafor, N. (2019). Salt."
    )
    assert notes("order-of-numbers", p("As [1], [3] and [2].") + unsorted) == ["3 is cited before 2"]
    assert notes("order-of-numbers", p("As [1], [2] and [3].") + unsorted) == []
    authors = ("Adeyemi", "Lund", "Mbeki", "Okafor", "Osei")
    alphabetical = typed_list(*(f"[{n}] {name}, A. (2001). Title." for n, name in enumerate(authors, 1)))
    assert notes("order-of-numbers", p("As [4], [3] and [1].") + alphabetical) == []


@pytest.mark.parametrize(
    ("text", "said"), [("[3–1]", "3–1 runs backwards"), ("[1,1]", "1 stands twice"), ("[1–3,2]", "2 stands twice")]
)
def test_ranges(text, said):
    assert notes("range-malformed", p(f"As [1], [2], [3] and {text}.") + NUMBERED) == [said]
    assert notes("range-malformed", p("As [1], [2, 3] and [1–3].") + NUMBERED) == []


def test_typed_among_fields():
    assert texts("typed-among-fields", FIELDS + p("But (Mbeki et al., 2004).")) == ["(Mbeki et al., 2004)"]
    shown = p("As Okafor ", field(zotero(cite(item())), "(2019)"), " says.")
    assert texts("typed-among-fields", FIELDS + shown) == []
    for text in ("Source: Mbeki et al., 2004", "Figure 3: Taken from Mbeki et al. (2004)", "On [1,3] it holds."):
        assert texts("typed-among-fields", FIELDS + p(text)) == []


def test_one_field_does_not_make_a_text_managed():
    typed = p("(Okafor, 2019) (Osei, 2001) (Adeyemi, 1999) (Lund, 1998) (Mbeki, 2004)")
    assert hits("typed-among-fields", typed + p(field(zotero(cite(item())), "(Okafor 2019)"))) == []


def test_two_ways_of_citing():
    many = "".join(p(f"As (Okafor, 20{n}) says.") for n in range(10, 20))
    numbers = "".join(p("As [1], [2] and [3].") for _ in range(5))
    assert notes("styles-mixed", many + LISTED) == []
    found = notes("styles-mixed", numbers + p("As (Okafor, 2019), (Osei, 2001), (Lund, 1998).") + NUMBERED)
    assert found == ["author-year, 3 of 13 citations"]


def test_forms_of_citing():
    text = p("(Osei & Lindqvist, 2001) (Osei & Lindqvist, 2001) (Osei & Lindqvist, 2001) (Osei and Lindqvist, 2001)")
    assert notes("forms-mixed", text + LISTED) == ["“and” here, “&” elsewhere"]
    narrative = p(
        "(Osei & Lindqvist, 2001) (Osei & Lindqvist, 2001) (Osei & Lindqvist, 2001) Osei and Lindqvist (2001)"
    )
    assert notes("forms-mixed", narrative + LISTED) == []


def test_order_of_a_list():
    names = ["Adeyemi", "Lund", "Mbeki", "Okafor", "Osei", "Rao", "Silva", "Tan"]
    entries = [f"{name}, A. (2001). A long enough title. Shore, 1, 2." for name in names]
    assert texts("list-unsorted", p("As Rao (2001).") + typed_list(*entries)) == []
    moved = [*entries[:3], entries[7], *entries[3:7]]
    assert texts("list-unsorted", p("As Rao (2001).") + typed_list(*moved)) == [entries[3]]
    particle = [*entries[:4], "van Olden, B. (2001). A title. Shore, 1, 2.", *entries[4:]]
    assert texts("list-unsorted", p("As Rao (2001).") + typed_list(*particle)) == []


def test_small_forms():
    assert notes("locator-form", p("(Okafor, 2019, p. 3-5) (Okafor, 2019, pp. 3-5)") + LISTED) == ["“p. 3-5”: pp."]
    heading = '<w:style w:styleId="H1"><w:name w:val="heading 1"/></w:style>'
    assert notes("citation-in-heading", p("Salt (Okafor, 2019)", style="H1") + LISTED, styles=heading) == ["heading 1"]
    assert notes("punctuation-doubled", p("Salt (", field(zotero(cite(item())), "(Okafor 2019)"), ")."))[0] == "“((”"
    assert notes("punctuation-doubled", p("Salt ", field(zotero(cite(item())), "(Okafor 2019)"), ".")) == []
    stops = p("A (Okafor, 2019). B (Okafor, 2019). C (Okafor, 2019). Done. (Osei & Lindqvist, 2001)")
    assert notes("full-stop-mixed", stops + LISTED) == ["behind the full stop here, before it elsewhere"]
    assert (
        len(
            hits(
                "brackets-mixed",
                p("As [1], so [2], thus [3], and [1].") + p(field(zotero(cite(item())), "(1)")) + NUMBERED,
            )
        )
        == 1
    )


def test_the_style_that_is_wanted():
    prefs = {"ZOTERO_PREF_1": '<data><style id="http://www.zotero.org/styles/apa"/></data>'}
    for wanted, said in (
        ("apa", []),
        ("", []),
        ("http://www.zotero.org/styles/nature", ["apa, not http://www.zotero.org/styles/nature"]),
    ):
        assert notes("style-not-wanted", p("x"), properties=prefs, options={"style": wanted}) == said


def test_a_kept_list_is_no_typed_one():
    assert hits("cited-not-listed", FIELDS + p("(Mbeki et al., 2004)") + kept_list(SALT)) == []
