"""Which encoding a RIS file, or one record of it, is written in."""

from __future__ import annotations

import codecs
import re

from reflint.model.patterns import lazy

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
BOM_LENGTH = max(len(bom) for bom, _ in _BOMS)

_LETTER_RUN = lazy(r"[^\W\d_]{2,}")
_ODD_IN_WORDS = lazy(r"[a-zß-öø-ÿ][A-ZÀ-ÖØ-Þ][a-z]|[\x80-\x9f]|[¤¦¬±¹²³¼½¾×÷¨¯´¸][a-z]|[a-z][¤¦¬¹¼½¾×÷¯¸]")


def split_bom(head: bytes) -> tuple[bytes, str]:
    """The byte order mark that `head` begins with, and the codec it stands for (`b""`, `"utf-8"` without one)."""
    for bom, codec in _BOMS:
        if head.startswith(bom):
            return bom, codec
    return b"", "utf-8"


def guess(raw: bytes) -> str:
    """The likeliest codec of bytes that are not UTF-8: cp1252, latin-1 or gb18030, by what makes the plainest words.

    A vote, not a proof: whoever transcodes shows a sample first (RIS011).
    """
    best, best_penalty = "latin-1", None
    for codec in ("cp1252", "gb18030", "latin-1"):
        try:
            text = raw.decode(codec)
        except UnicodeDecodeError:
            continue
        penalty = _penalty(text, codec)
        if best_penalty is None or penalty < best_penalty:
            best, best_penalty = codec, penalty
    return best


def _penalty(text: str, codec: str) -> float:
    strange = len(_ODD_IN_WORDS.findall(text)) + 10 * sum("\x80" <= c <= "\x9f" for c in text)
    if codec == "gb18030":
        # A western text read as Chinese yields single ideographs glued to Latin letters; a Chinese one yields runs.
        ideographs = re.findall(r"[\u3400-\u9fff]+", text)
        glued = len(re.findall(r"[A-Za-z][\u3400-\u9fff]|[\u3400-\u9fff][a-z]", text))
        rare = sum(1 for c in text if c > "\u9fff" or "\u3400" <= c <= "\u4dff")
        runs = sum(len(run) > 1 for run in ideographs)
        return strange + 3 * glued + 3 * rare + (5 if not runs else 0) + len(ideographs) - 2 * runs
    if codec == "latin-1":
        strange += 1
    # Chinese read as a western codec is made of accented letters without plain ones between.
    strange += sum(
        3 for run in _LETTER_RUN.findall(text) if len(run) > 2 and not run.isascii() and _mostly_accented(run)
    )
    return strange


def _mostly_accented(run: str) -> bool:
    return sum(c > "\x7f" for c in run) * 2 > len(run)
