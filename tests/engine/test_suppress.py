"""Suppressions: which findings of a record are left, and which suppressions had nothing to suppress."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from reflint.engine.pack import Rule
from reflint.engine.suppress import Baseline, Comment, Entry, Suppressions, comment_in
from reflint.errors import SourceError
from reflint.formats import csl, ris, zotero
from reflint.formats.ris import Place
from reflint.model.finding import Finding
from reflint.model.record import Record
from tests.inputs import canonical


def rule(id: str, slug: str) -> Rule:
    return Rule(id, slug, "", "info", "high", "stable", (), {"ris": ["TI"]}, {}, {}, None, "m")


RULES = (rule("DOI001", "doi-twice"), rule("DOI002", "doi-as-url"), rule("PAG003", "page-range-short"))


def sand(*keywords: str, comment: Comment | None = None, doi: str = "10.5555/Sand") -> Record:
    fields = [("TY", "JOUR"), ("ID", "okafor2019"), ("TI", "Sand"), ("DO", doi), *(("KW", word) for word in keywords)]
    (record,) = ris.read(canonical([fields]))
    assert isinstance(record.place, Place)
    record.place.comment = comment
    return record


def said(record: Record, *codes: str) -> list[Finding]:
    """A finding of each code about the title."""
    return [Finding(code, code.lower(), "warning", code, record, record.names.index("TI")) for code in codes]


def left(record: Record, *codes: str, entries: tuple[Entry, ...] = ()) -> list[str]:
    """What is left of findings of these codes: their codes, and the whole message of any other."""
    found = Suppressions(RULES, entries).left(record, said(record, *codes))
    return [one.rule if one.rule in codes else one.message.partition(" is ignored")[0] for one in found]


ALL = ("DOI001", "DOI002", "PAG003")


@pytest.mark.parametrize(
    ("keywords", "expected"),
    [
        ([], ["DOI001", "DOI002", "PAG003"]),
        (["reflint:ignore[DOI001]"], ["DOI002", "PAG003"]),
        (["Dunes; reflint:ignore[DOI001,PAG003] as printed"], ["DOI002"]),
        (["reflint:ignore[DOI001] reflint:ignore[PAG003]"], ["DOI002"]),
        (["reflint:ignore[DOI001]", "Dunes", "reflint:ignore[PAG003]"], ["DOI002"]),
        (["reflint:ignore[DOI]"], ["PAG003"]),
        (["reflint:ignore[page-range-short doi-twice]"], ["DOI002"]),
        (["reflint:ignore[ALL]"], []),
        (["reflint:ignore[]"], ["DOI001", "DOI002", "PAG003"]),
        (["reflint:ignore[XYZ001]"], ["DOI001", "DOI002", "PAG003"]),  # names no rule that is at work
        (["reflint:ignore[DOI001"], ["DOI001", "DOI002", "PAG003"]),
        (["reflint:ignore DOI001"], ["DOI001", "DOI002", "PAG003"]),
    ],
)
def test_keywords_suppress_the_codes_they_name(keywords: list[str], expected: list[str]) -> None:
    assert left(sand(*keywords), *ALL) == expected


def test_a_comment_and_a_keyword_suppress_together() -> None:
    assert left(sand("reflint:ignore[PAG003]", comment=Comment(1, "DOI001", 30)), *ALL) == ["DOI002"]


def test_what_is_said_of_a_suppression_itself_is_not_said() -> None:
    record = sand("Dunes; reflint:ignore[DOI001]", "reflint:ignore[DOI002]")
    findings = [Finding("PAG003", "", "info", "", record, position) for position in (4, 5)]
    told = Suppressions(RULES).left(record, findings)
    assert [finding.position for finding in told if finding.rule == "PAG003"] == [4]


def test_a_suppression_of_nothing_is_told_where_it_stands() -> None:
    record = sand("Dunes", "reflint:ignore[DOI001, PAG003]", comment=Comment(7, "DOI002 XYZ001", 30))
    found, in_keyword, in_comment = Suppressions(RULES).left(record, [*said(record, "DOI001", "XYZ001")])
    assert found.rule == "XYZ001"
    for unused, code in (in_keyword, "PAG003"), (in_comment, "DOI002"):
        assert (unused.rule, unused.slug, unused.severity) == ("REF003", "unused-suppression", "info")
        assert unused.message == f"{code} is ignored here, but finds nothing: the suppression can go"
        assert unused.record is record
    assert (in_keyword.position, in_keyword.field, in_keyword.span) == (5, "KW", (6, 1, 6, 37))
    assert (in_comment.position, in_comment.span) == (None, (7, 1, 7, 31))


def test_each_code_of_a_suppression_has_something_to_suppress_or_is_told() -> None:
    assert left(sand("reflint:ignore[DOI001, DOI]"), "DOI001", "PAG003") == ["PAG003", "DOI"]
    assert left(sand("reflint:ignore[DOI001, DOI]"), "DOI001", "DOI002", "PAG003") == ["PAG003"]


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        (Entry(("DOI001",), key="okafor2019"), ["DOI002", "PAG003"]),
        (Entry(("DOI",), key="okafor2019"), ["PAG003"]),
        (Entry(("DOI001", "PAG003"), key="okafor2019"), ["DOI002"]),
        (Entry(("ALL",), key="okafor2020"), list(ALL)),
        (Entry(("DOI001",), doi="https://doi.org/10.5555/SAND"), ["DOI002", "PAG003"]),
        (Entry(("DOI001",), doi="10.5555/salt"), list(ALL)),
        (Entry(("DOI001",), fingerprint="0" * 16), list(ALL)),
        (Entry(("XYZ001",), key="okafor2019"), list(ALL)),
    ],
)
def test_the_settings_suppress_rules_on_a_record(entry: Entry, expected: list[str]) -> None:
    assert left(sand(), *ALL, entries=(entry,)) == expected


def test_the_settings_suppress_a_record_by_its_key_where_the_format_has_one() -> None:
    (record,) = csl.read(b'[{"id": "okafor2019", "type": "book", "title": "Sand"}]')
    found = Finding("DOI001", "", "info", "", record)
    for key, expected in (("okafor2019", []), ("Sand", [found])):
        assert Suppressions(RULES, [Entry(("DOI001",), key=key)]).left(record, [found]) == expected


def test_a_fingerprint_suppresses_one_finding_of_the_rules_it_names() -> None:
    record = sand()
    one = said(record, "DOI001")[0]
    other = Finding("DOI001", "doi001", "warning", "DOI001", record, record.names.index("DO"))
    entry = Entry(("DOI001",), fingerprint=one.fingerprint)
    assert Suppressions(RULES, [entry]).left(record, [one, other]) == [other]
    assert Suppressions(RULES, [entry._replace(rules=("PAG003",))]).left(record, [one, other]) == [one, other]


def test_several_entries_suppress_together() -> None:
    entries = (Entry(("DOI001",), key="okafor2019"), Entry(("PAG003",), doi="10.5555/sand"))
    assert left(sand(), *ALL, entries=entries) == ["DOI002"]


def test_findings_about_no_record_are_held_by_their_fingerprint_alone() -> None:
    of_file = Finding("DOI001", "", "info", "", None, source="a.ris")
    elsewhere = Finding("DOI001", "", "info", "", None, source="b.ris")
    by_key = Entry(("ALL",), key="okafor2019")
    for rules, held in ((("DOI001",), True), (("PAG003", "DOI"), True), (("PAG003",), False)):
        suppressions = Suppressions(RULES, [by_key, Entry(rules, fingerprint=of_file.fingerprint)])
        assert (suppressions.hold(of_file), suppressions.hold(elsewhere)) == (held, False)
    assert not Suppressions(RULES, [by_key]).hold(of_file)


def test_only_records_that_may_hold_a_suppression_are_looked_at() -> None:
    marked = b'{"itemType": "book", "title": "Sand", "tags": [{"tag": "reflint:ignore[DOI001]"}]}'
    assert not Suppressions(RULES).concern(sand("Dunes"))
    assert Suppressions(RULES).concern(sand("Dunes; reflint:ignore[DOI001]"))
    assert Suppressions(RULES).concern(sand(comment=Comment(1, "DOI001", 30)))
    assert Suppressions(RULES, [Entry(("DOI001",), key="okafor2019")]).concern(sand())
    assert Suppressions(RULES).concern(zotero.read(marked)[0])
    assert not Suppressions(RULES).concern(zotero.read(marked.replace(b"reflint:", b"reflint "))[0])


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([], None),
        ([b"", b"Head"], None),
        ([b"# reflint: ignore[DOI001] as printed"], Comment(5, "DOI001", 36)),
        ([b"Head", b" \t#reflint:ignore[DOI001,\xc3\x9c] \r\n", b"\n"], Comment(6, "DOI001,Ü", 27)),
        ([b"#\treflint:\t ignore[]"], Comment(5, "", 20)),
        ([b"# reflint: ignore[A]", b"# reflint: ignore[B]", b"note"], Comment(6, "B", 20)),
        ([b"# reflint: ignore[\xff]"], Comment(5, "\ufffd", 20)),
        ([b"note # reflint: ignore[A]", b"reflint: ignore[A]", b"# reflint ignore[A]", b"# reflint: ignore A"], None),
    ],
)
def test_the_last_comment_before_a_record_counts(lines: list[bytes], expected: Comment | None) -> None:
    assert comment_in(lines, 5) == expected


def finding(source: str, title: str = "Sand", rule: str = "DOI001") -> Finding:
    (record,) = ris.read(canonical([[("TY", "JOUR"), ("TI", title)]]))
    return Finding(rule, "", "info", f"about {title}", record, 1, source=source)


def baseline_of(*findings: Finding) -> Baseline:
    baseline = Baseline([])
    for one in findings:
        baseline.add(one)
    return baseline


def everything(row: object) -> bool:
    return True


def test_a_baseline_counts_what_it_holds() -> None:
    sand, salt = finding("a.ris"), finding("a.ris", "Salt")
    baseline = Baseline.of(json.loads(json.dumps(baseline_of(sand, sand, salt).document())))
    assert (len(baseline), baseline.gone(everything)) == (3, 3)
    assert [baseline.holds(sand) for _ in range(3)] == [True, True, False]
    assert (len(baseline), baseline.gone(everything)) == (3, 1)
    assert not baseline.holds(finding("a.ris", "Silt"))
    assert baseline.gone(everything) == 1
    assert baseline.gone(lambda row: row["source"] == "b.ris") == 0


def test_the_document_of_a_baseline_is_sorted_and_can_leave_out_what_is_gone() -> None:
    first, second, third = finding("b.ris"), finding("a.ris", "Salt", "PAG003"), finding("a.ris", "Silt")
    baseline = baseline_of(first, second, third, third)

    def row(of: Finding, count: int) -> dict[str, object]:
        told = {"rule": of.rule, "fingerprint": of.fingerprint, "source": of.source, "message": of.message}
        return {**told, "count": count}

    whole = {"version": 2, "findings": [row(third, 2), row(second, 1), row(first, 1)]}
    assert baseline.document() == whole
    assert baseline.document(everything) == {"version": 2, "findings": []}
    assert baseline.document(lambda row: row["source"] == "a.ris") == {"version": 2, "findings": [row(first, 1)]}
    for one in (third, first, first):
        baseline.holds(one)
    assert baseline.document(everything) == {"version": 2, "findings": [row(third, 1), row(first, 1)]}
    assert baseline.document() == whole


def test_the_rows_of_a_baseline_are_sorted_by_fingerprint_last_and_a_row_counts_once_at_least() -> None:
    rows = [{"fingerprint": one, "rule": "DOI001", "source": "a.ris"} for one in ("f1", "f0")]
    baseline = Baseline(rows)
    assert len(baseline) == 2
    assert [row["fingerprint"] for row in baseline.document()["findings"]] == ["f0", "f1"]
    assert rows[0] == {"fingerprint": "f1", "rule": "DOI001", "source": "a.ris"}


@pytest.mark.parametrize(
    "document",
    [
        None, [], {}, {"version": 1}, {"version": 3, "findings": []}, {"findings": []}, {"version": 1, "findings": {}},
        {"version": 1, "findings": [[]]}, {"version": 1, "findings": [{"fingerprint": 3}]},
        {"version": 1, "findings": [{"fingerprint": "f0"}, {"rule": "DOI001"}]},
    ],
)  # fmt: skip
def test_what_is_no_baseline_is_refused(document: object) -> None:
    with pytest.raises(SourceError, match=r"is no baseline of reflint \(version 1 or 2\)"):
        Baseline.of(document)


@pytest.mark.parametrize("version", [1, 2])
def test_an_empty_baseline_is_one(version: int) -> None:
    assert len(Baseline.of({"version": version, "findings": []})) == 0


def test_what_stands_alike_in_two_sources_is_expected_in_each() -> None:
    here, there = finding("a.ris"), finding("b.ris")
    baseline = baseline_of(here, there, there)
    rows = baseline.document()["findings"]
    assert [(row["source"], row["count"]) for row in rows] == [("a.ris", 1), ("b.ris", 2)]
    assert [baseline.holds(one) for one in (here, here, there, there, there)] == [True, False, True, True, False]
    assert not baseline.holds(finding("c.ris"))
    baseline = Baseline(rows)
    assert (baseline.holds(here), baseline.gone(everything)) == (True, 2)
    assert [row["source"] for row in baseline.document(everything)["findings"]] == ["a.ris"]


def test_a_row_of_version_1_holds_for_any_source_and_stays_of_version_1() -> None:
    here, there = finding("a.ris"), finding("b.ris")
    row = {"rule": here.rule, "fingerprint": here.fingerprint, "source": "a.ris", "message": here.message, "count": 2}
    document = {"version": 1, "findings": [row]}
    baseline = Baseline.of(document, Path("elsewhere"))
    assert [baseline.holds(one) for one in (there, here, there)] == [True, True, False]
    assert (baseline.document(everything), baseline.folder) == (document, Path())


def test_a_row_names_a_file_from_the_folder_of_the_baseline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("refs/a.ris", "ci/x"):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_bytes(b"")
    monkeypatch.chdir(tmp_path)
    baseline = Baseline([], folder=Path("ci"))
    for source in ("refs/a.ris", "zotero:groups/3", "-"):
        baseline.add(finding(source))
    document = baseline.document()
    assert [row["source"] for row in document["findings"]] == ["-", "../refs/a.ris", "zotero:groups/3"]
    for folder, source in (("ci", "../refs/a.ris"), ("refs", "a.ris"), (".", str(tmp_path / "refs/a.ris"))):
        monkeypatch.chdir(tmp_path / folder)
        again = Baseline.of(document, tmp_path / "ci")
        assert [again.holds(finding(one)) for one in (source, "-", "zotero:groups/3")] == [True] * 3
