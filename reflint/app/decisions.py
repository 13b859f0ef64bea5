"""What a person has decided about duplicates: pairs of records that are none, kept in a TOML file."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

from reflint.errors import ConfigError

FILE_NAME = "reflint-duplicates.toml"
_MARK = re.compile(r"[0-9a-f]{16}")


class Decision(NamedTuple):
    """Two records, by their fingerprints, that are not duplicates, and why."""

    records: tuple[str, str]
    reason: str = ""

    @property
    def pair(self) -> frozenset[str]:
        """The two, in no order."""
        return frozenset(self.records)


def find(start: Path | None = None) -> Path:
    """The closest file of decisions in a folder or above it; where there is none, where one would be made."""
    folder = (start or Path.cwd()).resolve()
    for place in (folder, *folder.parents):
        if (place / FILE_NAME).is_file():
            return place / FILE_NAME
    return folder / FILE_NAME


def load(path: Path) -> list[Decision]:
    """The decisions of a file; none when there is no such file. Raises ConfigError for what it cannot mean."""
    import tomllib

    try:
        data = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return []
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror or error}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: not readable as TOML: {error}") from None
    unknown = sorted(set(data) - {"apart"})
    if unknown:
        raise ConfigError(f"{path}: unknown table {unknown[0]!r}; there is [[apart]]")
    return [_decision(path, one) for one in data.get("apart", [])]


def _decision(path: Path, given: Any) -> Decision:
    if not isinstance(given, dict) or set(given) - {"records", "reason"}:
        raise ConfigError(f"{path}: an [[apart]] has `records` and perhaps `reason`, not {given!r}")
    records, reason = given.get("records"), given.get("reason", "")
    if not isinstance(reason, str):
        raise ConfigError(f"{path}: a reason is a text, not {reason!r}")
    if not isinstance(records, list) or len(records) != 2 or not all(is_mark(one) for one in records):
        raise ConfigError(f"{path}: records takes two fingerprints of 16 hex digits, not {records!r}")
    return Decision((records[0], records[1]), reason)


def is_mark(value: object) -> bool:
    """Whether a value is a fingerprint as `reflint dedupe` shows it."""
    return isinstance(value, str) and _MARK.fullmatch(value) is not None


def add(path: Path, decisions: Iterable[Decision]) -> None:
    """Appends decisions to a file, which is made where there is none; those it holds already are not repeated."""
    from reflint.app.writing import Replacement, version_of

    known = {one.pair for one in load(path)}
    new = [one for one in decisions if one.pair not in known]
    if not new:
        return
    exists = path.exists()
    text = path.read_text("utf-8") if exists else "# Records that are no duplicates of each other: reflint dedupe.\n"
    if not text.endswith("\n"):
        text += "\n"
    for one in new:
        text += f"\n[[apart]]\nrecords = {json.dumps(list(one.records))}\n"
        text += f"reason = {json.dumps(one.reason, ensure_ascii=False)}\n" if one.reason else ""
    with Replacement(path, version_of(path) if exists else None) as file:
        file.write(text.encode())
        file.commit()
