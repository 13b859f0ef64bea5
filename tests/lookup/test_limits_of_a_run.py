"""A run's limits: what is asked again though it is known, and how long a run may ask at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from reflint.app.online import adviser
from reflint.app.settings import Settings
from reflint.errors import ConfigError
from reflint.lookup.client import TRIES
from tests.lookup.desk import Desk
from tests.servers.crossref.works import TIDES as WORK

TIDES, NOBODY = "10.1234/tides.7", "10.1234/nobody.1"


def test_a_refreshed_answer_takes_the_place_of_the_old_one(tmp_path: Path) -> None:
    desk = Desk(folder=tmp_path)
    assert desk.registries.crossref.work(TIDES).value.volume == "7"
    desk.server.works[TIDES] = WORK | {"volume": "8"}
    desk.clock.now += 60
    refreshing = desk.another(refresh=True)
    assert [refreshing.crossref.work(TIDES).value.volume for _ in range(3)] == ["8"] * 3
    assert len(desk.server.requests) == 2
    assert desk.another().crossref.work(TIDES).value.volume == "8"
    assert len(desk.server.requests) == 2


def test_a_refreshed_search_tells_its_works_anew(tmp_path: Path) -> None:
    desk = Desk(folder=tmp_path)
    desk.registries.crossref.search("storm tides narrow harbours silt")
    desk.server.works[TIDES] = WORK | {"volume": "8"}
    desk.clock.now += 60
    refreshing = desk.another(refresh=True)
    refreshing.crossref.search("storm tides narrow harbours silt")
    assert refreshing.crossref.work(TIDES).value.volume == "8"
    assert len(desk.server.requests) == 2


def test_a_refresh_that_fails_costs_nothing_that_was_known(tmp_path: Path) -> None:
    desk = Desk(folder=tmp_path)
    desk.registries.crossref.work(TIDES)
    desk.clock.now += 60
    desk.server.faults.extend(["500"] * 50)
    refreshing = desk.another(refresh=True)
    assert [refreshing.crossref.work(TIDES).state for _ in range(3)] == ["unknown"] * 3
    assert len(desk.server.requests) == 1 + TRIES
    assert refreshing.crossref.client.unanswered == 1
    assert desk.another().crossref.work(TIDES).found


def test_who_may_not_ask_refreshes_nothing(tmp_path: Path) -> None:
    desk = Desk(folder=tmp_path)
    desk.registries.crossref.work(TIDES)
    desk.clock.now += 60
    assert desk.another(asking=False, refresh=True).crossref.work(TIDES).found


def test_an_answer_that_comes_later_closes_the_question() -> None:
    desk = Desk(["500"] * TRIES)
    desk.registries.crossref.work(TIDES)
    assert desk.registries.crossref.client.unanswered == 1
    desk.clock.now += 61
    assert desk.registries.crossref.work(TIDES).found
    assert desk.registries.crossref.client.unanswered == 0


def test_when_the_time_is_over_nothing_more_is_asked(tmp_path: Path) -> None:
    desk = Desk(folder=tmp_path, limit=3.0)
    dois = [f"10.1234/none.{number}" for number in range(100)]
    states = [desk.registries.crossref.work(doi).state for doi in dois]
    asked = len(desk.server.requests)
    assert 20 < asked < 40  # ten a second are allowed
    assert states == ["absent"] * asked + ["unknown"] * (100 - asked)
    client = desk.registries.crossref.client
    assert (client.late, client.unanswered) == (100 - asked, 100 - asked)
    assert desk.clock.now <= 3.0
    assert desk.registries.crossref.work(dois[0]).absent  # what is known is said after that, too


def test_the_next_run_goes_on_where_the_time_was_over(tmp_path: Path) -> None:
    desk = Desk(folder=tmp_path, limit=3.0)
    dois = [f"10.1234/none.{number}" for number in range(100)]
    for _ in range(4):
        states = {desk.registries.crossref.work(doi).state for doi in dois}
        desk.registries.close()
        desk.registries = desk.another(limit=3.0)
    assert states == {"absent"}
    assert len(desk.server.requests) == len(set(desk.paths)) == 100


@pytest.mark.parametrize("fault", ["429", "503", "429bare", "slow"])
def test_no_wait_is_begun_that_would_end_too_late(fault: str) -> None:
    desk = Desk([fault] * 50, limit=2.0)
    answer = desk.registries.crossref.work(TIDES)
    assert (answer.state, answer.why) == ("unknown", "the run's time was over")
    assert desk.clock.now <= 2.0


@pytest.mark.parametrize("odd", ["10", "m", "0m", "-1m", "10 minutes", "1e3s", "١m"])
def test_a_time_limit_that_is_none_is_refused(odd: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REFLINT_CACHE_DIR", str(tmp_path))
    with pytest.raises(ConfigError, match="online-limit"):
        adviser(Settings().over({"online-limit": odd}, "a test"))


@pytest.mark.parametrize("good", ["90s", " 10m ", "1.5h", ""])
def test_a_time_limit_is_a_number_and_a_unit(good: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REFLINT_CACHE_DIR", str(tmp_path))
    adviser(Settings().over({"online-limit": good}, "a test")).close()
