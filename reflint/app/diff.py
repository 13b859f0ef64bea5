"""Unified diffs of a file, made record by record, so that a large file costs no more than its changes."""

from __future__ import annotations

import difflib

CONTEXT = 2


def unified(old: bytes, new: bytes, line: int, shift: int) -> tuple[str, int]:
    """The hunks for one stretch of a file that begins at `line`, and the shift of line numbers after it.

    `shift`: how many lines longer the new file is up to here.
    """
    before, after = _lines(old), _lines(new)
    hunks = []
    for group in difflib.SequenceMatcher(None, before, after, autojunk=False).get_grouped_opcodes(CONTEXT):
        first, last = group[0], group[-1]
        removed, added = last[2] - first[1], last[4] - first[3]
        hunks.append(f"@@ -{line + first[1]},{removed} +{line + shift + first[3]},{added} @@\n")
        for tag, i1, i2, j1, j2 in group:
            if tag == "equal":
                hunks += [_shown(" ", text) for text in before[i1:i2]]
                continue
            hunks += [_shown("-", text) for text in before[i1:i2]]
            hunks += [_shown("+", text) for text in after[j1:j2]]
    return "".join(hunks), shift + len(after) - len(before)


def _lines(data: bytes) -> list[str]:
    lines = data.decode("utf-8", "backslashreplace").split("\n")
    return [line + "\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])


def _shown(mark: str, line: str) -> str:
    """A line of a diff; a line without an end is marked as `diff` does."""
    if line.endswith("\n"):
        return f"{mark}{line}"
    return f"{mark}{line}\n\\ No newline at end of file\n"
