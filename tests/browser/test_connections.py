"""What the app is connected with, as its administrator looks after it."""

from __future__ import annotations

import httpx
import pytest
from playwright.sync_api import Page, expect

from lowcode.host import Host
from tests.browser.conftest import SignIn
from tests.support.browser import fits, still

pytestmark = pytest.mark.browser


@pytest.mark.requirement("A7", "A8", "A12")
@pytest.mark.parametrize("narrow", [False, True])
def test_a_connection_is_tried_and_its_dead_are_sent_again(
    page: Page, phone: Page, sign_in: SignIn, demo: Host, narrow: bool
) -> None:
    """A secret is missing: the page names it and says where to put it, so does the test; what could not be sent stands
    in the log, is read whole after a question, and is sent again."""
    view = phone if narrow else page
    with demo.session() as app:
        number = app.ask("api.send", name="sales_group", body={"title": "喜报", "text": f"签约 {narrow}"})
    demo.settle()
    sign_in(view, "吴晓峰", "#/connections")
    card = view.get_by_role("article", name="销售群（钉钉机器人）")
    expect(card).to_contain_text("LOWCODE_SECRET_DINGTALK_SALES_KEY")
    expect(card.get_by_role("link", name="喜报发到销售群")).to_have_attribute(
        "href", "#/automation/rules?rule=opportunity_won_group"
    )
    assert fits(still(view))
    card.get_by_role("button", name="测试").click()
    asked = view.get_by_role("dialog")
    expect(asked).to_contain_text("将向群里发送一条测试消息")
    asked.get_by_role("button", name="立即测试").click()
    expect(asked.get_by_role("alert")).to_contain_text("请设置 LOWCODE_SECRET_DINGTALK_SALES_URL")
    expect(asked.get_by_role("alert")).to_contain_text("如何处理")
    assert fits(still(view))
    asked.get_by_role("button", name="关 闭").or_(asked.get_by_role("button", name="关闭")).last.click()
    expect(asked).to_have_count(0)
    card.get_by_role("link", name="未送达").click()
    row = view.locator(".lc-connection-log li").first
    expect(row).to_contain_text("请设置 LOWCODE_SECRET_DINGTALK_SALES_URL")
    expect(row).not_to_contain_text("签约")
    row.get_by_role("button", name="查看内容").click()
    view.locator(".ant-modal-confirm").get_by_role("button", name="查看内容").click()
    expect(row.locator("pre")).to_contain_text(f"签约 {narrow}")
    assert fits(still(view))
    row.get_by_role("button", name="重新发送").click()
    expect(view.get_by_text("将重新发送")).to_be_visible()
    assert 1 == demo.ask(demo.actor("wu.xiaofeng"), "api.delivery", id=number)["replays"]


@pytest.mark.requirement("A8", "A9")
def test_a_refused_request_is_taken_in_again(page: Page, sign_in: SignIn, demo: Host, address: str) -> None:
    """Ways in with their limits; what was refused says why, and is taken in once more."""
    key = demo.ask(demo.actor("wu.xiaofeng"), "api.create_key", name="site", scopes=["intake:website_leads"])["key"]
    headers = {"authorization": f"Bearer {key}"}
    refused = httpx.post(f"{address}api/intake/website_leads", json={"company": "海"}, headers=headers)
    assert 422 == refused.status_code
    sign_in(page, "吴晓峰", "#/connections/in")
    card = page.get_by_role("article", name="官网留言")
    expect(card).to_contain_text("intake:website_leads")
    expect(page.get_by_role("article", name="网站行为采集")).to_contain_text("合计每分钟")
    card.get_by_role("link", name="条被拒绝").click()
    row = page.locator(".lc-connection-log li").first
    expect(row).to_contain_text("/name")
    row.get_by_role("button", name="重新处理").click()
    expect(page.get_by_text("仍被拒绝")).to_be_visible()
    expect(row).to_contain_text("已重放 1 次")


def test_others_are_told_that_it_is_not_for_them(page: Page, sign_in: SignIn) -> None:
    """Nothing of it is asked for."""
    sign_in(page, "李娜", "#/connections")
    expect(page.get_by_role("heading", level=1)).to_have_text("没有权限")
