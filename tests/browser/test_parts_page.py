"""Parts of an app and packages in the browser: one switched off and on, one put in and seen at once."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import written
from tests.browser.test_app_designer import FILES, LOAN
from tests.support.browser import OpenContext, Watched
from tests.support.reach import barriers

pytestmark = pytest.mark.browser
APP = {**FILES["app.json"], "parts": [{"name": "lending", "title": "借用管理", "description": "谁借了什么。"}]}  # type: ignore[dict-item]
LENT = {**FILES, "app.json": APP, "forms/loan.json": {**LOAN, "part": "lending"}}


def publish(page: Page, label: str) -> None:
    """Agree to everything that is asked, and do it."""
    dialog = page.get_by_role("dialog").last
    expect(dialog.locator(".lc-planned").first).to_be_visible()
    for each in dialog.get_by_role("checkbox").all():
        each.check()
    dialog.get_by_role("button", name=label).click()
    expect(dialog).to_be_hidden()


@pytest.mark.requirement("SP05", "SP07", "SP10")
def test_a_part_is_switched_and_a_package_put_in(
    browser_context: OpenContext, watched: Watched, tmp_path: Path
) -> None:
    """Off, its menu goes and its records are counted; on again, it is back. A package shows its fields, becomes a part
    with a menu, and can be taken out where it was put in."""
    watched.forgive("401 (Unauthorized)")
    with written(LENT, tmp_path) as (host, address):
        page = browser_context(locale="zh-CN", viewport={"width": 1440, "height": 900}).new_page()
        assert page.context.request.post(f"{address}api/session", data={"login": "mei"}).ok
        page.goto(f"{address}#/design/parts")
        menu = page.get_by_role("navigation").first
        lent = menu.get_by_role("link", name="借用", exact=True)
        expect(lent).to_be_visible()
        assert [] == barriers(page)
        page.get_by_role("switch", name="停用“借用管理”").click()
        publish(page, "停用")
        expect(page.locator(".lc-app-parts")).to_contain_text("已停用")
        expect(lent).to_have_count(0)
        page.get_by_role("switch", name="启用“借用管理”").click()
        publish(page, "启用")
        expect(lent).to_be_visible()

        page.get_by_role("button", name="请假管理").click()
        drawer = page.get_by_role("dialog", name="请假管理")
        expect(drawer).to_contain_text("开始日期 · 结束日期")
        drawer.get_by_role("button", name="安装").click()
        publish(page, "安装")
        expect(page.locator(".lc-app-parts")).to_contain_text("请假管理")
        expect(menu).to_contain_text("休假日历")
        assert {"lending", "leave"} == set(host.app.parts.stated)
        page.get_by_role("button", name="请假管理").click()
        expect(drawer.get_by_role("button", name="卸载")).to_be_visible()
