"""Names of contributors: their parts, organisations among them, and what does not belong into a name."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import NamedTuple

from reflint.model.patterns import lazy
from reflint.model.text import fold, without_diacritics


class Name(NamedTuple):
    """A contributor: `family`, `given` and `suffix` of a person, or `literal` alone for what is one name as a whole."""

    family: str = ""
    given: str = ""
    suffix: str = ""
    literal: str = ""


_SUFFIX = re.compile(r"(?:jr|sr|jun|sen|junior|senior|filho|neto|ii|iii|iv|2nd|3rd|4th)\.?", re.I)
_PLAIN_NAME = lazy(r"([A-Z][a-z]+), ([A-Z](?:\.|[a-z]{2,})(?:[ -]?[A-Z](?:\.|[a-z]{2,})){0,3})")
_PARTICLES = frozenset(
    "van von der den de del della delle dei degli di da das do dos du la le les ter ten tot zu zum zur af av al "
    "el bin ibn y "
    "vom 't op".split()
)
_ORGANISATION_WORDS = frozenset(
    "university universität universitaet universidad universidade università universita université universite "
    "universiteit "
    "universitet uniwersytet univerzita institute institut instituto istituto instituut instytut institution "
    "department "
    "dept ministry ministère ministere ministerio ministero ministerium ministério group groupe grupo gruppe committee "
    "comité comite commission comisión kommission commissione association asociación associação associazione "
    "vereinigung "
    "verein society sociedad société societe società sociedade gesellschaft vereniging towarzystwo organisation "
    "organization organización organização agency agence agencia agentur center centre centro zentrum centrum "
    "consortium "
    "konsortium collaboration collaborators collaborative network netzwerk réseau investigators foundation fundación "
    "fundacja fondation fundação stiftung stichting federation council consejo conseil rat board bureau "
    "hospital clinic "
    "klinik clínica college school école escuela schule academy akademie académie academia library bibliothek "
    "bibliothèque biblioteca museum museo musée laboratory laboratories laboratoire inc ltd llc plc gmbh corp "
    "corporation "
    "company publishers verlag taskforce trialists alliance coalition nations parliament congress senate government "
    "authority authorities service services administration programme program project team panel secretariat union "
    "observatory division directorate sciences municipality municipalité municipalidad municipio município comune "
    "kommune kommun gmina gemeinde gemeente bundesamt landesamt bundesministerium".split()
)
_WEAK_ORGANISATION_WORDS = frozenset(
    "office survey archive archives press bank news media studio studios films records software technologies systems "
    "solutions partners graphix graphics research international national world global united european american federal "
    "study trial force party working lab labs web internet online magazine journal review times post staff editors "
    "editorial contributors wikipedia unknown anonymous unesco oecd nasa unicef".split()
)
_TITLE_WORDS = frozenset(
    "the der die das den el la le les los las il lo the new north south east west saint hong san red index "
    "diario revista "
    "equipo gazeta gazette daily our your us usa uk eu un".split()
)
_DEGREES = (
    r"Ph\.?\s?D|M\.?D|D\.?Phil|M\.?Sc|B\.?Sc|M\.?A|M\.?P\.?H|M\.?B\.?A|R\.?N|FRCP|FRCS"
    r"|FACP|MBBS|MBChB|DVM|MSW|M\.?Arch|PsyD|Ed\.?D|PharmD|DrPH|Dr\.? ?med"
)
_ORCID = r"(?:https?://)?(?:orcid\.org/)?\d{4}-\d{4}-\d{4}-\d{3}[\dXx]"


def parse_name(text: str) -> Name:
    """The parts of `Last, First, Suffix` (or `Last, Suffix, First`); anything without a comma is a `literal`.

    Particles stay where they stand (`Gogh, Vincent van` is legal). Several names in one value are a `literal`, too.
    """
    text = text.strip().rstrip(",;").rstrip()
    if "," not in text or is_organisation(text):
        return Name(literal=text)
    parts = [part.strip() for part in text.split(",")]
    if len(parts) > 3 or not parts[0]:
        return Name(literal=text)
    family, given, suffix = parts[0], parts[1], parts[2] if len(parts) == 3 else ""
    if _SUFFIX.fullmatch(given) and (suffix or len(given) > 2):
        given, suffix = suffix, given
    elif suffix and not _SUFFIX.fullmatch(suffix):
        return Name(literal=text)
    return Name(family, given, suffix)


def is_organisation(text: str) -> bool:
    """Whether `text` names an organisation, by its words (English, German, French, Spanish, Italian, Portuguese, ...).

    With a comma only the words before it count, and only when they are several (`Ministry of Health, Labour and
    Welfare`, but `School, John`).
    """
    head, comma, _ = text.partition(",")
    words = re.findall(r"[^\W\d_]+", head.lower())
    if comma:
        return len(words) > 1 and not _ORGANISATION_WORDS.isdisjoint(words)
    if not _ORGANISATION_WORDS.isdisjoint(words):
        return True
    return not _WEAK_ORGANISATION_WORDS.isdisjoint(words)


def looks_personal(text: str) -> bool:
    """Whether `text` is surely shaped `John R. Smith`: two capitalised words, up to three initials between them."""
    if "," in text or not 5 <= len(text) <= 60:
        return False
    words = text.split(" ")
    if (
        words[0].lower() in _TITLE_WORDS
        or words[0].lower() in _PARTICLES  # `Dos Santos` is a family name alone
        or is_organisation(text)
        or not 2 <= len(words) <= 5
        or not all(_is_capitalised(word) for word in (words[0], words[-1]))
    ):
        return False
    return all(word[:1].isupper() and word[1:] in ("", ".") for word in words[1:-1])


def _is_capitalised(word: str) -> bool:
    return len(word) > 1 and word.isalpha() and word[0].isupper() and not word.isupper()


def is_et_al(text: str) -> bool:
    """Whether `text` is no name but the mark of an incomplete list (`et al.`, `and others`, `u.a.`, `等`)."""
    if len(text) > 23:
        return False
    bare = text.strip(" ,;[]()")
    return "," not in bare and _et_al().fullmatch(bare) is not None


def strip_et_al(text: str) -> str:
    """`text` without such a mark behind a name (`Smith, J. et al.`); unchanged when it is nothing else or has none."""
    lower = text.lower()
    if "al" not in lower and "others" not in lower and "等" not in text:
        return text
    match = re.search(r"(?:[,;]?\s+\[?(?:et\.?\s*al\b\.?|and others)\]?|\s*等)[.,;]?\s*$", text, re.I)
    return text[: match.start()] if match and match.start() else text


@cache
def _et_al() -> re.Pattern[str]:
    return re.compile(
        r"et\.?\s*al\.?|(?:and\s+)?others?|u\.\s?a\.?|i\sin\.?|y\sotros|e\soutros|und\sandere|et\sautres|等\.?|…|\.\.\.",
        re.I,
    )


def invert(text: str) -> str:
    """`Ludwig van Beethoven` as `van Beethoven, Ludwig`; unchanged with a comma, as one word, or as an organisation."""
    words = text.split()
    if "," in text or len(words) < 2 or is_organisation(text):
        return text
    suffix = ""
    if len(words) > 2 and _SUFFIX.fullmatch(words[-1]):
        suffix = ", " + words.pop()
    start = len(words) - 1
    while start > 1 and words[start - 1] in _PARTICLES:
        start -= 1
    return f"{' '.join(words[start:])}, {' '.join(words[:start])}{suffix}"


def name_key(text: str) -> str:
    """A name for comparison: the family name and the initials, folded, without diacritics (`muller j r`)."""
    return _plain_key(text) or _any_key(parse_name(text))


def person_key(text: str) -> str:
    """The same for the name of a person with a family and a given name; `""` for any other."""
    plain = _plain_key(text)
    if plain:
        return plain
    name = parse_name(text)
    return _any_key(name) if name.family and name.given else ""


_BEFORE_FAMILIES = _PARTICLES - {"y"}
"""Particles that may stand behind a given name; `y` there is an initial (`Yilmaz, Y.`)."""


def _plain_key(text: str) -> str:
    """The key of most names, `Okafor, Ngozi A.`, without taking them apart; `""` for what may be something else."""
    match = _PLAIN_NAME.fullmatch(text)
    if match is None or _SUFFIX.fullmatch(match[2]):
        return ""
    given = match[2].lower().replace(".", " ").replace("-", " ").split()
    if not _BEFORE_FAMILIES.isdisjoint(given):
        return ""
    return " ".join([match[1].lower(), *[word[0] for word in given]])


def _any_key(name: Name) -> str:
    if name.literal and looks_personal(name.literal):
        name = parse_name(invert(name.literal))
    if name.literal:
        return _folded(name.literal)
    given = name.given
    if given.isupper() and given.isalpha() and len(given) <= 3:
        given = " ".join(given)  # capitals alone are initials
    words = _folded(given).split()
    particles = [word for word in words if word in _BEFORE_FAMILIES]
    initials = [word[0] for word in words if word not in _BEFORE_FAMILIES]
    return " ".join([*particles, _folded(name.family), *initials])


def _folded(text: str) -> str:
    """Folded text without diacritics; taken off before, too, for `İ` folds to an i and a dot that would part words."""
    return _bare(fold(_bare(text)))


def _bare(text: str) -> str:
    return unicodedata.normalize("NFC", without_diacritics(text))


def strip_name_noise(text: str) -> str:
    """`text` without degrees, titles, ORCID iDs, footnote marks, e-mail addresses and `(author)`.

    `Smith, MD` keeps its initials, `Dr. Seuss` his title, `@name` its handle.
    """
    if not _may_be_noisy().search(text) or is_organisation(text):
        return text
    bare = re.sub(rf"[\s,;]*[\[(<]?(?:{_ORCID}|@?[\w.+-]+@[\w-]+\.[\w.-]+\w)[\])>]?", "", text, flags=re.ASCII)
    bare = re.sub(r"\s*\((?:author|editor|corresponding author|authors?|eds?\.?)\)", "", bare, flags=re.I)
    bare = re.sub(r"\s*[*†‡§¶¹²³⁴⁵⁶⁷⁸⁹]+(?=$|[\s,;])", "", bare)
    bare = _strip_titles(_strip_degrees(bare))
    if bare == text:
        return text
    bare = bare.strip().rstrip(",;").rstrip()
    return bare if re.search(r"[^\W\d_]", bare) else text


@cache
def _may_be_noisy() -> re.Pattern[str]:
    return re.compile(rf"[*@()\d†‡§¶¹²³⁴⁵⁶⁷⁸⁹]|\b(?:Dr|Prof|{_DEGREES})\b")


def _strip_degrees(text: str) -> str:
    """Degrees behind a name, unless they may be its initials (`Smith, MD`, `van den Berg, M.A.`, `Smith, J MD`)."""
    if ";" in text or " and " in text:
        return text
    while match := re.search(rf"(?:,\s*|\s+)({_DEGREES})\b\.?[,;]?\s*$", text):
        rest = text[: match.start()]
        given = rest.partition(",")[2].strip()
        apart = "," in match[0]
        if len(re.sub(r"\W", "", match[1])) <= 2 and not (given and (apart or re.search(r"[^\W\d_]{3}", given))):
            break
        text = rest
    return text


def _strip_titles(text: str) -> str:
    """`Dr.` and `Prof.` before a name of several words, or before the given name."""
    match = re.match(r"((?:(?:Dr|Prof)\b\.?\s*)+)(?=[^\W\d_])", text)
    if match and len(text[match.end() :].split()) > 1:
        text = text[match.end() :]
    text = re.sub(r"(?<=,)\s*(?:(?:Dr|Prof)\.?\s+)+(?=[^\W\d_])", " ", text)
    return re.sub(r"(?<=[\w.])(?:,?\s+(?:Dr|Prof)\.?)+$", "", text)
