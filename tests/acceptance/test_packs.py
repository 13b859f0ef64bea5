"""Rules of one's own, and other rules for some files and collections."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.command import Shell

RULE = """
id: LAB001
slug: house-notes
since: "1"
summary: The note is one of the house's own.
rationale: Notes to ourselves do not belong into what we publish.
severity: warning
profiles: [recommended, strict]
applies: {ris: [N1], zotero: [extra]}
check: CHECK
fix: {use: delete, safety: safe, title: "Delete {field}"}
message: "{field} is a note of the house"
traps: ["A note about the text is none of the house."]
examples:
  good:
    - "TY  - JOUR\\nN1  - Reprinted in 2020\\nER  - \\n"
    - "TY  - JOUR\\nTI  - HOUSE of cards\\nER  - \\n"
  bad:
    - {in: "TY  - JOUR\\nN1  - HOUSE: ask Ngozi\\nER  - \\n", out: "TY  - JOUR\\nER  - \\n"}
    - {in: "TY  - JOUR\\nN1  - HOUSE: shelf 3\\nER  - \\n", out: "TY  - JOUR\\nER  - \\n"}
"""
PATTERN = RULE.replace("CHECK", "{use: pattern, match: '^HOUSE:'}")
BY_PACKAGE = RULE.replace("CHECK", "{use: house_note}")
PACKAGE = """
from reflint.engine.checks.base import Hit, ValueTest

def house_note(params, scope):
    return ValueTest(frozenset(scope.names), lambda value: Hit() if value.startswith("HOUSE:") else None)
"""
RECORD = "TY  - JOUR\nTI  - Salt marshes\nN1  - HOUSE: ask Ngozi\nUR  - https://doi.org/10.5555/x.1\nER  - \n"


def pack(reflint: Shell, text: str = PATTERN, folder: str = "rules-of-the-house") -> str:
    """A pack of one rule."""
    reflint.write(f"{folder}/lab/LAB001-house-notes.yaml", text.encode())
    return folder


@pytest.mark.parametrize(
    ("check", "said"),
    [
        ("{use: pattern, mach: '^HOUSE:'}", "LAB001: there is no parameter 'mach'"),
        ("{use: equals_field, a: [N1]}", "LAB001: the parameter 'b' is missing"),
        ("{not: [a]}", "a check has `use`, or it combines some"),
    ],
)
def test_a_rule_that_cannot_be_built_is_told_in_one_line(reflint: Shell, check: str, said: str) -> None:
    reflint.write("a.ris", RECORD.encode())
    name = pack(reflint, RULE.replace("CHECK", check))
    done = reflint("check", "--pack", name, "a.ris")
    assert (done.status, done.out, done.err.count("\n")) == (2, "", 1)
    assert said in done.err
    assert reflint("test", name).status == 1


def package(reflint: Shell, entry_points: str, **files: str) -> str:
    """What pip leaves behind of an installed package: the value for PYTHONPATH."""
    for name, text in files.items():
        reflint.write(f"site/{name.replace('__', '/')}.py", text.encode())
    reflint.write(
        "site/house_checks-1.0.dist-info/METADATA", b"Metadata-Version: 2.1\nName: house-checks\nVersion: 1.0\n"
    )
    reflint.write("site/house_checks-1.0.dist-info/entry_points.txt", entry_points.encode())
    return str(reflint.folder / "site")


def test_a_pack_is_named_on_the_command_line(reflint: Shell):
    reflint.write("a.ris", RECORD.encode())
    folder = pack(reflint)
    assert reflint("test", folder).out == "1 rules, 4 examples, 0 faults\n"
    ran = reflint("check", "--pack", folder, "--select", "LAB", "a.ris")
    assert ran.codes == ["LAB001"]
    assert "LAB001" in reflint("check", "--pack", folder, "a.ris").codes
    assert "LAB001" not in reflint("check", "a.ris").codes


def test_a_pack_is_named_in_the_settings_from_whose_file_its_path_starts(reflint: Shell):
    pack(reflint)
    reflint.write("reflint.toml", b'packs = ["rules-of-the-house"]\nselect = ["house-notes"]\n')
    path = reflint.write("papers/a.ris", RECORD.encode())
    ran = reflint("fix", "papers")
    assert (ran.status, ran.err) == (0, "")
    assert b"HOUSE" not in path.read_bytes()
    rules = reflint("rules", "-f", "json").json["rules"]
    assert rules[-1]["id"] == "LAB001"
    assert "Notes to ourselves" in reflint("explain", "LAB001").out


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_rule_may_name_a_check_that_a_package_offers(reflint: Shell, jobs: str):
    site = package(reflint, "[reflint.checks]\nhouse_note = house_checks:house_note\n", house_checks=PACKAGE)
    folder = pack(reflint, BY_PACKAGE)
    reflint.write("a.ris", RECORD.encode())
    assert reflint("test", folder, PYTHONPATH=site).out == "1 rules, 4 examples, 0 faults\n"
    ran = reflint("check", "--jobs", jobs, "--pack", folder, "--select", "LAB001", "a.ris", PYTHONPATH=site)
    assert ran.codes == ["LAB001"]
    without = reflint("check", "--pack", folder, "--select", "LAB001", "a.ris")
    assert without.status == 2
    assert "unknown check primitive 'house_note'" in without.err


def test_a_package_whose_check_fails_to_load_is_named(reflint: Shell):
    site = package(reflint, "[reflint.checks]\nhouse_note = house_checks:nothing\n", house_checks=PACKAGE)
    reflint.write("a.ris", RECORD.encode())
    ran = reflint("check", "--pack", pack(reflint, BY_PACKAGE), "a.ris", PYTHONPATH=site)
    assert ran.status == 2
    assert "house_checks:nothing cannot be loaded" in ran.err


def test_a_package_may_offer_a_pack_and_none_of_its_code_is_run(reflint: Shell):
    pack(reflint, folder="site/house_rules")
    site = package(reflint, "[reflint.packs]\nhouse = house_rules\n", house_rules____init__="raise SystemExit(7)\n")
    reflint.write("a.ris", RECORD.encode())
    ran = reflint("check", "--pack", "house", "--select", "LAB001", "a.ris", PYTHONPATH=site)
    assert ran.codes == ["LAB001"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (PATTERN.replace("LAB001", "ABS001"), "ABS001 is the name of a rule in"),
        (PATTERN.replace("severity: warning", "severity: grave"), "severity"),
        (PATTERN.replace("'^HOUSE:'", "'(a+)+$'"), "exponential"),
        ("id: [", "YAML"),
    ],
    ids=["a code that is taken", "no severity", "a slow pattern", "no YAML"],
)
def test_a_pack_with_a_fault_is_refused_with_its_file_and_fault(reflint: Shell, text: str, said: str):
    name = "ABS001-house-notes" if "ABS001" in text else "LAB001-house-notes"
    reflint.write(f"house/lab/{name}.yaml", text.encode())
    reflint.write("a.ris", RECORD.encode())
    ran = reflint("check", "--pack", "house", "a.ris")
    assert (ran.status, ran.out) == (2, "")
    assert said in ran.err
    assert "house" in ran.err


def test_a_pack_that_is_not_there_is_an_error(reflint: Shell):
    reflint.write("a.ris", RECORD.encode())
    reflint.write("empty/readme.txt", b"")
    assert "no installed pack of that name" in reflint("check", "--pack", "nowhere", "a.ris").err
    assert "no pack of rules" in reflint("check", "--pack", "empty", "a.ris").err


def test_some_files_have_other_rules(reflint: Shell):
    reflint.write("drafts/new/a.ris", RECORD.encode())
    reflint.write("final/b.ris", RECORD.encode())
    reflint.write(
        "reflint.toml",
        b'select = ["DAT001", "CRE001"]\n[per-file."drafts/**"]\nselect = ["CRE001"]\nseverity = {CRE001 = "info"}\n',
    )
    ran = reflint("check", "-f", "json", ".")
    found = [(one["source"], one["rule"], one["severity"]) for one in ran.json["findings"]]
    assert [one for one in found if one[0].startswith("drafts")] == [("drafts/new/a.ris", "CRE001", "info")]
    assert [one[1:] for one in found if one[0].startswith("final")] == [("CRE001", "warning"), ("DAT001", "warning")]
    assert reflint("check", "--jobs", "2", "-f", "json", ".").json["findings"] == ran.json["findings"]
    inside = reflint("check", "-f", "json", str(Path("drafts") / "new" / "a.ris")).json["findings"]
    assert [one["rule"] for one in inside] == ["CRE001"]


def test_a_repair_keeps_to_the_rules_of_the_file(reflint: Shell):
    pack(reflint)
    kept = reflint.write("drafts/a.ris", RECORD.encode())
    cleaned = reflint.write("b.ris", RECORD.encode())
    reflint.write(
        "reflint.toml", b'packs = ["rules-of-the-house"]\nselect = ["LAB"]\n[per-file."drafts/"]\nignore = ["LAB001"]\n'
    )
    reflint("fix", ".")
    assert b"HOUSE" in kept.read_bytes()
    assert b"HOUSE" not in cleaned.read_bytes()


def test_some_collections_have_other_rules(reflint: Shell):
    items = [
        {"key": key, "version": 3, "itemType": "book", "title": "Salt", "ISBN": "9780306406158", "collections": keys}
        for key, keys in (("AAAA2222", []), ("BBBB2222", ["KKKK2222"]), ("CCCC2222", ["LLLL2222", "KKKK2222"]))
    ]
    reflint.write("items.zotero.json", json.dumps(items).encode())
    reflint.write("reflint.toml", b'select = ["ISB", "CRE001"]\n[per-collection.KKKK2222]\nignore = ["ISB"]\n')
    found = reflint("check", "-f", "json", "items.zotero.json").json["findings"]
    rules = {key: {one["rule"] for one in found if one["record"]["key"] == key} for key in ("AAAA2222", "BBBB2222")}
    assert rules["AAAA2222"] > rules["BBBB2222"]
    assert not any(one["rule"].startswith("ISB") for one in found if one["record"]["key"] != "AAAA2222")


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ('[per-file]\n"a.ris" = 3\n', "per-file takes a table for each"),
        ('[per-file."a.ris"]\nbaseline = "x"\n', "cannot set 'baseline'"),
        ('[per-collection.KKKK2222]\nprofile = "loose"\n', "profile is one of minimal, recommended, strict"),
        ('[per-file."a.ris"]\nignore = ["XYZ999"]\n', "unknown rule 'XYZ999'"),
    ],
)
def test_what_settings_for_a_part_cannot_be_is_said(reflint: Shell, settings: str, said: str):
    reflint.write("a.ris", RECORD.encode())
    reflint.write("reflint.toml", settings.encode())
    ran = reflint("check", "a.ris")
    assert ran.status == 2
    assert said in ran.err


def test_config_show_says_where_packs_and_parts_come_from(reflint: Shell):
    pack(reflint)
    reflint.write("reflint.toml", b'packs = ["rules-of-the-house"]\n[per-file."x/**"]\nprofile = "minimal"\n')
    shown = reflint("config", "show", "-f", "json").json
    assert shown["packs"]["value"][0].endswith("rules-of-the-house")
    assert shown["per-file"]["origin"].endswith("reflint.toml")
