"""What somebody saw and left stays unsaid and unrepaired: by a comment, a keyword, the settings, a baseline."""

from __future__ import annotations

import json

import pytest

from tests.command import Shell

RECORD = """TY  - JOUR
AU  - Okafor, Ngozi
TI  - Sand
T2  - Coastal Notes
PY  - 2019
VL  - 3
SP  - 420
EP  - 34
DO  - https://doi.org/10.5555/sand
ER  - \n"""
PLAIN = ("--select", "PAG003,DOI002", "-f", "concise")


def test_without_a_word_both_are_found(reflint: Shell) -> None:
    reflint.write("a.ris", RECORD)
    assert sorted(reflint("check", *PLAIN, "a.ris").codes) == ["DOI002", "PAG003"]


@pytest.mark.parametrize(
    ("before", "keyword", "codes"),
    [
        ("# reflint: ignore[PAG003] as printed\n", "", ["DOI002"]),
        ("# reflint: ignore[PAG003, DOI002]\r\n", "", []),
        ("# reflint: ignore[page-range-abbreviated]\n\n", "", ["DOI002"]),
        ("# reflint: ignore[ALL]\n", "", []),
        ("", "KW  - reflint:ignore[DOI]\n", ["PAG003"]),
        ("", "KW  - Dunes; reflint:ignore[DOI002]\n", ["PAG003"]),
        ("# reflint: ignore[DOI002]\n", "KW  - reflint:ignore[PAG003]\n", []),
    ],
)
def test_a_record_says_it_itself(reflint: Shell, before: str, keyword: str, codes: list[str]) -> None:
    text = RECORD + "\n" + before + RECORD.replace("TI  - Sand", "TI  - Salt").replace("ER  - ", f"{keyword}ER  - ")
    reflint.write("a.ris", text)
    found = reflint("check", "-f", "json", *PLAIN[:2], "a.ris").json["findings"]
    assert sorted(one["rule"] for one in found if one["record"]["index"] == 0) == ["DOI002", "PAG003"]
    assert sorted(one["rule"] for one in found if one["record"]["index"] == 1) == codes
    reflint("fix", *PLAIN[:2], "a.ris")
    repaired = (reflint.folder / "a.ris").read_text()
    assert repaired.count("https://doi.org/") == 2 - 1 - ("DOI002" in codes)
    assert repaired.count("EP  - 34") == 1 - ("PAG003" in codes)
    assert before.rstrip() in repaired
    assert reflint("check", *PLAIN, "a.ris").codes == []


def test_a_comment_is_for_the_next_record_only(reflint: Shell) -> None:
    reflint.write("a.ris", "# reflint: ignore[PAG003]\n" + RECORD + RECORD)
    assert reflint("check", "--select", "PAG003", "-f", "concise", "a.ris").out.startswith("a.ris:19:")


def test_a_suppression_of_nothing_is_told_at_its_place(reflint: Shell) -> None:
    sound = RECORD.replace("EP  - 34", "EP  - 434").replace("ER  - ", "KW  - reflint:ignore[DOI001]\nER  - ")
    reflint.write("a.ris", "# reflint: ignore[PAG003]\n" + sound)
    done = reflint("check", "--select", "PAG003,DOI001", "-f", "concise", "a.ris")
    assert (done.status, done.codes) == (0, ["REF003", "REF003"])
    assert "a.ris:1:1: REF003 PAG003 is ignored here" in done.out
    assert "a.ris:11:" in done.out
    assert reflint("check", "--select", "DOI002", "-f", "concise", "a.ris").codes == ["DOI002"]  # PAG003 did not run


@pytest.mark.parametrize(
    "about", ['doi = "https://doi.org/10.5555/SAND"', 'key = "okafor2019"', 'fingerprint = "FINGERPRINT"']
)
def test_the_settings_say_it_of_one_record(reflint: Shell, about: str) -> None:
    one = RECORD.replace("TY  - JOUR\n", "TY  - JOUR\nID  - okafor2019\n")
    other = RECORD.replace("10.5555/sand", "10.5555/salt").replace("TI  - Sand", "TI  - Salt")
    reflint.write("a.ris", one + other)
    found = reflint("check", "-f", "json", "--select", "PAG003", "a.ris").json["findings"]
    settings = f'ignore = [{{rules = ["PAG003"], reason = "as printed", {about}}}]\n'
    reflint.write("reflint.toml", settings.replace("FINGERPRINT", found[0]["fingerprint"]))
    left = reflint("check", "-f", "json", "--select", "PAG003", "a.ris").json["findings"]
    assert [finding["record"]["index"] for finding in left] == [1]
    kept = reflint("check", "-f", "json", "--select", "PAG003,DOI002", "--ignore", "DOI002", "a.ris").json["findings"]
    assert [finding["record"]["index"] for finding in kept] == [1]  # other codes do not take its place


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ('{rules = ["PAG003"]}', "names one of doi, key, fingerprint"),
        ('{rules = ["PAG003"], doi = "10.5555/x", key = "y"}', "names one of doi, key, fingerprint"),
        ('{doi = "10.5555/x"}', "needs rules"),
        ('{rules = ["PAG003"], dio = "10.5555/x"}', "no 'dio'"),
        ('{rules = ["PAGE03"], doi = "10.5555/x"}', "unknown rule 'PAGE03'"),
        ("3", "takes codes and tables"),
    ],
)
def test_a_wrong_table_is_told(reflint: Shell, table: str, said: str) -> None:
    reflint.write("a.ris", RECORD)
    reflint.write("reflint.toml", f"ignore = [{table}]\n")
    done = reflint("check", "a.ris")
    assert (done.status, said in done.err) == (2, True), done.err


def test_a_baseline_leaves_only_what_is_new(reflint: Shell) -> None:
    reflint.write("a.ris", RECORD)
    written = reflint("baseline", "write", "a.ris", "--baseline", "known.json")
    assert written.status == 0, written.err
    assert reflint("check", "--baseline", "known.json", "a.ris").status == 0
    reflint.write("a.ris", "\n" + RECORD + RECORD.replace("10.5555/sand", "10.5555/salt"))  # moved, and one more
    found = reflint("check", "-f", "json", "--baseline", "known.json", *PLAIN[:2], "a.ris").json["findings"]
    assert [finding["record"]["index"] for finding in found] == [1, 1]
    reflint.write("reflint.toml", 'baseline = "known.json"\n')
    assert reflint("check", "-f", "json", *PLAIN[:2], "a.ris").json["findings"] == found


def test_a_finding_that_comes_twice_is_expected_once(reflint: Shell) -> None:
    reflint.write("a.ris", RECORD)
    reflint("baseline", "write", "a.ris", "--baseline", "known.json")
    reflint.write("a.ris", RECORD + RECORD)
    assert sorted(reflint("check", "--baseline", "known.json", *PLAIN, "a.ris").codes) == ["DOI002", "PAG003"]


def test_what_stands_alike_in_two_files_is_known_in_each(reflint: Shell) -> None:
    for name in ("refs/a.ris", "refs/b.ris"):
        reflint.write(name, RECORD)
    (reflint.folder / "ci").mkdir()
    assert reflint("baseline", "write", "refs", "--baseline", "ci/known.json").status == 0
    check = ("check", "--baseline", str(reflint.folder / "ci/known.json"), *PLAIN)
    assert reflint(*check, "refs").codes == []
    reflint.write("refs/b.ris", RECORD + RECORD)
    reflint.write("refs/c.ris", RECORD)
    told = [line.partition(":")[0] for line in reflint(*check, "refs").out.splitlines() if ".ris:" in line]
    assert sorted(told) == ["refs/b.ris", "refs/b.ris", "refs/c.ris", "refs/c.ris"]
    (reflint.folder / "refs/a.ris").unlink()
    assert reflint("baseline", "prune", "refs/a.ris", "--baseline", "ci/known.json").status == 2  # there is none
    assert reflint("baseline", "prune", "refs", "--baseline", "ci/known.json").status == 0
    rows = json.loads((reflint.folder / "ci/known.json").read_text())["findings"]
    assert {row["source"] for row in rows} == {"../refs/b.ris"}


def test_what_is_gone_is_told_and_can_be_dropped(reflint: Shell) -> None:
    reflint.write("a.ris", RECORD)
    reflint("baseline", "write", "a.ris", "--baseline", "known.json")
    before = json.loads((reflint.folder / "known.json").read_text())["findings"]
    reflint.write("a.ris", RECORD.replace("EP  - 34", "EP  - 434"))
    done = reflint("check", "--baseline", "known.json", "a.ris")
    assert (done.status, "1 finding of the baseline; `reflint baseline prune`" in done.err) == (0, True), done.err
    assert reflint("baseline", "prune", "a.ris", "nowhere.ris", "--baseline", "known.json").status == 2
    assert json.loads((reflint.folder / "known.json").read_text())["findings"] == before
    assert reflint("baseline", "prune", "a.ris", "--baseline", "known.json").status == 0
    after = json.loads((reflint.folder / "known.json").read_text())["findings"]
    assert [row for row in before if row not in after] == [row for row in before if row["rule"] == "PAG003"]
    assert "gone" not in reflint("check", "--baseline", "known.json", "a.ris").err


def test_what_was_not_looked_for_is_not_gone(reflint: Shell) -> None:
    for name in ("refs/a.ris", "refs/b.ris", "c.ris"):
        reflint.write(name, RECORD.replace("sand", name))
    reflint("baseline", "write", "refs", "c.ris", "--baseline", "known.json")
    before = (reflint.folder / "known.json").read_text()
    for asked in (["refs/a.ris"], ["refs"], ["--select", "DOI", "."]):
        done = reflint("check", "--baseline", "known.json", *asked)
        assert (done.status, done.err) == (0, ""), asked
    assert reflint("baseline", "prune", "refs/a.ris", "--baseline", "known.json").status == 0
    assert (reflint.folder / "known.json").read_text() == before

    (reflint.folder / "refs/b.ris").unlink()
    assert "gone" not in reflint("check", "--baseline", "known.json", "refs/a.ris").err
    assert "gone" in reflint("check", "--baseline", "known.json", "refs").err
    assert reflint("baseline", "prune", "refs", "--baseline", "known.json").status == 0
    rows = json.loads((reflint.folder / "known.json").read_text())["findings"]
    assert {row["source"] for row in rows} == {"refs/a.ris", "c.ris"}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "is not JSON"),
        ("[]", "no baseline"),
        ('{"version": 3, "findings": []}', "no baseline"),
        ('{"version": 1, "findings": [3]}', "no baseline"),
    ],
)
def test_what_is_no_baseline_is_told(reflint: Shell, content: str, said: str) -> None:
    reflint.write("a.ris", RECORD)
    reflint.write("known.json", content)
    done = reflint("check", "--baseline", "known.json", "a.ris")
    assert (done.status, f"known.json: {said}" in done.err or said in done.err) == (2, True), done.err
    assert reflint("check", "--baseline", "nowhere.json", "a.ris").status == 2
