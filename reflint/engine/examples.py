"""A pack's examples, run as the tests that they are."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from reflint.engine.advice import Advised, Advisor
from reflint.engine.building import fault_of
from reflint.engine.fixing import settle
from reflint.engine.pack import Pack, Rule, load, rule_files
from reflint.engine.run import Engine
from reflint.engine.schema import BadExample, Example, RuleFile, ZoteroExample, validate
from reflint.engine.survey import Survey
from reflint.errors import PackError
from reflint.formats import csl, ris, zotero
from reflint.model.finding import Finding
from reflint.model.text import number_of

_ALL = ("safe", "unsafe", "lookup")

AdvisorOf = Callable[[Mapping[str, Any]], Advisor]
"""Makes an adviser of the answers that the examples of a rule give for registries."""


class Outcome(NamedTuple):
    """What an example showed: the rule's file, which example, and what is wrong with it (`""`: nothing)."""

    path: Path
    example: str
    fault: str


def run_examples(folder: Path, advisor_of: AdvisorOf) -> Iterator[Outcome]:
    """Validates every rule file of a pack and runs its examples by the plain and by the fast engine.

    Examples that say what registries answer are run with an adviser who says just that.
    """
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
        yield from _run_rule(path, rule, pack, advisor_of)


def _run_rule(path: Path, rule: RuleFile, pack: Pack, advisor_of: AdvisorOf) -> Iterator[Outcome]:
    bound = next(one for one in pack.rules if one.id == rule.id)
    fault = fault_of(bound)
    if fault:
        yield Outcome(path, "file", fault)
        return
    if rule.applies.manuscript:
        yield Outcome(path, "file", "")  # whole manuscripts are shown by tests, not by examples
    answers = rule.examples.answers
    advisor = advisor_of(answers) if answers else None
    for number, example in enumerate(rule.examples.good, 1):
        yield Outcome(path, f"good {number}", _fault_of_good(source_of(example), bound, advisor))
    for number, bad in enumerate(rule.examples.bad, 1):
        yield Outcome(path, f"bad {number}", _fault_of_bad(bad, bound, advisor))


class Source(NamedTuple):
    """An example as the bytes of a file, and their format: `ris`, `zotero` or `csl`."""

    format: str
    data: bytes

    @property
    def content(self) -> object:
        """What two sources that are the same have in common: all bytes of RIS, the values of JSON."""
        return self.data if self.format == "ris" else json.loads(self.data)

    def __str__(self) -> str:
        return repr(self.data.decode("utf-8", "replace"))


def source_of(example: Example, encoding: str = "utf-8") -> Source:
    """The source that an example stands for; `encoding` is that of RIS text."""
    if isinstance(example, str):
        return Source("ris", example.encode(encoding))
    item = example.zotero if isinstance(example, ZoteroExample) else example.csl
    return Source(
        "zotero" if isinstance(example, ZoteroExample) else "csl",
        json.dumps(item if isinstance(item, list) else [item]).encode(),
    )


def _engine(rule: Rule, advisor: Advisor | None, *, plain: bool = False) -> Engine:
    return Engine([rule], plain=plain) if advisor is None else Advised([rule], advisor=advisor, plain=plain)


def _informed(engine: Engine, source: Source) -> Engine:
    """An engine whose rules over a library know what the records of a source say together."""
    with Survey(engine.rules) as survey:
        if survey.rules:
            for record in {"ris": ris, "csl": csl, "zotero": zotero}[source.format].read(source.data):
                survey.add(record)
            engine.learn(survey.census())
    return engine


def findings_of(source: Source, rule: Rule, *, plain: bool = False, advisor: Advisor | None = None) -> list[Finding]:
    """What one rule finds in a source, the findings about a whole RIS file among them."""
    engine = _informed(_engine(rule, advisor, plain=plain), source)
    if source.format == "ris":
        from reflint.engine.files import check_library

        return list(check_library(ris.Library(source.data, plain=plain), engine))
    format = csl if source.format == "csl" else zotero
    return [finding for record in format.read(source.data) for finding in engine.check(record)]


def fixed_by(source: Source, rule: Rule, advisor: Advisor | None = None) -> Source:
    """A source after all edits that one rule proposes, of whatever safety."""
    engine = _informed(_engine(rule, advisor), source)
    if source.format == "ris":
        from reflint.engine.files import repair_library

        return source._replace(data=repair_library(ris.Library(source.data), engine, _ALL))
    if source.format == "csl":
        items = csl.read(source.data)
        settled = [settle(record, engine, csl.apply_to_item, _ALL).record for record in items]
        return source._replace(data=csl.stitched(items, settled))
    library = zotero.read(source.data)
    settled = [settle(record, engine, zotero.apply_to_item, _ALL).record for record in library]
    return source._replace(data=zotero.stitched(library, settled))


def _fault_of_good(source: Source, rule: Rule, advisor: Advisor | None) -> str:
    for plain in (True, False):
        found = findings_of(source, rule, plain=plain, advisor=advisor)
        if found:
            return f"finds fault with it ({'plain' if plain else 'fast'} engine): {found[0].message}"
    return ""


def _fault_of_bad(bad: BadExample, rule: Rule, advisor: Advisor | None) -> str:
    source = source_of(bad.input, bad.encoding)
    plainly, quickly = (findings_of(source, rule, plain=plain, advisor=advisor) for plain in (True, False))
    if [f.message for f in plainly] != [f.message for f in quickly]:
        return "the fast engine and the plain one disagree"
    if len(plainly) != bad.findings:
        return f"{number_of(len(plainly), 'finding')}, expected {bad.findings}"
    new = fixed_by(source, rule, advisor)
    if bad.out is None:
        return "" if new.content == source.content else f"has a fix but no `out`; it becomes {new}"
    wanted = source_of(bad.out)
    if new.content != wanted.content:
        return f"becomes {new}, expected {wanted}"
    return "" if fixed_by(new, rule, advisor) == new else "the fix is not at rest: a second run changes more"
