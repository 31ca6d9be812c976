"""By keyboard alone one is always somewhere: what appears has the focus, and what closes gives it back."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from lowcode.host import Host
from tests.browser.conftest import SignIn
from tests.support.reach import barriers, press, reach

pytestmark = [pytest.mark.browser, pytest.mark.requirement("SP11")]
ROUND = 24
"""More stops than the window of an import has: once round it and past its beginning."""


def item(page: Page, name: str, key: str = "ArrowDown") -> None:
    """An item of the menu that is open."""
    reach(page, page.get_by_role("menuitem", name=name), key)
    page.keyboard.press("Enter")


def names(of: Locator) -> list[str]:
    """What buttons are called by whoever hears them."""
    return [each.get_attribute("aria-label") or each.inner_text() for each in of.all()]


def test_a_window_with_much_in_it_gives_the_focus_back(page: Page, sign_in: SignIn, tmp_path: Path) -> None:
    """However often one went round in it, and by whatever of the page that lies under it."""
    file = tmp_path / "leads.csv"
    file.write_text("公司,联系人,电话,省份\n键盘甲,张三,1380,上海\n,王五,13800000003,火星\n", encoding="utf-8")
    sign_in(page, "陈国栋", "#/records/lead?view=all")
    page.locator(".lc-table .lc-first").first.wait_for()
    more = page.locator(".lc-tools [aria-label='更多']")
    press(page, more)
    item(page, "导入")
    with page.expect_file_chooser() as chooser:
        press(page, page.get_by_role("dialog").locator(".ant-upload-btn"))
    chooser.value.set_files(file)
    reach(page, page.get_by_role("dialog").get_by_role("textbox", name="第 3 行 公司 改为"))
    for _ in range(ROUND):
        page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(more).to_be_focused()


def test_each_of_many_alike_is_called_by_what_it_is_for(page: Page, sign_in: SignIn, demo: Host) -> None:
    """Drafts and subscriptions: their buttons say whose they are."""
    seller = demo.actor("li.na")
    for company in ("甲公司", "乙公司"):
        demo.ask(seller, "forms.save_draft", form="lead", values={"company": company}, title=company)
    demo.ask(seller, "reports.subscribe", dashboard="my_day", schedule="0 8 * * 1", channel="mail")
    sign_in(page, "李娜", "#/drafts")
    lines = page.locator(".lc-drafts > li > button")
    expect(lines).to_have_count(4)
    assert len(set(names(lines))) == 4
    for company in ("甲公司", "乙公司"):
        press(page, page.get_by_role("button", name=f"删除草稿 {company}"))
        expect(page.get_by_role("button", name=f"删除草稿 {company}")).to_have_count(0)
    expect(page.locator(":focus")).to_have_count(1)

    page.goto(page.url.partition("#")[0] + "#/dashboard/my_day")
    press(page, page.locator(".lc-board-actions [aria-label='更多']"))
    item(page, "定时发送", "ArrowUp")
    stop = page.get_by_role("dialog").get_by_role("button", name=re.compile("^退订 .*每周一"))
    expect(stop).to_be_visible()
    assert [] == barriers(page, ".ant-modal", ("light",))
    press(page, stop)
    expect(stop).to_have_count(0)
    page.keyboard.press("Escape")
    expect(page.locator(".lc-board-actions [aria-label='更多']")).to_be_focused()
