"""A run: what has to be done is given to the workers a few tasks at a time, and what is done is written down."""

from __future__ import annotations

import hashlib
import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple

from distributed import Client, KilledWorker, LocalCluster, as_completed
from distributed.comm import resolve_address

from reflint import __version__
from reflint.app.rules import build_engine, depends_on
from reflint.app.settings import Settings
from reflint.app.workers import Recipe, cores
from reflint.engine.survey import is_of_library
from reflint.errors import ConfigError, SourceError
from reflint.reports.base import SourceSummary, Summary
from reflint.reports.jsonout import JsonLines, sources_json, summary_json
from reflint.scale import duplicates
from reflint.scale.files import File, files_of
from reflint.scale.parts import RANGE, Part, Scan, ranges_of, stretches
from reflint.scale.tasks import Failed, Order, check_part, scan_part

Statistics = dict[str, Any]
"""What is written down of a part that is done (tasks.py)."""
_WAIT = 30
"""Seconds within which a scheduler must answer, and have a worker."""


class Outcome(NamedTuple):
    """What came of a run: the counts, the folder, how many parts there are and how many of them were checked now,
    groups of candidate duplicates, and the rules that were left out because they look at all records together.
    """

    summary: Summary
    folder: Path
    parts: int
    checked: int
    groups: int
    left_out: tuple[str, ...]

    @property
    def errors(self) -> list[str]:
        """Why sources could not be done."""
        return [source.error for source in self.summary.sources if source.error]


class Cluster:
    """The workers of a run: those of a client or a scheduler that is given, or local processes; had when first needed.

    Raises ConfigError when no scheduler answers at the address, or it has no workers.
    """

    def __init__(self, client: Client | None, scheduler: str | None, jobs: int | None) -> None:
        self._client = client
        self._scheduler = scheduler
        self._jobs = jobs
        self._stack = ExitStack()

    def __enter__(self) -> Cluster:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    @property
    def client(self) -> Client:
        """The client, connected."""
        if self._client is None:
            self._client = self._connected(self._scheduler) if self._scheduler else self._local()
        return self._client

    def _connected(self, address: str) -> Client:
        try:
            resolve_address(address)  # a client of an address that is none would take a minute to be given up
            client = self._stack.enter_context(Client(address, timeout=_WAIT, set_as_default=False))
            client.wait_for_workers(1, timeout=_WAIT)
        except (OSError, ValueError, TypeError) as error:
            raise ConfigError(f"{address}: no Dask scheduler with workers answers there ({error})") from None
        return client

    def _local(self) -> Client:
        logging.getLogger("distributed.shuffle").setLevel(logging.ERROR)  # it warns of every shuffle that it begins
        cluster = LocalCluster(
            n_workers=self._jobs or cores(),
            threads_per_worker=1,
            processes=True,
            dashboard_address="127.0.0.1:0",
            silence_logs=logging.ERROR,
        )
        return self._stack.enter_context(Client(self._stack.enter_context(cluster), set_as_default=False))


def carry_out(
    sources: Iterable[str],
    out: Path,
    settings: Settings,
    *,
    format: str = "jsonl",
    client: Client | None = None,
    scheduler: str | None = None,
    jobs: int | None = None,
    range_size: int = RANGE,
    progress: Callable[[int], None] | None = None,
) -> Outcome:
    """Checks files and folders into a folder (folder.py says what stands there); what is done already stays.

    `format`: of the findings, `jsonl` or `parquet`. `client`, else `scheduler`: whose workers do it, which must see the
    same files at the same paths; else `jobs` local processes. `progress` is told of bytes done. Raises ConfigError for
    wrong settings, an output folder that holds something else, a scheduler that does not answer.
    """
    rules = build_engine(settings).every_rule
    root = out.resolve()
    order = Order(Recipe(settings, render=JsonLines(_nowhere).text), _mark(settings, format), root, format)
    with Cluster(client, scheduler, jobs) as cluster:
        run = _Run(order, cluster, range_size, progress)
        run.folder.prepare()
        files = list(files_of(sources, root))
        before = run.folder.manifest()
        run.folder.write_manifest(complete=False, sources=[one.name for one in files if isinstance(one, File)])
        summary = run.check(files)
        found = run.join(before)
    left_out = tuple(rule.id for rule in rules if is_of_library(rule))
    run.close(files, summary, found, left_out)
    return Outcome(summary, out, len(run.done), run.checked, sum(one["groups"] for one in found), left_out)


def _nowhere(text: str) -> None:
    """Takes what a worker never writes."""


def _mark(settings: Settings, format: str) -> str:
    """What tells apart runs whose findings may differ."""
    return hashlib.blake2b(repr((__version__, format, depends_on(settings))).encode(), digest_size=8).hexdigest()


class _Run:
    """What is known while a run goes on: `done` by shard, in no order; `errors` by source."""

    def __init__(self, order: Order, cluster: Cluster, range_size: int, progress: Callable[[int], None] | None) -> None:
        self.order = order
        self.folder = order.folder
        self.done: dict[str, Statistics] = {}
        self.errors: dict[str, str] = {}
        self.checked = 0
        self._cluster = cluster
        self._size = range_size
        self._progress = progress or (lambda size: None)

    def check(self, files: list[File | SourceError]) -> Summary:
        """Has all done that is not; the counts of the run."""
        known: dict[str, dict[str, Statistics]] = defaultdict(dict)
        for noted in self.folder.noted():
            if noted.get("order") == self.order.mark:
                known[noted["source"]][noted["shard"]] = noted
        large: list[File] = []
        parts: list[Part] = []
        for file in files:
            if not isinstance(file, File):
                continue
            mine = known[file.name]
            if _is_current(file, mine):
                self.done |= mine
                self._progress(file.size)
            elif file.size > 2 * self._size and self._is_cuttable(file):
                large.append(file)
            elif file.name not in self.errors:
                before = mine.get(file.shard)
                parts.append(Part(file, digest=before["input"]["digest"] if before else ""))
        for part in self._scanned(large):
            before = known[part.file.name].get(part.shard)
            if before and before["input"]["digest"] == part.digest:
                self._keep(part, before)
            else:
                parts.append(part)
        self._check(parts, known)
        return self._summary(files)

    def _is_cuttable(self, file: File) -> bool:
        try:
            return file.is_cuttable
        except SourceError as error:
            self.errors[file.name] = str(error)
            return False

    def _scanned(self, files: list[File]) -> list[Part]:
        """The ranges of large files."""
        scans: dict[str, list[Scan]] = defaultdict(list)
        calls = ((file, number, self._size) for file in files for number in range(stretches(file, self._size)))
        for (file, *_), found in self._each(scan_part, calls):
            if isinstance(found, Failed):
                self.errors.setdefault(file.name, found.error)
            elif found is not None:
                scans[file.name].append(found)
        return [
            part
            for file in files
            if file.name not in self.errors
            for part in ranges_of(file, sorted(scans[file.name], key=lambda one: one.number))
        ]

    def _check(self, parts: list[Part], known: dict[str, dict[str, Statistics]]) -> None:
        for (part,), found in self._each(check_part, ((part,) for part in parts)):
            if isinstance(found, Failed):
                self.errors.setdefault(found.source, found.error)
            elif "same" in found:
                self._keep(part, known[part.file.name][part.shard])
            else:
                self.checked += 1
                self.done[part.shard] = found
                self._progress(found["input"]["end"] - found["input"]["start"])

    def _keep(self, part: Part, before: Statistics) -> None:
        """A part that was done before, of a file that has since been touched, or changed elsewhere."""
        at, file = part.range, part.file
        now = {"size": file.size, "modified": file.modified, "ranges": 1 if at is None else at.of}
        noted = before | {"input": before["input"] | now}
        self.folder.note(noted)
        self.done[part.shard] = noted

    def _each(
        self, task: Callable[..., Any], calls: Iterable[tuple[Any, ...]]
    ) -> Iterator[tuple[tuple[Any, ...], Any]]:
        """Has a task done for each call, so many at a time as keep the workers busy; calls and results as they come."""
        left = iter(calls)
        call = next(left, None)
        if call is None:
            return
        client = self._cluster.client
        waiting = as_completed(loop=client.loop)
        given: dict[str, tuple[Any, ...]] = {}
        while call is not None or given:
            while call is not None and len(given) < 3 * max(2, sum(client.nthreads().values())):
                future = client.submit(task, self.order, *call, pure=False)
                given[future.key] = call
                waiting.add(future)
                call = next(left, None)
            future = next(waiting)
            call_of_it = given.pop(future.key)
            yield call_of_it, _result(future, call_of_it[0])
            future.release()

    def _summary(self, files: Iterable[File | SourceError]) -> Summary:
        """The counts of all that is done, and of each source what became of it."""
        summary = Summary()
        of: dict[str, list[Statistics]] = defaultdict(list)
        for noted in self.done.values():
            summary.take_in(_counted(noted))
            of[noted["source"]].append(noted)
        for file in files:
            if isinstance(file, SourceError):
                summary.close(SourceSummary(str(file).partition(":")[0], 0, None, str(file)))
                continue
            records = sum(noted["records"] for noted in of[file.name])
            format = next((noted["format"] for noted in of[file.name]), None)
            summary.close(SourceSummary(file.name, records, format, self.errors.get(file.name)))
        return summary

    def join(self, before: Statistics | None) -> list[dict[str, Any]]:
        """Finds the groups of duplicates, unless the last run found them in the same shards."""
        shards = sorted(self.done)
        if before and before["complete"] and not self.checked and before["shards"] == shards:
            kept: list[dict[str, Any]] = before["duplicates"]
            if all((self.folder.root / one["file"]).is_file() for one in kept):
                return kept
        if not shards:
            return []
        count = sum(noted["keys"] for noted in self.done.values())
        written = duplicates.join(self._cluster.client, self.folder, [self.folder.keys(one) for one in shards], count)
        return [
            {"file": str(one.file.relative_to(self.folder.root)), "groups": one.groups, "beyond": one.beyond}
            for one in written
        ]

    def close(
        self,
        files: Iterable[File | SourceError],
        summary: Summary,
        found: list[dict[str, Any]],
        left_out: tuple[str, ...],
    ) -> None:
        """Writes the manifest, and takes away what is of no use any more."""
        folder = self.folder
        kept = {
            path
            for shard in self.done
            for path in (folder.findings(shard), folder.keys(shard), folder.statistics(shard))
        }
        folder.sweep(kept | {folder.root / one["file"] for one in found})
        folder.write_manifest(
            complete=True,
            format=self.order.format,
            summary=summary_json(summary),
            left_out=left_out,
            sources=self._sources(summary),
            shards=sorted(self.done),
            duplicates=found,
        )

    def _sources(self, summary: Summary) -> list[dict[str, Any]]:
        """Each source with its parts in order."""
        of: dict[str, list[Statistics]] = defaultdict(list)
        for noted in sorted(self.done.values(), key=lambda noted: noted["input"]["start"]):
            of[noted["source"]].append(noted)
        return [one | {"shards": [noted["shard"] for noted in of[one["source"]]]} for one in sources_json(summary)]


def _is_current(file: File, mine: dict[str, Statistics]) -> bool:
    """Whether all of a file was done before, as it stands."""
    inputs = [noted["input"] for noted in mine.values()]
    return bool(inputs) and all(
        (one["size"], one["modified"], one["ranges"]) == (file.size, file.modified, len(inputs)) for one in inputs
    )


def _result(future: Any, about: File | Part) -> Any:
    """What a task came to; what no task should come to as the failure of its part."""
    name = about.name if isinstance(about, File) else about.file.name
    try:
        return future.result()
    except KilledWorker as error:
        why = f"{error.allowed_failures + 1} workers were lost over it (out of memory?)"
    except Exception as error:
        why = f"{type(error).__name__}: {error}"
    return Failed(name, f"{name}: {why}")


def _counted(noted: Statistics) -> Summary:
    """The counts of a part."""
    summary = Summary()
    summary.findings = noted["findings"]
    summary.by_severity = noted["by_severity"]
    summary.by_rule.update(noted["by_rule"])
    summary.fixable = noted["fixable"]
    return summary
