"""Crossref's REST API: works, the bibliographic query, journals."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote

from reflint.lookup.answer import Answer
from reflint.lookup.client import Client, Json, Means, Unreadable
from reflint.lookup.work import Journal, Person, Update, Work
from reflint.model.identifiers import doi_key
from reflint.model.text import collapse_whitespace, strip_abstract_label, strip_markup, unescape_entities

ENDPOINT = "https://api.crossref.org"
SOURCE = "crossref"
ROWS = 5
"""Hits that are weighed for each query."""

_FIELDS = (
    "DOI type title subtitle original-title short-title author editor issued published published-print "
    "published-online posted volume issue page article-number container-title short-container-title ISSN ISBN "
    "abstract update-to updated-by relation"
).split()
"""What is kept of a work; the rest (its references, licences, funders) is not needed."""
_SELECT = ",".join(_FIELDS)
_TYPES = {
    "journal-article": "article-journal",
    "proceedings-article": "paper-conference",
    "posted-content": "article",
    "dissertation": "thesis",
    "peer-review": "review",
    "component": "component",
    "dataset": "dataset",
    "standard": "standard",
    **dict.fromkeys(["book", "monograph", "edited-book", "reference-book"], "book"),
    **dict.fromkeys(["book-chapter", "book-section", "book-part", "reference-entry", "book-track"], "chapter"),
    **dict.fromkeys(["report", "report-component"], "report"),
    **dict.fromkeys(
        "journal journal-issue journal-volume book-series book-set proceedings proceedings-series report-series "
        "standard-series database grant".split(),
        "container",
    ),
}


class Crossref:
    """Questions to Crossref."""

    def __init__(self, endpoint: str | None, means: Means) -> None:
        self.client = Client(SOURCE, endpoint, means, rate=5)
        self._identity = {"mailto": means.mailto} if means.mailto else {}

    def work(self, doi: str) -> Answer[Work]:
        """The work of a DOI."""
        answer = self.client.ask(_path(doi), _read("work", _kept_of_work), None, self._identity)
        return answer.into(work_of)

    def search(self, query: str) -> Answer[list[Work]]:
        """The works that a bibliographic query brings first; absent when there are none at all."""
        parameters = {"query.bibliographic": query, "rows": str(ROWS), "select": _SELECT}
        answer = self.client.ask("/works", _read("work-list", _kept_of_list), parameters, self._identity)
        for one in answer.value or ():
            self.client.learn(_path(one["DOI"]), one, answer.asked)  # they are told whole
        return answer.into(lambda works: list(map(work_of, works)))

    def journal(self, issn: str) -> Answer[Journal]:
        """The journal of an ISSN."""
        answer = self.client.ask(f"/journals/{quote(issn)}", _read("journal", _kept_of_journal), None, self._identity)
        return answer.into(lambda kept: Journal(SOURCE, plain(kept["title"]), frozenset(kept["ISSN"])))


def _path(doi: str) -> str:
    return f"/works/{quote(doi.lower(), safe='')}"


def _read(kind: str, keep: Any) -> Any:
    """Reads the envelope of an answer: 404 is `absent` only where Crossref itself says so."""

    def read(status: int, document: Json) -> Json:
        if status == 404:
            if isinstance(document, str) and document.lower().startswith("resource not found"):
                return None
            raise Unreadable("a 404 that is not the registry's")
        if not isinstance(document, Mapping) or document.get("message-type") != kind:
            raise Unreadable(f"an answer that is no {kind}")
        return keep(document.get("message"))

    return read


def _kept_of_work(message: Json) -> Json:
    if not isinstance(message, Mapping) or not isinstance(message.get("DOI"), str):
        raise Unreadable("a work without a DOI")
    return {name: message[name] for name in _FIELDS if message.get(name)}


def _kept_of_list(message: Json) -> Json:
    items = message.get("items") if isinstance(message, Mapping) else None
    if not isinstance(items, list):
        raise Unreadable("a list without items")
    return [_kept_of_work(item) for item in items[:ROWS]] or None


def _kept_of_journal(message: Json) -> Json:
    if not isinstance(message, Mapping) or not text_of(message.get("title")):
        raise Unreadable("a journal without a title")
    return {"title": message["title"], "ISSN": [one for one in message.get("ISSN") or () if isinstance(one, str)]}


def work_of(message: Mapping[str, Any]) -> Work:
    """A work out of Crossref's description of it."""
    titles = [plain(one) for name in ("title", "original-title", "short-title") for one in _texts(message.get(name))]
    containers = [*_texts(message.get("container-title")), *_texts(message.get("short-container-title"))]
    people = message.get("author") or message.get("editor") or ()
    return Work(
        registry=SOURCE,
        doi=message["DOI"],
        type=_TYPES.get(str(message.get("type")), "document"),
        titles=tuple(dict.fromkeys(filter(None, titles))),
        subtitle=plain(next(iter(_texts(message.get("subtitle"))), "")),
        authors=tuple(filter(None, map(_person, people if isinstance(people, list) else ()))),
        issued=_issued(message),
        years=frozenset(parts[0] for parts in _dates(message)),
        volume=text_of(message.get("volume")),
        issue=text_of(message.get("issue")),
        page=text_of(message.get("page")),
        number=text_of(message.get("article-number")),
        containers=tuple(dict.fromkeys(filter(None, map(plain, containers)))),
        issns=frozenset(_texts(message.get("ISSN"))),
        isbns=frozenset(_texts(message.get("ISBN"))),
        abstract=abstract_of(text_of(message.get("abstract"))),
        updated_by=tuple(_updates(message.get("updated-by"))),
        updates=tuple(_updates(message.get("update-to"))),
        published=tuple(_related(message.get("relation"), "is-preprint-of")),
    )


def text_of(value: object) -> str:
    """A value that should be a text, as one; `""` for anything else."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return value.strip() if isinstance(value, str) else ""


def plain(title: str) -> str:
    """A title without markup and entities, on one line."""
    return collapse_whitespace(unescape_entities(strip_markup(unescape_entities(title))))


def words(title: str) -> str:
    """The words of a title, for registries whose queries have a grammar: nothing else of it is left."""
    return " ".join(re.findall(r"\w+", plain(title).replace("_", " "))).lower()


def abstract_of(markup: str) -> str:
    """An abstract as plain text: JATS markup gone, without its own heading."""
    return strip_abstract_label(collapse_whitespace(unescape_entities(strip_markup(markup)))).strip()


def _texts(value: object) -> list[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []


def _person(one: object) -> Person | None:
    if not isinstance(one, Mapping):
        return None
    family, given, name = (text_of(one.get(part)) for part in ("family", "given", "name"))
    return Person(family or name or given, given if family else "") if family or name or given else None


def _dates(message: Mapping[str, Any]) -> Iterable[tuple[int, ...]]:
    """All dates of a publication that have a year, in the order of trust."""
    for name in ("issued", "published", "published-print", "published-online", "posted"):
        value = message.get(name)
        parts = value.get("date-parts") if isinstance(value, Mapping) else None
        first = parts[0] if isinstance(parts, list) and parts else None
        if isinstance(first, list) and first and isinstance(first[0], int):
            yield tuple(part for part in first if isinstance(part, int))


def _issued(message: Mapping[str, Any]) -> tuple[int, ...]:
    """When it appeared: in print, where there is a printed issue, else when it first appeared."""
    printed = list(_dates({"issued": message.get("published-print")}))
    return next(iter([*printed, *_dates(message)]), ())


def _updates(value: object) -> Iterable[Update]:
    for one in value if isinstance(value, list) else ():
        if isinstance(one, Mapping) and text_of(one.get("DOI")):
            date = next(iter(_dates({"issued": one.get("updated")})), ())
            kind = text_of(one.get("type")).lower().replace(" ", "_").replace("-", "_")
            written = "-".join(f"{part:02}" for part in date)
            yield Update(kind, text_of(one.get("DOI")), text_of(one.get("source")), written)


def _related(relation: object, kind: str) -> Iterable[str]:
    found = relation.get(kind) if isinstance(relation, Mapping) else None
    for one in found if isinstance(found, list) else ():
        if isinstance(one, Mapping) and one.get("id-type") == "doi" and doi_key(text_of(one.get("id"))):
            yield text_of(one.get("id"))
