"""DataCite: the works of DOIs that Crossref does not have (data, software, theses, arXiv)."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote

from reflint.lookup.answer import Answer
from reflint.lookup.client import Client, Json, Means, Unreadable
from reflint.lookup.crossref import ROWS, abstract_of, plain, text_of, words
from reflint.lookup.work import Person, Work
from reflint.model.identifiers import doi_key

ENDPOINT = "https://api.datacite.org"
SOURCE = "datacite"
_TYPES = {
    "Dataset": "dataset",
    "Software": "software",
    "Preprint": "article",
    "JournalArticle": "article-journal",
    "ConferencePaper": "paper-conference",
    "Book": "book",
    "BookChapter": "chapter",
    "Dissertation": "thesis",
    "Report": "report",
    "Standard": "standard",
    "PeerReview": "review",
}
_KEPT = "doi titles creators publicationYear types container relatedIdentifiers descriptions".split()


class DataCite:
    """Questions to DataCite."""

    def __init__(self, endpoint: str | None, means: Means) -> None:
        self.client = Client(SOURCE, endpoint, means, rate=3)

    def work(self, doi: str) -> Answer[Work]:
        """The work of a DOI."""
        answer = self.client.ask(f"/dois/{quote(doi, safe='')}", _read)
        return answer.into(_work)

    def titled(self, title: str) -> Answer[list[Work]]:
        """The works whose titles have most of a title's words; absent when there are none at all."""
        parameters = {"query": f"titles.title:({words(title)})", "sort": "relevance", "page[size]": str(ROWS)}
        answer = self.client.ask("/dois", _read_list, parameters)
        return answer.into(lambda works: list(map(_work, works)))


def _read_list(status: int, document: Json) -> Json:
    data = document.get("data") if isinstance(document, Mapping) and status == 200 else None
    if not isinstance(data, list):
        raise Unreadable("an answer that is no list")
    return [_read(200, {"data": one}) for one in data[:ROWS]] or None


def _read(status: int, document: Json) -> Json:
    if not isinstance(document, Mapping):
        raise Unreadable("an answer that is no object")
    if status == 404:
        if document.get("errors"):
            return None
        raise Unreadable("a 404 that is not the registry's")
    data = document.get("data")
    attributes = data.get("attributes") if isinstance(data, Mapping) else None
    if not isinstance(attributes, Mapping) or not text_of(attributes.get("doi")):
        raise Unreadable("a work without a DOI")
    return {name: attributes[name] for name in _KEPT if attributes.get(name)}


def _objects(found: Mapping[str, Json], name: str) -> list[Mapping[str, Json]]:
    value = found.get(name)
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []


def _work(found: Mapping[str, Json]) -> Work:
    titles = _objects(found, "titles")
    main = [plain(text_of(one.get("title"))) for one in titles if one.get("titleType") != "Subtitle"]
    below = [plain(text_of(one.get("title"))) for one in titles if one.get("titleType") == "Subtitle"]
    container = found.get("container") if isinstance(found.get("container"), Mapping) else {}
    year = text_of(found.get("publicationYear"))
    kind = (found.get("types") or {}).get("resourceTypeGeneral")
    pages = [text_of((container or {}).get(name)) for name in ("firstPage", "lastPage")]
    issued = (int(year),) if year.isdigit() else ()
    abstracts = [one for one in _objects(found, "descriptions") if one.get("descriptionType") == "Abstract"]
    return Work(
        registry=SOURCE,
        doi=text_of(found.get("doi")),
        type=_TYPES.get(str(kind), "document"),
        titles=tuple(filter(None, main)),
        subtitle=next(iter(below), ""),
        authors=tuple(filter(None, map(_person, _objects(found, "creators")))),
        issued=issued,
        years=frozenset(issued),
        volume=text_of((container or {}).get("volume")),
        issue=text_of((container or {}).get("issue")),
        page="-".join(dict.fromkeys(filter(None, pages))),
        containers=tuple(filter(None, [plain(text_of((container or {}).get("title")))])),
        abstract=abstract_of(text_of(abstracts[0].get("description"))) if abstracts else "",
        published=tuple(
            doi_key(text_of(one.get("relatedIdentifier")))
            for one in _objects(found, "relatedIdentifiers")
            if one.get("relationType") in ("IsPreprintOf", "IsPreviousVersionOf", "IsVersionOf")
            and doi_key(text_of(one.get("relatedIdentifier")))
        )
        if kind == "Preprint"
        else (),
    )


def _person(one: Mapping[str, Json]) -> Person | None:
    family, given, name = (text_of(one.get(part)) for part in ("familyName", "givenName", "name"))
    if not family and "," in name and one.get("nameType") != "Organizational":
        family, _, given = (part.strip() for part in name.partition(","))
    return Person(family or name, given if family else "") if family or name else None
