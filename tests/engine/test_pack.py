"""Rule packs: found, compiled once, cached by content, chosen by code, and refused with a reason."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

import reflint
from reflint.engine import pack
from reflint.engine.pack import Rule, core_folder, load, matching, select
from reflint.engine.schema import unsafe_pattern, validate
from reflint.errors import ConfigError, PackError
from tests.inputs import RULES

RULE = """\
id: XYZ001
slug: no-salt
since: "0.1"
summary: The title holds no salt.
rationale: It should.
severity: info
profiles: [strict]
applies: {ris: [TI]}
check: {use: pattern, match: "pepper"}
message: "{field} holds {note}"
traps: [None is known.]
examples:
  good: ["TY  - JOUR\\nTI  - Salt\\nER  - \\n", "TY  - JOUR\\nER  - \\n"]
  bad:
    - in: "TY  - JOUR\\nTI  - Red pepper\\nER  - \\n"
    - in: "TY  - JOUR\\nTI  - pepper\\nER  - \\n"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path / "pack", RULE)
    return tmp_path / "pack"


def write(folder: Path, text: str, name: str = "XYZ001-no-salt.yaml") -> Path:
    path = folder / "xyz" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def test_a_pack_is_a_folder_of_groups_of_rule_files(folder: Path):
    write(folder, RULE.replace("XYZ001", "XYZ000").replace("no-salt", "a-rule"), "XYZ000-a-rule.yaml")
    (folder / "readme.txt").write_text("no rule")
    (folder / "data").mkdir()
    (folder / "data" / "words.yaml").write_text("[salt]")
    loaded = load(folder)
    assert [rule.id for rule in loaded.rules] == ["XYZ000", "XYZ001"]
    assert loaded.tables == {"words": ["salt"]}
    rule = loaded.rules[1]
    assert (rule.slug, rule.group, rule.fix_class, rule.confidence, rule.status) == (
        "no-salt",
        "XYZ",
        "none",
        "high",
        "stable",
    )


def test_a_table_that_a_check_names_is_put_into_it_at_any_depth(folder: Path):
    table = "{use: enum, table: words}"
    nested = f"check: {{all: [{{use: pattern, match: pepper}}, {{any: [{table}]}}, {{not: {table}}}]}}"
    write(folder, RULE.replace('check: {use: pattern, match: "pepper"}', nested))
    (folder / "data").mkdir()
    (folder / "data" / "words.yaml").write_text("salt: []")
    check = load(folder).rules[0].check
    assert check["all"][1]["any"][0]["table"] == {"salt": []}
    assert check["all"][2]["not"]["table"] == {"salt": []}


def test_a_table_that_is_missing_is_named(folder: Path):
    write(folder, RULE.replace('use: pattern, match: "pepper"', "use: enum, table: words"))
    with pytest.raises(PackError, match=r"XYZ001: the pack has no table data/words\.yaml"):
        load(folder)


def cached(folder: Path, cache: Path) -> pack.Pack:
    return load(folder, lambda: cache)


def test_a_compiled_pack_is_kept_by_its_content(folder: Path, tmp_path: Path):
    cache = tmp_path / "cache"
    first = cached(folder, cache)
    (kept,) = cache.iterdir()
    kept.write_bytes(kept.read_bytes().replace(b"pepper", b"ginger"))
    assert cached(folder, cache) != first  # so it was the cache that was read
    write(folder, RULE.replace("severity: info", "severity: error"))
    assert cached(folder, cache).rules[0].severity == "error"
    assert len(list(cache.iterdir())) == 2
    assert kept.exists()


def test_a_pack_is_proved_once_by_its_content_and_kept_only_then(folder: Path, tmp_path: Path):
    proved: list[pack.Pack] = []

    def refuse(found: pack.Pack) -> None:
        raise PackError(f"not {found.rules[0].id}")

    for _ in range(2):
        with pytest.raises(PackError, match="not XYZ001"):
            load(folder, lambda: tmp_path / "cache", prove=refuse)
    for _ in range(2):
        found = load(folder, lambda: tmp_path / "cache", prove=proved.append)
    assert proved == [found]


def test_another_version_of_reflint_compiles_anew(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    cached(folder, tmp_path / "cache")
    monkeypatch.setattr(reflint, "__version__", "0.0.0")
    cached(folder, tmp_path / "cache")
    assert len(list((tmp_path / "cache").iterdir())) == 2


def test_touching_a_file_compiles_nothing(folder: Path, tmp_path: Path):
    cached(folder, tmp_path / "cache")
    os.utime(next(folder.glob("*/*.yaml")))
    cached(folder, tmp_path / "cache")
    assert len(list((tmp_path / "cache").iterdir())) == 1


@pytest.mark.parametrize(
    "damage",
    [
        b"",
        b"{",
        b"[]",
        b"{}",
        b"null",
        b"\xff\xfe\x00",
        b'{"format": 0, "rules": [], "tables": {}}',
        b'{"format": 2}',
        b'{"format": 2, "rules": [{"id": "XYZ001"}], "tables": {}}',
        b'{"format": 2, "rules": [3], "tables": {}}',
    ],
)
def test_a_damaged_cache_is_made_anew(folder: Path, tmp_path: Path, damage: bytes):
    cache = tmp_path / "cache"
    first = cached(folder, cache)
    (kept,) = cache.iterdir()
    whole = kept.read_bytes()
    kept.write_bytes(damage)
    assert cached(folder, cache) == first
    assert kept.read_bytes() == whole


def test_a_cache_that_cannot_be_written_is_no_error(folder: Path, tmp_path: Path):
    (tmp_path / "cache").write_text("a file, no folder")
    assert cached(folder, tmp_path / "cache").rules


def test_a_pack_that_was_compiled_when_built_is_read_as_it_is(folder: Path):
    compiled = pack.compile_pack(folder)
    (folder / "core.json").write_text(json.dumps(compiled))
    for path in folder.glob("*/*.yaml"):
        path.unlink()
    assert [rule.id for rule in load(folder).rules] == ["XYZ001"]
    (folder / "core.json").write_text(json.dumps({**compiled, "format": 99}))
    with pytest.raises(PackError, match="another version"):
        load(folder)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("id: [", "not readable as YAML"),
        ("just text", "a rule file is a mapping with an id"),
        ("slug: x", "a rule file is a mapping with an id"),
        ("!!python/object/apply:os.system ['echo']", "not readable as YAML"),
        (RULE.replace("summary: The title holds no salt.\n", ""), "a rule lacks 'summary'"),
    ],
)
def test_a_rule_file_that_is_none_is_refused_by_name(folder: Path, text: str, said: str):
    path = write(folder, text)
    with pytest.raises(PackError, match=said) as error:
        load(folder)
    assert str(path.parent.parent) in str(error.value)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("severity: info", "severity: fatal", "severity"),
        ("severity: info", "severity: info\nseverty: info", "severty: Extra inputs"),
        ("since:", "sinse:", "sinse"),
        ("id: XYZ001", "id: XYZ1", "id: String should match"),
        ("slug: no-salt", "slug: No_Salt", "slug: String should match"),
        ("slug: no-salt", "slug: salt", "should be called XYZ001-salt.yaml"),
        ("use: pattern", "use: patern", "unknown check primitive 'patern'"),
        ('{use: pattern, match: "pepper"}', "{}", "a check has `use`, or it combines some"),
        ('{use: pattern, match: "pepper"}', "{all: [{use: nonsense}]}", "unknown check primitive 'nonsense'"),
        ('match: "pepper"', 'match: "(a+)+b"', "exponential"),
        ('match: "pepper"', 'match: "(a"', "not a regular expression"),
        ('match: "pepper"', 'match: "a", unless: "(?:x*)*"', "exponential"),
        ('{use: pattern, match: "pepper"}', '{any: [{use: pattern, match: "(a+)+"}]}', "exponential"),
        ("traps: [None is known.]", "traps: []", "traps"),
        ("message:", "fix: {use: nonsense, safety: safe}\nmessage:", "unknown fix primitive 'nonsense'"),
        ("message:", "fix: {use: delete, safety: maybe}\nmessage:", "fix.safety"),
        ("message:", "options: {depth: {type: number, default: 3}}\nmessage:", "options.depth.type"),
        ("message:", "options: {depth: {type: int, default: deep}}\nmessage:", "type int is a whole number"),
        ("message:", "options: {depth: {type: int, default: true}}\nmessage:", "type int is a whole number"),
        ("applies: {ris: [TI]}", "applies: {endnote: [TI]}", "applies.endnote"),
        ("applies: {ris: [TI]}", "applies: {ris: [ti]}", "applies.ris"),
        ("applies: {ris: [TI]}", "applies: {ris: short_text}", "'short-text'"),
        ("applies: {ris: [TI]}", "applies: {ris: [TI], types: [journal]}", "unknown type 'journal'; there are"),
        ('{use: pattern, match: "pepper"}', "{all: 3}", "a check has `use`, or it combines some"),
        ('{use: pattern, match: "pepper"}', "{not: [x]}", "a check has `use`, or it combines some"),
        ('    - in: "TY  - JOUR\\nTI  - pepper\\nER  - \\n"\n', "", "examples.bad"),
    ],
)
def test_a_rule_file_is_validated_to_the_last_key(folder: Path, old: str, new: str, said: str):
    assert old in RULE
    path = write(folder, RULE.replace(old, new, 1))
    with pytest.raises(PackError, match=said) as error:
        validate(path)
    assert str(path) in str(error.value)


def test_all_faults_of_a_file_are_said_at_once(folder: Path):
    path = write(
        folder, RULE.replace("severity: info", "severity: fatal").replace("traps: [None is known.]", "traps: []")
    )
    with pytest.raises(PackError, match=r"severity.*traps"):
        validate(path)


@pytest.mark.parametrize(
    "pattern", ["(a+)+", "(?:a*)*b", "(a|b+)*", r"(\w+\s?)*$", "([a-z]+)*", "[a-z]+[a-z]+[a-z]+$", "(x+){2,}"]
)
def test_patterns_that_may_run_away_are_refused(pattern: str):
    assert unsafe_pattern(pattern)


@pytest.mark.parametrize("pattern", ["a+b", r"^\d{4}(-\d{2})?$", r"\(a+\)+", "(ab)+", "[+*]", r"10\.\d+/\S+", "(?i)x"])
def test_patterns_that_cannot_run_away_pass(pattern: str):
    assert unsafe_pattern(pattern) == ""


def rule(id: str, slug: str, *profiles: str) -> Rule:
    return Rule(id, slug, "", "info", "high", "stable", profiles, {}, {}, {}, None, "")


SOME = (
    rule("ABS001", "duplicate-abstract", "minimal", "recommended", "strict"),
    rule("ABS002", "divergent-abstracts", "recommended", "strict"),
    rule("DOI001", "doi-missing", "strict"),
    rule("DOI010", "doi-else"),
)


@pytest.mark.parametrize(
    ("given", "chosen"),
    [
        ({}, "ABS001 ABS002"),
        ({"profile": "minimal"}, "ABS001"),
        ({"profile": "strict"}, "ABS001 ABS002 DOI001"),
        ({"select": ["DOI"]}, "DOI001 DOI010"),
        ({"select": ["doi"]}, "DOI001 DOI010"),
        ({"select": ["DOI01"]}, "DOI010"),
        ({"select": ["doi-missing"]}, "DOI001"),
        ({"select": ["DOI-Missing"]}, "DOI001"),
        ({"select": ["ALL"]}, "ABS001 ABS002 DOI001 DOI010"),
        ({"select": ["all"], "ignore": ["ABS", "doi-else"]}, "DOI001"),
        ({"extend_select": ["DOI010"]}, "ABS001 ABS002 DOI010"),
        ({"extend_select": ["DOI"], "ignore": ["DOI001"]}, "ABS001 ABS002 DOI010"),
        ({"ignore": ["ALL"]}, ""),
        ({"select": [" ABS001 "]}, "ABS001"),
    ],
)
def test_rules_are_selected_by_profile_code_prefix_name_and_all(given: dict[str, object], chosen: str):
    assert " ".join(one.id for one in select(SOME, **given)) == chosen  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("doi-mising", "did you mean 'doi-missing'"),
        ("ABS003", "did you mean 'ABS00[12]'"),
        ("duplicate-abstracts", "did you mean 'duplicate-abstract'"),
        ("zzzzzzz", "unknown rule 'zzzzzzz'; `reflint rules` lists them all"),
        ("", "unknown rule ''"),
        ("ABS001x", "unknown rule 'ABS001x'"),
    ],
)
def test_a_code_that_names_no_rule_is_answered_with_the_nearest(code: str, said: str):
    for how in ("select", "extend_select", "ignore"):
        with pytest.raises(ConfigError, match=said):
            select(SOME, **{how: [code]})  # type: ignore[arg-type]
    with pytest.raises(ConfigError, match=said):
        matching(SOME, code)


def test_a_profile_that_does_not_exist_is_answered_with_the_nearest():
    with pytest.raises(ConfigError, match="unknown profile 'recomended'; did you mean 'recommended'"):
        select(SOME, profile="recomended")


def test_the_core_pack_is_the_folder_of_the_checkout():
    assert core_folder() == RULES
