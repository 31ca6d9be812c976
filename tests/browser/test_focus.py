"""Who works by keyboard is always somewhere: what had the focus goes away, and the focus goes on where they were."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.conftest import SignIn

pytestmark = [pytest.mark.browser, pytest.mark.requirement("SP11")]
OPENED = ".ant-drawer-open:visible, .ant-modal:visible, .ant-popover:visible, .ant-dropdown:visible"
INSIDE = ".ant-drawer-open, .ant-modal, .ant-popover, .ant-dropdown"
OPENERS = [
    ("#/tasks", "语言"),
    ("#/tasks", "通知"),
    ("#/records/lead?view=all", "视图设置"),
    ("#/records/lead?view=all", "更多"),
    ("#/records/quote/2", "操作"),
    ("#/print/quotation/2", "打印与查看记录"),
    ("#/print/quotation/2", "发送"),
    ("#/access", "新建密钥"),
]


def press(page: Page, button: Locator, key: str = "Enter") -> None:
    expect(button).to_be_enabled()
    button.focus()
    page.keyboard.press(key)


@pytest.mark.parametrize(("place", "name"), OPENERS)
def test_what_closes_gives_the_focus_back(page: Page, sign_in: SignIn, place: str, name: str) -> None:
    """A menu, a drawer, a dialog, whichever it is: the focus goes in, and with Escape back to the button."""
    sign_in(page, "吴晓峰", place)
    button = page.get_by_role("button", name=name).first
    press(page, button)
    opened = page.locator(OPENED)
    expect(opened.first).to_be_visible()
    page.wait_for_function("each => document.activeElement.closest(each) !== null", arg=INSIDE)
    page.keyboard.press("Escape")
    expect(opened).to_have_count(0)
    expect(button).to_be_focused()


def test_a_button_that_is_drawn_anew_keeps_the_focus(page: Page, sign_in: SignIn) -> None:
    """One that is disabled while it works, and a tab whose whole page is exchanged."""
    sign_in(page, "李娜", "#/records/opportunity?view=board")
    star = page.locator("button.lc-star").first
    for on in ("true", "false"):
        press(page, star)
        expect(star).to_have_attribute("aria-pressed", on)
        expect(star).to_be_focused()
    tab = page.locator("[data-leaf]").last
    name = tab.get_attribute("data-leaf")
    press(page, tab)
    expect(page).to_have_url(re.compile(f"view={name}"))
    expect(page.locator(f"[data-leaf={name}]")).to_be_focused()


def test_another_page_begins_at_its_content(page: Page, sign_in: SignIn) -> None:
    """Whoever follows what vanishes with its page goes on in the new one, and the window is called like it; also when
    what keeps the focus comes only after the key that was pressed."""

    def late(route: Route) -> None:
        page.wait_for_timeout(700)
        route.continue_()

    page.route(re.compile(r"/focus-[^/]*\.js"), late)
    sign_in(page, "李娜", "#/records/opportunity?view=board")
    card = page.locator(".lc-kanban-card").first
    press(page, card)
    expect(page.locator("h1")).to_be_visible()
    expect(page.locator("#content")).to_be_focused()
    expect(page).to_have_title(f"{page.locator('h1').inner_text()} · 客户跟进")


def test_the_mouse_is_left_alone(page: Page, sign_in: SignIn) -> None:
    """Who points beside everything has no focus, and is given none."""
    sign_in(page, "李娜", "#/tasks")
    page.get_by_role("button", name="语言").click()
    expect(page.get_by_role("menuitem", name="English")).to_be_visible()
    page.mouse.click(900, 26)  # the empty part of the bar at the top
    expect(page.get_by_role("menuitem", name="English")).to_be_hidden()
    page.wait_for_timeout(600)
    assert page.evaluate("document.activeElement.tagName") == "BODY"


def test_a_chart_is_moved_and_filters_by_keyboard(page: Page, sign_in: SignIn) -> None:
    """The arrows move it on one's own board, and with Shift change its size; its rows filter the other charts."""
    sign_in(page, "林雪梅", "#/dashboard/sales_board")
    expect(page.locator(".lc-tile .lc-chart svg").first).to_be_visible()
    press(page, page.get_by_role("button", name="联动筛选"))
    tile = page.locator(".lc-tile", has=page.locator(".lc-chart")).first
    tile = page.locator(f'[data-report="{tile.get_attribute("data-report")}"]')
    press(page, tile.get_by_role("button", name="以表格查看"))
    press(page, tile.locator(".lc-result .lc-link").first)
    expect(page.locator(".lc-crossed")).to_be_visible()
    expect(page).to_have_url(re.compile("dashboard/sales_board"))
    press(page, page.locator(".lc-board-actions button").last)
    press(page, page.get_by_role("menuitem", name="另存为我的看板"))
    handle = page.locator(".lc-handle").nth(4)
    expect(handle).to_be_visible()
    stands = page.locator(".lc-board-editor [role=status]")
    press(page, handle, "ArrowRight")
    expect(stands).to_contain_text("第 2 列")
    page.keyboard.press("Shift+ArrowLeft")
    expect(stands).to_contain_text("宽 5 列")
    expect(handle).to_be_focused()
