"""What the server grants a client: requests a second, requests at a time, and wrong keys."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from random import Random

from tests.servers.zotero.messages import Refusal

BURST, PER_SECOND, AT_A_TIME = 100, 10, 5
ANONYMOUS_PER_SECOND, ANONYMOUS_AT_A_TIME = 30, 20
WRONG_KEYS, WRONG_KEYS_SECONDS = 5, 300


class Limits:
    """Token buckets and slots per user and address; `on=False` grants everything but wrong keys."""

    def __init__(self, clock: Callable[[], float], *, on: bool) -> None:
        self.on = on
        self._clock = clock
        self._buckets: dict[tuple[int | None, str], tuple[float, float]] = {}
        self._busy: Counter[int | str] = Counter()
        self._wrong: dict[str, list[float]] = {}
        self._lock = threading.Lock()
        self._random = Random(0)

    def check_failures(self, address: str) -> None:
        """Refuses an address that sent too many wrong keys, whatever it sends now."""
        with self._lock:
            since = self._clock() - WRONG_KEYS_SECONDS
            recent = [time for time in self._wrong.get(address, ()) if time > since]
            self._wrong[address] = recent
        if len(recent) > WRONG_KEYS:
            raise Refusal(429, "Too many authentication failures", early=True)

    def fail(self, address: str) -> None:
        """Counts a wrong key."""
        with self._lock:
            self._wrong.setdefault(address, []).append(self._clock())

    @contextmanager
    def slot(self, user: int | None, address: str) -> Iterator[None]:
        """One request of a user (None: anonymous) at work; Refusal 429 when that is one too many."""
        if not self.on:
            yield
            return
        who = address if user is None else user
        with self._lock:
            if self._busy[who] >= (ANONYMOUS_AT_A_TIME if user is None else AT_A_TIME):
                wait = str(self._random.randint(1, 30))
                raise Refusal(429, "Concurrent request limit exceeded", headers={"Retry-After": wait}, early=True)
            self._take(user, address)
            self._busy[who] += 1
        try:
            yield
        finally:
            with self._lock:
                self._busy[who] -= 1

    def _take(self, user: int | None, address: str) -> None:
        most, rate = (ANONYMOUS_PER_SECOND, ANONYMOUS_PER_SECOND) if user is None else (BURST, PER_SECOND)
        now = self._clock()
        left, then = self._buckets.get((user, address), (float(most), now))
        left = min(float(most), left + (now - then) * rate)
        if left < 1:
            raise Refusal(429, "Request rate limit exceeded", headers={"Retry-After": "10"}, early=True)
        self._buckets[user, address] = (left - 1, now)
