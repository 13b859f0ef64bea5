"""Generic checks: presence, patterns, word lists, normal forms, comparisons of fields."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from itertools import compress

from reflint.engine.checks.base import (
    Hit,
    Parameters,
    RecordTest,
    Scope,
    Trigger,
    ValueTest,
    as_record_test,
    check,
    number,
    text,
    texts,
)
from reflint.engine.checks.normal_forms import NORMAL_FORMS
from reflint.engine.checks.screens import SCREENS
from reflint.engine.checks.texts import same_language
from reflint.errors import PackError
from reflint.model.edit import Edit
from reflint.model.patterns import lazy
from reflint.model.record import Record
from reflint.model.text import fold


@check("required")
def required(params: Parameters, scope: Scope) -> RecordTest:
    """None of the fields in `any` (or not each of those in `all`) has a value."""
    groups = [scope.resolve(params["any"])] if "any" in params else [scope.resolve(one) for one in texts(params, "all")]
    alone = groups[0] if len(groups) == 1 else ()

    def run(record: Record) -> Iterable[Hit]:
        have = set(compress(record.names, record.values))
        missing = [group[0] for group in groups if group and have.isdisjoint(group)]
        return [Hit(note=", ".join(missing))] if missing else ()

    return RecordTest(run, absent=frozenset(alone))


@check("pattern")
def pattern(params: Parameters, scope: Scope) -> ValueTest:
    """The value matches `match` (and not `unless`).

    `window`: look only at the first (positive) or last (negative) so many characters. `needs`: characters of which one
    must occur. `last`: characters one of which must end it (blanks aside). `replace`: what the match becomes (a
    template); `ignore_case`.
    """
    flags = re.IGNORECASE if params.get("ignore_case") else 0
    wanted = lazy(text(params, "match"), flags)
    unwanted = lazy(text(params, "unless"), flags) if "unless" in params else None
    window = number(params, "window", 0)
    replacement = text(params, "replace") if "replace" in params else None
    last, needs = text(params, "last"), text(params, "needs")

    def run(value: str) -> Hit | None:
        if (last and value.rstrip()[-1:] not in last) or (needs and not any(map(value.__contains__, needs))):
            return None
        begin = max(0, len(value) + window) if window < 0 else 0
        looked_at = value[:window] if window > 0 else value
        match = wanted.search(looked_at, begin)
        if match is None or (unwanted is not None and unwanted.search(value)):
            return None
        new = None
        if replacement is not None:
            new = (value[: match.start()] + match.expand(replacement) + value[match.end() :]).strip()
        return Hit(within=match.span(), new=new, note=match[0])

    return ValueTest(frozenset(scope.resolve(params.get("field"))), run, needs)


@check("tokens")
def tokens(params: Parameters, scope: Scope) -> ValueTest:
    """The whole value is one of `list`, or of the words of `table`; `fold`: compared without case and punctuation.

    `new` is what it should be.
    """
    folded = bool(params.get("fold", True))
    words = texts(params, "list") or texts(params, "table")
    listed = frozenset(fold(one) if folded else one for one in words)
    longest = max(map(len, words), default=0) + 8

    def run(value: str) -> Hit | None:
        if len(value) > longest:
            return None
        found = fold(value) if folded else value.strip()
        return Hit(new="") if found in listed else None

    # Folded, `Unknown, Unknown` is listed, too: an ordinary name by its form.
    pairs = [", ".join(one.title().split()) for one in listed] if folded else []
    forms = [*words, *listed, *pairs]
    quiet_for = frozenset(name for name, passes in SCREENS.items() if not any(passes(form) for form in forms if form))
    return ValueTest(frozenset(scope.resolve(params.get("field"))), run, quiet_for=quiet_for)


@check("enum")
def enum(params: Parameters, scope: Scope) -> ValueTest:
    """The value is not one of the values of `table` as it stands; the table maps other spellings to them.

    With `listed_only`, a value that the table does not know at all is no finding; nor is one that looks like `legal`.
    """
    table = params.get("table")
    if not isinstance(table, dict):
        raise PackError("enum needs a table")
    right = frozenset(map(str, table))
    spellings = {str(one).casefold(): str(name) for name, others in table.items() for one in [name, *others]}
    listed_only = bool(params.get("listed_only"))
    legal = lazy(text(params, "legal")) if "legal" in params else None

    def run(value: str) -> Hit | None:
        if value in right:
            return None
        known = spellings.get(value.strip(" .").casefold())
        if known is None and (listed_only or (legal is not None and legal.search(value))):
            return None
        return Hit(new=known)

    return ValueTest(frozenset(scope.resolve(params.get("field"))), run)


@check("normal_form")
def normal_form(params: Parameters, scope: Scope) -> ValueTest:
    """`normalizer` gives another value than the one that stands there. Check and fix cannot disagree.

    `unless`: a value that matches this pattern is left alone. `doubtful`: one that matches this pattern may have lost
    more than can be seen; its repair is unsafe.
    """
    name = text(params, "normalizer")
    form = NORMAL_FORMS.get(name)
    if form is None:
        raise PackError(f"unknown normalizer {name!r}")
    normalise: Callable[[str], str] = form.normalise
    spared = lazy(text(params, "unless")) if "unless" in params else None
    doubtful = lazy(text(params, "doubtful")) if "doubtful" in params else None

    def run(value: str) -> Hit | None:
        new = normalise(value)
        if new == value or (spared is not None and spared.search(value)):
            return None
        return Hit(new=new, safety="unsafe" if doubtful is not None and doubtful.search(value) else None)

    return ValueTest(frozenset(scope.resolve(params.get("field"))), run, form.needs, form.quiet_for)


@check("equals_field")
def equals_field(params: Parameters, scope: Scope) -> RecordTest:
    """A field in `a` says the same, after the text fold, as a field in `b` (never the same one).

    `min_words`: shorter texts don't count; nor do longer ones in `a` than `max_length`. `mark`: `a` (default) or `b`,
    the field that the finding is about.
    """
    a, b = frozenset(scope.resolve(params["a"])), frozenset(scope.resolve(params["b"]))
    min_words, longest = number(params, "min_words", 1), number(params, "max_length", 0)
    mark_b = text(params, "mark") == "b"

    def run(record: Record) -> Iterable[Hit]:
        values = record.values
        others = record.positions(*b)
        for i in record.positions(*a):
            value = values[i]
            if 0 < longest < len(value):
                continue
            for twin in others:
                if twin != i and folds_alike(value, values[twin]):
                    if min_words == 1 or len(fold(value).split()) >= min_words:
                        yield Hit(twin if mark_b else i, note=record.names[i if mark_b else twin])
                    break

    return RecordTest(run, present=(a, b), trigger=Trigger(a, lambda value: len(value) <= longest) if longest else None)


def folds_alike(one: str, other: str) -> bool:
    """Whether two texts are the same after the text fold; most are told apart by their first or last letter."""
    if not one or not other:
        return False
    if _letters_differ(one[0], other[0]) or _letters_differ(one[-1], other[-1]):
        return False
    folded = fold(one)
    return bool(folded) and (one == other or folded == fold(other))


def _letters_differ(a: str, b: str) -> bool:
    """Whether two characters are other letters or digits of ASCII, whatever their case."""
    return a != b and a.isalnum() and b.isalnum() and a.isascii() and b.isascii() and a.lower() != b.lower()


@check("single_valued")
def single_valued(params: Parameters, scope: Scope) -> RecordTest:
    """A field that means one thing occurs more than once.

    A copy that is the same after its normal form goes safely; another value is only reported. Of `abstracts`, what
    other rules say is left to them (equal texts, a copyright paragraph), and a translation is no repeat.
    """
    names = frozenset(scope.resolve(params.get("field")))
    doi = frozenset(["DO", "DOI"])
    abstracts = frozenset(texts(params, "abstracts"))

    def run(record: Record) -> Iterable[Hit]:
        first: dict[str, int] = {}
        for i, name in enumerate(record.names):
            if name not in names or not record.values[i]:
                continue
            if name not in first:
                first[name] = i
                continue
            key = NORMAL_FORMS["doi_key" if name in doi else "fold"].normalise
            same = any(
                key(record.values[j]) == key(record.values[i])
                for j in range(i)
                if record.names[j] == name and record.values[j]
            )
            if name in abstracts and (same or _may_stand_again(record.values[first[name]], record.values[i])):
                continue
            if same:
                before = record.values[i]
                yield Hit(i, edits=(Edit("delete", name, i, before, None),), note="the same value", safety="safe")
            else:
                yield Hit(i, note="another value than before")

    return RecordTest(run, present=(names,), repeated=names)


def _may_stand_again(one: str, other: str) -> bool:
    """Whether a second abstract is a copyright paragraph or a translation of the first."""
    if "is the property of" in other:
        return True
    return min(len(one), len(other)) >= 100 and not same_language(fold(one), fold(other))


@check("empty")
def empty(params: Parameters, scope: Scope) -> RecordTest:
    """A field has no value (`except`: these may be empty)."""
    spared = frozenset(texts(params, "except"))

    def run(record: Record) -> Iterable[Hit]:
        return [Hit(i) for i, value in enumerate(record.values) if not value and record.names[i] not in spared]

    return RecordTest(run, blank=True)


@check("unknown_name")
def unknown_name(params: Parameters, scope: Scope) -> RecordTest:
    """A field's name is in no dialect of the format."""
    known = frozenset(scope.names)

    def run(record: Record) -> Iterable[Hit]:
        return [Hit(i) for i, name in enumerate(record.names) if name not in known and record.values[i]]

    return RecordTest(run, known=known)


@check("all")
def all_of(params: Parameters, scope: Scope) -> RecordTest:
    """All conditions hold; the hits are those of the first one that names a field."""
    from reflint.engine.binding import build_test

    tests = [build_test(one, scope, "all") for one in _conditions(params["all"])]
    parts = [as_record_test(one) for one in tests]
    trigger = next((_trigger(one) for one in tests if isinstance(one, ValueTest)), None)

    def run(record: Record) -> Iterable[Hit]:
        chosen: list[Hit] = []
        for part in parts:
            hits = list(part.test(record))
            if not hits:
                return ()
            if not chosen or chosen[0].position is None:
                chosen = hits
        return chosen

    present = tuple(group for part in parts for group in part.present)
    absent = frozenset(name for part in parts for name in part.absent)
    chooser = next((one for one in tests if isinstance(one, RecordTest) and one.selector), RecordTest(run))
    trigger = trigger or next((one.trigger for one in tests if isinstance(one, RecordTest) and one.trigger), None)
    return RecordTest(
        run, present=present, absent=absent, trigger=trigger, selector=chooser.selector, cases=chooser.cases
    )


def _trigger(test: ValueTest) -> Trigger:
    return Trigger(test.names, lambda value: test.test(value) is not None)


@check("any")
def any_of(params: Parameters, scope: Scope) -> RecordTest:
    """One of the conditions holds at least; the hits are those of all that do."""
    from reflint.engine.binding import build_test

    parts = [as_record_test(build_test(one, scope, "any")) for one in _conditions(params["any"])]

    def run(record: Record) -> Iterable[Hit]:
        return [hit for part in parts for hit in part.test(record)]

    return RecordTest(run)


@check("not")
def none_of(params: Parameters, scope: Scope) -> RecordTest:
    """The condition does not hold."""
    from reflint.engine.binding import build_test

    inner = params["not"]
    if not isinstance(inner, dict):
        raise PackError("not: takes one condition")
    part = as_record_test(build_test(inner, scope, "not"))

    def run(record: Record) -> Iterable[Hit]:
        return () if any(True for _ in part.test(record)) else [Hit()]

    return RecordTest(run)


def _conditions(value: object) -> list[dict[str, object]]:
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise PackError("all: and any: take a list of conditions")
    return value
