"""The engine: the fast one says what the plain one says, and a rule that fails stops nobody."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from reflint.engine import gate, plan, run
from reflint.engine.checks.base import CHECKS, Hit, Parameters, RecordTest, Scope, ValueTest, check
from reflint.engine.fixes.base import FIXES, Editor, fix
from reflint.engine.pack import Rule, load
from reflint.engine.run import Engine
from reflint.engine.wording import shortened
from reflint.errors import PackError
from reflint.formats import ris
from reflint.model.finding import Finding
from reflint.model.record import Record
from tests.inputs import RIS_FIXTURES, RULES, canonical, name_of, ris_like

RULES_ALL = load(RULES).rules
FAST, PLAIN = Engine(RULES_ALL), Engine(RULES_ALL, plain=True)


def told(findings: Iterable[Finding]) -> list[tuple[Any, ...]]:
    """All that findings say, in an order of their own."""
    return sorted(
        (
            (f.rule, f.severity, f.confidence, f.message, f.position, f.within, f.fix, f.span, f.fingerprint)
            for f in findings
        ),
        key=repr,
    )


def agree(data: bytes, fast: Engine = FAST, plain: Engine = PLAIN) -> None:
    quick, slow = list(ris.Library(data)), list(ris.Library(data, plain=True))
    assert len(quick) == len(slow)
    for one, other in zip(quick, slow, strict=True):
        assert told(fast.check(one)) == told(plain.check(other))


@pytest.mark.parametrize("path", RIS_FIXTURES, ids=name_of)
def test_the_fast_engine_agrees_with_the_plain_one_on_each_fixture(path: Path):
    agree(path.read_bytes())
    agree(path.read_bytes())  # once more, by what it remembers


@pytest.mark.parametrize("path", RIS_FIXTURES, ids=name_of)
def test_no_rule_fails_on_a_fixture(path: Path):
    for record in ris.read(path.read_bytes()):
        assert [f.message for f in PLAIN.check(record) if f.rule == "REF001"] == []


DOIS = [
    "10.5555/jcr.2019.0417",
    "https://doi.org/10.5555/x.1",
    "doi:10.5555/x",
    "10.5555/x.",
    "10.5555/a%2Fb",
    "10/abc12",
    "10.5555/(SICI)1097-0258(19980815/30)17:15/16<1661::AID-SIM968>3.0.CO;2-2",
    "10.1101/2020.01.01.123456",
    "n/a",
    "10.5555",
    "https://www.doi.org/10.5555/X",
    "10.48550/arXiv.2001.01234",
    "10.5555/0001–2(2004)022 [ 0056:ABC]2.0.CO;2",
]
NUMBERS = [
    "2049-3843",
    "20493843",
    "2049-3844",
    "0000-0000",
    "1234-5678 (ISSN)",
    "978-3-16-148410-0",
    "9783161484100",
    "ISSN 2049-3843",
    '["1932-8494", "1932-8486"]',
    "2049-3843; 2731-5800",
    "E2049-3843",
    "*****",
]
PAGES = [
    "1-9",
    "1123",
    "1139",
    "S12",
    "e1234",
    "330.e1",
    "6-1",
    "pp. 3-9",
    "12–19",
    "No",
    "Specified",
    "N.PAG",
    "+",
    "1",
    "007",
    "12-3",
    "xi-xv",
    "123456",
    "2 p",
    "10-12",
    "10-12;15",
]
DATES = [
    "2019",
    "2019/12/1",
    "2019/12/01/",
    "2014///",
    "AUG 11",
    "Jul 2020",
    "in press",
    "0",
    "20199",
    "2999",
    "2019/13/45",
    "n.d.",
    "2007 Oct",
    "2020-02-30",
    "1066",
]
NAMES = [
    "Okafor, Ngozi",
    "OKAFOR, N",
    "Ngozi Okafor",
    "et al.",
    "Okafor, N.; Osei, K.",
    "World Health Organization",
    "de la Cruz-Mendieta, Itzel",
    "Müller,J.,",
    "Group, The",
    "Okafor, Ngozi (ORCID: 0000-0002-1825-0097)",
    "anonymous",
    "Li",
    "0000-0002-1825-0098",
    "Okafor, N.A.",
    "Organization, World Health",
    "[Anonymous]",
    "Anonymous, Anonymous",
]
TEXTS = [
    "Carbon balance of restored mangroves",
    "CARBON BALANCE OF MANGROVES",
    "Carbon Balance Of Restored Mangroves In The Bay",
    "Salt: a review.",
    "Salt <i>marsh</i> &amp; mud",
    "Retraction: salt",
    "Untitled",
    "Abstract Background: salt",
    "© 2019, The Authors.",
    "Publisher Copyright:\n© 2019, The Author(s).",
    "ＳＡＬＴ",
    "Ã©tude",
    "a\u2028b",
    "zero\u200bwidth",
    "$\\alpha$ salt",
    "salt…",
    "null",
    "Salt marsh" * 30,
    "[Salt]",
    "Proceedings of the 4th Meeting on Mud",
    "J. Coast. Res.",
    "Journal of Coastal Research",
    "The  Salt",
    "Salt\rmarsh",
    "盐沼的碳平衡",
    "{Salt} marsh",
    "salt|marsh",
    "*Salt",
    "Salt; marsh; mud",
    "reflint:ignore[DOI001]",
    "Salt–marsh",
    "  ",
    "The salt of the ﬁsh : a Сoast (of mud",
    "The salt\n  of the marsh",
    "The salt. https://x.org/a",
    "Coastal Notes 8(2): 3-4",
]
LINKS = [
    "http://www.scopus.com/inward/record.url?scp=1&partnerID=8YFLogxK",
    "www.example.org",
    "https://doi.org/10.5555/x",
    "https://proxy.uni.example/login?url=https://x.org/a",
    "https://x.org/a?utm_source=b",
    "not a link",
    "https://x.org/a b",
    "https://x.org/a; https://y.org/b",
    "https://search.ebscohost.com/login.aspx?x=1",
    "ftp://x.org",
    "http://[::1",
    "https://x.org/a?a=1&amp;b=2",
]
OTHERS = [
    "en",
    "English",
    "eng",
    "12",
    "12(3)",
    "Vol. 12",
    "issue 3",
    "n/a",
    "Jan",
    "Suppl 1",
    "-",
    "0",
    "Article",
    "PMC123",
    "PMID: 123",
    "SCOPUS:85071239944",
    "WOS:1",
    "arXiv:2001.01234",
    "3–4",
    "NOV 2022",
]

_by_tag = {
    **dict.fromkeys(["DO", "U2", "M3", "L3"], DOIS + OTHERS),
    "SN": NUMBERS,
    **dict.fromkeys(["SP", "EP", "C7"], PAGES),
    **dict.fromkeys(["PY", "Y1", "DA", "Y2"], DATES),
    **dict.fromkeys(["AU", "A1", "A2", "A3", "ED"], NAMES),
    **dict.fromkeys(["TI", "T1", "T2", "BT", "JO", "JF", "JA", "J2", "AB", "N2", "N1", "ST", "C3"], TEXTS),
    **dict.fromkeys(["UR", "L1", "L2"], LINKS),
    **dict.fromkeys(["VL", "IS", "LA", "AN", "KW", "PB", "CY", "DB", "C2", "AD"], OTHERS + TEXTS),
    "ZZ": OTHERS,
}
ANY_VALUE = sorted({value for values in _by_tag.values() for value in values})
fields = st.sampled_from(sorted(_by_tag)).flatmap(
    lambda tag: st.tuples(
        st.just(tag),
        st.one_of(
            st.sampled_from(_by_tag[tag]), st.sampled_from(_by_tag[tag]), st.sampled_from(ANY_VALUE), st.just("")
        ),
    )
)
types = st.sampled_from("JOUR JOUR JOUR BOOK CHAP CONF THES RPRT PAT ELEC GEN MGZN XXXX jour CITATION".split())
realistic = st.tuples(types, st.lists(fields, max_size=16)).map(lambda pair: [("TY", pair[0]), *pair[1]])


@given(st.lists(realistic, min_size=1, max_size=3), st.sampled_from(["\n", "\r\n"]))
def test_the_fast_engine_agrees_with_the_plain_one_on_realistic_records(records: list[list[tuple[str, str]]], end: str):
    agree(canonical(records, end))


@given(ris_like)
@example(b"TY  - JOUR\nTY  - \nER  - \n")
def test_the_fast_engine_agrees_with_the_plain_one_on_anything_like_ris(data: bytes):
    agree(data)


@given(realistic)
def test_no_rule_fails_on_realistic_records(fields: list[tuple[str, str]]):
    for record in ris.read(canonical([fields])):
        assert [f.message for f in PLAIN.check(record) if f.rule == "REF001"] == []


BEYOND = "9" * 5000
"""More digits than Python reads as one number."""


@pytest.mark.parametrize("tag", "SP EP PY Y1 DA VL IS SN DO M1 C1 AN UR AU TI N1 AB KW ID".split())
@pytest.mark.parametrize(
    "shape",
    ["{0}", "{0}-{0}", "1-{0}", "{0}-1", "pp. {0}-{0}", "{0} pages", "e{0}", "{0}/1/1", "2019/{0}", "PMID: {0}"],
)
def test_no_rule_fails_on_a_number_beyond_all_measure(tag: str, shape: str):
    (record,) = ris.read(canonical([[("TY", "JOUR"), ("TI", "Salt"), (tag, shape.format(BEYOND)), ("EP", BEYOND)]]))
    assert [f.message for f in PLAIN.check(record) if f.rule == "REF001"] == []


@given(st.lists(realistic, min_size=1, max_size=4))
def test_what_is_remembered_changes_nothing(records: list[list[tuple[str, str]]]):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(plan, "MEMO_CAP", 2)
        patch.setattr(run, "MEMO_CAP", 2)
        patch.setattr(gate, "CAP", 1)
        forgetful = Engine(RULES_ALL)
        for record in ris.read(canonical(records + records)):
            assert told(forgetful.check(record)) == told(FAST.check(record)) == told(Engine(RULES_ALL).check(record))


def test_memory_of_values_is_capped(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(plan, "MEMO_CAP", 10)
    monkeypatch.setattr(run, "MEMO_CAP", 10)
    engine = Engine(RULES_ALL)
    for number in range(100):
        (record,) = ris.read(canonical([[("TY", "JOUR"), ("SN", f"{number:04}-0000"), ("VL", str(number))]]))
        engine.check(record)
    fields = engine._plans.of("ris", "article-journal").fields
    memos = [tests.memo for tests in fields.values() if tests.memo]
    assert memos
    assert all(len(memo) <= 10 for memo in memos)


def rule(id: str, check: dict[str, Any], **more: Any) -> Rule:
    given: dict[str, Any] = {
        "slug": id.lower(),
        "summary": "",
        "severity": "warning",
        "confidence": "high",
        "status": "stable",
        "profiles": ("recommended",),
        "applies": {"ris": ["TI"]},
        "options": {},
        "fix": None,
        "message": "{field} {value} {note}",
    }
    return Rule(id=id, check=check, **{**given, **more})


def record_of(*fields: tuple[str, str], type: str = "JOUR") -> Record:
    (record,) = ris.read(canonical([[("TY", type), *fields]]))
    return record


@pytest.fixture
def primitives() -> Iterable[None]:
    """Primitives that fail, registered for one test."""

    @check("test-raises-value")
    def raises_value(params: Parameters, scope: Scope) -> ValueTest:
        def run(value: str) -> Hit | None:
            raise ZeroDivisionError("by design")

        return ValueTest(frozenset(scope.names), run)

    @check("test-raises-record")
    def raises_record(params: Parameters, scope: Scope) -> RecordTest:
        def run(record: Record) -> Iterable[Hit]:
            yield Hit(1, note="before it fails")
            raise KeyError("by design")

        return RecordTest(run)

    @fix("test-raises")
    def raises_fix(params: Any, scope: Scope) -> Editor:
        def edit(record: Record, hit: Hit) -> Any:
            raise IndexError("by design")

        return edit

    yield
    del CHECKS["test-raises-value"], CHECKS["test-raises-record"], FIXES["test-raises"]


SALT = rule("XYZ001", {"use": "pattern", "match": "Salt"})


@pytest.mark.usefixtures("primitives")
@pytest.mark.parametrize("plain", [False, True], ids=["fast", "plain"])
@pytest.mark.parametrize("primitive", ["test-raises-value", "test-raises-record"])
def test_a_rule_that_fails_is_a_finding_and_the_others_go_on(primitive: str, plain: bool):
    engine = Engine([rule("BAD001", {"use": primitive}), SALT], plain=plain)
    for _ in range(2):
        found = engine.check(record_of(("TI", "Salt")))
        assert sorted(f.rule for f in found) == ["REF001", "XYZ001"]
        (failure,) = [f for f in found if f.rule == "REF001"]
        assert "BAD001 failed on this record" in failure.message
        assert "by design" in failure.message
        assert failure.slug == "rule-failed"


@pytest.mark.usefixtures("primitives")
@pytest.mark.parametrize("plain", [False, True], ids=["fast", "plain"])
def test_a_repair_that_fails_is_a_finding_beside_its_own(plain: bool):
    bad = rule("BAD001", {"use": "pattern", "match": "Salt"}, fix={"use": "test-raises", "safety": "safe"})
    found = Engine([bad, SALT], plain=plain).check(record_of(("TI", "Salt")))
    assert sorted(f.rule for f in found) == ["BAD001", "REF001", "XYZ001"]
    assert next(f for f in found if f.rule == "BAD001").fix is None


def test_a_message_is_filled_in_from_the_hit():
    (found,) = Engine([SALT]).check(record_of(("TI", "The Salt marsh")))
    assert found.message == "TI The Salt marsh Salt"
    assert (found.field, found.value, found.within) == ("TI", "The Salt marsh", (4, 8))
    assert found.span == (2, 11, 2, 15)


@pytest.mark.parametrize("severity", ["error", "warning", "info"])
def test_severities_can_be_changed(severity: str):
    (found,) = Engine([SALT], severities={"XYZ001": severity}).check(record_of(("TI", "Salt")))
    assert found.severity == severity


def test_a_rule_turned_off_says_nothing():
    assert Engine([SALT], severities={"XYZ001": "off"}).check(record_of(("TI", "Salt"))) == []


def test_options_have_defaults_and_can_be_changed():
    optional = rule("XYZ001", {"use": "pattern"}, options={"match": {"type": "str", "default": "Salt"}})
    record = record_of(("TI", "Salt and mud"))
    assert [f.within for f in Engine([optional]).check(record)] == [(0, 4)]
    assert [f.within for f in Engine([optional], options={"XYZ001": {"match": "mud"}}).check(record)] == [(9, 12)]
    assert Engine([optional], options={"XYZ001": {"match": "sand"}}).check(record) == []


@pytest.mark.parametrize(
    ("applies", "type", "held"),
    [
        ({"ris": ["TI"]}, "BOOK", True),
        ({"ris": ["TI"], "types": "*"}, "BOOK", True),
        ({"ris": ["TI"], "types": ["book"]}, "BOOK", True),
        ({"ris": ["TI"], "types": ["book"]}, "JOUR", False),
        ({"ris": ["TI"], "not_types": ["book"]}, "BOOK", False),
        ({"ris": ["TI"], "not_types": ["book"]}, "JOUR", True),
        ({"csl": ["title"]}, "JOUR", False),
        ({"ris": ["T1"]}, "JOUR", False),
    ],
)
def test_a_rule_is_for_the_fields_and_types_it_names(applies: dict[str, Any], type: str, held: bool):
    engine = Engine([SALT._replace(applies=applies)])
    assert bool(engine.check(record_of(("TI", "Salt"), type=type))) is held


def test_findings_come_in_the_order_of_fields_and_then_of_rules():
    rules = [rule("XYZ002", {"use": "pattern", "match": "a"}), rule("XYZ001", {"use": "pattern", "match": "a"})]
    found = Engine(rules).check(record_of(("TI", "a"), ("T2", "a"), ("TI", "a")))
    assert [(f.position, f.rule) for f in found] == [(1, "XYZ001"), (1, "XYZ002"), (3, "XYZ001"), (3, "XYZ002")]


def test_an_unknown_primitive_is_a_fault_of_the_pack():
    with pytest.raises(PackError, match="XYZ001: unknown check primitive 'nonsense'"):
        Engine([rule("XYZ001", {"use": "nonsense"})]).check(record_of(("TI", "Salt")))
    with pytest.raises(PackError, match="XYZ001: unknown fix primitive 'nonsense'"):
        Engine([SALT._replace(fix={"use": "nonsense", "safety": "safe"})]).check(record_of(("TI", "Salt")))


def test_a_fingerprint_survives_reordering_and_export_anew():
    first = canonical([[("TY", "JOUR"), ("TI", "Salt"), ("PY", "2019")], [("TY", "JOUR"), ("TI", "Salt and mud")]])
    again = canonical(
        [[("TY", "JOUR"), ("TI", "Salt and mud")], [("TY", "JOUR"), ("PY", "2019"), ("ID", "7"), ("TI", "Salt")]]
    )
    prints = [sorted(f.fingerprint for r in ris.read(data) for f in Engine([SALT]).check(r)) for data in (first, again)]
    assert prints[0] == prints[1]
    assert len(set(prints[0])) == 2


@pytest.mark.parametrize(
    ("text", "expected"), [("a" * 70, "a" * 59 + "…"), ("a\n b", "a b"), ("short", "short"), ("", "")]
)
def test_values_in_messages_are_short_and_on_one_line(text: str, expected: str):
    assert shortened(text) == expected
