"""The registries as a state machine: a request in, an answer out; limits are counted, faults strike by script."""

from __future__ import annotations

import json
import re
import threading
from collections import Counter, deque
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, unquote

from tests.servers.crossref.works import DATACITE, ELSEWHERE, JOURNALS, PMIDS, RETRACTIONS, SHORT, WORKS, Json

REGISTRIES = ("crossref", "datacite", "doi", "pubmed", "openalex", "retractions")
FAULTS = tuple(
    "429 429date 429bare 500 503 504 400 403 slow truncated badjson html html404 empty reset redirect away circle "
    "huge".split()
)
PAGE = "<!DOCTYPE html><html><head><title>Just a moment</title></head><body>Checking your browser</body></html>"
_NO_WORK = (404, "Resource not found.", "application/json;charset=utf-8")


class Asked(NamedTuple):
    """One request as it came: registry, path and query decoded, and what identified the client."""

    registry: str
    path: str
    query: dict[str, str]
    agent: str
    fault: str


class Answer(NamedTuple):
    """Status, headers and body; `cut`: only so many bytes of the body are sent; `dropped`: nothing is."""

    status: int
    headers: dict[str, str]
    body: bytes
    cut: int | None = None
    dropped: bool = False
    slow: bool = False


class Server:
    """All registries, each under its own name as first part of the path (`/crossref/works`).

    `clock` counts seconds. `faults` strike one after another, `""` lets a request pass. `limit` requests a second and
    `together` at a time are stated in each answer of Crossref; `over` counts what broke them.
    """

    def __init__(
        self,
        works: Iterable[Json] = WORKS,
        *,
        clock: Callable[[], float],
        faults: Iterable[str] = (),
        limit: int = 10,
        together: int = 3,
    ) -> None:
        self.works = {one["DOI"].lower(): one for one in works}
        self.requests: list[Asked] = []
        self.faults = deque(faults)
        self.over: list[str] = []
        self.opinions: dict[str, Json] = {}
        self._clock = clock
        self._limit = limit
        self._together = together
        self._times: deque[float] = deque()
        self._open: Counter[str] = Counter()
        self._lock = threading.Lock()

    def handle(self, path: str, query: str, headers: Mapping[str, str]) -> Answer:
        """One GET request."""
        registry, _, rest = path.lstrip("/").partition("/")
        asked = dict(parse_qsl(query, keep_blank_values=True))
        with self._lock:
            fault = "" if "again" in asked or not self.faults else self.faults.popleft()
            self.requests.append(Asked(registry, "/" + unquote(rest), asked, headers.get("user-agent", ""), fault))
            self._count(registry)
            self._open[registry] += 1
        try:
            status, body, kind = self._answer(registry, "/" + unquote(rest), asked)
            raw = body.encode() if isinstance(body, str) else json.dumps(body).encode()
            return self._struck(fault, path, query, Answer(status, self._headers(kind), raw))
        finally:
            with self._lock:
                self._open[registry] -= 1

    def _count(self, registry: str) -> None:
        now = self._clock()
        if registry != "crossref":
            return
        while self._times and now - self._times[0] >= 1:
            self._times.popleft()
        self._times.append(now)
        if len(self._times) > self._limit:
            self.over.append("rate")
        if self._open[registry] >= self._together:
            self.over.append("together")

    def _headers(self, kind: str) -> dict[str, str]:
        return {
            "content-type": kind,
            "x-rate-limit-limit": str(self._limit),
            "x-rate-limit-interval": "1s",
            "x-concurrency-limit": str(self._together),
        }

    def _struck(self, fault: str, path: str, query: str, answer: Answer) -> Answer:
        """The answer as a fault leaves it."""
        head = answer.headers
        onward = f"{path}?{query}{'&' if query else ''}again=1"
        refusals = {
            "429": Answer(429, {**head, "retry-after": "7"}, b"Too Many Requests"),
            "429date": Answer(429, {**head, "retry-after": "Fri, 31 Dec 1999 23:59:59 GMT"}, b""),
            "429bare": Answer(429, head, b""),
            "500": Answer(500, head, b'{"status":"error","message-type":"exception"}'),
            "503": Answer(503, {**head, "retry-after": "5"}, PAGE.encode()),
            "504": Answer(504, {**head, "content-type": "text/html"}, PAGE.encode()),
            "400": Answer(400, head, b'{"status":"failed","message-type":"validation-failure","message":[]}'),
            "403": Answer(403, {**head, "content-type": "text/html"}, PAGE.encode()),
            "html": Answer(200, {**head, "content-type": "text/html"}, PAGE.encode()),
            "html404": Answer(404, {**head, "content-type": "text/html"}, PAGE.encode()),
            "empty": Answer(200, head, b""),
            "badjson": Answer(200, head, answer.body[: len(answer.body) // 2]),
            "truncated": answer._replace(cut=len(answer.body) // 2),
            "reset": answer._replace(dropped=True),
            "slow": answer._replace(slow=True),
            "redirect": Answer(302, {**head, "location": onward}, b""),
            "away": Answer(302, {**head, "location": "https://elsewhere.example/works"}, b""),
            "circle": Answer(301, {**head, "location": f"{path}?{query}"}, b""),
            "huge": Answer(200, head, b" " * (17 << 20)),
        }
        return refusals.get(fault, answer)

    def _answer(self, registry: str, path: str, query: dict[str, str]) -> tuple[int, Any, str]:
        answers = {
            "crossref": self._crossref,
            "datacite": self._datacite,
            "doi": self._doi,
            "pubmed": self._pubmed,
            "openalex": self._openalex,
            "retractions": self._retractions,
        }
        return answers[registry](path, query) if registry in answers else (404, PAGE, "text/html")

    def _crossref(self, path: str, query: dict[str, str]) -> tuple[int, Any, str]:
        kind = "application/json"
        if path == "/works":
            items = self._nearest(query["query.bibliographic"])[: int(query["rows"])]
            chosen = [{k: v for k, v in one.items() if k in query["select"].split(",")} for one in items]
            return 200, _envelope("work-list", {"total-results": len(items), "items": chosen}), kind
        if path.startswith("/journals/"):
            issn = path.removeprefix("/journals/")
            title = JOURNALS.get(issn)
            return (200, _envelope("journal", {"title": title, "ISSN": [issn]}), kind) if title else _NO_WORK
        found = self.works.get(path.removeprefix("/works/").lower())
        return (200, _envelope("work", found), kind) if found else _NO_WORK

    def _nearest(self, text: str) -> list[Json]:
        """All works, those first that share most words with a query: there is always a plausible answer."""
        words = set(re.findall(r"\w+", text.lower()))

        def shared(one: Json) -> int:
            return len(words & set(re.findall(r"\w+", json.dumps(one, ensure_ascii=False).lower())))

        return sorted(self.works.values(), key=lambda one: (-shared(one), one["DOI"]))

    def _datacite(self, path: str, query: dict[str, str]) -> tuple[int, Any, str]:
        if path == "/dois":
            wanted = query["query"].removeprefix("titles.title:(").removesuffix(")")
            found = [one for one in DATACITE.values() if _has_words(one["titles"][0]["title"], wanted)]
            data = [{"id": one["doi"], "attributes": one} for one in found[: int(query["page[size]"])]]
            return 200, {"data": data, "meta": {"total": len(found)}}, "application/vnd.api+json"
        found = DATACITE.get(path.removeprefix("/dois/"))
        if found is None:
            return (
                404,
                {"errors": [{"status": "404", "title": "The resource you are looking for doesn't exist."}]},
                "application/json",
            )
        return 200, {"data": {"id": found["doi"], "attributes": found}}, "application/vnd.api+json"

    def _doi(self, path: str, query: dict[str, str]) -> tuple[int, Any, str]:
        kind = "application/json"
        if path.startswith("/doiRA/"):
            doi = path.removeprefix("/doiRA/")
            agency = self._agency(doi)
            return 200, [{"DOI": doi, "RA": agency} if agency else {"DOI": doi, "status": "DOI does not exist"}], kind
        doi = path.removeprefix("/api/handles/")
        if doi in SHORT:
            value = {"type": "HS_ALIAS", "data": {"format": "string", "value": SHORT[doi]}}
            return 200, {"responseCode": 1, "handle": doi, "values": [value]}, kind
        if self._agency(doi):
            return 200, {"responseCode": 1, "handle": doi, "values": [{"type": "URL", "data": {}}]}, kind
        return 404, {"responseCode": 100, "handle": doi}, kind

    def _agency(self, doi: str) -> str:
        if doi.lower() in self.works:
            return "Crossref"
        return "DataCite" if doi in DATACITE else ELSEWHERE.get(doi, "")

    def _pubmed(self, path: str, query: dict[str, str]) -> tuple[int, Any, str]:
        number = query["ids"]
        known = {"doi": PMIDS[number]} if number in PMIDS else {"status": "error", "errmsg": "not in PMC"}
        return 200, {"status": "ok", "records": [{"requested-id": number, **known}]}, "application/json"

    def _openalex(self, path: str, query: dict[str, str]) -> tuple[int, Any, str]:
        kind = "application/json"
        if path.startswith("/sources/issn:"):
            issn = path.removeprefix("/sources/issn:")
            title = JOURNALS.get(issn)
            return (
                (200, {"display_name": title, "issn": [issn]}, kind) if title else (404, {"error": "Not Found"}, kind)
            )
        if path == "/works":
            wanted = query["filter"].removeprefix("title.search:")
            found = [*self.opinions.values(), *map(_opinion, self.works.values())]
            found = [one for one in found if _has_words(one["title"], wanted)][: int(query["per-page"])]
            return 200, {"meta": {"count": len(found)}, "results": found}, kind
        doi = path.removeprefix("/works/doi:").lower()
        one = self.opinions.get(doi) or (_opinion(self.works[doi]) if doi in self.works else None)
        return (200, one, kind) if one else (404, {"error": "Not Found"}, kind)

    def _retractions(self, path: str, query: dict[str, str]) -> tuple[int, Any, str]:
        return 200, RETRACTIONS, "text/csv"


def _envelope(kind: str, message: Any) -> Json:
    return {"status": "ok", "message-type": kind, "message-version": "1.0.0", "message": message}


def _has_words(title: str, wanted: str) -> bool:
    return set(wanted.lower().split()) <= set(re.findall(r"\w+", title.lower()))


def _opinion(one: Json) -> Json:
    """A work of Crossref as OpenAlex has taken it over."""
    return {
        "doi": f"https://doi.org/{one['DOI']}",
        "type": "article",
        "title": one["title"][0],
        "publication_year": one["issued"]["date-parts"][0][0],
        "authorships": [{"author": {"display_name": f"{a['given']} {a['family']}"}} for a in one["author"]],
    }
