"""The page of all designers: what there is, what somebody began, and any document by its name."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import SignIn


@pytest.mark.requirement("SF04", "X11")
def test_a_draft_is_found_again_from_the_page_of_all_designers(page: Page, sign_in: SignIn) -> None:
    """By two keys to the page, by a name to a rule; what is begun there stands on top until it is discarded."""
    sign_in(page, "吴晓峰", "#/tasks")
    expect(page.locator("#content h1")).to_have_text("待办")
    page.keyboard.press("g")
    page.keyboard.press("d")
    expect(page.get_by_role("link", name="表单 22")).to_be_visible()
    assert page.get_by_role("heading", name="尚未发布").count() == 0
    page.get_by_label("按名称查找").fill("流失风险")
    page.get_by_role("link", name="成交客户有流失风险", exact=True).click()
    title = page.get_by_label("标题").first
    title.fill("客户有流失风险")
    page.get_by_role("link", name="规则", exact=True).click()
    page.get_by_role("link", name="设计", exact=True).click()
    begun = page.get_by_role("region", name="尚未发布")
    begun.get_by_role("link", name="成交客户有流失风险").click()
    page.get_by_role("button", name="放弃草稿").click()
    page.locator(".ant-popconfirm").get_by_role("button", name="放弃草稿").click()
    page.get_by_role("link", name="规则", exact=True).click()
    page.get_by_role("link", name="设计", exact=True).click()
    expect(page.get_by_role("link", name="规则 55")).to_be_visible()
    expect(begun).to_have_count(0)
