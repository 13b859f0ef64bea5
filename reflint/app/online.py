"""Look-ups as a use case: whether registries may be asked, how they are reached, and the Retraction Watch file."""

from __future__ import annotations

import os
import time
from collections.abc import Callable

from reflint.app.settings import Settings, cache_folder
from reflint.errors import ConfigError
from reflint.lookup import retractions
from reflint.lookup.advice import Adviser, Progress
from reflint.lookup.registries import RETRACTIONS_FILE, Registries, endpoints


def adviser(settings: Settings, *, offline: bool = False, progress: Progress | None = None) -> Adviser:
    """Registries as the engine's adviser.

    `offline`, or REFLINT_OFFLINE=1, wins over everything: then only answers of earlier runs are used. Raises
    ConfigError for an address that is none.
    """
    registries = Registries(
        endpoints(os.environ),
        cache_folder() / "lookup",
        asking=not (offline or is_offline()),
        mailto=settings["mailto"],
    )
    return Adviser(registries, progress)


def is_offline() -> bool:
    """Whether the environment forbids every request."""
    return os.environ.get("REFLINT_OFFLINE", "") not in ("", "0")


def update_retractions(progress: Callable[[int], None] | None = None) -> int:
    """Downloads the Retraction Watch file into the cache; how many notices it has. Raises SourceError, ConfigError."""
    address = endpoints(os.environ)["RETRACTIONS"]
    if address is None or is_offline():
        raise ConfigError("the Retraction Watch file is not fetched offline")
    path = cache_folder() / "lookup" / RETRACTIONS_FILE
    return retractions.download(address, path, time.time(), progress=progress)
