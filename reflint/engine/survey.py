"""What the records of a run say together, counted as they pass: the ground that rules over a library stand on.

A count notes what is written and how often; now and then that is put away in boxes by its keys (a name by family name
and initials), beyond some megabytes in a temporary file. The census goes through them box by box, and asks only of what
shares a key with something else what it means. Counts that other processes took of their part are put away alike.
"""

from __future__ import annotations

import marshal
from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from io import SEEK_END
from itertools import accumulate, islice
from tempfile import SpooledTemporaryFile, gettempdir
from typing import Any, NamedTuple, Self
from zlib import crc32

from reflint.engine.binding import field_names
from reflint.engine.checks.base import Scope
from reflint.engine.checks.library import Counted, Tally, is_repeated
from reflint.engine.checks.questions import SURVEYS, Entry, Said, Saying
from reflint.engine.pack import Rule
from reflint.errors import SourceError
from reflint.model.record import Record

_BOXES = 512
"""The census has one in memory at a time."""
_ROOM = 125_000
"""Fields of records after which a survey puts away what it counted."""
_IN_MEMORY = 16 << 20
"""Bytes put away from which on they go into a file."""

Census = dict[str, Counted]
"""rule id -> what was counted for it."""
Forms = dict[tuple[int, str, str], int]
"""(rule's number, group, form) -> how many times it was met."""


def is_of_library(rule: Rule) -> bool:
    """Whether a rule looks at all records of a run together."""
    return rule.check.get("use") == "library"


class Taken(NamedTuple):
    """What was counted: what broad surveys heard; and all else in boxes by key, their sizes and their bytes joined."""

    broad: Forms
    sizes: array[int]
    boxes: bytes


class _Meant(NamedTuple):
    """What was said came to: group, form and the value it was read from, so many times."""

    group: str
    form: str
    value: str
    times: int


class _Topic:
    """What is asked of the same fields in the same way: what was said how often, and by which rules it is asked."""

    def __init__(self, rule: Rule) -> None:
        self.first = rule
        self.question = SURVEYS[rule.check["survey"]]
        self.times: defaultdict[Saying, int] = defaultdict(int)
        self._rules: list[tuple[int, Callable[[Any, str], Entry | None]]] = []
        self._sees_repetitions = False

    def is_of(self, rule: Rule) -> bool:
        """Whether a rule asks the same, whatever it makes of the answers."""
        question, own = SURVEYS[rule.check["survey"]], self.question
        return (question.keys, question.said, rule.applies) == (own.keys, own.said, self.first.applies)

    def take_in(self, rule: Rule, number: int) -> None:
        """Adds a rule that asks this, by its number."""
        self._rules.append((number, SURVEYS[rule.check["survey"]].entry))
        self._sees_repetitions = self._sees_repetitions or rule.check.get("odd") == "repeated"

    def entries(self, saying: Saying, key: str) -> Iterator[tuple[int, Entry]]:
        """What a saying means under a key to which rule."""
        for number, entry_of in self._rules:
            entry = entry_of(saying, key)
            if entry is not None:
                yield number, entry

    def meant(self, rows: list[Any]) -> Iterator[tuple[int, _Meant]]:
        """What all that was said under some keys (key, saying, times, key, ...) means, less what can never be odd."""
        of_keys = Counter(islice(rows, 0, None, 3))
        by_key: dict[str, dict[Saying, int]] = {}
        columns = iter(rows)
        for key, saying, times in zip(columns, columns, columns, strict=True):
            if of_keys[key] > 1 or (times > 1 and self._sees_repetitions):
                said = by_key.setdefault(key, {})
                said[saying] = said.get(saying, 0) + times
        for key, said in by_key.items():
            if len(said) > 1 or self._sees_repetitions:
                for saying, times in said.items():
                    value = saying if isinstance(saying, str) else saying[0]
                    for number, entry in self.entries(saying, key):
                        yield number, _Meant(entry.group, entry.form, value, times)


class _Plan(NamedTuple):
    """Where records of one kind are counted: field name -> where its values are; and what whole records say."""

    of_values: dict[str, list[defaultdict[Saying, int]]]
    of_records: list[tuple[Callable[[Record], Said], defaultdict[Saying, int]]]


class Count:
    """Counts, for the rules over a library among `rules`, what records say; `fields`: of how many since it began."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self.rules = tuple(rule for rule in rules if is_of_library(rule))
        self.topics: list[_Topic] = []
        for number, rule in enumerate(self.rules):
            topic = next((one for one in self.topics if one.is_of(rule)), None)
            if topic is None:
                self.topics.append(topic := _Topic(rule))
            topic.take_in(rule, number)
        self.fields = 0
        self._plans: dict[tuple[str, str], _Plan] = {}

    def add(self, record: Record) -> None:
        """Counts what a record says."""
        kind = record.format.name, record.type
        plan = self._plans.get(kind)
        if plan is None:
            plan = self._plans[kind] = self._plan(*kind)
        of_values = plan.of_values
        for name, value in zip(record.names, record.values, strict=True):
            if name in of_values:
                for times in of_values[name]:
                    times[value] += 1
        for said, times in plan.of_records:
            for _, saying in said(record):
                times[saying] += 1
        self.fields += len(record.names)

    def _plan(self, format: str, type: str) -> _Plan:
        plan = _Plan({}, [])
        for topic in self.topics:
            types = topic.first.applies.get("types", "*")
            names = field_names(topic.first, format, type) if types == "*" or type in types else ()
            if names and topic.question.said is not None:
                plan.of_records.append((topic.question.said(Scope(format, type, names)), topic.times))
                continue
            for name in names:
                plan.of_values.setdefault(name, []).append(topic.times)
        return plan

    def take(self) -> Taken:
        """What was counted; counting begins anew."""
        broad: defaultdict[tuple[int, str, str], int] = defaultdict(int)
        boxes: list[list[list[Any]]] = [[[] for _ in self.topics] for _ in range(_BOXES)]
        for number, topic in enumerate(self.topics):
            keys, is_broad = topic.question.keys, topic.question.is_broad
            for saying, times in topic.times.items():
                for key in keys(saying):
                    if not is_broad:
                        boxes[crc32(key.encode("utf-8", "surrogatepass")) % _BOXES][number] += (key, saying, times)
                        continue
                    for rule, entry in topic.entries(saying, key):
                        broad[rule, entry.group, entry.form] += times
            topic.times.clear()
        self.fields = 0
        packed = [marshal.dumps(box) for box in boxes]
        return Taken(dict(broad), array("Q", map(len, packed)), b"".join(packed))


class Survey:
    """Counts what the records of a run say, however many. Leave its `with` when its census is known."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._count = Count(rules)
        self.rules = self._count.rules
        self._broad: Counter[tuple[int, str, str]] = Counter()
        self._file = SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115  (closed on leaving)
        self._bounds: list[array[int]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def add(self, record: Record) -> None:
        """Counts what a record says."""
        self._count.add(record)
        if self._count.fields >= _ROOM:
            self.put(self._count.take())

    def put(self, taken: Taken) -> None:
        """Adds what was counted, here or elsewhere, for the same rules. Raises SourceError when it cannot be kept."""
        self._broad.update(taken.broad)
        try:
            begin = self._file.seek(0, SEEK_END)
            self._file.write(taken.boxes)
        except OSError as error:
            raise SourceError(
                f"{gettempdir()}: what the records say together does not fit there: {error.strerror or error}"
            ) from None
        self._bounds.append(array("Q", accumulate(taken.sizes, initial=begin)))

    def census(self) -> Census:
        """The groups in which something is odd, by rule."""
        self.put(self._count.take())
        found = [_Odd(rule) for rule in self.rules]
        _sort_out(found, ((rule, _Meant(group, form, "", n)) for (rule, group, form), n in self._broad.items()))
        for box in range(_BOXES):
            for topic, rows in zip(self._count.topics, self._rows(box), strict=True):
                _sort_out(found, topic.meant(rows))
        return {one.rule.id: one.counted for one in found if one.groups}

    def _rows(self, box: int) -> list[list[Any]]:
        """All that lies in a box: for each topic key, saying and times, key, saying, ..."""
        rows: list[list[Any]] = [[] for _ in self._count.topics]
        for bounds in self._bounds:
            self._file.seek(bounds[box])
            for own, more in zip(rows, marshal.loads(self._file.read(bounds[box + 1] - bounds[box])), strict=True):
                own += more
        return rows


class _Odd:
    """The groups of a rule in which something is odd, and the values by which their records are known."""

    def __init__(self, rule: Rule) -> None:
        self.rule = rule
        self.groups: dict[str, Tally] = {}
        self._values: set[str] = set()
        self._sees_repetitions = rule.check.get("odd") == "repeated"
        self._all_are_odd = is_repeated(rule.check.get("odd"))

    @property
    def counted(self) -> Counted:
        """What was found, the groups in an order that depends on nothing else."""
        is_broad = SURVEYS[self.rule.check["survey"]].is_broad
        return Counted(dict(sorted(self.groups.items())), None if is_broad else frozenset(self._values))

    def weigh(self, group: str, members: list[_Meant]) -> None:
        """Keeps a group of several forms; where a repetition is what is odd, one of several records."""
        counts: Counter[str] = Counter()
        for _, form, _, times in members:
            counts[form] += times
        total = counts.total()
        if len(counts) == 1 and not (self._sees_repetitions and total > 1):
            return
        usual, *others = sorted(counts, key=lambda form: (-counts[form], -len(form), form))
        self.groups[group] = Tally(usual, others[0] if others else "", counts[usual], total)
        self._values.update(value for _, form, value, _ in members if self._all_are_odd or form != usual)


def _sort_out(found: list[_Odd], meant: Iterable[tuple[int, _Meant]]) -> None:
    """Has each rule (by its number) weigh its groups, which are all there."""
    groups: dict[tuple[int, str], list[_Meant]] = {}
    for number, one in meant:
        groups.setdefault((number, one.group), []).append(one)
    for (number, group), members in groups.items():
        found[number].weigh(group, members)
