"""The build hook: puts the core rule pack, as files and compiled, into the wheel as reflint/_rules/."""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

PACKED_SUFFIXES = {".yaml", ".yml", ".tsv", ".json"}
PACKAGE_FOLDER = "reflint/_rules"


class RulesBuildHook(BuildHookInterface):  # type: ignore[type-arg]
    """Adds rules/**, and the core.json compiled from it, to a wheel.

    An editable install gets nothing: a checkout reads its own rules/.
    """

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":
            return
        root = Path(self.root)
        rules = root / "rules"
        self._scratch = tempfile.TemporaryDirectory()
        compiled = Path(self._scratch.name) / "core.json"
        compiled.write_text(compile_rules(root, rules), encoding="utf-8")

        included = build_data["force_include"]
        for path in packed_files(rules):
            included[str(path)] = f"{PACKAGE_FOLDER}/{path.relative_to(rules).as_posix()}"
        included[str(compiled)] = f"{PACKAGE_FOLDER}/core.json"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        scratch = getattr(self, "_scratch", None)
        if scratch is not None:
            scratch.cleanup()


def packed_files(rules: Path) -> list[Path]:
    """The rule files and their data, in a fixed order so that two builds give the same wheel."""
    return sorted(path for path in rules.rglob("*") if path.is_file() and path.suffix in PACKED_SUFFIXES)


def compile_rules(root: Path, rules: Path) -> str:
    """The pack as the JSON text that reflint loads instead of the YAML files."""
    sys.path.insert(0, str(root))
    try:
        from reflint.engine.pack import compile_pack
    finally:
        sys.path.remove(str(root))
    return json.dumps(compile_pack(rules), ensure_ascii=False, separators=(",", ":")) + "\n"
