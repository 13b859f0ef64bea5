"""OpenAlex, as a second opinion: works by DOI, journals by ISSN."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote

from reflint.lookup.answer import Answer
from reflint.lookup.client import Client, Json, Means, Unreadable
from reflint.lookup.crossref import ROWS, plain, text_of, words
from reflint.lookup.work import Journal, Person, Work
from reflint.model.identifiers import doi_key
from reflint.model.names import invert

ENDPOINT = "https://api.openalex.org"
SOURCE = "openalex"
_TYPES = {"article": "article-journal", "book-chapter": "chapter", "book": "book", "preprint": "article"} | {
    "dissertation": "thesis",
    "dataset": "dataset",
    "report": "report",
    "standard": "standard",
    "peer-review": "review",
}
_SELECT = "doi,type,title,publication_year,authorships,biblio,primary_location,is_retracted"


class OpenAlex:
    """Questions to OpenAlex."""

    def __init__(self, endpoint: str | None, means: Means) -> None:
        self.client = Client(SOURCE, endpoint, means, rate=8)
        self._identity = {"mailto": means.mailto} if means.mailto else {}

    def work(self, doi: str) -> Answer[Work]:
        """The work of a DOI."""
        path = f"/works/doi:{quote(doi, safe='/')}"
        answer = self.client.ask(path, _read_work, {"select": _SELECT}, self._identity)
        return answer.into(_work)

    def titled(self, title: str) -> Answer[list[Work]]:
        """The works that have a title's words; absent when there are none."""
        parameters = {"filter": f"title.search:{words(title)}", "per-page": str(ROWS), "select": _SELECT}
        answer = self.client.ask("/works", _read_list, parameters, self._identity)
        return answer.into(lambda works: list(map(_work, works)))

    def journal(self, issn: str) -> Answer[Journal]:
        """The journal of an ISSN, with its other titles."""
        answer = self.client.ask(f"/sources/issn:{quote(issn)}", _read_source, None, self._identity)
        return answer.into(_journal)


def _object(status: int, document: Json, name: str) -> Mapping[str, Json] | None:
    """The object that was asked for; None where OpenAlex itself says that there is none."""
    if status == 404:
        if isinstance(document, Mapping) and document.get("error"):
            return None
        raise Unreadable("a 404 that is not the registry's")
    if not isinstance(document, Mapping) or name not in document:
        raise Unreadable(f"an answer without {name}")
    return document


def _read_work(status: int, document: Json) -> Json:
    found = _object(status, document, "doi")
    return found and {name: found.get(name) for name in _SELECT.split(",")}


def _read_list(status: int, document: Json) -> Json:
    results = document.get("results") if isinstance(document, Mapping) and status == 200 else None
    if not isinstance(results, list):
        raise Unreadable("an answer that is no list")
    return [_read_work(200, one) for one in results[:ROWS]] or None


def _read_source(status: int, document: Json) -> Json:
    found = _object(status, document, "display_name")
    names = ("display_name", "issn", "alternate_titles", "abbreviated_title")
    return found and {name: found.get(name) for name in names}


def _work(found: Mapping[str, Json]) -> Work:
    biblio = found.get("biblio") or {}
    place = ((found.get("primary_location") or {}).get("source")) or {}
    year = found.get("publication_year")
    pages = [text_of(biblio.get(name)) for name in ("first_page", "last_page")]
    return Work(
        registry=SOURCE,
        doi=doi_key(text_of(found.get("doi"))),
        type=_TYPES.get(str(found.get("type")), "document"),
        titles=tuple(filter(None, [plain(text_of(found.get("title")))])),
        authors=tuple(
            _person(text_of((one.get("author") or {}).get("display_name")))
            for one in found.get("authorships") or ()
            if isinstance(one, Mapping)
        ),
        issued=(year,) if isinstance(year, int) else (),
        years=frozenset([year] if isinstance(year, int) else ()),
        volume=text_of(biblio.get("volume")),
        issue=text_of(biblio.get("issue")),
        page="-".join(dict.fromkeys(filter(None, pages))),
        containers=tuple(filter(None, [text_of(place.get("display_name"))])),
        issns=frozenset(one for one in place.get("issn") or () if isinstance(one, str)),
        retracted=found.get("is_retracted") is True,
    )


def _person(name: str) -> Person:
    """OpenAlex writes given names first."""
    family, _, given = invert(name).partition(", ")
    return Person(family, given)


def _journal(found: Mapping[str, Json]) -> Journal:
    others = [text_of(one) for one in [*(found.get("alternate_titles") or ()), found.get("abbreviated_title")]]
    issns = frozenset(one for one in found.get("issn") or () if isinstance(one, str))
    return Journal(SOURCE, text_of(found.get("display_name")), issns, tuple(filter(None, others)))
