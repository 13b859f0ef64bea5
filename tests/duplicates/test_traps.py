"""Pairs that mislead: what two records are to each other, one trap a test."""

from __future__ import annotations

from typing import Any

import pytest

from reflint.duplicates import decide
from tests.duplicates.works import ARTICLE, work

TITLE = ARTICLE["title"]
BOOK: dict[str, Any] = {
    "type": "book",
    "title": "Tides and estuaries of the northern seas",
    "author": ["Abara, Chidi"],
    "issued": 2009,
    "publisher": "Harbour Press",
    "ISBN": "9780306406157",
}
CHAPTER: dict[str, Any] = {
    "type": "chapter",
    "title": "Mixing and stratification in shallow estuaries",
    "author": ["Lindqvist, Per"],
    "container-title": "Tides and estuaries of the northern seas",
    "issued": 2009,
    "page": "55-80",
    "ISBN": "9780306406157",
}
ABSTRACT: dict[str, Any] = {
    **ARTICLE,
    "title": "Grain size and settling of flocs in turbid water: a flume study",
    "page": "S12",
    "volume": "40",
    "issue": None,
    "DOI": "10.5555/suppl.40",
}
TALE = (
    "The sediment that reaches the marsh surface was trapped for two years at forty stations along three transects. "
    * 2
)

SAME: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "the record itself": ({}, {}),
    "letter case and a full stop": ({}, {"title": TITLE.upper() + "."}),
    "markup in the title": ({}, {"title": "Sediment supply and the <i>accretion</i> of salt marshes on open coasts"}),
    "LaTeX in the title": (
        {},
        {"title": r"{Sediment} supply and the \textit{accretion} of salt marshes on open coasts"},
    ),
    "entities": (
        {"title": "Sand & mud: the accretion of salt marshes on coasts"},
        {"title": "Sand &amp; mud: the accretion of salt marshes on coasts"},
    ),
    "language noted behind the title": ({}, {"title": f"{TITLE} [Article in German]"}),
    "references noted behind the title": ({}, {"title": f"{TITLE}. [Review] [45 refs]"}),
    "an erratum noted behind the title": ({}, {"title": f"{TITLE} [Erratum appears in J Coast. 2015;32:8]"}),
    "retracted is a mark": ({}, {"title": f"RETRACTED: {TITLE}"}),
    "subtitle missing": ({"title": f"{TITLE}: a review of long records"}, {}),
    "initials only": ({}, {"author": ["Okafor, N.", "Lindqvist, P.", "Tanaka, M."]}),
    "authors glued": ({}, {"author": ["OkaforN.LindqvistP.TanakaM."]}),
    "given and family name exchanged": ({"author": ["Okafor, Ngozi"]}, {"author": ["Ngozi, Okafor"]}),
    "diacritics": ({"author": ["Møller, Åse"]}, {"author": ["Moller, A."]}),
    "journal abbreviated": ({}, {"container_title": "J. Coast. Res. Lett."}),
    "journal as its initials": ({}, {"container_title": "JCRL"}),
    "journal with a place": ({}, {"container_title": "Journal of Coastal Research Letters (Lagos)"}),
    "journal with a medium": ({}, {"container_title": "Journal of Coastal Research Letters [Electronic Resource]"}),
    "volume and pages glued to the journal": (
        {},
        {
            "container_title": "Journal of Coastal Research Letters.31 (4) ()(pp 211-228) 2014.Date of May",
            "volume": None,
            "issue": None,
            "page": None,
        },
    ),
    "pages with two hyphens": ({}, {"page": "211--228"}),
    "pages with a dash": ({}, {"page": "211–228"}),
    "pages abbreviated": ({}, {"page": "211-8"}),
    "pages made a date by a spreadsheet": ({"page": "6-10"}, {"page": "06-Oct"}),
    "page missing": ({}, {"page": None}),
    "pages of an early version": ({"DOI": None}, {"page": "1-18"}),
    "the same article number": ({"page": "e43268"}, {"page": "43268"}),
    "issue told otherwise": ({}, {"issue": "1113"}),
    "year of print and online": ({}, {"issued": 2013}),
    "UNKNOWN as value": ({}, {"volume": "UNKNOWN", "issue": "n/a"}),
    "one DOI and one place": (
        {"DOI": "10.5555/x.1"},
        {"DOI": "https://doi.org/10.5555/X.1", "title": TITLE + " today"},
    ),
    "DOI among other numbers": ({"DOI": "10.5555/x.1"}, {"DOI": "S0301-1 [pii];10.5555/x.1 [doi]"}),
    "a title and its translation": (
        {"title": "Sedimentzufuhr und Aufwuchs von Salzwiesen an offenen Küsten"},
        {},
    ),
}


@pytest.mark.parametrize(("one", "other"), SAME.values(), ids=SAME)
def test_one_work_told_in_two_ways(one: dict[str, Any], other: dict[str, Any]):
    a, b = work(**one), work(**other)
    verdict = decide(a, b)
    assert verdict.kind == "same", verdict
    assert verdict.why
    assert decide(b, a) == verdict


ALONE_SAME = {
    "a book and ISBN-10": (BOOK, {"ISBN": "0-306-40615-2"}),
    "a book without ISBN": (BOOK, {"ISBN": None}),
    "a chapter with its pages otherwise written": (CHAPTER, {"page": "pp. 55–80"}),
}


@pytest.mark.parametrize(("base", "other"), ALONE_SAME.values(), ids=ALONE_SAME)
def test_one_book_or_chapter_told_in_two_ways(base: dict[str, Any], other: dict[str, Any]):
    assert decide(work(base), work(base, **other)).kind == "same"


NOT_SAME: dict[str, tuple[dict[str, Any], dict[str, Any], dict[str, Any]]] = {
    "abstracts of one supplement share its DOI": (
        ABSTRACT,
        {},
        {"title": "Nitrate removal by denitrifying beds of reed in tidal creeks", "page": "S13"},
    ),
    "different DOIs": (ARTICLE, {"DOI": "10.5555/x.1"}, {"DOI": "10.5555/x.2"}),
    "different PMIDs": (ARTICLE, {"PMID": "1234567"}, {"PMID": "7654321"}),
    "reply with the article's title": (
        ARTICLE,
        {},
        {"title": f"{TITLE}: reply", "author": ["Abara, Chidi"], "page": "229"},
    ),
    "comment with the article's title": (
        ARTICLE,
        {},
        {"title": f"Comment on: {TITLE}", "author": ["Abara, Chidi"], "page": "340"},
    ),
    "parts": (ARTICLE, {"title": f"{TITLE}. Part I"}, {"title": f"{TITLE}. Part II", "page": "229-240"}),
    "numbered trials": (
        ARTICLE,
        {"title": f"{TITLE}: trial 1", "page": None},
        {"title": f"{TITLE}: trial 2", "page": None},
    ),
    "arms of one registration": (
        {"type": "article", "title": "Open trial of oral vaccine in adult patients with cholera", "issued": 2011},
        {"author": ["Harbour Pharma"]},
        {"author": ["Harbour Pharma"], "title": "Open trial of oral vaccine in adolescent patients with cholera"},
    ),
    "annual editorials": (
        ARTICLE,
        {"title": "Editorial", "page": "1-2"},
        {"title": "Editorial", "issued": 2015, "volume": "32", "page": "1-2"},
    ),
    "introductions of a minitrack": (
        ARTICLE,
        {
            "title": "Introduction to the minitrack on coastal data",
            "type": "paper-conference",
            "issued": 2011,
            "DOI": "10.5555/m.11",
        },
        {
            "title": "Introduction to the minitrack on coastal data",
            "type": "paper-conference",
            "issued": 2012,
            "DOI": "10.5555/m.12",
        },
    ),
    "remarks of an editor in two issues": (
        ARTICLE,
        {"title": "Remarks from the editor: what we publish", "page": None, "issue": "2"},
        {"title": "Remarks from the editor: what we publish", "page": None, "issue": "3"},
    ),
    "same title in another journal": (
        ARTICLE,
        {},
        {
            "container_title": "Annals of Botany and Mycology",
            "volume": "7",
            "page": "19-30",
            "author": ["Abara, Chidi"],
        },
    ),
    "preprint and article": (
        ARTICLE,
        {"page": None},
        {
            "type": "article",
            "container_title": None,
            "volume": None,
            "issue": None,
            "page": None,
            "DOI": "10.1101/2013.04.10.23288",
        },
    ),
    "conference abstract and paper": (
        ARTICLE,
        {},
        {
            "type": "paper-conference",
            "container_title": "Proceedings of the Delta Conference",
            "volume": None,
            "issue": None,
            "page": "7",
            "issued": 2013,
        },
    ),
    "two versions of one Cochrane review": (
        ARTICLE,
        {
            "container_title": "Cochrane Database of Systematic Reviews",
            "DOI": "10.1002/14651858.CD001877.pub2",
            "issued": 2008,
        },
        {
            "container_title": "Cochrane Database of Systematic Reviews",
            "DOI": "10.1002/14651858.CD001877.pub3",
            "issued": 2012,
        },
    ),
    "protocol and results": (
        ARTICLE,
        {"page": None},
        {"title": f"{TITLE}: study protocol", "issued": 2012, "page": None},
    ),
    "chapters of one book": (CHAPTER, {}, {"title": "Waves and currents over muddy foreshores", "page": "81-99"}),
    "a chapter and its book": (BOOK, {}, {"type": "chapter"}),
    "a book and its review": (
        BOOK,
        {},
        {
            "type": "article-journal",
            "title": f"Book review: {BOOK['title']}",
            "author": ["Tanaka, Mei"],
            "container_title": "Shore News",
            "ISBN": None,
        },
    ),
    "two editions": (BOOK, {}, {"issued": 2015, "ISBN": "9780262033848"}),
    "nothing but a title": (
        {"type": "article-journal", "title": TITLE},
        {},
        {},
    ),
    "an empty title": (ARTICLE, {}, {"title": None}),
    "many years apart": (ARTICLE, {"page": None, "volume": None}, {"page": None, "volume": None, "issued": 2004}),
}


@pytest.mark.parametrize(("base", "one", "other"), NOT_SAME.values(), ids=NOT_SAME)
def test_works_that_are_not_one(base: dict[str, Any], one: dict[str, Any], other: dict[str, Any]):
    verdict = decide(work(base, **one), work(base, **other))
    assert verdict.kind != "same", verdict


RELATED = {
    "erratum in front": ("erratum-of", {}, {"title": f"Erratum: {TITLE}", "issued": 2015, "volume": "32", "page": "9"}),
    "erratum by volume and page": (
        "erratum-of",
        {},
        {"title": f"{TITLE} (vol 31, pg 211, 2014)", "issued": 2015, "volume": "32", "page": "9"},
    ),
    "retraction notice": (
        "erratum-of",
        {},
        {"title": f"Retraction note: {TITLE}", "issued": 2016, "volume": "33", "page": "1"},
    ),
    "preprint": (
        "version-of",
        {},
        {"type": "article", "container_title": "bioRxiv", "volume": None, "issue": None, "page": None},
    ),
    "conference paper": (
        "version-of",
        {},
        {
            "type": "paper-conference",
            "container_title": "Proceedings of the Delta Conference",
            "volume": None,
            "issue": None,
            "page": "7",
            "issued": 2013,
        },
    ),
    "Cochrane update": (
        "version-of",
        {
            "container_title": "Cochrane Database of Systematic Reviews",
            "DOI": "10.1002/14651858.CD001877.pub2",
            "issued": 2008,
        },
        {
            "container_title": "Cochrane Database of Systematic Reviews",
            "DOI": "10.1002/14651858.CD001877.pub3",
            "issued": 2012,
        },
    ),
    "parts of a series": (
        "version-of",
        {"title": f"{TITLE}. Part I"},
        {"title": f"{TITLE}. Part II", "page": "229-240"},
    ),
    "too little to be sure": (
        "maybe",
        {"volume": None, "issue": None, "page": None, "container_title": None},
        {"volume": None, "issue": None, "page": None, "container_title": None},
    ),
    "all but the DOI": ("maybe", {"DOI": "10.5555/x.1"}, {"DOI": "10.5555/x.2"}),
}


@pytest.mark.parametrize(("kind", "one", "other"), RELATED.values(), ids=RELATED)
def test_works_that_are_related(kind: str, one: dict[str, Any], other: dict[str, Any]):
    a, b = work(**one), work(**other)
    assert decide(a, b).kind == kind, decide(a, b)
    assert decide(b, a) == decide(a, b)


def test_supplement_abstracts_with_near_titles_and_one_doi_stay_apart():
    one = work(ABSTRACT, title="Grain size and settling of flocs in fresh water", page="S12")
    other = work(ABSTRACT, title="Settling and grain size of shells in salt water", page="S14", author=["Abara, Chidi"])
    assert decide(one, other).kind == "different"


def test_a_wrong_volume_does_not_part_what_the_abstract_joins():
    one = work(abstract=TALE, volume="237", container_title="Amer. J. Coasts")
    other = work(abstract=TALE, volume="6", container_title="American Journal of Coasts: Cells")
    assert decide(one, other).kind == "same"
