"""Whether a rule can be built: what the shape of its file alone does not tell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from reflint.engine.binding import READ_ELSEWHERE, build_test, field_names, is_own
from reflint.engine.checks.base import CHECKS, Scope
from reflint.engine.fixes.base import build_fix
from reflint.engine.pack import Rule
from reflint.engine.wording import wording
from reflint.errors import PackError

_CONDITIONS = ("all", "any", "not")


def fault_of(rule: Rule) -> str:
    """Why a rule cannot be built; `""` when it can.

    Its check or fix lacks a parameter (or option), cannot take it, or does not know it; its message or title names
    what nothing tells; it is for no field.
    """
    if rule.applies.get("manuscript"):
        return ""
    try:
        unknown = [_build(rule, scope) for scope in _scopes(rule)]
    except PackError as error:
        return str(error).removeprefix(f"{rule.id}: ")
    except KeyError as error:
        return f"the parameter {error} is missing"
    except Exception as error:  # whatever else a builder makes of what it is given
        return f"cannot be built ({type(error).__name__}: {error})"
    if not unknown:
        return "applies to no field of any format"
    odd = set.intersection(*unknown)
    return f"there is no parameter {min(odd)!r}" if odd else ""


def _scopes(rule: Rule) -> Iterator[Scope]:
    """Some formats and types that the rule is for."""
    types = rule.applies.get("types", "*")
    for format in ("ris", "csl", "zotero"):
        for type in ("article-journal", "book", "chapter") if types == "*" else types:
            names = field_names(rule, format, type)
            if names:
                yield Scope(format, type, names)


def _build(rule: Rule, scope: Scope) -> set[str]:
    """Builds check, fix and message; the parameters that nobody asked for."""
    defaults = {name: option["default"] for name, option in rule.options.items()}
    check, fix = _Asked({**rule.check, **defaults}), _Asked(rule.fix or {})
    build_test(check, scope, rule.id)
    wording(rule.message, rule.id)
    if rule.fix:
        build_fix(fix, scope, rule.id)
    return check.unasked() | fix.unasked()


class _Asked(dict[str, Any]):
    """Parameters that remember which of them they were asked for; the same of conditions in them."""

    def __init__(self, params: Mapping[str, Any]) -> None:
        inner = {} if "use" in params else {key: _wrapped(params[key]) for key in _CONDITIONS if key in params}
        super().__init__({**params, **inner})
        self._asked = {"use"}
        self._inner = [one for value in inner.values() for one in (value if isinstance(value, list) else [value])]

    def __getitem__(self, key: str) -> Any:
        self._asked.add(key)
        return super().__getitem__(key)

    def get(self, key: str, default: Any = None) -> Any:
        self._asked.add(key)
        return super().get(key, default)

    def unasked(self) -> set[str]:
        """The parameters that nobody asked for; a package's own check may do so only when it runs."""
        name = str(self.get("use"))
        if name in READ_ELSEWHERE or (name in CHECKS and not is_own(name)):
            return set()
        of_inner = (one.unasked() for one in self._inner if isinstance(one, _Asked))
        return (set(self) - self._asked).union(*of_inner)


def _wrapped(value: Any) -> Any:
    if isinstance(value, list):
        return [_wrapped(one) for one in value]
    return _Asked(value) if isinstance(value, dict) else value
