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


NAMES = [{"family": "Haukeland", "given": "Signe"}, {"family": "Okafor", "given": "Ngozi"}]
DUNES = "Wandering dunes and the harbours they will reach"


def preprint(doi: str, year: int = 2019, title: str = DUNES, **more: Any) -> dict[str, Any]:
    return work(doi, title, "Haukeland", year, type="posted-content", **{"container-title": []}, **more)


def sand(**more: Any) -> dict[str, Any]:
    """A record of the preprint: no journal, no pages."""
    return item(DUNES, **({"year": 2019, "author": NAMES, "type": "article"} | NOWHERE | more))


def kind_of(record: dict[str, Any], *works: dict[str, Any]) -> tuple[str, str]:
    match = choose(reference_of_item(record), map(work_of, works))
    return match.kind, match.best.work.doi if match.best else ""


@pytest.mark.parametrize("year", [None, 2018, 2020])
def test_all_authors_of_a_preprint_make_up_for_the_year(year: int | None) -> None:
    assert kind_of(sand(year=year), preprint("10.1234/dunes")) == ("automatic", "10.1234/dunes")


@pytest.mark.parametrize(
    "more",
    [
        {"author": NAMES[:1]},  # not all of them
        {"author": [*NAMES, {"literal": "et al."}, {"family": "Dahl"}]},
        {"author": [{"family": "Dahl"}, {"family": "Okafor"}]},
        {"year": 2016},
        {"type": "article-journal"},  # a version of it
        {"volume": "7", "page": "11"},  # a place of which the preprint knows nothing
    ],
)
def test_and_less_than_that_does_not(more: dict[str, Any]) -> None:
    assert kind_of(sand(**{"year": None} | more), preprint("10.1234/dunes"))[0] != "automatic"


@pytest.mark.parametrize("type", ["monograph", "report", "journal-article", "proceedings-article"])
def test_what_has_editions_or_comes_every_year_needs_its_year(type: str) -> None:
    csl = {"monograph": "book", "report": "report", "journal-article": "article-journal"}.get(type, "paper-conference")
    hit = preprint("10.1234/dunes") | {"type": type}
    assert kind_of(sand(type=csl), hit)[0] == "automatic"
    assert kind_of(sand(type=csl, year=2020), hit)[0] == "suggested"


def test_one_author_counts_by_full_name_only() -> None:
    alone = [{"family": "Haukeland", "given": "Signe"}]
    hit = preprint("10.1234/dunes") | {"author": alone}
    assert kind_of(sand(year=None, author=alone), hit)[0] == "automatic"
    assert kind_of(sand(year=None, author=[{"family": "Haukeland", "given": "S."}]), hit)[0] == "suggested"


def test_versions_of_a_preprint_are_one_work_of_which_the_latest_is_taken() -> None:
    versions = [preprint(f"10.1234/dunes{end}") for end in ("/v1", "/v10", "/v2")]
    assert kind_of(sand(), *versions) == ("automatic", "10.1234/dunes/v10")
    assert kind_of(sand(), *versions, preprint("10.1234/dunes")) == ("automatic", "10.1234/dunes")
    others = [preprint("10.1234/dunes.1"), preprint("10.1234/dunes.2")]  # these are numbers, not versions
    assert kind_of(sand(), *others)[0] == "suggested"


def test_a_later_version_is_not_taken_for_that_of_another_year() -> None:
    for doi in ("10.1234/dunes/v2", "10.1234/dunes.2"):
        assert kind_of(sand(), preprint(doi))[0] == "automatic"
        assert kind_of(sand(year=2018), preprint(doi))[0] == "suggested"
        assert kind_of(sand(year=None), preprint(doi))[0] == "suggested"


def test_versions_in_titles_are_told_apart() -> None:
    hit = preprint("10.1234/dunes", title=f"{DUNES}, with SandNet v2")
    for title, kind in (("SandNet v2", "automatic"), ("SandNet v1", "none"), ("SandNetv2", "none")):
        assert kind_of(sand() | {"title": f"{DUNES}, with {title}"}, hit)[0] == kind


@pytest.mark.parametrize(("more", "kind"), [({}, "automatic"), ({"page": "", "volume": ""}, "suggested")])
def test_a_notice_is_found_by_its_own_title_and_place(more: dict[str, Any], kind: str) -> None:
    update = {"DOI": TIDES["DOI"], "type": "correction"}
    notice = work("10.1234/x", f"Correction: {TITLE}", "Haukeland", 2014, volume="7", page="99", update_to=[update])
    assert kind_of(item(f"Correction: {TITLE}", page="99") | more, notice)[0] == kind
    assert kind_of(item("", page="99"), notice)[0] == "automatic"
    assert kind_of(item(), notice)[0] == "none"


def test_a_journal_that_is_not_known_again_is_no_obstacle_where_the_place_agrees() -> None:
    assert chosen(container_title="Ges. Schr. Wandersand")[0] == "automatic"
    assert chosen(container_title="Ges. Schr. Wandersand", page="12")[0] == "suggested"
    assert chosen(container_title="Ges. Schr. Wandersand", year=2013)[0] == "suggested"


def test_a_record_of_no_type_may_be_a_dataset() -> None:
    hit = work("10.1234/data", DUNES, "Haukeland", 2019, type="dataset")
    record = item(DUNES, year=2019, type="document", volume="", page="")
    assert kind_of(record, hit)[0] == "automatic"
    assert kind_of(record | {"container-title": "Letters on Fog"}, hit)[0] == "none"
    assert kind_of(record | {"type": "article-journal"}, hit)[0] == "none"


def test_the_beginning_of_a_title_does_where_author_year_and_journal_agree() -> None:
    hits = [
        work("10.1234/sandnet", "Sand walkers: watching dunes from a tower", "Haukeland", 2019),
        work("10.1234/other", "Sand walkers: an answer to the tower watchers", "Haukeland", 2019),
    ]
    record = item("Sand walkers", year=2019, volume="", page="")
    assert kind_of(record, hits[0]) == ("automatic", "10.1234/sandnet")
    assert kind_of(record, *hits)[0] == "suggested"
    for less in ({"issued": None}, {"container-title": ""}, {"author": []}, {"title": "Sand"}, {"title": "Editorial"}):
        assert kind_of(record | less, hits[0])[0] != "automatic"
