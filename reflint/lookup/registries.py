"""All registries behind one door, with one cache, and where each is to be found."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import httpx2

from reflint.errors import ConfigError
from reflint.lookup import crossref, datacite, doi_org, openalex, pubmed, retractions
from reflint.lookup.cache import Cache
from reflint.lookup.client import Client, Means

ENDPOINTS = {
    "CROSSREF": crossref.ENDPOINT,
    "DATACITE": datacite.ENDPOINT,
    "DOI": doi_org.ENDPOINT,
    "PUBMED": pubmed.ENDPOINT,
    "OPENALEX": openalex.ENDPOINT,
    "RETRACTIONS": retractions.ENDPOINT,
}
"""Where each registry is, unless `REFLINT_<NAME>_ENDPOINT` says otherwise; `off` there is a registry never asked."""
CACHE_FILE = "registries.sqlite"
RETRACTIONS_FILE = "retractions.sqlite"


def endpoints(environment: Mapping[str, str]) -> dict[str, str | None]:
    """Each registry's address by its name in `ENDPOINTS`; None where it is turned off. Raises ConfigError."""
    found: dict[str, str | None] = {}
    for name, usual in ENDPOINTS.items():
        variable = f"REFLINT_{name}_ENDPOINT"
        value = environment.get(variable, "").strip() or usual
        if value != "off" and not value.startswith(("https://", "http://")):
            raise ConfigError(f"{variable}: {value!r} is neither a web address nor `off`")
        found[name] = None if value == "off" else value
    return found


class Registries:
    """Every registry. `addresses` as of `endpoints`; with `asking` false nothing is sent, the cache alone answers.

    `folder`: where answers are kept between runs (None: nowhere). `refresh`: what was answered before this run is asked
    again. `limit`: seconds after which nothing more is asked. `transport` None is the network; `clock`, `wall` and
    `sleep` are time.
    """

    def __init__(
        self,
        addresses: Mapping[str, str | None],
        folder: Path | None,
        *,
        asking: bool = True,
        mailto: str = "",
        refresh: bool = False,
        limit: float = math.inf,
        transport: httpx2.BaseTransport | None = None,
        clock: Callable[[], float] = time.monotonic,
        wall: Callable[[], float] = time.time,
        sleep: Callable[[float], None] | None = None,
    ) -> None:
        self._closing = threading.Event()
        self._cache = Cache(folder / CACHE_FILE if folder else None, wall)
        since = wall() if refresh and asking else 0.0
        means = Means(self._cache, transport, clock, wall, sleep or self._wait, mailto, since, clock() + limit)
        at = dict(addresses) if asking else {}
        self.crossref = crossref.Crossref(at.get("CROSSREF"), means)
        self.datacite = datacite.DataCite(at.get("DATACITE"), means)
        self.doi_org = doi_org.DoiOrg(at.get("DOI"), means)
        self.pubmed = pubmed.PubMed(at.get("PUBMED"), means)
        self.openalex = openalex.OpenAlex(at.get("OPENALEX"), means)
        self.retractions = retractions.Retractions(folder / RETRACTIONS_FILE if folder else None)

    def _wait(self, seconds: float) -> None:
        if self._closing.wait(seconds):
            raise InterruptedError("the run is over")

    @property
    def clients(self) -> tuple[Client, ...]:
        """The client of each registry."""
        each = (self.crossref, self.datacite, self.doi_org, self.pubmed, self.openalex)
        return tuple(one.client for one in each)

    def close(self) -> None:
        """Ends all waiting and closes all connections; what was answered is kept."""
        self._closing.set()
        for client in self.clients:
            client.close()
        self._cache.close()
        self.retractions.close()
