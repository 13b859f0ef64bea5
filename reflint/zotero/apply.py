"""Applying a plan: batches of minimal patches, each journalled before and after, and never the same change twice."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

from reflint.model.text import number_of
from reflint.zotero.journal import Event, Journal
from reflint.zotero.moving import Moving
from reflint.zotero.plan import AnyLine, Plan
from reflint.zotero.propose import Relint
from reflint.zotero.rebase import hindrance, of_conflict, of_doubt
from reflint.zotero.runs import Run
from reflint.zotero.selection import Protection
from reflint.zotero.snapshot import chunks
from reflint.zotero.state import OPEN
from reflint.zotero.transport import MAX_OBJECTS
from reflint.zotero.values import same
from reflint.zotero.web import CHUNK, Item, Refused, Report, Unknown, Web, canonical

CANARY = 5
_MAX_REJECTED = 3
_MAX_DOUBTFUL = 3
_MAX_FAILED_SHARE = 0.02
_SETTLING_SECONDS = 60.0
_SETTLING_ROUNDS = 10
_MAX_SENT = 6
_OURS_TO_IGNORE = frozenset(["version", "dateModified"])
_END = {"event": "end"}


class Stopped(Exception):  # noqa: N818  (a run stops; it does not fail)
    """The run stops here; what was not written stays planned."""


class Runner:
    """A run at work. `relint`: what rules propose for an item that was changed meanwhile (None for an undo, where an
    item's fields go back one by one). `most`: how many items at most are written in this go; `progress` is told how
    many each time.

    Raises SourceError when the plan is not the one that the run began with.
    """

    def __init__(
        self,
        web: Web,
        run: Run,
        plan: Plan,
        journal: Journal,
        *,
        relint: Relint | None,
        protection: Protection,
        most: int | None = None,
        progress: Callable[[int], None] | None = None,
    ) -> None:
        self.web = web
        self.run = run
        self.plan = plan
        self.journal = journal
        self.state = run.state(plan, journal.events)
        self._relint = relint
        self._protection = protection
        self._plan_sha256 = plan.sha256
        self._most = most
        self._left: int | None = None
        self._progress = progress or (lambda done: None)
        self._doubtful = 0
        self._rejected = 0
        self._sent: Counter[str] = Counter()
        self._alone: set[str] = set()

    def go(self) -> None:
        """Carries the plan out as far as it can be; the state says how far. Raises SourceError when the disk or the
        connection give out; a later run goes on from the journal."""
        try:
            self._resolve(self.state.those("in doubt"))
            self._left = self._most  # what an earlier go has written does not count
            self._canary()
            self._send_all()
            for key in sorted(self._alone)[: self._room(len(self._alone))]:  # what made the server fail: by itself
                for item in self._fit([key]):
                    self._send([item])
            self._send_all()  # what waited for those
            left = self.state.those("planned")
            self._note(
                {"event": "stop", "why": f"{number_of(len(left), 'item')} left for the next go"} if left else _END
            )
        except Stopped as stop:
            self._note({"event": "stop", "why": str(stop)})
        except Refused as error:
            self._note({"event": "stop", "why": str(error)})

    def _send_all(self) -> None:
        for batch in self._batches(MAX_OBJECTS):
            self._send(batch)

    def _note(self, event: Event) -> None:
        """Journals an event, then counts it."""
        self.journal.write(event)
        self.state.take(event)

    def _settled(self, key: str, outcome: str, **more: Any) -> None:
        self._note({"event": "settled", "key": key, "outcome": outcome, **more})

    # -- what to send ---------------------------------------------------------

    def _canary(self) -> None:
        """A first batch of a few items, read again and compared before the others follow; if none was written, more."""
        if self.state.canary_done:
            return
        for batch in self._batches(CANARY):
            self._send(batch)
            compared = False
            for key, item in self.web.items(item["key"] for item in batch).items():
                if self.state.items[key].status == "applied" and item["version"] == self.state.items[key].version:
                    self._compare(self._line(key), item["data"], None)
                    compared = True
            if compared:
                self._note({"event": "canary"})
                return

    def _batches(self, size: int) -> Iterator[list[Item]]:
        """Planned items as they stand now, `size` at a time, each fit to be written; those that are not are settled."""
        ready: list[Item] = []
        while True:
            keys = self._next({item["key"] for item in ready}, CHUNK if size > CANARY else size)
            if keys and len(ready) < size:
                ready += self._fit(keys)
            elif ready:
                yield ready[:size]
                ready = ready[size:]
            else:
                return

    def _next(self, exclude: set[str], most: int) -> list[str]:
        waiting = exclude | self._alone
        due = (key for key in self.state.those("planned") if key not in waiting and self._is_due(key))
        return list(islice(due, self._room(most, len(exclude))))

    def _room(self, size: int, taken: int = 0) -> int:
        """How many items more this go may write besides those `taken`, `size` at most."""
        return size if self._left is None else max(min(size, self._left - taken), 0)

    def _is_due(self, key: str) -> bool:
        """Whether an item's turn has come."""
        return True

    def _hindered(self, keys: list[str]) -> dict[str, str]:
        """What other items forbid to be written, and why."""
        return {}

    def _fit(self, keys: list[str]) -> list[Item]:
        """The items of the keys that may be written as planned; the others are rebased, or settled otherwise."""
        hindered = self._hindered(keys)
        found = self.web.items(keys)
        fit = []
        for key in keys:
            item = found.get(key)
            if item is None:
                self._settled(key, "gone", why="deleted")
                continue
            line = self._line(key)
            why = hindered.get(key) or hindrance(line, item, self._protection)
            held = all(same(name, line.expect[name], item["data"].get(name, "")) for name in line.set)
            if why:
                self._settled(key, "conflict", why=why)
            elif self._sent[key] >= _MAX_SENT:
                self._settled(key, "failed", why=f"not written in {_MAX_SENT} attempts")
            elif (held and item["version"] == self.state.items[key].version) or self._rebase(key, item):
                if line.set:
                    fit.append(item)
                else:
                    self._settled(key, "already", version=item["version"])
        return fit

    def _line(self, key: str) -> AnyLine:
        """The plan's line, less the fields that an undo had to leave."""
        line = self.plan.lines[key]
        fields = self.state.items[key].fields
        if len(fields) == len(line.set):
            return line
        return line.model_copy(
            update={
                "set": {name: line.set[name] for name in fields},
                "expect": {name: line.expect[name] for name in fields},
            }
        )

    def _rebase(self, key: str, item: Item) -> bool:
        """Settles an item that is not as planned; whether it may be written after all."""
        outcome = of_conflict(self._line(key), item, self.state.items[key].rebased, self._relint, self._protection)
        self._settled(key, **outcome)
        return bool(outcome["outcome"] == "rebased")

    # -- sending --------------------------------------------------------------

    def _send(self, items: list[Item]) -> None:
        """One batch: intent, send, result."""
        batch = self.state.batches + 1
        lines = {item["key"]: self._line(item["key"]) for item in items}
        patches = [{"key": key, "version": self.state.items[key].version, **line.set} for key, line in lines.items()]
        token = hashlib.sha256(f"{self._plan_sha256} {self.run.id} {batch}".encode()).hexdigest()[:32]
        self.run.keep(items)
        self._sent.update(lines.keys())
        self._note(
            {
                "event": "intent",
                "batch": batch,
                "token": token,
                "body": _hash(patches),
                "items": [[patch["key"], patch["version"], _hash(lines[patch["key"]].set)] for patch in patches],
            }
        )
        try:
            report = self.web.send(patches, token, self._moving(items))
        except Refused as error:
            self._note({"event": "refused", "batch": batch, "items": list(lines), "status": error.status})
            raise Stopped(str(error)) from None
        except Unknown as error:
            self._note({"event": "unknown", "batch": batch, "why": str(error)})
            self._doubtful += 1
            self._resolve(list(lines), wait=not error.token_used)
            if self._doubtful > _MAX_DOUBTFUL:
                raise Stopped(f"{self._doubtful} batches in a row without an answer ({error})") from None
            return
        self._doubtful = 0
        self._take(batch, items, lines, report)

    def _moving(self, items: list[Item]) -> Moving | None:
        """What the transport lets through of these items besides fields: nothing."""
        return None

    def _take(self, batch: int, items: list[Item], lines: dict[str, AnyLine], report: Report) -> None:
        """Journals a report, then acts on each part of it."""
        keys = list(lines)
        outcomes: dict[str, Event] = {}
        for index, item in report.successful.items():
            outcomes[keys[index]] = {"outcome": "applied", "version": int(item["version"])}
        for index in report.unchanged:
            outcomes[keys[index]] = {"outcome": "unchanged"}
        for index, (code, message) in report.failed.items():
            outcomes[keys[index]] = self._of_failure(keys[index], code, message)
        self._note({"event": "result", "batch": batch, "lmv": report.library_version, "items": outcomes})
        self._count(len(report.successful) + len(report.unchanged))
        for index, item in report.successful.items():
            if item.get("key") != keys[index]:
                raise Stopped(f"the server answered for {item.get('key')} where {keys[index]} was sent")
            self._compare(lines[keys[index]], item["data"], items[index]["data"])
        # A stale version: changed by somebody, or by this very request, delivered twice. Reading tells.
        self._look([key for key, outcome in outcomes.items() if outcome["outcome"] == "in doubt"], final=True)
        self._break_circuit(outcomes)

    def _count(self, written: int) -> None:
        """Counts items as written in this go."""
        self._left = None if self._left is None else self._left - written
        self._progress(written)

    def _of_failure(self, key: str, code: int, message: str) -> Event:
        """What an item's refusal means for it."""
        if code == 412:
            return {"outcome": "in doubt"}
        if code == 404:
            return {"outcome": "gone", "why": "deleted"}
        if code == 500 and key not in self._alone:
            self._alone.add(key)
            return {"outcome": "again"}
        self._rejected += code in (400, 409, 413, 428)
        return {"outcome": "failed", "why": f"{message} ({code})"}

    def _break_circuit(self, outcomes: dict[str, Event]) -> None:
        if any(outcome.get("why", "").endswith("(403)") for outcome in outcomes.values()):
            raise Stopped("the server denies writing to an item")
        if self._rejected >= _MAX_REJECTED:
            raise Stopped(f"the server refused {self._rejected} items as malformed; please report this")
        failed = len(self.state.those("failed"))
        tried = sum(standing.status not in OPEN for standing in self.state.items.values())
        if failed > max(1, tried * _MAX_FAILED_SHARE):
            raise Stopped(f"{failed} of {number_of(tried, 'item')} failed")

    def _compare(self, line: AnyLine, after: Event, before: Event | None) -> None:
        """An alarm, and a stop, when the server's item is not as planned or differs elsewhere from what it was."""
        for name, value in line.set.items():
            if not same(name, value, after.get(name, "")):
                raise Stopped(f"{line.key}: {name} is not what was sent")
        if before is None:
            return
        for name in sorted((before.keys() | after.keys()) - line.set.keys() - _OURS_TO_IGNORE):
            if not same(name, before.get(name, ""), after.get(name, "")):
                raise Stopped(f"{line.key}: {name}, which was not sent, changed")

    # -- doubt ----------------------------------------------------------------

    def _resolve(self, keys: list[str], *, wait: bool = True) -> None:
        """Finds out by reading what became of items that were sent without an answer."""
        open_ = self._look(keys, final=not wait)
        if open_:  # the server may still be at work on them
            self._settle_down()
            self._look(open_, final=True)

    def _look(self, keys: list[str], *, final: bool) -> list[str]:
        """Settles what can be told; the keys of the items that stand as before the batch, when that is not `final`."""
        untouched = []
        for chunk in chunks(keys):
            found = self.web.items(chunk)
            for key in chunk:
                standing = self.state.items[key]
                outcome = of_doubt(self._line(key), found.get(key), standing, self._relint, self._protection)
                if outcome["outcome"] == "again" and not final:
                    untouched.append(key)
                    continue
                self._settled(key, **outcome)
                if outcome["outcome"] == "applied":
                    self._count(1)
        return untouched

    def _settle_down(self) -> None:
        """Waits until the library has had one version for a minute."""
        _, before = self.web.versions(since=self.state.lmv)
        for _ in range(_SETTLING_ROUNDS):
            self.web.sleep(_SETTLING_SECONDS)
            _, now = self.web.versions(since=before)
            if now == before:
                return
            before = now


def carry_out(runner: Runner) -> None:
    """Journals the beginning (or resumption) of a run, and carries it out."""
    event = {
        "event": "resume" if runner.journal.events else "start",
        "plan": runner.plan.sha256,
        "library": runner.plan.header.library,
        "endpoint": runner.web.endpoint,
    }
    runner.journal.write(event)
    runner.state.take(event)
    runner.go()


def _hash(value: object) -> str:
    return hashlib.sha256(canonical(value).encode()).hexdigest()
