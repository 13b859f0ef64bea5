"""Checks of what programs print where something is missing: error messages, question marks, “n.d.”."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reflint.word.checks.base import LIKELY, Hit, Options, Reading, check, text_passage
from reflint.word.linking import year_of
from reflint.word.story import Paragraph, Story

_MESSAGES = re.compile(
    r"(?:!!! INVALID CITATION !!!(?:\s*\{[^}]*\})?|\[?CSL STYLE ERROR[^\]\n]{0,80}\]?"
    r"|Error ?[!:] (?:Reference source not found|Bookmark not defined|No bookmark name given)"
    r"|Invalid source specified|There are no sources in the current document"
    r"|Fehler ?[!:] (?:Verweisquelle konnte nicht gefunden werden|Textmarke nicht definiert|Verweis nicht gefunden)"
    r"|Ungültige Quelle angegeben"
    r"|¡?Error ?[!:] (?:No se encuentra el origen de la referencia|Marcador no definido)"
    r"|Erreur ?[!:] (?:Source du renvoi introuvable|Signet non défini)"
    r"|Errore(?:\.|:| !) (?:L['’]origine riferimento non è stata trovata|Il segnalibro non è definito)"
    r"|Fout ?[!:] (?:Verwijzingsbron niet gevonden|Bladwijzer niet gedefinieerd)"
    r"|Erro ?[!:] (?:Fonte de referência não encontrada|Marcador não definido|Indicador não definido)"
    r"|Błąd ?[!:] Nie (?:można odnaleźć źródła odwołania|zdefiniowano zakładki)"
    r"|Fel ?[!:] Hittar inte referenskälla|Feil ?[!:] Fant ikke referansekilden|Fejl ?[!:] Henvisningskilde ikke fundet"
    r"|Hata ?[!:] Başvuru kaynağı bulunamadı"
    r"|Ошибка ?[!:.] (?:Источник ссылки не найден|Закладка не определена)"
    r"|错误 ?[!！] ?(?:未找到引用源|书签未定义)|エラー ?[!！] ?参照元が見つかりません)[.。]?",
    re.I,
)
_UNKNOWN_NUMBER = re.compile(r"\[(?:\d{1,3}\s?[-–,;]\s?)*\?(?:\s?[-–,;]\s?(?:\d{1,3}|\?))*\]")
_UNKNOWN = ("[?]", "(?)", "?")
_NO_DATE = re.compile(r"\bn\.\s?d\.|\bo\.\s?J\.|\bs\.\s?[df]\.|\bno date\b")
_DATED = frozenset("article-journal article-newspaper article-magazine paper-conference thesis patent".split())
"""Types whose works all have a year. Books, pages, manuscripts and reports may truly have none."""


@check("error-text")
def error_text(reading: Reading, options: Options) -> Iterator[Hit]:
    """Error messages of Word and of reference managers, unknown numbers, years that print as “n.d.”."""
    for n, citation in reading.fields:
        text = citation.text.strip()
        match = _MESSAGES.search(text) or _UNKNOWN_NUMBER.search(text)
        if match or text in _UNKNOWN:
            yield Hit(reading.at(n), match[0] if match else text)
    for story, paragraph, match in reading.outside_fields(_MESSAGES):
        yield _at(story, paragraph, match)
    if reading.in_brackets:
        for story, paragraph, match in reading.outside_fields(_UNKNOWN_NUMBER):
            yield _at(story, paragraph, match)._replace(severity="warning", confidence=LIKELY)
    yield from _undated(reading)


def _at(story: Story, paragraph: Paragraph, match: re.Match[str]) -> Hit:
    return Hit((text_passage(story, paragraph, match.start(), match.end()),), match[0])


def _undated(reading: Reading) -> Iterator[Hit]:
    """Works that print as “n.d.” though works of their type have a year: once a work."""
    for position, work in enumerate(reading.manuscript.works):
        if work.item.get("type") not in _DATED or year_of(work.item) != "n.d.":
            continue
        shown = [n for n in reading.places[position] if _NO_DATE.search(reading.manuscript.citations[n].text)]
        if shown:
            printed = _NO_DATE.findall(reading.manuscript.citations[shown[0]].text)[0]
            yield Hit(reading.at(*shown), f"“{printed}”, for the work has no year", severity="warning")
