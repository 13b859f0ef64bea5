"""The review page, used as a person would: files opened, findings filtered and accepted, copies downloaded."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from playwright.sync_api import expect

import reflint
from reflint.app.review import Review
from reflint.app.settings import Settings
from tests.browser import page_in
from tests.inputs import FIXTURES, PURE, canonical
from tests.server.reviewing import Desk, desk, diff, downloaded, open_file, rows, settled
from tests.word.builder import cite, docx, field, item, p, r, zotero

THREE = FIXTURES / "pure-variants" / "three-records.ris"
HOSTILE = [
    "<img src=x onerror=\"document.title='bad'\">",
    "</script><script>document.title='bad'</script>",
    "\u202egnol\u2066 \u200b",
    "`code` **bold** &amp; {{x}}",
]


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with desk(tmp_path_factory.mktemp("desk")) as found:
        yield found


def test_the_code_leaves_the_address_and_works_once(here: Desk) -> None:
    with here.page() as page:
        assert page.url == f"{here.backend.url}/"
        page.reload()
        expect(page.locator("#start")).to_be_visible()  # the session lasts
    with page_in(here.browser) as page:
        page.goto(here.backend.url)
        expect(page.locator("#locked-why")).to_contain_text("reflint serve")


def test_the_page_asks_nobody_but_its_backend(here: Desk) -> None:
    with here.page() as page:
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.reload()
        expect(page.locator("#start")).to_be_visible()
        assert len(asked) > 8
        assert all(url.startswith(here.backend.url) for url in asked)


def test_the_seed_fixture_is_repaired_as_by_fix(here: Desk) -> None:
    with here.page(accept_downloads=True) as page:
        open_file(page, PURE)
        expect(page.locator("#summary")).to_contain_text("1 record")
        page.click("#accept-safe")
        data, name = downloaded(page)
        assert name.endswith(".ris")
        page.click("#again")  # what the repairs made visible
        expect(page.locator("#shown")).to_have_text("2 findings")
        page.click("#accept-safe")
        again, _ = downloaded(page)
    review = Review(PURE.read_bytes(), "pure.ris", Settings())
    safe = [n for n, found in enumerate(review.findings) if found.fixable and found.fix and found.fix.safety == "safe"]
    assert data == review.repaired(safe).data
    assert again == reflint.fix(PURE).data


def test_one_accepted_finding_changes_one_line_of_the_copy(here: Desk) -> None:
    with here.page() as page:
        open_file(page, PURE)
        page.get_by_role("button", name="RIS017").click()
        expect(page.locator("#shown")).to_have_text("1 of 10 findings")
        assert diff(page) == [("U2 - 10.5555/jcr.2019.0417", "")]
        page.get_by_role("button", name=re.compile("^Accept a$")).click()
        expect(page.locator("#tally")).to_have_text("1 accepted, 0 rejected, 9 open")
        data, _ = downloaded(page)
        expect(page.locator("#status")).to_contain_text("1 finding repaired")
    assert data == PURE.read_bytes().replace(b"U2 - 10.5555/jcr.2019.0417\n", b"")


def test_filters_narrow_the_table_and_count(here: Desk) -> None:
    with here.page() as page:
        open_file(page, THREE)
        everything = page.locator("#shown").inner_text()
        page.get_by_role("button", name="warning: ").click()
        expect(rows(page).locator(".cell.severity")).to_have_text(["warning"] * 5)
        page.fill("#words", "mud ABS001")
        expect(rows(page)).to_have_count(1)
        expect(page.locator("#shown")).to_have_text(f"1 of {everything}")
        page.fill("#words", "no such words")
        expect(rows(page)).to_have_count(0)
        expect(page.locator("#detail")).to_contain_text("No finding fits the filters")
        page.click("#no-filters")
        expect(page.locator("#shown")).to_have_text(everything)
        assert page.locator(".facet svg rect.some").count() > 10


def test_the_table_is_sorted_by_its_heads(here: Desk) -> None:
    with here.page() as page:
        open_file(page, THREE)
        for expected in (False, True):
            page.get_by_role("columnheader", name="Rule").get_by_role("button").click()
            shown = rows(page).locator(".cell.rule").all_text_contents()
            assert shown == sorted(shown, reverse=expected)
        assert page.locator("[aria-sort]").get_attribute("aria-sort") == "descending"


def test_words_that_change_are_marked_and_others_not(here: Desk) -> None:
    with here.page() as page:
        open_file(page, THREE)
        page.get_by_role("button", name="URL001").click()
        before, after = diff(page)[0]
        assert "partnerID" in before
        marked = page.locator("#detail .diff tr.changed del").all_text_contents()
        kept = page.locator("#detail .diff tr.changed td").first.inner_text()
        assert kept.startswith("UR - http://www.scopus.com")
        assert after.startswith("UR - http://www.scopus.com")
        assert "".join(marked)
        assert "UR" not in "".join(marked)


def test_a_preview_adds_what_else_is_accepted_of_the_record(here: Desk) -> None:
    with here.page() as page:
        open_file(page, PURE)
        page.get_by_role("button", name="RIS017").click()
        page.keyboard.press("a")
        page.click("#no-filters")
        page.get_by_role("button", name="ABS001").click()
        expect(page.locator("#detail .caption")).to_contain_text("With 2 repairs.")
        assert [before[:2] for before, _ in diff(page)] == ["N2", "U2"]
        expect(page.locator("#detail .why")).to_contain_text("Severity: warning. Repair: safe.")


def test_all_findings_of_a_rule_are_accepted_at_once(here: Desk) -> None:
    with here.page() as page:
        open_file(page, THREE)
        page.get_by_role("button", name="ABS001").click()
        page.get_by_role("button", name="Accept all of ABS001 (2)").click()
        expect(page.locator("#tally")).to_contain_text("2 accepted")
        expect(page.get_by_role("button", name="accepted: 2 of 2")).to_be_visible()
        page.click("#undecide")
        expect(page.locator("#tally")).to_contain_text("0 accepted")
        expect(page.locator("#repaired")).to_be_disabled()


def test_who_decides_on_open_findings_comes_to_the_next(here: Desk) -> None:
    with here.page() as page:
        open_file(page, PURE)
        page.get_by_role("button", name="open: ").click()
        page.locator("#findings").focus()
        page.keyboard.press("j")
        for rule in ("ABS005", "RIS016", "ABS001"):
            expect(page.locator("[aria-selected=true] .cell.rule")).to_have_text(rule)
            page.keyboard.press("a")
        expect(page.locator("#shown")).to_have_text("7 of 10 findings")


def test_a_finding_that_stands_for_all_records_is_seen_in_each(here: Desk) -> None:
    with here.page() as page:
        open_file(page, THREE)
        page.get_by_role("button", name="RIS001").click()
        page.locator("#findings").focus()
        page.keyboard.press("a")
        page.click("#no-filters")
        page.fill("#words", "mud N2")
        assert ("TY - CONF", "TY  - CONF") in diff(page)
        expect(page.locator("#detail .caption")).to_contain_text("With 2 repairs.")


def test_json_is_repaired_too(here: Desk) -> None:
    path = FIXTURES / "library.csl.json"
    with here.page() as page:
        open_file(page, path)
        page.click("#accept-safe")
        assert diff(page)
        data, name = downloaded(page)
    review = Review(path.read_bytes(), path.name, Settings())
    safe = [n for n, found in enumerate(review.findings) if found.fixable and found.fix and found.fix.safety == "safe"]
    assert data == review.repaired(safe).data
    assert name.endswith(".csl.json")


def test_a_manuscript_shows_its_places_and_comes_back_with_comments(here: Desk) -> None:
    manuscript = docx(
        p(
            r("Salt marshes grow "),
            field(zotero(cite(item(title="Salt marsh.", DOI="doi:10.5555/x.1"))), "(Okafor 2019)"),
        )
    )
    with here.page() as page:
        open_file(page, "thesis.docx", manuscript)
        expect(page.locator("#summary")).to_contain_text("1 citation")
        expect(page.locator("#detail .passages, #detail .edits").first).to_be_visible()
        expect(page.locator("#detail .decisions button")).to_have_count(0)
        data, name = downloaded(page, "#annotated")
    assert name.endswith(".docx")
    assert "word/comments.xml" in zipfile.ZipFile(io.BytesIO(data)).namelist()


def test_all_can_be_done_by_keys_alone(here: Desk) -> None:
    with here.page() as page:
        with page.expect_file_chooser() as chooser:
            assert page.evaluate("document.activeElement.id") == "choose"
            page.keyboard.press("Enter")
        chooser.value.set_files(str(PURE))
        expect(page.locator("#findings")).to_be_focused()
        page.keyboard.press("j")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("k")
        expect(page.locator("[aria-selected=true] .cell.rule")).to_have_text("ABS005")
        page.keyboard.press("a")
        page.keyboard.press("j")
        page.keyboard.press("r")
        expect(page.locator("#tally")).to_have_text("1 accepted, 1 rejected, 8 open")
        page.keyboard.press("r")
        expect(page.locator("#tally")).to_have_text("1 accepted, 0 rejected, 9 open")
        page.keyboard.press("Enter")
        expect(page.locator("#finding")).to_be_focused()
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent").startswith("Accept")
        page.keyboard.press("Escape")
        expect(page.locator("#findings")).to_be_focused()
        page.keyboard.press("/")
        page.keyboard.type("dates")
        page.keyboard.press("Escape")
        page.keyboard.press("Shift+A")
        expect(page.locator("#tally")).to_contain_text("2 accepted")
        page.keyboard.press("?")
        expect(page.locator("#help")).to_contain_text("Accept all findings of the rule")
        page.keyboard.press("Escape")
        with page.expect_download() as download:
            page.keyboard.press("d")
        assert download.value.suggested_filename.endswith(".ris")


def test_screen_readers_are_told_what_is_where(here: Desk) -> None:
    with here.page() as page:
        open_file(page, THREE)
        grid = page.get_by_role("grid", name="Findings")
        assert grid.get_attribute("aria-rowcount") == "17"
        page.keyboard.press("j")
        active = grid.get_attribute("aria-activedescendant")
        expect(page.locator(f"#{active}")).to_have_attribute("aria-selected", "true")
        expect(page.locator(f"#{active}")).to_have_attribute("aria-rowindex", "3")
        page.keyboard.press("a")
        expect(page.get_by_role("status")).to_have_text("1 finding accepted.")
        nameless = page.locator("button, input, select").evaluate_all(
            "found => found.filter(one => !one.hidden && !(one.ariaLabel || one.textContent.trim()"
            " || one.labels?.length || one.placeholder)).map(one => one.outerHTML)"
        )
        assert nameless == []
        snapshot = settled(page).aria_snapshot()
        assert 'columnheader "Before"' in snapshot
        assert "deletion" in snapshot or "insertion" in snapshot


def hostile_file() -> bytes:
    return canonical(
        [
            [("TY", "JOUR"), ("TI", f"{text} title"), ("AB", text), ("N2", text), ("DO", f"doi:10.5555/{n}")]
            for n, text in enumerate(HOSTILE)
        ]
    )


def test_hostile_text_stays_text(here: Desk) -> None:
    with here.page() as page:
        open_file(page, '<b onclick="x">.ris', hostile_file())
        expect(page.locator("#summary h2")).to_have_text('<b onclick="x">.ris')
        page.get_by_role("button", name="ABS001").click()
        for text in HOSTILE:
            expect(page.locator("#detail .about")).to_contain_text(text.split()[0])
            assert f"AB  - {text}" in settled(page).locator(".diff td").all_text_contents()
            page.keyboard.press("j")
        assert page.title() == "reflint: review"
        assert page.locator("main img, main script, main b").count() == 0
        assert page.locator("#findings .text").first.evaluate("one => getComputedStyle(one).unicodeBidi") == "isolate"


def test_twenty_thousand_findings_stay_usable(here: Desk) -> None:
    fields = [
        ("TY", "JOUR"),
        ("TI", "Salt"),
        ("AB", "Sand"),
        ("N2", "Sand"),
        ("DO", "doi:10.5555/x"),
        ("PY", "2019/12/1"),
        ("Y1", "2019/12/1"),
    ]
    with here.page() as page:
        open_file(page, "large.ris", canonical([fields] * 7000))
        count = page.locator("#shown").inner_text()
        assert int(count.split()[0].replace(",", "")) > 20_000
        assert rows(page).count() < 60
        page.keyboard.press("End")
        last = page.locator("#findings").get_attribute("aria-rowcount")
        expect(page.locator("#findings [aria-selected=true]")).to_have_attribute("aria-rowindex", str(last))
        expect(page.locator("#findings [aria-selected=true]")).to_be_in_viewport()
        assert diff(page)
        page.get_by_role("button", name="ABS001").click()
        expect(page.locator("#shown")).to_contain_text("7,000 of ")
        page.keyboard.press("Shift+A")
        expect(page.locator("#tally")).to_contain_text("7,000 accepted")
        data, _ = downloaded(page)
        expect(page.locator("#status")).to_contain_text("7,000 findings repaired")
        assert data.count(b"N2  - ") == 0
        assert data.count(b"AB  - ") == 7000


def test_a_file_without_defects_is_said_to_have_none(here: Desk) -> None:
    with here.page() as page:
        open_file(page, FIXTURES / "clean.ris")
        expect(page.locator("#detail")).to_have_text("Nothing to report: no rule found anything.")
        expect(page.locator("#accept-safe")).to_be_disabled()
        for key in ("j", "End", "a", "Shift+A", "r", "Enter", "d"):
            page.keyboard.press(key)
        expect(page.locator("#tally")).to_have_text("0 accepted, 0 rejected, 0 open")


def test_work_can_be_cancelled(here: Desk) -> None:
    fields = [("TY", "JOUR"), ("TI", "Salt"), ("AB", "Sand"), ("N2", "Sand"), ("DO", "doi:10.5555/x")]
    with here.page() as page:
        page.set_input_files("#file", {"name": "a.ris", "mimeType": "", "buffer": canonical([fields] * 49_000)})
        expect(page.locator("#working-title")).to_have_text("a.ris")
        page.click("#cancel")
        expect(page.locator("#failed")).to_have_text("It was cancelled.")
        expect(page.locator("#choose")).to_be_focused()


def test_what_cannot_be_read_is_told_in_words(here: Desk) -> None:
    with here.page() as page:
        page.set_input_files("#file", str(FIXTURES / "not-ris.xml"))
        expect(page.get_by_role("alert")).to_contain_text("this is XML")
        open_file(page, PURE)  # and the page goes on
        expect(page.locator("#shown")).to_have_text("10 findings")


def test_nobody_leaves_accepted_findings_by_mistake(here: Desk) -> None:
    with here.page() as page:
        open_file(page, PURE)
        page.click("#accept-safe")
        asked: list[str] = []
        page.once("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
        page.click("#open-another")
        assert "not downloaded yet" in asked[0]
        expect(page.locator("#review")).to_be_visible()
        downloaded(page)
        page.click("#open-another")
        expect(page.locator("#start")).to_be_visible()


CONTRASTS = """() => {
  const numbers = (text) => text.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((one) => one / 255)
    .map((one) => (one <= 0.03928 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4))
    .reduce((sum, one, at) => sum + one * [0.2126, 0.7152, 0.0722][at], 0);
  const behind = (one) => {
    for (let at = one; at; at = at.parentElement) {
      const colour = getComputedStyle(at).backgroundColor;
      if (numbers(colour)[3] !== 0) return colour;
    }
  };
  const faint = [];
  for (const one of document.querySelectorAll("main *, header *")) {
    const own = [...one.childNodes].some((child) => child.nodeType === 3 && child.data.trim());
    if (!own || !one.checkVisibility() || one.disabled || one.closest(".rejected, .unseen")) continue;
    const pair = [getComputedStyle(one).color, behind(one)].map((colour) => light(numbers(colour)) + 0.05);
    const ratio = Math.max(...pair) / Math.min(...pair);
    if (ratio < 4.5) faint.push(`${one.className} ${one.textContent.slice(0, 30)} ${ratio.toFixed(2)}`);
  }
  return faint;
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_has_enough_contrast_in_both_schemes(here: Desk, scheme: str) -> None:
    with here.page(color_scheme=scheme) as page:
        assert page.evaluate(CONTRASTS) == []
        open_file(page, THREE)
        page.keyboard.press("a")
        page.keyboard.press("j")
        diff(page)
        assert page.evaluate(CONTRASTS) == []
        paper = page.locator("#detail").evaluate("one => getComputedStyle(one).backgroundColor")
        assert (paper == "rgb(255, 255, 255)") == (scheme == "light")


def test_on_a_narrow_screen_all_is_below_each_other(here: Desk) -> None:
    with here.page(viewport={"width": 480, "height": 900}) as page:
        open_file(page, THREE)
        diff(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= 480
        page.locator("#detail .why").scroll_into_view_if_needed()
        expect(page.locator("#detail .why")).to_be_in_viewport()


_LINES = st.lists(
    st.sampled_from(["TY - JOUR", "TY  - JOUR", "TI - Salt marsh", "TI - Salt  mud", "", "AB - é 中 x", "𝔖"]),
    max_size=8,
)
_TEXTS = st.lists(st.tuples(_LINES.map("\n".join), _LINES.map("\n".join)), min_size=20, max_size=20)


def test_differences_lose_no_character(here: Desk) -> None:
    with here.page() as page:

        @given(_TEXTS)
        @settings(max_examples=30)
        def holds(pairs: list[tuple[str, str]]) -> None:
            found = page.evaluate(
                """async (pairs) => {
                  const { lineRows, wordRuns } = await import("/static/diff.js");
                  return pairs.map(([before, after]) => [lineRows(before, after), wordRuns(before, after)]);
                }""",
                pairs,
            )
            for (before, after), (lines, (old, new)) in zip(pairs, found, strict=True):
                assert "\n".join(row["before"] for row in lines if row["before"] is not None) == before
                assert "\n".join(row["after"] for row in lines if row["after"] is not None) == after
                assert all((row["before"] == row["after"]) >= row["same"] for row in lines)
                assert "".join(run["text"] for run in old) == before
                assert "".join(run["text"] for run in new) == after
                kept = [[run["text"] for run in side if not run["changed"]] for side in (old, new)]
                assert kept[0] == kept[1]

        holds()


def test_the_static_files_are_all_that_the_page_needs() -> None:
    folder = Path(reflint.__file__).parent / "server" / "static"
    index = (folder / "index.html").read_text()
    named = {path.removeprefix("/static/") for path in re.findall(r'(?:href|src)="([^"]+)"', index)}
    scripts = list(folder.glob("*.js"))
    named |= {name for script in scripts for name in re.findall(r'from "\./([^"]+)"', script.read_text())}
    assert named == {path.name for path in folder.iterdir() if path.is_file()} - {"index.html"}
    assert not re.search(r"<style|<script>|\son\w+=|style=", index)
    for script in scripts:
        assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(", script.read_text()), (
            script
        )
