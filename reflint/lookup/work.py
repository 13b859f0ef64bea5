"""A work as a registry describes it, in one shape whichever registry it is."""

from __future__ import annotations

from typing import NamedTuple


class Person(NamedTuple):
    """A contributor; `family` alone for an organisation."""

    family: str
    given: str = ""


class Update(NamedTuple):
    """One work changing another: `kind` as Crossref names it (`retraction`, `correction`, ...), the DOI of the other
    work (the notice, or what the notice is about), and who says so."""

    kind: str
    doi: str
    source: str = ""
    date: str = ""


class Work(NamedTuple):
    """A work, as far as its registry knows it: `""` and () are what it does not know.

    `type` is a CSL type, or for what is no work by itself `component` or `container`. `titles` are the title and its
    other forms, `subtitle` apart; `issued` the date parts of the first publication in an issue, `years` all years that
    can be meant. `updated_by` are the notices about the work, `updates` what the work is a notice about; `published`
    the DOIs of the article that this preprint became.
    """

    registry: str
    doi: str
    type: str = "document"
    titles: tuple[str, ...] = ()
    subtitle: str = ""
    authors: tuple[Person, ...] = ()
    issued: tuple[int, ...] = ()
    years: frozenset[int] = frozenset()
    volume: str = ""
    issue: str = ""
    page: str = ""
    number: str = ""
    containers: tuple[str, ...] = ()
    issns: frozenset[str] = frozenset()
    isbns: frozenset[str] = frozenset()
    abstract: str = ""
    updated_by: tuple[Update, ...] = ()
    updates: tuple[Update, ...] = ()
    published: tuple[str, ...] = ()
    retracted: bool = False

    @property
    def title(self) -> str:
        """Title and subtitle."""
        title = self.titles[0] if self.titles else ""
        if not self.subtitle or self.subtitle.casefold() in title.casefold():
            return title
        return f"{title}{' ' if title.endswith((':', '?', '!')) else ': '}{self.subtitle}"


class Journal(NamedTuple):
    """A journal as a registry knows it by its ISSN."""

    registry: str
    title: str
    issns: frozenset[str]
    others: tuple[str, ...] = ()
