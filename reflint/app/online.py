"""Look-ups as a use case: whether registries may be asked, how they are reached, and the Retraction Watch file."""

from __future__ import annotations

import math
import os
import re
import time
from collections.abc import Callable

from reflint.app.settings import Settings, cache_folder
from reflint.errors import ConfigError
from reflint.lookup import retractions
from reflint.lookup.advice import Adviser, Progress
from reflint.lookup.registries import RETRACTIONS_FILE, Registries, endpoints

_LIMIT = re.compile(r"\s*(\d+(?:\.\d+)?)\s*([smh])\s*", re.ASCII)
_UNITS = {"s": 1.0, "m": 60.0, "h": 3600.0}


def adviser(
    settings: Settings, *, offline: bool = False, refresh: bool = False, progress: Progress | None = None
) -> Adviser:
    """Registries as the engine's adviser.

    `offline`, or REFLINT_OFFLINE=1, wins over everything: then only answers of earlier runs are used. `refresh`: those
    are not used, and their questions are asked again. Raises ConfigError for an address, or a time limit, that is none.
    """
    registries = Registries(
        endpoints(os.environ),
        cache_folder() / "lookup",
        asking=not (offline or is_offline()),
        mailto=settings["mailto"],
        refresh=refresh,
        limit=_seconds(settings["online-limit"]),
    )
    return Adviser(registries, progress)


def _seconds(text: str) -> float:
    """A time limit such as `90s`, `10m` or `1.5h` in seconds; infinite when there is none."""
    if not text:
        return math.inf
    match = _LIMIT.fullmatch(text)
    if match is None or not float(match[1]):
        raise ConfigError(f"online-limit takes a time such as 90s, 10m or 2h, not {text!r}")
    return float(match[1]) * _UNITS[match[2]]


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
