"""Groups: what is the same comes together, in any order of records, and never two that may not be one."""

from __future__ import annotations

from contextlib import closing
from itertools import combinations
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from reflint.duplicates import Work, decide, fingerprint, search
from reflint.duplicates.blocking import MOST
from reflint.duplicates.decide import vetoed
from reflint.duplicates.search import Found
from tests.duplicates.works import ARTICLE, index_of, work

TITLE = ARTICLE["title"]


def found(works: list[Work], apart: list[frozenset[str]] | None = None) -> Found:
    with closing(index_of(works)) as index:
        return search(index, apart or [])


def contents(works: list[Work]) -> set[tuple[str, frozenset[Work]]]:
    """The groups by what their members are."""
    return {(group.kind, frozenset(works[number] for number in group.members)) for group in found(works).groups}


_titles = st.sampled_from(
    [
        TITLE,
        f"{TITLE}: a review of long records",
        f"{TITLE}: reply",
        f"Erratum: {TITLE}",
        f"{TITLE}. Part II",
        "Editorial",
        "",
    ]
)
_works = st.builds(
    work,
    title=_titles,
    author=st.sampled_from([ARTICLE["author"], ["Okafor, N."], ["Abara, C."], []]),
    issued=st.sampled_from([2014, 2014, 2015, None]),
    volume=st.sampled_from(["31", "31", "32", None]),
    issue=st.sampled_from(["4", None]),
    page=st.sampled_from(["211-228", "211-8", "S12", "1-18", None]),
    DOI=st.sampled_from([None, None, "10.5555/x.1", "10.5555/x.2"]),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(_works, max_size=14), st.randoms(use_true_random=False))
def test_the_order_of_records_changes_nothing(works: list[Work], random: Random):
    shuffled = random.sample(works, len(works))
    same = {one for one in contents(works) if one[0] == "same"}
    assert {one for one in contents(shuffled) if one[0] == "same"} == same


@settings(max_examples=60, deadline=None)
@given(st.lists(_works, max_size=14))
def test_no_group_holds_a_pair_that_is_forbidden(works: list[Work]):
    for group in found(works).groups:
        if group.kind == "same":
            for one, other in combinations(group.members, 2):
                assert works[one] == works[other] or not vetoed(works[one], works[other])


@settings(max_examples=60, deadline=None)
@given(st.lists(_works, max_size=10))
def test_no_record_stands_in_two_groups_of_the_same_work(works: list[Work]):
    members = [number for group in found(works).groups if group.kind == "same" for number in group.members]
    assert len(members) == len(set(members))


@settings(max_examples=100, deadline=None)
@given(_works, _works)
def test_a_decision_is_the_same_either_way_round(one: Work, other: Work):
    assert decide(one, other) == decide(other, one)


def test_evidence_names_members_and_says_why():
    groups = found([work(title="Something else altogether in the deep sea"), work(), work(volume=None)]).groups
    (group,) = groups
    assert (group.kind, group.members) == ("same", (1, 2))
    (evidence,) = group.evidence
    assert (evidence.a, evidence.b) == (0, 1)
    assert 0.9 < evidence.score <= 1
    assert "same title" in evidence.why


def test_copies_beyond_the_size_of_a_block_are_one_group():
    (group,) = found([work()] * (MOST + 20)).groups
    assert len(group.members) == MOST + 20
    assert len(group.evidence) == MOST + 19


def test_copies_of_which_too_little_is_known_are_only_perhaps_the_same():
    bare = work(volume=None, issue=None, page=None, container_title=None, issued=2014)
    assert [group.kind for group in found([bare, bare]).groups] == ["maybe"]


def test_records_without_title_are_nobodys_duplicates():
    assert found([work(title=None, author=[], page=None)] * 3).groups == []


def test_a_chain_is_cut_at_its_weakest_link():
    """b has no DOI and is like a and c, which have two: it goes with the one it is surest of."""
    a = work(DOI="10.5555/x.1", abstract="We measured the height of the marsh at forty stations for two years. " * 3)
    b = work(abstract="We measured the height of the marsh at forty stations for two years. " * 3)
    c = work(DOI="10.5555/x.2", volume=None, issue=None)
    groups = found([a, b, c]).groups
    assert [group.members for group in groups if group.kind == "same"] == [(0, 1)]
    assert all({0, 2} != set(group.members) or group.kind == "maybe" for group in groups)


def test_two_groups_are_related_once():
    erratum = [work(title=f"Erratum: {TITLE}", volume="32", page="9", issued=2015, abstract=None)] * 2
    groups = found([work(), work(volume=None), *erratum]).groups
    assert [(group.kind, group.members) for group in groups] == [
        ("same", (0, 1)),
        ("same", (2, 3)),
        ("erratum-of", (0, 2)),
    ]


def test_what_a_person_keeps_apart_stays_apart():
    one, other = work(), work(page="1-18")
    pair = frozenset((fingerprint(one), fingerprint(other)))
    assert [group.kind for group in found([one, other]).groups] == ["same"]
    assert found([one, other], [pair]) == Found([], [])


def test_a_decision_about_records_that_are_gone_is_told():
    pair = frozenset((fingerprint(work()), "0" * 16))
    assert found([work()], [pair]) == Found([], [pair])


def test_a_fingerprint_survives_what_exports_change():
    assert fingerprint(work()) == fingerprint(work(author=["Okafor, N."], abstract="More.", container_title="JCRL"))
    assert fingerprint(work()) != fingerprint(work(page="1-18"))
