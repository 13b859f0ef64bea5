"""The review page on a Zotero library: findings, a plan chosen field by field, tried, written, taken back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.server.reviewing import LIBRARY, Desk, desk, items, rows


@pytest.fixture
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with desk(tmp_path_factory.mktemp("desk")) as found:
        found.zotero.put("groups/70", items())
        yield found


def stored(here: Desk) -> dict[str, tuple[Any, ...]]:
    """Fields, creators and tags of the items as Zotero holds them, by title."""
    found = here.zotero.libraries["groups/70"].items.values()
    return {item.fields["title"]: (item.fields, item.creators, item.tags) for item in found}


def plan(page: Page) -> None:
    page.fill("#library", LIBRARY)
    page.get_by_role("button", name="Build a plan").click()
    expect(page.locator("#plan")).to_be_visible()


def test_from_findings_to_a_plan_to_writing_to_taking_back(here: Desk) -> None:
    before = stored(here)
    with here.page() as page:
        page.fill("#library", LIBRARY)
        page.get_by_role("button", name="Show findings").click()
        expect(page.locator("#shown")).to_have_text("15 findings")
        expect(page.locator("#detail .edits")).to_contain_text("2nd ed.")
        page.click("#make-plan")
        expect(page.locator("#plan-tally")).to_have_text("2 items, 13 fields of 2 items")
        expect(page.locator("#plan-steps .second")).to_be_disabled()

        rows(page, "#items").filter(has_text="Salt marshes").click()
        page.locator("#item").get_by_role("checkbox", name="pages").uncheck()
        expect(page.locator("#plan-tally")).to_have_text("2 items, 12 fields of 2 items")
        rows(page, "#items").filter(has_text="Tide tables").click()
        page.keyboard.press("r")
        expect(page.locator("#plan-tally")).to_have_text("1 item, 11 fields of 2 items")

        page.get_by_role("button", name="Dry run").click()
        expect(page.locator("#plan-steps .told")).to_have_text("Nothing is written yet. 1 item would be written.")
        assert stored(here) == before
        page.get_by_role("button", name="Write 1 item to Zotero").click()
        expect(page.locator("#plan-steps .told")).to_have_text("1 item written.")
        after = stored(here)
        assert after["Tide tables"] == before["Tide tables"]
        (old, *_), (new, *_) = (one["Salt marshes under pressure"] for one in (before, after))
        assert new["pages"] == old["pages"]
        assert new["DOI"] != old["DOI"]
        expect(page.locator("#take-all")).to_be_disabled()

        page.get_by_role("button", name="Take it back: try first").click()
        expect(page.locator("#plan-undo .told")).to_contain_text("1 item would be taken back")
        assert stored(here) == after
        page.get_by_role("button", name="Take 1 item back").click()
        expect(page.locator("#plan-undo .told")).to_have_text("1 item taken back.")
    assert stored(here) == before


def test_another_choice_voids_a_dry_run(here: Desk) -> None:
    with here.page() as page:
        plan(page)
        page.get_by_role("button", name="Dry run").click()
        expect(page.locator("#plan-steps .second")).to_be_enabled()
        page.keyboard.press("r")
        expect(page.locator("#plan-steps .second")).to_be_disabled()
        page.click("#take-none")
        expect(page.get_by_role("button", name="Dry run")).to_be_disabled()


def test_a_choice_made_during_a_dry_run_voids_it_too(here: Desk) -> None:
    with here.page() as page:
        plan(page)
        held: list[Route] = []
        page.route("**/v1/zotero/apply", lambda route: held.append(route))
        with page.expect_request("**/v1/zotero/apply"):
            page.get_by_role("button", name="Dry run").click()
        page.locator("#items").focus()
        page.keyboard.press("r")
        expect(page.locator("#plan-tally")).to_have_text("1 item, 12 fields of 2 items")
        with page.expect_response("**/v1/zotero/apply") as answer:
            held[0].continue_()
        answer.value.finished()
        page.evaluate("new Promise((resolve) => setTimeout(resolve))")  # whatever follows an answer has followed
        expect(page.locator("#plan-steps .second")).to_be_disabled()
        expect(page.locator("#plan-steps .told")).to_be_empty()


def test_what_is_written_is_what_was_tried_and_only_once(here: Desk) -> None:
    with here.page() as page:
        plan(page)
        page.get_by_role("button", name="Dry run").click()
        sent: list[str] = []
        page.on("request", lambda request: sent.append(request.post_data or "") if "apply" in request.url else None)
        page.get_by_role("button", name="Write 2 items to Zotero").dblclick()
        expect(page.locator("#plan-steps .told")).to_have_text("2 items written.")
        assert len(sent) == 1
        for key in ("r", "Shift+A"):
            page.locator("#items").focus()
            page.keyboard.press(key)
        expect(page.locator("#plan-tally")).to_have_text("2 items, 13 fields of 2 items")
        expect(page.get_by_role("button", name="Dry run")).to_be_disabled()


def test_an_item_that_changed_meanwhile_is_skipped_with_its_reason(here: Desk) -> None:
    with here.page() as page:
        plan(page)
        found = here.zotero.libraries["groups/70"].items.values()
        key = next(item.key for item in found if item.fields["title"] == "Tide tables")
        here.zotero.edit("groups/70", key, edition="3rd ed.")
        page.get_by_role("button", name="Dry run").click()
        expect(page.locator("#plan-steps .skipped")).to_contain_text("Tide tables")


def test_earlier_runs_are_listed_and_can_be_taken_back(here: Desk) -> None:
    before = stored(here)
    with here.page() as page:
        plan(page)
        page.get_by_role("button", name="Dry run").click()
        page.get_by_role("button", name="Write 2 items to Zotero").click()
        expect(page.locator("#plan-steps .told")).to_have_text("2 items written.")
        page.click("#open-another")
        page.click("#runs summary")
        expect(page.locator(".runs li")).to_contain_text("groups/70: 2 of 2 written")
        page.get_by_role("button", name="Take it back: try first").click()
        page.get_by_role("button", name="Take 2 items back").click()
        expect(page.locator(".runs .told")).to_have_text("2 items taken back.")
    assert stored(here) == before


def test_a_library_that_may_not_be_read_is_told_in_words(here: Desk) -> None:
    with here.page() as page:
        page.fill("#library", "zotero:groups/999")
        page.get_by_role("button", name="Show findings").click()
        expect(page.get_by_role("alert")).to_contain_text("groups/999")
        expect(page.locator("#start")).to_be_visible()
