"""The decision table: what two works are to each other, and why."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Literal, NamedTuple

from reflint.duplicates.compare import LONG, Comparison, compare
from reflint.duplicates.work import Work

Kind = Literal["same", "version-of", "erratum-of", "maybe", "different"]
NEAR = 0.92
"""How like titles must be to be one title with slips; see docs/dedupe.md for how the figures were found."""
EQUAL = 0.97


class Verdict(NamedTuple):
    """What two works are to each other; `score` is 0 to 1, `why` says in words what speaks for it and against it."""

    kind: Kind
    score: float = 0.0
    why: tuple[str, ...] = ()


DIFFERENT = Verdict("different")


def _first_pages(c: Comparison) -> bool:
    return c.title >= NEAR and c.length >= LONG and bool(c.page) and c.against < (2 if c.title >= EQUAL else 1)


def _all_numbers(c: Comparison) -> bool:
    return c.title >= NEAR and c.placed and bool(c.volume and c.issue and c.last)


def _abstract_and_pages(c: Comparison) -> bool:
    return c.title == 1 and c.length >= LONG and bool(c.page and c.last and c.abstract)


def _nothing_against(c: Comparison) -> bool:
    return (
        c.title >= EQUAL
        and c.length >= LONG
        and bool(c.authors and (c.volume or c.journal or c.abstract or c.doi))
        and not c.against
        and (c.years or 0) <= 1
        and c.abstract is not False
        and (c.issue is not False or c.length >= 60)  # a running title has an issue to tell it by
    )


def _pages_in_two_ways(c: Comparison) -> bool:
    placed = c.journal or (c.volume and c.issue and c.abstract)
    return (
        c.title > EQUAL
        and c.length >= LONG
        and c.years == 0
        and bool(c.authors and placed and (c.volume or c.issue or c.abstract))
        and False not in (c.volume, c.issue, c.abstract)
    )


def _doi(c: Comparison) -> bool:
    if not c.doi:
        return False
    placed = c.title >= 0.8 and c.against < 2 and bool(c.page or c.volume or c.journal)
    return placed or (c.title >= EQUAL and c.years == 0 and bool(c.authors and c.abstract))


def _abstract(c: Comparison) -> bool:
    return c.title >= 0.8 and c.years == 0 and bool(c.abstract and c.authors) and not c.against


def _short_title_and_pages(c: Comparison) -> bool:
    short = c.title >= 0.88 or (c.title >= 0.75 and c.length < LONG)
    return short and c.placed and False not in (c.last, c.journal, c.authors)


def _short_title_and_issue(c: Comparison) -> bool:
    return (
        c.title == 1
        and c.length >= 12
        and c.years == 0
        and bool(c.authors and c.journal and c.issue)
        and False not in (c.volume, c.page)
    )


def _translation(c: Comparison) -> bool:
    placed = c.placed and c.volume and c.last and c.journal and c.authors
    return c.translated and bool(placed) and c.abstract is not False


def _standing_alone(c: Comparison) -> bool:
    if not c.alone or c.length < 12:
        return False
    return (c.title >= 0.9 and bool(c.isbn) and c.authors is not False) or (
        c.title >= EQUAL and bool(c.authors) and c.years == 0 and not c.against
    )


_SAME: tuple[tuple[str, Callable[[Comparison], bool]], ...] = (
    ("titles and first pages agree", _first_pages),
    ("titles, volumes, issues and pages agree", _all_numbers),
    ("titles, pages and abstracts agree", _abstract_and_pages),
    ("titles, authors and what is known of the place agree", _nothing_against),
    ("all but the pages agree, which are told in two ways", _pages_in_two_ways),
    ("the DOI and the place or the abstract agree, the titles nearly", _doi),
    ("abstracts, authors and year agree, the titles nearly", _abstract),
    ("short titles, but author, journal, volume and pages agree", _short_title_and_pages),
    ("short titles, but author, journal, year and issue agree", _short_title_and_issue),
    ("a title and its translation at one place", _translation),
    ("title, author and year of a work that stands alone agree", _standing_alone),
)
"""What makes two works the same, if nothing forbids it: the first that holds says so."""


def decide(a: Work, b: Work) -> Verdict:
    """What two works are to each other. Symmetric. Never `same` where `forbidden` says anything."""
    c = compare(a, b)
    if c is None:
        return DIFFERENT
    near = next((reason for reason, holds in _SAME if holds(c)), "")
    against = list(forbidden(a, b, c))
    if near and not against:
        return Verdict("same", _score(c), (near, *_for(a, b, c)))
    if relation := _relation(a, b, c):
        return Verdict(relation[0], _score(c), (relation[1], *_for(a, b, c), *against))
    if (near and len(against) == 1) or _too_little(c, against):
        return Verdict("maybe", _score(c), (*_for(a, b, c), *(against or ["too little is known to be sure"])))
    return DIFFERENT


def vetoed(a: Work, b: Work) -> bool:
    """Whether two works may never stand in one group of the same work, whatever stands between them."""
    c = compare(a, b, whatever=True)
    assert c is not None
    if c.title < 0.5 and not (c.placed or c.doi or c.abstract):
        return True
    return next(forbidden(a, b, c), None) is not None


def forbidden(a: Work, b: Work, c: Comparison) -> Iterator[str]:
    """What forbids two works to be the same, in words."""
    if c.doi is False:
        yield f"different DOIs: {' and '.join(sorted((a.doi, b.doi)))}"
    if c.pmid is False:
        yield f"different PMIDs: {' and '.join(sorted((a.pmid, b.pmid)))}"
    if c.isbn is False and c.alone:
        yield "different ISBNs"
    if {a.type, b.type} == {"book", "chapter"}:
        yield "one is a book, the other a chapter"
    if a.kind != b.kind and not (c.placed and c.title >= NEAR and _HARMLESS.issuperset((a.kind, b.kind))):
        yield f"one is {_named(min(a.kind, b.kind))}, the other {_named(max(a.kind, b.kind))}"
    if c.numbers is False and not _numbers_are_slips(c):
        told = " and ".join(", ".join(numbers) for numbers in sorted((a.numbers, b.numbers)))
        yield f"other numbers in the titles: {told}"
    if (c.years or 0) > 1 and not (c.page and (c.doi or (c.volume and (c.last or c.issue)))):
        yield f"{c.years} years apart"
    yield from _other_place(a, b, c)
    if c.authors is False and not (c.title >= EQUAL and (c.placed or c.doi)):
        yield "different authors"


def _other_place(a: Work, b: Work, c: Comparison) -> Iterator[str]:
    if c.volume is False and c.page is False and not (c.title >= EQUAL and c.years == 0 and c.doi and c.abstract):
        yield "different volumes and pages"
    if c.page is False and a.first[0] == b.first[0] == "s":
        yield "two pages of a supplement"
    if c.page is False and c.years == 1 and not c.doi:
        yield "different pages and years"
    if c.journal is False and not (c.page or c.doi or (c.volume and c.issue and c.abstract)):
        yield "different journals"


_HARMLESS = frozenset(["", "comment", "letter", "editorial", "protocol", "update", "review of a book"])
"""Kinds that a database may or may not say of one and the same work."""


def _numbers_are_slips(c: Comparison) -> bool:
    if c.placed and c.authors is not False and c.title >= NEAR:
        return True
    return c.title >= EQUAL and c.years == 0 and bool(c.volume and c.journal and c.abstract)


def _relation(a: Work, b: Work, c: Comparison) -> tuple[Kind, str] | None:
    """How two works that are not the same belong together, with the reason; None when they do not."""
    kinds = {a.kind, b.kind}
    if a.kind != b.kind and kinds & {"erratum", "retraction"}:
        if c.title >= 0.9 and c.authors is not False:
            return "erratum-of", f"one is {'an erratum' if 'erratum' in kinds else 'a retraction notice'}"
        return None
    if c.title < NEAR or c.length < LONG or c.authors is False:
        return None
    if a.kind != b.kind:
        return ("version-of", f"one is {_named(max(kinds))}") if kinds <= {"", "protocol", "update"} else None
    if not c.authors:
        return None
    if is_preprint(a) != is_preprint(b):
        return "version-of", "one is a preprint"
    if a.doi and a.doi.partition(".pub")[0] == b.doi.partition(".pub")[0] and c.doi is False:
        return "version-of", "two versions of one review"
    if {a.type, b.type} == {"paper-conference", "article-journal"}:
        return "version-of", "one is a conference paper, the other an article"
    if c.alone and c.title >= EQUAL and (c.years or c.isbn is False):
        return "version-of", "two editions"
    if c.title >= 0.95 and c.journal and (c.numbers is False or "cochrane database" in a.journal):
        return "version-of", "two parts or years of a series"
    return None


def is_preprint(work: Work) -> bool:
    """Whether a work is a preprint by its type, its DOI or what it stands in."""
    return work.type == "article" or work.doi.startswith(_PREPRINT_DOIS) or work.journal.startswith(_PREPRINT_SERVERS)


_PREPRINT_DOIS = ("10.1101/", "10.48550/", "10.31234/", "10.21203/", "10.2139/", "10.20944/", "10.26434/", "10.31219/")
_PREPRINT_SERVERS = ("arxiv", "biorxiv", "medrxiv", "ssrn", "research square", "preprints", "psyarxiv", "chemrxiv")


def _too_little(c: Comparison, against: list[str]) -> bool:
    """Whether two works look like one, without enough to say it."""
    if against or c.length < 12 or c.title < NEAR:
        return False
    return bool(c.authors and c.years == 0 and c.page is not False and c.journal is not False)


def _score(c: Comparison) -> float:
    """How sure it is, 0 to 1: half for the titles, half for the other fields, the more of which agree the surer."""
    told = (c.authors, c.volume, c.issue, c.page, c.last, c.journal, c.doi, c.pmid, c.isbn, c.abstract)
    known = [one for one in (*told, None if c.years is None else c.years == 0) if one is not None]
    share = sum(known) / (len(known) + 1)
    return round((c.title + share) / 2, 2)


def _for(a: Work, b: Work, c: Comparison) -> Iterator[str]:
    """What speaks for it, in words."""
    if c.title == 1:
        yield "same title"
    elif c.title:
        yield f"titles {c.title:.0%} alike"
    shown = (("DOI", c.doi, a.doi), ("PMID", c.pmid, a.pmid), ("first page", c.page, min(a.first, b.first)))
    yield from (f"same {name} ({value})" for name, equal, value in shown if equal)
    if c.years == 0:
        yield f"same year ({a.year})"
    plain = (
        ("volume", c.volume),
        ("issue", c.issue),
        ("journal", c.journal),
        ("ISBN", c.isbn),
        ("abstract", c.abstract),
    )
    yield from (f"same {name}" for name, equal in plain if equal)
    if c.authors:
        yield "same authors"


def _named(kind: str) -> str:
    if not kind:
        return "the work itself"
    return f"an {kind}" if kind[0] in "aeiou" else f"a {kind}"
