"""The pane for Word in a browser, over https, on the real backend, with a double of Office."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from click.testing import CliRunner
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from playwright.sync_api import Browser, Page, Route, expect

from reflint.cli.word import word_command
from tests.browser import browser, page_in
from tests.plugins.serving import Backend, running
from tests.word.builder import cite, docx, field, item, p, zotero

SALT = item()
TIDES = item("Osei", 2001, "Tides <img src=x onerror=document.title='owned'>", DOI="https://doi.org/10.5555/a")
TEXTS = ["Marshes grow (Okafor 2019) in winter.", "Others (Osei 2001) say {Citation} and (Osei 2001) again."]
MANUSCRIPT = docx(
    p("Marshes grow ", field(zotero(cite(SALT)), "(Okafor 2019)"), " in winter.")
    + p(
        "Others ",
        field("ADDIN ZOTERO_ITEM CSL_CITATION {", "(Osei 2001)"),
        " say {Citation} and ",
        field(zotero(cite(TIDES, "BBBB2222")), "(Osei 2001)"),
        " again.",
    )
    + p("Note", '<w:r><w:footnoteReference w:id="2"/></w:r>'),
    stories={"footnotes": f'<w:footnote w:id="2">{p("See {Citation} there")}</w:footnote>'},
)
OLD_WORD = bytes.fromhex("D0CF11E0A1B11AE1") + bytes(600)
REFUSED = "the server responded with a status of"


class Word(NamedTuple):
    """A backend for Word, its folder, and a browser that takes its key as trusted.

    Whether the chain itself is good, tests/plugins/test_word_addin.py asks OpenSSL.
    """

    backend: Backend
    folder: Path
    browser: Browser

    def new_code(self) -> str:
        """What `reflint word code` prints."""
        return command(self.folder, "code", "--token-file", self.backend.token_file).strip()


def command(folder: Path, *arguments: str) -> str:
    """What `reflint word` prints."""
    ran = CliRunner().invoke(word_command, arguments, env={"REFLINT_STATE_DIR": str(folder / "state")})
    assert ran.exception is None, ran.output
    return ran.output


@contextmanager
def word(folder: Path) -> Iterator[Word]:
    """The add-in installed, and `reflint serve --word`."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command(folder, "install", "--port", str(port))
    certificate = x509.load_pem_x509_certificate((folder / "state/word/localhost.pem").read_bytes())
    key = certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    pin = base64.b64encode(hashlib.sha256(key).digest()).decode()
    with browser(f"--ignore-certificate-errors-spki-list={pin}") as started, running(folder, "--word") as backend:
        assert backend.url == f"https://localhost:{port}"
        yield Word(backend, folder, started)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Word]:
    with word(tmp_path_factory.mktemp("word")) as found:
        yield found


@contextmanager
def pane(
    served: Word, data: bytes = MANUSCRIPT, *, office: bool = True, api: float = 1.5, host: str = "Word", **more: Any
) -> Iterator[Page]:
    """The pane, opened as Word opens it: by the address in the manifest, without a secret."""
    given = {"bytes": base64.b64encode(data).decode(), "paragraphs": TEXTS, "footnotes": ["See {Citation} there"]}
    given |= {"api": api, "host": host}

    def library(route: Route) -> None:
        if office:
            route.fulfill(path=Path(__file__).parent / "office.js", content_type="text/javascript")
        else:
            route.abort()

    with page_in(served.browser, **{"viewport": {"width": 350, "height": 640}, **more}) as page:
        page.route("https://appsforoffice.microsoft.com/**", library)
        page.add_init_script(f"window.given = {json.dumps(given)}")
        page.goto(f"{served.backend.url}/word/index.html")
        yield page


def connect(page: Page, code: str) -> None:
    page.fill("#code", code)
    page.get_by_role("button", name="Connect").click()


def checked(page: Page, served: Word) -> None:
    """Logged in, and the document checked."""
    connect(page, served.new_code())
    page.get_by_role("button", name="Check this document").click()
    expect(page.locator("#status")).to_contain_text("citation")


def calls(page: Page) -> list[list[str]]:
    found: list[list[str]] = page.evaluate("window.calls")
    return found


def group(page: Page, title: str, nth: int = 0) -> Any:
    return page.locator("section", has=page.get_by_role("heading", name=title, exact=True)).nth(nth)


def test_the_document_is_sent_as_it_is_and_its_findings_are_shown(served: Word) -> None:
    sent: list[bytes] = []
    with pane(served, expected=REFUSED) as page:
        page.on("request", lambda one: sent.append(one.post_data_buffer or b"") if "documents" in one.url else None)
        checked(page, served)
        assert sent == [MANUSCRIPT]
        assert calls(page) == [["open"], ["close"]]
        assert re.fullmatch(r"\d+ findings in 3 citations of 2 works\.", page.inner_text("#status"))
        titles = page.locator("h2").all_inner_texts()
        assert titles[:2] == ["(Okafor 2019)", "(Osei 2001)"]
        assert titles.count("{Citation}") == 2
        assert "The citation's data cannot be read" in group(page, "(Osei 2001)").inner_text()
        assert page.locator("img").count() == 0
        assert "onerror" in group(page, "(Osei 2001)", 1).inner_text()


def test_it_goes_to_the_citation_that_is_meant(served: Word) -> None:
    with pane(served, expected=REFUSED) as page:
        checked(page, served)
        for title, nth in (("(Okafor 2019)", 0), ("(Osei 2001)", 0), ("(Osei 2001)", 1), ("{Citation}", 1)):
            group(page, title, nth).get_by_role("button", name=f"Go to {title}").click()
            expect(page.locator("#check")).to_be_enabled()
        assert calls(page)[2:] == [
            ["select", "¶0 #0", "(Okafor 2019)"],
            ["select", "¶1 #0", "(Osei 2001)"],
            ["select", "¶1 #1", "(Osei 2001)"],
            ["select", "note 0 #0", "{Citation}"],
        ]


def test_chosen_findings_become_comments_and_nothing_else_is_written(served: Word) -> None:
    with pane(served, expected=REFUSED) as page:
        checked(page, served)
        assert page.locator("#commenting").is_hidden()
        group(page, "(Osei 2001)").locator("input").first.check()
        group(page, "{Citation}").locator("input").check()
        page.get_by_role("button", name="Insert comments (2)").click()
        expect(page.locator("#status")).to_have_text("2 comments inserted.")
        written = [call for call in calls(page) if call[0] not in ("open", "close")]
        assert [call[:3] for call in written] == [
            ["comment", "¶1 #0", "(Osei 2001)"],
            ["comment", "¶1 #0", "{Citation}"],
        ]
        assert written[0][3].endswith("Delete the citation and insert it again. (MSF001)")
        assert page.locator("input:checked").count() == 0


def test_what_was_deleted_since_is_said(served: Word) -> None:
    with pane(served, expected=REFUSED) as page:
        page.add_init_script("window.given.paragraphs = ['Another text.']")
        page.reload()
        checked(page, served)
        group(page, "(Okafor 2019)").get_by_role("button").click()
        expect(page.locator("#status")).to_have_text("It is not in the document any more. Check again.")
        group(page, "(Okafor 2019)").locator("input").first.check()
        page.locator("#comment").click()
        expect(page.locator("#status")).to_have_text("0 comments inserted. Not found any more: (Okafor 2019)")


def test_it_stays_connected_and_a_code_works_once(served: Word) -> None:
    code = served.new_code()
    with pane(served, expected=REFUSED) as page:
        connect(page, f"{served.backend.url}/#code={code}")
        expect(page.locator("#check")).to_be_visible()
        page.reload()
        expect(page.locator("#check")).to_be_visible()
        assert page.locator("#login").is_hidden()
        page.context.clear_cookies()
        page.reload()
        expect(page.locator("#login")).to_be_visible()
        connect(page, code)
        expect(page.get_by_role("alert")).to_contain_text("the code is wrong, used or of an earlier start")
        assert page.locator("#work").is_hidden()


def test_no_secret_is_in_reach_of_scripts_or_addresses(served: Word) -> None:
    asked: list[str] = []
    with pane(served, expected=REFUSED) as page:
        page.on("request", lambda one: asked.append(one.url))
        code = served.new_code()
        connect(page, code)
        expect(page.locator("#check")).to_be_visible()
        assert page.evaluate("document.cookie") == ""
        token = Path(served.backend.token_file).read_text()
        assert not [url for url in asked if code in url or token in url]
        cookie = next(one for one in page.context.cookies() if one["name"] == "reflint_session")
        assert (cookie["httpOnly"], cookie["secure"], cookie["sameSite"]) == (True, True, "Strict")


def test_only_microsofts_library_comes_from_elsewhere(served: Word) -> None:
    asked: list[str] = []
    with pane(served, expected=REFUSED) as page:
        page.on("request", lambda one: asked.append(one.url))
        page.reload()
        checked(page, served)
        foreign = {url for url in asked if not url.startswith(f"{served.backend.url}/")}
        assert foreign == {"https://appsforoffice.microsoft.com/lib/1/hosted/office.js"}


def test_a_document_that_is_refused_is_told_in_words(served: Word) -> None:
    with pane(served, OLD_WORD, expected=REFUSED) as page:
        connect(page, served.new_code())
        page.get_by_role("button", name="Check this document").click()
        expect(page.get_by_role("alert")).to_contain_text("not a Word manuscript")
        expect(page.locator("#check")).to_be_enabled()


def test_an_old_word_has_no_comments(served: Word) -> None:
    with pane(served, api=1.3, expected=REFUSED) as page:
        checked(page, served)
        assert page.locator("input[type=checkbox]").count() == 0
        group(page, "{Citation}", 1).get_by_role("button").click()
        expect(page.locator("#check")).to_be_enabled()
        assert calls(page)[-1][:2] == ["select", "¶1 #0"]


def test_outside_word_it_says_where_it_belongs(served: Word) -> None:
    with pane(served, host="Excel") as page:
        expect(page.get_by_role("alert")).to_contain_text("belongs into Word")
        assert page.locator("#login").is_hidden()


def test_without_microsofts_library_it_says_so(served: Word) -> None:
    with pane(served, office=False, expected="ERR_FAILED") as page:
        expect(page.get_by_role("alert")).to_contain_text("Microsoft’s servers")


def test_without_a_backend_it_says_how_to_start_it(served: Word) -> None:
    with ExitStack() as pages:
        folder = served.folder / "other"
        folder.mkdir()
        with running(folder, "--word", port=0, state=served.folder / "state") as backend:
            page = pages.enter_context(pane(served._replace(backend=backend), expected="Failed to load resource"))
            connect(page, backend.page)
            expect(page.locator("#check")).to_be_visible()
        page.get_by_role("button", name="Check this document").click()
        expect(page.get_by_role("alert")).to_contain_text("reflint serve --word")
