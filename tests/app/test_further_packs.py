"""Packs beside the core: their rules are built on trial when their files have changed, and not otherwise."""

from __future__ import annotations

from functools import wraps
from pathlib import Path

import pytest

from reflint.app.rules import more_pack
from reflint.engine.checks.base import CHECKS, Parameters, Scope, Test
from reflint.errors import PackError
from tests.engine.test_pack import RULE, write


@pytest.fixture
def built(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    """The patterns that were built."""
    monkeypatch.setenv("REFLINT_CACHE_DIR", str(tmp_path / "cache"))
    original, found = CHECKS["pattern"], list[str]()

    @wraps(original)
    def noted(params: Parameters, scope: Scope) -> Test:
        found.append(params["match"])
        return original(params, scope)

    monkeypatch.setitem(CHECKS, "pattern", noted)
    return found


def loaded(folder: Path) -> None:
    """Loads a pack as a new process would."""
    more_pack.__wrapped__(str(folder))


def test_rules_are_built_on_trial_only_when_a_file_has_changed(built: list[str], tmp_path: Path):
    write(tmp_path / "house", RULE)
    loaded(tmp_path / "house")
    assert set(built) == {"pepper"}
    built.clear()
    loaded(tmp_path / "house")
    assert built == []
    write(tmp_path / "house", RULE.replace('match: "pepper"', 'match: "ginger"'))
    loaded(tmp_path / "house")
    assert set(built) == {"ginger"}


def test_a_rule_that_cannot_be_built_is_told_each_time(built: list[str], tmp_path: Path):
    write(tmp_path / "house", RULE.replace("match:", "unles: salt, match:"))
    for _ in range(2):
        with pytest.raises(PackError, match="house: XYZ001: there is no parameter 'unles'"):
            loaded(tmp_path / "house")


def test_a_check_that_is_no_longer_installed_is_told(built: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    write(tmp_path / "house", RULE.replace("use: pattern", "use: elsewhere"))
    with monkeypatch.context() as installed:
        installed.setitem(CHECKS, "elsewhere", lambda params, scope: CHECKS["pattern"](params, scope))
        loaded(tmp_path / "house")
    with pytest.raises(PackError, match="XYZ001: unknown check primitive 'elsewhere'"):
        loaded(tmp_path / "house")
