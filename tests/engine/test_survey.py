"""Rules over a library: what records say together is counted first, and the odd ones are found then."""

from __future__ import annotations

import json
from collections.abc import Iterable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reflint.engine import survey as surveys
from reflint.engine.pack import Rule, load
from reflint.engine.run import Engine
from reflint.engine.survey import Count, Survey, is_of_library
from reflint.formats import csl, ris
from reflint.model.finding import Finding
from reflint.model.record import Record
from tests.inputs import RIS_FIXTURES, RULES

OF_LIBRARY = [rule for rule in load(RULES).rules if is_of_library(rule)]
RECORDS = [record for path in RIS_FIXTURES for record in ris.read(path.read_bytes())]
"""Those of all fixtures: with journals, persons, keywords, DOIs and ISBNs that recur."""


def rules(*ids: str):
    return [rule for rule in OF_LIBRARY if rule.id in ids]


def census_of(records: Iterable[Record], rules: Iterable[Rule] = OF_LIBRARY) -> surveys.Census:
    with Survey(rules) as survey:
        for record in records:
            survey.add(record)
        return survey.census()


def findings(records: list[Record], *ids: str) -> list[Finding]:
    engine = Engine(rules(*ids))
    engine.learn(census_of(records, engine.rules))
    return [finding for record in records for finding in engine.check(record)]


def journals(*spellings: str) -> list[Record]:
    items = [{"type": "article-journal", "ISSN": "0317-8471", "container-title": one} for one in spellings]
    return list(csl.read(json.dumps(items).encode()))


def test_there_are_rules_over_a_library_and_none_runs_by_default():
    assert {rule.id for rule in OF_LIBRARY} >= {"CTR006", "CRE012", "DUP001", "DUP002", "LIB001", "LIB002"}
    assert {rule.profiles for rule in OF_LIBRARY} == {("strict",)}


def test_a_record_alone_is_never_odd():
    engine = Engine(OF_LIBRARY)
    for record in journals("Tidal Letters", "tidal letters"):
        assert engine.check(record) == []


def test_the_minority_is_told_the_spelling_of_the_majority():
    found = findings(journals("Tidal Letters", "Tidal Lett.", "Tidal Letters"), "CTR006")
    assert [(f.record.index, f.value) for f in found if f.record] == [(1, "Tidal Lett.")]
    assert "“Tidal Letters” in 2 of 3 records" in found[0].message
    assert found[0].fix is not None
    assert [edit.after for edit in found[0].fix.edits] == ["Tidal Letters"]


def test_of_two_spellings_as_frequent_the_longer_is_the_usual():
    found = findings(journals("Tidal Lett.", "Tidal Letters"), "CTR006")
    assert [f.value for f in found] == ["Tidal Lett."]


@given(st.lists(st.sampled_from(["Tidal Letters", "Tidal Lett.", "TIDAL LETTERS"]), max_size=9), st.randoms())
def test_the_order_of_records_changes_nothing(spellings: list[str], random):
    shuffled = random.sample(spellings, len(spellings))
    odd = sorted(f.value for f in findings(journals(*spellings), "CTR006"))
    assert odd == sorted(f.value for f in findings(journals(*shuffled), "CTR006"))
    assert len(odd) < max(1, len(spellings))


@given(st.lists(st.sampled_from(["Tidal Letters", "Tidal Lett.", "TIDAL LETTERS"]), min_size=1, max_size=9))
def test_after_the_repair_nothing_is_odd(spellings: list[str]):
    records = journals(*spellings)
    new = {f.record.index: f.fix.edits[0].after for f in findings(records, "CTR006") if f.record and f.fix}
    repaired = [new.get(n, spelling) for n, spelling in enumerate(spellings)]
    assert findings(journals(*repaired), "CTR006") == []


def test_to_have_what_nearly_all_lack_is_not_odd():
    items = [{"type": "book", "title": f"Silt {number}"} for number in range(30)] + [
        {"type": "book", "title": "Salt", "publisher": "Harbour Press"}
    ]
    assert findings(list(csl.read(json.dumps(items).encode())), "LIB001") == []


def test_what_is_told_by_the_values_of_odd_records_is_what_each_record_would_be_told():
    texts = [path.read_bytes() for path in RIS_FIXTURES]
    records = [record for text in texts for again in (text, text.replace(b"a", b"A")) for record in ris.read(again)]
    census = census_of(records)
    fast, plain = [], []  # type: ignore[var-annotated]
    for told, is_plain in ((fast, False), (plain, True)):
        engine = Engine(OF_LIBRARY, options={"LIB001": {"least": 2, "share": 50}}, plain=is_plain)
        engine.learn(census)
        told += [(f.rule, f.message, f.record and id(f.record), f.position) for r in records for f in engine.check(r)]
    assert fast == plain
    assert {rule for rule, *_ in fast} >= {"CRE012", "CTR006", "DUP001", "DUP002", "LIB001"}


@given(st.lists(st.integers(0, len(RECORDS)), max_size=5))
def test_counts_taken_of_parts_come_to_what_one_count_comes_to(cuts: list[int]):
    bounds = [0, *sorted(cuts), len(RECORDS)]
    with Survey(OF_LIBRARY) as survey:
        for begin, end in pairwise(bounds):
            count = Count(OF_LIBRARY)
            for record in RECORDS[begin:end]:
                count.add(record)
            survey.put(count.take())
        assert survey.census() == census_of(RECORDS) != {}


def test_what_does_not_fit_into_memory_is_counted_alike(monkeypatch: pytest.MonkeyPatch):
    in_memory = census_of(RECORDS)
    monkeypatch.setattr(surveys, "_ROOM", 50)
    monkeypatch.setattr(surveys, "_IN_MEMORY", 1)
    on_disk = census_of(RECORDS)
    assert on_disk == in_memory
    for rule, counted in on_disk.items():
        assert repr(counted.groups) == repr(in_memory[rule].groups)  # in the same order, too


@pytest.mark.parametrize("rule", OF_LIBRARY, ids=lambda rule: rule.id)
def test_what_shares_no_key_shares_no_group(rule: Rule):
    count = Count([rule])
    for record in RECORDS:
        count.add(record)
    (topic,) = count.topics
    keys_of: dict[str, set[str]] = {}
    for saying in topic.times:
        for key in topic.question.keys(saying):
            for _, entry in topic.entries(saying, key):
                keys_of.setdefault(entry.group, set()).add(key)
    assert [group for group, keys in keys_of.items() if len(keys) > 1] == []


def test_rules_that_ask_the_same_are_counted_once():
    asked = Count(rules("DUP002", "DUP004", "DUP005")).topics
    assert len(asked) == 1


@pytest.mark.parametrize(
    "lines",
    ["SN  - 0-306-40615-2 (pbk), 978-0-306-40615-7\n", "SN  - 0-306-40615-2\nSN  - 9780306406157\n"],
    ids=["in one field", "in two"],
)
def test_the_two_forms_of_one_isbn_are_one_book(lines: str):
    book = "TY  - BOOK\nTI  - Tides\n" + lines + "ER  - \n\n"
    assert findings(list(ris.read(book.encode())), "DUP003") == []
    assert len(findings(list(ris.read(book.encode() * 2)), "DUP003")) == 2


def test_text_that_is_no_utf8_is_counted():
    items = [{"type": "book", "title": "Silt", "DOI": "10.5555/\ud800"}] * 2
    found = findings(list(csl.read(json.dumps(items).encode())), "DUP001")
    assert len(found) == 2


def test_all_records_of_one_doi_are_told_of_another_title():
    text = "TY  - JOUR\nTI  - {}\nDO  - 10.5555/x.1\nER  - \n\n"
    found = findings(list(ris.read((text.format("Salt") + text.format("Silt")).encode())), "DUP001")
    assert ["also “Silt”" in f.message for f in found] == [True, False]
    assert {f.field for f in found} == {"DO"}


def test_options_say_how_many_must_have_a_field():
    items = [{"type": "book", "publisher": "Harbour Press"}] * 3 + [{"type": "book", "title": "Silt"}]
    records = list(csl.read(json.dumps(items).encode()))
    assert findings(records, "LIB001") == []
    engine = Engine(rules("LIB001"), options={"LIB001": {"least": 4, "share": 75}})
    engine.learn(census_of(records, engine.rules))
    assert ["publisher" in f.message for record in records for f in engine.check(record)] == [True]
