"""Text: folding for comparison, casing, and the cleaning of characters, entities, markup and boilerplate."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from typing import Literal

_CONTROL = {
    **dict.fromkeys([*range(0x09), *range(0x0E, 0x20), *range(0x7F, 0xA0)]),
    **dict.fromkeys([0xAD, 0x200B, 0x200E, 0x200F, 0x2060, 0xFEFF]),
    **dict.fromkeys([0x0B, 0x0C, 0x85, 0x2028, 0x2029], " "),  # ends of lines and pages
}
_CONTROL.update(
    (code, bytes([code]).decode("cp1252"))
    for code in range(0x80, 0xA0)
    if code not in (0x81, 0x85, 0x8D, 0x8F, 0x90, 0x9D)
)
_CONTROL_BUT_MARKS = {code: new for code, new in _CONTROL.items() if code not in (0x200B, 0x200E, 0x200F)}
_LEADS = re.compile("[\u00c2-\u00f4]")
_RUNS = re.compile(r"\s{2,}|[\t\n\r\v\f\x1c-\x1f\x85\u2028\u2029]")
_FOLD = bytes(code if code > 127 or chr(code).isalnum() else ord(" ") for code in bytes(range(256)).lower())
"""For `bytes.translate`, which is far quicker than that of texts: ASCII in small letters, its marks as blanks."""
_LETTERS = bytes(code if code > 127 or chr(code).isalpha() else ord(" ") for code in range(256))
"""The same for words as they are written: of ASCII only letters stay."""
_ALNUMS = re.compile(r"[^\W_]+")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]{2,31}\d{0,2});")
_TAG_NAMES = (
    "p|sec|title|div|br|hr|h[1-6]|ul|ol|li|list|list-item|label|abstract|table|tr|td|th|italic|i|b|bold|em|strong|sup|sub"
    "|span|u|sc|font|small|big|tt|a|inf"
)
_CLOSING = re.compile(r"</(?:jats:)?([a-z]+)\s*>", re.I)
_BLOCKS = frozenset("p sec title div br hr h1 h2 h3 h4 h5 h6 ul ol li list list-item abstract table tr".split())
FUNCTION_WORDS = frozenset(
    "a an the and or nor but as at by for from in into of off on onto over per than through to under until up "
    "upon via vs "
    "versus with within without is are be it its that".split()
)


def fold(text: str) -> str:
    """`text` for comparison only: compatibility forms and case folded, markup gone, words one space apart."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    if "&" in text:
        text = unescape_entities(text)
    if "<" in text:
        text = _tags().sub(" ", text)
    if text.isascii():
        return " ".join(text.encode().translate(_FOLD).decode().split())
    for _ in range(3):  # folding case can undo the normal form, and the other way round
        before, text = text, unicodedata.normalize("NFKC", text.casefold())
        if text == before:
            break
    words = text.encode("utf-8", "surrogatepass").translate(_FOLD).decode("utf-8", "surrogatepass").split()
    return " ".join([part for word in words for part in ((word,) if word.isalnum() else _ALNUMS.findall(word))])


def without_diacritics(text: str) -> str:
    """`text` in compatibility forms, taken apart (NFKD), without the marks that combine with letters."""
    if text.isascii():
        return text
    return "".join([c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c)])


def number_of(count: int, noun: str, plural: str = "") -> str:
    """`1 record`, `1,200 records`; `plural` is what no `s` makes."""
    return f"{count:,} {noun if count == 1 else plural or noun + 's'}"


def collapse_whitespace(text: str) -> str:
    """`text` trimmed, each run of white space and each tab or line end one space.

    A no-break or ideographic space that stands alone is kept: French typography wants it before `: ; ? !`.
    """
    return _RUNS.sub(" ", text.strip())


def strip_control(text: str) -> str:
    """`text` without control, zero-width and direction characters; what ends a line or a page becomes a space.

    ZWJ and ZWNJ stay (Persian, Indic scripts, emoji), so do tab, line feed and a lone carriage return; direction marks
    and the zero-width space stay where a script of the text has a use for them. A C1 control becomes the character that
    Windows-1252 has in its place.
    """
    if text.isprintable() or not _controls().search(text):
        return text
    return text.translate(_CONTROL_BUT_MARKS if _needs_marks().search(text) else _CONTROL)


@cache
def _controls() -> re.Pattern[str]:
    return re.compile(f"[{''.join(re.escape(chr(code)) for code in _CONTROL)}]")


@cache
def _needs_marks() -> re.Pattern[str]:
    """Scripts that run from right to left, or divide words by a zero-width space (Thai, Lao, Burmese, Khmer)."""
    return re.compile("[\u0590-\u08ff\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\ufb1d-\ufdff\ufe70-\ufefc]")


def unescape_entities(text: str) -> str:
    """`text` with HTML entities resolved, twice escaped ones too; unknown ones (`AT&T;`) are kept."""
    while "&" in text and ";" in text:
        resolved = _ENTITY.sub(_resolve_entity, text)
        if resolved == text:
            break
        text = resolved
    return text


def _resolve_entity(match: re.Match[str]) -> str:
    from html import unescape
    from html.entities import html5

    entity = match[0]
    if entity[1] != "#" and entity[1:] not in html5:
        return entity
    resolved = unescape(entity)
    return entity if not resolved or "\ufffd" in resolved or resolved in "\x00\r" or resolved == "\n" else resolved


def fix_mojibake(text: str) -> str:
    """`text` with UTF-8 that was read as Windows-1252 or Latin-1 put right; unchanged unless it surely improves."""
    if text.isascii() or not _has_mojibake(text):
        return text
    try:
        from ftfy import fix_encoding
    except ImportError:
        return text
    fixed = fix_encoding(text)
    if len(fixed) >= len(text) or fixed.count("\ufffd") > text.count("\ufffd") or _has_mojibake(fixed):
        return text
    if re.search(r"[\u00c2\u00c3\u00e2][?\u00a4]", fixed):  # a byte was lost before: only half of it would come right
        return text
    return fixed


def _has_mojibake(text: str) -> bool:
    """Whether a first byte of UTF-8 stands before the bytes that must follow it, all as Windows-1252 shows them."""
    for lead in _LEADS.finditer(text):
        length = 1 if lead[0] < "\u00e0" else 2 if lead[0] < "\u00f0" else 3
        rest = text[lead.end() : lead.end() + length]
        if len(rest) == length and _FOLLOWERS.issuperset(rest):
            return True
    return False


_FOLLOWERS = frozenset(
    [chr(code) for code in range(0x80, 0xC0)]
    + list(
        "\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013\u2014\u2018\u2019\u201a\u201b\u201c\u201d\u201e"
    )
    + list("\u2020\u2021\u2022\u2026\u2030\u2039\u203a\u20ac\u2122")
)


def strip_markup(text: str, keep: frozenset[str] = frozenset()) -> str:
    """`text` without HTML and JATS tags of a known list; blocks become line ends, tags named in `keep` stay.

    `p<0.05 and x>3` is no markup; nor is an inline tag that is never closed (`a<b>c`).
    """
    while "<" in text and ">" in text and _tags().search(text):
        closed = {name.lower() for name in _CLOSING.findall(text)}

        def replace(match: re.Match[str], closed: set[str] = closed) -> str:
            name = match["name"].lower()
            if name in keep or (name not in _BLOCKS and name not in closed):
                return match[0]
            return "\n" if name in _BLOCKS else ""

        stripped = _tags().sub(replace, text)
        if stripped == text:
            break
        text = (re.sub(r"[^\S\n]*\n\s*", "\n", stripped) if "\n" in stripped else stripped).strip()
    return text


@cache
def _tags() -> re.Pattern[str]:
    attribute = r"""\s+[\w:-]+\s*=\s*(?:"[^"<>]*"|'[^'<>]*'|[^\s"'<>]+)"""
    return re.compile(rf"</?(?:jats:)?(?P<name>{_TAG_NAMES})(?:{attribute})*\s*/?>", re.I)


_STARTERS = (
    "The|This|These|We|Our|In|An|It|To|Here|There|Although|While|As|For|With|From|Many|Most|Recent|Several|Despite|When"
    "|Since|Over|Using|During|After|Among|Both|Because|However|How|What|Why|All|Some"
    "|Background|Objectives?|Purpose|Aims?|Introduction|Motivation|Context|Importance"
)


def strip_abstract_label(text: str) -> str:
    """`text` without a heading such as `Abstract:`; `Abstract algebra is …` and `Summary Background …` stay."""
    head = text.lstrip()[:1]
    if head not in "AaSsZzRr摘" or not head:
        return text
    label = _abstract_label().match(text)
    if label is None or not text[label.end() :].strip():
        return text
    return strip_abstract_label(text[label.end() :])


@cache
def _abstract_label() -> re.Pattern[str]:
    return re.compile(
        r"\s*(?:(?i:abstract|summary|zusammenfassung|résumé|摘要)(?:\s*[:：]\s*|\s*[.—–-]\s+|[^\S\n]*[\r\n]\s*)(?=[^\sa-zß-ÿ])"
        rf"|(?:Abstract|ABSTRACT)\s+(?=(?:{_STARTERS})\b)|(?:Summary|SUMMARY)\s+(?=(?:The|This|These|We|Our|In|An|It|To|Here)\b)"
        r"|摘要\s+)"
    )


def titlecase_ratio(text: str) -> float | None:
    """How many of the words that sentence case would write small are capitalised (0 to 1); None when there are none."""
    words = [word for word in _cased_words().findall(text) if word and word not in _FUNCTION_WORDS_IN_TITLES]
    return (len(words) - sum(map(str.islower, words))) / len(words) if words else None


_FUNCTION_WORDS_IN_TITLES = FUNCTION_WORDS | {word.capitalize() for word in FUNCTION_WORDS}


@cache
def _cased_words() -> re.Pattern[str]:
    """Words that could be written either way; one that begins the text or a sentence is found as `""`."""
    word = r"(?<![\w'’-])[A-Za-z][a-z]+"
    return re.compile(rf"(?:\A|[:.?!—])[\s\"'“‘«(]*{word}|({word})")


def title_case(text: str) -> Literal["title", "sentence"] | None:
    """How an English title is cased; None when it has fewer than 5 words, is all capitals, or lies in between.

    Whether the title is English the caller knows. Measured on 792 titles: section 1.6 of the rules.
    """
    words = text.split()
    if len(words) < 5 or text.isupper():
        return None
    ratio = titlecase_ratio(text)
    if ratio is None or 0.34 < ratio < 0.8:
        return None
    return "title" if ratio >= 0.8 else "sentence"


_ENGLISH_WORDS = frozenset(
    "the of and for in on with to an by from at its their using between among during through is are how what "
    "why".split()
)
_FOREIGN_WORDS = frozenset(
    "der die das und von für mit im zur zum eine einer des dem den le la les du de et dans pour sur aux une el los las "
    "del y para en con por il di della dei nel och av för hos het een van voor bij w z oraz da dos em ve".split()
)


def looks_english(title: str) -> bool:
    """Whether `title` has small words of English and no small word of another language in lower case."""
    words = title.encode().translate(_LETTERS).decode().split() if title.isascii() else re.findall(r"[^\W\d_]+", title)
    return _FOREIGN_WORDS.isdisjoint(words) and not _ENGLISH_WORDS.isdisjoint(map(str.lower, words))


def is_all_caps(text: str, min_words: int = 4) -> bool:
    """Whether at least 80 % of the cased letters are capitals: more than 12 characters, `min_words` words, not CJK."""
    if len(text) <= 12 or text.islower() or len(text.split()) < min_words:
        return False
    upper = sum(map(str.isupper, text))
    lower = sum(map(str.islower, text))
    return (
        upper > 0
        and upper >= 0.8 * (upper + lower)
        and re.search("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]", text) is None
    )


def copyright_tail(text: str) -> int | None:
    """Where the publisher's copyright sentence at the very end of `text` begins (code points), or None.

    Only the last 300 characters are looked at, besides EBSCO's paragraph (`Copyright of … is the property of …`) that
    is the whole value. `(c)` of a list (a) (b) (c) is none.
    """
    if text.startswith("Copyright of ") and " is the property of " in text[:400]:
        return 0
    tail = text[-300:]
    if not ("©" in tail or "opyright" in tail or "(c)" in tail or "(C)" in tail or "COPYRIGHT" in tail):
        return None
    return _start_of_notice(text)


@lru_cache(maxsize=1_000)  # it is asked when a sentence is looked for, told and dropped, for some hundred records each
def _start_of_notice(text: str) -> int | None:
    """The same, where a sign of copyright stands near the end. A text's beginning counts as that of a line."""
    offset = len(text) - 300
    tail = text[offset:] if offset > 0 else f"\n{text}"
    for match in _copyright().finditer(tail):
        start = match.start("notice")
        notice = tail[start:]
        if match["sign"] == "(c)" and re.search(r"\([ab]\)", text):
            continue
        if len(notice) <= 120 or re.search(
            r"rights reserved|Published by|licen[cs]e|Database Record|Inc\.|Ltd|B\.V\.|exclusive", notice
        ):
            return max(offset, -1) + start
    return None


@cache
def _copyright() -> re.Pattern[str]:
    year = r"(?:19|20)\d\d\b"
    return re.compile(
        rf"[.!?)\]\"”»。>;\n]\s*(?P<notice>"
        rf"(?:\[|\()?(?:PsycINFO|PsycInfo|APA PsycInfo)\s+Database Record\s*(?:Copyright\s*)?(?:\([cC]\)|©)"
        rf"|(?:Crown\s)?(?:Copyright|COPYRIGHT)\s*(?:©|\([cC]\))?[^.;]{{0,60}}?{year}|©\s*Published under licen[cs]e"
        rf"|(?P<sign>©|\([cC]\))\s*(?:Copyright\s*)?(?:(?:The\s)?(?:Author|Editor)(?:\(s\)|s)?,?\s*(?:\(?s?\)?)?)?{year}"
        rf"|©[^;]{{0,110}}?{year})"
    )
