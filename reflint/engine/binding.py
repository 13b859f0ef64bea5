"""Rules bound to records of one format and type: their tests, fixes and messages built for the fields these have."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from reflint.engine import checks, fixes  # noqa: F401  (importing them registers the primitives)
from reflint.engine.checks.base import CHECKS, RecordTest, Scope, ValueTest, factory_of, names_of
from reflint.engine.checks.groups import field_group
from reflint.engine.fixes.base import Proposal, build_fix
from reflint.engine.pack import Rule, primitives
from reflint.engine.wording import Words, wording
from reflint.errors import PackError

_CHILDREN = frozenset(["note", "attachment", "annotation"])
"""Zotero's items that are no records: only rules that name them look at them."""


class Bound:
    """A rule bound to one format and type: its test, what makes its fixes and what fills its message (None: nothing
    is to be filled in)."""

    __slots__ = ("fix", "rule", "test", "words")

    def __init__(
        self, rule: Rule, test: ValueTest | RecordTest, fix: Proposal | None = None, words: Words | None = None
    ) -> None:
        self.rule = rule
        self.test = test
        self.fix = fix
        self.words = words


def bind(rule: Rule, format: str, type: str, options: Mapping[str, Any]) -> list[Bound]:
    """The rule for records of one format and CSL type, as one test or (`any`) several; [] when it does not apply.

    Raises PackError when it names a primitive that does not exist.
    """
    return Bindings(lambda _: options).bound(rule, format, type)


class Bindings:
    """The rules of an engine, bound to formats and types as these are met; `options_of`: those given for a rule.

    Few tests ask for the type: what was built for one serves all to whose questions the answers would be the same.
    """

    def __init__(self, options_of: Callable[[Rule], Mapping[str, Any]]) -> None:
        self._options_of = options_of
        self._built: dict[tuple[str, str, tuple[str, ...]], list[tuple[Scope, list[Bound]]]] = {}

    def bound(self, rule: Rule, format: str, type: str) -> list[Bound]:
        """The rule for records of one format and type, as `bind` has it."""
        types = rule.applies.get("types", "*")
        if (type in _CHILDREN if types == "*" else type not in types) or type in rule.applies.get("not_types", ()):
            return []
        names = field_names(rule, format, type)
        if not names:
            return []
        built = self._built.setdefault((rule.id, format, names), [])
        for scope, bound in built:
            if scope.answers_alike(type):
                return bound
        scope = Scope(format, type, names)
        bound = _bind(rule, scope, self._options_of(rule))
        if not is_foreign(rule):
            scope.close()
            built.append((scope, bound))
        return bound


def _bind(rule: Rule, scope: Scope, options: Mapping[str, Any]) -> list[Bound]:
    defaults = {name: option["default"] for name, option in rule.options.items()}
    fix = build_fix(rule.fix, scope, rule.id) if rule.fix else None
    # Alternatives are tested one by one, each behind its own gate.
    parts = rule.check["any"] if isinstance(rule.check.get("any"), list) and "use" not in rule.check else [rule.check]
    words = wording(rule.message, rule.id)
    return [Bound(rule, build_test({**part, **defaults, **options}, scope, rule.id), fix, words) for part in parts]


def is_foreign(rule: Rule) -> bool:
    """Whether a check of the rule is not reflint's own but a package's, which may change when no rule file does."""
    return any(not is_own(name) for name in primitives(rule.check))


def is_own(check: str) -> bool:
    """Whether a check is reflint's own, by its name."""
    return check in READ_ELSEWHERE or getattr(CHECKS.get(check), "__module__", "").startswith("reflint.")


READ_ELSEWHERE = frozenset(["file", "library", "fill_lookup"])
"""Checks of what is more than a record, and the fix that a registry makes: it is not builders that read their
parameters."""


def field_names(rule: Rule, format: str, type: str) -> tuple[str, ...]:
    """The fields a rule is for in records of a format and CSL type; () when it is not for them.

    What a rule does not say for Zotero follows from what it says for CSL.
    """
    names = rule.applies.get(format)
    derived = names is None and format == "zotero"
    if derived:
        names = rule.applies.get("csl")
    if names is None:
        return ()
    if isinstance(names, str):
        return field_group(format, names)
    if derived:
        return tuple(dict.fromkeys(name for variable in names for name in names_of(format, type, variable)))
    return tuple(names)


def build_test(params: Mapping[str, Any], scope: Scope, rule: str) -> ValueTest | RecordTest:
    """The test that a `check` of a rule file names."""
    name = params.get("use") or next((key for key in ("all", "any", "not") if key in params), "")
    factory = factory_of(str(name))
    if factory is None:
        raise PackError(f"{rule}: unknown check primitive {name!r}")
    return factory(params, scope)
