"""The app as a whole in the browser: a role, a menu and a first page made by mouse, published, and seen at once."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import written
from tests.browser.test_designer import drag
from tests.support.browser import OpenContext, Watched, leave_list
from tests.support.reach import barriers

pytestmark = pytest.mark.browser
LOAN = {
    "name": "loan", "title": "借用", "label": "what", "fields": [{"name": "what", "type": "text", "title": "物品"}],
    "permissions": [{"role": "administrator", "can": ["create", "read", "edit"]}],
}  # fmt: skip
FILES = {
    "app.json": {"name": "loans", "title": "设备借用", "languages": ["zh-CN"], "zone": "Asia/Shanghai"},
    "forms/loan.json": LOAN,
    "seed/people.json": {"users": [{"login": "mei", "name": "梅婷", "roles": ["administrator"]}]},
}


@pytest.mark.requirement("SP01", "SP02", "SP07")
def test_an_app_is_designed_as_a_whole(browser_context: OpenContext, watched: Watched, tmp_path: Path) -> None:
    """A role with a name of its own, a menu that takes what is dragged into it, the roles that see it, a first page;
    what is wrong is said where it is; published, the menu stands beside the page."""
    watched.forgive("401 (Unauthorized)")
    with written(FILES, tmp_path) as (host, address):
        page = browser_context(locale="zh-CN", viewport={"width": 1440, "height": 900}).new_page()
        assert page.context.request.post(f"{address}api/session", data={"login": "mei"}).ok
        page.goto(f"{address}#/app")
        canvas = page.locator(".lc-app-menus")
        expect(canvas).to_contain_text("还没有菜单")
        page.locator("[data-thing=menu]").click()
        inside = page.get_by_role("region", name="菜单分组")
        inside.get_by_label("名称").fill("台账")
        drag(page, page.locator('[data-thing="form:loan"]'), canvas.locator('[data-gap="/menus/0/items#0"]'))
        expect(canvas.locator('[data-block="/menus/0/items/0"]')).to_contain_text("借用")
        parts = page.get_by_role("navigation", name="应用的各个部分")
        parts.get_by_text("角色", exact=True).click()
        expect(page).to_have_url(f"{address}#/app/roles")
        page.get_by_role("button", name="新增角色").click()
        roles = page.get_by_role("region", name="角色")
        roles.get_by_label("名称").fill("保管员")
        roles.get_by_label("标识").fill("Keeper")
        parts.get_by_text("首页", exact=True).click()
        page.get_by_role("button", name="新增首页").click()
        first = page.get_by_role("region", name="首页")
        first.get_by_role("combobox", name="哪些角色").click()
        page.get_by_title("保管员", exact=True).click()
        leave_list(page)
        expect(first).to_contain_text("保管员: 借用")
        page.go_back()
        expect(roles.get_by_role("button", name="› 保管员")).to_be_visible()
        page.go_forward()
        expect(first).to_contain_text("保管员: 借用")
        assert barriers(page) == []
        page.get_by_role("button", name="发布", exact=True).click()
        plan = page.get_by_role("dialog")
        expect(plan).to_contain_text("保管员")
        plan.get_by_role("button", name="发布", exact=True).click()
        expect(
            page.get_by_role("complementary")
            .filter(has_text="台账")
            .or_(page.get_by_role("navigation").filter(has_text="台账"))
            .first
        ).to_be_visible()
        expect(page.locator(".lc-design-bar").get_by_role("status")).to_contain_text("与已发布的相同")
        kept = host.app.documents.app.data
        assert [{"name": "keeper", "title": "保管员"}] == kept["roles"]
        assert [{"title": "台账", "items": [{"form": "loan"}]}] == kept["menus"]
        assert [{"form": "loan", "roles": ["keeper"]}] == kept["home"]
