"""Checks of pages: one diagnosis per record, of which each rule takes its own part. The first that fits wins."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from reflint.engine.checks.base import Hit, Parameters, RecordTest, Scope, check, field_for, texts
from reflint.engine.fixes.generic import delete_field, insert_field, rename_field, set_value
from reflint.model.edit import Edit
from reflint.model.pages import (
    Pages,
    extent,
    is_article_number,
    is_page_placeholder,
    normal_delimiter,
    parse_pages,
    parse_sp_ep,
    strip_page_label,
)
from reflint.model.patterns import lazy
from reflint.model.record import Record


class Diagnosis(NamedTuple):
    """What is wrong with SP and EP (`kind`), which of the two shows it, and what they should be.

    `sp` and `ep` are new values: None leaves the field as it is, `""` deletes it.
    """

    kind: str
    field: str = "SP"
    sp: str | None = None
    ep: str | None = None
    note: str = ""
    safety: str | None = None
    severity: str | None = None


_FINE = Diagnosis("")
_STRETCH = 60
"""Pages beyond which an abbreviated range is as likely a slip of typing (`1014-109` for 1014-1019)."""
_LONGEST = 500
"""Characters beyond which a value is text that strayed here, no pages."""
_EXTENT_TYPES = frozenset(["book", "thesis", "manuscript", "report", "standard"])
"""Types that CSL gives a number of pages."""


@check("pages")
def pages(params: Parameters, scope: Scope) -> RecordTest:
    """SP and EP (or one field that holds both) are what `expect` says, one kind or several: see `diagnose`.

    RIS records whose SP is their number of pages (books, theses) are left alone.
    """
    expected = frozenset(texts(params, "expect"))
    if scope.format != "ris":
        return _pages_in_one_field(expected, frozenset(scope.names), scope.is_one_of(_EXTENT_TYPES))
    if not scope.resolve("csl.page"):
        return RecordTest(lambda record: (), present=(frozenset(),))
    join_delimiter = "delimiter" in expected

    def run(record: Record) -> Iterable[Hit]:
        sp, ep = record.first("SP"), record.first("EP")
        diagnosis = diagnose(sp, ep)
        if diagnosis.kind in expected:
            hit = Hit(
                _position(record, diagnosis.field),
                note=diagnosis.note,
                safety=diagnosis.safety,
                severity=diagnosis.severity,
            )
            return [hit._replace(edits=tuple(_edits(record, diagnosis)))]
        return _delimiters(record) if join_delimiter and diagnosis.kind in ("descending", "disagree") else ()

    cases = expected | {"descending", "disagree"} if join_delimiter else expected
    return RecordTest(run, present=(frozenset(["SP", "EP"]),), selector=_kind, cases=cases)


def _kind(record: Record) -> str:
    """The kind of the diagnosis of a record's SP and EP."""
    return diagnose(record.first("SP"), record.first("EP")).kind


def _position(record: Record, name: str) -> int:
    """Where SP or EP stands with a value: of two, the first that counts."""
    return next(i for i in record.positions(name) if record.values[i] and not record.values[i].isspace())


def _delimiters(record: Record) -> Iterable[Hit]:
    """The delimiter may be wrong besides: another fault of the range does not excuse it."""
    for position in record.positions("SP", "EP"):
        value = record.values[position]
        new = normal_delimiter(value) if value else value
        if new != value:
            yield Hit(position, edits=(set_value(record, position, new),), note=value)


def _edits(record: Record, diagnosis: Diagnosis) -> Iterable[Edit]:
    for name, new in (("SP", diagnosis.sp), ("EP", diagnosis.ep)):
        if new is None:
            continue
        position = next(
            (i for i in record.positions(name) if record.values[i] and not record.values[i].isspace()), None
        )
        if position is None and not new:
            continue
        if position is None:
            yield insert_field(name, new, record.names.index("SP" if name == "EP" else "EP"))
        elif not new:
            yield delete_field(record, position)
        elif new != record.values[position]:
            yield set_value(record, position, new)


def diagnose(sp: str, ep: str) -> Diagnosis:
    """What is wrong with SP and EP; of several faults the first in the order of the rule reference, section 1.5."""
    if _are_plain(sp, ep) and int(sp) <= int(ep):
        return _one_to_n(sp, ep)  # as most are: not worth remembering
    return _diagnosed(sp, ep)


@lru_cache(maxsize=4_000)
def _diagnosed(sp: str, ep: str) -> Diagnosis:
    """The same of what is not two plain numbers in order."""
    if len(sp) + len(ep) > _LONGEST:
        return _FINE
    found = _placeholders(sp, ep) or _extent_or_label(sp, ep)
    if found:
        return found
    if is_article_number(sp):
        if ep and ep == sp:
            return Diagnosis("disagree", "EP", ep="", note="EP repeats the article number in SP", severity="info")
        return Diagnosis("article-number") if not ep else _FINE
    if not sp:
        return Diagnosis("end-alone", "EP") if ep else _FINE
    return _range_in_sp(sp, ep) if parse_pages(sp).kind in _RANGES else _two_ends(sp, ep)


_RANGES = ("range", "abbreviated", "descending")
_ONLY_LABEL = lazy(r"pp?\.?|pages?|Seiten?|S\.", re.IGNORECASE)
_CHAPTER = lazy(r"\d[:.]\d")


def _placeholders(sp: str, ep: str) -> Diagnosis | None:
    if sp.strip().lower() == "no" and ep.strip().lower() == "specified":
        return Diagnosis("placeholder", "SP", sp="", ep="", note="No Pagination Specified")
    if sp and is_page_placeholder(sp) and sp.strip() != "0":
        return Diagnosis("placeholder", "SP", sp="", ep="" if ep and is_page_placeholder(ep) else None, note=sp)
    if ep and is_page_placeholder(ep) and ep.strip() != "0":
        return Diagnosis("placeholder", "EP", ep="", note=ep)
    return None


def _extent_or_label(sp: str, ep: str) -> Diagnosis | None:
    if sp and not ep and not sp.isdigit() and extent(sp) is not None:
        return Diagnosis("extent", "SP", sp="", note=sp, safety="unsafe")
    if ep and not sp[:1].isdigit() and _ONLY_LABEL.fullmatch(sp):  # Zotero writes `pp. 187-221` so
        inner = parse_pages(ep)
        if inner.kind in ("range", "abbreviated", "single"):
            return Diagnosis("label", "SP", sp=inner.start, ep=inner.expanded_end or inner.end, note=sp)
    for name, value in (("SP", sp), ("EP", ep)):
        if value and not value.isdigit():
            bare = strip_page_label(value)
            if bare != value:
                return Diagnosis(
                    "label", name, sp=bare if name == "SP" else None, ep=bare if name == "EP" else None, note=value
                )
    return None


def _range_in_sp(sp: str, ep: str) -> Diagnosis:
    """SP holds a range: to be split when EP is absent or says the same."""
    whole = parse_pages(sp)
    if whole.kind == "descending":
        return Diagnosis("descending", "SP", note=f"{whole.start} to {whole.end}")
    end = whole.expanded_end or whole.end
    if not ep or ep in (whole.end, end, sp) or parse_sp_ep(whole.start, ep).expanded_end == end:
        if bool(_CHAPTER.search(whole.start)) != bool(_CHAPTER.search(whole.end)):
            return _FINE  # `3:1-12`: split, its end would lose its chapter
        one_article = whole.start == end and is_article_number(end)
        last, safety = "" if one_article else end, None if ep == end else _safety(whole)
        return Diagnosis("sp-holds-range", "SP", sp=whole.start, ep=last, note=sp, safety=safety)
    return Diagnosis("disagree", "EP", note=f"SP is {sp}, EP is {ep}")


def _safety(whole: Pages) -> str | None:
    """Unsafe where an abbreviated end, in full, lies far behind the first page; else as the rule says."""
    far = whole.expanded_end and int(whole.expanded_end) - int(whole.start) > _STRETCH
    return "unsafe" if far else None


def _two_ends(sp: str, ep: str) -> Diagnosis:
    """SP and EP each hold what they should, or one of them hangs in the air."""
    whole = parse_pages(sp)
    if whole.kind == "dangling":
        return Diagnosis("dangling", "SP", note=sp)
    if normal_delimiter(sp) != sp:
        return Diagnosis("delimiter", "SP", sp=normal_delimiter(sp), note=sp)
    if not ep:
        return _listed(sp)
    both, end = parse_sp_ep(sp, ep), parse_pages(ep)
    if both.kind == "range":  # chapter pages (`6-1` to `6-13`) look like ranges of their own
        return _zero_padded(sp, ep)
    if end.kind == "dangling":
        return Diagnosis("dangling", "EP", note=ep)
    if end.kind in _RANGES:
        last = end.expanded_end or end.end
        same = end.start == sp and end.kind != "descending"
        return Diagnosis("disagree", "EP", ep=last if same else None, note=f"EP holds the range {ep}")
    if both.kind == "abbreviated":
        return Diagnosis("abbreviated", "EP", ep=both.expanded_end, note=f"{sp}-{ep}", safety=_safety(both))
    if both.kind == "descending":
        return Diagnosis("descending", "EP", note=f"{sp} to {ep}")
    return _FINE


_LIST = lazy(
    "\\d{1,5}(?:[-\u2010-\u2015\u2212]\\d{1,5})?(?:\\s*[,;&+]\\s*\\d{1,5}(?:[-\u2010-\u2015\u2212]\\d{1,5})?)+"
)
_BETWEEN = lazy(r"\s*[,;&+]\s*")
_DASH = lazy("[\u2010-\u2015\u2212]")


def _listed(value: str) -> Diagnosis:
    """Several stretches of pages, in rising order. `12+345` counts pages, `12,345` may be one number."""
    if _LIST.fullmatch(value) is None:
        return _FINE
    bare = _DASH.sub("-", value)
    stretches = _BETWEEN.split(bare)
    numbers = [int(page) for stretch in stretches for page in stretch.split("-")]
    if numbers != sorted(set(numbers)) or ("-" not in bare and ("+" in bare or re.search(r",\d{3}\b", bare))):
        return _FINE
    new = ", ".join(stretches)
    return Diagnosis("list", sp=new, note=value) if new != value else _FINE


def _are_plain(*pages: str) -> bool:
    """Whether all are numbers without zeros in front, of a length that a page or an article may have."""
    return all(page.isdecimal() and page[0] != "0" and len(page) <= 24 for page in pages)


def _zero_padded(sp: str, ep: str) -> Diagnosis:
    """Both ends padded with zeros. One number alone may be an article's: 007 is one in JHEP."""
    if _is_zero_padded(sp) and (_is_zero_padded(ep) or ep.isdecimal()):
        return Diagnosis("leading-zeros", "SP", sp=sp.lstrip("0"), ep=ep.lstrip("0"), note=f"{sp}-{ep}")
    return _FINE


def _is_zero_padded(page: str) -> bool:
    return page.isdigit() and 2 <= len(page) <= 4 and page[0] == "0" and page.strip("0") != ""


def _one_to_n(sp: str, ep: str) -> Diagnosis:
    if sp == "1" and 2 <= int(ep) <= 60:
        return Diagnosis("one-to-n", "SP", note=f"{sp}-{ep}")
    return _FINE


def _pages_in_one_field(expected: frozenset[str], names: frozenset[str], has_extent: bool) -> RecordTest:
    def run(record: Record) -> Iterable[Hit]:
        for position, name in enumerate(record.names):
            value = record.values[position]
            if name not in names or not value:
                continue
            diagnosis = diagnose_one(value)
            if diagnosis.kind not in expected:
                continue
            hit = Hit(position, note=diagnosis.note, safety=diagnosis.safety, severity=diagnosis.severity)
            count = extent(value) if diagnosis.kind == "extent" and has_extent else None
            target = field_for(record, "number-of-pages") if count is not None else None
            if target is not None and target not in record.names:
                edit = rename_field(record, position, target, str(count))
                hit = hit._replace(edits=(edit,), safety="safe")
            elif diagnosis.sp is not None:
                new = diagnosis.sp
                hit = hit._replace(edits=(set_value(record, position, new) if new else delete_field(record, position),))
            yield hit

    return RecordTest(run, present=(names,))


@lru_cache(maxsize=4_000)
def diagnose_one(value: str) -> Diagnosis:
    """What is wrong with a pages value that holds start and end (CSL `page`, Zotero `pages`)."""
    if len(value) > _LONGEST:
        return _FINE
    if is_page_placeholder(value) and value.strip() != "0":
        return Diagnosis("placeholder", sp="", note=value)
    found = _extent_or_label(value, "")
    if found:
        return found
    whole = parse_pages(value)
    if whole.kind in ("dangling", "descending", "article-number"):
        ends = f"{whole.start} to {whole.end}" if whole.kind == "descending" else value
        return Diagnosis(whole.kind, note=ends)
    if whole.kind == "abbreviated":
        full = f"{whole.start}-{whole.expanded_end}"
        return Diagnosis("abbreviated", sp=full, note=value, safety=_safety(whole))
    if normal_delimiter(value) != value:
        return Diagnosis("delimiter", sp=normal_delimiter(value), note=value)
    if whole.kind == "list":
        return _listed(value)
    if whole.kind != "range" or not (whole.start.isdecimal() and whole.end.isdecimal()):
        return _FINE
    padded = _zero_padded(whole.start, whole.end)
    return padded._replace(sp=f"{padded.sp}-{padded.ep}", ep=None) if padded.kind else _one_to_n(whole.start, whole.end)
