"""Author-year citations in running text, each found by its year."""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Iterator

from reflint.word.typed.mentions import Form, Mention, Typed
from reflint.word.typed.names import Names, names_before

YEAR = re.compile(
    r"(?<![\w/.=<>≤≥~$€£#@–−-])(?P<year>(?:1[5-9]\d\d|20[0-4]\d)"
    r"(?P<more>[a-j](?:\s?[,/&]\s?[b-j](?=[\s,;:)\]&]|$))*)?(?!\w)"
    r"|n\.\s?d\.(?:-[a-z])?|in\spress|forthcoming|in\sprep(?:\.|aration)?|o\.\s?J\.|s\.\s?f\.|no\sdate)"
    r"(?![%°/]|\.\d|\s?[–−-]\s?\d|,\d{3}\b|\s(?:to|bis|until|through)\s\d)"
)
_BESIDE_YEARS = re.compile(
    r"(?>(?:and|und|et|y|pp?\.?|S\.|para\.?|ch(?:ap)?\.?|Kap\.|e\.g\.|see|also|\d[\d–−-]*|[\s,;:&()\[\]])*)"
)
_LETTERS = re.compile(r"[a-j]\b")


def author_year(text: str) -> list[Typed]:
    """All author-year citations of a text, in order; none overlap."""
    found: list[Typed] = []
    years = list(YEAR.finditer(text))
    if not years:
        return found
    starts = [year.start() for year in years]
    free = 0
    for start, end in _groups(text):
        first, last = bisect(starts, start), bisect(starts, end)
        found += filter(None, (_free(text, year) for year in years[free:first]))
        if first < last and (typed := _in_group(text, start, end, years[first:last])):
            found.append(typed)
        free = last
    found += filter(None, (_free(text, year) for year in years[free:]))
    return _apart(sorted(found))


def _groups(text: str) -> Iterator[tuple[int, int]]:
    """The outermost parentheses and brackets that are closed: offsets of both signs (the end exclusive)."""
    pairs = {")": "(", "]": "["}
    stack: list[tuple[str, int]] = []
    closed: list[tuple[int, int]] = []
    for match in re.finditer(r"[()\[\]]", text):
        sign = match[0]
        if sign in "([":
            stack.append((sign, match.start()))
        elif stack and stack[-1][0] == pairs[sign]:
            closed.append((stack.pop()[1], match.end()))
    last = -1
    for start, end in sorted(closed):
        if start >= last:
            yield start, end
            last = end


def _in_group(text: str, start: int, end: int, years: list[re.Match[str]]) -> Typed | None:
    """The citation that a parenthesis is or ends; None when no year of it has an author."""
    mentions: list[Mention] = []
    names: Names | None = None
    form: Form = "parenthetical"
    first, before = start, start + 1
    for year in years:
        chunk = text[before : year.start()]
        own = names_before(text, _chunk_start(text, before, year.start()), year.start(), commas=True)
        if own is not None:
            names = own
        elif not _BESIDE_YEARS.fullmatch(chunk):
            before = year.end()
            continue
        elif names is None and (names := names_before(text, 0, start, commas=False)) is not None:
            form, first = "narrative", names.start
        if names is not None:
            mentions += _mentions(names, year)
        before = year.end()
    return Typed(first, end, form, tuple(mentions)) if mentions else None


def _chunk_start(text: str, begin: int, end: int) -> int:
    """Behind the last semicolon before a year."""
    return max(begin, text.rfind(";", begin, end) + 1)


def _free(text: str, year: re.Match[str]) -> Typed | None:
    """A citation without parentheses: `Doe et al., 2010`, `Doe & Roe, 2010`."""
    if not year["year"][:1].isdigit():
        return None
    names = names_before(text, 0, year.start(), commas=False)
    if names is None or not (names.et_al or names.joined):
        return None
    before = text[names.start : year.start()]
    if not names.et_al and "&" not in before and "," not in before[-2:]:
        return None
    return Typed(names.start, year.end(), "narrative", tuple(_mentions(names, year)))


def _mentions(names: Names, year: re.Match[str]) -> Iterator[Mention]:
    """One mention for each letter of `2010a,b`."""
    written = year["year"]
    letters = _LETTERS.findall(year["more"] or "")
    if not letters:
        yield Mention(names.authors, " ".join(written.split()), None, names.et_al)
    for letter in letters:
        yield Mention(names.authors, written[:4] + letter, None, names.et_al)


def _apart(found: list[Typed]) -> list[Typed]:
    kept: list[Typed] = []
    for typed in found:
        if not kept or typed.start >= kept[-1].end:
            kept.append(typed)
    return kept
