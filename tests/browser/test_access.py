"""Keys of programs, what was refused and second factors, as administrators and others see them."""

from __future__ import annotations

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect

from lowcode.host import Host
from tests.browser.conftest import SignIn
from tests.support.browser import fits, still


def choose(page: Page, drawer: Locator, label: str, option: str) -> None:
    """One option of a list."""
    drawer.get_by_label(label, exact=True).last.click()
    page.locator(f'.ant-select-dropdown:visible .ant-select-item-option[title="{option}"]').click()


@pytest.mark.requirement("A8", "A9", "A10", "X24")
@pytest.mark.parametrize("narrow", [False, True])
def test_a_key(page: Page, phone: Page, sign_in: SignIn, address: str, demo: Host, narrow: bool) -> None:
    """Made for one form and its good records, shown once, used by a program, its uses looked at, revoked."""
    view = phone if narrow else page
    sign_in(view, "林雪梅", "#/access")
    view.get_by_role("button", name="新建密钥").click()
    drawer = view.get_by_role("dialog")
    name = f"官网对接{narrow}"
    drawer.get_by_role("button", name="生成密钥").click()
    expect(drawer.get_by_role("alert")).to_contain_text("请填写名称")
    drawer.get_by_label("名称").fill(name)
    choose(view, drawer, "表单", "客户")
    drawer.get_by_placeholder("仅限满足条件的记录").fill('grade = "A"')
    assert fits(still(view))
    drawer.get_by_role("button", name="生成密钥").click()
    key = drawer.locator(".lc-key-shown").inner_text().strip()
    assert key.startswith("lc_")
    assert fits(still(view))
    drawer.get_by_role("button", name="我已保存").click()
    headers = {"authorization": f"Bearer {key}"}
    found = httpx.get(f"{address}api/records/account?fields=grade", headers=headers).json()["items"]
    assert found and {each["grade"] for each in found} == {"A"}
    assert 403 == httpx.post(f"{address}api/records/account", headers=headers, json={}).status_code
    row = view.locator(".lc-keys li", has_text=name)
    expect(row).to_contain_text("有效")
    row.get_by_role("button", name="使用记录").click()
    expect(view.locator(".lc-log li")).to_have_count(2)
    view.get_by_role("dialog").get_by_role("button", name="Close").or_(view.locator(".ant-drawer-close")).first.click()
    row.get_by_role("button", name="吊销").click()
    view.locator(".ant-modal-confirm").get_by_role("button", name="吊销").click()
    expect(row).to_contain_text("已吊销")
    assert 401 == httpx.get(f"{address}api/records/account", headers=headers).status_code
    assert fits(still(view))


def test_others_see_keys_only(page: Page, sign_in: SignIn) -> None:
    """What was refused is for administrators."""
    sign_in(page, "林雪梅", "#/access/refusals")
    expect(page.get_by_role("region", name="API 密钥")).to_be_visible()
    expect(page.get_by_text("拒绝记录")).to_have_count(0)


def administrator(demo: Host) -> str:
    """The name of somebody who is one."""
    return next(each.name for each in demo.directory().users.values() if "administrator" in each.roles)


@pytest.mark.parametrize("narrow", [False, True])
def test_the_list_of_refusals(page: Page, phone: Page, sign_in: SignIn, address: str, demo: Host, narrow: bool) -> None:
    """By reason and person; nothing stands out to the side."""
    view = phone if narrow else page
    httpx.get(f"{address}api/records/lead", headers={"authorization": "Bearer lc_made_up"})
    httpx.post(f"{address}api/session", json={"login": "li.na", "password": "guessed"})
    sign_in(view, administrator(demo), "#/access/refusals")
    rows = view.locator(".lc-log li")
    expect(rows.filter(has_text="api.bad-key").first).to_contain_text("未登录")
    expect(rows.filter(has_text="identity.wrong-password").first).to_contain_text("李娜")
    assert fits(still(view))
    view.get_by_label("人员", exact=True).click()
    view.locator(".ant-select-dropdown:visible .ant-select-item-option", has_text="李娜").first.click()
    expect(rows.filter(has_text="api.bad-key")).to_have_count(0)
    expect(rows.filter(has_text="identity.wrong-password").first).to_be_visible()
