"""Whether a work of a registry is the work of a record: evidence field by field, a score, a choice among hits."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

from rapidfuzz.fuzz import ratio

from reflint.lookup.reference import Reference
from reflint.lookup.titles import NEAR, Likeness, compare_titles, folded, is_generic, is_notice, is_short
from reflint.lookup.work import Person, Work
from reflint.model.abbreviations import abbreviates
from reflint.model.identifiers import doi_key

AUTOMATIC = 0.9
"""The least score at which a DOI may be written unattended; docs/lookup.md has the measurements it rests on."""
SUGGESTED = 0.6
"""The least score at which a work is worth showing to a person."""

Verdict = Literal["equal", "near", "unequal"]
Relation = Literal["same", "version-of", "other"]

_WEIGHTS = {"title": 4.0, "author": 2.0, "year": 1.5, "volume": 1.0, "issue": 0.5, "page": 2.0, "container": 1.0}
_WORTH: dict[Verdict, float] = {"equal": 1.0, "near": 0.6, "unequal": 0.0}
_CONTRADICTIONS = frozenset(["author", "year", "volume", "page", "container"])
_SUPPORTS = {"author": 1.0, "year": 1.0, "volume": 1.0, "issue": 0.5, "page": 1.0, "container": 1.0}
_PLACE = frozenset(["title", "author", "year", "volume", "page"])
_PREPRINTS = frozenset(["preprint"])
_VERSION = re.compile(r"[./]v(\d+)$")
_LATER_VERSION = re.compile(r"[./]v?(?:[2-9]|[1-9]\d)$")
_ARTICLES = frozenset(["article-journal", "article-magazine", "article-newspaper"])
_KINDS = {
    **dict.fromkeys(["article-journal", "article-magazine", "article-newspaper", "review", "review-book"], "article"),
    **dict.fromkeys(["paper-conference", "speech"], "paper"),
    **dict.fromkeys(["chapter", "entry", "entry-dictionary", "entry-encyclopedia"], "chapter"),
    **dict.fromkeys(["book", "classic", "collection", "pamphlet"], "book"),
    **dict.fromkeys(["article", "manuscript"], "preprint"),
    "thesis": "thesis",
    "dataset": "dataset",
    "component": "component",
    "container": "container",
}
_DIFFERENT = frozenset(
    frozenset(pair)
    for pair in (
        ("article", "book"), ("article", "thesis"), ("article", "dataset"), ("paper", "book"), ("paper", "thesis"),
        ("chapter", "book"), ("chapter", "thesis"), ("book", "thesis"), ("book", "dataset"), ("thesis", "dataset"),
        ("paper", "dataset"), ("chapter", "dataset"), ("preprint", "dataset"), ("preprint", "book"),
        ("preprint", "chapter"),
    )
)  # fmt: skip
_VERSIONS = frozenset(
    frozenset(pair) for pair in (("article", "preprint"), ("paper", "preprint"), ("thesis", "preprint"))
)


class Comparison(NamedTuple):
    """A record held against a work.

    `verdicts`: for each field that both have, whether they agree. `trap`: what makes them two works though their titles
    agree (`part`, `notice`, `several`, `type`, ...). `supports` counts what speaks for it besides the title.
    """

    work: Work
    verdicts: dict[str, Verdict]
    score: float
    relation: Relation
    trap: str = ""
    supports: float = 0.0

    def fields(self, *verdicts: Verdict) -> list[str]:
        """The names of the fields with one of these verdicts."""
        return [name for name, verdict in self.verdicts.items() if verdict in verdicts]

    @property
    def contradicted(self) -> bool:
        """Whether a field that tells works apart does not agree."""
        return _contradicted(self.verdicts)


class Match(NamedTuple):
    """What became of a search: `automatic` and `suggested` have a `best`; the candidates stand best first."""

    kind: Literal["automatic", "suggested", "none"]
    best: Comparison | None
    candidates: tuple[Comparison, ...]


def compare(reference: Reference, work: Work) -> Comparison:
    """A record's reference against a work."""
    likeness = compare_titles(reference.title, work.titles, work.subtitle)
    verdicts = dict(_verdicts(reference, work, likeness))
    trap = likeness.trap or _trap(reference, work, verdicts)
    kinds = _kinds(reference, work)
    relation: Relation = "version-of" if kinds in _VERSIONS else "same"
    if trap:
        return Comparison(work, verdicts, 0.0, "other", trap)
    if not reference.title:
        return _without_title(reference, work, verdicts, relation)
    agreeing = set(_agreeing(verdicts))
    supports = float(sum(_SUPPORTS.get(name, 0.0) for name in agreeing)) + 0.5 * (verdicts.get("author") == "near")
    supports += _everybody_agrees(reference, work, likeness, verdicts)
    counted = {name: verdict for name, verdict in verdicts.items() if (name, verdict) != ("year", "near")}
    reached = sum(_WEIGHTS[name] * _WORTH[verdict] for name, verdict in counted.items())
    score = reached / sum(_WEIGHTS[name] for name in counted) if counted else 0.0
    most = _most(reference, work, likeness, verdicts, supports)
    score = min(score * min(1.0, 0.55 + 0.2 * supports), most)
    if score < AUTOMATIC and _place_agrees(agreeing, verdicts) and likeness.ratio >= NEAR:
        score = AUTOMATIC + 0.02  # a title that was misread, and all else as it should be
    return Comparison(work, verdicts, round(score, 3), relation, "", supports)


def _most(reference: Reference, work: Work, likeness: Likeness, verdicts: dict[str, Verdict], supports: float) -> float:
    """The most that a score may be, for what is not said or does not agree."""
    agreeing = set(_agreeing(verdicts))
    most = 1.0
    if verdicts.get("title") != "equal":
        most = 0.55 if verdicts.get("title") == "unequal" else 0.85
    well_supported = supports >= 3 and agreeing >= {"author", "year"}
    in_its_place = "page" in agreeing and bool(agreeing & {"volume", "container"})
    in_its_issue = agreeing >= {"author", "year", "volume", "issue", "container"}
    if not in_its_place and (is_generic(reference.title) or (is_short(reference.title) and not well_supported)):
        most = min(most, 0.75)
    if work.updates and not (in_its_place or in_its_issue):
        most = min(most, 0.85)  # one work may have several corrections, all of one title
    if not likeness.whole and supports < 3:
        most = min(most, 0.85)
    if _contradicted(verdicts):
        most = min(most, AUTOMATIC - 0.02)
    return most


def _everybody_agrees(reference: Reference, work: Work, likeness: Likeness, verdicts: dict[str, Verdict]) -> bool:
    """Whether all authors are the same, two or more of them or one by full name: that says more than the first does.

    Without the year it says so of preprints only, which have no editions and are no annual reports, and not of their
    later versions; and never where the record gives a place of which the work knows nothing.
    """
    if not work.authors or not likeness.whole or len(reference.authors) != len(work.authors):
        return False
    placed = bool(reference.containers or reference.volume or reference.page)
    if placed and verdicts.keys().isdisjoint(["container", "volume", "page"]):
        return False
    if verdicts.get("year") != "equal" and (_kinds(reference, work) != _PREPRINTS or _LATER_VERSION.search(work.doi)):
        return False
    if len(work.authors) == 1 and not _same_given(reference.authors[0].given, work.authors[0].given):
        return False
    return all(map(_same_family, _families(reference.authors), _families(work.authors)))


def _families(people: Iterable[Person]) -> list[str]:
    return sorted((one.family for one in people), key=folded)


def _same_given(mine: str, theirs: str) -> bool:
    """Whether given names are the same, and more than initials."""
    return folded(mine) == folded(theirs) and any(len(part) > 2 for part in folded(mine).split())


def _place_agrees(agreeing: set[str], verdicts: dict[str, Verdict]) -> bool:
    """Whether author, year, volume and first page agree, and nothing contradicts: they say which work it is."""
    return agreeing >= {"author", "year", "volume", "page"} and "unequal" not in verdicts.values()


def _contradicted(verdicts: dict[str, Verdict]) -> bool:
    """Whether something that tells works apart does not agree. A journal that is not known again is no contradiction
    where author, year, volume and first page agree: it is an odd abbreviation."""
    against = {name for name, verdict in verdicts.items() if verdict == "unequal"} & _CONTRADICTIONS
    return bool(against) and not (against == {"container"} and set(_agreeing(verdicts)) >= _PLACE)


def _agreeing(verdicts: dict[str, Verdict]) -> list[str]:
    return [name for name, verdict in verdicts.items() if verdict == "equal"]


def _without_title(reference: Reference, work: Work, verdicts: dict[str, Verdict], relation: Relation) -> Comparison:
    """No title to go by: author, year, volume and first page must all agree, and nothing contradict."""
    agreeing = set(_agreeing(verdicts))
    if _place_agrees(agreeing, verdicts):
        score = 0.97 if "container" in agreeing else 0.92
    else:
        score = 0.3 * len(agreeing & {"author", "year", "volume", "page", "container"}) / 5
        score += 0.35 if len(agreeing & {"author", "year", "volume", "page"}) == 3 and "container" in agreeing else 0.0
    return Comparison(work, verdicts, round(score, 3), relation, "", float(len(agreeing)))


def _verdicts(reference: Reference, work: Work, likeness: Likeness) -> Iterable[tuple[str, Verdict]]:
    if reference.title and work.titles:
        yield "title", "equal" if likeness.equal else "near" if likeness.ratio >= NEAR else "unequal"
    if reference.authors and work.authors:
        yield "author", _authors(reference.authors, work.authors)
    if reference.year and work.years:
        distance = min(abs(reference.year - year) for year in work.years)
        yield "year", "equal" if not distance else "near" if distance == 1 else "unequal"
    for name, mine, theirs in (("volume", reference.volume, work.volume), ("issue", reference.issue, work.issue)):
        if _number(mine) and _number(theirs):
            yield name, _numbers_agree(mine, theirs)
    page = _pages_agree(reference, work)
    if page:
        yield "page", page
    container = _containers_agree(reference, work)
    if container:
        yield "container", container


def _authors(mine: Sequence[Person], theirs: Sequence[Person]) -> Verdict:
    """Whether the first authors agree; `near` when the first of one is among the others, or names are swapped."""
    if _same_family(mine[0].family, theirs[0].family):
        return "equal"
    if len(mine) > 1 and sorted(folded(one.family) for one in mine) == sorted(folded(one.family) for one in theirs):
        return "equal"  # the same people in another order
    if any(_same_family(mine[0].family, one.family) for one in theirs[1:]):
        return "near"
    if any(_same_family(one.family, theirs[0].family) for one in mine[1:]):
        return "near"
    if mine[0].given and _same_family(mine[0].given, theirs[0].family):
        return "near"
    return "unequal"


def same_first_author(reference: Reference, work: Work) -> bool:
    """Whether the first author of one is among the authors of the other."""
    return _authors(reference.authors, work.authors) != "unequal"


def _same_family(one: str, other: str) -> bool:
    a, b = folded(one), folded(other)
    if not a or not b:
        return False
    if a == b or ratio(a.replace(" ", ""), b.replace(" ", "")) >= 88:
        return True
    shorter, longer = sorted((a.split(), b.split()), key=len)
    if len(shorter) == 1 and len(longer) > 1 and len(shorter[0]) > 2:
        return shorter[0] in longer  # a particle, a second family name, given names in one field
    return False


def _number(text: str) -> str:
    return re.sub(r"[^0-9a-z]+", " ", folded(text)).strip()


def _numbers_agree(mine: str, theirs: str) -> Verdict:
    one, other = ([part.lstrip("0") or "0" for part in _number(text).split()] for text in (mine, theirs))
    if one == other:
        return "equal"
    one_digits, other_digits = (re.findall(r"\d+", " ".join(parts)) for parts in (one, other))
    if one_digits and other_digits and (one_digits[0] == other_digits[0] or set(one_digits) & set(other_digits)):
        return "equal" if one_digits == other_digits else "near"
    return "unequal"


def _pages_agree(reference: Reference, work: Work) -> Verdict | None:
    """First pages, or article numbers, wherever each side has put them."""
    mine = [page for page in (_first_page(reference.page), _first_page(reference.number)) if page]
    theirs = [page for page in (_first_page(work.page), _first_page(work.number)) if page]
    if not mine:
        return None
    if any(one == other or _bare(one) == _bare(other) for one in mine for other in theirs):
        return "equal"
    digits = re.sub(r"\D", "", mine[0]).lstrip("0")
    if len(digits) >= 4 and re.search(rf"(?<!\d)0*{digits}$", work.doi):
        return "equal"  # the DOI ends with the article number
    if not theirs:
        return None
    return "unequal"


def _first_page(text: str) -> str:
    match = re.match(r"\s*(?:pp?\.?\s*)?([a-z]{0,8}\.?\d+[a-z]?(?:\.e?\d+)?|[ivxlc]+\b)", text, re.I)
    return match[1].lower() if match else ""


def _bare(page: str) -> str:
    """A page without the letter and zeros before its number: `e0123` and `123` may be one article number."""
    return re.sub(r"^[a-z.]*0*(?=\d)", "", page)


def _containers_agree(reference: Reference, work: Work) -> Verdict | None:
    if reference.issns & work.issns:
        return "equal"
    if not reference.containers or not work.containers:
        return None
    for mine in reference.containers:
        for theirs in work.containers:
            a, b = folded(mine), folded(theirs)
            if a == b or ratio(a, b) >= 88 or abbreviates(mine, theirs) or abbreviates(theirs, mine):
                return "equal"
            if len(min(a, b, key=len)) > 12 and (a in b or b in a):
                return "near"
    return "unequal" if reference.type in _ARTICLES and work.type in _ARTICLES else None


def _kinds(reference: Reference, work: Work) -> frozenset[str]:
    mine = _KINDS.get(reference.type, "")
    if not mine and (reference.containers or reference.volume or reference.page):
        mine = "article"  # of no type, yet it stands in something
    return frozenset([mine, _KINDS.get(work.type, "")])


def _trap(reference: Reference, work: Work, verdicts: dict[str, Verdict]) -> str:
    """What makes two works of them, whatever their titles."""
    kinds = _kinds(reference, work)
    theirs = _KINDS.get(work.type, "")
    guessed = reference.type not in _KINDS and verdicts.get("container") == "equal"
    if theirs in ("component", "container") or (kinds in _DIFFERENT and not guessed):
        return "type"
    if work.type == "review" and reference.type not in ("review", "review-book"):
        return "type"
    about_another = any(update.doi.lower() != work.doi.lower() for update in work.updates)
    return "notice" if about_another and reference.title and not is_notice(reference.title) else ""


def choose(reference: Reference, works: Iterable[Work]) -> Match:
    """The work among hits that the reference stands for, if any is good enough.

    Two works that both pass are a suggestion only, unless they are one work under two DOIs.
    """
    unique = {doi_key(work.doi): work for work in works}
    compared = sorted((compare(reference, work) for work in unique.values()), key=lambda one: -one.score)
    candidates = tuple(one for one in compared if one.score >= SUGGESTED and one.relation == "same")
    if not candidates:
        return Match("none", None, tuple(compared))
    passing = [one for one in candidates if is_automatic(one)]
    if not passing:
        return Match("suggested", candidates[0], candidates)
    best = passing[0]
    rivals = [one for one in candidates if one is not best and one.score >= best.score - 0.1]
    if all(_is_same_work(best.work, rival.work) for rival in rivals):
        return Match("automatic", _of_the_journal([best, *(one for one in rivals if is_automatic(one))]), candidates)
    return Match("suggested", best, candidates)


def is_automatic(comparison: Comparison) -> bool:
    """Whether a comparison is good enough to write by, with nobody looking."""
    return comparison.score >= AUTOMATIC and comparison.relation == "same" and not comparison.contradicted


def _is_same_work(one: Work, other: Work) -> bool:
    """Whether two DOIs stand for one work: title, author and year are the same, and pages, or all but the version."""
    return (
        one.type == other.type
        and folded(one.title) == folded(other.title)
        and bool(one.authors and other.authors)
        and _same_family(one.authors[0].family, other.authors[0].family)
        and bool(one.years & other.years)
        and (_is_same_place(one, other) or _version(one.doi)[0] == _version(other.doi)[0])
    )


def _is_same_place(one: Work, other: Work) -> bool:
    page = _first_page(one.page or one.number)
    return bool(page) and page == _first_page(other.page or other.number) and one.volume == other.volume


def _version(doi: str) -> tuple[str, float]:
    """A DOI without the version at its end (`10.1234/x.v2`), and which that is; infinite: it stands for all of them."""
    key = doi_key(doi)
    match = _VERSION.search(key)
    return (key[: match.start()], float(match[1])) if match else (key, math.inf)


def _of_the_journal(alike: list[Comparison]) -> Comparison:
    """Of several DOIs of one work that with the prefix of the journal (the one most of them have), for all versions or
    else the latest."""
    prefixes = [one.work.doi.split("/")[0] for one in alike]
    return max(
        alike, key=lambda one: (one.score, prefixes.count(one.work.doi.split("/")[0]), _version(one.work.doi)[1])
    )
