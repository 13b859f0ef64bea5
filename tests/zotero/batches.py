"""What a server may do to the items of a batch, for tests of runs; and what of it arrived."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from tests.servers.zotero import faults as f
from tests.servers.zotero.messages import Response, encoded
from tests.zotero.desk import US, Desk, article


def desk_of(folder: Path, count: int) -> Desk:
    """A desk with so many items, each with something to repair."""
    return Desk(folder, (article(3 * (number % 25), title=f"Sand {number}") for number in range(count)))


def written(desk: Desk) -> list[str]:
    """The items we wrote, in that order, once for each time."""
    return [change.key for change in desk.server.history if change.user == US]


def sizes(desk: Desk) -> list[int]:
    """How many items each of our writes held, since faults were last set."""
    return [sent.objects for sent in desk.transport.sent if sent.objects]


def refusing(code: int, keys: Iterable[str], text: str = "no") -> f.Kind:
    """The server refuses these items of a batch, whatever they say; the others go through."""
    refused = set(keys)

    def strike(call: f.Call) -> Response:
        batch = json.loads(call.request.content())
        good = [place for place, one in enumerate(batch) if one["key"] not in refused]
        call.request = call.request._replace(body=encoded([batch[place] for place in good]))
        response = call.proceed()
        report = {
            part: {str(good[int(place)]): one for place, one in found.items()}
            for part, found in response.json().items()
        }
        for place, one in enumerate(batch):
            if one["key"] in refused:
                report["failed"][str(place)] = {"key": one["key"], "code": code, "message": text}
        return response._replace(body=encoded(report))

    return strike


def answering(change: Callable[[Any], None]) -> f.Kind:
    """The server does its work, and says something else."""

    def strike(call: f.Call) -> Response:
        response = call.proceed()
        answer = response.json()
        change(answer)
        return response._replace(body=encoded(answer))

    return strike


def always(kind: f.Kind) -> f.Fault:
    """A fault for every batch of items."""
    return f.where(lambda request: request.method == "POST" and len(request.content()) > 2, kind, times=1000)
