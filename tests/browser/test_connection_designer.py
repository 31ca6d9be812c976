"""The designer of connections in the browser: a kind is chosen, what it needs is filled in, mistakes are said there."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import SignIn
from tests.support.browser import fits, still
from tests.support.reach import barriers

pytestmark = pytest.mark.browser
ADMINISTRATOR = "吴晓峰"


def begun(view: Page, kind: str, title: str, name: str) -> None:
    """A new connection of a kind, by keyboard."""
    view.get_by_role("button", name=kind).focus()
    view.keyboard.press("Enter")
    asked = view.get_by_role("dialog")
    asked.get_by_label("名称", exact=True).fill(title)
    asked.get_by_label("标识（小写字母、数字、下划线）").fill(name)
    view.keyboard.press("Enter")
    expect(view.get_by_role("heading", name=title)).to_be_visible()


def plan(view: Page) -> None:
    """What publishing would do is looked at, and left."""
    expect(view.get_by_role("button", name="没有问题")).to_be_visible()
    view.get_by_role("button", name="发布", exact=True).click()
    asked = view.get_by_role("dialog")
    expect(asked.get_by_role("button", name="发布")).to_be_enabled()
    asked.get_by_role("button", name="取消").click()
    expect(asked).to_have_count(0)


@pytest.mark.requirement("SP01", "A7", "X8")
def test_a_robot_is_connected_without_json(page: Page, sign_in: SignIn) -> None:
    """From the list of connections to one that could be published: the secret by its name, what is wrong at its field,
    one step undone; a test waits until it is published."""
    sign_in(page, ADMINISTRATOR, "#/connections")
    page.get_by_role("link", name="新增连接").click()
    expect(page.get_by_role("button", name="OpenAPI 接口")).to_be_visible()
    assert barriers(page) == []
    begun(page, "企业微信群机器人", "服务群", "service_group")
    desk = page.locator(".lc-connection-desk")
    secret = desk.get_by_label("地址：密钥名称")
    secret.fill("low code")
    expect(secret).to_have_value("LOW_CODE")
    expect(desk).to_contain_text("LOWCODE_SECRET_LOW_CODE")
    desk.get_by_text("直接填写").first.click()
    desk.get_by_label("地址：值").fill("ftp://somewhere")
    expect(desk.locator("[data-option=url] .lc-design-wrong")).to_be_visible()
    desk.get_by_label("地址：值").fill("https://example.com/robot")
    expect(page.get_by_role("button", name="测试", exact=True)).to_be_disabled()
    assert barriers(page) == []
    plan(page)
    desk.get_by_label("密钥", exact=True).fill("service")
    expect(desk).to_contain_text("LOWCODE_SECRET_SERVICE")
    page.keyboard.press("Control+z")
    expect(desk.get_by_label("密钥", exact=True)).to_have_value("")


@pytest.mark.requirement("SP01", "A8")
def test_a_webhook_is_changed_on_a_phone(phone: Page, sign_in: SignIn) -> None:
    """From the connection itself: what is sent gets another part, which begins with the field of that name; an
    expression that names nothing is said at its place."""
    sign_in(phone, ADMINISTRATOR, "#/connections")
    phone.get_by_role("link", name="修改 合同签订通知 ERP").click()
    desk = phone.locator(".lc-connection-desk")
    expect(desk.get_by_label("名称 (zh-CN)")).to_have_value("合同签订通知 ERP")
    assert fits(still(phone))
    added = desk.get_by_label("发送内容的名称", exact=True)
    added.fill("stage")
    desk.get_by_role("button", name="添加发送内容", exact=True).click()
    stage = desk.get_by_label("stage", exact=True)
    expect(stage).to_have_value("stage")
    stage.fill("stagee")
    expect(desk.locator(".lc-design-wrong")).to_contain_text("stagee")
    stage.fill("stage")
    plan(phone)
    assert fits(still(phone))
