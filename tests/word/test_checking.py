"""A manuscript checked as a whole: rules, severities, options, suppressions, and the records of the cited works."""

from __future__ import annotations

from pathlib import Path

import pytest

from reflint.engine.checks.manuscript import TESTS
from reflint.engine.pack import Rule, load, rule_files, select
from reflint.engine.run import Engine
from reflint.engine.schema import validate
from reflint.engine.suppress import Entry
from reflint.errors import PackError
from reflint.model.finding import Finding
from reflint.word import checking
from reflint.word.checks import CHECKS
from reflint.word.checks.base import Reading
from reflint.word.reading import read
from tests.inputs import RULES
from tests.word.builder import cite, docx, field, item, p, zotero
from tests.word.checks import typed_list

PACK = load(RULES)
SALT = item(DOI="10.5555/salt")
BROKEN = field("ADDIN ZOTERO_ITEM CSL_CITATION {", "(lost)")
EDITED = field(zotero(cite(SALT), plain="(Okafor 2018)"), "(Okafor 2019)")


def found(body: str, *codes: str, **given: object) -> list[Finding]:
    rules = select(PACK.rules, select=codes or ["ALL"])
    return list(checking.check(Reading(read(docx(body))), Engine(rules, **given)))  # type: ignore[arg-type]


def test_every_test_has_its_check_and_its_rule():
    used = [str(rule.check["test"]) for rule in PACK.rules if rule.check.get("use") == "manuscript"]
    assert set(CHECKS) == TESTS == set(used)
    assert len(used) == len(set(used))


@pytest.mark.parametrize(
    "path", [path for path in rule_files(RULES) if path.name.startswith("MS")], ids=lambda p: p.stem
)
def test_a_rule_about_manuscripts_is_whole(path: Path):
    rule = validate(path)
    assert rule.applies.manuscript
    assert rule.message.format(note="x").strip()
    assert not any(text.endswith(" ") for text in (rule.summary, rule.message, rule.advice))


def test_a_rule_cannot_name_a_test_that_is_not_there(tmp_path: Path):
    path = RULES / "msf" / "MSF001-citation-unreadable.yaml"
    wrong = tmp_path / path.name
    wrong.write_text(path.read_text().replace("payload-unreadable", "payload-odd"))
    with pytest.raises(PackError, match="unknown test 'payload-odd'"):
        validate(wrong)
    wrong.write_text(path.read_text().replace("{manuscript: true}", "{csl: [title]}"))
    with pytest.raises(PackError, match="go together"):
        validate(wrong)


def test_a_finding_says_where_and_what_to_do():
    (finding,) = found(p("a") + p("b ", BROKEN), "MSF001")
    assert (finding.rule, finding.severity, finding.confidence, finding.record, finding.span) == (
        "MSF001", "error", "high", None, None,
    )  # fmt: skip
    (passage,) = finding.passages
    assert (passage.part, passage.paragraph, passage.text, passage.citation, passage.manager) == (
        "word/document.xml", 1, "(lost)", 0, "zotero",
    )  # fmt: skip
    assert (passage.place, passage.quoted) == ("¶1", "“(lost)”")
    assert finding.message.startswith("The citation's data cannot be read: ")
    assert finding.advice


def test_doubt_lowers_the_severity_and_settings_win():
    text = p("(Okafor, 2019) (Osei, 2001)") + typed_list(
        "Okafor, N. (2018). Salt.", "Osei, K. (2001). Tides.", "Rao, A. (1999). Sand."
    )
    assert [one.severity for one in found(text, "MSX003")] == ["warning"]
    assert [one.severity for one in found(text, "MSX003", severities={"MSX003": "info"})] == ["info"]
    assert found(text, "MSX003", severities={"MSX003": "off"}) == []


def test_options_reach_the_check():
    cites = [cite(item(title=f"Title {n}"), f"KEY{n}") for n in range(4)]
    body = p(field(zotero(*cites), "(x)"))
    assert found(body, "MST005") == []
    assert len(found(body, "MST005", options={"MST005": {"most": 3}})) == 1


def test_fingerprints_survive_a_move_and_suppress():
    (before,) = found(p(EDITED), "MSF005")
    (after,) = found(p("new") * 9 + p("and ", EDITED), "MSF005")
    assert before.fingerprint == after.fingerprint
    assert found(p(EDITED), "MSF005", suppressed=[Entry(("MSF005",), fingerprint=before.fingerprint)]) == []
    assert len(found(p(EDITED), "MSF005", suppressed=[Entry(("MSF001",), fingerprint=before.fingerprint)])) == 1


def test_a_work_is_checked_once_and_told_with_all_its_places():
    bad = field(zotero(cite(item(volume="Vol. 3"))), "(Okafor 2019)")
    (finding,) = found(p("a ", bad) + p("b ", bad), "VOL001")
    assert [passage.paragraph for passage in finding.passages] == [0, 1]
    assert finding.record is not None
    assert (finding.record.index, finding.record.key, finding.work) == (0, "AAAA1111", "Salt marshes in winter")
    assert (finding.span, finding.fix) == (None, None)
    assert finding.advice == "Correct the item in Zotero, then press Refresh. Proposed: volume: 3"


def test_what_a_manager_writes_in_its_own_way_is_no_fault():
    record = (
        "<record><ref-type name='Journal Article'>17</ref-type><titles><title>Salt</title></titles>"
        "<isbn>12345679</isbn><language>eng</language></record>"
    )
    endnote = f" ADDIN EN.CITE <EndNote><Cite><Author>Osei</Author><RecNum>3</RecNum>{record}</Cite></EndNote>"
    assert [one.rule for one in found(p(field(endnote, "x")), "ISS001", "ISS004", "LNG001")] == []


def test_a_label_is_no_record():
    assert found(p(field("ADDIN RW.CITE{{doc:5c93 Okafor 2010}}", "(Okafor, 2010)")), "TTL001", "DOI001") == []


def test_a_work_that_stands_in_the_manuscript_only_can_be_repaired_there():
    alone = cite(item(volume="Vol. 3")) | {"id": "Xy12Ab34/Qw56Er78"}
    (finding,) = found(p(field(zotero(alone), "(Okafor 2019)")), "VOL001")
    assert "`reflint fix --annotate`" in finding.advice
    (finding,) = found(p(field(zotero(alone), "(Okafor 2019)")), "DOI001")
    assert "`reflint fix --annotate`" not in finding.advice


def test_a_check_that_fails_says_so_and_stops_no_other(monkeypatch: pytest.MonkeyPatch):
    def broken(reading: Reading, options: object) -> list[object]:
        raise ZeroDivisionError

    monkeypatch.setitem(CHECKS, "payload-unreadable", broken)
    rules = [one.rule for one in found(p(BROKEN, EDITED), "MSF001", "MSF005")]
    assert rules == ["REF001", "MSF005"]


def test_rules_for_manuscripts_are_quiet_on_records():
    from reflint.formats import csl

    rules: list[Rule] = [rule for rule in PACK.rules if rule.check.get("use") == "manuscript"]
    (record,) = csl.embedded([SALT])
    assert Engine(rules).check(record) == []
