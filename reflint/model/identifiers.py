"""Identifiers of works and persons: DOI, PMID, PMCID, arXiv id, ORCID; each function takes and gives plain text."""

from __future__ import annotations

import re

from reflint.model.patterns import lazy

_ZERO_WIDTH = dict.fromkeys([*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x206A), 0xFEFF])
_QUOTES = "'\"`‘’‚“”„«»‹›"
_OPENERS = "([{<"
_CLOSERS = {")": "(", "]": "[", "}": "{", ">": "<"}
_END_PUNCTUATION = ".,;:'\"”’“‘`»"

_DOI = lazy(r"10\.\d{4,9}(?:\.\d+)*/\S+", re.ASCII)
_PLAIN_DOI = lazy(r"10\.\d{4,9}(?:\.\d+)*/[A-Za-z0-9._/()-]*[A-Za-z0-9]", re.ASCII)
_RESOLVER = lazy(r"\s*(?:(?:https?:)?//)?(?:(?:dx|www)\.)*doi\.org/+", re.I)
_LABEL = lazy(r"\s*(?:info:doi[/:]|urn:doi:|doi\s*[:=\uFF1A]?)\s*", re.I)
_URL_TAIL = lazy(r"(?<!CO;2-)#|\?", re.I)
_ENTITY = lazy(r"&(lt|gt|amp);")
_ENTITIES = {"lt": "<", "gt": ">", "amp": "&"}
_ENCODED_PAIR = lazy(r"10\.\d.*%3C.*%3E", re.I)
_ENCODED_SLASH = lazy(r"10\.\d{4,9}(?:\.\d+)*%2F", re.I | re.ASCII)


def strip_doi_prefix(v: str) -> str:
    """`v` without the labels and resolver addresses before its DOI (`doi:`, `https://dx.doi.org/`, `info:doi/`, ...).

    What a resolver URL carries behind the DOI (`?query`, `#fragment`) goes too. Escapes stay for `decode_doi`, unless
    only the URL told that they are escapes. `v` comes back unchanged when what is left would not begin with `10.`, or
    would hold white space.
    """
    if v.startswith("10.") or not (found := _behind_prefix(v)):
        return v
    rest, decoded = found
    return rest if rest == decoded or _decode_bare(rest) == _decode_bare(decoded) else decoded


def decode_doi(v: str) -> str:
    """`v` percent-decoded once and without `&lt; &gt; &amp;`, where it shows that it was encoded.

    A resolver URL that holds escapes becomes the DOI it stands for (decoded, it would be another URL). A bare value is
    decoded only if it holds `%3C…%3E`, or `%2F` where the slash after the registrant belongs. `+` is kept (ACS);
    escapes that are not UTF-8 are kept.
    """
    if ("%" not in v and "&" not in v) or v.translate(_ZERO_WIDTH) != v:  # those are trimmed first
        return v
    if not v.startswith("10.") and (found := _behind_prefix(v)) and found[0] != found[1]:
        return _decode_bare(found[1])
    return _decode_bare(v)


def trim_doi(v: str) -> str:
    """`v` without zero-width characters, surrounding quotes, leading openers and what a sentence left at its end.

    A closer goes only while it outnumbers its opener; `+ # & - _ / $` always stay. A value without `10.` is left alone.
    """
    if v.isascii() and v[-1:].isalnum() and v[:1].isalnum():
        return v
    given, v = v, v.translate(_ZERO_WIDTH).strip()
    if "10." not in v:
        return given
    while v and (v[0] in _QUOTES or v[0] in _OPENERS):
        v = v[1:].lstrip()
    if "%" in v or "&" in v:
        return _trim_encoded(v)
    while v and _is_loose_end(v):
        v = v[:-1].rstrip()
    return v


def normalize_doi(v: str) -> str | None:
    """The bare DOI in `v`, its letters in the case given, or None when `v` is not one DOI (rules: section 1.4)."""
    if _PLAIN_DOI.fullmatch(v) and v.count("(") == v.count(")"):
        return v
    if "10" not in v:
        return None
    while True:
        before = v
        v = decode_doi(strip_doi_prefix(trim_doi(v)))
        if v == before:
            return v if is_doi(v) else None


def is_plain_doi(v: str) -> bool:
    """Whether `v` is a bare DOI of the commonest make: letters, digits and `._/()-`, its last a letter or digit."""
    return _PLAIN_DOI.fullmatch(v) is not None and v.count("(") == v.count(")")


def is_doi(v: str) -> bool:
    """Whether `v` as it stands is a bare DOI: `10.registrant/suffix`, the suffix any graphic characters."""
    return _DOI.fullmatch(v) is not None and v.isprintable()


def is_short_doi(v: str) -> bool:
    """Whether `v` is a shortDOI: `10/abc`, or an alias behind the resolver (`doi.org/abc`)."""
    if len(v) > 60:
        return False
    return re.fullmatch(
        r"\s*(?:(?:(?:https?://)?(?:(?:dx|www)\.)?doi\.org/|doi:\s*)?10/|(?:https?://)?(?:(?:dx|www)\.)?doi\.org/)"
        r"[a-z0-9]{3,}\s*",
        v,
        re.I | re.ASCII,
    ) is not None  # fmt: skip


def doi_key(v: str) -> str:
    """The DOI in `v` for comparison: normalised, ASCII letters in lower case; `""` when there is none."""
    doi = normalize_doi(v)
    if doi is None:
        return ""
    return doi.lower() if doi.isascii() else re.sub("[A-Z]+", lambda letters: letters[0].lower(), doi)


def is_central_id(v: str) -> bool:
    """Whether `v` holds an id of Cochrane's CENTRAL register (`10.1002/central/CN-…`), which is not the work's DOI."""
    return "10.1002" in v and re.search(r"10\.1002(?:/|%2F)central(?:/|%2F)", v, re.I) is not None


def whole_doi(v: str) -> str | None:
    """The DOI when `v` is nothing but one (bare, labelled or as resolver URL) and not a CENTRAL id; else None."""
    if "10" not in v or is_central_id(v):
        return None
    doi = normalize_doi(v)
    return None if doi is not None and is_central_id(doi) else doi


def find_dois(text: str) -> list[str]:
    """DOIs that stand in prose or in publishers' URLs, in order, repeats and CENTRAL ids left out.

    Candidates only: where a DOI ends in running text is a guess.
    """
    if "10." not in text:
        return []
    found: dict[str, str] = {}
    for start, word in re.findall(r"(\S*?)((?<![\d.])10\.\d{4,9}(?:\.\d+)*(?:/|%2F)\S+)", text, re.I | re.ASCII):
        for part in _split_glued(word):
            doi = normalize_doi(_doi_of_url_path(start, part))
            if doi is not None and not is_central_id(doi):
                found.setdefault(doi_key(doi), doi)
    return list(found.values())


def _split_glued(word: str) -> list[str]:
    """The parts of `word` that each begin with a DOI, markup behind them cut (`10.1/a,10.1/b</p>`)."""
    parts = re.split(r"[,;|]+(?:https?://\S*?|doi:?)?(?=10\.\d{4,9}/)", word, flags=re.I)
    return [re.split(r"</?[A-Za-z]+/?>", part, maxsplit=1)[0] for part in parts]


def _doi_of_url_path(before: str, word: str) -> str:
    """What of `word` can be the DOI when the text before it shows that it stands in a URL; else `word`."""
    if "/" not in before and "=" not in before:
        return word
    word = word[: _tail_start(word)]
    if "=" in before:
        word = word.split("&", 1)[0]
    word = _decoded_once(word)
    return re.sub(r"(?:/(?:full|abstract|pdf|epdf|meta|summary|html|full-text|fulltext|references)|\.pdf)+$", "", word)


def _behind_prefix(v: str) -> tuple[str, str] | None:
    """(what stands behind the prefixes of `v`, the same with a URL's escapes decoded); None when that is no DOI."""
    rest, resolved = v, False
    while match := (resolver := _RESOLVER.match(rest)) or _LABEL.match(rest):
        resolved = resolved or resolver is not None
        rest = rest[match.end() :]
    if rest is v:
        return None
    rest = rest.lstrip(_QUOTES + _OPENERS + " ")
    if not resolved:
        return (rest, rest) if _is_bare(rest) else None
    rest = rest.translate(_ZERO_WIDTH).strip()
    rest = rest[: _tail_start(rest)]
    decoded = _decoded_once(rest)
    if not rest.startswith("10."):  # a URL of a URL: its inner prefix is encoded
        inner = _behind_prefix(decoded)
        return inner and (rest, inner[1])
    return (rest, decoded) if _is_bare(decoded) else None


def _is_bare(rest: str) -> bool:
    """Whether `rest` begins like a DOI and holds no white space (then it is something else, or two of them)."""
    return rest.startswith("10.") and not re.search(r"\s", rest.strip())


def _tail_start(url: str) -> int:
    match = _URL_TAIL.search(url)
    return match.start() if match else len(url)


def _decoded_once(v: str) -> str:
    if "%" not in v:
        return v
    from urllib.parse import unquote

    try:
        return unquote(v, errors="strict")
    except UnicodeDecodeError:
        return v


def _decode_bare(v: str) -> str:
    """`v` decoded while it shows that it is encoded (twice encoded values occur), and its entities resolved."""
    while True:
        before = v
        core = v.lstrip().lstrip(_QUOTES + _OPENERS) if v[:1] != "1" else v
        if label := _LABEL.match(core):
            core = core[label.end() :].lstrip(_QUOTES + _OPENERS + " ")
        if "%" in v and _is_bare(_decoded_once(core)) and (_ENCODED_SLASH.match(core) or _ENCODED_PAIR.match(core)):
            v = _decoded_once(v)
        if "&" in v and "10." in v:
            v = _ENTITY.sub(lambda entity: _ENTITIES[entity[1]], v)
        if v == before:
            return v


def _is_loose_end(v: str) -> bool:
    """Whether the last character of `v` is punctuation of the text around a DOI."""
    last = v[-1]
    if last in _END_PUNCTUATION:
        return True
    opener = _CLOSERS.get(last)
    return opener is not None and v.count(last) > v.count(opener)


def _trim_encoded(v: str) -> str:
    """The end of `v` trimmed as far as decoding it first would give the same (`&lt;` ends in no semicolon)."""
    if v[0] == "&":  # an opener in disguise: what follows is not read as a URL yet
        return v
    decoded = decode_doi(v)
    while v and _is_loose_end(v) and decoded and _is_loose_end(decoded):
        shorter = v[:-1].rstrip()
        if decode_doi(shorter) != decoded[:-1].rstrip():
            break
        v, decoded = shorter, decode_doi(shorter)
    return v


def normalize_orcid(v: str) -> str | None:
    """The ORCID iD in `v` (bare, labelled or URL) as `0000-0002-1825-0097`; None when it is none or does not check."""
    match = re.fullmatch(
        r"\s*(?:orcid(?:\s*id)?\s*[:=]?\s*)?(?:https?://)?(?:www\.)?(?:orcid\.org/)?"
        r"(\d{4})[-\s\u2010-\u2015]?(\d{4})[-\s\u2010-\u2015]?(\d{4})[-\s\u2010-\u2015]?(\d{3}[\dX])/?\s*",
        v,
        re.I | re.ASCII,
    )
    if match is None:
        return None
    digits = "".join(match.groups()).upper()
    total = 0
    for digit in digits[:15]:
        total = (total + int(digit)) * 2
    check = (12 - total % 11) % 11
    if digits[15] != ("X" if check == 10 else str(check)):
        return None
    return "-".join(digits[i : i + 4] for i in range(0, 16, 4))


def is_orcid(v: str) -> bool:
    """Whether `v` is an ORCID iD in its canonical form, with the right check character (ISO 7064 MOD 11-2)."""
    return len(v) == 19 and normalize_orcid(v) == v


def normalize_pmid(v: str) -> str | None:
    """The PubMed id in `v` (bare, `PMID: 123`, `PM:123`, PubMed URL) as digits, or None."""
    match = re.fullmatch(
        r"\s*(?:(?:PMID|PM|MEDLINE|PUBMED(?:\s*ID)?)\s*[:=]?\s*"
        r"|(?:https?://)?(?:www\.)?(?:pubmed\.ncbi\.nlm\.nih\.gov|ncbi\.nlm\.nih\.gov/(?:m/)?pubmed)/)?"
        r"([1-9]\d{0,7})/?\s*",
        v,
        re.I | re.ASCII,
    )
    return match[1] if match else None


def normalize_pmcid(v: str) -> str | None:
    """The PubMed Central id in `v` (bare, `PMCID: PMC123`, URL of the article) as `PMC123`, or None."""
    match = re.fullmatch(
        r"\s*(?:PMC\s*ID\s*[:=]?\s*(?:PMC)?|(?:(?:https?://)?(?:www\.)?(?:pmc\.ncbi\.nlm\.nih\.gov|"
        r"ncbi\.nlm\.nih\.gov/pmc|europepmc\.org)/articles?/)?PMC)([1-9]\d*)(?:\.\d+)?/?\s*",
        v,
        re.I | re.ASCII,
    )
    return f"PMC{match[1]}" if match else None


_ARXIV_ARCHIVES = frozenset(
    "acc-phys adap-org alg-geom ao-sci astro-ph atom-ph bayes-an chao-dyn chem-ph cmp-lg comp-gas cond-mat cs dg-ga "
    "funct-an gr-qc hep-ex hep-lat hep-ph hep-th math math-ph mtrl-th nlin nucl-ex nucl-th patt-sol physics plasm-ph "
    "q-alg q-bio quant-ph solv-int stat supr-con".split()
)


def find_arxiv_id(text: str) -> str | None:
    """The arXiv id in `text`, with its version, without `arXiv:`; None when there is none.

    A number of the new form (`1706.03762`) counts when it is the whole text or follows `arXiv`, `abs/` or `pdf/`.
    """
    if not any(character.isdigit() for character in text):
        return None
    for match in re.finditer(
        r"(?:^\s*|arxiv(?:\s+preprint)?(?:\s+arxiv)?\s*[:.\s]\s*|(?:abs|pdf)/|arxiv\.org/\w+/)"
        r"(?P<id>(?P<year>\d\d)(?P<month>\d\d)\.(?P<serial>\d{4,5})(?P<version>v\d+)?"
        r"|(?P<archive>[a-z-]+)(?:\.[A-Z]{2})?/\d\d(?P<old>\d\d)\d{3}(?:v\d+)?)(?=$|[^\w./]|\.(?:pdf|$|\s))",
        text,
        re.I | re.ASCII,
    ):
        if match["archive"]:
            if match["archive"].lower() in _ARXIV_ARCHIVES and 1 <= int(match["old"]) <= 12:
                return match["id"]
        elif _is_new_arxiv(match, text):
            return match["id"]
    return None


def _is_new_arxiv(match: re.Match[str], text: str) -> bool:
    """Whether month and length fit (5 digits since 2015), and a bare number is all there is."""
    if not 1 <= int(match["month"]) <= 12 or (len(match["serial"]) == 5) != (int(match["year"]) >= 15):
        return False
    labelled = "arxiv" in match[0].lower() or "/" in match[0]
    return labelled or match[0].strip() == text.strip()
