"""What the tests of the look-up work at: registries in process, by a clock that nobody waits for."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from reflint.lookup.registries import Registries
from tests.servers.crossref.server import Server
from tests.servers.crossref.transport import Clock, Transport, addresses

TODAY = 1_700_000_000.0


class Desk:
    """A server, a clock, and registries that ask that server by that clock."""

    def __init__(self, faults: Iterable[str] = (), folder: Path | None = None, **more: Any) -> None:
        self.clock = Clock()
        self.server = Server(clock=self.clock, faults=faults)
        self.folder = folder
        self.registries = self.another(**more)

    def another(self, **more: Any) -> Registries:
        """Registries of another run, that share cache and server with the first."""
        given: dict[str, Any] = {
            "transport": Transport(self.server),
            "clock": self.clock,
            "wall": lambda: TODAY + self.clock.now,
            "sleep": self.clock.sleep,
        }
        return Registries(addresses(), self.folder, **(given | more))

    @property
    def paths(self) -> list[str]:
        """What was asked, registry and path."""
        return [f"{one.registry} {one.path}" for one in self.server.requests]
