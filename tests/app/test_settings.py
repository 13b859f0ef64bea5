"""Settings: the closest file wins, the caller is above it, and a wrong word is answered with the nearest right one."""

from __future__ import annotations

from pathlib import Path

import pytest

from reflint.app.rules import build_engine
from reflint.app.settings import KEYS, Settings, cache_folder, load
from reflint.errors import ConfigError


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def test_without_a_file_the_defaults_hold(tmp_path: Path):
    found = dict(load(tmp_path).items())
    assert list(found) == list(KEYS)
    assert {setting.origin for setting in found.values()} == {"default"}
    assert found["profile"].value == "recommended"


def test_the_closest_file_wins_and_is_the_only_one(tmp_path: Path):
    write(tmp_path / "reflint.toml", 'profile = "strict"\nfail-on = "info"\n')
    near = write(tmp_path / "a" / "pyproject.toml", '[tool.reflint]\nprofile = "minimal"\n')
    found = load(tmp_path / "a")
    assert found["profile"] == "minimal"
    assert found["fail-on"] == "warning"
    assert dict(found.items())["profile"].origin == str(near)
    (tmp_path / "a" / "b").mkdir()
    assert load(tmp_path / "a" / "b")["profile"] == "minimal"


def test_reflint_toml_is_closer_than_pyproject_toml(tmp_path: Path):
    write(tmp_path / "pyproject.toml", '[tool.reflint]\nprofile = "minimal"\n')
    write(tmp_path / "reflint.toml", 'profile = "strict"\n')
    assert load(tmp_path)["profile"] == "strict"


@pytest.mark.parametrize("text", ["", "[project]\nname = 'x'\n", "[tool.ruff]\n", "# reflint is only mentioned\n"])
def test_a_pyproject_without_our_table_is_passed_over(tmp_path: Path, text: str):
    write(tmp_path / "reflint.toml", 'profile = "strict"\n')
    write(tmp_path / "a" / "pyproject.toml", text)
    assert load(tmp_path / "a")["profile"] == "strict"


def test_reflint_toml_may_carry_the_table_of_pyproject(tmp_path: Path):
    write(tmp_path / "reflint.toml", '[tool.reflint]\nprofile = "strict"\n')
    assert load(tmp_path)["profile"] == "strict"


def test_a_file_that_is_named_must_be_there_and_say_something(tmp_path: Path):
    with pytest.raises(ConfigError, match="No such file"):
        load(explicit=tmp_path / "nowhere.toml")
    with pytest.raises(ConfigError, match=r"holds no \[tool\.reflint\]"):
        load(explicit=write(tmp_path / "pyproject.toml", "[project]\n"))


@pytest.mark.parametrize(
    ("key", "nearest"),
    [("profil", "profile"), ("fail_on", "fail-on"), ("extend_select", "extend-select"), ("severities", "severity")],
)
def test_an_unknown_key_is_answered_with_the_nearest(tmp_path: Path, key: str, nearest: str):
    write(tmp_path / "reflint.toml", f"{key} = 1\n")
    with pytest.raises(ConfigError, match=f"unknown setting '{key}'; did you mean '{nearest}'"):
        load(tmp_path)


def test_a_table_that_is_no_table_is_said(tmp_path: Path):
    with pytest.raises(ConfigError, match="is no table"):
        load(explicit=write(tmp_path / "pyproject.toml", "[tool]\nreflint = 3\n"))


def test_the_caller_stands_above_the_file_where_the_caller_says_something():
    below = Settings().over({"profile": "strict", "select": ["A"]}, "file")
    above = below.over({"profile": None, "select": [], "ignore": ["B"]}, "command line")
    assert (above["profile"], above["select"], above["ignore"]) == ("strict", ["A"], ["B"])
    assert dict(above.items())["ignore"].origin == "command line"
    assert below["ignore"] == []


def test_the_cache_is_where_the_environment_says(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv("REFLINT_CACHE_DIR", str(tmp_path))
    assert cache_folder() == tmp_path
    monkeypatch.delenv("REFLINT_CACHE_DIR")
    assert cache_folder().name == "reflint"


def test_a_severity_may_be_given_to_a_whole_group_and_off_is_one():
    engine = build_engine(Settings().over({"severity": {"RIS": "off", "abs001": "info"}}, "test"))
    severities = {rule.id: engine.severity(rule) for rule in engine.rules}
    assert severities["ABS001"] == "info"
    assert {severity for rule, severity in severities.items() if rule.startswith("RIS")} == {"off"}


def test_an_option_that_a_rule_lacks_is_refused_with_those_it_has():
    with pytest.raises(ConfigError, match="rule ABS001 has no option 'depth'"):
        build_engine(Settings().over({"options": {"ABS001": {"depth": 3}}}, "test"))


def test_a_file_extends_another(tmp_path: Path) -> None:
    (tmp_path / "team").mkdir()
    (tmp_path / "team" / "reflint.toml").write_text('profile = "strict"\nignore = ["URL005"]\n')
    (tmp_path / "reflint.toml").write_text('extend = "team/reflint.toml"\nfail-on = "error"\nignore = ["ABS001"]\n')
    found = load(tmp_path)
    origins = {name: setting.origin for name, setting in found.items()}
    assert (found["profile"], found["fail-on"], found["ignore"]) == ("strict", "error", ["ABS001"])
    assert Path(origins["profile"]) == (tmp_path / "team" / "reflint.toml").resolve()
    assert Path(origins["fail-on"]) == tmp_path / "reflint.toml"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('extend = "reflint.toml"', "circle"),
        ('extend = "nowhere.toml"', "nowhere.toml"),
        ("extend = 3", "takes a text"),
    ],
)
def test_a_wrong_extend_is_told(tmp_path: Path, content: str, said: str) -> None:
    (tmp_path / "reflint.toml").write_text(content + "\n")
    with pytest.raises(ConfigError, match=said):
        load(tmp_path)
