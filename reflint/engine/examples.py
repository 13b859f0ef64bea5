"""A pack's examples, run as the tests that they are."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from reflint.engine.pack import Pack, Rule, load, rule_files
from reflint.engine.run import Engine
from reflint.engine.schema import BadExample, RuleFile, validate
from reflint.errors import PackError
from reflint.formats import ris
from reflint.model.finding import Finding


class Outcome(NamedTuple):
    """What an example showed: the rule's file, which example, and what is wrong with it (`""`: nothing)."""

    path: Path
    example: str
    fault: str


def run_examples(folder: Path) -> Iterator[Outcome]:
    """Validates every rule file of a pack and runs its examples by the plain and by the fast engine."""
    files = rule_files(folder)
    if not files:
        raise PackError(f"{folder}: no rule files; a pack is a folder <group>/<ID>-<slug>.yaml")
    valid: dict[str, tuple[Path, RuleFile]] = {}
    faulty = False
    for path in files:
        try:
            rule = validate(path)
        except PackError as error:
            faulty = True
            yield Outcome(path, "file", str(error).removeprefix(f"{path}: "))
            continue
        if rule.id in valid:
            yield Outcome(path, "file", f"{rule.id} stands in {valid[rule.id][0].name} already")
        valid.setdefault(rule.id, (path, rule))
    try:
        pack = load(folder)
    except PackError:
        if not faulty:
            raise
        return  # what is wrong has been said
    for path, rule in valid.values():
        yield from _run_rule(path, rule, pack)


def _run_rule(path: Path, rule: RuleFile, pack: Pack) -> Iterator[Outcome]:
    bound = next(one for one in pack.rules if one.id == rule.id)
    for number, text in enumerate(rule.examples.good, 1):
        yield Outcome(path, f"good {number}", _fault_of_good(text, bound))
    for number, bad in enumerate(rule.examples.bad, 1):
        yield Outcome(path, f"bad {number}", _fault_of_bad(bad, bound))


def findings_of(data: bytes, rule: Rule, *, plain: bool = False) -> list[Finding]:
    """What one rule finds in a RIS text, the findings about the whole file among them."""
    from reflint.engine.files import check_library

    return list(check_library(ris.Library(data, plain=plain), Engine([rule], plain=plain)))


def _fault_of_good(text: str, rule: Rule) -> str:
    for plain in (True, False):
        found = findings_of(text.encode(), rule, plain=plain)
        if found:
            return f"finds fault with it ({'plain' if plain else 'fast'} engine): {found[0].message}"
    return ""


def _fault_of_bad(bad: BadExample, rule: Rule) -> str:
    data = bad.input.encode(bad.encoding)
    plainly, quickly = findings_of(data, rule, plain=True), findings_of(data, rule)
    if [f.message for f in plainly] != [f.message for f in quickly]:
        return "the fast engine and the plain one disagree"
    if len(plainly) != bad.findings:
        return f"{len(plainly)} findings, expected {bad.findings}"
    new = fixed_by(data, rule)
    if bad.out is None:
        return "" if new == data else f"has a fix but no `out`; it becomes {new.decode('utf-8', 'replace')!r}"
    if new != bad.out.encode():
        return f"becomes {new.decode('utf-8', 'replace')!r}, expected {bad.out!r}"
    again = fixed_by(new, rule)
    return "" if again == new else "the fix is not at rest: a second run changes more"


def fixed_by(data: bytes, rule: Rule) -> bytes:
    """A RIS text after all edits that one rule proposes, of whatever safety."""
    from reflint.engine.files import repair_library

    engine = Engine([rule])
    return repair_library(ris.Library(data), engine, ("safe", "unsafe", "lookup"))
