"""One record repaired: by findings that are accepted, or by patches. Pure functions; nothing is written anywhere."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from reflint.app.review import Review
from reflint.app.sources import STDIN
from reflint.errors import SourceError
from reflint.formats import csl, zotero
from reflint.model.edit import Edit
from reflint.model.finding import Finding
from reflint.model.record import Record
from reflint.reports.jsonout import finding_json
from reflint.server.tasks.checking import ENDINGS, as_sent, items_json, patch_of
from reflint.server.work import Work
from reflint.zotero.values import same


def fix(work: Work) -> None:
    """Repairs the accepted findings of one record, and nothing else."""
    body = work.body()
    review = _review(work, body)
    accepted = _accepted(review.findings, body["accept"])
    found = review.repaired(accepted)
    applied = [review.findings[number] for number in found.applied]
    answer: dict[str, Any] = {"applied": [finding.fingerprint for finding in applied]}
    if body["format"] == "ris":
        text = found.data.decode("utf-8", "replace")
        ops = [op for finding in applied for op in patch_of(finding, 0)["ops"]]
        answer |= {"text": text, "patch": {"record": 0, "version": None, "ops": ops}}
    else:
        item = json.loads(found.data)[0]
        answer |= {"record": item, "patch": _patch(body["format"], body["record"], item)}
        body["record"] = item
    work.answer(answer | {"left": _told(_review(work, body | {"text": answer.get("text")}))})


def patch(work: Work) -> None:
    """Carries out patches on one item, each change where its `before` still holds."""
    body = work.body()
    item, skipped = body["record"], []
    for op in (op for patch in body["patches"] for op in patch["ops"]):
        try:
            item = _changed(body["format"], item, op)
        except SourceError as error:
            skipped.append({"field": op["field"], "reason": str(error)})
    body["record"], old = item, body["record"]
    found = {"record": item, "patch": _patch(body["format"], old, item), "applied": [], "skipped": skipped}
    work.answer(found | {"left": _told(_review(work, body))})


def _review(work: Work, body: Mapping[str, Any]) -> Review:
    """One record under review. Raises SourceError when it is none, or more than one."""
    ris = body["format"] == "ris"
    data = body["text"].encode("utf-8", "replace") if ris else items_json([body["record"]])
    name = f"request{ENDINGS[body['format']]}"
    try:
        review = Review(data, name, work.settings)
    except SourceError as error:
        raise SourceError(as_sent(str(error), name, "record")) from None
    if review.report.records != 1:
        raise SourceError(f"one record is wanted here, not {review.report.records}")
    for finding in review.findings:
        finding.source = STDIN  # a fingerprint may hold it
    return review


def _accepted(findings: list[Finding], accept: str | list[str]) -> list[int]:
    """The numbers of the accepted findings. Raises SourceError for a fingerprint that no finding has."""
    if isinstance(accept, str):
        wanted = ("safe",) if accept == "safe" else ("safe", "unsafe", "lookup")
        return [n for n, found in enumerate(findings) if found.fixable and found.fix and found.fix.safety in wanted]
    missing = set(accept) - {finding.fingerprint for finding in findings}
    if missing:
        raise SourceError(f"no finding has the fingerprint {min(missing)}; the record was changed since it was checked")
    return [number for number, finding in enumerate(findings) if finding.fingerprint in accept]


def _told(review: Review) -> list[dict[str, Any]]:
    """The findings of a record, as a client is told them."""
    nowhere = {} if review.format == "ris" else {"range": None}
    return [finding_json(finding) | nowhere for finding in review.findings]


def _patch(format: str, old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    """What changed of an item, in whole fields. Raises SourceError for what Zotero would refuse."""
    if format == "csl":
        names = [name for name in dict.fromkeys([*old, *new]) if old.get(name) != new.get(name)]
        ops = [_op(name, old.get(name), new.get(name)) for name in names]
        return {"record": old.get("id") if isinstance(old.get("id"), str | int) else 0, "version": None, "ops": ops}
    before, after = zotero.record(old), zotero.record(new)
    data = zotero.data_of(before)
    changed = {
        name: (data.get(name) or type(value)(), value)
        for name, value in zotero.patch(before, after).items()
        if not same(name, value, data.get(name) or type(value)())
    }
    refused = zotero.fault(zotero.item_type(before), {name: value for name, (_, value) in changed.items()})
    if refused:
        raise SourceError(f"Zotero would refuse the repaired item: {refused}")
    ops = [{"op": "set", "field": name, "before": was, "after": value} for name, (was, value) in changed.items()]
    return {"record": before.key or 0, "version": zotero.version_of(before), "ops": ops}


def _op(name: str, before: Any, after: Any) -> dict[str, Any]:
    op = "add" if before is None else "delete" if after is None else "set"
    return {"op": op, "field": name, "before": before, "after": after}


def _changed(format: str, item: dict[str, Any], op: dict[str, Any]) -> dict[str, Any]:
    """An item with one change made. Raises SourceError where that does not fit."""
    name, before, after = op["field"], op.get("before"), op.get("after")
    if isinstance(before, list) or isinstance(after, list):
        return _with_list(format, item, name, before, after)
    if not all(value is None or isinstance(value, str) for value in (before, after)):
        raise SourceError(f"{name}: text or a list is wanted")
    record = _record(format, item)
    edit = Edit(*_place(record, op, before), None if op["op"] == "add" else before or None, after, op.get("to"))
    if format == "csl":
        done = csl.stitched(csl.read(items_json([item])), [csl.apply_to_item(record, (edit,))])
    else:
        done = zotero.stitched(zotero.read(items_json([item])), [zotero.apply_to_item(record, (edit,))])
    changed: dict[str, Any] = json.loads(done)[0]
    return changed


def _record(format: str, item: dict[str, Any]) -> Record:
    library: Iterable[Record] = (csl if format == "csl" else zotero).read(items_json([item]))
    return next(iter(library))


def _place(record: Record, op: dict[str, Any], before: str | None) -> tuple[Any, str, int]:
    """Operation, field and position of an edit. Raises SourceError when no such field has the value."""
    name, held = op["field"], record.all(op["field"])
    if op["op"] == "add" or (op["op"] == "set" and not before):
        if op["op"] == "set" and held:
            raise SourceError(f"{name} has a value already: {held[0]!r}")
        return "insert", name, len(record.names) - 1
    position = next((one for one in record.positions(name) if record.values[one] == before), None)
    if position is None:
        raise SourceError(f"{name} is {held[0]!r} now" if held else f"{name} is empty now")
    return op["op"], name, position


def _with_list(format: str, item: dict[str, Any], name: str, before: Any, after: Any) -> dict[str, Any]:
    """An item with another list of creators or tags."""
    enveloped = format == "zotero" and isinstance(item.get("data"), dict)
    data = item["data"] if enveloped else item
    if not same(name, before or [], data.get(name) or []):
        raise SourceError(f"{name} is another list now")
    refused = zotero.fault(str(data.get("itemType", "")), {name: after}) if format == "zotero" else ""
    if refused:
        raise SourceError(refused)
    new = {**data, name: after}
    return {**item, "data": new} if enveloped else new
