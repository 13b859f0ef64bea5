"""Writes the generated files (`make docs`), or says which are stale (`make drift`, --check)."""

from __future__ import annotations

import argparse
import difflib
import json
import re
import sys
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
SCHEMA_FOLDER = "docs/schemas"
NOTE = "<!-- Written by `make docs` from the rule files; not edited by hand. -->"


def generated_files() -> dict[str, str]:
    """Every generated file: path from the top of the project -> text. The only place that asks reflint."""
    from reflint.app.rules import catalogue
    from reflint.app.schemas import schemas
    from reflint.app.sources import ENDINGS, READ_ONLY
    from reflint.engine.checks.base import CHECKS
    from reflint.engine.checks.normal_forms import NORMAL_FORMS
    from reflint.engine.fixes.base import FIXES
    from reflint.server.app import create
    from reflint.server.config import Config

    files = {
        "docs/rules.md": rules_page(catalogue()),
        "docs/checks.md": checks_page(CHECKS, FIXES, NORMAL_FORMS),
        ".pre-commit-hooks.yaml": hooks(ENDINGS, READ_ONLY),
    }
    for name, schema in schemas().items():
        files[f"{SCHEMA_FOLDER}/{name}.schema.json"] = json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
    files[f"{SCHEMA_FOLDER}/openapi.json"] = json.dumps(create(Config()).openapi(), indent=2, ensure_ascii=False) + "\n"
    return files


def rules_page(rules: list[dict[str, object]]) -> str:
    """The table of all rules; `rules` as in `reflint rules -f json`."""
    groups: dict[str, list[dict[str, object]]] = {}
    for rule in sorted(rules, key=lambda rule: str(rule["id"])):
        groups.setdefault(str(rule["group"]), []).append(rule)
    parts = [NOTE, "# Rules", f"{len(rules)} rules. `reflint explain CODE` shows one with its reasons and examples."]
    for group, members in groups.items():
        rows = ["| code | name | finds | severity | fix | status |", "|---|---|---|---|---|---|"]
        rows += [rule_row(rule) for rule in members]
        parts += [f"## {group}", "\n".join(rows)]
    return "\n\n".join(parts) + "\n"


def rule_row(rule: dict[str, object]) -> str:
    summary = str(rule["summary"]).replace("|", "\\|")
    cells = (rule["id"], f"`{rule['slug']}`", summary, rule["severity"], rule["fix"], rule["status"])
    return f"| {' | '.join(str(cell) for cell in cells)} |"


def checks_page(checks: Mapping[str, object], fixes: Mapping[str, object], normalizers: Iterable[str]) -> str:
    """What a rule's check and fix can name, in the words of the functions that do it; `checks`: those of any rule are
    in the module `generic`.
    """
    generic = {name: one for name, one in checks.items() if str(getattr(one, "__module__", "")).endswith(".generic")}
    others = {name: one for name, one in checks.items() if name not in generic}
    parts = [
        NOTE.replace("the rule files", "the code"),
        _CHECKS,
        "## Checks for any field",
        _meanings(generic),
        f"The normalizers: {', '.join(f'`{name}`' for name in sorted(normalizers))}.",
        "## Checks of one matter",
        _meanings(others),
        "## Fixes",
        _meanings(fixes),
    ]
    return "\n\n".join(parts) + "\n"


_CHECKS = """# Checks and fixes

What `check: {use: NAME}` and `fix: {use: NAME}` of a [rule](packs.md) can name. What stands in code style in its
description is a parameter: `check: {use: tokens, list: [to read, todo]}`. Conditions are combined:
`check: {all: [{use: ...}, {not: {use: ...}}]}`. A parameter that names a field takes `csl.title` (whatever gives that
CSL variable in the record's format), `ris.T2` (that tag; nothing in other formats) or a name as it is; without it a
check looks at the fields that the rule `applies` to."""


def _meanings(functions: Mapping[str, object]) -> str:
    """A table of functions with what they say of themselves; those that are one have one row."""
    names: dict[object, list[str]] = {}
    for name, one in sorted(functions.items()):
        names.setdefault(one, []).append(f"`{name}`")
    said = {one: " ".join((one.__doc__ or "").split()).replace("|", "\\|") for one in names}
    return "\n".join(
        ["| name | |", "|---|---|", *(f"| {', '.join(same)} | {said[one]} |" for one, same in names.items())]
    )


def hooks(endings: Mapping[str, str], read_only: Collection[str]) -> str:
    """The hooks that pre-commit finds in this repository, for files with one of the endings (ending -> format).

    Nothing is repaired in formats that are only read.
    """
    parts = ["# Written by `make docs`; not edited by hand."]
    for id, entry, what in (
        ("reflint", "check", "Find what is wrong with references."),
        ("reflint-fix", "fix", "Make the safe repairs of references."),
    ):
        wanted = [ending for ending, format in endings.items() if entry == "check" or format not in read_only]
        pattern = r"\.(" + "|".join(re.escape(ending.removeprefix(".")) for ending in wanted) + ")$"
        lines = (
            f"- id: {id}",
            f"  name: {id}",
            f"  description: {what}",
            f"  entry: reflint {entry} --no-progress",
            "  language: python",
            f"  files: '(?i){pattern}'",
            "  require_serial: true",
        )
        parts.append("\n".join(lines))
    return "\n".join(parts) + "\n"


def stale_files(files: dict[str, str]) -> list[str]:
    """What differs from the work tree, each as a diff; a schema that is no longer generated counts too."""
    stale = []
    for name, text in files.items():
        path = PROJECT / name
        present = path.read_text(encoding="utf-8") if path.exists() else ""
        if present != text:
            diff = difflib.unified_diff(present.splitlines(), text.splitlines(), name, "generated", lineterm="")
            stale.append("\n".join(diff))
    stale += [f"{name}: no longer generated" for name in leftovers(files)]
    return stale


def leftovers(files: dict[str, str]) -> list[str]:
    present = (path.relative_to(PROJECT).as_posix() for path in (PROJECT / SCHEMA_FOLDER).glob("*.schema.json"))
    return sorted(set(present) - set(files))


def write(files: dict[str, str]) -> None:
    for name, text in files.items():
        path = PROJECT / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        print(name)
    for name in leftovers(files):
        (PROJECT / name).unlink()
        print(f"{name} removed")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; status 1 when a file is stale")
    files = generated_files()
    if not parser.parse_args().check:
        write(files)
        return 0
    stale = stale_files(files)
    if stale:
        print("\n".join(stale))
        print(f"\nStale generated files ({len(stale)}): run `make docs` and commit the result.", file=sys.stderr)
        return 1
    print(f"current: {len(files)} generated files")
    return 0


if __name__ == "__main__":
    sys.exit(main())
