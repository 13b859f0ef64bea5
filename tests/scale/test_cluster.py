"""Whole runs on worker processes: shards, resuming, lost workers, duplicates."""

from __future__ import annotations

import json
import logging
import os
import shutil
import signal
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from reflint import scale
from reflint.app.duplicates import dedupe
from reflint.app.reading import records_of
from reflint.app.sources import Source
from reflint.duplicates import Work, work_of
from reflint.errors import ConfigError
from tests.scale.shelves import (
    CSL,
    ONE_SPACE,
    ZOTERO,
    findings,
    groups,
    lines,
    manifest,
    plain,
    ris,
    shards,
    written,
)

SIZE = 40_000
"""Bytes of a range in these tests: some dozens of records."""


def shelf(here: Path, count: int = 6) -> Path:
    """Small files, and a large one."""
    (here / "refs").mkdir()
    for n in range(count):
        (here / f"refs/{n}.ris").write_bytes(ris(20 + n))
    (here / "refs/large.ris").write_bytes(ris(600))
    return here / "refs"


def test_a_folder_gives_the_findings_of_a_plain_check(client: Any, here: Path):
    shelf(here)
    (here / "refs/alike.ris").write_bytes(ris(30, ONE_SPACE))
    (here / "refs/library.csl.json").write_text(json.dumps(CSL))
    done = scale.check(["refs"], "out", client=client, range_size=SIZE)
    names = sorted(str(path) for path in Path("refs").iterdir())
    assert findings(Path("out"), *names) == plain("refs")
    assert len(shards(Path("out"), "refs/large.ris")) > 3
    assert done.summary.findings == len(plain("refs"))
    assert (done.errors, done.left_out) == ([], ())
    told = manifest(Path("out"))
    assert told["complete"]
    assert told["summary"]["records"] == sum(one["records"] for one in told["sources"]) == done.summary.records
    assert told["summary"]["by_rule"] == dict(sorted(Counter(json.loads(one)["rule"] for one in plain("refs")).items()))


@pytest.mark.parametrize("items", [CSL, ZOTERO], ids=["csl", "zotero"])
def test_json_lines_are_items_at_their_lines(client: Any, here: Path, items: list[dict[str, Any]]):
    Path("a.jsonl").write_text("\n".join([*map(json.dumps, items), "", json.dumps(items[0]), ""]))
    Path("a.json").write_text("[\n" + ",\n".join(map(json.dumps, [*items, items[0]])) + "]")
    done = scale.check(["a.jsonl"], "out", client=client)
    found = [json.loads(line) for line in findings(Path("out"), "a.jsonl")]
    told = [json.loads(line) for line in plain("a.json")]
    for one in (*found, *told):
        del one["source"]
        one["range"]["start"]["line"] = one["range"]["end"]["line"] = None
    assert found == told
    assert done.summary.records == len(items) + 1
    numbers = {line["range"]["start"]["line"] for line in map(json.loads, findings(Path("out"), "a.jsonl"))}
    assert numbers == {1, len(items) + 2} | ({2} if items is CSL else set())


def test_a_parquet_column_of_ris_is_the_file_made_of_its_values(client: Any, here: Path):
    pa, pq = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    records = [one + "ER  - " for one in ris(50).decode().split("ER  - ") if one.strip()]
    table = pa.table({"n": range(len(records)), "note": ["TY"] * len(records), "record": records})
    pq.write_table(table, "a.parquet", row_group_size=7)
    Path("a.ris").write_text("".join(one + "\n" for one in records))
    done = scale.check(["a.parquet"], "out", client=client)
    assert [line.replace("a.parquet", "a.ris") for line in findings(Path("out"), "a.parquet")] == plain("a.ris")
    assert done.summary.sources[0].format == "ris"


def test_a_parquet_column_of_csl_is_json_lines(client: Any, here: Path):
    pa, pq = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    pq.write_table(pa.table({"item": [*map(json.dumps, CSL), None, json.dumps(CSL[0])]}), "a.parquet")
    Path("a.jsonl").write_text("\n".join([*map(json.dumps, CSL), "", json.dumps(CSL[0])]))
    scale.check(["a.parquet", "a.jsonl"], "out", client=client)
    found = [line.replace("a.parquet", "a.jsonl") for line in findings(Path("out"), "a.parquet")]
    assert found == findings(Path("out"), "a.jsonl")
    assert found


def test_findings_as_parquet_are_the_same(client: Any, here: Path):
    pq = pytest.importorskip("pyarrow.parquet")
    shelf(here, 2)
    (here / "refs/odd.csl.json").write_text('[{"id": "x", "type": "book", "title": "Half \\ud83d of it."}]')
    scale.check(["refs"], "out", client=client, range_size=SIZE, format="parquet")
    found = [
        row
        for source in manifest(Path("out"))["sources"]
        for shard in source["shards"]
        for row in pq.read_table(f"out/findings/{shard}.parquet").to_pylist()
    ]
    told = [json.loads(line) for line in plain("refs")]
    assert len(found) == len(told)
    for row, one in zip(found, told, strict=True):
        assert {name: row[name] for name in ("rule", "source", "record", "range", "field", "fingerprint")} == {
            name: json.loads(json.dumps(one[name]).replace("\\ud83d", "?"))
            for name in ("rule", "source", "record", "range", "field", "fingerprint")
        }
        assert (row["fix"] or {}).get("title") == (one["fix"] or {}).get("title")


def test_a_bad_shard_is_named_and_stops_no_other(client: Any, here: Path):
    shelf(here, 2)
    (here / "refs/bad.ris").write_bytes(b"%0 Journal Article\n%T Not RIS\n")
    (here / "refs/bad.jsonl").write_text('{"id": "a", "type": "book"}\n{"id": \n')
    (here / "refs/bad.parquet").write_bytes(b"PAR1 is not enough")
    (here / "refs/words.jsonl").write_text("some words\n")
    done = scale.check(["refs", "nowhere"], "out", client=client, range_size=SIZE)
    bad = ["refs/bad.jsonl", "refs/bad.parquet", "refs/bad.ris", "refs/words.jsonl", "nowhere"]
    assert [error.partition(":")[0] for error in done.errors] == bad
    assert "line 2" in done.errors[0]
    told = {one["source"]: one for one in manifest(Path("out"))["sources"]}
    assert [name for name, one in told.items() if one["error"]] == bad
    assert all(told[name]["shards"] == [] for name in bad)
    good = ["refs/0.ris", "refs/1.ris", "refs/large.ris"]
    assert findings(Path("out"), *good) == plain(*good)


def test_a_second_run_does_what_is_missing_or_changed(client: Any, here: Path):
    refs, out = shelf(here), here / "out"

    def again(**more: Any) -> int:
        return scale.check(["refs"], "out", client=client, range_size=SIZE, **more).checked

    parts = again()
    first = written(out)
    assert again() == 0
    assert {name: at for name, at in written(out).items() if name != "manifest.json"} == {
        name: at for name, at in first.items() if name != "manifest.json"
    }
    os.utime(refs / "0.ris", ns=(1, 1))
    os.utime(refs / "large.ris", ns=(1, 1))
    assert again() == 0
    (refs / "1.ris").write_bytes(ris(9))
    assert again() == 1
    before = written(out)
    with (refs / "large.ris").open("ab") as file:
        file.write(ris(3))
    assert again() == 1  # the last range alone
    changed = {name for name, at in written(out).items() if at != before.get(name) and name.startswith("findings")}
    assert changed == {f"findings/{shards(out, 'refs/large.ris')[-1]}.jsonl"}
    (out / "findings" / f"{shards(out, 'refs/2.ris')[0]}.jsonl").unlink()
    (out / "keys" / f"{shards(out, 'refs/large.ris')[1]}.parquet").unlink()
    assert again() == 2
    gone = shards(out, "refs/3.ris")[0]
    (refs / "3.ris").unlink()
    (out / "keys/.half.reflint").write_bytes(b"of a lost worker")
    assert again() == 0
    assert [name for name in written(out) if gone in name or "half" in name] == []
    assert findings(out, *sorted(str(path.relative_to(here)) for path in refs.iterdir())) == plain("refs")
    assert again(ignore=["PAG"]) == parts - 1
    assert again(ignore=["PAG"]) == 0


def test_the_manifest_says_whether_the_run_has_ended(client: Any, here: Path):
    (here / "refs").mkdir()
    (here / "refs/0.ris").write_bytes(ris(60))
    begun: list[Any] = []
    scale.check(["refs"], here / "out", client=client, progress=lambda size: begun.append(manifest(here / "out")))
    assert [(one["complete"], one["sources"]) for one in begun] == [(False, ["refs/0.ris"])]
    assert manifest(here / "out")["complete"]


def test_a_line_more_at_the_top_moves_all_that_follows(client: Any, here: Path):
    refs, out = shelf(here, 0), here / "out"
    scale.check(["refs"], out, client=client, range_size=SIZE)
    large = refs / "large.ris"
    large.write_bytes(b"a stray line\n" + large.read_bytes())
    scale.check(["refs"], out, client=client, range_size=SIZE)
    assert findings(out, "refs/large.ris") == plain("refs")


def test_a_lost_worker_is_survived(here: Path):
    from distributed import Client, LocalCluster

    (here / "refs").mkdir()
    for n in range(30):
        (here / f"refs/{n:02}.ris").write_bytes(ris(60 + n))
    (here / "refs/large.ris").write_bytes(ris(600))
    done: list[int] = []
    with (
        LocalCluster(
            n_workers=2, threads_per_worker=1, dashboard_address="127.0.0.1:0", silence_logs=logging.ERROR
        ) as cluster,
        Client(cluster, set_as_default=False) as client,
    ):
        pids = client.run(os.getpid)

        def kill(size: int) -> None:
            done.append(size)
            if len(done) == 5:
                os.kill(next(iter(pids.values())), signal.SIGKILL)

        outcome = scale.check(["refs"], "out", client=client, range_size=SIZE, progress=kill)
    told = manifest(here / "out")
    assert outcome.errors == []
    assert outcome.checked == outcome.parts == len(told["shards"]) == len(set(told["shards"])) == len(done)
    assert sum(done) == sum(path.stat().st_size for path in (here / "refs").iterdir())
    assert {path.stem for path in (here / "out/findings").iterdir()} == set(told["shards"])
    assert findings(here / "out", *(one["source"] for one in told["sources"])) == plain("refs")


RECORD = "TY  - JOUR\nTI  - {title}\nAU  - {author}\nPY  - {year}\nSP  - {n}\n{more}ER  - \n\n"


def with_duplicates(here: Path) -> None:
    """Shards in which works recur: by DOI, by PMID, by title, first author and year; and some that only seem to."""
    for shard in range(4):
        text = [
            RECORD.format(title=f"Unlike any other, number {shard}{n}", author="Okafor, N.", year=2001, n=n, more="")
            for n in range(30)
        ]
        if shard < 3:
            doi = "DO  - https://doi.org/10.5555/REEDS\n" if shard else "DO  - 10.5555/reeds\n"
            text.append(RECORD.format(title="Reeds, in brief", author="Lund, A.", year=2003, n=5, more=doi))
        if shard in (0, 3):
            text.append(
                RECORD.format(
                    title="The Dunes of the North and Their Grasses.", author="Miller, A.", year=2010, n=7, more=""
                )
            )
        if shard == 2:
            text.append(
                RECORD.format(
                    title="The dunes of the north and their grasses", author="Miller, Anna", year=2010, n=7, more=""
                )
            )
            text.append(
                RECORD.format(
                    title="The dunes of the north and their grasses", author="Miller, Anna", year=2011, n=99, more=""
                )
            )
        (here / f"{shard}.ris").write_text("".join(text))
    item = {"id": "r", "type": "article-journal", "title": "Reeds, in brief", "DOI": "https://doi.org/10.5555/reeds"}
    (here / "4.jsonl").write_text(json.dumps(item) + "\n")


def of_work(work: Work) -> list[tuple[str, str]]:
    """The exact keys, from what `reflint dedupe` compares."""
    title = (
        f"{work.authors[0]} {work.year} {work.title}" if work.authors and work.year and len(work.title) >= 12 else ""
    )
    return [(name, value) for name, value in (("doi", work.doi), ("pmid", work.pmid), ("title", title)) if value]


def test_groups_are_those_of_the_exact_keys(client: Any, here: Path):
    with_duplicates(here)
    names = [f"{n}.ris" for n in range(4)]
    outcome = scale.check([*names, "4.jsonl"], "out", client=client)
    found = {
        (one["by"], one["value"]): [(r["source"], r["index"]) for r in one["records"]] for one in groups(here / "out")
    }
    told: dict[tuple[str, str], list[tuple[str, int]]] = {}
    for name in names:
        for record in records_of(Source(name, here / name)):
            for key in of_work(work_of(record)):
                told.setdefault(key, []).append((name, record.index))
    told["doi", "10.5555/reeds"].append(("4.jsonl", 0))
    assert found == {key: records for key, records in told.items() if len(records) > 1}
    assert len(found) == outcome.groups == 3
    assert found["doi", "10.5555/reeds"] == [("0.ris", 30), ("1.ris", 30), ("2.ris", 30), ("4.jsonl", 0)]


def test_groups_hold_what_dedupe_calls_the_same(client: Any, here: Path):
    with_duplicates(here)
    names = [f"{n}.ris" for n in range(4)]
    scale.check(names, "out", client=client)
    together = {frozenset((r["source"], r["index"]) for r in one["records"]) for one in groups(here / "out")}
    same = {
        frozenset((member[0], member[1]) for member in group.records)
        for group in dedupe(names).groups
        if group.kind == "same"
    }
    assert together == same
    assert len(same) == 2


def test_groups_are_the_same_however_the_keys_are_divided(client: Any, here: Path, monkeypatch: pytest.MonkeyPatch):
    from reflint.scale import duplicates

    with_duplicates(here)
    scale.check([f"{n}.ris" for n in range(4)], "one", client=client)
    monkeypatch.setattr(duplicates, "_PARTITION", 40)
    monkeypatch.setattr(duplicates, "_READ", 1)
    scale.check([f"{n}.ris" for n in range(4)], "many", client=client)
    assert len(manifest(here / "many")["duplicates"]) > 2
    assert sorted(map(str, groups(here / "many"))) == sorted(map(str, groups(here / "one")))
    shutil.rmtree(here / "many/duplicates")
    again = scale.check([f"{n}.ris" for n in range(4)], "many", client=client)
    assert (again.checked, again.groups) == (0, 3)


def test_rules_over_a_library_are_left_out_and_named(client: Any, here: Path):
    shelf(here, 2)
    outcome = scale.check(["refs"], "out", client=client, select=["CTR006", "PAG003"])
    assert outcome.left_out == ("CTR006",)
    assert set(outcome.summary.by_rule) == {"PAG003"}
    assert manifest(here / "out")["left_out"] == ["CTR006"]


def test_the_folder_written_to_is_no_source(client: Any, here: Path):
    shelf(here, 1)
    for _ in range(2):
        scale.check(["."], "out", client=client)
    assert [one["source"] for one in manifest(here / "out")["sources"]] == ["refs/0.ris", "refs/large.ris"]


def test_a_folder_of_something_else_is_refused(client: Any, here: Path):
    shelf(here, 1)
    for out in ("refs", "refs/0.ris"):
        with pytest.raises(ConfigError, match="refs"):
            scale.check(["refs"], out, client=client)
    assert sorted(path.name for path in (here / "refs").iterdir()) == ["0.ris", "large.ris"]


def test_a_scheduler_is_connected_to_by_its_address(client: Any, here: Path):
    shelf(here, 1)
    outcome = scale.check(["refs/0.ris"], "out", scheduler=client.scheduler.address)
    assert lines(here / "out", shards(here / "out", "refs/0.ris")[0]) == plain("refs/0.ris")
    assert outcome.checked == 1


def test_a_scheduler_that_does_not_answer_is_named(here: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("reflint.scale.running._WAIT", 0.5)
    (here / "a.ris").write_bytes(ris(1))
    with pytest.raises(ConfigError, match=r"tcp://127\.0\.0\.1:1: no Dask scheduler"):
        scale.check(["a.ris"], "out", scheduler="tcp://127.0.0.1:1")


@pytest.mark.parametrize("argument", ["-", "zotero:groups/1"])
def test_what_is_no_file_is_refused(here: Path, argument: str):
    with pytest.raises(ConfigError, match="files and folders only"):
        scale.check([argument], "out")
