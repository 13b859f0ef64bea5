"""Whatever a registry sends: no exception, and no `absent` that it did not say."""

from __future__ import annotations

from typing import Any

import httpx2
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.lookup.desk import Desk

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
NAMES = st.sampled_from(
    "DOI title subtitle author issued date-parts family given name container-title ISSN volume page updated-by "
    "relation update-to is-preprint-of doi publication_year authorships biblio primary_location source "
    "display_name issn titles creators types container relatedIdentifiers descriptions "
    "publicationYear values responseCode data alias".split()
)
ODD = st.dictionaries(NAMES, st.recursive(JSON, lambda inner: st.dictionaries(NAMES, inner, max_size=3)), max_size=8)


class Says(httpx2.BaseTransport):
    """Answers everything by one document."""

    def __init__(self, document: Any) -> None:
        self.document = document

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(200, json=self.document, request=request)


@settings(max_examples=40)
@given(ODD)
def test_no_document_breaks_the_reading_of_it(odd: dict[str, Any]) -> None:
    named = {"DOI": "10.1234/x", "title": ["x"], "doi": "10.1234/x", "display_name": "x", "responseCode": 1} | odd
    for document in (
        {"message-type": "work", "message": named},
        {"message-type": "work-list", "message": {"items": [named]}},
        {"message-type": "journal", "message": named},
        {"data": {"attributes": named}},
        named,
    ):
        asked = Desk(transport=Says(document)).registries
        for answer in (
            asked.crossref.work("10.1234/x"),
            asked.crossref.search("x y z"),
            asked.crossref.journal("0317-8471"),
            asked.datacite.work("10.1234/x"),
            asked.openalex.work("10.1234/x"),
            asked.openalex.journal("0317-8471"),
            asked.doi_org.handle("10.1234/x"),
        ):
            assert answer.state in ("found", "unknown", "absent")
            assert (answer.value is not None) == answer.found
            assert not answer.absent or odd.get("responseCode") == 100


@settings(max_examples=40)
@given(JSON)
def test_no_json_at_all_is_taken_for_absent(document: Any) -> None:
    asked = Desk(transport=Says(document)).registries
    for answer in (
        asked.crossref.work("10.1234/x"),
        asked.openalex.work("10.1234/x"),
        asked.datacite.work("10.1234/x"),
    ):
        assert answer.state == "unknown"
