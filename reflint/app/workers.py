"""Worker processes: sources, and ranges of large RIS files, checked and repaired apart and reported in order."""

from __future__ import annotations

import gc
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from threading import Lock, Thread
from typing import IO, TYPE_CHECKING, Any, NamedTuple, Self, TypeVar

from reflint.app.reports import SourceReport
from reflint.app.rules import build_engine
from reflint.app.settings import Settings
from reflint.app.sources import STDIN, Source, expand
from reflint.engine.files import Pass
from reflint.engine.ranges import RANGE, After, Carried, Wait, after, pass_over, records_in
from reflint.engine.run import Engine
from reflint.errors import SourceError
from reflint.model.finding import Finding
from reflint.reports.base import Summary

PAYS_FROM = 8 << 20
"""Bytes of all sources from which workers earn back what they cost to start."""
COLLECTIONS = (100_000, 20, 20)
"""How seldom garbage is collected: records go as they came and hold no cycles; often would cost a tenth of the time."""

if TYPE_CHECKING:
    from concurrent.futures import ProcessPoolExecutor

    from reflint.engine.survey import Count, Taken

Render = Callable[[Finding], str]
T = TypeVar("T")


class Batch(NamedTuple):
    """What a worker found: its findings as text and counted, the source that is done with them (None: a range of one),
    the repaired bytes of a range, how many repairs and records are in it, and by how much to count its records further.
    """

    texts: list[str]
    summary: Summary
    report: SourceReport | None = None
    new: bytes = b""
    repaired: int = 0
    records: int = 0
    changed: bool = False
    shift: int = 0

    @property
    def events(self) -> tuple[Batch]:
        """What is to be said of it: itself."""
        return (self,)


class Recipe(NamedTuple):
    """All that a worker needs to do what this process would do."""

    settings: Settings
    repairing: bool = False
    safeties: tuple[str, ...] = ()
    render: Render | None = None

    def engine(self) -> Engine:
        """The engine of the settings."""
        return build_engine(self.settings, repairing=self.repairing)


class Workers:
    """A pool of processes that is started when first something is given to it. Close it, or leave its `with`."""

    def __init__(self, jobs: int, recipe: Recipe) -> None:
        self.jobs = jobs
        self.ahead = 2 * jobs
        self._recipe = recipe
        self._pool: ProcessPoolExecutor | None = None
        self._lesson: IO[bytes] | None = None
        self._written = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)
        if self._lesson is not None:
            with suppress(OSError):  # a full disk was told when it was written
                self._lesson.close()

    def expect(self) -> None:
        """Says, before anything is given away, that they will `learn`.

        What they learn stands in a file without a name, which each of them is started with: whatever is killed, nothing
        of it stays behind. Raises SourceError when there is no place for it.
        """
        from tempfile import TemporaryFile

        try:
            self._lesson = TemporaryFile()  # noqa: SIM115  (closed when this is left)
        except OSError as error:
            raise _no_room(error) from None

    def learn(self, census: Mapping[str, Any]) -> None:
        """What the records of the run say together; before anything is given away to be checked or repaired.

        Raises SourceError when it cannot be written down for the workers.
        """
        if not census:
            return
        import pickle

        assert self._lesson is not None, "they expect it"
        try:
            pickle.dump(census, self._lesson)
            self._lesson.flush()
        except OSError as error:
            raise _no_room(error) from None
        self._written = True

    def count(self, block: bytes) -> Callable[[], Taken]:
        """Gives a range of RIS away to be counted for the rules over a library."""
        return self._given(_count_range, block)

    def count_whole(self, path: str) -> Callable[[], Taken]:
        """Gives a file away to be counted, as far as it can be read."""
        return self._given(_count_whole, path)

    def check(self, name: str, block: bytes, carried: Carried) -> Wait[Batch]:
        """Gives a range away to be checked."""
        return self._range(_check_range, name, block, carried)

    def repair(self, name: str, line_end: bytes | None, block: bytes, carried: Carried) -> Wait[Batch]:
        """Gives a range away to be repaired."""
        return self._range(_repair_range, name, line_end, block, carried)

    def _range(self, task: Callable[..., tuple[Batch, After]], *arguments: Any) -> Wait[Batch]:
        wait = self._given(task, *arguments)

        def outcome() -> tuple[Callable[[int], Batch], After]:
            batch, after = wait()
            return lambda shift: batch._replace(shift=shift), after

        return outcome

    def whole(self, path: str) -> Callable[[], Batch]:
        """Gives a file away: to be repaired where it stands if the recipe says so, else to be checked."""
        return self._given(_whole, path)

    def _given(self, task: Callable[..., Any], *arguments: Any) -> Callable[[], Any]:
        from concurrent.futures import ProcessPoolExecutor
        from concurrent.futures.process import BrokenProcessPool

        if self._pool is None:
            import multiprocessing

            context = multiprocessing.get_context("spawn")
            given: tuple[Recipe, Any] = (self._recipe, self._lesson and _Inherited(self._lesson.fileno()))
            self._pool = ProcessPoolExecutor(self.jobs, context, initializer=_begin, initargs=given)
        future = self._pool.submit(_done, self._written, task, *arguments)

        def wait() -> Any:
            try:
                return future.result()
            except BrokenProcessPool:
                raise SourceError("a worker process was killed (out of memory?); try again with --jobs 1") from None

        return wait


def _no_room(error: OSError) -> SourceError:
    from tempfile import gettempdir

    return SourceError(f"{gettempdir()}: no room for what workers must know: {error.strerror or error}")


class _Inherited:
    """An open file that a process is started with; there it is the number of its descriptor."""

    def __init__(self, file: int) -> None:
        self._file = file

    def __reduce__(self) -> tuple[Callable[[Any], int], tuple[Any]]:
        from multiprocessing.reduction import DupFd

        return _number, (DupFd(self._file),)


def _number(there: Any) -> int:
    found: int = there.detach()
    return found


def in_order(
    sources: Iterable[Source | SourceError],
    workers: Workers | None,
    here: Callable[[Source | SourceError], Iterable[T]],
) -> Iterator[T | Batch]:
    """What the sources come to, one after another: small files by workers, all others here (large ones in ranges)."""
    waiting: deque[Callable[[], Batch]] = deque()
    for source in sources:
        if workers is not None and isinstance(source, Source) and is_small(source):
            waiting.append(workers.whole(source.name))
            if len(waiting) > workers.ahead:
                yield waiting.popleft()()
            continue
        while waiting:
            yield waiting.popleft()()
        yield from here(source)
    while waiting:
        yield waiting.popleft()()


def is_small(source: Source) -> bool:
    """Whether a source is a file that is not worth, or not open to, being cut into ranges."""
    try:
        return source.path is not None and (source.path.stat().st_size < 2 * RANGE or not source.may_be_ris)
    except OSError:
        return False


def usual_jobs(arguments: Iterable[str]) -> int:
    """How many processes pay for the files that arguments name: one, or one for each processor."""
    size = 0
    for source in expand(argument for argument in arguments if argument != STDIN):
        if isinstance(source, Source) and source.path is not None:
            with suppress(OSError):
                size += source.path.stat().st_size
        if size >= PAYS_FROM:
            return cores()
    return 1


def cores() -> int:
    """The processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class _Here:
    """What a worker keeps from task to task."""

    def __init__(self, recipe: Recipe, lesson: int | None) -> None:
        self.recipe = recipe
        self.engine = recipe.engine()
        self.working = Lock()
        self._lesson = lesson

    def learn(self) -> None:
        """Tells the engine what stands in the file of the lesson; once."""
        if self._lesson is not None:
            import mmap
            import pickle

            with mmap.mmap(self._lesson, 0, access=mmap.ACCESS_READ) as data:  # not `read`: all share one position
                self.engine.learn(pickle.loads(data))
            self._lesson = None

    @cached_property
    def counting(self) -> Count:
        """What counts for the rules over a library."""
        from reflint.engine.survey import Count

        return Count(self.engine.every_rule)


_here: _Here


def _begin(recipe: Recipe, lesson: int | None) -> None:
    import signal

    global _here
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the process that gave the work away hears it, and ends this one
    gc.set_threshold(*COLLECTIONS)
    _here = _Here(recipe, lesson)
    Thread(target=_leave_with_parent, daemon=True).start()


def _leave_with_parent() -> None:
    """Ends this process, behind its task, when the one that gives the work away was killed: nobody else would."""
    from multiprocessing import parent_process

    parent = parent_process()
    assert parent is not None
    parent.join()
    with _here.working:
        os._exit(1)


def _done(taught: bool, task: Callable[..., T], *arguments: Any) -> T:
    """Does a task; `taught`: once the engine has learnt what the records of the run say together."""
    with _here.working:
        if taught:
            _here.learn()
        return task(*arguments)


def _count_range(block: bytes) -> Taken:
    for record in records_in(block):
        _here.counting.add(record)
    return _here.counting.take()


def _count_whole(path: str) -> Taken:
    from reflint.app.reading import records_of

    with suppress(SourceError, OSError):
        for record in records_of(Source(path, Path(path))):
            _here.counting.add(record)
    return _here.counting.take()


def tell(findings: Iterable[Finding], name: str, render: Render | None, put: Callable[[str], object]) -> Summary:
    """Puts the findings about a source, or a range of it, one after another as texts, and counts them."""
    summary = Summary()
    for finding in findings:
        finding.source = name
        summary.add(finding)
        if render is not None:
            put(render(finding))
    return summary


def _batch(findings: Iterable[Finding], name: str, **more: Any) -> Batch:
    texts: list[str] = []
    return Batch(texts, tell(findings, name, _here.recipe.render, texts.append), **more)


def _check_range(name: str, block: bytes, carried: Carried) -> tuple[Batch, After]:
    way, segments = pass_over(block, _here.engine.of(name), carried)
    batch = _batch(way.check(segments), name)
    return batch, _sent(way, name)


def _repair_range(name: str, line_end: bytes | None, block: bytes, carried: Carried) -> tuple[Batch, After]:
    way, segments = pass_over(block, _here.engine.of(name), carried)
    pieces = list(way.repair(segments, _here.recipe.safeties, line_end))
    batch = _batch(
        (finding for piece in pieces for finding in piece.left),
        name,
        new=b"".join(piece.new for piece in pieces),
        repaired=sum(len(piece.applied) for piece in pieces),
        records=sum(piece.is_record for piece in pieces),
    )
    return batch._replace(changed=batch.new != block), _sent(way, name)


def _sent(way: Pass, name: str) -> After:
    held = after(way)
    for finding in (*held.gathered.deviating, *filter(None, [held.gathered.foreign])):
        finding.source = name
    return held


def _whole(path: str) -> Batch:
    from reflint.app import checking

    recipe, engine = _here.recipe, _here.engine
    source = Source(path, Path(path))
    found: list[Finding] = []
    report: SourceReport | None = None
    for event in (
        checking.fix_one(source, engine, recipe.safeties) if recipe.repairing else checking.check_one(source, engine)
    ):
        if isinstance(event, Finding):
            found.append(event)
        elif isinstance(event, SourceReport):
            report = event
    return _batch(found, path, report=report)
