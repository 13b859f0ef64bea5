"""Lists of authors held against a registry's: names whose parts are swapped, authors who are missing or too many."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rapidfuzz.fuzz import ratio

from reflint.engine.checks.base import Hit, names_of
from reflint.engine.fixes.generic import set_value
from reflint.lookup.answer import Answer, instant
from reflint.lookup.registries import Registries
from reflint.lookup.subject import Subject
from reflint.lookup.titles import folded
from reflint.lookup.work import Person, Work
from reflint.model.evidence import Evidence
from reflint.model.names import is_et_al, is_organisation, parse_name, strip_et_al
from reflint.model.record import Record

_MOST = 20
"""Authors from which lists are cut, by registries and by citation styles alike."""
_ALIKE = 60
"""Percent of likeness from which family names may be one, spelt or transliterated in two ways."""
_TYPES = frozenset(["article-journal", "paper-conference", "article"])
"""Types whose creators are authors and nobody else."""


class Difference(NamedTuple):
    """Whom the other list has and this one lacks, and who stands in this one only."""

    missing: tuple[Person, ...]
    strange: tuple[Person, ...]

    @property
    def words(self) -> str:
        """`Okafor missing; Dahl not in the registry`."""
        missing, strange = (", ".join(one.family for one in part) for part in self)
        return "; ".join([f"{missing} missing"] * bool(missing) + [f"{strange} not in the registry"] * bool(strange))


def difference(mine: Sequence[Person], theirs: Sequence[Person]) -> Difference | None:
    """What two lists of authors differ in; None where they agree, and wherever one of them may be cut.

    Only people with family and given names in Latin letters can be told apart; a name that is like another in any way
    is taken for it. A list that is the beginning of the other is a cut one, be it the registry's.
    """
    if not (2 <= len(theirs) <= _MOST and 1 <= len(mine) <= _MOST) or not all(map(_is_plain, (*mine, *theirs))):
        return None
    strange, left = _unmatched(mine, theirs)
    known = len(mine) - len(strange)
    if not (left or strange) or not known or len(left) > max(known, 2) or len(strange) > known:
        return None
    if (not strange and left == list(theirs[known:])) or (not left and strange == list(mine[known:])):
        return None  # cut
    return Difference(tuple(left), tuple(strange))


def _unmatched(mine: Sequence[Person], theirs: Sequence[Person]) -> tuple[list[Person], list[Person]]:
    """Who of each list has nobody in the other: first those of one name find each other, then those of like names."""
    strange, left = list(mine), list(theirs)
    for same in (_same_family, _may_be_same):
        for one in tuple(strange):
            match = next((other for other in left if same(one, other)), None)
            if match is not None:
                strange.remove(one)
                left.remove(match)
    return strange, left


def _same_family(one: Person, other: Person) -> bool:
    return folded(one.family) == folded(other.family)


def _is_plain(person: Person) -> bool:
    name = f"{person.family}{person.given}"
    return bool(person.given) and all(c < "\u0250" for c in name) and not is_organisation(person.family)


def _may_be_same(one: Person, other: Person) -> bool:
    """Whether two names have a word in common, or family names that are somewhat alike."""
    words, others = (set(folded(f"{p.family} {p.given}").split()) for p in (one, other))
    if any(len(word) > 2 for word in words & others):
        return True
    a, b = folded(one.family).replace(" ", ""), folded(other.family).replace(" ", "")
    return a == b or ratio(a, b) >= _ALIKE or a in b or b in a


def swapped(mine: Person, theirs: Person) -> bool:
    """Whether the family name of one is the given name of the other, both ways; never so for initials."""
    family, given = folded(mine.family), folded(mine.given)
    if family == given or min(len(family), len(given)) < 3:
        return False
    return folded(theirs.family) == given and folded(theirs.given).split()[:1] == family.split()[:1]


def names_swapped(subject: Subject, registries: Registries) -> Iterator[Hit]:
    """The given name of an author stands where the family name belongs, by the word of two registries."""
    first = _certain(subject)
    if first is None:
        return
    for position, mine in _written(subject.record):
        theirs = next((one for one in first.authors if swapped(mine, one)), None)
        if theirs is None or any(folded(one.family) == folded(mine.family) for one in first.authors):
            continue
        second = subject.second_opinion
        if second.value is None or not any(swapped(mine, one) for one in second.value.authors):
            return
        name = f"{mine.given}, {mine.family}"
        evidence = tuple(_said(answer, (theirs,)) for answer in (subject.work, second))
        edit = set_value(subject.record, position, name)
        yield Hit(position, note=name, edits=(edit,), safety="unsafe", evidence=evidence)


def authors_differ(subject: Subject, registries: Registries) -> Iterator[Hit]:
    """An author is missing, or one is there whom the registry does not have, by the word of two registries."""
    first = _certain(subject)
    if first is None or _is_cut(subject.record):
        return
    mine = tuple(one for _, one in _written(subject.record))
    found = difference(mine, first.authors)
    if found is None:
        return
    second = subject.second_opinion
    if second.value is None or _families(difference(mine, second.value.authors)) != _families(found):
        return
    evidence = tuple(_said(answer, answer.value.authors) for answer in (subject.work, second) if answer.value)
    position = next((position for position, one in _written(subject.record) if one in found.strange), None)
    yield Hit(position, note=found.words, evidence=evidence)


def _certain(subject: Subject) -> Work | None:
    """The work of a record's own DOI, where nothing else of the record leaves a doubt that it is the one."""
    found = subject.identified if subject.reference.doi else None
    if found is None or subject.reference.type not in _TYPES or found.comparison.relation != "same":
        return None
    verdicts = found.comparison.verdicts
    return found.work if verdicts.get("title") == "equal" and verdicts.get("year") in ("equal", "near") else None


def _written(record: Record) -> list[tuple[int, Person]]:
    """A record's authors as they stand in it, with their places."""
    positions = record.positions(*names_of(record.format.name, record.type, "author"))
    names = [(position, parse_name(record.values[position])) for position in positions]
    return [(position, Person(name.family or name.literal, name.given)) for position, name in names]


def _is_cut(record: Record) -> bool:
    """Whether a list of authors says itself that it goes on."""
    values = [record.values[n] for n in record.positions(*names_of(record.format.name, record.type, "author"))]
    return any(is_et_al(one) or strip_et_al(one) != one or "…" in one or "..." in one for one in values)


def _families(found: Difference | None) -> list[list[str]] | None:
    return None if found is None else [sorted(folded(one.family) for one in part) for part in found]


def _said(answer: Answer[Work], people: Sequence[Person]) -> Evidence:
    """What a registry has for these people."""
    names = "; ".join(f"{one.family}, {one.given}".rstrip(", ") for one in people)
    doi = answer.value.doi if answer.value else ""
    return Evidence(answer.source, answer.state, instant(answer.asked), doi, values=(("author", names),))
