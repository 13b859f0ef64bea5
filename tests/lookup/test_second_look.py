"""What registries make of authors, single pages, cut addresses and titles that nobody knows: traps before findings."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reflint.engine.advice import Advised
from reflint.engine.files import check_library, repair_library
from reflint.engine.fixing import settle
from reflint.engine.pack import load, select
from reflint.formats import ris, zotero
from reflint.lookup.advice import Adviser
from reflint.lookup.creators import difference, swapped
from reflint.lookup.work import Person
from reflint.model.finding import Finding
from tests.inputs import RULES
from tests.lookup.desk import Desk
from tests.servers.crossref.server import FAULTS
from tests.servers.crossref.works import TIDES, work

PACK = load(RULES)
FOUR = [Person("Haukeland", "Signe"), Person("Okafor", "Ngozi"), Person("Tuilagi", "Sefo"), Person("Lindqvist", "Maja")]
TITLE = TIDES["title"][0]
UNKNOWN = "Dredging by lantern light in the year of the comet"


def engine(desk: Desk, code: str, **given: Any) -> Advised:
    return Advised(select(PACK.rules, select=[code]), advisor=Adviser(desk.registries), **given)


def found(desk: Desk, text: str, code: str) -> list[Finding]:
    return list(check_library(ris.Library(text.encode()), engine(desk, code)))


def record(*authors: str, **fields: str) -> str:
    whole = {"TY": "JOUR", "TI": TITLE, "PY": "2014", "DO": "10.1234/tides.7"} | fields
    lines = [f"{tag}  - {value}\n" for tag, value in whole.items() if value]
    return "".join([*lines, *(f"AU  - {one}\n" for one in authors), "ER  - \n"])


def people(*names: str) -> list[Person]:
    return [Person(*name.split(", ")) for name in names]


@pytest.mark.parametrize(
    "mine",
    [
        FOUR,
        FOUR[::-1],
        FOUR[:3],  # cut by a style
        FOUR[:1],
        [*FOUR, Person("Dahl", "Per")],  # the registry was given the first four
        people("Haukelannd, S.", "Okafor Eze, N.", "Tuilági, S", "Lindquist, M."),  # spelt in other ways
        people("Signe, Haukeland", "Okafor, N", "Tuilagi, S", "Lindqvist, M"),  # swapped
        people("Haukeland, S", "Okafor, N", "Tuilagi, S", "Berg-Lindqvist, M"),  # married
        people("Haukeland, S", "Okafor, N", "Туилаги, С", "Dahl, P"),  # in other letters
        [*FOUR[:3], Person("Working Group on Sand")],  # a group
        people("Dahl, P", "Quist, B", "Berg, O", "Storm, A"),  # another work altogether
        [],
    ],
)
def test_lists_of_authors_that_are_no_finding(mine: list[Person]) -> None:
    assert difference(mine, FOUR) is None


@pytest.mark.parametrize(
    ("mine", "words"),
    [
        ([FOUR[0], FOUR[2], FOUR[3]], "Okafor missing"),
        (FOUR[2:], "Haukeland, Okafor missing"),
        ([*FOUR[:3], Person("Quist", "Bram")], "Lindqvist missing; Quist not in the registry"),
        ([FOUR[0], Person("Quist", "Bram"), *FOUR[1:]], "Quist not in the registry"),
    ],
)
def test_lists_of_authors_that_differ(mine: list[Person], words: str) -> None:
    one = difference(mine, FOUR)
    assert one is not None
    assert one.words == words


NAMES = st.builds(Person, st.text(max_size=9), st.text(max_size=9))


@given(st.lists(NAMES, max_size=8), st.randoms())
def test_no_list_differs_from_itself_in_any_order(names: list[Person], chance: Random) -> None:
    other = chance.sample(names, len(names))
    assert difference(names, other) is None
    assert difference(names, names[:3]) is None


def test_who_is_like_two_is_taken_for_the_one_he_is() -> None:
    alike = people("Lin, Wei", "Linde, Otto", "Wei, Lin")
    assert difference(alike, alike[::-1]) is None
    assert difference(alike[1:], alike[::-1]) is None  # the beginning of the list in another order


def test_long_lists_and_single_authors_are_left_alone() -> None:
    many = [Person(f"{first}{second}ek", "Jo") for first in "BDFKM" for second in ("ar", "ol", "ut", "in", "ent")]
    assert difference(many[1:], many) is None
    assert difference(FOUR, FOUR[:1]) is None


def test_names_are_swapped_both_ways_or_not_at_all() -> None:
    assert swapped(Person("Signe", "Haukeland"), FOUR[0])
    assert swapped(Person("Ngozi", "Okafor"), Person("Okafor", "Ngozi B."))
    for mine, theirs in ((("S", "Haukeland"), FOUR[0]), (("Thomas", "Thomas"), ("Thomas", "Thomas")), (FOUR[0],) * 2):
        assert not swapped(Person(*mine), Person(*theirs))


def test_swapped_names_need_two_registries() -> None:
    text = record("Signe, Haukeland", "Okafor, Ngozi", VL="7")
    desk = Desk()
    (finding,) = found(desk, text, "CRE010")
    assert finding.message == "Signe, Haukeland is Haukeland, Signe for the registries"
    assert [one.source for one in finding.evidence] == ["crossref", "openalex"]
    assert finding.fix is not None
    assert (finding.fix.safety, finding.fix.edits[0].after) == ("unsafe", "Haukeland, Signe")
    assert repair_library(ris.Library(text.encode()), engine(desk, "CRE010"), ("safe",)) == text.encode()
    desk = Desk()
    desk.server.opinions["10.1234/tides.7"] = {
        "doi": "10.1234/tides.7", "title": TITLE, "authorships": [{"author": {"display_name": "Haukeland Signe"}}],
    }  # fmt: skip
    assert found(desk, text, "CRE010") == []


def test_a_missing_author_needs_two_registries_and_the_certain_work() -> None:
    three = [*TIDES["author"], {"family": "Tuilagi", "given": "Sefo"}]
    desk = Desk()
    desk.server.works["10.1234/tides.7"] = TIDES | {"author": three}
    text = record("Haukeland, Signe", "Tuilagi, Sefo", VL="7")
    (finding,) = found(desk, text, "CRE011")
    assert finding.message.endswith("Okafor missing")
    assert finding.fix is None
    assert finding.evidence[0].values == (("author", "Haukeland, Signe; Okafor, Ngozi; Tuilagi, Sefo"),)
    for doubtful in (text.replace("2014", "2009"), text.replace(TITLE, "Gulls"), text.replace("Sefo", "Sefo, et al.")):
        assert found(desk, doubtful, "CRE011") == []
    desk.server.opinions["10.1234/tides.7"] = {
        "doi": "10.1234/tides.7", "title": TITLE,
        "authorships": [{"author": {"display_name": name}} for name in ("Signe Haukeland", "Sefo Tuilagi")],
    }  # fmt: skip
    desk.registries = desk.another()
    assert found(desk, text, "CRE011") == []


def test_the_last_page_is_added_where_the_work_is_certain() -> None:
    text = record("Haukeland, Signe", VL="7", SP="11")
    done = repair_library(ris.Library(text.encode()), engine(Desk(), "PAG006", repairing=True), ("safe",)).decode()
    assert [line for line in done.splitlines() if line[:2] in ("SP", "EP")] == ["SP  - 11", "EP  - 29"]
    for page in ("12", "11-29", "e11", "011"):
        assert found(Desk(), record("Haukeland, Signe", VL="7", SP=page), "PAG006") == []
    assert found(Desk(), record("Haukeland, Signe", VL="7", SP="11", DO=""), "PAG006") == []
    (doubtful,) = found(Desk(), record("Dahl, Per", VL="7", SP="11"), "PAG006")
    assert doubtful.fix is not None
    assert doubtful.fix.safety == "unsafe"


@pytest.mark.parametrize("fields", [{"SP": "11", "EP": "11"}, {"SP": "11-11"}])
def test_who_says_twice_that_there_is_one_page_is_asked(fields: dict[str, str]) -> None:
    (finding,) = found(Desk(), record("Haukeland, Signe", VL="7", **fields), "PAG006")
    assert finding.fix is not None
    assert finding.fix.safety == "unsafe"
    assert [edit.after for edit in finding.fix.edits][-1] == "29"


@pytest.mark.parametrize("pages", ["11", "11-11", "11-9", "11-500", "e11-e29", ""])
def test_no_range_of_the_registry_no_finding(pages: str) -> None:
    desk = Desk()
    desk.server.works["10.1234/tides.7"] = TIDES | {"page": pages}
    assert found(desk, record("Haukeland, Signe", VL="7", SP="11"), "PAG006") == []


@pytest.mark.parametrize("tail", ["/full", "/abstract", "/pdf", ".pdf", "v2.full", "v1.full.pdf", "?via=card", "#s2"])
def test_the_end_of_an_address_is_cut_off(tail: str) -> None:
    text = record("Haukeland, Signe", VL="7", DO=f"10.1234/TIDES.7{tail}")
    (finding,) = found(Desk(), text, "DOI012")
    assert finding.fix is not None
    assert (finding.fix.safety, finding.fix.edits[0].after) == ("safe", "10.1234/TIDES.7")


def test_an_end_that_is_part_of_the_doi_stays() -> None:
    desk = Desk()
    desk.server.works["10.1234/tides.7/full"] = TIDES | {"DOI": "10.1234/tides.7/full"}
    assert found(desk, record("Haukeland, Signe", DO="10.1234/tides.7/full"), "DOI012") == []
    assert found(Desk(), record("Dahl, Per", TI="Gulls", PY="1980", DO="10.1234/tides.7/full"), "DOI012") == []
    assert found(Desk(), record("Haukeland, Signe", DO="10.1234/nobody.7/full"), "DOI012") == []


def nowhere(**fields: str) -> str:
    return record("Dahl, Per", **({"TI": UNKNOWN, "DO": "", "JF": "Letters on Fog", "VL": "7"} | fields))


def test_what_no_registry_has_is_said_with_doubt() -> None:
    desk = Desk()
    (finding,) = found(desk, nowhere(), "VER003")
    assert (finding.severity, finding.confidence, finding.fix) == ("info", "low", None)
    assert [(one.source, one.state) for one in finding.evidence] == [
        ("crossref", "absent"), ("datacite", "absent"), ("openalex", "absent"),
    ]  # fmt: skip
    assert len(desk.paths) == 4
    rule = next(rule for rule in PACK.rules if rule.id == "VER003")
    assert rule.profiles == ("strict",)


@pytest.mark.parametrize(
    "fields",
    [
        {"TY": "BOOK"}, {"TY": "THES"}, {"PY": "1987"}, {"PY": ""}, {"JF": ""}, {"VL": ""}, {"TI": "Dredging by light"},
        {"TI": "Baggern bei Laternenlicht im Jahr des großen Kometen"}, {"DO": "10.1234/x"},
        {"AN": "31234567", "DB": "PubMed"},
    ],
)  # fmt: skip
def test_nobody_is_asked_for_what_is_often_in_no_registry(fields: dict[str, str]) -> None:
    desk = Desk()
    assert found(desk, nowhere(**fields), "VER003") == []
    assert desk.paths == []


@pytest.mark.parametrize(
    "title",
    [f"{TITLE}: nine winters", "Storm tides in narrow harbours", "Silt they leave and storm tides in narrow harbors"],
)
def test_a_title_that_is_only_like_one_is_found(title: str) -> None:
    assert found(Desk(), nowhere(TI=title), "VER003") == []


def test_one_registry_that_has_it_is_enough() -> None:
    desk = Desk()
    desk.server.opinions["10.1234/dredging"] = {"doi": "10.1234/dredging", "title": f"{UNKNOWN}, 1910"}
    assert found(desk, nowhere(), "VER003") == []
    desk = Desk()
    desk.server.works["10.1234/dredging"] = work("10.1234/dredging", UNKNOWN, "Storm", 1999)
    assert found(desk, nowhere(), "VER003") == []
    assert found(Desk(), nowhere(TI="Card counts of nine harbours", PY="2020"), "VER003") == []  # DataCite's


@pytest.mark.parametrize("fault", [one for one in FAULTS if one != "redirect"])
@pytest.mark.parametrize("answered", range(4))
def test_every_registry_must_have_answered(fault: str, answered: int) -> None:
    assert found(Desk([""] * answered + [fault] * 500), nowhere(), "VER003") == []
    assert found(Desk(asking=False), nowhere(), "VER003") == []


@pytest.mark.parametrize("fault", [one for one in FAULTS if one != "redirect"])
@pytest.mark.parametrize("answered", [0, 1, 2])
def test_a_fault_is_no_evidence_against_anybody(fault: str, answered: int) -> None:
    for text, code in (
        (record("Signe, Haukeland", "Okafor, Ngozi"), "CRE010"),
        (record("Haukeland, Signe", DO="10.1234/tides.7/full"), "DOI012"),
    ):
        needed = 2 if code == "CRE010" else 3
        if answered < needed:
            assert found(Desk([""] * answered + [fault] * 500), text, code) == []


def test_zotero_items_get_their_last_page_and_their_names_right() -> None:
    data = {
        "itemType": "journalArticle", "title": TITLE, "date": "2014", "volume": "7", "pages": "11",
        "DOI": "10.1234/tides.7", "publicationTitle": "Annals of Moving Sand", "tags": [],
        "creators": [
            {"creatorType": "author", "lastName": "Signe", "firstName": "Haukeland"},
            {"creatorType": "author", "lastName": "Okafor", "firstName": "Ngozi"},
        ],
    }  # fmt: skip
    item = zotero.record(data)
    done = settle(item, engine(Desk(), "PAG006"), zotero.apply_to_item, ("safe", "unsafe"))
    assert zotero.patch(item, done.record) == {"pages": "11-29"}
    done = settle(item, engine(Desk(), "CRE010"), zotero.apply_to_item, ("safe", "unsafe"))
    (first, _) = zotero.patch(item, done.record)["creators"]
    assert (first["lastName"], first["firstName"]) == ("Haukeland", "Signe")
