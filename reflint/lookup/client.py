"""Questions to one registry over HTTP: paced, tried again, bounded in size, and never asked twice."""

from __future__ import annotations

import json
import math
import random
import threading
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple
from urllib.parse import urlencode

import httpx2

from reflint import __version__
from reflint.lookup.answer import Answer
from reflint.lookup.cache import AGES, Cache, Kept
from reflint.lookup.pace import Gate
from reflint.model.waits import seconds_asked_for

TRIES = 5
"""How often a question is asked at most; redirections are counted apart, at most three for each try."""
_LONGEST_WAIT = 60.0
_LONGEST_ASKED_FOR = 300.0
_FAILURES = 3
"""Questions that fail one after another before the registry is left in peace."""
_REST = 300.0
_LARGEST = 16 << 20
_PATIENCE, _PATIENCE_TO_CONNECT = 30.0, 10.0
_LOOPBACK = frozenset(["127.0.0.1", "localhost", "::1"])
_REDIRECTS = frozenset([301, 302, 303, 307, 308])

Json = Any
Read = Callable[[int, Json], Json]
"""Makes of a status (200 or 404) and a document what is to be kept of it; None when it says that there is no such
thing. Raises Unreadable for a document of another kind."""


class Unreadable(Exception):  # noqa: N818  (it is what it says)
    """No answer to the question, though something was sent."""


class _Refused(Exception):  # noqa: N818
    """The registry will not answer this, however often it is asked. `for_all`: nor anything else."""

    def __init__(self, why: str, for_all: bool = False) -> None:
        super().__init__(why)
        self.for_all = for_all


class _TooLate(Exception):  # noqa: N818
    """The time that the run may take is over, or would be before there is an answer."""


class Means(NamedTuple):
    """What clients share: the cache, the network, clocks and patience.

    `transport` None is the network; `clock` counts seconds from anywhere, `wall` since 1970. `since`: answers that were
    given earlier (by `wall`) are not believed any more. `until`: nothing is asked later (by `clock`).
    """

    cache: Cache
    transport: httpx2.BaseTransport | None
    clock: Callable[[], float]
    wall: Callable[[], float]
    sleep: Callable[[float], None]
    mailto: str = ""
    since: float = 0.0
    until: float = math.inf


class _Flight:
    """A question on its way, which others who have the same may wait for."""

    def __init__(self) -> None:
        self.landed = threading.Event()
        self.answer: Answer[Json] | None = None


class Client:
    """One registry. `endpoint` None: it is never asked, only what is in the cache is known of it.

    `rate` (requests a second) and `together` (at a time) hold until its answers state limits of their own. `requests`
    counts what was sent.
    """

    def __init__(self, source: str, endpoint: str | None, means: Means, *, rate: float, together: int = 1) -> None:
        self.source = source
        self.requests = 0
        self._open: dict[str, Answer[Json]] = {}
        self._late: set[str] = set()
        self._endpoint = endpoint.rstrip("/") if endpoint else None
        self._means = means
        self._gate = Gate(rate, together, means.clock, self._sleep)
        self._lock = threading.Lock()
        self._flights: dict[str, _Flight] = {}
        self._failed = 0
        self._rests_until = 0.0
        self._resting_for = ""
        agent = f"reflint/{__version__}" + (f" (mailto:{means.mailto})" if means.mailto else "")
        headers = {"User-Agent": agent, "Accept": "application/json"}
        self._http = (
            httpx2.Client(
                transport=means.transport,
                headers=headers,
                trust_env=httpx2.URL(endpoint).host not in _LOOPBACK,  # proxies are for hosts elsewhere
            )
            if endpoint
            else None
        )

    @property
    def unanswered(self) -> int:
        """How many questions stayed open, though they were asked, or would have been but for the time limit."""
        return len(self._open)

    @property
    def late(self) -> int:
        """How many of them the time limit cut off."""
        return len(self._late)

    def close(self) -> None:
        """Closes the connections."""
        if self._http is not None:
            self._http.close()

    def ask(
        self,
        path: str,
        read: Read,
        parameters: Mapping[str, str] | None = None,
        identity: Mapping[str, str] | None = None,
    ) -> Answer[Json]:
        """The answer to a question, from the cache or the registry. `identity`: parameters that say who asks."""
        question = path + ("?" + urlencode(sorted(parameters.items())) if parameters else "")
        with self._lock:
            flight = self._flights.get(question)
            first = flight is None
            if flight is None:
                flight = self._flights[question] = _Flight()
        if not first:
            flight.landed.wait()
            assert flight.answer is not None
            return flight.answer
        flight.answer = Answer("unknown", None, self.source, self._means.wall(), "interrupted")
        try:
            flight.answer = self._known(question) or self._asked(question, read, identity or {})
        finally:
            with self._lock:
                del self._flights[question]
                self._open.pop(question, None)
                if flight.answer.state == "unknown" and self._http is not None:
                    self._open[question] = flight.answer
            flight.landed.set()
        return flight.answer

    def learn(self, question: str, value: Json, asked: float) -> None:
        """Keeps the answer to a question that nobody asked, because it stood in the answer to another."""
        if self._known(question) is None:
            self._keep(question, Answer("found", value, self.source, asked))

    def _keep(self, question: str, answer: Answer[Json]) -> None:
        body = json.dumps(answer.value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
        self._means.cache.put(self.source, question, Kept(answer.state, answer.asked, body, answer.why))

    def _known(self, question: str) -> Answer[Json] | None:
        kept = self._means.cache.get(self.source, question)
        if kept is None or kept.asked < self._means.since:
            return None
        return Answer(kept.state, json.loads(kept.body), self.source, kept.asked, kept.why)

    def _asked(self, question: str, read: Read, identity: Mapping[str, str]) -> Answer[Json]:
        if self._http is None:
            return Answer("unknown", None, self.source, self._means.wall(), "not asked")
        with self._lock:
            resting = self._means.clock() < self._rests_until
            failed = self._open.get(question)
        if failed is not None and self._means.wall() - failed.asked < AGES["unknown"]:
            return failed
        if resting:
            return Answer("unknown", None, self.source, self._means.wall(), self._resting_for)
        try:
            value, why = self._persist(question, read, identity), ""
            state = "absent" if value is None else "found"
        except _TooLate:
            with self._lock:
                self._late.add(question)
            return Answer("unknown", None, self.source, self._means.wall(), "the run's time was over")
        except (Unreadable, _Refused, httpx2.HTTPError, httpx2.InvalidURL) as error:
            state, value, why = "unknown", None, _words(error)
            self._note_failure(error, why)
        else:
            with self._lock:
                self._failed = 0
        answer = Answer(state, value, self.source, self._means.wall(), why)  # type: ignore[arg-type]
        if answer.state != "unknown" or self._means.cache.get(self.source, question) is None:
            self._keep(question, answer)  # no failure takes the place of an answer
        return answer

    def _sleep(self, seconds: float) -> None:
        """Waits, unless the run's time would be over by then."""
        if self._means.clock() + seconds > self._means.until:
            raise _TooLate
        self._means.sleep(seconds)

    def _note_failure(self, error: Exception, why: str) -> None:
        """A registry that cannot be reached, or fails question after question, is left in peace for some minutes."""
        with self._lock:
            if isinstance(error, _Refused) and not error.for_all:
                return
            self._failed += 1
            if self._failed >= _FAILURES or isinstance(error, _Refused | httpx2.ConnectError | httpx2.ProxyError):
                self._failed = 0
                self._rests_until = self._means.clock() + _REST
                self._resting_for = f"{self.source} was left in peace: {why}"

    def _persist(self, question: str, read: Read, identity: Mapping[str, str]) -> Json:
        """Asks until there is an answer. Raises what the last try raised."""
        url = f"{self._endpoint}{question}"
        if identity:
            url += ("&" if "?" in question else "?") + urlencode(identity)
        for attempt in range(1, TRIES + 1):
            try:
                return self._once(url, read)
            except (Unreadable, httpx2.HTTPError) as error:
                unreachable = isinstance(error, httpx2.ConnectError | httpx2.ProxyError)
                if attempt == (2 if unreachable else TRIES):
                    raise
                wait = min(2.0 ** (attempt - 1), _LONGEST_WAIT) * random.uniform(0.75, 1.25)
                self._gate.hold(wait)
        raise AssertionError("unreachable")

    def _once(self, url: str, read: Read) -> Json:
        for _ in range(4):
            status, headers, body = self._sent(url)
            if status not in _REDIRECTS:
                return self._read(status, headers, body, read)
            target = httpx2.URL(url).join(headers.get("location", ""))
            if _origin(target) != _origin(httpx2.URL(url)):
                raise _Refused(f"{self.source} sends us to another host")
            url = str(target)
        raise _Refused(f"{self.source} sends us around in circles")

    def _sent(self, url: str) -> tuple[int, httpx2.Headers, bytes]:
        """One request, for as long as the run may still take; its body is cut off where it is larger than any true
        answer."""
        assert self._http is not None
        with self._gate.passage():
            left = self._means.until - self._means.clock()
            if left <= 0:
                raise _TooLate
            with self._lock:
                self.requests += 1
            patience = httpx2.Timeout(min(_PATIENCE, left), connect=min(_PATIENCE_TO_CONNECT, left))
            try:
                with self._http.stream("GET", url, follow_redirects=False, timeout=patience) as response:
                    return response.status_code, response.headers, self._body(response)
            except httpx2.TimeoutException:
                if self._means.clock() >= self._means.until:
                    raise _TooLate from None
                raise

    def _body(self, response: httpx2.Response) -> bytes:
        """The body of an answer, while it is coming."""
        self._gate.learn(response.headers)
        body = bytearray()
        for chunk in response.iter_bytes():
            body += chunk
            if len(body) > _LARGEST:
                raise _Refused(f"an answer of more than {_LARGEST >> 20} MB")
            if self._means.clock() > self._means.until:
                raise _TooLate
        return bytes(body)

    def _read(self, status: int, headers: httpx2.Headers, body: bytes, read: Read) -> Json:
        if status == 429 or status >= 500:
            wait = seconds_asked_for(headers.get("retry-after"), self._means.wall())
            if wait > _LONGEST_ASKED_FOR:
                raise _Refused(f"status {status}, to be asked again after {wait:.0f} s", for_all=True)
            self._gate.hold(wait)
            raise Unreadable(f"status {status}")
        if status in (401, 403):
            raise _Refused(f"status {status}", for_all=True)
        if status not in (200, 404):
            raise _Refused(f"status {status}: {_said(body)}")
        length = headers.get("content-length", "")
        if "content-encoding" not in headers and length.isdigit() and int(length) != len(body):
            raise Unreadable("an answer that breaks off")
        try:
            document = json.loads(body)
        except (ValueError, RecursionError):
            if status == 404:
                document = body.decode("utf-8", "replace").strip()  # Crossref says it in plain text
            else:
                raise Unreadable("an answer that is no JSON") from None
        return read(status, document)


def _words(error: Exception) -> str:
    return str(error) or type(error).__name__


def _said(body: bytes) -> str:
    return " ".join(body[:200].decode("utf-8", "replace").split())


def _origin(url: httpx2.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port
