"""From an item to the line of a plan: what the rules would change of it, as Zotero wants it sent."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any

from reflint.engine.fixing import Settled, settle_all
from reflint.engine.run import Engine
from reflint.formats import zotero
from reflint.model.finding import Finding
from reflint.model.record import Record
from reflint.zotero.plan import Confidence, Line
from reflint.zotero.values import same
from reflint.zotero.web import Item

_CONFIDENCE: tuple[Confidence, ...] = ("high", "medium", "low")

Relint = Callable[[tuple[str, ...], Item], Line | None]
"""What given rules propose for an item; None when nothing."""


def line_for(item: Item, engine: Engine, safeties: Collection[str]) -> Line | None:
    """What is proposed for an item. None when nothing can be repaired."""
    return lines_for([item], engine, safeties)[0]


def lines_for(items: Sequence[Item], engine: Engine, safeties: Collection[str]) -> list[Line | None]:
    """What is proposed for each of some items, as `line_for` has it."""
    records = [zotero.record(item) for item in items]
    checked = zip(records, engine.check_all(records), strict=True)
    settled = settle_all(checked, engine, zotero.apply_to_item, safeties)
    return [
        _line(item, record, one) if one.applied else None
        for item, record, one in zip(items, records, settled, strict=True)
    ]


def _line(item: Item, record: Record, settled: Settled) -> Line | None:
    """The line of an item that was repaired; None where nothing comes of it that Zotero would take."""
    data = zotero.data_of(record)
    patch = {
        name: value
        for name, value in zotero.patch(record, settled.record).items()
        if not same(name, value, _value(data, name, value))
    }
    if not patch or zotero.fault(str(data.get("itemType", "")), patch):
        return None
    return Line.model_construct(
        key=str(item["key"]),
        itemType=str(data["itemType"]),
        version=int(item["version"]),
        set=patch,
        expect={name: _value(data, name, value) for name, value in patch.items()},
        rules=sorted({finding.rule for finding in settled.applied}),
        confidence=_lowest(settled.applied),
        evidence=_evidence(settled.applied, patch),
    )


def _evidence(findings: Iterable[Finding], patch: Mapping[str, Any]) -> dict[str, list[str]]:
    """What registries said about each field of a patch, a line for each that did."""
    found: dict[str, list[str]] = {}
    for finding in findings:
        for edit in finding.fix.edits if finding.fix else ():
            name = edit.to or edit.field
            name = "creators" if name in zotero.schema().roles else name
            if name in patch:
                seen = found.setdefault(name, [])
                seen += [one.line for one in finding.evidence if one.line not in seen]
    return {name: lines for name, lines in found.items() if lines}


def _value(data: Mapping[str, Any], name: str, like: object) -> Any:
    """A field's value as it stands, of the kind of its new one; an absent field is empty."""
    empty: object = [] if isinstance(like, list) else ""
    value = data.get(name, empty)
    return empty if value is None else value


def _lowest(findings: Iterable[Finding]) -> Confidence:
    found = {finding.confidence for finding in findings}
    return next((one for one in reversed(_CONFIDENCE) if one in found), "high")
