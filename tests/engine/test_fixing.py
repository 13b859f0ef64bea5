"""Repairs: the safer first, until nothing is left to repair, and never more than must be."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reflint.engine.files import check_library, repair_library
from reflint.engine.fixing import carry_out, settle
from reflint.engine.pack import Rule, load
from reflint.engine.run import Engine
from reflint.errors import SourceError
from reflint.formats import ris
from reflint.formats.ris import Place
from reflint.formats.ris.emit import apply
from reflint.formats.ris.lines import physical_lines
from reflint.model.edit import Edit, Fix, Safety
from reflint.model.finding import Finding
from reflint.model.record import Record
from tests.engine.test_engine import realistic
from tests.inputs import RIS_FIXTURES, RULES, canonical, malformed_files, name_of, ris_like

RULES_ALL = load(RULES).rules
ENGINE = Engine(RULES_ALL)
SAFE, BOTH = ("safe",), ("safe", "unsafe")
READABLE = [path for path in RIS_FIXTURES if not path.name.startswith(("not-", "binary"))]


def rule(id: str, match: str, replace: str, safety: str = "safe") -> Rule:
    check = {"use": "pattern", "match": match, "replace": replace}
    return Rule(
        id,
        id.lower(),
        "",
        "info",
        "high",
        "stable",
        (),
        {"ris": ["TI"]},
        {},
        check,
        {"use": "set", "safety": safety},
        "m",
    )


def deletion(id: str, match: str, safety: str = "safe") -> Rule:
    return rule(id, match, "", safety)._replace(fix={"use": "delete", "safety": safety})


def record_of(title: str) -> Record:
    (record,) = ris.read(canonical([[("TY", "JOUR"), ("TI", title), ("PY", "2019")]]))
    return record


def settled(title: str, rules: list[Rule], safeties: Collection[str] = BOTH) -> tuple[str, list[str], list[str]]:
    """The title after repair, the rules applied in order, the rules of what is left."""
    done = settle(record_of(title), Engine(rules), apply, safeties)
    return done.record.first("TI"), [f.rule for f in done.applied], [f.rule for f in done.left]


def test_a_repair_is_made_and_its_finding_goes():
    assert settled("salt", [rule("A", "salt", "mud")]) == ("mud", ["A"], [])


def test_only_repairs_of_the_wanted_safeties_are_made():
    assert settled("salt", [rule("A", "salt", "mud", "unsafe")], SAFE) == ("salt", [], ["A"])
    assert settled("salt", [rule("A", "salt", "mud", "lookup")], BOTH) == ("salt", [], ["A"])
    assert settled("salt", [rule("A", "salt", "mud")], ()) == ("salt", [], ["A"])


def test_of_two_repairs_of_one_field_the_safer_goes_first_and_the_other_waits():
    rules = [rule("A", "salt", "SALT", "unsafe"), rule("B", "marsh", "MARSH", "safe")]
    assert settled("salt marsh", rules) == ("SALT MARSH", ["B", "A"], [])


def test_a_repair_that_another_made_needless_is_not_made():
    rules = [deletion("A", "salt", "unsafe"), rule("B", "salt", "mud", "safe")]
    assert settled("salt", rules) == ("mud", ["B"], [])


def test_of_two_repairs_of_one_safety_the_first_by_code_goes_first():
    assert settled("salt", [rule("B", "salt", "b"), rule("A", "salt", "a")]) == ("a", ["A"], [])


def test_repairs_follow_one_another_until_nothing_is_left():
    chain = [rule(code, f"^{code}$", chr(ord(code) + 1)) for code in "ABCDEFGHIJ"]
    assert settled("A", chain) == ("K", list("ABCDEFGHIJ"), [])


def test_a_chain_of_more_repairs_than_passes_does_not_come_to_rest():
    chain = [rule(code, f"^{code}$", chr(ord(code) + 1)) for code in "ABCDEFGHIJK"]
    assert settled("A", chain) == ("A", [], ["A", "REF002"])


def test_repairs_at_odds_leave_the_record_as_it_was_and_say_so():
    at_odds = [rule("A", "salt", "mud"), rule("B", "mud", "salt")]
    title, applied, left = settled("salt", at_odds)
    assert (title, applied) == ("salt", [])
    assert left == ["A", "REF002"]
    done = settle(record_of("salt"), Engine(at_odds), apply, BOTH)
    told = done.left[-1]
    assert (told.slug, told.severity, told.record) == ("repair-unsettled", "warning", done.record)
    assert "the repairs of A, B do not come to rest" in told.message
    assert isinstance(done.record.place, Place)
    assert done.record.place.raw == record_of("salt").place.raw  # type: ignore[attr-defined]


def test_a_repair_that_grows_without_end_is_stopped():
    title, applied, left = settled("a", [rule("A", "^(a+)$", r"\1a")])
    assert (title, applied, left) == ("a", [], ["A", "REF002"])


def test_a_repair_that_cannot_be_written_keeps_nobody_else_back():
    breaking = rule("A", "salt", "x\nER  - \nTY  - JOUR")
    title, applied, left = settled("salt", [breaking, deletion("B", "nothing")])
    assert (title, applied, left) == ("salt", [], ["A"])
    other = rule("B", "2019", "2020")._replace(applies={"ris": ["PY"]})
    done = settle(record_of("salt"), Engine([breaking, other]), apply, BOTH)
    assert [f.rule for f in done.applied] == ["B"]
    assert [f.rule for f in done.left] == ["A"]
    assert done.record.first("PY") == "2020"


def accepted(rule: str, *edits: Edit, safety: Safety = "safe") -> Finding:
    return Finding(rule, rule.lower(), "info", rule, TWO_AUTHORS, fix=Fix("mend", safety, edits))


(TWO_AUTHORS,) = ris.read(canonical([[("TY", "JOUR"), ("AU", "Okafor, N."), ("AU", "Osei, K."), ("PY", "2019")]]))


def test_what_cannot_be_written_is_left_and_all_else_that_was_accepted_is_carried_out():
    breaking = accepted("A", Edit("set", "AU", 1, None, "x\nER  - \nTY  - JOUR"))
    first = accepted("B", Edit("set", "AU", 2, None, "Osei, Kofi"))
    second = accepted("C", Edit("set", "PY", 3, None, "2020"))
    done = carry_out(TWO_AUTHORS, [breaking, first, second], apply)
    assert done.record.values == ("JOUR", "Okafor, N.", "Osei, Kofi", "2020")
    assert (done.applied, done.left) == ((first, second), (breaking,))


def test_when_nothing_that_was_accepted_can_be_written_the_record_stays():
    breaking = accepted("A", Edit("set", "AU", 1, None, "x\nER  - \nTY  - JOUR"))
    assert carry_out(TWO_AUTHORS, [breaking], apply) == (TWO_AUTHORS, (), (breaking,))


def test_a_field_that_two_findings_ask_for_is_inserted_once():
    one, other = (accepted(code, Edit("insert", "SP", place, None, "7")) for code, place in (("B", 1), ("A", 3)))
    done = carry_out(TWO_AUTHORS, [one, other], apply)
    assert done.record.names == ("TY", "AU", "AU", "PY", "SP")
    assert (done.applied, done.left) == ((other,), (one,))


def test_a_field_may_be_inserted_beside_each_of_its_like():
    one, other = (accepted("A", Edit("insert", "AU", place, None, f"New, {place}.")) for place in (1, 2))
    done = carry_out(TWO_AUTHORS, [one, other], apply)
    assert done.record.all("AU") == ["Okafor, N.", "New, 1.", "Osei, K.", "New, 2."]


def test_a_fix_without_edits_is_not_carried_out():
    bare = accepted("A")
    assert carry_out(TWO_AUTHORS, [bare], apply) == (TWO_AUTHORS, (), (bare,))


def test_of_two_accepted_fixes_of_one_field_the_safer_wins():
    one = accepted("A", Edit("set", "PY", 3, None, "2020"), safety="unsafe")
    other = accepted("B", Edit("set", "PY", 3, None, "2021"))
    done = carry_out(TWO_AUTHORS, [one, other], apply)
    assert (done.record.first("PY"), done.left) == ("2021", (one,))


def test_what_a_look_up_found_goes_last():
    one = accepted("A", Edit("set", "PY", 3, None, "2020"), safety="lookup")
    other = accepted("B", Edit("set", "PY", 3, None, "2021"), safety="unsafe")
    assert carry_out(TWO_AUTHORS, [one, other], apply).left == (one,)
    assert carry_out(TWO_AUTHORS, [one], apply).record.first("PY") == "2020"


def test_a_field_is_repaired_once_however_many_were_repaired_between():
    first, between, again = (
        accepted(code, Edit("set", "AU", place, None, code)) for code, place in (("A", 1), ("B", 2), ("C", 1))
    )
    done = carry_out(TWO_AUTHORS, [first, between, again], apply)
    assert (done.record.all("AU"), done.left) == (["A", "B"], (again,))


def test_a_repair_that_cannot_be_written_keeps_nobody_back_however_many_there_are():
    breaking = rule("A", "salt", "x\nER  - \nTY  - JOUR")
    others = [rule(code, f"^{code}$", code.lower())._replace(applies={"ris": ["KW"]}) for code in "BCDEFGHIJ"]
    (record,) = ris.read(canonical([[("TY", "JOUR"), ("TI", "salt"), *(("KW", code) for code in "BCDEFGHIJ")]]))
    done = settle(record, Engine([breaking, *others]), apply, BOTH)
    assert done.record.all("KW") == list("bcdefghij")
    assert [f.rule for f in done.left] == ["A"]


def test_where_a_repair_cannot_be_written_the_next_of_the_same_field_has_its_turn():
    breaking = rule("A", "salt", "x\nER  - \nTY  - JOUR")
    assert settled("salt marsh", [breaking, rule("B", "marsh", "mud")]) == ("salt mud", ["B"], ["A"])


def test_a_pass_in_which_nothing_can_be_written_does_not_count():
    breaking = rule("A", "salt", "x\nER  - \nTY  - JOUR")
    chain = [rule(code, f"^{code} salt$", f"{chr(ord(code) + 1)} salt") for code in "BCDEFGHIJK"]
    assert settled("B salt", [breaking, *chain]) == ("L salt", list("BCDEFGHIJK"), ["A"])


def test_what_is_refused_beside_others_keeps_the_next_of_its_field_from_waiting():
    breaking = rule("A", "salt", "x\nER  - \nTY  - JOUR")
    chain = [rule(code, f"^{code} salt$", f"{chr(ord(code) + 1)} salt") for code in "BCDEFGHIJ"]
    others = [
        rule(code, f"^{code}$", chr(ord(code) + 1))._replace(applies={"ris": ["KW"]}, id=f"K{code}") for code in "PQ"
    ]
    (record,) = ris.read(canonical([[("TY", "JOUR"), ("TI", "B salt"), ("KW", "P")]]))
    done = settle(record, Engine([breaking, *chain, *others]), apply, BOTH)
    assert (done.record.first("TI"), done.record.first("KW")) == ("K salt", "R")
    assert [f.rule for f in done.left] == ["A"]


def test_what_was_refused_beside_others_is_tried_once_more_when_they_are_through():
    def particular(record: Record, edits: tuple[Edit, ...]) -> Record:
        if any(edit.after == "mud" for edit in edits) and record.first("KW") != "R":
            raise SourceError("not yet")
        return apply(record, edits)

    later = rule("A", "salt", "mud")
    chain = [
        rule(code, f"^{code}$", chr(ord(code) + 1))._replace(applies={"ris": ["KW"]}, id=f"K{code}") for code in "PQ"
    ]
    (record,) = ris.read(canonical([[("TY", "JOUR"), ("TI", "salt"), ("KW", "P")]]))
    done = settle(record, Engine([later, *chain]), particular, BOTH)
    assert ([f.rule for f in done.applied], done.left) == (["KP", "KQ", "A"], ())
    assert done.record.values == ("JOUR", "mud", "R")


def test_a_record_without_faults_stays_the_same_object():
    record = record_of("mud")
    assert settle(record, Engine([rule("A", "salt", "mud")]), apply, BOTH).record is record


def fixed(data: bytes, engine: Engine, safeties: Collection[str]) -> bytes:
    return repair_library(ris.Library(data), engine, safeties)


def safe_left(data: bytes, engine: Engine, safeties: Collection[str]) -> list[str]:
    return [
        f"{f.rule} {f.message}"
        for f in check_library(ris.Library(data), engine)
        if f.fix is not None and f.fix.edits and f.fix.safety in safeties
    ]


@pytest.mark.parametrize("safeties", [SAFE, BOTH], ids=["safe", "unsafe too"])
@pytest.mark.parametrize("path", READABLE, ids=name_of)
def test_after_a_repair_of_a_fixture_nothing_is_left_to_repair(path: Path, safeties: tuple[str, ...]):
    once = fixed(path.read_bytes(), ENGINE, safeties)
    assert safe_left(once, ENGINE, safeties) == []
    assert fixed(once, ENGINE, safeties) == once


@pytest.mark.parametrize("path", READABLE, ids=name_of)
def test_no_record_is_lost_by_a_repair(path: Path):
    library = ris.read(path.read_bytes())
    assert len(ris.read(fixed(path.read_bytes(), ENGINE, BOTH))) == len(library)


@pytest.mark.parametrize("path", READABLE, ids=name_of)
def test_no_repair_of_a_fixture_is_at_odds_with_another(path: Path):
    for record in ris.read(path.read_bytes()):
        assert [f.message for f in settle(record, ENGINE, apply, BOTH).left if f.rule.startswith("REF")] == []


def untouched(record: Record, edited: set[int]) -> list[str]:
    """The lines of a record that no edit may change."""
    place = record.place
    assert isinstance(place, Place)
    lines = [content + end for content, end in physical_lines(place.raw.decode(place.codec), place.cr_only)]
    touched = {n for position in edited for n in range(*place.ranges[position])}
    return [line for n, line in enumerate(lines) if n not in touched]


def is_part(lines: list[str], whole: list[str]) -> bool:
    """Whether all lines occur, in order, among the others."""
    rest = iter(whole)
    return all(line in rest for line in lines)


def only_named_lines_change(record: Record, engine: Engine) -> None:
    """Each fix by itself changes the lines of the fields that its edits name, and no other."""
    for finding in engine.check(record):
        if finding.fix is None or any(edit.part != "value" for edit in finding.fix.edits):
            continue
        new = apply(record, finding.fix.edits)
        named = {edit.position for edit in finding.fix.edits if edit.op != "insert"}
        assert isinstance(new.place, Place)
        after = [
            content + end for content, end in physical_lines(new.place.raw.decode(new.place.codec), new.place.cr_only)
        ]
        assert is_part(untouched(record, named), after), finding


@pytest.mark.parametrize("path", READABLE, ids=name_of)
def test_each_fix_of_a_fixture_changes_only_the_lines_it_names(path: Path):
    for record in ris.read(path.read_bytes()):
        only_named_lines_change(record, ENGINE)


@given(realistic, st.sampled_from(["\n", "\r\n"]))
def test_each_fix_of_a_realistic_record_changes_only_the_lines_it_names(fields: list[tuple[str, str]], end: str):
    for record in ris.read(canonical([fields], end)):
        only_named_lines_change(record, ENGINE)


@pytest.mark.parametrize("safeties", [SAFE, BOTH], ids=["safe", "unsafe too"])
@given(records=st.lists(realistic, min_size=1, max_size=2))
@settings(max_examples=200)
def test_repairing_is_idempotent_and_settles(safeties: tuple[str, ...], records: list[list[tuple[str, str]]]):
    data = canonical(records)
    once = fixed(data, ENGINE, safeties)
    assert safe_left(once, ENGINE, safeties) == []
    assert fixed(once, ENGINE, safeties) == once
    for record in ris.read(data):
        assert [f.message for f in settle(record, ENGINE, apply, safeties).left if f.rule == "REF002"] == []


@pytest.mark.parametrize("safeties", [SAFE, BOTH], ids=["safe", "unsafe too"])
@given(data=malformed_files())
@settings(max_examples=200)
def test_repairing_a_malformed_file_loses_no_record_and_settles(safeties: tuple[str, ...], data: bytes):
    once = fixed(data, ENGINE, safeties)
    assert len(ris.read(once)) == len(ris.read(data))
    assert safe_left(once, ENGINE, safeties) == []
    assert fixed(once, ENGINE, safeties) == once


@pytest.mark.parametrize(
    "data",
    [
        b"TY  - JOUR\r\nTI  - Salt\r \r\nER  - \r\n",
        b"TY  - JOUR\nTI  - Salt\r \nER  - \n",
        b"TY  - JOUR\r\nTI  - Salt\r.\r\nER  - \r\n",
        b"TY  - JOUR\r\nAB  - Salt\r \r\nER  - \r\n",
    ],
)
def test_no_repair_of_a_value_makes_another_line_end(data: bytes):
    for safeties in (SAFE, BOTH):
        once = fixed(data, ENGINE, safeties)
        assert [f.message for f in check_library(ris.Library(once), ENGINE) if f.rule == "RIS010"] == []
        assert fixed(once, ENGINE, safeties) == once


@pytest.mark.parametrize("record", [b"TI  - \n", b"TI  - \nAU  - \n", b"TI  - ", b"TI  - \n\nER  - \n"])
def test_a_record_of_nothing_but_empty_fields_stays_one(record: bytes):
    data = b"TY  - JOUR\nTI  - Salt\nPY  - 2019\nER  - \n\n" + record
    for safeties in (SAFE, BOTH):
        once = fixed(data, ENGINE, safeties)
        assert len(ris.read(once)) == 2
        assert safe_left(once, ENGINE, safeties) == []
        assert fixed(once, ENGINE, safeties) == once


@given(ris_like)
def test_repairing_anything_like_ris_ends(data: bytes):
    for safeties in (SAFE, BOTH):
        fixed(data, ENGINE, safeties)
