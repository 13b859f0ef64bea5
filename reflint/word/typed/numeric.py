"""Numbered citations in running text: in brackets, in parentheses, raised."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reflint.word.typed.mentions import Form, Mention, Typed

_DASH = "[-‐‑–—−]"
_NUMBER = r"(?<![\d.])\d{1,3}(?![\d.]\d|\d)"
_LIST = rf"{_NUMBER}(?:\s?(?:[,;]|{_DASH}|\band\b|\bund\b|&|to)\s?{_NUMBER})*"
_LEAD = r"(?:(?:[Ss]ee|e\.g\.,?|cf\.|vgl\.|siehe|[Rr]efs?\.|reviewed in|also|nach)\s+)*"
_LOCATOR = r"(?:,?\s*(?:pp?\.|S\.|Kap\.|Ch\.|Sec\.|Fig\.|Theorem|Chapter|Section)\s?[\w.–-]+)?"
_BRACKETED = re.compile(rf"\[\s*{_LEAD}(?P<list>{_LIST}){_LOCATOR}\s*\]")
_BETWEEN_BRACKETS = re.compile(rf"\s?(?P<dash>{_DASH})\s?|\s?[,;]?\s?")
_PARENTHESISED = re.compile(rf"\(\s*{_LEAD}(?P<list>{_LIST}){_LOCATOR}\s*\)")
_RAISED = re.compile(rf"[\s,\[(]*(?P<list>{_LIST})[\s,\])]*")
_ITEM = re.compile(rf"(\d+)(?:\s?(?:{_DASH}|to)\s?(\d+))?")
_UNIT_BEFORE = re.compile(
    r"(?:(?<![^\W\d_])(?:[kcmdµμn]?m|k?g|s|h|yr|ha|d|min|L|l|mol|[kM]?Pa|[kM]?W|[kM]?J|Hz|K|°C|cell|ind|χ|R|r|x|e|σ|η|Chi|chi|p|log)|\d|[=×·+/*^])\s?$"
)
_NAMED = re.compile(r"(?:[Ee]q(?:uation|s)?\.?|[Ff]ig(?:ure|s)?\.?|Table|step|[Ss]ection)\s?$")
_REACH = 16
_LETTERS_BEHIND = re.compile(r"[A-Z][a-z]?(?![a-z])")
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_UNICODE_RAISED = re.compile(r"[¹²³⁴⁵⁶⁷⁸⁹][⁰¹²³⁴⁵⁶⁷⁸⁹]*(?:[,⁻–\-·‚⸴˒]\s?[¹²³⁴⁵⁶⁷⁸⁹][⁰¹²³⁴⁵⁶⁷⁸⁹]*)*")


def expand(written: str) -> list[int]:
    """The numbers of `1, 3–5`; a range that runs backwards or beyond 99 numbers gives its ends alone."""
    numbers: list[int] = []
    for first, last in _ITEM.findall(written):
        start, stop = int(first), int(last or first)
        numbers += range(start, stop + 1) if start <= stop < start + 100 else [start, stop]
    return numbers


def bracketed(text: str, highest: int | None) -> list[Typed]:
    """`[1]`, `[2, 5-7]`, `[1], [2]`, `[1]-[3]`; neighbours are one citation. Intervals `[0, 1]` are none."""
    found: list[Typed] = []
    for match in _BRACKETED.finditer(text):
        numbers = expand(match["list"])
        if not _are_in_list(numbers, highest):
            continue
        if found and (between := _BETWEEN_BRACKETS.fullmatch(text, found[-1].end, match.start())):
            last = found.pop()
            so_far = [mention.number or 0 for mention in last.mentions]
            if between["dash"] and so_far[-1] < numbers[0] < so_far[-1] + 100:
                numbers = [*range(so_far[-1] + 1, numbers[0]), *numbers]
            found.append(_typed(last.start, match.end(), "bracket", [*so_far, *numbers]))
        else:
            found.append(_typed(match.start(), match.end(), "bracket", numbers))
    return found


def parenthesised(text: str, highest: int | None) -> list[Typed]:
    """`(1)`, `(2, 5-7)`; not where a list item or an equation is numbered so."""
    found = []
    for match in _PARENTHESISED.finditer(text):
        numbers = expand(match["list"])
        alone = len(text) < 200 and not (text[: match.start()].strip() and text[match.end() :].strip(" .\t"))
        if _are_in_list(numbers, highest) and not alone and not _NAMED.search(_before(text, match.start())):
            found.append(_typed(match.start(), match.end(), "parenthesis", numbers))
    return found


def raised(text: str, spans: list[tuple[int, int]], highest: int | None) -> list[Typed]:
    """Superscript numbers behind a word or a stop; not powers, units, isotopes, or marks of affiliations."""
    found = []
    for start, end, written in _raised_spans(text, spans):
        match = _RAISED.fullmatch(written)
        if match is None:
            continue
        before, behind = _before(text, start), text[end : end + 3]
        is_isotope = before[-1:].isspace() and _LETTERS_BEHIND.match(behind)
        if not before.strip() or _UNIT_BEFORE.search(before.rstrip()) or is_isotope:
            continue
        numbers = expand(match["list"])
        if _are_in_list(numbers, highest):
            found.append(_typed(start, end, "superscript", numbers))
    return found


def _raised_spans(text: str, spans: list[tuple[int, int]]) -> Iterator[tuple[int, int, str]]:
    """Raised text and Unicode's own superscripts, neighbours joined."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and not text[joined[-1][1] : start].strip(" ,"):
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    for start, end in joined:
        yield start, end, text[start:end]
    for match in _UNICODE_RAISED.finditer(text):
        yield match.start(), match.end(), match[0].translate(_SUPERSCRIPTS).replace("⁻", "-").replace("·", ",")


def _before(text: str, at: int) -> str:
    """The few characters before a place, all that matters there."""
    return text[max(0, at - _REACH) : at]


def _are_in_list(numbers: list[int], highest: int | None) -> bool:
    return bool(numbers) and min(numbers) > 0 and (highest is None or max(numbers) <= highest)


def _typed(start: int, end: int, form: Form, numbers: list[int]) -> Typed:
    return Typed(start, end, form, tuple(Mention(number=number) for number in dict.fromkeys(numbers)))
