"""The adviser: what registries say becomes findings and repairs, in every format, and never more than they said."""

from __future__ import annotations

import json
from typing import Any

import pytest

from reflint.engine.advice import Advised
from reflint.engine.checks.lookup import EVENTS as NAMED
from reflint.engine.files import check_library, repair_library
from reflint.engine.fixing import settle
from reflint.engine.pack import load, select
from reflint.engine.run import Engine
from reflint.errors import SourceError
from reflint.formats import csl, ris, zotero
from reflint.lookup import retractions
from reflint.lookup.advice import Adviser
from reflint.lookup.events import EVENTS
from reflint.lookup.registries import RETRACTIONS_FILE
from reflint.model.finding import Finding
from tests.inputs import RULES
from tests.lookup.desk import TODAY, Desk
from tests.servers.crossref.server import FAULTS
from tests.servers.crossref.transport import Transport, addresses
from tests.servers.crossref.works import TIDES, work

PACK = load(RULES)
TITLE = TIDES["title"][0]
ABOUT = f"TY  - JOUR\nTI  - {TITLE}\nAU  - Haukeland, Signe\nPY  - 2014\n"
MISSING = f"{ABOUT}JF  - Annals of Moving Sand\nVL  - 7\nSP  - 11\nER  - \n"
SAFE = ("safe",)


def engine(desk: Desk, *codes: str, **given: Any) -> Advised:
    return Advised(select(PACK.rules, select=codes or ["ALL"]), advisor=Adviser(desk.registries), **given)


def found(desk: Desk, text: str, *codes: str) -> list[Finding]:
    return list(check_library(ris.Library(text.encode()), engine(desk, *codes)))


def record(**fields: str) -> str:
    return "".join(f"{tag}  - {value}\n" for tag, value in {"TY": "JOUR", **fields, "ER": ""}.items())


def test_there_is_a_function_for_every_event_that_a_rule_may_name() -> None:
    assert EVENTS.keys() == NAMED
    used = {rule.check["event"] for rule in PACK.rules if rule.check.get("use") == "lookup"}
    assert used == NAMED


def test_without_an_adviser_the_rules_are_quiet() -> None:
    codes = [rule.id for rule in PACK.rules if rule.check.get("use") == "lookup"]
    offline = Engine(select(PACK.rules, select=codes))
    assert list(check_library(ris.Library(record(DO="10.1234/salt.1", TI="x").encode()), offline)) == []


def test_a_missing_doi_is_found_with_its_evidence_and_written() -> None:
    desk = Desk()
    (finding,) = found(desk, MISSING, "DOI001")
    assert finding.fix is not None
    assert (finding.fix.safety, finding.fix.edits[0].after) == ("safe", "10.1234/tides.7")
    evidence = finding.evidence[0]
    assert (evidence.source, evidence.doi, evidence.asked) == ("crossref", "10.1234/tides.7", "2023-11-14T22:13:20Z")
    assert set(evidence.agree) == {"title", "author", "year", "volume", "page", "container"}
    repaired = repair_library(ris.Library(MISSING.encode()), engine(desk, "DOI001", repairing=True), SAFE)
    assert repaired.decode() == MISSING.replace("ER  - ", "DO  - 10.1234/tides.7\nER  - ")


def test_a_doubtful_doi_is_a_suggestion() -> None:
    (finding,) = found(Desk(), MISSING.replace("SP  - 11", "SP  - 12"), "DOI001")
    assert finding.fix is not None
    assert (finding.fix.safety, bool(finding.fix.edits)) == ("unsafe", True)
    assert finding.evidence[0].differ == ("page",)


def test_where_nothing_passes_the_finding_says_what_was_asked() -> None:
    (finding,) = found(Desk(), record(TI="Dredging by lantern light in the year of the comet", PY="2014"), "DOI001")
    assert finding.fix is not None
    assert (finding.fix.safety, finding.fix.edits) == ("lookup", ())
    assert [(one.source, one.state) for one in finding.evidence] == [("crossref", "absent")]


@pytest.mark.parametrize("fault", [one for one in FAULTS if one != "redirect"])
def test_a_fault_changes_no_finding_and_writes_nothing(fault: str) -> None:
    texts = [
        MISSING,
        record(DO="10.1234/nobody.1", TI="x"),
        record(DO="10.1234/salt.1", TI="x", JF="y", SN="1050-124X"),
    ]
    for text in texts:
        desk = Desk([fault] * 500)
        offline = Engine(select(PACK.rules, select=["ALL"]))
        plainly = list(check_library(ris.Library(text.encode()), offline))
        assert [f.message for f in found(desk, text)] == [f.message for f in plainly]
        assert repair_library(ris.Library(text.encode()), engine(desk, "DOI", "VER"), SAFE) == text.encode()


def test_an_unregistered_doi_needs_two_who_say_so() -> None:
    (finding,) = found(Desk(), record(DO="10.1234/nobody.1"), "DOI009")
    assert [(one.source, one.state) for one in finding.evidence] == [("crossref", "absent"), ("doi.org", "absent")]
    assert found(Desk(), record(DO="10.3456/medra.1"), "DOI009") == []
    assert found(Desk(), record(DO="10.2345/data.1"), "DOI009") == []
    desk = Desk()
    desk.registries = desk.another()
    desk.registries.doi_org = Desk(asking=False).registries.doi_org
    assert found(desk, record(DO="10.1234/nobody.1"), "DOI009") == []


def test_a_doi_of_another_work_needs_two_who_say_so() -> None:
    text = record(DO="10.1234/twice.1", TI="Gulls of the northern slipways", AU="Dahl, P.", PY="1980")
    (finding,) = found(Desk(), text, "DOI010")
    assert [one.source for one in finding.evidence] == ["crossref", "openalex"]
    assert finding.fix is None
    desk = Desk()
    desk.server.opinions["10.1234/twice.1"] = {
        "doi": "10.1234/twice.1",
        "title": "Gulls of the northern slipways",
        "publication_year": 1980,
        "authorships": [{"author": {"display_name": "P. Dahl"}}],
    }
    assert found(desk, text, "DOI010") == []


def test_the_right_doi_is_offered_for_a_wrong_one() -> None:
    text = MISSING.replace("ER  - ", "DO  - 10.1234/salt.2\nER  - ").replace("JF  - Annals of Moving Sand\n", "")
    desk = Desk()
    desk.server.works["10.1234/salt.2"] = work("10.1234/salt.2", "Ropes of hemp", "Dahl", 1990)
    (finding,) = found(desk, text, "DOI010")
    assert finding.fix is not None
    assert (finding.fix.safety, finding.fix.edits[0].after) == ("unsafe", "10.1234/tides.7")


def test_a_pmid_leads_to_the_doi() -> None:
    text = MISSING.replace("ER  - ", "AN  - 31234567\nDB  - PubMed\nER  - ")
    (finding,) = found(Desk(), text, "DOI001")
    assert finding.fix is not None
    assert finding.fix.edits[0].after == "10.1234/tides.7"


def test_a_short_doi_is_written_whole() -> None:
    (finding,) = found(Desk(), record(DO="https://doi.org/gulls"), "DOI008")
    assert finding.fix is not None
    assert (finding.fix.safety, finding.fix.edits[0].after) == ("safe", "10.1234/tides.7")


def test_the_doi_of_a_preprint_on_an_article_gets_a_suggestion() -> None:
    desk = Desk()
    relation = {"is-preprint-of": [{"id-type": "doi", "id": "10.1234/tides.7"}]}
    desk.server.works["10.1101/2013.01.01.123456"] = work(
        "10.1101/2013.01.01.123456", TITLE, "Haukeland", 2013, relation=relation
    )
    (finding,) = found(desk, record(DO="10.1101/2013.01.01.123456", TI=TITLE), "DOI013")
    assert finding.fix is not None
    assert (finding.fix.safety, finding.fix.edits[0].after) == ("unsafe", "10.1234/tides.7")


def test_in_press_gives_way_to_volume_and_pages() -> None:
    text = f"{ABOUT}VL  - 7\nIS  - in press\nSP  - 11\nDO  - 10.1234/tides.7\nER  - \n"
    repaired = repair_library(ris.Library(text.encode()), engine(Desk(), "DAT007", repairing=True), SAFE)
    assert b"IS  - 2\n" in repaired
    assert b"in press" not in repaired


def test_an_abstract_that_breaks_off_is_made_whole() -> None:
    text = record(TI=TITLE, AU="Haukeland, Signe", PY="2014", DO="10.1234/tides.7", AB="Silt was measured in nine ...")
    (finding,) = found(
        Desk(), text.replace("nine ...", "nine harbours and so on and on and on and on and on ..."), "ABS006"
    )
    assert finding.fix is not None
    assert finding.fix.safety == "unsafe"  # it does not begin as the whole one does


def test_pages_are_never_overwritten_unattended() -> None:
    text = record(TI=TITLE, AU="Haukeland, Signe", PY="2014", VL="7", SP="1", EP="16", DO="10.1234/tides.7")
    (drift,) = found(Desk(), text, "VER004")[1:]
    assert drift.fix is not None
    assert (drift.fix.safety, drift.field) == ("unsafe", "SP")
    assert b"SP  - 1\nEP  - 16" in repair_library(ris.Library(text.encode()), engine(Desk(), "VER004"), SAFE)


def test_a_retraction_is_told_by_crossref_and_by_retraction_watch(tmp_path: Any) -> None:
    desk = Desk(folder=tmp_path)
    (finding,) = found(desk, record(DO="10.1234/salt.1", TI="Salt against fog in shallow harbour basins"), "VER001")
    assert finding.message == "This work was retracted: retraction, see 10.1234/salt.9"
    assert found(desk, record(DO="10.1234/salt.5", TI="Salt, twice"), "VER001") == []
    address = str(addresses()["RETRACTIONS"])
    count = retractions.download(address, tmp_path / RETRACTIONS_FILE, TODAY, transport=Transport(desk.server))
    assert count == 4
    desk.registries = desk.another()
    (finding,) = found(desk, record(DO="10.1234/salt.5", TI="Salt, twice"), "VER001")
    assert [one.source for one in finding.evidence] == ["retraction-watch"]
    (finding,) = found(desk, record(AN="30000001", DB="PubMed", TI="Known by its number"), "VER001")
    assert "retracted" in finding.message
    assert found(desk, record(DO="10.1234/salt.4", TI="Taken back"), "VER001") == []


def test_corrections_and_concerns_are_no_retractions() -> None:
    findings = found(Desk(), record(DO="10.1234/salt.2", TI="x"), "VER")
    assert [f.rule for f in findings] == ["VER002", "VER002"]
    assert [f.message.rpartition(": ")[2] for f in findings] == ["10.1234/salt.8", "10.1234/salt.7"]


@pytest.mark.parametrize(
    ("issn", "journal", "severities"),
    [
        ("1050-124X", "Letters on Fog", ["warning"]),
        ("1050-124X", "Foghorn Read.", []),
        ("2434-561X", "Letters on Fog", ["info"]),
    ],
)
def test_an_issn_of_another_journal(issn: str, journal: str, severities: list[str]) -> None:
    assert [f.severity for f in found(Desk(), record(JF=journal, SN=issn), "ISS006")] == severities


def test_only_what_selected_rules_need_is_asked() -> None:
    desk = Desk()
    found(desk, record(DO="10.1234/tides.7", TI=TITLE, JF="Letters on Fog", SN="1050-124X"), "TTL", "DOI001")
    assert desk.paths == []
    found(desk, MISSING, "DOI001")
    assert desk.paths == ["crossref /works"]


def test_csl_and_zotero_items_are_filled_in_their_own_fields() -> None:
    desk = Desk()
    item = {
        "id": "a", "type": "article-journal", "title": TITLE, "author": [{"family": "Haukeland", "given": "S."}],
        "issued": {"date-parts": [[2014]]}, "DOI": "10.1234/tides.7",
    }  # fmt: skip
    (before,) = csl.read(json.dumps([item]).encode())
    after = settle(before, engine(desk, "VER004"), csl.apply_to_item, SAFE).record
    assert {name: after.first(name) for name in ("volume", "issue", "page")} == {
        "volume": "7",
        "issue": "2",
        "page": "11-29",
    }
    data = {
        "itemType": "journalArticle", "title": TITLE, "date": "2014", "volume": "7", "pages": "11", "DOI": "",
        "creators": [{"creatorType": "author", "lastName": "Haukeland", "firstName": "S."}], "tags": [],
        "publicationTitle": "Annals of Moving Sand",
    }  # fmt: skip
    one = zotero.record(data)
    done = settle(one, engine(desk, "DOI001", "VER004"), zotero.apply_to_item, SAFE)
    assert zotero.patch(one, done.record) == {"DOI": "10.1234/tides.7", "issue": "2"}


def test_questions_of_records_to_come_are_asked_ahead_and_once() -> None:
    desk = Desk()
    text = "".join(record(TI=TITLE, DO=f"10.1234/none.{number % 50}") for number in range(200))
    library = ris.Library(text.encode())
    findings = list(check_library(library, engine(desk, "DOI009")))
    assert len(findings) == 200
    assert [f.record.index for f in findings if f.record] == list(range(200))
    assert len(desk.paths) == len(set(desk.paths)) == 150
    assert desk.server.over == []


def test_the_fast_and_the_plain_engine_get_the_same_advice() -> None:
    text = MISSING + record(DO="10.1234/salt.1", TI="x") + record(DO="10.1234/nobody.1")
    quick, plain = (
        [f.message for f in check_library(ris.Library(text.encode(), plain=p), engine(Desk(), plain=p))]
        for p in (False, True)
    )
    assert quick == plain


def test_a_file_that_is_not_retraction_watch_changes_nothing(tmp_path: Any) -> None:
    path = tmp_path / RETRACTIONS_FILE
    path.write_bytes(b"the old table")
    for fault in ("html", "503", "truncated", "reset", "away", "empty"):
        desk = Desk([fault])
        with pytest.raises(SourceError):
            retractions.download(str(addresses()["RETRACTIONS"]), path, TODAY, transport=Transport(desk.server))
    assert path.read_bytes() == b"the old table"
    assert [p.name for p in tmp_path.iterdir()] == [RETRACTIONS_FILE]
