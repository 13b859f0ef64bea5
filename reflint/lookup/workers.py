"""Workers that begin with questions before anybody waits for the answers."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from contextlib import suppress

Job = Callable[[], object]
WORKERS = 4


class Workers:
    """A few threads that do jobs in the order they are given; what comes of a job is nobody's business here.

    They end with the program, however long a job would still have taken: an interruption is never kept waiting.
    """

    def __init__(self, count: int = WORKERS) -> None:
        self._jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._count = count
        self._threads: list[threading.Thread] = []

    def begin(self, job: Job) -> None:
        """Does the job some time."""
        if len(self._threads) < self._count:
            thread = threading.Thread(target=self._work, daemon=True)
            self._threads.append(thread)
            thread.start()
        self._jobs.put(job)

    def stop(self) -> None:
        """No more jobs: those that wait are dropped, those that are being done are waited for a moment."""
        with suppress(queue.Empty):
            while True:
                self._jobs.get_nowait()
        for _ in self._threads:
            self._jobs.put(None)
        for thread in self._threads:
            thread.join(0.2)

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            with suppress(Exception):  # whoever asks for the same later meets it again, and says so
                job()
