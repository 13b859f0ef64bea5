"""Names for groups of fields that rules apply to: `text`, `short-text` (no abstracts), `creators`, `all`."""

from __future__ import annotations

from functools import cache

from reflint.formats.ris.tags import NATIVE_TAGS, TAGS

_RIS_CREATORS = ("AU", "A1", "A2", "A3", "A4", "A5", "ED", "TA")
_RIS_IDENTIFIERS = frozenset("TY ER DO UR LK L1 L2 L3 L4 SN ID AN".split())
_CSL_CREATORS = (
    "author",
    "editor",
    "translator",
    "container-author",
    "collection-editor",
    "editorial-director",
    "composer",
    "director",
    "illustrator",
    "interviewer",
    "recipient",
    "reviewed-author",
)
_CSL_TEXT = (
    *_CSL_CREATORS,
    "title",
    "title-short",
    "container-title",
    "container-title-short",
    "collection-title",
    "event-title",
    "event-place",
    "publisher",
    "publisher-place",
    "abstract",
    "note",
    "keyword",
    "genre",
    "edition",
    "volume",
    "issue",
    "page",
    "number",
    "section",
    "medium",
    "archive",
    "archive_location",
    "source",
    "call-number",
    "annote",
)
_CSL_ALL = (
    *_CSL_TEXT,
    "DOI",
    "URL",
    "ISSN",
    "ISBN",
    "PMID",
    "PMCID",
    "language",
    "status",
    "version",
    "issued",
    "accessed",
)

_GROUPS: dict[str, dict[str, tuple[str, ...]]] = {
    "ris": {
        "creators": _RIS_CREATORS,
        "text": tuple(sorted(TAGS - _RIS_IDENTIFIERS)),
        "short-text": tuple(sorted(TAGS - _RIS_IDENTIFIERS - {"AB", "N2"})),
        "all": tuple(sorted(TAGS - {"ER"})),
        "dialects": tuple(sorted(TAGS | NATIVE_TAGS)),
    },
    "csl": {
        "creators": _CSL_CREATORS,
        "text": _CSL_TEXT,
        "short-text": tuple(name for name in _CSL_TEXT if name != "abstract"),
        "all": _CSL_ALL,
    },
}
_ZOTERO_NO_TEXT = frozenset(
    "DOI PMID PMCID ISSN ISBN url citationKey date accessDate originalDate dateDecided dateEnacted issueDate "
    "filingDate priorityDate language versionNumber".split()
)


def field_group(format: str, name: str) -> tuple[str, ...]:
    """The fields of a group in a format: a rule's `applies` may give a group instead of a list."""
    return _zotero_groups()[name] if format == "zotero" else _GROUPS[format][name]


@cache
def _zotero_groups() -> dict[str, tuple[str, ...]]:
    from reflint.formats.zotero.schema import schema

    creators = tuple(sorted(schema().roles))
    text = (*creators, "tags", *sorted(schema().fields - _ZOTERO_NO_TEXT))
    return {
        "creators": creators,
        "text": text,
        "short-text": tuple(name for name in text if name != "abstractNote"),
        "all": (*creators, "tags", *sorted(schema().fields)),
    }
