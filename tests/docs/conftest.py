"""One shell for each test, with one cache for all of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.command import Shell


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def reflint(tmp_path: Path, cache: Path) -> Shell:
    return Shell(tmp_path, cache)
