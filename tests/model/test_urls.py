"""URLs: tracking and proxies go, all else stays byte for byte; what is malformed, and what is no page of a work."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reflint.model.urls import is_search_session, repaired_url, split_urls, strip_proxy, strip_tracking, url_problem

TRACKED = [
    # Pure and Scopus: scp stays
    ("http://www.scopus.com/inward/record.url?scp=85071239944&partnerID=8YFLogxK",
     "http://www.scopus.com/inward/record.url?scp=85071239944"),
    ("https://www.scopus.com/inward/record.uri?eid=2-s2.0-1&doi=10.1016%2fj.x&partnerID=40&md5=7b470d",
     "https://www.scopus.com/inward/record.uri?eid=2-s2.0-1&doi=10.1016%2fj.x"),
    ("https://www.scopus.com/record/display.uri?eid=2-s2.0-1&origin=inward&txGid=0",
     "https://www.scopus.com/record/display.uri?eid=2-s2.0-1"),
    ("https://x.org/a?utm_source=b&utm_Medium=c#top", "https://x.org/a#top"),
    ("https://x.org/a?q=1&UTM_source=b&r=%2F&q=2", "https://x.org/a?q=1&r=%2F&q=2"),
    ("https://x.org/a?fbclid=1", "https://x.org/a"),
    ("https://x.org/?gclid=1&mc_cid=2&mc_eid=3&_hsenc=4&_hsmi=5&msclkid=6&casa_token=7&a", "https://x.org/?a"),
    ("https://search.proquest.com/docview/1?accountid=8360", "https://search.proquest.com/docview/1"),
    ("https://www.sciencedirect.com/science/article/pii/S0?via=ihub",
     "https://www.sciencedirect.com/science/article/pii/S0"),
    ("https://www.sciencedirect.com/science/article/pii/S0?via%3Dihub",
     "https://www.sciencedirect.com/science/article/pii/S0"),
    ("https://www.tandfonline.com/doi/full/10.1080/1?needAccess=true&journalCode=gpre20&cookieSet=1",
     "https://www.tandfonline.com/doi/full/10.1080/1"),
    ("https://x.org/a;jsessionid=0A1B.node2", "https://x.org/a"),
    ("https://x.org/a;JSESSIONID=0A!1?id=3", "https://x.org/a?id=3"),
    ("https://x.org/a;jsessionid=0A/b;v=1#f", "https://x.org/a/b;v=1#f"),
    ("https://search.proquest.com/docview/1?accountid=1?url_ver=2&a=3",
     "https://search.proquest.com/docview/1?url_ver=2&a=3"),
    ("https://x.org/a?jsessionid=0A&id=3", "https://x.org/a?id=3"),
]  # fmt: skip
NOT_TRACKED = [
    "", "https://x.org/", "https://x.org/?",
     "https://x.org/a?ref=1&id=2&source=3&sid=4&origin=5&md5=6&via=7&accountid=8",
    "http://search.ebscohost.com/login.aspx?direct=true&db=a9h&AN=1&site=ehost-live&scope=site",
    "https://ovidsp.ovid.com/ovidweb.cgi?T=JS&CSC=Y&NEWS=N&PAGE=fulltext&D=med1&AN=1",
    "https://x.org/(SICI)1097(1997)16:15<1749::AID>3.0.CO;2-6", "https://x.org/a#?utm_source=b", "https://x.org/a?",
    "https://notscopus.com/a?md5=1", "https://x.org/a?b=utm_source", "https://x.org/a?xutm_source=1&needAccess=true",
    "http://x.org/Record;jsessionid=hb7&upp=0&m=13", "www.scopus.com/a?partnerID=1", "doi:10.1/a?utm_source=b",
    "https://x.org/a?utm_source=b; https://y.org", "https://x.org/a?utm_source=b https://y.org",
    "https://x.org/a?utm_source=b%5Cnhttps://y.org", "text ? utm_source=b", "https://x.org/?a=1&amp;partnerID=40",
]  # fmt: skip
PROXIED = [
    ("https://www-sciencedirect-com.ezproxy3.library.uni.edu/science/pii/S0?a=1#b",
     "https://www.sciencedirect.com/science/pii/S0?a=1#b"),
    ("https://ascopubs-org.proxy.library.uu.nl/doi/1", "https://ascopubs.org/doi/1"),
    ("http://www.jstor.org.libproxy.uni.edu/stable/1", "http://www.jstor.org/stable/1"),
    ("http://www.jstor.org.ezproxy1.library.uni.edu:2048/stable/1", "http://www.jstor.org/stable/1"),
    ("http://www-ncbi-nlm-nih-gov.uni.idm.oclc.org/pubmed/1", "http://www.ncbi.nlm.nih.gov/pubmed/1"),
    ("http://0-www-jstor-org.lib.uni.edu/stable/1", "http://www.jstor.org/stable/1"),
    ("http://0-www.jstor.org.innopac.lib.uni.ac.uk/stable/1", "http://www.jstor.org/stable/1"),
    ("https://www-oecd--ilibrary-org.ezproxy.uni.edu/a", "https://www.oecd-ilibrary.org/a"),
    ("https://www-oecd-ilibrary-org.ezproxy.uni.edu/a", "https://www.oecd-ilibrary.org/a"),
    ("http://ezproxy.uni.edu/login?url=https://x.org/a?b=1&url=2", "https://x.org/a?b=1&url=2"),
    ("http://ezproxy.uni.edu/login?qurl=https%3A%2F%2Fx.org%2Fa%3Fb%3D1", "https://x.org/a?b=1"),
    ("http://ezproxy.uni.edu/login?url=https%3A%2F%2Fx.org%2Fa", "https://x.org/a"),
    ("http://uni.idm.oclc.org/login?url=https://x.org/a", "https://x.org/a"),
    ("http://ezproxy.uni.edu/login?url=https://search-proquest-com.ezproxy3.uni.edu/docview/2?accountid=1",
     "https://search.proquest.com/docview/2?accountid=1"),
]  # fmt: skip
NOT_PROXIED = [
    "", "https://x.org/a", "https://www.proxy.com/a", "https://proxy.x.org/a", "https://ezproxy.uni.edu/menu",
    "https://www.myproxy.org/a", "https://www.ezproxy.com/login", "https://lib.proxy.uni.edu/a", "https://0-a.org/b",
    "https://x.org/login?url=https://y.org", "https://help.oclc.org/a", "https://x.org/resourceProxy?an=1",
    "https://ezproxy.uni.edu/login?url=menu", "https://www.x.org/ezproxy.uni.edu",
    "https://www-x-org.ezproxy.uni.edu/a https://y.org",
]  # fmt: skip
PROBLEMS = [
    ("www.oneworld.org/odi/", "scheme", "https://www.oneworld.org/odi/"),
    ("doi.org/10.1000/1", "scheme", "https://doi.org/10.1000/1"),
    ("//x.org/a", "scheme", "https://x.org/a"),
    ("x.org:8080/a", "scheme", "https://x.org:8080/a"),
    ("http//x.org", "mistyped", "http://x.org"),
    ("https//x.org", "mistyped", "https://x.org"),
    ("http:/x.org/a", "mistyped", "http://x.org/a"),
    ("http:///x.org/a", "mistyped", "http://x.org/a"),
    ("https;//x.org", "mistyped", "https://x.org"),
    ("htttp://x.org", "mistyped", "http://x.org"),
    ("hhttps://x.org", "mistyped", "https://x.org"),
    ("ttps://x.org", "mistyped", "https://x.org"),
    ("http:\\\\x.org", "mistyped", "http://x.org"),
    ("http://http://x.org", "mistyped", "http://x.org"),
    ("http://https://x.org", "mistyped", "https://x.org"),
    ("https:www.x.org", "mistyped", "https://www.x.org"),
    ("http://x.org/(SICI)16:15<1749::AID>3.0", "<", "http://x.org/(SICI)16:15%3C1749::AID%3E3.0"),
    ("<http://x.org/a>", "<", "http://x.org/a"),
    ("http://x.org/a<br/>", "<", None),
    ("<Go to ISI>://WOS:001370852100001", "<", None),
    ("http://x.org/my file.pdf", "spaces", None),
    ("http://x.org/a http://y.org/b", "several", None),
    ("http://x.org/a;http://y.org/b", "several", None),
    ("http://x.org/ahttp://y.org/b", "several", None),
    ("http://x.org/a file:///C:/b c.pdf", "several", None),
    ("http://", "host", None), ("http:x", "host", None),
    ("NRM", "scheme", None),
    ("ORCID: 0000-0001-5296-001X", "scheme", None), ("VIDEO.UR", "scheme", None),
    ("a.b@x.org", "scheme", None), ("paper.pdf", "scheme", None),
]  # fmt: skip
NO_PROBLEM = [
    "", " ", "http://x.org", "https://x.org/a?b=c;d#e", "ftp://x.org/a", "HTTP://X.ORG", "http://localhost:8080/a",
    "doi:10.1/a", "doi: 10.1/a", "urn:nbn:de:1-2", "hdl:1/2", "file:///C:/My Documents/a.pdf", "PM:123", "PMID: 123",
    "10.1000/182", "https://bücher.example/straße", "https://zh.wikipedia.org/wiki/中文", "mailto:a@x.org", "ark:/1/2",
    "https://web.archive.org/web/2010/http://x.org/a", "http://x.org/login?url=http://y.org", "zotero://select/items/1",
    "https://x.org/a;jsessionid=1", "https://http.cat/404", " https://x.org ",
]  # fmt: skip
SESSIONS = [
    "http://www.scopus.com/inward/record.url?scp=1", "https://www.scopus.com/record/display.uri?eid=1",
    "https://www.webofscience.com/wos/woscc/full-record/WOS:1", "http://gateway.webofknowledge.com/gateway.cgi?a=1",
    "https://search.ebscohost.com/login.aspx?db=a9h&AN=1", "http://web.b.ebscohost.com/ehost/detail",
    "http://ovidsp.ovid.com/ovidweb.cgi?T=JS", "https://search.proquest.com/docview/1",
     "https://scholar.google.co.uk/scholar?q=a",
    "https://www.proquest.com/scholarly-journals/a/docview/1/se-2", "https://sci-hub.se/10.1/a",
    "https://pubmed.ncbi.nlm.nih.gov/?term=a", "https://www.ncbi.nlm.nih.gov/pubmed?db=a&term=b",
    "https://search-proquest-com.ezproxy.uni.edu/docview/1", "https://www.embase.com/search/results?id=1",
]  # fmt: skip
NO_SESSIONS = [
    "", "https://doi.org/10.1/scopus", "https://pubmed.ncbi.nlm.nih.gov/123/", "https://x.org/a?term=1",
     "https://scholar.archive.org/a",
    "https://www.elsevier.com/scopus.com/inward/a", "https://ebookcentral.proquest.com/lib/a/detail",
     "https://notscopus.com/inward/a",
    "https://x.org/?u=sci-hub.se", "Proquest",
]  # fmt: skip
SPLITS = [
    ("", ()), ("  ", ()), ("http://x.org", ("http://x.org",)), ("NRM", ("NRM",)),
    ("http://example.com; http://example.org;", ("http://example.com", "http://example.org")),
    ("http://x.org/a;http://y.org/b", ("http://x.org/a", "http://y.org/b")),
    ("http://x.org/a\nhttp://y.org/b\r\nhttp://z.org", ("http://x.org/a", "http://y.org/b", "http://z.org")),
    ("http://x.org/a;jsessionid=1;http://y.org/b;jsessionid=2?c", ("http://x.org/a;jsessionid=1",
     "http://y.org/b;jsessionid=2?c")),
    ("http://x.org/a;jsessionid=1?b=2;3", ("http://x.org/a;jsessionid=1?b=2;3",)),
    ("http://x.org/CO;2-6 https://y.org", ("http://x.org/CO;2-6", "https://y.org")),
    ("http://x.org/a file:///C:/My Docs/b c.pdf", ("http://x.org/a", "file:///C:/My Docs/b c.pdf")),
    ("http://x.org/a%5Cnhttp://y.org/b", ("http://x.org/a", "http://y.org/b")),
    ("http://x.org/a www.y.org", ("http://x.org/a", "www.y.org")),
    ("https://web.archive.org/web/2010/http://x.org/a", ("https://web.archive.org/web/2010/http://x.org/a",)),
    ("http://x.org/login?url=http://y.org/a", ("http://x.org/login?url=http://y.org/a",)),
]  # fmt: skip


@pytest.mark.parametrize(("url", "expected"), [*TRACKED, *((url, url) for url in NOT_TRACKED)])
def test_tracking_goes_and_nothing_else(url: str, expected: str) -> None:
    assert strip_tracking(url) == expected


@pytest.mark.parametrize(("url", "expected"), [*PROXIED, *((url, url) for url in NOT_PROXIED)])
def test_a_proxy_goes_only_where_an_origin_stands_before_it(url: str, expected: str) -> None:
    assert strip_proxy(url) == expected


@pytest.mark.parametrize(("value", "word", "repaired"), PROBLEMS)
def test_a_malformed_url_is_named_and_repaired_only_when_sure(value: str, word: str, repaired: str | None) -> None:
    assert word in (url_problem(value) or "")
    assert repaired_url(value) == repaired


@pytest.mark.parametrize("value", NO_PROBLEM)
def test_what_is_no_malformed_url_stays(value: str) -> None:
    assert url_problem(value) is None
    assert repaired_url(value) is None


@pytest.mark.parametrize(("url", "expected"), [*((u, True) for u in SESSIONS), *((u, False) for u in NO_SESSIONS)])
def test_a_page_of_a_database_is_not_the_work(url: str, expected: bool) -> None:
    assert is_search_session(url) is expected


@pytest.mark.parametrize(("value", "expected"), SPLITS)
def test_several_urls_come_apart_and_sessions_do_not(value: str, expected: tuple[str, ...]) -> None:
    assert split_urls(value) == expected


PIECES = (
    "https:// http:// http// ttp:/ www. x.org scopus.com tandfonline.com .ezproxy.uni.edu 0- www-x-org .idm.oclc.org "
    "/login?url= qurl= %3A%2F%2F / ? & ; # = utm_a=1 partnerID=2 md5=3 needAccess=t ;jsessionid=4 jsessionid jses < > "
    "%5Cn file:// doi: :8080 a ä"
)
VALUES = st.one_of(st.text(), st.lists(st.sampled_from([*PIECES.split(), " ", "\n"]), max_size=12).map("".join))


@given(VALUES)
def test_stripping_twice_changes_nothing_more(value: str) -> None:
    for strip in (strip_tracking, strip_proxy):
        assert strip(strip(value)) == strip(value)


@given(VALUES)
def test_a_repaired_url_has_no_problem(value: str) -> None:
    repaired = repaired_url(value)
    assert repaired is None or (url_problem(value) is not None and url_problem(repaired) is None)


@given(VALUES)
def test_parts_of_a_split_are_stable_and_never_raise(value: str) -> None:
    is_search_session(value)
    for part in split_urls(value):
        assert part in value
        assert split_urls(part) == (part,)


def test_values_without_end_neither_raise_nor_hang() -> None:
    for piece in ("http//", "https://ezproxy.uni.edu/login?url=", "http://x ", ";jsessionid="):
        value = "http://x.org/" * (piece[0] == ";") + piece * 5000
        assert strip_proxy(value) == value
        assert repaired_url(value) is None
        is_search_session(value)
        split_urls(strip_tracking(value))
