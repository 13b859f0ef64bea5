"""Matching: the right work among plausible wrong ones, and nothing at all rather than a wrong one."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reflint.lookup.crossref import work_of
from reflint.lookup.matching import AUTOMATIC, SUGGESTED, choose, compare
from reflint.lookup.reference import query_of, reference_of_item
from tests.servers.crossref.works import TIDES, WORKS, work

HITS = [work_of(one) for one in WORKS]
TITLE = "Storm tides in narrow harbours and the silt they leave"


def item(title: str = TITLE, family: str = "Haukeland", year: int | None = 2014, **more: Any) -> dict[str, Any]:
    found = {
        "type": "article-journal",
        "title": title,
        "author": [{"family": family, "given": "S."}] if family else [],
        "container-title": "Annals of Moving Sand",
        "volume": "7",
        "page": "11-29",
    } | {name.replace("_", "-"): value for name, value in more.items()}
    return found | ({"issued": {"date-parts": [[year]]}} if year else {})


def chosen(**more: Any) -> tuple[str, str]:
    match = choose(reference_of_item(item(**more)), HITS)
    return match.kind, match.best.work.doi if match.best else ""


@pytest.mark.parametrize(
    "noise",
    [
        {},
        {"title": TITLE.upper()},
        {"title": "<i>Storm</i> tides in narrow harbours and the silt they leave."},
        {"title": "Storm tides in narrow harhours and the silt they 1eave"},
        {"container_title": "Ann. Mov. Sand"},
        {"page": "11"},
        {"year": 2015},
        {"year": None},
        {"family": "Okafor"},
        {"author": [{"family": "Haukeland, S"}, {"literal": "et al."}]},
        {"title": ""},
        {"type": "document"},
        {"volume": "", "page": ""},
    ],
)  # fmt: skip
def test_a_noisy_reference_is_found_unattended(noise: dict[str, Any]) -> None:
    assert chosen(**noise) == ("automatic", "10.1234/tides.7")


@pytest.mark.parametrize(
    "other",
    [
        {"title": f"{TITLE}. Part III", "volume": "9", "page": "1"},
        {"title": f"Reply to: {TITLE}", "family": "Lindqvist", "volume": "9", "page": "4"},
        {"title": f"Erratum: {TITLE}", "volume": "8", "page": "77"},
        {"title": f"Comment on “{TITLE}”", "family": "Tuilagi"},
        {"title": f"Review of {TITLE}", "type": "review-book"},
        {"family": "Dahl", "year": 1987, "volume": "90", "page": "400", "container_title": "Letters on Fog"},
        {"type": "thesis", "volume": "", "page": "", "container_title": ""},
        {"type": "book", "volume": "", "page": "", "container_title": ""},
        {"title": f"{TITLE} 2014;7(2):11-29. Ropes, knots and the memory of old harbour pilots 2001;2:40-48"},
        {"title": "Editorial", "volume": "", "page": ""},
        {"title": "Editorial", "year": None, "page": ""},
        {"title": "", "page": ""},
        {"title": "", "year": 2013},
    ],
)
def test_what_is_not_there_is_never_written(other: dict[str, Any]) -> None:
    assert chosen(**other)[0] != "automatic"


HANDBOOK = {"title": "The harbour master's handbook of cards and ledgers", "family": "Tuilagi", "year": 2005}
FOGHORNS = {"title": "Counting foghorns on a winter coast by ear and by card", "family": "Lindqvist"}
LEDGERS, READINGS = "Ledgers of the North", "Foghorn Readings"
NOWHERE = {"volume": "", "page": "", "container_title": ""}


@pytest.mark.parametrize(
    ("doi", "more"),
    [
        ("10.1234/tides.8", {"title": f"{TITLE}. Part II", "year": 2015, "volume": "8", "page": "1-9"}),
        ("10.1234/tides.9", {"title": f"Reply to: {TITLE}", "family": "Tuilagi", "year": 2015, "page": "90"}),
        ("10.1234/pre.7", {"type": "article", "year": 2013} | NOWHERE),
        ("10.1234/ed.2", {"title": "Editorial", "page": "101"}),
        ("10.1234/book.1", HANDBOOK | NOWHERE | {"type": "book"}),
        (
            "10.1234/book.1.3",
            HANDBOOK | {"type": "chapter", "page": "33-50", "container_title": LEDGERS},
        ),
        (
            "10.1234/fog.2",
            FOGHORNS | {"year": 2009, "volume": "40", "page": "1", "container_title": READINGS},
        ),
    ],
)
def test_neighbours_are_told_apart(doi: str, more: dict[str, Any]) -> None:
    match = choose(reference_of_item(item(**more)), HITS)
    assert match.best is not None
    assert match.best.work.doi == doi


def test_a_preprint_is_a_version_of_its_article_and_not_the_same() -> None:
    preprint = next(one for one in HITS if one.doi == "10.1234/pre.7")
    found = compare(reference_of_item(item()), preprint)
    assert found.relation == "version-of"
    assert choose(reference_of_item(item()), [preprint]).kind == "none"


def test_two_that_both_pass_are_a_suggestion_only() -> None:
    found = item("Counting foghorns on a winter coast by ear and by card", "Lindqvist", None, volume="", page="")
    reprints = [work_of({**one, "container-title": ["Annals of Moving Sand"]}) for one in WORKS if "fog" in one["DOI"]]
    match = choose(reference_of_item(found), reprints)
    assert (match.kind, len(match.candidates)) == ("suggested", 2)


def test_two_dois_of_one_work_are_one_work() -> None:
    title = "Ropes, knots and the memory of old harbour pilots"
    match = choose(reference_of_item(item(title, "Tuilagi", 2001, volume="2", page="40")), HITS)
    assert match.kind == "automatic"
    assert len(match.candidates) == 2


def test_a_notice_is_not_the_article_whose_title_it_bears() -> None:
    notice = work_of(
        work("10.1234/x", TITLE, "Haukeland", 2014, update_to=[{"DOI": TIDES["DOI"], "type": "correction"}])
    )
    assert compare(reference_of_item(item()), notice).trap == "notice"


@pytest.mark.parametrize(("title", "place"), [(WORKS[-3], TIDES), (TIDES, WORKS[-2]), (WORKS[-2], WORKS[-3])])
def test_a_mixture_of_two_works_is_neither(title: dict[str, Any], place: dict[str, Any]) -> None:
    one, two = work_of(title), work_of(place)
    mixed = item(one.title, two.authors[0].family, min(two.years), volume=two.volume, page=two.page)
    assert choose(reference_of_item(mixed), HITS).kind != "automatic"


@given(st.text(max_size=60), st.text(max_size=20), st.integers(1400, 2100))
def test_a_score_lies_between_nothing_and_all(title: str, family: str, year: int) -> None:
    reference = reference_of_item(item(title, family, year))
    for hit in HITS:
        assert 0 <= compare(reference, hit).score <= 1


@given(st.sampled_from(WORKS), st.sampled_from(["volume", "page", "issued", "author", "title"]))
def test_less_said_is_never_more_certain_than_automatic(one: dict[str, Any], left_out: str) -> None:
    hit = work_of(one)
    whole = item(hit.title, hit.authors[0].family, min(hit.years), volume=hit.volume, page=hit.page, type=hit.type)
    clean = compare(reference_of_item(whole), hit)
    poorer = compare(reference_of_item({k: v for k, v in whole.items() if k != left_out}), hit)
    assert poorer.score <= max(clean.score, AUTOMATIC + 0.1) or clean.trap
    assert SUGGESTED < AUTOMATIC


def test_the_question_holds_what_identifies_a_work_and_nothing_private() -> None:
    query = query_of(reference_of_item(item(note="my secret note", abstract="an abstract")))
    assert query == f"Haukeland 2014 {TITLE} Annals of Moving Sand 7 11-29"
