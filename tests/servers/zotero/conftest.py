"""What the tests of the server share: a clock that they move, a server that runs by it, and its librarian."""

from __future__ import annotations

import pytest

from tests.servers.zotero.client import Client, Clock
from tests.servers.zotero.state import Server


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def server(clock: Clock) -> Server:
    return Server(clock=clock)


@pytest.fixture
def client(server: Server) -> Client:
    return Client(server)
