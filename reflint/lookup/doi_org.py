"""doi.org: whether a DOI is registered at all, what a short one stands for, and with which agency."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import quote

from reflint.lookup.answer import Answer
from reflint.lookup.client import Client, Json, Means, Unreadable
from reflint.model.identifiers import normalize_doi

ENDPOINT = "https://doi.org"
SOURCE = "doi.org"
_FOUND, _NO_VALUES, _NO_HANDLE = 1, 200, 100
_NO_DOI = frozenset(["doi does not exist", "invalid doi"])


class Handle(NamedTuple):
    """A registered DOI; `alias` is the DOI that a short one stands for."""

    doi: str
    alias: str = ""


class DoiOrg:
    """Questions to the DOI system itself."""

    def __init__(self, endpoint: str | None, means: Means) -> None:
        self.client = Client(SOURCE, endpoint, means, rate=5)

    def handle(self, doi: str) -> Answer[Handle]:
        """Whether a DOI (or shortDOI) is registered."""
        answer = self.client.ask(f"/api/handles/{quote(doi, safe='/')}", _read_handle)
        return answer.into(lambda kept: Handle(doi, kept["alias"]))

    def agency(self, doi: str) -> Answer[str]:
        """The agency that registered a DOI: `Crossref`, `DataCite`, `mEDRA`, `JaLC`, ..."""
        return self.client.ask(f"/doiRA/{quote(doi, safe='/')}", _read_agency)


def _read_handle(status: int, document: Json) -> Json:
    code = document.get("responseCode") if isinstance(document, Mapping) else None
    if code == _NO_HANDLE:
        return None
    if code not in (_FOUND, _NO_VALUES):
        raise Unreadable("no answer of the handle system")
    for value in document.get("values") or ():
        if isinstance(value, Mapping) and value.get("type") == "HS_ALIAS":
            data = value.get("data")
            alias = normalize_doi(str(data.get("value") if isinstance(data, Mapping) else data))
            return {"alias": alias or ""}
    return {"alias": ""}


def _read_agency(status: int, document: Json) -> Json:
    first = document[0] if isinstance(document, list) and document else None
    if not isinstance(first, Mapping):
        raise Unreadable("no answer about an agency")
    if first.get("RA"):
        return str(first["RA"])
    if str(first.get("status")).strip().lower() in _NO_DOI:
        return None
    raise Unreadable(f"status {first.get('status')!r}")
