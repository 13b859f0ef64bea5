"""The keys by which works meet: what they are made of, and that works alike in any of those ways share one."""

from __future__ import annotations

from typing import Any

import pytest

from reflint.duplicates import Work
from reflint.duplicates.blocking import keys_of
from tests.duplicates.works import work

KNOWN = work(DOI="10.5555/x.1", PMID="1234567", abstract="We measured the height of the marsh. " * 5)
LACKING: dict[str, Any] = {
    "doi": "", "pmid": "", "title": "", "title_words": (), "first": "", "volume": "", "authors": (), "year": 0,
    "abstract": "",
}  # fmt: skip


def keys(one: Work, **changes: Any) -> dict[object, tuple[object, ...]]:
    found = list(keys_of(one._replace(**changes)))
    assert len({key[0] for key in found}) == len(found)
    return {key[0]: key[1:] for key in found}


def test_the_keys_of_a_work_of_which_all_is_known():
    assert keys(KNOWN) == {
        "doi": ("10.5555/x.1",),
        "pmid": ("1234567",),
        "begin": ("sedimentsupplyandt",),
        "end": ("arshesonopencoasts",),
        "words": ("accretion", "marshes", "sediment"),
        "page": ("211", "31", 2014),
        "author": ("211", "okafor"),
        "start": ("211", 2014, "sediment"),
        "volume": ("31", "okafor", 2014),
        "family": ("okafor", 2014, "sedim"),
        "family end": ("okafor", 2014, "encoasts"),
        "abstract": (KNOWN.abstract[:40],),
    }


@pytest.mark.parametrize(
    ("lacking", "gone"),
    [
        ("doi", "doi"),
        ("pmid", "pmid"),
        ("abstract", "abstract"),
        ("title", "begin,end,words,family,family end"),
        ("title_words", "words"),
        ("first", "page,author,start"),
        ("volume", "page,volume"),
        ("authors", "author,start,volume,family,family end"),
        ("year", "volume,family,family end"),
    ],
)
def test_what_is_not_known_makes_no_key(lacking: str, gone: str):
    assert set(keys(KNOWN)) - set(keys(KNOWN, **{lacking: LACKING[lacking]})) == set(gone.split(","))


def test_only_long_titles_and_those_of_five_words_tell_by_themselves():
    assert {"begin", "end"} <= set(keys(KNOWN, title="m" * 12))
    assert not {"begin", "end", "words"} & set(keys(KNOWN, title="m" * 11))
    assert "words" in keys(KNOWN, title_words=tuple("abcde"))
    assert "words" not in keys(KNOWN, title_words=tuple("abcd"))


def test_words_are_the_longest_whatever_their_order_and_however_often():
    one = ("salt", "in", "deltas", "silt", "shallow", "in", "marshes")
    assert keys(KNOWN, title_words=one)["words"] == ("deltas", "marshes", "shallow")
    assert keys(KNOWN, title_words=one[::-1])["words"] == ("deltas", "marshes", "shallow")


def test_long_family_names_meet_by_their_beginning():
    assert keys(KNOWN, authors=("lindqvist",))["author"] == ("211", "lindqv")
