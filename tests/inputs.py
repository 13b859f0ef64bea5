"""What tests are fed with: the fixtures, and hypothesis strategies of RIS in every state of health."""

from __future__ import annotations

from pathlib import Path

from hypothesis import strategies as st

ROOT = Path(__file__).parents[1]
FIXTURES = ROOT / "fixtures"
RULES = ROOT / "rules"
RIS_FIXTURES = sorted(FIXTURES.rglob("*.ris"))
PURE = FIXTURES / "pure.ris"


def name_of(path: Path) -> str:
    """A fixture's name as test ids show it."""
    return str(path.relative_to(FIXTURES))


_TAGS = st.sampled_from("TY ER TI T1 T2 AU A1 AB N1 N2 KW PY DO SN SP EP JO UR ZZ AI PU 10 Au ti ty er Ty".split())
_SEPARATORS = st.sampled_from(
    ["  - "] * 8 + [" - ", "  -", "  -  ", "\t-\t", "-", " -", "   - ", "  – ", " – ", "    - "]
)
_INDENTS = st.sampled_from([""] * 8 + [" ", "  ", "   ", "\t", "    "])
_SCRAPS = st.sampled_from(
    [
        "",
        " ",
        "JOUR",
        "BOOK",
        "journal article",
        "Salt marsh",
        "10.5555/x.1",
        "2019/12/1",
        "é",
        "\u2028",
        "\x85",
        "\x0b",
        "a\rb",
        "\r",
        "TY  - JOUR",
        "ER  - ",
        "- ",
        "AI - a review",
        "\ufeff",
        "–",
        "𝔖",
        "\t",
        "\x00",
    ]
)
ENDS = st.sampled_from(["\n"] * 8 + ["\r\n"] * 4 + ["\r", "\r\r\n", "\n\r", "\n\n", "\r\n\r\n", "", " \n"])

tag_lines = st.tuples(_INDENTS, _TAGS, _SEPARATORS, _SCRAPS, _SCRAPS, ENDS).map("".join)
loose_lines = st.tuples(_SCRAPS, _SCRAPS, ENDS).map("".join)
starts = st.tuples(
    st.sampled_from(["TY  - JOUR", "TY - JOUR", "TY  -  JOUR", "TY-JOUR", "ty  - JOUR", "TY\t-\tBOOK", "  TY  - JOUR"]),
    ENDS,
).map("".join)
stops = st.tuples(
    st.sampled_from(["ER  - ", "ER  -", "ER -", "ER - ", "er  - ", "ER  -TY  - JOUR", "ER  - end"]), ENDS
).map("".join)
_pieces = st.one_of(tag_lines, tag_lines, tag_lines, starts, starts, stops, stops, loose_lines)
ris_like_text = st.lists(_pieces, max_size=14).map("".join)


def _encoded(text: str, how: str) -> bytes:
    codec, _, bom = how.partition("+")
    return bytes.fromhex(bom) + text.encode(codec, "replace")


ris_like = st.tuples(
    ris_like_text,
    st.sampled_from(["utf-8"] * 6 + ["utf-8+efbbbf", "cp1252", "utf-16-le+fffe", "utf-16-be+feff", "gb18030"]),
).map(lambda pair: _encoded(*pair))
"""Bytes that look like RIS and break its every rule."""

any_bytes = st.one_of(
    st.binary(max_size=200),
    ris_like,
    st.lists(st.one_of(st.binary(max_size=12), ris_like), max_size=6).map(b"".join),
)

_WORDS = st.text("abcdefghijklmnopqrstuvwxyz ABC,.;:()[]&<>%$*|{}'\"-–/\\0123456789éßΩ中\u2028\x85\x0b𝔖", max_size=30)
_values = _WORDS.map(str.strip)
_canonical_tags = st.sampled_from("TI T1 T2 AU A1 AB N1 N2 KW PY Y1 DA DO SN SP EP JO JF UR VL IS M3 ZZ".split())
canonical_fields = st.lists(st.tuples(_canonical_tags, _values), max_size=10)
canonical_records = st.tuples(st.sampled_from(["JOUR", "BOOK", "CHAP", "GEN", "XXXX"]), canonical_fields).map(
    lambda pair: [("TY", pair[0]), *pair[1]]
)


def canonical(records: list[list[tuple[str, str]]], end: str = "\n") -> bytes:
    """Records as an exporter without faults would write them."""
    lines = [line for fields in records for line in [*(f"{tag}  - {value}" for tag, value in fields), "ER  - ", ""]]
    return "".join(line + end for line in lines).encode()


_SPELLINGS = st.sampled_from(["{}  - {}", "{} - {}", "{}  -  {}", "{}\t-\t{}", "  {}  - {}", "{}  – {}"])
_some_tags = st.sampled_from("TI T1 T2 AU A1 AB N1 N2 KW PY DO SN SP EP JO UR ZZ".split())
_some_values = st.sampled_from(
    [
        "",
        " ",
        "Salt marsh",
        "10.5555/x.1",
        "2019/12/1",
        "é",
        "a\u2028b",
        "a\rb",
        "Salt\r ",
        "Salt\r.",
        "AI - a review",
        "1-9",
        "Okafor, N.",
        "\ufeffx",
    ]
)
_untagged = st.sampled_from(["more words", "", "  indented", "© 2019", "- a dash"])
_outside = st.sampled_from(["", "1.", "<2. >", "Search strategy: salt", "# reflint: ignore[DOI001]", "Provider: X"])


@st.composite
def malformed_files(draw: st.DrawFn) -> bytes:
    """Files with what real exporters break: separators, ER, line ends, encodings, lines between the records."""
    ends = draw(st.sampled_from([["\n"], ["\r\n"], ["\n", "\r\n"], ["\r\r\n"], ["\r\n", "\r\r\n"]]))
    lines: list[str] = []
    for _ in range(draw(st.integers(1, 3))):
        spelt = draw(_SPELLINGS).format
        lines += draw(st.lists(_outside, max_size=2)) if not lines or lines[-1].lstrip().startswith("ER") else []
        lines += [spelt("TY", "JOUR"), spelt("TI", "Salt")]
        for tag, value, more in draw(
            st.lists(st.tuples(_some_tags, _some_values, st.lists(_untagged, max_size=2)), max_size=4)
        ):
            lines += [spelt(tag, value), *more]
        lines += draw(st.sampled_from([[spelt("ER", "")], ["ER  - ", ""], ["ER  - the end"], []]))
    text = "".join(line + draw(st.sampled_from(ends)) for line in lines)
    codec = draw(st.sampled_from(["utf-8"] * 4 + ["utf-8+efbbbf", "cp1252", "utf-16-le+fffe"]))
    if codec == "cp1252":
        text = text.replace("–", "-")  # a dash for the hyphen is known in UTF-8 only
    return _encoded(text if draw(st.booleans()) else text.rstrip("\r\n"), codec)
