"""The normalisers that rules name: each turns a value into the form it should have, and is at rest there."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from reflint.engine.checks.screens import EVERY_SCREEN
from reflint.model.identifiers import (
    decode_doi,
    doi_key,
    is_doi,
    normalize_doi,
    normalize_orcid,
    strip_doi_prefix,
    trim_doi,
)
from reflint.model.names import is_organisation, strip_et_al, strip_name_noise
from reflint.model.patterns import lazy
from reflint.model.standard_numbers import normalize_isbns, normalize_issns, parse_standard_numbers
from reflint.model.text import (
    collapse_whitespace,
    fix_mojibake,
    fold,
    strip_abstract_label,
    strip_control,
    strip_markup,
    unescape_entities,
)
from reflint.model.urls import strip_proxy, strip_tracking


class NormalForm(NamedTuple):
    """A normaliser, and characters of which a value must hold one for it to change anything (`""`: unknown).

    `quiet_for`: screens whose ordinary values it leaves as they are.
    """

    normalise: Callable[[str], str]
    needs: str = ""
    quiet_for: frozenset[str] = frozenset()


def _whitespace(value: str) -> str:
    """Trimmed and collapsed; a value of several lines keeps its lines."""
    if "  " not in value and value.isprintable():  # then all its white space is single blanks
        return value.strip(" ")
    value = _ends(value)
    return value if "\n" in value or "\r" in value else collapse_whitespace(value)


def _ends(value: str) -> str:
    return value.strip(" \t\r\n")


def _nfc(value: str) -> str:
    return value if value.isascii() else unicodedata.normalize("NFC", value)


def _one_issn(value: str) -> str:
    if len([one for one in parse_standard_numbers(value) if one.kind != "other"]) != 1:
        return value
    return normalize_issns(value) or value


def _several_issns(value: str) -> str:
    if len([one for one in parse_standard_numbers(value) if one.kind == "issn"]) < 2:
        return value
    return normalize_issns(value) or value


def _only_if_doi(normalise: Callable[[str], str], value: str) -> str:
    """The aspect alone, and only where all aspects together give a DOI."""
    if is_doi(value) and normalise is not trim_doi and "%" not in value and "&" not in value:
        return value
    new = normalise(value)
    return new if new != value and normalize_doi(value) else value


def _title_markup(value: str) -> str:
    """The inline tags that Zotero knows, others of that meaning turned into them, all else gone; on one line."""
    if "<" not in value:
        return value
    new, again = _KIN.subn(_as_inline, value)
    while again:
        new, again = _KIN.subn(_as_inline, new)
    stripped = strip_markup(new, keep=_INLINE)
    return " ".join(stripped.split()) if stripped != new and "\n" in stripped else stripped


def _unescape_then_strip(value: str) -> str:
    """Markup gone, entities resolved. `&lt;` becomes text after the tags went, so that it is never taken for one."""
    return unescape_entities(strip_markup(value)) if "&" in value else strip_markup(value)


def _without_copyright(value: str) -> str:
    from reflint.model.text import copyright_tail

    start = copyright_tail(value)
    return value if start is None else value[:start].rstrip()


_NUMBERED = lazy(
    r"\s*(?:(?P<number>[1-9]\d?)(?:st|nd|rd|th|[ªº°.]|e|er|ème)?|(?P<word>[a-z]+))[\s,]*"
    r"(?:(?:edition|edn|ed|auflage|aufl|édition|éd|edición|edição|edizione|udgave|udg|upplaga|uppl|utgave|utg|izd|wyd)"
    r"\.?)?\s*\Z",
    re.IGNORECASE,
)
_ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split()


def _edition(value: str) -> str:
    """The number alone of an edition that is nothing but numbered."""
    match = _NUMBERED.match(value) if len(value) < 24 else None
    if match is None:
        return value
    word = (match["word"] or "").lower()
    return str(_ORDINALS.index(word) + 1) if word in _ORDINALS else match["number"] or value


_LIGATURES = "\ufb00\ufb01\ufb02\ufb03\ufb04\ufb05\ufb06"
_LIGATURE = lazy("(?<=[^\\W\\d_])[\ufb00-\ufb06]|[\ufb00-\ufb06](?=[^\\W\\d_])")


def _ligatures(value: str) -> str:
    """Letters for the ligatures of a typesetter, where they stand in a word (a work may be about the sign itself)."""
    if not any(map(value.__contains__, _LIGATURES)):
        return value
    return _LIGATURE.sub(lambda match: unicodedata.normalize("NFKC", match[0]), value)


_CLOSE_INITIALS = lazy(r"(?<=\b\w\.)(?=\w\.)")


def _initials(name: str) -> str:
    """A blank between the initials of a person (`Okafor, N.A.`)."""
    family, comma, given = name.partition(",")
    if given.count(".") < 2 or is_organisation(name):
        return name
    return family + comma + _CLOSE_INITIALS.sub(_blank_between_capitals, given)


def _blank_between_capitals(match: re.Match[str]) -> str:
    text, place = match.string, match.start()
    return " " if text[place - 2].isupper() and text[place].isupper() else ""


_TWO_NUMBERS = lazy(
    r"\s*(\d{1,4})(?:\s*[\u2010-\u2015\u2212]\s*|\s+-\s*|-\s+|(\s*[&+]\s*|\s+(?:and|und|et|y|e)\s+))(\d{1,4})\s*"
)


def _double_number(value: str) -> str:
    """A plain hyphen between the two numbers of a double volume or issue; `1 & 4` may be two that are not."""
    match = _TWO_NUMBERS.fullmatch(value)
    if match is None or (match[2] and int(match[3]) != int(match[1]) + 1):
        return value
    return f"{match[1]}-{match[3]}"


_INLINE = frozenset(["i", "b", "sub", "sup", "span"])
_INLINE_OF = {"em": "i", "italic": "i", "strong": "b", "bold": "b", "inf": "sub"}
_KIN = lazy(
    r"<(jats:(?:i|b|sub|sup|italic|bold)|em|italic|strong|bold|inf)\s*>([^<>]*(?:<(?!/?\1\b)[^<>]*>[^<>]*)*)</\1\s*>",
    re.IGNORECASE,
)


def _as_inline(match: re.Match[str]) -> str:
    name = match[1].lower().removeprefix("jats:")
    name = _INLINE_OF.get(name, name)
    return f"<{name}>{match[2]}</{name}>"


_DOI = frozenset(["doi"])
_ISSN = frozenset(["issn"])

NORMAL_FORMS: dict[str, NormalForm] = {
    "fold": NormalForm(fold),
    "doi_key": NormalForm(lambda value: doi_key(value) or value),
    "doi_prefix": NormalForm(partial(_only_if_doi, strip_doi_prefix), quiet_for=_DOI),
    "doi_punctuation": NormalForm(partial(_only_if_doi, trim_doi), quiet_for=_DOI),
    "doi_encoding": NormalForm(partial(_only_if_doi, decode_doi), "%&"),
    "issn": NormalForm(_one_issn, quiet_for=_ISSN),
    "issns": NormalForm(_several_issns, quiet_for=_ISSN),
    "isbns": NormalForm(lambda value: normalize_isbns(value) or value, quiet_for=_ISSN),
    "orcid": NormalForm(lambda value: normalize_orcid(value) or value),
    "whitespace": NormalForm(_whitespace, quiet_for=EVERY_SCREEN),
    "ends": NormalForm(_ends, quiet_for=EVERY_SCREEN),
    "nfc": NormalForm(_nfc, "\u0300"),
    "control": NormalForm(strip_control, "\x01"),
    "mojibake": NormalForm(fix_mojibake, "\xc3"),
    "edition": NormalForm(_edition),
    "ligatures": NormalForm(_ligatures, "\u0300"),
    "initials": NormalForm(_initials, quiet_for=frozenset(["name"])),
    "double_number": NormalForm(_double_number, quiet_for=frozenset(["number"])),
    "entities": NormalForm(unescape_entities, "&"),
    "title_markup": NormalForm(_title_markup, "<"),
    "abstract_markup": NormalForm(_unescape_then_strip, "<&"),
    "abstract_label": NormalForm(strip_abstract_label),
    "copyright": NormalForm(_without_copyright),
    "name_noise": NormalForm(strip_name_noise),
    "et_al": NormalForm(strip_et_al),
    "url_tracking": NormalForm(strip_tracking),
    "url_proxy": NormalForm(strip_proxy),
}
"""name -> normaliser. Each is idempotent (tested)."""
