"""A manuscript in figures: citations, works, entries, DOIs, ages, self-citations."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from statistics import median
from typing import NamedTuple

from reflint.model.identifiers import doi_key
from reflint.word.linking import year_of
from reflint.word.managers.base import text
from reflint.word.manuscript import Manuscript
from reflint.word.typed.words import name_key
from reflint.word.xml import local, parse

_CORE = ("docProps/core.xml", "meta.xml")
_TYPED = "typed"
_EARLIEST = 1500


class Summary(NamedTuple):
    """Figures of a manuscript.

    `described` is what DOIs, years and authors are counted on: the works of fields (`works`), else the entries of the
    typed list (`entries`), or nothing. `authors` are the folded family names that count as the manuscript's own.
    `years` are those of the described, `self_citations` how many of them share an author.
    """

    citations: int
    by_manager: dict[str, int]
    works: int
    entries: int
    described: str
    number: int
    with_doi: int
    years: tuple[int, ...]
    authors: tuple[str, ...]
    self_citations: int
    by_part: dict[str, int]
    largest_cluster: int

    @property
    def latest(self) -> int | None:
        """The year of the newest reference, by which ages are told: a manuscript is hardly older."""
        return max(self.years, default=None)

    @property
    def median_age(self) -> float | None:
        """Half the references are older, by years before the newest one."""
        return self.latest - median(self.years) if self.latest is not None else None

    @property
    def doi_share(self) -> float | None:
        """0 to 1; None where nothing is described."""
        return self.with_doi / self.number if self.number else None

    @property
    def self_share(self) -> float | None:
        """0 to 1; None where nothing is described or nobody knows who wrote the manuscript."""
        return self.self_citations / self.number if self.number and self.authors else None

    @property
    def by_age(self) -> dict[str, int]:
        """References by age in years before the newest one."""
        bounds = ((0, 2), (3, 5), (6, 10), (11, 20), (21, 10_000))
        ages = [self.latest - year for year in self.years] if self.latest is not None else []
        return {
            f"{low}–{high}" if high < 10_000 else f"over {low - 1}": sum(low <= age <= high for age in ages)
            for low, high in bounds
        }


def summarise(manuscript: Manuscript, authors: Sequence[str] = ()) -> Summary:
    """The figures of a manuscript; `authors` (names) else those that the document's properties name."""
    own = tuple(dict.fromkeys(filter(None, map(_family, authors or _document_authors(manuscript)))))
    works = [work.item for work in manuscript.works if work.item.get("title")]
    if works:
        dois = sum(bool(doi_key(text(item.get("DOI")))) for item in works)
        years = [int(year) for item in works if (year := year_of(item)[:4]).isdecimal()]
        names = [" ".join(map(name_key, _names(item.get("author")))) for item in works]
    else:
        dois = sum(bool(entry.doi) for entry in manuscript.entries)
        years = [
            int(entry.years[0][:4]) for entry in manuscript.entries if entry.years and entry.years[0][:4].isdecimal()
        ]
        names = [entry.head for entry in manuscript.entries]
    counts = Counter(citation.manager or _TYPED for citation in manuscript.citations)
    return Summary(
        citations=len(manuscript.citations),
        by_manager=dict(counts.most_common()),
        works=len(manuscript.works),
        entries=len(manuscript.entries),
        described="works" if works else "entries" if manuscript.entries else "",
        number=len(names),
        with_doi=dois,
        years=tuple(sorted(year for year in years if year >= _EARLIEST)),
        authors=own,
        self_citations=sum(any(f" {author} " in f" {one} " for author in own) for one in names),
        by_part=dict(Counter(citation.story.kind for citation in manuscript.citations)),
        largest_cluster=max((len(one) for one in manuscript.references), default=0),
    )


def _names(people: object) -> list[str]:
    if not isinstance(people, list):
        return []
    return [text(one.get("family")) or text(one.get("literal")) for one in people if isinstance(one, dict)]


def _family(name: str) -> str:
    """The folded family name of `Family, Given` or `Given Family`; `""` for what is hardly a name."""
    words = name_key(name.partition(",")[0]).split() if "," in name else name_key(name).split()[-1:]
    family = " ".join(words)
    return family if len(family) > 2 and not family.isdecimal() else ""


def _document_authors(manuscript: Manuscript) -> list[str]:
    """Whom the document's properties call its creator; a single word is a user's name, or half of one."""
    package = manuscript.package
    for part in _CORE:
        if part in package:
            root = parse(package.read(part), part)
            found = [text("".join(map(str, one.itertext()))) for one in root.iter() if local(one) == "creator"]
            names = [name.strip() for one in found for name in one.replace(" and ", ";").split(";")]
            return [name for name in names if " " in name]
    return []
