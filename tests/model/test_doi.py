"""DOI grammar: what is taken off, what stays, and that the single steps agree with the whole."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reflint.model.identifiers import (
    decode_doi,
    doi_key,
    find_dois,
    is_central_id,
    is_doi,
    is_plain_doi,
    is_short_doi,
    normalize_doi,
    strip_doi_prefix,
    trim_doi,
    whole_doi,
)

SICI = "10.1002/(SICI)1521-3773(20000103)39:1<165::AID-ANIE165>3.0.CO;2-B"
SICI_12 = "10.1002/1096-9128(200005)12:6<375::AID-CPE480>3.0.CO;2-M"

NORMALISED = [
    # stay as they are
    ("10.1000/abc", "10.1000/abc"),
    ("10.1000/182", "10.1000/182"),
    (SICI, SICI),
    ("10.1021/jp000606+", "10.1021/jp000606+"),
    ("10.3319/TAO.2009.05.25.02(IWNOP)", "10.3319/TAO.2009.05.25.02(IWNOP)"),
    ("10.1061/(ASCE)0887-381X(2003)17:1(37)", "10.1061/(ASCE)0887-381X(2003)17:1(37)"),
    ("10.1016/S0140-6736(20)30183-5", "10.1016/S0140-6736(20)30183-5"),
    ("10.1016/j,jenvman.2007.01.054", "10.1016/j,jenvman.2007.01.054"),
    ("10.1577/1548-8659(1994)123<0385:TFR>2.3.CO;2", "10.1577/1548-8659(1994)123<0385:TFR>2.3.CO;2"),
    ("10.1890/0012-9658(2006)87[2445:FUO]2.0.CO;2", "10.1890/0012-9658(2006)87[2445:FUO]2.0.CO;2"),
    ("10.1641/0006-3568(2000)050[0871:XX]2.0.CO;2-#", "10.1641/0006-3568(2000)050[0871:XX]2.0.CO;2-#"),
    ("10.1093/oxfordjournals.$2.00", "10.1093/oxfordjournals.$2.00"),
    ("10.1000.10.5/abc", "10.1000.10.5/abc"),
    ("10.1234/äöü-Ελλ", "10.1234/äöü-Ελλ"),
    ("10.1234/中文", "10.1234/中文"),
    ("10.1000/ab_", "10.1000/ab_"),
    ("10.1000/ab-", "10.1000/ab-"),
    ("10.1000/ab/", "10.1000/ab/"),
    ("10.1000/ab&", "10.1000/ab&"),
    ("10.1000/a%b", "10.1000/a%b"),
    ("10.1000/100%25", "10.1000/100%25"),
    ("10.1000/a+b", "10.1000/a+b"),
    ("10.1000/a?b#c", "10.1000/a?b#c"),
    ("10.1000/ABC", "10.1000/ABC"),
    ("10.1000/abc/full", "10.1000/abc/full"),
    ("10.1234–x/abc", None),
    # prefixes
    ("https://doi.org/10.1000/abc", "10.1000/abc"),
    ("http://dx.doi.org/10.1000/abc", "10.1000/abc"),
    ("https://www.doi.org/10.1000/abc", "10.1000/abc"),
    ("HTTPS://DOI.ORG/10.1000/ABC", "10.1000/ABC"),
    ("doi.org/10.1000/abc", "10.1000/abc"),
    ("dx.doi.org/10.1000/abc", "10.1000/abc"),
    ("//doi.org/10.1000/abc", "10.1000/abc"),
    ("http://dx.doi.org/doi:10.1000/abc", "10.1000/abc"),
    ("https://doi.org/https://doi.org/10.1000/abc", "10.1000/abc"),
    ("doi:10.1000/abc", "10.1000/abc"),
    ("DOI: 10.1000/abc", "10.1000/abc"),
    ("DOI 10.1000/abc", "10.1000/abc"),
    ("doi = 10.1000/abc", "10.1000/abc"),
    ("DOI10.1000/abc", "10.1000/abc"),
    ("doi:doi:10.1000/abc", "10.1000/abc"),
    ("doi: https://doi.org/10.1000/abc", "10.1000/abc"),
    ("info:doi/10.1000/abc", "10.1000/abc"),
    ("urn:doi:10.1000/abc", "10.1000/abc"),
    ("doi:(10.1000/abc)", "10.1000/abc"),
    # what a URL carries behind the DOI
    ("https://doi.org/10.1000/abc?x=y", "10.1000/abc"),
    ("https://doi.org/10.1000/abc#section-2", "10.1000/abc"),
    ("https://doi.org/10.1641/0006(2000)050[0871:X]2.0.CO;2-#", "10.1641/0006(2000)050[0871:X]2.0.CO;2-#"),
    ("https://doi.org/10.1641/0006(2000)050[0871:X]2.0.CO;2-#?x=y", "10.1641/0006(2000)050[0871:X]2.0.CO;2-#"),
    # escapes
    ("https://doi.org/10.1002/1096-9128(200005)12:6%3C375::AID-CPE480%3E3.0.CO;2-M", SICI_12),
    ("10.1002/1096-9128(200005)12:6%3C375::AID-CPE480%3E3.0.CO;2-M", SICI_12),
    ("10.1002/1096-9128(200005)12:6&lt;375::AID-CPE480&gt;3.0.CO;2-M", SICI_12),
    ("10.1007%2Fs10591-019-09500-1", "10.1007/s10591-019-09500-1"),
    ("https://doi.org/10.1007%2Fs10591-019-09500-1", "10.1007/s10591-019-09500-1"),
    ("https://doi.org/10.1016/S0140-6736%2820%2930183-5", "10.1016/S0140-6736(20)30183-5"),
    ("https://doi.org/10.1021/jp000606%2B", "10.1021/jp000606+"),
    ("https://doi.org/10.1021/jp000606+", "10.1021/jp000606+"),
    ("https://doi.org/10.1000/a%3Fb%23c", "10.1000/a?b#c"),
    ("https://doi.org/10.1000/100%2525", "10.1000/100%25"),
    ("https://doi.org/10.1000/a%b", "10.1000/a%b"),
    ("https://doi.org/10.1000/a%E9", "10.1000/a%E9"),
    ("https://doi.org/10.1000/%C3%A4", "10.1000/ä"),
    ("10.1000/a&amp;b", "10.1000/a&b"),
    ("10.1000/a&amp;lt;b&amp;gt;c", "10.1000/a<b>c"),
    ("&lt;10.1000/abc&gt;", "10.1000/abc"),
    # the sentence around it
    ("10.1007/s10591-019-09500-1.", "10.1007/s10591-019-09500-1"),
    ("10.1000/abc,", "10.1000/abc"),
    ("10.1000/abc;", "10.1000/abc"),
    ("10.1000/abc).", "10.1000/abc"),
    ("(10.1000/abc)", "10.1000/abc"),
    ("[10.1000/abc]", "10.1000/abc"),
    ("<10.1000/abc>", "10.1000/abc"),
    ("“10.1000/abc”", "10.1000/abc"),
    ('"10.1000/abc".', "10.1000/abc"),
    ("(doi:10.1000/abc).", "10.1000/abc"),
    ("(https://doi.org/10.1000/a%28b%29).", "10.1000/a(b)"),
    ("10.3319/TAO.2009.05.25.02(IWNOP)).", "10.3319/TAO.2009.05.25.02(IWNOP)"),
    ("  10.1000/abc\n", "10.1000/abc"),
    ("\ufeff10.1000/\u200babc\u2060", "10.1000/abc"),
    # not a DOI
    ("", None),
    ("NA", None),
    ("<br />", None),
    ("20\rArtn 20", None),
    ("10.1000/abc 10.1000/def", None),
    ("10.1639/0044-7447(2000)029 [ 0126:FITEOT]2.0.CO;2", None),
    ("10.1000/abc     LK  - https://example.org/link?id=doi:10.1000%2Fabc", None),
    ("10.1000/", None),
    ("10.100/abc", None),
    ("10/abc", None),
    ("10.1000/a\u00adb", None),
    ("10.1000/a\x07b", None),
    ("https://example.org/10.1000/abc", None),
    ("climate change; agriculture", None),
    ("１０.1000/abc", None),
]


@pytest.mark.parametrize(("value", "expected"), NORMALISED)
def test_a_value_is_brought_to_the_bare_doi_or_none(value: str, expected: str | None) -> None:
    assert normalize_doi(value) == expected


@pytest.mark.parametrize(("value", "expected"), NORMALISED)
@pytest.mark.parametrize("steps", list(itertools.permutations((strip_doi_prefix, decode_doi, trim_doi))))
def test_single_steps_in_any_order_come_to_the_same(steps, value: str, expected: str | None) -> None:
    settled = _settle(value, steps)
    assert (settled if is_doi(settled) else None) == expected


def _settle(value: str, steps) -> str:
    for _ in range(50):
        before = value
        for step in steps:
            value = step(value)
        if value == before:
            return value
    raise AssertionError("does not settle")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("https://doi.org/10.1000/abc.", "10.1000/abc."),
        ("https://doi.org/10.1002/12:6%3C375::AID%3E3.0.CO;2-M", "10.1002/12:6%3C375::AID%3E3.0.CO;2-M"),
        ("https://doi.org/10.1000/a%28b%29", "10.1000/a(b)"),
        ("https://doi.org/10/abc", "https://doi.org/10/abc"),
        ("https://doi.org/", "https://doi.org/"),
        ("doi: forthcoming", "doi: forthcoming"),
        ("doi:10.1000/a b", "doi:10.1000/a b"),
        ("10.1000/abc?x=y", "10.1000/abc?x=y"),
    ],
)
def test_prefix_alone(value: str, expected: str) -> None:
    assert strip_doi_prefix(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("10.1000/a%20b", "10.1000/a%20b"),
        ("10.1000/a%28b", "10.1000/a%28b"),
        ("10.1000%2Fa+b.", "10.1000/a+b."),
        ("doi:10.1000%2Fabc", "doi:10.1000/abc"),
        ("https://doi.org/10.1000/abc", "https://doi.org/10.1000/abc"),
        ("https://doi.org/10.1000/abc?a=%28", "https://doi.org/10.1000/abc?a=%28"),
        ("https://doi.org/10.1000/a%3Cb%3E", "10.1000/a<b>"),
        ("AT&amp;T", "AT&amp;T"),
    ],
)
def test_decoding_alone(value: str, expected: str) -> None:
    assert decode_doi(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("10.1000/a&lt;", "10.1000/a&lt;"),
        ("10.1000/abc';", "10.1000/abc"),
        ("10.1000/a(b", "10.1000/a(b"),
        ("https://doi.org/10.1000/abc.", "https://doi.org/10.1000/abc"),
        ("N/A.", "N/A."),
    ],
)
def test_trimming_alone(value: str, expected: str) -> None:
    assert trim_doi(value) == expected


pieces = st.sampled_from(
    "a b 1 . , ; : ' \" ” ( ) [ ] < > + # ? & - _ / $ %3C %3E %2F %28 %29 %25 "
    "%20 %E9 &lt; &gt; &amp; &amp;lt; é \u200b CO;2-# abc".split(" ")
)
suffixes = st.lists(pieces, min_size=1, max_size=12).map("".join)
prefixes = st.sampled_from(
    [
        "",
        "doi:",
        "DOI: ",
        "https://doi.org/",
        "http://dx.doi.org/",
        "info:doi/",
        "urn:doi:",
        "http://dx.doi.org/doi:",
        "doi:(",
        "https://doi.org/doi%3A",
        "https://doi.org/https%3A%2F%2Fdoi.org%2F",
        "doi:&lt;",
    ]
)
wrappings = st.sampled_from(["", "(", '"', "<", "“", " ", "\ufeff", "((", "&lt;"])
values = st.builds(
    lambda wrapping, prefix, slash, suffix: f"{wrapping}{prefix}10.1000{slash}{suffix}",
    wrappings, prefixes, st.sampled_from(["/", "%2F"]), suffixes,
)  # fmt: skip


@settings(max_examples=1500, deadline=None)
@given(values)
def test_steps_are_idempotent_and_their_order_does_not_matter(value: str) -> None:
    for step in (strip_doi_prefix, decode_doi, trim_doi):
        assert step(step(value)) == step(value)
    settled = {_settle(value, steps) for steps in itertools.permutations((strip_doi_prefix, decode_doi, trim_doi))}
    valid = {doi for doi in settled if is_doi(doi)}
    doi = normalize_doi(value)
    assert valid == ({doi} if doi is not None else set())
    if doi is not None:
        assert settled == {doi}
        assert normalize_doi(doi) == doi


@given(st.text() | st.text(alphabet="10./%2F&lt;doi:()<> \n\u200b?#"))
def test_any_text_is_survived(text: str) -> None:
    doi = normalize_doi(text)
    assert doi is None or (is_doi(doi) and doi_key(doi) == doi_key(text))
    whole_doi(text)
    find_dois(text)
    is_short_doi(text)
    for step in (strip_doi_prefix, decode_doi, trim_doi):
        assert step(step(text)) == step(text)


@given(st.from_regex(r"10\.[0-9]{4,9}/[A-Za-z0-9._+()<>-]*[A-Za-z0-9+]", fullmatch=True))
def test_a_clean_doi_is_never_changed(doi: str) -> None:
    if all(doi.count(a) == doi.count(b) for a, b in ("()", "<>")):
        assert normalize_doi(doi) == doi


def test_keys_compare_ascii_letters_without_case() -> None:
    assert doi_key("https://doi.org/10.1000/ABC") == doi_key("doi:10.1000/abc") == "10.1000/abc"
    assert doi_key("10.1000/ÄB") == "10.1000/Äb"
    assert doi_key("n/a") == ""


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("10/abc", True),
        ("10/b3dgw", True),
        ("doi.org/abc", True),
        ("https://doi.org/abc12", True),
        ("https://doi.org/10/abc", True),
        ("10/ab", False),
        ("10.1000/abc", False),
        ("https://doi.org/10.1000/abc", False),
        ("abc", False),
    ],
)
def test_short_dois(value: str, expected: bool) -> None:
    assert is_short_doi(value) is expected


CENTRAL = "https://www.cochranelibrary.com/central/doi/10.1002/central/CN-01234567/full"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("10.1000/abc", "10.1000/abc"),
        ("https://doi.org/10.1000/abc", "10.1000/abc"),
        ("doi: 10.1000/abc", "10.1000/abc"),
        ("see doi: 10.1000/abc", None),
        ("https://www.tandfonline.com/doi/full/10.1080/123", None),
        ("10.1002/central/CN-01234567", None),
        ("https://doi.org/10.1002/central/CN-01234567", None),
        ("https://doi.org/10.1002%2Fcentral%2FCN-01234567", None),
        (CENTRAL, None),
        ("Article", None),
    ],
)
def test_a_value_that_is_wholly_a_doi(value: str, expected: str | None) -> None:
    assert whole_doi(value) == expected


def test_no_doi_is_taken_from_a_central_link() -> None:
    assert is_central_id(CENTRAL)
    assert not is_central_id("10.1002/anie.1")
    assert find_dois(CENTRAL) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("no identifier here, 10.5 percent", []),
        ("See Smith (doi:10.1000/abc), and 10.1000/def.", ["10.1000/abc", "10.1000/def"]),
        ("https://www.tandfonline.com/doi/full/10.1080/12345?src=x#top", ["10.1080/12345"]),
        ("https://www.frontiersin.org/articles/10.3389/fpsyg.2019.00001/full", ["10.3389/fpsyg.2019.00001"]),
        (
            "https://onlinelibrary.wiley.com/doi/10.1002/1096(2000)12:6%3C375::AID%3E3.0.CO;2-M",
            ["10.1002/1096(2000)12:6<375::AID>3.0.CO;2-M"],
        ),
        ("http://example.org/?doi=10.1000/abc&x=1", ["10.1000/abc"]),
        ("10.1000/abc,10.1000/def;https://doi.org/10.1000/ghi", ["10.1000/abc", "10.1000/def", "10.1000/ghi"]),
        ("<p>10.1000/abc</p>", ["10.1000/abc"]),
        ("10.1000/abc 10.1000/ABC", ["10.1000/abc"]),
        (f"In {SICI}, we", [SICI]),
        ("version 110.1000/abc", []),
        ("https://doi.org/10.1007%2Fs10591-019", ["10.1007/s10591-019"]),
    ],
)  # fmt: skip
def test_dois_in_prose_and_urls(text: str, expected: list[str]) -> None:
    assert find_dois(text) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("10.5555/jcr.2019.0417", True),
        ("10.1016/S0305-4403(99)90001-2", True),
        ("10.1016/S0305-4403(99", False),
        ("https://doi.org/10.5555/x", False),
        ("10.5555/x y", False),
        ("see 10.5555/x", False),
        ("(x)", False),
        ("", False),
    ],
)
def test_plain_dois_are_nothing_but_a_doi(value: str, expected: bool) -> None:
    assert is_plain_doi(value) is expected
