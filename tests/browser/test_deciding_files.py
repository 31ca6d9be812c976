"""Files that are on their way while somebody decides: nothing is sent without them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.office import entered, office_of
from tests.browser.test_maintenance import picture
from tests.flows.app import QUOTE, Office, approval, document
from tests.support.browser import Watched


def opened(folder: Path) -> Office:
    """An office with a step that takes pictures."""
    form: dict[str, Any] = QUOTE
    more = {"forms/quote.json": {**form, "fields": [*form["fields"], {"name": "photos", "type": "image"}]}}
    keys: dict[str, Any] = {"fields": {"editable": ["photos"]}, "attachment": True}
    asked = approval({"user": "fang"}, approved="end", rejected="refused", **keys)
    nodes = [each for each in asked if each["type"] != "set"]
    flow = document("pictured", nodes=nodes, start={"on": "manual"}, withdraw={})
    return Office(flow, database=f"sqlite:///{folder}/office.sqlite3", more=more)


office = office_of("deciding_files", opened)


class Held:
    """Uploads that stand still until they are let go."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.routes: list[Route] = []
        page.route("**/api/files", lambda each: self.routes.append(each))

    def let_go(self, count: int) -> None:
        """So many of them, once they are there."""
        while len(self.routes) < count:
            self.page.wait_for_timeout(50)
        for each in self.routes:
            each.continue_()
        self.routes.clear()


@pytest.mark.requirement("W2", "W7")
def test_what_is_done_at_a_task_waits_for_files(page: Page, watched: Watched, office: tuple[Office, str]) -> None:
    """A draft from the menu takes the picture that was on its way; a window sends all files that were chosen in it."""
    desk, url = office
    quote = desk.quote(number="P1")
    desk.ask("li", "flows.start", flow="pictured", id=quote)
    entered(page, watched, url, "fang", "#/tasks")
    page.locator(".lc-task", has_text="P1").click()
    held = Held(page)
    decide = page.locator(".lc-decide")
    decide.locator("[data-field=photos] input[type=file]").set_input_files([picture("一.png")])
    decide.get_by_role("button", name="操作").click()
    page.get_by_role("menuitem", name="暂存").click()
    expect(decide.locator(".ant-btn-loading")).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)
    held.let_go(1)
    page.get_by_role("dialog").get_by_role("button", name="暂存").click()
    expect(page.locator(".ant-message")).to_contain_text("已暂存")
    page.reload()
    expect(decide.locator("[data-field=photos]")).to_contain_text("一.png")
    decide.get_by_role("button", name="同意").click()
    window = page.get_by_role("dialog")
    window.locator("input[type=file]").set_input_files([picture("二.png"), picture("三.png")])
    window.get_by_role("button", name="同意").click()
    expect(window.locator(".ant-btn-loading")).to_be_visible()
    held.let_go(2)
    expect(page.locator(".lc-task", has_text="P1")).to_have_count(0)
    [files] = [each["files"] for step in desk.history(quote)[0]["steps"] for each in step.get("people", ())]
    photos = desk.ask("boss", "records.get", type="quote", id=quote)["photos"]
    assert [2, 1, 3] == [len(files), len(photos), len({*files, *photos})]
