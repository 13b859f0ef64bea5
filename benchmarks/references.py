"""Noisy references made of works, each with the DOI that is its true answer (None: there is none to be found)."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from reflint.lookup.crossref import plain, work_of
from reflint.lookup.work import Work

Item = dict[str, Any]
Noise = Callable[[Item, random.Random], None]

_TYPES = frozenset(
    "article-journal paper-conference chapter book article thesis report standard dataset review".split()
)
_LOOKALIKES = {"e": "c", "l": "1", "o": "0", "m": "rn", "i": "l", "n": "u", "a": "o", "S": "5", "B": "8"}


_NOTICE = re.compile(r"(?:author |publisher )?(?:correction|erratum|reply|review|comment|retraction)", re.I)


class Case(NamedTuple):
    """A CSL-JSON item to be looked up, what was done to it, and the DOIs that are right (none: no DOI is)."""

    item: Item
    kind: str
    truth: frozenset[str]
    source: str


def cases(works: Mapping[str, Mapping[str, Any]], hidden: Callable[[str], bool], seed: int) -> Iterator[Case]:
    """Two noisy references of each work, and for some a neighbour or a mixture that has no true answer.

    `works` are Crossref's descriptions by DOI; `hidden` says which of them the registry does not give away.
    """
    described = {doi: work_of(works[doi]) for doi in sorted(works)}
    usable = [work for work in described.values() if work.type in _TYPES and work.title and work.authors and work.years]
    placed = [work for work in usable if work.volume and work.page]
    twins = _twins(described.values())
    chance = random.Random(seed)
    for work in usable:
        truth = frozenset(doi for doi in twins[_signature(work)] if not hidden(doi))
        for name in chance.sample(sorted(_NOISES), 2):
            item = _item(work)
            if name == "no title" and not item.keys() >= {"volume", "page"}:
                name = "clean"  # nobody could find it
            for noise in _NOISES[name]:
                noise(item, chance)
            yield Case(item, name, truth, work.doi)
        other = chance.choice(placed)
        if chance.random() < 0.15 and work.years.isdisjoint(other.years):
            yield Case(_mixed(work, other, chance), "mixed", frozenset(), work.doi)
        if chance.random() < 0.15 and work.type != "review" and not _NOTICE.match(work.title):
            yield Case(_neighbour(work, chance), "neighbour", frozenset(), work.doi)


def _twins(works: Iterable[Work]) -> dict[tuple[str, ...], list[str]]:
    """The DOIs that stand for the same work: title, first author, year, place in the volume."""
    found: dict[tuple[str, ...], list[str]] = {}
    for work in works:
        found.setdefault(_signature(work), []).append(work.doi.lower())
    return found


def _signature(work: Work) -> tuple[str, ...]:
    family = work.authors[0].family.lower() if work.authors else ""
    return (
        re.sub(r"\W", "", work.title.lower()),
        family,
        str(sorted(work.years)),
        work.volume,
        work.page or work.number,
    )


def _item(work: Work) -> Item:
    """A work as a clean record without its DOI."""
    item: Item = {
        "type": work.type,
        "title": work.title,
        "author": [{"family": one.family, "given": one.given} for one in work.authors],
        "issued": {"date-parts": [[min(work.years)]]},
        "container-title": work.containers[0] if work.containers else "",
        "volume": work.volume,
        "issue": work.issue,
        "page": work.page or work.number,
    }
    return {name: value for name, value in item.items() if value}


def _abbreviated(item: Item, chance: random.Random) -> None:
    words = re.findall(r"\w+", item.get("container-title", ""))
    long = [word for word in words if len(word) > 3 or len(words) == 1]
    if len(long) > 1:
        item["container-title"] = " ".join(f"{word[:4]}." if len(word) > 5 else word for word in long)


def _initials(item: Item, chance: random.Random) -> None:
    for one in item["author"]:
        one["given"] = " ".join(f"{word[0]}." for word in one["given"].split())


def _et_al(item: Item, chance: random.Random) -> None:
    item["author"] = [*item["author"][:1], {"literal": "et al."}]


def _first_page(item: Item, chance: random.Random) -> None:
    item["page"] = re.split(r"[-–]", item.get("page", ""))[0]


def _no_title(item: Item, chance: random.Random) -> None:
    item.pop("title")


def _no_year(item: Item, chance: random.Random) -> None:
    item.pop("issued")


def _year_off(item: Item, chance: random.Random) -> None:
    item["issued"] = {"date-parts": [[item["issued"]["date-parts"][0][0] + chance.choice((-1, 1))]]}


def _scanned(item: Item, chance: random.Random) -> None:
    letters = list(item["title"])
    places = [n for n, letter in enumerate(letters) if letter in _LOOKALIKES]
    for n in chance.sample(places, min(len(places), max(1, len(letters) // 40))):
        letters[n] = _LOOKALIKES[letters[n]]
    item["title"] = "".join(letters)


def _marked_up(item: Item, chance: random.Random) -> None:
    words = item["title"].split()
    n = chance.randrange(len(words))
    words[n] = f"<i>{words[n]}</i>"
    item["title"] = " ".join(words).replace(" and ", " &amp; ") + "."


def _capitals(item: Item, chance: random.Random) -> None:
    item["title"] = item["title"].upper()
    for one in item["author"]:
        one["family"] = one["family"].upper()


def _no_subtitle(item: Item, chance: random.Random) -> None:
    item["title"] = item["title"].split(": ")[0]


def _moved_subtitle(item: Item, chance: random.Random) -> None:
    item["title"] = item["title"].replace(": ", ". ", 1)


def _other_first_author(item: Item, chance: random.Random) -> None:
    chance.shuffle(item["author"])


def _tracked(item: Item, chance: random.Random) -> None:
    item["URL"] = "https://www.example.org/record?eid=2-s2.0-85012345678&partnerID=8YFLogxK"


def _bare(item: Item, chance: random.Random) -> None:
    for name in ("volume", "issue", "page", "container-title"):
        item.pop(name, None)


def _generic_type(item: Item, chance: random.Random) -> None:
    item["type"] = "document"


_NOISES: dict[str, tuple[Noise, ...]] = {
    "clean": (),
    "journal abbreviated": (_abbreviated, _initials),
    "initials": (_initials,),
    "et al.": (_et_al,),
    "first page only": (_first_page, _initials),
    "no title": (_no_title, _first_page),
    "no year": (_no_year,),
    "year off by one": (_year_off,),
    "scanned": (_scanned,),
    "marked up": (_marked_up,),
    "capitals": (_capitals, _initials),
    "no subtitle": (_no_subtitle, _et_al),
    "subtitle moved": (_moved_subtitle,),
    "other first author": (_other_first_author,),
    "tracking address": (_tracked, _initials),
    "title, authors, year": (_bare, _initials),
    "generic type": (_generic_type, _abbreviated),
}


def _mixed(work: Work, other: Work, chance: random.Random) -> Item:
    """The title and authors of one work with the journal, year and pages of another, or one's title and all else of
    the other."""
    one, two = _item(work), _item(other)
    keep = ("title", "author", "type") if chance.random() < 0.5 else ("title", "type")
    return {**two, **{name: one[name] for name in keep if name in one}}


def _neighbour(work: Work, chance: random.Random) -> Item:
    """What stands beside a work: its other part, a reply to it, its correction, a review of it; elsewhere and later."""
    item = _item(work)
    title = plain(item["title"])
    item["title"] = chance.choice(
        (
            f"{title}. Part II",
            f"Reply to: {title}",
            f"Correction: {title}",
            f"Review of {title}",
            f"Comment on “{title}”",
        )
    )
    for name in ("volume", "page"):
        item.pop(name, None)
    return item
