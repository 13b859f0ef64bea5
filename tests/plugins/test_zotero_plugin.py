"""The Zotero plugin's modules under node: alone, with a fake Zotero, and its client against the real backend."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.plugins.serving import running

PLUGIN = Path(__file__).parents[2] / "plugins/zotero"
pytestmark = pytest.mark.skipif(shutil.which("node") is None, reason="no node here")


def node(*arguments: str, **environment: str) -> str:
    """What node prints; it must end well."""
    ran = subprocess.run(
        ["node", *arguments], cwd=PLUGIN, env=os.environ | environment, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


def count(report: str, what: str) -> int:
    found = re.search(rf"^# {what} (\d+)$", report, re.MULTILINE)
    assert found is not None, report
    return int(found[1])


def test_the_modules_hold_under_node() -> None:
    tests = [str(path) for path in sorted(PLUGIN.glob("test/*.test.js")) if path.name != "contract.test.js"]
    report = node("--test", "--test-reporter=tap", *tests)
    assert count(report, "pass") > 30
    assert count(report, "skipped") == 0


def test_the_client_and_the_real_backend_understand_each_other(tmp_path: Path) -> None:
    with running(tmp_path, port=0) as backend:
        known = {"REFLINT_URL": backend.url, "REFLINT_TOKEN_FILE": backend.token_file}
        report = node("--test", "--test-reporter=tap", "test/contract.test.js", **known)
    assert count(report, "pass") == 6
    assert count(report, "skipped") == 0


def test_the_types_are_those_of_zotero() -> None:
    compiler = PLUGIN / "node_modules/typescript/bin/tsc"
    if not compiler.exists():
        pytest.skip("typescript is not installed: make plugins-test")
    assert node(str(compiler), "--noEmit") == ""
