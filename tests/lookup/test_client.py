"""The client: three answers and no other, patience with limits, and no question asked twice."""

from __future__ import annotations

import threading
from itertools import pairwise
from pathlib import Path

import httpx2
import pytest

from reflint.errors import ConfigError
from reflint.lookup.client import TRIES
from reflint.lookup.registries import endpoints
from tests.lookup.desk import Desk

TIDES, NOBODY = "10.1234/tides.7", "10.1234/nobody.1"
TRANSIENT = "429 429date 429bare 500 503 504 slow truncated badjson html html404 empty reset".split()


def test_a_work_is_found_and_another_is_absent() -> None:
    desk = Desk()
    found, absent = desk.registries.crossref.work(TIDES), desk.registries.crossref.work(NOBODY)
    assert found.found
    assert found.value is not None
    assert (found.value.volume, found.value.page, found.value.abstract) == (
        "7",
        "11-29",
        "Silt was measured in nine harbours.",
    )
    assert absent.absent


@pytest.mark.parametrize("fault", [*TRANSIENT, "redirect"])
def test_a_fault_that_passes_costs_a_request_and_no_answer(fault: str) -> None:
    desk = Desk([fault])
    assert desk.registries.crossref.work(TIDES).found
    assert len(desk.server.requests) == 2


@pytest.mark.parametrize("fault", [*TRANSIENT, "400", "403", "away", "circle", "huge"])
@pytest.mark.parametrize("doi", [TIDES, NOBODY])
def test_a_fault_that_stays_is_unknown_and_never_absent(fault: str, doi: str) -> None:
    desk = Desk([fault] * 50)
    answer = desk.registries.crossref.work(doi)
    assert (answer.state, answer.value) == ("unknown", None)
    assert answer.why
    assert len(desk.server.requests) <= TRIES
    assert desk.registries.crossref.client.unanswered == 1


@pytest.mark.parametrize("registry", ["datacite", "openalex", "doi_org", "pubmed"])
@pytest.mark.parametrize("fault", TRANSIENT)
def test_no_registry_takes_a_fault_for_an_answer(registry: str, fault: str) -> None:
    desk = Desk([fault] * 50)
    asked = getattr(desk.registries, registry)
    question = {"doi_org": "handle", "pubmed": "doi"}.get(registry, "work")
    assert getattr(asked, question)("31234567" if registry == "pubmed" else NOBODY).state == "unknown"


def test_each_registry_says_found_and_absent_in_its_own_way() -> None:
    asked = Desk().registries
    assert asked.datacite.work("10.2345/data.1").value.title == "Card counts of nine harbours"
    assert asked.datacite.work(NOBODY).absent
    assert asked.openalex.work(TIDES).value.authors[0] == ("Haukeland", "Signe")
    assert asked.openalex.work(NOBODY).absent
    assert asked.doi_org.handle("10/gulls").value.alias == TIDES
    assert asked.doi_org.handle(NOBODY).absent
    assert (asked.doi_org.agency("10.3456/medra.1").value, asked.doi_org.agency(NOBODY).absent) == ("mEDRA", True)
    assert (asked.pubmed.doi("31234567").value, asked.pubmed.doi("1").absent) == (TIDES, True)
    assert asked.crossref.journal("0317-8471").value.title == "Annals of Moving Sand"
    assert asked.crossref.journal("2434-561X").absent


def test_retry_after_is_obeyed_and_the_waits_grow_without_it() -> None:
    desk = Desk(["429"])
    desk.registries.crossref.work(TIDES)
    assert sum(desk.clock.slept) >= 7
    desk = Desk(["500"] * 4)
    desk.registries.crossref.work(TIDES)
    waits = [seconds for seconds in desk.clock.slept if seconds > 0.5]
    assert len(waits) == 4
    assert all(later > sooner for sooner, later in pairwise(waits))


def test_a_hundred_questions_keep_to_the_stated_limits() -> None:
    desk = Desk(mailto="somebody@example.org")
    for number in range(100):
        desk.registries.crossref.work(f"10.1234/none.{number}")
    assert desk.server.over == []
    assert desk.clock.now >= 99 / 10
    assert {one.query["mailto"] for one in desk.server.requests} == {"somebody@example.org"}
    assert all("mailto:somebody@example.org" in one.agent for one in desk.server.requests)


def test_without_an_address_none_is_sent() -> None:
    desk = Desk()
    desk.registries.crossref.work(TIDES)
    assert "mailto" not in desk.server.requests[0].query
    assert "mailto" not in desk.server.requests[0].agent


def test_equal_questions_at_one_time_are_one_request() -> None:
    desk, inside, go = Desk(), threading.Event(), threading.Event()
    handle = desk.server.handle

    def slowly(*arguments):
        inside.set()
        go.wait()
        return handle(*arguments)

    desk.server.handle = slowly
    answers = []
    threads = [threading.Thread(target=lambda: answers.append(desk.registries.crossref.work(TIDES))) for _ in range(4)]
    for thread in threads:
        thread.start()
    inside.wait()
    go.set()
    for thread in threads:
        thread.join()
    assert [answer.found for answer in answers] == [True] * 4
    assert len(desk.server.requests) == 1


def test_a_second_run_makes_no_request_at_all(tmp_path: Path) -> None:
    desk = Desk(folder=tmp_path)
    first = [desk.registries.crossref.work(doi).state for doi in (TIDES, NOBODY)]
    desk.registries.close()
    count = len(desk.server.requests)
    again = desk.another()
    assert [again.crossref.work(doi).state for doi in (TIDES, NOBODY)] == first == ["found", "absent"]
    assert len(desk.server.requests) == count
    assert (tmp_path / "registries.sqlite").stat().st_mode & 0o777 == 0o600


def test_answers_grow_old_each_in_its_own_time(tmp_path: Path) -> None:
    desk = Desk(folder=tmp_path)
    desk.registries.crossref.work(TIDES)
    desk.registries.crossref.work(NOBODY)
    desk.clock.now += 4 * 86_400
    desk.registries.crossref.work(TIDES)
    desk.registries.crossref.work(NOBODY)
    assert desk.paths.count(f"crossref /works/{NOBODY}") == 2
    assert desk.paths.count(f"crossref /works/{TIDES}") == 1
    desk.clock.now += 30 * 86_400
    desk.registries.crossref.work(TIDES)
    assert desk.paths.count(f"crossref /works/{TIDES}") == 2


def test_a_failure_is_asked_again_a_minute_later(tmp_path: Path) -> None:
    desk = Desk(["500"] * TRIES, tmp_path)
    assert desk.registries.crossref.work(TIDES).state == "unknown"
    assert desk.registries.crossref.work(TIDES).state == "unknown"
    assert len(desk.server.requests) == TRIES
    desk.clock.now += 61
    assert desk.registries.crossref.work(TIDES).found


def test_a_registry_that_fails_again_and_again_is_left_in_peace() -> None:
    desk = Desk(["500"] * 1_000)
    for number in range(50):
        assert desk.registries.crossref.work(f"10.1234/none.{number}").state == "unknown"
    assert len(desk.server.requests) == 3 * TRIES
    desk.server.faults.clear()
    desk.clock.now += 301
    assert desk.registries.crossref.work(TIDES).found


def test_a_damaged_cache_is_made_anew(tmp_path: Path) -> None:
    (tmp_path / "registries.sqlite").write_bytes(b"no database" * 1_000)
    desk = Desk(folder=tmp_path)
    assert desk.registries.crossref.work(TIDES).found
    assert desk.another().crossref.work(TIDES).found
    assert len(desk.server.requests) == 1


def test_what_may_not_ask_uses_what_is_known(tmp_path: Path) -> None:
    desk = Desk(folder=tmp_path)
    desk.registries.crossref.work(TIDES)
    silent = desk.another(asking=False)
    assert silent.crossref.work(TIDES).found
    assert silent.crossref.work(NOBODY).state == "unknown"
    assert len(desk.server.requests) == 1


def test_hits_of_a_search_need_not_be_asked_for_again() -> None:
    desk = Desk()
    hits = desk.registries.crossref.search("storm tides narrow harbours silt").value
    assert TIDES in [one.doi for one in hits]
    assert desk.registries.crossref.work(TIDES).value.abstract == "Silt was measured in nine harbours."
    assert len(desk.server.requests) == 1


def test_nothing_of_a_redirection_leaves_the_host() -> None:
    desk = Desk(["away"])
    assert desk.registries.crossref.work(TIDES).why == "crossref sends us to another host"
    assert len(desk.server.requests) == 1


def test_a_host_that_cannot_be_reached_is_not_insisted_on() -> None:
    class Deaf(httpx2.BaseTransport):
        tries = 0

        def handle_request(self, request: httpx2.Request) -> httpx2.Response:
            self.tries += 1
            raise httpx2.ConnectError("Name or service not known")

    deaf = Deaf()
    desk = Desk(transport=deaf)
    states = {desk.registries.crossref.work(f"10.1234/none.{number}").state for number in range(20)}
    assert (states, deaf.tries) == ({"unknown"}, 2)


def test_addresses_come_from_the_environment() -> None:
    found = endpoints({"REFLINT_CROSSREF_ENDPOINT": "http://127.0.0.1:9/x", "REFLINT_DOI_ENDPOINT": "off"})
    assert found["CROSSREF"] == "http://127.0.0.1:9/x"
    assert found["DOI"] is None
    assert str(found["OPENALEX"]).startswith("https://")
    with pytest.raises(ConfigError, match="REFLINT_DOI_ENDPOINT"):
        endpoints({"REFLINT_DOI_ENDPOINT": "doi.org"})
