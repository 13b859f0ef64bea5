"""Rules over a library: what records say together is counted first, and the odd ones are found then."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from reflint.engine.pack import load
from reflint.engine.run import Engine
from reflint.engine.survey import Survey, is_of_library
from reflint.formats import csl, ris
from reflint.model.finding import Finding
from reflint.model.record import Record
from tests.inputs import RIS_FIXTURES, RULES

OF_LIBRARY = [rule for rule in load(RULES).rules if is_of_library(rule)]


def rules(*ids: str):
    return [rule for rule in OF_LIBRARY if rule.id in ids]


def findings(records: list[Record], *ids: str) -> list[Finding]:
    engine = Engine(rules(*ids))
    survey = Survey(engine.rules)
    for record in records:
        survey.add(record)
    engine.learn(survey.census())
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
    survey = Survey(OF_LIBRARY)
    for record in records:
        survey.add(record)
    census = survey.census()
    fast, plain = [], []  # type: ignore[var-annotated]
    for told, is_plain in ((fast, False), (plain, True)):
        engine = Engine(OF_LIBRARY, options={"LIB001": {"least": 2, "share": 50}}, plain=is_plain)
        engine.learn(census)
        told += [(f.rule, f.message, f.record and id(f.record), f.position) for r in records for f in engine.check(r)]
    assert fast == plain
    assert {rule for rule, *_ in fast} >= {"CRE012", "CTR006", "DUP001", "DUP002", "LIB001"}


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
    survey = Survey(engine.rules)
    for record in records:
        survey.add(record)
    engine.learn(survey.census())
    assert ["publisher" in f.message for record in records for f in engine.check(record)] == [True]
