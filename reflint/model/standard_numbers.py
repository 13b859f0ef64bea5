"""ISSN, ISBN and ISMN: their check digits, and what numbers a field that should hold them really holds."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from operator import mul
from typing import Literal, NamedTuple

from reflint.model.patterns import lazy

Kind = Literal["issn", "isbn", "ismn", "issn-bad", "isbn-bad", "other"]


class StandardNumber(NamedTuple):
    """One number of a value.

    `text` is as written, without its label; `canonical` is `NNNN-NNNC` for an ISSN, compact for an ISBN or ISMN (X a
    capital; an SBN gets its 0), else `text`. `start` and `end` are code points: `value[start:end] == text`.
    """

    kind: Kind
    text: str
    canonical: str
    start: int
    end: int


_DASH = "\\-\u00ad\u2010-\u2015\u2043\u2212"
_DASHES = dict.fromkeys([0x2D, 0xAD, *range(0x2010, 0x2016), 0x2043, 0x2212])
_ONE_ISSN = lazy(r"\d{4}-?\d{3}[\dXx]", re.ASCII)
_LABEL_WORDS = frozenset(
    "print online electronic linking p e l pr el web cd cd-rom cdrom internet printed hardcover hardback hard "
    "softcover "
    "paperback paper cloth bound casebound hbk pbk hb pb set vol volume v alk alk. acid-free ebook e-book ebk epub pdf "
    "kindle mobi digital undefined international standard serial book number no no. nr nr. and und et 10 13 us "
    "uk".split()
)


@cache
def _words() -> re.Pattern[str]:
    """Words of a value: tags, literal escapes and brackets without digits are there to be passed over."""
    return re.compile(
        r"<[a-z/ ]+>|\\[rnt](?![a-z])|\([^()\d]*\)"
        rf"|\d{{4}}\s?[{_DASH}]\s?\d{{3}}[\dX](?![\dX{_DASH}])|[^\s,;/\\|\[\]\"'()<>{{}}:=]+",
        re.I | re.ASCII,
    )


@cache
def _label() -> re.Pattern[str]:
    """A label that sticks to its number (`eISSN1234-5678`, `E2196-7822`)."""
    return re.compile(
        r"(?:(?:e|p|l|print|online)-?)?(?:ISSN|ISBN|ISMN)(?:-?L|-?1[03](?=\D|$))?[-.]?|[EPO](?=\d{4}-)", re.I
    )


@cache
def _telephone() -> re.Pattern[str]:
    """What tells that the digits of a value are a telephone number: a word, or how such are written at their beginning.

    Two zeros begin ISSNs and ISBNs, too, and `(10)` and `(13)` say of which length an ISBN is.
    """
    return re.compile(
        r".*\b(?:tele?(?:phone|fon)?|phone|(?:tele)?fax)\b|\s*(?:\+\s?\(?\d|00\d{1,3}[\s(/.]+(?!\d{4}\b)"
        r"|\((?!1[03]\))\d{2,5}\)\s*\d|\d{3}-\d{3}-\d{4}\s*\Z)",
        re.I | re.ASCII | re.S,
    )


@cache
def _number() -> re.Pattern[str]:
    return re.compile(rf"[\dX{_DASH}]*\d[\dX{_DASH}]*", re.I | re.ASCII)


def is_issn(v: str) -> bool:
    """Whether `v` is an ISSN in its canonical form `NNNN-NNNC` with the right check character (ISO 3297)."""
    return len(v) == 9 and v[4] == "-" and issn_checks(v[:4] + v[5:])


def is_isbn(v: str) -> bool:
    """Whether `v` is an ISBN of 10 or 13 characters, compact or with ASCII hyphens, that checks; 979-0 is music."""
    compact = v.replace("-", "")
    return isbn_checks(compact) and not compact.startswith("9790")


def issn_checks(compact: str) -> bool:
    """Whether 8 characters (X in capitals) are an ISSN; `00000000`, which passes the sum, is none."""
    if len(compact) != 8 or not compact.isascii() or not compact[:7].isdigit() or compact == "00000000":
        return False
    total = sum(map(mul, range(8, 1, -1), _digits(compact)))
    return compact[7] == "0123456789X"[-total % 11]


def isbn_checks(compact: str) -> bool:
    """Whether 10 or 13 characters (X in capitals) with 978 or 979 before 13 carry the right check character."""
    if not compact.isascii() or not compact[:-1].isdigit():
        return False
    if len(compact) == 10:
        total = sum(map(mul, range(10, 1, -1), _digits(compact)))
        return compact[9] == "0123456789X"[-total % 11] and compact != "0000000000"
    if len(compact) != 13 or not compact.startswith(("978", "979")):
        return False
    digits = _digits(compact)
    total = sum(digits[0:12:2]) + 3 * sum(digits[1:12:2])
    return compact[12] == str(-total % 10)


_DIGITS = bytes.maketrans(b"0123456789", bytes(range(10)))


def _digits(compact: str) -> bytes:
    """What digits of ASCII are worth, one by one."""
    return compact.encode().translate(_DIGITS)


@lru_cache(maxsize=4_000)
def parse_standard_numbers(value: str) -> tuple[StandardNumber, ...]:
    """All numbers in `value`, in order; what is neither number nor label is `other`.

    A candidate whose check character is wrong is `issn-bad` (8 characters) or `isbn-bad` (10, or 13 after 978/979).
    The digits of a telephone number are `other`, whatever they happen to check as.
    """
    if _ONE_ISSN.fullmatch(value):
        return (_issn(value, 0),)
    words = _number_words(value)
    if _telephone().match(value):
        return tuple(StandardNumber("other", word, word, start, start + len(word)) for word, start in words)
    labelled = "isbn" in value.lower()
    numbers: list[StandardNumber] = []
    position = 0
    while position < len(words):
        spaced = _spaced_number(value, words, position, labelled)
        taken, number = spaced or (1, _classify(*words[position], labelled))
        numbers.append(number)
        position += taken
    return tuple(numbers)


def normalize_issns(value: str) -> str | None:
    """`value` as canonical ISSNs joined by `, `, repeats dropped; None when it holds anything but valid ISSNs."""
    if is_issn(value):
        return value
    return _joined(value, "issn", ", ")


def normalize_isbns(value: str) -> str | None:
    """`value` as compact ISBNs joined by one space, repeats dropped; None when it holds anything but valid ISBNs."""
    return _joined(value, "isbn", " ")


def _joined(value: str, kind: Kind, separator: str) -> str | None:
    numbers = parse_standard_numbers(value)
    if not numbers or any(number.kind != kind for number in numbers):
        return None
    return separator.join(dict.fromkeys(number.canonical for number in numbers))


def _number_words(value: str) -> list[tuple[str, int]]:
    """(word, start) of all words that are no label; a label that sticks to its number is cut off."""
    words = []
    for match in _words().finditer(value):
        word, start = match[0], match.start()
        if word[0] in "(<\\" or word.lower() in _LABEL_WORDS:
            continue
        if (label := _label().match(word)) and (label.end() == len(word) or word[label.end()] in "0123456789Mm"):
            word, start = word[label.end() :], start + label.end()
        elif word[0] in "rn" and value[start - 1 : start] == "\\":
            word, start = word[1:], start + 1
        word = word.rstrip(".")
        if word and word.translate(_DASHES):
            words.append((word, start))
    return words


def _classify(word: str, start: int, labelled: bool) -> StandardNumber:
    """What one word is."""
    end = start + len(word)
    compact = _compact(word)
    if compact[:1] == "M" and len(compact) == 10 and isbn_checks("9790" + compact[1:]):
        return StandardNumber("ismn", word, "9790" + compact[1:], start, end)
    if len(compact) in (8, 9, 10, 13) and compact[:-1].isdigit() and _number().fullmatch("".join(word.split())):
        if len(compact) == 8:
            return _issn(word, start)
        if len(compact) == 9 and isbn_checks("0" + compact):
            return StandardNumber("isbn", word, "0" + compact, start, end)
        if isbn_checks(compact):
            return StandardNumber("ismn" if compact.startswith("9790") else "isbn", word, compact, start, end)
        if _is_isbn_shaped(word, compact, labelled):
            return StandardNumber("isbn-bad", word, word, start, end)
    return StandardNumber("other", word, word, start, end)


def _compact(word: str) -> str:
    """A word without dashes and blanks, in capitals."""
    return word.upper() if word.isalnum() else "".join(word.translate(_DASHES).upper().split())


def _issn(word: str, start: int) -> StandardNumber:
    compact = _compact(word)
    end = start + len(word)
    if issn_checks(compact):
        return StandardNumber("issn", word, f"{compact[:4]}-{compact[4:]}", start, end)
    return StandardNumber("issn-bad", word, word, start, end)


def _is_isbn_shaped(word: str, compact: str, labelled: bool) -> bool:
    """Whether a number that does not check was meant as an ISBN, and not as a report number."""
    if len(compact) == 13:
        return compact.startswith(("978", "979")) and compact.isdigit()
    if len(compact) != 10:
        return False
    dashes = len(word) - len(compact)
    return labelled or dashes == 0 or (dashes == 3 and word[-2:-1].translate(_DASHES) == "")


def _spaced_number(
    value: str, words: list[tuple[str, int]], position: int, labelled: bool
) -> tuple[int, StandardNumber] | None:
    """(how many words from `position` make one number written with spaces, that number); None when none do."""
    word, start = words[position]
    if position + 1 == len(words) or len(word) > 9 or not _number().fullmatch(word):
        return None
    compact = word.translate(_DASHES)
    end = start + len(word)
    for taken, (following, begin) in enumerate(words[position + 1 : position + 6], 2):
        if begin != end + 1 or value[end] not in " \u00a0" or not _number().fullmatch(following):
            break
        compact += following.translate(_DASHES).upper()
        end = begin + len(following)
        text = value[start:end]
        if len(compact) == 8 and taken == 2 == len(words) and len(word) == 4:
            number = _issn(text.replace(" ", "").replace("\u00a0", ""), start)
            return 2, number._replace(text=text, end=end)
        if isbn_checks(compact) and (len(compact) == 13 or taken == 4):
            kind: Kind = "ismn" if compact.startswith("9790") else "isbn"
            return taken, StandardNumber(kind, text, compact, start, end)
        if (word in ("978", "979") and len(compact) == 13) or (len(compact) == 10 and taken == 4 and labelled):
            return taken, StandardNumber("isbn-bad", text, text, start, end)
    return None
