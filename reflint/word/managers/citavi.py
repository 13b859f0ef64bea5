"""Citavi: citations as JSON in base64, objects referred to by number."""

from __future__ import annotations

import base64
import json
import re
from typing import Any

from reflint.word.managers.base import BadPayloadError, Cited, Context, Item, Payload, date, family_given, item, text

_TYPES = {
    "JournalArticle": "article-journal", "Book": "book", "BookEdited": "book", "CollectedWorks": "book",
    "Contribution": "chapter", "ContributionInLegalCommentary": "chapter", "ConferenceProceedings": "book",
    "Thesis": "thesis", "InternetDocument": "webpage", "NewspaperArticle": "article-newspaper",
    "UnpublishedWork": "manuscript", "Manuscript": "manuscript", "Patent": "patent", "ArchiveMaterial": "manuscript",
    "Lecture": "speech", "PressRelease": "report", "SpecialIssue": "book", "ComputerProgram": "software",
    "CourtDecision": "legal_case", "StatuteOrRegulation": "legislation", "Standard": "standard", "Map": "map",
    "Movie": "motion_picture", "AudioOrVideoDocument": "motion_picture", "InterviewMaterial": "interview",
    "PersonalCommunication": "personal_communication", "Report": "report", "ReportOrGreyLiterature": "report",
}  # fmt: skip
_ENCODED = re.compile(r"CitaviPlaceholder\s*\{([^}]*)\}")
_YEAR = re.compile(r"\d{4}")


def citavi(instruction: str, context: Context) -> Payload:
    """The payload of `ADDIN CitaviPlaceholder{base64}`."""
    match = _ENCODED.search(instruction)
    if match is None:
        raise BadPayloadError("the braces of the placeholder are missing")
    try:
        data = json.loads(base64.b64decode("".join(match[1].split())).decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise BadPayloadError(f"the placeholder is not JSON in base64 ({error})") from None
    entries = data.get("Entries") if isinstance(data, dict) else None
    if not isinstance(entries, list):
        raise BadPayloadError("the JSON has no list of Entries")
    objects: dict[str, Any] = {}
    _collect(data, objects)
    found = [_resolved(entry, objects) for entry in entries]
    shown = data.get("Text")
    return Payload(
        works=tuple(_cited(entry, objects) for entry in found if entry),
        stored=shown if isinstance(shown, str) else None,
        data=data,
    )


def _collect(value: object, objects: dict[str, Any]) -> None:
    """The objects by the number that others refer to them with."""
    stack = [value]
    while stack:
        current = stack.pop()
        if isinstance(current, dict):
            if isinstance(current.get("$id"), str):
                objects[current["$id"]] = current
            stack += current.values()
        elif isinstance(current, list):
            stack += current


def _resolved(value: object, objects: dict[str, Any]) -> dict[str, Any]:
    if isinstance(value, dict) and isinstance(value.get("$ref"), str):
        value = objects.get(value["$ref"])
    return value if isinstance(value, dict) else {}


def _cited(entry: dict[str, Any], objects: dict[str, Any]) -> Cited:
    reference = _resolved(entry.get("Reference"), objects)
    key = text(entry.get("ReferenceId")) or text(reference.get("Id"))
    return Cited(
        item=_item(reference, objects) if reference else {},
        keys=(f"citavi:{key}",) if key else (),
        id=key,
        locator=text(_resolved(entry.get("PageRange"), objects).get("OriginalString")),
        prefix=str(entry.get("Prefix") or ""),
        suffix=str(entry.get("Suffix") or ""),
    )


def _item(reference: dict[str, Any], objects: dict[str, Any]) -> Item:
    def named(member: str) -> str:
        return text(_resolved(reference.get(member), objects).get("Name"))

    parent = _resolved(reference.get("ParentReference"), objects)
    type = _TYPES.get(text(reference.get("ReferenceType")), "document")
    title, subtitle = text(reference.get("Title")), text(reference.get("Subtitle"))
    pages = _resolved(reference.get("PageRange"), objects).get("OriginalString")
    return item(type, [
        ("title", f"{title}: {subtitle}" if title and subtitle else title),
        ("author", _people(reference, "Authors", objects) or _people(reference, "Organizations", objects)),
        ("editor", _people(reference, "Editors", objects) or _people(parent, "Editors", objects)),
        ("translator", _people(reference, "Translators", objects)),
        ("container-title", named("Periodical") or text(parent.get("Title"))),
        ("collection-title", named("SeriesTitle")),
        ("issued", _issued(reference) or _issued(parent)),
        ("accessed", date(text(reference.get("AccessDate")))),
        ("volume", text(reference.get("Volume"))),
        ("issue", text(reference.get("Number")) if type.startswith("article") else ""),
        ("number", "" if type.startswith("article") else text(reference.get("Number"))),
        ("page", text(pages)),
        ("edition", text(reference.get("Edition"))),
        ("publisher", _publisher(reference, objects) or _publisher(parent, objects)),
        ("publisher-place", text(reference.get("PlaceOfPublication")) or text(parent.get("PlaceOfPublication"))),
        ("ISBN", text(reference.get("Isbn"))),
        ("ISSN", text(_resolved(reference.get("Periodical"), objects).get("Issn"))),
        ("DOI", text(reference.get("Doi"))),
        ("PMID", text(reference.get("PubMedId"))),
        ("URL", text(reference.get("OnlineAddress"))),
        ("abstract", text(reference.get("Abstract"))),
        ("language", text(reference.get("LanguageCode"))),
        ("genre", text(reference.get("SpecificField2")) if type == "thesis" else ""),
    ])  # fmt: skip


def _people(reference: dict[str, Any], member: str, objects: dict[str, Any]) -> list[dict[str, str]]:
    people = reference.get(member)
    found = [_resolved(one, objects) for one in people] if isinstance(people, list) else []
    names = []
    for one in found:
        given = " ".join(filter(None, (text(one.get("FirstName")), text(one.get("MiddleName")))))
        family = " ".join(filter(None, (text(one.get("Prefix")), text(one.get("LastName")))))
        if family or given:
            names.append(family_given(family, given))
    return names


def _issued(reference: dict[str, Any]) -> Item | None:
    written = text(reference.get("Year")) or text(reference.get("Date"))
    resolved = text(reference.get("YearResolved"))
    match = _YEAR.search(resolved)
    return date(written) or (date(match[0]) if match else None)


def _publisher(reference: dict[str, Any], objects: dict[str, Any]) -> str:
    publishers = reference.get("Publishers")
    names = [text(_resolved(one, objects).get("Name")) for one in publishers] if isinstance(publishers, list) else []
    return ", ".join(filter(None, names))
