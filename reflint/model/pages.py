"""Pages: what a pages value means (one page, a range, an article number, an extent, ...)."""

from __future__ import annotations

import re
from functools import cache
from typing import Literal, NamedTuple

from reflint.model.patterns import lazy

Kind = Literal[
    "empty", "article-number", "placeholder", "single", "range", "open", "abbreviated", "descending", "dangling",
    "list", "extent", "labelled", "unknown",
]  # fmt: skip


class Pages(NamedTuple):
    """A pages value as read.

    `start` and `end` are as written (`""` when there is none); `expanded_end` is the full last page of an abbreviated
    range; `separator` the run of dashes as written, with its spaces, `""` when SP and EP stood apart. `range` only says
    that nothing speaks against it: ends of different shape (`i`-`45`, `123`-`129.e3`) are ranges too.
    """

    kind: Kind
    start: str = ""
    end: str = ""
    expanded_end: str = ""
    separator: str = ""


class _Page(NamedTuple):
    """One page token: tokens of equal `shape` can be compared by `order`."""

    shape: tuple[str, ...]
    order: tuple[int, ...]


_RUN = lazy("\\s*[-\u2010-\u2015\u2212\uff0d~\uff5e\u301c]+\\s*")
_PLAIN = lazy(r"(\d{1,5})(?:-(\d{1,5}))?", re.ASCII)
_ROMAN_DIGITS = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100, "d": 500, "m": 1000}
_ABSENT = frozenset(
    "n/a|na|nan|null|none|0|-|unknown|ahead of print|publish ahead of print|epub ahead of print|"
    "online first|in press|无".split("|")
)
_NO_PAGES = frozenset("n.pag|n.pag.|n. pag.|no pagination specified|no-no|unpaginated".split("|"))


def parse_pages(text: str) -> Pages:
    """What one pages value means. When in doubt the answer is `unknown`: a legal value is never called wrong."""
    text = text.strip()
    if not text:
        return Pages("empty")
    if plain := _PLAIN.fullmatch(text):
        start, end = plain.groups()
        if end and len(end) >= len(start) and int(end) >= int(start):
            return Pages("range", start, end, "", "-")
        if end and (start[0] != "0" or len(start) < 5):
            return _compare(start, end, "-")
    if is_article_number(text):
        return Pages("article-number", text)
    if is_page_placeholder(text):
        return Pages("placeholder", text)
    if extent(text) is not None:
        return Pages("extent", text)
    if (bare := strip_page_label(text)) != text:
        inner = parse_pages(bare)
        return inner._replace(kind="labelled")
    return _parse_list(text) or _parse_open(text) or _parse_range(text)


def parse_sp_ep(sp: str, ep: str) -> Pages:
    """What RIS SP and EP mean, read as one range.

    SP that holds a range stands alone when EP is absent or says the same; another EP makes it `unknown`. Placeholders
    in EP (`NA`, `nan`) count as absent. EP without SP is `dangling`, a range in EP the range it is.
    """
    sp, ep = sp.strip(), ep.strip()
    if sp.casefold() == "no" and ep.casefold() == "specified":
        return Pages("placeholder", sp, ep)
    if not ep or is_page_placeholder(ep):
        return parse_pages(sp)
    if not sp or is_page_placeholder(sp):
        return _parse_lone_end(ep) if not sp else Pages("placeholder", sp, ep)
    if ep == "+" or re.fullmatch(r"-?\+|U\d+|ff?\.?|sqq?\.?", ep):
        return Pages("open", sp, ep)
    if sp == ep:
        alone = parse_pages(sp)
        return alone._replace(end=ep) if alone.kind == "single" else alone
    return _parse_both(sp, ep)


def is_article_number(v: str) -> bool:
    """Whether `v` is an article number or eLocator (`e0123456`, `CD004567`, `085038`, PII, ASAP id), never a page."""
    v = v.strip()
    if len(v) < 6 and v.isdigit():
        return len(v) == 5 and v[0] == "0"
    return _article_number().fullmatch(v) is not None


@cache
def _article_number() -> re.Pattern[str]:
    return re.compile(
        r"[eE]\d+|Doc\d+|(?!(?:pp?|pgs?|pages?)\d|s\d{1,4}\b)[a-z]{1,8}\d{3,}|(?!(?:PP?|PGS?|Pages?)\d)[A-Z][A-Za-z]{1,7}\d{3,}|[A-Z]\d{5,}"
        r"|\d{6,}|0\d{4}|\d{2,4}e\d+|e?20\d\d[A-Z]{2}\d{6}"
        r"|e\d{5}-\d{2}|[A-Z]+\.\d{5}-\d{2}"
        r"|S?\d{4}-?\d{3}[\dX]\(\d\d\)\d{5}-?[\dX]|S\d{4}-?\d{3}[\dX]\d{8,9}"
        r"|acs\.\S+|[a-z]{2,10}(?:\.[a-z]{1,8})?\.\d[a-z]\d{5}|\d{4}\.\d{2}\.\d{2}\.\d{6,8}|ENEURO\.\S+",
        re.ASCII,
    )


def is_placeholder(v: str) -> bool:
    """Whether `v` only says that there is no number (`n/a`, `null`, `in press`, `0`, ...): volume, issue or pages."""
    return len(v) < 40 and " ".join(v.casefold().split()) in _ABSENT


def is_page_placeholder(v: str) -> bool:
    """The same for pages, with what only stands there (`N.PAG`, `no pagination specified`, `unpaginated`)."""
    if len(v) >= 40 or (v.isdigit() and v != "0"):
        return False
    folded = " ".join(v.casefold().split())
    return folded in _ABSENT or folded in _NO_PAGES


def strip_page_label(v: str) -> str:
    """`v` without a label of pages before or behind (`pp. 12-19`, `S. 12`, `33–52 Pages`); an extent keeps its own."""
    if v.isdigit() or not any(character in "pPSсСgG" for character in v):
        return v
    text = v.strip()
    bare = re.sub(r"^(?:(?i:pp?\.?|pages?|pgs?\.?|Seiten|стр\.?)|S\.)\s*(?=\d)", "", text)
    bare = re.sub(r"(?<=\d)\s*(?:(?i:pages?|pp\.?|Seiten|стр\.?)|p\.|\s[pP])$", "", bare)
    if bare == text or extent(text) is not None:
        return v
    return bare if parse_pages(bare).kind not in ("unknown", "empty") else v


def extent(v: str) -> int | None:
    """How many pages `v` counts (`402 pages`, `xii, 345 p.`, `1 online resource (61 pages)`), or None."""
    if v.isdigit() or not any(character in "pPSсС" for character in v):
        return None
    match = re.fullmatch(
        r"(?:.*\bonline[ -]resource\b.*?\(|(?:[\[(]?[ivxlcdm\d]{1,7}[\])]?\s*[,+]\s*)+)?(?:[ivxlcdm]{1,7}\s*[,+]\s*)?"
        r"(\d{1,5})(?:\s*(?:p\.|pp\.|pages?|Seiten|стр\.?)|\s*pp?|\s+S\.)\)?\.?",
        v.strip(),
        re.I,
    )
    return int(match[1]) if match else None


def normal_delimiter(v: str) -> str:
    """`v` with `-` between its two pages when one run of dashes joins pages of one shape; else `v` unchanged."""
    if _PLAIN.fullmatch(v) or not (runs := _RUN.findall(v)) or is_article_number(v):
        return v
    text = v.strip()
    ends = _RUN.split(text)
    if len(ends) != 2 or len(runs) != 1:
        return v
    start, end = _read_page(ends[0]), _read_page(ends[1])
    return f"{ends[0]}-{ends[1]}" if start and end and start.shape[:2] == end.shape[:2] else v


def _parse_list(text: str) -> Pages | None:
    """Several stretches of pages (`12-19, 25`, `662+11`, `ix + 246`), each readable; or None."""
    if not re.search(r"[,;&+]", text):
        return None
    segments = [segment.strip() for segment in re.split(r"[,;&]|(?<=[\w\s])\+(?=\s*\w)", text)]
    if len(segments) < 2 or any(_parse_open(s) is None and _parse_range(s).kind == "unknown" for s in segments):
        return None
    return Pages("list", text)


def _parse_open(text: str) -> Pages | None:
    """A start with `+`, `f.`, `ff.`, `sq.` behind it; or None."""
    match = re.fullmatch(r"(.*?\w)\s*(-?\+|(?:ff?|sqq?)\.?|et seqq?\.?)", text)
    if match is None or _read_page(match[1]) is None:
        return None
    return Pages("open", match[1], match[2])


def _parse_range(text: str) -> Pages:
    """A single page, a range, or a range with one end missing; else `unknown`."""
    ends = _RUN.split(text)
    if len(ends) == 1:
        return Pages("single", text) if _read_page(text) else Pages("unknown", text)
    if len(ends) > 2:
        return Pages("unknown", text)
    run = _RUN.search(text)
    separator = run[0] if run else ""
    start, end = ends
    if not start or not end:
        page = start or end
        return Pages("dangling", start, end, "", separator) if _read_page(page) else Pages("unknown", text)
    if not _read_page(start) or not _read_page(end):
        return Pages("unknown", text)
    return _compare(start, end, separator)


def _compare(start: str, end: str, separator: str) -> Pages:
    """The range from `start` to `end` (two page tokens) and whether its end comes before its start."""
    first, last = _read_page(start), _read_page(end)
    if first is None or last is None:
        return Pages("unknown", start, end, "", separator)
    if first.shape != last.shape or last.order >= first.order:
        return Pages("range", start, end, "", separator)
    if first.shape[0] == "chapter":
        kind: Kind = "descending" if first.order[:-1] == last.order[:-1] else "unknown"
        return Pages(kind, start, end, "", separator)
    if first.shape == ("digits",):
        return _compare_digits(start, end, separator)
    if first.shape[0] == "roman" and (len(start) == 1 or len(end) == 1):
        return Pages("range", start, end, "", separator)  # `d`-`c` may be letters
    return Pages("descending", start, end, "", separator)


def _compare_digits(start: str, end: str, separator: str) -> Pages:
    """Plain numbers, the second one lower: an abbreviated end, or a descending range."""
    if len(start) > 5 or (start[0] == "0" and len(start) > 4):  # more likely an article number and its part
        return Pages("unknown", start, end, "", separator)
    if len(end) < len(start):
        expanded = start[: -len(end)] + end
        if int(expanded) > int(start):
            if separator and len(start) == 4 and int(expanded) - int(start) == 1 and start[:2] in ("18", "19", "20"):
                return Pages("unknown", start, end, "", separator)  # 2019-20: two years
            return Pages("abbreviated", start, end, expanded, separator)
    if separator and len(start) <= 2 and len(end) == 1:  # 6-1: page 1 of chapter 6
        return Pages("unknown", start, end, "", separator)
    return Pages("descending", start, end, "", separator)


def _parse_lone_end(ep: str) -> Pages:
    """EP without SP."""
    found = parse_pages(ep)
    return found if found.kind in ("range", "abbreviated", "descending") else Pages("dangling", "", ep)


def _parse_both(sp: str, ep: str) -> Pages:
    """SP and EP that are both given and differ."""
    if not sp.isdigit() and is_article_number(f"{sp}-{ep}"):
        return Pages("article-number", sp, ep)  # an ASM eLocator or a PII, cut at its hyphen
    chapters = "-" in sp and "-" in ep
    first, last = _read_page(sp, chapters), _read_page(ep, chapters)
    if first and last:
        if chapters and first.shape == last.shape:
            return Pages("range" if last.order >= first.order else "unknown", sp, ep)
        return _compare(sp, ep, "")
    if is_article_number(sp) and is_article_number(ep):
        return Pages("article-number", sp, ep)
    within = parse_pages(sp)
    if within.kind in ("range", "abbreviated", "descending", "labelled") and ep in (within.end, within.expanded_end):
        return within
    if (bare := (strip_page_label(sp), strip_page_label(ep))) != (sp, ep):
        return parse_sp_ep(*bare)._replace(kind="labelled")
    return Pages("unknown", sp, ep)


def _read_page(token: str, chapters: bool = False) -> _Page | None:
    """One page token with its shape and order; `chapters` also reads `6-1` as page 1 of chapter 6."""
    if len(token) > 24:
        return None
    if token.isascii() and token.isdigit():
        return _Page(("digits",), (int(token),))
    if match := re.fullmatch(r"([A-Za-z]{0,8}?)[.\s]?(\d{1,9})([A-Za-z]{0,2})", token, re.ASCII):
        prefix, number, suffix = match.groups()
        if prefix or suffix:
            return _Page(("lettered", prefix.casefold(), suffix.casefold()), (int(number),))
    if match := re.fullmatch(r"([A-Za-z]?)(\d{1,9})\.([a-z])(\d{1,4})", token, re.ASCII):
        return _Page(("electronic", match[1], match[3]), (int(match[2]), int(match[4])))
    if re.fullmatch(r"\d{1,4}(?:[:.-]\d{1,4}){1,3}" if chapters else r"\d{1,4}(?:[:.]\d{1,4}){1,3}", token, re.ASCII):
        numbers = re.split("[:.-]", token)
        return _Page(("chapter", str(len(numbers))), tuple(map(int, numbers)))
    roman = _read_roman(token)
    return _Page(("roman",), (roman,)) if roman else None


def _read_roman(token: str) -> int:
    """The value of a strict roman numeral, all small or all capital letters; 0 when it is none."""
    if not (token.islower() or token.isupper()):
        return 0
    small = token.lower()
    if not re.fullmatch("m{0,3}(?:cm|cd|d?c{0,3})(?:xc|xl|l?x{0,3})(?:ix|iv|v?i{0,3})", small):
        return 0
    values = [_ROMAN_DIGITS[letter] for letter in small]
    return sum(-v if v < following else v for v, following in zip(values, [*values[1:], 0], strict=True))
