"""Reading a library through faults: an answer is whole or there is none, and the cache asks only for what it lacks."""

from __future__ import annotations

from pathlib import Path

import pytest

from reflint.errors import SourceError
from reflint.zotero.snapshot import Snapshot
from reflint.zotero.web import Refused, Unreachable
from tests.servers.zotero import faults as f
from tests.servers.zotero.faults import Fault
from tests.servers.zotero.state import Server
from tests.zotero.desk import COLLEAGUE, LIBRARY, Desk, article


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path, map(article, range(230)))


def read(desk: Desk) -> dict[str, int]:
    snapshot = Snapshot(desk.folder / "cache", desk.web(), "7")
    try:
        snapshot.refresh()
        assert [item["key"] for item in snapshot] == sorted(snapshot.versions)
        return snapshot.versions
    finally:
        snapshot.close()


def truth(desk: Desk) -> dict[str, int]:
    return {key: item["version"] for key, item in sorted(desk.server.items(LIBRARY).items())}


def test_a_library_is_read_with_one_request_for_a_hundred_items(desk: Desk) -> None:
    assert read(desk) == truth(desk)
    assert len(desk.transport.sent) == 1 + 3 + 1
    assert read(desk) == truth(desk)
    assert len(desk.transport.sent) == 5 + 1


def test_changes_and_deletions_are_seen(desk: Desk) -> None:
    read(desk)
    desk.server.edit(LIBRARY, desk.keys[3], user=COLLEAGUE, title="New")
    desk.server.delete(LIBRARY, desk.keys[4], user=COLLEAGUE)
    desk.server.edit(LIBRARY, desk.keys[5], user=COLLEAGUE, deleted=1)
    assert read(desk) == truth(desk)
    assert len(desk.transport.sent) == 5 + 3


def test_what_changes_while_it_is_read_is_read_again(desk: Desk) -> None:
    def meddle(server: Server) -> None:
        server.edit(LIBRARY, sorted(server.items(LIBRARY))[0], user=COLLEAGUE, title="New")
        server.delete(LIBRARY, sorted(server.items(LIBRARY))[1], user=COLLEAGUE)

    desk.faults([f.on_request(3, f.foreign_edit(meddle))])
    assert read(desk) == truth(desk)


@pytest.mark.parametrize(
    "kind",
    [
        f.refuse, f.drop_before, f.drop_after, f.truncated, f.timeout(processed=False), f.html_page(), f.backoff(5),
        f.status(500), f.status(502), f.status(503), f.status(504), f.status(429), f.status(429, {"Retry-After": "9"}),
    ],
)  # fmt: skip
@pytest.mark.parametrize("number", [1, 2, 5])
def test_a_passing_fault_costs_time_and_nothing_else(desk: Desk, kind: f.Kind, number: int) -> None:
    desk.faults([f.on_request(number, kind)])
    assert read(desk) == truth(desk)


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (f.refuse, "no connection"),
        (f.timeout(processed=False), "no connection"),
        (f.html_page(), "not what the Zotero API sends"),
        (f.truncated, "cut off"),
        (f.status(500), "the server failed"),
        (f.status(429), "stayed busy"),
    ],
)
def test_a_lasting_fault_is_told_and_a_later_reading_goes_on(desk: Desk, kind: f.Kind, said: str) -> None:
    seen = []

    def third(request: object) -> bool:
        seen.append(request)
        return len(seen) > 2

    desk.faults([Fault(lambda request, nth, write: third(request), kind, times=99)])
    with pytest.raises(Unreachable, match=said):
        read(desk)
    desk.faults([])
    assert read(desk) == truth(desk)
    chunks = [one for one in desk.transport.sent if "itemKey" in one.query]
    assert len(chunks) == 2  # the hundred that had come is not asked for again


def test_a_refusal_is_not_asked_twice(desk: Desk) -> None:
    desk.faults([f.on_request(1, f.status(403, {}, "<b>Forbidden</b>"))])
    with pytest.raises(Refused, match=r"Forbidden \(403\)"):
        read(desk)
    assert len(desk.transport.sent) == 1


def test_a_library_brought_back_from_a_backup_is_read_anew(desk: Desk) -> None:
    backup = desk.server.backup()
    desk.server.edit(LIBRARY, desk.keys[0], user=COLLEAGUE, title="After the backup")
    read(desk)
    desk.server.restore(backup)
    assert read(desk) == truth(desk)


def test_a_damaged_cache_is_made_anew(desk: Desk) -> None:
    read(desk)
    for path in (desk.folder / "cache").iterdir():
        path.write_bytes(b"not a database, and long enough to be looked at" * 40)
    assert read(desk) == truth(desk)


def test_a_cache_that_cannot_be_written_is_told(desk: Desk) -> None:
    (desk.folder / "cache").write_text("in the way")
    with pytest.raises(SourceError, match="cache cannot be used"):
        read(desk)


def test_malformed_keys_never_reach_the_server(desk: Desk) -> None:
    for keys in (["nope"], ["ABCD2345", ""], desk.keys[:101]):  # none well-formed would mean the whole library
        with pytest.raises(ValueError, match="item keys"):
            desk.web().items(keys)
    assert desk.transport.sent == []
