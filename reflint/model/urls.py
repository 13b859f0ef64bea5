"""URLs: tracking and proxies taken off, what is wrong with one, what one leads to; by pattern, never by asking."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Final

from reflint.model.patterns import lazy

_TRACKING: Final = frozenset("fbclid gclid msclkid mc_cid mc_eid _hsenc _hsmi partnerid jsessionid casa_token".split())
_ATYPON_PARAMETERS: Final = frozenset(["needaccess", "cookieset", "journalcode"])
_ATYPON_SITES: Final = (
    "onlinelibrary.wiley.com tandfonline.com sagepub.com acs.org acm.org science.org sciencemag.org asm.org cell.com "
    "annualreviews.org liebertpub.com royalsocietypublishing.org pnas.org ahajournals.org physiology.org nejm.org "
    "worldscientific.com informs.org uchicago.edu thelancet.com atsjournals.org ascopubs.org cdnsciencepub.com "
    "icevirtuallibrary.com ascelibrary.org siam.org scitation.org aiaa.org aphapublications.org healthaffairs.org "
    "psychiatryonline.org futuremedicine.com embopress.org acpjournals.org asha.org aom.org euppublishing.com "
    "rsna.org liverpooluniversitypress.co.uk emerald.com"
).split()
_BY_SITE: Final[dict[str, frozenset[str]]] = {
    "scopus.com": frozenset(["md5", "origin", "txgid"]),
    "proquest.com": frozenset(["accountid"]),
    "sciencedirect.com": frozenset(["via"]),
    **dict.fromkeys(_ATYPON_SITES, _ATYPON_PARAMETERS),
}
"""Parameters (small letters) that only track on these sites and their subdomains."""

_GENERIC_DOMAINS: Final = frozenset("com org net edu gov int info mil biz museum".split())
_HYPHENATED_HOSTS: Final = (
    "oecd-ilibrary.org un-ilibrary.org thieme-connect.com thieme-connect.de palgrave-journals.com e-elgar.com "
    "i-law.com int-res.com nomos-elibrary.de vr-elibrary.de duncker-humblot.de e-periodica.ch wiley-vch.de e-flux.com"
).split()
"""Sites whose own names hold hyphens: a proxy that writes dots as hyphens makes them look like subdomains."""

_AUTHORITY = lazy(r"[^/?#\\]*")
_ONE_URL = lazy(r"(?:https?|ftps?)://[^\s/?#<>]", re.I)


@cache
def _joint() -> re.Pattern[str]:
    """What joins two URLs: separators before a scheme (`%5Cn` is Mendeley's), a space before `www.` or `doi:`."""
    return re.compile(
        r"(?:\\[nr]|%5C[nr]|[\s;,|])+(?=(?:https?|ftps?|file)://)|[\s;]*\s[\s;]*(?=www\.|(?:doi|urn|hdl):\S)", re.I
    )


def _holds_several(value: str) -> bool:
    return (" " in value or "://" in value[8:] or len(value.split()) > 1) and _joint().search(value) is not None


def strip_tracking(url: str) -> str:
    """`url` without parameters that only track or hold a session (rules: URL001); every other byte stays.

    A value that is not one absolute URL comes back unchanged.
    """
    if "?" not in url and ";" not in url:
        return url
    if not _is_one_url(url):
        return url
    rest, hash_, fragment = url.partition("#")
    path, mark, query = rest.partition("?")
    stripped = path
    if ";" in path:
        stripped = re.sub(r";jsessionid=[^/;?#&]*(?=[/;]|$)", "", path, flags=re.I)
    if query:
        by_site = _site_parameters(host_of(url))
        kept = [left for part in query.split("&") if (left := _untracked(part, by_site)) is not None]
        query = "&".join(kept)
        mark = mark if query else ""
    return f"{stripped}{mark}{query}{hash_}{fragment}"


def _untracked(part: str, by_site: frozenset[str]) -> str | None:
    """`part` of a query (`name=value`, or ScienceDirect's `name%3Dvalue`), None when it only tracks.

    Of `accountid=1?url_ver=2` (ProQuest glues its links so) what stands behind the second `?` remains.
    """
    while True:
        name = part.partition("=")[0].partition("%3D")[0].lower()
        if name not in _TRACKING and name not in by_site and not name.startswith("utm_"):
            return part
        _, mark, part = part.partition("?")
        if not mark:
            return None


@cache
def _site_parameters(host: str) -> frozenset[str]:
    while host:
        if host in _BY_SITE:
            return _BY_SITE[host]
        host = host.partition(".")[2]
    return frozenset()


def host_of(url: str) -> str:
    """The host of an absolute URL in small letters, without user and port; `""` when there is none."""
    start = url.find("://")
    if start < 0:
        return ""
    match = _AUTHORITY.match(url, start + 3)
    authority = match[0] if match else ""
    return authority.rpartition("@")[2].partition(":")[0].lower()


def _is_one_url(value: str) -> bool:
    """Whether `value` is one absolute http or ftp URL and nothing else."""
    return _ONE_URL.match(value) is not None and value.split() == [value] and not _holds_several(value)


def strip_proxy(url: str) -> str:
    """`url` as it is without the library proxy (EZproxy, III WAM, OCLC) that it goes through (rules: URL002).

    By pattern only: a host that merely calls itself proxy has no other host before that word, and stays.
    """
    origin = url
    for _ in range(10):
        direct = _direct_url(origin)
        if direct is None:
            return origin
        origin = direct
    return url  # proxies without end are no honest URL


def _direct_url(url: str) -> str | None:
    """`url` with one proxy taken off; None when it goes through none."""
    start = url.find("://") + 3
    if start < 3 or not _may_be_proxied().search(url) or not _is_one_url(url):
        return None
    host = host_of(url)
    if target := _login_target(host, url):
        return target
    origin = _origin_host(host)
    if origin is None:
        return None
    behind = re.search(r"[/?#]|$", url[start:])
    return f"{url[:start]}{origin}{url[start + behind.start() :] if behind else ''}"


@cache
def _may_be_proxied() -> re.Pattern[str]:
    return re.compile(r"^[a-z]+://(?:[^/?#]*(?:proxy|\.idm\.oclc\.org)|0-)", re.I)


@cache
def _proxy_label() -> re.Pattern[str]:
    """A label of a host that names a proxy (`ezproxy3`, `libproxy`, `proxy2`, `ezproxy-prd`)."""
    return re.compile(r"(?:ez|lib)-?proxy(?:\d+|-[a-z0-9]+)?|proxy\d*")


def _login_target(host: str, url: str) -> str | None:
    """What stands behind `login?url=` or `login?qurl=` on a proxy's own host."""
    match = re.match(r"[^?#]*/login/?\?(?:[^#]*?&)??(q?)url=(.+)", url, re.I)
    if match is None:
        return None
    if not host.endswith(".idm.oclc.org") and not any(map(_proxy_label().fullmatch, host.split(".")[:-2])):
        return None
    encoded, target = match.groups()
    if encoded or re.match(r"(?:https?|ftp)%3A%2F%2F", target, re.I):
        from urllib.parse import unquote

        target = unquote(target)
    return target if _ONE_URL.match(target) else None


def _origin_host(host: str) -> str | None:
    """The host behind a proxy's host (`www.x.org` for `www-x-org.ezproxy.uni.edu`); None when there is none."""
    labels = host.split(".")
    if labels[0].startswith("0-") and len(labels) > 2:
        return _wam_origin([labels[0][2:], *labels[1:]])
    if host.endswith(".idm.oclc.org"):
        return _written_origin(labels[:-4])
    for number, label in enumerate(labels[:-2]):
        if number and _proxy_label().fullmatch(label):
            return _written_origin(labels[:number])
    return None


def _wam_origin(labels: list[str]) -> str | None:
    """The origin in `0-www-x-org.lib.uni.edu` or `0-www.x.org.lib.uni.edu`, given without its `0-`."""
    if origin := _written_origin(labels[:1]):
        return origin
    for number in range(2, len(labels) - 1):
        if labels[number - 1] in _GENERIC_DOMAINS:
            return ".".join(labels[:number])
    return None


def _written_origin(labels: list[str]) -> str | None:
    """The host that these labels spell, dots kept or written as hyphens; None when they spell none."""
    if len(labels) == 1:
        host = re.sub("-{1,2}", lambda dashes: "-" if len(dashes[0]) == 2 else ".", labels[0])
        for site in _HYPHENATED_HOSTS:
            dotted = site.replace("-", ".")
            if host == dotted or host.endswith(f".{dotted}"):
                host = host[: -len(dotted)] + site
        labels = host.split(".")
    if len(labels) < 2 or not all(labels):
        return None
    domain = labels[-1]
    if domain in _GENERIC_DOMAINS or (len(labels) > 2 and len(domain) == 2 and domain.isalpha()):
        return ".".join(labels)
    return None


def url_problem(value: str) -> str | None:
    """What makes `value` no absolute URL, in a few words; None when nothing does.

    Identifiers that are no URLs and do no harm pass (`doi:`, `urn:`, `file:`, `PM:123`, a plain DOI), so do IRIs.
    """
    value = value.strip()
    if not value or (_plain().fullmatch(value) and "://" not in value[8:]):
        return None
    if _holds_several(value) or _is_glued(value):
        return "holds several URLs"
    if _harmless().match(value):
        return None
    if _mistyped(value):
        return "its scheme is mistyped"
    if "<" in value or ">" in value:
        return "holds < or > unescaped"
    if not re.match(r"[A-Za-z][A-Za-z0-9+-]*:(?!\s|\d+(?:/|$))", value):
        return "has no scheme"
    if len(value.split()) > 1:
        return "holds spaces"
    if value.lower().startswith(("http:", "https:", "ftp:")) and not _ONE_URL.match(value):
        return "has no host"
    return None


@cache
def _plain() -> re.Pattern[str]:
    return re.compile(r"https?://[A-Za-z0-9.-]+(?:[/?#][\w.~%!$&'()*+,;=:@/?#-]*)?", re.ASCII)


@cache
def _harmless() -> re.Pattern[str]:
    """A DOI, or an identifier under its label: no URL, and no broken one."""
    return re.compile(
        r"10\.\d{4,9}(?:\.\d+)*/\S+$"
        r"|(?:doi|urn|hdl|handle|info|ark|file|mailto|oai|arxiv|isbn|issn|pmc(?:id)?|pm(?:id)?)\s*:",
        re.I | re.ASCII,
    )


def _is_glued(value: str) -> bool:
    """Whether another URL begins right behind the first, where no path, parameter or archive would put it."""
    return "://" in value[8:] and re.match(r"(?:https?|ftp)://.*[\w).](?:https?|ftp)://", value, re.I) is not None


def _mistyped(value: str) -> tuple[str, str] | None:
    """(scheme that was meant, rest) of `http//x`, `http:/x`, `htttp://x`, `ttps://x`, `http://http://x`; else None."""
    match = _scheme_like().match(value)
    if match is None:
        return None
    right = match["joint"] == "://" and match["name"].lower() in ("http", "https", "ftp", "ftps")
    end = match.end()
    while following := _scheme_like().match(value, end):
        match, right, end = following, False, following.end()
    if right:
        return None
    name, rest = match["name"].lower(), value[end:]
    return name if name.startswith("ftp") else "https" if name.endswith("s") else "http", rest


@cache
def _scheme_like() -> re.Pattern[str]:
    return re.compile(
        r"(?P<name>ftps?|(?:h{0,3}t{1,4}p{1,3}|h{1,2}p{1,2}t?)s{0,2})(?P<joint>[:;.]{1,2}[/\\]{1,3}|//|:(?=www\.))",
        re.I,
    )


def repaired_url(value: str) -> str | None:
    """The URL that a malformed one surely means; None when there is nothing to repair, or it would be a guess."""
    if url_problem(value) is None:
        return None
    value = value.strip()
    if re.fullmatch(r"<[^<>\s]+>", value):
        value = value[1:-1]
    if mistyped := _mistyped(value):
        value = "://".join(mistyped)
    elif value.startswith("//"):
        value = f"https:{value}"
    elif _is_host_shaped(value):
        value = f"https://{value}"
    if ("<" in value or ">" in value) and not re.search(r"</?[a-z]+\s*/?>", value, re.I):
        value = value.replace("<", "%3C").replace(">", "%3E")
    return value if _ONE_URL.match(value) and url_problem(value) is None else None


def _is_host_shaped(value: str) -> bool:
    """Whether `value` begins with a host: `www.`, or a name under a domain that is no file's ending."""
    match = re.match(r"(www\.)?(?:[\w-]+\.)+([a-z]{2,6})(?::\d+)?([/?#]\S*)?$", value, re.I)
    if match is None:
        return False
    www, domain, path = match.groups()
    return bool(www) or domain in _GENERIC_DOMAINS or bool(path and len(domain) == 2 and domain.islower())


@lru_cache(maxsize=64)
def is_search_session(url: str) -> bool:
    """Whether `url` leads to a database's record or search page and not to the work (rules: URL005)."""
    if not _names_search_host(url):
        return False
    url = strip_proxy(url)
    host = f".{host_of(url)}"
    rest = url.partition("://")[2].partition("/")[2].lower()
    if host.endswith(_DATABASES) or host == ".research.ebsco.com":
        return True
    if host.startswith(".scholar.google.") or ".sci-hub." in host:
        return True
    if host.endswith(".scopus.com"):
        return rest.startswith(("inward", "record", "results", "search"))
    if host.endswith(".proquest.com"):
        return re.match(r"(?:[\w-]+/)*(?:docview|openview|results)/", rest) is not None
    if host.endswith(".embase.com"):
        return rest.startswith("search")
    return host.endswith(".ncbi.nlm.nih.gov") and re.search(r"[?&]term=", rest) is not None


_DATABASES = (".webofscience.com", ".webofknowledge.com", ".isiknowledge.com", ".ebscohost.com", ".ovid.com")
"""Sites all of whose pages are such."""
_SEARCH_HOSTS = (
    "ebsco",
    "scopus",
    "proquest",
    "ovid",
    "webof",
    "isiknowledge",
    "scholar",
    "sci-hub",
    "embase",
    "term=",
)


def _names_search_host(url: str) -> bool:
    """Whether `url` holds what one of the hosts must hold, also behind a proxy that writes dots as hyphens."""
    return any(map(url.lower().__contains__, _SEARCH_HOSTS))


def split_urls(value: str) -> tuple[str, ...]:
    """The URLs of `value` that `;`, spaces or line ends join, in order; one URL is itself (`;jsessionid=` and all).

    A new one begins where a scheme (or, behind a space, `www.` or `doi:`) does: spaces of a file's name split nothing.
    """
    value = value.strip()
    if not _holds_several(value):
        return (value,) if value else ()
    return tuple(stripped for part in _joint().split(value) if (stripped := part.strip(" \t\r\n;,|")))
