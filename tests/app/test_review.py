"""A review: what is accepted is repaired, in any format and encoding, and not a byte besides."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reflint.app import checking
from reflint.app.review import Review
from reflint.app.rules import build_engine
from reflint.app.settings import Settings
from reflint.engine.accepting import Held
from reflint.errors import SourceError
from reflint.formats import ris
from reflint.model.finding import Finding
from reflint.reports.jsonout import finding_json
from tests.inputs import FIXTURES, PURE, RIS_FIXTURES, malformed_files, name_of

JSON = [FIXTURES / name for name in ("library.csl.json", "library.zotero.json", "better-bibtex.zotero.json")]
READABLE = [path for path in RIS_FIXTURES if not path.name.startswith(("not-", "binary"))]
STRICT = Settings().over({"profile": "strict"}, "a test")


def only(*rules: str) -> Settings:
    return Settings().over({"select": list(rules)}, "a test")


def opened(path: Path, settings: Settings = STRICT) -> Review:
    return Review(path.read_bytes(), str(path), settings)


def numbers(review: Review, *rules: str, safety: str | None = None) -> list[int]:
    """The findings of these rules (none: of all) whose fix has this safety (None: any)."""
    return [
        number
        for number, finding in enumerate(review.findings)
        if (not rules or finding.rule in rules)
        and finding.fixable
        and (safety is None or (finding.fix and finding.fix.safety == safety))
    ]


def fixed(data: bytes, name: str, settings: Settings) -> bytes:
    """What `reflint fix` makes of a file."""
    out = io.BytesIO()
    engine = build_engine(settings, repairing=True)
    list(checking.fix(["-"], engine, ("safe",), stdin=data, stdin_name=name, output=out))
    return out.getvalue()


@pytest.mark.parametrize("path", [*READABLE, *JSON, FIXTURES / "pubmed.nbib"], ids=name_of)
def test_the_findings_and_the_report_are_those_of_check(path: Path):
    events = list(checking.check([str(path)], build_engine(STRICT)))
    review = opened(path)
    told = [finding_json(event) for event in events if isinstance(event, Finding)]
    assert [finding_json(finding) for finding in review.findings] == told
    assert review.report == events[-1]


@pytest.mark.parametrize("path", [*READABLE, *JSON], ids=name_of)
def test_nothing_accepted_is_the_same_file(path: Path):
    repaired = opened(path).repaired([])
    assert repaired.data == path.read_bytes()
    assert (repaired.applied, repaired.left) == ((), ())


@given(malformed_files())
def test_nothing_accepted_is_the_same_file_whatever_its_faults(data: bytes):
    assert Review(data, "x.ris", STRICT).repaired([]).data == data


@pytest.mark.parametrize("path", [*READABLE, *JSON], ids=name_of)
def test_if_one_pass_leaves_nothing_safe_to_do_it_did_what_fix_does(path: Path):
    review = opened(path)
    once = review.repaired(numbers(review, safety="safe"))
    again = Review(once.data, str(path), STRICT)
    if not once.left and not numbers(again, safety="safe"):
        assert once.data == fixed(path.read_bytes(), str(path), STRICT)
    else:  # what one repair made visible is for another review
        assert once.data != path.read_bytes()


@given(malformed_files())
def test_syntax_repaired_by_review_is_syntax_repaired_by_fix(data: bytes):
    settings = only("RIS003", "RIS010", "RIS011")
    review = Review(data, "x.ris", settings)
    assert review.repaired(numbers(review, safety="safe")).data == fixed(data, "x.ris", settings)


def lines(data: bytes) -> list[str]:
    """The lines of each record of a file, without their ends."""
    review = Review(data, "x.ris", STRICT)
    return [review.preview(index, ()).before for index in range(review.report.records)]


@given(data=malformed_files(), chosen=st.sets(st.integers(0, 30)))
def test_records_without_accepted_findings_keep_their_lines(data: bytes, chosen: set[int]):
    review = Review(data, "x.ris", STRICT)
    within = [n for n in numbers(review) if review.findings[n].record and review.findings[n].rule[:3] != "RIS"]
    accepted = [n for n in within if n in chosen]
    touched = {finding.record.index for n in accepted if (finding := review.findings[n]).record}
    before, after = lines(data), lines(review.repaired(accepted).data)
    kept = [n for n in range(len(before)) if n not in touched]
    assert [after[n] for n in kept] == [before[n] for n in kept]


@given(data=malformed_files(), chosen=st.sets(st.integers(0, 30)))
def test_every_accepted_finding_is_either_repaired_or_left(data: bytes, chosen: set[int]):
    review = Review(data, "x.ris", STRICT)
    accepted = [n for n in chosen if n < len(review.findings)]
    repaired = review.repaired(accepted)
    assert sorted([*repaired.applied, *repaired.left]) == sorted(accepted)
    assert len(ris.read(repaired.data)) == len(ris.read(data))


@pytest.mark.parametrize("path", [*READABLE, *JSON], ids=name_of)
def test_a_preview_shows_what_the_file_will_hold(path: Path):
    review = opened(path)
    accepted = [n for n in numbers(review) if review.findings[n].record]
    new = Review(review.repaired(accepted).data, str(path), STRICT)
    for index in range(review.report.records):
        seen = review.preview(index, accepted)
        assert seen.before == review.preview(index, ()).before
        assert seen.after == new.preview(index, ()).before


def test_one_finding_accepted_changes_its_line_alone():
    review = opened(PURE)
    (number,) = numbers(review, "RIS017")
    before, after = (PURE.read_bytes(), review.repaired([number]).data)
    assert set(before.splitlines()) - set(after.splitlines()) == {b"U2 - 10.5555/jcr.2019.0417"}
    assert set(after.splitlines()) <= set(before.splitlines())


def test_a_finding_that_stands_for_all_records_repairs_them_all():
    review = opened(FIXTURES / "pure-variants" / "three-records.ris")
    (number,) = numbers(review, "RIS001")
    assert review.findings[number].message.startswith("all 3 records")
    repaired = review.repaired([number])
    assert repaired.applied == (number,)
    assert repaired.data.count(b"TY  - ") == 3
    assert review.preview(2, [number]).after.startswith("TY  - ")
    assert Review(repaired.data, "x.ris", only("RIS001")).findings == []


def test_records_that_are_told_one_by_one_are_repaired_one_by_one():
    data = b"TY - JOUR\nTI - Salt\nER -\nTY  - JOUR\nTI  - Mud\nER  - \nTY - JOUR\nTI - Sand\nER -\n"
    review = Review(data, "x.ris", only("RIS001"))
    assert len(review.findings) == 2
    assert review.repaired([1]).data == data[:-25] + b"TY  - JOUR\nTI  - Sand\nER  - \n"


@pytest.mark.parametrize(
    ("data", "note", "repaired"),
    [
        (b"\xef\xbb\xbfTY  - JOUR\nER  - ", "byte order mark", b"TY  - JOUR\nER  - "),
        (b"\xef\xbb\xbfTY  - JOUR\nER  - ", "does not end", b"\xef\xbb\xbfTY  - JOUR\nER  - \n"),
        (b"TY  - JOUR\r\nTI  - Salt\nER  - \r\nx", "mixed", b"TY  - JOUR\r\nTI  - Salt\r\nER  - \r\nx"),
        (b"TY  - JOUR\r\nTI  - Salt\nER  - \r\nx", "does not end", b"TY  - JOUR\r\nTI  - Salt\nER  - \r\nx\r\n"),
        (b"TY  - JOUR\r\nTI  - Salt\nER  - \r\nx", "outside", b"TY  - JOUR\r\nTI  - Salt\nER  - \r\n"),
        (b"TY  - JOUR\rER  - ", "CR alone", b"TY  - JOUR\nER  - "),
        (b"TY  - JOUR\rER  - ", "does not end", b"TY  - JOUR\rER  - \r"),
    ],
)
def test_what_is_wrong_around_the_records_is_repaired_one_by_one(data: bytes, note: str, repaired: bytes):
    review = Review(data, "x.ris", only("RIS003", "RIS010"))
    accepted = [n for n, finding in enumerate(review.findings) if note in finding.message]
    assert len(accepted) == 1
    assert review.repaired(accepted).data == repaired


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_what_is_added_to_a_last_line_without_an_end_is_ended_as_the_other_lines(end: bytes):
    whole = b"TY  - JOUR\nTI  - Salt\nER  - \n\n".replace(b"\n", end)
    review = Review(whole + b"TI  - Silt", "x.ris", only("RIS002"))
    (number,) = numbers(review)
    assert review.repaired([number]).data == whole + b"TI  - Silt" + end + b"ER  - " + end + end


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_content_between_records_goes_only_where_that_was_accepted(end: str):
    lines = [
        "Page 1",
        "TY  - JOUR",
        "ER  - ",
        "",
        "TY  - JOUR",
        "ER  - ",
        "# reflint: ignore[DOI001]",
        "Page 2",
        "",
        "",
    ]
    review = Review(end.join(lines).encode(), "x.ris", only("RIS003"))
    first, second = range(len(review.findings))
    assert review.repaired([first]).data == end.join(lines[1:]).encode()
    assert review.repaired([second]).data == end.join([*lines[:7], *lines[8:]]).encode()


def test_the_missing_end_of_a_file_in_utf16_is_of_its_own_encoding():
    text = "TY  - JOUR\nTI  - Méthode\nER  - "
    review = Review(b"\xff\xfe" + text.encode("utf-16-le"), "x.ris", only("RIS010", "RIS011"))
    (end,), (encoding,) = (numbers(review, rule) for rule in ("RIS010", "RIS011"))
    assert review.repaired([end]).data == b"\xff\xfe" + f"{text}\n".encode("utf-16-le")
    assert review.repaired([end, encoding]).data == f"{text}\n".encode()


def test_other_encodings_stay_unless_their_conversion_is_accepted():
    text = "TY  - JOUR\r\nTI  - Méthode\r\nAB  - Sel\r\nN2  - Sel\r\nER  - \r\n"
    for codec, bom in (("cp1252", b""), ("utf-16-le", b"\xff\xfe")):
        review = Review(bom + text.encode(codec), "x.ris", only("RIS011", "ABS001"))
        (abstract,), (encoding,) = (numbers(review, rule) for rule in ("ABS001", "RIS011"))
        shorter = text.replace("N2  - Sel\r\n", "")
        assert review.repaired([abstract]).data == bom + shorter.encode(codec)
        assert review.repaired([encoding]).data == text.encode()
        assert review.repaired([abstract, encoding]).data == shorter.encode()


def test_of_fixes_that_exclude_each_other_the_first_wins_and_the_other_is_told():
    review = opened(FIXTURES / "mendeley.ris")
    repaired = review.repaired(range(len(review.findings)))
    assert repaired.left
    one = next(n for n in repaired.left if review.findings[n].fixable)
    assert review.repaired([one]).applied == (one,)


def test_a_finding_without_a_fix_is_left():
    review = opened(PURE)
    number = next(n for n, finding in enumerate(review.findings) if not finding.fixable)
    assert review.repaired([number]) == (PURE.read_bytes(), (), (number,))


def test_json_changes_only_in_what_is_accepted():
    path = FIXTURES / "library.zotero.json"
    review = opened(path)
    number = next(n for n in numbers(review) if n in review.repaired([n]).applied)
    finding = review.findings[number]
    assert finding.record
    old, new = (json.loads(data) for data in (path.read_bytes(), review.repaired([number]).data))
    changed = [index for index, (one, other) in enumerate(zip(old, new, strict=True)) if one != other]
    assert changed == [finding.record.index]


def test_manuscripts_and_nbib_are_never_repaired():
    review = opened(FIXTURES / "pubmed.nbib")
    assert not review.repairable
    assert review.preview(0, []).before.startswith("{")
    with pytest.raises(SourceError, match="nbib is read, never written"):
        review.repaired([])


@pytest.mark.parametrize("number", [-1, 10_000])
def test_numbers_that_do_not_exist_are_refused(number: int):
    review = opened(PURE)
    with pytest.raises(SourceError, match=f"no finding {number}"):
        review.repaired([number])
    with pytest.raises(SourceError, match=f"no record {number}"):
        review.preview(number, [])


def test_settings_for_some_files_hold_in_a_review_too():
    settings = Settings().over({"per-file": {"drafts.ris": {"select": ["RIS017"]}}}, "a test")
    assert {finding.rule for finding in Review(PURE.read_bytes(), "drafts.ris", settings).findings} == {"RIS017"}
    assert len(Review(PURE.read_bytes(), "final.ris", settings).findings) > 1


def test_what_is_no_reference_format_is_named():
    with pytest.raises(SourceError, match=r"not-ris\.xml: this is XML"):
        opened(FIXTURES / "not-ris.xml")


def test_a_file_that_begins_with_the_numbers_of_ovid_is_no_xml():
    review = Review(b"<1. >\nTY  - JOUR\nTI  - Salt\nER  - \n", "x.ris", only("RIS003"))
    assert review.repaired([0]).data == b"TY  - JOUR\nTI  - Salt\nER  - \n"


@given(malformed_files())
def test_a_held_file_can_be_gone_through_twice(data: bytes):
    held = Held(data)
    assert held.bom + b"".join(held.encoded(segment.raw) for segment in held) == data
    assert list(held) == list(held)
