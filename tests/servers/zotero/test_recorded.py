"""The recorded exchanges with a real data server, where they stand beside the repository: all answers are equal."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.inputs import ROOT
from tests.servers.zotero.replay import Replay, read

DATA = ROOT.parent / "shared" / "data" / "zotero" / "recorded"

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason=f"the shared recordings are not at {DATA}")

SCENARIOS = dict(read(DATA)) if DATA.is_dir() else {}
WORLD: dict[str, Any] = json.loads((DATA / "world.json").read_text(encoding="utf-8")) if DATA.is_dir() else {}


def world(**members: list[dict[str, Any]]) -> dict[str, Any]:
    """The recorded world, with other members in its first group."""
    first, *others = WORLD["groups"]
    return {**WORLD, "groups": [{**first, **members}, *others]}


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_exchange_that_can_be_replayed_is_equal_in_all_its_json(name: str):
    replay = Replay(SCENARIOS[name], WORLD)
    assert [result for result in replay.run() if result.level < 3] == []


# Exchanges that a replay against the real server could not repeat; here the world, the clock and the limits are ours.


@pytest.mark.parametrize("name", [name for name in SCENARIOS if name.startswith(("011", "102"))])
def test_exchanges_that_need_another_world_or_a_fresh_address(name: str):
    replay = Replay(SCENARIOS[name], world(members=[{"user": 2, "role": "member"}]))
    assert [result for result in map(replay.one, replay.exchanges) if result.level < 3] == []


@pytest.mark.parametrize("name", [name for name in SCENARIOS if name.startswith(("082", "099", "119"))])
def test_exchanges_about_limits_and_the_protocol(name: str):
    replay = Replay(SCENARIOS[name], WORLD, limits=True)
    for exchange in replay.exchanges:
        if exchange["response"]["status"] == 429:
            replay.exhaust(exchange)
        assert replay.one(exchange).level == 3


@pytest.mark.parametrize("name", [name for name in SCENARIOS if name.startswith("084")])
def test_exchanges_with_a_server_in_maintenance(name: str):
    replay = Replay(SCENARIOS[name], WORLD)
    for exchange in replay.exchanges:
        replay.server.maintenance = note if (note := exchange.get("note")) in ("down", "read-only") else None
        assert replay.one(exchange).level == 3
