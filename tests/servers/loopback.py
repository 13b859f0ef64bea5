"""Test servers on a thread of their own."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import ThreadingHTTPServer


@contextmanager
def running(bound: ThreadingHTTPServer) -> Iterator[None]:
    """A bound server answers as long as the context lasts."""
    with bound:
        thread = threading.Thread(target=bound.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield
        finally:
            bound.shutdown()
            thread.join()
