"""Word's own citations: CITATION fields, and the sources that the document holds."""

from __future__ import annotations

import re

from lxml import etree

from reflint.model.dates import month_of
from reflint.word.managers.base import BadPayloadError, Cited, Context, Item, Payload, date, family_given, item
from reflint.word.xml import child, children, local, text_of

_TYPES = {
    "JournalArticle": "article-journal", "Book": "book", "BookSection": "chapter",
    "ConferenceProceedings": "paper-conference", "Report": "report", "InternetSite": "webpage",
    "DocumentFromInternetSite": "webpage", "ElectronicSource": "webpage", "ArticleInAPeriodical": "article-magazine",
    "Patent": "patent", "Case": "legal_case", "Film": "motion_picture", "Art": "graphic", "Interview": "interview",
    "SoundRecording": "song", "Performance": "speech", "Misc": "document",
}  # fmt: skip
_ROLES = {"Author": "author", "Editor": "editor", "Translator": "translator", "BookAuthor": "container-author"}
_TOKEN = re.compile(r'\\\\?([a-zA-Z])|"([^"]*)"|(\S+)')
_WITH_VALUE = "lpvfs"


def citation(instruction: str, context: Context) -> Payload:
    """The payload of ` CITATION Tag \\l 1033 [\\p pages] [\\m Tag2] ...`."""
    cited: list[Cited] = []
    switch, tag_next = "", True
    for match in _TOKEN.finditer(instruction.strip().removeprefix("CITATION")):
        letter, quoted, bare = match.groups()
        value = quoted if quoted is not None else bare
        if letter:
            switch, tag_next = letter.lower(), letter.lower() == "m"
            if switch == "n" and cited:
                cited[-1] = cited[-1]._replace(suppress_author=True)
        elif tag_next:
            cited.append(_of_tag(value, context))
            tag_next = False
        elif cited and switch in _WITH_VALUE:
            cited[-1] = _with(cited[-1], switch, value)
            switch = ""
    if not cited:
        raise BadPayloadError("the instruction names no source")
    return Payload(tuple(cited))


def _of_tag(tag: str, context: Context) -> Cited:
    source = context.sources.get(tag)
    return Cited(source or {}, (f"word:{tag}",), tag, linked=source is not None)


def _with(cited: Cited, switch: str, value: str) -> Cited:
    if switch == "p":
        return cited._replace(locator=value, label="page")
    if switch == "f":
        return cited._replace(prefix=value)
    return cited._replace(suffix=value) if switch == "s" else cited


def sources(root: etree._Element) -> dict[str, Item]:
    """The works of a b:Sources part by their tags."""
    if local(root) != "Sources":
        return {}
    found = {}
    for source in children(root, "Source"):
        if tag := text_of(child(source, "Tag")):
            found[tag] = _item(source)
    return found


def _item(source: etree._Element) -> Item:
    def first(*names: str) -> str:
        return next((found for name in names if (found := text_of(child(source, name)))), "")

    kind = first("SourceType")
    type = "thesis" if first("ThesisType") else _TYPES.get(kind, "document")
    authors = child(source, "Author")
    names = [(role, _people(authors, name)) for name, role in _ROLES.items()] if authors is not None else []
    return item(type, [
        ("title", first("Title")),
        *names,
        ("container-title", first(
            "JournalName", "BookTitle", "PeriodicalTitle", "PublicationTitle", "InternetSiteTitle", "ConferenceName"
        )),
        ("issued", _issued(first("Year"), first("Month"), first("Day"))),
        ("accessed", _issued(first("YearAccessed"), first("MonthAccessed"), first("DayAccessed"))),
        ("volume", first("Volume")),
        ("issue", first("Issue")),
        ("page", first("Pages")),
        ("edition", first("Edition")),
        ("publisher", first("Publisher", "Institution")),
        ("publisher-place", first("City")),
        ("number", first("PatentNumber", "CaseNumber")),
        ("DOI", first("DOI")),
        ("URL", first("URL")),
        ("ISSN" if type.startswith("article") else "ISBN", first("StandardNumber")),
        ("genre", first("ThesisType")),
        ("note", first("Comments")),
    ])  # fmt: skip


def _people(authors: etree._Element, role: str) -> list[dict[str, str]]:
    """The names of a role: a list of persons, or a corporate author."""
    holder = child(authors, role)
    if holder is None:
        return []
    if corporate := text_of(child(holder, "Corporate")):
        return [{"literal": corporate}]
    people = child(holder, "NameList")
    names = []
    for person in children(people, "Person") if people is not None else []:
        parts = {local(part): text_of(part) for part in person}
        given = " ".join(filter(None, (parts.get("First", ""), parts.get("Middle", ""))))
        if parts.get("Last") or given:
            names.append(family_given(parts.get("Last", ""), given))
    return names


def _issued(year: str, month: str, day: str) -> Item | None:
    number = int(month) if re.fullmatch(r"0?[1-9]|1[0-2]", month) else month_of(month)
    if not re.fullmatch(r"\d{4}", year) or not number:
        return date(year)
    known = f"{year}-{number:02}"
    return date(f"{known}-{int(day):02}" if re.fullmatch(r"0?[1-9]|[12]\d|3[01]", day) else known)
