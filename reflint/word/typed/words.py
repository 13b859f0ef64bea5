"""The small words of typed citations: what joins names, what leads in, what is no author; and keys of names."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

AND = frozenset("& and und et y e en och og i ve and/or".split())
PARTICLES = frozenset(
    "van von de del della dell di da dal dos do du la le les den der des dem das ten ter te tot zu zum zur vom af av "
    "al el bin ibn ben abu st san mac d' d’ o' l' l’ 't ’t in't op".split()
)
INSIDE_NAMES = frozenset("of for on the de des der für la le du del para in".split())
"""Small words within the name of an institution."""

NO_AUTHORS = frozenset(
    "january february march april may june july august september october november december jan feb mar apr jun jul "
    "aug sep sept oct nov dec januar februar märz mai juni juli oktober dezember enero febrero marzo abril mayo junio "
    "julio agosto septiembre octubre noviembre diciembre spring summer autumn fall winter monday tuesday wednesday "
    "thursday friday saturday sunday figure figures fig figs table tables tab abb abbildung tabelle equation eq "
    "section sections chapter appendix supplementary box panel plate year years version ver vol volume issue no "
    "number since between from until before after during in on by at to of for the this these those our we it as is "
    "was were are be see also however moreover furthermore further thus therefore hence although while when where "
    "which that then than both because if but or nor not so such like per with without within through via over under "
    "among against into according following based using given unlike contrary similarly recently finally first second "
    "third firstly secondly additionally consistent despite whereas what how why who here there have has had can "
    "could may might should would will since study studies experiment model models method methods copyright isbn issn "
    "doi http https www accessed retrieved available online ca circa approx approximately around about early late mid "
    "total sample cohort data dataset edition published reprint original cmip iso din en dsm adapted modified author "
    "authors autor autoren source quelle sources note notes e.g i.e cf vgl siehe voir ver así nach seit bis zwischen "
    "im am still yet even only another other some many most all each every several more less few earlier later "
    "previous previously currently today now meanwhile indeed instead nevertheless nonetheless accordingly "
    "consequently specifically generally overall notably interestingly importantly surprisingly building drawing "
    "along upon once wie auch dies diese dieser dabei daher jedoch laut gemäß zudem selon según segundo "
    "menurut".split()
)
"""Capitalised or not: what stands before a year or begins a sentence and is no author."""

NOT_BEFORE_YEARS = frozenset(
    "windows office excel word microsoft spss matlab stata android ios olympics covid sars version census agenda "
    "horizon act law directive regulation".split()
)
"""Words that may begin an institution's name, but a year behind them is part of the name."""

ABBREVIATED = frozenset("st. ste. jr. sr. mr. dr. prof. inc. ltd. co. corp. no.".split())
_LETTERS = str.maketrans({"ø": "o", "ß": "ss", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"})
_APOSTROPHES = str.maketrans("", "", "'’‘ʼ`´′.")


@lru_cache(maxsize=4096)
def name_key(text: str) -> str:
    """A name for comparison: small letters without marks, apostrophes and points; words one space apart."""
    plain = unicodedata.normalize("NFKD", text.translate(_APOSTROPHES)).lower()
    bare = unicodedata.normalize("NFKD", plain.translate(_LETTERS)).translate(_APOSTROPHES)
    letters = "".join(c if c.isalnum() else " " for c in bare if not unicodedata.combining(c))
    return " ".join(letters.split())
