"""The core rules: each is whole, each proves itself by its own examples, on the fast and on the plain engine."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from reflint.engine.examples import findings_of, run_examples, source_of
from reflint.engine.fixing import settle
from reflint.engine.pack import load, rule_files
from reflint.engine.run import Engine
from reflint.engine.schema import validate
from reflint.formats import ris, zotero
from reflint.lookup.told import adviser_of
from tests.inputs import RULES

FILES = rule_files(RULES)
PACK = load(RULES)
OUTCOMES = list(run_examples(RULES, adviser_of))


def test_there_are_sixty_rules_at_least():
    assert len(FILES) >= 60


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_rule_file_is_valid_and_called_what_it_is(path: Path):
    rule = validate(path)
    assert path.stem == f"{rule.id}-{rule.slug}"
    assert path.parent.name == rule.id[:3].lower()


def test_no_two_rules_share_an_id_or_a_name():
    assert [id for id, n in Counter(rule.id for rule in PACK.rules).items() if n > 1] == []
    assert [slug for slug, n in Counter(rule.slug for rule in PACK.rules).items() if n > 1] == []


def test_no_name_reads_like_a_code():
    for rule in PACK.rules:
        assert not any(other.id.startswith(rule.slug.upper()) for other in PACK.rules)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_examples_of_a_rule_hold_on_both_engines(path: Path):
    mine = [one for one in OUTCOMES if one.path == path]
    assert len(mine) >= 4 or validate(path).applies.manuscript
    assert [f"{one.example}: {one.fault}" for one in mine if one.fault] == []


@pytest.mark.parametrize("rule", PACK.rules, ids=lambda rule: rule.id)
def test_profiles_are_nested(rule):
    if "minimal" in rule.profiles:
        assert "recommended" in rule.profiles
    if "recommended" in rule.profiles:
        assert "strict" in rule.profiles


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_message_of_an_example_is_filled_in(path: Path):
    rule = next(one for one in PACK.rules if path.name.startswith(one.id))
    for bad in validate(path).examples.bad:
        for finding in findings_of(source_of(bad.input, bad.encoding), rule):
            assert finding.message.strip()
            assert "{" not in rule.message or finding.message != rule.message
            assert finding.span is not None
            assert finding.fix is None or finding.fix.title


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_fix_starts_from_what_stands_there(path: Path):
    rule = next(one for one in PACK.rules if path.name.startswith(one.id))
    for bad in validate(path).examples.bad:
        for finding in findings_of(source_of(bad.input, bad.encoding), rule):
            if finding.record is None or finding.fix is None:
                continue
            for edit in finding.fix.edits:
                if edit.part == "value" and edit.op != "insert":
                    assert finding.record.names[edit.position] == edit.field
                    assert finding.record.values[edit.position] == edit.before
                    assert edit.op == "delete" or (edit.after, edit.to) != (edit.before, None)


def test_every_example_is_a_source_with_a_record():
    for path in FILES:
        examples = validate(path).examples
        for example in [*examples.good, *(bad.input for bad in examples.bad)]:
            if isinstance(example, str):
                assert len(ris.read(example.encode())) >= 1, path.name


def test_rules_about_zotero_show_it_by_zotero_items():
    for path in FILES:
        rule = validate(path)
        if rule.applies.zotero is not None and rule.applies.ris is None:
            assert not any(isinstance(example, str) for example in rule.examples.good), path.name


def test_an_item_that_no_rule_may_touch_is_no_record():
    for kind in ("note", "attachment", "annotation"):
        item = {
            "itemType": kind,
            "title": "  A  title.pdf",
            "url": "http//x",
            "note": "&amp;",
            "tags": [{"tag": "a; b"}],
        }
        found = Engine(PACK.rules).check(zotero.record(item))
        assert [f.rule for f in found] == []


@pytest.mark.parametrize("item_type", zotero.schema().item_types)
def test_no_repair_gives_an_item_a_field_that_its_type_has_not(item_type: str):
    engine, extra = Engine(PACK.rules), "PMID: 31234567\nDOI: 10.1234/x\nISSN: 0317-8471\nISBN: 978-3-16-148410-0"
    values = {"volume": "12(3)", "issue": "in press", "pages": "345 p.", "url": "https://doi.org/10.1234/x"}
    fields = zotero.schema().fields_of(item_type)
    item = {
        "key": "ABCD2345",
        "version": 3,
        "itemType": item_type,
        **{name: values.get(name, f"  {name}  in press ") for name in fields},
        "extra": extra,
        "DOI": "",
        "creators": [{"creatorType": role, "name": "Okafor Ngozi"} for role in zotero.schema().creators_of(item_type)],
        "tags": [{"tag": "salt; sand"}],
    }
    before = zotero.record(item)
    after = settle(before, engine, zotero.apply_to_item, ("safe", "unsafe", "lookup"))
    assert [f.message for f in after.left if f.rule.startswith("REF")] == []
    changed = zotero.patch(before, after.record)
    assert zotero.fault(item_type, changed) == "" or item_type in ("note", "attachment", "annotation")
