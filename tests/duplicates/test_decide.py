"""The decision table: for each reason the least that makes two works one, what takes it away, and what forbids it."""

from __future__ import annotations

from typing import Any

import pytest

from reflint.duplicates import Work, decide
from reflint.duplicates.compare import compare
from reflint.duplicates.decide import DIFFERENT, forbidden, is_preprint, vetoed
from tests.duplicates.works import UNKNOWN

TOLD: dict[str, tuple[Any, Any]] = {
    "authors": (("okafor",), ("abara",)),
    "volume": ("31", "77"),
    "issue": ("4", "9"),
    "first": ("211", "905"),
    "last": ("228", "990"),
    "journal": ("tidal letters", "annals of botany"),
    "doi": ("10.5555/x.1", "10.5555/y.2"),
    "pmid": ("1234567", "7654321"),
    "isbns": (("030640615",), ("026203384",)),
    "abstract": ("sediment" * 20, "vaccines" * 20),
    "numbers": (("2",), ("3", "7")),
}
"""A value of each field, and another that is not equal to it."""


def pair(
    *,
    letters: int = 100,
    slips: int = 0,
    same: str = "",
    unlike: str = "",
    years: int | None = None,
    other: dict[str, Any] | None = None,
    **both: Any,
) -> tuple[Work, Work]:
    """Two works of which only this is known: titles of so many letters with so many slips, fields that are the same or
    unlike, how many years apart (None: not known), then what else is known of both, or of the other alone.
    """
    a = UNKNOWN._replace(title="m" * letters, type="article-journal")
    b = a._replace(title="m" * (letters - slips) + "w" * slips)
    for field in (same + " " + unlike).split():
        one, another = TOLD[field]
        a, b = a._replace(**{field: one}), b._replace(**{field: one if field in same.split() else another})
    if years is not None:
        a, b = a._replace(year=2014), b._replace(year=2014 + years)
    return a._replace(**both), b._replace(**{**both, **(other or {})})


def less(case: dict[str, Any], field: str) -> dict[str, Any]:
    """The case with a field that is not known."""
    return {**case, "same": " ".join(one for one in case["same"].split() if one != field)}


GERMAN, ENGLISH = tuple("salz und schlick im watt".split()), tuple("salt and silt of the flats".split())
LEAST: list[tuple[str, dict[str, Any], list[dict[str, Any]]]] = [
    (
        "titles and first pages agree",
        {"letters": 100, "slips": 8, "same": "first"},
        [{"slips": 9}, {"letters": 24, "slips": 1}, {"unlike": "volume"}, {"unlike": "journal"}],
    ),
    (
        "titles and first pages agree",
        {"letters": 100, "slips": 3, "same": "first", "unlike": "volume"},
        [{"slips": 4}, {"unlike": "volume journal"}],
    ),
    ("titles and first pages agree", {"letters": 25, "same": "first"}, [{"letters": 24}]),
    (
        "titles, volumes, issues and pages agree",
        {"letters": 100, "slips": 8, "same": "first volume issue last", "unlike": "journal", "years": 0},
        [{"slips": 9}, {"years": None}, {"years": 1},
         {"letters": 24, "slips": 1, "unlike": "", "same": "first issue last journal"}],
    ),
    (
        "titles, pages and abstracts agree",
        {"letters": 25, "same": "first last abstract", "unlike": "volume journal"},
        [{"letters": 24}, {"letters": 100, "slips": 1}, {"unlike": "", "same": "last abstract"}],
    ),
    (
        "titles, authors and what is known of the place agree",
        {"letters": 100, "slips": 3, "same": "authors volume", "years": 1},
        [{"slips": 4}, {"years": 2}, {"unlike": "journal"}, {"unlike": "abstract"}, {"letters": 24, "slips": 0}],
    ),
    ("titles, authors and what is known of the place agree", {"letters": 25, "same": "authors journal"}, []),
    ("titles, authors and what is known of the place agree", {"letters": 25, "same": "authors abstract"}, []),
    ("titles, authors and what is known of the place agree", {"letters": 25, "same": "authors doi"}, []),
    (
        "titles, authors and what is known of the place agree",
        {"letters": 60, "same": "authors volume", "unlike": "issue"},
        [{"letters": 59}],
    ),
    (
        "all but the pages agree, which are told in two ways",
        {"letters": 100, "slips": 2, "same": "authors journal volume", "unlike": "first", "years": 0},
        [{"slips": 3}, {"years": None}, {"years": 1}, {"unlike": "first issue"}, {"unlike": "first abstract"},
         {"letters": 24, "slips": 0}],
    ),
    (
        "all but the pages agree, which are told in two ways",
        {"letters": 25, "same": "authors journal issue", "unlike": "first", "years": 0},
        [{"unlike": "first volume"}],
    ),
    (
        "all but the pages agree, which are told in two ways",
        {"letters": 25, "same": "authors journal abstract", "unlike": "first", "years": 0},
        [],
    ),
    (
        "all but the pages agree, which are told in two ways",
        {"letters": 25, "same": "authors volume issue abstract", "unlike": "first", "years": 0},
        [],
    ),
    (
        "the DOI and the place or the abstract agree, the titles nearly",
        {"letters": 100, "slips": 20, "same": "doi volume"},
        [{"slips": 21}, {"unlike": "first journal"}],
    ),
    (
        "the DOI and the place or the abstract agree, the titles nearly",
        {"letters": 100, "slips": 20, "same": "doi journal", "unlike": "first"},
        [],
    ),
    (
        "the DOI and the place or the abstract agree, the titles nearly",
        {"letters": 100, "slips": 20, "same": "doi first", "unlike": "journal"},
        [],
    ),
    (
        "the DOI and the place or the abstract agree, the titles nearly",
        {"letters": 100, "slips": 3, "same": "doi authors abstract", "unlike": "first journal", "years": 0},
        [{"slips": 4}, {"years": 1}, {"years": None}],
    ),
    (
        "abstracts, authors and year agree, the titles nearly",
        {"letters": 100, "slips": 20, "same": "abstract authors", "years": 0},
        [{"slips": 21}, {"years": 1}, {"years": None}, {"unlike": "journal"}, {"unlike": "first"}],
    ),
    (
        "short titles, but author, journal, volume and pages agree",
        {"letters": 100, "slips": 12, "same": "first volume", "years": 0},
        [{"slips": 13}, {"unlike": "last"}, {"unlike": "journal"}, {"unlike": "authors"}, {"years": 1}],
    ),
    (
        "short titles, but author, journal, volume and pages agree",
        {"letters": 24, "slips": 6, "same": "first volume", "years": 0},
        [{"slips": 7}, {"letters": 25}],
    ),
    (
        "short titles, but author, journal, volume and pages agree",
        {"letters": 24, "slips": 6, "same": "first journal last", "years": 0},
        [{"unlike": "volume"}],
    ),
    (
        "short titles, but author, journal, year and issue agree",
        {"letters": 12, "same": "authors journal issue", "years": 0},
        [{"letters": 11}, {"letters": 24, "slips": 1}, {"years": 1}, {"unlike": "volume"}, {"unlike": "first"}],
    ),
    (
        "a title and its translation at one place",
        {
            "letters": 100, "slips": 90, "same": "first volume last journal authors", "years": 0,
            "title_words": GERMAN, "other": {"title_words": ENGLISH},
        },
        [{"slips": 20, "years": 1}, {"title_words": ENGLISH}, {"title_words": GERMAN[:4]}, {"unlike": "abstract"},
         {"other": {"title_words": ENGLISH[2:]}}],
    ),
    (
        "title, author and year of a work that stands alone agree",
        {"letters": 20, "slips": 2, "same": "isbns", "type": "book"},
        [{"letters": 19, "slips": 2}, {"letters": 11, "slips": 1}, {"unlike": "authors"}, {"type": "chapter"}],
    ),
    (
        "title, author and year of a work that stands alone agree",
        {"letters": 100, "slips": 3, "same": "authors", "years": 0, "type": "thesis"},
        [{"slips": 4}, {"years": None}, {"years": 1}, {"unlike": "volume"}, {"other": {"type": "chapter"}}],
    ),
    (
        "title, author and year of a work that stands alone agree",
        {"letters": 12, "same": "authors", "years": 0, "type": "report"},
        [{"letters": 11}],
    ),
]  # fmt: skip


def is_one_for(reason: str, case: dict[str, Any]) -> bool:
    one, other = pair(**case)
    verdict = decide(one, other)
    assert decide(other, one) == verdict
    return verdict.kind == "same" and verdict.why[0] == reason


@pytest.mark.parametrize(("reason", "case", "undoing"), LEAST)
def test_the_least_that_makes_two_works_one(reason: str, case: dict[str, Any], undoing: list[dict[str, Any]]):
    assert is_one_for(reason, case), decide(*pair(**case))


@pytest.mark.parametrize(("reason", "case", "undoing"), LEAST)
def test_with_anything_less_they_are_not_one_for_that_reason(
    reason: str, case: dict[str, Any], undoing: list[dict[str, Any]]
):
    for change in [*undoing, *(less(case, field) for field in case["same"].split())]:
        assert not is_one_for(reason, {**case, **change}), change


SURE: dict[str, Any] = {"same": "authors first volume journal last", "years": 0}
PLACELESS: dict[str, Any] = {"same": "authors volume", "years": 0}
OBJECTIONS: list[tuple[dict[str, Any], list[str]]] = [
    (SURE, []),
    ({**SURE, "unlike": "doi"}, ["different DOIs: 10.5555/x.1 and 10.5555/y.2"]),
    ({**SURE, "unlike": "pmid"}, ["different PMIDs: 1234567 and 7654321"]),
    ({**SURE, "unlike": "isbns"}, []),
    ({**SURE, "unlike": "isbns", "type": "book"}, ["different ISBNs"]),
    ({**SURE, "unlike": "isbns", "type": "book", "other": {"type": "chapter"}}, ["one is a book, the other a chapter"]),
    ({**SURE, "kind": "reply"}, []),
    ({**SURE, "other": {"kind": "reply"}}, ["one is the work itself, the other a reply"]),
    ({**SURE, "kind": "reply", "other": {"kind": "erratum"}}, ["one is an erratum, the other a reply"]),
    ({**SURE, "kind": "comment", "other": {"kind": "letter"}}, []),
    ({**SURE, "slips": 8, "other": {"kind": "letter"}}, []),
    ({**SURE, "slips": 9, "other": {"kind": "letter"}}, ["one is the work itself, the other a letter"]),
    ({**PLACELESS, "other": {"kind": "update"}}, ["one is the work itself, the other an update"]),
    ({**SURE, "slips": 8, "unlike": "numbers"}, []),
    ({**SURE, "slips": 9, "unlike": "numbers"}, ["other numbers in the titles: 2 and 3, 7"]),
    ({**PLACELESS, "unlike": "numbers"}, ["other numbers in the titles: 2 and 3, 7"]),
    ({"same": "volume journal abstract", "unlike": "numbers", "years": 0, "slips": 3}, []),
    (
        {"same": "volume journal abstract", "unlike": "numbers", "years": 0, "slips": 4},
        ["other numbers in the titles: 2 and 3, 7"],
    ),
    (
        {"same": "volume journal abstract", "unlike": "numbers", "years": 1},
        ["other numbers in the titles: 2 and 3, 7"],
    ),
    ({"same": "volume journal", "unlike": "numbers", "years": 0}, ["other numbers in the titles: 2 and 3, 7"]),
    ({"same": "volume abstract", "unlike": "numbers", "years": 0}, ["other numbers in the titles: 2 and 3, 7"]),
    ({"same": "journal abstract", "unlike": "numbers", "years": 0}, ["other numbers in the titles: 2 and 3, 7"]),
    (
        {"same": "first volume", "unlike": "numbers authors", "years": 0},
        ["other numbers in the titles: 2 and 3, 7"],
    ),
    ({"same": "first volume", "years": 2}, ["2 years apart"]),
    ({"same": "first volume", "years": 1}, []),
    ({"same": "first volume last", "years": 2}, []),
    ({"same": "first volume issue", "years": 2}, []),
    ({"same": "first last issue", "years": 2}, ["2 years apart"]),
    ({"same": "volume last issue", "years": 2}, ["2 years apart"]),
    ({"same": "first doi", "years": 2}, []),
    ({"same": "doi volume", "years": 2}, ["2 years apart"]),
    ({"same": "authors", "unlike": "volume first", "years": 0}, ["different volumes and pages"]),
    ({"same": "doi abstract", "unlike": "volume first", "years": 0, "slips": 3}, []),
    ({"same": "doi abstract", "unlike": "volume first", "years": 0, "slips": 4}, ["different volumes and pages"]),
    ({"same": "doi abstract", "unlike": "volume first", "years": 1}, ["different volumes and pages"]),
    ({"same": "doi", "unlike": "volume first", "years": 0}, ["different volumes and pages"]),
    ({"same": "abstract", "unlike": "volume first", "years": 0}, ["different volumes and pages"]),
    ({"first": "s12", "other": {"first": "s14"}}, ["two pages of a supplement"]),
    ({"first": "s12", "other": {"first": "s12"}}, []),
    ({"first": "s12", "other": {"first": "14"}}, []),
    ({"unlike": "first", "years": 1}, ["different pages and years"]),
    ({"unlike": "first", "years": 0}, []),
    ({"unlike": "first", "same": "doi", "years": 1}, []),
    ({"unlike": "journal"}, ["different journals"]),
    ({"unlike": "journal", "same": "first"}, []),
    ({"unlike": "journal", "same": "doi"}, []),
    ({"unlike": "journal", "same": "volume issue abstract"}, []),
    ({"unlike": "journal", "same": "volume issue"}, ["different journals"]),
    ({"unlike": "journal", "same": "issue abstract"}, ["different journals"]),
    ({"unlike": "journal", "same": "volume abstract"}, ["different journals"]),
    ({"unlike": "authors"}, ["different authors"]),
    ({"unlike": "authors", "same": "doi", "slips": 3}, []),
    ({"unlike": "authors", "same": "first volume", "years": 0, "slips": 3}, []),
    ({"unlike": "authors", "same": "doi", "slips": 4}, ["different authors"]),
    ({"unlike": "doi authors"}, ["different DOIs: 10.5555/x.1 and 10.5555/y.2", "different authors"]),
]


@pytest.mark.parametrize(("case", "expected"), OBJECTIONS)
def test_what_forbids_two_works_to_be_one(case: dict[str, Any], expected: list[str]):
    one, other = pair(**case)
    compared = compare(one, other)
    assert compared is not None
    assert list(forbidden(one, other, compared)) == expected == list(forbidden(other, one, compared))
    assert vetoed(one, other) is vetoed(other, one) is bool(expected)


@pytest.mark.parametrize("kind", ["comment", "letter", "editorial", "protocol", "update", "review of a book"])
def test_a_kind_that_a_database_may_leave_out_forbids_nothing_at_one_place(kind: str):
    for other in ("", "comment"):
        assert not vetoed(*pair(**SURE, kind=kind, other={"kind": other}))
        assert vetoed(*pair(**PLACELESS, kind=kind, other={"kind": "reply"}))


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        ({"slips": 51}, True),
        ({"slips": 50}, False),
        ({"slips": 51, "same": "doi"}, False),
        ({"slips": 51, "same": "abstract"}, False),
        ({"slips": 51, "same": "first volume", "years": 0}, False),
        ({"slips": 51, "same": "first volume"}, True),
    ],
)
def test_works_whose_titles_have_little_in_common_stand_in_one_group_only_by_place_doi_or_abstract(
    case: dict[str, Any], expected: bool
):
    assert vetoed(*pair(**case)) is expected


COCHRANE = {"doi": "10.5555/cd001.pub2", "other": {"doi": "10.5555/cd001.pub3"}}
RELATIONS: list[tuple[dict[str, Any], str, str]] = [
    ({"slips": 10, "other": {"kind": "erratum"}}, "erratum-of", "one is an erratum"),
    ({"slips": 10, "other": {"kind": "retraction"}}, "erratum-of", "one is a retraction notice"),
    ({"kind": "erratum", "other": {"kind": "retraction"}}, "erratum-of", "one is an erratum"),
    ({"slips": 11, "other": {"kind": "erratum"}}, "different", ""),
    ({"unlike": "authors", "other": {"kind": "erratum"}}, "different", ""),
    ({"letters": 24, "other": {"kind": "erratum"}}, "erratum-of", "one is an erratum"),
    ({"letters": 25, "slips": 2, "other": {"kind": "protocol"}}, "version-of", "one is a protocol"),
    ({"kind": "update", "other": {"kind": "protocol"}}, "version-of", "one is an update"),
    ({"letters": 24, "other": {"kind": "protocol"}}, "different", ""),
    ({"slips": 9, "other": {"kind": "protocol"}}, "different", ""),
    ({"unlike": "authors", "other": {"kind": "protocol"}}, "different", ""),
    ({"other": {"kind": "letter"}}, "different", ""),
    ({"same": "authors", "unlike": "journal", "other": {"type": "article"}}, "version-of", "one is a preprint"),
    ({"unlike": "journal", "other": {"type": "article"}}, "different", ""),
    ({"same": "authors", "unlike": "journal", "type": "article"}, "different", ""),
    ({"same": "authors doi", "unlike": "pmid"}, "maybe", ""),
    ({"same": "authors", **COCHRANE}, "version-of", "two versions of one review"),
    (
        {"same": "authors", "unlike": "journal", "other": {"type": "paper-conference"}},
        "version-of",
        "one is a conference paper, the other an article",
    ),
    ({"same": "authors", "unlike": "journal", "other": {"type": "chapter"}}, "different", ""),
    ({"same": "authors", "type": "book", "years": 3, "slips": 3}, "version-of", "two editions"),
    ({"same": "authors", "type": "book", "years": 3, "slips": 4}, "different", ""),
    ({"same": "authors", "type": "book", "unlike": "isbns"}, "version-of", "two editions"),
    ({"same": "authors", "years": 3}, "different", ""),
    ({"same": "authors", "type": "book"}, "different", ""),
    (
        {"same": "authors journal", "unlike": "numbers", "slips": 5},
        "version-of",
        "two parts or years of a series",
    ),
    ({"same": "authors journal", "unlike": "numbers", "slips": 6}, "different", ""),
    ({"same": "authors", "unlike": "numbers"}, "different", ""),
    (
        {"same": "authors", "journal": "cochrane database of reviews", "years": 3},
        "version-of",
        "two parts or years of a series",
    ),
]


@pytest.mark.parametrize(("case", "kind", "reason"), RELATIONS)
def test_how_works_that_are_not_one_belong_together(case: dict[str, Any], kind: str, reason: str):
    one, other = pair(**case)
    verdict = decide(one, other)
    assert verdict.kind == kind, verdict
    assert verdict == decide(other, one)
    assert (reason == "") == (kind != "version-of" and kind != "erratum-of")
    if reason:
        assert verdict.why[0] == reason


@pytest.mark.parametrize(
    ("type", "doi", "journal", "expected"),
    [
        ("article", "", "", True),
        ("article-journal", "10.5555/x", "tidal letters", False),
        ("article-journal", "10.5555/10.1101/x", "letters of the arxiv", False),
        *[("report", f"{registrant}/x", "", True)
          for registrant in "10.1101 10.48550 10.31234 10.21203 10.2139 10.20944 10.26434 10.31219".split()],
        ("report", "10.11011/x", "", False),
        *[("report", "", server, True)
          for server in "arxiv org,biorxiv,medrxiv,ssrn,research square,preprints org,psyarxiv,chemrxiv".split(",")],
    ],
)  # fmt: skip
def test_preprints_are_known_by_type_doi_or_server(type: str, doi: str, journal: str, expected: bool):
    assert is_preprint(UNKNOWN._replace(type=type, doi=doi, journal=journal)) is expected


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        ({"letters": 13, "slips": 1, "same": "authors", "years": 0}, "maybe"),
        ({"letters": 12, "same": "authors", "years": 0}, "maybe"),
        ({"letters": 11, "same": "authors", "years": 0}, "different"),
        ({"letters": 12, "slips": 1, "same": "authors", "years": 0}, "different"),
        ({"letters": 12, "same": "authors", "years": 1}, "different"),
        ({"letters": 12, "same": "authors"}, "different"),
        ({"letters": 12, "years": 0}, "different"),
        ({"letters": 12, "same": "authors", "years": 0, "unlike": "first"}, "different"),
        ({"letters": 12, "same": "authors first", "years": 0, "unlike": "journal"}, "different"),
        ({"letters": 12, "same": "authors", "years": 0, "unlike": "pmid"}, "different"),
    ],
)
def test_short_titles_author_and_year_are_too_little_to_be_sure(case: dict[str, Any], expected: str):
    verdict = decide(*pair(**case))
    assert verdict.kind == expected, verdict
    assert verdict.why[-1:] == (("too little is known to be sure",) if expected == "maybe" else ())


def test_one_objection_to_what_would_be_one_makes_it_a_maybe_and_two_part_it():
    one, other = pair(**{**SURE, "unlike": "doi"})
    assert decide(one, other) == (
        "maybe", 0.88,
        ("same title", "same first page (211)", "same year (2014)", "same volume", "same journal", "same authors",
         "different DOIs: 10.5555/x.1 and 10.5555/y.2"),
    )  # fmt: skip
    assert decide(*pair(**{**SURE, "unlike": "doi pmid"})) == DIFFERENT


@pytest.mark.parametrize(
    "case",
    [
        {"same": "authors volume", "years": 2},
        {"letters": 20, "slips": 2, "same": "isbns", "unlike": "authors", "type": "book"},
        {"same": "authors journal volume", "unlike": "first", "years": 1},
    ],
)
def test_an_objection_to_what_would_not_be_one_anyway_parts_it(case: dict[str, Any]):
    assert decide(*pair(**case)) == DIFFERENT == ("different", 0.0, ())


def test_a_verdict_says_all_that_speaks_for_it():
    one, other = pair(same=" ".join(TOLD), years=0, slips=2, first="s211", other={"first": "211"})
    assert decide(one, other) == (
        "same", 0.95,
        ("titles and first pages agree", "titles 98% alike", "same DOI (10.5555/x.1)", "same PMID (1234567)",
         "same first page (211)", "same year (2014)", "same volume", "same issue", "same journal", "same ISBN",
         "same abstract", "same authors"),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("case", "score"),
    [
        ({"same": "first"}, 0.75),
        ({"same": "first", "years": 0}, 0.83),
        ({"same": "first", "years": 1}, 0.67),
        ({"same": "first last issue", "unlike": "volume"}, 0.8),
        ({"same": "first", "slips": 8}, 0.71),
        ({"same": "first", "unlike": "volume"}, 0.67),
    ],
)
def test_the_more_is_known_and_agrees_the_surer(case: dict[str, Any], score: float):
    assert decide(*pair(**case))[:2] == ("same", score)
