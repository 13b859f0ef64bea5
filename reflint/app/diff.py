"""Unified diffs of a file, made record by record, so that a large file costs no more than its changes."""

from __future__ import annotations

import difflib

from reflint.formats.ris.encoding import split_bom

CONTEXT = 2


class Hunks:
    """The unified diff of one file, from its stretches in order; one without a last line end waits for the next."""

    def __init__(self, name: str) -> None:
        self._header = f"--- {name}\n+++ {name}\n"
        self._old = self._new = b""
        self._line = 0
        self._shift = 0
        self._codecs: tuple[str, str] | None = None

    def of(self, old: bytes, new: bytes, line: int) -> str:
        """What can be said of a stretch that begins at `line`; `""` where nothing changed."""
        if self._codecs is None:
            # A byte order mark stands in the first stretch: it says how the old file, and perhaps the new, is written.
            self._codecs = split_bom(old)[1], split_bom(new)[1]
        if not self._old and not self._new:
            self._line = line
        self._old += old
        self._new += new
        return self._flush() if all(not part or part.endswith(b"\n") for part in (self._old, self._new)) else ""

    def rest(self) -> str:
        """What was still waiting."""
        return self._flush()

    def _flush(self) -> str:
        old, new, self._old, self._new = self._old, self._new, b"", b""
        if old == new:
            return ""
        codecs = self._codecs or ("utf-8", "utf-8")
        text, self._shift = unified(_text(old, codecs[0]), _text(new, codecs[1]), self._line, self._shift)
        header, self._header = self._header, ""
        return header + text


def _text(data: bytes, codec: str) -> str:
    return data.decode(codec, "backslashreplace")


def unified(old: str, new: str, line: int, shift: int) -> tuple[str, int]:
    """The hunks for one stretch of a file that begins at `line`, and the shift of line numbers after it.

    `shift`: how many lines longer the new file is up to here.
    """
    before, after = _lines(old), _lines(new)
    hunks = []
    for group in difflib.SequenceMatcher(None, before, after, autojunk=False).get_grouped_opcodes(CONTEXT):
        first, last = group[0], group[-1]
        removed, added = last[2] - first[1], last[4] - first[3]
        # A range of no lines is named by the line before it.
        at, to = line + first[1] - (not removed), line + shift + first[3] - (not added)
        hunks.append(f"@@ -{at},{removed} +{to},{added} @@\n")
        for tag, i1, i2, j1, j2 in group:
            if tag == "equal":
                hunks += [_shown(" ", text) for text in before[i1:i2]]
                continue
            hunks += [_shown("-", text) for text in before[i1:i2]]
            hunks += [_shown("+", text) for text in after[j1:j2]]
    return "".join(hunks), shift + len(after) - len(before)


def _lines(text: str) -> list[str]:
    lines = text.split("\n")
    return [line + "\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])


def _shown(mark: str, line: str) -> str:
    """A line of a diff; a line without an end is marked as `diff` does."""
    if line.endswith("\n"):
        return f"{mark}{line}"
    return f"{mark}{line}\n\\ No newline at end of file\n"
