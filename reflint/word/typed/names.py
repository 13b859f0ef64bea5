"""Authors' names that stand before a year, read backwards."""

from __future__ import annotations

import re
from typing import NamedTuple

from reflint.word.typed.words import ABBREVIATED, AND, INSIDE_NAMES, NO_AUTHORS, NOT_BEFORE_YEARS, PARTICLES

_LETTER = r"[^\W\d_]"
_TOKEN = re.compile(
    rf"(?:{_LETTER}\.[-‐‑]?)+(?!{_LETTER})|{_LETTER}[\w’'‘ʼ`´]*(?:[-‐‑–/]{_LETTER}[\w’'‘ʼ`´]*)*\.?|['’]t\b|&|[,;()\[\]:]|\S"
)
_INITIALS = re.compile(rf"(?:{_LETTER}\.[-‐‑]?)+|{_LETTER}(?:[-‐‑]?{_LETTER})?")
_POSSESSIVE = re.compile(r"['’‘ʼ]s?$")
_SUFFIX = frozenset("jr jr. sr sr. ii iii iv".split())
_REACH = 320
_MAX_WORDS = 10

_ET_AL = (
    ("et", "al"), ("et.", "al"), ("at", "al"), ("et", "alii"), ("et", "coll"), ("u", "a"), ("y", "cols"), ("y", "col"),
    ("and", "colleagues"), ("and", "coworkers"), ("and", "co-workers"), ("and", "others"), ("und", "andere"),
    ("und", "kollegen"), ("y", "otros"), ("et", "autres"), ("e", "outros"), ("dkk",), ("u.a",), ("et.al",), ("etal",),
)  # fmt: skip


class Names(NamedTuple):
    """Authors as written: where they begin in the text, and whether some are left out, or joined by `and`."""

    start: int
    authors: tuple[str, ...]
    et_al: bool
    joined: bool


def names_before(text: str, begin: int, end: int, *, commas: bool) -> Names | None:
    """The authors right before `end`, not beyond `begin`; None when no name stands there.

    With `commas` a bare list `Doe, Roe` is one, too (inside parentheses); else it takes an `and` or an `et al.`.
    """
    tokens = list(_TOKEN.finditer(text, max(begin, end - _REACH), end))
    at = len(tokens) - 1
    while at >= 0 and tokens[at][0] in ",([:":
        at -= 1
    at, et_al = _et_al(tokens, at)
    authors: list[str] = []
    start, joined = end, False
    while at >= 0 and (found := _name(tokens, at)) is not None:
        at, start, name = found
        authors.insert(0, name)
        word = tokens[at][0].lower() if at >= 0 else ""
        if word in AND and not joined:
            joined, at = True, at - 1
            if at >= 0 and tokens[at][0] == ",":
                at -= 1
        elif word == "," and (commas or joined or et_al):
            at -= 1
        else:
            break
    if not authors:
        return None
    return Names(start, tuple(authors), et_al, joined and len(authors) > 1)


def _et_al(tokens: list[re.Match[str]], at: int) -> tuple[int, bool]:
    """Steps over `et al.` in its languages, and the comma before it."""
    for words in _ET_AL:
        first = at - len(words) + 1
        if first < 1:
            continue
        seen = [_POSSESSIVE.sub("", tokens[first + n][0].lower()).rstrip(".") for n in range(len(words))]
        if all(word == wanted.rstrip(".") for word, wanted in zip(seen, words, strict=True)):
            at = first - 1
            return (at - 1 if tokens[at][0] == "," else at), True
    return at, False


def _name(tokens: list[re.Match[str]], at: int) -> tuple[int, int, str] | None:
    """One name that ends at a token: the token before it, its start, itself (family name, or an institution)."""
    at = _over_initials(tokens, at)
    if at < 0 or not _is_name_word(tokens[at][0]) or _is_sentence_end(tokens[at][0]):
        return None
    if tokens[at][0].lower() in NOT_BEFORE_YEARS:
        return None
    words = [_POSSESSIVE.sub("", tokens[at][0])]
    start = tokens[at].start()
    at -= 1
    while at >= 0 and len(words) < _MAX_WORDS:
        word = tokens[at][0]
        is_particle = word.lower() in PARTICLES and not word.isupper()
        if _is_initials(word) and word.endswith("."):
            start = tokens[at].start()
        elif is_particle or (_is_name_word(word) and not _is_sentence_end(word)):
            words.insert(0, word)
            start = tokens[at].start()
        elif _is_inside_name(tokens, at):
            words.insert(0, word)
        else:
            break
        at -= 1
    return at, start, " ".join(words)


def _is_inside_name(tokens: list[re.Match[str]], at: int) -> bool:
    """Whether a small word stands within the name of an institution (`Ministry of the Environment`)."""
    for before in range(at, max(at - 3, 0), -1):
        if tokens[before][0].lower() not in INSIDE_NAMES:
            return False
        if _is_name_word(tokens[before - 1][0]) and not _is_sentence_end(tokens[before - 1][0]):
            return True
    return False


def _over_initials(tokens: list[re.Match[str]], at: int) -> int:
    """Steps over initials and `Jr.` behind a family name (`Doe, J. K.`, `Doe JK`)."""
    last = at
    while last > 0 and (_is_initials(tokens[last][0]) or tokens[last][0].lower() in _SUFFIX):
        last -= 1
    if last == at:
        return at
    if tokens[last][0] == ",":
        last -= 1
    return last if last >= 0 and _is_name_word(tokens[last][0]) else at


def _is_initials(word: str) -> bool:
    return word.upper() == word and _INITIALS.fullmatch(word) is not None and word.lower() not in AND


def _is_name_word(word: str) -> bool:
    bare = _POSSESSIVE.sub("", word).rstrip(".")
    if not bare or bare.lower() in NO_AUTHORS or not bare[0].isalpha():
        return False
    if bare[0].isupper():
        return True
    head, mark, rest = _split_apostrophe(bare)
    return bool(mark and len(head) <= 3 and rest[:1].isupper()) or bare[1:2].isupper()


def _split_apostrophe(word: str) -> tuple[str, str, str]:
    """`d’Amico`, `al-Masri`: what stands before the mark, the mark, the rest."""
    match = re.match(r"([^\W\d_]{1,3})(['’‘ʼ\-‐‑])(.*)", word)
    return (match[1], match[2], match[3]) if match else (word, "", "")


def _is_sentence_end(word: str) -> bool:
    return word.endswith(".") and word.lower() not in ABBREVIATED and not _is_initials(word)
