"""Checks of what only Zotero has: fields of item types, tags, children, and what its importer puts where."""

from __future__ import annotations

import re
from collections.abc import Iterable

from reflint.engine.checks.base import (
    Hit,
    Parameters,
    RecordTest,
    Scope,
    Trigger,
    ValueTest,
    check,
    text,
    texts,
)
from reflint.engine.checks.containers import joined_title
from reflint.engine.checks.extra import with_extra_lines
from reflint.engine.fixes.generic import delete_field, insert_field, rename_field, set_value
from reflint.model.edit import Edit
from reflint.model.patterns import lazy
from reflint.model.record import Record
from reflint.model.text import fold

_WORD_OF_JOURNALS = lazy(
    r"\b(?:journal|review|research|sciences?|letters|studies|annals|bulletin|transactions|quarterly|proceedings|archives?"
    r"|medicine|engineering|magazine|economics|education|physics|chemistry|biology|psychology)\b",
    re.IGNORECASE,
)
_OF_PURE = lazy(r"\b(?:SCOPUS:\d|2-s2\.0-)|partnerID=|scopus\.com/inward/", re.IGNORECASE)
_STATUS_TAG = lazy(r"\A[^\w(\[\"'*]|[\U0001f300-\U0001faff\u2600-\u27bf]")
_PART = lazy(r"[^\W_].{0,48}[\w)\]]\Z")


@check("field_of_type")
def field_of_type(params: Parameters, scope: Scope) -> RecordTest:
    """Zotero: a field or creator type that the item type does not have: the server refuses it, an import drops it.

    Base fields (and `imported`, which every translator fills in) are every type's in the JSON of translators and Better
    BibTeX; on the server's they move to the type's own name. Of the others, and of creators, the edits need a person's
    yes: the values go into lines of Extra, the creator becomes a contributor.
    """
    imported = frozenset(texts(params, "imported"))

    def run(record: Record) -> Iterable[Hit]:
        from reflint.formats.zotero import is_of_server, item_type, schema

        table, kind, of_server = schema(), item_type(record), is_of_server(record)
        if not table.knows(kind):
            return
        milder = None if of_server else "warning"
        lost: list[int] = []
        for position, name in enumerate(record.names):
            if name in table.roles:
                if name not in (*table.creators_of(kind), "author"):
                    yield Hit(position, edits=_as_contributor(record, position), note=kind, severity=milder)
            elif name in table.fields and not table.is_valid(kind, name):
                own = table.own_name(kind, name)
                if (own is None and (of_server or name not in imported)) or (own is not None and record.first(own)):
                    lost.append(position)
                elif own is not None and of_server:
                    yield Hit(position, edits=(rename_field(record, position, own),), note=kind, safety="safe")
        edits = _into_extra(record, lost, kind)
        for position in lost:
            yield Hit(position, edits=edits, note=kind, severity=milder)

    return RecordTest(run, known=_valid_names(scope.type))


def _valid_names(csl_type: str) -> frozenset[str]:
    """The names that every item type of a CSL type has."""
    from reflint.formats.zotero import schema

    table = schema()
    of_types = [{*table.fields_of(one), *table.creators_of(one)} for one in table.item_types_of(csl_type)]
    return frozenset({"author", "tags", *set.intersection(*of_types)}) if of_types else frozenset()


def _as_contributor(record: Record, position: int) -> tuple[Edit, ...]:
    from reflint.formats.zotero import item_type, schema

    possible = "contributor" in schema().creators_of(item_type(record))
    return (rename_field(record, position, "contributor"),) if possible else ()


def _into_extra(record: Record, positions: list[int], kind: str) -> tuple[Edit, ...]:
    """The edits that make fields lines of Extra, under CSL's names where they have one, all at once.

    A base field that only repeats the type's own field goes.
    """
    from reflint.formats.zotero import schema

    lines = []
    for position in positions:
        name, value = record.names[position], record.values[position]
        if record.first(schema().own_name(kind, name) or "") != value:
            lines.append((schema().variable_of(kind, name) or name, value))
    return (*with_extra_lines(record, lines), *(delete_field(record, position) for position in positions))


@check("orphan_attachment")
def orphan_attachment(params: Parameters, scope: Scope) -> RecordTest:
    """Zotero: an attached PDF or e-book without an item it belongs to."""

    def run(record: Record) -> Iterable[Hit]:
        from reflint.formats.zotero import data_of

        data = data_of(record)
        files = ("application/pdf", "application/epub+zip")
        lonely = not data.get("parentItem") and not data.get("deleted")
        return [Hit(note=str(data.get("filename") or ""))] if lonely and data.get("contentType") in files else ()

    return RecordTest(run)


@check("publication_title_is_subtitle")
def publication_title_is_subtitle(params: Parameters, scope: Scope) -> RecordTest:
    """Zotero: the publication title is no name of the journal that the abbreviation field gives in full.

    So imports Zotero the RIS records of Pure whose subtitle stands in T2. Only records that show traces of Pure or
    Scopus count: else a special issue, a translated title or a new name of the journal could be meant.
    """

    def run(record: Record) -> Iterable[Hit]:
        from reflint.formats.ris.container import name_the_same

        second, journal, title = (record.first(name) for name in ("publicationTitle", "journalAbbreviation", "title"))
        if not (second and journal and title) or not _is_full_title(journal) or name_the_same(second, journal):
            return ()
        if not any(_OF_PURE.search(value) for value in record.all("archiveLocation", "url", "extra")):
            return ()
        position = record.positions("publicationTitle")[0]
        edits = [
            set_value(record, position, journal),
            delete_field(record, record.positions("journalAbbreviation")[0]),
        ]
        joined = joined_title(title, second)
        if joined != title:
            edits.append(set_value(record, record.positions("title")[0], joined))
        return [Hit(position, edits=tuple(edits), note=journal)]

    both = frozenset(["publicationTitle"]), frozenset(["journalAbbreviation"])
    return RecordTest(run, present=both)


def _is_full_title(title: str) -> bool:
    """Whether a journal title is surely no abbreviation: several words, no full stop, one of journals' own words."""
    return len(title.split()) > 1 and "." not in title and _WORD_OF_JOURNALS.search(title) is not None


@check("accession_number")
def accession_number(params: Parameters, scope: Scope) -> ValueTest | RecordTest:
    """Zotero: archiveLocation holds a database's number for the record (`match`), which styles print as a place.

    It moves to a line of Extra; an `archive` that only names a database (`databases`) goes with it.
    """
    shape = lazy(text(params, "match"), re.IGNORECASE)
    databases = frozenset(map(fold, texts(params, "databases")))
    names = frozenset(scope.resolve("zotero.archiveLocation"))

    def run(record: Record) -> Iterable[Hit]:
        for position in record.positions(*names):
            value = record.values[position]
            if shape.search(value):
                edits: list[Edit] = [*with_extra_lines(record, [("Accession Number", value)])]
                edits.append(delete_field(record, position))
                archive = record.positions("archive")
                if archive and fold(record.values[archive[0]]) in databases:
                    edits.append(delete_field(record, archive[0]))
                yield Hit(position, edits=tuple(edits))

    return RecordTest(run, trigger=Trigger(names, lambda value: shape.search(value) is not None))


def tag_noise(scope: Scope, most: int) -> RecordTest:
    """A tag stands twice (case apart), holds a list of tags, carries the `*` of a major topic, or is the first of more
    than `most` that an import left. Status tags (`/unread`, emoji) are their owner's business."""

    def run(record: Record) -> Iterable[Hit]:
        from reflint.formats.zotero import automatic_tags

        places = record.positions("tags")
        automatic = automatic_tags(record)
        if len(automatic) > most:
            yield Hit(automatic[0], note=f"is one of {len(automatic)} that an import left")
        kept: dict[str, int] = {}
        for position in places:
            key = record.values[position].casefold().strip()
            other = kept.setdefault(key, position)
            if other != position:
                loser = other if other in automatic and position not in automatic else position
                kept[key] = other if loser == position else position
                yield Hit(loser, edits=(delete_field(record, loser),), note="stands twice", safety="safe")
        for position in kept.values():
            hit = _odd_tag(record, position)
            if hit is not None:
                yield hit

    return RecordTest(run, present=(frozenset(scope.resolve("zotero.tags")),))


def _odd_tag(record: Record, position: int) -> Hit | None:
    tag = record.values[position]
    if _STATUS_TAG.search(tag):
        return None
    if tag[0] == "*" or tag[-1] == "*" or "/*" in tag:
        new = tag.strip("*").replace("/*", "/").strip()
        return Hit(position, new=new, note="carries the * of a major topic")
    parts = _listed(tag)
    if not parts:
        return None
    others = [insert_field("tags", part, position) for part in parts[1:]]
    return Hit(position, edits=(set_value(record, position, parts[0]), *others), note=f"is a list of {len(parts)}")


def _listed(tag: str) -> tuple[str, ...]:
    """The tags that one holds as a list: between `;`, or between many commas; () when it is one tag."""
    if ";" in tag and "&" not in tag:
        parts = [part.strip() for part in tag.split(";")]
    elif tag.count(",") > 2 and len(tag) > 60 and "(" not in tag and ":" not in tag:
        parts = [part.strip() for part in tag.split(",")]
    else:
        return ()
    parts = [part for part in dict.fromkeys(parts) if part]
    return tuple(parts) if len(parts) > 1 and all(map(_PART.match, parts)) else ()
