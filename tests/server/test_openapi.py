"""The OpenAPI document, and the real server measured by it: what schemathesis makes up gets answers as described."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from jsonschema import Draft202012Validator
from requests.exceptions import ChunkedEncodingError, ConnectionError
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from reflint.server.config import Limits
from tests.inputs import ROOT
from tests.server.backend import Backend, served
from tests.server.described import DOCUMENT

schema = schemathesis.openapi.from_dict(DOCUMENT)
EXAMPLES = 12
OF_HTTP = frozenset("transfer-encoding content-length connection expect upgrade te trailer host".split())
"""Headers by which a message is read: with odd ones it is no HTTP, and refused before anything of ours is asked."""


@pytest.fixture(scope="module")
def backend(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Backend]:
    """With room for all jobs that are made up here, however slowly workers start; others fill the line on purpose."""
    with served(tmp_path_factory.mktemp("backend"), limits=Limits(waiting=EXAMPLES * len(DOCUMENT["paths"]))) as found:
        yield found


@schema.parametrize()
@settings(
    max_examples=EXAMPLES,
    derandomize=True,
    deadline=None,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_every_answer_is_as_described(case: schemathesis.Case, backend: Backend) -> None:
    for name in [name for name in case.headers or () if name.lower() in OF_HTTP]:
        del case.headers[name]
    try:
        answer = case.call(base_url=backend.url, headers=backend.headers)
    except (ConnectionError, ChunkedEncodingError):
        # Refused and closed before its body was read: the answer can be lost on the way. Lost again, it is a fault.
        answer = case.call(base_url=backend.url, headers=backend.headers)
    checks = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
    case.validate_response(answer, checks=checks)


def test_the_committed_document_is_that_of_the_server() -> None:
    committed = json.loads((ROOT / "docs" / "schemas" / "openapi.json").read_text())
    assert committed == DOCUMENT, "run `make docs`"


def test_it_is_openapi_3_1_and_every_route_says_what_it_takes() -> None:
    assert DOCUMENT["openapi"].startswith("3.1")
    for path, operations in DOCUMENT["paths"].items():
        for method, operation in operations.items():
            if method == "post" and path not in ("/v1/logout", "/v1/codes"):
                assert operation["requestBody"]["required"], path


def test_every_reference_leads_somewhere() -> None:
    text = json.dumps(DOCUMENT)
    schemas = DOCUMENT["components"]["schemas"]
    for part in text.split('"#/components/schemas/')[1:]:
        assert part.partition('"')[0] in schemas
    for model in schemas.values():
        Draft202012Validator.check_schema(model)


def test_positions_say_their_unit() -> None:
    assert "code points, not UTF-16 units" in DOCUMENT["info"]["description"]
    assert "code points" in DOCUMENT["components"]["schemas"]["Point"]["description"]
