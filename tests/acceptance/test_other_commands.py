"""rules, explain, test, config show, --version and --help; and the settings that they and check read."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import jsonschema
import pytest

import reflint as package
from reflint.app.schemas import schemas
from tests.command import Shell
from tests.inputs import PURE, RULES

RULE = (RULES / "ris" / "RIS009-empty-tag.yaml").read_text("utf-8")


def test_version(reflint: Shell):
    for option in ("--version", "-V"):
        assert reflint(option).out == f"reflint {package.__version__}\n"


@pytest.mark.parametrize(
    "arguments", [["--help"], ["-h"], ["check", "--help"], ["fix", "-h"], ["rules", "-h"], ["config", "show", "-h"]]
)
def test_help(reflint: Shell, arguments: list[str]):
    ran = reflint(*arguments)
    assert (ran.status, ran.err) == (0, "")
    assert ran.out.startswith("Usage: reflint")


def test_every_option_of_check_has_help(reflint: Shell):
    text = reflint("check", "--help").out
    wanted = (
        "--fix --unsafe-fixes --diff --select --extend-select --ignore --profile --fail-on --exit-zero --statistics "
        "--output-format --output-file --color --no-progress --quiet --config --stdin-filename"
    )
    assert [option for option in wanted.split() if option not in text] == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "Usage: reflint"),
        (["chekc", "a.ris"], "did you mean 'check'?"),
        (["check"], "name at least one file or folder"),
        (["check", "--selekt", "X", "a.ris"], "--select"),
        (["check", "-f", "xml", "a.ris"], "full"),
        (["check", "--select", "ABS99", "pure.ris"], "unknown rule 'ABS99'"),
        (["check", "--select", "duplicate-abstracts", "pure.ris"], "did you mean 'duplicate-abstract'?"),
        (["check", "--ignore", "NONE9", "pure.ris"], "unknown rule 'NONE9'"),
        (["check", "--extend-select", "", "pure.ris"], ""),
        (["check", "--profile", "recomended", "pure.ris"], "minimal, recommended, strict"),
        (["check", "--fail-on", "fatal", "pure.ris"], "error, warning, info"),
        (["check", "zotero:users/1", "pure.ris"], "zotero:users/1: "),
        (["check", "--config", "nowhere.toml", "pure.ris"], "nowhere.toml: No such file or directory"),
        (["check", "--online-limit", "3s", "pure.ris"], "--online-limit goes with --online"),
        (["explain"], "RULE"),
        (["explain", "ABS99"], "unknown rule 'ABS99'"),
        (["explain", "duplicate-abstrac"], "did you mean 'duplicate-abstract'?"),
        (["test", "nowhere"], "nowhere: no such folder"),
        (["test", "."], ".: no rule files"),
        (["config"], "show"),
        (["config", "shwo"], "shwo"),
        (["config", "show", "--config", "nowhere.toml"], "nowhere.toml: No such file"),
    ],
    ids=lambda x: " ".join(x) if isinstance(x, list) else "",
)
def test_a_wrong_call_says_what_is_wrong_and_what_was_meant(reflint: Shell, arguments: list[str], said: str):
    reflint.write("pure.ris", PURE.read_bytes())
    ran = reflint(*arguments)
    if arguments == ["check", "--extend-select", "", "pure.ris"]:
        assert ran.status == 1
        return
    assert said in ran.err + ran.out
    assert ran.status == 2


def test_rules_are_listed_with_what_they_are(reflint: Shell):
    ran = reflint("rules")
    assert ran.status == 0
    ids = [line.split()[0] for line in ran.out.splitlines()]
    assert ids == sorted(ids)
    assert "RIS001" in ids
    listed = reflint("rules", "-f", "json").json
    jsonschema.validate(listed, schemas()["rules"])
    assert [rule["id"] for rule in listed["rules"]] == ids
    assert reflint("rules", "--format", "json").json == listed


def test_a_rule_is_explained_by_code_and_by_name(reflint: Shell):
    by_code = reflint("explain", "ABS001")
    assert by_code.status == 0
    assert by_code.out.startswith("ABS001 duplicate-abstract\n")
    for word in ("Why", "Not meant", "Wrong", "Repaired", "Right"):
        assert f"\n{word}\n" in by_code.out
    assert reflint("explain", "duplicate-abstract").out == reflint("explain", "abs001").out == by_code.out
    assert reflint("explain", "ABS001", "-f", "json").json["id"] == "ABS001"


def test_every_rule_can_be_explained():
    from reflint.app import rules
    from reflint.cli.rules import _page

    for rule in rules.catalogue():
        page = _page(rules.documentation(rule["id"]))
        assert page.startswith(f"{rule['id']} {rule['slug']}")


def test_a_prefix_of_several_rules_is_not_explained(reflint: Shell):
    ran = reflint("explain", "RIS")
    assert ran.status == 2
    assert "'RIS' names" in ran.err
    assert "RIS001" in ran.err


def test_a_pack_is_tested_by_its_own_examples(reflint: Shell):
    reflint.write("pack/ris/RIS009-empty-tag.yaml", RULE)
    ran = reflint("test", "pack")
    assert (ran.status, ran.err) == (0, "")
    assert ran.out.startswith("1 rules, ")
    assert ran.out.endswith(" 0 faults\n")


def test_a_pack_whose_examples_fail_is_told_which(reflint: Shell):
    path = "pack/ris/RIS009-empty-tag.yaml"
    reflint.write(path, RULE.replace("use: empty, except: [TY]", "use: required, any: [TI]"))
    ran = reflint("test", "pack")
    assert ran.status == 1
    assert f"{path}: bad 1: " in ran.out


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("id: [", "not readable as YAML"),
        ("- a list", "a rule file is a mapping with an id"),
        (RULE.replace("use: empty", "use: emptty"), "unknown check primitive 'emptty'"),
        (RULE.replace("severity:", "severty:"), "severty"),
    ],
    ids=["broken YAML", "a list", "an unknown primitive", "an unknown key"],
)
def test_a_pack_that_cannot_be_read_is_a_message(reflint: Shell, content: str, said: str):
    reflint.write("pack/ris/RIS009-empty-tag.yaml", content)
    ran = reflint("test", "pack")
    assert ran.status == 1
    assert said in ran.out + ran.err
    assert "RIS009-empty-tag.yaml" in ran.out + ran.err


def test_the_settings_are_shown_with_where_they_come_from(reflint: Shell):
    path = reflint.write("reflint.toml", 'profile = "strict"\nignore = ["RIS007"]\n')
    ran = reflint("config", "show")
    assert (ran.status, ran.err) == (0, "")
    assert f'profile = "strict"  # {path}' in ran.out.splitlines()
    assert 'fail-on = "warning"  # default' in ran.out.splitlines()
    found = reflint("config", "show", "-f", "json").json
    assert found["ignore"] == {"value": ["RIS007"], "origin": str(path)}


def test_settings_of_the_closest_file_hold(reflint: Shell, tmp_path: Path, cache: Path):
    reflint.write("pyproject.toml", '[tool.reflint]\nselect = ["ABS001"]\n')
    reflint.write("below/pyproject.toml", "[project]\nname = 'other'\n")
    reflint.write("below/deeper/reflint.toml", 'select = ["RIS014"]\n')
    for folder, rule in ((".", "ABS001"), ("below", "ABS001"), ("below/deeper", "RIS014")):
        shell = Shell(tmp_path / folder, cache)
        assert set(shell("check", str(PURE)).codes) == {rule}, folder


def test_the_command_line_is_above_the_settings_file(reflint: Shell):
    reflint.write("reflint.toml", 'select = ["ABS001"]\nfail-on = "error"\n')
    ran = reflint("check", str(PURE))
    assert (ran.status, set(ran.codes)) == (0, {"ABS001"})
    ran = reflint("check", "--select", "RIS014", "--fail-on", "info", str(PURE))
    assert (ran.status, set(ran.codes)) == (1, {"RIS014"})


def test_severities_and_options_are_settings(reflint: Shell):
    reflint.write("reflint.toml", '[severity]\nABS001 = "error"\nRIS = "off"\n')
    found = reflint("check", "-f", "json", str(PURE)).json["findings"]
    assert {one["severity"] for one in found if one["rule"] == "ABS001"} == {"error"}
    assert not [one for one in found if one["rule"].startswith("RIS")]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('profil = "strict"', "unknown setting 'profil'; did you mean 'profile'?"),
        ('zzzzz = "strict"', "unknown setting 'zzzzz'; there are profile"),
        ('profile = "loose"', "profile is one of minimal, recommended, strict, not 'loose'"),
        ("profile = 3", "profile takes a text, not 3"),
        ('select = "ABS001"', "select takes a list, not 'ABS001'"),
        ("select = [1]", "select takes a list of texts"),
        ("[zotero]\nmax-per-run = 0", "zotero.max-per-run takes a number above 0, not 0"),
        ("[zotero]\nmax-per-run = true", "zotero.max-per-run takes a number above 0, not True"),
        ("[zotero]\nprotected-tags = [1]", "zotero.protected-tags takes a list of texts, not [1]"),
        ('[severity]\nABS001 = "fatal"', "severity of ABS001 is one of error, warning, info, off"),
        ('[severity]\nABS999 = "info"', "unknown rule 'ABS999'"),
        ("[options]\nABS001 = 3", "options takes a table for each rule"),
        ("[options.ABS001]\nsince = 3", "rule ABS001 has no option 'since'"),
        ('[options.DOI001]\nsince = "2000"', "rule DOI001: since takes a whole number"),
        ("[options.DOI001]\nsince = true", "rule DOI001: since takes a whole number"),
        ('[options.MST001]\nauthors = "Okafor"', "rule MST001: authors takes a list"),
        ('[[ignore]]\nrules = ["XYZ1"]\nkey = "a"', "unknown rule 'XYZ1'"),
        ('[per-file."*.ris"]\nselect = ["XYZ1"]', "per-file *.ris: select: unknown rule 'XYZ1'"),
        ('ignore = ["XYZ1"]', "unknown rule 'XYZ1'"),
        ("profile =", "not readable as TOML"),
        ("\0", "not readable as TOML"),
    ],
)
def test_a_wrong_setting_is_named_with_its_file(reflint: Shell, content: str, said: str):
    path = reflint.write("reflint.toml", content)
    ran = reflint("check", str(PURE))
    assert ran.status == 2
    assert said in ran.err
    assert ran.out == ""
    assert str(path) in ran.err


def test_a_settings_file_can_be_named(reflint: Shell):
    reflint.write("reflint.toml", 'select = ["ABS001"]\n')
    reflint.write("other.toml", '[tool.reflint]\nselect = ["RIS014"]\n')
    assert set(reflint("check", "--config", "other.toml", str(PURE)).codes) == {"RIS014"}


def test_a_damaged_or_unwritable_cache_is_no_fault(reflint: Shell, tmp_path: Path):
    first = Shell(tmp_path, tmp_path / "cache")
    expected = first("rules").out
    (kept,) = (tmp_path / "cache").iterdir()
    for damage in (b"", b"{}", b'{"format": 1}', b"\xff\xfe", b"[]", b'{"format": 1, "rules": [{}], "tables": {}}'):
        kept.write_bytes(damage)
        assert first("rules").out == expected, damage
    blocked = Shell(tmp_path, tmp_path / "cache" / kept.name)
    assert blocked("rules").out == expected


def test_the_rules_are_found_when_the_working_folder_has_rules_of_its_own(reflint: Shell):
    shutil.copytree(RULES / "abs", reflint.folder / "rules" / "abs")
    listed = json.loads(reflint("rules", "-f", "json").out)["rules"]
    assert {"ABS", "RIS", "DOI"} <= {rule["group"] for rule in listed}
