"""Titles for comparison: letters alone, what a title says of its kind, and the numbers in it."""

from __future__ import annotations

import re
from typing import NamedTuple

from reflint.model.text import unescape_entities, without_diacritics

_LETTERS = str.maketrans(
    {"ß": "ss", "ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"}
    | dict(zip("αβγδεκλμσω", "alpha beta gamma delta epsilon kappa lambda mu sigma omega".split(), strict=True))
    | dict.fromkeys("'’‘`ʼ")
)
_WORD = re.compile(r"[^\W_]+")
_MARKUP = re.compile(r"</?[a-z:]+[^<>]*>|\\[a-z]+|[{}]|\\.")
_LANGUAGES = (
    "afrikaans|arabic|bulgarian|catalan|chinese|croatian|czech|danish|dutch|english|estonian|finnish|french|german|greek"
    "|hebrew|hungarian|icelandic|italian|japanese|korean|latvian|lithuanian|norwegian|persian|polish|portuguese"
    "|romanian|russian|serbian|slovak|slovene|slovenian|spanish|swedish|thai|turkish|ukrainian"
)
_NOTE = re.compile(
    rf"\s*(?:[\[(](?:article )?(?:in )?(?:[a-z]+(?:,? (?:and )?)?)?(?:{_LANGUAGES})\.?[\])]"
    r"|\[(?:published )?errat(?:um|a)\b.*"
    r"|\[(?:see|corrected|comments?|review|letter|editorial|abstract|proceedings|retracted|\d+ refs?)\b[^\]]*\]"
    r"|\((?:reprinted|review)[^()]*\)|[-:,]?\s*review,? \d+ refs?\.?)[\s.]*$"
)
"""What databases write behind titles: languages, references, review."""
_OF_ERRATUM = re.compile(
    r"\W*(?:(?:published |publishers? |authors? )?(?:erratum|errata|corrigend(?:um|a)|correction|addendum)\b"
    r"(?! (?:of|for|factors?|by|with|in|methods?)\b)|expression of concern\b)"
    r"|.*\(vol\.? \d+\w*, (?:p|pg|e|art)[^)]*\)\W*$"
    r"|.*[(:.-] *(?:erratum|corrigendum|correction)\)?\W*$"
)
_OF_RETRACTION = re.compile(
    r"\W*(?:retraction(?: not(?:e|ice)\b|(?:[:.]| [:–—-]) )|notice of retraction\b|retraction of\b)"
)
_RETRACTED = re.compile(r"\W*(?:retracted(?: article| paper)?|withdrawn(?: article)?)\W*[:.-]\W*")
_REPLY = r"(?:reply|response|rejoinder)"
_KINDS = (
    (
        "reply",
        re.compile(
            rf"\W*(?:(?:the )?(?:authors?|editors?) )?(?:in )?{_REPLY}(?: to\b|\W*$|: )|re:"
            rf"|.*[-:.(,] *(?:(?:the )?authors? )?{_REPLY}\W*$|.*\bauthors? (?:reply|response)\W*$"
        ),
    ),
    (
        "comment",
        re.compile(
            r"\W*(?:invited |editorial )?comment(?:s|ary)?(?: on\b|\W*$|: )"
            r"|.*[-:.(] *(?:invited )?comment(?:s|ary)?\W*$"
        ),
    ),
    ("letter", re.compile(r"\W*letters?(?: to the editor|\W*$|: )")),
    ("editorial", re.compile(r"\W*(?:guest )?editorial(?: comment| note)?(?:\W*$|[.:] )")),
    ("protocol", re.compile(r".*\bprotocol(?: for\b|\W*$)|\W*(?:study )?protocol\b")),
    ("update", re.compile(r".*\bupdated?\b")),
    ("review of a book", re.compile(r"\W*(?:book review|review of)\b")),
)
"""What a title may say of its kind."""
_HEAD = re.compile(r"(?:[:?!]|\s[-–—]+|[.;])\s")
_PARTS = frozenset(
    "part parts pt type phase trial study volume vol chapter section paper series stage class grade group no".split()
)
_ROMANS = {numeral: str(n) for n, numeral in enumerate("i ii iii iv v vi vii viii ix x xi xii xiii xiv xv".split(), 1)}
_HINT = re.compile(
    r"errat|corrig|correct|addend|concern|retract|withdraw|\(vol|reply|respon|rejoin|comment|letter|editor|protocol"
    r"|updat|review|^\W*re:"
)
_ASCII_LETTERS = {code: None for code in range(128) if not chr(code).isalnum()}


class Title(NamedTuple):
    """A title for comparison.

    `letters`: lower-case letters and digits, nothing between. `head`: how many of them stand before the subtitle (0:
    no subtitle). `words`: as they follow one another. `kind`: what it says of its own kind (`erratum`, `reply`, ...;
    `retracted` only marks the work). `numbers`: its numbers, parts and roman numerals, sorted.
    """

    letters: str = ""
    head: int = 0
    words: tuple[str, ...] = ()
    kind: str = ""
    numbers: tuple[str, ...] = ()


def fold(text: str) -> str:
    """Lower case without diacritics, markup and apostrophes; Greek letters in words."""
    text = text.lower()
    if "&" in text:
        text = unescape_entities(text).lower()
    if "<" in text or "\\" in text or "{" in text:
        text = _MARKUP.sub("", text)
    if not text.isascii():
        return without_diacritics(text.replace("´", "'")).translate(_LETTERS)  # NFKD would make `´` a blank
    return text.replace("'", "").replace("`", "")


def words(text: str) -> list[str]:
    """The folded words of a text."""
    return _WORD.findall(fold(text))


def letters(text: str) -> str:
    """The folded letters and digits of a text, nothing between."""
    folded = fold(text)
    return folded.translate(_ASCII_LETTERS) if folded.isascii() else "".join(_WORD.findall(folded))


def read_title(text: str) -> Title:
    """What a title says, its notes on language, references and review left out."""
    folded = fold(text).strip()
    while "[" in folded or "(" in folded or "refs" in folded:
        bare = _NOTE.sub("", folded)
        if bare == folded or not bare:
            break
        folded = bare
    kind, folded = _kind(folded) if _HINT.search(folded) else ("", folded)
    found = _WORD.findall(folded)
    return Title("".join(found), _head(folded), tuple(found), kind, _numbers(found))


def _kind(folded: str) -> tuple[str, str]:
    """What a title says of its kind, and the title without saying it."""
    if match := _OF_ERRATUM.match(folded):
        return "erratum", _behind(folded, match)
    if match := _OF_RETRACTION.match(folded):
        return "retraction", _behind(folded, match)
    if match := _RETRACTED.match(folded):
        folded = folded[match.end() :]
    for name, pattern in _KINDS:
        if match := pattern.match(folded):
            return name, _behind(folded, match)
    return "", folded


def _behind(folded: str, match: re.Match[str]) -> str:
    """What a title says behind the words that tell its kind; all of it where they are no beginning."""
    rest = re.sub(r"^\W*(?:(?:to|for|on|of)\b\W*)?", "", folded[match.end() :])
    return rest if len(rest) > 12 else folded


def _head(folded: str) -> int:
    """How many letters stand before the subtitle, at least 20."""
    for match in _HEAD.finditer(folded):
        length = sum(map(len, _WORD.findall(folded[: match.start()])))
        if length >= 20:
            return length if match.end() < len(folded) else 0
    return 0


def _numbers(found: list[str]) -> tuple[str, ...]:
    """The numbers among the words, roman ones too; single letters only where they number a part (`part b`)."""
    numbers = []
    before = ""
    for n, word in enumerate(found):
        if not word.isalpha():
            numbers += [digits.lstrip("0") or "0" for digits in re.findall(r"\d+", word)]
        elif word in _ROMANS and (len(word) > 1 or before in _PARTS or n == len(found) - 1):
            numbers.append(_ROMANS[word])
        elif len(word) == 1 and before in _PARTS:
            numbers.append(word)
        before = word
    return tuple(sorted(numbers)) if numbers else ()
