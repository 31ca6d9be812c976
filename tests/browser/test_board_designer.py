"""The designer of the boards that everybody has: real tiles on a grid, by mouse, by keyboard, and on a phone."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Page, expect

from lowcode.host import Host
from tests.browser.conftest import Picture, SignIn, running
from tests.support.browser import PHONE, OpenContext, fits
from tests.support.reach import barriers
from tests.support.standing import Standing

ADMINISTRATOR, LOGIN = "吴晓峰", "wu.xiaofeng"


@pytest.fixture
def crm(
    standing: Standing, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Host, str]:
    """The demo whose documents are designed: what is published here is taken back."""
    return standing.take(request, "scores", lambda: running(tmp_path_factory.mktemp("scores")))


@pytest.mark.requirement("B10", "B11", "SB13")
def test_a_board_is_dragged_together_and_published(
    page: Page, sign_in: SignIn, crm: tuple[Host, str], picture: Picture, browser_context: OpenContext
) -> None:
    """A report lies where it is let go, with its numbers; keys move it; a heading stands over it; a filter is followed
    by a field of another name; undoing takes it back; it is published, and changed on a phone."""
    sign_in(page, ADMINISTRATOR, "#/boards/design")
    page.get_by_role("button", name="新建看板").click()
    asked = page.get_by_role("dialog")
    asked.get_by_label("看板名称").fill("Morning")
    asked.get_by_role("button", name="开始设计").click()
    desk = page.locator(".lc-board-desk")
    desk.get_by_label("查找报表").fill("销售漏斗")
    source = desk.locator("[data-added=pipeline]")
    source.drag_to(desk.locator(".lc-board-grid"), target_position={"x": 60, "y": 40})
    tile = desk.locator('[data-report="pipeline"]')
    expect(tile.locator(".lc-chart svg")).to_be_visible()
    expect(desk.get_by_role("region", name="图表")).to_be_visible()
    desk.get_by_label("查找报表").fill("")
    desk.locator("[data-added=open_amount]").click()
    number = desk.locator('[data-report="open_amount"] .lc-kpi-value')
    expect(number).to_be_visible()
    whole = number.inner_text()
    desk.locator("[data-added=heading]").click()
    desk.get_by_label("小标题 (zh-CN)").fill("今日重点")
    handle = desk.get_by_role("button", name="移动今日重点")
    handle.press("ArrowUp")
    expect(desk.get_by_role("status").last).to_contain_text("第 1 行")
    desk.get_by_role("button", name="看板", exact=True).click()
    desk.get_by_role("button", name="添加筛选器").click()
    page.get_by_role("menuitem", name="人员").click()
    expect(desk.get_by_text("不跟随")).to_have_count(0)
    desk.get_by_label("负责人", exact=True).first.click()
    page.locator(".ant-select-dropdown:visible .ant-select-item-option", has_text="李娜").click()
    expect(number).not_to_have_text(whole)
    assert barriers(page) == []
    picture(page, "board-designer")
    page.get_by_role("button", name="发布", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="发布").click()
    expect(page.get_by_text("与已发布的相同")).to_be_visible()

    phone = browser_context(viewport=PHONE, has_touch=True, is_mobile=True, locale="en-US").new_page()
    held = sign_in(phone, ADMINISTRATOR, "#/dashboard/morning")
    expect(held.locator(".lc-tile-heading")).to_have_text("Heading")
    held.locator(".lc-board-actions").get_by_role("button", name="More").click()
    held.get_by_text("Change the board").click()
    expect(held.locator('[data-report="pipeline"] .lc-chart svg')).to_be_visible()
    assert fits(held)
    assert [] == barriers(held)
    held.locator('[data-report="open_amount"]').tap()
    assert [] == barriers(held, ".ant-drawer")
    held.get_by_role("button", name="Sooner").click()
    held.get_by_role("button", name="Close").last.click()
    tiles = held.locator(".lc-tile-place [data-report]")
    expect(tiles.first).to_have_attribute("data-report", "open_amount")
    held.get_by_role("button", name="Undo", exact=True).click()
    expect(tiles.first).to_have_attribute("data-report", "pipeline")


def test_a_tile_says_that_its_report_is_gone(page: Page, sign_in: SignIn, crm: tuple[Host, str]) -> None:
    """A draft outlives a report that it shows: its tile does not wait for it, and the others are drawn."""
    sign_in(page, ADMINISTRATOR, "#/tasks")
    tiles = [{"report": "gone", "x": 0, "y": 0, "w": 6, "h": 4}, {"report": "pipeline", "x": 6, "y": 0, "w": 6, "h": 4}]
    board = {"name": "late", "title": "Late", "type": "dashboard", "filters": [], "tiles": tiles}
    key = f"lowcode-design {crm[0].app.name} {crm[0].actor(LOGIN).id} reports/late.json"
    page.evaluate(
        "([key, text]) => localStorage.setItem(key, text)", [key, json.dumps({"base": "", "document": board})]
    )
    sign_in(page, ADMINISTRATOR, "#/boards/design/late")
    gone = page.locator('[data-report="gone"]')
    expect(gone.get_by_text("应用中没有报表 gone")).to_be_visible()
    expect(gone.locator(".ant-spin")).to_have_count(0)
    expect(page.locator('[data-report="pipeline"] .lc-chart svg')).to_be_visible()
    assert barriers(page) == []
