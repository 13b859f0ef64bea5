"""Checks of Zotero's Extra: what stands there and has a field of its own, how its lines are written, what is noise."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from reflint.engine.checks.base import Hit, Parameters, RecordTest, Scope, Trigger, ValueTest, check, texts
from reflint.engine.fixes.generic import delete_field, insert_field, set_value
from reflint.model.edit import Edit
from reflint.model.extra import Line, extra_value, folded_key, lines_of
from reflint.model.identifiers import normalize_pmcid, normalize_pmid, whole_doi
from reflint.model.patterns import lazy
from reflint.model.record import Record
from reflint.model.standard_numbers import normalize_isbns, normalize_issns

EXTRA = "extra"
_IDENTIFIERS: dict[str, Callable[[str], str | None]] = {
    "DOI": whole_doi,
    "PMID": normalize_pmid,
    "PMCID": normalize_pmcid,
    "ISSN": normalize_issns,
    "ISBN": normalize_isbns,
}
"""Identifiers that are moved only when they are some, in their right form."""


def with_extra_lines(record: Record, wanted: Iterable[tuple[str, str]]) -> tuple[Edit, ...]:
    """The edit that lets Extra begin with lines `key: value`; a key that it has a line with already is left out."""
    position = _position(record)
    extra = "" if position is None else record.values[position]
    lines = [f"{key}: {' '.join(value.split())}" for key, value in wanted if not extra_value(extra, key)]
    if not lines:
        return ()
    if position is None:
        return (insert_field(EXTRA, "\n".join(lines), -1),)
    return (set_value(record, position, "\n".join([*lines, extra])),)


def _position(record: Record) -> int | None:
    return next(iter(record.positions(EXTRA)), None)


def _without(record: Record, position: int, lines: Iterable[Line]) -> Edit:
    rest = "\n".join(line.text for line in lines).strip("\n")
    return set_value(record, position, rest) if rest.strip() else delete_field(record, position)


@check("parked_in_extra")
def parked_in_extra(params: Parameters, scope: Scope) -> RecordTest:
    """Zotero: a line of Extra gives a CSL variable of `keys` that the item has an empty field for, or says it again."""
    variables = {folded_key(one): one for one in texts(params, "keys")}

    def is_wanted(line: Line) -> bool:
        return bool(line.key) and line.name in variables

    def run(record: Record) -> Iterable[Hit]:
        from reflint.formats.zotero import item_type, schema

        position = _position(record)
        if position is None:
            return
        lines = lines_of(record.values[position])
        for number, line in enumerate(lines):
            if not is_wanted(line):
                continue
            variable = variables[line.name]
            field = next(iter(schema().names_in(item_type(record), variable)), None)
            value = _IDENTIFIERS.get(variable, str.strip)(line.value)
            if field is None or not value:
                continue
            there = record.first(field)
            if there and there.strip().casefold() != value.casefold():
                continue
            edits: tuple[Edit, ...] = (_without(record, position, lines[:number] + lines[number + 1 :]),)
            if not there:
                edits = (insert_field(field, value, position), *edits)
            yield Hit(position, edits=edits, new=value, note=line.text.strip())
            return  # its edit rewrites Extra: the next line waits for the next pass

    names = frozenset(scope.resolve("zotero.extra"))
    return RecordTest(run, trigger=Trigger(names, lambda extra: any(map(is_wanted, lines_of(extra)))))


_CHEATER = lazy(r"\{:([a-zA-Z][\w -]{1,38}): ?([^{}]*[^{}\s])\s*\}")
_WITH_SIGN = lazy(r"[ \t]*(DOI|PMID|PMCID|ISSN|ISBN|arXiv)[ \t]*[:=][ \t]*(?=\S)(?!//)", re.IGNORECASE)
_SPELLING = {"doi": "DOI", "pmid": "PMID", "pmcid": "PMCID", "issn": "ISSN", "isbn": "ISBN", "arxiv": "arXiv"}


@check("extra_lines")
def extra_lines(params: Parameters, scope: Scope) -> ValueTest:
    """Zotero: keys of identifiers in Extra are written in another way than `DOI: value`, a key stands in the old
    braces (`{:original-date: 1872}`), or a line stands twice. Text that is no `Key: value` stays as it is."""

    def run(extra: str) -> Hit | None:
        new = _canonical(extra)
        return Hit(new=new) if new != extra else None

    return ValueTest(frozenset(scope.resolve("zotero.extra")), run)


def _canonical(extra: str) -> str:
    if ":" not in extra and "=" not in extra:
        return extra
    new = _CHEATER.sub(r"\n\1: \2\n", extra) if "{:" in extra else extra
    if new != extra:
        new = "\n".join(line for line in new.split("\n") if line.strip())
    seen: set[tuple[str, str]] = set()
    lines = []
    for text in new.split("\n"):
        match = _WITH_SIGN.match(text)
        spelt = f"{_SPELLING[match[1].lower()]}: {text[match.end() :].rstrip()}" if match else text
        (line,) = lines_of(spelt)
        if line.key and (line.name, line.value) in seen:
            continue
        if line.key:
            seen.add((line.name, line.value))
        lines.append(spelt)
    return "\n".join(lines)


@check("extra_noise")
def extra_noise(params: Parameters, scope: Scope) -> ValueTest:
    """Zotero: lines of Extra that match one of `lines` as a whole; `new` is Extra without them."""
    noise = lazy("(?:" + "|".join(texts(params, "lines")) + r")\Z")

    def run(extra: str) -> Hit | None:
        lines = extra.split("\n")
        kept = [line for line in lines if not noise.match(line.strip())]
        if len(kept) == len(lines):
            return None
        first = next(line for line in lines if noise.match(line.strip()))
        rest = "\n".join(kept).strip("\n")
        return Hit(new=rest if rest.strip() else "", note=first.strip())

    return ValueTest(frozenset(scope.resolve("zotero.extra")), run)
