"""The folder a run writes into: shards of findings, keys and statistics, each whole or not there, and the manifest.

manifest.json            what was asked, all sources and shards, totals, groups of duplicates
findings/SHARD.jsonl     the findings of a part, as `-f jsonl` has them (or .parquet)
keys/SHARD.parquet       the keys of its records, by which duplicates are found
statistics/SHARD.jsonl   its counts, and by what its input is known again: written last, so it says that all is there
duplicates/*.jsonl       groups of records that share a key (or .parquet)
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

from reflint import __version__
from reflint.app.writing import Replacement
from reflint.errors import ConfigError

MANIFEST = "manifest.json"
FINDINGS, KEYS, STATISTICS, DUPLICATES = FOLDERS = ("findings", "keys", "statistics", "duplicates")
_UNFINISHED = ".reflint"


class Folder:
    """The folder of a run, and in which format (`jsonl` or `parquet`) findings stand in it.

    Raises ConfigError, at `prepare`, for a folder that holds something else.
    """

    def __init__(self, root: Path, format: str) -> None:
        self.root = root
        self.format = format

    def prepare(self) -> None:
        """Makes the folder and those in it."""
        try:
            if self.manifest() is None and any(self._foreign()):
                raise ConfigError(f"{self.root}: is not empty and not of an earlier run; name a new folder")
            for name in FOLDERS:
                (self.root / name).mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ConfigError(f"{self.root}: cannot be written to: {error.strerror or error}") from None

    def _foreign(self) -> Iterator[Path]:
        """All that is no folder, nor what a run left that was killed before it wrote anything."""
        return (path for path in self.root.rglob("*") if not path.is_dir() and path.suffix != _UNFINISHED)

    def findings(self, shard: str) -> Path:
        """Where the findings of a part stand."""
        return self.root / FINDINGS / f"{shard}.{self.format}"

    def keys(self, shard: str) -> Path:
        """Where the keys of its records stand."""
        return self.root / KEYS / f"{shard}.parquet"

    def statistics(self, shard: str) -> Path:
        """Where its statistics stand."""
        return self.root / STATISTICS / f"{shard}.jsonl"

    def duplicates(self, number: int) -> Path:
        """Where groups of duplicates stand."""
        return self.root / DUPLICATES / f"groups-{number:05}.{self.format}"

    def note(self, statistics: dict[str, Any]) -> None:
        """Writes down that a part is done."""
        replace(self.statistics(statistics["shard"]), json.dumps(statistics).encode() + b"\n")

    def noted(self) -> Iterator[dict[str, Any]]:
        """The statistics of all parts that were done before, whose other shards are still there."""
        findings, keys = ({path.name for path in (self.root / name).iterdir()} for name in (FINDINGS, KEYS))
        for path in (self.root / STATISTICS).glob("*.jsonl"):
            shard = path.stem
            if self.findings(shard).name in findings and self.keys(shard).name in keys:
                try:
                    yield json.loads(path.read_bytes())
                except ValueError:  # not ours, or half a disk: the part is done again
                    continue

    def manifest(self) -> dict[str, Any] | None:
        """The manifest of the last run; None where there is none that can be read."""
        try:
            found = json.loads((self.root / MANIFEST).read_bytes())
        except (OSError, ValueError):
            return None
        return found if isinstance(found, dict) and found.get("tool", {}).get("name") == "reflint" else None

    def write_manifest(self, *, complete: bool, **more: Any) -> None:
        """Writes the manifest; `complete`: the run has come to its end."""
        head = {"version": 1, "tool": {"name": "reflint", "version": __version__}, "complete": complete}
        replace(self.root / MANIFEST, json.dumps(head | more, indent=1).encode() + b"\n")

    def sweep(self, kept: Collection[Path]) -> None:
        """Takes away what earlier runs left that is of no source any more, and what lost workers left unfinished."""
        for name in FOLDERS:
            for path in (self.root / name).iterdir():
                if path not in kept and (path.suffix in (".jsonl", ".parquet") or path.name.endswith(_UNFINISHED)):
                    path.unlink(missing_ok=True)


def replace(path: Path, data: bytes) -> None:
    """Writes a file whole or not at all. Raises SourceError when it cannot be written."""
    with Replacement(path, None) as new:
        new.write(data)
        new.commit()
