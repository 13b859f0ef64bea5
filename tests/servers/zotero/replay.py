"""Replays recorded exchanges with a real Zotero data server against this one and says how equal the answers are.

`python -m tests.servers.zotero.replay FOLDER` prints every exchange that is not wholly equal, and the sums. Levels:
1 status, reports without texts, versions, keys; 2 and texts, Link, Retry-After; 3 and all JSON, times within a second.
"""

from __future__ import annotations

import base64
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from tests.servers.zotero.messages import Request, Response
from tests.servers.zotero.state import Server

BASE = "https://api.zotero.example"
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_DATE_SORTS = re.compile(r"(?:^|&)sort=(?!date)")


class Compared(NamedTuple):
    """How far one exchange is equal (0-3), and the first thing that is not."""

    number: int
    level: int
    difference: str


def read(folder: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Name and content of every scenario of a folder of recordings."""
    for path in sorted(folder.glob("[0-9]*.json")):
        yield path.stem, json.loads(path.read_text(encoding="utf-8"))


class Replay:
    """One scenario against a fresh server in the world it was recorded in."""

    def __init__(self, scenario: dict[str, Any], world: dict[str, Any], *, limits: bool = False) -> None:
        self.exchanges: list[dict[str, Any]] = scenario["exchanges"]
        self.now = seconds(next(exchange["at"] for exchange in self.exchanges if "at" in exchange))
        self.server = Server(world, clock=lambda: self.now, limits=limits, base=BASE)
        self._made = {(made["exchange"], made["index"]): key for key, made in scenario["generated_keys"].items()}
        self._keys: dict[str, str] = {}
        self._times: dict[tuple[str, str, str], str] = {}

    def run(self) -> Iterator[Compared]:
        """Compares every exchange that can be replayed."""
        for exchange in self.exchanges:
            if exchange.get("replay", True):
                yield self.one(exchange)

    def exhaust(self, exchange: dict[str, Any]) -> None:
        """Spends what the limiter grants the sender of an exchange at its time."""
        self.now = seconds(exchange["at"])
        request = self._request(exchange["request"])._replace(method="GET", body=None)
        while self.server.handle(request).status != 429:
            pass

    def one(self, exchange: dict[str, Any]) -> Compared:
        """Sends one exchange's request at the time it was recorded, and compares the answers."""
        self.now = seconds(exchange["at"]) if "at" in exchange else self.now
        response = self.server.handle(self._request(exchange["request"]))
        if exchange.get("transport") == "response_dropped":
            return Compared(exchange["n"], 3, "")
        self._learn_keys(exchange, response)
        recorded = exchange["response"]
        body = recorded["body"]
        answer = Response(
            recorded["status"], dict(map(tuple, recorded["headers"])), (self._ours(body) if body else "").encode()
        )
        self._learn_times(json_of(answer), json_of(response))
        return compared(exchange["n"], answer, response, exchange["request"])

    def _request(self, recorded: dict[str, Any]) -> Request:
        body = recorded["body"]
        sent = (
            base64.b64decode(body["base64"]) if isinstance(body, dict) else self._timed(self._ours(body or "")).encode()
        )
        path, query = self._ours(recorded["path"]), self._ours(recorded["query"])
        return Request(recorded["method"], path, query, dict(map(tuple, recorded["headers"])), sent)

    def _ours(self, text: str) -> str:
        """A recorded text with the keys that the servers chose replaced."""
        for theirs, ours in self._keys.items():
            text = text.replace(theirs, ours)
        return text

    def _learn_keys(self, exchange: dict[str, Any], response: Response) -> None:
        for (number, index), key in self._made.items():
            if number == exchange["n"]:
                self._keys[key] = response.json()["success"][index]

    def _timed(self, body: str) -> str:
        """A body in which times that were read before are those that were read here."""
        try:
            objects = json.loads(body)
        except ValueError:
            return body
        for value in objects if isinstance(objects, list) else [objects]:
            for name in ("dateAdded", "dateModified") if isinstance(value, dict) else ():
                body = body.replace(*self._time(value, name)) if name in value else body
        return body

    def _time(self, value: dict[str, Any], name: str) -> tuple[str, str]:
        theirs = f'"{name}": "{value[name]}"', f'"{name}":"{value[name]}"'
        ours = self._times.get((str(value.get("key")), name, str(value[name])), str(value[name]))
        return theirs[0], f'"{name}": "{ours}"'

    def _learn_times(self, theirs: Any, ours: Any) -> None:
        if isinstance(theirs, dict) and isinstance(ours, dict):
            for name in ("dateAdded", "dateModified"):
                if name in theirs and name in ours:
                    self._times[str(theirs.get("key")), name, theirs[name]] = ours[name]
            for name in theirs.keys() & ours.keys():
                self._learn_times(theirs[name], ours[name])
        elif isinstance(theirs, list) and isinstance(ours, list):
            for pair in zip(theirs, ours, strict=False):
                self._learn_times(*pair)


def seconds(time: str) -> float:
    """A time of the recordings on the server's clock."""
    return datetime.fromisoformat(time).timestamp()


def json_of(response: Response) -> Any:
    """The body as JSON, its text where it is none."""
    try:
        return response.json()
    except ValueError:
        return response.text


def compared(number: int, theirs: Response, ours: Response, request: dict[str, Any]) -> Compared:
    """The highest level at which two answers are equal."""
    ordered = bool(_DATE_SORTS.search(request["query"]))
    for level, parts in enumerate((_coarse, _texts, _whole)):
        left, right = parts(theirs, ordered), parts(ours, ordered)
        if difference := first_difference(left, right):
            return Compared(number, level, difference)
    return Compared(number, 3, "")


def _coarse(response: Response, ordered: bool) -> Any:
    headers = {name: response.headers.get(name) for name in ("Last-Modified-Version", "Total-Results")}
    body = json_of(response)
    content: Any = None
    if isinstance(body, dict) and "successful" in body:
        content = {
            "successful": {index: (item["key"], item["version"]) for index, item in body["successful"].items()},
            "success": body["success"],
            "unchanged": body["unchanged"],
            "failed": {index: failed["code"] for index, failed in body["failed"].items()},
        }
    elif isinstance(body, list):
        content = _in_order(
            [(item.get("key"), item.get("version")) for item in body if isinstance(item, dict)], ordered
        )
    elif isinstance(body, dict):
        content = {name: value for name, value in body.items() if not isinstance(value, dict)}
    elif response.status == 200:
        content = _in_order(body.split("\n"), ordered)
    return [response.status, headers, content]


def _in_order(values: list[Any], ordered: bool) -> list[Any]:
    return values if ordered else sorted(values, key=str)


def _texts(response: Response, ordered: bool) -> Any:
    body = json_of(response)
    failed = body.get("failed") if isinstance(body, dict) else None
    return [
        body if isinstance(body, str) and response.status != 200 else None,
        failed,
        response.headers.get("Link"),
        "Retry-After" in response.headers,
    ]


def _whole(response: Response, ordered: bool) -> Any:
    body = json_of(response)
    if not isinstance(body, list) or ordered:
        return body
    by = "key" if body and "key" in body[0] else "localized"
    return sorted(body, key=lambda value: (str(value.get(by, "")), str(value.get("field", ""))))


def first_difference(theirs: Any, ours: Any, at: str = "") -> str:
    """Where two JSON values differ, empty when they do not; times may differ by a second."""
    if isinstance(theirs, dict) and isinstance(ours, dict):
        for name in [*theirs, *(ours.keys() - theirs.keys())]:
            if name not in theirs or name not in ours:
                return f"{at}/{name}: {theirs.get(name, 'absent')!r} recorded, {ours.get(name, 'absent')!r} here"
            if found := first_difference(theirs[name], ours[name], f"{at}/{name}"):
                return found
        return ""
    if isinstance(theirs, list | tuple) and isinstance(ours, list | tuple) and len(theirs) == len(ours):
        pairs = enumerate(zip(theirs, ours, strict=True))
        return next((found for n, pair in pairs if (found := first_difference(*pair, f"{at}/{n}"))), "")
    return "" if _same(theirs, ours) else f"{at}: {theirs!r} recorded, {ours!r} here"


def _same(theirs: Any, ours: Any) -> bool:
    if isinstance(theirs, str) and isinstance(ours, str) and _TIME.fullmatch(theirs) and _TIME.fullmatch(ours):
        return abs(seconds(theirs) - seconds(ours)) <= 1
    return type(theirs) is type(ours) and bool(theirs == ours)


def main(folder: Path) -> None:
    world = json.loads((folder / "world.json").read_text(encoding="utf-8"))
    sums: Counter[int] = Counter()
    for name, scenario in read(folder):
        for result in Replay(scenario, world).run():
            sums[result.level] += 1
            if result.level < 3:
                print(f"{name} {result.number}: level {result.level}; {result.difference[:300]}")
    print(f"{sums.total()} exchanges: " + ", ".join(f"{sums[level]} equal at level {level}" for level in (3, 2, 1, 0)))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
