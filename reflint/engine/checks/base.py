"""What a check is: a test of one value or of one record, with the gates that let the engine skip it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import NamedTuple, TypeVar

from reflint.errors import PackError
from reflint.formats.ris.tags import tags_of
from reflint.model.edit import Edit
from reflint.model.evidence import Evidence
from reflint.model.record import Record, Span

T = TypeVar("T")


class Hit(NamedTuple):
    """One place where a check holds.

    `position`: the field's index in the record (None: the record itself; a value test leaves it out). `within`: code
    points of the value. `new`: the value that would be right, or several of them, where the check knows. `edits`: the
    repair itself, where only the check can say it. `note`: words for the rule's message (`{note}`). `severity`,
    `safety`, `confidence`: what this hit deserves when that is not what its rule says. `place`: where it stands, when
    that is no field. `evidence`: what others said, which the hit rests on.
    """

    position: int | None = None
    within: tuple[int, int] | None = None
    new: str | tuple[str, ...] | None = None
    edits: tuple[Edit, ...] = ()
    note: str = ""
    severity: str | None = None
    safety: str | None = None
    confidence: str | None = None
    place: Span | None = None
    evidence: tuple[Evidence, ...] = ()

    def at(self, position: int | None) -> Hit:
        """The same hit in another field."""
        return Hit(position, *self[1:])


class ValueTest(NamedTuple):
    """A test of single values, which depends on nothing but the value.

    `names`: the fields it looks at. `needs`: characters of which a value must hold one (`"\\x80"` stands for all that
    is not ASCII, `"\\xc3"` for the letters À to ÿ, `"\\u0300"` for all from there on but U+2010 to U+203F, `"\\x01"`
    for controls and what cannot be seen); `""` when nothing is known. `quiet_for`: screens (see screens.py) none of
    whose ordinary values it holds for.
    """

    names: frozenset[str]
    test: Callable[[str], Hit | None]
    needs: str = ""
    quiet_for: frozenset[str] = frozenset()


class RecordTest(NamedTuple):
    """A test of a whole record.

    It can hold only if for each set in `present` the record has one of those fields with a value, and none of
    `absent`; only if one of `repeated` (when given) occurs twice, of `several` (when given) one twice or two, and a
    name outside `known` (when given) occurs.
    `regular`: it can hold even for a record whose syntax is known to be plain. `blank`: it can hold only where a
    field has no value. `selector` and `cases`: it can hold only for a record to which the selector answers with one
    of the cases; tests that share a selector share its answer. `trigger`: it can hold only if the function, which
    depends on nothing but the value, holds for a value of one of the names; what it said of a value is remembered.
    """

    test: Callable[[Record], Iterable[Hit]]
    present: tuple[frozenset[str], ...] = ()
    absent: frozenset[str] = frozenset()
    repeated: frozenset[str] = frozenset()
    several: frozenset[str] = frozenset()
    known: frozenset[str] = frozenset()
    regular: bool = True
    blank: bool = False
    selector: Callable[[Record], str] | None = None
    cases: frozenset[str] = frozenset()
    trigger: Trigger | None = None


class Trigger(NamedTuple):
    """Names of fields, and what must be true of a value of one of them; `quiet_for` as in ValueTest."""

    names: frozenset[str]
    holds: Callable[[str], bool]
    quiet_for: frozenset[str] = frozenset()


Test = ValueTest | RecordTest
Parameters = Mapping[str, object]


class Scope:
    """For which records a rule is being built: their format and CSL type, and the names its `applies` gives.

    It remembers what it was asked: what is built in it serves any other type for which the answers would be the same.
    """

    __slots__ = ("_asked", "_is_built", "_type", "format", "names")

    def __init__(self, format: str, type: str, names: tuple[str, ...]) -> None:
        self.format = format
        self.names = names
        self._type = type
        self._asked: list[tuple[Callable[[Scope], object], object]] = []
        self._is_built = False

    @property
    def type(self) -> str:
        """The CSL type; what only matters to some types asks `is_one_of`."""
        return self._answer(lambda scope: scope._type)

    def is_one_of(self, types: Collection[str]) -> bool:
        """Whether the type is one of these."""
        return self._answer(lambda scope: scope._type in types)

    def resolve(self, reference: object) -> tuple[str, ...]:
        """Field names of a reference, a list of them, or None (the rule's own fields).

        `ris.T2` is a name of that format (nothing for other formats), `csl.title` whatever gives that CSL variable
        here, anything else a name as it is (of a Zotero item: the CSL variable of that name).
        """
        return self.names if reference is None else self._answer(lambda scope: scope._resolve(reference))

    def close(self) -> None:
        """Says that all is built and may be shared: an answer from now on would not have been heeded."""
        self._is_built = True

    def answers_alike(self, type: str) -> bool:
        """Whether all that was asked would have had the same answers for another type."""
        other = Scope(self.format, type, self.names)
        return all(ask(other) == answer for ask, answer in self._asked)

    def _answer(self, ask: Callable[[Scope], T]) -> T:
        if self._is_built:
            raise RuntimeError("a check asks its scope while it is built, not when it runs")
        answer = ask(self)
        self._asked.append((ask, answer))
        return answer

    def _resolve(self, reference: object) -> tuple[str, ...]:
        if isinstance(reference, str):
            return self._resolve_one(reference)
        if isinstance(reference, Iterable):
            return tuple(dict.fromkeys(name for one in reference for name in self._resolve_one(str(one))))
        raise PackError(f"not a field reference: {reference!r}")

    def _resolve_one(self, reference: str) -> tuple[str, ...]:
        prefix, _, name = reference.partition(".")
        if not name:
            return names_of(self.format, self._type, reference) if self.format == "zotero" else (reference,)
        if prefix == "csl":
            return names_of(self.format, self._type, name)
        return (name,) if prefix == self.format else ()


def names_of(format: str, type: str, variable: str) -> tuple[str, ...]:
    """The fields that can give a CSL variable in records of a format and CSL type, the preferred first."""
    if format == "ris":
        return tags_of(variable, type)
    if format == "zotero":
        from reflint.formats.zotero.schema import schema

        return schema().names_of(type, variable)
    return (variable,)


def field_for(record: Record, variable: str) -> str | None:
    """The field that is to hold a CSL variable of this very record; None where its type has none."""
    if record.format.name == "zotero":
        from reflint.formats.zotero import item_type, schema

        return next(iter(schema().names_in(item_type(record), variable)), None)
    return next(iter(names_of(record.format.name, record.type, variable)), None)


Factory = Callable[[Parameters, Scope], Test]
CHECKS: dict[str, Factory] = {}
ENTRY_POINTS = "reflint.checks"


def check(name: str) -> Callable[[Factory], Factory]:
    """Registers a check primitive under the name that rules use."""

    def register(factory: Factory) -> Factory:
        CHECKS[name] = factory
        return factory

    return register


def factory_of(name: str) -> Factory | None:
    """The check primitive of a name: one of reflint's, else one that an installed package offers.

    A package offers checks as entry points of the group `reflint.checks`: their names are the primitives' names, their
    objects factories. No such package is loaded unless a rule names its check.
    """
    found = CHECKS.get(name)
    if found is None and name.isidentifier():
        from importlib.metadata import entry_points

        for entry in entry_points(group=ENTRY_POINTS, name=name):
            try:
                found = CHECKS[name] = entry.load()
            except Exception as error:
                raise PackError(f"the check {name!r} of {entry.value} cannot be loaded: {error}") from None
    return found


def text(params: Parameters, key: str, default: str = "") -> str:
    """A parameter that is text."""
    value = params.get(key, default)
    return value if isinstance(value, str) else str(value)


def texts(params: Parameters, key: str) -> list[str]:
    """A parameter that is a list of texts, or one of them."""
    value = params.get(key, ())
    if isinstance(value, str):
        return [value]
    if isinstance(value, Iterable):
        return [str(one) for one in value]
    return [str(value)]


def number(params: Parameters, key: str, default: int) -> int:
    """A parameter that is a whole number."""
    value = params.get(key, default)
    return value if isinstance(value, int) else int(str(value))


def as_record_test(test: Test) -> RecordTest:
    """A test of values as a test of records: every value of its fields is tried."""
    if isinstance(test, RecordTest):
        return test
    names, of_value = test.names, test.test

    def run(record: Record) -> Iterable[Hit]:
        for position, name in enumerate(record.names):
            if name in names and record.values[position]:
                hit = of_value(record.values[position])
                if hit is not None:
                    yield hit.at(position)

    return RecordTest(run, present=(names,))
