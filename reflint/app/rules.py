"""Which rules there are, which run, and what is known of each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from reflint.app.settings import Settings, cache_folder
from reflint.engine import pack
from reflint.engine.pack import Pack, Rule
from reflint.engine.run import Engine
from reflint.engine.suppress import Entry
from reflint.errors import ConfigError, PackError

if TYPE_CHECKING:
    from reflint.engine.advice import Advised, Advisor


@cache
def core_pack() -> Pack:
    """The rules that come with reflint."""
    return pack.load(None, cache_folder)


@cache
def more_pack(name: str) -> Pack:
    """A user's pack: a folder, or what an installed package offers under a name (entry point group `reflint.packs`).

    Its files are validated, and its rules built on trial, when they have changed. Raises ConfigError when there is no
    such pack, PackError when a rule file is faulty or a rule cannot be built.
    """
    folder = Path(name)
    if not folder.is_dir():
        folder = _installed(name)
    if not pack.rule_files(folder):
        raise ConfigError(f"{name}: no pack of rules; a pack is a folder <group>/<ID>-<slug>.yaml")

    from reflint.engine.binding import is_foreign

    def validate(path: Path) -> None:
        from reflint.engine.schema import validate

        validate(path)

    found = pack.load(folder, cache_folder, validate, prove=lambda new: _demand_built(folder, new.rules))
    _demand_built(folder, filter(is_foreign, found.rules))
    return found


def _demand_built(folder: Path, rules: Iterable[Rule]) -> None:
    """Raises PackError for the first rule that cannot be built."""
    from reflint.engine.building import fault_of

    for rule in rules:
        fault = fault_of(rule)
        if fault:
            raise PackError(f"{folder}: {rule.id}: {fault}")


def _installed(name: str) -> Path:
    """The folder of a pack that a package offers: the package that the entry point names. No code of it is run."""
    from importlib.metadata import entry_points
    from importlib.util import find_spec

    for entry in entry_points(group="reflint.packs", name=name):
        spec = find_spec(entry.value.partition(":")[0])
        if spec is not None and spec.submodule_search_locations:
            return Path(spec.submodule_search_locations[0])
    raise ConfigError(f"{name}: no such folder of rules, and no installed pack of that name")


def packs_of(settings: Settings) -> list[Pack]:
    """The core pack and those that the settings add. Raises ConfigError for a code that two of them have."""
    packs = [core_pack(), *map(more_pack, settings["packs"])]
    homes: dict[str, Pack] = {}
    for one in packs:
        for rule in one.rules:
            for name in (rule.id, rule.slug):
                if name in homes:
                    raise ConfigError(f"{one.folder}: {name} is the name of a rule in {homes[name].folder} already")
        homes |= {name: one for rule in one.rules for name in (rule.id, rule.slug)}
    return packs


def rules_of(settings: Settings) -> tuple[Rule, ...]:
    """All rules of all packs that the settings name."""
    return tuple(rule for one in packs_of(settings) for rule in one.rules)


def depends_on(settings: Settings) -> list[object]:
    """What of settings findings depend on, for whoever keeps findings: values, rules, and whence paths start."""
    places = [str(settings.folder_of("per-file")), str(Path.cwd())] if settings["per-file"] else []
    values = [(name, setting.value) for name, setting in settings.items() if name != "fail-on"]
    return [values, places, rules_of(settings)]


def build_engine(
    settings: Settings, *, plain: bool = False, repairing: bool = False, advisor: Advisor | None = None
) -> Engine:
    """An engine for the rules that the settings choose, with an adviser where there is one.

    Raises ConfigError, with the file that says so, for codes or options that do not exist.
    """
    build = partial(_engine, plain=plain, repairing=repairing, advisor=advisor)
    engine = build(settings)
    if settings["per-file"] or settings["per-collection"]:
        from reflint.app.sources import fitting

        folder = settings.folder_of("per-file")
        engine.divide(
            [(fitting(pattern, folder), build(settings.part("per-file", pattern))) for pattern in settings["per-file"]],
            {key: build(settings.part("per-collection", key)) for key in settings["per-collection"]},
        )
    return engine


def _engine(settings: Settings, *, plain: bool, repairing: bool, advisor: Advisor | None) -> Engine:
    rules = rules_of(settings)
    for wrong in misnamed({name: setting.value for name, setting in settings.items()}, rules):
        raise ConfigError(settings.told(str(wrong.at[0]), wrong.why))
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
        suppressed=_suppressed(settings["ignore"]),
    )


def _advised() -> type[Advised]:
    from reflint.engine.advice import Advised  # not needed offline

    return Advised


def _suppressed(ignored: list[Any]) -> list[Entry]:
    """The suppressions among the ignored."""
    return [
        Entry(tuple(one["rules"]), **{name: one[name] for name in ("doi", "key", "fingerprint") if name in one})
        for one in ignored
        if isinstance(one, dict)
    ]


def _options(rules: tuple[Rule, ...], given: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    options = {rule.id: dict(values) for code, values in given.items() for rule in pack.matching(rules, code)}
    year = _this_year()
    for rule in rules:
        if "latest" in rule.options:
            options.setdefault(rule.id, {}).setdefault("latest", year + 1)
    return options


class Misnamed(NamedTuple):
    """What settings say of rules that cannot be so: where among the settings it stands, and why it cannot be."""

    at: tuple[str | int, ...]
    why: str


def misnamed(settings: Mapping[str, Any], rules: tuple[Rule, ...]) -> Iterator[Misnamed]:
    """Each code in settings (name -> value) that names no rule, each option that a rule has not or does not take so."""
    places: list[tuple[tuple[str | int, ...], str]] = [
        ((name, at), code)
        for name in ("select", "extend-select", "ignore")
        for at, one in enumerate(settings.get(name, ()))
        for code in ([one] if isinstance(one, str) else one["rules"])
    ]
    places += [((name, code), code) for name in ("severity", "options") for code in settings.get(name, ())]
    for at, code in places:
        try:
            named = pack.matching(rules, code)
        except ConfigError as error:
            yield Misnamed(at, str(error))
            continue
        for name, value in settings["options"][code].items() if at[0] == "options" else ():
            yield from (Misnamed((*at, name), why) for rule in named if (why := _option_fault(rule, name, value)))


def _option_fault(rule: Rule, name: str, value: object) -> str:
    """Why a rule's option cannot be given so; `""` when it can."""
    if name not in rule.options:
        return f"rule {rule.id} has no option {name!r} (it has {', '.join(rule.options) or 'none'})"
    kind = rule.options[name]["type"]
    return "" if pack.is_of_kind(kind, value) else f"rule {rule.id}: {name} takes {pack.OPTION_KINDS[kind][1]}"


def _this_year() -> int:
    import time

    return time.localtime().tm_year


def catalogue(settings: Settings | None = None) -> list[dict[str, Any]]:
    """All rules as `reflint rules -f json` lists them: the core's, and those of packs that settings add."""
    return [describe(rule) for rule in rules_of(settings or Settings())]


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


def documentation(code: str, settings: Settings | None = None) -> dict[str, Any]:
    """A rule file, whole, by code or slug. Raises ConfigError when there is no such rule, or several."""
    packs = packs_of(settings or Settings())
    found = pack.matching([rule for one in packs for rule in one.rules], code)
    exact = [rule for rule in found if code.upper() == rule.id or code.lower() == rule.slug]
    if not exact:
        raise ConfigError(f"{code!r} names {len(found)} rules; name one of {', '.join(rule.id for rule in found)}")
    rule = exact[0]
    files = (path for one in packs for path in pack.rule_files(one.folder))
    return pack.read_rule(next(path for path in files if path.name.startswith(rule.id + "-")))


def test_pack(folder: Path) -> list[tuple[str, str, str]]:
    """Runs the examples of a pack: (file, example, what is wrong with it or `""`) for each."""
    from reflint.engine.examples import run_examples
    from reflint.lookup.told import adviser_of

    return [(str(one.path), one.example, one.fault) for one in run_examples(folder, adviser_of)]
