"""Checks of titles for what does not belong there: links, brackets without their fellow, blanks at a colon."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reflint.engine.checks.base import Hit, Parameters, Scope, ValueTest, check
from reflint.model.patterns import lazy
from reflint.model.text import looks_english

_ALL_LINK = lazy(r"\s*(?:doi:?\s*)?(?:https?://\S+|10\.\d{4,9}/\S+)\s*", re.IGNORECASE)
_LINK_AT_END = lazy(r"(?<=\S)[\s:,;.]{0,5}\s(?:available (?:at|from):?\s*)?https?://\S+\s*\Z", re.IGNORECASE)
_COVER = lazy(r"\bStable URL ?: ?https?://")
"""JSTOR's cover sheet, which reference managers take for the title."""


@check("link_in_title")
def link_in_title(params: Parameters, scope: Scope) -> ValueTest:
    """The title is a link or a DOI, ends with a link, or is the text of JSTOR's cover sheet.

    A DOI in a title may be that of the work it corrects: it only counts when there is nothing else.
    """

    def run(value: str) -> Hit | None:
        if "://" not in value and "10." not in value:
            return None
        if _ALL_LINK.fullmatch(value):
            return Hit(note="is nothing but a link")
        if _COVER.search(value):
            return Hit(note="is the text of a cover sheet")
        match = _LINK_AT_END.search(value)
        return Hit(within=match.span(), new=value[: match.start()], note="ends with a link") if match else None

    return ValueTest(frozenset(scope.names), run)


_BRACKET = lazy(r"[()\[\]]")
_NO_BRACKET = lazy(
    r"[\[\](][\w.∞+-]+\s*[,;]\s*[\w.∞+-]+[\[\])]|(?:\A|(?<=[\s>]))(?:\d{1,3}|[ivx]{1,4}|[A-Za-z])\)|[:;]-?[()]"
)
"""Intervals (`]0, 1]`), counters (`1)`, `a)`) and faces (`:)`)."""
_FELLOW = {")": "(", "]": "["}


@check("unbalanced")
def unbalanced(params: Parameters, scope: Scope) -> ValueTest:
    """A bracket without its fellow. Half-open intervals, counters, formulas and titles that were cut are let be."""

    def run(value: str) -> Hit | None:
        bracketed = "(" in value or ")" in value or "[" in value or "]" in value
        if not bracketed or _lonely_bracket(value) is None:
            return None
        place = _lonely_bracket(_NO_BRACKET.sub(lambda match: " " * len(match[0]), value))
        if place is None or any(mark in value for mark in ("…", "...", "\\", "$")):
            return None
        return Hit(within=(place, place + 1), note=value[place])

    return ValueTest(frozenset(scope.names), run)


def _lonely_bracket(text: str) -> int | None:
    """Where the first bracket stands that has no fellow; None when as many are opened as closed."""
    brackets = [(match.start(), match[0]) for match in _BRACKET.finditer(text)]
    if 2 * sum(bracket in "([" for _, bracket in brackets) == len(brackets):
        return None
    opened: list[tuple[int, str]] = []
    for place, bracket in brackets:
        if bracket in "([":
            opened.append((place, bracket))
        elif opened and opened[-1][1] == _FELLOW[bracket]:
            opened.pop()
        else:
            return place
    return opened[0][0] if opened else None


_LOOSE_COLON = lazy(r"(?<!\S)(\S*[\w)\]\"'’”>])[ \t]+:[ \t]+(?=(\S+))")
_CLOSE_COLON = lazy(r"(?<=[a-z]{4}):(?=An? |[A-Z][a-z]{2})")


@check("colon_spacing")
def colon_spacing(params: Parameters, scope: Scope) -> ValueTest:
    """A blank stands before the colon of an English title, or none behind it.

    Ratios keep theirs (`C : N`, `1 : 2`). What is glued might be meant so (a name of a program): that goes not safely.
    """

    def run(value: str) -> Hit | None:
        if not _may_be_misspaced(value) or not looks_english(value):
            return None
        match = next(_loose_colons(value), None)
        if match is not None:
            new = _LOOSE_COLON.sub(lambda one: one[0] if _is_ratio(one) else f"{one[1]}: ", value)
            return Hit(within=match.span(), new=new, note="a blank before", safety="safe")
        glued = _CLOSE_COLON.search(value)
        if glued is None or value.count("(", 0, glued.start()) > value.count(")", 0, glued.start()):
            return None
        new = f"{value[: glued.end()]} {value[glued.end() :]}"
        return Hit(within=glued.span(), new=new, note="no blank behind", safety="unsafe")

    return ValueTest(frozenset(scope.names), run)


def _may_be_misspaced(title: str) -> bool:
    """Whether a colon has a blank before it, or none behind."""
    return ":" in title and (" :" in title or "\t:" in title or title.count(":") != title.count(": "))


def _loose_colons(title: str) -> Iterator[re.Match[str]]:
    return (match for match in _LOOSE_COLON.finditer(title) if not _is_ratio(match))


def _is_ratio(match: re.Match[str]) -> bool:
    """Whether numbers or symbols of elements stand on both sides of a colon."""
    return all(len(side) < 3 or side[0].isdigit() for side in match.groups())
