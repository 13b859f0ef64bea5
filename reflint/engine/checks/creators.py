"""Checks of names of contributors."""

from __future__ import annotations

import re
from collections.abc import Iterable

from reflint.engine.checks.base import Hit, Parameters, RecordTest, Scope, Trigger, ValueTest, check, number, texts
from reflint.engine.checks.zotero import tag_noise
from reflint.engine.fixes.generic import delete_field
from reflint.model.names import (
    invert,
    is_et_al,
    is_organisation,
    looks_personal,
    parse_name,
    strip_et_al,
    strip_name_noise,
)
from reflint.model.patterns import lazy
from reflint.model.record import Record
from reflint.model.text import fold

_NAME = frozenset(["name"])
_JEL = lazy(r"[^;,\s]\s+[A-Z]\d{1,2}\s*\Z")
"""A class of the Journal of Economic Literature, whose name holds semicolons, with its code behind it."""
_AND = re.compile(r"\s+(?:and|AND|&)\s+")
_PART = re.compile(r"[^\W\d_][^;]{1,60}\Z")
_AMBIGUOUS = lazy(
    r"\A(?:MA?C\w|FITZ|DE\w? |D[AIOU] |DOS |DAS |DES |DELL[AO] |LE |LA |EL |AL[ -]"
    r"|VAN|VON |VER |TEN |TER |BEN |BIN |ST\.? )|[İĞŞı]"
)
_TELLING = lazy(r"[@(0-9]|[^\W\d_][†‡§¶]")
_WORD = lazy(r"[^\W\d_]+")
_ROMAN = frozenset(["II", "III", "IV", "JR", "SR"])


@check("name_shape")
def name_shape(params: Parameters, scope: Scope) -> RecordTest:
    """A person's name of two or more words without a comma: `John Smith`.

    ProQuest leaves the comma out of names that are inverted already (`Smith John`): there no inversion is proposed.
    Who writes a name into Zotero's single field mostly says that it is an organisation: there it is only an info.
    """
    names = frozenset(scope.names)
    severity, confidence = ("info", "low") if scope.format == "zotero" else (None, None)

    def run(record: Record) -> Iterable[Hit]:
        found = [i for i, n in enumerate(record.names) if n in names and looks_personal(record.values[i])]
        if not found:
            return ()
        inverted = any(
            "proquest" in value.lower()
            for value in record.all("DB", "DP", "UR", "PB", "N1", "source", "URL", "libraryCatalog", "url")
        )
        return [
            Hit(i, new=None if inverted else invert(record.values[i]), severity=severity, confidence=confidence)
            for i in found
        ]

    return RecordTest(run, trigger=Trigger(names, looks_personal, _NAME))


_BODIES = frozenset(
    "organization organisation association society institute institution ministry committee commission consortium "
    "collaboration collaborative collaborators investigators department university agency federation foundation "
    "authority administration network team group programme secretariat directorate".split()
)
"""Words that end the name of a body and are no family names (as Council, School, Service, Bank are)."""
_LINKS = frozenset("of for on the and in &".split())


@check("body_as_person")
def body_as_person(params: Parameters, scope: Scope) -> ValueTest:
    """A body whose last word was taken for a family name: `Organization, World Health`."""

    def run(value: str) -> Hit | None:
        family, comma, given = value.partition(", ")
        if not comma or family.lower() not in _BODIES:
            return None
        words = given.split()
        if len(words) < 2 or not all(word in _LINKS or (word[0].isupper() and len(word) > 2) for word in words):
            return None
        return Hit(new=f"{' '.join(words)} {family}") if "," not in given else Hit()

    return ValueTest(frozenset(scope.names), run, quiet_for=_NAME)


@check("name_casing")
def name_casing(params: Parameters, scope: Scope) -> ValueTest:
    """A person's family name in capitals, or the whole name in small letters (`spared`: people who write it so).

    Where capitals could have gone several ways (MCDONALD, DE LA CRUZ, Turkish İ) nothing is proposed.
    """
    spared = frozenset(map(fold, texts(params, "spared")))

    def run(value: str) -> Hit | None:
        family, comma, given = value.partition(",")
        if not comma or not (family.isupper() or value.islower()) or is_organisation(value):
            return None
        letters = [c for c in family if c.isalpha()]
        if any(c.isdigit() for c in family):  # registers of trials write their number as the author
            return None
        if len(letters) < 4 or not all(c.isupper() or c.islower() for c in letters):
            return None
        if family.isupper():
            if _AMBIGUOUS.search(value):
                return Hit()
            return Hit(new=_recased(family) + comma + _given_recased(given))
        if value.islower() and len(given.strip()) > 1 and fold(value) not in spared:
            return Hit(new=None if _AMBIGUOUS.search(value.upper()) else _recased(value))
        return None

    return ValueTest(frozenset(scope.names), run, quiet_for=_NAME)


def _given_recased(given: str) -> str:
    """Given names in capitals written with one each; initials (`DMJS`, `YJ`, the `SM` of `SM HOSSEINI`) stay."""
    if not given.isupper() or not any(len(word) > 3 and not _are_initials(word) for word in _WORD.findall(given)):
        return given
    return _WORD.sub(lambda m: m[0] if _are_initials(m[0]) else _recased(m[0]), given)


def _are_initials(word: str) -> bool:
    """Whether capitals can be nothing but initials: a few letters, none of them a vowel."""
    return len(word) <= 5 and word.isascii() and not set("AEIOUY").intersection(word)


def _recased(name: str) -> str:
    return _WORD.sub(lambda m: m[0] if m[0] in _ROMAN else m[0][0].upper() + m[0][1:].lower(), name)


@check("et_al")
def et_al(params: Parameters, scope: Scope) -> RecordTest:
    """`et al.` and its kin stand as an author, or behind one."""
    names = frozenset(scope.names)

    def known(value: str) -> bool:
        return is_et_al(value) or strip_et_al(value) != value

    def run(record: Record) -> Iterable[Hit]:
        for position, name in enumerate(record.names):
            value = record.values[position]
            if name in names and known(value):
                edits = (delete_field(record, position),) if is_et_al(value) else ()
                yield Hit(position, edits=edits)

    return RecordTest(run, trigger=Trigger(names, known, _NAME))


@check("name_noise")
def name_noise(params: Parameters, scope: Scope) -> ValueTest:
    """A degree, title, footnote mark, ORCID iD, e-mail address or role stands in a name.

    What says more than the name (iD, address, role) goes only with a person's yes; so does what might be initials, or a
    letter that was read in the wrong encoding (`Novotn‡`).
    """

    def run(value: str) -> Hit | None:
        new = strip_name_noise(value)
        if new == value:
            return None
        lost = value[len(new) :] if value.startswith(new) else value
        telling = _TELLING.search(value) or re.fullmatch(r"\s*[A-Z.]{2,4}", lost)
        return Hit(new=new, safety="unsafe" if telling else "safe")

    return ValueTest(frozenset(scope.names), run, quiet_for=_NAME)


@check("duplicate_creator")
def duplicate_creator(params: Parameters, scope: Scope) -> RecordTest:
    """One name twice under one tag.

    A list that an exporter wrote out twice as a whole is cut in half safely. A full name may be that of two persons
    (`Zhang, Wei`); initials prove still less (info, no fix).
    """
    names = frozenset(scope.names)

    def run(record: Record) -> Iterable[Hit]:
        places = record.positions(*names)
        if len({record.values[position] for position in places}) == len(places):
            return
        seen: set[tuple[str, str]] = set()
        doubled: dict[str, bool] = {}
        for position in places:
            name, value = record.names[position], record.values[position]
            if not value:
                continue
            if (name, value) not in seen:
                seen.add((name, value))
                continue
            if name not in doubled:
                people = [v for n, v in zip(record.names, record.values, strict=True) if n == name and v]
                half = len(people) // 2
                doubled[name] = half > 1 and people[:half] == people[half:] and len(set(people)) == half
            if doubled[name]:
                yield Hit(
                    position, edits=(delete_field(record, position),), safety="safe", note="the whole list stands twice"
                )
                continue
            given = parse_name(value).given
            full = any(len(word) > 2 and not word.isupper() for word in re.split(r"[\s.-]+", given))
            if full or is_organisation(value):
                yield Hit(
                    position, edits=(delete_field(record, position),), safety="unsafe", note="the same name again"
                )
            else:
                yield Hit(position, severity="info", confidence="low", note="perhaps two persons")

    return RecordTest(run, present=(names,), repeated=names)


@check("several_values")
def several_values(params: Parameters, scope: Scope) -> ValueTest:
    """Several values packed into one field that may repeat: names, keywords (`kind`)."""
    kind = str(params.get("kind", "names"))

    def names(value: str) -> Hit | None:
        if ";" in value:
            parts = [part.strip() for part in value.split(";") if part.strip()]
        elif value.count(",") >= 2 and _AND.search(value) and not is_organisation(value):
            parts = [part.strip() for part in _AND.split(value)]
            if not all("," in part for part in parts):
                return None
        else:
            return None
        if len(parts) < 2 or not all(_PART.match(part) for part in parts) or any(map(is_organisation, parts)):
            return None
        return Hit(new=tuple(parts))

    def keywords(value: str) -> Hit | None:
        if ";" not in value or "&" in value or "\n" in value or _JEL.search(value):
            return None
        parts = tuple(dict.fromkeys(part.strip() for part in value.split(";") if part.strip()))
        return Hit(new=parts) if len(parts) > 1 else None

    return ValueTest(
        frozenset(scope.resolve(params.get("field"))),
        names if kind == "names" else keywords,
        ";" if kind == "keywords" else "",
        _NAME,
    )


@check("keywords")
def keywords(params: Parameters, scope: Scope) -> RecordTest:
    """A keyword stands twice (case apart), or carries the `*` of a major topic; of Zotero's tags see `tag_noise`."""
    if scope.format == "zotero":
        return tag_noise(scope, number(params, "automatic", 40))
    names = frozenset(scope.names)
    twice, starred = "twice" in texts(params, "report"), "starred" in texts(params, "report")

    def run(record: Record) -> Iterable[Hit]:
        every = record.all(*names)
        folded = "\0".join(every).casefold()
        if "*" not in folded and len({key.strip() for key in folded.split("\0")}) == len(every):
            return
        seen: set[str] = set()
        for position, name in enumerate(record.names):
            value = record.values[position]
            if name not in names or not value or "\n" in value:
                continue
            key = value.casefold().strip()
            if key in seen and twice:
                yield Hit(position, edits=(delete_field(record, position),), note="stands twice", safety="safe")
                continue
            seen.add(key)
            if starred and (value[0] == "*" or value[-1] == "*" or "/*" in value):
                new = value.strip("*").replace("/*", "/").strip()
                yield Hit(position, new=new, note="carries the * of a major topic", safety="unsafe")

    return RecordTest(run, present=(names,))


@check("editors_only")
def editors_only(params: Parameters, scope: Scope) -> RecordTest:
    """A part of a book (chapter, entry) has editors and no author."""
    authors, editors = frozenset(scope.resolve("csl.author")), frozenset(scope.resolve("csl.editor"))

    def run(record: Record) -> Iterable[Hit]:
        found = [position for position in record.positions(*editors) if record.values[position]]
        return [Hit(found[0])] if found and not any(record.values[i] for i in record.positions(*authors)) else ()

    return RecordTest(run, present=(editors,), absent=authors)
