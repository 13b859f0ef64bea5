"""Checks of identifiers: DOI, ISSN, ISBN, ORCID, arXiv."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import compress

from reflint.engine.checks.base import (
    Hit,
    Parameters,
    RecordTest,
    Scope,
    Trigger,
    ValueTest,
    check,
    field_for,
    number,
    text,
    texts,
)
from reflint.engine.fixes.generic import insert_field, rename_field
from reflint.model.dates import year_of
from reflint.model.edit import Edit
from reflint.model.identifiers import (
    decode_doi,
    doi_key,
    find_arxiv_id,
    find_dois,
    is_central_id,
    is_doi,
    is_short_doi,
    normalize_doi,
    normalize_orcid,
    strip_doi_prefix,
    trim_doi,
    whole_doi,
)
from reflint.model.patterns import lazy
from reflint.model.record import Record
from reflint.model.standard_numbers import StandardNumber, parse_standard_numbers

_DOI_NOTE = lazy(r"\s*doi\s*[:=]", re.I)
_ORCID_SHAPE = lazy(r"\b\d{4}-?\d{4}-?\d{4}-?\d{3}[\dXx]\b")


@check("doi_missing")
def doi_missing(params: Parameters, scope: Scope) -> RecordTest:
    """No DOI, neither in its own field nor in another (`elsewhere`).

    Info only for works before `since`, and for those of which one of `kinds` matches `without`: they never get one.
    """
    own = frozenset(scope.resolve("csl.DOI"))
    elsewhere = scope.resolve(params.get("elsewhere", ()))
    since = number(params, "since", 1997)
    dates = scope.resolve("csl.issued")
    kinds, without = scope.resolve(params.get("kinds", ())), lazy(text(params, "without", r"(?!)"))

    def run(record: Record) -> Iterable[Hit]:
        if not own.isdisjoint(compress(record.names, record.values)):
            return ()
        if _doi_elsewhere(record, elsewhere):
            return ()
        years = [year for year in map(year_of, record.all(*dates)) if year]
        old = bool(years) and min(years) < since
        none_due = old or any(without.search(value) for value in record.all(*kinds))
        return [Hit(severity="info" if none_due else None)]

    return RecordTest(run, absent=own)


@check("embedded_doi")
def embedded_doi(params: Parameters, scope: Scope) -> RecordTest:
    """The DOI field is empty and a value of the rule's fields is wholly a DOI.

    `moved` fields give it up, others keep it; of the test prefix 10.5555 only the former count.
    A note counts only as `doi: 10...`. CENTRAL ids never count.
    """
    own = scope.resolve("csl.DOI")
    moved = frozenset(scope.resolve(params.get("moved", ())))
    notes = frozenset(scope.resolve(params.get("notes", ())))
    fields = frozenset(scope.names) - frozenset(own)

    def run(record: Record) -> Iterable[Hit]:
        if record.all(*own):
            return ()
        for position in record.positions(*fields):
            name, value = record.names[position], record.values[position]
            if "10." not in value or (name in notes and not _DOI_NOTE.match(value)):
                continue
            doi = whole_doi(value)
            if doi is None or (doi.startswith("10.5555/") and name not in moved):
                continue
            given_up = rename_field(record, position, own[0], doi)
            edit = given_up if name in moved else insert_field(own[0], doi, position)
            return [Hit(position, edits=(edit,), new=doi)]
        return ()

    return RecordTest(run, present=(fields,), absent=frozenset(own))


def _doi_elsewhere(record: Record, names: Iterable[str]) -> bool:
    return any(
        "10." in value and not is_central_id(value) and (whole_doi(value) or find_dois(value))
        for value in record.all(*names)
    )


@check("doi_malformed")
def doi_malformed(params: Parameters, scope: Scope) -> ValueTest:
    """What no normalisation makes a DOI (nor a shortDOI). `table`: words that say nothing, so that they can go."""
    nothing = frozenset(texts(params, "table"))

    def run(value: str) -> Hit | None:
        if is_doi(value) or normalize_doi(value) or is_short_doi(value) or _mended_doi(value):
            return None
        if value.strip() in nothing:
            return Hit(new="", note="it is the word of a program for nothing")
        dois = find_dois(value[:1_000])
        return Hit(note=f"it holds {len(dois)} DOIs" if len(dois) > 1 else "it is no DOI")

    return ValueTest(frozenset(scope.names), run, quiet_for=frozenset(["doi"]))


_ODD_DASH = lazy("[\u2010-\u2015\u2212]")
_LOOSE = lazy(r"(?<=[/(\[<:])\s+|(?<!\s)\s+(?=[/:;>\])]|\[\s*\d+:)|(?<=[.-])\s+(?=\d)")
_FOREIGN = lazy("[\\s\u00ad\u2010-\u2015\u2212]")
_ELEMENT = lazy(r"</?[A-Za-z]+\s*/?>")
_BEGINNING = lazy(r"10\.\d{4,9}(?:\.\d+)*/")


@check("doi_foreign_characters")
def doi_foreign_characters(params: Parameters, scope: Scope) -> ValueTest:
    """The DOI holds a typographic dash, a soft hyphen, or blanks at its punctuation; without them it is one DOI."""

    def run(value: str) -> Hit | None:
        new = _mended_doi(value)
        return Hit(new=new) if new else None

    return ValueTest(frozenset(scope.names), run, quiet_for=frozenset(["doi"]))


def _mended_doi(value: str) -> str | None:
    """A value that is one DOI but for what a typesetter put in, without that; None for any other value."""
    if _FOREIGN.search(value.strip()) is None or _ELEMENT.search(value):
        return None
    new = _ODD_DASH.sub("-", value.replace("\u00ad", ""))
    if normalize_doi(new) is None:
        new = _LOOSE.sub("", new)
    one = normalize_doi(new) is not None and len(_BEGINNING.findall(new)) == 1
    return new if one and new != value else None


@check("doi_short")
def doi_short(params: Parameters, scope: Scope) -> ValueTest:
    """A shortDOI (`10/abc`)."""

    def run(value: str) -> Hit | None:
        return Hit() if len(value) < 40 and "10." not in value and is_short_doi(value) else None

    return ValueTest(frozenset(scope.names), run, quiet_for=frozenset(["doi"]))


@check("doi_repeated_elsewhere")
def doi_repeated_elsewhere(params: Parameters, scope: Scope) -> RecordTest:
    """A field of the rule's names is wholly the DOI that the record's DOI field holds."""
    own = frozenset(scope.resolve("csl.DOI"))
    fields = frozenset(scope.names)

    def run(record: Record) -> Iterable[Hit]:
        keys = {doi_key(value) for value in record.all(*own)} - {""}
        for position in record.positions(*fields):
            value = record.values[position]
            doi = whole_doi(value) if "10." in value else None
            if doi and doi_key(doi) in keys:
                yield Hit(position)

    return RecordTest(run, present=(own, fields), trigger=Trigger(fields, lambda value: "10." in value))


@check("doi_prefix_of")
def doi_prefix_of(params: Parameters, scope: Scope) -> ValueTest:
    """The DOI begins with one of `prefixes` (and matches none of `unless`)."""
    prefixes = tuple(prefix + "/" for prefix in texts(params, "prefixes"))
    unless = lazy(text(params, "unless", r"(?!)"), re.IGNORECASE)

    def run(value: str) -> Hit | None:
        if value.startswith("10.") and not value.startswith(prefixes) and "%" not in value and value.isascii():
            return None
        doi = trim_doi(decode_doi(strip_doi_prefix(value)))
        return Hit(note=doi.split("/")[0]) if doi.startswith(prefixes) and not unless.search(doi) else None

    return ValueTest(frozenset(scope.names), run)


@check("standard_number")
def standard_number(params: Parameters, scope: Scope) -> ValueTest:
    """A number in the value is of one of the kinds in `kinds` (issn-bad, isbn-bad, isbn, issn).

    `alone`: only when the value holds nothing of that kind.
    """
    kinds = frozenset(texts(params, "kinds"))
    alone = frozenset(texts(params, "unless_with"))

    def run(value: str) -> Hit | None:
        if len(value) == 9 and value[4] == "-" and "issn-bad" not in kinds and "issn" not in kinds:
            return None
        numbers = parse_standard_numbers(value)
        if any(one.kind in alone for one in numbers):
            return None
        bad: StandardNumber | None = next((one for one in numbers if one.kind in kinds), None)
        return Hit(within=(bad.start, bad.end), note=bad.text) if bad else None

    return ValueTest(frozenset(scope.names), run, quiet_for=frozenset(["issn"]) if "issn" not in kinds else frozenset())


@check("issn_isbn_swapped")
def issn_isbn_swapped(params: Parameters, scope: Scope) -> RecordTest:
    """The standard numbers are all of the other kind than `want` (issn or isbn).

    `field`: where they are looked for. Where the format keeps the kinds apart and the other field is empty, the
    numbers can move there.
    """
    want = text(params, "want")
    other = "isbn" if want == "issn" else "issn"
    names = frozenset(scope.resolve(params.get("field")))
    note = f"an {other.upper()} and no {want.upper()}"

    def run(record: Record) -> Iterable[Hit]:
        places = [i for i in record.positions(*names) if record.values[i]]
        kinds = {i: {one.kind for one in parse_standard_numbers(record.values[i])} for i in places}
        if any(want in found for found in kinds.values()):
            return
        for i in places:
            if other in kinds[i]:
                yield Hit(i, note=note, edits=moved(record, i) if kinds[i] == {other} else ())

    def moved(record: Record, position: int) -> tuple[Edit, ...]:
        target = field_for(record, other.upper()) if scope.format != "ris" else None
        free = target is not None and target not in record.names
        return (rename_field(record, position, target),) if free and target else ()

    def holds_other(value: str) -> bool:
        return any(one.kind == other for one in parse_standard_numbers(value))

    return RecordTest(run, trigger=Trigger(names, holds_other, frozenset(["issn"]) if other == "isbn" else frozenset()))


@check("orcid")
def orcid(params: Parameters, scope: Scope) -> ValueTest:
    """The value holds what looks like an ORCID iD and does not check."""

    def run(value: str) -> Hit | None:
        if len(value) < 16:
            return None
        match = _ORCID_SHAPE.search(value)
        if match is None or normalize_orcid(match[0]):
            return None
        return Hit(within=match.span(), note=match[0])

    return ValueTest(frozenset(scope.names), run, quiet_for=frozenset(["name"]))


@check("arxiv_id")
def arxiv_id(params: Parameters, scope: Scope) -> ValueTest:
    """The value holds an arXiv id, which is neither a volume nor a journal."""

    def run(value: str) -> Hit | None:
        if "arxiv" not in value.lower() and not value.startswith("abs/"):
            return None
        found = find_arxiv_id(value)
        return Hit(note=f"arXiv:{found}") if found else None

    return ValueTest(frozenset(scope.names), run)


@check("label_before_id")
def label_before_id(params: Parameters, scope: Scope) -> ValueTest:
    """A PMID or PMCID with its label written into the value."""
    shape = lazy(r"\A\s*(?:PMID|PMCID|PM)\s*[:=]?\s*((?:PMC)?[1-9]\d{0,8})\s*\Z", re.IGNORECASE)

    def run(value: str) -> Hit | None:
        if value[:1] not in "Pp " or len(value) > 30:
            return None
        match = shape.search(value)
        return (
            Hit(new=match[1].upper()) if match and not value.upper().startswith("PMC") else _labelled_pmc(match, value)
        )

    return ValueTest(frozenset(scope.names), run)


def _labelled_pmc(match: re.Match[str] | None, value: str) -> Hit | None:
    if match is None or value.strip().upper() == match[1].upper():
        return None
    return Hit(new=match[1].upper()) if "ID" in value.upper()[:6] else None
