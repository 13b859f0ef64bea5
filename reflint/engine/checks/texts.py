"""Checks of titles, abstracts and notes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from string import ascii_lowercase

from reflint.engine.checks.base import (
    Hit,
    Parameters,
    RecordTest,
    Scope,
    Trigger,
    ValueTest,
    check,
    number,
)
from reflint.engine.checks.normal_forms import NORMAL_FORMS
from reflint.engine.fixes.generic import delete_field
from reflint.model.patterns import lazy
from reflint.model.record import Record
from reflint.model.text import (
    copyright_tail,
    fold,
    is_all_caps,
    looks_english,
    strip_abstract_label,
    title_case,
)

_LATEX = lazy(
    r"(?<![:\w\\])\\(?![nrt][A-Z])[a-zA-Z]{2,}|\\[\"'`^~=.][aeiouyAEIOU{]|\\['`^~=.][a-zA-Z]|\{\\"
    r"|(?<![\w$])\$[^$\d\s/.,;:)-](?:[^$]{0,60}[^$\s])?\$"
)
_BRACES = lazy(r"\{[A-Z]+\}")
_FORMULA = lazy(r"(?<![\w$])\$[^$\d\s/.,;:)-](?:[^$]*[^$\s])?\$|\\\(.*\\\)|\\(?:documentclass|begin)\b")
_LOST = lazy("\ufffd")
_LOST_IN_NAME = lazy(r"[^\W\d_]\?[^\W\d_]")
_WORD = re.compile(r"[^\W\d_]+")
_CUT = ("...", "…", "[truncated]", "Read more", "[more]")
_ELLIPSIS = lazy(r"(?:\.\.\.|…|\[truncated\]|\bRead more|\[more\])\s*\Z")


@check("casing")
def casing(params: Parameters, scope: Scope) -> ValueTest:
    """The text is ALL CAPS (`is: allcaps`, from `min_words` words on) or English in Title Case (`is: titlecase`)."""
    words = number(params, "min_words", 4)

    def capitals(value: str) -> Hit | None:
        head = value[1:9]
        if head == head.lower() or _mostly_small(value) or not is_all_caps(value, words):
            return None
        return Hit(new=_sentence(value))

    def titles(value: str) -> Hit | None:
        if _has_long_small_words(value):
            return None
        return Hit() if title_case(value) == "title" and looks_english(value) else None

    return ValueTest(frozenset(scope.names), titles if params.get("is") == "titlecase" else capitals)


def _mostly_small(text: str) -> bool:
    """Whether more than half of a text is small letters of ASCII: told without looking at each."""
    return len(text.encode("utf-8", "replace").translate(None, _SMALL_LETTERS)) < len(text) / 2


_SMALL_LETTERS = ascii_lowercase.encode()


def _has_long_small_words(title: str) -> bool:
    """Whether so many long words begin small that the title cannot be in Title Case (0.8 of its words are not).

    Told from its shape alone, and so to its favour: what may be a function word or begin a sentence is taken off.
    """
    raw = title.encode("utf-8", "replace")
    shape = raw.translate(_SHAPE).lstrip()
    unsure = shape.count(b".") + len(raw) - len(title)
    function_words = title.count("with") + title.count("through") + title.count("versus")
    small = shape.count(b" aaaaaa") - function_words - unsure
    return small > 0.2 * (shape.count(b" ") + unsure + 1)


def _shape_of(code: int) -> str:
    """`a` for a small letter, `.` for what ends a sentence, a blank for what parts words, `A` for all else."""
    character = chr(code)
    if character in ascii_lowercase:
        return "a"
    if code > 127 or character.isalnum() or character in "_'-":
        return "A"
    return "." if character in ":.?!" else " "


_SHAPE = "".join(map(_shape_of, range(256))).encode()


def _sentence(title: str) -> str:
    """A first guess at sentence case for a title in capitals: a person looks it over."""
    lowered = _WORD.sub(lambda m: m[0] if any(c.islower() for c in m[0]) else m[0].lower(), title)
    return re.sub(r"(\A\W*|[.:?!]\s+)([^\W\d_])", lambda m: m[1] + m[2].upper(), lowered)


@check("charset")
def charset(params: Parameters, scope: Scope) -> ValueTest:
    """Lost characters: U+FFFD anywhere, or `?` between letters (`question_marks`: only names)."""
    names_too = bool(params.get("question_marks"))
    pattern = _LOST_IN_NAME if names_too else _LOST

    def run(value: str) -> Hit | None:
        match = pattern.search(value) if ("?" if names_too else "\ufffd") in value else None
        return Hit(within=match.span()) if match else None

    return ValueTest(
        frozenset(scope.resolve(params.get("field"))), run, "" if names_too else "\u0300", frozenset(["name"])
    )


@check("latex")
def latex(params: Parameters, scope: Scope) -> ValueTest:
    """LaTeX commands, and (`braces`) braces that protect capitals. A text with formulas is meant for MathJax: info."""
    braces = _BRACES if params.get("braces") else None

    def run(value: str) -> Hit | None:
        if "\\" not in value and "{" not in value and "$" not in value:
            return None
        match = _LATEX.search(value) or (braces and braces.search(value))
        if not match:
            return None
        shown = max(match[0], value[match.start() :].partition(" ")[0], key=len)[:40]  # `{\` alone says too little
        return Hit(within=match.span(), note=shown, severity="info" if _FORMULA.search(value) else None)

    return ValueTest(frozenset(scope.resolve(params.get("field"))), run, "\\{$")


_CYRILLIC = lazy("[\u0400-\u04ff]")
_LATIN = lazy("[A-Za-z]")
_SEAM = lazy("[A-Za-z][\u0400-\u04ff]|[\u0400-\u04ff][A-Za-z]")
_TWO_LETTERS = lazy(r"[^\W\d_]{2,}")
_NUMERAL = lazy("[IVXLCDM]{2,}[\u0400-\u04ff]+")
"""A Roman number with its unit close behind it (XIXв)."""
_TO_LATIN = str.maketrans("АВЕЅІЇЈКМНОРСТУХаеёѕіїјорсухһ", "ABESIÏJKMHOPCTYXaeësiïjopcyxh")
_TO_CYRILLIC = str.maketrans("ABESIÏJKMHOPCTYXaeësiïjopcyxh", "АВЕЅІЇЈКМНОРСТУХаеёѕіїјорсухһ")


@check("mixed_scripts")
def mixed_scripts(params: Parameters, scope: Scope) -> ValueTest:
    """A word of Latin letters with Cyrillic ones in it that look the same, or the other way round."""

    def run(value: str) -> Hit | None:
        raw = value.encode("utf-8", "replace")  # bytes are searched far more quickly than letters
        if (b"\xd0" not in raw and b"\xd1" not in raw) or _SEAM.search(value) is None:
            return None
        usual = _TO_LATIN if len(_LATIN.findall(value)) >= len(_CYRILLIC.findall(value)) else _TO_CYRILLIC
        odd = next((m for m in _TWO_LETTERS.finditer(value) if _in_one_script(m[0], usual) != m[0]), None)
        if odd is None:
            return None
        new = _TWO_LETTERS.sub(lambda match: _in_one_script(match[0], usual), value)
        return Hit(within=odd.span(), new=new, note=odd[0])

    return ValueTest(frozenset(scope.resolve(params.get("field"))), run, "\u0300")


def _in_one_script(word: str, usual: dict[int, int]) -> str:
    """A word of two scripts in that of which it has letters of its own; where both may be, in the `usual` one."""
    if _SEAM.search(word) is None or _NUMERAL.fullmatch(word):
        return word
    latin, cyrillic = word.translate(_TO_LATIN), word.translate(_TO_CYRILLIC)
    may_be = [one for one, other in ((latin, _CYRILLIC), (cyrillic, _LATIN)) if other.search(one) is None]
    return word.translate(usual) if len(may_be) == 2 else may_be[0] if may_be else word


@lru_cache(maxsize=1_000)  # two rules ask it of the two abstracts of a record, each of some hundred records
def _abstract_key(value: str) -> str:
    return fold(strip_abstract_label(value))


@check("duplicate_abstract")
def duplicate_abstract(params: Parameters, scope: Scope) -> RecordTest:
    """RIS: N2 says what AB says, or an AB what an AB before it said."""

    def run(record: Record) -> Iterable[Hit]:
        seen: dict[str, int] = {}
        for position in sorted(record.positions("AB", "N2"), key=lambda i: (record.names[i] == "N2", i)):
            value = record.values[position]
            key = _abstract_key(value) if value else ""
            if key and key in seen:
                yield Hit(position, note=record.names[seen[key]])
            elif key:
                seen[key] = position

    return RecordTest(run, several=frozenset(["AB", "N2"]))


@check("divergent_abstracts")
def divergent_abstracts(params: Parameters, scope: Scope) -> RecordTest:
    """RIS: N2 and AB hold different texts of one language; a cut copy of the other goes safely."""

    def run(record: Record) -> Iterable[Hit]:
        ab, n2 = record.first("AB"), record.first("N2")
        a, b = _abstract_key(ab), _abstract_key(n2)
        if a == b or not a or not b:
            return
        position = next(i for i in record.positions("N2") if record.values[i])
        for short, long, name in ((b, a, "N2"), (a, b, "AB")):
            if len(short) >= 200 and long.startswith(short.removesuffix(" more")):
                cut = next(i for i in record.positions(name) if record.values[i])
                yield Hit(cut, edits=(delete_field(record, cut),), note="a cut copy of the other", safety="safe")
                return
        if len(b) >= 100 and len(a) >= 100 and not same_language(a, b):
            return
        yield Hit(position, note="another text")

    return RecordTest(run, present=(frozenset(["AB"]), frozenset(["N2"])))


_SMALL_WORDS = {
    "en": "the of and to in that with was were for are this from by",
    "fr": "le la les des et du une dans pour sur est qui que par",
    "de": "der die das und den von mit eine ist wurde werden im zu auf",
    "es": "el los las del en que una por con para se es fue como",
    "pt": "os as do da em uma que para com dos das foi pelo ao",
    "it": "il di che della dei per con sono gli una nel alla delle",
    "nl": "het een van en dat op voor met zijn wordt niet bij door",
}


def same_language(a: str, b: str) -> bool:
    """Whether two folded texts may be in one language: told by its small words, else by how many words they share."""
    first, second = set(a.split()), set(b.split())
    languages = [_language(words) for words in (first, second)]
    if all(languages):
        return languages[0] == languages[1]
    return len(first & second) > 0.15 * min(len(first), len(second))


def _language(words: set[str]) -> str | None:
    """The language most of whose small words occur; None when no language has four of them."""
    counts = {language: len(words.intersection(small.split())) for language, small in _SMALL_WORDS.items()}
    best = max(counts, key=counts.__getitem__)
    return best if counts[best] >= 4 else None


@check("abstract_in_notes")
def abstract_in_notes(params: Parameters, scope: Scope) -> RecordTest:
    """RIS: the abstract stands in N2 alone (at least `min_length` characters)."""
    shortest = number(params, "min_length", 100)

    def run(record: Record) -> Iterable[Hit]:
        found = [i for i in record.positions("N2") if len(record.values[i]) >= shortest]
        return [Hit(found[0])] if len(found) == 1 and not record.all("AB") else ()

    return RecordTest(run, present=(frozenset(["N2"]),), absent=frozenset(["AB"]))


_PURE_NOTE = lazy(r"\APublisher Copyright:?\s*(?:©|\([cC]\)|Copyright).{0,300}\Z", re.DOTALL)


@check("copyright")
def copyright_check(params: Parameters, scope: Scope) -> RecordTest:
    """The publisher's copyright sentence closes an abstract, or is all of it.

    Of notes (`notes`) only the one that Pure makes of the sentence counts: what else stands there somebody wrote.
    """
    notes = frozenset(scope.resolve(params.get("notes", ())))
    names = frozenset(scope.names) | notes

    def run(record: Record) -> Iterable[Hit]:
        for position in record.positions(*names):
            value = record.values[position]
            if not value:
                continue
            if record.names[position] not in notes:
                start = copyright_tail(value)
                if start is not None:
                    yield Hit(position, within=(start, len(value)), new=value[:start].rstrip(), note=value[start:])
            elif value.startswith("Publisher Copyright") and _PURE_NOTE.search(value):
                yield Hit(position, within=(0, len(value)), new="", note=value)

    return RecordTest(run, trigger=Trigger(names, _may_be_copyright))


def _may_be_copyright(value: str) -> bool:
    return copyright_tail(value) is not None or value.startswith("Publisher Copyright")


_RAISED = str.maketrans("0123456789+-−–=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻⁼⁽⁾ⁿⁱ")
_LOWERED = str.maketrans("0123456789+-−–=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₋₌₍₎")
_SUP_SUB = lazy(r"<(?:jats:)?(sup|sub)>\s*([^<>]{1,12}?)\s*</(?:jats:)?\1>", re.IGNORECASE)
_HEADING = lazy(r"<(?<=[.?!;:)]<)(?=(?:b|bold|strong)>[A-Z])")
"""Where EBSCO sets a heading in bold close behind the sentence before."""
_strip_abstract_markup = NORMAL_FORMS["abstract_markup"].normalise


@check("abstract_markup")
def abstract_markup(params: Parameters, scope: Scope) -> ValueTest:
    """HTML or JATS tags, or entities, in an abstract. Raised and lowered numbers stay so, in Unicode (10⁶, not 106)."""

    def run(value: str) -> Hit | None:
        new = value
        if "<" in value:
            new = _HEADING.sub(" <", _SUP_SUB.sub(_raise_or_lower, value))
        new = _strip_abstract_markup(new)
        return Hit(new=new) if new != value else None

    return ValueTest(frozenset(scope.names), run, "<&")


def _raise_or_lower(match: re.Match[str]) -> str:
    kind, content = match[1].lower(), match[2]
    new = content.translate(_RAISED if kind == "sup" else _LOWERED)
    if all(a != b for a, b in zip(content, new, strict=True)):
        return new
    power = (
        kind == "sup" and match.string[match.start() - 1 : match.start()].isdigit() and content[0] in "0123456789+-−–"
    )
    return f"^{content}" if power else match[0]


_DATED = r"\d{1,2} \w+ \d{4}|\d{4}-\d\d(?:-\d\d(?: \d\d:\d\d(?::\d\d)?)?)?"
_SYSTEM_NOTE = (
    rf"Export Date: ?(?:{_DATED})(?: Source: Scopus\b)?|Query date: ?(?:{_DATED})"
    r"|[Cc]ited [Bb]y ?(?:\(since \d{4}\))?(?: ?: ?| )\d+"
    r"|(?:Total )?Times Cited(?: in Web of Science Core Collection)?: *\d+|Cited References? Count: *\d+"
    rf"|(?:Last updated|Date revised|Dernière mise à jour|Zuletzt aktualisiert|Última actualización) - (?:{_DATED})"
)
_SYSTEM_LINE = lazy(
    rf"(?:\A|(?<=[\n\r])|(?<=; ))(?:{_SYSTEM_NOTE})(?: (?:{_SYSTEM_NOTE}))*[ \t]*(?=;|\r|\n|\Z)(?:;[ \t]*|[\r\n]+|\Z)"
)
_SYSTEM_BEGINNING = lazy(
    "[CDELQTZcÚ](?:xport Date|uery date|ited |otal Times|imes Cited|ast updated|ate revised|ernière|uletzt|ltima)"
)
"""How each begins: a pattern whose first letter is one of a few is searched far faster."""


@check("system_note")
def system_note(params: Parameters, scope: Scope) -> ValueTest:
    """Lines of a note that a database or program wrote about its export: what else stands in the note stays."""

    def run(value: str) -> Hit | None:
        begins = _SYSTEM_BEGINNING.search(value[:2000])
        match = begins and _SYSTEM_LINE.search(value, begins.start())
        if not match:
            return None
        start = match.start()
        new = (value[:start] + _SYSTEM_LINE.sub("", value[start:])).strip(" ;\t\r\n")
        return Hit(within=match.span(), new=new, note=match[0].strip(" ;\t\r\n"))

    return ValueTest(frozenset(scope.names), run)


@check("truncated")
def truncated(params: Parameters, scope: Scope) -> ValueTest:
    """The text ends with an ellipsis or `Read more`."""

    shortest = number(params, "min_length", 60)

    def run(value: str) -> Hit | None:
        if len(value) < shortest or not value.rstrip().endswith(_CUT):
            return None
        match = _ELLIPSIS.search(value, max(0, len(value) - 20))
        return Hit(within=match.span()) if match else None

    return ValueTest(frozenset(scope.names), run)


@check("placeholder_title")
def placeholder_title(params: Parameters, scope: Scope) -> ValueTest:
    """The title is one of `list`, a file name, or one word with an underscore and digits.

    In brackets (`[Untitled]`) a cataloguer has supplied it.
    """
    shape = lazy(
        r"\A(?:Microsoft Word - .*|[^\s]+\.(?:pdf|docx?|html?|indd|qxd|tex)|[^\s]*_[^\s]*\d[^\s]*)\Z", re.IGNORECASE
    )
    listed = frozenset(map(fold, params["list"] if isinstance(params.get("list"), list) else ()))  # type: ignore[call-overload]

    longest = max(map(len, listed), default=0) + 8

    def run(value: str) -> Hit | None:
        if len(value) > 120 or value[:1] == "[":
            return None
        if len(value) <= longest and fold(value) in listed:
            return Hit()
        return Hit() if (" " not in value or value[:9].lower() == "microsoft") and shape.search(value) else None

    return ValueTest(frozenset(scope.names), run)
