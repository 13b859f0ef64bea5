"""Fuzzes RIS: no byte is lost, the fast ways agree with the plain ones, and a repair comes to rest, for any bytes."""

from __future__ import annotations

import atheris

with atheris.instrument_imports(include=["reflint"]):
    from reflint.engine.files import check_library, repair_library
    from reflint.engine.pack import load
    from reflint.engine.run import Engine
    from reflint.errors import SourceError
    from reflint.formats import ris
    from reflint.formats.ris.emit import apply
    from reflint.model.finding import Finding

from fuzz.running import CORPUS, ROOT, run, seed

RULES = load(ROOT / "rules").rules
FAST, PLAIN = Engine(RULES), Engine(RULES, plain=True)
SAFETIES = ("safe",), ("safe", "unsafe")
DICTIONARY = (
    "TY  - ", "ER  - ", "ER  -", "TY - ", "ty  - ", "TI  - ", "AU  - ", "DO  - ", "PY  - ", "SP  - ", "JOUR",
    "\r\n", "\r\r\n", "\n", "\r", "\ufeff", "–", "\u2028", "# reflint: ignore[", "reflint:ignore[", "10.5555/",
)  # fmt: skip


def shown(finding: Finding) -> tuple[object, ...]:
    """All that a reader of a finding sees."""
    index = finding.record and finding.record.index
    return finding.rule, finding.message, finding.severity, finding.value, index, finding.place, finding.fix


def findings(data: bytes, engine: Engine) -> list[Finding]:
    """The findings about a file; none where its byte order mark lies."""
    try:
        return list(check_library(ris.Library(data), engine))
    except SourceError:
        return []


def due(finding: Finding, safeties: tuple[str, ...]) -> bool:
    """Whether a repair should have been made: none is that cannot be written, in the record's encoding for example."""
    if not finding.fix or not finding.fix.edits or finding.fix.safety not in safeties:
        return False
    if finding.record is None:
        return True
    try:
        apply(finding.record, finding.fix.edits)
    except SourceError:
        return False
    return True


def one(data: bytes) -> None:
    """The laws of reading, checking and repairing."""
    fast, plain = ris.Library(data), ris.Library(data, plain=True)
    assert ris.write(fast) == data, "writing is not what was read"
    assert ris.write(plain) == data, "writing is not what was read line by line"
    read = [[(r.index, r.type, r.names, r.values) for r in library] for library in (fast, plain)]
    assert read[0] == read[1], "the fast reader and the plain one differ"
    found = findings(data, FAST)
    assert list(map(shown, found)) == list(map(shown, findings(data, PLAIN))), "fast and plain engine differ"
    assert not [f.message for f in found if f.rule == "REF001"], "a rule failed"
    for safeties in SAFETIES:
        once = repair_library(fast, FAST, safeties)
        left = [f"{f.rule} {f.message}" for f in findings(once, FAST) if due(f, safeties)]
        assert not left, f"left to repair after {safeties}: {left}"
        assert repair_library(ris.Library(once), FAST, safeties) == once, f"a second repair ({safeties}) changes more"


if __name__ == "__main__":
    seed(CORPUS / "ris", {path.stem: path.read_bytes() for path in sorted((ROOT / "fixtures").glob("*.ris"))})
    run("ris", one, dictionary=DICTIONARY, longest=4096)
