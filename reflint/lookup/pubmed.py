"""PubMed Central's id converter: the DOI of a PMID or PMCID."""

from __future__ import annotations

from collections.abc import Mapping

from reflint.lookup.answer import Answer
from reflint.lookup.client import Client, Json, Means, Unreadable
from reflint.model.identifiers import normalize_doi

ENDPOINT = "https://pmc.ncbi.nlm.nih.gov/tools/idconv/api/v1/articles"
SOURCE = "pubmed"


class PubMed:
    """Questions to the id converter, which knows the articles of PubMed Central only."""

    def __init__(self, endpoint: str | None, means: Means) -> None:
        self.client = Client(SOURCE, endpoint, means, rate=3)
        self._identity = {"tool": "reflint"} | ({"email": means.mailto} if means.mailto else {})

    def doi(self, identifier: str) -> Answer[str]:
        """The DOI of a PMID (digits) or PMCID (`PMC` and digits); absent when PubMed Central knows none."""
        return self.client.ask("/", _read, {"ids": identifier, "format": "json"}, self._identity)


def _read(status: int, document: Json) -> Json:
    records = document.get("records") if isinstance(document, Mapping) else None
    first = records[0] if isinstance(records, list) and records else None
    if status != 200 or not isinstance(first, Mapping):
        raise Unreadable("no answer of the id converter")
    return normalize_doi(str(first.get("doi") or ""))
