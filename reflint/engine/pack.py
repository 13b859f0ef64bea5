"""Rule packs: finds them, compiles YAML to JSON once per content, and gives the rules as plain values.

Loading a pack runs no code. YAML and pydantic are imported only when a pack changed, is explained or is tested.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from reflint.errors import ConfigError, PackError

FORMAT = 2
PROFILES = ("minimal", "recommended", "strict")
OPTION_KINDS: Mapping[str, tuple[type, str]] = {
    "int": (int, "a whole number"),
    "bool": (bool, "true or false"),
    "str": (str, "a text"),
    "list": (list, "a list"),
}
"""The kinds of values that options of rules take, with their types and as a person is told them."""
_HOT_KEYS = tuple(
    "id slug summary severity confidence status profiles applies options check fix message advice".split()
)


class Rule(NamedTuple):
    """A rule as the engine needs it; its rationale, traps and examples stay in the YAML file (see `documentation`)."""

    id: str
    slug: str
    summary: str
    severity: str
    confidence: str
    status: str
    profiles: tuple[str, ...]
    applies: Mapping[str, Any]
    options: Mapping[str, Any]
    check: Mapping[str, Any]
    fix: Mapping[str, Any] | None
    message: str
    advice: str = ""

    @property
    def group(self) -> str:
        """The three letters the id begins with."""
        return self.id.rstrip("0123456789")

    @property
    def fix_class(self) -> str:
        """`safe`, `unsafe`, `lookup` or `none`."""
        return str(self.fix["safety"]) if self.fix else "none"


def is_of_kind(kind: str, value: object) -> bool:
    """Whether an option of a kind takes a value; `true` is no number."""
    return type(value) is OPTION_KINDS[kind][0]


def core_folder() -> Path:
    """The folder of the core pack: inside the package when installed from a wheel, beside it in a checkout."""
    package = Path(__file__).parents[1]
    for folder in (package / "_rules", package.parent / "rules"):
        if folder.is_dir():
            return folder
    raise PackError("the core rules are missing from this installation of reflint; install it again")


def rule_files(folder: Path) -> list[Path]:
    """All rule files of a pack, sorted by name: `<group>/<ID>-<slug>.yaml`."""
    return sorted((p for p in folder.glob("*/*.yaml") if p.parent.name != "data"), key=lambda p: p.name)


def parse_yaml(text: str, where: object) -> Any:
    """YAML without object construction; PackError with line and column when it is malformed."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        return yaml.load(text, loader)
    except yaml.YAMLError as error:
        raise PackError(f"{where}: not readable as YAML: {' '.join(str(error).split())}") from None


def read_rule(path: Path) -> dict[str, Any]:
    """One rule file, whole (with documentation and examples)."""
    try:
        found = parse_yaml(path.read_text("utf-8"), path)
    except (OSError, UnicodeDecodeError) as error:
        raise PackError(f"{path}: {error}") from None
    if not isinstance(found, dict) or "id" not in found:
        raise PackError(f"{path}: a rule file is a mapping with an id")
    return found


def compile_pack(folder: Path) -> dict[str, Any]:
    """A pack's rules, without documentation, and its data tables, as JSON-ready values."""
    rules = []
    for path in rule_files(folder):
        whole = read_rule(path)
        rules.append({key: whole[key] for key in _HOT_KEYS if key in whole})
    tables = {path.stem: parse_yaml(path.read_text("utf-8"), path) for path in sorted(folder.glob("data/*.yaml"))}
    for rule in rules:
        if "check" in rule:
            rule["check"] = _with_tables(rule["check"], tables, rule["id"])
    return {"format": FORMAT, "rules": rules, "tables": tables}


def _with_tables(check: Any, tables: Mapping[str, Any], rule: str) -> Any:
    """A check whose `table: NAME` is the table `data/NAME.yaml` of the pack itself, at any depth of conditions."""
    if isinstance(check, list):
        return [_with_tables(one, tables, rule) for one in check]
    if not isinstance(check, dict):
        return check
    inner = {key: _with_tables(check[key], tables, rule) for key in ("all", "any", "not") if key in check}
    whole = {**check, **inner}
    name = whole.get("table")
    if isinstance(name, str):
        if name not in tables:
            raise PackError(f"{rule}: the pack has no table data/{name}.yaml")
        whole["table"] = tables[name]
    return whole


def primitives(check: Mapping[str, Any]) -> list[str]:
    """The names of the primitives that a check uses. Raises ValueError as `conditions` does."""
    if "use" in check:
        return [str(check["use"])]
    return [name for one in conditions(check) for name in primitives(one)]


def conditions(check: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """What a check without a primitive of its own combines. Raises ValueError when it combines nothing."""
    inner = [check["not"]] if "not" in check else check.get("all", check.get("any"))
    if not isinstance(inner, list) or not inner or not all(isinstance(one, dict) for one in inner):
        raise ValueError("a check has `use`, or it combines some: `all: [...]`, `any: [...]` or `not: {...}`")
    return inner


def _content_key(folder: Path) -> str:
    """What changes with the files of a pack, and with reflint, which may build them otherwise."""
    from hashlib import blake2b

    from reflint import __version__

    digest = blake2b(f"{FORMAT} {__version__}".encode(), digest_size=12)
    for path in [*rule_files(folder), *sorted(folder.glob("data/*.yaml"))]:
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


class Pack(NamedTuple):
    """The rules of one folder, with the tables they name."""

    folder: Path
    rules: tuple[Rule, ...]
    tables: Mapping[str, Any]


def load(
    folder: Path | None = None,
    cache_folder: Callable[[], Path] | None = None,
    validate: Callable[[Path], object] | None = None,
    prove: Callable[[Pack], object] | None = None,
) -> Pack:
    """Loads a pack: from the JSON compiled into the wheel, from the cache, or from YAML.

    `folder` defaults to the core pack. `cache_folder` says where compiled packs are kept between runs (None: nowhere);
    it is asked only where there is something to keep. Of a pack not yet compiled `validate` is shown each rule file and
    `prove` the whole; what they raise an error for is not kept.
    """
    folder = folder or core_folder()
    built = folder / "core.json"
    if built.is_file():
        return _from_compiled(folder, json.loads(built.read_bytes()))
    cached = cache_folder() / f"pack-{_content_key(folder)}.json" if cache_folder else None
    if cached and cached.is_file():
        try:
            return _from_compiled(folder, json.loads(cached.read_bytes()))
        except (OSError, ValueError, KeyError, TypeError, AttributeError, PackError):
            pass  # a damaged cache is made anew
    for path in rule_files(folder):
        if validate is not None:
            validate(path)
    compiled = compile_pack(folder)
    found = _from_compiled(folder, compiled)
    if prove is not None:
        prove(found)
    if cached:
        _keep(cached, json.dumps(compiled))
    return found


def _keep(path: Path, content: str) -> None:
    """Writes a cache file; a cache that cannot be written is no error."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_suffix(f".{id(content):x}")
        temporary.write_text(content, "utf-8")
        temporary.replace(path)
    except OSError:
        return


def _from_compiled(folder: Path, compiled: Mapping[str, Any]) -> Pack:
    if compiled.get("format") != FORMAT:
        raise PackError(f"{folder}: the compiled pack was made by another version of reflint")
    try:
        rules = tuple(_rule(one) for one in compiled["rules"])
    except (KeyError, TypeError) as error:
        raise PackError(f"{folder}: a rule lacks {error}; run `reflint test {folder}`") from None
    return Pack(folder, rules, compiled["tables"])


def _rule(data: Mapping[str, Any]) -> Rule:
    return Rule(
        data["id"],
        data["slug"],
        data["summary"],
        data["severity"],
        data.get("confidence", "high"),
        data.get("status", "stable"),
        tuple(data.get("profiles", ())),
        data.get("applies", {}),
        data.get("options", {}),
        data["check"],
        data.get("fix"),
        data.get("message", data["summary"]),
        data.get("advice", ""),
    )


def select(
    rules: Iterable[Rule],
    *,
    profile: str = "recommended",
    select: Iterable[str] = (),
    extend_select: Iterable[str] = (),
    ignore: Iterable[str] = (),
) -> tuple[Rule, ...]:
    """The rules that run: those of the profile, or those selected (codes, prefixes, slugs, ALL), less the ignored.

    Raises ConfigError for a profile or code that does not exist, with the nearest that does.
    """
    rules = tuple(rules)
    if profile not in PROFILES:
        raise ConfigError(f"unknown profile {profile!r}{_nearest(profile, PROFILES)}")
    chosen = {rule.id for rule in rules if profile in rule.profiles}
    selected = list(select)
    if selected:
        chosen = {rule.id for code in selected for rule in matching(rules, code)}
    chosen |= {rule.id for code in extend_select for rule in matching(rules, code)}
    chosen -= {rule.id for code in ignore for rule in matching(rules, code)}
    return tuple(rule for rule in rules if rule.id in chosen)


def matching(rules: Iterable[Rule], code: str) -> list[Rule]:
    """The rules that a code, prefix, slug or ALL names. Raises ConfigError when it names none."""
    rules = list(rules)
    wanted = code.strip()
    if wanted.upper() == "ALL":
        return rules
    found = [rule for rule in rules if rule.id.startswith(wanted.upper()) or rule.slug == wanted.lower()]
    if not found or not wanted:
        known = [rule.id for rule in rules] + [rule.slug for rule in rules]
        raise ConfigError(f"unknown rule {wanted!r}{_nearest(wanted, known)}; `reflint rules` lists them all")
    return found


def _nearest(word: str, known: Iterable[str]) -> str:
    from difflib import get_close_matches

    folded = {name.lower(): name for name in known}
    close = get_close_matches(word.lower(), list(folded), 1, 0.5)
    return f"; did you mean {folded[close[0]]!r}?" if close else ""
