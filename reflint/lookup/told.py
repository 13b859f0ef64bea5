"""Registries whose answers are written down beforehand: how the examples of a rule show what a look-up does."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import httpx2

from reflint.lookup.advice import Adviser
from reflint.lookup.registries import Registries

_HOSTS = {"CROSSREF": "crossref", "DATACITE": "datacite", "DOI": "doi.org", "PUBMED": "pubmed", "OPENALEX": "openalex"}
_ABSENT: dict[str, tuple[int, object]] = {
    "crossref": (404, "Resource not found."),
    "datacite": (404, {"errors": [{"status": "404"}]}),
    "doi.org": (404, {"responseCode": 100}),
    "pubmed": (200, {"records": [{"status": "error"}]}),
    "openalex": (404, {"error": "Not Found"}),
}


def adviser_of(answers: Mapping[str, Any]) -> Adviser:
    """An adviser who knows nothing but these answers.

    They stand by registry and path, as in `crossref /works/10.1234/tides.7`; a search is `crossref /works` (or
    `datacite /dois`, `openalex /works`) and gets a list. null says
    that the registry has no such thing; what does not stand there is unknown.
    """
    addresses = {name: f"http://{host}" for name, host in _HOSTS.items()}
    clock = iter(range(10**9))  # time goes by, and nobody waits for it
    registries = Registries(
        addresses,
        None,
        transport=_Told(answers),
        clock=lambda: float(next(clock)),
        wall=lambda: 0.0,
        sleep=lambda seconds: None,
    )
    return Adviser(registries)


class _Told(httpx2.BaseTransport):
    def __init__(self, answers: Mapping[str, Any]) -> None:
        self._answers = answers

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """The answer that stands under the registry and path."""
        host, path = request.url.host, request.url.path
        key = f"{host} {path}"
        if key not in self._answers:
            return httpx2.Response(400, text="nobody was told", request=request)
        known = self._answers[key]
        status, document = _ABSENT[host] if known is None else (200, _wrapped(host, path, known))
        if isinstance(document, str):
            return httpx2.Response(status, text=document, request=request)
        return httpx2.Response(status, content=json.dumps(document).encode(), request=request)


def _wrapped(host: str, path: str, known: Any) -> object:
    """An answer in the envelope of its registry."""
    if host == "crossref":
        if path == "/works":
            return {"message-type": "work-list", "message": {"items": known}}
        return {"message-type": "journal" if path.startswith("/journals/") else "work", "message": known}
    if host == "datacite":
        return {"data": [{"attributes": one} for one in known] if path == "/dois" else {"attributes": known}}
    return {"results": known} if (host, path) == ("openalex", "/works") else known
