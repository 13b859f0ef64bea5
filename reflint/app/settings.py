"""Settings: from reflint.toml or [tool.reflint] in pyproject.toml, and what the caller sets over them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from reflint.errors import ConfigError

FILE_NAMES = ("reflint.toml", "pyproject.toml")


class Setting(NamedTuple):
    """A value and where it came from (`default`, a file, or `command line`)."""

    value: Any
    origin: str


class _Key(NamedTuple):
    kind: type
    default: Any
    help: str
    choices: tuple[str, ...] = ()


KEYS: dict[str, _Key] = {
    "profile": _Key(str, "recommended", "which rules run", ("minimal", "recommended", "strict")),
    "select": _Key(list, [], "run just these rules (codes, prefixes, slugs, ALL)"),
    "extend-select": _Key(list, [], "run these rules as well"),
    "ignore": _Key(list, [], "never run these rules; [[ignore]] tables: not on one record (doi, key) or finding"),
    "fail-on": _Key(str, "warning", "the least severity that makes the exit status 1", ("error", "warning", "info")),
    "packs": _Key(list, [], "folders of more rules (paths from the file that says so), or names of installed packs"),
    "per-file": _Key(
        dict, {}, 'other settings for some files: {"drafts/**" = {profile = "minimal", ignore = ["DOI"]}}'
    ),
    "per-collection": _Key(
        dict, {}, 'other settings for the items of some Zotero collections: {KEY = {ignore = ["URL"]}}'
    ),
    "extend": _Key(str, "", "take the settings of this file first (a path from the file that says so)"),
    "baseline": _Key(
        str, "", "a file of findings that were there before and are not reported (reflint baseline write)"
    ),
    "severity": _Key(dict, {}, 'severities of single rules: {TTL002 = "info"}; "off" turns one off'),
    "options": _Key(dict, {}, "options of single rules: {DOI001 = {since = 2000}}"),
    "online": _Key(bool, False, "ask registries (Crossref and others) as well"),
    "online-limit": _Key(str, "", 'the longest that registries are asked in a run: "90s", "10m", "2h"'),
    "mailto": _Key(str, "", "an address by which registries can reach you; they serve those better who give one"),
    "zotero": _Key(
        dict, {}, 'writing to Zotero: {protected-tags = ["keep"], protected-collections = [KEY], max-per-run = 500}'
    ),
}
"""Every setting, with its type, default and meaning."""


class Settings:
    """All settings with their origins."""

    def __init__(self, values: Mapping[str, Setting] | None = None) -> None:
        self._values = {name: Setting(key.default, "default") for name, key in KEYS.items()}
        self._values.update(values or {})

    def __getitem__(self, name: str) -> Any:
        return self._values[name].value

    def items(self) -> Iterable[tuple[str, Setting]]:
        """All settings in the order of `KEYS`."""
        return self._values.items()

    def over(self, changes: Mapping[str, Any], origin: str) -> Settings:
        """These settings with others over them; None and empty lists change nothing."""
        values = dict(self._values)
        for name, value in changes.items():
            if value is None or value == []:
                continue
            if name == "ignore":  # other codes take the place of codes; what is said of single records stays
                value = [one for one in self[name] if isinstance(one, dict) and one not in value] + value
            if name == "packs":  # more packs stand beside those there are
                value = [*self[name], *(one for one in value if one not in self[name])]
            values[name] = Setting(_checked(name, value, origin), origin)
        return Settings(values)

    def folder_of(self, name: str) -> Path:
        """The folder that paths in a setting start from: that of the file which says it, else the working folder."""
        origin = Path(self._values[name].origin)
        return origin.resolve().parent if origin.name.endswith(".toml") else Path.cwd()

    def told(self, name: str, fault: str) -> str:
        """What is wrong with a setting, with the file that says it; a caller knows what it said itself."""
        origin = self._values[name].origin
        return f"{origin}: {name}: {fault}" if ".toml" in origin else fault

    def part(self, name: str, key: str) -> Settings:
        """These settings as they are for the files or collections of `per-file` or `per-collection` under a key."""
        origin = self._values[name].origin
        nothing = {"per-file": Setting({}, "default"), "per-collection": Setting({}, "default")}
        return Settings(self._values | nothing).over(self[name][key], f"{origin}: {name} {key}")


def load(start: Path | None = None, explicit: Path | None = None) -> Settings:
    """The settings that hold for a folder: of the closest file upwards that has any, or of `explicit`.

    Raises ConfigError for an unreadable file, an unknown key (with the nearest name) or a wrong value.
    """
    if explicit is not None:
        return _of_file(explicit, ())
    folder = (start or Path.cwd()).resolve()
    for place in (folder, *folder.parents):
        for name in FILE_NAMES:
            path = place / name
            if path.is_file() and _table(path) is not None:
                return _of_file(path, ())
    return Settings()


def _of_file(path: Path, through: tuple[Path, ...]) -> Settings:
    """The settings of a file over those of the file that it extends; `through`: the files that led here."""
    table = _table(path)
    if table is None:
        raise ConfigError(f"{path}: holds no [tool.reflint]")
    base = Settings()
    if isinstance(table.get("extend"), str) and table["extend"]:
        other = (path.parent / table["extend"]).resolve()
        if other in through or other == path.resolve():
            raise ConfigError(f"{path}: extend goes round in a circle ({other})")
        base = _of_file(other, (*through, path.resolve()))
    if isinstance(table.get("packs"), list):
        table = table | {"packs": [_from(path.parent, pack) for pack in table["packs"]]}
    return base.over(table, str(path))


def _from(folder: Path, pack: Any) -> Any:
    """A pack's folder as seen from the settings file; the name of an installed pack stays one."""
    return str(folder / pack) if isinstance(pack, str) and (folder / pack).is_dir() else pack


def _table(path: Path) -> dict[str, Any] | None:
    """The settings in a file; None for a pyproject.toml without [tool.reflint]."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror or error}") from None
    if path.name == "pyproject.toml" and b"tool.reflint" not in raw and b"reflint" not in raw:
        return None
    import tomllib

    try:
        data = tomllib.loads(raw.decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: not readable as TOML: {error}") from None
    found = data if path.name != "pyproject.toml" else data.get("tool", {}).get("reflint")
    if found is not None and not isinstance(found, dict):
        raise ConfigError(f"{path}: [tool.reflint] is no table")
    if path.name != "pyproject.toml" and isinstance(data.get("tool"), dict) and "reflint" in data["tool"]:
        return dict(data["tool"]["reflint"])
    return found


def _checked(name: str, value: Any, origin: str) -> Any:
    key = KEYS.get(name)
    if key is None:
        from difflib import get_close_matches

        close = get_close_matches(name, KEYS, 1, 0.5)
        hint = f"; did you mean {close[0]!r}?" if close else f"; there are {', '.join(KEYS)}"
        raise ConfigError(f"{origin}: unknown setting {name!r}{hint}")
    if not isinstance(value, key.kind):
        raise ConfigError(f"{origin}: {name} takes {_KINDS[key.kind]}, not {value!r}")
    if name == "ignore":
        _check_ignored(value, origin)
    elif isinstance(value, list) and not all(isinstance(one, str) for one in value):
        raise ConfigError(f"{origin}: {name} takes a list of texts")
    if key.choices and value not in key.choices:
        raise ConfigError(f"{origin}: {name} is one of {', '.join(key.choices)}, not {value!r}")
    if isinstance(value, dict):
        _check_table(name, value, origin)
    return value


_IGNORED = frozenset(["rules", "doi", "key", "fingerprint", "reason"])


def _check_ignored(value: Any, origin: str) -> None:
    """Codes, and tables that each name rules and the record or finding they are about."""
    for one in value:
        if isinstance(one, str):
            continue
        if not isinstance(one, dict):
            raise ConfigError(f"{origin}: ignore takes codes and tables, not {one!r}")
        odd = sorted(one.keys() - _IGNORED)
        if odd:
            raise ConfigError(f"{origin}: an ignore table has no {odd[0]!r}; it has {', '.join(sorted(_IGNORED))}")
        rules = one.get("rules")
        if not isinstance(rules, list) or not rules or not all(isinstance(rule, str) for rule in rules):
            raise ConfigError(f'{origin}: an ignore table needs rules = ["DOI001"]')
        about = [name for name in ("doi", "key", "fingerprint") if isinstance(one.get(name), str) and one[name]]
        if len(about) != 1:
            raise ConfigError(f"{origin}: an ignore table names one of doi, key, fingerprint (it names {len(about)})")


_ZOTERO: dict[str, type] = {"protected-tags": list, "protected-collections": list, "max-per-run": int}


def _check_table(name: str, value: dict[str, Any], origin: str) -> None:
    if name == "zotero":
        _check_zotero(value, origin)
        return
    if name in ("per-file", "per-collection"):
        _check_parts(name, value, origin)
        return
    for rule, given in value.items():
        if name == "severity" and given not in ("error", "warning", "info", "off"):
            raise ConfigError(f"{origin}: severity of {rule} is one of error, warning, info, off, not {given!r}")
        if name == "options" and not isinstance(given, dict):
            raise ConfigError(f"{origin}: options takes a table for each rule, not {given!r} for {rule}")


_OF_A_PART = ("profile", "select", "extend-select", "ignore", "severity", "options")


def _check_parts(name: str, value: dict[str, Any], origin: str) -> None:
    """Settings for some files or collections: those that choose rules."""
    for key, table in value.items():
        if not isinstance(table, dict):
            raise ConfigError(f"{origin}: {name} takes a table for each, not {table!r} for {key!r}")
        odd = sorted(table.keys() - set(_OF_A_PART))
        if odd:
            raise ConfigError(f"{origin}: {name} {key!r} cannot set {odd[0]!r}; it can set {', '.join(_OF_A_PART)}")
        for one, given in table.items():
            _checked(one, given, f"{origin}: {name} {key!r}")


def _check_zotero(value: dict[str, Any], origin: str) -> None:
    for key, given in value.items():
        kind = _ZOTERO.get(key)
        if kind is None:
            raise ConfigError(f"{origin}: zotero has no {key!r}; it has {', '.join(_ZOTERO)}")
        fits = type(given) is kind
        if fits and isinstance(given, list):
            fits = all(isinstance(one, str) for one in given)
        elif fits:
            fits = given > 0
        if not fits:
            wanted = "a list of texts" if kind is list else "a number above 0"
            raise ConfigError(f"{origin}: zotero.{key} takes {wanted}, not {given!r}")


_KINDS: dict[type, str] = {str: "a text", list: "a list", dict: "a table", bool: "true or false"}


def cache_folder() -> Path:
    """Where compiled packs are kept: `REFLINT_CACHE_DIR`, else the user's cache folder."""
    explicit = os.environ.get("REFLINT_CACHE_DIR")
    if explicit:
        return Path(explicit)
    from platformdirs import user_cache_path

    return user_cache_path("reflint")
