"""Checks of titles, abstracts and notes."""

from __future__ import annotations

import re
from collections.abc import Iterable

from reflint.engine.checks.base import Hit, LazyPattern, Parameters, RecordTest, Scope, ValueTest, check, number
from reflint.engine.fixes.generic import delete_field
from reflint.model.record import Record
from reflint.model.text import copyright_tail, fold, is_all_caps, strip_abstract_label, title_case

_LATEX = LazyPattern(r"\\(?:[a-zA-Z]{2,}|[\"'`^~=.][a-zA-Z{])|\{\\|\{[A-Z]+\}|(?<![\w$])\$[^$\d\s][^$]{0,60}\$")
_LOST = LazyPattern("\ufffd")
_LOST_IN_NAME = LazyPattern(r"[^\W\d_]\?[^\W\d_]")
_WORD = re.compile(r"[^\W\d_]+")
_ELLIPSIS = LazyPattern(r"(?:\.\.\.|…|\[truncated\]|\bRead more|\[more\])\s*\Z")


@check("casing")
def casing(params: Parameters, scope: Scope) -> ValueTest:
    """The text is ALL CAPS (`is: allcaps`, of at least `min_words` words) or in Title Case (`is: titlecase`)."""
    words = number(params, "min_words", 4)

    def capitals(value: str) -> Hit | None:
        if not any(c.isupper() for c in value[1:9]) or not is_all_caps(value, words):
            return None
        return Hit(new=_sentence(value))

    def titles(value: str) -> Hit | None:
        return Hit() if title_case(value) == "title" else None

    return ValueTest(frozenset(scope.names), titles if params.get("is") == "titlecase" else capitals)


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
        match = pattern.search(value) if not names_too or "?" in value else None
        return Hit(within=match.span()) if match else None

    return ValueTest(frozenset(scope.names), run, "" if names_too else "\x80")


@check("latex")
def latex(params: Parameters, scope: Scope) -> ValueTest:
    """LaTeX commands, braces that protect capitals, formulas between dollars."""

    def run(value: str) -> Hit | None:
        match = _LATEX.search(value)
        return Hit(within=match.span(), note=match[0][:40]) if match else None

    return ValueTest(frozenset(scope.names), run, "\\{$")


def _abstract_key(value: str) -> str:
    return fold(strip_abstract_label(value))


@check("duplicate_abstract")
def duplicate_abstract(params: Parameters, scope: Scope) -> RecordTest:
    """RIS: N2 says what AB says, or an AB what an AB before it said."""

    def run(record: Record) -> Iterable[Hit]:
        if record.names.count("AB") + record.names.count("N2") < 2:
            return
        seen: dict[str, int] = {}
        for position in sorted(record.positions("AB", "N2"), key=lambda i: (record.names[i] == "N2", i)):
            value = record.values[position]
            key = _abstract_key(value) if value else ""
            if key and key in seen:
                yield Hit(position, note=record.names[seen[key]])
            elif key:
                seen[key] = position

    return RecordTest(run, present=(frozenset(["AB", "N2"]),))


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
        if len(b) >= 100 and len(a) >= 100 and not _same_language(a, b):
            return
        yield Hit(position, note="another text")

    return RecordTest(run, present=(frozenset(["AB"]), frozenset(["N2"])))


def _same_language(a: str, b: str) -> bool:
    """Whether two folded texts share their small words: translations share few words of any kind."""
    first, second = set(a.split()), set(b.split())
    return len(first & second) > 0.15 * min(len(first), len(second))


@check("abstract_in_notes")
def abstract_in_notes(params: Parameters, scope: Scope) -> RecordTest:
    """RIS: the abstract stands in N2 alone (at least `min_length` characters)."""
    shortest = number(params, "min_length", 100)

    def run(record: Record) -> Iterable[Hit]:
        found = [i for i in record.positions("N2") if len(record.values[i]) >= shortest]
        return [Hit(found[0])] if len(found) == 1 else ()

    return RecordTest(run, present=(frozenset(["N2"]),), absent=frozenset(["AB"]))


@check("copyright")
def copyright_check(params: Parameters, scope: Scope) -> ValueTest:
    """The publisher's copyright sentence closes the text, or is all of it."""

    def run(value: str) -> Hit | None:
        start = copyright_tail(value)
        return None if start is None else Hit(within=(start, len(value)), new=value[:start].rstrip())

    return ValueTest(frozenset(scope.names), run)


@check("truncated")
def truncated(params: Parameters, scope: Scope) -> ValueTest:
    """The text ends with an ellipsis or `Read more`."""

    def run(value: str) -> Hit | None:
        if value[-1:] not in ".…]eE " or len(value) < number(params, "min_length", 60):
            return None
        match = _ELLIPSIS.search(value, max(0, len(value) - 20))
        return Hit(within=match.span()) if match else None

    return ValueTest(frozenset(scope.names), run)


@check("placeholder_title")
def placeholder_title(params: Parameters, scope: Scope) -> ValueTest:
    """The title is a file name, or more digits than letters with an extension or an underscore."""
    shape = LazyPattern(r"\A(?:Microsoft Word - .*|[^\s]+\.(?:pdf|docx?|html?|indd|qxd|tex)|[^\s]*_[^\s]*\d[^\s]*)\Z", re.IGNORECASE)
    listed = frozenset(map(fold, params["list"] if isinstance(params.get("list"), list) else ()))  # type: ignore[call-overload]

    def run(value: str) -> Hit | None:
        if len(value) > 120:
            return None
        return Hit() if fold(value) in listed or shape.search(value) else None

    return ValueTest(frozenset(scope.names), run)


