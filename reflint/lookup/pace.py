"""The gate before a registry: requests leave one after another, no faster and no more at a time than it allows."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

_MARGIN = 1.1
"""How much more time than the registry asks for is left between requests: they may arrive closer than they left."""
_MOST_AT_A_TIME = 8
_INTERVAL = re.compile(r"\s*(\d+(?:\.\d+)?)\s*(ms|s|m|h)?\s*", re.ASCII)
_UNITS = {"ms": 0.001, None: 1.0, "s": 1.0, "m": 60.0, "h": 3600.0}


class Gate:
    """Lets requests through: `rate` a second and `together` at a time, until the registry's answers say otherwise.

    `clock` gives seconds of any origin, `sleep` waits for some.
    """

    def __init__(self, rate: float, together: int, clock: Callable[[], float], sleep: Callable[[float], None]) -> None:
        self._gap = _MARGIN / rate
        self._together = together
        self._clock = clock
        self._sleep = sleep
        self._next = 0.0
        self._open = 0
        self._free = threading.Condition()

    @contextmanager
    def passage(self) -> Iterator[None]:
        """Waits for this request's turn and holds its place until it is answered."""
        with self._free:
            while self._open >= self._together:
                self._free.wait()
            self._open += 1
        try:
            while (wait := self._turn()) > 0:
                self._sleep(wait)
            yield
        finally:
            with self._free:
                self._open -= 1
                self._free.notify()

    def _turn(self) -> float:
        """0 when it is this request's turn, which is then taken; else the seconds until somebody's."""
        with self._free:
            now = self._clock()
            if self._next > now:
                return self._next - now
            self._next = now + self._gap
            return 0.0

    def hold(self, seconds: float) -> None:
        """Lets nothing through for a while."""
        with self._free:
            self._next = max(self._next, self._clock() + seconds)

    def learn(self, headers: Mapping[str, str]) -> None:
        """Takes the limits that an answer states: `x-rate-limit-limit`, `-interval`, `x-concurrency-limit`."""
        limit = headers.get("x-rate-limit-limit", "")
        interval = _INTERVAL.fullmatch(headers.get("x-rate-limit-interval", ""))
        together = headers.get("x-concurrency-limit", "")
        with self._free:
            if limit.isdigit() and int(limit) and interval:
                self._gap = _MARGIN * float(interval[1]) * _UNITS[interval[2]] / int(limit)
            if together.isdigit() and int(together):
                self._together = min(int(together), _MOST_AT_A_TIME)
                self._free.notify_all()
