"""The designers of message templates and pools in the browser: what is written is read with a real record, and what a
pool would mean is shown before it is published."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from lowcode.host import Host
from tests.browser.conftest import Picture, SignIn, running
from tests.support.browser import PHONE, OpenContext, fits
from tests.support.reach import barriers
from tests.support.standing import Standing

ADMINISTRATOR = "吴晓峰"


@pytest.fixture
def crm(
    standing: Standing, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Host, str]:
    """The demo whose score cards are designed: what is published here is taken back."""
    return standing.take(request, "scores", lambda: running(tmp_path_factory.mktemp("scores")))


def publish(page: Page) -> None:
    """What is on the desk, after a look at the plan."""
    page.get_by_role("button", name="发布", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="发布").click()
    expect(page.get_by_text("与已发布的相同")).to_be_visible()


@pytest.mark.requirement("ST05", "ST06")
def test_a_template_is_written_read_and_published(page: Page, sign_in: SignIn, picture: Picture) -> None:
    """A new template is nobody's before it is published; a mistake is said at its place, it reads in both languages
    with a record of the form, and other words for some records are taken where their condition holds."""
    sign_in(page, ADMINISTRATOR, "#/messages")
    expect(page.get_by_text("发送者：").first).to_be_visible()
    page.get_by_role("button", name="新建消息模板").click()
    asked = page.get_by_role("dialog")
    asked.get_by_label("模板名称").fill("Visit announced")
    asked.get_by_label("针对哪个表单").click()
    page.locator(".ant-select-item-option", has_text="联系人").first.click()
    asked.get_by_role("button", name="开始设计").click()
    desk = page.locator(".lc-connection-desk")
    desk.get_by_label("主题", exact=True).fill("{{ name }}，您好")
    desk.get_by_label("内容", exact=True).fill("{{ nam }}")
    expect(desk.locator(".lc-design-wrong").first).to_contain_text("nam")
    expect(page.get_by_role("button", name="发布", exact=True)).to_be_disabled()
    desk.get_by_label("内容", exact=True).fill("明天上门拜访 {{ account.name }}。")
    desk.get_by_role("button", name="添加一种").click()
    other = desk.get_by_role("group", name="按条件的内容 1")
    other.get_by_label("内容", exact=True).fill("期待与 {{ name }} 见面。")
    other.get_by_role("button", name="添加条件").first.click()
    expect(other.get_by_text("不为空")).to_be_visible()
    desk.get_by_role("combobox", name="联系人").last.click()
    page.locator(".ant-select-dropdown:visible .ant-select-item-option").first.click()
    told = desk.get_by_role("status")
    expect(told).to_contain_text("按条件的内容 1")
    expect(told.get_by_role("article")).to_have_count(2)
    expect(told.get_by_role("article", name="中文")).to_contain_text("见面。")
    desk.get_by_text("短信", exact=True).click()
    expect(told.get_by_role("article", name="中文")).to_contain_text("按 1 条计费")
    assert barriers(page) == []
    picture(page, "message-designer")
    publish(page)
    page.get_by_role("link", name="消息模板", exact=True).click()
    expect(page.get_by_role("link", name="设计 Visit announced")).to_be_visible()


@pytest.mark.requirement("R23", "X8")
def test_a_pool_is_changed_on_a_phone(
    browser_context: OpenContext, sign_in: SignIn, demo: Host, picture: Picture
) -> None:
    """In English: what would go back and what somebody may still claim follows the limits on the desk, an action of a
    way back is opened, and undoing brings the limit back."""
    phone = browser_context(viewport=PHONE, has_touch=True, is_mobile=True, locale="en-US").new_page()
    page = sign_in(phone, ADMINISTRATOR, "#/pools/design/lead_pool")
    desk = page.locator(".lc-connection-desk")
    expect(page.locator("h1")).to_have_text("Lead pool")
    expect(desk).not_to_contain_text(".json")
    tried = desk.get_by_role("group", name="What it would mean")
    expect(tried.get_by_role("status").first).to_contain_text("lie in it")
    tried.get_by_label("What somebody may still claim").click()
    page.locator(".ant-select-dropdown:visible .ant-select-item-option", has_text="李娜").click()
    expect(tried.get_by_role("status").last).to_contain_text("May claim")
    desk.get_by_label("Held at the same time at most").fill("0")
    expect(tried.get_by_role("status").last).to_contain_text("Holds as many as there may be")
    assert fits(page)
    assert [] == barriers(page)
    picture(page, "pool-designer-phone")
    back = desk.get_by_role("group", name="Back to the pool after 7 days without follow-up")
    back.get_by_role("button", name="Notify people").first.click()
    expect(back.get_by_label("Title", exact=False).last).to_be_visible()
    page.get_by_role("button", name="Undo", exact=True).click()
    expect(tried.get_by_role("status").last).to_contain_text("May claim")
    page.evaluate("location.hash = '#/pools/design'")
    expect(page.get_by_role("link", name="Design Lead pool")).to_be_visible()
    assert fits(page)
