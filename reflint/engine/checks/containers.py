"""Checks of journals, books and proceedings, and of the type that goes with them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import partial
from itertools import compress

from reflint.engine.checks.base import Hit, Parameters, RecordTest, Scope, Trigger, ValueTest, check, text
from reflint.engine.checks.generic import folds_alike
from reflint.engine.fixes.generic import delete_field, rename_field, set_value
from reflint.formats.ris.container import subtitle_in_t2
from reflint.formats.ris.tags import CSL_TYPES, TYPE_ALIASES
from reflint.model.abbreviations import abbreviates
from reflint.model.edit import Edit
from reflint.model.identifiers import doi_key, whole_doi
from reflint.model.pages import parse_pages, parse_sp_ep
from reflint.model.patterns import lazy
from reflint.model.record import Record
from reflint.model.text import fold, unescape_entities

_WHOLE_WORD_AND_STOP = lazy(
    r"\s\w*(?:ology|ography|istry|science|sciences|research|engineering|education|medicine|review|reviews|letters|physics"
    r"|studies|journal|today|health|nursing|surgery|management|policy|psychiatry|therapy|proceedings|quarterly|history)\.\Z",
    re.IGNORECASE,
)
_JOURNAL_TAGS = frozenset(["JF", "JO", "JA", "J1", "J2"])
_MEETING = lazy(
    r"\b(?:conference|symposium|workshop|congress|meeting)\b|\bproceedings of the (?:\d+|\w+)(?:st|nd|rd|th)\b"
    r"|\bproc\.? (?:\d{4}|int)",
    re.IGNORECASE,
)
_SERIAL = lazy(
    r"\bjournal|\btransactions|\bnational academy|\broyal society|\bsociety symposi"
    r"|\bproceedings of the (?:ieee|vldb|acm on|institution|society)"
    r"|\bproc\.? (?:natl?|r\.?|roy|vldb|inst|soc|ieee\Z)|\bseries\b|\breports?\b|\badvances\b|lecture notes|\bpapers\b"
    r"|\breview|\byearbook|\bannal|\bbulletin|\bquarterly|\bmagazine",
    re.IGNORECASE,
)


@check("subtitle_in_t2")
def t2_is_subtitle(params: Parameters, scope: Scope) -> RecordTest:
    """RIS: T2 of a journal record is not the journal but the title's second part."""

    def run(record: Record) -> Iterable[Hit]:
        if not subtitle_in_t2(record):
            return ()
        t2 = next(i for i in record.positions("T2") if record.values[i])
        title = next((i for name in ("TI", "T1") for i in record.positions(name) if record.values[i]), None)
        if title is None:
            return [Hit(t2, note=record.first("JF", "JO", "JA", "J2", "J1"))]
        joined = joined_title(record.values[title], record.values[t2])
        edits = [delete_field(record, t2)]
        if joined != record.values[title]:
            edits.insert(0, set_value(record, title, joined))
        safety = "safe" if _from_pure(record) else "unsafe"
        return [Hit(t2, edits=tuple(edits), new=joined, safety=safety, note=record.first("JF", "JO", "JA", "J2", "J1"))]

    return RecordTest(run, present=(frozenset(["T2"]), _JOURNAL_TAGS))


def joined_title(title: str, subtitle: str) -> str:
    """The title with its second part behind it, unless it ends with that already."""
    if fold(title).endswith(fold(subtitle)):
        return title
    return f"{title} {subtitle}" if title[-1:] in ":?!" else f"{title.rstrip('. ')}: {subtitle}"


def _from_pure(record: Record) -> bool:
    """The signature of Elsevier Pure: JO repeats JF, and a custom DOI, a copyright note or a Scopus link beside it.

    Pure writes subtitles into T2 and nothing else; EBSCO has the same JO and JF but may put a translated title there.
    """
    if not record.first("JF") or fold(record.first("JF")) != fold(record.first("JO")):
        return False
    doi = doi_key(record.first("DO"))
    custom = any(doi and doi_key(whole_doi(value) or "") == doi for value in record.all("U2", "U1", "U3"))
    note = any(value.startswith("Publisher Copyright") for value in record.all("N1"))
    link = any("partnerID=" in value for value in record.all("UR"))
    return custom or note or link


@check("abbreviation_repeats_title")
def abbreviation_repeats_title(params: Parameters, scope: Scope) -> RecordTest:
    """The abbreviated journal title repeats the full one, which has more than one word.

    RIS: JO beside an equal JF becomes T2 when T2 is free, so that readers of either generation find the journal.
    """
    ris = scope.format == "ris"
    short = ("J2", "JA", "J1", "JO") if ris else scope.resolve("csl.container-title-short")
    full = ("JF", "T2") if ris else scope.resolve("csl.container-title")

    def run(record: Record) -> Iterable[Hit]:
        title = record.first(*full)
        same = [position for position in record.positions(*short) if folds_alike(record.values[position], title)]
        if not same or len(fold(title).split()) < 2 or not _can_be_shortened(title):
            return
        # Where T2 is the subtitle, what becomes of JO is decided when that is repaired (RIS014).
        subtitle = ris and subtitle_in_t2(record)
        moved = False
        for position in same:
            if subtitle:
                yield Hit(position, note=title)
            elif record.names[position] == "JO" and not record.first("T2") and not moved:
                moved = True
                yield Hit(position, edits=(rename_field(record, position, "T2"),), note=title)
            else:
                yield Hit(position, edits=(delete_field(record, position),), note=title)

    return RecordTest(run, present=(frozenset(short), frozenset(full)))


def _can_be_shortened(title: str) -> bool:
    """Whether a word of the title is long enough for an abbreviation: `BMC Cancer` and `PLoS One` are their own."""
    return any(len(word) > 6 for word in re.findall(r"\w+", title))


@check("abbreviation_swapped")
def abbreviation_swapped(params: Parameters, scope: Scope) -> RecordTest:
    """The field of the full title holds the abbreviation, that of the abbreviation the full title."""
    ris = scope.format == "ris"
    full = ("JF", "T2") if ris else scope.resolve("csl.container-title")
    short = ("JA", "J2") if ris else scope.resolve("csl.container-title-short")

    def run(record: Record) -> Iterable[Hit]:
        a = next((i for i in record.positions(*full) if record.values[i]), None)
        b = next((i for i in record.positions(*short) if record.values[i]), None)
        if a is None or b is None:
            return ()
        first, second = record.values[a], record.values[b]
        if "." not in first or "." in second or len(second) <= len(first) + 3 or not abbreviates(first, second):
            return ()
        return [Hit(a, edits=(set_value(record, a, second), set_value(record, b, first)), note=second)]

    return RecordTest(run, present=(frozenset(full), frozenset(short)))


@check("container_text")
def container_text(params: Parameters, scope: Scope) -> ValueTest:
    """A container title with an entity, a trailing comma, semicolon or full stop, or (`capitals`) in capitals."""
    capitals = bool(params.get("capitals", True))

    def run(value: str) -> Hit | None:
        plain = unescape_entities(value) if "&" in value else value
        new = plain.rstrip(" ,;")
        if new.count(".") == 1 and _WHOLE_WORD_AND_STOP.search(new):
            new = new[:-1]
        if new and new != value.rstrip():
            return Hit(new=new, note="holds an entity" if plain != value else "ends with punctuation")
        if capitals and value.isupper() and len(value.split()) >= 3 and sum(c.isalpha() for c in value) > 12:
            return Hit(severity="info", note="is in capitals")
        return None

    return ValueTest(frozenset(scope.names), run)


@check("dotted_container")
def dotted_container(params: Parameters, scope: Scope) -> ValueTest:
    """A full-title field that holds an abbreviation: at least two words, each but one ending with a full stop."""

    def run(value: str) -> Hit | None:
        words = value.split()
        if len(words) < 2 or value.count(".") < 2 or len(value) > 60:
            return None
        dotted = sum(word.endswith(".") and len(word) > 2 for word in words)
        return Hit(confidence="medium") if dotted >= 2 and dotted >= len(words) - 2 else None

    return ValueTest(frozenset(scope.names), run)


@check("conference_as_journal")
def conference_as_journal(params: Parameters, scope: Scope) -> RecordTest:
    """A journal record whose container is a meeting's proceedings and whose numbers are not those of a serial."""
    containers = scope.resolve("csl.container-title")

    def run(record: Record) -> Iterable[Hit]:
        for name in containers:
            value = record.first(name)
            if value and _MEETING.search(value) and not _SERIAL.search(value):
                if record.first("IS", "issue"):
                    return ()
                position = next(i for i in record.positions(name) if record.values[i])
                edits = _type_edit(record, "CPAPER")
                return [Hit(position, edits=edits, note=value[:60], confidence="medium")]
        return ()

    trigger = Trigger(frozenset(containers), lambda value: _MEETING.search(value) is not None)
    return RecordTest(run, trigger=trigger)


@check("container_named")
def container_named(params: Parameters, scope: Scope) -> RecordTest:
    """The title of what the work stands in matches `match` (case apart); one hit, however many fields say it."""
    containers = scope.resolve("csl.container-title")
    wanted = lazy(text(params, "match"), re.IGNORECASE)

    def run(record: Record) -> Iterable[Hit]:
        for name in containers:
            for position in record.positions(name):
                if record.values[position] and wanted.search(record.values[position]):
                    return [Hit(position)]
        return ()

    return RecordTest(run, trigger=Trigger(frozenset(containers), lambda value: wanted.search(value) is not None))


def _type_edit(record: Record, ris_type: str) -> tuple[Edit, ...]:
    if record.format.name != "ris" or "TY" not in record.names:
        return ()
    return (set_value(record, record.names.index("TY"), ris_type),)


@check("unknown_type")
def unknown_type(params: Parameters, scope: Scope) -> RecordTest:
    """RIS: TY is empty or holds no type of any dialect."""

    def run(record: Record) -> Iterable[Hit]:
        if "TY" not in record.names:
            return ()
        position = record.names.index("TY")
        written = record.values[position]
        if written.strip().upper() in CSL_TYPES:
            return ()
        alias = TYPE_ALIASES.get(written.strip().upper()) if written else None
        if alias == "GEN" and not (record.first("DO") or record.first("TI", "T1")):
            alias = None
        if written.strip().upper() == "LETTER" and not record.first("DO", "SN", "IS"):
            alias = None  # a letter that was sent, not one to the editor
        edits = _type_edit(record, alias) if alias else ()
        return [Hit(position, edits=edits, note=written.strip() or "empty")]

    return RecordTest(run)


@check("chapter_as_book")
def chapter_as_book(params: Parameters, scope: Scope) -> RecordTest:
    """RIS: a BOOK with first and last page and the title of a book around it. Zotero: a book whose number of pages is
    a range that does not begin at 1."""
    counts = frozenset(scope.resolve("csl.number-of-pages")) if scope.format == "zotero" else frozenset()
    if counts:
        return RecordTest(partial(_pages_of_a_part, counts), present=(counts,))

    def run(record: Record) -> Iterable[Hit]:
        sp, ep = record.first("SP"), record.first("EP")
        if not (sp.isdecimal() and ep.isdecimal()) or parse_sp_ep(sp, ep).kind != "range" or int(sp) == 1:
            return ()
        around = [i for i in record.positions("T2", "BT") if record.values[i]]
        if not around:
            return ()
        edits = () if record.first("TY").strip().upper() == "SER" else _type_edit(record, "CHAP")
        return [Hit(around[0], edits=edits, confidence="medium")]

    return RecordTest(run, present=(frozenset(["T2", "BT"]), frozenset(["SP"]), frozenset(["EP"])))


def _pages_of_a_part(counts: frozenset[str], record: Record) -> Iterable[Hit]:
    for position in record.positions(*counts):
        pages = parse_pages(record.values[position])
        if pages.kind == "range" and pages.start.isdecimal() and pages.end.isdecimal() and int(pages.start) > 1:
            yield Hit(position, confidence="medium")


@check("required_for_type")
def required_for_type(params: Parameters, scope: Scope) -> RecordTest:
    """Fields that a citation of this type needs are missing: `table` maps a type to lists of alternatives."""
    table = params.get("table")
    groups = table.get(scope.type, []) if isinstance(table, dict) else []
    resolved = [(str(one[0]), scope.resolve([f"csl.{variable}" for variable in one])) for one in groups]
    wanted = [(variable, frozenset(names)) for variable, names in resolved if names]

    def run(record: Record) -> Iterable[Hit]:
        have = list(compress(record.names, record.values))
        missing = [variable for variable, names in wanted if names.isdisjoint(have)]
        return [Hit(note=", ".join(missing))] if missing else ()

    return RecordTest(run, absent=wanted[0][1] if len(wanted) == 1 else frozenset())
