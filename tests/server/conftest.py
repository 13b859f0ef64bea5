"""One backend for all tests of a module that change nothing about it."""

from __future__ import annotations

from collections.abc import Iterator

import httpx2
import pytest

from tests.server.backend import Backend, served


@pytest.fixture(scope="module")
def backend(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Backend]:
    with served(tmp_path_factory.mktemp("backend")) as found:
        yield found


@pytest.fixture(scope="module")
def client(backend: Backend) -> Iterator[httpx2.Client]:
    with backend.client() as found:
        yield found
