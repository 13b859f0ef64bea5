"""The hooks and the action: what they run, run here."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.command import Shell, environment

PROJECT = Path(__file__).parents[2]
WRONG = """TY  - JOUR
TI  - Sand
AU  - Okafor, Ngozi
T2  - Notes
PY  - 2019
VL  - 2
SP  - 420
EP  - 34
DO  - https://doi.org/10.5555/x
ER  - \n"""


def hooks() -> dict[str, dict[str, Any]]:
    return {hook["id"]: hook for hook in yaml.safe_load((PROJECT / ".pre-commit-hooks.yaml").read_text())}


@pytest.mark.parametrize(
    ("name", "wanted"),
    [("a.ris", True), ("b/A.RIS", True), ("a.nbib", True), ("a.csl.json", True), ("a.zotero.json", True),
     ("a.json", False), ("a.ris.txt", False), ("aris", False)],
)  # fmt: skip
def test_the_hooks_are_for_files_of_references(name: str, wanted: bool) -> None:
    assert bool(re.search(hooks()["reflint"]["files"], name)) is wanted


@pytest.mark.parametrize(
    ("name", "wanted"), [("a.ris", True), ("a.csl.json", True), ("a.nbib", False), ("a.docx", False)]
)
def test_only_what_can_be_written_is_repaired(name: str, wanted: bool) -> None:
    assert bool(re.search(hooks()["reflint-fix"]["files"], name)) is wanted


def test_the_hooks_do_what_they_say(reflint: Shell) -> None:
    reflint.write("a.ris", WRONG)
    check, fix = (hooks()[name]["entry"].split()[1:] for name in ("reflint", "reflint-fix"))
    assert reflint(*check, "a.ris").status == 1
    assert reflint(*fix, "a.ris").status == 0
    assert "https://doi.org" not in (reflint.folder / "a.ris").read_text()
    assert reflint(*check, "a.ris").status == 0


def act(reflint: Shell, **inputs: str) -> subprocess.CompletedProcess[str]:
    """Runs the checking step of the action as GitHub's runner does: bash, errors fatal, inputs as variables."""
    action = yaml.safe_load((PROJECT / "action.yml").read_text())
    step = next(one for one in action["runs"]["steps"] if one.get("name") == "Check references")
    given = {name: str(one["default"]) for name, one in action["inputs"].items()} | inputs
    variables = {}
    for name, value in step["env"].items():
        found = re.fullmatch(r"\$\{\{ inputs\.([a-z-]+) \}\}", value)
        assert found, value
        variables[name] = given[found[1]]
    assert "${{" not in step["run"]
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
        cwd=reflint.folder,
        env={**environment(reflint.cache), **variables, "PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_action_annotates_and_reports(reflint: Shell) -> None:
    reflint.write("refs/a.ris", WRONG)
    done = act(reflint, **{"sources": "refs", "sarif-file": "out.sarif", "html-file": "out.html"})
    assert done.returncode == 1, done.stderr
    assert "::warning file=refs/a.ris,line=9" in done.stdout
    assert '"version": "2.1.0"' in (reflint.folder / "out.sarif").read_text()
    assert "<!DOCTYPE html>" in (reflint.folder / "out.html").read_text()


def test_inputs_of_the_action_may_have_several_lines(reflint: Shell) -> None:
    for name in ("a", "b"):
        reflint.write(f"{name}/refs.ris", WRONG)
    done = act(reflint, sources="a\nb/refs.ris\n", arguments="--profile strict\n--select DOI002\n")
    assert done.returncode == 1, done.stderr
    assert re.findall(r"file=(\S+?),.*title=(\S+)", done.stdout) == [("a/refs.ris", "DOI002"), ("b/refs.ris", "DOI002")]


def test_nothing_in_an_input_is_run(reflint: Shell) -> None:
    reflint.write("refs/a.ris", WRONG)
    done = act(reflint, sources="refs $(touch${IFS}bad) ;touch bad", arguments="--profile strict")
    assert done.returncode == 2
    assert not (reflint.folder / "bad").exists()
