"""`reflint check`: what a user types, and what comes back."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from reflint.app.schemas import schemas
from reflint.formats import ris
from tests.command import Shell
from tests.inputs import FIXTURES, PURE

GOOD = (FIXTURES / "clean.ris").read_bytes()
DEFECT = b"TY  - JOUR\nTI  - Salt marshes of the north\nAU  - Okafor, Ngozi\nPY  - 2019\nJF  - Shore\nVL  -\nER  - \n"


def test_a_clean_file_exits_with_zero(reflint: Shell):
    reflint.write("clean.ris", GOOD)
    ran = reflint("check", "clean.ris")
    assert (ran.status, ran.err) == (0, "")


def test_findings_exit_with_one_and_stand_at_path_line_and_column(reflint: Shell):
    reflint.write("pure.ris", PURE.read_bytes())
    ran = reflint("check", "pure.ris")
    assert ran.status == 1
    assert ran.err == ""
    assert any(line.startswith("pure.ris:12:1: ABS001 [*] ") for line in ran.out.splitlines())
    assert " in 1 record; can be repaired: " in ran.out.splitlines()[-1]


@pytest.mark.parametrize(
    ("fail_on", "status"), [("error", 0), ("warning", 0), ("info", 1)], ids=["error", "warning", "info"]
)
def test_fail_on_says_which_findings_count(reflint: Shell, fail_on: str, status: int):
    reflint.write("a.ris", DEFECT)
    ran = reflint("check", "--select", "RIS009", "--fail-on", fail_on, "a.ris")
    assert ran.codes[:1] == ["RIS009"]
    assert ran.status == status


def test_exit_zero_finds_and_exits_with_zero(reflint: Shell):
    reflint.write("pure.ris", PURE.read_bytes())
    ran = reflint("check", "--exit-zero", "pure.ris")
    assert ran.status == 0
    assert "ABS001" in ran.codes


def test_exit_zero_hides_no_source_that_could_not_be_read(reflint: Shell):
    assert reflint("check", "--exit-zero", "nowhere.ris").status == 2


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (["--select", "ABS001"], {"ABS001"}),
        (["--select", "abs001"], {"ABS001"}),
        (["--select", "duplicate-abstract"], {"ABS001"}),
        (["--select", "ABS001,RIS014"], {"ABS001", "RIS014"}),
        (["--select", "ABS001", "--select", "RIS014"], {"ABS001", "RIS014"}),
        (["--select", "ABS,RIS", "--ignore", "RIS,ABS005"], {"ABS001"}),
        (["--select", "ABS001", "--extend-select", "RIS014"], {"ABS001", "RIS014"}),
        (["--ignore", "ALL"], set()),
    ],
)
def test_rules_are_chosen_by_code_prefix_and_name(reflint: Shell, options: list[str], expected: set[str]):
    reflint.write("pure.ris", PURE.read_bytes())
    ran = reflint("check", "-f", "jsonl", *options, "pure.ris")
    found = [json.loads(line) for line in ran.out.splitlines()[:-1]]
    assert {finding["rule"] for finding in found} == expected


def test_profiles_hold_ever_more_rules(reflint: Shell):
    reflint.write("pure.ris", PURE.read_bytes())
    counts = {
        profile: reflint("check", "--profile", profile, "-f", "json", "pure.ris").json["summary"]["by_rule"]
        for profile in ("minimal", "recommended", "strict")
    }
    assert set(counts["minimal"]) <= set(counts["recommended"]) <= set(counts["strict"])
    assert counts["minimal"]


def test_quiet_says_nothing(reflint: Shell):
    reflint.write("pure.ris", PURE.read_bytes())
    ran = reflint("check", "-q", "pure.ris")
    assert (ran.status, ran.out, ran.err) == (1, "", "")


@pytest.mark.parametrize("form", ["json", "html", "concise"])
def test_quiet_still_writes_the_file_it_is_asked_for(reflint: Shell, form: str):
    reflint.write("pure.ris", PURE.read_bytes())
    ran = reflint("check", "-q", "-f", form, "-o", "out", "pure.ris")
    assert (ran.status, ran.out, ran.err) == (1, "", "")
    aloud = reflint("check", "-f", form, "pure.ris").out
    assert (reflint.folder / "out").read_text() == aloud
    assert reflint("check", "-q", "-f", form, "pure.ris").out == ""


def test_statistics_are_no_report_for_machines(reflint: Shell):
    reflint.write("pure.ris", PURE.read_bytes())
    ran = reflint("check", "--statistics", "-f", "json", "pure.ris")
    assert (ran.status, ran.out) == (2, "")
    assert "--statistics is text: not with -f json" in ran.err


def test_what_could_not_be_done_is_an_annotation_on_github(reflint: Shell):
    reflint.write("a.ris", GOOD)
    ran = reflint("check", "-f", "github", "a.ris", "b,c.ris")
    assert ran.status == 2
    assert "::error file=b%2Cc.ris,title=not done::b,c.ris: no such file or folder\n" in ran.out


def test_statistics_count_by_rule(reflint: Shell):
    reflint.write("pure.ris", PURE.read_bytes() + b"\n\n" + PURE.read_bytes())
    ran = reflint("check", "--select", "ABS001,RIS014,RIS010", "--statistics", "pure.ris")
    assert [line.split() for line in ran.out.splitlines()] == [["2", "ABS001"], ["2", "RIS014"], ["1", "RIS010"]]
    assert ran.status == 1


def test_full_shows_the_line_with_a_caret_and_the_repair(reflint: Shell):
    reflint.write("pure.ris", PURE.read_bytes())
    ran = reflint("check", "-f", "full", "--select", "RIS014,ABS005", "pure.ris")
    lines = ran.out.splitlines()
    assert "    3 | T2: eleven years of sediment cores from the Bay of Amatique" in lines
    caret = lines[lines.index("    3 | T2: eleven years of sediment cores from the Bay of Amatique") + 1]
    assert caret == "      | " + " " * 4 + "^" * 55
    assert "  = --fix: Join the subtitle to the title" in lines


def test_concise_says_one_line_a_finding_whatever_the_value_holds(reflint: Shell):
    reflint.write(
        "a.ris", b"TY  - JOUR\nTI  - Salt \x1b[31m\x07\nVL  - n\x1b[2J/a\nDO  - not\x1b]0;x\x07a doi\nER  - \n"
    )
    ran = reflint("check", "--select", "ALL", "a.ris")
    assert "\x1b" not in ran.out
    assert "\x07" not in ran.out
    assert len(ran.codes) == len(ran.out.splitlines()) - 1
    full = reflint("check", "-f", "full", "--select", "ALL", "a.ris")
    assert "\x1b" not in full.out


@pytest.mark.parametrize(
    ("options", "env", "coloured"),
    [
        ([], {}, False),
        ([], {"FORCE_COLOR": "1"}, True),
        ([], {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        (["--color", "always"], {}, True),
        (["--color", "always"], {"NO_COLOR": "1"}, True),
        (["--color", "never"], {"FORCE_COLOR": "1"}, False),
    ],
)
def test_colour_follows_option_and_environment(reflint: Shell, options: list[str], env: dict[str, str], coloured: bool):
    reflint.write("pure.ris", PURE.read_bytes())
    for format in ("concise", "full"):
        assert ("\x1b[" in reflint("check", "-f", format, *options, "pure.ris", **env).out) is coloured
    assert "\x1b" not in reflint("check", "-f", "json", *options, "pure.ris", **env).out


def test_json_lines_are_the_findings_and_a_summary(reflint: Shell):
    reflint.write("pure.ris", PURE.read_bytes())
    whole = reflint("check", "-f", "json", "pure.ris").json
    *findings, last = map(json.loads, reflint("check", "-f", "jsonl", "pure.ris").out.splitlines())
    assert findings == whole["findings"]
    assert last == {"summary": whole["summary"], "sources": whole["sources"]}


def test_json_is_whole_where_nothing_is_found(reflint: Shell):
    reflint.write("clean.ris", GOOD)
    found = reflint("check", "-f", "json", "--ignore", "ALL", "clean.ris").json
    jsonschema.validate(found, schemas()["findings"])
    assert found["findings"] == []
    assert found["summary"]["records"] == 10


def test_json_is_whole_where_a_source_fails(reflint: Shell):
    reflint.write("junk.ris", b"\0\1\2")
    ran = reflint("check", "-f", "json", "junk.ris", "nowhere.ris")
    jsonschema.validate(ran.json, schemas()["findings"])
    assert [bool(source["error"]) for source in ran.json["sources"]] == [True, True]
    assert [source["source"] for source in ran.json["sources"]] == ["junk.ris", "nowhere.ris"]


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory, cache: Path) -> dict[str, object]:
    """All rules over all fixtures."""
    shell = Shell(tmp_path_factory.mktemp("all"), cache)
    ran = shell("check", "--profile", "strict", "--extend-select", "ALL", "-f", "json", str(FIXTURES))
    assert ran.status == 2  # some fixtures are no RIS
    found = ran.json
    assert isinstance(found, dict)
    return found


def test_json_keeps_the_contract(everything: dict[str, object]):
    jsonschema.validate(everything, schemas()["findings"])


def test_json_counts_what_it_lists(everything: dict):  # type: ignore[type-arg]
    findings, summary = everything["findings"], everything["summary"]
    assert summary["findings"] == len(findings) == sum(summary["by_severity"].values())
    for rule, count in summary["by_rule"].items():
        assert count == sum(finding["rule"] == rule for finding in findings)
    for safety, count in summary["fixable"].items():
        assert count == sum(bool(finding["fix"]) and finding["fix"]["safety"] == safety for finding in findings)
    assert summary["sources"] == len(everything["sources"])
    assert summary["records"] == sum(source["records"] for source in everything["sources"])


def lines_as_an_editor_counts(data: bytes) -> list[str]:
    for bom, codec in ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if data.startswith(bom):
            text = data[len(bom) :].decode(codec)
            break
    else:
        try:
            text = data.decode()
        except UnicodeDecodeError:
            text = data.decode("cp1252")
    ends = "\n" if "\n" in text else "\r"
    return [line.strip("\r") for line in text.split(ends)]


def test_every_range_points_at_the_text_it_is_about(everything: dict):  # type: ignore[type-arg]
    pointed = 0
    for finding in everything["findings"]:
        where, path = finding["range"], Path(finding["source"])
        if where is None or path.suffix != ".ris":
            continue
        lines = lines_as_an_editor_counts(path.read_bytes())
        start, end = where["start"], where["end"]
        assert (start["line"], start["column"]) <= (end["line"], end["column"]), finding
        assert end["line"] <= len(lines), finding
        for place in (start, end):
            assert place["column"] <= len(lines[place["line"] - 1]) + 1, finding
        if finding["field"] is None or finding["record"]["index"] is None:
            continue
        rows = lines[start["line"] - 1 : end["line"]]
        rows[-1] = rows[-1][: end["column"] - 1]
        rows[0] = rows[0][start["column"] - 1 :]
        text = "\n".join(rows)
        record = list(ris.read(path.read_bytes()))[finding["record"]["index"]]
        values = [v for n, v in zip(record.names, record.values, strict=True) if n == finding["field"]]
        assert any(value in text or text in value for value in values), (finding, text)
        pointed += 1
    assert pointed > 200


def test_a_folder_stands_for_the_references_in_it(reflint: Shell):
    for name in ("b.ris", "a/c.ris", "a/d.nbib", "a/e.csl.json", "notes.txt", ".hidden/f.ris", "old/g.ris", "a/h.RIS"):
        reflint.write(f"refs/{name}", (FIXTURES / "pubmed.nbib").read_bytes() if name.endswith("nbib") else b"")
    reflint.write("refs/a/e.csl.json", b"[]")
    reflint.write("refs/.gitignore", "old/\n*.tmp\n")
    ran = reflint("check", "-f", "json", "--ignore", "ALL", "refs")
    sources = [source["source"] for source in ran.json["sources"]]
    assert sources == ["refs/b.ris", "refs/a/c.ris", "refs/a/d.nbib", "refs/a/e.csl.json", "refs/a/h.RIS"]
    assert [source["format"] for source in ran.json["sources"]] == ["ris", "ris", "nbib", "csl", "ris"]
    assert ran.status == 0


def test_a_gitignore_below_counts_for_its_own_folder(reflint: Shell):
    for name in ("a/x.ris", "b/x.ris", "x.ris"):
        reflint.write(f"refs/{name}", b"")
    reflint.write("refs/a/.gitignore", "x.ris\n")
    ran = reflint("check", "-f", "json", "refs")
    assert [source["source"] for source in ran.json["sources"]] == ["refs/x.ris", "refs/b/x.ris"]


def test_an_ignored_file_is_read_when_it_is_named(reflint: Shell):
    reflint.write("x.ris", PURE.read_bytes())
    reflint.write(".gitignore", "*.ris\n")
    assert reflint("check", "x.ris").status == 1


def test_a_folder_without_references_is_named(reflint: Shell):
    reflint.write("empty/readme.txt", "nothing")
    ran = reflint("check", "empty")
    assert ran.status == 2
    assert "empty: no references in this folder" in ran.err


def test_one_bad_source_among_many_is_named_and_the_others_are_done(reflint: Shell):
    reflint.write("a.ris", PURE.read_bytes())
    reflint.write("b.ris", b"\0\1\2\3")
    reflint.write("c.ris", PURE.read_bytes())
    ran = reflint("check", "--select", "ABS001", "a.ris", "b.ris", "nowhere.ris", "c.ris")
    assert ran.status == 2
    assert [line.split(":")[0] for line in ran.out.splitlines()[:-1]] == ["a.ris", "c.ris"]
    assert [line.split(": ")[:2] for line in ran.err.splitlines()] == [["reflint", "b.ris"], ["reflint", "nowhere.ris"]]


def test_standard_input_is_checked_under_the_name_it_is_given(reflint: Shell):
    ran = reflint("check", "--select", "ABS001", "-", stdin=PURE.read_bytes())
    assert ran.out.startswith("-:12:1: ABS001")
    named = reflint("check", "--select", "ABS001", "--stdin-filename", "refs/x.ris", "-", stdin=PURE.read_bytes())
    assert named.out.startswith("refs/x.ris:12:1: ABS001")


def test_standard_input_may_be_of_another_format(reflint: Shell):
    nbib = (FIXTURES / "pubmed.nbib").read_bytes()
    ran = reflint("check", "-f", "json", "--stdin-filename", "x.nbib", "-", stdin=nbib)
    assert ran.json["sources"][0] == {"source": "x.nbib", "records": 3, "format": "nbib", "error": None}
    csl = (FIXTURES / "library.csl.json").read_bytes()
    guessed = reflint("check", "-f", "json", "-", stdin=csl)
    assert guessed.json["sources"][0]["format"] == "csl"


def test_a_pipe_is_read_like_a_file(reflint: Shell):
    ran = reflint("check", "--select", "ABS001", "/dev/stdin", stdin=PURE.read_bytes())
    assert ran.codes[:1] == ["ABS001"]
    assert ran.status == 1


def test_the_last_line_owns_up_to_what_could_not_be_done(reflint: Shell):
    reflint.write("a.ris", b"%0 Journal Article\n%T Not RIS\n")
    reflint.write("b.ris", PURE.read_bytes())
    assert reflint("check", "-fconcise", "a.ris").out == "nothing to report in 0 records; 1 source could not be done\n"
    assert reflint("check", "-fconcise", "a.ris", "b.ris").out.endswith("; 1 source could not be done\n")
    assert "could not be done" not in reflint("check", "-fconcise", "b.ris").out


def test_empty_input_is_no_fault(reflint: Shell):
    reflint.write("empty.ris", b"")
    for arguments in (["empty.ris"], ["-"]):
        ran = reflint("check", *arguments)
        assert (ran.status, ran.out, ran.err) == (0, "nothing to report in 0 records\n", "")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("not-ris-nbib.ris", "PubMed"),
        ("not-ris-wos.ris", "Web of Science"),
        ("not-ris-endnote.enw", "EndNote"),
        ("not-ris-bibtex.bib", "BibTeX"),
        ("not-ris.xml", "XML"),
        ("binary.ris", "binary"),
    ],
)
@pytest.mark.parametrize("command", ["check", "fix"])
def test_another_format_under_the_name_of_ris_is_refused_by_its_own(reflint: Shell, command: str, name: str, said: str):
    data = (FIXTURES / name).read_bytes()
    path = reflint.write("refs.ris", data)
    ran = reflint(command, "refs.ris")
    assert ran.status == 2
    assert ran.err.startswith("reflint: refs.ris: this is ")
    assert said in ran.err
    assert path.read_bytes() == data


def test_prose_is_refused(reflint: Shell):
    reflint.write("letter.ris", "Dear reader,\n\nthis is a letter.\n")
    ran = reflint("check", "letter.ris")
    assert ran.status == 2
    assert "letter.ris: this is no RIS" in ran.err


def test_a_lying_byte_order_mark_is_refused(reflint: Shell):
    reflint.write("x.ris", b"\xff\xfe" + "TY  - JOUR\nER  - ".encode("utf-16-le") + b"\n")
    ran = reflint("check", "x.ris")
    assert ran.status == 2
    assert "x.ris: begins with the byte order mark of UTF-16-LE but is not written in it" in ran.err


def test_a_line_of_twenty_megabytes_is_a_line(reflint: Shell):
    reflint.write("long.ris", b"TY  - JOUR\nTI  - Salt\nN1  - " + b"x" * 20_000_000 + b"\nVL  -\nER  - \n")
    ran = reflint("check", "--select", "RIS009", "long.ris")
    assert ran.out.startswith("long.ris:4:1: RIS009")


def test_twenty_megabytes_without_a_line_end_are_no_ris(reflint: Shell):
    reflint.write("long.ris", b"x" * 20_000_000)
    ran = reflint("check", "long.ris")
    assert ran.status == 2
    assert "long.ris: this is no RIS" in ran.err


def test_the_report_can_go_to_a_file(reflint: Shell):
    reflint.write("pure.ris", PURE.read_bytes())
    reflint.write("report.json", "something older and longer than nothing")
    ran = reflint("check", "-f", "json", "-o", "report.json", "pure.ris")
    assert (ran.status, ran.out, ran.err) == (1, "", "")
    found = json.loads((reflint.folder / "report.json").read_text("utf-8"))
    jsonschema.validate(found, schemas()["findings"])
    assert sorted(path.name for path in reflint.folder.iterdir()) == ["pure.ris", "report.json"]


def test_a_report_in_a_folder_that_is_not_there_is_refused_before_the_work(reflint: Shell):
    reflint.write("pure.ris", PURE.read_bytes())
    ran = reflint("check", "-o", "nowhere/report.txt", "pure.ris")
    assert (ran.status, ran.out) == (2, "")
    assert "no such folder nowhere" in ran.err


def test_a_device_is_written_to_and_not_replaced(reflint: Shell):
    before = Path("/dev/null").stat().st_mode
    reflint.write("pure.ris", PURE.read_bytes())
    assert reflint("check", "-o", "/dev/null", "pure.ris").status == 1
    assert Path("/dev/null").stat().st_mode == before


def test_names_that_are_not_utf8_are_shown_all_the_same(reflint: Shell):
    raw = bytes(reflint.folder) + b"/caf\xe9.ris"
    with open(raw, "wb") as file:  # noqa: PTH123
        file.write(PURE.read_bytes())
    for format in ("concise", "full", "json", "jsonl"):
        ran = reflint("check", "-f", format, str(reflint.folder))
        assert ran.status == 1
        assert "caf" in ran.out
        ran.raw.decode("utf-8")
    jsonschema.validate(reflint("check", "-f", "json", str(reflint.folder)).json, schemas()["findings"])


def test_the_order_of_sources_is_that_of_the_command_line(reflint: Shell):
    for name in ("b.ris", "a.ris"):
        reflint.write(name, PURE.read_bytes())
    ran = reflint("check", "--select", "ABS001", "b.ris", "a.ris")
    assert [line.split(":")[0] for line in ran.out.splitlines()[:-1]] == ["b.ris", "a.ris"]


@pytest.mark.parametrize("locale", ["C", "POSIX", "en_US.ISO-8859-1"])
def test_titles_of_every_script_pass_through_a_poor_locale(reflint: Shell, locale: str):
    reflint.write("x.ris", "TY  - JOUR\nTI  - 盐沼 Straße\nVL  -\nER  - \n")
    ran = reflint("check", "-f", "json", "--select", "RIS009", "x.ris", LC_ALL=locale, PYTHONUTF8="0")
    assert ran.json["findings"][0]["record"]["title"] == "盐沼 Straße"


def test_a_library_without_a_manuscript_is_told_to_be_idle(reflint: Shell):
    reflint.write("a.ris", GOOD)
    ran = reflint("check", "--library", "a.ris", "a.ris")
    assert (ran.status, ran.err) == (0, "reflint: --library is compared with manuscripts, and none was checked\n")
