"""CSL-JSON values as text and back: names, dates, and which variables hold which."""

from __future__ import annotations

import json
import re
from typing import Final

from reflint.formats.json_text import Json, Number, Pairs, showable

NAMES: Final = frozenset(
    "author chair collection-editor compiler composer container-author contributor curator director editor "
    "editorial-director editortranslator executive-producer guest host illustrator interviewer narrator organizer "
    "original-author performer producer recipient reviewed-author script-writer series-creator translator".split()
)
DATES: Final = frozenset("accessed available-date event-date issued original-date submitted".split())
VARIABLES: Final = (
    NAMES
    | DATES
    | frozenset(
        "abstract annote archive archive_collection archive_location archive-place authority call-number chapter- "
        "number citation-key citation-label citation-number collection-number collection-title container-title "
        "container-title-short dimensions division DOI edition event event-place event-title first-reference- "
        "note-number genre ISBN ISSN issue jurisdiction keyword language license locator medium note number "
        "number-of-pages number-of-volumes original-publisher original-publisher-place original-title page page- "
        "first part part-number part-title PMCID PMID printing-number publisher publisher-place references "
        "reviewed-genre reviewed-title scale section source status supplement supplement-number title title-short "
        "URL version volume volume-title volume-title-short year-suffix".split()
    )
)
"""The variables of CSL 1.0.2 (and `event`, `journalAbbreviation`'s kin of 1.0.1 that readers still write)."""

OLD_SPELLINGS: Final = {"journalAbbreviation": "container-title-short", "shortTitle": "title-short"}
"""CSL-JSON of citeproc-js 1.0: the same variables under older names."""

TYPES: Final = frozenset(
    "article article-journal article-magazine article-newspaper bill book broadcast chapter classic collection dataset "
    "document entry entry-dictionary entry-encyclopedia event figure graphic hearing interview legal_case legislation "
    "manuscript map motion_picture musical_score pamphlet paper-conference patent performance periodical "
    "personal_communication post post-weblog regulation report review review-book software song speech standard thesis "
    "treaty webpage".split()
)
NAME_PARTS: Final = ("family", "given", "suffix", "non-dropping-particle", "dropping-particle", "literal")
DATE_KEYS: Final = ("date-parts", "raw", "literal", "edtf")

_BESIDE_A_DATE = ("season", "circa")
_DATE = re.compile(r"(-?\d{4,})(?:-(\d\d)(?:-(\d\d))?)?")
_DATE_PART = re.compile(r"\s*-?\d{1,9}\s*", re.A)
_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?", re.A)


def source_text(value: Json) -> str:
    """A value as compact JSON text."""
    if isinstance(value, Number):
        return str(value)
    if isinstance(value, Pairs):
        return "{" + ", ".join(f"{json.dumps(k, ensure_ascii=False)}: {source_text(v)}" for k, v in value) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(source_text, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def scalar_text(value: Json) -> str:
    """A value that is neither name nor date as text: strings and numbers as they stand, null as nothing, else JSON."""
    if isinstance(value, str):
        return str(value)
    return "" if value is None else source_text(value)


def is_list(name: str, value: Json) -> bool:
    """Whether a member is a list of values of its own: names, or plain strings (Crossref writes titles so)."""
    if not isinstance(value, list):
        return False
    return name in NAMES or all(isinstance(element, str) for element in value)


def texts_of(name: str, value: Json) -> list[str]:
    """The field values that one member stands for."""
    if type(value) is str:
        return [showable(value)]
    if is_list(name, value) and isinstance(value, list):
        return [showable(name_text(element) if name in NAMES else scalar_text(element)) for element in value]
    if name in DATES:
        return [showable(date_text(value))]
    return [showable(scalar_text(value))]


def name_text(name: Json) -> str:
    """A CSL name as `Family, Given, Suffix`; a literal as it is."""
    if not isinstance(name, Pairs):
        return scalar_text(name)
    parts = {key: scalar_text(name.last(key)) for key in NAME_PARTS}
    if parts["literal"]:
        return parts["literal"]
    family = " ".join(filter(None, (parts["non-dropping-particle"], parts["family"])))
    given = " ".join(filter(None, (parts["given"], parts["dropping-particle"])))
    if family and parts["suffix"]:
        return ", ".join((family, given, parts["suffix"]))
    text = ", ".join(filter(None, (family, given, parts["suffix"])))
    return text if text or any(key in NAME_PARTS for key, _ in name) else source_text(name)


def name_from_text(text: str, old: Json = None) -> dict[str, str]:
    """The parts of a name written as `Family, Given, Suffix`; `name_text` of the result is `text`.

    `old` is the name that stood there: a literal with a comma stays a literal, particles stay particles.
    """
    was = {key: scalar_text(old.last(key)) for key in NAME_PARTS} if isinstance(old, Pairs) else {}
    pieces = text.split(", ")
    parts = {"literal": text}
    if "," in was.get("literal", ""):
        return parts
    if len(pieces) == 1 and was.get("family") and not was.get("given") and not was.get("suffix"):
        parts = _with_particles({"family": text}, was)
    elif len(pieces) in (2, 3) and all(piece.strip() for piece in (pieces[0], pieces[-1])):
        parts = _with_particles(dict(zip(("family", "given", "suffix"), pieces, strict=False)), was)
    return parts if _rendered(parts) == text else {"literal": text}


def _with_particles(parts: dict[str, str], was: dict[str, str]) -> dict[str, str]:
    before, after = was.get("non-dropping-particle"), was.get("dropping-particle")
    if before and parts["family"].startswith(f"{before} "):
        parts["non-dropping-particle"] = before
        parts["family"] = parts["family"][len(before) + 1 :]
    if after and parts.get("given", "").endswith(f" {after}"):
        parts["dropping-particle"] = after
        parts["given"] = parts["given"][: -len(after) - 1]
    return {key: value for key, value in parts.items() if value}


def _rendered(parts: dict[str, str]) -> str:
    return name_text(Pairs(parts.items()))


def date_text(date: Json) -> str:
    """A CSL date as `YYYY`, `YYYY-MM`, `YYYY-MM-DD` or two of them with `/` between; else its raw or literal text."""
    if not isinstance(date, Pairs):
        return scalar_text(date)
    ends = date.last("date-parts")
    if isinstance(ends, list) and 1 <= len(ends) <= 2:
        texts = [_end_text(end) for end in ends]
        if all(texts):
            return "/".join(texts)
    for key in DATE_KEYS[1:]:
        text = date.last(key)
        if isinstance(text, str) and text:
            return str(text)
    blank = all(key in _BESIDE_A_DATE or value in ([], [[]], "", None) for key, value in date)
    return "" if blank else source_text(date)


def _end_text(parts: Json) -> str:
    if not isinstance(parts, list) or not 1 <= len(parts) <= 3:
        return ""
    if not all(isinstance(part, str) and _DATE_PART.fullmatch(part) for part in parts):
        return ""
    numbers = [int(str(part)) for part in parts]
    while len(numbers) > 1 and numbers[-1] == 0:
        numbers.pop()
    year = f"{'-' if numbers[0] < 0 else ''}{abs(numbers[0]):04d}"
    if any(not 0 < number < 100 for number in numbers[1:]):
        return ""
    return "-".join([year, *(f"{number:02d}" for number in numbers[1:])])


def date_parts(text: str) -> list[list[int]] | None:
    """The date-parts of a date as `date_text` writes it; None for any other text."""
    matches = [_DATE.fullmatch(end) for end in text.split("/")] if text.isascii() else [None]
    if len(matches) > 2:
        return None
    ends = []
    for match in matches:
        if match is None or len(match[1]) > 9:
            return None
        ends.append([int(part) for part in match.groups() if part])
    as_json: list[Json] = [[Number(part) for part in end] for end in ends]
    return ends if date_text(Pairs([("date-parts", as_json)])) == text else None


def is_number(text: str) -> bool:
    """Whether the text is a JSON number."""
    return _NUMBER.fullmatch(text) is not None


def plain(value: Json) -> object:
    """A value as ordinary Python objects: dicts (the last of repeated keys), ints and floats."""
    if isinstance(value, Number):
        return _plain_number(value)
    if isinstance(value, str):
        return showable(value)
    if isinstance(value, Pairs):
        return {showable(key): plain(member) for key, member in value}
    if isinstance(value, list):
        return [plain(element) for element in value]
    return value


def _plain_number(value: Number) -> object:
    if not is_number(value):
        return str(value)
    if value.lstrip("-").isdigit():
        # Python refuses to read integers beyond some thousand digits; such a "number" is text.
        return int(value) if len(value) < 640 else str(value)
    number = float(value)
    return number if abs(number) != float("inf") else str(value)
