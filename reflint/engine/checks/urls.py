"""Checks of URLs."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import quote

from reflint.engine.checks.base import Hit, Parameters, RecordTest, Scope, Trigger, ValueTest, check, texts
from reflint.engine.fixes.generic import set_value
from reflint.model.edit import Edit
from reflint.model.identifiers import doi_key, normalize_doi
from reflint.model.patterns import lazy
from reflint.model.record import Record
from reflint.model.urls import is_search_session, repaired_url, split_urls, url_problem


@check("url_malformed")
def url_malformed(params: Parameters, scope: Scope) -> ValueTest:
    """No absolute URL; `new` is the obvious repair where there is one. What never was an address is a warning.

    `table`: words that say nothing, so that they can go; that is safe.
    """
    nothing = frozenset(texts(params, "table"))

    def run(value: str) -> Hit | None:
        note = url_problem(value)
        if note is None or len(split_urls(value)) > 1:
            return None
        if value.strip() in nothing:
            return Hit(new="", note="is empty but for the word of a program", severity="warning", safety="safe")
        new = repaired_url(value)
        broken = new is not None or value.strip().lower().startswith(("http", "ftp", "www."))
        return Hit(note=_something_else(value) or note, new=new, severity=None if broken else "warning")

    return ValueTest(frozenset(scope.names), run)


_MAIL_ADDRESS = lazy(r"[^\s@/]+@[^\s@/]+\.[^\s@/]+")


def _something_else(value: str) -> str:
    """What EBSCO writes among the links besides; `""` for anything else."""
    value = value.strip()
    if value.upper().startswith("ORCID"):
        return "is an ORCID iD"
    return "is a mail address" if _MAIL_ADDRESS.fullmatch(value) else ""


@check("several_urls")
def several_urls(params: Parameters, scope: Scope) -> ValueTest:
    """Several URLs in one value."""

    def run(value: str) -> Hit | None:
        parts = split_urls(value) if value.count("://") > 1 else ()
        return Hit(new=parts) if len(parts) > 1 else None

    return ValueTest(frozenset(scope.resolve(params.get("field"))), run)


@check("url_search_session")
def url_search_session(params: Parameters, scope: Scope) -> RecordTest:
    """A database's record or search page, not the work. With a DOI in the record, its link could stand there.

    A page of one record, which may be the only way to the work, is told as an info.
    """
    names = frozenset(scope.names)

    def run(record: Record) -> Iterable[Hit]:
        for position in record.positions(*names):
            value = record.values[position]
            if not value or not is_search_session(value):
                continue
            link = _doi_link(record)
            edits: tuple[Edit, ...] = (set_value(record, position, link),) if link and link not in record.values else ()
            yield Hit(position, edits=edits, severity="info" if _is_of_one_record(value) else None)

    return RecordTest(run, trigger=Trigger(names, is_search_session))


_OF_ONE_RECORD = (
    *("/inward/", "/record/", "/docview/", "/openview/", "full-record", "keyut", "/detail/", "/details/", "/c/"),
    *("?an=", "&an=", "?jrnl=", "&jrnl=", "?accno=", "&accno="),
)


def _is_of_one_record(url: str) -> bool:
    return any(map(url.lower().__contains__, _OF_ONE_RECORD))


def _doi_link(record: Record) -> str:
    doi = normalize_doi(record.first("DO", "DOI"))
    return f"https://doi.org/{quote(doi, safe='/:;()._-,+@!$*=~')}" if doi else ""


@check("url_is_doi")
def url_is_doi(params: Parameters, scope: Scope) -> RecordTest:
    """The URL is the link of the record's own DOI."""
    names, dois = frozenset(scope.names), frozenset(["DO", "DOI"])

    def run(record: Record) -> Iterable[Hit]:
        own = doi_key(record.first("DO", "DOI"))
        for position in record.positions(*names):
            value = record.values[position]
            if own and "doi.org/" in value and doi_key(value) == own:
                yield Hit(position)

    return RecordTest(run, present=(names, dois), trigger=Trigger(names, lambda value: "doi.org/" in value))
