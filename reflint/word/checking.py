"""A manuscript checked: the cited works by the rules for records, the whole by the rules for manuscripts."""

from __future__ import annotations

from collections.abc import Iterator

from reflint.engine.pack import Rule
from reflint.engine.run import Engine
from reflint.engine.wording import shortened
from reflint.formats import csl
from reflint.model.finding import SEVERITIES, Finding
from reflint.model.record import Record
from reflint.word.checks import CHECKS
from reflint.word.checks.base import Hit, Reading
from reflint.word.managers.base import LABELS_ONLY
from reflint.word.manuscript import Work

_DOUBTFUL = 0.8
"""Below this confidence a finding is one step less severe than its rule."""
_OF_MANAGERS = {
    "zotero": "Correct the item in Zotero, then press Refresh.",
    "mendeley": "Correct the document in Mendeley, then refresh.",
    "mendeley_v3": "Correct the reference in Mendeley, then refresh.",
    "endnote": "Correct the reference in EndNote, then Update Citations and Bibliography.",
    "citavi": "Correct the reference in Citavi, then refresh.",
    "word": "Correct the source under References, Manage Sources.",
}
_OWN_FORMS = frozenset(["CRE003", "ISS001", "ISS004", "LNG001", "ZOT006"])
"""Rules about what managers that do not store CSL write in their own way: EndNote has one field for ISSN and ISBN."""
_BY_HAND = "Correct it where the reference manager keeps it, then refresh the document."
_UNLINKED = "The work stands in the manuscript only: add it to your library, and cite it from there."
_IN_A_COPY = f"{_UNLINKED} In a copy, `reflint fix --annotate` repairs it as it stands."


def check(reading: Reading, engine: Engine) -> Iterator[Finding]:
    """All findings: those about the manuscript in the order of the rules, then those about its works."""
    for rule in engine.rules:
        if rule.check.get("use") == "manuscript":
            yield from _of_rule(rule, reading, engine)
    yield from _of_works(reading, engine)


def _of_rule(rule: Rule, reading: Reading, engine: Engine) -> Iterator[Finding]:
    try:
        hits = list(CHECKS[str(rule.check["test"])](reading, engine.options(rule)))
    except Exception as error:
        message = (
            f"internal: rule {rule.id} failed on this manuscript ({type(error).__name__}: {error}); please report it"
        )
        yield Finding("REF001", "rule-failed", "warning", message, None)
        return
    found = [_finding(rule, hit, engine) for hit in hits]
    yield from (one for one in engine.unsuppressed(found) if one.severity != "off")


def _finding(rule: Rule, hit: Hit, engine: Engine) -> Finding:
    severity = hit.severity or rule.severity
    if hit.confidence < _DOUBTFUL:
        severity = SEVERITIES[max(0, SEVERITIES.index(severity) - 1)]
    return Finding(
        rule.id,
        rule.slug,
        engine.severity(rule, severity),
        rule.message.format(note=shortened(hit.note, 160)),
        None,
        confidence="high" if hit.confidence >= 0.9 else "medium" if hit.confidence >= _DOUBTFUL else "low",
        passages=hit.passages,
        advice=rule.advice,
    )


def records(works: tuple[Work, ...]) -> list[Record]:
    """The cited works of which the manuscript says something, as records; `index` counts all works."""
    told = [(n, work) for n, work in enumerate(works) if set(work.item) - {"id", "type"}]
    found = csl.embedded(work.item for _, work in told)
    for record, (n, _) in zip(found, told, strict=True):
        record.index = n
    return found


def _of_works(reading: Reading, engine: Engine) -> Iterator[Finding]:
    """What the rules for records find, once a work, with all places where it is cited."""
    for batch in engine.ahead(records(reading.manuscript.works), lambda record: record):
        for record, found in zip(batch, engine.check_all(batch), strict=True):
            work = reading.manuscript.works[record.index]
            if LABELS_ONLY.issuperset(work.managers):
                continue  # the record is elsewhere: what a label lacks is no fault of it
            own_forms = _OWN_FORMS if not {"zotero", "mendeley", "mendeley_v3"} & set(work.managers) else ()
            for finding in found:
                if finding.rule in own_forms:
                    continue
                finding.advice = _advice(work, finding)
                finding.fix = None  # the reference manager would write its own data over a repair
                finding.passages = reading.at_work(record.index)
                yield finding


def _advice(work: Work, finding: Finding) -> str:
    """What can be done about a fault of a work: where to correct it, and to what."""
    if "zotero" in work.managers and not work.linked:
        where = _IN_A_COPY if finding.fix and finding.fix.edits and finding.fix.safety == "safe" else _UNLINKED
    else:
        where = _OF_MANAGERS.get(work.managers[0], _BY_HAND) if work.managers else _BY_HAND
    edits = finding.fix.edits if finding.fix else ()
    proposed = "; ".join(
        f"{edit.to or edit.field}: {shortened(edit.after, 120)}" if edit.after else f"no {edit.field}" for edit in edits
    )
    return f"{where} Proposed: {proposed}" if proposed else where
