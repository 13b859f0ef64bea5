"""The seed case: what Pure exports, named at its lines, repaired, and read rightly by others afterwards."""

from __future__ import annotations

from pathlib import Path

import pytest
import rispy

from tests.command import Shell
from tests.inputs import FIXTURES, PURE

VARIANTS = sorted((FIXTURES / "pure-variants").glob("*.ris"))
TITLE = "Carbon balance of restored mangroves"
SUBTITLE = "eleven years of sediment cores from the Bay of Amatique"
JOURNAL = "Journal of Coastal Restoration"


def found_at(ran_json: dict) -> dict[str, set[int]]:  # type: ignore[type-arg]
    found: dict[str, set[int]] = {}
    for finding in ran_json["findings"]:
        found.setdefault(finding["rule"], set()).add(finding["range"]["start"]["line"])
    return found


def test_rispy_reads_no_record_from_it_and_says_nothing():
    assert rispy.loads(PURE.read_text("utf-8")) == []


DEFECTS = [
    ("RIS001", 1, "the separator is one space"),
    ("RIS014", 3, "the subtitle stands where readers look for the journal"),
    ("ABS005", 8, "a note holds the publisher's copyright line"),
    ("RIS016", 11, "the date stands twice"),
    ("ABS001", 12, "the abstract stands twice"),
    ("URL001", 18, "the link is tracked"),
    ("RIS017", 19, "the DOI stands twice"),
    ("CTR003", 26, "the abbreviation repeats the title of the journal"),
    ("RIS010", 30, "the last line does not end"),
]


@pytest.fixture(scope="module")
def seed(tmp_path_factory: pytest.TempPathFactory, cache: Path) -> dict[str, set[int]]:
    shell = Shell(tmp_path_factory.mktemp("seed"), cache)
    return found_at(shell("check", "-f", "json", PURE).json)


@pytest.mark.parametrize(("rule", "line"), [row[:2] for row in DEFECTS], ids=[f"{row[0]} {row[2]}" for row in DEFECTS])
def test_each_defect_is_named_at_its_line(seed: dict[str, set[int]], rule: str, line: int):
    assert seed.get(rule) == {line}


def test_the_journal_in_two_spellings_of_one_thing_is_named(reflint: Shell):
    found = found_at(reflint("check", "--select", "ALL", "-f", "json", PURE).json)
    assert found.get("CTR003", found.get("CTR013")) in ({26}, {27})


def test_nothing_internal_fails_on_it(seed: dict[str, set[int]]):
    assert not [rule for rule in seed if rule.startswith("REF")]


def repaired(reflint: Shell, path: Path) -> list[dict]:  # type: ignore[type-arg]
    """What rispy reads after the repair."""
    target = reflint.write("export.ris", path.read_bytes())
    assert reflint("fix", "--unsafe-fixes", "export.ris").status in (0, 1)
    found = rispy.loads(target.read_bytes().decode("utf-8"))
    assert isinstance(found, list)
    return found


def journal_of(record: dict) -> set[str]:  # type: ignore[type-arg]
    """All that a reader may take for the journal."""
    keys = ("journal_name", "secondary_title", "alternate_title1", "alternate_title2", "alternate_title3")
    return {record[key] for key in keys if key in record}


def title_of(record: dict) -> set[str]:  # type: ignore[type-arg]
    return {record[key] for key in ("title", "primary_title") if key in record}


def abstracts_of(record: dict) -> list[str]:  # type: ignore[type-arg]
    return [record[key] for key in ("abstract", "notes_abstract") if key in record]


def test_after_the_repair_rispy_reads_the_record_rightly(reflint: Shell):
    (record,) = repaired(reflint, PURE)
    assert title_of(record) == {f"{TITLE}: {SUBTITLE}"}
    assert journal_of(record) == {JOURNAL}
    assert len(abstracts_of(record)) == 1
    assert abstracts_of(record)[0].startswith("Mangrove restoration is often planned")
    assert record["year"] == "2019"
    assert record["doi"] == "10.5555/jcr.2019.0417"
    assert record["authors"][0] == "Okafor, Ngozi"
    assert len(record["authors"]) == 4
    assert "partnerID" not in record["urls"][0]
    assert "notes" not in record


@pytest.mark.parametrize("path", VARIANTS, ids=lambda path: path.stem)
def test_every_variant_is_read_rightly_after_the_repair(reflint: Shell, path: Path):
    records = repaired(reflint, path)
    assert len(records) == (3 if path.stem == "three-records" else 1)
    record = records[0]
    if path.stem == "chapter":
        assert "Reading a tide gauge" in title_of(record).pop()
        assert "Field Methods for Changing Coasts" in {
            *journal_of(record),
            *record.get("unknown_tag", {}).get("BT", []),
        }
        assert record["year"] == "2021"
        assert len(abstracts_of(record)) == 1
        return
    expected = TITLE if path.stem == "no-subtitle" else f"{TITLE}: {SUBTITLE}"
    assert title_of(record) == {expected}
    assert journal_of(record) == {JOURNAL}
    assert record["year"] == "2019"
    assert len(abstracts_of(record)) == (2 if path.stem == "n2-different" else 1)


def test_two_different_abstracts_are_both_kept(reflint: Shell):
    (record,) = repaired(reflint, FIXTURES / "pure-variants" / "n2-different.ris")
    starts = {text.split()[0] for text in abstracts_of(record)}
    assert starts == {"Mangrove", "Restaurar"}


def test_the_records_beside_the_seed_are_repaired_in_their_own_way(reflint: Shell):
    first, second, third = repaired(reflint, FIXTURES / "pure-variants" / "three-records.ris")
    assert title_of(first) == {f"{TITLE}: {SUBTITLE}"}
    assert title_of(second) == {"Storm tracks and the width of barrier islands"}
    assert journal_of(second) == {"Shore and Marine Geology"}
    assert "Listening to mud" in title_of(third).pop()


@pytest.mark.parametrize("path", [PURE, *VARIANTS], ids=lambda path: path.stem)
def test_the_repair_comes_to_rest(reflint: Shell, path: Path):
    target = reflint.write("export.ris", path.read_bytes())
    reflint("fix", "--unsafe-fixes", "export.ris")
    once = target.read_bytes()
    again = reflint("fix", "--unsafe-fixes", "export.ris")
    assert target.read_bytes() == once
    assert " repaired" not in again.out
    left = reflint("check", "-f", "json", "export.ris").json["findings"]
    assert [one["rule"] for one in left if one["fix"] and one["fix"]["safety"] != "lookup"] == []


def test_what_needs_no_repair_keeps_its_bytes(reflint: Shell):
    reflint.write("export.ris", (FIXTURES / "pure-variants" / "two-space-crlf.ris").read_bytes())
    reflint("fix", "--unsafe-fixes", "export.ris")
    after = (reflint.folder / "export.ris").read_bytes()
    assert after.count(b"\n") == after.count(b"\r\n")
    before = (FIXTURES / "pure-variants" / "two-space-crlf.ris").read_bytes().split(b"\r\n")
    for tag in (b"AU", b"KW", b"DO", b"VL", b"SP", b"EP", b"SN", b"IS", b"AN"):
        lines = [line for line in before if line.startswith(tag)]
        assert [line for line in after.split(b"\r\n") if line.startswith(tag)] == lines
