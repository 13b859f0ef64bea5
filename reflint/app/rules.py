"""Which rules there are, which run, and what is known of each."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reflint.app.settings import Settings, cache_folder
from reflint.engine import pack
from reflint.engine.pack import Pack, Rule
from reflint.engine.run import Engine
from reflint.engine.suppress import Entry
from reflint.errors import ConfigError

if TYPE_CHECKING:
    from reflint.engine.advice import Advised, Advisor


@cache
def core_pack() -> Pack:
    """The rules that come with reflint."""
    return pack.load(None, cache_folder)


def build_engine(
    settings: Settings, *, plain: bool = False, repairing: bool = False, advisor: Advisor | None = None
) -> Engine:
    """An engine for the rules that the settings choose, with an adviser where there is one.

    Raises ConfigError for codes or options that do not exist.
    """
    rules = core_pack().rules
    chosen = pack.select(
        rules,
        profile=settings["profile"],
        select=settings["select"],
        extend_select=settings["extend-select"],
        ignore=[code for code in settings["ignore"] if isinstance(code, str)],
    )
    severities = {
        rule.id: severity for code, severity in settings["severity"].items() for rule in pack.matching(rules, code)
    }
    make = Engine if advisor is None else partial(_advised(), advisor=advisor)
    return make(
        chosen,
        options=_options(rules, settings["options"]),
        severities=severities,
        plain=plain,
        repairing=repairing,
        suppressed=_suppressed(rules, settings["ignore"]),
    )


def _advised() -> type[Advised]:
    from reflint.engine.advice import Advised  # not needed offline

    return Advised


def _suppressed(rules: tuple[Rule, ...], ignored: list[Any]) -> list[Entry]:
    """The suppressions among the ignored; ConfigError for a rule that does not exist."""
    entries = []
    for one in ignored:
        if isinstance(one, dict):
            for code in one["rules"]:
                pack.matching(rules, code)
            about = {name: one[name] for name in ("doi", "key", "fingerprint") if name in one}
            entries.append(Entry(tuple(one["rules"]), **about))
    return entries


def _options(rules: tuple[Rule, ...], given: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    options: dict[str, dict[str, Any]] = {}
    for code, values in given.items():
        for rule in pack.matching(rules, code):
            for name in values:
                if name not in rule.options:
                    known = ", ".join(rule.options) or "none"
                    raise ConfigError(f"rule {rule.id} has no option {name!r} (it has {known})")
            options[rule.id] = dict(values)
    year = _this_year()
    for rule in rules:
        if "latest" in rule.options:
            options.setdefault(rule.id, {}).setdefault("latest", year + 1)
    return options


def _this_year() -> int:
    import time

    return time.localtime().tm_year


def catalogue() -> list[dict[str, Any]]:
    """All rules as `reflint rules -f json` lists them."""
    return [describe(rule) for rule in core_pack().rules]


def describe(rule: Rule) -> dict[str, Any]:
    """One rule as `reflint rules -f json` gives it."""
    return {
        "id": rule.id,
        "slug": rule.slug,
        "group": rule.group,
        "summary": rule.summary,
        "severity": rule.severity,
        "fix": rule.fix_class,
        "profiles": list(rule.profiles),
        "status": rule.status,
        "applies": dict(rule.applies),
    }


def documentation(code: str) -> dict[str, Any]:
    """A rule file, whole, by code or slug. Raises ConfigError when there is no such rule, or several."""
    found = pack.matching(core_pack().rules, code)
    exact = [rule for rule in found if code.upper() == rule.id or code.lower() == rule.slug]
    if not exact:
        raise ConfigError(f"{code!r} names {len(found)} rules; name one of {', '.join(rule.id for rule in found)}")
    rule = exact[0]
    path = next(p for p in pack.rule_files(core_pack().folder) if p.name.startswith(rule.id + "-"))
    return pack.read_rule(path)


def test_pack(folder: Path) -> list[tuple[str, str, str]]:
    """Runs the examples of a pack: (file, example, what is wrong with it or `""`) for each."""
    from reflint.engine.examples import run_examples
    from reflint.lookup.told import adviser_of

    return [(str(one.path), one.example, one.fault) for one in run_examples(folder, adviser_of)]
