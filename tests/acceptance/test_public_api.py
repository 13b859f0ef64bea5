"""What Python programs import: its names, its answers, and what it costs to start."""

from __future__ import annotations

import importlib
import subprocess
import sys
from pathlib import Path

import pytest

import reflint
from tests.command import environment
from tests.inputs import FIXTURES, PURE

HEAVY = ["yaml", "pydantic", "rich", "click", "ftfy", "rispy", "jinja2", "pathspec", "platformdirs", "pygments"]


def test_every_public_name_is_there_and_listed():
    for name in reflint.__all__:
        assert getattr(reflint, name) is not None
    assert sorted(reflint.__all__) == list(reflint.__all__)
    assert set(dir(reflint)) >= set(reflint.__all__)
    assert set(reflint._HOMES) | {"__version__"} == set(reflint.__all__)


def test_a_name_that_is_not_public_is_an_attribute_error():
    with pytest.raises(AttributeError, match="chekc"):
        reflint.chekc  # noqa: B018


def test_every_public_thing_says_what_it_is():
    for name in reflint.__all__:
        if name != "__version__":
            assert getattr(reflint, name).__doc__, name


def test_the_package_is_typed():
    assert (Path(reflint.__file__).parent / "py.typed").is_file()


def test_errors_are_of_one_family():
    for error in (reflint.SourceError, reflint.PackError, reflint.ConfigError):
        assert issubclass(error, reflint.ReflintError)


def test_check_finds_in_a_path_and_in_bytes():
    for source in (PURE, str(PURE), PURE.read_bytes()):
        findings = reflint.check(source)
        assert all(isinstance(finding, reflint.Finding) for finding in findings)
        (abstract,) = [finding for finding in findings if finding.rule == "ABS001"]
        assert abstract.span == (12, 1, 12, 955)
        assert abstract.field == "N2"
        assert abstract.fix is not None
        assert abstract.fix.safety == "safe"


def test_check_takes_profile_select_and_ignore():
    assert {f.rule for f in reflint.check(PURE, select=["ABS001", "RIS014"])} == {"ABS001", "RIS014"}
    assert {f.rule for f in reflint.check(PURE, select=["ABS001", "RIS014"], ignore=["RIS"])} == {"ABS001"}
    assert len(reflint.check(PURE, profile="minimal")) < len(reflint.check(PURE, profile="strict"))


@pytest.mark.parametrize(
    "call",
    [
        lambda: reflint.check(PURE, select=["XYZ"]),
        lambda: reflint.check(PURE, profile="loose"),
        lambda: reflint.fix(PURE, ignore=["XYZ"]),
    ],
)
def test_a_wrong_rule_is_a_config_error(call):
    with pytest.raises(reflint.ConfigError):
        call()


def test_check_finds_in_a_folder():
    found = reflint.check(FIXTURES / "pure-variants", select=["RIS014"])
    assert len({finding.source for finding in found}) >= 5


@pytest.mark.parametrize("call", [reflint.check, reflint.fix, reflint.read])
@pytest.mark.parametrize("name", ["nowhere.ris", "binary.ris", "not-ris.xml"])
def test_what_cannot_be_read_is_a_source_error(call, name: str):
    with pytest.raises(reflint.SourceError, match=name.split(".")[0]):
        call(FIXTURES / name)


def test_fix_gives_back_bytes_and_leaves_the_file(tmp_path: Path):
    path = tmp_path / "a.ris"
    path.write_bytes(PURE.read_bytes())
    done = reflint.fix(path)
    assert path.read_bytes() == PURE.read_bytes()
    assert done.repaired > 0
    assert done.data.startswith(b"TY  - JOUR\n")
    assert all(finding.rule != "ABS001" for finding in done.left)
    assert reflint.fix(PURE.read_bytes()).data == done.data
    written = reflint.fix(path, write=True)
    assert path.read_bytes() == written.data == done.data
    assert reflint.fix(path, write=True).repaired == 0


def test_fix_never_empties_a_format_that_is_only_read(tmp_path: Path):
    data = (FIXTURES / "pubmed.nbib").read_bytes()
    path = tmp_path / "a.nbib"
    path.write_bytes(data)
    assert reflint.fix(path, write=True).data == data
    assert path.read_bytes() == data


@pytest.mark.parametrize(
    ("name", "format", "records"),
    [
        ("clean.ris", "ris", 10),
        ("pubmed.nbib", "nbib", 3),
        ("library.csl.json", "csl", 6),
        ("library.zotero.json", "zotero", 3),
    ],
)
def test_read_gives_the_records_of_every_format(name: str, format: str, records: int):
    library = reflint.read(FIXTURES / name)
    assert (library.format, len(library)) == (format, records)
    for record in library:
        assert isinstance(record, reflint.Record)
        assert all(isinstance(field, reflint.Field) for field in record.fields)


@pytest.mark.parametrize("format", ["ris", "csl", "nbib", "zotero"])
def test_every_format_reads_and_writes(format: str):
    module = importlib.import_module(f"reflint.formats.{format}")
    assert callable(module.read)
    assert callable(module.write)


def modules_after(code: str, cache: Path, folder: Path) -> set[str]:
    script = f"{code}\nimport sys\nsys.stderr.write('MODULES' + ' '.join(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=folder, env=environment(cache), capture_output=True, text=True, check=True
    )
    return set(done.stderr.partition("MODULES")[2].split())


def test_importing_the_package_imports_next_to_nothing(tmp_path: Path):
    loaded = modules_after("import reflint", tmp_path, tmp_path)
    assert not loaded.intersection([*HEAVY, "json", "reflint.engine.run", "reflint.formats.ris"])


def test_saying_the_version_imports_next_to_nothing(tmp_path: Path):
    code = "import sys; sys.argv = ['reflint', '--version']; from reflint.cli.main import main; main()"
    assert not modules_after(code, tmp_path, tmp_path).intersection(HEAVY)


def test_a_plain_check_imports_neither_yaml_nor_pydantic_nor_rich(tmp_path: Path):
    code = f"import sys; sys.argv = ['reflint', 'check', {str(PURE)!r}]; from reflint.cli.main import main; main()"
    modules_after(code, tmp_path, tmp_path)  # fills the cache
    loaded = modules_after(code, tmp_path, tmp_path)
    assert "reflint.engine.run" in loaded
    assert not loaded.intersection(set(HEAVY) - {"click"})


def test_everything_that_is_imported_is_declared():
    import ast
    import re
    import tomllib

    root = Path(reflint.__file__).parents[1]
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]
    declared = {re.split(r"[<>=\[; ]", one)[0].lower().replace("-", "_") for one in project["dependencies"]}
    declared |= {"yaml"} if "pyyaml" in declared else set()
    package = Path(reflint.__file__).parent
    of_extras = {  # where what only an extra brings may be imported, and what it brings with it
        "lsp": ("lsp", {"lsprotocol"}),
        "scale": ("scale", set()),
        "server": ("server", {"anyio", "pydantic_core", "starlette"}),
        "app/word_addin.py": ("server", {"cryptography"}),
    }
    undeclared: dict[str, set[str]] = {}
    for path in package.rglob("*.py"):
        imported = set()
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                imported |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                imported.add(node.module.partition(".")[0])
        allowed = set(declared)
        for place, (extra, brought) in of_extras.items():
            if path.is_relative_to(package / place):
                allowed |= brought | {re.split(r"[<>=]", one)[0] for one in project["optional-dependencies"][extra]}
        odd = imported - set(sys.stdlib_module_names) - {"reflint"} - allowed
        if odd:
            undeclared[str(path.relative_to(package))] = odd
    assert undeclared == {}
