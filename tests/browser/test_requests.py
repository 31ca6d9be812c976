"""What the page asks for after a press: as much as the press can have changed, and not more."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Page, Request, expect

from lowcode.host import Host
from tests.browser.conftest import SignIn

pytestmark = [pytest.mark.browser, pytest.mark.requirement("SP11")]
QUIET = 1200
"""The server tells of a save within so many milliseconds; what the page makes of it is counted as well."""
LINES = "each => Math.round((each.offsetHeight - 10) / parseFloat(getComputedStyle(each).lineHeight))"
LATELY = re.compile(r"presence|app$|events$|save_draft|identity|session")
"""What a page asks for by the clock, or of who else is there."""


@contextmanager
def asked(page: Page) -> Iterator[list[str]]:
    """What is asked for until nothing has been for a while."""
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(QUIET)
    found: list[str] = []

    def note(request: Request) -> None:
        path = request.url.partition("/api/")[2].partition("?")[0]
        if path and not LATELY.search(path):
            found.append(re.sub(r"/\d+", "/*", f"{request.method} {path}").replace("POST operations/", ""))

    page.on("request", note)
    yield found
    page.wait_for_timeout(QUIET)
    page.wait_for_load_state("networkidle")
    page.remove_listener("request", note)


def test_a_save_a_cell_and_a_card(page: Page, sign_in: SignIn, demo: Host) -> None:
    """A save reads the record again and what happened to it; a cell of a list nothing, since its answer stands there;
    a card the two lanes it went between."""
    sign_in(page, "林雪梅", "#/records/account?view=team")
    page.locator(".lc-table .lc-first").first.click()
    page.locator("[data-shortcut=e]").click()
    page.get_by_role("dialog").get_by_label("电话").fill("021-55580001")
    with asked(page) as save:
        page.keyboard.press("Control+Enter")
        expect(page.locator(".lc-form")).to_have_count(0)
    assert sorted(save) == ["GET records/account/*", "GET records/account/*/timeline", "PATCH records/account/*"]

    page.goto(page.url.partition("#")[0] + "#/records/opportunity?view=team")
    page.locator(".lc-table .lc-first").first.wait_for()
    heads = [each.strip() for each in page.locator(".lc-table thead th:not(.lc-choose)").all_inner_texts()]
    cell = page.locator(f".lc-table tr[data-index='2'] td[data-column='{heads.index('预计金额')}']")
    cell.dblclick()
    page.locator(".lc-editor input").first.fill("71234")
    with asked(page) as typed:
        page.keyboard.press("Enter")
        expect(page.locator(".lc-editor")).to_have_count(0)
    assert typed == ["PATCH records/opportunity/*"]
    page.keyboard.press("Escape")

    page.goto(page.url.partition("#")[0] + "#/records/task?view=board")
    card = page.locator("[data-lane=open] .lc-kanban-card").first
    card.wait_for()
    held = card.get_attribute("data-record")
    with asked(page) as moved:
        _carry(page, held or "")
    lanes = ["GET records/task"] * 2
    assert [each for each in sorted(moved) if each != "records.fixed"] == [*lanes, "PATCH records/task/*"]
    assert moved.count("records.fixed") <= 3


def _carry(page: Page, held: str) -> None:
    """A card from the first lane to the second."""
    start = page.locator(f"[data-record='{held}']").bounding_box()
    end = page.locator("[data-lane=doing] .lc-lane-body").bounding_box()
    assert start is not None and end is not None
    page.mouse.move(start["x"] + 40, start["y"] + 20)
    page.mouse.down()
    page.mouse.move(start["x"] + 60, start["y"] + 30, steps=4)
    page.mouse.move(end["x"] + 60, end["y"] + 60, steps=8)
    page.locator(".lc-lane-over").wait_for()
    page.mouse.up()
    expect(page.locator(f"[data-lane=doing] [data-record='{held}']:not(.lc-moving)")).to_be_visible()


def test_a_decision(page: Page, sign_in: SignIn, demo: Host) -> None:
    """A decision shows the next task, and reads the list once; what somebody else changes is still seen at once."""
    for _ in range(2):
        _waiting(demo)
    sign_in(page, "林雪梅", "#/tasks/open")
    page.locator(".lc-task-panel .ant-btn-primary").wait_for()
    with asked(page) as decided:
        page.locator(".lc-task-panel .ant-btn-primary").first.click()
        expect(page.get_by_text("已同意").first).to_be_visible()
    assert decided.count("flows.list_tasks") == 1
    assert decided.count("flows.task") <= 1
    assert not {"reports.boards", "forms.favourites", "notifications.list"} & set(decided)
    assert len(decided) <= 5
    before = page.locator(".lc-tasks > li").count()
    _waiting(demo)
    expect(page.locator(".lc-tasks > li")).to_have_count(before + 1)
    expect(page.locator(".lc-menu .lc-pill, .lc-side .lc-pill").first).to_have_text(str(before + 1))


def _waiting(demo: Host) -> None:
    """A quote that somebody asks to be approved."""
    seller = demo.actor("li.na")
    values = {"account": 1, "subject": "备件", "items": [{"product": 1, "quantity": 2}]}
    quote = demo.ask(seller, "records.create", type="quote", values=values)
    demo.ask(seller, "records.update", type="quote", id=quote["id"], values={"stage": "approving"})
    demo.deliver()


def test_a_field_of_more_lines_grows_by_itself(page: Page, sign_in: SignIn) -> None:
    """As high as what is in it, from three lines to twenty-four, and nothing measures it for that: measuring lays out
    the page anew for each such field when a form opens."""
    sign_in(page, "李娜", "#/records/opportunity?view=mine")
    page.locator(".lc-table .lc-first").first.click()
    page.locator("[data-shortcut=e]").click()
    field = page.get_by_role("dialog").get_by_label("需求与痛点")
    heights = []
    for lines in (1, 8, 40):
        field.fill("\n".join(["一行"] * lines))
        heights.append(field.evaluate(LINES))
    assert heights == [3, 8, 24]
    assert field.evaluate("each => each.style.height") == ""
